"""Playing a day: traffic, agents' shifts and their behaviour, against a real center on a manual clock."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from switchroom.clock import ManualClock
from switchroom.durations import Micros, from_micros, to_micros
from switchroom.errors import InvalidInput, Refused, SwitchroomError
from switchroom.kernel.records import Record
from switchroom.routing.events import (
    AfterCallEnded,
    AssignmentReleased,
    ItemAssigned,
    ItemCompleted,
    ItemEnded,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferRevoked,
    PresenceChanged,
)
from switchroom.routing.fields import micros
from switchroom.routing.model import Presence
from switchroom.simulation.behaviours import USUAL, Behaviour, Behaviours, Shift, around, spans
from switchroom.simulation.traffic import Arrival

if TYPE_CHECKING:
    from switchroom.center import ContactCenter

Progress: TypeAlias = Callable[[int, int, datetime], None]
"""Told (arrivals so far, arrivals in all, instant) now and then."""

PROGRESS_EVERY = 50
"""Arrivals between two tellings of progress: some fifty a day of the size of the demonstration."""


@attrs.frozen(kw_only=True)
class Turned:
    """Work that the center refused at arrival: its queue was full or closed, or its row asks for what is not there."""

    line: int
    at: datetime
    queue: str | None
    reason: str


@attrs.frozen(kw_only=True)
class Played:
    """What a simulation did that the log does not say: ``items`` maps the line of an arrival to its item."""

    items: dict[int, str]
    turned: tuple[Turned, ...]


def play(
    center: ContactCenter,
    arrivals: Sequence[Arrival],
    *,
    until: datetime,
    zone: str = "UTC",
    shifts: Iterable[Shift] = (),
    behaviours: Sequence[Behaviour] = (),
    seed: int = 0,
    progress: Progress | None = None,
) -> Played:
    """Play traffic and shifts from where the center's clock stands to ``until``; what happened is in its log.

    The center runs on a `ManualClock` and has the queues and agents already. The same center, arrivals, behaviours and
    seed give the same log. Raises `InvalidInput` for another clock or for arrivals before its time. About
    O(n log n) in arrivals and offers.
    """
    if not isinstance(center.clock, ManualClock):
        raise InvalidInput("clock", "not_manual", hint="a simulation needs a ManualClock")
    if arrivals and arrivals[0].at < center.now():
        raise InvalidInput("arrivals", "order", arrivals[0].at.isoformat(), hint="the first one lies before the start")
    player = _Player(center, center.clock, Behaviours(behaviours, seed), len(arrivals), progress)
    player.plan_shifts(shifts, zone, until)
    player.plan_arrivals(arrivals)
    stop = center.subscribe(player.inbox.append)
    try:
        player.run(to_micros(until))
    finally:
        stop()
    return Played(items=player.items, turned=tuple(player.turned))


class _Item:
    """What the player knows of an item that is under way."""

    __slots__ = ("arrival", "assignment", "transferred")

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.assignment: str | None = None
        self.transferred = False


class _Player:
    """A heap of what people will do, merged with what the center does by itself."""

    def __init__(
        self,
        center: ContactCenter,
        clock: ManualClock,
        behaviours: Behaviours,
        total: int,
        progress: Progress | None,
    ) -> None:
        self.inbox: list[Record] = []
        self.items: dict[int, str] = {}
        self.turned: list[Turned] = []
        self._center = center
        self._clock = clock
        self._behaviours = behaviours
        self._total = total
        self._progress = progress
        self._arrived = 0
        self._count = 0
        self._heap: list[tuple[Micros, int, Callable[..., None], tuple[Any, ...]]] = []
        self._known: dict[str, _Item] = {}
        self._unanswered: set[str] = set()
        self._offers: set[str] = set()
        self._assignments: dict[str, str] = {}
        self._wanted: dict[str, str] = {}
        self._missed: dict[str, Behaviour] = {}

    # -- planning

    def plan_arrivals(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            self._at(to_micros(arrival.at), self._arrive, arrival)

    def plan_shifts(self, shifts: Iterable[Shift], zone: str, until: datetime) -> None:
        """Each agent goes where the shifts say: on queue, on a break, offline."""
        now = self._center.now()
        by_agent: dict[str, list[tuple[Micros, Micros, str]]] = {}
        for shift in shifts:
            found = spans(shift, zone, now, until)
            for agent in shift.agents:
                by_agent.setdefault(agent, []).extend(found)
        for agent, there in sorted(by_agent.items()):
            edges = sorted({edge for opens, closes, _ in there for edge in (opens, closes)})
            last: str = Presence.OFFLINE
            for edge in edges:
                presence = _presence_at(there, edge)
                if presence != last:
                    self._at(edge, self._go, agent, presence)
                last = presence

    def _at(self, at: Micros, do: Callable[..., None], *args: object) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, do, args))

    # -- running

    def run(self, end: Micros) -> None:
        center, clock, heap = self._center, self._clock, self._heap
        while True:
            deadline = center.next_deadline()
            due = end if deadline is None else min(end, to_micros(deadline))
            if heap and heap[0][0] < due:
                at, _, do, args = heapq.heappop(heap)
                clock.set(from_micros(at))
                do(*args)
            else:
                # What people do at the very end is left out, as a deadline of that instant comes first anyway.
                clock.set(from_micros(max(due, clock.micros())))
                center.run_due()
                if due >= end:
                    break
            self._listen()

    def _listen(self) -> None:
        """React to what the center has recorded; reacting only plans and sets presences, and may record more."""
        while self.inbox:
            records, self.inbox[:] = list(self.inbox), []
            for record in records:
                react = _REACTIONS.get(record.event.__class__)
                if react is not None:
                    react(self, record.at, record.event)

    # -- customers

    def _arrive(self, arrival: Arrival) -> None:
        self._arrived += 1
        if self._progress is not None and (self._arrived % PROGRESS_EVERY == 0 or self._arrived == self._total):
            self._progress(self._arrived, self._total, arrival.at)
        try:
            item = self._center.work.submit(arrival.work, intake=arrival.intake)
        except SwitchroomError as refusal:
            queue = arrival.work.queue
            self.turned.append(Turned(line=arrival.line, at=arrival.at, queue=queue, reason=refusal.message))
            return
        self.items[arrival.line] = item
        self._known[item] = _Item(arrival)
        self._unanswered.add(item)
        patience = arrival.patience
        if patience is None:
            usual = self._behaviours.of(arrival.work.medium, self._center.work.get(item).queue).patience
            luck = self._behaviours.luck("patience", item)
            patience = None if usual is None else usual * luck.expovariate(1.0)
        if patience is not None:
            self._at(to_micros(arrival.at) + micros(patience), self._give_up, item)

    def _give_up(self, item: str) -> None:
        if item in self._unanswered:
            self._center.work.abandon(item, reason="out of patience")

    def ended(self, at: Micros, event: ItemEnded) -> None:
        self._unanswered.discard(event.item)
        known = self._known.pop(event.item, None)
        if known is not None and known.assignment is not None:
            self._assignments.pop(known.assignment, None)
        if event.agent is not None:
            self._settle_presence(event.agent)

    # -- offers

    def _behaviour(self, item: str, agent: str) -> Behaviour:
        known = self._known.get(item)
        medium = "workitem" if known is None else known.arrival.work.medium
        return self._behaviours.of(medium, self._center.work.get(item).queue, agent)

    def offered(self, at: Micros, event: OfferMade) -> None:
        self._offers.add(event.offer)
        behaviour = self._behaviour(event.item, event.agent)
        luck = self._behaviours.luck("offer", event.offer)
        chance, delay = luck.random(), around(behaviour.answer, behaviour.spread, luck)
        if chance < behaviour.decline:
            self._at(at + delay, self._decline, event.offer)
        elif chance >= behaviour.decline + behaviour.miss:
            self._at(at + delay, self._accept, event.offer)

    def _accept(self, offer: str) -> None:
        if offer in self._offers:
            self._center.offers.accept(offer)

    def _decline(self, offer: str) -> None:
        if offer in self._offers:
            self._center.offers.decline(offer, reason="busy elsewhere")

    def offer_over(self, at: Micros, event: OfferDeclined | OfferExpired | OfferRevoked) -> None:
        self._offers.discard(event.offer)
        if isinstance(event, OfferExpired):
            self._missed[event.agent] = self._behaviour(event.item, event.agent)

    def accepted(self, at: Micros, event: OfferAccepted) -> None:
        self._offers.discard(event.offer)
        self._begin(at, event.offer, event.item, event.agent)

    # -- work in hand

    def given(self, at: Micros, event: ItemAssigned) -> None:
        self._begin(at, event.assignment, event.item, event.agent)

    def _begin(self, at: Micros, assignment: str, item: str, agent: str) -> None:
        """The agent starts on the item; when it is done, or handed on, is drawn now."""
        self._assignments[assignment] = agent
        self._unanswered.discard(item)
        known = self._known.get(item)
        if known is not None:
            known.assignment = assignment
        behaviour = self._behaviour(item, agent)
        luck = self._behaviours.luck("work", assignment)
        hand_on = luck.random() < behaviour.transfer
        length = around(behaviour.handle, behaviour.spread, luck)
        if known is not None and known.arrival.handle is not None:
            length = micros(known.arrival.handle)
        if hand_on and known is not None and not known.transferred:
            known.transferred = True
            # Whom a customer needs instead turns out early.
            self._at(at + length // 4, self._hand_on, assignment, behaviour.transfer_to)
        else:
            self._at(at + length, self._finish, assignment)

    def _hand_on(self, assignment: str, queue: str) -> None:
        if assignment not in self._assignments:
            return
        try:
            self._center.assignments.transfer_to_queue(assignment, queue)
        except Refused:
            # The other queue is full or closed: the agent does it after all.
            self._finish(assignment)

    def _finish(self, assignment: str) -> None:
        if assignment in self._assignments:
            self._center.assignments.complete(assignment, code=self._code(assignment))

    def _code(self, assignment: str) -> str | None:
        queue = self._center.assignments.get(assignment).queue
        codes = () if queue is None else self._center.queues.settings(queue).wrap_up_codes
        return self._behaviours.luck("code", assignment).choice(codes) if codes else None

    def over(self, at: Micros, event: ItemCompleted | AssignmentReleased) -> None:
        if not event.wrapping:
            self._released(event.assignment, event.agent)
        else:
            self._wrap_up(at, event.assignment, event.item, event.agent)

    def _wrap_up(self, at: Micros, assignment: str, item: str, agent: str) -> None:
        queue = self._center.assignments.get(assignment).queue
        if queue is None or self._center.queues.settings(queue).after_call_work.mode == "timed":
            return
        behaviour = self._behaviour(item, agent)
        luck = self._behaviours.luck("wrap-up", assignment)
        self._at(at + around(behaviour.wrap_up, behaviour.spread, luck), self._end_wrap_up, assignment)

    def _end_wrap_up(self, assignment: str) -> None:
        if assignment in self._assignments:
            self._center.assignments.end_after_call_work(assignment)

    def wrapped_up(self, at: Micros, event: AfterCallEnded) -> None:
        self._released(event.assignment, event.agent)

    def _released(self, assignment: str, agent: str) -> None:
        self._assignments.pop(assignment, None)
        self._settle_presence(agent)

    # -- presence

    def _go(self, agent: str, presence: str) -> None:
        """Go where the shift says; work in hand is finished first."""
        self._wanted[agent] = presence
        if presence == Presence.ON_QUEUE or not self._center.agents.get(agent).assignments:
            self._center.agents.set_presence(agent, presence)
        else:
            self._center.agents.set_presence(agent, Presence.DRAINING)

    def _settle_presence(self, agent: str) -> None:
        wanted = self._wanted.get(agent)
        if wanted in (None, Presence.ON_QUEUE):
            return
        view = self._center.agents.get(agent)
        if not view.assignments and view.presence == Presence.DRAINING:
            self._center.agents.set_presence(agent, str(wanted))

    def moved(self, at: Micros, event: PresenceChanged) -> None:
        if event.presence == Presence.NOT_RESPONDING:
            behaviour = self._missed.get(event.agent, USUAL)
            self._at(at + max(micros(behaviour.back_after), 1), self._come_back, event.agent)

    def _come_back(self, agent: str) -> None:
        wanted = self._wanted.get(agent, Presence.ON_QUEUE)
        if self._center.agents.get(agent).presence == Presence.NOT_RESPONDING:
            self._go(agent, wanted)


def _presence_at(there: Iterable[tuple[Micros, Micros, str]], at: Micros) -> str:
    """On a break, if one of the spans says so; else on queue, if any covers the instant."""
    covering = [presence for opens, closes, presence in there if opens <= at < closes]
    pauses = sorted(presence for presence in covering if presence != Presence.ON_QUEUE)
    if pauses:
        return pauses[0]
    return Presence.ON_QUEUE if covering else Presence.OFFLINE


_REACTIONS: dict[type, Callable[[_Player, Micros, Any], None]] = {
    OfferMade: _Player.offered,
    OfferAccepted: _Player.accepted,
    OfferDeclined: _Player.offer_over,
    OfferExpired: _Player.offer_over,
    OfferRevoked: _Player.offer_over,
    ItemAssigned: _Player.given,
    ItemCompleted: _Player.over,
    AssignmentReleased: _Player.over,
    AfterCallEnded: _Player.wrapped_up,
    ItemEnded: _Player.ended,
    PresenceChanged: _Player.moved,
}
