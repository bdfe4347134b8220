"""How many will arrive in each interval of the days to come, and how wrong such a forecast was in the past.

The method is simple enough to check by hand:

1. **Profile**: for each local weekday and interval of the day, the mean arrivals of the last `WEEKS` weeks; holidays
   are left out. Local time, so that the morning peak stays in the morning when the clocks change.
2. **Trend**: a straight line through the days' ratios to the profile, used only where its slope is more than twice its
   standard error over at least `TREND_DAYS` days, and never carried further ahead than the days it was seen in.
3. **Holidays**: the profile times the ratio that past holidays had to it.
4. **Handle time**: the mean of the same weekday and interval, drawn towards the mean of all while it rests on few.

`back_test` repeats this from origins in the past, each seeing only what lay before it, and measures the forecast beside
the plainest one there is: the same as a week before. A forecast that does not beat last week is not worth its trouble.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TextIO

from attrs import evolve, frozen

from switchroom.durations import InstantLike, instant
from switchroom.errors import InvalidInput
from switchroom.simulation.accuracy import FOLDS, MIN_TRAINING, Accuracy, BackTest, tested
from switchroom.simulation.history import ordered, write_history
from switchroom.simulation.profile import (
    MAX_WEEKS,
    TREND_DAYS,
    WEEKS,
    Basis,
    ForecastInterval,
    Method,
    Model,
    Past,
    place,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from switchroom.simulation.demand import Demand

__all__ = (
    "FOLDS",
    "MAX_DAYS",
    "MIN_TRAINING",
    "TREND_DAYS",
    "WEEKS",
    "Accuracy",
    "BackTest",
    "Basis",
    "Forecast",
    "ForecastInterval",
    "Method",
    "back_test",
    "forecast",
    "write_forecast",
)

MAX_DAYS: Final = 400
"""The longest forecast: a year and a month."""


@frozen
class Forecast:
    """The intervals to come, by time, and the back-test of the same method; None where the history is too short."""

    rows: tuple[ForecastInterval, ...]
    test: BackTest | None


def forecast(history: Iterable[Demand], method: Method, *, days: int = 7, start: InstantLike | None = None) -> Forecast:
    """The intervals of so many local days from ``start`` (the end of the history, unless given), each with its error.

    The back-test looks as far ahead as the forecast, and a week at least. A weekday and time that the history never saw
    gets no row. Linear in history and rows, but for sorting.

    Raises `InvalidInput` where the history is empty, of mixed lengths or has an interval twice, or is all holidays;
    where ``days`` is not 1 to `MAX_DAYS`; where ``start`` is off the grid of the history, or before its end.
    """
    length = whole(days, "days", MAX_DAYS)
    past = _localised(history, method)
    begin = past[-1].row.end if start is None else _checked_start(instant(start, field="start"), past)
    # A test of whole weeks, so that each weekday counts, for a forecast of one day too.
    test = tested(past, method, max(length, 7), FOLDS)
    errors = dict(test.error_by_time) if test else {}
    model = Model(past, method)
    interval = past[0].row.interval
    places = (place(at, interval, method.zone) for at in _instants(begin, interval, length, method.zone))
    rows = ((p, model.forecast(p)) for p in places)
    return Forecast(tuple(evolve(row, error=errors.get(p.slot[1])) for p, row in rows if row is not None), test)


def back_test(history: Iterable[Demand], method: Method, *, days: int = 7, folds: int = FOLDS) -> BackTest:
    """The error of the method on its own past: ``folds`` origins, ``days`` apart, each forecasting that far ahead.

    Origins with less than `MIN_TRAINING` before them are left out. Raises `InvalidInput` where none is left, and where
    `forecast` does.
    """
    test = tested(_localised(history, method), method, whole(days, "days", MAX_DAYS), whole(folds, "folds", MAX_WEEKS))
    if test is None:
        hint = f"a back-test needs {days} days after {MIN_TRAINING.days} or more to learn from"
        raise InvalidInput("history", "too_short", hint=hint)
    return test


def write_forecast(rows: Iterable[ForecastInterval], file: TextIO) -> None:
    """Write the rows as CSV with the columns of a history, which `read_history` reads again."""
    write_history(rows, file)


def _localised(history: Iterable[Demand], method: Method) -> list[Past]:
    return [Past(row, place(row.start, row.interval, method.zone)) for row in ordered(history)]


def _checked_start(start: datetime, past: list[Past]) -> datetime:
    last = past[-1].row
    if start < last.end:
        raise InvalidInput(
            "start", "range", start.isoformat(), hint="a forecast begins where the history ends or later"
        )
    if (start - last.end) % last.interval:
        raise InvalidInput("start", "grid", start.isoformat(), hint="whole intervals after the end of the history")
    return start


def _instants(begin: datetime, interval: timedelta, days: int, zone: ZoneInfo) -> Iterator[datetime]:
    # Days by the local calendar, one of 23 or 25 hours included; steps by the clock that never changes.
    local = begin.astimezone(zone)
    end = (local.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=zone).astimezone(begin.tzinfo)
    while begin < end:
        yield begin
        begin += interval
