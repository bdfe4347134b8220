"""Segments: counted against an implementation that fills parts one character at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.messaging.segments import Encoding, segments

# The default alphabet of 3GPP TS 23.038, row by row of its own table (columns of 16), 0x1B left out.
TABLE = [
    "@", "£", "$", "¥", "è", "é", "ù", "ì", "ò", "Ç", "\n", "Ø", "ø", "\r", "Å", "å",
    "Δ", "_", "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ", "Θ", "Ξ", None, "Æ", "æ", "ß", "É",
    *map(chr, range(0x20, 0x24)), "¤", *map(chr, range(0x25, 0x30)),
    *map(chr, range(0x30, 0x40)),
    "¡", *map(chr, range(0x41, 0x50)),
    *map(chr, range(0x50, 0x5B)), "Ä", "Ö", "Ñ", "Ü", "§",
    "¿", *map(chr, range(0x61, 0x70)),
    *map(chr, range(0x70, 0x7B)), "ä", "ö", "ñ", "ü", "à",
]  # fmt: skip
EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}


def pack(text: str) -> tuple[str, int, int]:
    """Encoding, parts and units by building the parts themselves: lists of code values that never overflow."""
    codes: list[list[int]] = []
    for character in text:
        if character in TABLE:
            codes.append([TABLE.index(character)])
        elif character in EXTENSION.values():
            codes.append([0x1B, next(code for code, c in EXTENSION.items() if c == character)])
        else:
            codes = []
            break
    if codes or not text:
        name, alone, joined = "GSM-7", 160, 153
    else:
        name, alone, joined = "UCS-2", 70, 67
        for character in text:
            raw = character.encode("utf-16-be")
            codes.append([int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2)])
    total = sum(map(len, codes))
    if total <= alone:
        return name, 1 if total else 0, total
    parts: list[list[int]] = [[]]
    for code in codes:
        if len(parts[-1]) + len(code) > joined:
            parts.append([])
        parts[-1].extend(code)
    return name, len(parts), total


GSM = "".join(c for c in TABLE if c is not None) + "".join(EXTENSION.values())
TEXTS = st.one_of(
    st.text(alphabet=GSM, max_size=500),
    st.text(alphabet="a€", min_size=140, max_size=330),
    st.text(alphabet="a\u2019🙂👨\u200d", min_size=20, max_size=220),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200),
)


@given(TEXTS)
def test_parts_agree_with_building_them(text: str) -> None:
    """Encoding, parts and units are those of the parts when they are really built."""
    count = segments(text)
    assert (count.encoding.value, count.parts, count.units) == pack(text)


@given(TEXTS)
def test_the_first_foreign_character_is_named(text: str) -> None:
    """The character that made the text UCS-2 is the first outside GSM-7, and there is none otherwise."""
    count = segments(text)
    assert count.first_ucs2_character == next((c for c in text if c not in GSM), None)
    assert (count.first_ucs2_character is None) == (count.encoding is Encoding.GSM7)


def test_every_character_of_the_alphabet_has_its_width() -> None:
    """The 127 characters of the table count one, the ten of the extension two."""
    assert len(TABLE) == 128
    assert all(segments(c).units == 1 for c in TABLE if c is not None)
    assert all(segments(c).units == 2 for c in EXTENSION.values())
    assert all(segments(c).encoding is Encoding.GSM7 for c in GSM)


@pytest.mark.parametrize(
    ("text", "encoding", "parts", "units"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 1, 160),
        ("a" * 161, "GSM-7", 2, 161),
        ("a" * 306, "GSM-7", 2, 306),
        ("a" * 307, "GSM-7", 3, 307),
        ("€" * 80, "GSM-7", 1, 160),
        ("€" * 81, "GSM-7", 2, 162),
        ("€" * 152, "GSM-7", 2, 304),
        ("€" * 153, "GSM-7", 3, 306),
        ("é" * 70, "GSM-7", 1, 70),
        ("ê" * 70, "UCS-2", 1, 70),
        ("ê" * 71, "UCS-2", 2, 71),
        ("ê" * 134, "UCS-2", 2, 134),
        ("ê" * 135, "UCS-2", 3, 135),
        ("🙂" * 35, "UCS-2", 1, 70),
        ("🙂" * 36, "UCS-2", 2, 72),
        ("🙂" * 66, "UCS-2", 2, 132),
        ("🙂" * 67, "UCS-2", 3, 134),
        ("a" * 159 + "\u2019", "UCS-2", 3, 160),
    ],
)
def test_limits_and_pairs(text: str, encoding: str, parts: int, units: int) -> None:
    """The limits of one and of several parts hold, and a pair is never split between two."""
    count = segments(text)
    assert (count.encoding.value, count.parts, count.units) == (encoding, parts, units)


def test_half_a_character_is_refused() -> None:
    """A lone surrogate cannot be sent, and the error does not repeat the text."""
    with pytest.raises(InvalidInput) as caught:
        segments("my secret \ud83d")
    assert caught.value.code == "surrogate"
    assert "secret" not in str(caught.value)
