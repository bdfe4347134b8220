"""Position in a queue, and the wait to expect there.

The wait is *turns x interval*: ``turns`` is how many acceptances it takes until it is the item's turn, ``interval`` the
time between two of them by agents who could take it. Two methods tell the interval:

* ``pace``: the mean interval of the queue's last acceptances (at most 32, within ``PACE_WINDOW_US``), longer by as much
  as the agents who could take the item are fewer than all. It counts the time in which a queue was not busy, too.
* ``capacity``: the mean handle time of the queue's last 32 pieces of work, divided by the places of those agents (with
  this queue's work in hand, or free). It misses the places that other queues' work will vacate.

Both err on the long side, so the shorter is told; measured over traffic of many kinds (the page on estimates has the
figures), that has the least error. Items before this one count by the share of their agents who are also this one's:
what nobody can take, or only others can, does not delay. The range is that in which four of five waits fall if
acceptances come at random (the sum of ``turns`` exponential intervals), widened for a small sample.

Source of the idea: W. Whitt, "Predicting queueing delays", Management Science 45(6), 1999; R. Ibrahim and W. Whitt,
"Real-time delay estimation based on delay history", M&SOM 11(3), 2009 (the estimators by queue length).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta

import attrs

from switchroom.durations import format_duration
from switchroom.errors import NotAllowed
from switchroom.routing import placing
from switchroom.routing.explain_conditions import demand_for, is_able, kind_of
from switchroom.routing.explain_values import Plain, plain
from switchroom.routing.fields import to_whole
from switchroom.routing.floor import expedited_by_phase
from switchroom.routing.lifecycle import IN_QUEUE
from switchroom.routing.model import Presence, WorkItem
from switchroom.routing.ordering import EXPEDITED
from switchroom.routing.question import Question
from switchroom.routing.records import AgentRecord, Demand, ItemRecord, QueueRecord
from switchroom.routing.requirements import Requirement
from switchroom.routing.state import ARRIVAL_GAP, Routing
from switchroom.routing.utilization import Kind, Room

PACE_WINDOW_US = 30 * 60 * 1_000_000
"""Acceptances longer ago say nothing about now: half an hour, the interval by which centers plan."""

MIN_INTERVALS = 3
"""With fewer intervals than this the pace is chance."""

MAX_COMPARED = 32
"""Classes of waiting work that are compared with the item's own by who could take them; others count in full."""

MAX_PLACES = 64
"""An agent with more places than this counts as having so many: nobody handles more at once."""

SPREAD = 1.2816
"""Standard deviations on either side that hold four fifths of a normal distribution."""

Key = tuple[int, int, int]


