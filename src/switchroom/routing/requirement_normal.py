"""The normal form: requirements that are equal by simple laws become one value.

Truth has two values here (a comparison about a missing name is false, not unknown), so De Morgan and double negation
are sound, and ``not`` moves inwards until it stands on an atom. It stays there: ``not (a >= 3)`` and ``a < 3`` differ
for who has no ``a``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from switchroom.routing.requirements import And, Anyone, Atom, Between, Compare, In, Nobody, Not, Or, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_INTERNED = 4_096
"""Normal forms shared by whoever asks, so that equal ones are mostly the same object and carry one compiled test."""


@lru_cache(MAX_INTERNED)
def interned(requirement: Requirement) -> Requirement:
    """The first of equal requirements that came by lately."""
    return requirement


def normal_form(requirement: Requirement) -> Requirement:
    """The canonical equivalent of a requirement."""
    return interned(_pushed(requirement, positive=True))


def joined(kind: type[And] | type[Or], parts: Iterable[Requirement]) -> Requirement:
    """Normal parts, joined in normal form: flat, sorted, without repetition, constants and opposites absorbed."""
    neutral, absorbing = (Anyone(), Nobody()) if kind is And else (Nobody(), Anyone())
    distinct = set(_flat(kind, parts)) - {neutral}
    if absorbing in distinct or any(isinstance(part, Not) and part.part in distinct for part in distinct):
        return absorbing
    ordered = sorted(distinct, key=str)
    return kind(ordered) if len(ordered) > 1 else ordered[0] if ordered else neutral


def _flat(kind: type[And] | type[Or], parts: Iterable[Requirement]) -> Iterator[Requirement]:
    for part in parts:
        yield from kind.parts_of(part)


def _pushed(requirement: Requirement, *, positive: bool) -> Requirement:
    """The normal form of a requirement, or of its negation."""
    match requirement:
        case Not(part=part):
            return _pushed(part, positive=not positive)
        case And(parts=parts) | Or(parts=parts):
            kind = And if isinstance(requirement, And) is positive else Or
            return joined(kind, [_pushed(part, positive=positive) for part in parts])
        case Atom():
            atom = _simplest(requirement)
            return atom if positive else Not(atom)
        case _:
            return Anyone() if isinstance(requirement, Anyone) is positive else Nobody()


def _simplest(atom: Atom) -> Atom:
    """Sets and ranges of one value are comparisons."""
    match atom:
        case In(name=name, values=(value,)):
            return Compare(name, "==", value)
        case Between(name=name, low=low, high=high) if low == high:
            return Compare(name, "==", low)
        case _:
            return atom
