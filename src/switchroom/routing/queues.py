"""Operations on queues: settings, hours, removal."""

from __future__ import annotations

import attrs

from switchroom.durations import from_micros, to_micros
from switchroom.errors import ConfigError, DuplicateId, NotAllowed, Refused, UnknownId
from switchroom.kernel.limits import require_room
from switchroom.kernel.transaction import Transaction
from switchroom.routing import placing, work
from switchroom.routing.escalation_model import CallFunction, MoveTo
from switchroom.routing.events import AgentSaved, QueueOpened, QueueRemoved, QueueSaved, QueueShut
from switchroom.routing.lifecycle import IN_QUEUE
from switchroom.routing.queue_model import FUNCTION, Queue
from switchroom.routing.records import QueueRecord
from switchroom.routing.state import Routing

MAX_QUEUES = 100_000
"""Somebody who needs more makes queues of what are skills or attributes."""


def save(tx: Transaction, r: Routing, spec: Queue, new: bool) -> None:
    """Add a queue (``new``), or change one: waiting work is placed anew under the new settings, offers out stay."""
    known = r.queues.get(spec.id)
    if new and known is not None:
        raise DuplicateId("queue", spec.id)
    if not new and known is None:
        raise UnknownId("queue", spec.id)
    require_room(r.queues, spec.id, "queues", MAX_QUEUES)
    _check_links(r, spec)
    if known is not None and known.spec == spec:
        return
    tx.emit(QueueSaved(spec.id, spec))
    queue = r.queues[spec.id]
    _rekey(tx, r, queue)
    open, change = opening(spec, tx.now)
    if open != queue.open or change is not None or known is not None:
        _set_open(tx, r, queue, open, change)


def _check_links(r: Routing, spec: Queue) -> None:
    """Queues and functions that the settings name must exist; overflow must end."""
    if spec.overflow is not None:
        _check_overflow(r, spec)
    for name in (spec.ordering, spec.selection):
        if name.startswith(FUNCTION):
            r.functions.require(name.removeprefix(FUNCTION))
    for rule in spec.escalations:
        for action in rule.actions:
            if isinstance(action, MoveTo) and action.queue != spec.id:
                r.queue(action.queue)
            if isinstance(action, CallFunction):
                r.functions.require(action.name)


def _check_overflow(r: Routing, spec: Queue) -> None:
    seen, following = [spec.id], spec.overflow
    while following is not None:
        if following in seen:
            path = " -> ".join([*seen, following])
            raise ConfigError(f"overflow goes in a circle: {path}", table=f"queue.{spec.id}", key="overflow")
        if len(seen) > placing.MAX_HOPS:
            raise ConfigError(f"more than {placing.MAX_HOPS} overflows", table=f"queue.{spec.id}", key="overflow")
        seen.append(following)
        following = r.queue(following).spec.overflow


def _rekey(tx: Transaction, r: Routing, queue: QueueRecord) -> None:
    """Waiting work gets the keys of the new ordering; linear, for changes of settings only."""
    for item in list(queue.items.values()):
        if placing.key_parts(tx, r, item, queue) != (item.tier, item.score):
            work.apply_change(tx, r, item, priority=item.priority, cause="the queue's ordering changed")


def opening(spec: Queue, now: int) -> tuple[bool, int | None]:
    """Whether a queue is open at an instant, and when its hours change next."""
    if spec.hours is None:
        return spec.enabled, None
    at = from_micros(now)
    change = spec.hours.next_change(at)
    return spec.enabled and spec.hours.is_open(at), None if change is None else to_micros(change)


def _set_open(tx: Transaction, r: Routing, queue: QueueRecord, open: bool, change: int | None) -> None:
    was = queue.open
    tx.emit(QueueOpened(queue.id, change) if open else QueueShut(queue.id, change))
    if was and not open and queue.spec.on_close != "stay":
        _empty(tx, r, queue)


def _empty(tx: Transaction, r: Routing, queue: QueueRecord) -> None:
    """At closing, waiting work leaves or overflows; what is offered stays."""
    for item in [i for i in queue.items.values() if not i.offers]:
        if queue.spec.on_close == "leave":
            work.time_out(tx, r, item, f"queue {queue.id} closed")
            continue
        assert queue.spec.overflow is not None
        try:
            goal = placing.destination(r, r.queue(queue.spec.overflow))
        except (Refused, UnknownId):
            continue
        placing.enter(tx, r, item, goal, f"queue {queue.id} closed", item.entered_us)


def hours_changed(tx: Transaction, r: Routing, queue_id: str) -> None:
    """Timer: the queue opens or closes."""
    queue = r.queues[queue_id]
    open, change = opening(queue.spec, tx.now)
    _set_open(tx, r, queue, open, change)


def switch(tx: Transaction, r: Routing, queue_id: str, on: bool) -> None:
    """Switch a queue on or off."""
    queue = r.queue(queue_id)
    save(tx, r, attrs.evolve(queue.spec, enabled=on), new=False)


def remove(tx: Transaction, r: Routing, queue_id: str) -> None:
    """Remove a queue that holds no item, waiting or in hand, and that no other queue or intake names."""
    queue = r.queue(queue_id)
    holding = sum(1 for i in r.items.values() if i.queue is not None and i.queue.id == queue_id and _active(i.state))
    holding += sum(1 for i in r.items.values() if i.schedule is not None and i.schedule[2] == queue_id)
    if holding:
        raise NotAllowed("remove", "queue", queue_id, f"holding {holding} items")
    users = [q.id for q in r.queues.values() if q.spec.overflow == queue_id]
    users += [s.id for s in r.intakes.values() if s.fallback == queue_id or any(u.queue == queue_id for u in s.rules)]
    if users:
        raise NotAllowed("remove", "queue", queue_id, f"named by {', '.join(users)}")
    for agent in sorted(queue.members.values(), key=lambda a: a.id):
        left = [m for m in agent.spec.queues if m.queue != queue_id]
        tx.emit(AgentSaved(agent.id, attrs.evolve(agent.spec, queues=left)))
    tx.emit(QueueRemoved(queue_id))


def _active(state: str) -> bool:
    return state in IN_QUEUE or state in ("assigned", "wrapping", "parked")