@attrs.frozen(kw_only=True)
class Estimate:
    """The wait to expect.

    ``wait``, and its range from ``low`` to ``high`` (four of five waits fall into it), or None if it cannot be told:
    ``reason`` then says why. ``method``: ``free`` (somebody is free now), ``pace``, ``capacity`` or ``unknown``.
    ``sample``: how many observed intervals or handle times it rests on. ``position``: 1-based place in
    the queue, ``turns``: how many acceptances it stands for, ``agents``: how many on queue could take the item.
    """

    queue: str
    position: int
    wait: timedelta | None
    low: timedelta | None
    high: timedelta | None
    method: str
    sample: int
    turns: float
    agents: int
    reason: str = ""

    def __str__(self) -> str:
        place = f"position {self.position} in {self.queue}"
        if self.wait is None or self.low is None or self.high is None:
            return f"{place}, wait unknown: {self.reason}"
        wait, low, high = (format_duration(_whole(t)) for t in (self.wait, self.low, self.high))
        return f"{place}, wait about {wait} ({low} to {high}; {self.method}, sample of {self.sample})"

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, durations as text."""
        return {name: plain(value) for name, value in attrs.asdict(self).items()}


def _whole(span: timedelta) -> timedelta:
    return timedelta(seconds=round(span.total_seconds()))


# -- position


def place_key(item: ItemRecord) -> Key:
    """The key by which an item stands among those of its queue, expediting included."""
    first = item.expedited or expedited_by_phase(item)
    return (item.tier + EXPEDITED if first else item.tier, item.score, item.arrival)


def position(r: Routing, item_id: str) -> int:
    """The 1-based place of an item among those of its queue, offered ones included. Refuses items in no queue.

    O(classes x log n), and linear in the offers out; while the queue is closed linear in its items.
    """
    item = _waiting(r, item_id)
    assert item.queue is not None
    return _before(r, item.queue, place_key(item)) + 1


def _waiting(r: Routing, item_id: str) -> ItemRecord:
    item = r.item(item_id)
    if item.queue is None or item.state not in IN_QUEUE:
        raise NotAllowed("estimate the wait of", "item", item.id, item.state)
    return item


def _before(r: Routing, queue: QueueRecord, key: Key) -> int:
    """How many items of a queue stand before a key."""
    index = r.floor.index
    matched = sum(index.ahead(demand, key) for demand in queue.classes.values())
    return matched + sum(1 for item in _unmatched(r, queue) if place_key(item) < key)


def _unmatched(r: Routing, queue: QueueRecord) -> Iterator[ItemRecord]:
    """The items of a queue that the index does not have: offered to as many as may be, or all while it is closed."""
    if not queue.open:
        return (item for item in queue.items.values() if item.demand is None)
    offered = {offer.item.id: offer.item for offer in r.offers.values() if offer.item.queue is queue}
    return (item for item in offered.values() if item.demand is None and item.id in queue.items)


# -- the wait


def estimate(r: Routing, now: int, item_id: str) -> Estimate:
    """The wait that remains for an item. Refuses items in no queue (NotAllowed).

    Linear in the members of the queue, for at most ``MAX_COMPARED`` classes.
    """
    item = _waiting(r, item_id)
    assert item.queue is not None
    return _estimate(r, now, item, item.queue)


def estimate_for_queue(
    r: Routing, now: int, queue_id: str, priority: int = 0, requirement: Requirement | None = None, medium: str = ""
) -> Estimate:
    """The wait that a new item would have in a queue."""
    queue = r.queue(queue_id)
    work = WorkItem(
        queue=queue_id,
        priority=to_whole(priority),
        requirement=Requirement.of(requirement),
        medium=medium or "workitem",
    )
    item = ItemRecord("new", work, now)
    item.tier, item.score = placing.key_parts(Question(now), r, item, queue)
    item.arrival = r.arrivals + ARRIVAL_GAP
    return _estimate(r, now, item, queue)


def _estimate(r: Routing, now: int, item: ItemRecord, queue: QueueRecord) -> Estimate:
    key = place_key(item)
    place = _before(r, queue, key) + 1
    demand = demand_for(item, queue)
    able = [agent for agent in queue.members.values() if _could(r, demand, agent)]
    if not queue.open:
        return _unknown(queue, place, able, f"queue {queue.id} is closed")
    if not able:
        return _unknown(queue, place, able, "nobody on queue could take it")
    if any(is_able(r, demand, item, agent) for agent in able):
        return _told(queue, place, able, 0.0, 0.0, "free", 0)
    turns = 1 + _turns_before(r, queue, key, able)
    kind = kind_of(item)
    everyone = [agent for agent in queue.members.values() if agent.presence == Presence.ON_QUEUE]
    known = Known.of(queue, now, _places(able, queue, kind), _places(everyone, queue, kind))
    interval, method, sample = known.interval()
    if interval is None:
        return _unknown(queue, place, able, "nothing was accepted or completed yet")
    return _told(queue, place, able, turns, interval, method, sample)


def _could(r: Routing, demand: Demand, agent: AgentRecord) -> bool:
    """Whether the agent, who may be busy now, could take the item when free."""
    return agent.presence == Presence.ON_QUEUE and r.floor.lane_of(demand, agent) is not None


def _unknown(queue: QueueRecord, place: int, able: list[AgentRecord], reason: str) -> Estimate:
    return Estimate(
        queue=queue.id,
        position=place,
        wait=None,
        low=None,
        high=None,
        method="unknown",
        sample=0,
        turns=0.0,
        agents=len(able),
        reason=reason,
    )


def _told(
    queue: QueueRecord, place: int, able: list[AgentRecord], turns: float, interval: float, method: str, sample: int
) -> Estimate:
    wait = turns * interval
    # The sum of n exponential intervals has the relative deviation 1/sqrt(n); their mean, observed m times, 1/sqrt(m).
    deviation = math.sqrt(1 / turns + 1 / sample) if turns and sample else 0.0
    low, high = (max(0.0, wait * (1 + side * SPREAD * deviation)) for side in (-1, 1))
    return Estimate(
        queue=queue.id,
        position=place,
        wait=timedelta(microseconds=round(wait)),
        low=timedelta(microseconds=round(low)),
        high=timedelta(microseconds=round(high)),
        method=method,
        sample=sample,
        turns=turns,
        agents=len(able),
    )


def _turns_before(r: Routing, queue: QueueRecord, key: Key, able: list[AgentRecord]) -> float:
    """How many of the acceptances by this item's agents will go to items before it."""
    index = r.floor.index
    ahead = [(index.ahead(other, key), other) for other in queue.classes.values()]
    classes = sorted((entry for entry in ahead if entry[0]), key=lambda entry: -entry[0])
    ours = {agent.id for agent in able}
    turns = 0.0
    for number, (items, other) in enumerate(classes):
        turns += items * (_shared(r, queue, other, ours) if number < MAX_COMPARED else 1.0)
    return turns


