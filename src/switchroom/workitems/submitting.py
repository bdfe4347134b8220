"""Taking work in: worktype by rule, validation, defaults, dates, and the place where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from switchroom.durations import from_micros, to_micros
from switchroom.errors import DuplicateId, InvalidInput, NotAllowed
from switchroom.kernel.transaction import Transaction
from switchroom.routing import work as routing_work
from switchroom.routing.fields import Fact
from switchroom.routing.model import ANYONE, WorkItem
from switchroom.routing.requirements import Requirement
from switchroom.workitems import attributes
from switchroom.workitems.access import WORKBIN, resolve
from switchroom.workitems.events import WorkBinned, WorkSubmitted
from switchroom.workitems.model import OPEN, Worktype
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.source_model import Distribution, SourceRule
from switchroom.workitems.state import WorkItems


@attrs.frozen(kw_only=True)
class Plan:
    """What becomes of new work: its kind, its values, and one place at most."""

    spec: Worktype
    attributes: Mapping[str, Fact]
    queue: str | None
    workbin: str | None
    distribution: str | None
    priority: int
    requirement: Requirement
    due_us: int | None
    expires_us: int | None
    start_us: int


def submit(tx: Transaction, w: WorkItems, item: WorkItem, intake: str | None, origin: str) -> str:
    """Take in work with a worktype, of its own or by its source's rules; returns its id.

    Work of a (source, external id) that is known already changes nothing and returns the known id. Refuses unknown
    worktypes, attributes that do not fit, and what routing refuses.
    """
    known = find(w, item.source, item.external_id)
    if known is not None:
        return known.id
    plan = planned(tx, w, item)
    id = item.id or tx.ids.new("item", tx.now)
    if id in w.works:
        raise DuplicateId("work", id)
    try:
        w.expecting = id
        routing_work.submit(tx, w.routing, routed(item, id, plan), intake)
    finally:
        w.expecting = None
    tx.emit(
        WorkSubmitted(
            work=id,
            item=id,
            worktype=plan.spec.id,
            status=plan.spec.first(OPEN).id,
            attributes=plan.attributes,
            start_us=plan.start_us,
            priority=plan.priority,
            source=item.source,
            external_id=item.external_id,
            contact=item.contact,
            journey=item.journey,
            links=item.links,
            due_us=plan.due_us,
            expires_us=plan.expires_us,
            division=item.division,
            distribution=plan.distribution,
            queue=plan.queue,
            requirement=plan.requirement,
            origin=origin,
        )
    )
    if plan.workbin is not None:
        tx.emit(WorkBinned(id, plan.workbin, plan.priority, reason="submitted"))
    return id


def find(w: WorkItems, source: str | None, external_id: str | None) -> WorkRecord | None:
    """The work that a source's task became, while it is known."""
    if source is None or external_id is None:
        return None
    return w.works.get(w.by_external.get((source, external_id), ""))


# -- the plan


def planned(tx: Transaction, w: WorkItems, item: WorkItem) -> Plan:
    """Everything that rules and defaults say about new work. What the item says itself goes first, then the rules of
    its source in order, then its worktype. Refuses before anything has happened."""
    rules = fitting(w, item)
    name = item.worktype or next((rule.worktype for rule in rules if rule.worktype is not None), None)
    if name is None and item.source is not None:
        name = w.sources[item.source].worktype
    if name is None:
        raise InvalidInput("item.worktype", "missing", item.external_id, hint="neither the item nor a rule names one")
    spec = w.worktype(name)
    given: dict[str, Any] = {}
    for rule in reversed(rules):
        given.update(rule.attributes)
    given.update(item.attributes)
    start_us = tx.now if item.at is None else max(to_micros(item.at), tx.now)
    queue, workbin, distribution = _place(w, item, rules, spec)
    return Plan(
        spec=spec,
        attributes=attributes.complete(spec, given),
        queue=queue,
        workbin=workbin,
        distribution=distribution,
        priority=_priority(item, rules, spec),
        requirement=_requirement(item, rules, spec),
        due_us=_date(w, spec, "due", item, start_us),
        expires_us=None if spec.expires is None else w.instant(spec.expires, start_us),
        start_us=start_us,
    )


def fitting(w: WorkItems, item: WorkItem) -> list[SourceRule]:
    """The rules of the item's source that hold for it. Refuses an unknown source."""
    if item.source is None:
        return []
    facts: dict[str, Fact] = {**item.attributes, "priority": item.priority}
    if item.worktype is not None:
        facts["worktype"] = item.worktype
    return [rule for rule in w.source(item.source).rules if rule.when.holds(facts)]


def _place(
    w: WorkItems, item: WorkItem, rules: list[SourceRule], spec: Worktype
) -> tuple[str | None, str | None, str | None]:
    """(queue, workbin, distribution): all None if the intake rules decide, or another target."""
    kind, _, name = (item.target or "").partition(":")
    if kind == WORKBIN and kind not in w.routing.targets:
        return None, resolve(w, name), None
    if item.queue is not None or item.target is not None:
        return item.queue, None, None
    rule = next((rule for rule in rules if rule.queue is not None or rule.workbin is not None), None)
    queue, workbin = (spec.queue, spec.workbin) if rule is None else (rule.queue, rule.workbin)
    if workbin is not None and item.parked:
        return None, None, None
    if workbin is not None:
        if item.at is not None or item.when_quiet is not None:
            raise NotAllowed("defer", "work", item.id or "", "for a workbin: only a queue can wait for a time")
        return None, resolve(w, workbin), None
    if queue is None and spec.distribution is not None:
        return behind(w, w.distributions[spec.distribution]), None, spec.distribution
    return queue, None, None


def behind(w: WorkItems, spec: Distribution) -> str:
    """The queue that is furthest behind its share, the first of several. Linear in the queues of the distribution."""
    given, total = w.given[spec.id], sum(spec.shares.values())
    coming = sum(given.values()) + 1
    return max(spec.shares, key=lambda queue: spec.shares[queue] / total * coming - given[queue])


def _priority(item: WorkItem, rules: list[SourceRule], spec: Worktype) -> int:
    if item.priority:
        return item.priority
    return next((rule.priority for rule in rules if rule.priority is not None), spec.priority)


def _requirement(item: WorkItem, rules: list[SourceRule], spec: Worktype) -> Requirement:
    """The item's own, else the worktype's, and besides it those of every rule that fits."""
    found = spec.requirement if item.requirement == ANYONE else item.requirement
    for rule in rules:
        if rule.requirement != ANYONE:
            found = rule.requirement if found == ANYONE else found & rule.requirement
    return found


def _date(w: WorkItems, spec: Worktype, name: str, item: WorkItem, start_us: int) -> int | None:
    given = getattr(item, name, None)
    rule = getattr(spec, name)
    if given is not None:
        return to_micros(given)
    return None if rule is None else w.instant(rule, start_us)


def routed(item: WorkItem, id: str, plan: Plan) -> WorkItem:
    """The work as routing sees it: an item without a kind, with what its rules look at."""
    return attrs.evolve(
        item,
        id=id,
        queue=plan.queue,
        target=item.target if plan.workbin is None else f"{WORKBIN}:{plan.workbin}",
        requirement=plan.requirement,
        priority=plan.priority,
        attributes=plan.attributes,
        due=None if plan.due_us is None else from_micros(plan.due_us),
        medium=plan.spec.medium if item.medium == "workitem" else item.medium,
        worktype=None,
        source=None,
        external_id=None,
        links=(),
        journey=None,
    )
