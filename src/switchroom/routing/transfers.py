"""Operations on work in hand: transfer, requeue, manual assignment, taking back, holding."""

from __future__ import annotations

from switchroom.errors import InvalidInput, NotAllowed, NotYours, OverCapacity, TargetUnavailable
from switchroom.kernel.transaction import Transaction
from switchroom.routing import placing
from switchroom.routing.after_call import release_sender
from switchroom.routing.dispatch import make_offer
from switchroom.routing.events import (
    AssignmentReleased,
    HoldChanged,
    ItemAssigned,
    ItemParked,
    OfferRevoked,
    TransferEnded,
)
from switchroom.routing.fields import to_share
from switchroom.routing.lifecycle import IN_QUEUE, next_state
from switchroom.routing.model import Presence
from switchroom.routing.records import TOKEN, AgentRecord, AssignmentRecord, ItemRecord
from switchroom.routing.state import Routing
from switchroom.routing.work import detach


def in_hand(r: Routing, assignment_id: str, agent: str | None) -> AssignmentRecord:
    """Work that is being done (after-call work is not), by this agent if one is named."""
    assignment = r.assignment(assignment_id)
    if agent is not None and agent != assignment.agent.id:
        raise NotYours("assignment", assignment_id, agent)
    if assignment.wrapping:
        raise NotAllowed("hand on", "assignment", assignment_id, "in after-call work")
    return assignment


def to_agent(
    tx: Transaction,
    r: Routing,
    assignment_id: str,
    target: str,
    consult: bool,
    agent: str | None,
    after_call: bool = False,
) -> str:
    """Offer work in hand to another agent; returns the id of the offer.

    Blind: the sender is released at once (to after-call work, if asked for where it is optional). Consult: the sender
    keeps item and room until the target accepts. Refused to oneself, to somebody not on queue or without room.
    """
    assignment = in_hand(r, assignment_id, agent)
    item, to = assignment.item, r.agent(target)
    if to is assignment.agent:
        raise InvalidInput("target", "self", target, hint="a transfer to oneself")
    if item.offers:
        raise NotAllowed("transfer", "item", item.id, "being transferred already")
    if to.presence != Presence.ON_QUEUE:
        raise TargetUnavailable(to.id, to.presence)
    _check_room(item, to)
    mode = "consult" if consult else "blind"
    sender = assignment.agent.id
    if not consult:
        release_sender(tx, assignment, after_call=after_call)
    return make_offer(tx, r, item, to, mode, sender)


def _check_room(item: ItemRecord, agent: AgentRecord) -> None:
    cap = agent.spec.max_offers
    if not agent.room.fits((item.work.medium, item.work.cost, item.work.labels)):
        raise OverCapacity(agent.id, item.id)
    if cap is not None and len(agent.offers) >= cap:
        raise OverCapacity(agent.id, item.id)


def cancel_transfer(tx: Transaction, r: Routing, offer_id: str) -> None:
    """Withdraw a transfer to an agent: a consult leaves the item with its sender, blind work goes to its queue."""
    offer = r.offer(offer_id)
    if offer.transfer is None or offer.sender is None:
        raise NotAllowed("cancel the transfer of", "offer", offer_id, "no transfer")
    item = offer.item
    tx.emit(OfferRevoked(offer.id, item.id, offer.agent.id, "the transfer was cancelled"))
    tx.emit(TransferEnded(item.id, offer.id, offer.sender, offer.transfer, "cancelled"))
    if offer.transfer == "blind":
        placing.give_back(tx, r, item)


def to_queue(
    tx: Transaction,
    r: Routing,
    assignment_id: str,
    queue_id: str,
    keep_entered: bool | None,
    agent: str | None,
    after_call: bool = False,
) -> None:
    """Send work in hand to a queue. Its clock starts anew unless asked (here or by that queue) to be kept."""
    assignment = in_hand(r, assignment_id, agent)
    item = assignment.item
    queue = placing.destination(r, r.queue(queue_id))
    keep = queue.spec.transfer_keeps_entered if keep_entered is None else keep_entered
    _withdraw(tx, item)
    release_sender(tx, assignment, after_call=after_call)
    placing.enter(tx, r, item, queue, "transferred", item.entered_us if keep else None)


