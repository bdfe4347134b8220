"""Work items: what is counted of their events, and the view of their service level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs

from switchroom.durations import DurationLike, Micros
from switchroom.reporting import segments
from switchroom.reporting.open_work import OpenTask
from switchroom.reporting.state import State
from switchroom.reporting.sums import mean, ratio
from switchroom.reporting.tallies import tallied
from switchroom.reporting.where import Slots, Where

VIEW = "tasks"


@attrs.frozen(kw_only=True)
class TaskRow:
    """Work of one worktype. ``submitted`` + ``reopened`` + open before = ``completed`` + ``cancelled`` + ``expired`` +
    ``open``. ``in_time``: completed without having been overdue; ``service_level``: those of all completed.
    ``mean_time``: from the start of the clock to completion, by the calendar on the wall."""

    start: datetime | None = None
    worktype: str | None
    submitted: int
    reopened: int
    completed: int
    cancelled: int
    expired: int
    open: int
    overdue: int
    overdue_open: int
    escalated: int
    in_time: int
    service_level: float | None
    mean_time: timedelta | None


def _submitted(s: State, at: Micros, e: Any) -> None:
    s.works[e.work] = OpenTask(e.worktype, e.start_us)
    s.tally(VIEW, (e.worktype,), "submitted")
    segments.given(s, e)


def _reopened(s: State, at: Micros, e: Any) -> None:
    work = s.works[e.work]
    work.start_us, work.overdue, work.closed = e.start_us, False, False
    s.tally(VIEW, (work.worktype,), "reopened")


def _closed(s: State, at: Micros, e: Any) -> None:
    work = s.works[e.work]
    work.closed = True
    key = (work.worktype,)
    s.tally(VIEW, key, e.outcome)
    if work.overdue:
        s.tally(VIEW, key, "overdue_over")
    if e.outcome == "completed":
        s.tally(VIEW, key, "time_us", max(0, at - work.start_us))
        s.tally(VIEW, key, "in_time", not work.overdue)


def _overdue(s: State, at: Micros, e: Any) -> None:
    work = s.works[e.work]
    if not work.overdue and not work.closed:
        work.overdue = True
        s.tally(VIEW, (work.worktype,), "overdue")


def _escalated(s: State, at: Micros, e: Any) -> None:
    s.tally(VIEW, (s.works[e.work].worktype,), "escalated")


def _forgotten(s: State, at: Micros, e: Any) -> None:
    s.works.pop(e.work, None)


TAKERS: dict[str, Callable[[State, Micros, Any], None]] = {
    "workitems.distribution_saved": segments.saved,
    "workitems.submitted": _submitted,
    "workitems.reopened": _reopened,
    "workitems.closed": _closed,
    "workitems.overdue": _overdue,
    "workitems.escalated": _escalated,
    "workitems.forgotten": _forgotten,
}
"""Event type -> what it does."""


def task_rows(state: State, now: Micros, where: Where, every: DurationLike | None, zone: str) -> tuple[TaskRow, ...]:
    """One row for each worktype in which something happened, by start and name."""
    slots = Slots(every, zone, state.intervals.width_us)
    return tuple(
        TaskRow(
            start=slots.label(start),
            worktype=key[0],
            submitted=one["submitted"],
            reopened=one["reopened"],
            completed=one["completed"],
            cancelled=one["cancelled"],
            expired=one["expired"],
            open=all["submitted"] + all["reopened"] - all["completed"] - all["cancelled"] - all["expired"],
            overdue=one["overdue"],
            overdue_open=all["overdue"] - all["overdue_over"],
            escalated=one["escalated"],
            in_time=one["in_time"],
            service_level=ratio(one["in_time"], one["completed"]),
            mean_time=mean(one["time_us"], one["completed"]),
        )
        for start, key, one, all in tallied(state, now, where, slots, VIEW)
    )
