"""What the views have in common: adding up cells in groups, and what rows are computed with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeAlias

from switchroom.durations import Micros
from switchroom.reporting.cells import Counts, HandCell, StayCell
from switchroom.reporting.intervals import Interval
from switchroom.reporting.lines import Hand, Line
from switchroom.reporting.rows import Totals
from switchroom.reporting.slices import sliced
from switchroom.reporting.state import State
from switchroom.reporting.where import EVERYTHING, Slots, Where

Key: TypeAlias = tuple[str | None, ...]
"""What a row is grouped under."""

Keys: TypeAlias = Callable[[Line], Iterable[Key]]
"""Under which rows a line counts: usually one; under one for each skill that it asks for."""


class WorkSums:
    """What happened to some work. ``judged_stays`` and ``judged_hands``: the part of it in queues with a target;
    ``longest_us``: the longest wait, also one that still goes on, -1 without any."""

    __slots__ = ("hands", "judged_hands", "judged_stays", "longest_us", "stays")

    def __init__(self) -> None:
        self.stays, self.judged_stays = StayCell(), StayCell()
        self.hands, self.judged_hands = HandCell(), HandCell()
        self.longest_us = -1

    @property
    def net(self) -> int:
        """By how much the number of waiting stays grew."""
        return self.stays.offered - lost(self.stays) - self.hands.answered

    @property
    def max_wait(self) -> timedelta | None:
        ended = lost(self.stays) + self.hands.answered
        longest = max(self.longest_us, self.stays.longest_us, self.hands.longest_us)
        return timedelta(microseconds=longest) if ended or self.longest_us >= 0 else None


def add_up(state: State, intervals: Iterable[Interval], where: Where, keys: Keys) -> dict[Key, WorkSums]:
    """What happened to the work that is wanted, by group."""
    found: dict[Key, WorkSums] = {}
    for interval in intervals:
        for line, stays in interval.stays.items():
            if where.of_work(line):
                for key in keys(line):
                    sums = found.get(key) or found.setdefault(key, WorkSums())
                    sums.stays.add(stays)
                    if line.queue in state.within_us:
                        sums.judged_stays.add(stays)
        for hand, hands in interval.hands.items():
            if where.of_work(hand.line):
                for key in keys(hand.line):
                    sums = found.get(key) or found.setdefault(key, WorkSums())
                    sums.hands.add(hands)
                    if hand.line.queue in state.within_us:
                        sums.judged_hands.add(hands)
    return found


def add_hands(
    intervals: Iterable[Interval], wanted: Callable[[Hand], bool], key: Callable[[Hand], Key]
) -> dict[Key, HandCell]:
    """What agents did, by group."""
    found: dict[Key, HandCell] = {}
    for interval in intervals:
        for hand, cell in interval.hands.items():
            if wanted(hand):
                found.setdefault(key(hand), HandCell()).add(cell)
    return found


def totals(state: State, now: Micros, where: Where) -> Totals:
    """What happened in all in a time; filters of work and agents do not apply."""
    intervals = sliced(state, now, where, Slots(None, "UTC", state.intervals.width_us)).groups[0][1]
    sums = add_up(state, intervals, EVERYTHING, lambda line: ((),)).get(()) or WorkSums()
    counts = Counts()
    for interval in intervals:
        counts.add(interval.counts)
    return Totals(
        events=counts.events,
        submitted=counts.submitted,
        offers=sums.hands.offered,
        overflowed=sums.stays.overflowed,
        transferred=transferred(sums.hands),
        relaxed=counts.relaxed,
        escalated=sums.stays.escalated,
        alerts=counts.alerts,
        unrouted=counts.unrouted,
    )


def add_waits(state: State, until: Micros, where: Where, keys: Keys, found: dict[Key, WorkSums]) -> None:
    """Let the waits that still go on count among the longest."""
    for item in state.items.values():
        if item.since_us >= 0 and where.of_work(item.line):
            for key in keys(item.line):
                sums = found.get(key) or found.setdefault(key, WorkSums())
                sums.longest_us = max(sums.longest_us, until - item.since_us)


def lost(stays: StayCell) -> int:
    """Stays that ended unanswered."""
    return stays.abandoned + stays.cancelled + stays.moved + stays.timed_out


def handled(hands: HandCell) -> tuple[int, Micros, Micros]:
    """Assignments that ended, however: how many, and their talk and after-call work."""
    sums = hands.ended.values()
    return sum(n for n, _, _ in sums), sum(talk for _, talk, _ in sums), sum(after for _, _, after in sums)


def transferred(hands: HandCell, kind: str | None = None) -> int:
    """Transfers that succeeded, of one kind or of all."""
    return sum(
        count for (one, outcome), count in hands.transfers.items() if outcome == "completed" and kind in (None, one)
    )


def mean(total: Micros, count: int) -> timedelta | None:
    """The mean, to the microsecond below."""
    return timedelta(microseconds=total // count) if count else None


def ratio(part: float, whole: float) -> float | None:
    """The share, or None of nothing."""
    return part / whole if whole else None


def order(key: Key) -> tuple[str, ...]:
    """Groups by their names; no name first."""
    return tuple("" if name is None else f"-{name}" for name in key)
