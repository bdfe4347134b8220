"""Transports connected to a center: messages of ours go out by them, and what comes in by them reaches the center."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from switchroom.consent.model import BUSINESS_INITIATED, pool_scope
from switchroom.conversations import sending
from switchroom.conversations.model import Received
from switchroom.conversations.sending import SEND
from switchroom.effects import EffectView
from switchroom.errors import DeliveryFailed, DeliveryRefused, DuplicateId, InvalidInput
from switchroom.kernel.outbox import EffectRequested
from switchroom.messaging.addresses import Address
from switchroom.messaging.content_data import content_from_data, content_to_data
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.transport.errors import OptedOut, TransportError, UnknownOutcome
from switchroom.transport.protocol import (
    DeliveryUpdate,
    Envelope,
    InboundMessage,
    SendResult,
    Thread,
    Transport,
    TransportEvent,
)

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.conversations.front import ConversationsFront
    from switchroom.outbound.front import CampaignsFront
    from switchroom.transport.unsubscribe import UnsubscribeLinks

PROVIDER, ONE_CLICK = "provider", "one_click"
"""Sources of an opt-out: the provider's word, and the header of a mail."""


class Carrier:
    """Carries the messages of a center by one transport or several.

    Each of ``transports`` serves the channels that it declares and that none before it does; ``connect`` gives one to
    certain lines. Making a carrier registers it for the center's ``send`` effects: a center has one.
    ``center.effects.deliver()`` hands over what is ready, in the calling thread; events that a transport gives go to
    ``take``. ``unsubscribe`` puts the one-click opt-out into mails that the company begins.

    Messages go out at least once: a repeated hand-over carries the same key, which is the message's id. Where the far
    end does not honour keys, a message that the company begins is not handed over again once it may have left.

    >>> from switchroom import Address, ContactCenter, Line, ManualClock, Queue
    >>> from switchroom.transport.memory import MemoryTransport
    >>> center = ContactCenter(clock=ManualClock(), seed=1)
    >>> center.queues.add(Queue("help"))
    >>> center.conversations.save_line(Line("main", address=Address("web", "shop"), queue="help"))
    >>> transport = MemoryTransport(center.clock)
    >>> carrier = Carrier(center, transport)
    >>> _ = center.conversations.send("main", Address("web", "ann"), "Your parcel is here")
    >>> center.effects.deliver(), len(transport.sent)
    (1, 1)
    """

    def __init__(
        self, center: ContactCenter, *transports: Transport, unsubscribe: UnsubscribeLinks | None = None
    ) -> None:
        self._center = center
        self._unsubscribe = unsubscribe
        self._by_line: dict[str, _Connection] = {}
        self._by_channel: dict[str, _Connection] = {}
        for transport in transports:
            connection = _Connection(transport)
            for channel in transport.capabilities().channels:
                self._by_channel.setdefault(channel.id, connection)
        center.effects.register(SEND, self.carry)

    def connect(self, transport: Transport, *, lines: Iterable[str]) -> None:
        """Let a transport carry the messages of these lines. Refuses a line that has one already."""
        connection = _Connection(transport)
        for line in lines:
            if line in self._by_line:
                raise DuplicateId("transport of line", line)
            self._by_line[line] = connection

    # -- out

    def carry(self, effect: EffectView) -> Mapping[str, Any]:
        """Hand one message over. Raises `DeliveryFailed` to be asked again, `DeliveryRefused` to give up.

        A refusal that says that the recipient has opted out with the provider is recorded as an opt-out here, too.
        """
        envelope = self._envelope(effect)
        connection = self._by_line.get(effect.body["line"]) or self._by_channel.get(envelope.channel)
        if connection is None:
            raise DeliveryRefused(f"no transport for {envelope.channel}")
        try:
            return _told(connection.send(envelope))
        except OptedOut as error:
            self._opt_out(effect.body, PROVIDER)
            raise DeliveryRefused(error.message) from error
        except UnknownOutcome as error:
            # A promotion sent twice is worse than one missed.
            if effect.body["purpose"] in BUSINESS_INITIATED and not connection.honours_keys:
                return {"status": DeliveryStatus.UNCONFIRMED.value}
            raise _failure(error) from error
        except TransportError as error:
            raise _failure(error) from error
        except InvalidInput as error:
            # Asked again, it would be what it is.
            raise DeliveryRefused(error.message) from error

    def _envelope(self, effect: EffectView) -> Envelope:
        body = effect.body
        channel, key = body["channel"], body["message"]
        references = tuple(body.get("references", ()))
        links = self._unsubscribe if channel == "email" and body["purpose"] in BUSINESS_INITIATED else None
        return Envelope(
            key=key,
            sender=Address(channel, body["from"]),
            recipient=Address(channel, body["to"]),
            content=content_from_data(body["content"]),
            subject=body.get("subject", ""),
            thread=Thread(in_reply_to=references[-1] if references else "", references=references),
            unsubscribe="" if links is None else links.link(key),
            automatic=body["author"] != "agent",
        )

    # -- in

    def take(self, event: TransportEvent) -> Received | bool:
        """Give the center what came in by a transport; again changes nothing.

        For a message: what became of it; refuses an address that is no line. For a delivery report: whether it
        changed anything.
        """
        if isinstance(event, DeliveryUpdate):
            return self._report(event)
        return self._receive(event)

    def _receive(self, message: InboundMessage) -> Received:
        thread = message.thread
        answered = (thread.in_reply_to,) if thread.in_reply_to else ()
        return self._center.conversations.receive(
            to=message.recipient,
            sender=message.sender,
            content=message.content,
            provider_id=message.provider_id,
            provider_flag=message.provider_flag or None,
            automatic=message.automatic,
            entry_point=message.entry_point,
            references=tuple(dict.fromkeys((*thread.references, *answered))),
            details=_details(message),
        )

    def _report(self, update: DeliveryUpdate) -> bool:
        front: ConversationsFront | CampaignsFront = self._center.conversations
        message = self._message(update)
        if message is None:
            front, message = self._center.campaigns, self._center.campaigns.message(update.key, update.provider_id)
        if message is None:
            return False
        if update.opted_out:
            self._opt_out_message(message, PROVIDER)
        return front.report(message, update.report.status.value, code=update.report.code)

    def _message(self, update: DeliveryUpdate) -> str | None:
        """The message of ours by its key, or by the provider's id on whatever channel."""

        def find(c: Any) -> str | None:
            channels = sorted({line.address.channel for line in c.lines.values()})
            found = (sending.find(c, update.key, update.provider_id, channel) for channel in channels)
            return next((message.id for message in found if message is not None), None)

        return self._center.look_on("conversations", find)

    # -- opt-outs that are no message

    def one_click(self, method: str, token: str, body: bytes) -> bool:
        """The request that a mail program makes for "unsubscribe": whether it was one, and is recorded.

        ``token``: what stood behind the base of the links. The mail is looked up in the log; True also where the
        recipient had opted out before.
        """
        message = None if self._unsubscribe is None else self._unsubscribe.opted_out(method, token, body)
        return message is not None and self._opt_out_message(message, ONE_CLICK)

    def _opt_out_message(self, message: str, source: str) -> bool:
        """Opt out the recipient of a message; False if the log does not have it any more."""
        effects = [record.event.effect for record in self._center.events(tag=f"message:{message}") if _requests(record)]
        for effect in effects:
            for record in self._center.events(tag=f"effect:{effect}"):
                if isinstance(record.event, EffectRequested):
                    self._opt_out(record.event.body, source)
                    return True
        return False

    def _opt_out(self, body: Mapping[str, Any], source: str) -> None:
        """In the scope that a STOP to the same line has."""
        channel = body["channel"]
        pool = self._center.look_on("conversations", lambda c: _pool(c, body["line"])) or body["from"]
        scope = pool_scope(channel, pool)
        self._center.consent.opt_out(Address(channel, body["to"]), scope=scope, source=source)


class _Connection:
    """A transport, used by one thread at a time."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self.honours_keys = transport.capabilities().honours_keys

    def send(self, envelope: Envelope) -> SendResult:
        with self._lock:
            return self._transport.send(envelope)


def _pool(c: Any, line: str) -> str:
    known = c.lines.get(line)
    return "" if known is None else known.pool


def _requests(record: Any) -> bool:
    return getattr(record.event, "effect", None) is not None


def _details(message: InboundMessage) -> dict[str, Any]:
    """What came with the content, as plain data; empty fields are left out."""
    found: dict[str, Any] = {
        "subject": message.subject,
        "attachments": [content_to_data(content) for content in message.attachments],
        "quoted": message.quoted,
        "sent_at": None if message.sent_at is None else message.sent_at.isoformat(),
        "metadata": dict(message.metadata),
    }
    return {name: value for name, value in found.items() if value}


def _failure(error: TransportError) -> Exception:
    wait: timedelta | None = error.details.get("retry_after")
    if error.retryable:
        return DeliveryFailed(error.message, retry_after=None if wait is None else wait.total_seconds())
    return DeliveryRefused(error.message)


def _told(result: SendResult) -> Mapping[str, Any]:
    return {"provider_id": result.provider_id, "status": result.status.value}
