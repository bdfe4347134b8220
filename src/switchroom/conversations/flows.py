"""Runs flows: step by step until one waits, or the conversation leaves the flow.

Where a conversation stands is state, so a restart in the middle of a question loses nothing. A flow that is changed
while conversations are in it takes them along: at the same step if it still has it, else at its start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from switchroom.consent.model import REPLY
from switchroom.conversations import routing_link
from switchroom.conversations.events import ConversationClosed, MessageReceived
from switchroom.conversations.flow_events import FlowEntered, FlowLeft, FlowSaved, FlowWaits, Tagged, VariablesSet
from switchroom.conversations.flow_model import (
    Ask,
    Branch,
    CheckHours,
    CloseConversation,
    Consult,
    CreateWork,
    Flow,
    Jump,
    RouteTo,
    Say,
    SetVariables,
    Tag,
    Wait,
    flows_named,
)
from switchroom.conversations.flow_state import FlowRun, Flows
from switchroom.conversations.records import OPEN, ConversationRecord
from switchroom.conversations.sending import check_window, send
from switchroom.durations import from_micros
from switchroom.errors import InvalidInput, NotAllowed, SendRefused, SwitchroomError
from switchroom.kernel import outbox
from switchroom.kernel.outbox import EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Transaction
from switchroom.messaging import templates
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Choice, Content, QuickReplies, Text, plain_text
from switchroom.messaging.content_data import content_from_data
from switchroom.routing.fields import MAX_TEXT, Fact, micros, to_facts
from switchroom.routing.requirements import Named

MAX_STEPS_AT_ONCE = 1000
"""Steps run without a wait, over jumps from flow to flow too: more is a circle of jumps, which ends the flow."""


def save(tx: Transaction, f: Flows, spec: Flow) -> None:
    """Add or change a flow. Refuses jumps to unknown flows, unknown queues."""
    for name in flows_named(spec.steps.values()):
        if name != spec.id:
            f.flow(name)
    for step in spec.steps.values():
        if isinstance(step, RouteTo):
            f.conversations.routing.queue(step.queue)
    tx.emit(FlowSaved(spec.id, spec))


def start(tx: Transaction, f: Flows, record: ConversationRecord, flow: str) -> None:
    """Begin a flow for a conversation. One that is not there sends the conversation to its line's queue."""
    spec = f.flows.get(flow)
    if spec is None:
        _to_line(tx, f, record)
        return
    tx.emit(FlowEntered(record.id, flow, spec.start))
    advance(tx, f, record)


def _to_line(tx: Transaction, f: Flows, record: ConversationRecord) -> None:
    line = record.line
    routing_link.route(tx, f.conversations, record, line.queue, line.priority, line.requirement)


def advance(tx: Transaction, f: Flows, record: ConversationRecord) -> None:
    """Run steps until one waits or the flow is over. A step that cannot be done leaves by its ``failed`` way, or, if
    it has none, to the line's queue: people take over."""
    for _ in range(MAX_STEPS_AT_ONCE):
        run = f.runs.get(record.id)
        if run is None or run.due_us is not None:
            return
        step = f.step(run)
        following = STEPS[type(step)](tx, f, record, step)
        if following is not None:
            tx.emit(FlowEntered(record.id, f.runs[record.id].flow, following))
    give_up(tx, f, record, "the flow goes in a circle")


def give_up(tx: Transaction, f: Flows, record: ConversationRecord, reason: str) -> None:
    """Leave the flow for the line's queue."""
    tx.emit(FlowLeft(record.id, f.runs[record.id].flow, reason))
    _to_line(tx, f, record)


def facts(f: Flows, record: ConversationRecord) -> dict[str, Fact]:
    """What conditions and texts may use: the contact's fields, the variables, and the conversation's own."""
    contact = None if record.contact is None else f.conversations.contacts.get(record.contact)
    found: dict[str, Fact] = {} if contact is None else {**contact.fields, "name": contact.name}
    found.update(f.variables.get(record.id, {}))
    found["channel"] = record.channel
    if record.language is not None:
        found["language"] = record.language
    return found


