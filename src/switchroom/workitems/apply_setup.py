"""What the events of configuration do to the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.workitems.events import (
    CalendarSaved,
    DistributionSaved,
    SourceSaved,
    TriggerSaved,
    WorkbinSaved,
    WorktypeSaved,
)
from switchroom.workitems.model import Worktype
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems


def calendar_saved(w: WorkItems, e: CalendarSaved, at: int) -> None:
    """Time that a running clock has counted so far stays counted as it was."""
    running = [work for work in w.works.values() if work.running_us is not None and _counts_by(work, e.calendar)]
    for work in running:
        work.used_us, work.running_us = w.used(work, at), max(at, work.running_us or at)
    w.calendars[e.calendar] = e.spec
    for work in running:
        w.refile(work, at)


def _counts_by(work: WorkRecord, calendar: str) -> bool:
    return work.spec.sla is not None and work.spec.sla.calendar == calendar


def worktype_saved(w: WorkItems, e: WorktypeSaved, at: int) -> None:
    w.listen()
    old = w.worktypes.get(e.worktype)
    w.worktypes[e.worktype] = e.spec
    if old is None:
        return
    for work in w.works.values():
        if work.spec is old:
            _respec(w, work, e.spec, at)


def _respec(w: WorkItems, work: WorkRecord, spec: Worktype, at: int) -> None:
    """Work that is there follows the new settings, in a status of the same name or the first of its category."""
    bin = w.lift(work)
    work.used_us = w.used(work, at)
    work.running_us = None if work.running_us is None else max(at, work.running_us)
    category = work.status.category
    work.spec = spec
    same = spec.status(work.status.id)
    if same is None or (same.category == "closed") != (category == "closed"):
        same = next((s for s in spec.statuses if s.category == category), spec.first("open"))
    work.status = same
    if work.closed_us is None:
        w.set_clock(work, at, at)
    w.lay(work, bin)
    w.arm(work, at)


def workbin_saved(w: WorkItems, e: WorkbinSaved, at: int) -> None:
    w.workbins[e.workbin] = e.spec


def source_saved(w: WorkItems, e: SourceSaved, at: int) -> None:
    w.sources[e.source] = e.spec


def distribution_saved(w: WorkItems, e: DistributionSaved, at: int) -> None:
    old = w.distributions.get(e.distribution)
    w.distributions[e.distribution] = e.spec
    if old is None or old.shares != e.spec.shares:
        w.given[e.distribution] = dict.fromkeys(e.spec.shares, 0)


def trigger_saved(w: WorkItems, e: TriggerSaved, at: int) -> None:
    w.triggers[e.trigger] = e.spec


APPLIERS: dict[type, Callable[[WorkItems, Any, int], None]] = {
    CalendarSaved: calendar_saved,
    WorktypeSaved: worktype_saved,
    WorkbinSaved: workbin_saved,
    SourceSaved: source_saved,
    DistributionSaved: distribution_saved,
    TriggerSaved: trigger_saved,
}
