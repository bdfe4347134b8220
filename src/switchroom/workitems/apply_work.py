"""What the events of work do to the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.workitems.events import (
    SyncLost,
    TriggerFired,
    TriggerLeft,
    TriggerWaits,
    WorkBinned,
    WorkChanged,
    WorkClosed,
    WorkCoded,
    WorkEscalated,
    WorkEscalationFailed,
    WorkForgotten,
    WorkNoteAdded,
    WorkOverdue,
    WorkPriorityRisen,
    WorkReleased,
    WorkReopened,
    WorkStatusChanged,
    WorkSubmitted,
    WorkTaken,
    WorkUnbinned,
)
from switchroom.workitems.model import Status
from switchroom.workitems.records import NONE, WorkRecord
from switchroom.workitems.state import TriggerRun, WorkItems

# -- life


def submitted(w: WorkItems, e: WorkSubmitted, at: int) -> None:
    w.listen()
    w.count += 1
    spec = w.worktypes[e.worktype]
    status = spec.status(e.status)
    assert status is not None
    work = w.works[e.work] = WorkRecord(e.work, e.item, spec, status, w.count, at)
    work.attributes, work.links, work.priority = e.attributes, e.links, e.priority
    work.contact, work.journey, work.division = e.contact, e.journey, e.division
    work.source, work.external_id, work.requirement = e.source, e.external_id, e.requirement
    if e.source is not None and e.external_id is not None:
        w.by_external[e.source, e.external_id] = e.work
    work.due_us, work.expires_us = e.due_us, e.expires_us
    if e.distribution is not None and e.queue is not None:
        w.given[e.distribution][e.queue] += 1
    if e.queue is not None:
        work.home = f"queue:{e.queue}"
    w.set_clock(work, at, e.start_us)
    w.arm(work, at)


def changed(w: WorkItems, e: WorkChanged, at: int) -> None:
    work = w.works[e.work]
    bin = w.lift(work)
    work.version += 1
    if e.attributes is not None or e.removed:
        kept = {k: v for k, v in work.attributes.items() if k not in e.removed}
        work.attributes = {**kept, **(e.attributes or {})}
    if e.priority is not None:
        work.priority = e.priority
    if e.due_us is not None:
        work.due_us = e.due_us
        work.overdue = work.overdue and e.due_us <= at
    if e.links is not None:
        work.links = e.links
    w.lay(work, bin)
    w.arm(work, at)


def status_changed(w: WorkItems, e: WorkStatusChanged, at: int) -> None:
    work = w.works[e.work]
    status = work.spec.status(e.status)
    assert status is not None
    bin = w.lift(work)
    enter(w, work, status, at, at)
    work.until_us = e.until_us
    w.lay(work, bin)
    w.arm(work, at)


def enter(w: WorkItems, work: WorkRecord, status: Status, at: int, start: int) -> None:
    work.status, work.status_us, work.until_us = status, at, None
    work.version += 1
    w.set_clock(work, at, start)


def touched(w: WorkItems, e: WorkNoteAdded, at: int) -> None:
    w.works[e.work].version += 1


def taken(w: WorkItems, e: WorkTaken, at: int) -> None:
    work = w.works[e.work]
    w.lift(work)
    work.agent, work.assignment, work.last_agent = e.agent, e.assignment, e.agent
    work.version += 1
    w.arm(work, at)


def released(w: WorkItems, e: WorkReleased, at: int) -> None:
    work = w.works[e.work]
    work.agent = work.assignment = None
    work.version += 1
    w.arm(work, at)


def binned(w: WorkItems, e: WorkBinned, at: int) -> None:
    work = w.works[e.work]
    w.lift(work)
    work.priority = e.priority
    work.home = f"workbin:{e.workbin}"
    work.version += 1
    w.lay(work, w.bin(e.workbin))
    w.arm(work, at)


def unbinned(w: WorkItems, e: WorkUnbinned, at: int) -> None:
    work = w.works[e.work]
    w.lift(work)
    work.home = "" if e.queue is None else f"queue:{e.queue}"
    w.arm(work, at)


def closed(w: WorkItems, e: WorkClosed, at: int) -> None:
    work = w.works[e.work]
    status = work.spec.status(e.status)
    assert status is not None
    w.lift(work)
    enter(w, work, status, at, at)
    work.agent = work.assignment = None
    work.closed_us, work.outcome, work.code = at, e.outcome, e.code
    w.arm(work, at)


def coded(w: WorkItems, e: WorkCoded, at: int) -> None:
    w.works[e.work].code = e.code


def reopened(w: WorkItems, e: WorkReopened, at: int) -> None:
    work = w.works[e.work]
    status = work.spec.status(e.status)
    assert status is not None
    w.by_item.pop(work.item, None)
    work.item = e.item
    if e.item != work.id:
        w.by_item[e.item] = work.id
    work.stay += 1
    work.closed_us = work.outcome = work.code = None
    work.used_us, work.running_us, work.added, work.fired = 0, None, 0, NONE
    work.due_us, work.expires_us, work.overdue = e.due_us, e.expires_us, False
    enter(w, work, status, at, e.start_us)
    w.arm(work, at)


def forgotten(w: WorkItems, e: WorkForgotten, at: int) -> None:
    work = w.works.pop(e.work)
    w.by_item.pop(work.item, None)
    if work.source is not None and work.external_id is not None:
        w.by_external.pop((work.source, work.external_id), None)


# -- time


def overdue(w: WorkItems, e: WorkOverdue, at: int) -> None:
    work = w.works[e.work]
    work.overdue = True
    w.arm(work, at)


def escalated(w: WorkItems, e: WorkEscalated, at: int) -> None:
    work = w.works[e.work]
    work.fired = work.fired | {e.rule}
    w.arm(work, at)


def risen(w: WorkItems, e: WorkPriorityRisen, at: int) -> None:
    work = w.works[e.work]
    work.added = e.added
    w.arm(work, at)


# -- triggers that wait


def waits(w: WorkItems, e: TriggerWaits, at: int) -> None:
    if e.run not in w.runs:
        w.run_count += 1
    run = w.runs[e.run] = TriggerRun(e)
    w.deadlines.set(("trigger", run.id), run.until_us)
    if run.effect is not None:
        w.by_effect[run.effect] = run.id


def left(w: WorkItems, e: TriggerLeft, at: int) -> None:
    run = w.runs.pop(e.run)
    w.deadlines.cancel(("trigger", run.id))
    if run.effect is not None:
        w.by_effect.pop(run.effect, None)


def noted(w: WorkItems, e: object, at: int) -> None:
    """An event that tells something and changes nothing."""


APPLIERS: dict[type, Callable[[WorkItems, Any, int], None]] = {
    WorkSubmitted: submitted,
    WorkChanged: changed,
    WorkStatusChanged: status_changed,
    WorkNoteAdded: touched,
    WorkTaken: taken,
    WorkReleased: released,
    WorkBinned: binned,
    WorkUnbinned: unbinned,
    WorkClosed: closed,
    WorkCoded: coded,
    WorkReopened: reopened,
    WorkForgotten: forgotten,
    WorkOverdue: overdue,
    WorkEscalated: escalated,
    WorkEscalationFailed: noted,
    WorkPriorityRisen: risen,
    TriggerFired: noted,
    TriggerWaits: waits,
    TriggerLeft: left,
    SyncLost: noted,
}
