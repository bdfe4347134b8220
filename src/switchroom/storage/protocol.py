"""What a store promises. Stores append and read; they decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from switchroom.kernel.records import Record


class LogStorage(Protocol):
    """The first rung: an append-only log with one end.

    Positions are 1, 2, 3, ... without gaps. A store may be used by one thread at a time; callers hold a lock.
    """

    def append(self, records: Sequence[Record], after: int) -> int:
        """Append records atomically behind position ``after`` and return the new end.

        Raises ConflictError, with nothing written, if the end of the log is not ``after``. When this returns, the
        records are as durable as the store says it is. An empty batch is allowed and changes nothing.
        """
        ...

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        """Records behind ``after`` in order of position (or from the end back), those with a tag if one is given.

        What is yielded was all appended before the call; later appends are not seen. Cost: linear in what is read.
        """
        ...

    def end(self) -> int:
        """The position of the last record; 0 for an empty log."""
        ...
