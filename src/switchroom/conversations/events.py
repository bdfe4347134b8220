"""What happens in conversations. Bodies and addresses are personal fields: erasure blanks them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from switchroom.conversations.model import Contact, Line
from switchroom.kernel.events import event


@event("conversations.line_saved", tags=("line",))
class LineSaved:
    line: str
    spec: Line


@event("conversations.contact_saved", tags=("contact",), personal=("spec",))
class ContactSaved:
    """A contact was added or changed; ``keys`` are the digests of its addresses."""

    contact: str
    keys: tuple[str, ...]
    spec: Contact


@event("conversations.started", tags=("conversation", "contact"), personal=("theirs",))
class ConversationStarted:
    """``key`` is the digest of the customer's address, ``theirs`` the address itself; ``thread`` is empty where the
    address alone tells the conversation."""

    conversation: str
    line: str
    channel: str
    key: str
    theirs: str
    contact: str | None = None
    entry_point: str = ""
    language: str | None = None
    thread: str = ""


@event("conversations.reopened", tags=("conversation",))
class ConversationReopened:
    conversation: str
    stay: int


@event("conversations.message_received", tags=("conversation", "message", "contact"), personal=("content", "details"))
class MessageReceived:
    """``decision``: what the keyword policy made of it. ``references``: the provider's ids of earlier messages that it
    names. ``details``: subject, attachments, quoted text and whatever else came with it."""

    message: str
    conversation: str | None
    line: str
    channel: str
    provider_id: str
    content: Mapping[str, Any]
    decision: str
    rule: str = ""
    contact: str | None = None
    references: tuple[str, ...] = ()
    details: Mapping[str, Any] = attrs.field(factory=dict[str, Any])


@event("conversations.message_requested", tags=("conversation", "message", "agent"), personal=("content",))
class MessageRequested:
    """A message of ours is to be sent. ``author``: agent, bot, flow or automatic; ``effect`` does it."""

    message: str
    conversation: str | None
    channel: str
    author: str
    purpose: str
    content: Mapping[str, Any]
    effect: str
    agent: str | None = None


@event("conversations.message_status", tags=("conversation", "message"))
class MessageStatus:
    """The status of a message of ours rose."""

    message: str
    conversation: str | None
    status: str
    code: str = ""
    provider_id: str = ""


@event("conversations.note_added", tags=("conversation", "agent"), personal=("text",))
class NoteAdded:
    conversation: str
    agent: str
    text: str


@event("conversations.held_open", tags=("conversation",))
class HeldOpen:
    """The agent holds the conversation open (``on``): it is not closed for inactivity."""

    conversation: str
    on: bool


@event("conversations.routed", tags=("conversation", "item"))
class ConversationRouted:
    """The conversation waits in a queue as this item."""

    conversation: str
    item: str


@event("conversations.taken", tags=("conversation", "agent"))
class ConversationTaken:
    """An agent has the conversation."""

    conversation: str
    agent: str
    assignment: str


@event("conversations.let_go", tags=("conversation", "agent"))
class ConversationLetGo:
    """Its agent has it no more, and it goes on."""

    conversation: str
    agent: str


@event("conversations.warned", tags=("conversation",))
class InactivityWarned:
    conversation: str


@event("conversations.closed", tags=("conversation",))
class ConversationClosed:
    conversation: str
    reason: str
    code: str | None = None


@event("conversations.evicted", tags=("conversation=conversations",))
class ConversationsEvicted:
    """Closed conversations left memory after their window; the log has them."""

    conversations: tuple[str, ...]


@event("conversations.seen_forgotten")
class SeenForgotten:
    """Provider message ids older than the retention were forgotten."""

    before_us: int
