"""The end of work: completed, cancelled, expired; and its reopening."""

from __future__ import annotations

from datetime import datetime

from switchroom.durations import to_micros
from switchroom.errors import InvalidInput, NotAllowed, NotYours
from switchroom.kernel.transaction import Transaction
from switchroom.routing import after_call
from switchroom.routing import work as routing_work
from switchroom.routing.fields import to_text
from switchroom.routing.lifecycle import FINAL, allows
from switchroom.routing.model import Preferred, Presence, WorkItem
from switchroom.routing.records import ItemRecord
from switchroom.workitems.access import WORKBIN
from switchroom.workitems.events import WorkBinned, WorkClosed, WorkReopened
from switchroom.workitems.model import CLOSED, OPEN
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems
from switchroom.workitems.statuses import SOURCE, hand, require_open, require_status, require_version

COMPLETED, CANCELLED, EXPIRED = "completed", "cancelled", "expired"


def check_code(work: WorkRecord, code: str | None, final: bool) -> None:
    """Refuse a wrap-up code that the worktype does not have, and at the end a missing one that it requires."""
    codes = work.spec.wrap_up_codes
    if code is not None and codes and code not in codes:
        raise InvalidInput("code", "unknown", code, hint=f"one of worktype {work.spec.id}: {', '.join(codes)}")
    if final and code is None and work.spec.wrap_up_required:
        raise InvalidInput("code", "missing", hint=f"worktype {work.spec.id} requires one of {', '.join(codes)}")


def may_complete(w: WorkItems, item: ItemRecord, code: str | None, final: bool) -> None:
    """Asked by routing before an agent completes an item: the rules of the worktype hold there, too."""
    work = w.of_item(item.id)
    if work is None:
        return
    if not work.closed:
        require_status(work, work.spec.closed_as(COMPLETED).id)
    check_code(work, code, final)


def complete(
    tx: Transaction,
    w: WorkItems,
    id: str,
    agent: str | None,
    code: str | None,
    note: str,
    origin: str,
    expected_version: int | None,
) -> None:
    """Complete work: in an agent's hand as that agent's, elsewhere wherever it is.

    Refused if the status does not allow it, to others than the agent who has it, and for codes that do not fit; the
    source need give no code.
    """
    work = w.work(id)
    require_open(work, "complete")
    require_version(work, expected_version)
    status = require_status(work, work.spec.closed_as(COMPLETED).id)
    check_code(work, code, final=origin != SOURCE)
    held = hand(w, work)
    if held is not None and agent is not None and held.agent.id != agent:
        raise NotYours("work", id, agent)
    if held is not None and origin != SOURCE:
        after_call.complete(tx, w.routing, held.id, agent, code, to_text(note), False)
    else:
        withdraw(tx, w, work, "completed by the source" if origin == SOURCE else "completed")
    tx.emit(WorkClosed(id, status.id, COMPLETED, code, note, agent or "", origin, work.journey))


def cancel(
    tx: Transaction, w: WorkItems, id: str, reason: str, by: str, origin: str, expected_version: int | None = None
) -> None:
    """Withdraw work, wherever it is; refused if its status does not allow that."""
    work = w.work(id)
    require_open(work, "cancel")
    require_version(work, expected_version)
    status = require_status(work, work.spec.closed_as(CANCELLED).id)
    withdraw(tx, w, work, to_text(reason) or CANCELLED)
    tx.emit(WorkClosed(id, status.id, CANCELLED, None, reason, by, origin, work.journey))


def end(tx: Transaction, w: WorkItems, work: WorkRecord, to: str, outcome: str, reason: str, origin: str) -> None:
    """Close work from within a timer: its item is withdrawn from wherever it is."""
    withdraw(tx, w, work, reason)
    tx.emit(WorkClosed(work.id, to, outcome, None, reason, "", origin, work.journey))


def withdraw(tx: Transaction, w: WorkItems, work: WorkRecord, reason: str) -> None:
    """End the item in routing, if it has not ended already. Refuses work that an agent is wrapping up."""
    item = w.routing.items.get(work.item)
    if item is not None and item.state not in FINAL:
        routing_work.cancel(tx, w.routing, item.id, reason)


def can_withdraw(w: WorkItems, work: WorkRecord) -> bool:
    """Whether ``withdraw`` would not be refused."""
    item = w.routing.items.get(work.item)
    return item is None or item.state in FINAL or allows(item.state, "cancel")


# -- reopening


def reopen(
    tx: Transaction,
    w: WorkItems,
    id: str,
    to: str | None,
    due: datetime | None,
    by: str,
    reason: str,
    origin: str,
) -> None:
    """Let closed work go on: in the queue or workbin that it was in last, preferring its last agent for a moment.

    Its service level starts anew, and so do dates by rule. Refused if its status does not allow that.
    """
    work = w.work(id)
    if not work.closed:
        raise NotAllowed("reopen", "work", id, work.status.id)
    status = require_status(work, to or work.spec.first(OPEN).id)
    if status.category == CLOSED:
        raise NotAllowed("reopen", "work", id, f"to be closed in {status.id}")
    spec, now = work.spec, tx.now
    due_us = None if due is None else to_micros(due, field="due")
    if due_us is None and spec.due is not None:
        due_us = w.instant(spec.due, now)
    item = f"{id}.{work.stay + 1}"
    bin = _submit_again(tx, w, work, item)
    expires_us = None if spec.expires is None else w.instant(spec.expires, now)
    tx.emit(WorkReopened(id, item, status.id, now, due_us, expires_us, by, origin, to_text(reason)))
    if bin is not None:
        tx.emit(WorkBinned(id, bin, work.priority, by, "reopened"))


def _submit_again(tx: Transaction, w: WorkItems, work: WorkRecord, item: str) -> str | None:
    """A new item in routing; returns the workbin that it is in, if it is in one."""
    kind, _, name = work.home.partition(":")
    if kind == "queue" and name not in w.routing.queues:
        kind, name = "", ""
    queue = name if kind == "queue" else None
    bin = name if kind == WORKBIN else None
    if not kind:
        queue, bin = work.spec.queue, work.spec.workbin
    last = w.routing.agents.get(work.last_agent or "")
    prefer = last is not None and queue is not None and last.presence == Presence.ON_QUEUE
    spec = WorkItem(
        item,
        queue=queue,
        target=None if bin is None else f"{WORKBIN}:{bin}",
        medium=work.spec.medium,
        requirement=work.requirement,
        priority=work.priority,
        attributes=work.attributes,
        contact=work.contact,
        division=work.division,
        preferred=Preferred([last.id]) if prefer and last is not None else None,
    )
    try:
        w.expecting = item
        routing_work.submit(tx, w.routing, spec, None)
    finally:
        w.expecting = None
    return bin
