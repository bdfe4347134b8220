"""A simulation: a real center, made-up people, and as many replications as the answer is to be sure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from switchroom.clock import DEFAULT_START, ManualClock
from switchroom.durations import Micros, instant, span_micros, to_micros
from switchroom.errors import InvalidInput
from switchroom.reporting.ledger import Ledger
from switchroom.routing.fields import micros, placed, to_id, to_ids, to_optional_span, to_span
from switchroom.routing.model import Agent, Presence
from switchroom.simulation.behaviours import Behaviours, Shift
from switchroom.simulation.confidence import CONFIDENCE, checked
from switchroom.simulation.folded import FoldedLog
from switchroom.simulation.player import Player
from switchroom.simulation.results import Results
from switchroom.simulation.synthetic import Source
from switchroom.simulation.tally import Replication, Tally

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.config.model import Configuration

MAX_REPLICATIONS: Final = 100_000
_START: Final = instant(DEFAULT_START, field="start")
ALL_AGENTS: Final = "agents"
"""The group of agents who are in no team and in no other group."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told (replications done, replications in all)."""


def _to_counts(value: Iterable[int]) -> tuple[int, ...]:
    found = tuple(value)
    for count in found:
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise InvalidInput("counts", "range", count, hint="whole numbers of at least 0")
    if not found:
        raise InvalidInput("counts", "empty", hint="at least one number is wanted")
    return found


@attrs.frozen(kw_only=True, field_transformer=placed("staff"))
class Staff:
    """How many of a group of agents are there in each period from the start on; the last number stays."""

    group: str = attrs.field(converter=to_id, kw_only=False)
    counts: tuple[int, ...] = attrs.field(converter=_to_counts)
    period: timedelta = attrs.field(default=timedelta(hours=1), converter=to_span)


@attrs.frozen(kw_only=True)
class Change:
    """From so long after the start on, these agents are as given here: other skills, queues, ranks."""

    after: timedelta = attrs.field(converter=to_span)
    agents: tuple[Agent, ...]


def _to_start(value: datetime | str) -> datetime:
    return instant(value, field="start")


