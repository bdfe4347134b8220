"""Inbound: which conversation a message belongs to, and what it means before anybody reads it."""

from __future__ import annotations

from switchroom.consent import state as consent_ops
from switchroom.consent.decision import NONE, Decision
from switchroom.consent.model import CONFIRMATION, EVERYTHING, REPLY, channel_scope, pool_scope
from switchroom.conversations import routing_link, sending
from switchroom.conversations.events import (
    ConversationReopened,
    ConversationStarted,
    MessageReceived,
)
from switchroom.conversations.flow_events import VariablesSet
from switchroom.conversations.model import Inbound, Line, Received
from switchroom.conversations.records import CLOSED, OPEN, ConversationRecord
from switchroom.conversations.sending import check_window, send, try_send
from switchroom.conversations.state import Conversations
from switchroom.errors import NotAllowed, UnknownId
from switchroom.kernel.limits import require_room
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.addresses import Address
from switchroom.messaging.answers import Answer
from switchroom.messaging.channels import BY_REFERENCE
from switchroom.messaging.content import Text, plain_text
from switchroom.messaging.content_data import content_to_data

MAX_CONVERSATIONS = 5_000_000
"""In memory, closed ones within their window included. A keyword needs none: who asks us to stop is always heard."""

KEYWORDS = frozenset({"opt_out", "opt_in", "help"})
"""Decisions about a text that is a keyword, and no message to anybody."""


def receive(tx: Transaction, c: Conversations, m: Inbound) -> Received:
    """Take in a customer's message. A repeated delivery of a provider's message id changes nothing.

    Keywords are seen to before bots and agents. A request to stop is recorded and confirmed once; it starts no
    conversation. Everything else goes to the conversation it continues, or starts one.
    """
    line_id = c.by_address.get(f"{m.ours.channel}:{m.ours.value}")
    if line_id is None:
        raise UnknownId("line", m.ours.masked)
    line = c.lines[line_id]
    seen = c.seen.get(f"{line_id}:{m.provider_id}")
    if seen is not None:
        return Received(message=seen, conversation=None, decision="none", duplicate=True)
    keys = c.consent.digests(m.theirs.suppression_keys)
    # Nobody can tell those apart who hide their address: each message of theirs stands alone.
    key = keys[0] if m.theirs.contactable else c.consent.digest(f"{line_id}:{m.provider_id}")
    decision = _classify(c, line, keys, m)
    record = _current(tx, c, line, key, m)
    answer = c.answered(line_id, key, m.references, tx.now)
    if decision.decision == "review" and record is not None and c.is_answer(record, plain_text(m.content)):
        decision = NONE  # "no" is unclear out of the blue, and clear as the answer to a question with that choice
    message = tx.ids.new("message", tx.now)
    started = False
    if decision.decision in KEYWORDS:
        if record is not None and record.state == CLOSED:
            record = None
    elif record is None:
        record = _start(tx, c, line, key, m, answer)
        started = True
    _emit_received(tx, message, record, line, m, decision)
    if answer is not None:
        _answer(tx, c, answer, record, key, message, decision)
    if decision.decision != "none":
        _obey(tx, c, line, m, keys, decision, message)
    if record is not None and not started:
        _continue(tx, c, record)
    elif record is not None:
        _begin(tx, c, record, m.automatic, answer)
    return Received(message=message, conversation=None if record is None else record.id, decision=decision.decision)


def _classify(c: Conversations, line: Line, keys: tuple[str, ...], m: Inbound) -> Decision:
    if m.automatic and m.provider_flag is None:
        return NONE
    return c.keywords().classify(
        plain_text(m.content),
        channel=line.address.channel,
        language=m.theirs.language,
        opted_out=c.consent.knows(keys) and c.consent.opted_out(keys, covering_scopes(line)) is not None,
        provider_flag=m.provider_flag,
    )


def covering_scopes(line: Line) -> tuple[str, ...]:
    """The scopes that a START on this line may lift."""
    channel = line.address.channel
    return (pool_scope(channel, line.pool or line.address.value), channel_scope(channel), EVERYTHING)


def _emit_received(
    tx: Transaction, message: str, record: ConversationRecord | None, line: Line, m: Inbound, decision: Decision
) -> None:
    tx.emit(
        MessageReceived(
            message,
            None if record is None else record.id,
            line.id,
            line.address.channel,
            m.provider_id,
            content_to_data(m.content),
            decision.decision,
            decision.rule,
            None if record is None else record.contact,
            m.references,
            m.details,
        )
    )


