"""Intake: which queue a new item goes to, by rules over its attributes."""

from __future__ import annotations

from switchroom.durations import to_micros
from switchroom.errors import Refused, UnknownId
from switchroom.kernel.limits import require_room
from switchroom.kernel.transaction import Transaction
from switchroom.routing import placing
from switchroom.routing.events import IntakeSaved, ItemChanged, ItemEnded
from switchroom.routing.fields import Fact
from switchroom.routing.intake_model import Intake, IntakeRule
from switchroom.routing.lifecycle import CANCELLED
from switchroom.routing.model import ANYONE
from switchroom.routing.records import ItemRecord
from switchroom.routing.requirements import Requirement
from switchroom.routing.state import Routing

DEFAULT = "default"
"""The intake that is used when none is named."""


MAX_INTAKES = 10_000


def save(tx: Transaction, r: Routing, spec: Intake) -> None:
    """Add or replace intake rules. Refuses rules that name unknown queues."""
    for queue in [*(rule.queue for rule in spec.rules), spec.fallback]:
        if queue is not None:
            r.queue(queue)
    require_room(r.intakes, spec.id, "intakes", MAX_INTAKES)
    tx.emit(IntakeSaved(spec.id, spec))


def require(r: Routing, intake_id: str | None) -> Intake | None:
    """The named rules; without a name the default ones, if there are any."""
    known = r.intakes.get(intake_id or DEFAULT)
    if known is None and intake_id is not None:
        raise UnknownId("intake", intake_id)
    return known


def facts_of(item: ItemRecord) -> dict[str, Fact]:
    """What intake rules look at."""
    facts: dict[str, Fact] = {**item.attributes, "medium": item.work.medium, "priority": item.priority}
    if item.work.channel is not None:
        facts["channel"] = item.work.channel
    return facts


def route(tx: Transaction, r: Routing, item: ItemRecord, intake_id: str | None, entered: int | None = None) -> None:
    """Send an item where the rules say; where they say nothing, hold it for a person or cancel it, visibly."""
    spec = require(r, intake_id)
    if spec is None:
        placing.hold(tx, item, "no intake rules")
        return
    facts = facts_of(item)
    fitting = [rule for rule in spec.rules if rule.when.holds(facts)]
    queue_id = next((rule.queue for rule in fitting if rule.queue is not None), spec.fallback)
    _adopt(tx, item, fitting)
    if queue_id is None:
        _nowhere(tx, r, item, spec)
        return
    try:
        if _deferred(tx, r, item, queue_id):
            return
        queue = placing.destination(r, r.queue(queue_id))
    except (Refused, UnknownId) as refusal:
        placing.hold(tx, item, refusal.message)
        return
    placing.enter(tx, r, item, queue, "classified", entered)


def _deferred(tx: Transaction, r: Routing, item: ItemRecord, queue_id: str) -> bool:
    """Whether new work is for later: its queue is chosen now, and it enters when its time comes."""
    work = item.work
    until = None if work.at is None else to_micros(work.at)
    if item.stay or ((until is None or until <= tx.now) and work.when_quiet is None):
        return False
    placing.defer(tx, item, until, work.when_quiet, r.queue(queue_id).id, keep_entered=False)
    return True


def _adopt(tx: Transaction, item: ItemRecord, rules: list[IntakeRule]) -> None:
    """The priority of the first rule that has one, and every rule's requirement besides the item's own."""
    priority = next((rule.priority for rule in rules if rule.priority is not None), None)
    requirement: Requirement | None = None
    for rule in rules:
        if rule.requirement != ANYONE:
            requirement = (item.work.requirement if requirement is None else requirement) & rule.requirement
    if priority is not None or requirement is not None:
        tx.emit(ItemChanged(item.id, priority=priority, requirement=requirement, cause="classified"))


def _nowhere(tx: Transaction, r: Routing, item: ItemRecord, spec: Intake) -> None:
    if spec.on_nothing == "cancel":
        tx.emit(ItemEnded(item.id, CANCELLED, f"no rule of intake {spec.id} fits"))
    else:
        placing.hold(tx, item, f"no rule of intake {spec.id} fits")
