"""What time does to work: rules at shares of the service level, priority rising, due dates, expiry, waits that end.

Runs inside one timer for each piece of work, where nothing may be refused: an action that is not possible becomes an
event with its reason, and the work stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast, get_args

from switchroom.errors import SwitchroomError
from switchroom.kernel.transaction import Transaction
from switchroom.routing import work as routing_work
from switchroom.routing.escalation_model import (
    Action,
    AddPriority,
    AddRequirement,
    Alert,
    CallBack,
    CallFunction,
    CancelWith,
    MoveTo,
    ParkIn,
    Reclassify,
    SetPriority,
    SetRequirement,
    TimeOut,
)
from switchroom.routing.events import AlertRaised
from switchroom.routing.fields import MAX_PRIORITY
from switchroom.routing.lifecycle import FINAL
from switchroom.routing.model import ANYONE
from switchroom.workitems import access, closing, statuses
from switchroom.workitems.changing import update, with_added
from switchroom.workitems.closing import CANCELLED, EXPIRED
from switchroom.workitems.events import (
    WorkEscalated,
    WorkEscalationFailed,
    WorkForgotten,
    WorkOverdue,
    WorkPriorityRisen,
)
from switchroom.workitems.model import CLOSED
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.sla_model import SlaRule
from switchroom.workitems.state import WorkItems
from switchroom.workitems.statuses import RULE, hand
from switchroom.workitems.views import work_view

MOVING = (MoveTo, ParkIn, CancelWith, TimeOut, CallBack, Reclassify)
"""Actions that take work from whoever has it."""


def review(tx: Transaction, w: WorkItems, id: str) -> None:
    """Timer: the next instant of a piece of work. What is due is done in a fixed order: waits that are over, statuses
    that are left, priority, rules by their share, the due date, expiry."""
    work = w.works[id]
    now = tx.now
    if work.closed:
        if work.auto is not None and work.auto[0] <= now:
            statuses.move(tx, w, work, work.auto[1], "automatic")
        else:
            tx.emit(WorkForgotten(id))
        return
    if work.until_us is not None and work.until_us <= now:
        statuses.move(tx, w, work, statuses.wakened(w, work), "the time is over")
    if work.auto is not None and work.auto[0] <= now:
        _leave_status(tx, w, work, work.auto[1])
    for step in (_rules, _due, _expiry):
        if work.closed:
            return
        step(tx, w, work)


def _leave_status(tx: Transaction, w: WorkItems, work: WorkRecord, to: str) -> None:
    status = work.spec.status(to)
    if status is not None and status.category == CLOSED and work.spec.allows(work.status.id, to):
        outcome = to if to in (CANCELLED, EXPIRED) else closing.COMPLETED
        closing.end(tx, w, work, to, outcome, "automatic", RULE)
    else:
        statuses.move(tx, w, work, to, "automatic")


def _rules(tx: Transaction, w: WorkItems, work: WorkRecord) -> None:
    """Priority first, so that what a rule moves takes its new priority along; then the rules that have come due."""
    if work.bin is None:
        rise(tx, w, work)
    sla = work.spec.sla
    if sla is None:
        return
    stay = work.stay
    for rule in sla.rules:
        reached = w.reached(work, rule.share)
        if reached is None or reached > tx.now or work.closed or work.stay != stay:
            return
        if rule.name not in work.fired:
            fire(tx, w, work, rule)


def rise(tx: Transaction, w: WorkItems, work: WorkRecord) -> None:
    """Let routing know what the curve has added to the priority by now."""
    sla = work.spec.sla
    if sla is None or sla.curve is None:
        return
    added = w.added(work, tx.now)
    stair = sla.curve.next_share(work.added)
    reached = None if stair is None else w.reached(work, stair)
    if stair is not None and reached is not None and reached <= tx.now:
        added = max(added, sla.curve.added(stair))
    if added <= work.added:
        return
    item = w.routing.items.get(work.item)
    if item is not None and item.state not in FINAL:
        wanted = with_added(work.priority, added)
        routing_work.apply_change(tx, w.routing, item, priority=wanted, cause=SLA)
    tx.emit(WorkPriorityRisen(work.id, added))


SLA = "sla"
"""The cause of a change in routing that the service level makes."""


def _due(tx: Transaction, w: WorkItems, work: WorkRecord) -> None:
    due = w.due(work)
    if not work.overdue and due is not None and due <= tx.now:
        held = hand(w, work)
        tx.emit(WorkOverdue(work.id, due, None if held is None else held.agent.id))


def _expiry(tx: Transaction, w: WorkItems, work: WorkRecord) -> None:
    """Work that has expired is closed, unless an agent has it in hand: then it expires when it is given back."""
    if work.expires_us is None or work.expires_us > tx.now or work.agent is not None:
        return
    closing.end(tx, w, work, work.spec.closed_as(EXPIRED).id, EXPIRED, EXPIRED, RULE)


# -- rules


class Doing(NamedTuple):
    """On whose behalf actions are done: the name of the rule or trigger, and the origin of what changes."""

    name: str
    origin: str


def fire(tx: Transaction, w: WorkItems, work: WorkRecord, rule: SlaRule) -> None:
    """Fire one rule: its actions in order, as long as the work is open."""
    actions = expand(tx, w, work, rule.actions)
    tx.emit(WorkEscalated(work.id, rule.name, rule.share, actions))
    perform(tx, w, work, rule.name, actions, rule.take)


def expand(tx: Transaction, w: WorkItems, work: WorkRecord, given: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions, with those that functions return in place of the calls."""
    found: list[Action] = []
    for action in given:
        if isinstance(action, CallFunction):
            view = work_view(w, work, tx.now)
            found.extend(w.routing.functions.call(tx, work.item, action.name, _valid_actions, (), view))
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


