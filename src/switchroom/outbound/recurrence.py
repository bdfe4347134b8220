"""Calendar rules: every day, week or month at a time of day in a zone."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import attrs

from switchroom.durations import from_micros, to_micros
from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_count, to_optional_count, to_optional_instant
from switchroom.routing.hours import zone_named

UNITS = ("day", "week", "month")
MAX_INTERVAL = 366
LAST_DAY = 31
"""Asked for, a month that is shorter gives its last day."""


def _to_unit(value: str) -> str:
    if value not in UNITS:
        raise InvalidInput("unit", "unknown", value, hint=f"one of {', '.join(UNITS)}")
    return value


def _to_time(value: str | time) -> time:
    try:
        found = value if isinstance(value, time) else time.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise InvalidInput("at", "bad_time", str(value), hint="a time of day such as 09:00")
    return found


def _to_zone(value: str) -> str:
    return zone_named(value).key


def _to_days(value: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(value)))


@attrs.frozen(kw_only=True, field_transformer=placed("every"))
class Every:
    """When something comes again: each ``interval`` days, weeks or months at the wall time ``at`` in ``zone``.

    ``days``: for weeks, 0 (Monday) to 6; for months, 1 to 31 (of a shorter month, its last day). ``first``: not before
    this instant; it also says which weeks and months count (None: from the making on). ``until``: not at or after it;
    ``times``: at most so often. A wall time that the clock skips is the first instant after the gap; one that comes
    twice is the first.
    """

    unit: str = attrs.field(kw_only=False, converter=_to_unit)
    at: time = attrs.field(default=time(9), converter=_to_time)
    zone: str = attrs.field(default="UTC", converter=_to_zone)
    interval: int = attrs.field(default=1, converter=to_count)
    days: tuple[int, ...] = attrs.field(default=(), converter=_to_days)
    first: datetime | None = attrs.field(default=None, converter=to_optional_instant)
    until: datetime | None = attrs.field(default=None, converter=to_optional_instant)
    times: int | None = attrs.field(default=None, converter=to_optional_count)

    def __attrs_post_init__(self) -> None:
        if self.interval > MAX_INTERVAL:
            raise InvalidInput("every.interval", "range", self.interval, hint=f"at most {MAX_INTERVAL}")
        low, high = (0, 6) if self.unit == "week" else (1, 31)
        if self.unit == "day" and self.days:
            raise InvalidInput("every.days", "days", hint="days are for weeks and months")
        if self.days and not (low <= self.days[0] and self.days[-1] <= high):
            raise InvalidInput("every.days", "range", self.days, hint=f"{low} to {high}")

    def next(self, after: int, begun: int) -> int | None:
        """The first instant after ``after``; ``begun``: when the rule was made. None when it is over."""
        zone = zone_named(self.zone)
        first = begun if self.first is None else max(begun, to_micros(self.first))
        start = from_micros(first).astimezone(zone).date()
        lowest = max(after, first - 1)
        for day in self._days(start, from_micros(lowest).astimezone(zone).date()):
            at = to_micros(wall_instant(datetime.combine(day, self.at), self.zone))
            if at > lowest:
                return at if self.until is None or at < to_micros(self.until) else None
        return None

    def _days(self, start: date, near: date) -> Iterator[date]:
        """Days of the rule that count from ``start``, from a little before ``near`` on; at most 800 years of them."""
        if self.unit == "month":
            yield from self._month_days(start, near)
            return
        span = self.interval * (7 if self.unit == "week" else 1)
        base = start - timedelta(days=start.weekday()) if self.unit == "week" else start
        offsets = (self.days or (start.weekday(),)) if self.unit == "week" else (0,)
        turn = max(0, ((near - base).days - 1) // span)
        while base.toordinal() + (turn + 1) * span < date.max.toordinal():
            for offset in offsets:
                day = base + timedelta(days=turn * span + offset)
                if day >= start:
                    yield day
            turn += 1

    def _month_days(self, start: date, near: date) -> Iterator[date]:
        months = (near.year - start.year) * 12 + near.month - start.month
        turn = max(0, months // self.interval - 1)
        while (number := start.year * 12 + start.month - 1 + turn * self.interval) < date.max.year * 12:
            year, month = divmod(number, 12)
            length = calendar.monthrange(year, month + 1)[1]
            for day in sorted({min(d, length) for d in self.days or (start.day,)}):
                if date(year, month + 1, day) >= start:
                    yield date(year, month + 1, day)
            turn += 1


def wall_instant(naive: datetime, zone_name: str) -> datetime:
    """The instant at which the clocks of a zone show this: of two the first; of none the first after the gap."""
    zone = zone_named(zone_name)
    found = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == naive:
        return found
    # In a gap the two readings lie on both sides of the jump: find it, to the second.
    low, high = naive.replace(tzinfo=zone, fold=1).astimezone(UTC), found
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
    return high.replace(microsecond=0)
