"""Histories, forecasts and their errors."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.simulation.demand import Demand
from switchroom.simulation.forecast import (
    ForecastInterval,
    Method,
    back_test,
    forecast,
    write_forecast,
)
from switchroom.simulation.history import COLUMNS, read_history, write_history

MADRID = ZoneInfo("Europe/Madrid")
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)

Volume = Callable[[datetime], float]


def history(volume: Volume, days: int, *, start: datetime = MONDAY, zone: ZoneInfo | None = None) -> list[Demand]:
    """Hours of so many days; the volume is that of the local time."""
    hours = (start.astimezone(UTC) + k * HOUR for k in range(24 * days))
    counts = [(at, volume(at.astimezone(zone or UTC))) for at in hours]
    return [Demand(at, HOUR, count, "5m" if count else 0) for at, count in counts]


def weekly(at: datetime) -> float:
    """Every hour of the week has its own number."""
    return 10.0 * at.weekday() + at.hour


def arrivals(rows: Sequence[ForecastInterval]) -> list[float]:
    return [row.arrivals for row in rows]


UTC_METHOD = Method(zone="UTC")


def test_a_week_that_repeats_is_forecast_exactly() -> None:
    """Where every week is the same, the next is forecast to the number, with no error."""
    made = forecast(history(weekly, 28), UTC_METHOD)
    assert arrivals(made.rows) == pytest.approx([weekly(row.start) for row in made.rows])
    assert len(made.rows) == 24 * 7
    assert made.rows[0].start == MONDAY + timedelta(days=28)
    assert {row.error for row in made.rows} == {0.0}
    assert {row.basis for row in made.rows} == {"profile"}
    assert {row.handle for row in made.rows if row.arrivals} == {timedelta(minutes=5)}
    assert made.test is not None
    assert (made.test.folds, made.test.forecast.wape, made.test.last_week.wape) == (2, 0.0, 0.0)
    assert not made.test.beats_last_week


def test_a_forecast_is_the_mean_of_the_weeks() -> None:
    """Without a trend, each weekday and hour is the mean of its weeks, by hand."""
    past = history(lambda at: (3, 9, 6)[(at - MONDAY).days // 7], 21)
    assert set(arrivals(forecast(past, UTC_METHOD).rows)) == {6.0}


def test_only_the_last_weeks_count() -> None:
    """What lies before the weeks asked for does not show in the profile."""
    past = history(lambda at: 100 if (at - MONDAY).days < 14 else 8, 28)
    assert set(arrivals(forecast(past, Method(zone="UTC", weeks=2)).rows)) == {8.0}
    assert forecast(past, Method(zone="UTC", trend=False)).rows[0].arrivals == 54


@pytest.mark.parametrize("growth", [0.01, -0.01])
def test_a_steady_trend_is_followed(growth: float) -> None:
    """A line up or down goes on in the days to come, within a few percent; without trend it does not."""

    def volume(at: datetime) -> float:
        return (20 + at.hour) * (1 + growth * (at - MONDAY).days)

    past = history(volume, 42)
    made = forecast(past, UTC_METHOD)
    assert arrivals(made.rows) == pytest.approx([volume(row.start) for row in made.rows], rel=0.04)
    flat = forecast(past, Method(zone="UTC", trend=False))
    assert (made.rows[-1].arrivals - flat.rows[-1].arrivals) * growth > 0
    assert made.test is not None
    assert made.test.beats_last_week


def test_a_trend_is_not_carried_further_than_it_was_seen() -> None:
    """Four weeks of a rising line say nothing of the second year: the level stays, and never falls to nothing."""
    rising = forecast(history(lambda at: 50 + (at - MONDAY).days, 28), UTC_METHOD, days=400)
    assert rising.rows[-1].arrivals < 150
    assert rising.rows[24 * 60].arrivals == pytest.approx(rising.rows[24 * 200 - 24].arrivals, rel=0.1)
    falling = forecast(history(lambda at: 60 - 2 * (at - MONDAY).days, 28), UTC_METHOD, days=60)
    assert min(arrivals(falling.rows)) > 0


def test_noise_is_no_trend() -> None:
    """Days that go up and down without direction leave the level flat."""
    past = history(lambda at: 100 + 15 * (-1) ** ((at - MONDAY).days * 7 // 3), 42)
    by_day = arrivals(forecast(past, UTC_METHOD, days=14).rows)
    assert by_day[: 24 * 7] == pytest.approx(by_day[24 * 7 :])


# The calendar.


def test_the_morning_stays_in_the_morning_when_the_clocks_change() -> None:
    """A history of winter time forecasts the same local hours in summer time."""

    def volume(at: datetime) -> float:
        return 40.0 if 9 <= at.hour < 17 else 0.0

    start = datetime(2026, 3, 2, tzinfo=MADRID)
    past = history(volume, 27, start=start, zone=MADRID)
    made = forecast(past, Method(zone=MADRID), days=3)
    assert made.rows[0].start == datetime(2026, 3, 28, 23, tzinfo=UTC)
    # Sunday 29 March has 23 hours.
    assert len(made.rows) == 23 + 24 + 24
    assert [row.arrivals for row in made.rows] == [volume(row.start.astimezone(MADRID)) for row in made.rows]


def test_an_hour_that_comes_twice_is_forecast_twice() -> None:
    """The day of 25 hours has 25 rows, and both hours of the same name carry its arrivals."""
    start = datetime(2026, 9, 28, tzinfo=MADRID)
    past = history(lambda at: at.hour, 27, start=start, zone=MADRID)
    made = forecast(past, Method(zone=MADRID), days=1)
    assert arrivals(made.rows) == pytest.approx([0, 1, 2, 2, *range(3, 24)])


def test_a_zone_that_shifts_half_an_hour_keeps_its_rows() -> None:
    """Lord Howe Island changes its clocks by 30 minutes: hours still find their profile."""
    zone = ZoneInfo("Australia/Lord_Howe")
    past = history(lambda at: 7, 27, start=datetime(2026, 3, 9, tzinfo=zone), zone=zone)
    made = forecast(past, Method(zone=zone), days=2)
    assert len(made.rows) == 49
    assert set(arrivals(made.rows)) == {7.0}


def _with_holidays(at: datetime) -> float:
    return 20.0 if at.date() in (date(2026, 1, 14), date(2026, 1, 23)) else 80.0


def test_holidays_are_learned_and_leave_the_profile_alone() -> None:
    """A quarter of the usual on past holidays is forecast for the next, and ordinary days keep their number."""
    days = [date(2026, 1, 14), "2026-01-23", "2026-02-04"]
    made = forecast(history(_with_holidays, 28), Method(zone="UTC", holidays=days))
    holiday = [row for row in made.rows if row.start.date() == date(2026, 2, 4)]
    assert set(arrivals(holiday)) == {20.0}
    assert {row.basis for row in holiday} == {"holiday"}
    assert {row.arrivals for row in made.rows if row not in holiday} == {80.0}


def test_a_holiday_nobody_has_seen_is_marked() -> None:
    """Without a past holiday the usual number is forecast and the row says so, unless a factor is given."""
    past = history(lambda at: 80, 28)
    unlearned = forecast(past, Method(zone="UTC", holidays=["2026-02-04"]))
    assert {(row.basis, row.arrivals) for row in unlearned.rows} == {("profile", 80), ("holiday_unlearned", 80)}
    given_ = forecast(past, Method(zone="UTC", holidays=["2026-02-04"], holiday_factor=0.0))
    assert {(row.basis, row.arrivals) for row in given_.rows} == {("profile", 80), ("holiday", 0)}
    assert {row.handle for row in given_.rows if row.basis == "holiday"} == {timedelta(0)}


def test_hours_that_were_never_open_get_no_row() -> None:
    """A weekday and time that the history does not hold is not forecast, which is not a forecast of none."""
    past = [row for row in history(lambda at: 5, 28) if 8 <= row.start.hour < 20 and row.start.weekday() < 5]
    made = forecast(past, UTC_METHOD, start="2026-02-02T00:00:00Z")
    assert len(made.rows) == 12 * 5
    assert {row.start.hour for row in made.rows} == set(range(8, 20))


def test_a_handle_time_rests_on_what_was_handled() -> None:
    """A slot with many interactions keeps its own mean; one with a single long one is drawn to the mean of all."""
    past = [
        Demand(row.start, HOUR, 1 if row.start.hour == 3 else 500, "1h" if row.start.hour == 3 else "4m")
        for row in history(lambda at: 1, 28)
    ]
    made = {row.start.hour: row.handle for row in forecast(past, UTC_METHOD).rows}
    assert made[12] == pytest.approx(timedelta(minutes=4), abs=timedelta(seconds=2))
    assert timedelta(minutes=10) < made[3] < timedelta(minutes=20)


# The error.


def test_the_error_is_that_of_a_forecast_made_before() -> None:
    """The figures of one origin are those of comparing by hand the forecast from what lay before it."""
    past = history(lambda at: 50 + 10 * math.sin(at.toordinal() * 1.7) + at.hour, 28)
    test = back_test(past, UTC_METHOD, folds=1)
    made = forecast(past[: 24 * 21], UTC_METHOD).rows
    came = past[24 * 21 :]
    off = [row.arrivals - real.arrivals for row, real in zip(made, came, strict=True)]
    total = sum(real.arrivals for real in came)
    assert test.forecast.wape == pytest.approx(sum(map(abs, off)) / total)
    assert test.forecast.mae == pytest.approx(sum(map(abs, off)) / len(off))
    assert test.forecast.bias == pytest.approx(sum(off) / total)
    naive = [before.arrivals - real.arrivals for before, real in zip(past[24 * 14 : 24 * 21], came, strict=True)]
    assert test.last_week.wape == pytest.approx(sum(map(abs, naive)) / total)
    assert test.last_week.bias == pytest.approx(sum(naive) / total)
    assert (test.folds, test.days, test.compared) == (1, 7, 168)
    assert dict(test.error_by_time)[5] == pytest.approx(sum(map(abs, off[5::24])) / 7)


def test_the_future_is_not_seen() -> None:
    """A back-test of one origin is blind to everything after it: other arrivals there change no forecast before."""
    calm = history(lambda at: 30 + at.hour, 28)
    storm = calm[: 24 * 21] + [Demand(row.start, HOUR, 1000, "5m") for row in calm[24 * 21 :]]
    test = back_test(storm, UTC_METHOD, folds=1)
    expected = sum(1000 - row.arrivals for row in calm[24 * 21 :]) / 168
    assert test.forecast.mae == pytest.approx(expected)


def test_averaging_beats_last_week_on_noise() -> None:
    """Weeks that differ by chance are forecast better by their mean than by the last of them."""
    past = history(lambda at: 50 + 20 * math.sin(at.toordinal() ** 2 + at.hour), 84)
    test = back_test(past, UTC_METHOD)
    assert test.beats_last_week
    assert test.forecast.mae < 0.85 * test.last_week.mae
    assert test.forecast.coverage == test.last_week.coverage == 1.0


def test_intervals_without_a_forecast_lower_the_coverage() -> None:
    """Opening on a new weekday counts as not covered, for both forecasts."""
    past = [row for row in history(lambda at: 5, 28) if row.start.weekday() != 6 or row.start > MONDAY + 21 * 24 * HOUR]
    test = back_test(past, UTC_METHOD, folds=1)
    assert test.forecast.coverage == test.last_week.coverage == pytest.approx(6 / 7)
    assert test.compared == 24 * 6


def test_a_short_history_is_forecast_but_not_tested() -> None:
    """Under three weeks there is a forecast without an error, and a test is refused."""
    past = history(weekly, 20)
    made = forecast(past, UTC_METHOD)
    assert made.test is None
    assert {row.error for row in made.rows} == {None}
    with pytest.raises(InvalidInput) as caught:
        back_test(past, UTC_METHOD)
    assert caught.value.code == "too_short"


def test_a_closed_past_has_no_relative_error() -> None:
    """Without any arrivals the relative errors are undefined, and the absolute one is 0."""
    test = back_test(history(lambda at: 0, 28), UTC_METHOD)
    assert (test.forecast.wape, test.forecast.bias, test.forecast.mae) == (None, None, 0.0)
    assert test.handle_error == timedelta(0)


def test_the_error_of_the_handle_time_weighs_arrivals() -> None:
    """A week one minute longer than forecast is off by one minute on average."""
    past = history(weekly, 28)
    longer = past[: 24 * 21] + [Demand(r.start, HOUR, r.arrivals, "6m" if r.arrivals else 0) for r in past[24 * 21 :]]
    assert back_test(longer, UTC_METHOD, folds=1).handle_error == timedelta(minutes=1)


# What is refused.


def test_a_history_is_of_one_kind_and_each_interval_once() -> None:
    """Empty, mixed, overlapping, doubled or too long intervals are refused, naming the interval."""
    good = history(weekly, 14)
    at = good[5].start
    for bad, code in (
        ([], "empty"),
        ([*good, Demand("2026-03-01T00:00:00Z", "30m", 0)], "mixed"),
        ([*good, Demand(at + timedelta(minutes=10), HOUR, 0)], "grid"),
        ([*good, good[5]], "duplicate"),
        ([Demand(at, "2h", 1, "4m")], "interval"),
        ([Demand(at, "25m", 1, "4m")], "interval"),
    ):
        with pytest.raises(InvalidInput) as caught:
            forecast(bad, UTC_METHOD)
        assert caught.value.code == code
        assert code == "empty" or str(caught.value).startswith("interval 2026-")


def test_rows_may_come_in_any_order() -> None:
    """The order of the rows makes no difference."""
    past = history(weekly, 28)
    assert forecast(past[::-1], UTC_METHOD) == forecast(past, UTC_METHOD)


@pytest.mark.parametrize("days", [0, -1, 401, 1.5, True, "7"])
def test_the_days_are_bounded(days: object) -> None:
    """Days that are no whole number in the range are refused by name."""
    with pytest.raises(InvalidInput, match=r"^days: "):
        forecast(history(weekly, 14), UTC_METHOD, days=days)  # type: ignore[arg-type]


@pytest.mark.parametrize("start", ["2026-01-18T23:00:00Z", "2026-01-19T00:30:00Z", "2026-01-19T00:00:00", "soon"])
def test_a_start_follows_the_history_on_its_grid(start: str) -> None:
    """A start within the history, between two intervals or without an offset is refused by name."""
    with pytest.raises(InvalidInput, match=r"^start: "):
        forecast(history(weekly, 14), UTC_METHOD, start=start)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("zone", bad) for bad in ("Mars/Olympus", "", "../etc/passwd", "America", 3, None)),
        *(("holidays", bad) for bad in (["Christmas"], ["2026-02-30"], [MONDAY], [3])),
        *(("holiday_factor", bad) for bad in (-0.1, math.nan, True, "1")),
        *(("weeks", bad) for bad in (0, 521, 1.5, True)),
    ],
)
def test_each_argument_of_a_method_is_refused_by_its_name(name: str, value: object) -> None:
    """A wrong value is refused with the argument in front."""
    arguments = {"zone": "UTC", name: value}
    with pytest.raises(InvalidInput, match=rf"^{name}: "):
        Method(**arguments)  # type: ignore[arg-type]


def test_a_history_of_holidays_alone_is_refused() -> None:
    """Where no ordinary day is left, nothing can be learned."""
    with pytest.raises(InvalidInput) as caught:
        forecast(history(weekly, 1), Method(zone="UTC", holidays=[MONDAY.date()]))
    assert caught.value.code == "all_holidays"


# Files.


@given(
    st.lists(
        st.builds(
            Demand,
            st.integers(0, 10**15).map(lambda micros: MONDAY + timedelta(microseconds=micros)),
            st.sampled_from([timedelta(minutes=m) for m in (5, 15, 30, 60)]),
            st.floats(0, 1e6).map(lambda n: float(f"{n:.15g}")),
            st.timedeltas(timedelta(microseconds=1), timedelta(days=3)),
        )
    )
)
def test_what_is_written_reads_back(rows: list[Demand]) -> None:
    """Instants, lengths, counts and handle times survive the file, to the microsecond."""
    file = io.StringIO()
    write_history(rows, file)
    assert list(read_history(file.getvalue().splitlines())) == rows


def test_a_forecast_is_written_as_a_history() -> None:
    """The file of a forecast has the columns of a history."""
    made = forecast(history(weekly, 14), UTC_METHOD, days=1)
    file = io.StringIO()
    write_forecast(made.rows, file)
    table = list(csv.reader(file.getvalue().splitlines()))
    assert table[0] == list(COLUMNS)
    assert table[10] == ["2026-01-19T09:00:00Z", "3600", "9", "300"]


def test_columns_may_stand_in_any_order_among_others() -> None:
    """Names in another order or case, other columns, a byte order mark and empty lines are fine."""
    text = '\ufeffnote,Handle_Seconds,ARRIVALS,start,interval_seconds\n\n"a,b",240,12,2026-01-05T09:00:00+01:00,900\n'
    assert read_history(text.splitlines()) == (Demand("2026-01-05T08:00:00Z", "15m", 12, "4m"),)


HEAD = "start,interval_seconds,arrivals,handle_seconds"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1"),
        ("start,arrivals\n", "line 1"),
        (f"{HEAD},arrivals\n", "line 1"),
        (f"{HEAD}\n2026-01-05T09:00:00Z,900,12\n", "line 2"),
        (f"{HEAD}\n2026-01-05T09:00:00,900,12,240\n", "line 2: start"),
        (f"{HEAD}\n2026-01-05T09:00:00Z,x,12,240\n", "line 2: interval_seconds"),
        (f"{HEAD}\n2026-01-05T09:00:00Z,0,12,240\n", "line 2: interval"),
        (f"{HEAD}\n2026-01-05T09:00:00Z,900,,240\n", "line 2: arrivals"),
        (f"{HEAD}\n2026-01-05T09:00:00Z,900,-1,240\n", "line 2: arrivals"),
        (f"{HEAD}\n2026-01-05T09:00:00Z,900,nan,240\n", "line 2: arrivals"),
        (f"{HEAD}\n2026-01-05T09:00:00Z,900,1,240\n2026-01-05T09:15:00Z,900,12,\n", "line 3: handle"),
        (f"{HEAD}\n2026-01-05T09:00:00Z,900,1,inf\n", "line 2: handle"),
        (f"{HEAD}\n{'x' * 200_000},900,1,240\n", "line 2"),
    ],
)
def test_a_wrong_file_is_refused_by_line_and_column(text: str, place: str) -> None:
    """The error begins with the line, and the column where it is one."""
    with pytest.raises(InvalidInput) as caught:
        read_history(text.splitlines())
    assert str(caught.value).startswith(place)
    assert len(str(caught.value)) < 300
