"""Intake rules: which queue, requirement and priority a new item gets, by its attributes."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_id, to_optional_id, to_whole
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement


def _to_priority(value: int | None) -> int | None:
    return None if value is None else to_whole(value)


@attrs.frozen(kw_only=True, field_transformer=placed("intake_rule"))
class IntakeRule:
    """If ``when`` holds for the item, it gets what the rule names.

    ``when`` is a requirement over the item's attributes, and over ``medium``, ``channel`` and ``priority``.
    """

    when: Requirement = attrs.field(default=None, converter=to_requirement)
    queue: str | None = attrs.field(default=None, converter=to_optional_id)
    priority: int | None = attrs.field(default=None, converter=_to_priority)
    requirement: Requirement = attrs.field(default=None, converter=to_requirement)


def _to_rules(value: Iterable[IntakeRule]) -> tuple[IntakeRule, ...]:
    return tuple(value)


def _to_outcome(value: str) -> str:
    if value not in ("hold", "cancel"):
        raise InvalidInput("on_nothing", "unknown", value, hint="hold or cancel")
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("intake"))
class Intake:
    """Rules in order. Every rule that fits adds its requirement; the first that names a queue (a priority) decides it.

    ``fallback``: the queue when no rule names one. ``on_nothing``: without a queue the item is held for a person
    (``hold``) or cancelled (``cancel``); an event says so either way.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    rules: tuple[IntakeRule, ...] = attrs.field(default=(), converter=_to_rules)
    fallback: str | None = attrs.field(default=None, converter=to_optional_id)
    on_nothing: str = attrs.field(default="hold", converter=_to_outcome)
