"""Inbound flows: a declarative graph of steps, validated when it is made.

The steps that other graphs have, too, and what makes a graph whole are in ``routing.steps``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TypeAlias

import attrs

from switchroom.errors import InvalidInput
from switchroom.messaging import templates
from switchroom.routing.fields import (
    Fact,
    placed,
    to_amount,
    to_facts,
    to_id,
    to_ids,
    to_optional_id,
    to_span,
    to_text,
    to_whole,
)
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement
from switchroom.routing.steps import Branch, CheckHours, Consult, SetVariables, Wait, check_graph, exits, to_steps

__all__ = [
    "Ask",
    "Branch",
    "CheckHours",
    "Classify",
    "CloseConversation",
    "Consult",
    "CreateWork",
    "Flow",
    "FlowStep",
    "Jump",
    "RouteTo",
    "Say",
    "SetVariables",
    "Tag",
    "Wait",
    "exits",
    "flows_named",
]

ANSWERS = ("text", "choice", "number", "date")


def _to_template(value: str) -> str:
    templates.names(to_text(value))
    return value


def _to_answer(value: str) -> str:
    if value not in ANSWERS:
        raise InvalidInput("answer", "unknown", value, hint=f"one of {', '.join(ANSWERS)}")
    return value


def _to_choices(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(to_text(choice) for choice in value)


@attrs.frozen(kw_only=True, field_transformer=placed("say"))
class Say:
    """Send a text; ``failed`` if it may not be sent or a value is missing."""

    text: str = attrs.field(kw_only=False, converter=_to_template)
    then: str = attrs.field(converter=to_id)
    failed: str | None = attrs.field(default=None, converter=to_optional_id)


@attrs.frozen(kw_only=True, field_transformer=placed("ask"))
class Ask:
    """Ask, and wait for the answer, which is kept as the variable ``save``.

    ``answer``: text, choice (one of ``choices``, by words or number), number, or date (``2026-01-31``). After an
    answer that does not fit the question is put again with ``again``, ``retries`` times; then ``failed``. Without an
    answer for ``timeout``: ``timed_out``.
    """

    text: str = attrs.field(kw_only=False, converter=_to_template)
    save: str = attrs.field(converter=to_text)
    then: str = attrs.field(converter=to_id)
    failed: str = attrs.field(converter=to_id)
    timed_out: str = attrs.field(converter=to_id)
    answer: str = attrs.field(default="text", converter=_to_answer)
    choices: tuple[str, ...] = attrs.field(default=(), converter=_to_choices)
    again: str = attrs.field(default="", converter=_to_template)
    retries: int = attrs.field(default=2, converter=to_amount)
    timeout: timedelta = attrs.field(default=timedelta(hours=24), converter=to_span)

    def __attrs_post_init__(self) -> None:
        if (self.answer == "choice") != bool(self.choices):
            raise InvalidInput("ask.choices", "mismatch", hint="a choice needs choices, and only a choice has them")


@attrs.frozen(kw_only=True, field_transformer=placed("classify"))
class Classify:
    """Find what the text in the variable ``of`` is about; the category's id is kept as the variable ``save``.

    What the category carries (requirement, priority, language) holds for the routing that follows. ``otherwise``: the
    text is about none of them.
    """

    classifier: str = attrs.field(kw_only=False, converter=to_id)
    then: str = attrs.field(converter=to_id)
    otherwise: str = attrs.field(converter=to_id)
    of: str = attrs.field(default="message", converter=to_text)
    save: str = attrs.field(default="category", converter=to_text)


@attrs.frozen(kw_only=True, field_transformer=placed("tag"))
class Tag:
    """Tag the conversation."""

    tags: tuple[str, ...] = attrs.field(kw_only=False, converter=to_ids)
    then: str = attrs.field(converter=to_id)


@attrs.frozen(kw_only=True, field_transformer=placed("jump"))
class Jump:
    """Go on in another flow, at its start."""

    flow: str = attrs.field(kw_only=False, converter=to_id)


def _to_names(value: Mapping[str, str]) -> Mapping[str, str]:
    return {to_text(name): to_text(variable) for name, variable in value.items()}


@attrs.frozen(kw_only=True, field_transformer=placed("create_work"))
class CreateWork:
    """Create work of a worktype that carries the contact and, as its journey, the conversation.

    ``attributes`` are set as they are; ``variables`` (attribute -> variable) takes those that the flow has learned.
    ``save``: the variable that keeps the work's id. ``failed``: it was refused, by the worktype's validation say.
    """

    worktype: str = attrs.field(kw_only=False, converter=to_id)
    then: str = attrs.field(converter=to_id)
    failed: str | None = attrs.field(default=None, converter=to_optional_id)
    attributes: Mapping[str, Fact] = attrs.field(factory=dict[str, Fact], converter=to_facts)
    variables: Mapping[str, str] = attrs.field(factory=dict[str, str], converter=_to_names)
    save: str = attrs.field(default="work", converter=to_text)


@attrs.frozen(kw_only=True, field_transformer=placed("route"))
class RouteTo:
    """Let the conversation wait in a queue: the flow is over.

    ``agent``: for this agent only; ``team``: for those who are in the team now. What its category carries is added to
    ``requirement`` and ``priority``. ``script``: shown to the agent in place of the line's.
    """

    queue: str = attrs.field(kw_only=False, converter=to_id)
    priority: int = attrs.field(default=0, converter=to_whole)
    requirement: Requirement = attrs.field(default=None, converter=to_requirement)
    agent: str | None = attrs.field(default=None, converter=to_optional_id)
    team: str | None = attrs.field(default=None, converter=to_optional_id)
    script: str = attrs.field(default="", converter=to_text)


@attrs.frozen(kw_only=True, field_transformer=placed("close"))
class CloseConversation:
    """Close the conversation: the flow is over."""

    reason: str = attrs.field(kw_only=False, default="closed by the flow", converter=to_text)


FlowStep: TypeAlias = (
    Say
    | SetVariables
    | Ask
    | Branch
    | CheckHours
    | Classify
    | Wait
    | Tag
    | Jump
    | Consult
    | CreateWork
    | RouteTo
    | CloseConversation
)
WAITING_STEPS = (Ask, Wait, Consult)


def _to_steps(value: Mapping[str, FlowStep]) -> Mapping[str, FlowStep]:
    return to_steps(value)


@attrs.frozen(kw_only=True, field_transformer=placed("flow"))
class Flow:
    """A graph of steps, begun at ``start``."""

    id: str = attrs.field(kw_only=False, converter=to_id)
    start: str = attrs.field(converter=to_id)
    steps: Mapping[str, FlowStep] = attrs.field(converter=_to_steps)

    def __attrs_post_init__(self) -> None:
        check_graph(f"flow.{self.id}", self.start, self.steps, WAITING_STEPS)


def flows_named(steps: Iterable[FlowStep]) -> Iterator[str]:
    """The other flows that these steps jump to."""
    return (step.flow for step in steps if isinstance(step, Jump))
