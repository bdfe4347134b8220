"""Why a requirement holds of some facts, or does not: one line per part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from switchroom.routing.requirement_values import Facts, FactValue, write_fact, write_name
from switchroom.routing.requirements import And, Atom, Not, Or, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator


@attrs.frozen
class Explanation:
    """One part of a requirement, what became of it, and its own parts.

    ``name`` is what an atom asks about, and ``actual`` the fact found under it (None: missing); both are None for
    ``and``, ``or``, ``not`` and constants, which have ``children`` instead.

    >>> print(Requirement.parse("spanish >= 3 and not trainee").explain({"spanish": 2}))
    fail  spanish >= 3 and not trainee
      fail  spanish >= 3  (spanish = 2)
      pass  not trainee
        fail  trainee  (trainee is missing)
    """

    text: str
    passed: bool
    name: str | None = None
    actual: FactValue | None = None
    children: tuple[Explanation, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether the facts say nothing about what is asked."""
        return self.name is not None and self.actual is None

    def lines(self, indent: int = 0) -> Iterator[str]:
        """The lines of the printed form, outermost part first."""
        yield f"{'  ' * indent}{'pass' if self.passed else 'fail'}  {self.text}{self._found()}"
        for child in self.children:
            yield from child.lines(indent + 1)

    def _found(self) -> str:
        if self.name is None:
            return ""
        found = "is missing" if self.actual is None else f"= {write_fact(self.actual)}"
        return f"  ({write_name(self.name)} {found})"

    def __str__(self) -> str:
        return "\n".join(self.lines())


def explain(requirement: Requirement, facts: Facts) -> Explanation:
    """The requirement as it was written (not its normal form), part by part; parts after a decisive one too."""
    passed = requirement.holds(facts)
    match requirement:
        case Atom(name=name):
            return Explanation(str(requirement), passed, name, facts.get(name))
        case And(parts=parts) | Or(parts=parts):
            children = tuple(explain(part, facts) for part in parts)
        case Not(part=part):
            children = (explain(part, facts),)
        case _:
            children = ()
    return Explanation(str(requirement), passed, children=children)
