"""Members in one order of choice: a line by stamp, walked from the front, and kept extracts of it."""

from __future__ import annotations

import itertools
from bisect import insort
from operator import itemgetter
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from switchroom.matching._nodes import SupplyNode
    from switchroom.matching.model import MemberId, Stamp

Entry: TypeAlias = tuple["Stamp", "MemberId", "SupplyNode"]

STEPS: Final = 96
"""How far the line is walked before an extract is made: about the cost of looking at 96 members of a class."""

KEEP: Final = 64
"""An extract keeps at least this many, and a sixteenth of those able: making one then costs little per use."""

LOG_LIMIT: Final = 1_024
"""Members who came in before the end of the line, remembered for the extracts; an older extract is made again."""

CATCH_UP_LIMIT: Final = 64
"""An extract that missed more of them than this is made again: cheaper than looking at each."""

SPARE_ENTRIES: Final = 64
"""The line is made again when it is this much longer than twice the members it held when it was made last."""

_stamp = itemgetter(0)


class Kept:
    """The first of the members able to serve one demand class, by stamp, as they stood when it was made."""

    __slots__ = ("at", "entries", "line", "seen")

    def __init__(self, line: Line, entries: list[Entry]) -> None:
        self.line = line
        self.entries = entries
        self.at = 0
        self.seen = line.logged

    def first(self, able: Container[SupplyNode]) -> Entry | None:
        """The first who is still there, or None when the extract is used up. Amortised O(1) while stamps grow."""
        line = self.line
        if self.seen != line.logged and not self._catch_up(able):
            return None
        current = line.current
        entries = self.entries
        for at in range(self.at, len(entries)):
            entry = entries[at]
            if current.get(entry[1]) is entry:
                self.at = at
                return entry
        self.at = len(entries)
        return None

    def _catch_up(self, able: Container[SupplyNode]) -> bool:
        """Take in those who came before the last kept; False if too many came to look at."""
        line, entries = self.line, self.entries
        current = line.current
        # Only a living last entry proves that all who came after the extract was made, and were not logged, stand
        # behind it: a dead one may have left the line, and then a smaller stamp counts as the end of the line.
        while entries and current.get(entries[-1][1]) is not entries[-1]:
            entries.pop()
        fresh = self.seen - line.log_base
        if fresh < 0 or len(line.log) - fresh > CATCH_UP_LIMIT or not entries:
            return False
        last = entries[-1][0]
        self.at = min(self.at, len(entries))
        for entry in line.log[fresh:]:
            if entry[2] in able and entry[0] < last:
                insort(entries, entry, self.at, key=_stamp)
        self.seen = line.logged
        return True


class Line:
    """Present members of one order, ascending by stamp.

    Those who left stay in the run as dead entries until it is made again; an entry is alive if and only if ``current``
    holds that very object under its member.
    """

    __slots__ = ("_limit", "_run", "_start", "current", "log", "log_base")

    def __init__(self) -> None:
        self.current: dict[MemberId, Entry] = {}
        self._run: list[Entry] = []
        self._start = 0
        self._limit = SPARE_ENTRIES
        self.log: list[Entry] = []
        self.log_base = 0

    @property
    def logged(self) -> int:
        """How many ever came in before the end of the line."""
        return self.log_base + len(self.log)

    def add(self, stamp: Stamp, member: MemberId, supply: SupplyNode) -> None:
        """A member takes its place. O(1) at the end of the line, else O(log n) and a shift of pointers."""
        entry = (stamp, member, supply)
        run = self._run
        if run and stamp < run[-1][0]:
            self._insert(entry)
        else:
            run.append(entry)
        self.current[member] = entry
        if len(run) > self._limit:
            self._compact()

    def _insert(self, entry: Entry) -> None:
        insort(self._run, entry, self._start, key=_stamp)
        self.log.append(entry)
        if len(self.log) > LOG_LIMIT:
            half = LOG_LIMIT // 2
            del self.log[:half]
            self.log_base += half

    def _compact(self) -> None:
        current = self.current
        self._run = [entry for entry in self._run[self._start :] if current.get(entry[1]) is entry]
        self._start = 0
        self._limit = 2 * len(self._run) + SPARE_ENTRIES

    def walk(self, able: Container[SupplyNode]) -> tuple[Entry | None, bool]:
        """The first able among the first STEPS, and whether that is certain (found, or the line ended). O(STEPS)."""
        self._skip_dead()
        start, current = self._start, self.current
        window = self._run[start : start + STEPS]
        for entry in window:
            if entry[2] in able and current.get(entry[1]) is entry:
                return entry, True
        ended = start + len(window) >= len(self._run)
        alive = [entry for entry in window if current.get(entry[1]) is entry]
        if len(alive) < STEPS * 3 // 4:
            self._run[start : start + STEPS] = alive
        return None, ended

    def _skip_dead(self) -> None:
        run, start, current = self._run, self._start, self.current
        end = len(run)
        while start < end and current.get(run[start][1]) is not run[start]:
            start += 1
        self._start = start
        if start >= 64 and start << 3 > end:
            del run[:start]
            self._start = 0

    def keep(self, supplies: Iterable[SupplyNode]) -> Kept:
        """An extract of the members of these supplies. O(supplies + their members)."""
        current = self.current
        found = [
            current[member] for supply in supplies if supply.members for member in supply.members if member in current
        ]
        found.sort(key=_stamp)
        return Kept(self, found[: max(KEEP, len(found) >> 4)])

    def check(self) -> None:
        """Assert that the run is sorted and holds every present member exactly once."""
        run = self._run[self._start :]
        alive = [entry for entry in run if self.current.get(entry[1]) is entry]
        assert {entry[1] for entry in alive} == set(self.current), "line and members differ"
        assert len(alive) == len(self.current), "a member stands twice in the line"
        assert all(not b[0] < a[0] for a, b in itertools.pairwise(run)), "line out of order"
