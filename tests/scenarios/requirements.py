"""Requirements of a case as requirements of the library."""

from __future__ import annotations

from typing import Any, cast

from switchroom.routing.model import Expiring
from switchroom.routing.requirements import And, Anyone, Compare, In, Named, Not, Operator, Requirement
from tests.scenarios.words import Args, Table, Unsupported, listed

INTERNAL = "x_"
"""Attributes of this prefix are the runner's own (kind, teams, penalties): no case sees them."""

OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def condition(table: Table) -> Requirement:
    """One requirement without its time to live."""
    key, op, value = table["key"], table.get("op", "eq"), table.get("value", True)
    if key == "id":
        return _named(op, value)
    if op == "in":
        return In(key, value)
    if op == "not_in":
        return Not(In(key, value))
    if op not in OPERATORS:
        raise Unsupported(f"requirement operator {op}")
    return Compare(key, cast("Operator", OPERATORS[op]), value)


def _named(op: str, value: Any) -> Requirement:
    if op in ("eq", "in"):
        return Named(frozenset(listed(value)))
    if op == "ne":
        return Compare("agent", "!=", value)
    raise Unsupported(f"requirement operator {op} on id")


def conjunction(parts: list[Requirement]) -> Requirement:
    """All of them; nobody is asked for anything if there is none."""
    if not parts:
        return Anyone()
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def requirements(tables: list[Table] | None) -> tuple[Requirement, tuple[Expiring, ...]]:
    """What holds always, and what expires."""
    always: list[Requirement] = []
    expiring: list[Expiring] = []
    for table in tables or []:
        args = Args("requirement", table)
        ttl, expedite = args.get("expires_after"), bool(args.get("expedite", False))
        for name in ("key", "op", "value"):
            args.get(name)
        args.done()
        if ttl is None:
            always.append(condition(table))
        else:
            expiring.append(Expiring(condition(table), ttl, expedite=expedite))
    return conjunction(always), tuple(expiring)


def conditions(tables: list[Table] | None) -> Requirement:
    """A conjunction in which nothing expires."""
    whole, expiring = requirements(tables)
    if expiring:
        raise Unsupported("expires_after here")
    return whole


def keys(requirement: Requirement) -> list[str]:
    """The sorted keys of a requirement, one entry for each condition."""
    names = (atom.name for atom in requirement.atoms())
    return sorted("id" if name == "agent" else name for name in names if not name.startswith(INTERNAL))
