"""What follows the last offer of an item that failed: a pause, or the end of its wait.

Reactions: they run in the step of the event that they follow, before anything else is matched.
"""

from __future__ import annotations

from switchroom.kernel.transaction import Transaction
from switchroom.routing import work
from switchroom.routing.events import ItemPaused, OfferDeclined, OfferExpired, OfferRevoked
from switchroom.routing.fields import micros
from switchroom.routing.lifecycle import WAITING
from switchroom.routing.state import Routing


def waited_too_long(r: Routing, tx: Transaction, event: OfferDeclined | OfferExpired | OfferRevoked) -> None:
    """The wait was over while the offer was out, and only the offer was waited for."""
    item = r.items[event.item]
    queue = item.queue
    if queue is None or not queue.spec.finish_offers or item.state != WAITING:
        return
    limit = r.wait_limit(item, queue)
    if limit is not None and limit <= tx.now:
        work.time_out(tx, r, item, "waited too long")


def pause(r: Routing, tx: Transaction, event: OfferDeclined | OfferExpired) -> None:
    """Between the failure of the last offer and the next one, where the queue has a pause."""
    item = r.items[event.item]
    queue = item.queue
    if queue is not None and queue.spec.offer_pause and item.state == WAITING and not item.paused:
        tx.emit(ItemPaused(item.id, tx.now + micros(queue.spec.offer_pause)))


def pause_over(tx: Transaction, r: Routing, item_id: str) -> None:
    """Timer: the item may be offered again."""
    tx.emit(ItemPaused(item_id, None))
