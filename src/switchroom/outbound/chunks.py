"""Contacts as they lie in the store: some thousand rows, as JSON. Nothing here reads or writes a store."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import cast

from switchroom.outbound.list_model import Row
from switchroom.outbound.places import MAX_ROWS

ROWS = 1_000
"""Rows of a chunk: one read and a millisecond of parsing for that many messages. Below `MAX_ROWS`."""

assert ROWS <= MAX_ROWS


def packed(rows: list[Row]) -> bytes:
    """The rows as bytes."""
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def unpacked(payload: bytes) -> list[Row]:
    """The rows again."""
    return cast("list[Row]", json.loads(payload))


def chunk_name(owner: str, number: int, payload: bytes) -> str:
    """A name that nothing else has: the same rows put twice are there once."""
    return f"{owner}:{number}:{sha256(payload).hexdigest()[:24]}"
