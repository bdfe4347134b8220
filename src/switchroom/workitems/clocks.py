"""Arithmetic of working time: pure, in microseconds."""

from __future__ import annotations

from datetime import date, timedelta

from switchroom.durations import from_micros, to_micros
from switchroom.routing.dayhours import DAYS
from switchroom.routing.fields import micros
from switchroom.routing.hours import HORIZON, OpeningHours, wall_instant, zone_named
from switchroom.workitems.model import TimeRule

_DAY = timedelta(days=1)


def worked(hours: OpeningHours | None, start_us: int, end_us: int) -> int:
    """The working time from start to end, nothing if the end lies before. Linear in the days between."""
    if end_us <= start_us:
        return 0
    if hours is None:
        return end_us - start_us
    return micros(hours.open_time(from_micros(start_us), from_micros(end_us)))


def reach(hours: OpeningHours | None, start_us: int, amount_us: int) -> int | None:
    """The first instant by which so much working time has passed; None if it is closed for over a year."""
    if hours is None or amount_us <= 0:
        return start_us + max(amount_us, 0)
    instant = hours.add_open_time(from_micros(start_us), timedelta(microseconds=amount_us))
    return None if instant is None else to_micros(instant)


def instant_of(rule: TimeRule, start_us: int, hours: OpeningHours | None) -> int | None:
    """The instant of a rule, counted from ``start_us``; always later than it. ``hours``: of the rule's calendar."""
    if rule.after is not None:
        reached = reach(hours, start_us, micros(rule.after))
        return None if reached is None else max(reached, start_us + 1)
    return _at_time(rule, start_us, hours)


def _at_time(rule: TimeRule, start_us: int, hours: OpeningHours | None) -> int | None:
    """The start's own date is day 0, and counts only if it is worked on; every (working) day after it is one more."""
    assert rule.at is not None
    zone = rule.zone if hours is None else hours.zone
    day = from_micros(start_us).astimezone(zone_named(zone)).date()
    passed = 0
    for _ in range(HORIZON.days):
        if hours is None or _works(hours, day):
            instant = to_micros(wall_instant(day, rule.at, zone))
            if passed >= rule.days and instant > start_us:
                return instant
        day += _DAY
        passed += hours is None or _works(hours, day)
    return None


def _works(hours: OpeningHours, day: date) -> bool:
    """Whether working hours begin on this date."""
    override = hours.override_on(day)
    return bool(hours.weekly[DAYS[day.weekday()]] if override is None else override.intervals)
