"""Reading a log in pages: no cursor stays open between two records, so a reader never stands in a writer's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from switchroom.kernel.records import Record
from switchroom.storage.codec import Row, decode

PAGE = 1_000
"""Records fetched at once: a fetch costs about as much as decoding a few tens of them."""

Fetch = Callable[[int, int, int], list[Row]]
"""(first, last, most) -> the rows with positions in that closed range, at most so many."""


def read_forward(fetch: Fetch, first: int, last: int, limit: int | None) -> Iterator[Record]:
    """Records from ``first`` on; ``fetch`` gives the lowest positions first."""
    left = last if limit is None else limit
    while left > 0 and first <= last:
        rows = fetch(first, last, min(left, PAGE))
        for row in rows:
            yield decode(row)
        if len(rows) < min(left, PAGE):
            return
        left -= len(rows)
        first = rows[-1].position + 1


def read_back(fetch: Fetch, first: int, last: int, limit: int | None) -> Iterator[Record]:
    """Records from ``last`` back; ``fetch`` gives the highest positions first."""
    left = last if limit is None else limit
    while left > 0 and first <= last:
        rows = fetch(first, last, min(left, PAGE))
        for row in rows:
            yield decode(row)
        if len(rows) < min(left, PAGE):
            return
        left -= len(rows)
        last = rows[-1].position - 1
