"""Telephone numbers, short codes and sender names: one written form for each.

What the digits of other scripts, brackets, a ``tel:`` or a leading 00 stand for is decided here and nowhere else, so
that a number is the same at the moment it opts out and at the moment something is sent to it. The international forms
never depend on whether the ``phone`` extra is installed; only the national form with a country does.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from switchroom.errors import InvalidInput
from switchroom.messaging.calling_codes import calling_code

MAX_WRITTEN = 64
"""Characters of a number as people write it. The longest real one, with brackets and a prefix, has about 30."""

WITHHELD = "anonymous"
"""The one value of a caller who is not known."""

_LONG = re.compile(r"\+[1-9][0-9]{6,14}")
_E164 = re.compile(r"\+(?:1[0-9]{10}|[2-9][0-9]{6,14})")
_SHORT = re.compile(r"[0-9]{3,8}")
_NAME = re.compile(r"(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9 &._-]{3,11}")
_SCHEME = re.compile(r"(?:tel|sms|whatsapp):", re.IGNORECASE)
_TRUNK_ZERO = re.compile(r"(?<=\d)[ \xa0]*\(0\)")
_SEPARATORS = re.compile(r"[ \xa0\u2000-\u200a\u202f\u2010-\u2015\u2212()./-]")
_UNKNOWN_CALLERS = ("anonymous", "restricted", "private", "blocked", "unknown", "unavailable", "withheld")
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")


@cache
def _withheld_forms() -> frozenset[str]:
    """Words and, as some carriers hand them over, the digits that spell the words on a keypad."""
    spelled = {"+" + word.translate(_KEYPAD) for word in _UNKNOWN_CALLERS}
    return frozenset({"", "no caller id", "number withheld", "private number", *_UNKNOWN_CALLERS, *spelled})


def is_withheld(text: str) -> bool:
    """Whether a caller id says that there is none: empty, ``anonymous``, ``restricted`` and their like."""
    return text.strip().casefold() in _withheld_forms()


def phone_value(text: str, *, country: str | None = None) -> str:
    """The one form of a number, short code, sender name or withheld caller id.

    A number becomes ``+`` and 7 to 15 digits (E.164). It must carry its country code, by ``+`` or ``00``; a national
    form needs ``country`` (ISO 3166) and, but for North America, the ``phone`` extra. 3 to 8 bare digits are a short
    code, never a number; 3 to 11 ASCII letters, digits, spaces and ``&._-`` with at least one letter a sender name.

    Raises `InvalidInput` with the code ``too_long``, ``control``, ``not_a_number``, ``no_country`` or ``length``.

    >>> phone_value("tel:+1 (555) 123-4567"), phone_value("0044 20 7946 0000"), phone_value("12345")
    ('+15551234567', '+442079460000', '12345')
    """
    if _E164.fullmatch(text) is not None and not is_withheld(text):
        return text  # by far the most frequent: what is in its form already
    if len(text) > MAX_WRITTEN:
        raise InvalidInput("address", "too_long", text, hint=f"at most {MAX_WRITTEN} characters")
    plain = _plain(text)
    if is_withheld(plain):
        return WITHHELD
    if country is None and _SHORT.fullmatch(plain) is not None:
        return plain
    if _NAME.fullmatch(plain) is not None:
        return plain
    return _long(_TRUNK_ZERO.sub("", plain), text, country)


def _plain(text: str) -> str:
    """Trimmed, digits in ASCII, without scheme and invisible characters. Superscripts are no digits and stay."""
    trimmed = text.strip()
    if any(unicodedata.category(c) == "Cc" for c in trimmed):
        raise InvalidInput("address", "control", text, hint="a number holds no control characters")
    seen = "".join(_ascii(c) for c in trimmed if unicodedata.category(c) != "Cf")
    return _SCHEME.sub("", seen, count=1).strip() if _SCHEME.match(seen) else seen


def _ascii(character: str) -> str:
    if character == "\uff0b":
        return "+"
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _long(plain: str, text: str, country: str | None) -> str:
    digits = _SEPARATORS.sub("", plain)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if re.fullmatch(r"\+?[0-9]+", digits) is None:
        raise InvalidInput("address", "not_a_number", text, hint="neither a telephone number nor a sender name")
    if not digits.startswith("+"):
        digits = _international(digits, text, country)
    _check_length(digits, text)
    return digits


def _check_length(number: str, text: str) -> None:
    if _LONG.fullmatch(number) is None:
        raise InvalidInput("address", "length", text, hint="a number is a country code and, in all, 7 to 15 digits")
    if number.startswith("+1") and len(number) != 12:
        raise InvalidInput("address", "length", text, hint="a number of country code 1 has ten more digits")


def _international(digits: str, text: str, country: str | None) -> str:
    if country is None:
        raise InvalidInput("address", "no_country", text, hint="a number needs its country code, as in +15551234567")
    if country in {"US", "CA"}:
        return "+1" + digits.removeprefix("1")
    return _parsed(digits, text, country)


def _parsed(digits: str, text: str, country: str) -> str:
    try:
        import phonenumbers
    except ImportError:
        raise ImportError(
            f'numbers in the national form of {country} need the extra: pip install "switchroom[phone]"'
        ) from None
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        raise InvalidInput("address", "not_a_number", text, hint=f"no telephone number of {country}") from None
    if not phonenumbers.is_possible_number(number):
        raise InvalidInput("address", "length", text, hint=f"no possible telephone number of {country}")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def masked_phone(value: str) -> str:
    """A number with its country code and last two digits only; short codes and names are public and stay."""
    if not value.startswith("+"):
        return value
    return f"+{calling_code(value)}…{value[-2:]}"
