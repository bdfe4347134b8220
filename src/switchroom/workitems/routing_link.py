"""How work hears from routing: after whatever moved its item, the record follows.

Each reaction compares the record with the item as it is now and tells what is different, so that it does not matter
which operation, rule or agent moved the item, and what an operation of work has told itself is not told twice.
"""

from __future__ import annotations

from switchroom.kernel.transaction import Transaction
from switchroom.routing import work as routing_work
from switchroom.routing.events import AfterCallEnded, ItemCompleted, ItemEnded
from switchroom.routing.fields import Fact
from switchroom.routing.lifecycle import FINAL, IN_QUEUE, PARKED, TIMED_OUT, WRAPPING
from switchroom.routing.records import ItemRecord
from switchroom.workitems import sla
from switchroom.workitems.access import WORKBIN
from switchroom.workitems.changing import with_added
from switchroom.workitems.closing import CANCELLED, COMPLETED, EXPIRED
from switchroom.workitems.events import (
    WorkChanged,
    WorkClosed,
    WorkCoded,
    WorkReleased,
    WorkStatusChanged,
    WorkTaken,
    WorkUnbinned,
)
from switchroom.workitems.model import IN_PROGRESS, OPEN, WAITING
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems
from switchroom.workitems.statuses import hand, take_room


def moved(w: WorkItems, tx: Transaction, e: object) -> None:
    """Reaction to everything that moves or changes an item."""
    work = w.of_item(e.item)  # type: ignore[attr-defined]
    if work is None or work.closed:
        return
    item = w.routing.items[work.item]
    if item.state in FINAL or item.state == WRAPPING:
        return  # the reaction to its end follows
    _follow_hand(tx, w, work)
    _follow_place(tx, w, work, item)
    _follow_values(tx, work, item)
    if item.state in IN_QUEUE:
        sla.rise(tx, w, work)


def _follow_hand(tx: Transaction, w: WorkItems, work: WorkRecord) -> None:
    """Who has it. Work in hand is in progress; work that an agent gave up is open again."""
    held = hand(w, work)
    now = None if held is None else held.id
    if work.assignment is not None and work.assignment != now:
        tx.emit(WorkReleased(work.id, work.agent or ""))
        if work.status.category == IN_PROGRESS and held is None:
            _enter_first(tx, work, OPEN)
    if held is not None and work.assignment != now:
        tx.emit(WorkTaken(work.id, held.agent.id, held.id))
    if (held is not None and work.status.category == OPEN) or (held is not None and work.status_us < held.at_us):
        wake = work.status.wake
        if work.status.category != IN_PROGRESS:
            _enter_first(tx, work, IN_PROGRESS)
        take_room(tx, w, work, wake)


def _enter_first(tx: Transaction, work: WorkRecord, category: str) -> bool:
    """Enter the first status of a category, if there is one and the worktype allows it from here."""
    for status in work.spec.statuses:
        if status.category == category:
            if work.spec.allows(work.status.id, status.id):
                tx.emit(WorkStatusChanged(work.id, status.id, work.agent or ""))
                return True
            return False
    return False


def _follow_place(tx: Transaction, w: WorkItems, work: WorkRecord, item: ItemRecord) -> None:
    """Where it is. What enters a queue goes on; what may not go on is set aside again."""
    if work.bin is not None and item.target != f"{WORKBIN}:{work.bin.id}":
        queue = item.queue.id if item.state in IN_QUEUE and item.queue is not None else None
        tx.emit(WorkUnbinned(work.id, work.bin.id, queue))
    category = work.status.category
    if item.state in IN_QUEUE and category == WAITING and not _enter_first(tx, work, OPEN):
        routing_work.suspend(tx, w.routing, item.id, work.status.id)
    elif item.state == PARKED and item.target is None and category != WAITING:
        _enter_first(tx, work, WAITING)


def _follow_values(tx: Transaction, work: WorkRecord, item: ItemRecord) -> None:
    """Priority, attributes and due date that a rule or operation of routing has changed."""
    priority = None
    if item.priority != with_added(work.priority, work.added):
        priority = item.priority - work.added
    due_us = item.due_us if item.due_us != work.due_us else None
    fresh: dict[str, Fact] = {}
    gone: tuple[str, ...] = ()
    if item.attributes is not work.attributes:
        fresh = {k: v for k, v in item.attributes.items() if work.attributes.get(k) != v}
        gone = tuple(k for k in work.attributes if k not in item.attributes)
    if priority is not None or due_us is not None or fresh or gone:
        tx.emit(WorkChanged(work.id, fresh or None, gone, priority, due_us))


def completed(w: WorkItems, tx: Transaction, e: ItemCompleted) -> None:
    """An agent has completed the item."""
    work = w.of_item(e.item)
    if work is not None and not work.closed:
        status = work.spec.closed_as(COMPLETED).id
        tx.emit(WorkClosed(work.id, status, COMPLETED, e.code, e.note, e.agent, "", work.journey))


def ended(w: WorkItems, tx: Transaction, e: ItemEnded) -> None:
    """The item was cancelled, abandoned, or timed out in its queue."""
    work = w.of_item(e.item)
    if work is not None and not work.closed:
        outcome = EXPIRED if e.state == TIMED_OUT else CANCELLED
        status = work.spec.closed_as(outcome).id
        tx.emit(WorkClosed(work.id, status, outcome, None, e.reason or e.state, "", "", work.journey))


def after_call_ended(w: WorkItems, tx: Transaction, e: AfterCallEnded) -> None:
    """The wrap-up code came late."""
    work = w.of_item(e.item)
    if work is not None and work.closed and e.code is not None and e.code != work.code:
        tx.emit(WorkCoded(work.id, e.code))
