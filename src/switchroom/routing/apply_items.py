"""What the events of items do to the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.durations import to_micros
from switchroom.routing.events import (
    AlertRaised,
    AnnouncementDue,
    ArrivalsOrdered,
    EscalationFailed,
    EscalationFired,
    EscalationPostponed,
    FunctionFailed,
    ItemChanged,
    ItemClosed,
    ItemEnded,
    ItemParked,
    ItemPlaced,
    ItemQueued,
    ItemRelaxed,
    ItemScheduled,
    ItemsEvicted,
    ItemSubmitted,
    ItemUnrouted,
)
from switchroom.routing.floor import QUIET
from switchroom.routing.lifecycle import CLOSED, CREATED, IN_QUEUE, PARKED, SCHEDULED, WAITING
from switchroom.routing.model import Presence
from switchroom.routing.phases import is_timed, phase_at, soonest
from switchroom.routing.records import BEGUN, NONE, PREFERRING, START, ItemRecord, Phase, QueueRecord
from switchroom.routing.state import ARRIVAL_GAP, EVICTION_US, Routing

RETURNED = "returned"
"""Cause of entering: back to the queue it came from, where the item keeps its whole key."""


def item_submitted(r: Routing, e: ItemSubmitted, at: int) -> None:
    item = r.items[e.item] = ItemRecord(e.item, e.work, at)
    item.intake = e.intake
    if e.work.due is not None:
        item.due_us = to_micros(e.work.due)


def item_queued(r: Routing, e: ItemQueued, at: int) -> None:
    item = r.items[e.item]
    queue = r.queues[e.queue]
    if item.stay or item.state != CREATED or r.unrouted:
        _end_stay(r, item, queue, at)
    item.queue = queue
    queue.items[item.id] = item
    item.state = WAITING
    item.entered_us = e.entered_us
    item.joined_us = at
    item.tier = e.tier
    item.score = e.score
    if e.cause != RETURNED:
        r.arrivals = item.arrival = r.arrivals + ARRIVAL_GAP
    item.stay += 1
    item.version += 1
    if queue.announce_us is not None:
        r.deadlines.set(("announce", item.id), at + queue.announce_us)
    if is_timed(item, queue):
        begin_phase(r, item, queue, at)
        r.floor.place(item)
        r.review(item, at)
    else:
        item.phase = START
        r.floor.place(item)


def _end_stay(r: Routing, item: ItemRecord, queue: QueueRecord, at: int) -> None:
    """What an item that has been somewhere before leaves behind when it enters a queue."""
    leave_place(r, item)
    if item.queue is not queue and (item.declined or item.expired):
        forget_tries(r, item)
    if item.declined:
        forget_elapsed_declines(r, item, at)
    item.fired = NONE
    item.postponed = None
    item.failed = 0


def begin_phase(r: Routing, item: ItemRecord, queue: QueueRecord, at: int) -> None:
    """The phase at entry; the wait for preferred agents is skipped if none of them is signed in."""
    work = item.work
    if work.preferred is not None:
        # Who is no member is never a candidate here: waiting for such an agent alone would be for nothing.
        there = (queue.members[a] for a in work.preferred.agents if a in queue.members)
        signed_in = any(agent.presence != Presence.OFFLINE for agent in there)
        item.phase = PREFERRING if signed_in or not work.preferred.skip_if_absent else BEGUN
    else:
        item.phase = BEGUN if work.steps or work.expiring else START
    if item.entered_us != at or item.unstepped or not soonest(item, queue):
        item.phase = phase_at(item, queue, at)


def leave_place(r: Routing, item: ItemRecord) -> None:
    """Take an item out of wherever it waits or is held; its record stays."""
    queue = item.queue
    if item.state in IN_QUEUE and queue is not None:
        if item.demand is not None:
            r.floor.lift(item)
        queue.items.pop(item.id, None)
        if r.quiet:
            r.floor.unsettled[QUIET] = None
        if item.watched:
            item.watched = False
            r.deadlines.cancel(("item", item.id))
        if queue.announce_us is not None:
            r.deadlines.cancel(("announce", item.id))
        if item.paused:
            item.paused = False
            r.deadlines.cancel(("pause", item.id))
        if item.retrying:
            item.retrying = False
            r.deadlines.cancel(("retry", item.id))
    elif item.state == SCHEDULED:
        r.deadlines.cancel(("schedule", item.id))
        if item.schedule is not None and item.schedule[2] in r.queues:
            queue = r.queues[item.schedule[2]]
            queue.quiet.pop(item.id, None)
            if not queue.quiet:
                r.quiet.pop(queue.id, None)
        item.schedule = None
    elif item.state == CREATED:
        r.unrouted.pop(item.id, None)
    item.target = None


def forget_tries(r: Routing, item: ItemRecord) -> None:
    """Another queue: who declined there may be asked here."""
    for agent in item.declined or ():
        if agent in r.agents:
            r.agents[agent].declined.pop(item.id, None)
    item.declined = None
    if item.expired:
        item.expired = NONE


def item_placed(r: Routing, e: ItemPlaced, at: int) -> None:
    item = r.items[e.item]
    item.tier, item.score, item.arrival = e.tier, e.score, e.arrival
    r.floor.place(item)


def arrivals_ordered(r: Routing, e: ArrivalsOrdered, at: int) -> None:
    items = [r.items[id] for id in e.items]
    for item, arrival in zip(items, sorted(item.arrival for item in items), strict=True):
        item.arrival = arrival
        r.floor.place(item)


def item_relaxed(r: Routing, e: ItemRelaxed, at: int) -> None:
    item = r.items[e.item]
    item.phase = Phase(e.step, e.ring, e.delay_us, e.ttl_us, e.preferring)
    if item.declined:
        forget_elapsed_declines(r, item, at)
    r.floor.place(item)
    r.review(item, at)


def forget_elapsed_declines(r: Routing, item: ItemRecord, at: int) -> None:
    assert item.declined is not None
    for agent, retry in list(item.declined.items()):
        if retry is not None and retry <= at:
            del item.declined[agent]
            r.agents[agent].declined.pop(item.id, None)


def item_changed(r: Routing, e: ItemChanged, at: int) -> None:
    item = r.items[e.item]
    item.version += 1
    if e.priority is not None:
        item.priority = e.priority
    if e.requirement is not None:
        item.requirement = e.requirement
    if e.drop_steps:
        item.unstepped = True
    if e.attributes is not None:
        item.attributes = e.attributes
    if e.due_us is not None:
        item.due_us = e.due_us
    if e.entered_us is not None:
        item.entered_us = e.entered_us
    if e.expedited is not None:
        item.expedited = e.expedited
    if e.tier is not None and e.score is not None:
        item.tier, item.score = e.tier, e.score
    if item.queue is not None and item.state in IN_QUEUE:
        if e.entered_us is not None and item.queue.delays:
            item.phase = phase_at(item, item.queue, at)
        r.floor.place(item)
        r.review(item, at)


def item_unrouted(r: Routing, e: ItemUnrouted, at: int) -> None:
    item = r.items[e.item]
    leave_place(r, item)
    item.state = CREATED
    item.queue = None
    r.unrouted[item.id] = item


def item_parked(r: Routing, e: ItemParked, at: int) -> None:
    item = r.items[e.item]
    leave_place(r, item)
    item.state = PARKED
    item.target = e.target
    item.version += 1


def item_scheduled(r: Routing, e: ItemScheduled, at: int) -> None:
    item = r.items[e.item]
    leave_place(r, item)
    item.state = SCHEDULED
    item.version += 1
    item.schedule = (e.until_us, e.when_quiet, e.queue, e.keep_entered)
    if e.until_us is not None:
        r.deadlines.set(("schedule", item.id), e.until_us)
    if e.when_quiet is not None:
        queue = r.quiet[e.queue] = r.queues[e.queue]
        queue.quiet[item.id] = item
        r.floor.unsettled[QUIET] = None


def item_ended(r: Routing, e: ItemEnded, at: int) -> None:
    item = r.items[e.item]
    leave_place(r, item)
    item.state = e.state
    item.version += 1
    finish(r, item, at)


def finish(r: Routing, item: ItemRecord, at: int) -> None:
    """The item has ended: nothing in memory points to it any more but the table and the list of ended ones."""
    if item.declined or item.expired:
        forget_tries(r, item)
    item.ended_us = at
    r.ended.append((at, item.id))
    if len(r.ended) == 1:
        r.deadlines.set(("evict", ""), at + EVICTION_US)


def item_closed(r: Routing, e: ItemClosed, at: int) -> None:
    r.items[e.item].state = CLOSED


def items_evicted(r: Routing, e: ItemsEvicted, at: int) -> None:
    for id in e.items:
        del r.items[id]
    ended = r.ended
    while ended and ended[0][0] <= e.before_us:
        ended.popleft()
    if ended:
        r.deadlines.set(("evict", ""), ended[0][0] + EVICTION_US)
    else:
        r.deadlines.cancel(("evict", ""))


def escalation_fired(r: Routing, e: EscalationFired, at: int) -> None:
    item = r.items[e.item]
    item.fired = item.fired | {e.rule}
    r.review(item, at)


def escalation_postponed(r: Routing, e: EscalationPostponed, at: int) -> None:
    item = r.items[e.item]
    item.postponed = {**(item.postponed or {}), e.rule: e.until_us}
    r.review(item, at)


def announcement_due(r: Routing, e: AnnouncementDue, at: int) -> None:
    """A position that was told is told again after the same while."""
    every = r.queues[e.queue].announce_us
    if e.kind == "position" and every is not None:
        r.deadlines.set(("announce", e.item), at + every)


def noted(r: Routing, e: object, at: int) -> None:
    """An event that tells something and changes nothing."""


APPLIERS: dict[type, Callable[[Routing, Any, int], None]] = {
    ItemSubmitted: item_submitted,
    ItemQueued: item_queued,
    ItemPlaced: item_placed,
    ArrivalsOrdered: arrivals_ordered,
    ItemRelaxed: item_relaxed,
    ItemChanged: item_changed,
    ItemUnrouted: item_unrouted,
    ItemParked: item_parked,
    ItemScheduled: item_scheduled,
    ItemEnded: item_ended,
    ItemClosed: item_closed,
    ItemsEvicted: items_evicted,
    EscalationFired: escalation_fired,
    EscalationPostponed: escalation_postponed,
    EscalationFailed: noted,
    AlertRaised: noted,
    AnnouncementDue: announcement_due,
    FunctionFailed: noted,
}