def perform(
    tx: Transaction,
    w: WorkItems,
    work: WorkRecord,
    name: str,
    actions: tuple[Action, ...],
    take: bool,
    origin: str = RULE,
) -> None:
    """Do actions in order. What is not possible is told by an event, and the others follow."""
    for action in actions:
        if work.closed:
            return
        held = hand(w, work)
        if held is not None and isinstance(action, MOVING) and not take:
            tx.emit(WorkEscalationFailed(work.id, name, f"in the hand of {held.agent.id}"))
            continue
        try:
            ACTIONS[type(action)](tx, w, work, Doing(name, origin), action)
        except SwitchroomError as refusal:
            tx.emit(WorkEscalationFailed(work.id, name, refusal.message))


def _set_priority(tx: Transaction, w: WorkItems, work: WorkRecord, doing: Doing, action: SetPriority) -> None:
    update(tx, w, work.id, None, action.priority, None, None, None, "", doing.origin, None)


def _add_priority(tx: Transaction, w: WorkItems, work: WorkRecord, doing: Doing, action: AddPriority) -> None:
    raised = max(-MAX_PRIORITY, min(MAX_PRIORITY, work.priority + action.points))
    update(tx, w, work.id, None, raised, None, None, None, "", doing.origin, None)


def _set_requirement(tx: Transaction, w: WorkItems, work: WorkRecord, doing: Doing, action: SetRequirement) -> None:
    update(tx, w, work.id, None, None, action.requirement, None, None, "", doing.origin, None)


def _add_requirement(tx: Transaction, w: WorkItems, work: WorkRecord, doing: Doing, action: AddRequirement) -> None:
    item = w.routing.item(work.item)
    base = item.work.requirement if item.requirement is None else item.requirement
    both = action.requirement if base == ANYONE else base & action.requirement
    update(tx, w, work.id, None, None, both, None, None, "", doing.origin, None)


def _move_to(tx: Transaction, w: WorkItems, work: WorkRecord, doing: Doing, action: MoveTo) -> None:
    routing_work.move(tx, w.routing, work.item, action.queue, False, None)


def _park_in(tx: Transaction, w: WorkItems, work: WorkRecord, doing: Doing, action: ParkIn) -> None:
    kind, _, bin = action.target.partition(":")
    target = action.target
    if kind == access.WORKBIN and kind not in w.routing.targets:
        target = f"{kind}:{access.resolve(w, bin, work)}"
        if work.bin is not None and target == f"{kind}:{work.bin.id}":
            return
    routing_work.park_in(tx, w.routing, work.item, target, doing.name)


def _alert(tx: Transaction, w: WorkItems, work: WorkRecord, doing: Doing, action: Alert) -> None:
    to = action.to
    team = w.routing.teams.get(to.removeprefix("team:")) if to.startswith("team:") else None
    if team is not None and team.supervisor is not None:
        to = team.supervisor
    elif to == access.SUPERVISOR:
        to = access.resolve(w, access.SUPERVISOR, work).partition(":")[2]
    tx.emit(AlertRaised(work.item, to, doing.name))


def _cancel(tx: Transaction, w: WorkItems, work: WorkRecord, doing: Doing, action: CancelWith | TimeOut) -> None:
    closing.end(tx, w, work, work.spec.closed_as(CANCELLED).id, CANCELLED, action.reason, doing.origin)


def _impossible(tx: Transaction, w: WorkItems, work: WorkRecord, doing: Doing, action: CallBack | Reclassify) -> None:
    reason = f"{type(action).__name__} is an action of queues, not of work"
    tx.emit(WorkEscalationFailed(work.id, doing.name, reason))


ACTIONS: dict[type, Callable[[Transaction, WorkItems, WorkRecord, Doing, Any], None]] = {
    AddPriority: _add_priority,
    SetPriority: _set_priority,
    SetRequirement: _set_requirement,
    AddRequirement: _add_requirement,
    MoveTo: _move_to,
    ParkIn: _park_in,
    Alert: _alert,
    CancelWith: _cancel,
    TimeOut: _cancel,
    CallBack: _impossible,
    Reclassify: _impossible,
}
