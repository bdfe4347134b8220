"""What happens in conversations. Bodies and addresses are personal fields: erasure blanks them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from switchroom.conversations.model import CannedResponse, Contact, Line
from switchroom.conversations.quality_model import EvaluationForm
from switchroom.kernel.events import event
from switchroom.routing.fields import Fact

CONTACT = ("spec.addresses", "spec.name", "spec.language", "spec.country", "spec.fields")
"""What is personal of a contact: all but the id, which is to be opaque."""


@event("conversations.line_saved", tags=("line",))
class LineSaved:
    line: str
    spec: Line


@event("conversations.contact_saved", tags=("contact",), personal=CONTACT)
class ContactSaved:
    """A contact was added or changed; ``keys`` are the digests of its addresses."""

    contact: str
    keys: tuple[str, ...]
    spec: Contact


@event("conversations.started", tags=("conversation", "contact", "customer=key"), personal=("theirs",))
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
    answers: str = ""
    """The message of ours that the customer answers, if we began."""
    flow: str | None = None
    """The flow to start, where a message of ours is answered; else it is the line's."""


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


@event(
    "conversations.message_requested",
    tags=("conversation", "message", "agent", "effect"),
    personal=("content",),
)
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
    """The conversation waits in a queue as this item. ``script``: the one for its agent."""

    conversation: str
    item: str
    script: str = ""


@event("conversations.taken", tags=("conversation", "agent"))
class ConversationTaken:
    """An agent has the conversation, which came from ``queue``."""

    conversation: str
    agent: str
    assignment: str
    queue: str | None = None


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
    """``agent`` had it last, from ``queue``."""

    conversation: str
    reason: str
    code: str | None = None
    agent: str | None = None
    queue: str | None = None


@event("conversations.evicted", tags=("conversation=conversations",))
class ConversationsEvicted:
    """Closed conversations left memory after their window; the log has them."""

    conversations: tuple[str, ...]


@event("conversations.response_saved", tags=("response",))
class ResponseSaved:
    response: str
    spec: CannedResponse


@event("conversations.response_removed", tags=("response",))
class ResponseRemoved:
    response: str


@event("conversations.journey_noted", tags=("contact",), personal=("details",))
class JourneyNoted:
    """Something that a contact did elsewhere: a page seen, a purchase."""

    contact: str
    what: str
    details: Mapping[str, Fact]


@event("conversations.form_saved", tags=("form",))
class FormSaved:
    form: str
    spec: EvaluationForm


@event("conversations.sampled", tags=("conversation", "agent"))
class ConversationSampled:
    """The conversation is to be judged with this form."""

    conversation: str
    form: str
    agent: str
    queue: str | None = None


@event("conversations.evaluated", tags=("conversation", "agent"), personal=("comment",))
class ConversationEvaluated:
    """``score``: the share of the points of the form, 0 to 1."""

    conversation: str
    form: str
    agent: str
    points: Mapping[str, int]
    score: float
    by: str
    comment: str = ""


@event("conversations.seen_forgotten")
class SeenForgotten:
    """Provider message ids older than the retention were forgotten."""

    before_us: int
