"""A recording out of the log of a center: its records say everything that is needed to play it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import attrs

from switchroom.durations import Micros, from_micros
from switchroom.kernel.records import Record
from switchroom.routing.events import (
    AfterCallEnded,
    AgentRemoved,
    AgentSaved,
    AssignmentReleased,
    IntakeSaved,
    ItemAssigned,
    ItemCompleted,
    ItemEnded,
    ItemQueued,
    ItemSubmitted,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    PresenceChanged,
    QueueRemoved,
    QueueSaved,
    TeamSaved,
)
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Agent, Presence, Team, WorkItem
from switchroom.routing.queue_model import Queue
from switchroom.simulation.behaviours import Behaviour
from switchroom.simulation.interactions import ABANDONED, ANSWERED, OTHER, Interaction
from switchroom.simulation.recording import Presences, Recording
from switchroom.simulation.times import Times
from switchroom.simulation.traffic import Arrival


def of_log(records: Iterable[Record], *, zone: str = "UTC") -> Recording:
    """The recording in a log, from its beginning. The settings are those at its end; work that was handed on is one
    piece, handled by who answered first for as long as all took together. Linear, but for a sort."""
    seen = _Seen()
    takers = seen.takers()
    for record in records:
        take = takers.get(record.event.__class__)
        if take is not None:
            take(record.at, record.event)
    return seen.recording(zone)


@attrs.define
class _Item:
    work: WorkItem
    intake: str | None
    at: Micros
    type: str = ""
    left: Micros | None = None
    agent: str | None = None
    outcome: str = OTHER
    handled: Micros = 0
    ended: Micros | None = None


class _Seen:
    """What the records have said so far."""

    def __init__(self) -> None:
        self.queues: dict[str, Queue] = {}
        self.agents: dict[str, Agent] = {}
        self.teams: dict[str, Team] = {}
        self.intakes: dict[str, Intake] = {}
        self.items: dict[str, _Item] = {}
        self.begun: dict[str, tuple[str, Micros]] = {}
        self.made: dict[str, Micros] = {}
        self.moves: list[tuple[Micros, str, str]] = []
        self.answers: list[Micros] = []
        self.wraps: list[Micros] = []
        self.completed: dict[str, Micros] = {}
        self.declined = self.missed = 0
        self.last: Micros = 0

    def takers(self) -> dict[type, Callable[[Micros, Any], object]]:
        return {
            QueueSaved: lambda at, e: self.queues.update({e.queue: e.spec}),
            QueueRemoved: lambda at, e: self.queues.pop(e.queue, None),
            AgentSaved: lambda at, e: self.agents.update({e.agent: e.spec}),
            AgentRemoved: lambda at, e: self.agents.pop(e.agent, None),
            TeamSaved: lambda at, e: self.teams.update({e.team: e.spec}),
            IntakeSaved: lambda at, e: self.intakes.update({e.intake: e.spec}),
            ItemSubmitted: self.submitted,
            ItemQueued: self.queued,
            OfferMade: lambda at, e: self.made.update({e.offer: at}),
            OfferAccepted: self.accepted,
            OfferDeclined: self.not_taken,
            OfferExpired: self.not_taken,
            ItemAssigned: lambda at, e: self.begin(at, e.assignment, e.item, e.agent),
            ItemCompleted: self.over,
            AssignmentReleased: self.over,
            AfterCallEnded: self.wrapped,
            ItemEnded: self.ended,
            PresenceChanged: self.moved,
        }

    def submitted(self, at: Micros, event: ItemSubmitted) -> None:
        self.items[event.item] = _Item(event.work, event.intake, at)

    def queued(self, at: Micros, event: ItemQueued) -> None:
        item = self.items.get(event.item)
        if item is not None and not item.type:
            item.type = event.queue

    def accepted(self, at: Micros, event: OfferAccepted) -> None:
        self.answers.append(at - self.made.pop(event.offer, at))
        self.begin(at, event.offer, event.item, event.agent)

    def not_taken(self, at: Micros, event: OfferDeclined | OfferExpired) -> None:
        self.made.pop(event.offer, None)
        self.declined += isinstance(event, OfferDeclined)
        self.missed += isinstance(event, OfferExpired)

    def begin(self, at: Micros, assignment: str, id: str, agent: str) -> None:
        item = self.items.get(id)
        if item is None:
            return
        self.begun[assignment] = (id, at)
        if item.left is None:
            item.left, item.agent, item.outcome = at, agent, ANSWERED

    def over(self, at: Micros, event: ItemCompleted | AssignmentReleased) -> None:
        id, begun = self.begun.pop(event.assignment, (event.item, at))
        item = self.items.get(id)
        if item is not None:
            item.handled += at - begun
            item.ended = at
        if event.wrapping:
            self.completed[event.assignment] = at

    def wrapped(self, at: Micros, event: AfterCallEnded) -> None:
        begun = self.completed.pop(event.assignment, None)
        if begun is not None and event.cause == "agent":
            self.wraps.append(at - begun)

    def ended(self, at: Micros, event: ItemEnded) -> None:
        item = self.items.get(event.item)
        if item is not None and item.left is None:
            item.left = at
            item.outcome = ABANDONED if event.state == "abandoned" else OTHER

    def moved(self, at: Micros, event: PresenceChanged) -> None:
        # Who does not respond, and for how long, is drawn anew.
        if event.presence not in (Presence.NOT_RESPONDING, Presence.RESTING):
            self.moves.append((at, event.agent, event.presence))

    # -- the end

    def recording(self, zone: str) -> Recording:
        from switchroom.config.model import Configuration

        done = sorted(((id, item) for id, item in self.items.items() if item.left is not None), key=_entry)
        return Recording(
            configuration=Configuration(
                queues=list(self.queues.values()),
                agents=list(self.agents.values()),
                teams=list(self.teams.values()),
                intakes=list(self.intakes.values()),
                zone=zone,
            ),
            arrivals=tuple(_arrival(item, n) for n, (_, item) in enumerate(done)),
            interactions=tuple(_interaction(id, item, n) for n, (id, item) in enumerate(done)),
            presences=_planned(self.moves),
            behaviours=tuple(self._behaviours(item for _, item in done)),
        )

    def _behaviours(self, items: Iterable[_Item]) -> Iterator[Behaviour]:
        handles: defaultdict[str, list[timedelta]] = defaultdict(list)
        for item in items:
            if item.handled:
                handles[item.type].append(timedelta(microseconds=item.handled))
        offers = len(self.answers) + self.declined + self.missed or 1
        common: dict[str, Any] = {
            "answer": _times(self.answers),
            "wrap_up": _times(self.wraps),
            "decline": self.declined / offers,
            "miss": self.missed / offers,
        }
        for type in sorted(handles):
            yield Behaviour(queue=type, handle=Times(values=handles[type]), **common)
        yield Behaviour(**common)


def _entry(pair: tuple[str, _Item]) -> tuple[Micros, str]:
    return pair[1].at, pair[0]


def _times(seen: list[Micros]) -> Times:
    return Times(values=[timedelta(microseconds=one) for one in seen]) if seen else Times(0)


def _arrival(item: _Item, line: int) -> Arrival:
    assert item.left is not None
    answered = item.outcome == ANSWERED and item.handled
    return Arrival(
        at=from_micros(item.at),
        work=attrs.evolve(item.work, id=None),
        intake=item.intake,
        handle=timedelta(microseconds=item.handled) if answered else None,
        patience=timedelta(microseconds=item.left - item.at) if item.outcome == ABANDONED else None,
        line=line,
    )


def _interaction(id: str, item: _Item, line: int) -> Interaction:
    assert item.left is not None
    ended = item.ended if item.ended is not None else item.left
    return Interaction(
        id=id,
        type=item.type or item.work.queue or "unrouted",
        queued=from_micros(item.at),
        left=from_micros(item.left),
        outcome=item.outcome,
        agent=item.agent,
        ended=from_micros(max(ended, item.left)) if item.outcome == ANSWERED else None,
        priority=item.work.priority,
        medium=item.work.medium,
        line=line,
    )


def _planned(moves: list[tuple[Micros, str, str]]) -> Presences:
    """Presences as they were wanted: who is draining wants to go where he or she goes next."""
    found: list[tuple[Micros, str, str]] = []
    following: dict[str, str] = {}
    for at, agent, presence in reversed(moves):
        wanted = following.get(agent, Presence.OFFLINE) if presence == Presence.DRAINING else presence
        following[agent] = wanted
        found.append((at, agent, str(wanted)))
    return tuple(reversed(found))
