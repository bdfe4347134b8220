"""After-call work: when it begins, when it ends, and how long it may last."""

from __future__ import annotations

from switchroom.errors import InvalidInput, NotAllowed, NotYours
from switchroom.kernel.transaction import Transaction
from switchroom.routing.events import AfterCallEnded, AssignmentReleased, ItemCompleted
from switchroom.routing.fields import micros
from switchroom.routing.records import AssignmentRecord
from switchroom.routing.state import Routing


def begins(assignment: AssignmentRecord, asked: bool) -> bool:
    """Whether after-call work follows this assignment."""
    queue = assignment.queue
    if assignment.agent.spec.wrap_up is not None:
        return True
    if queue is None:
        return False
    mode = queue.spec.after_call_work.mode
    return asked if mode == "optional" else mode != "none"


def limit(tx: Transaction, assignment: AssignmentRecord) -> int | None:
    """The instant at which after-call work that begins now ends by itself, or None."""
    queue, own = assignment.queue, assignment.agent.spec.wrap_up
    if own is not None:
        return tx.now + max(1, micros(own))
    if queue is None or queue.spec.after_call_work.mode not in ("timed", "forced"):
        return None
    longest = queue.spec.after_call_work.limit
    return None if longest is None else tx.now + max(1, micros(longest))


def check_code(assignment: AssignmentRecord, code: str | None, final: bool) -> None:
    """Refuse a wrap-up code that the queue does not have; at the end of the work, a missing one that it requires."""
    queue = assignment.queue
    if queue is None:
        return
    codes = queue.spec.wrap_up_codes
    if code is not None and codes and code not in codes:
        raise InvalidInput("code", "unknown", code, hint=f"one of the queue's wrap-up codes: {', '.join(codes)}")
    if final and code is None and queue.spec.wrap_up_required:
        raise InvalidInput("code", "missing", hint=f"queue {queue.id} requires one of {', '.join(codes)}")


def complete(
    tx: Transaction,
    r: Routing,
    assignment_id: str,
    agent: str | None,
    code: str | None,
    note: str,
    after_call: bool,
) -> None:
    """The work is done. After-call work begins if the queue says so, or if asked for where it is optional."""
    assignment = r.assignments.get(assignment_id)
    if assignment is None:
        assignment = r.assignment(assignment_id)
    if agent is not None and agent != assignment.agent.id:
        raise NotYours("assignment", assignment_id, agent)
    if assignment.wrapping:
        raise NotAllowed("complete", "assignment", assignment_id, "in after-call work")
    item = assignment.item
    if item.offers:
        raise NotAllowed("complete", "item", item.id, "being transferred")
    wrapping = begins(assignment, after_call)
    if code is not None or not wrapping:
        check_code(assignment, code, final=not wrapping)
    r.completing(item, code, not wrapping)
    limit_us = limit(tx, assignment) if wrapping else None
    tx.emit(ItemCompleted(item.id, assignment_id, assignment.agent.id, wrapping, code, note, limit_us))


def finish(
    tx: Transaction, r: Routing, assignment_id: str, agent: str | None, code: str | None, note: str = ""
) -> None:
    """The agent ends after-call work. Timed after-call work ends by itself only."""
    assignment = r.assignment(assignment_id)
    if agent is not None and agent != assignment.agent.id:
        raise NotYours("assignment", assignment_id, agent)
    if not assignment.wrapping:
        raise NotAllowed("end the after-call work of", "assignment", assignment_id, "not in after-call work")
    if assignment.queue is not None and assignment.queue.spec.after_call_work.mode == "timed":
        raise NotAllowed("end the after-call work of", "assignment", assignment_id, "timed: it ends by itself")
    code = code if code is not None else assignment.code
    check_code(assignment, code, final=assignment.item.assignment is assignment)
    if assignment.item.assignment is assignment:
        r.completing(assignment.item, code, True)
    _end(tx, assignment, code, "agent", note)


def lapse(tx: Transaction, r: Routing, assignment_id: str) -> None:
    """Timer: timed or forced after-call work is over; a code not given stays missing, and the event says so."""
    assignment = r.assignments[assignment_id]
    _end(tx, assignment, assignment.code, "limit")


def _end(tx: Transaction, assignment: AssignmentRecord, code: str | None, cause: str, note: str = "") -> None:
    tx.emit(AfterCallEnded(assignment.item.id, assignment.id, assignment.agent.id, code, cause, note))


def release_sender(
    tx: Transaction, assignment: AssignmentRecord, reason: str = "transferred", after_call: bool = False
) -> None:
    """The agent has handed the item on: to after-call work, where the queue has it, or was asked for it."""
    wrapping = begins(assignment, after_call)
    limit_us = limit(tx, assignment) if wrapping else None
    tx.emit(AssignmentReleased(assignment.item.id, assignment.id, assignment.agent.id, reason, wrapping, limit_us))