def to_target(tx: Transaction, r: Routing, assignment_id: str, target: str, agent: str | None) -> None:
    """Send work in hand to a registered target, such as a flow or a workbin."""
    assignment = in_hand(r, assignment_id, agent)
    item = assignment.item
    room, name = placing.target(r, target)
    room.check(name, item)
    _withdraw(tx, item)
    release_sender(tx, assignment)
    tx.emit(ItemParked(item.id, target, "transferred"))
    room.receive(tx, name, item)


def requeue(tx: Transaction, r: Routing, assignment_id: str, reason: str, agent: str | None) -> None:
    """Put work in hand back into its queue: it keeps its clock and begins a new stay."""
    assignment = in_hand(r, assignment_id, agent)
    item = assignment.item
    _withdraw(tx, item)
    tx.emit(AssignmentReleased(item.id, assignment.id, assignment.agent.id, reason))
    placing.give_back(tx, r, item, "requeued")


def _withdraw(tx: Transaction, item: ItemRecord) -> None:
    """End a consult that is under way."""
    for offer in item.offers:
        tx.emit(OfferRevoked(offer.id, item.id, offer.agent.id, "the item was handed on"))
        if offer.transfer is not None and offer.sender is not None:
            tx.emit(TransferEnded(item.id, offer.id, offer.sender, offer.transfer, "cancelled"))


def assign(tx: Transaction, r: Routing, item_id: str, target: str, over_capacity: bool, by: str) -> str:
    """Assign an item by hand, whatever its requirement; returns the id of the assignment.

    From an agent who has it, it is taken. Above capacity only when asked for, and the event says so. An agent who is
    offline cannot be given work.
    """
    item, to = r.item(item_id), r.agent(target)
    next_state(item.id, item.state, "assign")
    if to.presence == Presence.OFFLINE:
        raise TargetUnavailable(to.id, to.presence)
    if item.assignment is not None and item.assignment.agent is to:
        raise NotAllowed("assign", "item", item.id, f"assigned to {to.id} already")
    held = [offer for offer in item.offers if offer.agent is to]
    fits = bool(held) or to.room.fits((item.work.medium, item.work.cost, item.work.labels))
    if not fits and not over_capacity:
        raise OverCapacity(to.id, item.id)
    detach(tx, r, item, "assigned by hand")
    assignment = f"{item.id}{TOKEN}{item.attempt + 1}"
    tx.emit(ItemAssigned(assignment, item.id, to.id, not fits, by))
    return assignment


def claim(tx: Transaction, r: Routing, item_id: str, agent: str) -> str:
    """An agent takes a waiting item by hand. Refused if it does not wait (any more) and if there is no room."""
    item = r.item(item_id)
    if item.state not in IN_QUEUE:
        raise NotAllowed("claim", "item", item.id, item.state)
    return assign(tx, r, item_id, agent, False, agent)


def hold(
    tx: Transaction,
    r: Routing,
    assignment_id: str,
    share: float,
    agent: str | None,
    over_capacity: bool | None = None,
) -> None:
    """Change the share of its room that work in hand takes: 0 while it waits for its customer, say.

    When it wakes (a larger share) while the agent is full, it goes over capacity for that agent, or to the queue, as
    is asked for, or as the queue says.
    """
    assignment = in_hand(r, assignment_id, agent)
    wanted = to_share(share)
    if wanted == assignment.share:
        return
    item, queue = assignment.item, assignment.queue
    over = queue is None or queue.spec.wake_over_capacity if over_capacity is None else over_capacity
    if wanted > assignment.share and not over:
        room, work = assignment.agent.room, item.work
        units = round(room.cost(work.medium, work.cost) * wanted)
        # Work that held nothing gave up its place among its medium and labels, too.
        asleep = not assignment.share and not room.fits((work.medium, units, work.labels))
        if asleep or units - assignment.units > room.free_units():
            _withdraw(tx, item)
            tx.emit(AssignmentReleased(item.id, assignment.id, assignment.agent.id, "woke while the agent was full"))
            placing.give_back(tx, r, item, "woke")
            return
    tx.emit(HoldChanged(item.id, assignment.id, assignment.agent.id, wanted))
