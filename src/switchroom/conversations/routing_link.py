"""How conversations speak to routing and hear from it.

A conversation waits as an item of its own for each stay: the first has the conversation's id, later ones
``id.2``, ``id.3``. So every stay is one interaction in the reports, and a reopened conversation needs no item that has
left memory long ago.
"""

from __future__ import annotations

from switchroom.conversations.events import (
    ConversationClosed,
    ConversationLetGo,
    ConversationRouted,
    ConversationTaken,
)
from switchroom.conversations.records import OPEN, ConversationRecord
from switchroom.conversations.state import Conversations
from switchroom.errors import SwitchroomError
from switchroom.kernel.transaction import Transaction
from switchroom.routing import after_call, transfers, work
from switchroom.routing.events import (
    AssignmentReleased,
    ItemAssigned,
    ItemCompleted,
    ItemEnded,
    OfferAccepted,
)
from switchroom.routing.lifecycle import FINAL, PARKED, SCHEDULED
from switchroom.routing.model import ANYONE, Preferred, Presence, WorkItem
from switchroom.routing.requirements import Requirement

MESSAGE = "message"


def route(
    tx: Transaction,
    c: Conversations,
    record: ConversationRecord,
    queue: str | None,
    priority: int = 0,
    requirement: Requirement = ANYONE,
    preferred: Preferred | None = None,
    script: str = "",
) -> None:
    """Let a conversation wait in a queue. If the queue refuses, the item waits for a person: nothing is lost."""
    item = record.id if record.stay == 1 else f"{record.id}.{record.stay}"
    number = 1
    base = item
    while item in c.routing.items:
        number += 1
        item = f"{base}-{number}"
    spec = WorkItem(
        item,
        queue=queue,
        medium=MESSAGE,
        channel=record.channel,
        priority=priority,
        requirement=requirement,
        contact=record.contact,
        preferred=preferred,
        division=record.line.division,
    )
    tx.emit(ConversationRouted(record.id, item, script or record.line.script))
    try:
        work.submit(tx, c.routing, spec)
    except SwitchroomError:
        # Full, closed or gone: without a queue of its own the item is held where everybody sees it.
        work.submit(tx, c.routing, WorkItem(item, medium=MESSAGE, channel=record.channel, contact=record.contact))


def reopen(tx: Transaction, c: Conversations, record: ConversationRecord) -> None:
    """A reopened conversation prefers its last agent for a while; then everybody, or its flow."""
    line = record.line
    agent = record.last_agent
    there = agent is not None and agent in c.routing.agents
    present = there and agent is not None and c.routing.agents[agent].presence == Presence.ON_QUEUE
    if line.flow is not None and (line.reopen_flow == "always" or (line.reopen_flow == "if_absent" and not present)):
        return  # the flow begins with the reaction to the reopening
    preferred = None
    if agent is not None and present:
        preferred = Preferred([agent], wait=line.last_agent_wait)
    route(tx, c, record, line.queue, line.priority, line.requirement, preferred)


def wake(tx: Transaction, c: Conversations, record: ConversationRecord) -> None:
    """The customer has written: the conversation takes its whole room again; one that was set aside waits again."""
    item = c.routing.items.get(record.item or "")
    if item is not None and (item.state == SCHEDULED or (item.state == PARKED and item.target is None)):
        try:
            work.resume(tx, c.routing, item.id, None, None)
        except SwitchroomError:
            return  # its queue takes nobody now: it stays where it is, and a person may still resume it
    assignment = c.routing.assignments.get(record.assignment or "")
    if assignment is not None and assignment.share < 1.0 and not assignment.wrapping:
        transfers.hold(tx, c.routing, assignment.id, 1.0, None)


def wait_for_customer(tx: Transaction, c: Conversations, record: ConversationRecord) -> None:
    """The agent has answered: the conversation holds the share of room that its line says."""
    assignment = c.routing.assignments.get(record.assignment or "")
    share = record.line.waiting_share
    if assignment is not None and share != assignment.share and not assignment.wrapping:
        transfers.hold(tx, c.routing, assignment.id, share, None)


def close(tx: Transaction, c: Conversations, record: ConversationRecord, reason: str, code: str | None) -> None:
    """End a conversation: work in hand is completed (after-call work may follow), waiting work is cancelled."""
    item = record.item
    if record.assignment is not None:
        # The reaction to the completion finds the conversation closed, so the reason stands as given.
        assignment = record.assignment
        after_call.check_code(c.routing.assignment(assignment), code, final=False)
        _closed(tx, record, reason, code)
        after_call.complete(tx, c.routing, assignment, None, code, "", False)
        return
    _closed(tx, record, reason, code)
    waiting = None if item is None else c.routing.items.get(item)
    if waiting is not None and waiting.state not in FINAL:
        work.cancel(tx, c.routing, waiting.id, reason)


def _closed(tx: Transaction, record: ConversationRecord, reason: str, code: str | None) -> None:
    tx.emit(ConversationClosed(record.id, reason, code, record.last_agent, record.queue))


# -- reactions to routing


def taken(c: Conversations, tx: Transaction, e: OfferAccepted | ItemAssigned) -> None:
    """An agent has it."""
    record = _record(c, e.item)
    if record is not None and record.state == OPEN:
        id = e.offer if isinstance(e, OfferAccepted) else e.assignment
        assignment = c.routing.assignments.get(id)
        if assignment is not None:
            queue = assignment.queue
            tx.emit(ConversationTaken(record.id, e.agent, id, None if queue is None else queue.id))


def let_go(c: Conversations, tx: Transaction, e: AssignmentReleased) -> None:
    """The agent has it no more, and somebody else will."""
    record = _record(c, e.item)
    if record is not None and record.assignment == e.assignment:
        tx.emit(ConversationLetGo(record.id, e.agent))


def completed(c: Conversations, tx: Transaction, e: ItemCompleted) -> None:
    """The agent has completed the work: the conversation is closed."""
    record = _record(c, e.item)
    if record is not None and record.state == OPEN:
        _closed(tx, record, "completed", e.code)


def ended(c: Conversations, tx: Transaction, e: ItemEnded) -> None:
    """Cancelled, abandoned or timed out while waiting: the conversation is closed."""
    record = _record(c, e.item)
    if record is not None and record.state == OPEN:
        _closed(tx, record, e.reason or e.state, None)


def _record(c: Conversations, item: str) -> ConversationRecord | None:
    id = c.by_item.get(item)
    return None if id is None else c.conversations[id]