# -- steps: each returns the name of the next one, or None if it waits or the flow is over


def _say(tx: Transaction, f: Flows, record: ConversationRecord, step: Say) -> str | None:
    try:
        _send(tx, f, record, Text(templates.render(step.text, facts(f, record))))
    except (SendRefused, InvalidInput, NotAllowed) as refusal:
        if step.failed is None:
            give_up(tx, f, record, refusal.message)
        return step.failed
    return step.then


def _send(tx: Transaction, f: Flows, record: ConversationRecord, content: Content, author: str = "flow") -> None:
    check_window(tx, f.conversations, record, content, person=False)
    to = Address(record.channel, record.theirs)
    send(tx, f.conversations, record.line, to, content, REPLY, author, record.id)


def _set(tx: Transaction, f: Flows, record: ConversationRecord, step: SetVariables) -> str | None:
    tx.emit(VariablesSet(record.id, step.values))
    return step.then


def _ask(tx: Transaction, f: Flows, record: ConversationRecord, step: Ask) -> str | None:
    return _put(tx, f, record, step, step.text, 0)


def _put(tx: Transaction, f: Flows, record: ConversationRecord, step: Ask, text: str, tries: int) -> str | None:
    """Put a question and wait for the answer."""
    try:
        words = templates.render(text, facts(f, record))
        choices = tuple(Choice(choice) for choice in step.choices)
        _send(tx, f, record, QuickReplies(words, choices) if choices else Text(words))
    except (SendRefused, InvalidInput, NotAllowed):
        return step.failed
    name = f.runs[record.id].step
    tx.emit(FlowWaits(record.id, name, tx.now + max(1, micros(step.timeout)), tries))
    return None


def _branch(tx: Transaction, f: Flows, record: ConversationRecord, step: Branch) -> str | None:
    known = facts(f, record)
    queue = None if step.queue is None else f.conversations.routing.queues.get(step.queue)
    if queue is not None:
        known["waiting"] = len(queue.items)
    return next((to for when, to in step.cases if when.holds(known)), step.otherwise)


def _hours(tx: Transaction, f: Flows, record: ConversationRecord, step: CheckHours) -> str | None:
    return step.open if step.hours.is_open(from_micros(tx.now)) else step.closed


def _wait(tx: Transaction, f: Flows, record: ConversationRecord, step: Wait) -> str | None:
    tx.emit(FlowWaits(record.id, f.runs[record.id].step, tx.now + max(1, micros(step.duration))))
    return None


def _tag(tx: Transaction, f: Flows, record: ConversationRecord, step: Tag) -> str | None:
    tx.emit(Tagged(record.id, step.tags))
    return step.then


def _jump(tx: Transaction, f: Flows, record: ConversationRecord, step: Jump) -> str | None:
    spec = f.flows.get(step.flow)
    if spec is None:
        give_up(tx, f, record, f"no flow {step.flow}")
        return None
    tx.emit(FlowEntered(record.id, spec.id, spec.start))
    return None


def _consult(tx: Transaction, f: Flows, record: ConversationRecord, step: Consult) -> str | None:
    _ask_outside(tx, f, record, step, str(f.variables.get(record.id, {}).get("message", "")))
    return None


def _ask_outside(tx: Transaction, f: Flows, record: ConversationRecord, step: Consult, text: str) -> None:
    """Request the effect, and wait for what it returns."""
    due = tx.now + max(1, micros(step.timeout))
    body: dict[str, Any] = {
        "conversation": record.id,
        "text": text,
        "variables": {k: sorted(v) if isinstance(v, frozenset) else v for k, v in facts(f, record).items()},
        "arguments": dict(step.arguments),
    }
    effect = outbox.request(tx, f.conversations.outbox, step.kind, f"flow:{record.id}", body, due)
    tx.emit(FlowWaits(record.id, f.runs[record.id].step, due, effect=effect))


