"""What an estimate of waiting rests on: who serves how fast, and what comes before an item.

Everything here looks at a few dozen remembered numbers and at what waits now; nothing is kept besides the records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs

from switchroom.routing.explain_conditions import below_cap, considered, kind_of
from switchroom.routing.model import Presence
from switchroom.routing.records import AgentRecord, Demand, ItemRecord, QueueRecord
from switchroom.routing.state import Routing
from switchroom.routing.utilization import Kind, Room

PACE_WINDOW_US = 30 * 60 * 1_000_000
"""Acceptances longer ago say nothing about now: half an hour, the interval by which centers plan."""

MIN_INTERVALS = 3
"""With fewer intervals than this the pace is chance."""

MAX_COMPARED = 64
"""Classes of waiting work, the largest first, that are weighed by who could take them; the rest counts in full if it is
of the same queue, and not at all if it is of another."""

MAX_PLACES = 64
"""An agent with more places than this counts as having so many: nobody handles more at once."""

Key = tuple[int, int, int]


def could(r: Routing, demand: Demand, agent: AgentRecord) -> bool:
    """Whether the agent, who may be busy now, could take work of this class when free."""
    return agent.presence == Presence.ON_QUEUE and r.floor.lane_of(demand, agent) is not None


def mean(values: Collection[int]) -> float | None:
    return sum(values) / len(values) if values else None


# -- speed


@attrs.frozen
class Speed:
    """How fast the agents who could take an item finish work that makes room for it. Times in microseconds.

    ``pace``: mean interval between acceptances of the item's queue by them; ``intervals``: how many were observed.
    ``capacity``: mean interval between the ends of any work in their hands; ``handled``: how many handle times it
    rests on. None: not known.
    """

    pace: float | None
    intervals: int
    capacity: float | None
    handled: int


def speed_of(now: int, item: ItemRecord, queue: QueueRecord, able: list[AgentRecord]) -> Speed:
    """What the last acceptances and handle times say about these agents."""
    kind = kind_of(item)
    recent = [at for at in queue.recent if at > now - PACE_WINDOW_US]
    intervals = max(len(recent) - 1, 0)
    pace = None
    if intervals >= MIN_INTERVALS:
        # The pace is that of everybody on queue; those who could take the item are fewer, and so slower.
        everybody = [agent for agent in queue.members.values() if agent.presence == Presence.ON_QUEUE]
        share = max(_own(everybody, queue), 1) / max(_own(able, queue), 1)
        pace = max(share, 1.0) * (recent[-1] - recent[0]) / intervals
    ends, handled = _ends(able, queue, kind)
    return Speed(pace, intervals, 1 / ends if ends else None, handled)


def _own(agents: list[AgentRecord], queue: QueueRecord) -> int:
    """Pieces of this queue's work in the hands of these agents."""
    return sum(1 for agent in agents for held in agent.assignments.values() if held.queue is queue)


def _ends(able: list[AgentRecord], queue: QueueRecord, kind: Kind) -> tuple[float, int]:
    """How often, per microsecond, work ends that leaves room for one more of this kind; and how many handle times of
    how many queues that is known from."""
    means: dict[str, float | None] = {queue.id: mean(queue.handled)}
    sample, total = len(queue.handled), 0.0
    for agent in able:
        for home in _blocking(agent, kind):
            if home is not None and home.id not in means:
                means[home.id] = mean(home.handled)
                sample += len(home.handled)
            length = means[queue.id] if home is None else means[home.id]
            length = means[queue.id] if length is None else length
            total += 1 / max(length, 1.0) if length is not None else 0.0
    return total, sample


def _blocking(agent: AgentRecord, kind: Kind) -> Iterator[QueueRecord | None]:
    """The queue of each piece of work (in hand, or offered) whose end leaves room for one more of this kind.

    Where no single end does, one stands for all of them.
    """
    held = [(a.item, a.units, a.queue) for a in agent.assignments.values() if a.share]
    held += [(o.item, o.units, o.item.queue) for o in agent.offers.values()]
    found = [queue for item, units, queue in held if _fits_without(agent, item, units, kind)]
    if not below_cap(agent) and not found:
        found = [offer.item.queue for offer in agent.offers.values()]
    yield from found or [queue for _, _, queue in held[:1]]


def _fits_without(agent: AgentRecord, item: ItemRecord, units: int, kind: Kind) -> bool:
    room = Room(agent.room.rules)
    room.used, room.count, room.label_count = agent.room.used, dict(agent.room.count), dict(agent.room.label_count)
    room.remove(item.work.medium, units, item.work.labels)
    return room.fits(kind)


# -- what comes before


def turns_before(
    r: Routing, queue: QueueRecord, key: Key, demand: Demand, able: list[AgentRecord]
) -> tuple[float, float]:
    """How many of these agents' next acceptances go to waiting work before the item: of its own queue, and of others.

    Each class counts by the share of its agents who are among these; work of another queue only with the agents for
    whom it comes first.
    """
    ours = {agent.id: agent for agent in able}
    own = other = 0.0
    for number, one in enumerate(_waiting_classes(r, queue, able)):
        if one.queue is queue:
            before = r.floor.index.ahead(one, key)
            own += before * (_shared(r, one, ours) if number < MAX_COMPARED else 1.0) if before else 0.0
        elif number < MAX_COMPARED:
            other += _before_of(r, one, key, demand, ours)
    return own, other


def _waiting_classes(r: Routing, queue: QueueRecord, able: list[AgentRecord]) -> list[Demand]:
    """Classes in which something waits, of every queue of these agents, the largest first."""
    names = dict.fromkeys([queue.id, *(name for agent in able for name in agent.memberships)])
    size = r.floor.index.size
    found = [d for name in names if name in r.queues for d in r.queues[name].classes.values() if size(d)]
    return sorted(found, key=lambda one: -size(one))


def _theirs(r: Routing, one: Demand) -> list[AgentRecord]:
    """Who could take a class of work."""
    return [agent for agent in considered(r, one) if could(r, one, agent)]


def _shared(r: Routing, one: Demand, ours: dict[str, AgentRecord]) -> float:
    """The share of the agents for a class who are also ours: so much of it they will take."""
    theirs = _theirs(r, one)
    return sum(1 for agent in theirs if agent.id in ours) / len(theirs) if theirs else 0.0


def _before_of(r: Routing, one: Demand, key: Key, demand: Demand, ours: dict[str, AgentRecord]) -> float:
    """Work of another queue's class that these agents take before the item."""
    theirs = _theirs(r, one)
    both = [agent for agent in theirs if agent.id in ours]
    return sum(_first_for(r, agent, one, demand, key) for agent in both) / len(theirs) if both else 0.0


def _first_for(r: Routing, agent: AgentRecord, one: Demand, demand: Demand, key: Key) -> float:
    """How many items of a class come before the item for one agent, by the lanes of both.

    Between unlike families of one place it is the time of entry of the heads that decides: half of them, on average.
    """
    index, lane, own = r.floor.index, r.floor.lane_of(one, agent), r.floor.lane_of(demand, agent)
    if lane is None or own is None or lane[:2] > own[:2]:
        return 0.0
    if lane[:2] < own[:2]:
        return float(index.size(one))
    return float(index.ahead(one, key)) if lane[2] == own[2] else index.size(one) / 2
