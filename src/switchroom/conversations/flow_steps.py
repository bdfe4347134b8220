"""The steps of flows: each returns the name of the next one, or None if it waits or the flow is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from switchroom.consent.model import REPLY
from switchroom.conversations import routing_link
from switchroom.conversations.flow_events import Classified, FlowEntered, FlowLeft, FlowWaits, Tagged, VariablesSet
from switchroom.conversations.flow_model import (
    Ask,
    Branch,
    CheckHours,
    Classify,
    CloseConversation,
    Consult,
    CreateWork,
    Jump,
    RouteTo,
    Say,
    SetVariables,
    Tag,
    Wait,
)
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.records import ConversationRecord
from switchroom.conversations.sending import check_window, send
from switchroom.durations import from_micros
from switchroom.errors import InvalidInput, NotAllowed, SendRefused, SwitchroomError
from switchroom.kernel import outbox
from switchroom.kernel.transaction import Transaction
from switchroom.messaging import templates
from switchroom.messaging.addresses import Address
from switchroom.messaging.channels import Channel
from switchroom.messaging.content import Choice, Content, QuickReplies, Text
from switchroom.messaging.degrade import degrade
from switchroom.routing.fields import Fact, micros
from switchroom.routing.model import ANYONE
from switchroom.routing.requirements import Named, Requirement

TEXT = "message"
"""The variable that holds what the customer wrote when the flow began."""


def facts(f: Flows, record: ConversationRecord) -> dict[str, Fact]:
    """What conditions and texts may use: the contact's fields, the variables, and the conversation's own."""
    contact = None if record.contact is None else f.conversations.contacts.get(record.contact)
    found: dict[str, Fact] = {} if contact is None else {**contact.fields, "name": contact.name}
    found.update(f.variables.get(record.id, {}))
    found["channel"] = record.channel
    if record.language is not None:
        found["language"] = record.language
    return found


def give_up(tx: Transaction, f: Flows, record: ConversationRecord, reason: str) -> None:
    """Leave the flow for the line's queue."""
    tx.emit(FlowLeft(record.id, f.runs[record.id].flow, reason))
    to_line(tx, f, record)


def to_line(tx: Transaction, f: Flows, record: ConversationRecord) -> None:
    line = record.line
    routing_link.route(tx, f.conversations, record, line.queue, line.priority, line.requirement)


def _say(tx: Transaction, f: Flows, record: ConversationRecord, step: Say) -> str | None:
    try:
        say(tx, f, record, _content(f, record, step.text))
    except (SendRefused, InvalidInput, NotAllowed) as refusal:
        if step.failed is None:
            give_up(tx, f, record, refusal.message)
        return step.failed
    return step.then


def _content(f: Flows, record: ConversationRecord, text: str, choices: tuple[str, ...] = ()) -> Content:
    """A text with its values in their places, and with choices to pick from."""
    fixed = _without_values(text, choices, f.conversations.channel(record.channel))
    if fixed is not None:
        return fixed
    return _asking(templates.render(text, facts(f, record)), choices)


@lru_cache(maxsize=1024)
def _without_values(text: str, choices: tuple[str, ...], channel: Channel) -> Content | None:
    """What a step always says, made once, as the channel carries it; None if the text has places for values."""
    return None if templates.names(text) else degrade(_asking(templates.render(text, {}), choices), channel)


def _asking(words: str, choices: tuple[str, ...]) -> Content:
    return QuickReplies(words, tuple(Choice(choice) for choice in choices)) if choices else Text(words)


def say(tx: Transaction, f: Flows, record: ConversationRecord, content: Content, author: str = "flow") -> None:
    check_window(tx, f.conversations, record, content, person=False)
    to = Address.stored(record.channel, record.theirs)
    send(tx, f.conversations, record.line, to, content, REPLY, author, record.id)


def _set(tx: Transaction, f: Flows, record: ConversationRecord, step: SetVariables) -> str | None:
    tx.emit(VariablesSet(record.id, step.values))
    return step.then


