"""Ids: what they may look like, and where new ones come from."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from switchroom.errors import InvalidInput

MAX_ID_LENGTH = 128
"""Ids go into keys, tags and file names of integrators: short, ASCII, without separators of any of them."""

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}", re.ASCII)


def valid_id(value: object, field: str) -> str:
    """The value, if it is an id: 1 to 128 of ``A-Z a-z 0-9 _ . : -``, and not ``.`` or ``..``.

    >>> valid_id("ana", "agent.id")
    'ana'
    """
    if not isinstance(value, str):
        raise InvalidInput(field, "not_text", value, hint="an id is text")
    if _ID.fullmatch(value) is None or value in {".", ".."}:
        raise InvalidInput(field, "bad_id", value, hint=f"an id is 1 to {MAX_ID_LENGTH} of A-Z a-z 0-9 _ . : -")
    return value


class CountedIds:
    """``item-1``, ``item-2``, ...: readable, the same in every run.

    ``start``: count on from this number. A center that goes on with a log starts at the log's end: each id that was
    given has taken at least one record, so none is given twice.
    """

    def __init__(self, start: int = 0) -> None:
        self._start = start
        self._last: dict[str, int] = {}

    def new(self, kind: str, now: int) -> str:
        number = self._last[kind] = self._last.get(kind, self._start) + 1
        return f"{kind}-{number}"

    def counts(self) -> list[Any]:
        """Where it stands, as plain data."""
        return [self._start, [list(pair) for pair in self._last.items()]]

    def go_on(self, counts: list[Any]) -> None:
        """Go on from there."""
        self._start, last = counts
        self._last = dict(last)


class TimeOrderedIds:
    """Ids that sort by the time of their making: 48 bits of milliseconds and 80 random bits, as UUID version 7.

    The random source is injected (seed it from the operating system in production).
    Source: RFC 9562, section 5.7.
    """

    def __init__(self, random: Random) -> None:
        self._random = random

    def new(self, kind: str, now: int) -> str:
        bits = self._random.getrandbits(74)
        value = (now // 1000 & (1 << 48) - 1) << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
