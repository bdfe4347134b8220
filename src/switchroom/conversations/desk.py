"""Operations of the people: reply, note, hold open, close; lines and contacts; delivery reports; closing by time."""

from __future__ import annotations

from collections.abc import Mapping

from switchroom.consent.model import REPLY
from switchroom.conversations import routing_link
from switchroom.conversations.events import (
    ContactSaved,
    ConversationsEvicted,
    HeldOpen,
    InactivityWarned,
    JourneyNoted,
    LineSaved,
    NoteAdded,
    SeenForgotten,
)
from switchroom.conversations.model import Contact, Line
from switchroom.conversations.records import OPEN, ConversationRecord
from switchroom.conversations.sending import check_window, send
from switchroom.conversations.state import SEEN_RETENTION_US, Conversations
from switchroom.conversations.threading import automatic_text
from switchroom.errors import DuplicateId, InvalidInput, NotAllowed, NotYours, UnknownId
from switchroom.kernel.limits import require_room
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Content, Text
from switchroom.routing.fields import Fact, to_facts, to_text

MAX_LINES = 100_000
MAX_CONTACTS = 20_000_000
"""Those that the center is told; an external directory may hold any number."""


def save_line(tx: Transaction, c: Conversations, spec: Line) -> None:
    """Add or change a line. Refuses an unknown queue or channel, and an address that another line has."""
    c.channel(spec.address.channel)
    if spec.queue is not None:
        c.routing.queue(spec.queue)
    owner = c.by_address.get(f"{spec.address.channel}:{spec.address.value}")
    if owner is not None and owner != spec.id:
        raise DuplicateId("line address", owner)
    require_room(c.lines, spec.id, "lines", MAX_LINES)
    tx.emit(LineSaved(spec.id, spec))


def save_contact(tx: Transaction, c: Conversations, spec: Contact) -> None:
    """Add or change a contact. Refuses an address that belongs to another contact."""
    keys = tuple(c.consent.digest(a.contact_key) for a in spec.addresses)
    for key in keys:
        owner = c.contact_of.get(key)
        if owner is not None and owner != spec.id:
            raise DuplicateId("contact address", owner)
    require_room(c.contacts, spec.id, "contacts", MAX_CONTACTS)
    tx.emit(ContactSaved(spec.id, keys, spec))


def _open(c: Conversations, id: str) -> ConversationRecord:
    record = c.conversation(id)
    if record.state != OPEN:
        raise NotAllowed("work on", "conversation", id, record.state)
    return record


def _held_by(c: Conversations, id: str, agent: str) -> ConversationRecord:
    record = _open(c, id)
    if record.agent != agent:
        raise NotYours("conversation", id, agent)
    return record


def reply(tx: Transaction, c: Conversations, id: str, content: Content, agent: str) -> str:
    """Send a message of the agent who has the conversation; returns its id.

    Refuses another agent's conversation, an address that has opted out, what the channel cannot carry, and what its
    reply window does not allow now.
    """
    record = _held_by(c, id, agent)
    check_window(tx, c, record, content, person=True)
    to = Address.stored(record.channel, record.theirs)
    message = send(tx, c, record.line, to, content, REPLY, "agent", record.id, agent)
    routing_link.wait_for_customer(tx, c, record)
    return message


def answer_for(c: Conversations, tx: Transaction, id: str, text: str, agent: str) -> str:
    """Send a text of an agent's in a conversation that is in no queue: that of a campaign's contact."""
    record = _open(c, id)
    if record.item is not None and record.agent != agent:
        raise NotYours("conversation", id, agent)
    content = Text(to_text(text))
    check_window(tx, c, record, content, person=True)
    to = Address.stored(record.channel, record.theirs)
    return send(tx, c, record.line, to, content, REPLY, "agent", record.id, agent)


def close_for(c: Conversations, tx: Transaction, id: str) -> None:
    """Close such a conversation, if it is open and still in no queue."""
    record = c.conversations.get(id)
    if record is not None and record.state == OPEN and record.item is None:
        routing_link.close(tx, c, record, "closed by its agent", None)


def note(tx: Transaction, c: Conversations, id: str, text: str, agent: str) -> None:
    """Add a note, which the customer never sees."""
    c.conversation(id)
    tx.emit(NoteAdded(id, agent, to_text(text)))


def note_journey(tx: Transaction, c: Conversations, contact: str, what: str, details: Mapping[str, Fact]) -> None:
    """Note what a contact did elsewhere. Refuses unknown contacts."""
    if contact not in c.contacts:
        raise UnknownId("contact", contact)
    tx.emit(JourneyNoted(contact, to_text(what), to_facts(details)))


def hold_open(tx: Transaction, c: Conversations, id: str, on: bool, agent: str | None) -> None:
    """Keep a conversation from being closed for inactivity, or withdraw that."""
    record = _open(c, id) if agent is None else _held_by(c, id, agent)
    if record.held_open != on:
        tx.emit(HeldOpen(id, on))


def close(tx: Transaction, c: Conversations, id: str, reason: str, code: str | None, agent: str | None) -> None:
    """Close a conversation; its agent's wrap-up code if the queue has codes."""
    record = _open(c, id) if agent is None else _held_by(c, id, agent)
    routing_link.close(tx, c, record, reason, code)


def send_to(
    tx: Transaction,
    c: Conversations,
    line_id: str,
    to: Address,
    content: Content,
    purpose: str,
    options: dict[str, object],
) -> str:
    """Send a message outside of a conversation; returns its id."""
    line = c.line(line_id)
    if to.channel != line.address.channel:
        raise InvalidInput("to", "channel", to.channel, hint=f"line {line_id} is {line.address.channel}")
    return send(tx, c, line, to, content, purpose, "automatic", options=options)


# -- timers


def idle(tx: Transaction, c: Conversations, id: str) -> None:
    """Timer: the customer has not written for so long: warned first if the line says so, then closed."""
    record = c.conversations[id]
    if record.line.warning and not record.warned:
        automatic_text(tx, c, record, record.line.warning)
        tx.emit(InactivityWarned(id))
        return
    code = None
    routing_link.close(tx, c, record, "inactivity", code)


def window_over(tx: Transaction, c: Conversations, id: str) -> None:
    """Timer: nobody can reopen it any more; it leaves memory."""
    tx.emit(ConversationsEvicted((id,)))


def forget_seen(tx: Transaction, c: Conversations, _: str) -> None:
    """Timer: provider message ids that no provider repeats any more."""
    tx.emit(SeenForgotten(tx.now - SEEN_RETENTION_US))
