"""What the events of items do to the counters: a stay begins when an item enters a queue, and ends when it is answered,
ends, or goes elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.durations import Micros
from switchroom.reporting.cells import StayCell
from switchroom.reporting.contacts import NO_CONTACT
from switchroom.reporting.lines import NO_QUEUE, Hand
from switchroom.reporting.open_work import NOT_WAITING, OpenItem
from switchroom.reporting.state import State
from switchroom.routing.events import (
    AlertRaised,
    EscalationFired,
    ItemChanged,
    ItemClosed,
    ItemEnded,
    ItemParked,
    ItemQueued,
    ItemRelaxed,
    ItemScheduled,
    ItemsEvicted,
    ItemSubmitted,
    ItemUnrouted,
    QueueRemoved,
    QueueSaved,
)
from switchroom.routing.fields import micros


def queue_saved(s: State, at: Micros, e: QueueSaved) -> None:
    target = e.spec.service_level
    s.queues[e.queue] = e.spec
    s.lines.set_queue(e.queue, e.spec.requirement)
    if target is None:
        s.within_us.pop(e.queue, None)
    else:
        s.within_us[e.queue] = micros(target.within)


def queue_removed(s: State, at: Micros, e: QueueRemoved) -> None:
    del s.queues[e.queue]


def item_submitted(s: State, at: Micros, e: ItemSubmitted) -> None:
    s.intervals.present.counts.submitted += 1
    work = e.work
    item = s.items[e.item] = OpenItem(work, s.lines.of(NO_QUEUE, work, None))
    conversation, item.reopened = s.conversations.pop(e.item, ("", False))
    party = e.contact or conversation
    if party and work.medium not in NO_CONTACT:
        item.party = party
        item.once = not s.contacts.arrives(party, at)


def item_queued(s: State, at: Micros, e: ItemQueued) -> None:
    item = s.items[e.item]
    if item.since_us >= 0:
        _leave(s, at, item).moved += 1
    if e.cause == "transferred" and item.sender is not None:
        _handed_on(s, item.sender, "queue")
    line = item.line
    if line.queue != e.queue or item.requirement is not None:
        line = item.line = s.lines.of(e.queue, item.work, item.requirement)
    cell = s.intervals.present.stays[line]
    cell.offered += 1
    if e.cause == "submitted" and item.work.queue != e.queue and item.work.queue is not None:
        cell.overflowed += 1
    if item.completed or item.reopened:
        cell.reopened += 1
        item.completed = item.reopened = False
    item.since_us = at


def _handed_on(s: State, sender: Hand, kind: str) -> None:
    """Transfers to a queue or a target succeed at once, or are refused and leave no trace."""
    cell = s.intervals.present.hands[sender]
    cell.transfer(kind, "started")
    cell.transfer(kind, "completed")


def _leave(s: State, at: Micros, item: OpenItem) -> StayCell:
    """End the stay that an item is in without an answer."""
    cell = s.intervals.present.stays[item.line]
    wait = at - item.since_us
    item.since_us = NOT_WAITING
    cell.lost_us += wait
    if wait > cell.longest_us:
        cell.longest_us = wait
    return cell


def item_changed(s: State, at: Micros, e: ItemChanged) -> None:
    if e.requirement is not None:
        s.items[e.item].requirement = e.requirement


def item_ended(s: State, at: Micros, e: ItemEnded) -> None:
    item = s.items[e.item]
    if item.since_us < 0:
        return
    within = s.within_us.get(item.line.queue, -1)
    short = e.state == "abandoned" and at - item.since_us <= within
    cell = _leave(s, at, item)
    setattr(cell, e.state, getattr(cell, e.state) + 1)
    cell.short += short


def item_parked(s: State, at: Micros, e: ItemParked) -> None:
    item = s.items[e.item]
    if item.since_us >= 0:
        _leave(s, at, item).moved += 1
    if e.reason == "transferred" and e.target is not None and item.sender is not None:
        _handed_on(s, item.sender, "target")


def item_scheduled(s: State, at: Micros, e: ItemScheduled) -> None:
    item = s.items[e.item]
    if item.since_us >= 0:
        _leave(s, at, item).moved += 1


def item_unrouted(s: State, at: Micros, e: ItemUnrouted) -> None:
    item = s.items[e.item]
    if item.since_us >= 0:
        _leave(s, at, item).moved += 1
    s.intervals.present.counts.unrouted += 1


def item_closed(s: State, at: Micros, e: ItemClosed) -> None:
    s.items.pop(e.item, None)


def items_evicted(s: State, at: Micros, e: ItemsEvicted) -> None:
    for item in e.items:
        s.items.pop(item, None)


def item_relaxed(s: State, at: Micros, e: ItemRelaxed) -> None:
    s.intervals.present.counts.relaxed += 1


def escalation_fired(s: State, at: Micros, e: EscalationFired) -> None:
    if e.actions:
        s.intervals.present.stays[s.items[e.item].line].escalated += 1


def alert_raised(s: State, at: Micros, e: AlertRaised) -> None:
    s.intervals.present.counts.alerts += 1


TAKERS: dict[str, Callable[[State, Micros, Any], None]] = {
    "routing.queue_saved": queue_saved,
    "routing.queue_removed": queue_removed,
    "routing.item_submitted": item_submitted,
    "routing.item_queued": item_queued,
    "routing.item_changed": item_changed,
    "routing.item_ended": item_ended,
    "routing.item_parked": item_parked,
    "routing.item_scheduled": item_scheduled,
    "routing.item_unrouted": item_unrouted,
    "routing.item_closed": item_closed,
    "routing.items_evicted": items_evicted,
    "routing.item_relaxed": item_relaxed,
    "routing.escalation_fired": escalation_fired,
    "routing.alert_raised": alert_raised,
}
"""Event type -> what it does."""
