"""Escalation: the rules of a queue fire once per stay, also while offered, never while assigned.

Rules run inside timers and reactions, where nothing may be refused: an action that is not possible becomes an event
with its reason, and the item stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast, get_args

from switchroom.errors import SwitchroomError
from switchroom.kernel.transaction import Transaction
from switchroom.routing import intake, phases, placing, work
from switchroom.routing.escalation_model import (
    Action,
    AddPriority,
    AddRequirement,
    Alert,
    CallBack,
    CallFunction,
    CancelWith,
    Escalation,
    MoveTo,
    ParkIn,
    Reclassify,
    SetPriority,
    SetRequirement,
    TimeOut,
)
from switchroom.routing.escalations_due import due_rules
from switchroom.routing.events import (
    AlertRaised,
    EscalationFailed,
    EscalationFired,
    EscalationPostponed,
    ItemEnded,
    ItemRelaxed,
    ItemScheduled,
    OfferDeclined,
    OfferExpired,
)
from switchroom.routing.fields import MAX_PRIORITY, micros
from switchroom.routing.lifecycle import CANCELLED, IN_QUEUE, next_state
from switchroom.routing.model import ANYONE, Presence
from switchroom.routing.placing import TimedEntry
from switchroom.routing.records import ItemRecord, QueueRecord
from switchroom.routing.state import Routing
from switchroom.routing.views import item_view


def entered(r: Routing, tx: Transaction, event: TimedEntry) -> None:
    """Reaction: rules that look at the queue's length at entry, and those a back-dated item has passed already."""
    item = r.items[event.item]
    queue = item.queue
    if queue is None or not phases.is_timed(item, queue) or item.state not in IN_QUEUE or event.queue != queue.id:
        return
    stay = item.stay
    if item.phase.step >= len(item.work.steps) > 0 and not item.unstepped:
        _after_steps(tx, r, item)
        if item.stay != stay or item.state not in IN_QUEUE:
            return
    for rule in queue.spec.escalations:
        if rule.name in item.fired:
            continue
        if rule.queue_longer_than is not None and event.length > rule.queue_longer_than:
            fire(tx, r, item, queue, rule)
            if item.stay != stay or item.state not in IN_QUEUE:
                return
    if due_rules(item, queue, tx.now):
        review(tx, r, item.id)


def offer_failed(tx: Transaction, r: Routing, event: OfferDeclined | OfferExpired) -> None:
    """Reaction: rules that count declined and expired offers."""
    item = r.items[event.item]
    queue = item.queue
    if queue is None or item.state not in IN_QUEUE:
        return
    for rule in queue.spec.escalations:
        if rule.failed_offers is not None and item.failed >= rule.failed_offers and rule.name not in item.fired:
            fire(tx, r, item, queue, rule)
            if item.queue is not queue or item.state not in IN_QUEUE:
                return


def review(tx: Transaction, r: Routing, item_id: str) -> None:
    """Timer: the instant at which time alone changes something for a waiting item.

    The phase first (who may take it), then the rules, then the end of its wait, so that somebody who may take it from
    this instant on is found before the item is given up.
    """
    item = r.items[item_id]
    queue = item.queue
    if queue is None or item.state not in IN_QUEUE:
        return
    phase = phases.phase_at(item, queue, tx.now)
    elapsed = any(t is not None and t <= tx.now for t in (item.declined or {}).values())
    rules = due_rules(item, queue, tx.now)
    limit = r.wait_limit(item, queue)
    over = limit is not None and limit <= tx.now and not (queue.spec.finish_offers and item.offers)
    stay, step = item.stay, item.phase.step
    if phase != item.phase or elapsed or not (rules or over):
        tx.emit(ItemRelaxed(item.id, *phase))
        if step < len(item.work.steps) <= phase.step and not item.unstepped:
            _after_steps(tx, r, item)
    for rule in rules:
        if item.stay != stay or item.state not in IN_QUEUE:
            return
        if rule.name in item.fired:
            continue
        again = None if rule.nobody_for is None else _accompanied(tx.now, r, item, queue, micros(rule.nobody_for))
        if again is None:
            fire(tx, r, item, queue, rule)
        else:
            tx.emit(EscalationPostponed(item.id, queue.id, rule.name, again))
    if over and item.stay == stay and item.state in IN_QUEUE:
        work.time_out(tx, r, item, "waited too long")


def _accompanied(now: int, r: Routing, item: ItemRecord, queue: QueueRecord, wait: int) -> int | None:
    """When to look again, because within the wait somebody signed in could have taken the item; None if nobody could.

    Looking again after the wait, and then at the wait's end since the last one left, finds the exact instant: nobody
    can leave and have been gone for so long between two looks. Linear in the members, and in all agents where the
    requirement names some.
    """
    if item.offers:
        return now + wait
    demand = r.floor.probe(item, queue)
    agents = queue.members if demand.requirement.agents() is None else r.agents
    able = [agent for agent in agents.values() if r.floor.lane_of(demand, agent) is not None]
    if any(agent.presence != Presence.OFFLINE for agent in able):
        return now + wait
    last = max((agent.gone_us for agent in able if agent.gone_us is not None), default=item.joined_us)
    return last + wait if last + wait > now else None