def _obey(
    tx: Transaction,
    c: Conversations,
    line: Line,
    m: Inbound,
    keys: tuple[str, ...],
    decision: Decision,
    message: str,
) -> None:
    """Do what a keyword asks for. Where the provider has seen to it, it has answered the customer already."""
    words, theirs, confirmed = " ".join(decision.matched), m.theirs, m.provider_flag is not None
    if decision.decision == "review":
        consent_ops.hold_marketing(tx, c.consent, keys, True, message)
        return
    text = None if confirmed else c.keywords().reply_for(decision, theirs.language)
    if decision.decision == "opt_out":
        scope = EVERYTHING if decision.scope == "everything" else covering_scopes(line)[0]
        new = consent_ops.opt_out(tx, c.consent, keys, scope, "keyword", decision.rule, words, message)
        if new and text:
            send(tx, c, line, theirs, Text(text), CONFIRMATION, "automatic")
        return
    lifted = decision.decision == "opt_in" and consent_ops.opt_in(
        tx, c.consent, keys, covering_scopes(line), "keyword", decision.rule, words, message
    )
    if text and (lifted or decision.decision == "help"):
        try_send(tx, c, line, theirs, text, REPLY, None)


def _current(tx: Transaction, c: Conversations, line: Line, key: str, m: Inbound) -> ConversationRecord | None:
    """The conversation that a message at this instant continues: within the window of inactivity, half-open."""
    if c.channel(line.address.channel).threads_by == BY_REFERENCE:
        id = _referred(c, line, key, m.references)
    else:
        id = c.threads.get((line.id, line.address.channel, key))
    if id is None:
        return None
    record = c.conversations[id]
    if tx.now - record.last_activity_us < c.window_us(record.line):
        return record
    if record.state == OPEN:
        routing_link.close(tx, c, record, "no message within the window", None)
    return None


def _referred(c: Conversations, line: Line, key: str, references: tuple[str, ...]) -> str | None:
    """The conversation of the latest message that is named and known.

    Ids of messages can be learned by others, so that only the customer, or an address of the same contact, gets in.
    """
    for reference in reversed(references):
        id = c.by_received.get(f"{line.id}:{reference}")
        if id is None:
            message = sending.find(c, "", reference, line.address.channel) or sending.awaited(c, reference)
            id = None if message is None else message.conversation
        record = None if id is None else c.conversations[id]
        if record is None or record.line.id != line.id:
            continue
        if record.key == key or (record.contact is not None and record.contact == c.contact_of.get(key)):
            return record.id
    return None


def _answer(
    tx: Transaction,
    c: Conversations,
    answer: Answer,
    record: ConversationRecord | None,
    key: str,
    message: str,
    decision: Decision,
) -> None:
    """The message answers one of ours: the conversation learns what goes with that, and who sent it hears."""
    if record is not None:
        tx.emit(VariablesSet(record.id, {**answer.metadata, "answers": answer.message, "source": answer.source}))
    c.heard(tx, answer, key, message, None if record is None else record.id, decision.decision)


def _start(
    tx: Transaction, c: Conversations, line: Line, key: str, m: Inbound, answer: Answer | None
) -> ConversationRecord:
    id, channel = tx.ids.new("conversation", tx.now), line.address.channel
    require_room(c.conversations, id, "conversations", MAX_CONVERSATIONS)
    contact = c.contact_of.get(key)
    language = (None if contact is None else c.contacts[contact].language) or m.theirs.language
    thread = id if c.channel(channel).threads_by == BY_REFERENCE else ""
    entry, answers, flow = m.entry_point, "", None
    if answer is not None:
        own = answer.queue is not None or answer.agent is not None
        entry, answers, flow = entry or answer.source, answer.message, None if own else answer.flow or line.flow
    theirs = m.theirs.value
    tx.emit(
        ConversationStarted(id, line.id, channel, key, theirs, contact, entry, language, thread, answers, flow),
    )
    return c.conversations[id]


def _begin(
    tx: Transaction, c: Conversations, record: ConversationRecord, automatic: bool, answer: Answer | None
) -> None:
    """A new conversation: greeted, told if nobody is there, and sent to its flow or queue."""
    line = record.line
    if answer is not None and (answer.agent is not None or answer.queue is not None or answer.flow is not None):
        if answer.agent is None and record.flow is None:
            routing_link.route(tx, c, record, answer.queue, line.priority)
        return
    if line.greeting and not automatic:
        automatic_text(tx, c, record, line.greeting)
    if record.flow is None:
        routing_link.route(tx, c, record, line.queue, line.priority, line.requirement)
    _tell_away(tx, c, record, automatic)


def _tell_away(tx: Transaction, c: Conversations, record: ConversationRecord, automatic: bool) -> None:
    queue = None if record.line.queue is None else c.routing.queues.get(record.line.queue)
    if queue is not None and not queue.open and record.line.away and not automatic:
        automatic_text(tx, c, record, record.line.away)


def automatic_text(tx: Transaction, c: Conversations, record: ConversationRecord, text: str) -> None:
    """A text that nobody wrote: sent if it may be, and no activity."""
    try:
        check_window(tx, c, record, Text(text), person=False)
    except NotAllowed:
        return
    try_send(tx, c, record.line, Address.stored(record.channel, record.theirs), text, REPLY, record.id)


def _continue(tx: Transaction, c: Conversations, record: ConversationRecord) -> None:
    """A message within the window: to the agent who has it, back to its queue if it was set aside, or it reopens."""
    if record.state == CLOSED:
        tx.emit(ConversationReopened(record.id, record.stay + 1))
        routing_link.reopen(tx, c, record)
    else:
        routing_link.wake(tx, c, record)
