"""Back-test: what happened, played again under another configuration, beside the one that it happened under."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from switchroom.clock import ManualClock
from switchroom.durations import Micros, to_micros
from switchroom.errors import InvalidInput, UnknownId
from switchroom.routing.events import OfferAccepted, OfferMade
from switchroom.routing.fields import micros
from switchroom.routing.model import Presence
from switchroom.simulation.behaviours import Behaviours
from switchroom.simulation.case import Case, Watch
from switchroom.simulation.comparison import Difference, compare
from switchroom.simulation.confidence import CONFIDENCE
from switchroom.simulation.player import Player
from switchroom.simulation.recording import Presences, Recording, Replayed
from switchroom.simulation.results import Results
from switchroom.simulation.simulation import Progress, Simulation

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.config.model import Configuration
    from switchroom.routing.explain_values import Decision

Side: TypeAlias = Literal["before", "after"]

DECISIONS: Final = 0
"""The replication whose decisions are compared one by one."""


@attrs.frozen(kw_only=True)
class Got:
    """Who got a piece of work, and after what wait; agent None: nobody did."""

    item: str | None
    agent: str | None
    wait: timedelta | None


NOBODY: Final = Got(item=None, agent=None, wait=None)


@attrs.frozen(kw_only=True)
class ChangedDecision:
    """A piece of work that somebody else gets; ``recorded``: who got it when it happened."""

    id: str
    type: str
    at: datetime
    recorded: str | None
    before: Got
    after: Got


@attrs.frozen(kw_only=True)
class BackTestResult:
    """Both sides, their differences, and the decisions that differ in the first replication."""

    before: Results
    after: Results
    differences: tuple[Difference, ...]
    changed: tuple[ChangedDecision, ...]
    decisions: int

    @property
    def share_changed(self) -> float:
        """The share of all decisions that differ."""
        return len(self.changed) / self.decisions


class BackTest:
    """A recording, and two configurations: the one that it happened under, unless told, and another.

    Both sides meet the same arrivals, handle times, patience and luck. What a recording cannot tell is drawn anew in
    each replication, the same for both sides: how much longer those would have waited who were answered, handle times
    of work that nobody answered, who declines or misses an offer and how fast others accept. Raises `InvalidInput`
    where the other configuration does not have a queue or intake rules that work was sent to. Agents who are new are
    always there, or come by the shifts of their configuration.
    """

    def __init__(
        self, recording: Recording, after: Configuration, *, before: Configuration | None = None, seed: int = 1
    ) -> None:
        self._recording = recording
        self._seed = seed
        self._sides: dict[Side, Simulation] = {
            "before": self._simulation(recording.configuration if before is None else before),
            "after": self._simulation(after),
        }
        self._played: dict[Side, _Played] = {}

    def run(
        self,
        replications: int = 20,
        *,
        confidence: float = CONFIDENCE,
        processes: int = 1,
        progress: Progress | None = None,
    ) -> BackTestResult:
        """Play both sides; the decisions of the first replication are compared one by one."""
        before, after = (
            side.run(replications, confidence=confidence, processes=processes, progress=progress)
            for side in self._sides.values()
        )
        return BackTestResult(
            before=before,
            after=after,
            differences=compare(before, after),
            changed=self.changed(),
            decisions=len(self._recording.arrivals),
        )

    def changed(self) -> tuple[ChangedDecision, ...]:
        """The decisions that differ in the first replication, in order of arrival."""
        before, after = self._play("before").got, self._play("after").got
        found: list[ChangedDecision] = []
        for place, seen in enumerate(self._recording.interactions):
            old, new = before.get(place, NOBODY), after.get(place, NOBODY)
            if old.agent != new.agent:
                found.append(
                    ChangedDecision(
                        id=seen.id, type=seen.type, at=seen.queued, recorded=seen.agent, before=old, after=new
                    )
                )
        return tuple(found)

    def explain(self, id: str, side: Side = "after") -> Decision:
        """Why a piece of work of the recording went to whom it did on one side, in the first replication.

        Raises `UnknownId` for an id that is not in the recording, or that nobody was offered.
        """
        played = self._play(side)
        place = next((n for n, seen in enumerate(self._recording.interactions) if seen.id == id), None)
        item = None if place is None else played.items.get(place)
        if item is None:
            raise UnknownId("interaction", id)
        return decision_on(played.center, item)

    def center(self, side: Side) -> ContactCenter:
        """The center of one side after its first replication, with its whole log."""
        return self._play(side).center

    def _simulation(self, configuration: Configuration) -> Simulation:
        self._check(configuration)
        queues = {queue.id for queue in configuration.queues}
        measured = [one for one in self._recording.behaviours if one.queue is None or one.queue in queues]
        return Simulation(
            attrs.evolve(configuration, behaviours=[*configuration.behaviours, *measured]),
            Replayed(self._recording),
            start=self._recording.start,
            presences=(*self._absent(), *self._recording.presences),
            seed=self._seed,
        )

    def _absent(self) -> Presences:
        """Who was known when it happened, and never there."""
        recording, seen = self._recording, {agent for _, agent, _ in self._recording.presences}
        known = [agent.id for agent in recording.configuration.agents]
        return tuple((to_micros(recording.start), agent, Presence.OFFLINE) for agent in known if agent not in seen)

    def _check(self, configuration: Configuration) -> None:
        queues = {queue.id for queue in configuration.queues}
        intakes = {intake.id for intake in configuration.intakes}
        for arrival in self._recording.arrivals:
            for kind, name, known in (("queue", arrival.work.queue, queues), ("intake", arrival.intake, intakes)):
                if name is not None and name not in known:
                    hint = "work was sent to it, and it is not there"
                    raise InvalidInput(f"configuration.{kind}", "unknown", name, hint=hint)

    def _play(self, side: Side) -> _Played:
        """One side with its log, played when it is first asked for."""
        if side not in self._played:
            self._played[side] = _played(self._sides[side])
        return self._played[side]


@attrs.frozen
class _Played:
    center: ContactCenter
    items: dict[int, str]
    got: dict[int, Got]


class _Witness(Watch):
    """Notes who gets what."""

    def __init__(self) -> None:
        self.items: dict[int, str] = {}
        self.got: dict[int, Got] = {}

    def taken(self, case: Case, item: str) -> None:
        self.items[case.place] = item

    def answered(self, case: Case, at: Micros, agent: str) -> None:
        wait = timedelta(microseconds=at - case.at)
        self.got[case.place] = Got(item=self.items.get(case.place), agent=agent, wait=wait)


def _played(simulation: Simulation) -> _Played:
    clock, witness = ManualClock(simulation.start), _Witness()
    center = simulation.configuration.build(clock=clock, seed=simulation.seed)
    seed = f"{simulation.seed}/{DECISIONS}"
    player = Player(center, clock, Behaviours(simulation.configuration.behaviours), seed, watch=witness)
    player.customers.taken = witness.taken
    simulation.plan(player, center)
    start = clock.micros()
    end = to_micros(simulation.start + simulation.span())
    player.run(simulation.traffic.cases(seed, start), end, limit=end + micros(simulation.finish))
    return _Played(center, witness.items, witness.got)


def decision_on(center: ContactCenter, item: str) -> Decision:
    """The decision on an item: of the offer that was accepted, else of the last one, else as it waits now. Raises
    `UnknownId` for an item that the log does not have."""
    events = [record.event for record in center.events(tag=f"item:{item}")]
    if not events:
        raise UnknownId("item", item)
    accepted: Sequence[str] = [event.offer for event in events if isinstance(event, OfferAccepted)]
    made: Sequence[str] = [event.offer for event in events if isinstance(event, OfferMade)]
    for offers in (accepted[:1], made[-1:]):
        if offers:
            return center.insight.explain_offer(offers[0])
    return center.insight.explain(item)
