"""What one stretch of the past says of any interval: profile, trend, holidays and handle times."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from attrs import field, frozen

from switchroom.errors import InvalidInput
from switchroom.simulation.demand import Demand
from switchroom.simulation.erlang import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Basis: TypeAlias = Literal["profile", "holiday", "holiday_unlearned"]
"""What a row rests on: the profile; that and the factor of holidays; that alone, no factor being known."""

WEEKS: Final = 12
"""How much of the past the profile looks at: a season, so that a year's cycle does not blur it."""
TREND_DAYS: Final = 21
"""Below three weeks a trend cannot be told from a busy week."""
MAX_DAYS: Final = 400
"""The longest forecast: a year and a month."""
MAX_WEEKS: Final = 520
"""Ten years."""

# So many handled interactions weigh as much as the mean of all; below that a single long one decides the interval.
_HANDLE_WEIGHT = 20.0
# A falling line would reach zero and go on; no level is taken below a twentieth of the mean.
_LEAST_LEVEL = 0.05

Slot: TypeAlias = tuple[int, int]
"""Local weekday (0 is Monday) and number of the interval in the local day."""


def whole(value: object, name: str, high: int) -> int:
    """The value, if it is a whole number of 1 to ``high``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(name, "type", value, hint="a whole number is wanted")
    if not 1 <= value <= high:
        raise InvalidInput(name, "range", value, hint=f"between 1 and {high}")
    return value


def _to_zone(value: ZoneInfo | str) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError, TypeError):
        raise InvalidInput("zone", "unknown", value, hint="a zone name such as Europe/Madrid is wanted") from None


def _to_dates(values: Iterable[date | str]) -> frozenset[date]:
    return frozenset(_to_date(value) for value in values)


def _to_date(value: object) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise InvalidInput("holidays", "syntax", value, hint="a date looks like 2026-12-25") from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidInput("holidays", "type", value, hint="a date, or text like 2026-12-25")
    return value


def _to_factor(value: float | None) -> float | None:
    return None if value is None else number(value, "holiday_factor", high=100.0, open_low=False)


def _to_weeks(value: int) -> int:
    return whole(value, "weeks", MAX_WEEKS)


@frozen(kw_only=True)
class Method:
    """How to forecast: the calendar, and how far to look back. `InvalidInput` names the argument that is wrong."""

    zone: ZoneInfo = field(converter=_to_zone)
    """Whose weekdays and hours count: a `ZoneInfo` or its name."""
    holidays: frozenset[date] = field(default=frozenset[date](), converter=_to_dates)
    """Local dates, past and to come."""
    holiday_factor: float | None = field(default=None, converter=_to_factor)
    """Arrivals of a holiday as a share of such a weekday's; None: learned from the holidays in the history."""
    weeks: int = field(default=WEEKS, converter=_to_weeks)
    """Only the last so many weeks make the profile and the trend."""
    trend: bool = True
    """False: never look for one."""


@frozen
class ForecastInterval(Demand):
    """One interval to come."""

    basis: Basis = field(default="profile", kw_only=True)
    error: float | None = field(default=None, kw_only=True)
    """The mean absolute error that the back-test had at this time of day, in arrivals; None where it was not tested."""


class Place(NamedTuple):
    """An interval in the local calendar."""

    start: datetime
    day: date
    slot: Slot


