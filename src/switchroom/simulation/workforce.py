"""What a log says for workforce planning: arrivals and handle times of each interval."""

from __future__ import annotations

from datetime import timedelta

from switchroom.durations import DurationLike, duration
from switchroom.reporting.views import Views
from switchroom.reporting.where import EVERYTHING, Where
from switchroom.simulation.demand import Demand


def demand(views: Views, where: Where = EVERYTHING, *, interval: DurationLike = "30m") -> tuple[Demand, ...]:
    """The stays offered in each interval, and the mean handle time of those that ended in it, by time.

    From the first interval in which work came in to the last, empty ones included, so that a forecast knows them to be
    empty. An interval with arrivals in which nothing ended has the mean of all. ``write_history`` writes it as CSV, and
    ``forecast`` and ``switchroom staff`` read it. Moved work arrives in each of its queues: filter by one queue, or by
    what work is, to count it once.
    """
    length = duration(interval, field="interval")
    rows = {row.start: row for row in views.queues(where, by=(), every=length) if row.start is not None}
    busy = sorted(start for start, row in rows.items() if row.offered)
    if not busy:
        return ()
    whole = views.queues(where, by=())[0].mean_handle or timedelta(seconds=1)
    found: list[Demand] = []
    at = busy[0]
    while at <= busy[-1]:
        row = rows.get(at)
        offered = 0 if row is None else row.offered
        handle = whole if row is None or not row.mean_handle else row.mean_handle
        found.append(Demand(at, length, offered, handle if offered else timedelta(0)))
        at += length
    return tuple(found)
