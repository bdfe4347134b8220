"""What callers and the embedder's functions get of work: copies, never the records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from switchroom.durations import from_micros
from switchroom.routing.fields import Fact, micros
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems

if TYPE_CHECKING:
    from attrs import frozen as light
else:
    # A page makes many of them: see there.
    from switchroom.routing.model import light


@light(slots=True, kw_only=True)
class WorkView:
    """A piece of work as it is now.

    ``priority``: with what its curve adds now. ``due``: its own date, else the end of its service level, None while
    that stands still. ``sla_used``: the share of the service level that is used (above 1: missed), None without one.
    ``place``: the queue, workbin or other target it is in, as ``queue:claims``; None in an agent's hand.
    """

    id: str
    item: str
    worktype: str
    status: str
    category: str
    attributes: Mapping[str, Fact]
    links: tuple[str, ...]
    source: str | None
    external_id: str | None
    contact: str | None
    journey: str | None
    division: str
    priority: int
    due: datetime | None
    overdue: bool
    expires: datetime | None
    suspended_until: datetime | None
    sla_used: float | None
    sla_left: timedelta | None
    place: str | None
    agent: str | None
    assignment: str | None
    submitted: datetime
    status_since: datetime
    closed: datetime | None
    outcome: str | None
    code: str | None
    stay: int
    version: int


def _instant(us: int | None) -> datetime | None:
    return None if us is None else from_micros(us)


def place_of(w: WorkItems, work: WorkRecord) -> str | None:
    """Where work is, as ``queue:ID``, ``workbin:NAME`` or the name of another target."""
    if work.bin is not None:
        return f"workbin:{work.bin.id}"
    item = w.routing.items.get(work.item)
    if item is None or work.closed or item.assignment is not None:
        return None
    if item.target is not None:
        return item.target
    queue = item.schedule[2] if item.schedule is not None else None if item.queue is None else item.queue.id
    return None if queue is None else f"queue:{queue}"


def work_view(w: WorkItems, work: WorkRecord, now: int) -> WorkView:
    """A copy of what the record says, with clocks as they stand now."""
    sla = work.spec.sla
    used = w.used(work, now)
    return WorkView(
        id=work.id,
        item=work.item,
        worktype=work.spec.id,
        status=work.status.id,
        category=work.status.category,
        attributes=work.attributes,
        links=work.links,
        source=work.source,
        external_id=work.external_id,
        contact=work.contact,
        journey=work.journey,
        division=work.division,
        priority=w.priority(work, now),
        due=_instant(w.due(work)),
        overdue=work.overdue,
        expires=_instant(work.expires_us),
        suspended_until=_instant(work.until_us),
        sla_used=None if sla is None else used / micros(sla.target),
        sla_left=None if sla is None else sla.target - timedelta(microseconds=used),
        place=place_of(w, work),
        agent=work.agent,
        assignment=work.assignment,
        submitted=from_micros(work.submitted_us),
        status_since=from_micros(work.status_us),
        closed=_instant(work.closed_us),
        outcome=work.outcome,
        code=work.code,
        stay=work.stay,
        version=work.version,
    )


def facts_of(w: WorkItems, work: WorkRecord, now: int) -> dict[str, Fact]:
    """What filters of workbins and conditions of triggers look at: the attributes, and the work's own fields."""
    facts: dict[str, Fact] = {
        **work.attributes,
        "worktype": work.spec.id,
        "status": work.status.id,
        "category": work.status.category,
        "priority": w.priority(work, now),
        "overdue": work.overdue,
        "division": work.division,
    }
    named = (("source", work.source), ("contact", work.contact), ("agent", work.agent), ("code", work.code))
    facts.update((name, value) for name, value in named if value is not None)
    return facts
