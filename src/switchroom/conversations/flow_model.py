"""Inbound flows: a declarative graph of steps, validated when it is made.

Every step names the steps that follow it, one for each way out. A name that no step has is a mistake of the graph; so
is a step that nothing reaches, and a circle in which nothing waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TypeAlias

import attrs

from switchroom.errors import ConfigError, InvalidInput
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
from switchroom.routing.hours import OpeningHours
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement

MAX_STEPS = 500
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


def _to_cases(value: Iterable[tuple[Requirement | str, str]]) -> tuple[tuple[Requirement, str], ...]:
    return tuple((to_requirement(when), to_id(to)) for when, to in value)


@attrs.frozen(kw_only=True, field_transformer=placed("say"))
class Say:
    """Send a text; ``failed`` if it may not be sent or a value is missing."""

    text: str = attrs.field(kw_only=False, converter=_to_template)
    then: str = attrs.field(converter=to_id)
    failed: str | None = attrs.field(default=None, converter=to_optional_id)


@attrs.frozen(kw_only=True, field_transformer=placed("set"))
class SetVariables:
    """Set variables of the conversation."""

    values: Mapping[str, Fact] = attrs.field(kw_only=False, converter=to_facts)
    then: str = attrs.field(converter=to_id)


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


@attrs.frozen(kw_only=True, field_transformer=placed("branch"))
class Branch:
    """Go on by the first condition that holds over the variables (and ``channel``, ``language``, ``message``,
    ``waiting``: how many items wait in ``queue``)."""

    cases: tuple[tuple[Requirement, str], ...] = attrs.field(kw_only=False, converter=_to_cases)
    otherwise: str = attrs.field(converter=to_id)
    queue: str | None = attrs.field(default=None, converter=to_optional_id)


@attrs.frozen(kw_only=True, field_transformer=placed("hours"))
class CheckHours:
    """Go on by whether it is open now."""

    hours: OpeningHours = attrs.field(kw_only=False)
    open: str = attrs.field(converter=to_id)
    closed: str = attrs.field(converter=to_id)


@attrs.frozen(kw_only=True, field_transformer=placed("wait"))
class Wait:
    """Go on after a while; a message of the customer's does not cut it short."""

    duration: timedelta = attrs.field(kw_only=False, converter=to_span)
    then: str = attrs.field(converter=to_id)


@attrs.frozen(kw_only=True, field_transformer=placed("tag"))
class Tag:
    """Tag the conversation."""

    tags: tuple[str, ...] = attrs.field(kw_only=False, converter=to_ids)
    then: str = attrs.field(converter=to_id)


@attrs.frozen(kw_only=True, field_transformer=placed("jump"))
class Jump:
    """Go on in another flow, at its start."""

    flow: str = attrs.field(kw_only=False, converter=to_id)


@attrs.frozen(kw_only=True, field_transformer=placed("consult_outside"))
class Consult:
    """Ask something outside, a bot or a directory, through the handler registered for the effect ``kind``.

    ``lookup``: what it returns under ``fields`` become variables. ``bot``: it also says texts (``say``), keeps the
    conversation until it returns ``done`` (with ``slots``, which become variables) and gets every further message.
    ``failed``: it failed or gave up, or nothing came for ``timeout``.
    """

    kind: str = attrs.field(kw_only=False, converter=to_id)
    then: str = attrs.field(converter=to_id)
    failed: str = attrs.field(converter=to_id)
    timeout: timedelta = attrs.field(default=timedelta(seconds=10), converter=to_span)
    arguments: Mapping[str, Fact] = attrs.field(factory=dict[str, Fact], converter=to_facts)


@attrs.frozen(kw_only=True, field_transformer=placed("route"))
class RouteTo:
    """Let the conversation wait in a queue: the flow is over. ``agent``: for this agent only."""

    queue: str = attrs.field(kw_only=False, converter=to_id)
    priority: int = attrs.field(default=0, converter=to_whole)
    requirement: Requirement = attrs.field(default=None, converter=to_requirement)
    agent: str | None = attrs.field(default=None, converter=to_optional_id)


@attrs.frozen(kw_only=True, field_transformer=placed("close"))
class CloseConversation:
    """Close the conversation: the flow is over."""

    reason: str = attrs.field(kw_only=False, default="closed by the flow", converter=to_text)


FlowStep: TypeAlias = (
    Say | SetVariables | Ask | Branch | CheckHours | Wait | Tag | Jump | Consult | RouteTo | CloseConversation
)
WAITING_STEPS = (Ask, Wait, Consult)


def exits(step: FlowStep) -> Iterator[tuple[str, str]]:
    """(way out, step) of every way out."""
    if isinstance(step, Branch):
        yield from ((f"case {n}", to) for n, (_, to) in enumerate(step.cases, 1))
    for way in ("then", "failed", "timed_out", "otherwise", "open", "closed"):
        to = getattr(step, way, None)
        if to is not None:
            yield way, to


def _to_steps(value: Mapping[str, FlowStep]) -> Mapping[str, FlowStep]:
    if not 0 < len(value) <= MAX_STEPS:
        raise InvalidInput("steps", "count", len(value), hint=f"1 to {MAX_STEPS} steps")
    return {to_id(name): step for name, step in value.items()}


@attrs.frozen(kw_only=True, field_transformer=placed("flow"))
class Flow:
    """A graph of steps, begun at ``start``."""

    id: str = attrs.field(kw_only=False, converter=to_id)
    start: str = attrs.field(converter=to_id)
    steps: Mapping[str, FlowStep] = attrs.field(converter=_to_steps)

    def __attrs_post_init__(self) -> None:
        table = f"flow.{self.id}"
        if self.start not in self.steps:
            raise ConfigError(f"no step {self.start!r}", table=table, key="start")
        for name, step in self.steps.items():
            for way, to in exits(step):
                if to not in self.steps:
                    raise ConfigError(f"no step {to!r}", table=f"{table}.{name}", key=way)
        unreached = sorted(set(self.steps) - self._reached())
        if unreached:
            raise ConfigError("nothing leads to this step", table=table, key=unreached[0])
        circle = _circle(self.steps)
        if circle is not None:
            path = " -> ".join(circle)
            raise ConfigError(f"a circle in which nothing waits: {path}", table=table, key=circle[0])

    def _reached(self) -> set[str]:
        found, todo = {self.start}, [self.start]
        while todo:
            for _, to in exits(self.steps[todo.pop()]):
                if to not in found:
                    found.add(to)
                    todo.append(to)
        return found


def _circle(steps: Mapping[str, FlowStep]) -> list[str] | None:
    """A circle of steps none of which waits, by depth-first search; None if there is none."""
    done: set[str] = set()
    for start in steps:
        path: list[str] = []
        todo: list[tuple[str, int]] = [(start, 0)]
        while todo:
            name, depth = todo.pop()
            del path[depth:]
            if name in path:
                return [*path[path.index(name) :], name]
            if name in done or isinstance(steps[name], WAITING_STEPS):
                continue
            path.append(name)
            following = [to for _, to in exits(steps[name])]
            if not following:
                done.add(name)
            todo.extend((to, depth + 1) for to in following)
        done.update(path)
    return None


def flows_named(steps: Iterable[FlowStep]) -> Iterator[str]:
    """The other flows that these steps jump to."""
    return (step.flow for step in steps if isinstance(step, Jump))
