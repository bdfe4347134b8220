"""The state of conversations: threads, messages whose delivery is followed, contacts. Only the appliers write."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from switchroom.consent.state import Consent
from switchroom.conversations.events import (
    ContactSaved,
    ConversationClosed,
    ConversationLetGo,
    ConversationReopened,
    ConversationRouted,
    ConversationsEvicted,
    ConversationStarted,
    ConversationTaken,
    HeldOpen,
    InactivityWarned,
    JourneyNoted,
    LineSaved,
    MessageReceived,
    MessageRequested,
    MessageStatus,
    NoteAdded,
    SeenForgotten,
)
from switchroom.conversations.model import Contact, Line
from switchroom.conversations.records import CLOSED, OPEN, ConversationRecord, MessageRecord
from switchroom.errors import UnknownId
from switchroom.kernel.outbox import Outbox
from switchroom.kernel.transaction import Applier, Transaction
from switchroom.messaging.answers import Answer
from switchroom.messaging.channels import BY_REFERENCE, Channel, channel_named
from switchroom.messaging.delivery import UNCONFIRMED_AFTER, DeliveryStatus
from switchroom.routing.fields import micros
from switchroom.routing.state import Routing

if TYPE_CHECKING:
    from switchroom.consent.keywords import KeywordPolicy

SEEN_RETENTION_US = 7 * 24 * 3_600_000_000
"""How long a provider's message id is remembered: longer than any provider repeats a delivery. Reports are waited for
as long: mail servers try for up to five days before a mail comes back."""

UNCONFIRMED_AFTER_US = micros(UNCONFIRMED_AFTER)

AUTOMATIC = frozenset({"automatic"})
"""Authors whose messages do not count as activity: away, warning, confirmation, position texts."""


class Conversations:
    """All the tables. Holds the states that it works on: routing, consent, the outbox."""

    def __init__(
        self,
        routing: Routing,
        consent: Consent,
        outbox: Outbox,
        keywords: Callable[[], KeywordPolicy],
        channels: dict[str, Channel],
    ) -> None:
        self.routing = routing
        self.consent = consent
        self.outbox = outbox
        self.keywords = keywords
        """Gives the policy when it is first needed: its word lists take a quarter of a second to load."""
        self.activate: Callable[[], None] = _nothing
        """Called with the first line: from then on conversations listen to routing."""
        self.is_answer: Callable[[ConversationRecord, str], bool] = _no_answer
        """Whether a text answers the question that a flow has put."""
        self.answered: Callable[[str, str, tuple[str, ...], int], Answer | None] = _nothing_answered
        """What a message to this line, from the address of this digest, naming these messages, now answers."""
        self.heard: Callable[[Transaction, Answer, str, str, str | None, str], None] = _not_heard
        """Told of an answer: address digest, message, conversation, decision."""
        self.outbound: object = None
        """Who sends campaigns from these lines: whoever needs it is above this module."""
        self.beside: object = None
        """See ``beside.py``: whoever needs it is above this module."""
        self.channels = channels
        self.deadlines = routing.deadlines
        self.lines: dict[str, Line] = {}
        self.by_address: dict[str, str] = {}
        self.contacts: dict[str, Contact] = {}
        self.contact_of: dict[str, str] = {}
        self.conversations: dict[str, ConversationRecord] = {}
        self.threads: dict[tuple[str, str, str], str] = {}
        self.by_item: dict[str, str] = {}
        self.messages: dict[str, MessageRecord] = {}
        self.by_effect: dict[str, str] = {}
        self.by_provider: dict[str, str] = {}
        """``channel:provider_id`` -> message of ours."""
        self.by_received: dict[str, str] = {}
        """``line:provider_id`` -> conversation, of messages that later ones may refer to."""
        self.seen: dict[str, str] = {}
        self.seen_order: deque[tuple[int, str]] = deque()

    def appliers(self) -> dict[type, Applier]:
        return {
            LineSaved: self._line_saved,
            ContactSaved: self._contact_saved,
            ConversationStarted: self._started,
            ConversationReopened: self._reopened,
            MessageReceived: self._received,
            MessageRequested: self._requested,
            MessageStatus: self._status,
            NoteAdded: self._noted,
            HeldOpen: self._held_open,
            ConversationRouted: self._routed,
            ConversationTaken: self._taken,
            ConversationLetGo: self._let_go,
            InactivityWarned: self._warned,
            ConversationClosed: self._closed,
            ConversationsEvicted: self._evicted,
            SeenForgotten: self._seen_forgotten,
            JourneyNoted: self._noted,
        }

    # -- finding things

    def conversation(self, id: str) -> ConversationRecord:
        try:
            return self.conversations[id]
        except KeyError:
            raise UnknownId("conversation", id) from None

    def line(self, id: str) -> Line:
        try:
            return self.lines[id]
        except KeyError:
            raise UnknownId("line", id) from None

    def channel(self, id: str) -> Channel:
        return channel_named(id, self.channels)

    def window_us(self, line: Line) -> int:
        """Inactivity after which a message starts a new conversation."""
        return micros(self.channel(line.address.channel).threading_window if line.window is None else line.window)

    # -- appliers

    def _line_saved(self, e: LineSaved, at: int) -> None:
        if not self.lines:
            self.activate()
        old = self.lines.get(e.line)
        if old is not None:
            self.by_address.pop(f"{old.address.channel}:{old.address.value}", None)
        self.lines[e.line] = e.spec
        self.by_address[f"{e.spec.address.channel}:{e.spec.address.value}"] = e.line

    def _contact_saved(self, e: ContactSaved, at: int) -> None:
        self.contacts[e.contact] = e.spec
        for key in [key for key, contact in self.contact_of.items() if contact == e.contact]:
            del self.contact_of[key]
        for key in e.keys:
            self.contact_of[key] = e.contact

    def _started(self, e: ConversationStarted, at: int) -> None:
        c = ConversationRecord(e.conversation, self.lines[e.line], e.key, e.theirs, at, e.thread)
        c.contact, c.entry_point, c.language = e.contact, e.entry_point, e.language
        c.flow = c.line.flow if e.flow is None and not e.answers else e.flow
        self.conversations[c.id] = c
        old = self.threads.get(c.thread)
        if old is not None and old != c.id:
            self.deadlines.cancel(("conversation", old))
            self._forget(self.conversations[old])
        self.threads[c.thread] = c.id

    def _reopened(self, e: ConversationReopened, at: int) -> None:
        c = self.conversations[e.conversation]
        c.state, c.stay, c.closed_us, c.warned = OPEN, e.stay, None, False
        self.deadlines.cancel(("conversation", c.id))

    def _received(self, e: MessageReceived, at: int) -> None:
        name = f"{e.line}:{e.provider_id}"
        self.seen[name] = e.message
        self.seen_order.append((at, name))
        if len(self.seen_order) == 1:
            self.deadlines.set(("seen", ""), at + SEEN_RETENTION_US)
        if e.conversation is None:
            return
        c = self.conversations[e.conversation]
        c.last_customer_us = c.last_activity_us = at
        c.warned = False
        if c.unanswered_us is None:
            c.unanswered_us = at
        if self.channel(e.channel).threads_by == BY_REFERENCE:
            c.received.append(name)
            self.by_received[name] = c.id
            c.chain = (*e.references, e.provider_id)
            c.subject = c.subject or str(e.details.get("subject", ""))
        self._watch(c, at)

    def _requested(self, e: MessageRequested, at: int) -> None:
        message = MessageRecord(e.message, e.conversation, e.channel, e.effect, e.purpose)
        self.messages[e.message] = message
        self.by_effect[e.effect] = e.message
        if e.conversation is None:
            return
        c = self.conversations[e.conversation]
        c.messages[e.message] = None
        if e.author not in AUTOMATIC:
            c.last_activity_us = at
            c.unanswered_us = None
            if c.first_reply_us is None:
                c.first_reply_us = at
            self._watch(c, at)

    def _status(self, e: MessageStatus, at: int) -> None:
        message = self.messages[e.message]
        message.status = DeliveryStatus(e.status)
        if e.provider_id and not message.provider_id:
            message.provider_id = e.provider_id
            self.by_provider[f"{message.channel}:{e.provider_id}"] = message.id
        if message.status is DeliveryStatus.SENT:
            self.deadlines.set(("unconfirmed", message.id), at + UNCONFIRMED_AFTER_US)
            return
        self.deadlines.cancel(("unconfirmed", message.id))
        if message.conversation is None:
            wait = UNCONFIRMED_AFTER_US if message.status.ended else SEEN_RETENTION_US
            self.deadlines.set(("message", message.id), at + wait)

    def message_over(self, id: str) -> None:
        """Timer without an event: nothing more is expected about a message outside of conversations."""
        self.drop_message(id)

    def _drop_message(self, message: MessageRecord) -> None:
        self.deadlines.cancel(("unconfirmed", message.id))
        self.deadlines.cancel(("message", message.id))
        self.messages.pop(message.id, None)
        self.by_effect.pop(message.effect, None)
        self.by_provider.pop(f"{message.channel}:{message.provider_id}", None)

    def _noted(self, e: NoteAdded | JourneyNoted, at: int) -> None:
        """Tells something and changes nothing."""

    def _held_open(self, e: HeldOpen, at: int) -> None:
        c = self.conversations[e.conversation]
        c.held_open = e.on
        self._watch(c, at)

    def _routed(self, e: ConversationRouted, at: int) -> None:
        c = self.conversations[e.conversation]
        if c.item is not None:
            self.by_item.pop(c.item, None)
        c.item, c.script = e.item, e.script
        self.by_item[e.item] = c.id

    def _taken(self, e: ConversationTaken, at: int) -> None:
        c = self.conversations[e.conversation]
        c.agent, c.assignment, c.last_agent, c.queue = e.agent, e.assignment, e.agent, e.queue

    def _let_go(self, e: ConversationLetGo, at: int) -> None:
        c = self.conversations[e.conversation]
        c.agent = c.assignment = None

    def _warned(self, e: InactivityWarned, at: int) -> None:
        c = self.conversations[e.conversation]
        c.warned = True
        self._watch(c, at)

    def _closed(self, e: ConversationClosed, at: int) -> None:
        c = self.conversations[e.conversation]
        c.state, c.closed_us, c.last_activity_us = CLOSED, at, at
        c.agent = c.assignment = c.unanswered_us = None
        c.held_open = False
        if c.item is not None:
            self.by_item.pop(c.item, None)
            c.item = None
        self.deadlines.cancel(("idle", c.id))
        self.deadlines.set(("conversation", c.id), at + self.window_us(c.line))

    def _evicted(self, e: ConversationsEvicted, at: int) -> None:
        for id in e.conversations:
            self.evict(id)

    def evict(self, id: str) -> None:
        """A closed conversation leaves memory."""
        c = self.conversations[id]
        if self.threads.get(c.thread) == id:
            del self.threads[c.thread]
        self._forget(c)

    def drop_message(self, id: str) -> None:
        """Nothing is expected about a message any more, if it is known at all."""
        message = self.messages.get(id)
        if message is not None:
            self._drop_message(message)

    def _forget(self, c: ConversationRecord) -> None:
        del self.conversations[c.id]
        self.deadlines.cancel(("conversation", c.id))
        for name in c.received:
            self.by_received.pop(name, None)
        for id in c.messages:
            message = self.messages.get(id)
            if message is not None:
                self._drop_message(message)

    def _seen_forgotten(self, e: SeenForgotten, at: int) -> None:
        order = self.seen_order
        while order and order[0][0] <= e.before_us:
            self.seen.pop(order.popleft()[1], None)
        if order:
            self.deadlines.set(("seen", ""), order[0][0] + SEEN_RETENTION_US)

    def _watch(self, c: ConversationRecord, at: int) -> None:
        """Set when the conversation is warned or closed for inactivity of the customer."""
        line = c.line
        if c.state != OPEN or line.close_after is None or c.held_open:
            self.deadlines.cancel(("idle", c.id))
            return
        due = max(c.last_activity_us + micros(line.close_after), at + 1)
        if line.warning and not c.warned:
            due = max(due - micros(line.warn_before), at + 1)
        self.deadlines.set(("idle", c.id), due)

    # -- checking

    def dump(self) -> dict[str, Any]:
        return {
            "conversations": {
                c.id: [[getattr(c, name) for name in c.__slots__ if name not in ("line", "messages")], list(c.messages)]
                for c in sorted(self.conversations.values(), key=lambda c: c.id)
            },
            "threads": sorted(self.threads.items()),
            "messages": {
                m.id: [m.conversation, m.effect, m.purpose, m.status.value, m.provider_id]
                for m in sorted(self.messages.values(), key=lambda m: m.id)
            },
            "by_item": sorted(self.by_item.items()),
            "by_received": sorted(self.by_received.items()),
            "seen": sorted(self.seen.items()),
            "lines": {id: repr(line) for id, line in sorted(self.lines.items())},
            "contacts": sorted(self.contacts),
            "contact_of": sorted(self.contact_of.items()),
        }

    def check(self) -> None:
        """Both sides of every relation."""
        for thread, id in self.threads.items():
            assert self.conversations[id].thread == thread, f"conversation {id} under another thread"
        for c in self.conversations.values():
            assert self.threads.get(c.thread) == c.id, f"conversation {c.id} has no thread"
            assert (c.agent is None) == (c.assignment is None), f"conversation {c.id}: agent and assignment"
            assert (c.state == CLOSED) == (c.closed_us is not None), f"conversation {c.id}: state and close"
            if c.item is not None:
                assert self.by_item.get(c.item) == c.id, f"conversation {c.id}: item {c.item}"
            if c.assignment is not None:
                held = self.routing.assignments.get(c.assignment)
                assert held is not None, f"conversation {c.id}: assignment {c.assignment} is gone"
                assert held.agent.id == c.agent
            if c.state == CLOSED:
                assert self.deadlines.due(("conversation", c.id)) is not None, f"{c.id} will never leave memory"
        for item, id in self.by_item.items():
            assert self.conversations[id].item == item, f"item {item}: conversation {id} does not know"
        for name, id in self.by_received.items():
            assert name in self.conversations[id].received, f"message {name}: conversation {id} does not know"
        for message in self.messages.values():
            assert self.by_effect.get(message.effect) == message.id
            if message.conversation is not None:
                assert message.id in self.conversations[message.conversation].messages


def _no_answer(record: ConversationRecord, text: str) -> bool:
    """No flow asks anything yet."""
    return False


def _nothing_answered(line: str, key: str, references: tuple[str, ...], now: int) -> Answer | None:
    """Nobody has begun anything."""
    return None


def _not_heard(
    tx: Transaction, answer: Answer, key: str, message: str, conversation: str | None, decision: str
) -> None:
    """Nobody waits for an answer."""


def _nothing() -> None:
    """Nothing is listened to yet."""
