"""Configurations in TOML: read from a file or a text.

The tables are ``[queue.ID]``, ``[agent.ID]``, ``[team.ID]``, ``[intake.ID]``, ``[utilization.NAME]`` (agents name one),
for conversations ``[line.ID]``, ``[classifier.ID]``, ``[flow.ID]`` with ``[flow.ID.steps.NAME]``, ``[canned.ID]``,
``[form.ID]`` and ``[dnc.NAME]``, for work ``[calendar.ID]``, ``[workbin.ID]``, ``[distribution.ID]``,
``[worktype.ID]`` and ``[source.ID]``, for what is sent ``[template.ID]``, ``[list.ID]``, ``[campaign.ID]`` and
``[trigger.ID]``, and ``[[shift]]`` and ``[[behaviour]]`` for simulations; ``zone`` at the top is
the time zone of the whole, which opening hours take unless they have their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from os import PathLike
from typing import TypeVar, cast

import attrs

from switchroom.config.model import Configuration
from switchroom.config.place import Place
from switchroom.config.reader import Table, a_list, a_table, made, read_spec, read_text
from switchroom.consent.model import DoNotContact
from switchroom.conversations.classification import Classifier
from switchroom.conversations.flow_model import Flow
from switchroom.conversations.model import CannedResponse, Line
from switchroom.conversations.quality_model import EvaluationForm
from switchroom.errors import ConfigError, InvalidInput
from switchroom.ids import valid_id
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign, MessageTemplate
from switchroom.outbound.notice_model import NoticeTrigger
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Agent, Team
from switchroom.routing.queue_model import Queue
from switchroom.routing.utilization import Utilization
from switchroom.simulation.behaviours import Behaviour, Shift
from switchroom.workitems.model import Calendar, Workbin, Worktype
from switchroom.workitems.source_model import Distribution, Source

T = TypeVar("T")

MAX_BYTES = 16_000_000
"""Of a file or text: some 50,000 agents. What is larger is no configuration, and would be read for minutes."""

TABLES = (
    *("zone", "utilization", "queue", "agent", "team", "intake", "shift", "behaviour"),
    *("line", "classifier", "flow", "canned", "form", "dnc"),
    *("calendar", "workbin", "distribution", "worktype", "source"),
    *("template", "list", "campaign", "trigger"),
)


def load(path: str | PathLike[str]) -> Configuration:
    """The configuration in a file.

    Raises `ConfigError` naming file, table and key, or line and column; `OSError` if the file cannot be read.
    """
    return read_document(read_toml(path), file=str(path))


def read_toml(path: str | PathLike[str]) -> Table:
    """The tables of a TOML file, whatever they are. Errors as those of `load`."""
    with open(path, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    name = str(path)
    _check_size(len(data), name)
    try:
        # Editors on Windows write a byte order mark.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"no UTF-8 at byte {error.start}", file=name) from None
    return _document(text, name)


def parse(text: str, *, file: str = "") -> Configuration:
    """The configuration in a text; ``file`` is what errors call it.

    Raises `ConfigError` naming table and key, or line and column where the text is no TOML.

    >>> parse('[queue.sales]\\nalert_timeout = "20s"').queues[0].alert_timeout
    datetime.timedelta(seconds=20)
    >>> parse('[queue.sales]\\nalert_timout = "20s"', file="center.toml")
    Traceback (most recent call last):
    switchroom.errors.ConfigError: center.toml: queue.sales.alert_timout: unknown key 'alert_timout', did you mean \