def _to_groups(value: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return {to_id(name): to_ids(agents) for name, agents in value.items()}


def _to_staff(value: Iterable[Staff]) -> tuple[Staff, ...]:
    return tuple(value)


def _to_changes(value: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(value, key=lambda change: change.after))


@attrs.frozen(kw_only=True, field_transformer=placed("simulation"))
class Simulation:
    """Traffic against a configuration, from ``start`` on.

    ``length``: how long it is measured (None: as long as work arrives). ``warm_up``: so much of it, from the start,
    counts for nothing but the reports. ``period``: results also by periods of this length. ``finish``: after the end
    work still open is waited for, so long at most. ``groups`` of agents, for results and ``staff``; an agent in none
    counts under the team, or else as one of the ``agents``. ``staff``: groups with as many agents as their plan says;
    who is in none of those comes by the shifts of the configuration, and who has no shift is always there.
    ``presences``, as they were recorded, take the place of shifts. ``changes`` of agents over time. ``seed``: the same
    one gives the same results, on any number of cores. ``reports``: each replication has the rows of the live reports,
    too.
    """

    configuration: Configuration = attrs.field(kw_only=False)
    traffic: Source = attrs.field(kw_only=False)
    start: datetime = attrs.field(default=_START, converter=_to_start)
    length: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    warm_up: timedelta = attrs.field(default=timedelta(0), converter=to_span)
    period: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    finish: timedelta = attrs.field(default=timedelta(hours=24), converter=to_span)
    groups: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict[str, tuple[str, ...]], converter=_to_groups)
    staff: tuple[Staff, ...] = attrs.field(default=(), converter=_to_staff)
    presences: tuple[tuple[Micros, str, str], ...] = ()
    changes: tuple[Change, ...] = attrs.field(default=(), converter=_to_changes)
    seed: int = 1
    reports: bool = True

    def __attrs_post_init__(self) -> None:
        known = {agent.id for agent in self.configuration.agents}
        named = [agent for agents in self.groups.values() for agent in agents]
        for agent in named:
            if agent not in known:
                raise InvalidInput("simulation.groups", "unknown", agent, hint="is not in the configuration")
        if len(set(named)) != len(named):
            raise InvalidInput("simulation.groups", "duplicate", hint="an agent is in one group at most")
        for staff in self.staff:
            if staff.group not in self.group_members():
                raise InvalidInput("simulation.staff", "unknown", staff.group, hint="is no group")
        if self.warm_up >= self.span():
            raise InvalidInput("simulation.warm_up", "range", str(self.warm_up), hint="nothing would be left")

    # -- what follows from it

    def span(self) -> timedelta:
        """From the start to the end of what is measured."""
        if self.length is not None:
            return self.length
        start = to_micros(self.start)
        return timedelta(microseconds=self.traffic.end(start) - start)

    def edges(self) -> tuple[Micros, ...]:
        """The instants between the periods."""
        start, end = to_micros(self.start) + micros(self.warm_up), to_micros(self.start) + span_micros(self.span())
        if not self.period:
            return start, end
        return (*range(start, end, micros(self.period)), end)

    def group_members(self) -> dict[str, tuple[str, ...]]:
        """The agents of each group."""
        found: dict[str, list[str]] = {name: list(agents) for name, agents in self.groups.items()}
        grouped = {agent for agents in found.values() for agent in agents}
        for agent in self.configuration.agents:
            if agent.id not in grouped:
                found.setdefault(agent.team or ALL_AGENTS, []).append(agent.id)
        return {name: tuple(agents) for name, agents in found.items()}

    def expected(self) -> float:
        """About how many pieces of work a replication has."""
        return self.traffic.expected()

    # -- running

    def run(
        self,
        replications: int = 20,
        *,
        confidence: float = CONFIDENCE,
        processes: int = 1,
        progress: Progress | None = None,
    ) -> Results:
        """Replicate with traffic and luck that are independent of each other, and sum up.

        ``processes``: how many at once; each is a process of its own, and the results are the same with any number.
        Replication n of two simulations with one seed meets the same traffic: see `compare`.
        """
        if isinstance(replications, bool) or not 1 <= replications <= MAX_REPLICATIONS:
            raise InvalidInput("replications", "range", replications, hint=f"1 to {MAX_REPLICATIONS}")
        checked(confidence)
        found: list[Replication] = []
        for one in self._replications(replications, processes):
            found.append(one)
            if progress is not None:
                progress(len(found), replications)
        return Results(tuple(found), self.edges(), confidence)

    def _replications(self, count: int, processes: int) -> Iterator[Replication]:
        if processes <= 1:
            yield from map(self.replicate, range(count))
            return
        with ProcessPoolExecutor(min(processes, count)) as pool:
            yield from pool.map(self.replicate, range(count))

    def replicate(self, number: int) -> Replication:
        """One replication: the same for the same number and seed."""
        return self.prepare(number)()

    def prepare(self, number: int) -> Callable[[], Replication]:
        """A replication with everybody in place, ready to be run once."""
        seed = f"{self.seed}/{number}"
        ledger = Ledger() if self.reports else None
        log = FoldedLog() if ledger is None else FoldedLog(ledger.add)
        clock = ManualClock(self.start)
        center = self.configuration.build(clock=clock, seed=self.seed, storage=log)
        tally = self._tally()
        player = Player(center, clock, Behaviours(self.configuration.behaviours), seed, watch=tally)
        log.inbox = player.inbox
        start = clock.micros()
        end = to_micros(self.start) + span_micros(self.span())
        self.plan(player, center)

        def run() -> Replication:
            player.run(self.traffic.cases(seed, start), end, limit=end + micros(self.finish), hear=False)
            at = clock.micros()
            return tally.result(at) if ledger is None else tally.result(at, ledger.queues(), ledger.agents())

        return run

    def _tally(self) -> Tally:
        targets = {queue.id: queue.service_level for queue in self.configuration.queues}
        within: dict[str, Micros] = {}
        for type, target in self.traffic.targets().items():
            found = target or targets.get(type)
            within[type] = 20_000_000 if found is None else micros(found.within)
        groups = {agent: name for name, agents in self.group_members().items() for agent in agents}
        return Tally(self.edges(), within, groups)

    def plan(self, player: Player, center: ContactCenter) -> None:
        """Let a player know who comes when, and what changes."""
        start, members, there = to_micros(self.start), self.group_members(), player.attendance
        planned: set[str] = set()
        for staff in self.staff:
            counts = {start + n * micros(staff.period): count for n, count in enumerate(staff.counts)}
            there.plan_staff(members[staff.group], counts)
            planned.update(members[staff.group])
        known = {agent.id for agent in self.configuration.agents} - planned
        presences = [one for one in self.presences if one[1] in known]
        there.plan_presences(presences)
        planned.update(agent for _, agent, _ in presences)
        shifted = {agent for shift in self.configuration.shifts for agent in shift.agents} - planned
        there.plan_shifts(_only(self.configuration.shifts, shifted), self.configuration.zone, self.start + self.span())
        for agent in self.configuration.agents:
            if agent.id not in planned and agent.id not in shifted:
                player.plan(start, there.go, agent.id, Presence.ON_QUEUE)
        for change in self.changes:
            player.plan(start + micros(change.after), _change, center, change.agents)


def _only(shifts: Iterable[Shift], agents: set[str]) -> list[Shift]:
    return [attrs.evolve(shift, agents=[one for one in shift.agents if one in agents]) for shift in shifts]


def _change(center: ContactCenter, agents: Iterable[Agent]) -> None:
    with center.batch():
        for agent in agents:
            center.agents.change(agent)
