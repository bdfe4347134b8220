"""How an item enters a queue: overflow, key, requested position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

from switchroom.errors import InvalidInput, NotAllowed, QueueClosed, QueueFull, UnknownId
from switchroom.kernel.transaction import Transaction
from switchroom.routing.apply_items import RETURNED
from switchroom.routing.events import ItemPlaced, ItemQueued, ItemScheduled, ItemUnrouted
from switchroom.routing.fields import Fact
from switchroom.routing.model import Presence
from switchroom.routing.ordering import LIMIT, ORDERINGS, as_key_part
from switchroom.routing.queue_model import FUNCTION
from switchroom.routing.records import ItemRecord, QueueRecord
from switchroom.routing.state import ARRIVAL_GAP, Routing, Target
from switchroom.routing.views import item_view

MAX_HOPS = 5
"""Overflow from queue to queue ends after this many; longer chains and cycles are a mistake of the configuration."""


class TimedEntry(NamedTuple):
    """An item has entered a queue of this length that has rules, or behind its last step: escalation reacts to it. Not
    every entry is reacted to, because mostly nothing can follow."""

    item: str
    queue: str
    length: int


def destination(r: Routing, queue: QueueRecord) -> QueueRecord:
    """The queue that takes a new item: this one, or where it overflows to. Refuses when none does."""
    if queue.open and queue.spec.limit is None and queue.spec.join_when_empty:
        return queue
    refusal: QueueFull | QueueClosed | None = None
    for _ in range(MAX_HOPS + 1):
        problem = _refusal(queue)
        if problem is None:
            return queue
        refusal = refusal or problem
        overflow = queue.spec.overflow
        if overflow is None or (isinstance(problem, QueueClosed) and queue.spec.outside_hours == "refuse"):
            raise refusal
        queue = r.queue(overflow)
    assert refusal is not None
    raise refusal


def _refusal(queue: QueueRecord) -> QueueFull | QueueClosed | None:
    spec = queue.spec
    if not queue.open and spec.outside_hours != "wait":
        return QueueClosed(queue.id, "switched off" if not spec.enabled else "outside its hours")
    if not spec.join_when_empty and all(a.presence == Presence.OFFLINE for a in queue.members.values()):
        return QueueClosed(queue.id, "nobody is signed in")
    if spec.limit is not None and len(queue.items) >= spec.limit:
        return QueueFull(queue.id, spec.limit)
    return None


def enter(
    tx: Transaction,
    r: Routing,
    item: ItemRecord,
    queue: QueueRecord,
    cause: str,
    entered: int | None = None,
    position: int | None = None,
) -> None:
    """Put an item into a queue: a new stay begins. ``entered`` None: now."""
    entered_us = tx.now if entered is None else entered
    if queue.spec.ordering == "aging":
        tier, score = 0, entered_us - item.priority * queue.weight_us
    else:
        tier, score = key_parts(tx, r, item, queue, entered_us)
    length = len(queue.items)
    tx.emit(ItemQueued(item.id, queue.id, entered_us, tier, score, cause, length))
    if queue.spec.escalations or item.phase.step:
        tx.notice(TimedEntry(item.id, queue.id, length))
    if r.batch is not None and cause != RETURNED:
        r.batch.append(item.id)
    if position is None and cause == "submitted":
        position = item.work.position
    if position is not None:
        reposition(tx, r, item, queue, position)


def give_back(tx: Transaction, r: Routing, item: ItemRecord, cause: str = RETURNED) -> None:
    """Return an item to the queue it came from, with its key, or to the one it was submitted for; without either it
    waits for a person."""
    queue = item.queue
    if queue is None and item.work.queue is not None:
        queue = r.queues.get(item.work.queue)
    if queue is None:
        hold(tx, item, "it came from no queue")
        return
    enter(tx, r, item, queue, cause if item.stay else "requeued", item.entered_us)


def defer(
    tx: Transaction, item: ItemRecord, until: int | None, quiet: int | None, queue: str, keep_entered: bool
) -> None:
    """Hold an item until an instant (at least the next one), or until its queue is quiet."""
    if until is not None:
        until = max(until, tx.now + 1)
    tx.emit(ItemScheduled(item.id, until, quiet, queue, keep_entered, item.work.medium))


def hold(tx: Transaction, item: ItemRecord, reason: str) -> None:
    """Hold an item for a person to choose its queue."""
    tx.emit(ItemUnrouted(item.id, reason))


def key_parts(
    tx: Transaction,
    r: Routing,
    item: ItemRecord,
    queue: QueueRecord,
    entered_us: int | None = None,
    priority: int | None = None,
    due_us: int | None = None,
    attributes: Mapping[str, Fact] | None = None,
) -> tuple[int, int]:
    """(tier, score) of an item in a queue, as it will be with these values."""
    kept = item.entered_us, item.priority, item.due_us, item.attributes
    item.entered_us = kept[0] if entered_us is None else entered_us
    item.priority = kept[1] if priority is None else priority
    item.due_us = kept[2] if due_us is None else due_us
    item.attributes = kept[3] if attributes is None else attributes
    try:
        ordering = ORDERINGS.get(queue.spec.ordering)
        if ordering is not None:
            return ordering(item, queue)
        return _by_function(tx, r, item, queue)
    finally:
        item.entered_us, item.priority, item.due_us, item.attributes = kept


def _by_function(tx: Transaction, r: Routing, item: ItemRecord, queue: QueueRecord) -> tuple[int, int]:
    """The embedder's ordering returns (tier, score); the fallback is first come, first served, behind the rest."""
    name = queue.spec.ordering.removeprefix(FUNCTION)
    fallback = (LIMIT, as_key_part(float(item.entered_us)))
    return r.functions.call(tx, item.id, name, _valid_key, fallback, item_view(item, tx.now))


