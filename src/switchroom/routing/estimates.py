"""Position in a queue, and the wait to expect there.

The wait is *turns x interval*, and the time that an offer takes to be answered: ``turns`` is how many acceptances it
takes until it is the item's turn, ``interval`` the time between two of them by the agents who could take it. There are
two methods:

* ``pace``: the mean interval of the queue's last acceptances (at most 32, of the last half hour), times the turns in
  the queue. It counts the time in which the queue was not busy, and errs on the long side.
* ``capacity``: those agents finish work, of whatever queue, at the rate of the pieces in their hands that block the
  item, each by the mean handle time of its queue's last 32; turns are those of every queue from which they would take
  work first. It errs where work to come will be taken first, or other agents help.

The shorter is told: over traffic of many kinds that has the least error (the page on estimates has the figures). Items
count by the share of their agents who are also this one's: what nobody can take, or only others can, does not delay.
Where waiting widens the circle (steps, rings, delays), every stage is tried, and the earliest end is told. The range is
the one in which four of five waits fall if acceptances come at random (the sum of ``turns`` exponential intervals),
widened for a small sample.

Source of the idea: W. Whitt, "Predicting queueing delays", Management Science 45(6), 1999; R. Ibrahim and W. Whitt,
"Real-time delay estimation based on delay history", M&SOM 11(3), 2009 (the estimators by queue length).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from datetime import timedelta

import attrs

from switchroom.durations import format_duration
from switchroom.errors import NotAllowed
from switchroom.routing import phases, placing
from switchroom.routing.estimate_speed import Key, could, mean, speed_of, turns_before
from switchroom.routing.explain_conditions import considered, demand_for, is_able
from switchroom.routing.explain_values import Plain, plain
from switchroom.routing.fields import to_whole
from switchroom.routing.floor import expedited_by_phase
from switchroom.routing.lifecycle import IN_QUEUE
from switchroom.routing.model import WorkItem
from switchroom.routing.ordering import EXPEDITED
from switchroom.routing.question import Question
from switchroom.routing.records import AgentRecord, ItemRecord, QueueRecord
from switchroom.routing.requirements import Requirement
from switchroom.routing.state import ARRIVAL_GAP, Routing

MAX_STAGES = 8
"""Stages of an item's wait that are looked ahead: requirements with more steps to come are rare, and far away."""

SPREAD = 1.2816
"""Standard deviations on either side that hold four fifths of a normal distribution."""


@attrs.frozen(kw_only=True)
class Estimate:
    """The wait to expect.

    ``wait``, and its range from ``low`` to ``high`` (four of five waits fall into it), or None if it cannot be told:
    ``reason`` then says why. ``method``: ``free`` (somebody is free), ``pace``, ``capacity`` or ``unknown``.
    ``sample``: how many observed intervals, handle times or answers it rests on. ``position``: 1-based place in the
    queue; ``turns``: how many acceptances come until then, the item's own included; ``agents``: how many on queue could
    take the item, at the stage of its wait that ends it.
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
    place = _before(r, queue, place_key(item)) + 1
    if not queue.open:
        return _unknown(queue, place, 0, f"queue {queue.id} is closed")
    able = 0
    best: _Told | None = None
    for start in _stages(item, queue, now):
        if best is not None and start - now >= best.total:
            break  # whoever joins later cannot make it earlier
        staged = copy.copy(item)
        staged.phase = item.phase if start == now else phases.phase_at(item, queue, start)
        agents = _able(r, staged, queue)
        able = able or len(agents)
        told = _at_stage(r, now, start, staged, queue, agents) if agents else None
        if told is not None and (best is None or told.total < best.total):
            best = told
    if best is None:
        reason = "nothing was accepted or completed yet" if able else "nobody on queue could take it"
        return _unknown(queue, place, able, reason)
    return best.estimate(queue, place)


def _stages(item: ItemRecord, queue: QueueRecord, now: int) -> list[int]:
    """Now, and every later instant at which the circle of those who may take the item changes."""
    later = sorted({at for at in phases.boundaries(item, queue) if at > now})
    return [now, *later[: MAX_STAGES - 1]]


def _able(r: Routing, item: ItemRecord, queue: QueueRecord) -> list[AgentRecord]:
    demand = demand_for(item, queue)
    return [agent for agent in considered(r, demand) if could(r, demand, agent)]


@attrs.frozen
class _Told:
    """What one stage says, in microseconds: the delay until it begins, the wait from then on, and the answer."""

    delay: float
    wait: float
    answer: float
    method: str
    turns: float
    sample: int
    agents: int

    @property
    def total(self) -> float:
        return self.delay + self.wait + self.answer

    def estimate(self, queue: QueueRecord, place: int) -> Estimate:
        # The sum of n exponential intervals deviates by 1/sqrt(n), and their mean, observed m times, by 1/sqrt(m).
        deviation = math.sqrt(1 / self.turns + 1 / self.sample) if self.wait and self.sample else 0.0
        low, high = (max(0.0, self.wait * (1 + side * SPREAD * deviation)) for side in (-1, 1))
        return Estimate(
            queue=queue.id,
            position=place,
            wait=_span(self.total),
            low=_span(self.delay + low + self.answer / 2),
            high=_span(self.delay + high + self.answer * 2),
            method=self.method,
            sample=self.sample,
            turns=self.turns,
            agents=self.agents,
        )


def _span(us: float) -> timedelta:
    return timedelta(microseconds=round(us))


def _at_stage(
    r: Routing, now: int, start: int, item: ItemRecord, queue: QueueRecord, able: list[AgentRecord]
) -> _Told | None:
    """The wait if this stage ends it: none if somebody is free, else the shorter of the two methods."""
    demand = demand_for(item, queue)
    delay, answer = float(start - now), mean(queue.answered) or 0.0
    if any(is_able(r, demand, item, agent) for agent in able):
        return _Told(delay, 0.0, answer, "free", 0.0, len(queue.answered), len(able))
    own, other = turns_before(r, queue, place_key(item), demand, able)
    speed = speed_of(now, item, queue, able)
    told: list[_Told] = []
    if speed.capacity is not None:
        wait = (1 + own + other) * speed.capacity
        told.append(_Told(delay, wait, answer, "capacity", 1 + own + other, speed.handled, len(able)))
    if speed.pace is not None:
        told.append(_Told(delay, (1 + own) * speed.pace, answer, "pace", 1 + own, speed.intervals, len(able)))
    return min(told, key=lambda one: one.total, default=None)


def _unknown(queue: QueueRecord, place: int, able: int, reason: str) -> Estimate:
    return Estimate(
        queue=queue.id,
        position=place,
        wait=None,
        low=None,
        high=None,
        method="unknown",
        sample=0,
        turns=0.0,
        agents=able,
        reason=reason,
    )
