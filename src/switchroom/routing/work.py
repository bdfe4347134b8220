"""Operations on items: submit, change, set aside, end. Each checks everything before its first event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from switchroom.durations import to_micros
from switchroom.errors import DuplicateId, IdempotencyMismatch, InvalidInput, LimitReached, VersionMismatch
from switchroom.kernel.transaction import Transaction
from switchroom.routing import intake, placing
from switchroom.routing.dispatch import requeued
from switchroom.routing.events import (
    AfterCallEnded,
    AssignmentReleased,
    ItemChanged,
    ItemClosed,
    ItemEnded,
    ItemParked,
    ItemSubmitted,
    OfferRevoked,
    TransferEnded,
)
from switchroom.routing.fields import Fact, to_amount, to_count, to_facts, to_whole
from switchroom.routing.lifecycle import (
    ABANDONED,
    ASSIGNED,
    CANCELLED,
    FINAL,
    IN_QUEUE,
    PARKED,
    SCHEDULED,
    TIMED_OUT,
    next_state,
)
from switchroom.routing.model import WorkItem, to_requirement
from switchroom.routing.queue_model import FUNCTION
from switchroom.routing.records import ItemRecord, OfferRecord
from switchroom.routing.requirements import Requirement
from switchroom.routing.state import Routing

MAX_ITEMS = 5_000_000
"""Items in memory, ended ones of the last hour included: some 2 KB each. Give each queue a limit of its own, too."""


def submit(tx: Transaction, r: Routing, work: WorkItem, intake_id: str | None = None) -> str:
    """Take in a piece of work; returns its id. Refuses a full or closed queue, an unknown one, and a known id."""
    r.floor.check_kind((work.medium, work.cost, work.labels))
    id = work.id
    if id is None:
        id = tx.ids.new("item", tx.now)
    known = r.items.get(id)
    if known is not None:
        if known.work == work:
            raise DuplicateId("item", id)
        raise IdempotencyMismatch(f"item {id} exists with other contents", kind="item", id=id)
    if len(r.items) >= MAX_ITEMS:
        raise LimitReached("items", MAX_ITEMS)
    straight = work.at is None and not work.parked and work.when_quiet is None and work.target is None
    if work.queue is not None and straight:
        queue = placing.destination(r, r.queue(work.queue))
        entered = None if work.entered is None else _not_future(tx, work.entered)
        tx.emit(ItemSubmitted(id, work, work.contact))
        placing.enter(tx, r, r.items[id], queue, "submitted", entered)
        return id
    return _submit_elsewhere(tx, r, id, work, intake_id)


def _submit_elsewhere(tx: Transaction, r: Routing, id: str, work: WorkItem, intake_id: str | None) -> str:
    """Work that does not enter a queue right away: for intake, for later, or parked."""
    room = None if work.target is None else placing.target(r, work.target)
    if work.queue is not None:
        r.queue(work.queue)
    elif room is None:
        intake.require(r, intake_id)
    entered = None if work.entered is None else _not_future(tx, work.entered)
    if room is not None:
        room[0].check(room[1], ItemRecord(id, work, tx.now))
    tx.emit(ItemSubmitted(id, work, work.contact, intake_id))
    item = r.items[id]
    if room is not None:
        tx.emit(ItemParked(id, work.target, "submitted"))
        room[0].receive(tx, room[1], item)
    elif work.parked:
        tx.emit(ItemParked(id, None, "submitted parked"))
    elif work.queue is None:
        intake.route(tx, r, item, intake_id, entered)
    else:
        until = None if work.at is None else to_micros(work.at)
        placing.defer(tx, item, until, work.when_quiet, work.queue, keep_entered=False)
    return id


def _not_future(tx: Transaction, entered: datetime) -> int:
    """The back-dated instant of entry; a later one than now is refused."""
    instant = to_micros(entered)
    if instant > tx.now:
        raise InvalidInput("item.entered", "future", entered.isoformat(), hint="may be back-dated, not in the future")
    return instant


# -- changing


def change(
    tx: Transaction,
    r: Routing,
    item_id: str,
    priority: int | None,
    requirement: Requirement | str | None,
    attributes: Mapping[str, Fact | None] | None,
    due: datetime | None,
    entered: datetime | None,
    expected_version: int | None,
) -> None:
    """Change what is given. Attributes merge; None as a value removes one. Offers that no longer fit are revoked."""
    item = r.item(item_id)
    if item.state in FINAL:
        next_state(item.id, item.state, "change")
    if expected_version is not None and item.version != expected_version:
        raise VersionMismatch("item", item.id, expected_version, item.version)
    wanted = None if requirement is None else to_requirement(requirement)
    merged = None if attributes is None else merge_facts(item.attributes, attributes)
    due_us = None if due is None else to_micros(due)
    entered_us = None if entered is None else _not_future(tx, entered)
    if priority is not None:
        to_whole(priority)
    apply_change(tx, r, item, priority, wanted, wanted is not None, merged, due_us, entered_us, "changed")


def merge_facts(old: Mapping[str, Fact], new: Mapping[str, Fact | None]) -> Mapping[str, Fact]:
    """Attributes after a change: None removes."""
    given = to_facts({k: v for k, v in new.items() if v is not None})
    return {k: v for k, v in {**old, **given}.items() if k not in new or new[k] is not None}


def apply_change(
    tx: Transaction,
    r: Routing,
    item: ItemRecord,
    priority: int | None = None,
    requirement: Requirement | None = None,
    drop_steps: bool = False,
    attributes: Mapping[str, Fact] | None = None,
    due_us: int | None = None,
    entered_us: int | None = None,
    cause: str = "changed",
) -> None:
    """Emit a change with the key that follows from it, then revoke offers to agents who fit no more."""
    tier = score = None
    queue = item.queue
    # An ordering of the embedder's may look at the attributes, too.
    keyed = attributes is not None and queue is not None and queue.spec.ordering.startswith(FUNCTION)
    if queue is not None and (keyed or priority is not None or due_us is not None or entered_us is not None):
        tier, score = placing.key_parts(tx, r, item, queue, entered_us, priority, due_us, attributes)
    tx.emit(
        ItemChanged(
            item.id,
            priority=priority,
            requirement=requirement,
            drop_steps=drop_steps,
            attributes=attributes,
            due_us=due_us,
            entered_us=entered_us,
            tier=tier,
            score=score,
            cause=cause,
        )
    )
    if requirement is not None:
        _revoke_misfits(tx, r, item)


def _revoke_misfits(tx: Transaction, r: Routing, item: ItemRecord) -> None:
    queue = item.queue
    if queue is None or item.state not in IN_QUEUE:
        return
    misfits = [o for o in item.offers if o.transfer is None and not r.floor.suits(item, queue, o.agent)]
    for offer in misfits:
        revoke(tx, offer, "the requirement changed")
    if misfits:
        requeued(tx, item)


def expedite(tx: Transaction, r: Routing, item_id: str, on: bool) -> None:
    """Put an item before everything of its queue, until withdrawn (``on`` False)."""
    item = r.item(item_id)
    next_state(item.id, item.state, "queue")
    if item.expedited != on:
        tx.emit(ItemChanged(item.id, expedited=on, cause="expedited" if on else "expedite withdrawn"))


def move(tx: Transaction, r: Routing, item_id: str, queue_id: str, keep_entered: bool, position: int | None) -> None:
    """Send an item to a queue: another one, or its own at a requested position. Offers that are out are revoked."""
    item = r.item(item_id)
    next_state(item.id, item.state, "queue")
    queue = r.queue(queue_id)
    if position is not None:
        to_count(position)
    if position is not None and item.queue is queue and item.state in IN_QUEUE:
        placing.reposition(tx, r, item, queue, position)
        return
    queue = placing.destination(r, queue)
    detach(tx, r, item, "moved")
    placing.enter(tx, r, item, queue, "moved", item.entered_us if keep_entered else None, position)


# -- setting aside


def suspend(tx: Transaction, r: Routing, item_id: str, reason: str) -> None:
    """Park an item: it holds no place in the queue until resumed."""
    item = r.item(item_id)
    next_state(item.id, item.state, "park")
    detach(tx, r, item, "suspended")
    tx.emit(ItemParked(item.id, None, reason))


def park_in(tx: Transaction, r: Routing, item_id: str, target: str, reason: str) -> None:
    """Put an item into a target that another part of the library registered, such as ``workbin:claims``."""
    item = r.item(item_id)
    next_state(item.id, item.state, "park")
    room, name = placing.target(r, target)
    room.check(name, item)
    detach(tx, r, item, f"put into {target}")
    tx.emit(ItemParked(item.id, target, reason))
    room.receive(tx, name, item)


def resume(tx: Transaction, r: Routing, item_id: str, queue_id: str | None, priority: int | None) -> None:
    """Let a parked or scheduled item into its queue now: a suspended one with its clock, a scheduled one anew."""
    item = r.item(item_id)
    if item.state not in (PARKED, SCHEDULED):
        next_state(item.id, item.state, "resume")
    queue = placing.destination(r, r.queue(queue_id or placing.home(item)))
    keep = item.state == PARKED and item.stay > 0
    if item.schedule is not None:
        keep = item.schedule[3]
    if priority is not None:
        apply_change(tx, r, item, priority=to_whole(priority), cause="resumed")
    placing.enter(tx, r, item, queue, "resumed", item.entered_us if keep else None)


def schedule(
    tx: Transaction,
    r: Routing,
    item_id: str,
    at: datetime | None,
    when_quiet: int | None,
    queue_id: str | None,
    keep_entered: bool,
) -> None:
    """Hold an item until an instant, or until its queue has at most ``when_quiet`` items waiting, whichever
    comes first."""
    item = r.item(item_id)
    next_state(item.id, item.state, "schedule")
    queue = r.queue(queue_id or placing.home(item))
    until = None if at is None else to_micros(at)
    if when_quiet is not None:
        to_amount(when_quiet)
    if until is None and when_quiet is None:
        raise InvalidInput("schedule", "missing", hint="an instant or a number of waiting items is wanted")
    if until is not None and until <= tx.now:
        raise InvalidInput("schedule.at", "past", at, hint="must lie in the future")
    detach(tx, r, item, "scheduled")
    placing.defer(tx, item, until, when_quiet, queue.id, keep_entered)


# -- ending


def cancel(tx: Transaction, r: Routing, item_id: str, reason: str) -> None:
    """Withdraw an item, wherever it is before completion; releases everything in the same step."""
    _end(tx, r, r.item(item_id), CANCELLED, "cancel", reason)


def abandon(tx: Transaction, r: Routing, item_id: str, reason: str) -> None:
    """The customer went away."""
    _end(tx, r, r.item(item_id), ABANDONED, "abandon", reason)


def time_out(tx: Transaction, r: Routing, item: ItemRecord, reason: str) -> None:
    """Nobody took the item in time."""
    _end(tx, r, item, TIMED_OUT, "time_out", reason)


def _end(tx: Transaction, r: Routing, item: ItemRecord, state: str, operation: str, reason: str) -> None:
    next_state(item.id, item.state, operation)
    holder = None if item.assignment is None else item.assignment.agent.id
    detach(tx, r, item, reason or state)
    tx.emit(ItemEnded(item.id, state, reason, holder))


def close(tx: Transaction, r: Routing, item_id: str) -> None:
    """Close a completed item for good; after-call work on it ends, with the code given so far or without one."""
    item = r.item(item_id)
    next_state(item.id, item.state, "close")
    wrapping = item.assignment
    if wrapping is not None:
        tx.emit(AfterCallEnded(item.id, wrapping.id, wrapping.agent.id, wrapping.code, "closed"))
    tx.emit(ItemClosed(item.id))


# -- shared


def revoke(tx: Transaction, offer: OfferRecord, reason: str) -> None:
    """Withdraw an offer; a transfer that it was part of fails."""
    tx.emit(OfferRevoked(offer.id, offer.item.id, offer.agent.id, reason))
    if offer.transfer is not None and offer.sender is not None:
        tx.emit(TransferEnded(offer.item.id, offer.id, offer.sender, offer.transfer, "cancelled"))


def detach(tx: Transaction, r: Routing, item: ItemRecord, reason: str) -> None:
    """Revoke the offers of an item and take it from the agent who has it."""
    for offer in item.offers:
        revoke(tx, offer, reason)
    if item.assignment is not None and item.state == ASSIGNED:
        assignment = item.assignment
        tx.emit(AssignmentReleased(item.id, assignment.id, assignment.agent.id, reason))


# -- several in one step


def _all(r: Routing, ids: tuple[str, ...], event: str) -> list[ItemRecord]:
    """The items, if every one of them allows the event; otherwise nothing has happened yet."""
    items = [r.item(id) for id in dict.fromkeys(ids)]
    for item in items:
        next_state(item.id, item.state, event)
    return items


def cancel_many(tx: Transaction, r: Routing, ids: tuple[str, ...], reason: str) -> int:
    """Cancel all of them, or none."""
    items = _all(r, ids, "cancel")
    for item in items:
        _end(tx, r, item, CANCELLED, "cancel", reason)
    return len(items)


def move_many(tx: Transaction, r: Routing, ids: tuple[str, ...], queue_id: str, keep_entered: bool) -> int:
    """Move all of them to a queue, or none; its limit does not apply to this administrative act."""
    queue = r.queue(queue_id)
    items = _all(r, ids, "queue")
    for item in items:
        detach(tx, r, item, "moved")
        placing.enter(tx, r, item, queue, "moved", item.entered_us if keep_entered else None)
    return len(items)


def reprioritise_many(tx: Transaction, r: Routing, ids: tuple[str, ...], priority: int) -> int:
    """Set the priority of all of them, or of none."""
    items = _all(r, ids, "cancel")
    to_whole(priority)
    for item in items:
        apply_change(tx, r, item, priority=priority)
    return len(items)
