"""How evenly work is spread: over departments against their shares, and over agents."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from switchroom.errors import UnknownId
from switchroom.workitems.state import WorkItems


@attrs.frozen
class Spread:
    """One queue of a distribution: the share that it is to get (of 1), how many items it got, and by how many it is off
    (above 0: too many)."""

    queue: str
    share: float
    given: int
    off: float


def spread(w: WorkItems, distribution: str) -> tuple[Spread, ...]:
    """What each queue of a distribution got since its shares were set."""
    spec = w.distributions.get(distribution)
    if spec is None:
        raise UnknownId("distribution", distribution)
    given = w.given[distribution]
    every, total = sum(spec.shares.values()), sum(given.values())
    return tuple(
        Spread(queue, share / every, given[queue], given[queue] - share / every * total)
        for queue, share in spec.shares.items()
    )


def evenness(loads: Iterable[float]) -> float:
    """Jain's index of fairness: 1 when everybody has the same, 1/n when one of n has it all; 1 for nobody or nothing.

    Source: Jain, Chiu, Hawe, "A quantitative measure of fairness and discrimination" (1984).

    >>> evenness([3, 3, 3]), evenness([9, 0, 0]), round(evenness([4, 3, 2]), 3)
    (1.0, 0.3333333333333333, 0.931)
    """
    values = list(loads)
    squares = sum(value * value for value in values)
    return 1.0 if not squares else sum(values) ** 2 / (len(values) * squares)
