"""A log that is folded as it is written, and forgotten: simulations run for millions of events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from switchroom.errors import ConflictError

if TYPE_CHECKING:
    from switchroom.kernel.records import Record


class FoldedLog:
    """A store that shows each record to its folds and keeps none. A center on it cannot be rebuilt, nor explain a past
    decision. ``inbox``: where new records are left, too, for who takes them from there."""

    def __init__(self, *folds: Callable[[Record], object]) -> None:
        self._folds = folds
        self._end = 0
        self.inbox: list[Record] | None = None

    def append(self, records: Sequence[Record], after: int) -> int:
        """Fold the records; the new end of the log."""
        if after != self._end:
            raise ConflictError(after, self._end)
        for fold in self._folds:
            for record in records:
                fold(record)
        if self.inbox is not None:
            self.inbox.extend(records)
        self._end += len(records)
        return self._end

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        """Nothing: it is forgotten."""
        return iter(())

    def end(self) -> int:
        """The position of the last record."""
        return self._end
