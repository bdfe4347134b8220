"""Expectations about business hours and calendar arithmetic."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from switchroom.durations import to_micros
from switchroom.routing.hours import add_calendar
from tests.scenarios.expect_items import differs
from tests.scenarios.schedules import hours_of
from tests.scenarios.words import Args, Unsupported
from tests.scenarios.world import World

Check = Callable[[World, Args], str | None]


def _at(world: World, args: Args) -> datetime:
    value = args.get("at")
    return world.clock.now() if value is None else world.when(value)


def _is_open(world: World, args: Args) -> str | None:
    found, wanted = hours_of(world, args.need("schedule")).is_open(_at(world, args)), args.need("value")
    args.done()
    return differs(found, wanted)


def _closes_at(world: World, args: Args) -> str | None:
    """The end of the open window at an instant; none while closed, and none if it never closes."""
    hours, at, wanted = hours_of(world, args.need("schedule")), _at(world, args), args.get("value")
    args.done()
    found = hours.next_change(at) if hours.is_open(at) else None
    return _same_instant(world, found, wanted)


def _same_instant(world: World, found: datetime | None, wanted: float | str | None) -> str | None:
    if found is None or wanted is None:
        return differs(found, wanted)
    return differs(to_micros(found), to_micros(world.when(wanted)))


def _business_seconds(world: World, args: Args) -> str | None:
    hours, wanted = hours_of(world, args.need("schedule")), args.first("value", "seconds")
    start, end = args.first("from", "start"), args.first("to", "until", "end")
    args.done()
    if start is None or end is None:
        raise Unsupported("business_seconds without both instants")
    return differs(hours.open_time(world.when(start), world.when(end)).total_seconds(), wanted)


def _schedule_time(world: World, args: Args) -> str | None:
    """So many calendar days, then hours, after a base; no base, no time."""
    base, offset, wanted, elapsed = args.get("base"), args.get("offset"), args.get("value"), args.get("elapsed")
    zone = args.get("tz") or world.settings.get("tz") or "UTC"
    args.done()
    if base is None or offset is None:
        return differs(None, wanted)
    days, hours = _offset(str(offset))
    found = add_calendar(world.when(base), days=days, hours=hours, zone=zone)
    passed = (to_micros(found) - to_micros(world.when(base))) / 1e6
    return _same_instant(world, found, wanted) or (differs(passed, elapsed) if elapsed is not None else None)


def _offset(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([+-]?\d+)([dwh])", text)
    if found is None:
        raise Unsupported(f"schedule_time offset {text}")
    number, unit = int(found[1]), found[2]
    return (0, number) if unit == "h" else (number * (7 if unit == "w" else 1), 0)


HOURS_EXPECTATIONS: dict[str, Check] = {
    "is_open": _is_open,
    "closes_at": _closes_at,
    "business_seconds": _business_seconds,
    "schedule_time": _schedule_time,
}
