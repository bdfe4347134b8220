"""Simulated traffic, and models of centers with several skills, in TOML.

A traffic file has ``period``, ``busyness`` and the tables ``[type.ID]``, each a `WorkType`. A model has ``[type.ID]``,
each a `CallType`, ``[group.ID]``, each a `Group`, and the other fields of `Multiskill`.
"""

from __future__ import annotations

from typing import TypeVar

import attrs

from switchroom.config.place import Place
from switchroom.config.reader import Table, a_table, read_spec
from switchroom.simulation.multiskill import CallType, Group, Multiskill
from switchroom.simulation.synthetic import Traffic, WorkType

T = TypeVar("T")


def is_model(document: Table) -> bool:
    """Whether it describes a whole center, and not only its traffic."""
    return "group" in document


def read_model(document: Table, *, file: str = "") -> Multiskill:
    """The model in a document. Raises `ConfigError` naming table and key.

    >>> import tomllib
    >>> read_model(tomllib.loads('''
    ...     period = "15m"
    ...     [type.sales]
    ...     rates = [100, 120]
    ...     patience = "3m"
    ...     [group.all]
    ...     staff = [9, 10]
    ...     types = ["sales"]
    ... ''')).groups[0].staff
    (9, 10)
    """
    place = Place(file)
    whole = {key: value for key, value in document.items() if key not in ("type", "group")}
    parts = {"types": _named(CallType, "type", document, place), "groups": _named(Group, "group", document, place)}
    return read_spec(Multiskill, whole, place, **parts)


def read_types(document: Table, *, file: str = "") -> Traffic:
    """The traffic in a document. Raises `ConfigError` naming table and key."""
    place = Place(file)
    whole = {key: value for key, value in document.items() if key != "type"}
    return read_spec(Traffic, whole, place, types=_named(WorkType, "type", document, place))


def _named(kind: type[T], name: str, document: Table, place: Place) -> tuple[T, ...]:
    """The specs of the tables ``[name.ID]``."""
    tables = a_table(document.get(name, {}), place.at(name))
    return tuple(
        read_spec(kind, table, attrs.evolve(place, table=f"{name}.{id}"), id=id) for id, table in tables.items()
    )
