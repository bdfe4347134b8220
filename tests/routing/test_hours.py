from __future__ import annotations

import copy
import json
import pickle
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.routing.dayhours import DAYS, DayOverride, Interval
from switchroom.routing.hours import DAYS_KEPT, HORIZON, OpeningHours, add_calendar, zone_named

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def only(day: str, *intervals: str, zone: str = "America/New_York") -> OpeningHours:
    """Open on one date only."""
    return OpeningHours(zone, weekly={}, exceptions={day: list(intervals)})


def spans(hours: OpeningHours, start: str, end: str) -> list[tuple[str, str]]:
    """The open intervals in the local time of the hours, for reading."""
    zone = ZoneInfo(hours.zone)
    found = hours.intervals(start, end)
    return [(a.astimezone(zone).strftime("%d %H:%M%z"), b.astimezone(zone).strftime("%d %H:%M%z")) for a, b in found]


# --- a model that steps minute by minute and converts only from UTC to local time ---


class Window(NamedTuple):
    zone: str
    start: datetime


DAYS_SHOWN = 4
WINDOWS = [
    Window(zone, utc(day + "T00:00:00Z") - timedelta(days=2))
    for zone, days in {
        "America/New_York": ["2026-03-08", "2026-11-01"],
        "Europe/Berlin": ["2026-03-29", "2026-10-25"],
        "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],  # half an hour
        "Asia/Kathmandu": ["2026-04-05"],  # +05:45, no change
        "Pacific/Chatham": ["2026-04-05", "2026-09-27"],  # +12:45 and +13:45
        "America/Santiago": ["2026-04-05", "2026-09-06"],  # at midnight
        "Asia/Beirut": ["2026-03-29", "2026-10-25"],  # at midnight
        "Africa/Cairo": ["2026-04-24", "2026-10-30"],  # at midnight
        "Atlantic/Azores": ["2026-03-29", "2026-10-25"],  # midnight itself comes twice
        "America/St_Johns": ["2010-03-14", "2010-11-07"],  # a minute after midnight, back into the day before
        "Africa/Casablanca": ["2026-02-15", "2026-03-22"],
        "Pacific/Apia": ["2011-12-30"],  # the date does not exist
        "UTC": ["2026-01-05"],
    }.items()
    for day in days
]


class Walls(NamedTuple):
    shown: list[int]
    latest: list[int]
    last: dict[int, int]


