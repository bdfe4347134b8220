"""Inbound: which conversation a message belongs to, and what it means before anybody reads it."""

from __future__ import annotations

from switchroom.consent import state as consent_ops
from switchroom.consent.keywords import Decision
from switchroom.consent.model import CONFIRMATION, EVERYTHING, REPLY, channel_scope, pool_scope
from switchroom.conversations import routing_link
from switchroom.conversations.events import (
    ConversationReopened,
    ConversationStarted,
    MessageReceived,
)
from switchroom.conversations.model import Line, Received
from switchroom.conversations.records import CLOSED, OPEN, ConversationRecord
from switchroom.conversations.sending import send, try_send
from switchroom.conversations.state import Conversations
from switchroom.errors import UnknownId
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Content, Text, plain_text
from switchroom.messaging.content_data import content_to_data


def receive(
    tx: Transaction,
    c: Conversations,
    ours: Address,
    theirs: Address,
    content: Content,
    provider_id: str,
    provider_flag: str | None,
    automatic: bool,
    entry_point: str,
) -> Received:
    """Take in a customer's message. A repeated delivery of a provider's message id changes nothing.

    Keywords are seen to before bots and agents. A request to stop is recorded and confirmed once; it starts no
    conversation. Everything else goes to the conversation it continues, or starts one.
    """
    seen = c.seen.get(f"{ours.channel}:{provider_id}")
    line_id = c.by_address.get(f"{ours.channel}:{ours.value}")
    if line_id is None:
        raise UnknownId("line", ours.masked)
    line = c.lines[line_id]
    keys = c.consent.digests(theirs.suppression_keys)
    if seen is not None:
        return Received(message=seen, conversation=None, decision="none", duplicate=True)
    decision = _classify(c, line, keys, theirs, content, provider_flag)
    # Nobody can tell those apart who hide their address: each message of theirs stands alone.
    key = keys[0] if theirs.contactable else c.consent.digest(f"{ours.channel}:{provider_id}")
    record = _current(tx, c, line, key)
    message = tx.ids.new("message", tx.now)
    started = False
    if decision.decision in ("opt_out", "opt_in", "help"):
        if record is not None and record.state == CLOSED:
            record = None
    elif record is None:
        record = _start(tx, c, line, key, theirs, entry_point)
        started = True
    _emit_received(tx, c, message, record, ours.channel, provider_id, content, decision)
    _obey(tx, c, line, theirs, keys, decision, message, confirmed=provider_flag is not None)
    if record is not None and not started:
        _continue(tx, c, record)
    elif record is not None:
        _begin(tx, c, record, automatic)
    return Received(message=message, conversation=None if record is None else record.id, decision=decision.decision)


def _classify(
    c: Conversations, line: Line, keys: tuple[str, ...], theirs: Address, content: Content, flag: str | None
) -> Decision:
    scopes = covering_scopes(line)
    return c.keywords().classify(
        plain_text(content),
        channel=line.address.channel,
        language=theirs.language,
        opted_out=c.consent.opted_out(keys, scopes) is not None,
        provider_flag=flag,
    )


def covering_scopes(line: Line) -> tuple[str, ...]:
    """The scopes that a START on this line may lift."""
    channel = line.address.channel
    return (pool_scope(channel, line.pool or line.address.value), channel_scope(channel), EVERYTHING)


def _emit_received(
    tx: Transaction,
    c: Conversations,
    message: str,
    record: ConversationRecord | None,
    channel: str,
    provider_id: str,
    content: Content,
    decision: Decision,
) -> None:
    tx.emit(
        MessageReceived(
            message,
            None if record is None else record.id,
            channel,
            provider_id,
            content_to_data(content),
            decision.decision,
            decision.rule,
            None if record is None else record.contact,
        )
    )


def _obey(
    tx: Transaction,
    c: Conversations,
    line: Line,
    theirs: Address,
    keys: tuple[str, ...],
    decision: Decision,
    message: str,
    *,
    confirmed: bool,
) -> None:
    """Do what a keyword asks for. ``confirmed``: the provider has answered the customer already."""
    words = " ".join(decision.matched)
    if decision.decision == "opt_out":
        scope = EVERYTHING if decision.scope == "everything" else covering_scopes(line)[0]
        new = consent_ops.opt_out(tx, c.consent, keys, scope, "keyword", decision.rule, words, message)
        text = c.keywords().reply_for(decision, theirs.language)
        if new and not confirmed and text:
            send(tx, c, line, theirs, Text(text), CONFIRMATION, "automatic")
    elif decision.decision == "opt_in":
        scopes = covering_scopes(line)
        lifted = consent_ops.opt_in(tx, c.consent, keys, scopes, "keyword", decision.rule, words, message)
        text = c.keywords().reply_for(decision, theirs.language)
        if lifted and not confirmed and text:
            try_send(tx, c, line, theirs, text, REPLY, None)
    elif decision.decision == "help" and not confirmed:
        text = c.keywords().reply_for(decision, theirs.language)
        if text:
            try_send(tx, c, line, theirs, text, REPLY, None)
    elif decision.decision == "review":
        consent_ops.hold_marketing(tx, c.consent, keys, True, message)


def _current(tx: Transaction, c: Conversations, line: Line, key: str) -> ConversationRecord | None:
    """The conversation that a message at this instant continues: within the window of inactivity, half-open."""
    id = c.threads.get((line.id, line.address.channel, key))
    if id is None:
        return None
    record = c.conversations[id]
    if tx.now - record.last_activity_us < c.window_us(record.line):
        return record
    if record.state == OPEN:
        routing_link.close(tx, c, record, "no message within the window", None)
    return None


def _start(
    tx: Transaction, c: Conversations, line: Line, key: str, theirs: Address, entry_point: str
) -> ConversationRecord:
    id = tx.ids.new("conversation", tx.now)
    contact = c.contact_of.get(key)
    language = None if contact is None else c.contacts[contact].language
    tx.emit(
        ConversationStarted(
            id,
            line.id,
            line.address.channel,
            key,
            theirs.value,
            contact,
            entry_point,
            language or theirs.language,
        )
    )
    return c.conversations[id]


def _begin(tx: Transaction, c: Conversations, record: ConversationRecord, automatic: bool) -> None:
    """A new conversation: greeted, told if nobody is there, and sent to its flow or queue."""
    line = record.line
    if line.greeting and not automatic:
        automatic_text(tx, c, record, line.greeting)
    if line.flow is None:
        routing_link.route(tx, c, record, line.queue, line.priority, line.requirement)
    _tell_away(tx, c, record, automatic)


def _tell_away(tx: Transaction, c: Conversations, record: ConversationRecord, automatic: bool) -> None:
    queue = None if record.line.queue is None else c.routing.queues.get(record.line.queue)
    if queue is not None and not queue.open and record.line.away and not automatic:
        automatic_text(tx, c, record, record.line.away)


def automatic_text(tx: Transaction, c: Conversations, record: ConversationRecord, text: str) -> None:
    """A text that nobody wrote: sent if it may be, and no activity."""
    try_send(tx, c, record.line, Address(record.channel, record.theirs), text, REPLY, record.id)


def _continue(tx: Transaction, c: Conversations, record: ConversationRecord) -> None:
    """A message within the window: to the agent who has it, back to its queue if it was set aside, or it reopens."""
    if record.state == CLOSED:
        tx.emit(ConversationReopened(record.id, record.stay + 1))
        routing_link.reopen(tx, c, record)
    else:
        routing_link.wake(tx, c, record)
