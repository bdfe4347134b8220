"""The player: what people will do, merged with what a real center does by itself."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from switchroom.durations import Micros
from switchroom.kernel.records import Record
from switchroom.routing.events import (
    AfterCallEnded,
    AssignmentReleased,
    ItemAssigned,
    ItemCompleted,
    ItemEnded,
    ItemQueued,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferRevoked,
    PresenceChanged,
)
from switchroom.routing.fields import micros
from switchroom.routing.model import Presence
from switchroom.simulation.attendance import Attendance
from switchroom.simulation.behaviours import Behaviours, Manner
from switchroom.simulation.case import Case, Watch
from switchroom.simulation.customers import Customers
from switchroom.simulation.hands import Hands
from switchroom.simulation.stage import Luck, Stage, nth

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.clock import ManualClock


class Player:
    """Plays customers and agents against a center. ``watch`` is told what happens."""

    def __init__(
        self,
        center: ContactCenter,
        clock: ManualClock,
        behaviours: Behaviours,
        seed: object,
        *,
        watch: Watch | None = None,
    ) -> None:
        self._stage = stage = Stage(center, clock, behaviours, Luck(seed), watch or Watch())
        self.plan = stage.plan
        self.attendance = Attendance(center, stage.plan)
        self.customers = Customers(stage, self._listen)
        self._hands = Hands(stage, self.attendance, self._listen)
        self.inbox: list[Record] = []
        self._offers: set[str] = set()
        self._missed: dict[str, Manner] = {}
        self._reactions: dict[type, Callable[[Micros, Any], None]] = {
            ItemQueued: self._queued,
            OfferAccepted: self._accepted,
            OfferDeclined: self._offer_over,
            OfferExpired: self._expired,
            OfferRevoked: self._offer_over,
            ItemAssigned: self._given,
            ItemCompleted: self._completed,
            AssignmentReleased: self._hands.over,
            AfterCallEnded: self._hands.wrapped_up,
            ItemEnded: self._ended,
            PresenceChanged: self._moved,
        }

    # -- running

    def run(self, cases: Iterable[Case], end: Micros, *, limit: Micros | None = None, hear: bool = True) -> None:
        """Play the cases, which come in order of time, until ``end``; with a ``limit`` go on, until then at the latest,
        as long as work is open. ``hear``: subscribe to the center, because its store does not fill the ``inbox``."""
        stop = self._stage.center.subscribe(self.inbox.append) if hear else None
        try:
            self._run(cases, end, end if limit is None else limit)
        finally:
            if stop is not None:
                stop()

    def _run(self, cases: Iterable[Case], end: Micros, limit: Micros) -> None:
        stage, inbox = self._stage, self.inbox
        clock, heap, arrive = stage.clock, stage.heap, self.customers.arrive
        deadlines = stage.center.look(lambda r, now: r.deadlines)
        coming = iter(cases)
        case = next(coming, None)
        while True:
            stop = limit if stage.cases or self.customers.retrying else end
            at = min(heap[0][0], stop) if heap else stop
            arrives = case is not None and case.at < at
            if case is not None and arrives:
                at = case.at
            # What people do at the very instant of a deadline comes after it, and at the very end not at all.
            if deadlines.earliest <= at and (due := deadlines.next()) is not None and due <= at:
                self._pass_time(due)
            elif at >= stop:
                self._pass_time(at)
                if at >= limit or not (stage.cases or self.customers.retrying):
                    return
            else:
                clock.move_to(at)
                if case is not None and arrives:
                    arrive(case)
                    case = next(coming, None)
                else:
                    _, _, do, args = heapq.heappop(heap)
                    do(*args)
                if inbox:
                    self._listen()

    def _pass_time(self, at: Micros) -> None:
        clock = self._stage.clock
        clock.move_to(max(at, clock.micros()))
        self._stage.center.run_due()
        self._listen()

    def _listen(self) -> None:
        """React to what the center has recorded; reacting only plans and sets presences, and may record more."""
        inbox, reactions = self.inbox, self._reactions
        while inbox:
            records, inbox[:] = inbox[:], []
            made: OfferMade | None = None
            for _, at, event, _ in records:
                kind = event.__class__
                # An offer that is accepted in the same breath waits for nobody.
                if made is not None and (kind is not OfferAccepted or event.offer != made.offer):
                    self._offered(at, made)
                made = event if kind is OfferMade else None
                react = reactions.get(kind)
                if react is not None:
                    react(at, event)
            if made is not None:
                self._offered(records[-1].at, made)

    # -- items

    def _case(self, item: str) -> Case:
        """The case of an item; of work that was there before, one without a type."""
        case = self._stage.cases.get(item)
        if case is None:
            record = self._stage.center.look(lambda r, now: r.item(item))
            case = self._stage.cases[item] = Case(record.entered_us, record.work, 0, "")
            case.queue = None if record.queue is None else record.queue.id
        return case

    def _queued(self, at: Micros, event: ItemQueued) -> None:
        case = self._stage.cases.get(event.item)
        if case is not None:
            case.queue = event.queue

    def _completed(self, at: Micros, event: ItemCompleted) -> None:
        self._stage.cases.pop(event.item, None)
        self._hands.over(at, event)

    def _ended(self, at: Micros, event: ItemEnded) -> None:
        case = self._stage.cases.pop(event.item, None)
        if case is None:
            return
        if case.agent is None:
            self._stage.watch.ended(case, at, event.state)
            if event.state == "abandoned":
                self.customers.try_again(case, at, case.queue)
        elif case.assignment is not None:
            self._hands.release(at, case.assignment, case.agent)

    # -- offers

    def _offered(self, at: Micros, event: OfferMade) -> None:
        case, luck = self._case(event.item), self._stage.luck
        manner = self._stage.behaviours.of(case.work.medium, case.queue, event.agent)
        case.attempts += 1
        self._offers.add(event.offer)
        place, attempt = case.place, nth(case, case.attempts)
        chance, delay = luck.offer.at(place, attempt), manner.answer(luck.answer.at(place, attempt))
        decline = manner.behaviour.decline
        if chance < decline:
            self.plan(at + delay, self._decline, event.offer)
        elif chance >= decline + manner.behaviour.miss:
            self.plan(at + delay, self._accept, event.offer)

    def _accept(self, offer: str) -> None:
        if offer in self._offers:
            self._stage.center.offers.accept(offer)

    def _decline(self, offer: str) -> None:
        if offer in self._offers:
            self._stage.center.offers.decline(offer, reason="busy elsewhere")

    def _offer_over(self, at: Micros, event: OfferDeclined | OfferRevoked) -> None:
        self._offers.discard(event.offer)

    def _expired(self, at: Micros, event: OfferExpired) -> None:
        self._offers.discard(event.offer)
        case = self._case(event.item)
        self._missed[event.agent] = self._stage.behaviours.of(case.work.medium, case.queue, event.agent)

    def _accepted(self, at: Micros, event: OfferAccepted) -> None:
        self._offers.discard(event.offer)
        self._hands.begin(at, event.offer, self._case(event.item), event.agent)

    def _given(self, at: Micros, event: ItemAssigned) -> None:
        self._hands.begin(at, event.assignment, self._case(event.item), event.agent)

    # -- presence

    def _moved(self, at: Micros, event: PresenceChanged) -> None:
        self._stage.watch.moved(at, event.agent, event.presence)
        if event.presence == Presence.NOT_RESPONDING:
            manner = self._missed.get(event.agent) or self._stage.behaviours.of("", None, event.agent)
            self.plan(at + max(micros(manner.behaviour.back_after), 1), self.attendance.come_back, event.agent)