def place(start: datetime, interval: timedelta, zone: ZoneInfo) -> Place:
    """Where an instant lies in the local calendar.

    The number of the interval is rounded down: zones whose clocks change by half an hour shift the grid of hours.
    """
    local = start.astimezone(zone)
    since = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return Place(start, local.date(), (local.weekday(), since // interval))


class Past(NamedTuple):
    """An interval of the past, with its place."""

    row: Demand
    place: Place


class _Line(NamedTuple):
    """level(day) = 1 + slope x (day - middle), with the day held between the ends."""

    middle: float
    slope: float
    first: int
    last: int

    def level(self, day: date) -> float:
        at = min(max(day.toordinal(), self.first), self.last)
        return max(_LEAST_LEVEL, 1.0 + self.slope * (at - self.middle))


def ordinary_days(past: Sequence[Past], method: Method) -> list[Past]:
    """The part of the past that makes the profile: recent, and no holiday."""
    oldest = past[-1].row.end - timedelta(weeks=method.weeks) if past else datetime.max.replace(tzinfo=UTC)
    return [p for p in past if p.row.start >= oldest and p.place.day not in method.holidays]


class Model:
    """What one stretch of the past says of any interval."""

    def __init__(self, past: Sequence[Past], method: Method) -> None:
        self._method = method
        self._interval = past[0].row.interval
        ordinary = ordinary_days(past, method)
        if not ordinary:
            raise InvalidInput("history", "all_holidays", hint=f"no ordinary day in the last {method.weeks} weeks")
        flat = _Line(0.0, 0.0, 1, 1)
        self._line = _trend(ordinary, _profile(ordinary, flat)) if method.trend else flat
        self._profile = _profile(ordinary, self._line)
        self._handle, self._mean_handle = _handle_times(ordinary)
        self._factor = self._learned_factor(past)

    def forecast(self, place: Place) -> ForecastInterval | None:
        arrivals = self._expected(place)
        if arrivals is None:
            return None
        basis: Basis = "profile"
        if place.day in self._method.holidays:
            arrivals *= 1.0 if self._factor is None else self._factor
            basis = "holiday_unlearned" if self._factor is None else "holiday"
        seconds = self._handle.get(place.slot, self._mean_handle) if arrivals else 0.0
        handle = timedelta(seconds=seconds)
        return ForecastInterval(
            place.start, self._interval, arrivals, handle if arrivals else timedelta(0), basis=basis
        )

    def _expected(self, place: Place) -> float | None:
        usual = self._profile.get(place.slot)
        return None if usual is None else usual * self._line.level(place.day)

    def _learned_factor(self, past: Sequence[Past]) -> float | None:
        if self._method.holiday_factor is not None:
            return self._method.holiday_factor
        # Of all the past: a few weeks seldom hold a holiday.
        holidays = [(p.row.arrivals, self._expected(p.place)) for p in past if p.place.day in self._method.holidays]
        usual = math.fsum(expected for _, expected in holidays if expected is not None)
        came = math.fsum(arrivals for arrivals, expected in holidays if expected is not None)
        return came / usual if usual else None


def _profile(past: Sequence[Past], line: _Line) -> dict[Slot, float]:
    arrivals: defaultdict[Slot, float] = defaultdict(float)
    levels: defaultdict[Slot, float] = defaultdict(float)
    for row, place in past:
        arrivals[place.slot] += row.arrivals
        levels[place.slot] += line.level(place.day)
    return {slot: total / levels[slot] for slot, total in arrivals.items()}


def _trend(past: Sequence[Past], profile: dict[Slot, float]) -> _Line:
    """A weighted straight line through the days' ratios of arrivals to profile, or a flat one."""
    came: defaultdict[int, float] = defaultdict(float)
    usual: defaultdict[int, float] = defaultdict(float)
    for row, place in past:
        came[place.day.toordinal()] += row.arrivals
        usual[place.day.toordinal()] += profile[place.slot]
    days = sorted(day for day, weight in usual.items() if weight > 0.0)
    flat = _Line(0.0, 0.0, 1, 1)
    if not days or days[-1] - days[0] < TREND_DAYS or len(days) < 3:
        return flat
    weight = math.fsum(usual[d] for d in days)
    middle = math.fsum(usual[d] * d for d in days) / weight
    spread = math.fsum(usual[d] * (d - middle) ** 2 for d in days)
    slope = math.fsum((came[d] - usual[d]) * (d - middle) for d in days) / spread
    rest = math.fsum(usual[d] * (came[d] / usual[d] - 1.0 - slope * (d - middle)) ** 2 for d in days)
    error = math.sqrt(rest / (len(days) - 2) / spread)
    # As far ahead as it was seen: a line through six weeks says nothing of next year.
    return _Line(middle, slope, days[0], 2 * days[-1] - days[0]) if abs(slope) > 2.0 * error else flat


def _handle_times(past: Sequence[Past]) -> tuple[dict[Slot, float], float]:
    counts: defaultdict[Slot, float] = defaultdict(float)
    seconds: defaultdict[Slot, float] = defaultdict(float)
    for row, place in past:
        counts[place.slot] += row.arrivals
        seconds[place.slot] += row.arrivals * row.handle.total_seconds()
    total = math.fsum(counts.values())
    mean = math.fsum(seconds.values()) / total if total else 0.0
    drawn = {s: (seconds[s] + _HANDLE_WEIGHT * mean) / (counts[s] + _HANDLE_WEIGHT) for s in counts}
    return drawn, mean
