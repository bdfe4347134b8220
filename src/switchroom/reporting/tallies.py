"""Views that only count: the counters of a time, and those since the beginning, by key."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from switchroom.durations import Micros
from switchroom.reporting.slices import sliced
from switchroom.reporting.state import State
from switchroom.reporting.sums import Key, order
from switchroom.reporting.where import Slots, Where


def tallied(
    state: State, now: Micros, where: Where, slots: Slots, view: str
) -> Iterator[tuple[Micros, Key, Counter[str], Counter[str]]]:
    """(start, key, what was counted in that time, what was counted up to its end), by start and key."""
    part = sliced(state, now, where, slots)
    so_far: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for start, intervals in [(None, part.earlier), *part.groups]:
        found: defaultdict[Key, Counter[str]] = defaultdict(Counter)
        for interval in intervals:
            for (kind, key), tally in interval.tallies.items():
                if kind == view:
                    found[key].update(tally)
                    so_far[key].update(tally)
        if start is not None:
            for key in sorted(found, key=order):
                yield start, key, found[key], so_far[key]
