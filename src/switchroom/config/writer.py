"""Configurations written as TOML that reads back equal. The standard library reads TOML, but does not write it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, cast, get_args

import attrs

from switchroom.config.model import Configuration
from switchroom.config.reader import action_key
from switchroom.config.steps import NAMES, step_fields
from switchroom.durations import format_duration
from switchroom.messaging.addresses import Address
from switchroom.routing.escalation_model import Action, Reclassify
from switchroom.routing.fields import set_fields
from switchroom.routing.hours import OpeningHours
from switchroom.routing.requirements import Requirement

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ACTIONS = get_args(Action)


def dump(configuration: Configuration) -> str:
    """The configuration as TOML; `parse` reads an equal one back. What has its default is left out. Linear.

    >>> from switchroom import Queue
    >>> print(dump(Configuration(queues=[Queue("sales", alert_timeout="20s")])), end="")
    zone = "UTC"
    <BLANKLINE>
    [queue.sales]
    alert_timeout = "20s"
    """
    parts = [f"zone = {_text(configuration.zone)}\n"]
    for name, specs in named_specs(configuration).items():
        parts += [_table(f"[{name}.{_key(id)}]", spec, skip="id") for id, spec in specs.items()]
    for name, listed in listed_specs(configuration).items():
        parts += [_table(f"[[{name}]]", spec) for spec in listed]
    return "\n".join(parts)


def named_specs(configuration: Configuration) -> dict[str, dict[str, object]]:
    """The specs that have ids, by table and id."""
    return {
        "queue": {spec.id: spec for spec in configuration.queues},
        "agent": {spec.id: spec for spec in configuration.agents},
        "team": {spec.id: spec for spec in configuration.teams},
        "intake": {spec.id: spec for spec in configuration.intakes},
        "line": {spec.id: spec for spec in configuration.lines},
        "classifier": {spec.id: spec for spec in configuration.classifiers},
        "flow": {spec.id: spec for spec in configuration.flows},
        "canned": {spec.id: spec for spec in configuration.canned},
        "form": {spec.id: spec for spec in configuration.forms},
        "dnc": {spec.id: spec for spec in configuration.dnc},
        "calendar": {spec.id: spec for spec in configuration.calendars},
        "workbin": {spec.id: spec for spec in configuration.workbins},
        "distribution": {spec.id: spec for spec in configuration.distributions},
        "worktype": {spec.id: spec for spec in configuration.worktypes},
        "source": {spec.id: spec for spec in configuration.sources},
        "template": {spec.id: spec for spec in configuration.templates},
        "list": {spec.id: spec for spec in configuration.lists},
        "campaign": {spec.id: spec for spec in configuration.campaigns},
        "trigger": {spec.id: spec for spec in configuration.triggers},
    }


def listed_specs(configuration: Configuration) -> dict[str, Sequence[object]]:
    """The specs without ids, by table."""
    return {"shift": configuration.shifts, "behaviour": configuration.behaviours}


def write_value(value: object) -> str:
    """One value as TOML, tables inline."""
    if isinstance(value, _ACTIONS):
        return _action(value)
    if isinstance(value, OpeningHours):
        return _inline(value.to_table())
    if isinstance(value, Address):
        return _text(f"{value.channel}:{value.value}")
    if isinstance(value, Mapping):
        return _inline(cast("Mapping[str, object]", value))
    if type(value) in NAMES:
        return _inline(step_fields(value, set_fields(value)))
    if attrs.has(type(value)) and not isinstance(value, Requirement):
        return _inline(set_fields(value))
    if isinstance(value, frozenset):
        return f"[{', '.join(sorted(map(write_value, cast('frozenset[object]', value))))}]"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_value, cast('Sequence[object]', value)))}]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return _text(format_duration(value))
    if isinstance(value, datetime | time):
        return value.isoformat()
    if isinstance(value, float) and math.isfinite(value):
        return repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str | Requirement):
        return _text(str(value))
    raise TypeError(f"no way to write {type(value).__name__}")  # a field of a new type: it belongs here


def _action(action: object) -> str:
    name = action_key(type(action))
    if isinstance(action, Reclassify):
        return _inline({name: dict(action.attributes)})
    ((_, value),) = attrs.asdict(cast("Any", action), recurse=False).items()
    # Without a value the long form says so: { call_back = {} }.
    return _inline({name: {} if value is None else value})


def _table(header: str, spec: object, skip: str = "") -> str:
    lines = [f"{_key(name)} = {write_value(value)}" for name, value in set_fields(spec).items() if name != skip]
    return "\n".join([header, *lines]) + "\n"


def _inline(table: Mapping[str, object]) -> str:
    inner = ", ".join(f"{_key(key)} = {write_value(value)}" for key, value in table.items())
    return f"{{ {inner} }}" if inner else "{}"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escape(c)) for c in text) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
