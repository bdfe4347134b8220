"""When the escalation rules of a queue fire for an item."""

from __future__ import annotations

from switchroom.routing.escalation_model import Escalation
from switchroom.routing.fields import micros
from switchroom.routing.records import ItemRecord, QueueRecord


def due_at(rule: Escalation, item: ItemRecord, queue: QueueRecord) -> int | None:
    """The instant at which a rule that goes by time fires for an item; None for one that does not."""
    if rule.after_wait is not None:
        return item.joined_us + micros(rule.after_wait)
    if rule.after_age is not None:
        return item.submitted_us + micros(rule.after_age)
    if rule.nobody_for is not None:
        return (item.postponed or {}).get(rule.name, item.joined_us + micros(rule.nobody_for))
    if rule.sla_share is not None and queue.spec.service_level is not None:
        return item.entered_us + round(micros(queue.spec.service_level.within) * rule.sla_share)
    return None


def next_escalation(item: ItemRecord, queue: QueueRecord) -> int | None:
    """The earliest instant of a rule that has not fired in this stay; it may have passed already."""
    rules = queue.spec.escalations
    if not rules:
        return None
    times = (due_at(rule, item, queue) for rule in rules if rule.name not in item.fired)
    return min((t for t in times if t is not None), default=None)


def due_rules(item: ItemRecord, queue: QueueRecord, now: int) -> list[Escalation]:
    """The rules that go by time and are due, in the order of their instants, then as written."""
    found: list[tuple[int, int, Escalation]] = []
    for number, rule in enumerate(queue.spec.escalations):
        due = None if rule.name in item.fired else due_at(rule, item, queue)
        if due is not None and due <= now:
            found.append((due, number, rule))
    return [rule for _, _, rule in sorted(found, key=lambda entry: entry[:2])]
