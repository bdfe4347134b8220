"""Statuses: changing them by hand, suspending and resuming, what they hold of an agent's room."""

from __future__ import annotations

from datetime import datetime

from switchroom.durations import to_micros
from switchroom.errors import InvalidInput, NotAllowed, SwitchroomError, VersionMismatch
from switchroom.kernel.transaction import Transaction
from switchroom.routing import placing, transfers
from switchroom.routing import work as routing_work
from switchroom.routing.fields import to_text
from switchroom.routing.lifecycle import IN_QUEUE, PARKED
from switchroom.routing.records import AssignmentRecord
from switchroom.workitems import access
from switchroom.workitems.events import WorkEscalationFailed, WorkStatusChanged
from switchroom.workitems.model import CLOSED, IN_PROGRESS, OPEN, WAITING, Status
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems

RULE, SOURCE = "rule", "source"
"""Origins of a change: the clock or a rule; the system that the work came from."""


def require_version(work: WorkRecord, expected: int | None) -> None:
    """Refuse if the work has changed since the caller read it."""
    if expected is not None and work.version != expected:
        raise VersionMismatch("work", work.id, expected, work.version)


def require_open(work: WorkRecord, operation: str) -> None:
    """Refuse what closed work does not allow."""
    if work.closed:
        raise NotAllowed(operation, "work", work.id, f"closed ({work.status.id})")


def require_status(work: WorkRecord, to: str) -> Status:
    """The status that is to follow; refused with the rule of the worktype if it may not."""
    status = work.spec.status(to)
    if status is None:
        known = ", ".join(s.id for s in work.spec.statuses)
        raise InvalidInput("status", "unknown", to, hint=f"worktype {work.spec.id} has {known}")
    if not work.spec.allows(work.status.id, to):
        following = ", ".join(work.spec.following(work.status.id)) or "nothing"
        rule = f"{work.status.id}, which in worktype {work.spec.id} is followed by {following}"
        raise NotAllowed(f"set to {to}", "work", work.id, rule)
    return status


def set_status(
    tx: Transaction,
    w: WorkItems,
    id: str,
    to: str,
    by: str,
    reason: str,
    origin: str,
    expected_version: int | None,
) -> None:
    """Move work to a status that does not close or reopen it. Refused with the rule that forbids it."""
    work = w.work(id)
    require_version(work, expected_version)
    status = require_status(work, to)
    if (status.category == CLOSED) != work.closed:
        raise NotAllowed(f"set to {to}", "work", id, "to be closed and reopened by complete, cancel and reopen")
    enter(tx, w, work, status, by, to_text(reason), origin)


def enter(
    tx: Transaction,
    w: WorkItems,
    work: WorkRecord,
    status: Status,
    by: str = "",
    reason: str = "",
    origin: str = "",
    until_us: int | None = None,
) -> None:
    """Change the status, and with it the place: work that begins to wait leaves its queue, work that goes on returns;
    in an agent's hand it takes the room that the status says. Refuses (before anything happened) if a queue does."""
    pauses = status.category == WAITING and in_queue(w, work)
    goes_on = work.status.category == WAITING and status.category != WAITING and suspended(w, work)
    shelf = _shelf(w, work) if goes_on else None
    if goes_on and shelf is None:
        placing.destination(w.routing, w.routing.queue(placing.home(w.routing.items[work.item])))
    wake = work.status.wake
    tx.emit(WorkStatusChanged(work.id, status.id, by, origin, reason, until_us))
    if pauses:
        routing_work.suspend(tx, w.routing, work.item, reason or status.id)
    elif shelf is not None:
        routing_work.park_in(tx, w.routing, work.item, shelf, reason)
    elif goes_on:
        routing_work.resume(tx, w.routing, work.item, None, None)
    else:
        take_room(tx, w, work, wake)


def _shelf(w: WorkItems, work: WorkRecord) -> str | None:
    """The workbin in which work that never was in a queue goes on."""
    item = w.routing.items[work.item]
    if item.queue is not None or item.work.queue is not None or work.spec.workbin is None:
        return None
    return f"{access.WORKBIN}:{access.resolve(w, work.spec.workbin, work)}"


def take_room(tx: Transaction, w: WorkItems, work: WorkRecord, wake: str) -> None:
    """Hold the share of the agent's room that the status says. Work that wakes while its agent is full goes over
    capacity for that agent only, or back to where it came from, as the status that it leaves says."""
    assignment = hand(w, work)
    if assignment is None or assignment.share == work.status.room:
        return
    stays = wake == "agent" or assignment.queue is not None
    transfers.hold(tx, w.routing, assignment.id, work.status.room, None, over_capacity=stays and wake == "agent")


def hand(w: WorkItems, work: WorkRecord) -> AssignmentRecord | None:
    """The assignment of the agent who has the work in hand; None also in after-call work."""
    item = w.routing.items.get(work.item)
    assignment = None if item is None else item.assignment
    return None if assignment is None or assignment.wrapping else assignment


def in_queue(w: WorkItems, work: WorkRecord) -> bool:
    """Whether the work waits in a queue."""
    item = w.routing.items.get(work.item)
    return item is not None and item.state in IN_QUEUE


def suspended(w: WorkItems, work: WorkRecord) -> bool:
    """Whether the work is set aside out of a queue, and in no target."""
    item = w.routing.items.get(work.item)
    return item is not None and item.state == PARKED and item.target is None


# -- suspending


def suspend(tx: Transaction, w: WorkItems, id: str, until: datetime | None, by: str, reason: str, origin: str) -> None:
    """Set work aside: it enters the first waiting status, until an instant or until it is resumed."""
    work = w.work(id)
    require_open(work, "suspend")
    waiting = next((s for s in work.spec.statuses if s.category == WAITING), None)
    if waiting is None:
        raise NotAllowed("suspend", "work", id, f"of worktype {work.spec.id}, which has no waiting status")
    require_status(work, waiting.id)
    until_us = None if until is None else to_micros(until, field="until")
    if until_us is not None and until_us <= tx.now:
        raise InvalidInput("until", "past", until, hint="must lie in the future")
    enter(tx, w, work, waiting, by, to_text(reason), origin, until_us)


def resume(tx: Transaction, w: WorkItems, id: str, by: str, reason: str, origin: str) -> None:
    """Let work that waits go on: in the hand of the agent who kept it, else in the queue or workbin it came from."""
    work = w.work(id)
    if work.status.category != WAITING:
        raise NotAllowed("resume", "work", id, work.status.id)
    enter(tx, w, work, require_status(work, wakened(w, work)), by, to_text(reason), origin)


def wakened(w: WorkItems, work: WorkRecord) -> str:
    """The status in which suspended work goes on."""
    return work.spec.first(OPEN if hand(w, work) is None else IN_PROGRESS).id


def move(tx: Transaction, w: WorkItems, work: WorkRecord, to: str, reason: str) -> None:
    """Change a status from within a timer, where nothing may be refused. If a queue takes nobody now or the worktype
    has no such way, the work stays where it is, an event says why, and it waits for a person."""
    try:
        enter(tx, w, work, require_status(work, to), reason=reason, origin=RULE)
    except SwitchroomError as refusal:
        tx.emit(WorkEscalationFailed(work.id, reason, refusal.message))
        tx.emit(WorkStatusChanged(work.id, work.status.id, origin=RULE, reason=reason))
