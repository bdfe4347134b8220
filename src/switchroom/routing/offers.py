"""Operations on offers: answers, expiry. Exactly one thing ends an offer."""

from __future__ import annotations

from datetime import timedelta

from switchroom.errors import NotYours
from switchroom.kernel.transaction import Transaction
from switchroom.routing import placing
from switchroom.routing.after_call import release_sender
from switchroom.routing.dispatch import requeued, take
from switchroom.routing.events import OfferDeclined, OfferExpired, OfferRevoked, PresenceChanged, TransferEnded
from switchroom.routing.fields import micros
from switchroom.routing.leaving import leave_work
from switchroom.routing.model import Presence
from switchroom.routing.queue_model import ON_EXPIRY_STAY
from switchroom.routing.records import ItemRecord, OfferRecord
from switchroom.routing.state import Routing


def accept(tx: Transaction, r: Routing, offer_id: str, agent: str | None) -> str:
    """Take the work that an offer is for; returns the id of the assignment, which is that of the offer."""
    offer = r.offers.get(offer_id)
    if offer is None:
        offer = r.offer(offer_id)
    if agent is not None and agent != offer.agent.id:
        raise NotYours("offer", offer_id, agent)
    if offer.transfer is not None:
        _complete_transfer(tx, r, offer)
    take(tx, offer)
    return offer_id


def _complete_transfer(tx: Transaction, r: Routing, offer: OfferRecord) -> None:
    """A consulted target takes over from the sender in the same step."""
    item = offer.item
    assert offer.transfer is not None
    if offer.transfer == "consult" and item.assignment is not None:
        release_sender(tx, item.assignment)
    tx.emit(TransferEnded(item.id, offer.id, offer.sender or "", offer.transfer, "completed"))


def decline(
    tx: Transaction, r: Routing, offer_id: str, agent: str | None, reason: str, retry_after: timedelta | None
) -> None:
    """Refuse an offer. The agent is not offered the item again before the retry time; without one (neither here nor
    in the queue's settings), not until coming on queue again or the item enters another queue."""
    offer = r.offer(offer_id)
    if agent is not None and agent != offer.agent.id:
        raise NotYours("offer", offer_id, agent)
    item = offer.item
    wait = retry_after
    if wait is None and item.queue is not None:
        wait = item.queue.spec.decline_retry
    retry = None if wait is None else tx.now + max(1, micros(wait))
    tx.emit(OfferDeclined(offer.id, item.id, offer.agent.id, reason, retry))
    _failed(tx, r, offer)


def expire(tx: Transaction, r: Routing, offer_id: str) -> None:
    """Timer: nobody answered. The item goes back with its key; the agent goes where the queue says."""
    offer = r.offers[offer_id]
    agent, queue = offer.agent, offer.item.queue
    tx.emit(OfferExpired(offer.id, offer.item.id, agent.id))
    presence = Presence.NOT_RESPONDING if queue is None else queue.spec.on_expiry
    leaves = presence not in (ON_EXPIRY_STAY, Presence.ON_QUEUE) and agent.presence == Presence.ON_QUEUE
    if leaves:
        tx.emit(PresenceChanged(agent.id, presence, agent.sequence, "offer expired"))
        revoke_all(tx, r, agent.id, "the agent does not respond")
    _failed(tx, r, offer)
    if leaves:
        leave_work(tx, r, agent)


def revoke_all(tx: Transaction, r: Routing, agent_id: str, reason: str) -> None:
    """Withdraw every offer that is out to an agent."""
    for offer in list(r.agents[agent_id].offers.values()):
        tx.emit(OfferRevoked(offer.id, offer.item.id, agent_id, reason))
        _failed(tx, r, offer)


def _failed(tx: Transaction, r: Routing, offer: OfferRecord) -> None:
    """What follows an offer that ended without success."""
    item = offer.item
    if offer.transfer is None:
        requeued(tx, item)
    else:
        _fail_transfer(tx, r, offer, item)


def _fail_transfer(tx: Transaction, r: Routing, offer: OfferRecord, item: ItemRecord) -> None:
    """A consult leaves the item with its sender; blindly transferred work goes to its queue with its key."""
    assert offer.transfer is not None
    tx.emit(TransferEnded(item.id, offer.id, offer.sender or "", offer.transfer, "failed"))
    if offer.transfer == "blind":
        placing.give_back(tx, r, item)
