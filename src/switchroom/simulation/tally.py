"""What is counted in one replication: arrivals by type and period, agents' time by group and period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import attrs

from switchroom.durations import Micros
from switchroom.errors import InvalidInput
from switchroom.reporting.rows import AgentRow, QueueRow
from switchroom.routing.model import Presence
from switchroom.simulation.case import Case, Watch

STAFFED = (Presence.ON_QUEUE, Presence.DRAINING)
"""Presences in which an agent is there for work; in any other, time with work in hand counts, too."""


@attrs.define(eq=True, slots=True)
class Cell:
    """What became of the arrivals of one type in one period; times in microseconds.

    ``arrived`` = ``answered`` + ``abandoned`` + ``lost`` (timed out, cancelled) + ``open`` at the end; ``turned``
    found no place, and are not among those arrived. ``delayed``: did not get an agent at once. ``in_time``: answered
    within the target; ``left_early``: abandoned within it. ``wait``: of all, until answered or gone; ``answer_wait``:
    of those answered. ``tries``: arrivals who had tried before.
    """

    within: Micros = attrs.field(default=20_000_000, kw_only=True)
    arrived: int = 0
    turned: int = 0
    answered: int = 0
    abandoned: int = 0
    lost: int = 0
    delayed: int = 0
    in_time: int = 0
    left_early: int = 0
    wait: Micros = 0
    answer_wait: Micros = 0
    tries: int = 0

    @property
    def open(self) -> int:
        """How many waited still when the simulation ended."""
        return self.arrived - self.answered - self.abandoned - self.lost

    def add(self, other: Cell) -> None:
        """Count another one, too."""
        for name in _SUMMED:
            setattr(self, name, getattr(self, name) + getattr(other, name))


_SUMMED = tuple(field.name for field in attrs.fields(Cell) if field.name != "within")


@attrs.define(eq=True, slots=True)
class Crew:
    """The time of a group of agents in one period, in agents times microseconds; ``busy``: with work in hand,
    after-call work included."""

    staffed: Micros = 0
    busy: Micros = 0

    def add(self, other: Crew) -> None:
        """Count another one, too."""
        self.staffed += other.staffed
        self.busy += other.busy


@attrs.frozen(kw_only=True)
class Replication:
    """What was counted in one: a cell of each type, and a crew of each group, for each period; and the rows of the
    reports, as those of a live center."""

    types: Mapping[str, tuple[Cell, ...]]
    groups: Mapping[str, tuple[Crew, ...]]
    queues: tuple[QueueRow, ...] = ()
    agents: tuple[AgentRow, ...] = ()


class Tally(Watch):
    """Counts between the first and the last of the ``edges`` of the periods; what comes later counts in the last
    period, if it is an arrival, and not at all, if it is time.

    ``within``: the target of each type, in microseconds. ``groups``: agent to group.
    """

    def __init__(self, edges: Sequence[Micros], within: Mapping[str, Micros], groups: Mapping[str, str]) -> None:
        if len(edges) < 2 or any(early >= late for early, late in pairwise(edges)):
            raise InvalidInput("edges", "order", len(edges), hint="at least two instants, one after the other")
        self._edges = tuple(edges)
        self._count = len(edges) - 1
        self._types = {type: self._cells(limit) for type, limit in within.items()}
        self._groups = groups
        self._crews = {group: _Clock(self._edges) for group in dict.fromkeys(groups.values())}
        self._of = {agent: self._crews[group] for agent, group in groups.items()}
        self._there: dict[str, bool] = {}
        self._hands: dict[str, int] = {}
        self._period = 0

    def _cells(self, within: Micros) -> tuple[Cell, ...]:
        return tuple(Cell(within=within) for _ in range(self._count))

    # -- work

    def _cell(self, type: str, at: Micros) -> Cell | None:
        edges, period = self._edges, self._period
        if at < edges[0]:
            return None
        # Arrivals come in order of time.
        while period < self._count - 1 and at >= edges[period + 1]:
            period += 1
        self._period = period
        cells = self._types.get(type)
        if cells is None:
            cells = self._types[type] = self._cells(20_000_000)
        return cells[period]

    def arrived(self, case: Case, at: Micros) -> None:
        case.cell = cell = self._cell(case.type, at)
        if cell is not None:
            cell.arrived += 1
            cell.tries += case.tries > 0

    def turned(self, case: Case, at: Micros) -> None:
        cell = self._cell(case.type, at)
        if cell is not None:
            cell.turned += 1

    def answered(self, case: Case, at: Micros, agent: str) -> None:
        cell: Cell | None = case.cell
        if cell is None:
            return
        wait = at - case.at
        cell.answered += 1
        cell.wait += wait
        cell.answer_wait += wait
        cell.delayed += wait > 0
        cell.in_time += wait <= cell.within

    def ended(self, case: Case, at: Micros, state: str) -> None:
        cell: Cell | None = case.cell
        if cell is None:
            return
        wait = at - case.at
        cell.wait += wait
        cell.delayed += 1
        if state == "abandoned":
            cell.abandoned += 1
            cell.left_early += wait <= cell.within
        else:
            cell.lost += 1

    # -- agents

    def begun(self, at: Micros, agent: str) -> None:
        hands = self._hands.get(agent, 0)
        self._hands[agent] = hands + 1
        clock = self._of.get(agent)
        if clock is not None and not hands:
            clock.change(at, 0 if self._there.get(agent) else 1, 1)

    def freed(self, at: Micros, agent: str) -> None:
        hands = self._hands[agent] = self._hands[agent] - 1
        clock = self._of.get(agent)
        if clock is not None and not hands:
            clock.change(at, 0 if self._there.get(agent) else -1, -1)

    def moved(self, at: Micros, agent: str, presence: str) -> None:
        there = presence in STAFFED
        before, self._there[agent] = self._there.get(agent, False), there
        clock = self._of.get(agent)
        if clock is not None and there != before and not self._hands.get(agent):
            clock.change(at, 1 if there else -1, 0)

    # -- the end

    def result(self, at: Micros, queues: Iterable[QueueRow] = (), agents: Iterable[AgentRow] = ()) -> Replication:
        """What was counted up to an instant."""
        for clock in self._crews.values():
            clock.change(at, 0, 0)
        return Replication(
            types=self._types,
            groups={group: clock.rows for group, clock in self._crews.items()},
            queues=tuple(queues),
            agents=tuple(agents),
        )


class _Clock:
    """How many of a group are there and at work, summed over time, period by period."""

    __slots__ = ("_busy", "_edges", "_period", "_since", "_staffed", "rows")

    def __init__(self, edges: tuple[Micros, ...]) -> None:
        self.rows = tuple(Crew() for _ in range(len(edges) - 1))
        self._edges = edges
        self._since = edges[0]
        self._period = 0
        self._staffed = self._busy = 0

    def change(self, at: Micros, staffed: int, busy: int) -> None:
        """Count the time since the last change, and change."""
        edges, rows = self._edges, self.rows
        while at > self._since and self._period < len(rows):
            edge = edges[self._period + 1]
            row, upto = rows[self._period], min(at, edge)
            row.staffed += (upto - self._since) * self._staffed
            row.busy += (upto - self._since) * self._busy
            self._since = upto
            if upto == edge:
                self._period += 1
        self._staffed += staffed
        self._busy += busy
