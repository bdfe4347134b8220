"""Where conversations and work meet: a conversation creates work, and the outcome comes back to it.

The two know nothing of each other. A journey is an id that both carry: that of the conversation with which it began, or
any other that the embedder gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from switchroom.consent.model import REPLY
from switchroom.conversations.events import NoteAdded
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.records import OPEN
from switchroom.conversations.sending import check_window, send
from switchroom.conversations.state import Conversations
from switchroom.errors import SwitchroomError
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.transaction import Transaction
from switchroom.messaging import templates
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Text
from switchroom.routing.fields import Fact
from switchroom.routing.model import WorkItem
from switchroom.workitems.closing import COMPLETED
from switchroom.workitems.events import WorkClosed, WorkEscalationFailed
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems
from switchroom.workitems.submitting import submit
from switchroom.workitems.views import facts_of

OUTCOME = "outcome"
"""The author of what is sent and noted in a conversation when its work is closed."""


def join(kernel: Kernel, c: Conversations, f: Flows, w: WorkItems) -> None:
    """Let flows create work, and conversations hear of its outcome."""
    f.create_work = partial(create, w)
    listen = w.activate

    def activate() -> None:
        listen()
        kernel.on(WorkClosed, partial(closed, c, w))

    w.activate = activate


def create(
    w: WorkItems, tx: Transaction, worktype: str, journey: str, contact: str | None, attributes: Mapping[str, Fact]
) -> str:
    """Work that a conversation causes: it carries contact and journey. Refuses what the worktype does."""
    return submit(tx, w, WorkItem(worktype=worktype, journey=journey, contact=contact, attributes=attributes), None, "")


def closed(c: Conversations, w: WorkItems, tx: Transaction, e: WorkClosed) -> None:
    """Reaction: the conversation gets a note of the outcome, and its customer the text that the worktype has for it.

    A text that may not be sent, because the customer has opted out say, is told by an event.
    """
    record = c.conversations.get(e.journey or "")
    work = w.works.get(e.work)
    if record is None or work is None:
        return
    said = f"{work.spec.id} {e.work}: {e.outcome}" + (f" ({e.code})" if e.code else "")
    tx.emit(NoteAdded(record.id, OUTCOME, said))
    if e.outcome != COMPLETED or not work.spec.outcome_text or record.state != OPEN:
        return
    try:
        text = Text(templates.render(work.spec.outcome_text, outcome_facts(w, work, e, tx.now)))
        check_window(tx, c, record, text, person=False)
        send(tx, c, record.line, Address(record.channel, record.theirs), text, REPLY, OUTCOME, record.id)
    except SwitchroomError as refusal:
        tx.emit(WorkEscalationFailed(work.id, OUTCOME, refusal.message))


def outcome_facts(w: WorkItems, work: WorkRecord, e: WorkClosed, now: int) -> dict[str, Fact]:
    """What the text of an outcome may name."""
    return {**facts_of(w, work, now), "work": work.id, "outcome": e.outcome, "code": e.code or ""}
