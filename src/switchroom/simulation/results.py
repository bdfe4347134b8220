"""What came of the replications of a simulation: each figure with its confidence interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

import attrs

from switchroom.errors import UnknownId
from switchroom.simulation import confidence as intervals
from switchroom.simulation.confidence import CONFIDENCE, Interval
from switchroom.simulation.tally import Cell, Crew, Replication

T = TypeVar("T", Cell, Crew)

_SECOND: Final = 1e-6

Part = tuple[Callable[[Cell], float], Callable[[Cell], float]]
"""A figure of a type as a ratio of two counts."""

TYPE_FIGURES: Final[dict[str, Part]] = {
    "service_level": (lambda c: c.in_time, lambda c: c.arrived + c.turned),
    "service_level_of_answered": (lambda c: c.in_time, lambda c: c.answered),
    "service_level_less_short": (lambda c: c.in_time, lambda c: c.arrived + c.turned - c.left_early),
    "abandoned": (lambda c: c.abandoned, lambda c: c.arrived + c.turned),
    "turned": (lambda c: c.turned, lambda c: c.arrived + c.turned),
    "delayed": (lambda c: c.delayed, lambda c: c.arrived),
    "wait": (lambda c: c.wait * _SECOND, lambda c: c.arrived),
    "answer_wait": (lambda c: c.answer_wait * _SECOND, lambda c: c.answered),
}
"""Name -> (over, under). ``wait`` (of all, until answered or gone) and ``answer_wait`` (of those answered) in seconds;
the others are shares: in time of all who came (those turned away included), of those answered, of all but those who
left within the target; abandoned and turned away of all who came; not answered at once of those who were let in."""

COUNTS: Final = ("arrived", "turned", "answered", "abandoned", "lost", "open")
"""Counts of a type: means over replications."""

ALL: Final = "*"
"""In place of a type or a group: all of them together."""


@attrs.frozen(kw_only=True)
class TypeResult:
    """One type in one period (None: in all of them). The figures are those of `TYPE_FIGURES` and `COUNTS`."""

    type: str
    period: int | None
    arrived: Interval
    turned: Interval | None
    answered: Interval
    service_level: Interval | None
    service_level_of_answered: Interval | None
    service_level_less_short: Interval | None
    abandoned: Interval | None
    delayed: Interval | None
    wait: Interval | None
    answer_wait: Interval | None


@attrs.frozen(kw_only=True)
class GroupResult:
    """One group of agents in one period (None: in all of them): how many were there on average, and the share of their
    time with work in hand."""

    group: str
    period: int | None
    staffed: Interval
    occupancy: Interval | None


@attrs.frozen(kw_only=True)
class QueueResult:
    """One queue as the reports of a live center have it: means over replications, waits in seconds."""

    queue: str
    offered: Interval
    answered: Interval
    abandoned: Interval
    service_level: Interval | None
    mean_wait: Interval | None


@attrs.frozen
class Results:
    """The replications, in order, and what they say together. ``edges``: the instants between the periods."""

    replications: tuple[Replication, ...]
    edges: tuple[int, ...]
    confidence: float = CONFIDENCE

    @property
    def type_names(self) -> tuple[str, ...]:
        """The types in order of their first appearance."""
        return tuple(dict.fromkeys(name for one in self.replications for name in one.types))

    @property
    def group_names(self) -> tuple[str, ...]:
        """The groups."""
        return tuple(self.replications[0].groups)

    @property
    def periods(self) -> int:
        """How many."""
        return len(self.edges) - 1

    # -- one figure

    def of_type(self, figure: str, type: str = ALL, period: int | None = None) -> Interval | None:
        """One of `TYPE_FIGURES`, of a type or of all together, in a period or in all of them; None: of nobody."""
        return intervals.ratio(self.parts(figure, type, period), self.confidence)

    def parts(self, figure: str, type: str = ALL, period: int | None = None) -> list[tuple[float, float]]:
        """The same as its two counts in each replication."""
        if figure not in TYPE_FIGURES:
            raise UnknownId("figure", figure)
        over, under = TYPE_FIGURES[figure]
        cells = self.cells(type, period)
        return [(over(cell), under(cell)) for cell in cells]

    def count(self, name: str, type: str = ALL, period: int | None = None) -> Interval:
        """One of `COUNTS`: its mean over replications."""
        return intervals.mean([getattr(cell, name) for cell in self.cells(type, period)], self.confidence)

    def occupancy(self, group: str = ALL, period: int | None = None) -> Interval | None:
        """The share of their time that the agents of a group have work in hand; None: nobody was there."""
        crews = self.crews(group, period)
        return intervals.ratio([(crew.busy, crew.staffed) for crew in crews], self.confidence)

    def staffed(self, group: str = ALL, period: int | None = None) -> Interval:
        """How many agents were there on average."""
        first, last = (0, self.periods) if period is None else (period, period + 1)
        span = self.edges[last] - self.edges[first]
        return intervals.mean([crew.staffed / span for crew in self.crews(group, period)], self.confidence)

    # -- tables

    def types(self, *, by_period: bool = False) -> tuple[TypeResult, ...]:
        """Each type, and all of them together if there are several; each by period if asked for."""
        names = [*self.type_names, *([ALL] if len(self.type_names) > 1 else [])]
        periods = range(self.periods) if by_period else [None]
        return tuple(self._type(name, period) for name in names for period in periods)

    def groups(self, *, by_period: bool = False) -> tuple[GroupResult, ...]:
        """Each group of agents."""
        periods = range(self.periods) if by_period else [None]
        return tuple(
            GroupResult(
                group=name, period=period, staffed=self.staffed(name, period), occupancy=self.occupancy(name, period)
            )
            for name in self.group_names
            for period in periods
        )

    def queues(self) -> tuple[QueueResult, ...]:
        """Each queue, from the ledger of each replication; over the whole of it, warm-up included."""
        names = dict.fromkeys(str(row.queue) for one in self.replications for row in one.queues)
        return tuple(self._queue(name) for name in sorted(names))

    def _type(self, type: str, period: int | None) -> TypeResult:
        figures = {name: self.of_type(name, type, period) for name in TYPE_FIGURES}
        return TypeResult(
            type=type,
            period=period,
            arrived=self.count("arrived", type, period),
            answered=self.count("answered", type, period),
            **figures,
        )

    def _queue(self, name: str) -> QueueResult:
        rows = [next((row for row in one.queues if row.queue == name), None) for one in self.replications]
        there = [row for row in rows if row is not None]
        waits = [(row.mean_wait.total_seconds() * row.answered, row.answered) for row in there if row.mean_wait]
        levels = [
            (row.service_level * (counted := row.answered + row.abandoned + row.timed_out), counted)
            for row in there
            if row.service_level is not None
        ]
        return QueueResult(
            queue=name,
            offered=self._mean(row.offered if row else 0 for row in rows),
            answered=self._mean(row.answered if row else 0 for row in rows),
            abandoned=self._mean(row.abandoned if row else 0 for row in rows),
            service_level=intervals.ratio(levels, self.confidence) if levels else None,
            mean_wait=intervals.ratio(waits, self.confidence) if waits else None,
        )

    def _mean(self, values: Iterable[float]) -> Interval:
        return intervals.mean(list(values), self.confidence)

    # -- sums

    def cells(self, type: str = ALL, period: int | None = None) -> list[Cell]:
        """What was counted of a type in each replication."""
        return [_cell(one, type, period) for one in self.replications]

    def crews(self, group: str = ALL, period: int | None = None) -> list[Crew]:
        """The time of a group in each replication."""
        return [_crew(one, group, period) for one in self.replications]


def _cell(one: Replication, type: str, period: int | None) -> Cell:
    chosen = one.types.values() if type == ALL else [one.types.get(type, ())]
    sums = Cell()
    for cells in chosen:
        for cell in _at(cells, period):
            sums.add(cell)
    return sums


def _crew(one: Replication, group: str, period: int | None) -> Crew:
    chosen = one.groups.values() if group == ALL else [one.groups[group]]
    sums = Crew()
    for crews in chosen:
        for crew in _at(crews, period):
            sums.add(crew)
    return sums


def _at(rows: Sequence[T], period: int | None) -> Sequence[T]:
    return rows if period is None else rows[period : period + 1]