def _ask(tx: Transaction, f: Flows, record: ConversationRecord, step: Ask) -> str | None:
    return put(tx, f, record, step, step.text, 0)


def put(tx: Transaction, f: Flows, record: ConversationRecord, step: Ask, text: str, tries: int) -> str | None:
    """Put a question and wait for the answer."""
    try:
        say(tx, f, record, _content(f, record, text, step.choices))
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


def variable(f: Flows, record: ConversationRecord, name: str) -> str:
    """A variable of the conversation as text; empty if it has none."""
    value = f.variables.get(record.id, {}).get(name)
    return "" if value is None else templates.shown(value)


def _consult(tx: Transaction, f: Flows, record: ConversationRecord, step: Consult) -> str | None:
    ask_outside(tx, f, record, step, variable(f, record, TEXT))
    return None


def ask_outside(tx: Transaction, f: Flows, record: ConversationRecord, step: Consult, text: str) -> None:
    """Request the effect, and wait for what it returns."""
    due = tx.now + max(1, micros(step.timeout))
    body: dict[str, Any] = {
        "conversation": record.id,
        "text": text,
        "variables": _plain(facts(f, record)),
        "arguments": _plain(step.arguments),
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


def _plain(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Facts as a log holds them: sets as sorted lists."""
    return {name: sorted(fact) if isinstance(fact, frozenset) else fact for name, fact in facts.items()}


def _classify(tx: Transaction, f: Flows, record: ConversationRecord, step: Classify) -> str | None:
    classifier = f.classifiers.get(step.classifier)
    if classifier is None or classifier.external is None:
        return by_words(tx, f, record, step)
    asked = Consult(
        classifier.external,
        then=step.then,
        failed=step.otherwise,
        timeout=classifier.timeout,
        arguments={"categories": frozenset(category.id for category in classifier.categories)},
    )
    ask_outside(tx, f, record, asked, variable(f, record, step.of))
    return None


def by_words(tx: Transaction, f: Flows, record: ConversationRecord, step: Classify) -> str:
    """Classify by the words of the categories: the only way, or the one that is left when the external one fails."""
    classifier = f.classifiers.get(step.classifier)
    found = None if classifier is None else classifier.classify(variable(f, record, step.of))
    if found is None or found.category is None:
        return step.otherwise
    return classified(tx, record, step, found.category, found.score, found.matched)


def classified(
    tx: Transaction, record: ConversationRecord, step: Classify, category: str, score: float, matched: tuple[str, ...]
) -> str:
    """The conversation is about this: what the category carries holds from now on."""
    tx.emit(Classified(record.id, step.classifier, category, score, matched))
    tx.emit(VariablesSet(record.id, {step.save: category}))
    return step.then


def _route(tx: Transaction, f: Flows, record: ConversationRecord, step: RouteTo) -> str | None:
    tx.emit(FlowLeft(record.id, f.runs[record.id].flow, f"to queue {step.queue}"))
    requirement, priority = step.requirement, step.priority
    people = _people(f, step)
    if people is not None:
        requirement = _and(requirement, people)
    category = f.classified.get(record.id)
    if category is not None:
        requirement = _and(requirement, category.requirement)
        priority += category.priority
    routing_link.route(tx, f.conversations, record, step.queue, priority, requirement, script=step.script)
    return None


def _and(one: Requirement, other: Requirement) -> Requirement:
    """Both, without a word for the one that asks for nothing."""
    if ANYONE in (one, other):
        return one if other == ANYONE else other
    return one & other


def _people(f: Flows, step: RouteTo) -> Requirement | None:
    """The agent that is named, or those who are in the team now; None for everybody."""
    if step.agent is not None:
        return Named([step.agent])
    if step.team is None:
        return None
    agents = f.conversations.routing.agents.values()
    return Named(sorted(agent.id for agent in agents if agent.spec.team == step.team))


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
    Classify: _classify,
    Jump: _jump,
    Consult: _consult,
    CreateWork: _create_work,
    RouteTo: _route,
    CloseConversation: _close,
}
