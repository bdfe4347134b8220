"""The base of requirements: what every one of them answers. The nodes are in ``requirements``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, cast

import attrs

from switchroom.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from switchroom.routing.requirement_explain import Explanation
    from switchroom.routing.requirement_values import Facts, FactValue, Test

# The functions below import at call because each of those modules is about nodes, and nodes derive from this base.

MAX_TEXT = 4_096
"""Characters of a requirement. It travels with work and is written to the log: a page of text is not a requirement."""

MAX_DEPTH = 32
"""Levels of nesting: evaluation recurses, and nobody reads more."""

MAX_TERMS = 256
"""Atoms of one requirement: the cost of one evaluation is at most this many look-ups."""


@attrs.frozen(eq=False, repr=False)
class Requirement(ABC):
    """Base of every requirement: frozen, hashable, picklable; refuses to grow over the limits of this module.

    Equality and hash are those of the text, so both cost one comparison of strings: requirements serve as dictionary
    keys in the hot path.

    >>> from switchroom.routing.requirements import Compare, Has
    >>> needed = Requirement.parse('spanish >= 3 and (billing or refunds) and not trainee')
    >>> needed.holds({"spanish": 4, "refunds": 1})
    True
    >>> needed == Compare("spanish", ">=", 3) & (Has("billing") | Has("refunds")) & ~Has("trainee")
    True
    """

    _text: str = attrs.field(init=False)
    _depth: int = attrs.field(init=False)
    _terms: int = attrs.field(init=False)
    _room: int = attrs.field(init=False)
    _normal: Requirement | None = attrs.field(init=False, default=None)
    _test: Test | None = attrs.field(init=False, default=None)
    _bounds: tuple[frozenset[str], frozenset[str] | None] | None = attrs.field(init=False, default=None)

    @classmethod
    def parse(cls, text: str) -> Requirement:
        """The requirement that a text describes; ``RequirementSyntaxError`` points at the mistake.

        >>> Requirement.parse("level in 2..4")
        <Between level in 2..4>
        """
        from switchroom.routing.requirement_text import parse

        return parse(text)

    @classmethod
    def of(cls, value: str | Requirement | None) -> Requirement:
        """What is handy at the border as a requirement: a text is parsed, None asks for nothing.

        >>> Requirement.of("spanish"), Requirement.of(None)
        (<Has spanish>, <Anyone true>)
        """
        if value is None:
            return cls.parse("true")
        return value if isinstance(value, Requirement) else cls.parse(value)

    @abstractmethod
    def holds(self, facts: Facts) -> bool:
        """Whether these facts meet the requirement. At most ``MAX_TERMS`` atoms are asked; no fact makes it raise."""

    def compile(self) -> Test:
        """The same answer as ``holds``, as a function made once per normal form: for asking often."""
        if self._test is None:
            from switchroom.routing.requirement_compile import compiled

            normal = self.normal()
            self._keep("_test", compiled(normal) if normal is self else normal.compile())
        return cast("Test", self._test)

    def normal(self) -> Requirement:
        """An equivalent requirement, the same for all that are equal by simple laws.

        The laws: order, grouping and repetition within ``and`` and ``or``; double negation; De Morgan; ``true`` and
        ``false``; ``x and not x``; a range or set of one value. It is not minimal: ``x and (x or y)`` stays.
        O(n log n) in the number of terms the first time, then kept.

        >>> Requirement.parse("not (b or not a)").normal()
        <And a and not b>
        """
        if self._normal is None:
            from switchroom.routing.requirement_normal import normal_form

            form = normal_form(self)
            form._keep("_normal", form)
            self._keep("_normal", form)
        return cast("Requirement", self._normal)

    @abstractmethod
    def atoms(self) -> Iterable[Atom]:
        """Every atom, from left to right."""

    def names(self) -> frozenset[str]:
        """Every name mentioned, ``agent`` included where agents are named."""
        return frozenset(atom.name for atom in self.atoms())

    def needs(self) -> frozenset[str]:
        """Names that are among the facts whenever this holds: what an index may look agents up by.

        >>> sorted(Requirement.parse("spanish >= 3 and (billing or refunds) and not trainee").needs())
        ['spanish']
        """
        return self._known_bounds()[0]

    def agents(self) -> frozenset[str] | None:
        """The only agents for whom this can hold, or None if it is not bound to named agents."""
        return self._known_bounds()[1]

    def _known_bounds(self) -> tuple[frozenset[str], frozenset[str] | None]:
        """(needs, agents), kept: they are asked at the birth of every class of waiting work."""
        if self._bounds is None:
            from switchroom.routing.requirement_questions import agents, needs

            normal = self.normal()
            self._keep("_bounds", (needs(normal), agents(normal)))
        return cast("tuple[frozenset[str], frozenset[str] | None]", self._bounds)

    def without(self, names: Iterable[str]) -> Requirement:
        """What is left when nothing is asked about these names any more; in normal form if anything was dropped.

        Each dropped condition counts as met, under ``not`` too, so an ``or`` that had one asks for nothing more.

        >>> Requirement.parse("spanish >= 3 and billing and not trainee").without({"spanish", "trainee"})
        <Has billing>
        """
        from switchroom.routing.requirement_questions import without

        dropped = frozenset(names)
        return self if dropped.isdisjoint(self.names()) else without(self.normal(), dropped)

    def skill_terms(self, facts: Facts) -> tuple[str, ...]:
        """The distinct names whose levels count for the best-skilled choice: of these facts, the numeric ones.

        Names under ``not`` do not count; of an ``or`` only the true branch with the largest sum of levels does (the
        first of equal ones in the order of the normal form, on which this is defined).

        >>> Requirement.parse("spanish and (sales or refunds)").skill_terms({"spanish": 2, "sales": 1, "refunds": 4})
        ('refunds', 'spanish')
        """
        from switchroom.routing.requirement_questions import skill_terms

        return skill_terms(self.normal(), facts)

    def explain(self, facts: Facts) -> Explanation:
        """Every part with whether it passed and what was found: ``print`` it."""
        from switchroom.routing.requirement_explain import explain

        return explain(self, facts)

    def __and__(self, other: Requirement) -> Requirement:
        from switchroom.routing.requirements import And

        return And((*And.parts_of(self), *And.parts_of(other)))

    def __or__(self, other: Requirement) -> Requirement:
        from switchroom.routing.requirements import Or

        return Or((*Or.parts_of(self), *Or.parts_of(other)))

    def __invert__(self) -> Requirement:
        from switchroom.routing.requirements import Not

        return Not(self)

    def _seal(self, text: str, *, depth: int, terms: int, room: int) -> None:
        """Fix what is derived from the fields; the last act of every constructor."""
        if depth > MAX_DEPTH:
            raise InvalidInput("requirement", "too_deep", hint=f"nested more than {MAX_DEPTH} levels deep")
        if terms > MAX_TERMS:
            raise InvalidInput("requirement", "too_many_terms", hint=f"more than {MAX_TERMS} terms")
        if room > MAX_TEXT:
            raise InvalidInput("requirement", "too_long", hint=f"longer than {MAX_TEXT} characters when written out")
        for field, value in (("_text", text), ("_depth", depth), ("_terms", terms), ("_room", room)):
            object.__setattr__(self, field, value)

    def _keep(self, field: str, value: Requirement | Test | tuple[frozenset[str], frozenset[str] | None]) -> None:
        # A cache, not a change: threads that race here store equal values.
        object.__setattr__(self, field, value)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return self._text == other._text if isinstance(other, Requirement) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        short = self._text if len(self._text) <= 60 else self._text[:57] + "..."
        return f"<{type(self).__name__} {short}>"

    def __reduce__(self) -> tuple[Callable[[str], Requirement], tuple[str]]:
        # As text: small, independent of these classes' fields, and checked again by the parser.
        return Requirement.parse, (self._text,)


@attrs.frozen(eq=False, repr=False)
class Atom(Requirement):
    """A requirement about one name."""

    name: str = attrs.field(init=False)

    @abstractmethod
    def matches(self, actual: FactValue | None) -> bool:
        """Whether it holds when this is the fact under ``name`` (None: missing)."""

    def holds(self, facts: Facts) -> bool:
        return self.matches(facts.get(self.name))

    def atoms(self) -> Iterable[Atom]:
        return (self,)
