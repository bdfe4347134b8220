"""Escalation rules of a queue: a trigger, and what to do when it fires. Each rule fires once per stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeAlias

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.fields import (
    placed,
    short_repr,
    to_amount,
    to_id,
    to_optional_count,
    to_optional_span,
    to_text,
    to_whole,
)
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement


@attrs.frozen
class AddPriority:
    """Raise (or lower) the priority by ``points``."""

    points: int = attrs.field(converter=to_whole)


@attrs.frozen
class SetPriority:
    """Set the priority."""

    priority: int = attrs.field(converter=to_whole)


@attrs.frozen
class SetRequirement:
    """Replace the item's requirement, its steps included."""

    requirement: Requirement = attrs.field(converter=to_requirement)


@attrs.frozen
class AddRequirement:
    """Ask for more besides the item's requirement."""

    requirement: Requirement = attrs.field(converter=to_requirement)


@attrs.frozen
class MoveTo:
    """Move the item to another queue; the rules of the new queue begin."""

    queue: str = attrs.field(converter=to_id)


@attrs.frozen
class Alert:
    """Tell somebody: ``to`` names an agent, a team's supervisor (``team:ID``) or whatever the embedder listens for."""

    to: str = attrs.field(converter=to_text)


@attrs.frozen
class ParkIn:
    """Take the item out of the queue into a target such as a workbin (``workbin:ID``)."""

    target: str = attrs.field(converter=to_text)


@attrs.frozen
class CancelWith:
    """Cancel the item."""

    reason: str = attrs.field(converter=to_text)


@attrs.frozen
class TimeOut:
    """Give the item up: it ends as timed out."""

    reason: str = attrs.field(converter=to_text)


@attrs.frozen
class CallBack:
    """Take the item out of the queue and enter it again after ``delay``, as a callback."""

    delay: timedelta | None = attrs.field(converter=to_optional_span)


@attrs.frozen
class Reclassify:
    """Send the item through its intake rules again, with these attributes set before."""

    attributes: tuple[tuple[str, str | bool | int | float], ...] = ()


@attrs.frozen
class CallFunction:
    """Call a function of the embedder's, registered under ``name``; it returns further actions."""

    name: str = attrs.field(converter=to_id)


Action: TypeAlias = (
    AddPriority
    | SetPriority
    | SetRequirement
    | AddRequirement
    | MoveTo
    | Alert
    | ParkIn
    | CancelWith
    | TimeOut
    | CallBack
    | Reclassify
    | CallFunction
)


def _to_actions(value: Iterable[Action]) -> tuple[Action, ...]:
    return tuple(value)


def _to_length(value: int | None) -> int | None:
    return None if value is None else to_amount(value)


def _to_sla_share(value: float | None) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100):
        raise InvalidInput("sla_share", "range", value, hint="a share above 0, such as 0.8")
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("escalation"))
class Escalation:
    """One rule. Exactly one trigger is given:

    ``after_wait``: waited so long in this queue. ``after_age``: so long since it was first submitted. ``sla_share``:
    this share of the service level's time used. ``queue_longer_than``: more items waiting at entry. ``nobody_for``:
    for so long nobody signed in could ever take it, counted from its entry or from when the last who could signed out.
    ``failed_offers``: so many offers declined or expired.
    """

    name: str = attrs.field(kw_only=False, converter=to_id)
    actions: tuple[Action, ...] = attrs.field(converter=_to_actions)
    after_wait: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    after_age: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    sla_share: float | None = attrs.field(default=None, converter=_to_sla_share)
    queue_longer_than: int | None = attrs.field(default=None, converter=_to_length)
    nobody_for: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    failed_offers: int | None = attrs.field(default=None, converter=to_optional_count)

    __repr__ = short_repr

    def __attrs_post_init__(self) -> None:
        triggers = (
            self.after_wait,
            self.after_age,
            self.sla_share,
            self.queue_longer_than,
            self.nobody_for,
            self.failed_offers,
        )
        if sum(t is not None for t in triggers) != 1:
            raise InvalidInput("escalation", "trigger", self.name, hint="a rule has exactly one trigger")