@cache
def walls_of(window: Window) -> Walls:
    """What the local clock shows at each minute (as a count), the latest so far, and when each was shown last."""
    zone = ZoneInfo(window.zone)
    zero = datetime(1970, 1, 1)  # noqa: DTZ001 - local time
    count = (DAYS_SHOWN + 4) * 1440
    start = window.start - timedelta(days=3)
    local = [(start + index * MINUTE).astimezone(zone).replace(tzinfo=None) for index in range(count)]
    shown = [(wall - zero) // MINUTE for wall in local]
    return Walls(shown, list(accumulate(shown, max)), {wall: index for index, wall in enumerate(shown)})


def model(window: Window, days: dict[date, Sequence[tuple[int, int]]]) -> list[bool]:
    """Open at each minute of the window: from the first showing of the start to the last showing of the end."""
    walls = walls_of(window)
    open_at = [False] * len(walls.shown)
    for day, intervals in days.items():
        midnight = (day - date(1970, 1, 1)).days * 1440
        for opens, closes in intervals:
            first = bisect_left(walls.latest, midnight + opens)
            end = midnight + closes
            last = walls.last.get(end, bisect_right(walls.latest, end))
            open_at[first:last] = [True] * len(open_at[first:last])
    return open_at[3 * 1440 : (3 + DAYS_SHOWN) * 1440]


def text_of(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


minute_of_day = st.integers(0, 287).map(lambda step: step * 5) | st.integers(0, 239)
interval = st.tuples(minute_of_day, minute_of_day | st.just(1440))
day_hours = st.lists(interval, max_size=3)


class Case(NamedTuple):
    window: Window
    hours: OpeningHours
    open_at: list[bool]

    def at(self, index: int) -> datetime:
        return self.window.start + index * MINUTE


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Hours around a change of the clocks, with what the model says of them."""
    window = draw(st.sampled_from(WINDOWS))
    shown = [window.start.date() + timedelta(days=offset) for offset in range(-3, DAYS_SHOWN + 2)]
    weekly = {day: draw(day_hours) for day in DAYS}
    holidays = draw(st.dictionaries(st.sampled_from(shown), day_hours, max_size=2))
    yearly = draw(st.dictionaries(st.sampled_from(shown), day_hours, max_size=2))
    exceptions = draw(st.dictionaries(st.sampled_from(shown), day_hours, max_size=2))
    plan = {day: weekly[DAYS[day.weekday()]] for day in shown} | yearly | holidays | exceptions
    real = {day: [(a, b if b > a else b + 1440) for a, b in hours] for day, hours in plan.items()}

    def written(hours: list[tuple[int, int]]) -> list[tuple[str, str]]:
        return [(text_of(a), text_of(b)) for a, b in hours]

    hours = OpeningHours(
        window.zone,
        weekly={day: written(found) for day, found in weekly.items()},
        holidays={
            **{day.isoformat()[5:]: written(found) for day, found in yearly.items()},
            **{day.isoformat(): written(found) for day, found in holidays.items()},
        },
        exceptions={day: written(found) for day, found in exceptions.items()},
    )
    return Case(window, hours, model(window, real))


minutes_shown = st.integers(0, DAYS_SHOWN * 1440 - 1)


@settings(deadline=None)
@given(cases())
def test_intervals_are_those_of_the_model(case: Case) -> None:
    """The open intervals around a change of the clocks are those of stepping through it minute by minute."""
    closed_around = [False, *case.open_at, False]
    edges = [i for i, (before, after) in enumerate(pairwise(closed_around)) if before != after]
    expected = [(case.at(a), case.at(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert list(case.hours.intervals(case.at(0), case.at(len(case.open_at)))) == expected


@settings(deadline=None)
@given(cases(), st.lists(minutes_shown, min_size=10, max_size=30))
def test_questions_at_an_instant_agree_with_the_model(case: Case, indexes: list[int]) -> None:
    """is_open, next_change and next_open say at any minute what stepping minute by minute says."""
    for index in indexes:
        is_open = case.open_at[index]
        assert case.hours.is_open(case.at(index)) is is_open
        change = next((i for i in range(index, len(case.open_at)) if case.open_at[i] != is_open), None)
        opens = next((i for i in range(index, len(case.open_at)) if case.open_at[i]), None)
        found = case.hours.next_change(case.at(index))
        if change is not None:
            assert found == case.at(change)
        else:
            assert found is None or found >= case.at(len(case.open_at))
        if opens is not None:
            assert case.hours.next_open(case.at(index)) == case.at(opens)


@settings(deadline=None)
@given(cases(), minutes_shown, minutes_shown)
def test_open_time_agrees_with_the_model(case: Case, one: int, other: int) -> None:
    """Open time between two instants is the count of open minutes, and adding it leads to the last of them."""
    start, end = sorted((one, other))
    count = sum(case.open_at[start:end])
    assert case.hours.open_time(case.at(start), case.at(end)) == count * MINUTE
    reached = next((i for i in range(start, end + 1) if sum(case.open_at[start:i]) == count), None)
    assert reached is not None
    assert case.hours.add_open_time(case.at(start), count * MINUTE) == case.at(reached)


# --- laws at any instant ---

offsets = st.timedeltas(timedelta(days=-3), timedelta(days=7))


@settings(deadline=None)
@given(cases(), offsets)
def test_next_change_is_a_flip_and_the_first(case: Case, offset: timedelta) -> None:
    """Up to the next change nothing changes, and there it does."""
    hours, at = case.hours, case.at(0) + offset
    change = hours.next_change(at)
    if change is None:
        assert hours.open_time(at, at + HORIZON) in (timedelta(0), HORIZON)
        return
    assert change > at
    assert hours.is_open(change) is not hours.is_open(at)
    assert hours.open_time(at, change) == (change - at if hours.is_open(at) else timedelta(0))


@settings(deadline=None)
@given(cases(), st.tuples(offsets, offsets, offsets))
def test_open_time_adds_up(case: Case, three: tuple[timedelta, timedelta, timedelta]) -> None:
    """Open time of two stretches is that of both together, and what the intervals sum to."""
    hours = case.hours
    a, b, c = (case.at(0) + offset for offset in sorted(three))
    assert hours.open_time(a, b) + hours.open_time(b, c) == hours.open_time(a, c)
    listed = list(hours.intervals(a, c))
    assert sum((end - start for start, end in listed), timedelta(0)) == hours.open_time(a, c)
    assert all(start < end for start, end in listed)
    assert all(end < start for (_, end), (start, _) in pairwise(listed))


@settings(deadline=None)
@given(cases(), offsets, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_adding_open_time_is_its_inverse(case: Case, offset: timedelta, amount: timedelta) -> None:
    """By the instant returned exactly the amount has passed, and a moment before it had not."""
    hours, at = case.hours, case.at(0) + offset
    reached = hours.add_open_time(at, amount)
    if reached is None:
        assert hours.open_time(at, "2100-12-31T23:59:59Z") < amount
        return
    assert hours.open_time(at, reached) == amount
    if amount:
        assert hours.open_time(at, reached - timedelta(microseconds=1)) < amount
    else:
        assert reached == at


@settings(deadline=None)
@given(cases(), offsets)
def test_next_open_is_open_and_the_first(case: Case, offset: timedelta) -> None:
    """It is open at the next opening, and was not between."""
    hours, at = case.hours, case.at(0) + offset
    opens = hours.next_open(at)
    if opens is None:
        assert hours.open_time(at, at + HORIZON) == timedelta(0)
        return
    assert hours.is_open(opens)
    assert hours.open_time(at, opens) == timedelta(0)
    assert (opens == at) is hours.is_open(at)


@settings(deadline=None, max_examples=50)
@given(cases())
def test_values_survive_every_way_out(case: Case) -> None:
    """Hours equal their copy by pickle, by plain values through JSON, and by evolve, and hash alike."""
    hours = case.hours
    hours.is_open(case.at(0))
    copies = [
        pickle.loads(pickle.dumps(hours)),
        copy.deepcopy(hours),
        OpeningHours.from_table(json.loads(json.dumps(hours.to_table()))),
        attrs.evolve(hours, zone=hours.zone),
    ]
    assert all(found == hours and hash(found) == hash(hours) for found in copies)


# --- the changes of the clocks, one by one ---


def test_opening_in_the_gap() -> None:
    """An opening at a time that the clock skips is at the first instant after the gap; so is a closing."""
    assert spans(only("2026-03-08", "02:30-12:00"), "2026-03-08T00:00:00Z", "2026-03-09T12:00:00Z") == [
        ("08 03:00-0400", "08 12:00-0400")
    ]
    assert spans(only("2026-03-08", "00:00-02:30"), "2026-03-08T00:00:00Z", "2026-03-09T12:00:00Z") == [
        ("08 00:00-0500", "08 03:00-0400")
    ]


def test_hours_within_the_gap() -> None:
    """Hours that the clock skips altogether do not open, not even for a moment."""
    hours = only("2026-03-08", "02:15-02:45")
    assert hours.next_change("2026-03-07T00:00:00Z") is None
    assert not hours.is_open("2026-03-08T07:00:00Z")


def test_closing_that_comes_twice() -> None:
    """Closing at a time that comes twice is at the second, opening at the first."""
    assert spans(only("2026-11-01", "00:00-01:30"), "2026-11-01T00:00:00Z", "2026-11-02T12:00:00Z") == [
        ("01 00:00-0400", "01 01:30-0500")
    ]
    assert spans(only("2026-11-01", "01:30-04:00"), "2026-11-01T00:00:00Z", "2026-11-02T12:00:00Z") == [
        ("01 01:30-0400", "01 04:00-0500")
    ]
    assert only("2026-11-01", "01:10-01:20").open_time("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z") == 70 * MINUTE


@pytest.mark.parametrize(("night", "hours"), [("2026-03-07", 7), ("2026-03-14", 8), ("2026-10-31", 9)])
def test_night_shift_over_a_change(night: str, hours: int) -> None:
    """A shift from 22:00 to 06:00 is one interval of 7, 8 or 9 hours."""
    shift = OpeningHours.daily("22:00", "06:00", zone="America/New_York")
    noon = utc(night + "T17:00:00Z")
    [(opens, closes)] = shift.intervals(noon, noon + timedelta(days=1))
    assert closes - opens == timedelta(hours=hours)
    assert shift.add_open_time(noon, timedelta(hours=hours)) == closes


@pytest.mark.parametrize(
    ("zone", "day", "opens", "length"),
    [
        ("Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00", 23),
        ("Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00", 23),
        ("America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00", 23),
        ("America/Santiago", "2026-04-04", "2026-04-04T00:00:00-03:00", 25),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-05T00:00:00+11:00", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00:00+10:30", 23.5),
        ("Asia/Kathmandu", "2026-03-29", "2026-03-29T00:00:00+05:45", 24),
        ("Pacific/Chatham", "2026-04-05", "2026-04-05T00:00:00+13:45", 25),
        ("Pacific/Chatham", "2026-09-27", "2026-09-27T00:00:00+12:45", 23),
        ("America/St_Johns", "2010-11-06", "2010-11-06T00:00:00-02:30", 25),
    ],
)
def test_whole_days_of_odd_zones(zone: str, day: str, opens: str, length: float) -> None:
    """A day from 00:00 to 24:00 opens once, at its first instant, and has the hours that it has."""
    around = utc(day + "T12:00:00Z")
    [(first, last)] = only(day, "00:00-24:00", zone=zone).intervals(
        around - 3 * HORIZON / 400, around + 3 * HORIZON / 400
    )
    assert first == utc(opens)
    assert last - first == timedelta(minutes=round(length * 60))


def test_a_date_that_does_not_exist() -> None:
    """A date that a zone left out has no hours, and the week steps over it."""
    hours = OpeningHours.daily("09:00", "17:00", zone="Pacific/Apia")
    assert spans(hours, "2011-12-29T12:00:00Z", "2011-12-31T12:00:00Z") == [
        ("29 09:00-1000", "29 17:00-1000"),
        ("31 09:00+1400", "31 17:00+1400"),
    ]
    friday = OpeningHours("Pacific/Apia", weekly={"fri": ["00:00-24:00"]})
    assert friday.next_open("2011-12-25T00:00:00Z") == utc("2012-01-06T00:00:00+14:00")


def test_fixed_instant_wanders_on_the_wall() -> None:
    """20:00 UTC is 15:00 in a New York winter and 16:00 in summer, and 13:00 all year in Phoenix."""
    opens_at_four = OpeningHours.daily("16:00", "18:00", zone="America/New_York")
    phoenix = OpeningHours.daily("13:00", "13:01", zone="America/Phoenix")
    assert [opens_at_four.is_open(f"2018-{month}-01T20:00:00Z") for month in ("01", "06")] == [False, True]
    assert [phoenix.is_open(f"2018-{month}-01T20:00:00Z") for month in ("01", "06")] == [True, True]


# --- weeks, holidays, exceptions ---


def test_half_open() -> None:
    """It is open at the instant of opening and closed at the instant of closing."""
    hours = OpeningHours.weekdays("09:00", "17:00", zone="UTC")
    ends = [
        "2026-01-05T08:59:59.999999Z",
        "2026-01-05T09:00:00Z",
        "2026-01-05T16:59:59.999999Z",
        "2026-01-05T17:00:00Z",
    ]
    assert [hours.is_open(at) for at in ends] == [False, True, True, False]
    assert hours.next_change("2026-01-05T09:00:00Z") == utc("2026-01-05T17:00:00Z")
    assert hours.next_change("2026-01-05T17:00:00Z") == utc("2026-01-06T09:00:00Z")
    assert hours.next_change("2026-01-09T17:00:00Z") == utc("2026-01-12T09:00:00Z")


def test_range_ends_at_opening_or_begins_at_closing() -> None:
    """A range that only touches open time has none."""
    hours = OpeningHours.daily("09:00", "17:00", zone="UTC")
    assert list(hours.intervals("2026-01-05T17:00:00Z", "2026-01-06T09:00:00Z")) == []


@pytest.mark.parametrize(
    ("zone", "last"),
    [("Pacific/Honolulu", "2026-01-07T09:58:59Z"), ("Pacific/Kiritimati", "2026-01-06T09:58:59Z")],
)
def test_days_far_from_utc(zone: str, last: str) -> None:
    """The longest interval is seen up to its end where the local date is far from that of UTC."""
    hours = only("2026-01-05", "23:59-23:59", zone=zone)
    assert hours.is_open(last)
    assert not hours.is_open(utc(last) - timedelta(days=1))
    assert hours.next_change(utc(last) - timedelta(days=2)) == utc(last) - timedelta(days=1, seconds=-1)


def test_touching_days_are_one() -> None:
    """Midnight between two open days is no change."""
    hours = OpeningHours("UTC", weekly={"mon": ["09:00-24:00"], "tue": [("00:00", "12:00")]})
    assert hours.next_change("2026-01-05T10:00:00Z") == utc("2026-01-06T12:00:00Z")
    assert list(hours.intervals("2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z")) == [
        (utc("2026-01-05T09:00:00Z"), utc("2026-01-06T12:00:00Z"))
    ]


def test_spellings_of_equal_hours_are_equal() -> None:
    """Order, overlap, and the ways to write an interval do not matter."""
    written: list[list[object]] = [
        ["09:00-12:00", "12:00-17:00"],
        [("13:00", "17:00"), ("09:00", "14:00")],
        [[time(9), time(17)]],
        ["09:00:00-17:00:00", "10:00-11:00"],
        [Interval(9 * 3600, 17 * 3600)],
    ]
    found = [OpeningHours("UTC", weekly={"mon": day}) for day in written]  # type: ignore[dict-item]
    assert len(set(found)) == 1
    assert found[0] != OpeningHours("UTC", weekly={"tue": ["09:00-17:00"]})
    assert found[0] != OpeningHours("Etc/UTC", weekly={"mon": ["09:00-17:00"]})


def test_an_end_at_the_start_is_a_whole_day() -> None:
    """An interval that ends when it begins lasts until that time of the next day."""
    hours = OpeningHours("UTC", weekly={"mon": ["09:00-09:00"]})
    assert spans(hours, "2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z") == [("05 09:00+0000", "06 09:00+0000")]
    assert OpeningHours("UTC", weekly={"mon": ["00:00-00:00"]}) == OpeningHours("UTC", weekly={"mon": ["00:00-24:00"]})


def test_overlaps_longer_than_a_day_survive_writing() -> None:
    """Overlapping intervals that make up more than a day open once, and come back from plain values."""
    hours = OpeningHours("UTC", weekly={"mon": ["08:00-20:00", "10:00-09:30"]})
    assert spans(hours, "2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z") == [("05 08:00+0000", "06 09:30+0000")]
    assert OpeningHours.from_table(hours.to_table()) == hours


def test_exceptions_before_holidays_before_the_week() -> None:
    """An exception goes before a dated holiday, that before a yearly one, and that before the week."""
    christmas = DayOverride(["10:00-12:00"], name="Christmas")
    hours = OpeningHours.daily(
        "09:00",
        "17:00",
        zone="UTC",
        holidays={"12-25": None, "2027-12-25": christmas, "2028-12-25": ["10:00-12:00"]},
        exceptions={date(2028, 12, 25): {"name": "Moving", "open": ["20:00-21:00"]}},
    )
    days = {year: spans(hours, f"{year}-12-25T00:00:00Z", f"{year}-12-26T00:00:00Z") for year in (2026, 2027, 2028)}
    assert days == {
        2026: [],
        2027: [("25 10:00+0000", "25 12:00+0000")],
        2028: [("25 20:00+0000", "25 21:00+0000")],
    }
    names = [hours.override_on(date(year, 12, 25)) for year in (2026, 2027, 2028)]
    assert [found and found.name for found in names] == ["", "Christmas", "Moving"]
    assert hours.override_on(date(2026, 12, 24)) is None


def test_the_night_before_a_holiday_ends_on_it() -> None:
    """An override replaces what begins on its date: the shift of the night before ends in its morning."""
    hours = OpeningHours.daily("22:00", "06:00", zone="Europe/Berlin", holidays={"12-25": []})
    assert spans(hours, "2026-12-24T12:00:00Z", "2026-12-26T12:00:00Z") == [("24 22:00+0100", "25 06:00+0100")]


def test_holiday_is_the_date_of_the_zone() -> None:
    """A holiday begins and ends with the local date, not with the date of UTC."""
    hours = OpeningHours.daily("00:00", "24:00", zone="Pacific/Chatham", holidays={"2026-07-01": None})
    assert list(hours.intervals("2026-06-30T00:00:00Z", "2026-07-02T00:00:00Z")) == [
        (utc("2026-06-30T00:00:00Z"), utc("2026-07-01T00:00:00+12:45")),
        (utc("2026-07-02T00:00:00+12:45"), utc("2026-07-02T00:00:00Z")),
    ]


def test_holiday_on_the_day_of_a_change() -> None:
    """A holiday with hours on the day of a change follows the same rules."""
    hours = OpeningHours.daily("09:00", "17:00", zone="America/New_York", holidays={"03-08": ["02:30-04:00"]})
    assert spans(hours, "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z") == [("08 03:00-0400", "08 04:00-0400")]


def test_leap_day() -> None:
    """A yearly 29 February is there in leap years only."""
    hours = OpeningHours.daily("09:00", "17:00", zone="UTC", holidays={"02-29": None})
    assert not hours.is_open("2028-02-29T12:00:00Z")
    assert hours.is_open("2027-03-01T12:00:00Z")


def test_always_and_never() -> None:
    """Hours without a change have no next change; those that never open have no next opening."""
    always, never = OpeningHours.always(), OpeningHours("UTC", weekly={})
    at = "2026-03-08T07:00:00Z"
    assert always.is_open(at)
    assert always.next_change(at) is None
    assert always.next_open(at) == utc(at)
    assert always.open_time(at, "2027-03-08T07:00:00Z") == timedelta(days=365)
    assert always.add_open_time(at, "5000d") == utc(at) + timedelta(days=5000)
    assert list(always.intervals(at, "2030-03-08T07:00:00Z")) == [(utc(at), utc("2030-03-08T07:00:00Z"))]
    assert not never.is_open(at)
    assert never.next_change(at) is None
    assert never.next_open(at) is None
    assert never.add_open_time(at, "1us") is None
    assert never.add_open_time(at, 0) == utc(at)


def test_horizon() -> None:
    """A change is found within the horizon and not beyond it."""
    hours = only("2027-02-09", "12:00-13:00", zone="UTC")
    opens = utc("2027-02-09T12:00:00Z")
    near, far = opens - HORIZON + timedelta(microseconds=1), opens - HORIZON
    assert hours.next_change(near) == hours.next_open(near) == opens
    assert hours.next_change(far) is None
    assert hours.next_open(far) is None
    assert hours.add_open_time(near, "30m") == opens + 30 * MINUTE
    assert hours.add_open_time(far, "30m") is None


def test_working_hours_clock() -> None:
    """Eight working hours from Friday noon end on Monday at noon; time that ends with the day ends at closing."""
    hours = OpeningHours.weekdays("09:00", "17:00", zone="America/New_York")
    friday = "2026-03-06T12:00:00-05:00"
    assert hours.add_open_time(friday, "8h") == utc("2026-03-09T12:00:00-04:00")
    assert hours.add_open_time(friday, "5h") == utc("2026-03-06T17:00:00-05:00")
    assert hours.open_time(friday, "2026-03-09T12:00:00-04:00") == timedelta(hours=8)
    assert hours.add_open_time(friday, "4000h") == utc("2028-02-04T12:00:00-05:00")


def test_end_of_the_years() -> None:
    """At the end of the range of instants nothing is found any more, and nothing overflows."""
    hours = OpeningHours.daily("09:00", "17:00", zone="America/New_York")
    last = "2100-12-31T23:59:59.999999Z"
    assert not hours.is_open(last)
    assert hours.next_change(last) is None
    assert hours.add_open_time(last, "1h") is None
    assert OpeningHours.always().add_open_time(last, "1us") is None
    assert OpeningHours.always().add_open_time("2100-12-31T00:00:00Z", "1d") is None
    assert hours.is_open("2000-01-01T15:00:00Z")


def test_memory_of_days_is_bounded() -> None:
    """Long questions do not make the memory of expanded days grow, and do not change answers."""
    hours = OpeningHours.weekdays("09:00", "17:00", zone="America/New_York")
    before = hours.open_time("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
    hours.open_time("2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z")
    assert len(hours._kept) <= DAYS_KEPT
    assert hours.open_time("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z") == before == timedelta(hours=22 * 8)


def test_values_are_frozen_and_print_short() -> None:
    """Hours cannot be changed from outside, show what they hold, and print in a line."""
    hours = OpeningHours.weekdays("09:00", "17:00", zone="UTC", holidays={f"12-{day}": None for day in range(10, 30)})
    assert hours.weekly["mon"] == (Interval(32_400, 61_200),)
    assert hours.weekly["sun"] == ()
    assert str(hours.weekly["mon"][0]) == "09:00-17:00"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        hours.zone = "Europe/Berlin"  # type: ignore[misc]
    with pytest.raises(TypeError):
        hours.weekly["mon"] = ()  # type: ignore[index]
    assert len(repr(hours)) < 200
    assert "20 holidays" in repr(hours)


# --- refusals ---


@pytest.mark.parametrize(
    "zone",
    [
        "../../etc/passwd",
        "/etc/localtime",
        "Mars/Base",
        "localtime",
        "posixrules",
        "Factory",
        "",
        "utc",
        "EST\0",
        5,
        None,
    ],
)
def test_bad_zone(zone: str) -> None:
    """Only listed names of places are zones: no path, no invention, no zone of the machine."""
    for make in (lambda: OpeningHours(zone, weekly={}), lambda: zone_named(zone)):
        with pytest.raises(InvalidInput) as error:
            make()
        assert (error.value.field, error.value.code) == ("zone", "zone")


@pytest.mark.parametrize(
    ("weekly", "field", "code"),
    [
        ({"monday": []}, "weekly", "unknown_day"),
        ({"Mon": []}, "weekly", "unknown_day"),
        ({0: []}, "weekly", "unknown_day"),
        ([], "weekly", "type"),
        (None, "weekly", "type"),
        ({"mon": "09:00-17:00"}, "weekly.mon", "type"),
        ({"mon": Interval(0, 60)}, "weekly.mon", "type"),
        ({"mon": 9}, "weekly.mon", "type"),
        ({"mon": ("09:00", "17:00")}, "weekly.mon[0]", "interval"),
        ({"tue": ["09:00-10:00", "09:00"]}, "weekly.tue[1]", "interval"),
        ({"tue": ["09:00-10:00-11:00"]}, "weekly.tue[0]", "interval"),
        ({"tue": [("09:00", "10:00", "11:00")]}, "weekly.tue[0]", "interval"),
        ({"tue": [None]}, "weekly.tue[0]", "interval"),
        ({"tue": [{"09:00", "10:00"}]}, "weekly.tue[0]", "interval"),
        ({"wed": ["9:00-17:00"]}, "weekly.wed[0]", "time"),
        ({"wed": ["09:00 - 17:00"]}, "weekly.wed[0]", "time"),
        ({"wed": ["09:00-25:00"]}, "weekly.wed[0]", "time"),
        ({"wed": ["09:00-24:01"]}, "weekly.wed[0]", "time"),
        ({"wed": ["09:60-17:00"]}, "weekly.wed[0]", "time"),
        ({"wed": ["9am-5pm"]}, "weekly.wed[0]", "time"),
        ({"wed": ["٠٩:00-17:00"]}, "weekly.wed[0]", "time"),
        ({"wed": [("09:00\n", "17:00")]}, "weekly.wed[0]", "time"),
        ({"wed": ["24:00-24:00"]}, "weekly.wed[0]", "time"),
        ({"wed": [(9, 17)]}, "weekly.wed[0]", "time"),
        ({"wed": [(float("nan"), "17:00")]}, "weekly.wed[0]", "time"),
        ({"wed": [(time(9, tzinfo=UTC), time(17))]}, "weekly.wed[0]", "time"),
        ({"wed": [(time(9, microsecond=1), time(17))]}, "weekly.wed[0]", "time"),
        ({"thu": [Interval(-1, 60)]}, "weekly.thu[0]", "interval"),
        ({"thu": [Interval(60, 60)]}, "weekly.thu[0]", "interval"),
        ({"thu": [Interval(86_400, 90_000)]}, "weekly.thu[0]", "interval"),
        ({"thu": [Interval(60, 86_461)]}, "weekly.thu[0]", "interval"),
        ({"fri": ["09:00-17:00"] * 97}, "weekly.fri", "too_many"),
    ],
)
def test_bad_week(weekly: object, field: str, code: str) -> None:
    """What is no week of half-open intervals is refused with the day and the number of the interval."""
    with pytest.raises(InvalidInput) as error:
        OpeningHours("UTC", weekly=weekly)  # type: ignore[arg-type]
    assert (error.value.field, error.value.code) == (field, code)


@pytest.mark.parametrize(
    ("dates", "field", "code"),
    [
        ({"2026-02-29": None}, "", "date"),
        ({"02-30": None}, "", "date"),
        ({"2026-13-01": None}, "", "date"),
        ({"20261225": None}, "", "date"),
        ({"2026-W52-5": None}, "", "date"),
        ({"12/25": None}, "", "date"),
        ({"1999-12-25": None}, "", "date"),
        ({"2101-01-01": None}, "", "date"),
        ({date(1, 1, 1): None}, "", "date"),
        ({datetime(2026, 12, 25, tzinfo=UTC): None}, "", "date"),
        ({20261225: None}, "", "date"),
        ({"2026-12-25": None, date(2026, 12, 25): None}, "", "duplicate"),
        (["2026-12-25"], "", "type"),
        ({"2026-12-25": "closed"}, ".2026-12-25", "type"),
        ({"2026-12-25": False}, ".2026-12-25", "type"),
        ({"2026-12-25": ["10:00"]}, ".2026-12-25[0]", "interval"),
        ({"2026-12-25": {"hours": []}}, ".2026-12-25", "unknown_key"),
        ({"2026-12-25": {"open": ["x-y"]}}, ".2026-12-25.open[0]", "time"),
        ({"2026-12-25": {"name": 5}}, ".2026-12-25.name", "type"),
        ({"2026-12-25": {"name": "x" * 201}}, ".2026-12-25.name", "too_long"),
        ({date.fromordinal(730_200 + day): None for day in range(10_001)}, "", "too_many"),
    ],
)
@pytest.mark.parametrize("place", ["holidays", "exceptions"])
def test_bad_dates(place: str, dates: object, field: str, code: str) -> None:
    """What is no mapping of dates to hours is refused with the date."""
    with pytest.raises(InvalidInput) as error:
        OpeningHours("UTC", weekly={}, **{place: dates})  # type: ignore[arg-type]
    assert (error.value.field, error.value.code) == (place + field, code)


def test_exceptions_need_a_year() -> None:
    """Only holidays come every year."""
    with pytest.raises(InvalidInput) as error:
        OpeningHours("UTC", weekly={}, exceptions={"12-25": None})
    assert (error.value.field, error.value.code) == ("exceptions", "date")


@pytest.mark.parametrize(
    ("table", "field", "code"),
    [
        ({"weekly": {}}, "zone", "zone"),
        ({"zone": "UTC"}, "weekly", "type"),
        ({"zone": "UTC", "weekly": {}, "weekdays": {}}, "hours", "unknown_key"),
        ("UTC", "hours", "type"),
    ],
)
def test_bad_table(table: object, field: str, code: str) -> None:
    """A table needs a zone and a week, and has no other keys than it may."""
    with pytest.raises(InvalidInput) as error:
        OpeningHours.from_table(table)  # type: ignore[arg-type]
    assert (error.value.field, error.value.code) == (field, code)


@pytest.mark.parametrize(
    ("at", "code"),
    [(datetime(2026, 1, 5), "naive"), ("2026-01-05", "syntax"), ("1999-01-01T00:00:00Z", "range"), (0, "type")],  # noqa: DTZ001
)
def test_bad_instants(at: datetime, code: str) -> None:
    """Every question refuses what is no aware instant of the range."""
    hours, good = OpeningHours.always(), "2026-01-05T00:00:00Z"
    for ask in (
        lambda: hours.is_open(at),
        lambda: hours.next_change(at),
        lambda: hours.next_open(at),
        lambda: hours.open_time(at, good),
        lambda: hours.open_time(good, at),
        lambda: hours.intervals(good, at),
        lambda: hours.add_open_time(at, "1h"),
        lambda: add_calendar(at, days=1, zone="UTC"),
    ):
        with pytest.raises(InvalidInput) as error:
            ask()
        assert error.value.code == code


def test_end_before_start() -> None:
    """A range that ends before it starts is refused at once; an empty one is empty."""
    hours = OpeningHours.always()
    for ask in (hours.open_time, hours.intervals):
        with pytest.raises(InvalidInput) as error:
            ask("2026-01-05T00:00:00Z", "2026-01-04T23:59:59Z")
        assert (error.value.field, error.value.code) == ("end", "order")
    assert hours.open_time("2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z") == timedelta(0)


@pytest.mark.parametrize(("amount", "code"), [(float("nan"), "not_finite"), ("-1h", "negative"), ("8", "syntax")])
def test_bad_amount(amount: str | float, code: str) -> None:
    """An amount of open time is a duration."""
    with pytest.raises(InvalidInput) as error:
        OpeningHours.always().add_open_time("2026-01-05T00:00:00Z", amount)
    assert (error.value.field, error.value.code) == ("amount", code)


# --- calendar days ---


@pytest.mark.parametrize(
    ("base", "days", "hours", "zone", "expected", "elapsed"),
    [
        ("2029-11-03T00:30:00-04:00", 2, 0, "America/New_York", "2029-11-05T00:30:00-05:00", 49),
        ("2029-03-10T02:30:00-05:00", 2, 0, "America/New_York", "2029-03-12T02:30:00-04:00", 47),
        ("2029-03-10T02:30:00-05:00", 1, 0, "America/New_York", "2029-03-11T03:00:00-04:00", 23.5),
        ("2029-11-03T01:30:00-04:00", 1, 0, "America/New_York", "2029-11-04T01:30:00-04:00", 24),
        ("2029-11-05T01:30:00-05:00", -1, 0, "America/New_York", "2029-11-04T01:30:00-05:00", -24),
        ("2029-11-04T01:30:00-05:00", 0, 0, "America/New_York", "2029-11-04T01:30:00-05:00", 0),
        ("2029-11-04T01:30:00-04:00", 0, 1, "America/New_York", "2029-11-04T01:30:00-05:00", 1),
        ("2029-11-03T12:00:00-04:00", 1, -24, "America/New_York", "2029-11-03T13:00:00-04:00", 1),
        ("2026-03-28T00:15:00+02:00", 1, 0, "Asia/Beirut", "2026-03-29T01:00:00+03:00", 23.75),
        ("2011-12-29T12:00:00-10:00", 1, 0, "Pacific/Apia", "2011-12-31T00:00:00+14:00", 12),
        ("2011-12-29T12:00:00-10:00", 2, 0, "Pacific/Apia", "2011-12-31T12:00:00+14:00", 24),
        ("2029-11-03T04:30:00Z", 2, 0, "America/New_York", "2029-11-05T00:30:00-05:00", 49),
        ("2029-11-03T04:30:00.000007Z", 2, 0, "UTC", "2029-11-05T04:30:00.000007Z", 48),
        ("2000-01-01T00:00:00Z", 0, 0, "America/New_York", "2000-01-01T00:00:00Z", 0),
    ],
)
def test_add_calendar(base: str, days: int, hours: int, zone: str, expected: str, elapsed: float) -> None:
    """Calendar days keep the wall clock, hours are elapsed ones."""
    found = add_calendar(base, days=days, hours=hours, zone=zone)
    assert found == utc(expected)
    assert found.tzinfo is UTC
    assert found - utc(base) == timedelta(hours=elapsed)


@settings(deadline=None)
@given(st.sampled_from(WINDOWS), offsets, st.integers(-400, 400))
def test_calendar_days_land_on_their_date(window: Window, offset: timedelta, days: int) -> None:
    """The wall clock is kept wherever that time exists; no days at all is the same instant."""
    base, zone = window.start + offset, window.zone
    info = ZoneInfo(zone)
    assert add_calendar(base, days=0, zone=zone) == base
    wanted = base.astimezone(info).replace(tzinfo=None) + timedelta(days=days)
    found = add_calendar(base, days=days, zone=zone).astimezone(info).replace(tzinfo=None)
    exists = wanted.replace(tzinfo=info).astimezone(UTC).astimezone(info).replace(tzinfo=None) == wanted
    assert found == wanted if exists else wanted < found < wanted + timedelta(days=1, minutes=1)


@pytest.mark.parametrize(
    ("days", "hours", "field", "code"),
    [
        (1.5, 0, "days", "type"),
        (True, 0, "days", "type"),
        (0, "1", "hours", "type"),
        (36_526, 0, "days", "range"),
        (0, -876_601, "hours", "range"),
        (36_525, 0, "base", "range"),
        (0, -876_600, "base", "range"),
    ],
)
def test_bad_calendar_steps(days: int, hours: int, field: str, code: str) -> None:
    """Days and hours are whole numbers, and the result is in the range of instants."""
    with pytest.raises(InvalidInput) as error:
        add_calendar("2026-01-05T00:00:00Z", days=days, hours=hours, zone="America/New_York")
    assert (error.value.field, error.value.code) == (field, code)


def test_bad_calendar_zone() -> None:
    """The zone of calendar days is a listed one."""
    with pytest.raises(InvalidInput) as error:
        add_calendar("2026-01-05T00:00:00Z", days=1, zone="Mars/Base")
    assert (error.value.field, error.value.code) == ("zone", "zone")
