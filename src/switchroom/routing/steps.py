"""Steps of a declarative graph, of those that flows of conversations and triggers of work share, and what makes a graph
whole.

Every step names the steps that follow it, one for each way out. A name that no step has is a mistake of the graph; so
is a step that nothing reaches, and a circle in which nothing waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TypeVar

import attrs

from switchroom.errors import ConfigError, InvalidInput
from switchroom.routing.fields import Fact, placed, to_facts, to_id, to_optional_id, to_span
from switchroom.routing.hours import OpeningHours
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement

S = TypeVar("S")

MAX_STEPS = 500


def _to_cases(value: Iterable[tuple[Requirement | str, str]]) -> tuple[tuple[Requirement, str], ...]:
    return tuple((to_requirement(when), to_id(to)) for when, to in value)


@attrs.frozen(kw_only=True, field_transformer=placed("set"))
class SetVariables:
    """Set variables: of a conversation, or attributes of work."""

    values: Mapping[str, Fact] = attrs.field(kw_only=False, converter=to_facts)
    then: str = attrs.field(converter=to_id)


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
    """Go on after a while; nothing that happens meanwhile cuts it short."""

    duration: timedelta = attrs.field(kw_only=False, converter=to_span)
    then: str = attrs.field(converter=to_id)


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


def exits(step: object) -> Iterator[tuple[str, str]]:
    """(way out, step) of every way out."""
    if isinstance(step, Branch):
        yield from ((f"case {n}", to) for n, (_, to) in enumerate(step.cases, 1))
    for way in ("then", "failed", "timed_out", "otherwise", "open", "closed"):
        to = getattr(step, way, None)
        if to is not None:
            yield way, to


def to_steps(value: Mapping[str, S]) -> Mapping[str, S]:
    """Steps by name."""
    if not 0 < len(value) <= MAX_STEPS:
        raise InvalidInput("steps", "count", len(value), hint=f"1 to {MAX_STEPS} steps")
    return {to_id(name): step for name, step in sorted(value.items())}


def check_graph(table: str, start: str, steps: Mapping[str, object], waiting: tuple[type, ...]) -> None:
    """Raise ConfigError for a step that is not there or that nothing reaches, or a circle without a step that waits."""
    if start not in steps:
        raise ConfigError(f"no step {start!r}", table=table, key="start")
    for name, step in steps.items():
        for way, to in exits(step):
            if to not in steps:
                raise ConfigError(f"no step {to!r}", table=f"{table}.{name}", key=way)
    unreached = sorted(set(steps) - _reached(start, steps))
    if unreached:
        raise ConfigError("nothing leads to this step", table=table, key=unreached[0])
    circle = _circle(steps, waiting)
    if circle is not None:
        path = " -> ".join(circle)
        raise ConfigError(f"a circle in which nothing waits: {path}", table=table, key=circle[0])


def _reached(start: str, steps: Mapping[str, object]) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        for _, to in exits(steps[todo.pop()]):
            if to not in found:
                found.add(to)
                todo.append(to)
    return found


def _circle(steps: Mapping[str, object], waiting: tuple[type, ...]) -> list[str] | None:
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
            if name in done or isinstance(steps[name], waiting):
                continue
            path.append(name)
            following = [to for _, to in exits(steps[name])]
            if not following:
                done.add(name)
            todo.extend((to, depth + 1) for to in following)
        done.update(path)
    return None