def _create_work(tx: Transaction, f: Flows, record: ConversationRecord, step: CreateWork) -> str | None:
    """Work that carries the contact and the journey; what the worktype refuses leaves by ``failed``."""
    variables = facts(f, record)
    learned = {name: variables[v] for name, v in step.variables.items() if v in variables}
    try:
        if f.create_work is None:
            raise NotAllowed("create work in", "flow", f.runs[record.id].flow, "in a center without work items")
        work = f.create_work(tx, step.worktype, record.id, record.contact, {**step.attributes, **learned})
    except SwitchroomError as refusal:
        if step.failed is None:
            give_up(tx, f, record, refusal.message)
        return step.failed
    tx.emit(VariablesSet(record.id, {step.save: work}))
    return step.then


def _route(tx: Transaction, f: Flows, record: ConversationRecord, step: RouteTo) -> str | None:
    tx.emit(FlowLeft(record.id, f.runs[record.id].flow, f"to queue {step.queue}"))
    requirement = step.requirement if step.agent is None else step.requirement & Named([step.agent])
    routing_link.route(tx, f.conversations, record, step.queue, step.priority, requirement)
    return None


def _close(tx: Transaction, f: Flows, record: ConversationRecord, step: CloseConversation) -> str | None:
    tx.emit(FlowLeft(record.id, f.runs[record.id].flow, step.reason))
    routing_link.close(tx, f.conversations, record, step.reason, None)
    return None


STEPS: dict[type[Any], Callable[[Transaction, Flows, ConversationRecord, Any], str | None]] = {
    Say: _say,
    SetVariables: _set,
    Ask: _ask,
    Branch: _branch,
    CheckHours: _hours,
    Wait: _wait,
    Tag: _tag,
    Jump: _jump,
    Consult: _consult,
    CreateWork: _create_work,
    RouteTo: _route,
    CloseConversation: _close,
}


# -- answers


def parse_answer(step: Ask, text: str) -> Fact | None:
    """The answer as a value, or None if it is none.

    >>> ask = Ask("Which?", save="x", then="a", failed="a", timed_out="a", answer="choice", choices=["Red", "Blue"])
    >>> parse_answer(ask, " 2 "), parse_answer(ask, "RED"), parse_answer(ask, "green")
    ('Blue', 'Red', None)
    """
    words = " ".join(text.split())
    if step.answer == "text":
        return words or None
    if step.answer == "choice":
        return _choice(step.choices, words)
    if step.answer == "date":
        return _date(words)
    return _number(words)


def _choice(choices: tuple[str, ...], words: str) -> str | None:
    if words.isascii() and words.isdigit() and len(words) <= 3 and 0 < int(words) <= len(choices):
        return choices[int(words) - 1]
    return next((choice for choice in choices if choice.casefold() == words.casefold()), None)


def _date(words: str) -> str | None:
    try:
        return date.fromisoformat(words).isoformat() if len(words) == 10 else None
    except ValueError:
        return None


def _number(words: str) -> float | None:
    plain = words.replace(",", "")
    if len(plain) > 20 or not plain.isascii():
        return None
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if abs(value) <= 1e15 else None


def is_answer(f: Flows, record: ConversationRecord, text: str) -> bool:
    """Whether the conversation waits for an answer of a given form, and this is one."""
    run = f.runs.get(record.id)
    step = None if run is None else f.step(run)
    return isinstance(step, Ask) and step.answer != "text" and parse_answer(step, text) is not None


# -- reactions and timers


def received(f: Flows, tx: Transaction, e: MessageReceived) -> None:
    """Reaction: the message that begins a flow, an answer to a question, or a message to a bot."""
    if e.conversation is None or e.decision in ("opt_out", "opt_in", "help"):
        return
    record = f.conversations.conversations[e.conversation]
    run = f.runs.get(e.conversation)
    text = plain_text(content_from_data(e.content))
    if run is None:
        if record.line.flow is not None and record.item is None and record.state == OPEN:
            tx.emit(VariablesSet(record.id, {"message": text[:MAX_TEXT]}))
            start(tx, f, record, record.line.flow)
        return
    step = f.step(run)
    if isinstance(step, Ask):
        _answered(tx, f, record, run, step, text)
    elif isinstance(step, Consult) and run.effect is None:
        _ask_outside(tx, f, record, step, text)


