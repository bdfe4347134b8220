"""Business segments: how work was spread over departments, against their shares, and how evenly over their agents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TypeAlias

import attrs

from switchroom.durations import DurationLike, Micros
from switchroom.reporting.intervals import Interval
from switchroom.reporting.slices import sliced
from switchroom.reporting.state import State
from switchroom.reporting.sums import handled
from switchroom.reporting.tallies import tallied
from switchroom.reporting.where import Slots, Where
from switchroom.workitems.fairness import evenness

VIEW = "segments"

Loads: TypeAlias = "dict[str, dict[str, tuple[int, Micros]]]"
"""Queue -> agent -> (work taken, handle time)."""


@attrs.frozen(kw_only=True)
class SegmentRow:
    """What one queue of a distribution got, and how its agents shared it. ``share``: that it was to get;
    ``given_share``: that it got; ``off``: by how many items it got too many. ``agents``: its members who were staffed,
    and others who had its work; ``taken``: how much work they took, ``evenness`` how evenly; ``time_evenness``: how
    evenly they spent their time on it. Both are from 1/agents to 1, and None if there was nothing.
    """

    start: datetime | None = None
    distribution: str
    queue: str
    share: float
    given: int
    given_share: float
    off: float
    agents: int
    taken: int
    evenness: float | None
    time_evenness: float | None


# -- what is counted


def saved(s: State, at: Micros, e: Any) -> None:
    """Other shares are another version: what was given is measured by those in force when it was."""
    versions = s.shares.setdefault(e.distribution, [])
    if not versions or versions[-1] != e.spec.shares:
        versions.append(dict(e.spec.shares))


def given(s: State, e: Any) -> None:
    """Work was taken in, perhaps by a distribution."""
    if e.distribution is not None and e.queue is not None:
        version = len(s.shares[e.distribution]) - 1
        s.tally(VIEW, (e.distribution, e.queue, str(version)), "given")


# -- the view


def segment_rows(
    state: State, now: Micros, where: Where, every: DurationLike | None, zone: str
) -> tuple[SegmentRow, ...]:
    """One row for each queue of a distribution that gave something, by start and names."""
    slots = Slots(every, zone, state.intervals.width_us)
    loads = {start: _loads(state, where, intervals) for start, intervals in sliced(state, now, where, slots).groups}
    found: defaultdict[tuple[Micros, str], Counter[tuple[str, int]]] = defaultdict(Counter)
    for start, key, one, _ in tallied(state, now, where, slots, VIEW):
        distribution, queue, version = map(str, key)
        found[start, distribution][queue, int(version)] += one["given"]
    return tuple(
        attrs.evolve(row, start=slots.label(start))
        for (start, distribution), counts in sorted(found.items())
        for row in _rows(distribution, counts, state.shares[distribution], loads[start])
        if where.queues is None or row.queue in where.queues
    )


def _rows(
    distribution: str, counts: Counter[tuple[str, int]], versions: list[dict[str, float]], loads: Loads
) -> Iterator[SegmentRow]:
    got: Counter[str] = Counter()
    wanted: defaultdict[str, float] = defaultdict(float)
    of_version: Counter[int] = Counter()
    for (queue, version), count in counts.items():
        got[queue] += count
        of_version[version] += count
    for version, count in sorted(of_version.items()):
        shares = versions[version]
        for queue, share in shares.items():
            wanted[queue] += count * share / sum(shares.values())
    total = sum(got.values())
    for queue in sorted(wanted):
        agents = loads.get(queue, {}).values()
        yield SegmentRow(
            distribution=distribution,
            queue=queue,
            share=wanted[queue] / total,
            given=got[queue],
            given_share=got[queue] / total,
            off=got[queue] - wanted[queue],
            agents=len(agents),
            taken=sum(taken for taken, _ in agents),
            evenness=_even(taken for taken, _ in agents),
            time_evenness=_even(time for _, time in agents),
        )


def _even(loads: Iterable[int]) -> float | None:
    values = list(loads)
    return evenness(values) if any(values) else None


def _loads(state: State, where: Where, intervals: list[Interval]) -> Loads:
    """Of everybody who was there for a queue: who did nothing counts, too."""
    loads: Loads = defaultdict(dict)
    for interval in intervals:
        for post, times in interval.times.items():
            agent = state.agents[post.agent]
            if times.staffed_us and agent.spec is not None:
                for membership in agent.spec.queues:
                    loads[membership.queue].setdefault(post.agent, (0, 0))
        for hand, cell in interval.hands.items():
            begun, (_, talk, after_call) = cell.accepted + cell.assigned, handled(cell)
            if begun or talk or after_call:
                taken, time = loads[hand.line.queue].get(hand.post.agent, (0, 0))
                loads[hand.line.queue][hand.post.agent] = taken + begun, time + talk + after_call
    if where.agents is None:
        return loads
    return {q: {a: load for a, load in of.items() if a in where.agents} for q, of in loads.items()}
