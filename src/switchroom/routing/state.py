"""The state of routing: every record, and what each event does to them. ``apply`` decides nothing.

The appliers live beside the nouns they change: ``apply_setup`` (queues, agents, presence), ``apply_items``,
``apply_offers`` (offers and assignments).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from switchroom.errors import AssignmentGone, OfferGone, UnknownId
from switchroom.kernel.answers import canonical
from switchroom.kernel.deadlines import Deadlines
from switchroom.kernel.transaction import Transaction
from switchroom.routing import phases
from switchroom.routing.escalations_due import next_escalation
from switchroom.routing.floor import Floor
from switchroom.routing.functions import Functions
from switchroom.routing.intake_model import Intake
from switchroom.routing.lifecycle import FINAL, IN_HAND, IN_QUEUE
from switchroom.routing.model import Team
from switchroom.routing.records import TOKEN, AgentRecord, AssignmentRecord, ItemRecord, OfferRecord, QueueRecord

RETENTION_US = 3_600_000_000
"""Ended items stay in memory for an hour, so that a late answer gets the precise refusal."""

EVICTION_US = RETENTION_US + 60_000_000
"""They leave by the minute, and not one by one: each time looks at all work in hand."""

ARRIVAL_GAP = 1 << 20
"""Between two arrivals, so that a requested position finds room between its neighbours twenty times over."""


FIRST_ARRIVAL = 1 << 48
"""Where arrivals begin: below it there is room for wishes to stand at the front, a hundred million of them in a row,
and above it for as many arrivals as will ever come."""


class Target(Protocol):
    """Something outside routing that takes items: a workbin, a flow. Registered by the vertical that brings it."""

    def check(self, name: str, item: ItemRecord) -> None:
        """Refuse (with one of the library's errors) if there is no such target or it cannot take the item."""
        ...

    def receive(self, tx: Transaction, name: str, item: ItemRecord) -> None:
        """Take the item, which is parked already."""
        ...


class Routing:
    """All the tables. Only appliers write to them."""

    def __init__(
        self,
        deadlines: Deadlines,
        functions: Functions | None = None,
        targets: dict[str, Target] | None = None,
        unsettled: dict[object, None] | None = None,
    ) -> None:
        self.deadlines = deadlines
        self.functions = functions or Functions()
        self.items: dict[str, ItemRecord] = {}
        self.agents: dict[str, AgentRecord] = {}
        self.queues: dict[str, QueueRecord] = {}
        self.offers: dict[str, OfferRecord] = {}
        self.assignments: dict[str, AssignmentRecord] = {}
        self.teams: dict[str, Team] = {}
        self.intakes: dict[str, Intake] = {}
        self.announce: Callable[[], None] | None = None
        """Called with the first queue that announces anything at entry; from then on entries are listened to."""
        self.quiet: dict[str, QueueRecord] = {}
        self.unrouted: dict[str, ItemRecord] = {}
        self.ended: deque[tuple[int, str]] = deque()
        self.families: dict[str, int] = {}
        self.leaving: dict[str, int] = {}
        self.arrivals = FIRST_ARRIVAL
        self.day = ""
        self.batch: list[str] | None = None
        self.targets: dict[str, Target] = {} if targets is None else targets
        self.own_targets: dict[str, Target] = {}
        """Targets that the library's own parts bring; one of the embedder's of the same kind goes before it."""
        self.completing: Callable[[ItemRecord, str | None, bool], None] = _allow
        """Asked before work is completed, with the wrap-up code and whether that is final: may refuse."""
        self.floor = Floor(self.items, self.agents, {} if unsettled is None else unsettled)

    # -- finding things: what is no id at all (and cannot even be looked up) is as unknown as an id that nobody has

    def item(self, id: str) -> ItemRecord:
        try:
            return self.items[id]
        except (KeyError, TypeError):
            raise UnknownId("item", id) from None

    def agent(self, id: str) -> AgentRecord:
        try:
            return self.agents[id]
        except (KeyError, TypeError):
            raise UnknownId("agent", id) from None

    def queue(self, id: str) -> QueueRecord:
        try:
            return self.queues[id]
        except (KeyError, TypeError):
            raise UnknownId("queue", id) from None

    def offer(self, id: str) -> OfferRecord:
        """An offer that is out; an ended one is refused with how it ended."""
        try:
            return self.offers[id]
        except (KeyError, TypeError):
            outcome = "accepted" if str(id) in self.assignments else self._past(id)
            if outcome is None:
                raise UnknownId("offer", id) from None
            raise OfferGone(id, outcome) from None

    def assignment(self, id: str) -> AssignmentRecord:
        """Work in hand; an ended assignment is refused with how it ended."""
        try:
            return self.assignments[id]
        except (KeyError, TypeError):
            outcome = self._past(id)
            if outcome is None or str(id) in self.offers:
                raise UnknownId("assignment", id) from None
            raise AssignmentGone(id, outcome) from None

    def _past(self, token: str) -> str | None:
        item = self.items.get(str(token).partition(TOKEN)[0])
        return None if item is None else dict(item.past).get(token)

    # -- shared by the appliers

    def review(self, item: ItemRecord, at: int) -> None:
        """Set the next instant at which time alone changes something for an item in a queue."""
        queue = item.queue
        if queue is None or item.state not in IN_QUEUE or not phases.is_timed(item, queue):
            return
        due = self._next_instant(item, queue, at)
        item.watched = due is not None
        if due is None:
            self.deadlines.cancel(("item", item.id))
        else:
            self.deadlines.set(("item", item.id), due)

    def _next_instant(self, item: ItemRecord, queue: QueueRecord, at: int) -> int | None:
        """The first instant to come. Rules and limits that new settings have put into the past come an instant from
        now."""
        found: list[int] = []
        boundary = phases.next_boundary(item, queue, at)
        if boundary is not None:
            found.append(boundary)
        if item.declined:
            found.extend(t for t in item.declined.values() if t is not None and t > at)
        if not item.direct:
            self._limits(item, queue, at, found)
        return min(found, default=None)

    def _limits(self, item: ItemRecord, queue: QueueRecord, at: int, found: list[int]) -> None:
        escalation = next_escalation(item, queue)
        if escalation is not None:
            found.append(max(escalation, at + 1))
        limit = self.wait_limit(item, queue)
        waits_for_offer = queue.spec.finish_offers and bool(item.offers)
        if limit is not None and (limit > at or not waits_for_offer):
            found.append(max(limit, at + 1))

    def wait_limit(self, item: ItemRecord, queue: QueueRecord) -> int | None:
        """The instant at which the item has waited as long as it may, or None."""
        own = None if item.course is None else item.course.max_wait_us
        limit = queue.max_wait_us if own is None else own
        return None if limit is None else item.joined_us + limit

    def end_token(self, item: ItemRecord, token: str, outcome: str) -> None:
        """Remember how an offer or assignment ended, for late answers."""
        item.past = (*item.past, (token, outcome))

    # -- checking

    def dump(self) -> dict[str, Any]:
        """The whole state as plain data, in a fixed order: what replay must reproduce."""
        return {
            "items": {i.id: dump_item(i) for i in sorted(self.items.values(), key=lambda i: i.id)},
            "agents": {a.id: dump_agent(a) for a in sorted(self.agents.values(), key=lambda a: a.id)},
            "queues": {q.id: dump_queue(q) for q in sorted(self.queues.values(), key=lambda q: q.id)},
            "offers": sorted(self.offers),
            "assignments": {a.id: dump_assignment(a) for a in sorted(self.assignments.values(), key=lambda a: a.id)},
            "unrouted": sorted(self.unrouted),
            "ended": list(self.ended),
            "leaving": dict(sorted(self.leaving.items())),
            "arrivals": self.arrivals,
            "day": self.day,
            "deadlines": list(self.deadlines),
        }


def dump_item(i: ItemRecord) -> list[Any]:
    past = sorted(i.past)
    declined = sorted((i.declined or {}).items())
    requirement = None if i.requirement is None else str(i.requirement)
    return [
        [i.state, i.priority, requirement, canonical(i.attributes), i.due_us, i.target],
        [i.queue and i.queue.id, i.entered_us, i.joined_us, i.submitted_us, i.waited_us, i.arrival, i.tier, i.score],
        [i.expedited, i.stay, list(i.phase), i.unstepped, i.attempt, i.version],
        [[o.id for o in i.offers], i.assignment and i.assignment.id, past, declined, sorted(i.expired), i.failed],
        [
            sorted(i.fired),
            sorted((i.postponed or {}).items()),
            i.retrying,
            i.paused,
            i.direct,
            i.schedule,
            i.demand is not None,
            i.intake,
        ],
    ]


def dump_agent(a: AgentRecord) -> list[Any]:
    return [
        [a.presence, a.since_us, a.gone_us, a.sequence, a.lease_us, a.handled_today, a.misses],
        [
            list(a.offers),
            list(a.assignments),
            a.room.used,
            sorted(a.room.count.items()),
            sorted(a.room.label_count.items()),
            sorted(a.declined),
        ],
        [sorted(a.last_offered.items()), a.seat and a.seat.mask, a.seat and repr(a.stamps), canonical(a.spec)],
    ]


def dump_queue(q: QueueRecord) -> list[Any]:
    seen = [list(q.recent), list(q.handled), list(q.answered)]
    return [q.open, sorted(q.items), sorted(q.members), q.offers_made, *seen, sorted(q.quiet), canonical(q.spec)]


def dump_assignment(a: AssignmentRecord) -> list[Any]:
    return [a.item.id, a.agent.id, a.queue and a.queue.id, a.at_us, a.units, a.share, a.wrapping, a.code, a.limit_us]


def _allow(item: ItemRecord, code: str | None, final: bool) -> None:
    """Nobody has a say."""


def is_final(item: ItemRecord) -> bool:
    return item.state in FINAL


def is_in_hand(item: ItemRecord) -> bool:
    return item.state in IN_HAND
