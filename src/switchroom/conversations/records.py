"""The mutable records behind conversations. Private: callers get values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from switchroom.conversations.model import Line
from switchroom.messaging.delivery import DeliveryStatus

OPEN, CLOSED = "open", "closed"


class ConversationRecord:
    """A conversation: the three addresses of a thread, who has it, and the clocks that windows and closing count."""

    __slots__ = (
        "agent",
        "assignment",
        "chain",
        "channel",
        "closed_us",
        "contact",
        "entry_point",
        "first_reply_us",
        "flow",
        "held_open",
        "id",
        "item",
        "key",
        "language",
        "last_activity_us",
        "last_agent",
        "last_customer_us",
        "line",
        "messages",
        "queue",
        "received",
        "script",
        "started_us",
        "state",
        "stay",
        "subject",
        "theirs",
        "thread",
        "unanswered_us",
        "warned",
    )

    def __init__(self, id: str, line: Line, key: str, theirs: str, at: int, thread: str = "") -> None:
        self.id = id
        self.line = line
        self.channel = line.address.channel
        self.key = key
        self.theirs = theirs
        self.contact: str | None = None
        self.entry_point = ""
        self.flow: str | None = line.flow
        self.language: str | None = None
        self.state = OPEN
        self.stay = 1
        self.started_us = self.last_activity_us = at
        self.last_customer_us: int | None = None
        self.closed_us: int | None = None
        self.first_reply_us: int | None = None
        self.unanswered_us: int | None = None
        self.item: str | None = None
        self.agent: str | None = None
        self.assignment: str | None = None
        self.last_agent: str | None = None
        self.queue: str | None = None
        """Where its last agent got it from."""
        self.script = ""
        self.held_open = False
        self.warned = False
        self.messages: dict[str, None] = {}
        self.thread = (line.id, line.address.channel, thread or key)
        """What a message is threaded by: the line (channel and our address), and the customer's address; where messages
        name those that they answer, the conversation itself."""
        self.received: list[str] = []
        """Names of the customer's messages that later ones may refer to."""
        self.subject = ""
        self.chain: tuple[str, ...] = ()
        """What an answer refers to: the ids that the customer's last message named, and its own."""


class MessageRecord:
    """A message of ours whose delivery is followed."""

    __slots__ = ("channel", "conversation", "effect", "id", "provider_id", "purpose", "status")

    def __init__(self, id: str, conversation: str | None, channel: str, effect: str, purpose: str) -> None:
        self.id = id
        self.channel = channel
        self.conversation = conversation
        self.effect = effect
        self.purpose = purpose
        self.status = DeliveryStatus.QUEUED
        self.provider_id = ""

    def rises(self, status: DeliveryStatus) -> bool:
        """Whether this status is higher than the present one: only then it counts."""
        return status.rank > self.status.rank


Body = Mapping[str, Any]
