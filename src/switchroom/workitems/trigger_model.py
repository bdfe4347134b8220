"""Triggers: when something happens to work and a condition holds, a graph of declarative steps runs.

The graph is that of flows, with the steps that work has in common with conversations (set, branch, hours, wait, ask
something outside) and those of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.escalation_model import Action
from switchroom.routing.fields import Fact, placed, to_facts, to_id, to_optional_id
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement
from switchroom.routing.steps import Branch, CheckHours, Consult, SetVariables, Wait, check_graph, to_steps
from switchroom.workitems.model import to_template

EVENTS = ("submitted", "changed", "status", "taken", "released", "closed", "reopened", "overdue")


def _to_events(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise InvalidInput("on", "not_list", value, hint="a list of events is wanted, not one text")
    found = tuple(dict.fromkeys(value))
    if not found or any(one not in EVENTS for one in found):
        raise InvalidInput("on", "unknown", ", ".join(map(str, found)), hint=f"some of {', '.join(EVENTS)}")
    return found


def _to_actions(value: Iterable[Action]) -> tuple[Action, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True, field_transformer=placed("set_status"))
class SetStatus:
    """Move the work to a status; ``failed`` if its worktype does not allow that now."""

    status: str = attrs.field(kw_only=False, converter=to_id)
    then: str = attrs.field(converter=to_id)
    failed: str | None = attrs.field(default=None, converter=to_optional_id)


@attrs.frozen(kw_only=True, field_transformer=placed("act"))
class Act:
    """Do the actions of escalation in order: priority, requirement, queue, workbin, alert, cancel, a function.

    One that is not possible is told by an event, and the others follow.
    """

    actions: tuple[Action, ...] = attrs.field(kw_only=False, converter=_to_actions)
    then: str = attrs.field(converter=to_id)


@attrs.frozen(kw_only=True, field_transformer=placed("add_note"))
class AddNote:
    """Add a note, with attributes and own fields filled in for ``${name}``; if one is missing, as it is written."""

    text: str = attrs.field(kw_only=False, converter=to_template)
    then: str = attrs.field(converter=to_id)


@attrs.frozen(kw_only=True, field_transformer=placed("submit"))
class SubmitWork:
    """Create further work with the same contact and journey; ``copy`` names attributes that it takes over."""

    worktype: str = attrs.field(kw_only=False, converter=to_id)
    then: str = attrs.field(converter=to_id)
    failed: str | None = attrs.field(default=None, converter=to_optional_id)
    attributes: Mapping[str, Fact] = attrs.field(factory=dict[str, Fact], converter=to_facts)
    copy: tuple[str, ...] = ()


@attrs.frozen
class Done:
    """The trigger is over."""


TriggerStep: TypeAlias = (
    SetVariables | Branch | CheckHours | Wait | Consult | SetStatus | Act | AddNote | SubmitWork | Done
)
WAITING_STEPS = (Wait, Consult)


def _to_steps(value: Mapping[str, TriggerStep]) -> Mapping[str, TriggerStep]:
    return to_steps(value)


@attrs.frozen(kw_only=True, field_transformer=placed("trigger"))
class WorkTrigger:
    """Steps that run for work when one of the events ``on`` happens to it and ``when`` holds.

    ``on``: submitted, changed, status, taken, released, closed, reopened, overdue. ``when``: over the attributes and
    ``worktype``, ``status``, ``category``, ``source``, ``priority``, ``event``, ``code``, ``agent``. What a trigger
    does itself fires no trigger, so none feeds another for ever.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    on: tuple[str, ...] = attrs.field(converter=_to_events)
    when: Requirement = attrs.field(default=None, converter=to_requirement)
    start: str = attrs.field(converter=to_id)
    steps: Mapping[str, TriggerStep] = attrs.field(converter=_to_steps)

    def __attrs_post_init__(self) -> None:
        check_graph(f"trigger.{self.id}", self.start, self.steps, WAITING_STEPS)
