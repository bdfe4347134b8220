"""Instants and durations at the border: what is handy to write comes in, one exact type goes on.

Inside, an instant is an integer: microseconds since 1970-01-01T00:00Z. Integers compare and subtract in UTC only, so
the traps of zone-aware arithmetic (24 h between two wall times 23 h apart) cannot be reached from there. Nothing here
reads a clock.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from switchroom.errors import InvalidInput

Micros: TypeAlias = int
"""Microseconds: since `EPOCH` for an instant, or the length of a duration."""

InstantLike: TypeAlias = datetime | str
"""A timezone-aware datetime, or the text of one: ``"2026-01-05T12:00:00Z"``."""

DurationLike: TypeAlias = str | int | float | timedelta
"""``"1h30m"``, a number of seconds, or a timedelta."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_MICROS: Micros = 946_684_800_000_000
"""2000-01-01T00:00Z, the first instant taken. Older ones are mistakes here: unset fields, two-digit years, 1970."""
END_MICROS: Micros = 4_133_980_800_000_000
"""2101-01-01T00:00Z, the first instant refused: later ones are overflowing units (milliseconds read as seconds)."""
MAX_DURATION = timedelta(days=36_525)
"""The longest duration taken: 100 years of 365.25 days, about the length of the range of instants."""

_MILLISECOND = 1_000
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_MAX_SECONDS = MAX_DURATION.days * 86_400
_UNITS = {"d": _DAY, "h": _HOUR, "m": _MINUTE, "s": _SECOND, "ms": _MILLISECOND, "us": 1}

# The digits are bounded so that no text can make a huge integer; ASCII so that other scripts' digits are refused.
_DURATION = re.compile("(-?)" + "".join(rf"(?:(\d{{1,12}}(?:\.\d{{1,9}})?){unit})?" for unit in _UNITS), re.ASCII)
# datetime.fromisoformat alone also takes week dates and dates without dashes, and from Python 3.13 on hour 24.
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(?:\.\d{1,6})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?",
    re.ASCII,
)


def to_micros(value: InstantLike, *, field: str = "at") -> Micros:
    """The instant as microseconds since `EPOCH`.

    Takes a timezone-aware datetime of any zone, or text with date, time to the second (at most six more digits) and
    offset: ``2026-01-05T12:00:00Z``, ``2026-01-05T07:00:00.25-05:00``.

    Raises `InvalidInput` with the code ``type``, ``naive`` (no offset), ``syntax``, ``leap_second`` (second 60),
    ``no_such_date`` or ``range`` (outside the years 2000 to 2100).

    >>> to_micros("2026-01-05T12:00:00Z")
    1767614400000000
    """
    return _instant_micros(value, field)


def _instant_micros(value: object, field: str) -> Micros:
    if isinstance(value, str):
        value = _parse_instant(value, field)
    if not isinstance(value, datetime):
        raise InvalidInput(field, "type", value, hint="an instant is an aware datetime or ISO text with an offset")
    if value.utcoffset() is None:
        raise InvalidInput(field, "naive", value, hint="an instant needs a UTC offset")
    # EPOCH is in UTC, so this is exact: Python ignores offsets only when both sides share one zone object.
    micros = span_micros(value - EPOCH)
    if not FIRST_MICROS <= micros < END_MICROS:
        raise InvalidInput(field, "range", value, hint="an instant lies in the years 2000 to 2100")
    return micros


def _parse_instant(text: str, field: str) -> datetime:
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise InvalidInput(field, "syntax", text, hint="an instant looks like 2026-01-05T12:00:00Z")
    if match[1] == "60":
        raise InvalidInput(field, "leap_second", text, hint="second 60 cannot be told from the next second 00")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(field, "no_such_date", text, hint="no such date") from None


def from_micros(micros: Micros) -> datetime:
    """The instant as a datetime in UTC; the inverse of `to_micros`, with the same range."""
    if not FIRST_MICROS <= micros < END_MICROS:
        raise InvalidInput("micros", "range", micros, hint="an instant lies in the years 2000 to 2100")
    return EPOCH + timedelta(microseconds=micros)


def instant(value: InstantLike, *, field: str = "at") -> datetime:
    """The instant as a datetime in UTC; takes and refuses what `to_micros` does."""
    return from_micros(to_micros(value, field=field))


