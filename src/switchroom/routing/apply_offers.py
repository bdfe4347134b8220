"""What the events of offers and assignments do to the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.routing.apply_items import finish, leave_place
from switchroom.routing.events import (
    AfterCallEnded,
    AssignmentReleased,
    HoldChanged,
    ItemAssigned,
    ItemCompleted,
    ItemPaused,
    ItemRequeued,
    LeavePending,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferRevoked,
    RetryScheduled,
    TransferEnded,
    TriesForgotten,
)
from switchroom.routing.lifecycle import ASSIGNED, COMPLETED, FINAL, IN_QUEUE, OFFERED, WAITING, WRAPPING
from switchroom.routing.records import NONE, AssignmentRecord, ItemRecord, OfferRecord
from switchroom.routing.state import Routing


def offer_made(r: Routing, e: OfferMade, at: int) -> None:
    item = r.items[e.item]
    agent = r.agents[e.agent]
    work = item.work
    units = agent.room.take(work.medium, work.cost, work.labels)
    offer = OfferRecord(e.offer, item, agent, at, e.expires_us, units, e.transfer, e.sender)
    r.offers[e.offer] = agent.offers[e.offer] = offer
    item.offers = (*item.offers, offer)
    item.attempt += 1
    queue = item.queue
    if queue is not None and queue.in_turn:
        queue.offers_made += 1
        agent.last_offered[queue.id] = queue.offers_made
    if e.expires_us is not None:
        r.deadlines.set(("offer", e.offer), e.expires_us)
    if e.transfer is None:
        item.state = OFFERED
        if queue is None or len(item.offers) >= queue.spec.offers_per_item:
            r.floor.lift(item)
        else:
            r.floor.place(item)
    elif e.transfer != "consult":
        item.direct = True
        item.state = OFFERED
        if queue is not None:
            queue.items[item.id] = item
    r.floor.seat(agent)


def _end_offer(r: Routing, offer: OfferRecord, outcome: str) -> None:
    """The offer is out no more; its room is still held."""
    item = offer.item
    del r.offers[offer.id]
    del offer.agent.offers[offer.id]
    item.offers = () if len(item.offers) == 1 else tuple(o for o in item.offers if o is not offer)
    if offer.expires_us is not None:
        r.deadlines.cancel(("offer", offer.id))
    if outcome != "accepted":
        r.end_token(item, offer.id, outcome)


def _fail_offer(r: Routing, offer: OfferRecord, outcome: str) -> None:
    """The offer ended without success: room is free again, the item may be topped up."""
    item, agent = offer.item, offer.agent
    _end_offer(r, offer, outcome)
    agent.room.remove(item.work.medium, offer.units, item.work.labels)
    if offer.transfer == "consult":
        r.floor.seat(agent)
        return
    if not item.offers and item.state == OFFERED:
        item.state = WAITING
        item.direct = False
    r.floor.place(item)
    r.floor.seat(agent)


def offer_accepted(r: Routing, e: OfferAccepted, at: int) -> None:
    offer = r.offers[e.offer]
    item, agent = offer.item, offer.agent
    _end_offer(r, offer, "accepted")
    if agent.misses:
        agent.misses = 0
    if item.state == OFFERED:
        leave_place(r, item)
        item.waited_us += at - (offer.made_us if item.direct else item.joined_us)
    item.direct = False
    _assign(r, item, AssignmentRecord(e.offer, item, agent, at, offer.units), at)
    queue = item.queue
    if queue is not None:
        queue.recent.append(at)
        queue.answered.append(at - offer.made_us)
    if agent.seat is not None or agent.spec.max_offers is not None:
        r.floor.seat(agent)


def _assign(r: Routing, item: ItemRecord, assignment: AssignmentRecord, at: int) -> None:
    agent = assignment.agent
    item.state = ASSIGNED
    item.assignment = assignment
    if item.expired:
        item.expired = NONE
    r.assignments[assignment.id] = agent.assignments[assignment.id] = assignment
    agent.since_us = at


def offer_declined(r: Routing, e: OfferDeclined, at: int) -> None:
    offer = r.offers[e.offer]
    item, agent = offer.item, offer.agent
    if item.declined is None:
        item.declined = {}
    if offer.transfer != "consult":
        item.declined[agent.id] = e.retry_us
        agent.declined[item.id] = None
    item.failed += 1
    agent.misses = 0
    _fail_offer(r, offer, "declined")
    r.review(item, at)


def offer_expired(r: Routing, e: OfferExpired, at: int) -> None:
    offer = r.offers[e.offer]
    item = offer.item
    if offer.transfer != "consult":
        item.expired = item.expired | {e.agent}
    item.failed += 1
    offer.agent.misses += 1
    _fail_offer(r, offer, "expired")


def offer_revoked(r: Routing, e: OfferRevoked, at: int) -> None:
    _fail_offer(r, r.offers[e.offer], "revoked")


def item_requeued(r: Routing, e: ItemRequeued, at: int) -> None:
    """Tells that the last offer has failed; the place was restored with it."""


def item_paused(r: Routing, e: ItemPaused, at: int) -> None:
    item = r.items[e.item]
    item.paused = e.until_us is not None
    if e.until_us is None:
        r.deadlines.cancel(("pause", e.item))
    else:
        r.deadlines.set(("pause", e.item), e.until_us)
    r.floor.place(item)


def retry_scheduled(r: Routing, e: RetryScheduled, at: int) -> None:
    r.items[e.item].retrying = True
    r.deadlines.set(("retry", e.item), e.due_us)


def tries_forgotten(r: Routing, e: TriesForgotten, at: int) -> None:
    item = r.items[e.item]
    item.retrying = False
    r.deadlines.cancel(("retry", e.item))
    item.expired = item.expired.difference(e.agents)
    r.floor.place(item)


def item_assigned(r: Routing, e: ItemAssigned, at: int) -> None:
    item = r.items[e.item]
    agent = r.agents[e.agent]
    if item.state in IN_QUEUE:
        item.waited_us += at - item.joined_us
    leave_place(r, item)
    item.attempt += 1
    work = item.work
    units = agent.room.take(work.medium, work.cost, work.labels)
    _assign(r, item, AssignmentRecord(e.assignment, item, agent, at, units), at)
    r.floor.seat(agent)


def item_completed(r: Routing, e: ItemCompleted, at: int) -> None:
    assignment = r.assignments[e.assignment]
    item = assignment.item
    item.version += 1
    assignment.note = e.note
    assignment.agent.handled_today += 1
    if e.wrapping:
        item.state = WRAPPING
        _wrap(r, assignment, e.code, e.limit_us)
        return
    item.state = COMPLETED
    _release(r, assignment, "completed", at)
    finish(r, item, at)


def _wrap(r: Routing, assignment: AssignmentRecord, code: str | None, limit_us: int | None) -> None:
    """After-call work begins; it holds the share of the room that the queue says."""
    assignment.wrapping = True
    assignment.code = code
    assignment.limit_us = limit_us
    queue = assignment.queue
    if queue is not None:
        _hold(r, assignment, queue.spec.after_call_work.hold)
    if limit_us is not None:
        r.deadlines.set(("wrap", assignment.id), limit_us)


def _hold(r: Routing, assignment: AssignmentRecord, share: float) -> None:
    """Hold this share of the item's room from now on; nothing of it frees the place among its medium, too."""
    agent, work = assignment.agent, assignment.item.work
    full = agent.room.cost(work.medium, work.cost)
    if assignment.share:
        agent.room.remove(work.medium, assignment.units, work.labels)
    assignment.share = share
    assignment.units = round(full * share)
    if share:
        agent.room.add(work.medium, assignment.units, work.labels)
    r.floor.seat(agent)


