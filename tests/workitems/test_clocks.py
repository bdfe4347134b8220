"""Working time and the clock of the service level, against a count of every minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from switchroom import WorkItem
from switchroom.durations import from_micros, to_micros
from switchroom.routing.escalation_model import Alert
from switchroom.routing.hours import OpeningHours
from switchroom.workitems import clocks
from switchroom.workitems.model import TimeRule, Worktype
from switchroom.workitems.sla_model import Sla, SlaRule

from .desk import desk

MINUTE = timedelta(minutes=1)
CHANGES = {
    "Europe/Berlin": ("2026-03-28", "2026-10-24"),
    "America/New_York": ("2026-03-07", "2026-10-31"),
    "Australia/Lord_Howe": ("2026-04-04", "2026-10-03"),
    "Asia/Kathmandu": ("2026-05-05",),
}
"""Zones, and days before their clocks change."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHIFTS = {"09:00-17:00": (9, 17), "22:00-06:00": (22, 30), "00:00-24:00": (0, 24), "23:30-04:30": (23.5, 28.5)}


Office = tuple[OpeningHours, dict[int, list[tuple[float, float]]], datetime]
"""Opening hours, the same as plain numbers by weekday, and an instant."""


@st.composite
def offices(draw: st.DrawFn) -> Office:
    """Opening hours, the same as plain numbers, and an instant near a change of the clocks."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    week = {n: draw(st.lists(st.sampled_from(sorted(SHIFTS)), max_size=1)) for n in range(7)}
    hours = OpeningHours(zone, weekly={DAYS[n]: shifts for n, shifts in week.items()})
    day = datetime.fromisoformat(draw(st.sampled_from(CHANGES[zone]))).replace(tzinfo=UTC)
    start = day + timedelta(minutes=draw(st.integers(0, 1440)))
    return hours, {n: [SHIFTS[shift] for shift in shifts] for n, shifts in week.items()}, start


def works(zone: ZoneInfo, week: dict[int, list[tuple[float, float]]], at: datetime) -> bool:
    """Whether the wall clock shows working time in the minute that begins now."""
    wall = at.astimezone(zone)
    hour = wall.hour + wall.minute / 60
    today, before = week[wall.weekday()], week[(wall.weekday() - 1) % 7]
    return any(a <= hour < b for a, b in today) or any(a <= hour + 24 < b for a, b in before)


@given(offices(), st.integers(0, 3 * 1440))
@settings(max_examples=60, deadline=None)
def test_working_time_is_that_of_every_minute(office: Office, minutes: int) -> None:
    """Over the changes of the clocks, in whole minutes."""
    hours, week, start = office
    zone = ZoneInfo(hours.zone)
    end = start + minutes * MINUTE
    counted = sum(works(zone, week, start + n * MINUTE) for n in range(minutes))
    assert clocks.worked(hours, to_micros(start), to_micros(end)) == counted * 60_000_000


@given(offices(), st.integers(1, 1500))
@settings(max_examples=60, deadline=None)
def test_reaching_an_amount_is_the_first_instant_at_which_it_has_passed(office: Office, minutes: int) -> None:
    """The inverse of counting: a minute earlier it had not."""
    hours, _, start = office
    reached = clocks.reach(hours, to_micros(start), minutes * 60_000_000)
    if reached is None:
        assert not any(hours.weekly.values())
        return
    assert clocks.worked(hours, to_micros(start), reached) == minutes * 60_000_000
    assert clocks.worked(hours, to_micros(start), reached - 1) == minutes * 60_000_000 - 1


steps = st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=8)


@given(offices(), steps, st.integers(60, 900))
@example(
    (OpeningHours.always(), {n: [(0, 24)] for n in range(7)}, datetime(2026, 1, 5, 12, tzinfo=UTC)), [(30, True)], 60
)
@settings(max_examples=40, deadline=None)
def test_the_clock_of_a_service_level_is_that_of_every_minute(
    office: Office, steps: list[tuple[int, bool]], target: int
) -> None:
    """Stopped and resumed at will: the share used, and the minute at which each rule fires."""
    hours, week, start = office
    shares = (0.25, 0.5, 0.8, 1.0, 1.5)
    rules = [SlaRule(f"at-{share}", share=share, actions=[Alert("eve")]) for share in shares]
    sla = Sla(target * 60, calendar="office", rules=rules)
    center = desk(hours=hours, start=start.isoformat())
    center.worktypes.save(Worktype("claim", queue="claims", sla=sla))
    work = center.work.submit(WorkItem(worktype="claim"))
    zone, now, running, used = ZoneInfo(hours.zone), start, True, 0
    expected: dict[str, datetime] = {}
    for minutes, toggles in steps:
        for _ in range(minutes):
            used += running and works(zone, week, now)
            now += MINUTE
            for share in shares:
                if running and used >= share * target:
                    expected.setdefault(f"at-{share}", now)
        center.advance(minutes * 60)
        assert center.work.view(work).sla_used == pytest.approx(used / target)
        if toggles:
            (center.work.suspend if running else center.work.resume)(work)
            running = not running
        center.check()
    fired = {r.event.rule: from_micros(r.at) for r in center.events() if r.type == "workitems.escalated"}
    assert set(fired) == set(expected)
    for rule, minute in expected.items():
        assert minute - MINUTE < fired[rule] <= minute, rule


@pytest.mark.parametrize(
    ("rule", "start", "instant"),
    [
        (TimeRule(after="90m"), "2026-01-05T16:00:00+01:00", "2026-01-05T17:30:00+01:00"),
        (TimeRule(after="90m", calendar="office"), "2026-01-05T16:00:00+01:00", "2026-01-06T09:30:00+01:00"),
        (TimeRule(after="90m", calendar="office"), "2026-01-09T16:00:00+01:00", "2026-01-12T09:30:00+01:00"),
        (TimeRule(at="17:00"), "2026-01-05T16:00:00+00:00", "2026-01-05T17:00:00+00:00"),
        (TimeRule(at="17:00"), "2026-01-05T17:00:00+00:00", "2026-01-06T17:00:00+00:00"),
        (
            TimeRule(at="17:00", zone="America/New_York", days=1),
            "2026-03-07T12:00:00-05:00",
            "2026-03-08T17:00:00-04:00",
        ),
        (TimeRule(at="12:00", days=2, calendar="office"), "2026-01-08T16:00:00+01:00", "2026-01-12T12:00:00+01:00"),
        (TimeRule(at="12:00", days=1, calendar="office"), "2026-01-10T16:00:00+01:00", "2026-01-12T12:00:00+01:00"),
        (TimeRule(at="12:00", calendar="office"), "2026-01-10T16:00:00+01:00", "2026-01-12T12:00:00+01:00"),
    ],
)
def test_dates_by_rule(rule: TimeRule, start: str, instant: str) -> None:
    """After elapsed or working time; at a time of day, some (working) days later."""
    hours = OpeningHours.weekdays("09:00", "17:00", zone="Europe/Berlin")
    found = clocks.instant_of(rule, to_micros(start), hours if rule.calendar else None)
    assert found is not None
    assert from_micros(found) == datetime.fromisoformat(instant)
