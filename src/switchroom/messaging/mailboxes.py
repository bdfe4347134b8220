"""E-mail addresses: one written form for each.

The domain is compared without case and is held in its ASCII form, the local part is kept as it is, because only its
own server knows what it means. Sources: RFC 5321 (lengths, quoted local parts), RFC 6532 (other scripts), RFC 5891.
"""

from __future__ import annotations

import re
import unicodedata

from switchroom.errors import InvalidInput

MAX_MAILBOX = 254
"""Octets of an address that SMTP carries (RFC 5321, 4.5.3.1.3, less the brackets)."""

MAX_LOCAL_PART = 64
"""Octets of the part before the at sign (RFC 5321, 4.5.3.1.1)."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_DOTTED = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_AMBIGUOUS = frozenset("ßς\u200c\u200d")
"""Letters that the old and the new standard for domain names map to different domains: mail would go astray."""


def mailbox_value(text: str) -> str:
    """The one form of an e-mail address: local part as given, domain in lower case ASCII without a final dot.

    Raises `InvalidInput` with the code ``too_long``, ``control`` (line breaks too: they would start new headers),
    ``syntax``, ``local_part`` or ``domain``.

    >>> mailbox_value("user+tag@EXAMPLE.com."), mailbox_value("u@bücher.example")
    ('user+tag@example.com', 'u@xn--bcher-kva.example')
    """
    trimmed = text.strip(" \t")
    if len(trimmed) > MAX_MAILBOX:
        raise InvalidInput("address", "too_long", text, hint=f"an e-mail address has at most {MAX_MAILBOX} octets")
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in trimmed):
        raise InvalidInput("address", "control", text, hint="an e-mail address holds no control characters")
    local, at, domain = trimmed.rpartition("@")
    if not at:
        raise InvalidInput("address", "syntax", text, hint="an e-mail address has an at sign")
    value = f"{_local_part(local, text)}@{_domain(domain, text)}"
    if len(value.encode()) > MAX_MAILBOX:
        raise InvalidInput("address", "too_long", text, hint=f"an e-mail address has at most {MAX_MAILBOX} octets")
    return value


def _local_part(local: str, text: str) -> str:
    composed = unicodedata.normalize("NFC", local)
    if "=?" in composed:
        # An encoded word: mail software decodes it into another address than the one that was checked here.
        raise InvalidInput("address", "local_part", text, hint="no encoded words before the at sign")
    if _QUOTED.fullmatch(composed) is not None:
        # Quotes that nothing inside needs do not make another mailbox (RFC 5321, 4.1.2).
        bare = composed[1:-1]
        composed = bare if _DOTTED.fullmatch(bare) is not None else composed
    elif _DOTTED.fullmatch(composed) is None or any(c.isspace() for c in composed):
        raise InvalidInput("address", "local_part", text, hint="the part before the at sign is not well formed")
    if not 0 < len(composed.encode()) <= MAX_LOCAL_PART:
        raise InvalidInput("address", "local_part", text, hint=f"at most {MAX_LOCAL_PART} octets before the at sign")
    return composed


def _domain(domain: str, text: str) -> str:
    ascii_form = domain.lower() if domain.isascii() else _to_ascii(domain, text)
    labels = ascii_form.removesuffix(".").split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidInput("address", "domain", text, hint="the domain is not well formed")
    return ".".join(labels)


def _to_ascii(domain: str, text: str) -> str:
    if _AMBIGUOUS & set(domain):
        raise InvalidInput("address", "domain", text, hint="write this domain in its xn-- form: it has two meanings")
    try:
        return domain.casefold().encode("idna").decode("ascii")
    except UnicodeError:
        raise InvalidInput("address", "domain", text, hint="the domain is not well formed") from None


def masked_mailbox(value: str) -> str:
    """The first letter of the local part, if it has more, and the domain."""
    local, _, domain = value.rpartition("@")
    return f"{local[0] if len(local) > 1 else ''}…@{domain}"
