"""How wrong the forecasts of a method were in the past, beside those of last week."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from attrs import frozen

from switchroom.simulation.profile import ForecastInterval, Method, Model, Past, ordinary_days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from switchroom.simulation.demand import Demand

FOLDS: Final = 4
"""Origins of a back-test: a month of weeks, one after the other."""
MIN_TRAINING: Final = timedelta(days=14)
"""An origin with less before it is left out."""


@frozen
class Accuracy:
    """How far forecasts were off, over the intervals that were compared."""

    wape: float | None
    """Sum of absolute errors over sum of arrivals; None without arrivals."""
    mae: float
    """Mean absolute error of an interval, in arrivals."""
    bias: float | None
    """Sum of errors over sum of arrivals: above 0, too many were forecast."""
    coverage: float
    """The share of the intervals tested for which there was a forecast."""


@frozen
class BackTest:
    """Forecasts from the past beside what came. Both accuracies are over the intervals that both forecast."""

    folds: int
    days: int
    compared: int
    """How many intervals."""
    forecast: Accuracy
    last_week: Accuracy
    """Of the plainest forecast: the latest of the same local weekday and time before the origin."""
    handle_error: timedelta
    """Mean absolute error of the handle time, an interval counting as its arrivals."""
    error_by_time: tuple[tuple[int, float], ...]
    """Number of the interval in the local day, and the mean absolute error at it."""

    @property
    def beats_last_week(self) -> bool:
        """Whether the forecast was nearer than the same as last week."""
        return self.forecast.mae < self.last_week.mae


class _Compared(NamedTuple):
    time: int
    came: Demand
    forecast: ForecastInterval
    last_week: float


class _Fold(NamedTuple):
    tested: int
    forecast: int
    last_week: int
    compared: list[_Compared]


def tested(past: Sequence[Past], method: Method, days: int, folds: int) -> BackTest | None:
    """The back-test of a method from origins ``days`` apart; None where no origin leaves anything to compare."""
    span = timedelta(days=days)
    origins = [past[-1].row.end - fold * span for fold in range(folds, 0, -1)]
    done = [fold for fold in (_fold(past, method, origin, origin + span) for origin in origins) if fold is not None]
    pairs = [pair for fold in done for pair in fold.compared]
    if not pairs:
        return None
    count = sum(fold.tested for fold in done)
    return BackTest(
        folds=len(done),
        days=days,
        compared=len(pairs),
        forecast=_accuracy(
            [(p.forecast.arrivals, p.came.arrivals) for p in pairs], sum(f.forecast for f in done) / count
        ),
        last_week=_accuracy([(p.last_week, p.came.arrivals) for p in pairs], sum(f.last_week for f in done) / count),
        handle_error=_handle_error(pairs),
        error_by_time=_by_time(pairs),
    )


def _fold(past: Sequence[Past], method: Method, origin: datetime, end: datetime) -> _Fold | None:
    before = [p for p in past if p.row.end <= origin]
    if origin - past[0].row.start < MIN_TRAINING or not ordinary_days(before, method):
        return None
    model = Model(before, method)
    latest = {p.place.slot: p.row.arrivals for p in before}
    rows = [(p, model.forecast(p.place), latest.get(p.place.slot)) for p in past if origin <= p.row.start < end]
    return _Fold(
        tested=len(rows),
        forecast=sum(row[1] is not None for row in rows),
        last_week=sum(row[2] is not None for row in rows),
        compared=[
            _Compared(p.place.slot[1], p.row, expected, naive)
            for p, expected, naive in rows
            if expected is not None and naive is not None
        ],
    )


def _accuracy(pairs: Sequence[tuple[float, float]], coverage: float) -> Accuracy:
    wrong = math.fsum(abs(expected - came) for expected, came in pairs)
    total = math.fsum(came for _, came in pairs)
    bias = math.fsum(expected - came for expected, came in pairs)
    return Accuracy(
        wape=wrong / total if total else None,
        mae=wrong / len(pairs),
        bias=bias / total if total else None,
        coverage=coverage,
    )


def _handle_error(pairs: Sequence[_Compared]) -> timedelta:
    handled = [pair for pair in pairs if pair.came.arrivals and pair.forecast.arrivals]
    weight = math.fsum(pair.came.arrivals for pair in handled)
    wrong = math.fsum(
        pair.came.arrivals * abs(pair.forecast.handle - pair.came.handle).total_seconds() for pair in handled
    )
    return timedelta(seconds=wrong / weight) if weight else timedelta(0)


def _by_time(pairs: Sequence[_Compared]) -> tuple[tuple[int, float], ...]:
    errors: defaultdict[int, list[float]] = defaultdict(list)
    for pair in pairs:
        errors[pair.time].append(abs(pair.forecast.arrivals - pair.came.arrivals))
    return tuple((time, math.fsum(errors[time]) / len(errors[time])) for time in sorted(errors))