def _valid_key(value: object) -> tuple[int, int]:
    pair = cast("tuple[object, ...]", value)
    if not isinstance(value, tuple) or len(pair) != 2:
        raise TypeError(f"an ordering returns (tier, score), not {value!r:.40}")
    tier, score = pair
    if not isinstance(tier, int) or isinstance(tier, bool) or abs(tier) >= LIMIT:
        raise ValueError(f"a tier is a whole number below {LIMIT}, not {tier!r}")
    return tier, as_key_part(score)


def reposition(tx: Transaction, r: Routing, item: ItemRecord, queue: QueueRecord, position: int) -> None:
    """Put a waiting item at a place among the items of its own priority, as near to the wish as that allows.

    Linear in the queue: it looks at every item once, which a wish may cost and ordinary entry must not.
    """
    if position < 1:
        raise InvalidInput("position", "range", position, hint="1 is the front")
    others = sorted((i for i in queue.items.values() if i is not item), key=lambda i: i.key)
    first = next((n for n, i in enumerate(others) if i.priority <= item.priority), len(others))
    last = next((n for n, i in enumerate(others) if i.priority < item.priority), len(others))
    place = min(max(position - 1, first), last)
    if place == last:
        return
    behind = others[place]
    before = others[place - 1].key if place > first else None
    low = before[2] if before is not None and before[:2] == behind.key[:2] else behind.arrival - 2 * ARRIVAL_GAP
    tx.emit(ItemPlaced(item.id, behind.tier, behind.score, max(1, (low + behind.arrival) // 2)))


def target(r: Routing, text: str) -> tuple[Target, str]:
    """The registered target that a text such as ``workbin:claims`` names, and the name within it."""
    kind, _, name = text.partition(":")
    try:
        return r.targets.get(kind) or r.own_targets[kind], name
    except KeyError:
        raise UnknownId("target", text) from None


def home(item: ItemRecord) -> str:
    """The queue in which an item that is held would wait."""
    if item.schedule is not None:
        return item.schedule[2]
    if item.queue is not None:
        return item.queue.id
    if item.work.queue is not None:
        return item.work.queue
    raise NotAllowed("find the queue of", "item", item.id, f"{item.state} without a queue")
