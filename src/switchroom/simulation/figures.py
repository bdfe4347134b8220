"""The figures of queues and agents, folded from the events of a log.

A *stay* is the time of one item in one queue, from entry until it is answered, ends, or goes elsewhere. Waits are those
of stays: an item that moves counts in both queues, and each time from its entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import attrs

from switchroom.durations import Micros
from switchroom.kernel.records import Record
from switchroom.routing.events import (
    AfterCallEnded,
    AgentSaved,
    AlertRaised,
    AssignmentReleased,
    EscalationFired,
    ItemAssigned,
    ItemCompleted,
    ItemEnded,
    ItemParked,
    ItemQueued,
    ItemRelaxed,
    ItemScheduled,
    ItemSubmitted,
    ItemUnrouted,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    PresenceChanged,
    QueueSaved,
)
from switchroom.routing.fields import micros
from switchroom.routing.model import Presence
from switchroom.routing.queue_model import ServiceLevel
from switchroom.routing.records import TOKEN

STAFFED = (Presence.ON_QUEUE, Presence.DRAINING)
"""Presences in which an agent is paid to be there for work; in any other, time with work in hand counts, too."""


@attrs.frozen(kw_only=True)
class QueueFigures:
    """One queue. ``entered`` stays are ``answered``, ``abandoned``, ``timed_out``, ``cancelled``, ``moved`` elsewhere,
    or still ``waiting`` at the end. Waits are of answered stays, ``max_wait`` of all. ``service_level``: the share of
    those answered, abandoned or timed out that were answered within the target; None without a target or any."""

    queue: str
    entered: int
    answered: int
    abandoned: int
    timed_out: int
    cancelled: int
    moved: int
    waiting: int
    mean_wait: timedelta | None
    max_wait: timedelta | None
    target: ServiceLevel | None
    service_level: float | None


@attrs.frozen(kw_only=True)
class AgentFigures:
    """One agent. ``offered`` = accepted + declined + missed + revoked. ``handled``: work completed. ``busy``: time with
    work in hand, after-call work included; ``staffed``: time on queue or draining, or with work in hand.
    ``occupancy``: busy / staffed. ``mean_handle``: of an assignment, from acceptance to its end, after-call work
    included."""

    agent: str
    offered: int
    accepted: int
    declined: int
    missed: int
    handled: int
    staffed: timedelta
    busy: timedelta
    occupancy: float | None
    mean_handle: timedelta | None


@attrs.frozen(kw_only=True)
class Figures:
    """All figures of a log up to an instant."""

    queues: tuple[QueueFigures, ...]
    agents: tuple[AgentFigures, ...]
    events: int
    submitted: int
    offers: int
    overflowed: int
    transferred: int
    relaxed: int
    escalated: int
    alerts: int
    unrouted: int


def figures(records: Iterable[Record], *, until: Micros) -> Figures:
    """Fold the records of a log up to an instant (microseconds since 1970); linear."""
    fold = _Fold()
    for record in records:
        fold.events += 1
        take = _TAKERS.get(record.event.__class__)
        if take is not None:
            take(fold, record.at, record.event)
    return fold.result(until)


class _QueueSums:
    __slots__ = ("answered", "entered", "longest", "moved", "outcomes", "target", "total_wait", "within")

    def __init__(self) -> None:
        self.target: ServiceLevel | None = None
        self.entered = self.answered = self.moved = self.within = 0
        self.outcomes: dict[str, int] = {}
        self.total_wait = 0
        self.longest = -1


class _AgentSums:
    __slots__ = (
        "accepted",
        "busy",
        "declined",
        "ended",
        "handled",
        "handling",
        "held",
        "missed",
        "offered",
        "presence",
        "since",
        "staffed",
    )

    def __init__(self) -> None:
        self.offered = self.accepted = self.declined = self.missed = self.handled = 0
        self.staffed = self.busy = self.since = 0
        self.handling = self.ended = 0
        self.presence: str = Presence.OFFLINE
        self.held: dict[str, Micros] = {}

    def pass_time(self, now: Micros) -> None:
        """Count the time since the last change."""
        if self.held:
            self.busy += now - self.since
        if self.held or self.presence in STAFFED:
            self.staffed += now - self.since
        self.since = now

    def release(self, now: Micros, assignment: str) -> None:
        begun = self.held.get(assignment)
        if begun is not None:
            self.pass_time(now)
            del self.held[assignment]
            self.handling += now - begun
            self.ended += 1


class _Fold:
    """The sums so far, and the stays under way."""

    def __init__(self) -> None:
        self.events = self.submitted = self.offers = self.overflowed = 0
        self.transferred = self.relaxed = self.escalated = self.alerts = self.unrouted = 0
        self.queues: dict[str, _QueueSums] = {}
        self.agents: dict[str, _AgentSums] = {}
        self.stays: dict[str, tuple[str, Micros]] = {}
        self.asked: dict[str, str | None] = {}

    def agent(self, id: str) -> _AgentSums:
        return self.agents.setdefault(id, _AgentSums())

    def queue(self, id: str) -> _QueueSums:
        return self.queues.setdefault(id, _QueueSums())

    def leave(self, item: str, now: Micros) -> tuple[_QueueSums, Micros] | None:
        """End the stay that an item is in, if any; its queue and how long it was."""
        stay = self.stays.pop(item, None)
        if stay is None:
            return None
        sums, wait = self.queue(stay[0]), now - stay[1]
        sums.longest = max(sums.longest, wait)
        return sums, wait

    # -- settings

    def queue_saved(self, at: Micros, event: QueueSaved) -> None:
        self.queue(event.queue).target = event.spec.service_level

    def agent_saved(self, at: Micros, event: AgentSaved) -> None:
        self.agent(event.agent)

    # -- items

    def item_submitted(self, at: Micros, event: ItemSubmitted) -> None:
        self.submitted += 1
        self.asked[event.item] = event.work.queue

    def item_queued(self, at: Micros, event: ItemQueued) -> None:
        left = self.leave(event.item, at)
        if left is not None:
            left[0].moved += 1
        asked = self.asked.pop(event.item, None)
        self.overflowed += event.cause == "submitted" and asked not in (None, event.queue)
        self.transferred += event.cause == "transferred"
        self.queue(event.queue).entered += 1
        self.stays[event.item] = (event.queue, at)

    def item_answered(self, at: Micros, event: OfferAccepted | ItemAssigned) -> None:
        left = self.leave(event.item, at)
        if left is not None:
            sums, wait = left
            sums.answered += 1
            sums.total_wait += wait
            sums.within += sums.target is not None and wait <= micros(sums.target.within)
        assignment = event.offer if isinstance(event, OfferAccepted) else event.assignment
        agent = self.agent(event.agent)
        agent.pass_time(at)
        agent.held[assignment] = at
        agent.accepted += isinstance(event, OfferAccepted)

    def item_ended(self, at: Micros, event: ItemEnded) -> None:
        left = self.leave(event.item, at)
        if left is not None:
            outcomes = left[0].outcomes
            outcomes[event.state] = outcomes.get(event.state, 0) + 1
        if event.agent is not None:
            agent = self.agent(event.agent)
            for assignment in [a for a in agent.held if a.partition(TOKEN)[0] == event.item]:
                agent.release(at, assignment)

    def item_left(self, at: Micros, event: ItemParked | ItemScheduled | ItemUnrouted) -> None:
        left = self.leave(event.item, at)
        if left is not None:
            left[0].moved += 1
        self.unrouted += isinstance(event, ItemUnrouted)

    def item_relaxed(self, at: Micros, event: ItemRelaxed) -> None:
        self.relaxed += 1

    def escalation_fired(self, at: Micros, event: EscalationFired) -> None:
        self.escalated += bool(event.actions)

    def alert_raised(self, at: Micros, event: AlertRaised) -> None:
        self.alerts += 1

    # -- agents

    def offer_made(self, at: Micros, event: OfferMade) -> None:
        self.offers += 1
        self.agent(event.agent).offered += 1

    def offer_declined(self, at: Micros, event: OfferDeclined) -> None:
        self.agent(event.agent).declined += 1

    def offer_expired(self, at: Micros, event: OfferExpired) -> None:
        self.agent(event.agent).missed += 1

    def work_done(self, at: Micros, event: ItemCompleted | AssignmentReleased | AfterCallEnded) -> None:
        agent = self.agent(event.agent)
        agent.handled += isinstance(event, ItemCompleted)
        if isinstance(event, AfterCallEnded) or not event.wrapping:
            agent.release(at, event.assignment)

    def presence_changed(self, at: Micros, event: PresenceChanged) -> None:
        agent = self.agent(event.agent)
        agent.pass_time(at)
        agent.presence = event.presence

    # -- the end

    def result(self, until: Micros) -> Figures:
        waiting: dict[str, int] = {}
        for queue, entered in self.stays.values():
            waiting[queue] = waiting.get(queue, 0) + 1
            sums = self.queue(queue)
            sums.longest = max(sums.longest, until - entered)
        for agent in self.agents.values():
            agent.pass_time(until)
        return Figures(
            queues=tuple(_queue_figures(id, self.queues[id], waiting.get(id, 0)) for id in sorted(self.queues)),
            agents=tuple(_agent_figures(id, self.agents[id]) for id in sorted(self.agents)),
            events=self.events,
            submitted=self.submitted,
            offers=self.offers,
            overflowed=self.overflowed,
            transferred=self.transferred,
            relaxed=self.relaxed,
            escalated=self.escalated,
            alerts=self.alerts,
            unrouted=self.unrouted,
        )


def _queue_figures(id: str, sums: _QueueSums, waiting: int) -> QueueFigures:
    abandoned, timed_out = sums.outcomes.get("abandoned", 0), sums.outcomes.get("timed_out", 0)
    counted = sums.answered + abandoned + timed_out
    return QueueFigures(
        queue=id,
        entered=sums.entered,
        answered=sums.answered,
        abandoned=abandoned,
        timed_out=timed_out,
        cancelled=sums.outcomes.get("cancelled", 0),
        moved=sums.moved,
        waiting=waiting,
        mean_wait=timedelta(microseconds=sums.total_wait // sums.answered) if sums.answered else None,
        max_wait=timedelta(microseconds=sums.longest) if sums.longest >= 0 else None,
        target=sums.target,
        service_level=sums.within / counted if counted and sums.target is not None else None,
    )


def _agent_figures(id: str, sums: _AgentSums) -> AgentFigures:
    return AgentFigures(
        agent=id,
        offered=sums.offered,
        accepted=sums.accepted,
        declined=sums.declined,
        missed=sums.missed,
        handled=sums.handled,
        staffed=timedelta(microseconds=sums.staffed),
        busy=timedelta(microseconds=sums.busy),
        occupancy=sums.busy / sums.staffed if sums.staffed else None,
        mean_handle=timedelta(microseconds=sums.handling // sums.ended) if sums.ended else None,
    )


_TAKERS: dict[type, Callable[[_Fold, Micros, Any], None]] = {
    QueueSaved: _Fold.queue_saved,
    AgentSaved: _Fold.agent_saved,
    ItemSubmitted: _Fold.item_submitted,
    ItemQueued: _Fold.item_queued,
    ItemEnded: _Fold.item_ended,
    ItemParked: _Fold.item_left,
    ItemScheduled: _Fold.item_left,
    ItemUnrouted: _Fold.item_left,
    ItemRelaxed: _Fold.item_relaxed,
    ItemAssigned: _Fold.item_answered,
    ItemCompleted: _Fold.work_done,
    OfferMade: _Fold.offer_made,
    OfferAccepted: _Fold.item_answered,
    OfferDeclined: _Fold.offer_declined,
    OfferExpired: _Fold.offer_expired,
    AssignmentReleased: _Fold.work_done,
    AfterCallEnded: _Fold.work_done,
    EscalationFired: _Fold.escalation_fired,
    AlertRaised: _Fold.alert_raised,
    PresenceChanged: _Fold.presence_changed,
}