def _release(r: Routing, assignment: AssignmentRecord, outcome: str, at: int) -> None:
    """The agent is done with the assignment: room and idle time start anew."""
    agent, item = assignment.agent, assignment.item
    del r.assignments[assignment.id]
    del agent.assignments[assignment.id]
    if item.assignment is assignment:
        item.assignment = None
    if assignment.limit_us is not None:
        r.deadlines.cancel(("wrap", assignment.id))
    if r.leaving and r.leaving.pop(assignment.id, None) is not None:
        r.deadlines.cancel(("leave", assignment.id))
    if assignment.share:
        agent.room.remove(item.work.medium, assignment.units, item.work.labels)
    agent.since_us = at
    if outcome == "completed" and assignment.queue is not None:
        assignment.queue.handled.append(at - assignment.at_us)
    r.end_token(item, assignment.id, outcome)
    r.floor.seat(agent)


def after_call_ended(r: Routing, e: AfterCallEnded, at: int) -> None:
    assignment = r.assignments[e.assignment]
    item = assignment.item
    own = item.assignment is assignment
    _release(r, assignment, "completed", at)
    if own:
        item.state = COMPLETED
        item.version += 1
        finish(r, item, at)
    elif item.state in FINAL:
        # It may have stayed in memory for this alone: it leaves an hour from now.
        finish(r, item, at)


def assignment_released(r: Routing, e: AssignmentReleased, at: int) -> None:
    assignment = r.assignments[e.assignment]
    item = assignment.item
    if item.assignment is assignment:
        item.assignment = None
    if e.wrapping:
        _wrap(r, assignment, None, e.limit_us)
    else:
        _release(r, assignment, e.reason, at)


def hold_changed(r: Routing, e: HoldChanged, at: int) -> None:
    _hold(r, r.assignments[e.assignment], e.share)


def leave_pending(r: Routing, e: LeavePending, at: int) -> None:
    r.leaving[e.assignment] = e.due_us
    r.deadlines.set(("leave", e.assignment), e.due_us)


def transfer_ended(r: Routing, e: TransferEnded, at: int) -> None:
    """Tells how a transfer ended; the offer's own events moved the item."""


APPLIERS: dict[type, Callable[[Routing, Any, int], None]] = {
    OfferMade: offer_made,
    OfferAccepted: offer_accepted,
    OfferDeclined: offer_declined,
    OfferExpired: offer_expired,
    OfferRevoked: offer_revoked,
    ItemRequeued: item_requeued,
    ItemPaused: item_paused,
    RetryScheduled: retry_scheduled,
    TriesForgotten: tries_forgotten,
    ItemAssigned: item_assigned,
    ItemCompleted: item_completed,
    AfterCallEnded: after_call_ended,
    AssignmentReleased: assignment_released,
    HoldChanged: hold_changed,
    LeavePending: leave_pending,
    TransferEnded: transfer_ended,
}