def format_instant(value: InstantLike) -> str:
    """The instant as text in UTC, ``2026-01-05T12:00:00Z``, with six more digits where it is not a whole second."""
    return instant(value, field="value").isoformat().replace("+00:00", "Z")


def duration(value: DurationLike, *, field: str, allow_negative: bool = False) -> timedelta:
    """The duration as a timedelta.

    Takes a timedelta, a number of seconds, or text: numbers with the units ``d h m s ms us``, largest first, each at
    most once: ``"30s"``, ``"1h30m"``, ``"1.5s"``, ``"250ms"``; text without a unit is refused, a day is 24 hours.
    Parts of a microsecond are rounded.

    Raises `InvalidInput` with the code ``type`` (booleans too), ``syntax``, ``not_finite``, ``negative`` (unless
    allowed) or ``range`` (longer than `MAX_DURATION`).

    >>> duration("1h30m", field="wait")
    datetime.timedelta(seconds=5400)
    """
    return timedelta(microseconds=duration_micros(value, field=field, allow_negative=allow_negative))


def duration_micros(value: DurationLike, *, field: str, allow_negative: bool = False) -> Micros:
    """The duration in microseconds; takes and refuses what `duration` does."""
    micros = _any_micros(value, field)
    if micros < 0 and not allow_negative:
        raise InvalidInput(field, "negative", value, hint="a duration is not negative")
    if abs(micros) > _MAX_SECONDS * _SECOND:
        raise _too_long(field, value)
    return micros


def _any_micros(value: object, field: str) -> Micros:
    if isinstance(value, timedelta):
        return span_micros(value)
    if isinstance(value, str):
        return _text_micros(value, field)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _seconds_micros(value, field)
    raise InvalidInput(field, "type", value, hint='a duration is text like "30s", a number of seconds or a timedelta')


def _seconds_micros(value: int | float, field: str) -> Micros:
    # The bounds come before any arithmetic: an int may be too large to become a float.
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidInput(field, "not_finite", value, hint="a duration is a finite number")
    if abs(value) > _MAX_SECONDS:
        raise _too_long(field, value)
    return round(value * _SECOND)


def _text_micros(text: str, field: str) -> Micros:
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        raise InvalidInput(field, "syntax", text, hint='a duration is text like "30s", "1h30m" or "250ms"')
    sign, *parts = match.groups()
    total = sum(_part_micros(part, unit) for part, unit in zip(parts, _UNITS.values(), strict=True) if part)
    return -total if sign else total


def _part_micros(number: str, unit: Micros) -> Micros:
    # Integers all the way: 0.1 has no exact float, and printed durations have to parse back to the microsecond.
    whole, _, fraction = number.partition(".")
    scale: int = 10 ** len(fraction)
    return (2 * int(whole + fraction) * unit + scale) // (2 * scale)


def _too_long(field: str, value: object) -> InvalidInput:
    return InvalidInput(field, "range", value, hint="a duration is at most 100 years")


def span_micros(span: timedelta) -> Micros:
    """The timedelta in microseconds, exactly (``total_seconds()`` is a float and is not)."""
    return (span.days * 86_400 + span.seconds) * _SECOND + span.microseconds


def format_duration(value: timedelta) -> str:
    """The shortest text that `duration` reads back as the same timedelta.

    >>> format_duration(timedelta(seconds=5400)), format_duration(timedelta(milliseconds=1500))
    ('1h30m', '1.5s')
    """
    micros = span_micros(value)
    sign, rest = ("-", -micros) if micros < 0 else ("", micros)
    text = ""
    for name, unit in (("d", _DAY), ("h", _HOUR), ("m", _MINUTE)):
        count, rest = divmod(rest, unit)
        text += f"{count}{name}" if count else ""
    return sign + (text + _format_seconds(rest) or "0s")


def _format_seconds(micros: Micros) -> str:
    seconds, fraction = divmod(micros, _SECOND)
    if not fraction:
        return f"{seconds}s" if seconds else ""
    if not seconds and fraction % _MILLISECOND == 0:
        return f"{fraction // _MILLISECOND}ms"
    return f"{seconds}.{fraction:06}".rstrip("0") + "s"
