"""The log in memory: the reference of what a store does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from switchroom.errors import ConflictError, InvalidInput
from switchroom.kernel.records import Record


class MemoryStorage:
    """Keeps every record, or with ``keep`` only about the last so many; nothing survives the process.

    A center that discards records cannot be rebuilt from them, nor explain a past decision: use it for simulations.
    """

    def __init__(self, *, keep: int | None = None) -> None:
        if keep is not None and (isinstance(keep, bool) or keep < 0):
            raise InvalidInput("keep", "range", keep, hint="a number of records, at least 0")
        self._keep = keep
        self._dropped = 0
        self._records: list[Record] = []

    def append(self, records: Sequence[Record], after: int) -> int:
        end = self._dropped + len(self._records)
        if after != end:
            raise ConflictError(after, end)
        kept = self._records
        kept.extend(records)
        end += len(records)
        if self._keep is not None and len(kept) > 2 * self._keep:
            surplus = len(kept) - self._keep
            del kept[:surplus]
            self._dropped += surplus
        return end

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        found = self._records[max(0, after - self._dropped) :]
        if newest_first:
            found.reverse()
        matching = (r for r in found if tag is None or tag in r.tags)
        return islice(matching, limit)

    def end(self) -> int:
        return self._dropped + len(self._records)

    @property
    def first(self) -> int:
        """The position of the oldest record still kept."""
        return self._dropped + 1
