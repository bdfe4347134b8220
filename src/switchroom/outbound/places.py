"""Where an attempt belongs, as one number, and message ids that tell it."""

from __future__ import annotations

import re
from zlib import crc32

from switchroom.outbound.keytable import short_key

ROW_BITS, CHUNK_BITS, TRY_BITS = 12, 26, 7
MAX_ROWS = 1 << ROW_BITS
"""Rows of a chunk at most."""

_MESSAGE = re.compile(r"out-([0-9]{1,9})-([0-9]{1,15})-([0-9]{1,3})")


def place_of(number: int, chunk: int, row: int, attempt: int) -> int:
    """Campaign, chunk, row and attempt as one number of 64 bits."""
    return (((number << CHUNK_BITS | chunk) << ROW_BITS) | row) << TRY_BITS | attempt


def of_place(place: int) -> tuple[int, int, int, int]:
    """(campaign's number, chunk, row, attempt) of a place."""
    attempt = place & (1 << TRY_BITS) - 1
    place >>= TRY_BITS
    row = place & (1 << ROW_BITS) - 1
    place >>= ROW_BITS
    return place >> CHUNK_BITS, place & (1 << CHUNK_BITS) - 1, row, attempt


def attempt_free(place: int) -> int:
    """The place of the contact, whichever attempt it was."""
    return place & ~((1 << TRY_BITS) - 1)


def link_key(line: str, address_digest: str) -> int:
    """The key under which a contact is linked to the line that wrote to it."""
    return short_key(address_digest) ^ crc32(line.encode())


def message_id(number: int, chunk: int, row: int, attempt: int) -> str:
    """The id of a message to a contact: it says which, so that no table is needed when a report comes."""
    return f"out-{number}-{chunk << ROW_BITS | row}-{attempt}"


def place_of_message(id: str) -> int | None:
    """The place in a message id of ours, or in a Message-ID made of one; None for any other text."""
    found = _MESSAGE.match(id.lstrip("<"))
    if found is None:
        return None
    number, position, attempt = (int(part) for part in found.groups())
    return place_of(number, position >> ROW_BITS, position & (1 << ROW_BITS) - 1, attempt)
