"""Sending: every message of ours goes through here, and through the gate twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from switchroom.consent.events import SendCounted
from switchroom.consent.model import BUSINESS_INITIATED, CONFIRMATION, REPLY, TRANSACTIONAL, SendQuestion
from switchroom.conversations.events import MessageRequested, MessageStatus
from switchroom.conversations.model import Line
from switchroom.conversations.records import ConversationRecord, MessageRecord
from switchroom.conversations.state import Conversations
from switchroom.durations import from_micros
from switchroom.errors import NotAllowed, SendRefused, UnknownId
from switchroom.kernel import outbox
from switchroom.kernel.outbox import Effect, EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.addresses import Address
from switchroom.messaging.channels import Permission
from switchroom.messaging.content import Content, Template, Text
from switchroom.messaging.content_data import content_to_data
from switchroom.messaging.degrade import degrade
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.messaging.mail_ids import key_in

SEND = "send"
"""The kind of effect that carries a message to a transport."""

STREAM = "to:"
"""Before the digest of an address: the stream of messages to it outside of conversations."""


ANSWERS = frozenset({REPLY, TRANSACTIONAL, CONFIRMATION})
"""Purposes of messages that only an opt-out stops."""

_STATUSES = frozenset(status.value for status in DeliveryStatus)


def refusal(
    c: Conversations, line: Line, keys: tuple[str, ...], purpose: str, options: Mapping[str, Any], now: int
) -> str | None:
    """Why a message from a line to the address of these digests must not leave now, or None."""
    if purpose in ANSWERS and not c.consent.knows(keys):
        return None  # the usual case: an answer to somebody who has opted out of nothing
    return c.consent.refusal(_question(c, line, keys, purpose, options), now)


def _question(
    c: Conversations, line: Line, keys: tuple[str, ...], purpose: str, options: Mapping[str, Any]
) -> SendQuestion:
    channel = c.channel(line.address.channel)
    return SendQuestion(
        keys=keys,
        channel=channel.id,
        purpose=purpose,
        pool=line.pool or line.address.value,
        campaign=options.get("campaign", ""),
        category=options.get("category", ""),
        lists=tuple(options.get("lists", ())),
        zones=tuple(options.get("zones", ())),
        opt_in_needed=channel.opt_in_needed and purpose in BUSINESS_INITIATED,
    )


def send(
    tx: Transaction,
    c: Conversations,
    line: Line,
    to: Address,
    content: Content,
    purpose: str,
    author: str,
    conversation: str | None = None,
    agent: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> str:
    """Request a message; returns its id. Raises SendRefused if the gate says no, InvalidInput if the channel cannot
    carry the content in any form."""
    given = dict(options or {})
    keys = c.consent.digests(to.suppression_keys)
    reason = refusal(c, line, keys, purpose, given, tx.now)
    if reason is not None:
        raise SendRefused(reason)
    shaped = degrade(content, c.channel(line.address.channel))
    stream = conversation or STREAM + keys[0]
    return _request(tx, c, line, to, shaped, purpose, stream, author, conversation, agent, given)


def _request(
    tx: Transaction,
    c: Conversations,
    line: Line,
    to: Address,
    content: Content,
    purpose: str,
    stream: str,
    author: str,
    conversation: str | None,
    agent: str | None,
    options: Mapping[str, Any],
) -> str:
    message = tx.ids.new("message", tx.now)
    channel, data = line.address.channel, content_to_data(content)
    body = {
        "message": message,
        "line": line.id,
        "channel": channel,
        "from": line.address.value,
        "to": to.value,
        "content": data,
        "purpose": purpose,
        "author": author,
        **options,
    }
    record = None if conversation is None else c.conversations[conversation]
    if record is not None and record.chain:
        body["references"] = list(record.chain)
        body.setdefault("subject", f"Re: {record.subject.removeprefix('Re: ')}" if record.subject else "")
    effect = outbox.request(tx, c.outbox, SEND, stream, body)
    tx.emit(MessageRequested(message, conversation, channel, author, purpose, data, effect, agent))
    return message


def try_send(
    tx: Transaction, c: Conversations, line: Line, to: Address, text: str, purpose: str, conversation: str | None
) -> str | None:
    """Send an automatic text if it may be sent; None if not."""
    try:
        return send(tx, c, line, to, Text(text), purpose, "automatic", conversation)
    except SendRefused:
        return None


def unconfirmed(tx: Transaction, c: Conversations, id: str) -> None:
    """Timer: nothing was heard of a message that was sent, which is normal and never means failed."""
    message = c.messages[id]
    tx.emit(MessageStatus(id, message.conversation, DeliveryStatus.UNCONFIRMED.value))


def check_window(
    tx: Transaction, c: Conversations, record: ConversationRecord, content: Content, *, person: bool
) -> None:
    """Refuse what the channel does not allow outside its reply window; some allow more to a ``person``."""
    window = c.channel(record.channel).reply_window
    if window is None:
        return
    last = None if record.last_customer_us is None else from_micros(record.last_customer_us)
    permission = window.permits(last, from_micros(tx.now))
    if permission is Permission.FORBIDDEN or (permission is Permission.HUMAN_AGENT and not person):
        raise NotAllowed("write in", "conversation", record.id, "outside the reply window of its channel")
    if permission is Permission.TEMPLATE and not isinstance(content, Template):
        raise NotAllowed("write freely in", "conversation", record.id, "outside the reply window: templates only")


# -- the second gate, and what became of a send


def gate(c: Conversations, tx: Transaction, effect: Effect) -> str | None:
    """At the moment of hand-over: the reason why this message must not leave, or None."""
    body = effect.body
    line = c.lines.get(body["line"])
    if line is None:
        return "its line is gone"
    keys = c.consent.digests(Address.stored(body["channel"], body["to"]).suppression_keys)
    return refusal(c, line, keys, body["purpose"], body, tx.now)


def done(c: Conversations, tx: Transaction, e: EffectDone) -> None:
    """Reaction: a transport has taken the message. Only now it counts for the cap: a try that failed must not use up
    the room of the next one. Messages to one address share a stream, so none is asked about before this."""
    message = c.messages.get(c.by_effect.get(e.effect, ""))
    if message is not None and message.purpose in BUSINESS_INITIATED:
        tx.emit(SendCounted(e.stream.removeprefix(STREAM)))
    told = e.result.get("status")
    status = DeliveryStatus(told) if told in _STATUSES else DeliveryStatus.SENT
    _rise(tx, c, e.effect, status, "", str(e.result.get("provider_id", "")))


def dead(c: Conversations, tx: Transaction, e: EffectDead) -> None:
    """Reaction: the message was given up."""
    _rise(tx, c, e.effect, DeliveryStatus.FAILED, e.problem, "")


def dropped(c: Conversations, tx: Transaction, e: EffectDropped) -> None:
    """Reaction: the gate stopped the message at the last moment."""
    _rise(tx, c, e.effect, DeliveryStatus.CANCELED, e.reason, "")


def _rise(tx: Transaction, c: Conversations, effect: str, status: DeliveryStatus, code: str, provider_id: str) -> None:
    message = c.messages.get(c.by_effect.get(effect, ""))
    if message is None:
        return
    if message.rises(status):
        tx.emit(MessageStatus(message.id, message.conversation, status.value, code, provider_id))
    elif provider_id and not message.provider_id:
        tx.emit(MessageStatus(message.id, message.conversation, message.status.value, code, provider_id))


def message(c: Conversations, id: str) -> MessageRecord:
    """A message of ours that is followed."""
    found = c.messages.get(id)
    if found is None:
        raise UnknownId("message", id)
    return found


def find(c: Conversations, id: str, provider_id: str, channel: str) -> MessageRecord | None:
    """A message of ours by our id, else by the one that the provider of the channel gave it."""
    return c.messages.get(id) or c.messages.get(c.by_provider.get(f"{channel}:{provider_id}", ""))


def awaited(c: Conversations, reference: str) -> MessageRecord | None:
    """A message of ours whose outcome has not told the provider's id, by the Message-ID that was made of its own.

    An answer may overtake the outcome, or the outcome be lost. Once the provider's id is known, only that names it.
    """
    message = c.messages.get(key_in(reference) or "")
    return None if message is None or message.provider_id else message


def report(
    tx: Transaction, c: Conversations, id: str, provider_id: str, channel: str, status: DeliveryStatus, code: str
) -> bool:
    """A delivery report: late, doubled and out-of-order ones change nothing. Returns whether the status rose."""
    message = find(c, id, provider_id, channel)
    if message is None or not message.rises(status):
        return False
    tx.emit(MessageStatus(message.id, message.conversation, status.value, code))
    return True
