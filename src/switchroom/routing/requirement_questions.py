"""What can be known about a requirement in normal form without any agent at hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from switchroom.routing.requirement_normal import joined
from switchroom.routing.requirement_values import AGENT, Facts, FactValue, Value, kind_of
from switchroom.routing.requirements import (
    And,
    Anyone,
    Atom,
    Between,
    Compare,
    In,
    Named,
    Nobody,
    Not,
    Or,
    Requirement,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_CONSTANTS = 32
"""Values compared with one name up to which contradictions are looked for: every candidate meets every atom."""

_NEXT = "\x00"
"""Added to a text, the very next one in order; no requirement has it in a value."""


def needs(normal: Requirement) -> frozenset[str]:
    """See ``Requirement.needs``: every atom without ``not`` is false if its name is missing."""
    match normal:
        case Atom(name=name):
            return frozenset({name})
        case And(parts=parts):
            return frozenset[str]().union(*map(needs, parts))
        case Or(parts=parts):
            return _common(map(needs, parts))
        case _:
            return frozenset()


def agents(normal: Requirement) -> frozenset[str] | None:
    """See ``Requirement.agents``."""
    match normal:
        case Named(ids=ids):
            return ids
        case And(parts=parts):
            bound = [ids for ids in map(agents, parts) if ids is not None]
            return _common(bound) if bound else None
        case Or(parts=parts):
            branches = [agents(part) for part in parts]
            bound = [ids for ids in branches if ids is not None]
            return frozenset[str]().union(*bound) if len(bound) == len(branches) else None
        case _:
            return frozenset() if isinstance(normal, Nobody) else None


def _common(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """What all of the sets (at least one) have in common."""
    first, *others = sets
    return first.intersection(*others)


def without(normal: Requirement, names: frozenset[str]) -> Requirement:
    """See ``Requirement.without``: a dropped condition counts as met, whether it asked for the name or against it."""
    match normal:
        case Atom(name=name) | Not(part=Atom(name=name)):
            return Anyone() if name in names else normal
        case And(parts=parts) | Or(parts=parts):
            kind = And if isinstance(normal, And) else Or
            return joined(kind, [without(part, names) for part in parts])
        case _:
            return normal


def skill_terms(normal: Requirement, facts: Facts) -> tuple[str, ...]:
    """See ``Requirement.skill_terms``."""
    match normal:
        case Atom(name=name):
            return (name,) if kind_of(facts.get(name)) == "number" else ()
        case And(parts=parts):
            return tuple(dict.fromkeys(name for part in parts for name in skill_terms(part, facts)))
        case Or(parts=parts):
            branches = [skill_terms(part, facts) for part in parts if part.holds(facts)]
            return max(branches, key=lambda names: _sum_of_levels(names, facts), default=())
        case _:
            return ()


def _sum_of_levels(names: Iterable[str], facts: Facts) -> float:
    return sum(level for level in map(facts.get, names) if isinstance(level, int | float))


def unsatisfiable(normal: Requirement) -> bool:
    """Whether no facts can satisfy it; False when unsure.

    Atoms joined by ``and`` are decided exactly, one name at a time (up to ``MAX_CONSTANTS``); an ``or`` among them is
    tried against those atoms, branch by branch, and not against another ``or``.
    """
    return _impossible(normal, ())


def _impossible(normal: Requirement, besides: tuple[Requirement, ...]) -> bool:
    if isinstance(normal, Nobody):
        return True
    parts = And.parts_of(normal)
    literals = (*besides, *(part for part in parts if isinstance(part, Atom | Not)))
    if _conflict(literals):
        return True
    choices = [part for part in parts if isinstance(part, Or)]
    return any(all(_impossible(branch, literals) for branch in choice.parts) for choice in choices)


def _conflict(literals: Iterable[Requirement]) -> bool:
    """Whether some name has no fact that satisfies every literal (atom or negated atom) about it."""
    by_name: dict[str, list[Requirement]] = {}
    for literal in literals:
        for atom in literal.atoms():
            by_name.setdefault(atom.name, []).append(literal)
    return any(_no_fact(name, about) for name, about in by_name.items())


def _no_fact(name: str, literals: list[Requirement]) -> bool:
    constants = [value for literal in literals for atom in literal.atoms() for value in _constants(atom)]
    if len(constants) > MAX_CONSTANTS or _satisfied(literals, {}):
        return False
    return not any(_satisfied(literals, {name: fact}) for fact in _candidates(name, constants, literals))


def _satisfied(literals: Iterable[Requirement], facts: Facts) -> bool:
    return all(literal.holds(facts) for literal in literals)


def _candidates(name: str, constants: Iterable[Value], literals: Iterable[Requirement]) -> Iterator[FactValue]:
    """Facts enough to decide by trial: a constant and its next neighbour stand for all up to the next constant."""
    texts = ["", *(value for value in constants if isinstance(value, str))]
    for text in texts:
        yield text
        yield text + _NEXT
    if name == AGENT:
        return
    yield from (True, False)
    yield from _numbers([value for value in constants if not isinstance(value, str | bool)])
    # What asks a set for a text is only helped by more texts, so the largest set that nothing forbids decides.
    yield frozenset[str]()
    yield frozenset(text for text in (*texts, _NEXT) if not any(_forbids(literal, text) for literal in literals))


def _numbers(constants: list[int | float]) -> Iterator[int | float]:
    yield min(constants, default=0) - 1
    for number in (0, *constants):
        yield number
        yield math.nextafter(number, math.inf)


def _forbids(literal: Requirement, text: str) -> bool:
    """Whether no set with this text satisfies the literal, whatever else is in the set."""
    match literal:
        case Compare(op="!=", value=value) | Not(part=Compare(op="==", value=value)):
            return value == text
        case Not(part=In(values=values)):
            return text in values
        case _:
            return False


def _constants(atom: Atom) -> tuple[Value, ...]:
    match atom:
        case Compare(value=value):
            return (value,)
        case In(values=values):
            return values
        case Between(low=low, high=high):
            return (low, high)
        case Named(ids=ids):
            return tuple(sorted(ids))
        case _:
            return ()
