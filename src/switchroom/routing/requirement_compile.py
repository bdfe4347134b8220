"""Requirements as functions, for asking the same one of many agents."""

from __future__ import annotations

from switchroom.routing.requirement_values import OPERATORS, Facts, Test
from switchroom.routing.requirements import And, Atom, Between, Compare, Has, In, Not, Or, Requirement

_NUMBERS = (int, float)


def compiled(requirement: Requirement) -> Test:
    """A function that answers like ``holds``; comparisons of numbers, which are most, without a call per atom."""
    match requirement:
        case And(parts=parts):
            return _every(tuple(map(compiled, parts)))
        case Or(parts=parts):
            return _some(tuple(map(compiled, parts)))
        case Not(part=part):
            return _opposite(compiled(part))
        case Has(name=name):
            return _has(requirement, name)
        case Compare(name=name, op=op, value=int() | float() as value) if not isinstance(value, bool) and op != "!=":
            return _compares_number(name, op, value)
        case Between(name=name, low=low, high=high):
            return _between(name, low, high)
        case In() if all(isinstance(value, str) for value in requirement.values):
            return _in_texts(requirement.name, frozenset(map(str, requirement.values)))
        case _:
            return requirement.holds


def _every(tests: tuple[Test, ...]) -> Test:
    def every(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110  # all() with a generator takes twice as long
            if not test(facts):
                return False
        return True

    return every


def _some(tests: tuple[Test, ...]) -> Test:
    def some(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110  # any() with a generator takes twice as long
            if test(facts):
                return True
        return False

    return some


def _opposite(test: Test) -> Test:
    return lambda facts: not test(facts)


def _has(atom: Atom, name: str) -> Test:
    matches = atom.matches

    def has(facts: Facts) -> bool:
        return name in facts and matches(facts[name])

    return has


# In the next two NaN needs no thought: every comparison with it but ``!=`` is false.


def _compares_number(name: str, op: str, value: float) -> Test:
    relation = OPERATORS[op]

    def compares_number(facts: Facts) -> bool:
        actual = facts.get(name)
        return isinstance(actual, _NUMBERS) and not isinstance(actual, bool) and relation(actual, value)

    return compares_number


def _between(name: str, low: float, high: float) -> Test:
    def between(facts: Facts) -> bool:
        actual = facts.get(name)
        return isinstance(actual, _NUMBERS) and not isinstance(actual, bool) and low <= actual <= high

    return between


def _in_texts(name: str, texts: frozenset[str]) -> Test:
    def in_texts(facts: Facts) -> bool:
        actual = facts.get(name)
        if isinstance(actual, frozenset):
            return not texts.isdisjoint(actual)
        return isinstance(actual, str) and actual in texts

    return in_texts
