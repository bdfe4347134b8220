"""A disk that fails, tears and loses the race, and a process's handle on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from switchroom.errors import ConflictError, StorageError
from switchroom.kernel.records import Record


class Crash(BaseException):
    """The process dies here. No ``except Exception`` survives it."""


class Disk:
    """What survives a crash: the log, shared by all processes, and the faults that writing to it meets.

    A fault is drawn for each append: an error before or after it is written, a crash before, during or after. A crash
    during a write leaves a torn batch, which opening must drop.
    """

    FAULTS = ("fail_before", "fail_after", "crash_before", "crash_during", "crash_after")

    def __init__(self, random: Random, share: float) -> None:
        self.records: list[Record] = []
        self.torn: list[Record] = []
        self.random = random
        self.share = share
        self.calm = True
        self.met: Counter[str] = Counter()

    def draw(self) -> str:
        fault = self.random.choice(self.FAULTS) if self.random.random() < self.share else ""
        return "" if self.calm else fault

    def reopen(self) -> None:
        """What opening a store does after a crash: a batch that was not written as a whole is not there."""
        self.torn = []


class FaultyStorage:
    """A process's handle on the disk."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk

    def append(self, records: Sequence[Record], after: int) -> int:
        disk = self.disk
        if after != self.end():
            disk.met["conflict"] += 1
            raise ConflictError(after, self.end())
        if not records:
            return after
        fault = disk.draw()
        disk.met[fault] += 1
        if fault == "fail_before":
            raise StorageError("no room", reason="full", retryable=True)
        if fault == "crash_before":
            raise Crash
        if fault == "crash_during":
            disk.torn = list(records[: disk.random.randrange(len(records))])
            raise Crash
        disk.records.extend(records)
        if fault == "fail_after":
            raise StorageError("the flush failed", reason="failed", retryable=True)
        if fault == "crash_after":
            raise Crash
        return self.end()

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        found = self.disk.records[after:]
        if newest_first:
            found.reverse()
        return iter([r for r in found if tag is None or tag in r.tags][:limit])

    def end(self) -> int:
        return len(self.disk.records)
