"""What customers are told while they wait: a greeting, the away text while the queue is shut, their position.

The library has no voice: an event says what is due, and the embedder plays or sends it.
"""

from __future__ import annotations

from switchroom.kernel.transaction import Transaction
from switchroom.routing.estimates import position
from switchroom.routing.events import AnnouncementDue, ItemQueued
from switchroom.routing.lifecycle import IN_QUEUE
from switchroom.routing.state import Routing


def entered(r: Routing, tx: Transaction, event: ItemQueued) -> None:
    """Reaction: greet who enters a queue, or tell that nobody is there now. Once a stay, not after failed offers."""
    queue = r.queues.get(event.queue)
    if queue is None:
        return
    messages = queue.spec.messages
    if messages.greeting is not None and queue.open:
        tx.emit(AnnouncementDue(event.item, queue.id, "greeting", messages.greeting))
    if messages.away is not None and not queue.open:
        tx.emit(AnnouncementDue(event.item, queue.id, "away", messages.away))


def tell_position(tx: Transaction, r: Routing, item_id: str) -> None:
    """Timer: the item has waited for another while."""
    item = r.items[item_id]
    queue = item.queue
    assert queue is not None
    assert item.state in IN_QUEUE
    name = queue.spec.messages.position or ""
    tx.emit(AnnouncementDue(item_id, queue.id, "position", name, position(r, item_id)))
