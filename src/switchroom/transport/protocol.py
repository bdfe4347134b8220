"""What a transport promises, and the values that cross it.

A transport carries; it decides nothing. What may be sent to whom was decided before, and what a failure means is for
the caller: the errors in ``errors`` say what is safe to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeAlias

import attrs

from switchroom.errors import InvalidInput
from switchroom.ids import valid_id
from switchroom.messaging.addresses import Address
from switchroom.messaging.channels import Channel
from switchroom.messaging.content import Content
from switchroom.messaging.degrade import obstacle
from switchroom.messaging.delivery import DeliveryReport, DeliveryStatus

MAX_SUBJECT = 255
"""Characters of a subject line."""

MAX_METADATA = 32
"""Pairs of metadata."""

MAX_METADATA_TEXT = 512
"""Characters of a key or a value of metadata, and of a provider's id."""

MAX_REFERENCES = 50
"""Earlier messages that a message refers to; of longer chains the first and the latest are kept."""

MAX_ATTACHMENTS = 50
"""Media beside the main content of one message."""


def _line(value: str, limit: int, field: str) -> str:
    """One line of text: what may stand in a header."""
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - the border is not typed
        raise InvalidInput(field, "not_text", value, hint="text is wanted")
    if len(value) > limit:
        raise InvalidInput(field, "too_long", len(value), hint=f"at most {limit} characters")
    if any(c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029" or "\ud800" <= c <= "\udfff" for c in value):
        raise InvalidInput(field, "control", hint="one line without control characters")
    return value


def _subject(value: str) -> str:
    return _line(value, MAX_SUBJECT, "envelope.subject")


def _reference(value: str) -> str:
    return _line(value, MAX_METADATA_TEXT, "thread.references")


def _references(values: Iterable[str]) -> tuple[str, ...]:
    chain = tuple(_reference(value) for value in values)
    return chain if len(chain) <= MAX_REFERENCES else (chain[0], *chain[1 - MAX_REFERENCES :])


def _metadata(values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = dict(values)
    if len(pairs) > MAX_METADATA:
        raise InvalidInput("metadata", "too_many", len(pairs), hint=f"at most {MAX_METADATA} pairs")
    lines = (
        (_line(k, MAX_METADATA_TEXT, "metadata"), _line(v, MAX_METADATA_TEXT, "metadata")) for k, v in pairs.items()
    )
    return tuple(sorted(lines))


def _to_metadata(values: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return _metadata(dict(values))


def _unsubscribe(value: str) -> str:
    if value and not (_line(value, 2048, "envelope.unsubscribe").startswith("https://") and " " not in value):
        raise InvalidInput("envelope.unsubscribe", "bad_url", hint="an https address is wanted")
    return value


def _provider_id(value: str) -> str:
    if not _line(value, MAX_METADATA_TEXT, "provider_id"):
        raise InvalidInput("provider_id", "empty", hint="a provider's id is wanted")
    return value


@attrs.frozen(kw_only=True)
class Thread:
    """Which messages a message continues, by the providers' ids: the one answered, and the chain before it."""

    in_reply_to: str = attrs.field(default="", converter=_reference)
    references: tuple[str, ...] = attrs.field(default=(), converter=_references)


NO_THREAD = Thread()


@attrs.frozen(kw_only=True)
class Envelope:
    """One message to send.

    ``key``: an id, the same for every try of the same message and no other; it travels to the far end, so that a
    receiver that honours it delivers once. ``sender`` and ``recipient`` are of one channel, the recipient one that can
    be written to. ``subject``, ``thread``: for channels that have them. ``unsubscribe``: the https address of the
    one-click opt-out, with an opaque signed token in it. ``automatic``: no person wrote it, so that far ends do not
    answer it automatically. ``metadata``: takes a mapping, held as sorted pairs.

    Raises `InvalidInput` for values out of shape; line breaks in a subject or in metadata above all.
    """

    key: str
    sender: Address
    recipient: Address
    content: Content
    subject: str = attrs.field(default="", converter=_subject)
    thread: Thread = NO_THREAD
    unsubscribe: str = attrs.field(default="", converter=_unsubscribe)
    automatic: bool = False
    metadata: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_to_metadata)

    def __attrs_post_init__(self) -> None:
        valid_id(self.key, "envelope.key")
        if self.sender.channel != self.recipient.channel:
            raise InvalidInput("envelope.sender", "channel", hint="sender and recipient are of different channels")
        _ = self.recipient.contact_key

    @property
    def channel(self) -> str:
        """The channel of sender and recipient."""
        return self.recipient.channel


@attrs.frozen(kw_only=True)
class SendResult:
    """What the far end said when it took a message.

    ``provider_id``: its name for the message, which reports will use. ``duplicate``: it had taken this key before and
    has not sent again.
    """

    key: str
    provider_id: str = attrs.field(converter=_provider_id)
    status: DeliveryStatus = DeliveryStatus.SENT
    duplicate: bool = False


@attrs.frozen(kw_only=True)
class InboundMessage:
    """A message from a customer, as values; texts are cleaned, addresses normalised.

    ``provider_id``: the far end's id, the same for every delivery of the same message: what duplicates are told by.
    ``sender`` is the customer, ``recipient`` the company. ``sent_at``: by the sender's clock, if it says so and the
    year is credible. ``quoted``: earlier text repeated below the answer, kept apart from ``content``. ``automatic``:
    an automatic reply, which must not be answered automatically. ``provider_flag``: ``opt_out``, ``opt_in`` or
    ``help`` if the provider handled a keyword itself. ``entry_point``: what led the customer here (``qr:poster-7``).
    """

    provider_id: str = attrs.field(converter=_provider_id)
    sender: Address
    recipient: Address
    content: Content
    attachments: tuple[Content, ...] = ()
    subject: str = attrs.field(default="", converter=_subject)
    thread: Thread = NO_THREAD
    quoted: str = attrs.field(default="", repr=False)
    sent_at: datetime | None = None
    automatic: bool = False
    provider_flag: str = ""
    entry_point: str = ""
    metadata: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_to_metadata)

    def __attrs_post_init__(self) -> None:
        if self.provider_flag not in PROVIDER_FLAGS:
            raise InvalidInput("provider_flag", "unknown", self.provider_flag, hint=f"one of {PROVIDER_FLAGS}")
        if len(self.attachments) > MAX_ATTACHMENTS:
            raise InvalidInput("attachments", "too_many", len(self.attachments), hint=f"at most {MAX_ATTACHMENTS}")

    @property
    def channel(self) -> str:
        """The channel that it came by."""
        return self.recipient.channel


PROVIDER_FLAGS = ("", "opt_out", "opt_in", "help")


@attrs.frozen(kw_only=True)
class DeliveryUpdate:
    """News of a message sent earlier, by its key, by the provider's id, or by both; an unknown one is empty.

    ``opted_out``: the report says that the recipient has opted out with the provider.
    """

    key: str = ""
    provider_id: str = ""
    report: DeliveryReport
    opted_out: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.key and not self.provider_id:
            raise InvalidInput("delivery_update", "nameless", hint="a key or a provider's id is wanted")


TransportEvent: TypeAlias = InboundMessage | DeliveryUpdate
"""What comes in through a transport. The same event may come twice and late, and events may overtake each other."""


@attrs.frozen(kw_only=True)
class Capabilities:
    """What a transport declares about itself; it does not change while the transport lives.

    ``channels``: what it carries. ``honours_keys``: a second send of one key is not delivered again, by the far end's
    own word; without it, every try at least carries the key. ``reports``: delivery reports come. ``inbound``:
    messages come. ``threads``: ids of earlier messages travel.
    """

    channels: tuple[Channel, ...]
    honours_keys: bool
    reports: bool
    inbound: bool
    threads: bool = False

    def channel(self, id: str) -> Channel | None:
        """The channel of an id; None if the transport does not serve it."""
        return next((c for c in self.channels if c.id == id), None)


class Transport(Protocol):
    """The blocking rung. One object may be used by one thread at a time."""

    def capabilities(self) -> Capabilities:
        """The declaration. Cheap, and the same each time."""
        ...

    def send(self, envelope: Envelope) -> SendResult:
        """Hand one message over and return when the far end has taken it, or raise.

        Refuses with `InvalidInput`, before anything leaves, a channel or content that the declaration does not cover:
        degrading is the caller's. Raises `TransientFailure`, `PermanentFailure`, `OptedOut` or `UnknownOutcome`, and
        no other error of the network. Sends are at least once: after `UnknownOutcome` or a crash the same envelope is
        sent again with the same key. Messages are handed over in the order of the calls; they may arrive in another.
        """
        ...


class AsyncTransport(Protocol):
    """The asyncio rung, with another name for the verb, so that no class half-implements both."""

    def capabilities(self) -> Capabilities:
        """The declaration. Cheap, and the same each time."""
        ...

    async def asend(self, envelope: Envelope) -> SendResult:
        """As `Transport.send`. Cancelling leaves the outcome unknown."""
        ...


def refuse_uncovered(envelope: Envelope, capabilities: Capabilities) -> None:
    """Raise `InvalidInput`, code ``not_served`` or ``not_carried``, for what the declaration does not cover."""
    channel = capabilities.channel(envelope.channel)
    if channel is None:
        raise InvalidInput("envelope.recipient", "not_served", envelope.channel, hint="the transport does not serve it")
    problem = obstacle(envelope.content, channel)
    if problem is not None:
        raise InvalidInput("envelope.content", "not_carried", hint=f"{channel.id} {problem}")
