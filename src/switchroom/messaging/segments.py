"""How many parts a text message is sent in, and so what it costs.

Sources: 3GPP TS 23.038 (the GSM 7-bit alphabet and its extension table) and 3GPP TS 23.040 (concatenation). A part of
several loses seven septets, or three UCS-2 units, to the header that joins them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import attrs

from switchroom.errors import InvalidInput

GSM7_ALONE, GSM7_JOINED = 160, 153
UCS2_ALONE, UCS2_JOINED = 70, 67

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_LAST_BASIC_PLANE = "\uffff"


class Encoding(StrEnum):
    """How the characters of a text message travel."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


@attrs.frozen
class SegmentCount:
    """The size of a text message.

    ``units``: septets in GSM-7, 16-bit units in UCS-2. ``first_ucs2_character``: the first character that GSM-7 does
    not have, to show to whoever wonders why a message doubled in price; None in GSM-7.
    """

    encoding: Encoding
    parts: int
    units: int
    first_ucs2_character: str | None


def segments(text: str) -> SegmentCount:
    """Encoding, parts and units of a text. Linear.

    One part holds 160 septets or 70 units, each of several 153 or 67; a character of two units (``€`` and its like in
    GSM-7, emoji in UCS-2) is never split. The empty text has no part. Count after variables are filled in.

    Raises `InvalidInput` with the code ``surrogate`` for half a character, which no phone could show.

    >>> segments("€" * 81).parts, segments("🙂" * 36).parts, segments("It’s").first_ucs2_character
    (2, 2, '’')
    """
    first = next((c for c in text if c not in _BASIC and c not in _EXTENSION), None)
    if first is None:
        return _counted(Encoding.GSM7, [2 if c in _EXTENSION else 1 for c in text], None)
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise InvalidInput("text", "surrogate", hint="text holds half of a character")
    return _counted(Encoding.UCS2, [2 if c > _LAST_BASIC_PLANE else 1 for c in text], first)


def _counted(encoding: Encoding, widths: list[int], first: str | None) -> SegmentCount:
    alone, joined = (GSM7_ALONE, GSM7_JOINED) if encoding is Encoding.GSM7 else (UCS2_ALONE, UCS2_JOINED)
    units = sum(widths)
    if units <= alone:
        return SegmentCount(encoding, 1 if units else 0, units, first)
    return SegmentCount(encoding, _filled(widths, joined), units, first)


def _filled(widths: Iterable[int], size: int) -> int:
    """Parts of ``size`` units that the widths fill in order, none of them split."""
    parts, room = 0, 0
    for width in widths:
        if width > room:
            parts, room = parts + 1, size
        room -= width
    return parts