def _shared(r: Routing, queue: QueueRecord, other: Demand, ours: set[str]) -> float:
    """The share of the agents for another class of work who are also ours: so much of it they will take."""
    theirs = [agent.id for agent in queue.members.values() if _could(r, other, agent)]
    return sum(1 for agent in theirs if agent in ours) / len(theirs) if theirs else 0.0


# -- what is known of a queue's speed


@attrs.frozen
class Known:
    """What the last acceptances and handle times of a queue say. Times in microseconds."""

    pace: float | None
    intervals: int
    capacity: float | None
    handled: int

    @classmethod
    def of(cls, queue: QueueRecord, now: int, places: int, all_places: int) -> Known:
        """``places`` of the agents who could take the item, among ``all_places`` of those on queue: the pace is that
        of all of them, and theirs is slower by as much as they are fewer."""
        recent = [at for at in queue.recent if at > now - PACE_WINDOW_US]
        intervals = max(len(recent) - 1, 0)
        slower = max(all_places, 1) / max(places, 1)
        pace = slower * (recent[-1] - recent[0]) / intervals if intervals >= MIN_INTERVALS else None
        handled = queue.handled
        capacity = sum(handled) / len(handled) / max(places, 1) if handled else None
        return cls(pace, intervals, capacity, len(handled))

    def interval(self) -> tuple[float | None, str, int]:
        """The time between two acceptances, the method that says so, and how many observations it rests on."""
        if self.pace is None or (self.capacity is not None and self.capacity < self.pace):
            return self.capacity, "capacity", self.handled
        return self.pace, "pace", self.intervals


def _places(able: list[AgentRecord], queue: QueueRecord, kind: Kind) -> int:
    """Places of these agents that this queue has or can have now: its own work in their hands, and free places."""
    own = sum(1 for agent in able for held in agent.assignments.values() if held.queue is queue)
    return own + sum(_free(agent, kind) for agent in able)


def _free(agent: AgentRecord, kind: Kind) -> int:
    """How many more of a kind the agent has room for now."""
    room = Room(agent.room.rules)
    room.used, room.count, room.label_count = agent.room.used, dict(agent.room.count), dict(agent.room.label_count)
    free = 0
    while free < MAX_PLACES and room.fits(kind):
        room.add(kind[0], room.cost(kind), kind[2])
        free += 1
    return free