'alert_timeout'?
    """
    _check_size(len(text), file)
    return read_document(_document(text, file), file=file)


def read_document(document: Table, *, file: str = "") -> Configuration:
    """The configuration in tables that were read already. Raises `ConfigError` naming table and key."""
    place = Place(file)
    for key in document:
        if key not in TABLES:
            raise place.at(key).unknown("table", key, TABLES)
    try:
        return _read(document, place)
    except ConfigError as error:
        if error.file == file:
            raise
        # The checks of the whole know no file.
        problem = error.message.partition(": ")[2]
        raise ConfigError(problem, file=file, table=error.table, key=error.key) from None


def _check_size(size: int, file: str) -> None:
    if size > MAX_BYTES:
        raise ConfigError(f"larger than {MAX_BYTES} bytes", file=file)


def _document(text: str, file: str) -> Table:
    try:
        return cast("Table", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"no TOML: {error}", file=file) from None
    except RecursionError:
        raise ConfigError("no TOML: nested too deeply", file=file) from None
    except ValueError as error:
        # Numbers of thousands of digits, which Python refuses to read.
        raise ConfigError(f"no TOML: {error}", file=file) from None


def _read(document: Table, place: Place) -> Configuration:
    zone = read_text(document.get("zone", "UTC"), place.at("zone"))
    utilizations = dict(_named(Utilization, "utilization", document, place))
    agents = {
        id: _with_utilization(table, utilizations, attrs.evolve(place, table=f"agent.{id}"))
        for id, table in _tables("agent", document, place)
    }
    queues = {id: _with_zone(table, zone) for id, table in _tables("queue", document, place)}
    calendars = {id: _with_zone(table, zone) for id, table in _tables("calendar", document, place)}
    return made(
        Configuration,
        {
            "zone": zone,
            "queues": _specs(Queue, {**document, "queue": queues}, place),
            "agents": _specs(Agent, {**document, "agent": agents}, place),
            "teams": _specs(Team, document, place),
            "intakes": _specs(Intake, document, place),
            "lines": _specs(Line, document, place),
            "classifiers": _specs(Classifier, document, place),
            "flows": [_flow(id, table, zone, place) for id, table in _tables("flow", document, place)],
            "canned": _specs(CannedResponse, document, place, "canned"),
            "forms": _specs(EvaluationForm, document, place, "form"),
            "dnc": _specs(DoNotContact, document, place, "dnc"),
            "calendars": _specs(Calendar, {**document, "calendar": calendars}, place),
            "workbins": _specs(Workbin, document, place),
            "distributions": _specs(Distribution, document, place),
            "worktypes": _specs(Worktype, document, place),
            "sources": _specs(Source, document, place),
            "templates": _specs(MessageTemplate, document, place, "template"),
            "lists": _specs(ContactList, document, place, "list"),
            "campaigns": _specs(Campaign, document, place),
            "triggers": _specs(NoticeTrigger, document, place, "trigger"),
            "shifts": _listed(Shift, document, place),
            "behaviours": _listed(Behaviour, document, place),
        },
        place,
    )


def _tables(kind: str, document: Table, place: Place) -> list[tuple[str, object]]:
    """The tables ``[kind.ID]``."""
    found = a_table(document.get(kind, {}), place.at(kind))
    for id in found:
        try:
            valid_id(id, "id")
        except InvalidInput as error:
            raise attrs.evolve(place, table=kind).wrong(error.message) from None
    return list(found.items())


def _flow(id: str, table: object, zone: str, place: Place) -> Flow:
    """A flow; opening hours in its steps take the zone of the whole."""
    at = attrs.evolve(place, table=f"flow.{id}")
    flow = a_table(table, at)
    steps = {name: _with_zone(step, zone) for name, step in a_table(flow.get("steps", {}), at.at("steps")).items()}
    return read_spec(Flow, {**flow, "steps": steps}, at, id=id)


def _specs(kind: type[T], document: Table, place: Place, table: str = "") -> list[T]:
    """The specs of the tables ``[kind.ID]``, their key being the id."""
    name = table or kind.__name__.lower()
    return [
        read_spec(kind, table, attrs.evolve(place, table=f"{name}.{id}"), id=id)
        for id, table in _tables(name, document, place)
    ]


def _named(kind: type[T], name: str, document: Table, place: Place) -> list[tuple[str, T]]:
    return [
        (id, read_spec(kind, table, attrs.evolve(place, table=f"{name}.{id}")))
        for id, table in _tables(name, document, place)
    ]


def _listed(kind: type[T], document: Table, place: Place) -> list[T]:
    """The specs of ``[[kind]]``."""
    name = kind.__name__.lower()
    return [
        read_spec(kind, table, attrs.evolve(place, table=f"{name}[{number}]"))
        for number, table in enumerate(a_list(document.get(name, []), place.at(name)))
    ]


def _with_utilization(table: object, known: Mapping[str, Utilization], place: Place) -> object:
    """An agent's table with the utilization that it names in its place."""
    if not isinstance(table, Mapping):
        return table
    name = cast("Table", table).get("utilization")
    if not isinstance(name, str):
        return cast("object", table)
    if name not in known:
        raise place.at("utilization").unknown("utilization", name, known)
    return {**cast("Table", table), "utilization": known[name]}


def _with_zone(table: object, zone: str) -> object:
    """A queue's table whose opening hours have a zone."""
    if not isinstance(table, Mapping):
        return table
    settings = cast("Table", table)
    hours = settings.get("hours")
    if not isinstance(hours, Mapping) or "zone" in hours:
        return settings
    return {**settings, "hours": {"zone": zone, **cast("Table", hours)}}
