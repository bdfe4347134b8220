"""Time cut into equal intervals, and what was counted in each. Bounded: old intervals become one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias, TypeVar

from sortedcontainers import SortedDict

from switchroom.durations import Micros
from switchroom.reporting.cells import Cell, Counts, HandCell, StayCell, TimeCell
from switchroom.reporting.lines import Hand, Line, Post

TallyKey: TypeAlias = tuple[str, tuple[str | None, ...]]
"""(view, what its rows are grouped under): for parts of the business whose views only count."""

K = TypeVar("K")
C = TypeVar("C", bound=Cell)


class Interval:
    """The cells of one interval."""

    __slots__ = ("counts", "hands", "stays", "tallies", "times")

    def __init__(self) -> None:
        self.counts = Counts()
        self.stays: defaultdict[Line, StayCell] = defaultdict(StayCell)
        self.hands: defaultdict[Hand, HandCell] = defaultdict(HandCell)
        self.times: defaultdict[Post, TimeCell] = defaultdict(TimeCell)
        self.tallies: defaultdict[TallyKey, Counter[str]] = defaultdict(Counter)

    def add(self, other: Interval) -> None:
        """Count what another one has counted."""
        self.counts.add(other.counts)
        _add(self.stays, other.stays)
        _add(self.hands, other.hands)
        _add(self.times, other.times)
        for key, tally in other.tallies.items():
            self.tallies[key].update(tally)

    def dump(self) -> dict[str, Any]:
        """The cells as plain data."""
        cells: dict[str, Any] = {"counts": self.counts.dump()}
        for name in ("stays", "hands", "times"):
            cells[name] = {key.key: cell.dump() for key, cell in getattr(self, name).items()}
        cells["tallies"] = {key: dict(+tally) for key, tally in self.tallies.items()}
        return cells


def _add(mine: defaultdict[K, C], other: defaultdict[K, C]) -> None:
    for key, cell in other.items():
        mine[key].add(cell)


class Intervals:
    """The present interval, those before it, and ``before``: the sum of all that are no longer kept."""

    def __init__(self, width_us: Micros, keep: int) -> None:
        self.width_us = width_us
        self.before = Interval()
        self.present = Interval()
        self.start_us = self.end_us = 0
        self._kept: SortedDict[Micros, Interval] = SortedDict()
        self._keep_us = keep * width_us

    @property
    def oldest_us(self) -> Micros:
        """When the oldest interval that may still be asked for begins."""
        return self.start_us - self._keep_us

    def roll(self, at: Micros) -> None:
        """Begin the interval of an instant that lies behind the present one."""
        self.start_us = at - at % self.width_us
        self.end_us = self.start_us + self.width_us
        self.present = self.at(self.start_us)
        while self._kept.peekitem(0)[0] < self.oldest_us:
            self.before.add(self._kept.popitem(0)[1])

    def at(self, start_us: Micros) -> Interval:
        """The interval that begins at an instant, to count something there afterwards."""
        if start_us < self.oldest_us:
            return self.before
        found = self._kept.get(start_us)
        if found is None:
            found = self._kept[start_us] = Interval()
        return found

    def spread(self, since: Micros, until: Micros) -> Iterator[tuple[Micros, Micros]]:
        """(start of an interval, how much of the time between two instants lies in it)."""
        while since < until:
            start = since - since % self.width_us
            edge = min(start + self.width_us, until)
            yield start, edge - since
            since = edge

    def __iter__(self) -> Iterator[tuple[Micros, Interval]]:
        """(start, interval), oldest first; those in which nothing happened may be absent."""
        return iter(self._kept.items())
