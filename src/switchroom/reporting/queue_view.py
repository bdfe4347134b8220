"""Queue performance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from switchroom.durations import DurationLike, Micros
from switchroom.errors import InvalidInput
from switchroom.reporting.rows import QueueRow
from switchroom.reporting.slices import sliced
from switchroom.reporting.state import State
from switchroom.reporting.sums import (
    Key,
    Keys,
    WorkSums,
    add_up,
    add_waits,
    handled,
    lost,
    mean,
    order,
    ratio,
    transferred,
)
from switchroom.reporting.where import WORK, Slots, Where, checked_by, line_key


def queue_rows(
    state: State, now: Micros, where: Where, by: Sequence[str], every: DurationLike | None, zone: str
) -> tuple[QueueRow, ...]:
    """One row for each group of work and time, by start and names; without ``every``, each queue has one."""
    if where.agents is not None:
        raise InvalidInput("where.agents", "unknown", hint="queues are not counted by agent; the view of agents is")
    names = checked_by(by, WORK)
    named = line_key(names)
    slots = Slots(every, zone, state.intervals.width_us)
    always = [(queue,) for queue in state.queues if where.queues is None or queue in where.queues]
    return tuple(
        _row(state, slots.label(start), names, group, sums, waiting)
        for start, group, sums, waiting in work_groups(
            state, now, where, slots, lambda line: (named(line),), always if names == ("queue",) and not every else ()
        )
    )


def work_groups(
    state: State, now: Micros, where: Where, slots: Slots, keys: Keys, always: Sequence[Key] = ()
) -> list[tuple[Micros, Key, WorkSums, int]]:
    """(start, group, what happened, how many wait at the end) in order; groups in which nothing happened and nothing
    waits are left out, but for those that are wanted always."""
    part = sliced(state, now, where, slots)
    waiting: defaultdict[Key, int] = defaultdict(int)
    for group, sums in add_up(state, part.earlier, where, keys).items():
        waiting[group] += sums.net
    rows: list[tuple[Micros, Key, WorkSums, int]] = []
    for start, intervals in part.groups:
        found = add_up(state, intervals, where, keys)
        if part.open_end and start == part.groups[-1][0]:
            add_waits(state, part.until, where, keys, found)
        for group, sums in found.items():
            waiting[group] += sums.net
        wanted = {*found, *always, *(group for group, count in waiting.items() if count)}
        rows.extend(
            (start, group, found.get(group) or WorkSums(), waiting[group]) for group in sorted(wanted, key=order)
        )
    return rows


def _row(
    state: State, start: datetime | None, names: tuple[str, ...], group: Key, sums: WorkSums, waiting: int
) -> QueueRow:
    stays, hands = sums.stays, sums.hands
    ended, talk, after_call = handled(hands)
    share, within = _target(state, names, group)
    judged, met = sums.judged_stays, sums.judged_hands.within
    asked = sums.judged_hands.answered + judged.abandoned + judged.timed_out
    return QueueRow(
        start=start,
        **dict(zip(names, group, strict=True)),
        offered=stays.offered,
        answered=hands.answered,
        abandoned=stays.abandoned,
        timed_out=stays.timed_out,
        cancelled=stays.cancelled,
        moved=stays.moved,
        waiting=waiting,
        overflowed=stays.overflowed,
        mean_wait=mean(hands.wait_us, hands.answered),
        max_wait=sums.max_wait,
        mean_lost_wait=mean(stays.lost_us, lost(stays)),
        service_level=ratio(met, asked),
        service_level_without_abandoned=ratio(met, asked - judged.abandoned),
        service_level_without_short=ratio(met, asked - judged.short),
        service_level_short_met=ratio(met + judged.short, asked),
        target_share=share,
        target_within=within,
        short_abandoned=stays.short,
        handled=hands.completed,
        mean_handle=mean(talk + after_call, ended),
        mean_talk=mean(talk, ended),
        mean_after_call=mean(after_call, ended),
        transferred=transferred(hands),
        escalated=stays.escalated,
        reopened=stays.reopened,
        reopen_rate=ratio(stays.reopened, hands.completed),
        first_contact=ratio(hands.first, hands.contacts),
    )


def _target(state: State, names: tuple[str, ...], group: Key) -> tuple[float | None, timedelta | None]:
    """The target of the row's queue as it is set now."""
    queue = state.queues.get(group[0] or "") if names[:1] == ("queue",) else None
    target = None if queue is None else queue.service_level
    return (None, None) if target is None else (target.share, target.within)
