"""Deadlines: a heap of instants with lazy deletion."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

DeadlineKey = tuple[str, str]
"""(kind, subject): what happens, and to whom. One deadline of a kind for a subject; setting it again moves it."""

STALE_FACTOR = 2
STALE_SLACK = 1024
"""The heap is rebuilt when it holds more than ``STALE_FACTOR`` times the live deadlines plus ``STALE_SLACK``, so that
cancelled ones never cost more than a constant share of memory, and the rebuilding is paid by the cancellations."""

NEVER = 1 << 62
"""Later than every instant."""


class Deadlines:
    """Pending instants, earliest first; those of one instant in the order in which they were set.

    ``set`` and ``cancel`` cost O(log n) amortised; ``next`` is O(1) but for the stale entries that it drops.
    ``earliest``: nothing is due before this instant; it may be too early, because cancelled deadlines count. It lets
    the usual operation, before which nothing is due, go on without a call.
    """

    __slots__ = ("_heap", "_live", "_sequence", "earliest")

    def __init__(self) -> None:
        self.earliest = NEVER
        self._heap: list[tuple[int, int, DeadlineKey]] = []
        self._live: dict[DeadlineKey, tuple[int, int, DeadlineKey]] = {}
        self._sequence = 0

    def set(self, key: DeadlineKey, due: int) -> None:
        """Set or move a deadline, to a later instant than the present one. Moved to where it is, it keeps its place."""
        known = self._live.get(key)
        if known is not None and known[0] == due:
            return
        self._sequence = sequence = self._sequence + 1
        entry = (due, sequence, key)
        self._live[key] = entry
        heappush(self._heap, entry)
        if due < self.earliest:
            self.earliest = due
        if len(self._heap) > STALE_FACTOR * len(self._live) + STALE_SLACK:
            self._heap = list(self._live.values())
            heapify(self._heap)

    def cancel(self, key: DeadlineKey) -> None:
        """Forget a deadline; one that is not there is no error."""
        self._live.pop(key, None)

    def due(self, key: DeadlineKey) -> int | None:
        """The instant of a deadline, or None."""
        entry = self._live.get(key)
        return None if entry is None else entry[0]

    def next(self) -> int | None:
        """The earliest pending instant, or None."""
        heap, live = self._heap, self._live
        while heap:
            entry = heap[0]
            if live.get(entry[2]) is entry:
                self.earliest = entry[0]
                return entry[0]
            heappop(heap)
        self.earliest = NEVER
        return None

    def pop(self) -> tuple[int, DeadlineKey]:
        """Take the earliest pending deadline; ``next`` must have said that there is one."""
        entry = heappop(self._heap)
        del self._live[entry[2]]
        return entry[0], entry[2]

    def __len__(self) -> int:
        return len(self._live)

    def __iter__(self) -> Iterator[tuple[int, DeadlineKey]]:
        """All pending deadlines in the order in which they will fire."""
        return ((due, key) for due, _, key in sorted(self._live.values()))

    def check(self) -> None:
        """Both directions: every live entry is in the heap, and no more stale ones than allowed."""
        present = {id(entry) for entry in self._heap}
        for key, entry in self._live.items():
            assert entry[2] == key, f"deadline {key} filed under another key"
            assert id(entry) in present, f"deadline {key} is not in the heap"
            assert self.earliest <= entry[0], f"deadline {key} lies before the earliest"
        assert len(self._heap) <= STALE_FACTOR * max(len(self._live), 1) + STALE_SLACK + len(self._live)