def _answered(tx: Transaction, f: Flows, record: ConversationRecord, run: FlowRun, step: Ask, text: str) -> None:
    value = parse_answer(step, text)
    if value is not None:
        tx.emit(VariablesSet(record.id, {step.save: value}))
        following: str | None = step.then
    elif run.tries >= step.retries:
        following = step.failed
    else:
        following = _put(tx, f, record, step, step.again or step.text, run.tries + 1)
    if following is not None:
        tx.emit(FlowEntered(record.id, run.flow, following))
        advance(tx, f, record)


def waited(tx: Transaction, f: Flows, conversation: str) -> None:
    """Timer: no answer came, the wait is over, or nothing came back from outside."""
    run = f.runs[conversation]
    record = f.conversations.conversations[conversation]
    step = f.step(run)
    if isinstance(step, Ask):
        following = step.timed_out
    elif isinstance(step, Consult):
        following = step.failed
        if run.effect is not None and run.effect in f.conversations.outbox.pending:
            outbox.drop(tx, f.conversations.outbox, run.effect, "took too long")
    else:
        # A changed flow may have another kind of step under this name: it is begun anew.
        following = step.then if isinstance(step, Wait) else run.step
    tx.emit(FlowEntered(conversation, run.flow, following))
    advance(tx, f, record)


def answered_outside(f: Flows, tx: Transaction, e: EffectDone) -> None:
    """Reaction: a bot or a directory has answered."""
    conversation = f.by_effect.get(e.effect)
    if conversation is None:
        return
    record, run = f.conversations.conversations[conversation], f.runs[conversation]
    step = f.step(run)
    if not isinstance(step, Consult):
        _begin_anew(tx, f, record, run)
        return
    try:
        values = _fields(e.result)
        for text in e.result.get("say", ()):
            _send(tx, f, record, Text(str(text)), "bot")
    except SwitchroomError:
        tx.emit(FlowEntered(conversation, run.flow, step.failed))
        advance(tx, f, record)
        return
    if values:
        tx.emit(VariablesSet(conversation, values))
    if e.result.get("done", True):
        tx.emit(FlowEntered(conversation, run.flow, step.then))
        advance(tx, f, record)
    else:
        tx.emit(FlowWaits(conversation, run.step, tx.now + 24 * 3_600_000_000))


def _begin_anew(tx: Transaction, f: Flows, record: ConversationRecord, run: FlowRun) -> None:
    """The flow was changed while something outside was asked, and the step is of another kind now."""
    tx.emit(FlowEntered(record.id, run.flow, run.step))
    advance(tx, f, record)


def _fields(result: Mapping[str, Any]) -> Mapping[str, Fact]:
    found = {**dict(result.get("fields", {})), **dict(result.get("slots", {}))}
    return to_facts(found)


def failed_outside(f: Flows, tx: Transaction, e: EffectDead | EffectDropped) -> None:
    """Reaction: a bot or a directory failed for good: people take over, or whatever the flow says."""
    conversation = f.by_effect.get(e.effect)
    if conversation is None:
        return
    record, run = f.conversations.conversations[conversation], f.runs[conversation]
    step = f.step(run)
    if not isinstance(step, Consult):
        _begin_anew(tx, f, record, run)
        return
    tx.emit(FlowEntered(conversation, run.flow, step.failed))
    advance(tx, f, record)


def closed(f: Flows, tx: Transaction, e: ConversationClosed) -> None:
    """Reaction: a closed conversation leaves its flow."""
    run = f.runs.get(e.conversation)
    if run is not None:
        effect = run.effect
        tx.emit(FlowLeft(e.conversation, run.flow, "closed"))
        if effect is not None and effect in f.conversations.outbox.pending:
            outbox.drop(tx, f.conversations.outbox, effect, "the conversation is closed")
