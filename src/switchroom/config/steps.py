"""Steps of flows as tables: one key says the kind and holds the step's first value, the others are its fields.

``{ say = "Welcome", then = "which" }``, ``{ route = "help", priority = 5 }``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from switchroom.config.place import Place
from switchroom.config.reader import (
    READERS,
    a_list,
    a_table,
    hints_of,
    read_requirement,
    read_spec,
    read_text,
    read_value,
)
from switchroom.conversations import flow_model as model
from switchroom.conversations.flow_model import FlowStep

KINDS: dict[str, type[object]] = {
    "say": model.Say,
    "set": model.SetVariables,
    "ask": model.Ask,
    "branch": model.Branch,
    "hours": model.CheckHours,
    "classify": model.Classify,
    "wait": model.Wait,
    "tag": model.Tag,
    "jump": model.Jump,
    "consult": model.Consult,
    "create_work": model.CreateWork,
    "route": model.RouteTo,
    "close": model.CloseConversation,
}
"""The steps by the key that tells them."""

NAMES = {kind: name for name, kind in KINDS.items()}


def read_step(value: object, place: Place) -> FlowStep:
    """One step. Raises `ConfigError` that names the place."""
    table = a_table(value, place)
    named = [key for key in table if key in KINDS]
    if len(named) != 1:
        raise place.wrong(f"a step is a table with one of these keys: {', '.join(KINDS)}")
    (name,) = named
    kind, rest = KINDS[name], {key: inner for key, inner in table.items() if key != name}
    first, hint = next(iter(hints_of(kind).items()))
    inner, at = table[name], place.at(name)
    given = _read_cases(inner, at) if kind is model.Branch else read_value(hint, inner, at)
    return cast("FlowStep", read_spec(kind, rest, place, **{first: given}))


def _read_cases(value: object, place: Place) -> list[tuple[object, str]]:
    """``[{ when = "topic == \\"bills\\"", to = "bills" }]``."""
    found: list[tuple[object, str]] = []
    for number, one in enumerate(a_list(value, place)):
        at = place.item(number)
        case = a_table(one, at)
        for key in case:
            if key not in ("when", "to"):
                raise at.at(key).unknown("key", key, ("when", "to"))
        for key in ("when", "to"):
            if key not in case:
                raise at.at(key).wrong("is missing")
        found.append((read_requirement(case["when"], at.at("when")), read_text(case["to"], at.at("to"))))
    return found


def step_fields(step: Any, fields: Mapping[str, object]) -> dict[str, object]:
    """The table of a step, from the fields that are not as they would be by default."""
    kind = cast("type[object]", type(step))
    first = next(iter(hints_of(kind)))
    value: object = getattr(step, first)
    if isinstance(step, model.Branch):
        value = [{"when": when, "to": to} for when, to in step.cases]
    return {NAMES[kind]: value, **{name: inner for name, inner in fields.items() if name != first}}


_READER: Callable[[object, Place], object] = read_step
READERS[FlowStep] = _READER
