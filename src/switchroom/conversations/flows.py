"""Runs flows: step by step until one waits, or the conversation leaves the flow.

Where a conversation stands is state, so a restart in the middle of a question loses nothing. A flow that is changed
while conversations are in it takes them along: at the same step if it still has it, else at its start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from switchroom.conversations.classification import Classifier
from switchroom.conversations.events import ConversationClosed, MessageReceived
from switchroom.conversations.flow_answers import parse_answer
from switchroom.conversations.flow_events import (
    ClassifierSaved,
    FlowEntered,
    FlowLeft,
    FlowSaved,
    FlowWaits,
    VariablesSet,
)
from switchroom.conversations.flow_model import Ask, Classify, Consult, Flow, RouteTo, Wait, flows_named
from switchroom.conversations.flow_state import FlowRun, Flows
from switchroom.conversations.flow_steps import (
    STEPS,
    TEXT,
    ask_outside,
    by_words,
    classified,
    give_up,
    put,
    say,
    to_line,
)
from switchroom.conversations.records import OPEN, ConversationRecord
from switchroom.errors import InvalidInput, SwitchroomError
from switchroom.kernel import outbox
from switchroom.kernel.limits import require_room
from switchroom.kernel.outbox import EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.content import Text
from switchroom.messaging.content_data import text_of
from switchroom.routing.fields import MAX_TEXT, Fact, to_facts

MAX_FLOWS = 10_000

MAX_STEPS_AT_ONCE = 1000
"""Steps run without a wait, over jumps from flow to flow too: more is a circle of jumps, which ends the flow."""


def save(tx: Transaction, f: Flows, specs: tuple[Flow, ...]) -> None:
    """Add or change flows, which may jump to each other.

    Refuses jumps to unknown flows, unknown queues and classifiers, and choices that the keyword policy would take for
    a request to stop, start or help: they would never arrive as answers.
    """
    known = {*f.flows, *(spec.id for spec in specs)}
    for spec in specs:
        require_room(f.flows, spec.id, "flows", MAX_FLOWS)
        for name in flows_named(spec.steps.values()):
            if name not in known:
                f.flow(name)
        for step in spec.steps.values():
            _check_step(f, step)
    for spec in specs:
        tx.emit(FlowSaved(spec.id, spec))


def _check_step(f: Flows, step: object) -> None:
    if isinstance(step, RouteTo):
        f.conversations.routing.queue(step.queue)
    elif isinstance(step, Classify):
        f.classifier(step.classifier)
    elif isinstance(step, Ask):
        for found in f.conversations.keywords().collisions(step.choices) if step.choices else ():
            if found.decision != "review":
                hint = f"{found.choice!r} is the keyword for {found.decision}: it would be no answer"
                raise InvalidInput("ask.choices", "keyword", found.choice, hint=hint)


def save_classifier(tx: Transaction, f: Flows, spec: Classifier) -> None:
    """Add or change a classifier."""
    tx.emit(ClassifierSaved(spec.id, spec))


def start(tx: Transaction, f: Flows, record: ConversationRecord, flow: str) -> None:
    """Begin a flow for a conversation. One that is not there sends the conversation to its line's queue."""
    spec = f.flows.get(flow)
    if spec is None:
        to_line(tx, f, record)
        return
    tx.emit(FlowEntered(record.id, flow, spec.start))
    advance(tx, f, record)


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
    flow = record.flow if record.item is None and record.state == OPEN else None
    if run is None and flow is None:
        return
    text = text_of(e.content)
    if run is None:
        if flow is not None:
            tx.emit(VariablesSet(record.id, {TEXT: text[:MAX_TEXT]}))
            start(tx, f, record, flow)
        return
    step = f.step(run)
    if isinstance(step, Ask):
        _answered(tx, f, record, run, step, text)
    elif isinstance(step, Consult) and run.effect is None:
        ask_outside(tx, f, record, step, text)


def _answered(tx: Transaction, f: Flows, record: ConversationRecord, run: FlowRun, step: Ask, text: str) -> None:
    value = parse_answer(step, text)
    if value is not None:
        tx.emit(VariablesSet(record.id, {step.save: value}))
        following: str | None = step.then
    elif run.tries >= step.retries:
        following = step.failed
    else:
        following = put(tx, f, record, step, step.again or step.text, run.tries + 1)
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
    elif isinstance(step, Consult | Classify):
        following = _without_answer(tx, f, record, step)
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
    if isinstance(step, Classify):
        _classified_outside(tx, f, record, run, step, e.result)
        return
    if not isinstance(step, Consult):
        _begin_anew(tx, f, record, run)
        return
    try:
        values = _fields(e.result)
        for text in e.result.get("say", ()):
            say(tx, f, record, Text(str(text)), "bot")
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
    if not isinstance(step, Consult | Classify):
        _begin_anew(tx, f, record, run)
        return
    tx.emit(FlowEntered(conversation, run.flow, _without_answer(tx, f, record, step)))
    advance(tx, f, record)


def _without_answer(tx: Transaction, f: Flows, record: ConversationRecord, step: Consult | Classify) -> str:
    """Where it goes on when nothing comes from outside."""
    return by_words(tx, f, record, step) if isinstance(step, Classify) else step.failed


def _classified_outside(
    tx: Transaction, f: Flows, record: ConversationRecord, run: FlowRun, step: Classify, result: Mapping[str, Any]
) -> None:
    """The external classifier has answered; a category that is none of ours is no answer."""
    name, score = result.get("category"), result.get("score", 1.0)
    spec = f.classifiers.get(step.classifier)
    known = spec is not None and isinstance(name, str) and spec.category(name) is not None
    if known and isinstance(name, str):
        sure = float(score) if isinstance(score, int | float) and not isinstance(score, bool) else 1.0
        following = classified(tx, record, step, name, sure, ())
    else:
        following = by_words(tx, f, record, step)
    tx.emit(FlowEntered(record.id, run.flow, following))
    advance(tx, f, record)


def closed(f: Flows, tx: Transaction, e: ConversationClosed) -> None:
    """Reaction: a closed conversation leaves its flow."""
    run = f.runs.get(e.conversation)
    if run is not None:
        effect = run.effect
        tx.emit(FlowLeft(e.conversation, run.flow, "closed"))
        if effect is not None and effect in f.conversations.outbox.pending:
            outbox.drop(tx, f.conversations.outbox, effect, "the conversation is closed")
