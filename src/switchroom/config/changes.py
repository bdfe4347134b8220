"""What differs between two configurations."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from switchroom.config.model import Configuration
from switchroom.config.writer import listed_specs, named_specs, write_value
from switchroom.routing.fields import set_fields

DEFAULT = "default"
"""Shown for a field that one of the two does not set."""


@attrs.frozen
class Change:
    """One difference: ``kind`` is added, removed or changed; of a changed key, both values as TOML."""

    kind: str
    table: str
    key: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        place = f"{self.table}.{self.key}" if self.key and self.table else self.table or self.key
        return f"{self.kind} {place}" + (f": {self.before} -> {self.after}" if self.kind == "changed" else "")


def diff(before: Configuration, after: Configuration) -> list[Change]:
    """What leads from one configuration to the other, in the order of the tables. Linear.

    >>> from switchroom import Queue
    >>> old, new = Configuration(queues=[Queue("sales")]), Configuration(queues=[Queue("sales", limit=5), Queue("vip")])
    >>> [str(change) for change in diff(old, new)]
    ['changed queue.sales.limit: default -> 5', 'added queue.vip']
    """
    found: list[Change] = []
    if before.zone != after.zone:
        found.append(Change("changed", "", "zone", write_value(before.zone), write_value(after.zone)))
    old_specs, new_specs = named_specs(before), named_specs(after)
    for name, new in new_specs.items():
        found += _between(
            {f"{name}.{id}": spec for id, spec in old_specs[name].items()},
            {f"{name}.{id}": spec for id, spec in new.items()},
        )
    old_lists, new_lists = listed_specs(before), listed_specs(after)
    for name, listed in new_lists.items():
        found += _between(
            {f"{name}[{n}]": spec for n, spec in enumerate(old_lists[name])},
            {f"{name}[{n}]": spec for n, spec in enumerate(listed)},
        )
    return found


def _between(old: Mapping[str, object], new: Mapping[str, object]) -> list[Change]:
    found = [Change("removed", table) for table in old if table not in new]
    for table, spec in new.items():
        if table not in old:
            found.append(Change("added", table))
        elif old[table] != spec:
            found += _fields(table, old[table], spec)
    return found


def _fields(table: str, old: object, new: object) -> list[Change]:
    before, after = set_fields(old), set_fields(new)
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Change("changed", table, key, _shown(before, key), _shown(after, key))
        for key in keys
        if _shown(before, key) != _shown(after, key)
    ]


def _shown(fields: Mapping[str, object], key: str) -> str:
    return write_value(fields[key]) if key in fields else DEFAULT
