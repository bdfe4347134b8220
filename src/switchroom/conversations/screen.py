"""What an agent's screen shows with an offer: who writes, what was said, what came before, and what is known.

Read from the state and from the log by tag, so that nothing is kept in memory for it. Linear in what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import attrs

from switchroom.conversations.events import (
    ConversationClosed,
    ConversationReopened,
    ConversationStarted,
    ConversationTaken,
    JourneyNoted,
    MessageReceived,
    MessageRequested,
    MessageStatus,
    NoteAdded,
)
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.records import ConversationRecord
from switchroom.durations import from_micros
from switchroom.errors import UnknownId
from switchroom.kernel.records import Record
from switchroom.messaging.content_data import text_of
from switchroom.routing.fields import Fact

ReadLog: TypeAlias = Callable[[str], Iterator[Record]]
"""From a tag to the records that have it, oldest first."""

MAX_HISTORY = 50
"""Earlier conversations shown; the latest ones."""

MAX_JOURNEY = 100
"""Events of the journey shown; the latest ones."""


@attrs.frozen(kw_only=True)
class Said:
    """One line of a conversation. ``author``: customer, agent, bot, flow, automatic or note; ``agent``: which one.

    ``status``: of a message of ours. ``details``: what came with a customer's message: subject, attachments.
    """

    id: str
    at: datetime
    author: str
    text: str = attrs.field(repr=False)
    content: Mapping[str, Any] = attrs.field(repr=False, factory=dict[str, Any])
    agent: str | None = None
    status: str = ""
    details: Mapping[str, Any] = attrs.field(repr=False, factory=dict[str, Any])


@attrs.frozen(kw_only=True)
class PastConversation:
    """An earlier conversation of the same customer; `transcript` gives its words."""

    id: str
    channel: str
    started: datetime
    closed: datetime | None
    agent: str | None
    code: str | None
    stays: int


@attrs.frozen(kw_only=True)
class JourneyEvent:
    """What the contact did elsewhere, as the embedder has told."""

    at: datetime
    what: str
    details: Mapping[str, Fact] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class ScreenPop:
    """All that an agent should see before answering.

    ``requirement``: the one in force, as text. ``script``: the reference that line or flow has given.
    """

    conversation: str
    channel: str
    customer: str
    language: str | None
    contact: str | None
    name: str = attrs.field(repr=False)
    fields: Mapping[str, Fact] = attrs.field(repr=False)
    preferred_channel: str | None
    entry_point: str
    subject: str = attrs.field(repr=False)
    queue: str | None
    priority: int
    requirement: str
    script: str
    last_agent: str | None
    variables: Mapping[str, Fact] = attrs.field(repr=False)
    tags: tuple[str, ...]
    messages: tuple[Said, ...]
    history: tuple[PastConversation, ...]
    journey: tuple[JourneyEvent, ...]


def conversation_of(f: Flows, id: str) -> str:
    """The conversation by its own id, or by that of an offer, an assignment or an item of it."""
    c = f.conversations
    if id in c.conversations:
        return id
    offer, assignment = c.routing.offers.get(id), c.routing.assignments.get(id)
    item = offer.item.id if offer is not None else assignment.item.id if assignment is not None else id
    found = c.by_item.get(item)
    if found is None:
        raise UnknownId("conversation", id)
    return found


def known(f: Flows, id: str) -> dict[str, Any]:
    """What the state knows of a conversation: the fields of `ScreenPop` but for those that the log has."""
    c = f.conversations
    record = c.conversation(id)
    contact = None if record.contact is None else c.contacts[record.contact]
    item = c.routing.items.get(record.item or "")
    queue = None if item is None else item.queue
    return {
        "conversation": id,
        "channel": record.channel,
        "customer": record.theirs,
        "language": record.language,
        "contact": record.contact,
        "name": "" if contact is None else contact.name,
        "fields": {} if contact is None else dict(contact.fields),
        "preferred_channel": None if contact is None else contact.preferred_channel,
        "entry_point": record.entry_point,
        "subject": record.subject,
        "queue": None if queue is None else queue.id,
        "priority": 0 if item is None else item.priority,
        "requirement": "true" if item is None else str(item.requirement or item.work.requirement),
        "script": record.script,
        "last_agent": record.last_agent,
        "variables": dict(f.variables.get(id, {})),
        "tags": f.tags.get(id, ()),
    }


def customer_tag(f: Flows, id: str) -> str:
    """The tag under which the log has all conversations of the same customer."""
    record: ConversationRecord = f.conversations.conversation(id)
    return f"customer:{record.key}" if record.contact is None else f"contact:{record.contact}"


def transcript(read: ReadLog, conversation: str) -> tuple[Said, ...]:
    """Everything said in a conversation, oldest first, notes among it; also of one that has left memory."""
    found: dict[str, Said] = {}
    for record in read(f"conversation:{conversation}"):
        event = record.event
        if isinstance(event, MessageStatus):
            if event.message in found:
                found[event.message] = attrs.evolve(found[event.message], status=event.status)
        else:
            said = _said(record)
            if said is not None:
                found[said.id] = said
    return tuple(found.values())


def _said(record: Record) -> Said | None:
    event, at = record.event, from_micros(record.at)
    if isinstance(event, MessageReceived):
        text = text_of(event.content) if event.content else ""
        details = dict(event.details)
        return Said(id=event.message, at=at, author="customer", text=text, content=event.content, details=details)
    if isinstance(event, MessageRequested):
        text = text_of(event.content) if event.content else ""
        author, agent = event.author, event.agent
        return Said(
            id=event.message, at=at, author=author, text=text, content=event.content, agent=agent, status="queued"
        )
    if isinstance(event, NoteAdded):
        return Said(id=f"note-{record.position}", at=at, author="note", text=event.text, agent=event.agent)
    return None


def history(read: ReadLog, tag: str, without: str) -> tuple[PastConversation, ...]:
    """The latest conversations of a customer, oldest first, but for one."""
    ids = [record.event.conversation for record in read(tag) if isinstance(record.event, ConversationStarted)]
    chosen = [id for id in dict.fromkeys(ids) if id != without][-MAX_HISTORY:]
    return tuple(past for id in chosen if (past := _past(read, id)) is not None)


def _past(read: ReadLog, id: str) -> PastConversation | None:
    found: PastConversation | None = None
    for record in read(f"conversation:{id}"):
        event, at = record.event, from_micros(record.at)
        if isinstance(event, ConversationStarted):
            found = PastConversation(
                id=id, channel=event.channel, started=at, closed=None, agent=None, code=None, stays=1
            )
        elif found is not None and isinstance(event, ConversationTaken):
            found = attrs.evolve(found, agent=event.agent)
        elif found is not None and isinstance(event, ConversationReopened):
            found = attrs.evolve(found, closed=None, stays=event.stay)
        elif found is not None and isinstance(event, ConversationClosed):
            found = attrs.evolve(found, closed=at, code=event.code)
    return found


def journey(read: ReadLog, contact: str) -> tuple[JourneyEvent, ...]:
    """The latest events of a contact's journey, oldest first."""
    noted = [(r.at, r.event) for r in read(f"contact:{contact}") if isinstance(r.event, JourneyNoted)]
    return tuple(
        JourneyEvent(at=from_micros(at), what=e.what, details=dict(e.details)) for at, e in noted[-MAX_JOURNEY:]
    )


def pop(state: Mapping[str, Any], tag: str, read: ReadLog) -> ScreenPop:
    """The screen for what the state knows and the log tells."""
    contact = state["contact"]
    return ScreenPop(
        **state,
        messages=transcript(read, state["conversation"]),
        history=history(read, tag, state["conversation"]),
        journey=() if contact is None else journey(read, contact),
    )