def _after_steps(tx: Transaction, r: Routing, item: ItemRecord) -> None:
    """The last step is over: what was stated happens (any member: nothing more is asked for)."""
    outcome = item.work.after_steps
    if outcome == "cancel":
        work.detach(tx, r, item, "the last step is over")
        tx.emit(ItemEnded(item.id, CANCELLED, "the last requirement step is over"))
    elif outcome == "time_out":
        work.time_out(tx, r, item, "the last requirement step is over")
    elif outcome == "escalate" and item.queue is not None:
        queue = item.queue
        for rule in queue.spec.escalations:
            if rule.name not in item.fired and item.queue is queue and item.state in IN_QUEUE:
                fire(tx, r, item, queue, rule)


def fire(tx: Transaction, r: Routing, item: ItemRecord, queue: QueueRecord, rule: Escalation) -> None:
    """Fire one rule: its actions in order, as long as the item is still there."""
    actions = _expand(tx, r, item, rule)
    tx.emit(EscalationFired(item.id, queue.id, rule.name, actions))
    for action in actions:
        if item.state not in IN_QUEUE:
            return
        try:
            ACTIONS[type(action)](tx, r, item, rule, action)
        except SwitchroomError as refusal:
            tx.emit(EscalationFailed(item.id, queue.id, rule.name, refusal.message))


def _expand(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation) -> tuple[Action, ...]:
    """The actions of a rule, with those that its functions return in place of the calls."""
    found: list[Action] = []
    for action in rule.actions:
        if isinstance(action, CallFunction):
            fallback: tuple[Action, ...] = ()
            found.extend(r.functions.call(tx, item.id, action.name, _valid_actions, fallback, item_view(item, tx.now)))
        else:
            found.append(action)
    return tuple(found)


def _valid_actions(value: object) -> tuple[Action, ...]:
    if value is None:
        return ()
    allowed = tuple(kind for kind in get_args(Action) if kind is not CallFunction)
    many = isinstance(value, list | tuple)
    actions = tuple(cast("list[Any]", value)) if many else (cast("Any", value),)
    if not all(isinstance(action, allowed) for action in actions):
        raise TypeError("an escalation function returns actions")
    return actions


def _add_priority(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: AddPriority) -> None:
    raised = max(-MAX_PRIORITY, min(MAX_PRIORITY, item.priority + action.points))
    work.apply_change(tx, r, item, priority=raised, cause=rule.name)


def _set_priority(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: SetPriority) -> None:
    work.apply_change(tx, r, item, priority=action.priority, cause=rule.name)


def _set_requirement(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: SetRequirement) -> None:
    work.apply_change(tx, r, item, requirement=action.requirement, drop_steps=True, cause=rule.name)


def _add_requirement(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: AddRequirement) -> None:
    base = item.work.requirement if item.requirement is None else item.requirement
    both = action.requirement if base == ANYONE else base & action.requirement
    work.apply_change(tx, r, item, requirement=both, cause=rule.name)


def _move(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: MoveTo) -> None:
    queue = placing.destination(r, r.queue(action.queue))
    work.detach(tx, r, item, rule.name)
    placing.enter(tx, r, item, queue, f"escalation {rule.name}")


def _alert(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: Alert) -> None:
    to = action.to
    if to.startswith("team:"):
        team = r.teams.get(to.removeprefix("team:"))
        to = team.supervisor if team is not None and team.supervisor is not None else to
    tx.emit(AlertRaised(item.id, to, rule.name))


def _park(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: ParkIn) -> None:
    work.park_in(tx, r, item.id, action.target, rule.name)


def _cancel(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: CancelWith) -> None:
    work.detach(tx, r, item, rule.name)
    tx.emit(ItemEnded(item.id, CANCELLED, action.reason))


def _time_out(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: TimeOut) -> None:
    work.time_out(tx, r, item, action.reason)


def _call_back(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: CallBack) -> None:
    assert item.queue is not None
    delay = 0 if action.delay is None else action.delay // action.delay.resolution
    home = item.queue.id
    work.detach(tx, r, item, rule.name)
    tx.emit(ItemScheduled(item.id, tx.now + max(delay, 1), None, home, True, "callback"))


def _reclassify(tx: Transaction, r: Routing, item: ItemRecord, rule: Escalation, action: Reclassify) -> None:
    reclassify(tx, r, item, dict(action.attributes))


def send_through_intake(tx: Transaction, r: Routing, item_id: str, attributes: dict[str, Any]) -> None:
    """Operation: reclassify an item that is not in anybody's hand."""
    item = r.item(item_id)
    next_state(item.id, item.state, "queue")
    reclassify(tx, r, item, attributes)


def reclassify(tx: Transaction, r: Routing, item: ItemRecord, attributes: dict[str, Any]) -> None:
    """Send an item through its intake rules again; without a queue it is held for a person."""
    intake.require(r, item.intake)
    if attributes:
        merged = work.merge_facts(item.attributes, attributes)
        work.apply_change(tx, r, item, attributes=merged, cause="reclassified")
    work.detach(tx, r, item, "reclassified")
    intake.route(tx, r, item, item.intake)


ACTIONS: dict[type, Callable[[Transaction, Routing, ItemRecord, Escalation, Any], None]] = {
    AddPriority: _add_priority,
    SetPriority: _set_priority,
    SetRequirement: _set_requirement,
    AddRequirement: _add_requirement,
    MoveTo: _move,
    Alert: _alert,
    ParkIn: _park,
    CancelWith: _cancel,
    TimeOut: _time_out,
    CallBack: _call_back,
    Reclassify: _reclassify,
}
