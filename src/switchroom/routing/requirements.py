"""Requirements: what an agent must have to be given some work, as values that combine, compare and print.

::

    Requirement
    ├── Atom        asks about one name
    │   ├── Has       spanish                   there, and above 0, true or not empty
    │   ├── Compare   spanish >= 3
    │   ├── In        region in {"emea", "latam"}
    │   ├── Between   level in 2..4             both ends included
    │   └── Named     agent == "ana"            only these agents
    ├── And, Or, Not
    └── Anyone, Nobody                          true, false

The one rule to remember: about a missing skill or attribute every comparison is false, ``!=`` and ``<`` included, so
``not (...)`` of it is true. Hence ``not (a >= 3)`` is not ``a < 3``, and ``not`` is never moved into a comparison.

Two requirements are equal if they are written alike; ``normal()`` gives those that are equal by simple laws one form.
The parser is in ``requirement_text``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from switchroom.errors import InvalidInput
from switchroom.ids import valid_id
from switchroom.routing.fields import placed
from switchroom.routing.requirement_base import MAX_DEPTH, MAX_TERMS, MAX_TEXT, Atom, Requirement
from switchroom.routing.requirement_values import (
    AGENT,
    Facts,
    FactValue,
    Operator,
    Test,
    Value,
    compares,
    to_name,
    to_number,
    to_operator,
    to_value,
    to_values,
    truthy,
    write_name,
    write_value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AGENT",
    "MAX_DEPTH",
    "MAX_TERMS",
    "MAX_TEXT",
    "And",
    "Anyone",
    "Atom",
    "Between",
    "Compare",
    "FactValue",
    "Facts",
    "Has",
    "In",
    "Named",
    "Nobody",
    "Not",
    "Operator",
    "Or",
    "Requirement",
    "Test",
    "Value",
    "contradiction",
]

# What a part may take beyond its own text wherever laws move it: an atom "not (", ")" and " and ", a group its
# brackets. Counted at once, so that a normal form, which may be the longer text, keeps within MAX_TEXT too.
_ROOM_PER_ATOM = len("not () and ")
_ROOM_PER_GROUP = len("()")
_ROOM_PER_NOT = len("not ")


@attrs.frozen(eq=False, repr=False)
class _Written(Atom):
    def _write(self, text: str) -> None:
        self._seal(text, depth=1, terms=1, room=len(text) + _ROOM_PER_ATOM)


@attrs.frozen(eq=False, repr=False, field_transformer=placed("requirement"))
class Has(_Written):
    """The name is there, and its fact is a number above 0, True, or a text or set that is not empty."""

    name: str = attrs.field(converter=to_name)

    def __attrs_post_init__(self) -> None:
        self._write(write_name(self.name))

    def matches(self, actual: FactValue | None) -> bool:
        return truthy(actual)


@attrs.frozen(eq=False, repr=False, field_transformer=placed("requirement"))
class Compare(_Written):
    """The fact stands in this relation to the value; false between different kinds, and if the name is missing.

    Texts are ordered by code points; booleans have no order. To a set of texts, ``==`` is membership and ``!=`` the
    absence of it. One named agent is ``Named``, so that one meaning has one form.
    """

    name: str = attrs.field(converter=to_name)
    op: Operator = attrs.field(converter=to_operator)
    value: Value = attrs.field(converter=to_value)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.value, bool) and self.op not in {"==", "!="}:
            raise InvalidInput("requirement.op", "no_order", self.op, hint="true and false have no order: use ==")
        if self.name == AGENT and (self.op != "!=" or not isinstance(self.value, str)):
            raise InvalidInput("requirement.name", "use_named", hint=_AGENTS_ARE_NAMED)
        self._write(f"{write_name(self.name)} {self.op} {write_value(self.value)}")

    def matches(self, actual: FactValue | None) -> bool:
        return compares(actual, self.op, self.value)


@attrs.frozen(eq=False, repr=False, field_transformer=placed("requirement"))
class In(_Written):
    """The fact equals one of the values; of a set of texts, one of its texts does."""

    name: str = attrs.field(converter=to_name)
    values: tuple[Value, ...] = attrs.field(converter=to_values)

    def __attrs_post_init__(self) -> None:
        if self.name == AGENT:
            raise InvalidInput("requirement.name", "use_named", hint=_AGENTS_ARE_NAMED)
        self._write(f"{write_name(self.name)} in {{{', '.join(map(write_value, self.values))}}}")

    def matches(self, actual: FactValue | None) -> bool:
        return any(compares(actual, "==", value) for value in self.values)


@attrs.frozen(eq=False, repr=False, field_transformer=placed("requirement"))
class Between(_Written):
    """The fact is a number from ``low`` to ``high``, both included."""

    name: str = attrs.field(converter=to_name)
    low: int | float = attrs.field(converter=to_number)
    high: int | float = attrs.field(converter=to_number)

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            raise InvalidInput("requirement.low", "range", self.low, hint="a range goes from the smaller to the larger")
        if self.name == AGENT:
            raise InvalidInput("requirement.name", "use_named", hint=_AGENTS_ARE_NAMED)
        self._write(f"{write_name(self.name)} in {write_value(self.low)}..{write_value(self.high)}")

    def matches(self, actual: FactValue | None) -> bool:
        return compares(actual, ">=", self.low) and compares(actual, "<=", self.high)


_AGENTS_ARE_NAMED = (
    'agents are named by id, as text: agent == "ana", agent in {"ana", "bob"} or agent != "ana"; Named(...)'
)


def _to_ids(value: str | Iterable[str]) -> frozenset[str]:
    ids = frozenset(valid_id(agent, "ids") for agent in ((value,) if isinstance(value, str) else value))
    if not ids:
        raise InvalidInput("ids", "empty", hint="at least one agent is wanted; nobody at all is Nobody()")
    return ids


@attrs.frozen(eq=False, repr=False, field_transformer=placed("requirement"))
class Named(_Written):
    """Only these agents: one id, or several."""

    ids: frozenset[str] = attrs.field(converter=_to_ids)
    name: str = attrs.field(init=False, default=AGENT)

    def __attrs_post_init__(self) -> None:
        ids = [write_value(agent) for agent in sorted(self.ids)]
        self._write(f"{AGENT} == {ids[0]}" if len(ids) == 1 else f"{AGENT} in {{{', '.join(ids)}}}")

    def matches(self, actual: FactValue | None) -> bool:
        return isinstance(actual, str) and actual in self.ids


def _to_parts(value: Iterable[Requirement]) -> tuple[Requirement, ...]:
    parts = tuple(map(_to_part, value))
    if len(parts) < 2:
        raise InvalidInput("parts", "too_few", len(parts), hint="at least two parts are wanted")
    return parts


def _to_part(value: Requirement) -> Requirement:
    # A text here would be parsed by rules that its neighbours do not see, hence no convenience.
    if not isinstance(value, Requirement):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers without a checker
        raise InvalidInput("part", "bad_type", value, hint="a requirement is wanted; Requirement.of takes a text")
    return value


@attrs.frozen(eq=False, repr=False, field_transformer=placed("requirement"))
class _Joined(Requirement):
    """Two or more requirements with one word between them."""

    parts: tuple[Requirement, ...] = attrs.field(converter=_to_parts)

    @classmethod
    def parts_of(cls, value: Requirement) -> tuple[Requirement, ...]:
        """The parts of a requirement of this very kind, else the requirement itself."""
        return value.parts if isinstance(value, cls) else (value,)

    def atoms(self) -> Iterable[Atom]:
        return (atom for part in self.parts for atom in part.atoms())

    def _join(self, word: str, bracketed: tuple[type[Requirement], ...]) -> None:
        self._seal(
            word.join(f"({part})" if isinstance(part, bracketed) else str(part) for part in self.parts),
            depth=1 + max(part._depth for part in self.parts),
            terms=sum(part._terms for part in self.parts),
            room=sum(part._room for part in self.parts) + _ROOM_PER_GROUP,
        )


@attrs.frozen(eq=False, repr=False)
class And(_Joined):
    """Every part holds. Parts that are themselves ``And`` keep their brackets; ``&`` makes one of both."""

    def __attrs_post_init__(self) -> None:
        self._join(" and ", (And, Or))

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)


@attrs.frozen(eq=False, repr=False)
class Or(_Joined):
    """At least one part holds."""

    def __attrs_post_init__(self) -> None:
        self._join(" or ", (Or,))

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)


@attrs.frozen(eq=False, repr=False, field_transformer=placed("requirement"))
class Not(Requirement):
    """The part does not hold, be it for a missing name: ``not (spanish >= 3)`` is true of who has no Spanish."""

    part: Requirement = attrs.field(converter=_to_part)

    def __attrs_post_init__(self) -> None:
        bare = isinstance(self.part, Has | Not | Anyone | Nobody)
        # The "not" of an atom is in the atom's room already.
        room = self.part._room + (0 if isinstance(self.part, Atom) else _ROOM_PER_NOT)
        text = f"not {self.part}" if bare else f"not ({self.part})"
        self._seal(text, depth=1 + self.part._depth, terms=self.part._terms, room=room)

    def holds(self, facts: Facts) -> bool:
        return not self.part.holds(facts)

    def atoms(self) -> Iterable[Atom]:
        return self.part.atoms()


@attrs.frozen(eq=False, repr=False)
class _Constant(Requirement):
    def atoms(self) -> Iterable[Atom]:
        return ()


@attrs.frozen(eq=False, repr=False)
class Anyone(_Constant):
    """Asks for nothing: always true."""

    def __attrs_post_init__(self) -> None:
        self._seal("true", depth=1, terms=0, room=len("true") + _ROOM_PER_ATOM)

    def holds(self, facts: Facts) -> bool:
        return True


@attrs.frozen(eq=False, repr=False)
class Nobody(_Constant):
    """Cannot be met: always false."""

    def __attrs_post_init__(self) -> None:
        self._seal("false", depth=1, terms=0, room=len("false") + _ROOM_PER_ATOM)

    def holds(self, facts: Facts) -> bool:
        return False


def contradiction(requirement: Requirement) -> bool:
    """Whether no facts at all can satisfy it. True is certain; False may mean that the check, a cheap one, is unsure.

    >>> contradiction(Requirement.parse("a >= 3 and a < 2")), contradiction(Requirement.parse("a >= 3 and not b"))
    (True, False)
    """
    from switchroom.routing.requirement_questions import unsatisfiable

    return unsatisfiable(requirement.normal())
