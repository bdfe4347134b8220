"""Business hours of a case as opening hours of the library."""

from __future__ import annotations

from typing import Any

from switchroom.routing.hours import OpeningHours
from tests.scenarios.words import Args, Table, Unsupported
from tests.scenarios.world import World, tables

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hours_of(world: World, id: str) -> OpeningHours:
    """The hours with this id, made once."""
    if id not in world.hours:
        known = tables(world.given.get("schedules"))
        if id not in known:
            raise Unsupported(f"a schedule that is not given: {id}")
        world.hours[id] = _make(known[id], world.settings.get("tz") or "UTC")
    return world.hours[id]


def _make(table: Table, usual: str) -> OpeningHours:
    """A week in its zone; without a known zone, the fallback hours in the fallback zone."""
    args = Args(f"schedule {table['id']}", table)
    args.get("id")
    zone, daily, days = args.get("tz", usual), args.get("daily"), args.get("days")
    other_zone, other = args.get("fallback_tz"), args.get("fallback_daily")
    holidays, exceptions = _dates(args.first("holidays", "closed_on")), _dates(args.first("exceptions", "dates"))
    always = args.get("always", False)
    args.done()
    if zone is None:
        zone, daily, days = other_zone or usual, other or daily, None if other else days
    if always or (daily is None and days is None):
        return OpeningHours.always(zone)
    if daily is not None:
        days = {day: [daily] for day in DAYS}
    week = {str(day)[:3].lower(): [_interval(i) for i in spans or []] for day, spans in (days or {}).items()}
    return OpeningHours(zone, weekly=week, holidays=holidays, exceptions=exceptions)


def _interval(value: Any) -> tuple[str, str]:
    opens, closes = value
    return clock_text(opens), clock_text(closes)


def clock_text(value: Any) -> str:
    """``09:00`` is text, but YAML reads 9:00 as 540."""
    return f"{value // 60:02}:{value % 60:02}" if isinstance(value, int) else str(value)


def _dates(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if isinstance(value, list):
        return {str(day): None for day in value}
    return {str(day): None if not spans else [_interval(i) for i in spans] for day, spans in value.items()}
