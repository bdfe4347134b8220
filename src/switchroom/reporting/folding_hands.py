"""What the events of offers, assignments and agents do to the counters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.durations import Micros
from switchroom.reporting.cells import HandCell
from switchroom.reporting.lines import Hand
from switchroom.reporting.open_work import NOT_WAITING, OpenAgent, OpenAssignment, OpenItem
from switchroom.reporting.state import State
from switchroom.routing.events import (
    AfterCallEnded,
    AgentRemoved,
    AgentSaved,
    AssignmentReleased,
    ItemAssigned,
    ItemCompleted,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferRevoked,
    PresenceChanged,
    TransferEnded,
)
from switchroom.routing.model import Presence

# -- offers: the end of one counts where its beginning did, whatever has changed about the agent meanwhile


def offer_made(s: State, at: Micros, e: OfferMade) -> None:
    item = s.items[e.item]
    hand = s.offers[e.offer] = s.hand(item, e.agent)
    s.intervals.present.hands[hand].offered += 1
    if e.transfer is not None and e.sender is not None:
        hand = s.transfers[e.offer] = s.hand(item, e.sender)
        s.intervals.present.hands[hand].transfer(e.transfer, "started")


def offer_accepted(s: State, at: Micros, e: OfferAccepted) -> None:
    hand = s.offers.pop(e.offer)
    cell = s.intervals.present.hands[hand]
    cell.accepted += 1
    _begin(s, at, e.offer, e.item, s.items[e.item], hand, cell)


def item_assigned(s: State, at: Micros, e: ItemAssigned) -> None:
    item = s.items[e.item]
    hand = s.hand(item, e.agent)
    cell = s.intervals.present.hands[hand]
    cell.assigned += 1
    _begin(s, at, e.assignment, e.item, item, hand, cell)


def _begin(s: State, at: Micros, assignment: str, id: str, item: OpenItem, hand: Hand, cell: HandCell) -> None:
    """An agent has the work; the stay, if there is one, is answered."""
    since = item.since_us
    if since >= 0:
        wait = at - since
        item.since_us = NOT_WAITING
        cell.answered += 1
        cell.wait_us += wait
        if wait > cell.longest_us:
            cell.longest_us = wait
        if wait <= s.within_us.get(item.line.queue, -1):
            cell.within += 1
    agent = hand.post.agent
    if item.agent is None:
        item.agent = agent
    elif item.agent != agent:
        item.once = False
    s.assignments[assignment] = OpenAssignment(hand, id, at)
    record = s.agents[agent]
    s.pass_time(record, at)
    record.held += 1


def offer_declined(s: State, at: Micros, e: OfferDeclined) -> None:
    s.intervals.present.hands[s.offers.pop(e.offer)].declined += 1


def offer_expired(s: State, at: Micros, e: OfferExpired) -> None:
    s.intervals.present.hands[s.offers.pop(e.offer)].missed += 1


def offer_revoked(s: State, at: Micros, e: OfferRevoked) -> None:
    s.intervals.present.hands[s.offers.pop(e.offer)].revoked += 1


def transfer_ended(s: State, at: Micros, e: TransferEnded) -> None:
    s.intervals.present.hands[s.transfers.pop(e.offer)].transfer(e.mode, e.outcome)


# -- work in hand


def item_completed(s: State, at: Micros, e: ItemCompleted) -> None:
    assignment = s.assignments[e.assignment]
    assignment.completed = True
    cell = s.intervals.present.hands[assignment.hand]
    cell.completed += 1
    item = s.items[e.item]
    item.completed = True
    if item.party is not None:
        s.contacts.completed(item.party, at, cell, item.once)
        item.once = False
    _done(s, at, e.assignment, assignment, e.wrapping, e.code)


def assignment_released(s: State, at: Micros, e: AssignmentReleased) -> None:
    assignment = s.assignments[e.assignment]
    s.intervals.present.hands[assignment.hand].released += 1
    s.items[e.item].sender = assignment.hand
    _done(s, at, e.assignment, assignment, e.wrapping, None)


def _done(s: State, at: Micros, id: str, assignment: OpenAssignment, wrapping: bool, code: str | None) -> None:
    if wrapping:
        assignment.done_us = at
    else:
        _release(s, at, id, assignment, at, code)


def after_call_ended(s: State, at: Micros, e: AfterCallEnded) -> None:
    assignment = s.assignments[e.assignment]
    _release(s, at, e.assignment, assignment, assignment.done_us, e.code)


def _release(s: State, at: Micros, id: str, assignment: OpenAssignment, done: Micros, code: str | None) -> None:
    if code is None and assignment.completed:
        code = ""
    s.intervals.present.hands[assignment.hand].end(code, done - assignment.begun_us, at - done)
    del s.assignments[id]
    agent = s.agents[assignment.hand.post.agent]
    s.pass_time(agent, at)
    agent.held -= 1


# -- agents


def agent_saved(s: State, at: Micros, e: AgentSaved) -> None:
    agent = s.agents.get(e.agent)
    post = s.lines.post(e.agent, e.spec)
    if agent is None:
        agent = s.agents[e.agent] = OpenAgent(post, at)
    s.pass_time(agent, at)
    agent.post, agent.spec = post, e.spec


def agent_removed(s: State, at: Micros, e: AgentRemoved) -> None:
    agent = s.agents[e.agent]
    s.pass_time(agent, at)
    agent.spec, agent.presence, agent.presence_us = None, Presence.OFFLINE, at


def presence_changed(s: State, at: Micros, e: PresenceChanged) -> None:
    agent = s.agents[e.agent]
    s.pass_time(agent, at)
    agent.presence, agent.presence_us = e.presence, at


TAKERS: dict[str, Callable[[State, Micros, Any], None]] = {
    "routing.agent_saved": agent_saved,
    "routing.agent_removed": agent_removed,
    "routing.presence_changed": presence_changed,
    "routing.offer_made": offer_made,
    "routing.offer_accepted": offer_accepted,
    "routing.offer_declined": offer_declined,
    "routing.offer_expired": offer_expired,
    "routing.offer_revoked": offer_revoked,
    "routing.item_assigned": item_assigned,
    "routing.item_completed": item_completed,
    "routing.after_call_ended": after_call_ended,
    "routing.assignment_released": assignment_released,
    "routing.transfer_ended": transfer_ended,
}
"""Event type -> what it does."""
