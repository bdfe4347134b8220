"""The plots of a report: which figures they show, cut into slots of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import escape

import attrs

from switchroom.durations import DurationLike, duration
from switchroom.reporting.formats import clock
from switchroom.reporting.plots import Series, bars, heat_map, lines
from switchroom.reporting.rows import AgentRow, QueueRow
from switchroom.reporting.views import Views
from switchroom.reporting.where import Where

DAY = timedelta(days=1)
SHORT, LONG = timedelta(hours=36), timedelta(days=8)
"""Up to the first, plots show quarter hours; up to the second hours; then days."""

MAX_HEAT_ROWS = 31

TIME_STEPS = (20, 40, 60, 120, 240, 360, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400)
"""Seconds that are round numbers of seconds, minutes or hours, and so are their halves."""


@attrs.frozen
class Slots:
    """What the plots are drawn from: for each slot of time its work and agents, None where nothing happened."""

    starts: tuple[datetime, ...]
    labels: tuple[str, ...]
    length: timedelta
    work: tuple[QueueRow | None, ...]
    people: tuple[AgentRow | None, ...]

    def of_work(self, name: str, style: str, value: Callable[[QueueRow], float | None]) -> Series:
        return Series(name, style, tuple(None if row is None else value(row) for row in self.work))

    def of_people(self, name: str, style: str, value: Callable[[AgentRow], float | None]) -> Series:
        return Series(name, style, tuple(None if row is None else value(row) for row in self.people))


def slots_of(views: Views, where: Where, zone: str, every: DurationLike | None) -> Slots | None:
    """The slots from the first in which something happened to the last; None if nothing ever did."""
    hours = [row.start for row in views.queues(where, by=(), every="1h", zone=zone) if row.start is not None]
    if not hours:
        return None
    span = hours[-1] - hours[0]
    length = duration(every or ("15m" if span <= SHORT else "1h" if span <= LONG else DAY), field="every")
    work = {_instant(row.start): row for row in views.queues(where, by=(), every=length, zone=zone)}
    people: dict[datetime, AgentRow] = {}
    if not where.asks_about_work:
        people = {_instant(row.start): row for row in views.agents(where, by=(), every=length, zone=zone)}
    known = sorted({*work, *people})
    starts = tuple(_steps(known[0].astimezone(hours[0].tzinfo), known[-1], length))
    return Slots(
        starts,
        tuple(f"{at:%d %b}" if length >= DAY else f"{at:%H:%M}" for at in starts),
        length,
        tuple(work.get(_instant(at)) for at in starts),
        tuple(people.get(_instant(at)) for at in starts),
    )


def _instant(at: datetime | None) -> datetime:
    """In UTC: two instants of one zone would compare by their clocks."""
    assert at is not None
    return at.astimezone(UTC)


def _steps(at: datetime, last: datetime, length: timedelta) -> Iterator[datetime]:
    """The starts of slots: days by the calendar, all else by a clock that never changes."""
    zone = at.tzinfo
    while at <= last:
        yield at
        at = at + length if length >= DAY else (at.astimezone(UTC) + length).astimezone(zone)


def figures(views: Views, where: Where, zone: str, every: DurationLike | None) -> Iterator[str]:
    """The plots as parts of a page."""
    data = slots_of(views, where, zone, every)
    if data is None:
        return
    yield _figure("Work that came in", _legend(_OUTCOMES), _arrivals(data))
    yield _figure(
        "Waiting", _legend((("mean until the answer", "main"), ("longest, cut off above", "second"))), _waiting(data)
    )
    if any(row is not None and row.service_level is not None for row in data.work):
        targets = {row.target_share for row in views.queues(where) if row.target_share is not None}
        about = "Answered within the target, of all answered, abandoned or timed out"
        yield _figure("Service level", about, _service_level(data, targets.pop() if len(targets) == 1 else None))
    if any(row is not None for row in data.people):
        yield _figure("Occupancy", "Busy time, of staffed time", _occupancy(data))
        yield _figure("Agents", _legend((("staffed, on average", "third area"), ("busy", "main"))), _staffing(data))
    yield _figure("When work comes in", "The stronger the colour, the more", _heat(views, where, zone, data))


_OUTCOMES = (("answered", "main"), ("abandoned", "second"), ("timed out, cancelled, moved", "third"))


def _figure(title: str, about: str, plot: str) -> str:
    return f"<figure><h3>{escape(title)}</h3><figcaption>{about}</figcaption>{plot}</figure>"


def _legend(names: Sequence[tuple[str, str]]) -> str:
    return "".join(f'<i class="{style.split()[0]}"></i>{escape(name)}' for name, style in names)


def _arrivals(data: Slots) -> str:
    series = (
        data.of_work("answered", "main", lambda row: row.answered),
        data.of_work("abandoned", "second", lambda row: row.abandoned),
        data.of_work("others", "third", lambda row: row.timed_out + row.cancelled + row.moved),
    )
    return bars(data.labels, series, "How many stays ended, and how, over time", _number)


def _waiting(data: Slots) -> str:
    """One item that waits overnight must not flatten the day: the axis ends where most of the longest waits do."""
    mean = data.of_work("mean", "main area", lambda row: _seconds(row.mean_wait))
    longest = data.of_work("longest", "second", lambda row: _seconds(row.max_wait))
    waits = sorted(value for value in longest.values if value is not None)
    end = min(waits[-1], 1.5 * waits[int(0.9 * (len(waits) - 1))]) if waits else 0.0
    top = next((float(step) for step in TIME_STEPS if step >= end), end)
    return lines(data.labels, (mean, longest), "Mean and longest wait over time", _axis_time, top=top)


def _service_level(data: Slots, target: float | None) -> str:
    series = (data.of_work("service level", "good area", lambda row: row.service_level),)
    return lines(data.labels, series, "Service level over time", _percent, top=1, target=target)


def _occupancy(data: Slots) -> str:
    series = (data.of_people("occupancy", "main area", lambda row: row.occupancy),)
    return lines(data.labels, series, "Occupancy of the agents over time", _percent, top=1)


def _staffing(data: Slots) -> str:
    series = (
        data.of_people("staffed", "third area", lambda row: _of(row.staffed, data.length)),
        data.of_people("busy", "main", lambda row: _of(row.busy, data.length)),
    )
    return lines(data.labels, series, "Agents staffed and busy over time", _number)


def _heat(views: Views, where: Where, zone: str, data: Slots) -> str:
    """Queues by hour for a day; days by hour for more."""
    rows = [row for row in views.queues(where, every="1h", zone=zone) if row.start is not None]
    found: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    several = data.starts[-1] - data.starts[0] > SHORT
    for row in rows:
        assert row.start is not None
        found[f"{row.start:%a %d %b}" if several else row.queue or "-"][row.start.hour] += row.offered
    hours = sorted({hour for counts in found.values() for hour, count in counts.items() if count})
    columns = list(range(hours[0], hours[-1] + 1)) if hours else []
    table = [(name, [counts[hour] for hour in columns]) for name, counts in list(found.items())[-MAX_HEAT_ROWS:]]
    if not several:
        table.sort()
    return heat_map([f"{hour:02}" for hour in columns], table, "Arrivals by hour", _number)


def _number(value: float) -> str:
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _axis_time(value: float) -> str:
    """Whole seconds, minutes or hours where it is that, as the axis is."""
    for unit, name in ((3600, "h"), (60, "min"), (1, "s")):
        if value >= unit and value % unit == 0:
            return f"{value / unit:.0f} {name}"
    return clock(timedelta(seconds=value)) if value else "0"


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _of(span: timedelta | None, length: timedelta) -> float | None:
    return None if span is None else span / length
