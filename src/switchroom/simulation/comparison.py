"""Two simulations side by side, replication by replication on the same traffic."""

from __future__ import annotations

import attrs

from switchroom.errors import InvalidInput
from switchroom.simulation import confidence as intervals
from switchroom.simulation.confidence import Interval
from switchroom.simulation.results import ALL, TYPE_FIGURES, Results


@attrs.frozen(kw_only=True)
class Difference:
    """A figure before and after, and by how much it differs. The interval of the difference is usually far narrower
    than those of the two: both have met the same customers."""

    name: str
    figure: str
    before: Interval | None
    after: Interval | None
    difference: Interval | None

    @property
    def certain(self) -> bool:
        """Whether the difference is not 0, at the confidence of the results."""
        found = self.difference
        return found is not None and found.half_width is not None and abs(found.mean) > found.half_width


def compare(before: Results, after: Results) -> tuple[Difference, ...]:
    """Each figure of each type, and the occupancy of each group that both have; the second less the first.

    Both ran the same replications with the same seed: otherwise the pairs would be none. Raises `InvalidInput` where
    their numbers differ.
    """
    if len(before.replications) != len(after.replications):
        counts = f"{len(before.replications)}, {len(after.replications)}"
        raise InvalidInput("replications", "mismatch", counts, hint="both need the same number of replications")
    types = [name for name in before.type_names if name in after.type_names]
    groups = [name for name in before.group_names if name in after.group_names]
    names = [*types, *([ALL] if len(types) > 1 else [])]
    found = [_of_type(before, after, name, figure) for name in names for figure in TYPE_FIGURES]
    return (*found, *(_of_group(before, after, name) for name in [*groups, *([ALL] if len(groups) > 1 else [])]))


def _of_type(before: Results, after: Results, name: str, figure: str) -> Difference:
    first, second = before.parts(figure, name), after.parts(figure, name)
    return _difference(name, figure, first, second, before.confidence)


def _of_group(before: Results, after: Results, name: str) -> Difference:
    first, second = ([(crew.busy, crew.staffed) for crew in one.crews(name)] for one in (before, after))
    return _difference(name, "occupancy", first, second, before.confidence)


def _difference(
    name: str, figure: str, first: intervals.Parts, second: intervals.Parts, confidence: float
) -> Difference:
    return Difference(
        name=name,
        figure=figure,
        before=intervals.ratio(first, confidence),
        after=intervals.ratio(second, confidence),
        difference=intervals.difference(first, second, confidence),
    )
