"""The hours of a day as people write them, read into values: intervals of wall time, weeks and dated overrides.

Nothing here knows a time zone; `switchroom.routing.hours` turns these values into instants.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias, TypedDict, cast

from attrs import field, frozen

from switchroom.errors import InvalidInput

DAYS: Final[tuple[str, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_INTERVALS_A_DAY = 96
"""One for each quarter of an hour; more is a mistake."""
MAX_OVERRIDES = 10_000
"""Dates with an override, for holidays and exceptions each: 27 years of every day."""
MAX_NAME = 200
"""Characters in the name of a holiday."""

TimeLike: TypeAlias = str | time
"""``"09:00"``, ``"09:00:30"``, as an end also ``"24:00"``; or a naive `datetime.time` of whole seconds."""

DateLike: TypeAlias = str | date
"""``"2026-12-25"`` or a `datetime.date`; for a holiday also ``"12-25"``, every year."""

_DAY_SECONDS = 86_400
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|(24):(00)(?::(00))?", re.ASCII)
_DATE = re.compile(r"(20\d\d-|2100-)?(\d\d-\d\d)", re.ASCII)


class Interval(NamedTuple):
    """Part of a day in seconds of wall time since its midnight; ``closes`` passes 86,400 where it runs overnight."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_time_text(self.opens)}-{_time_text(self.closes)}"


IntervalLike: TypeAlias = str | Interval | Sequence[TimeLike]
"""``"09:00-17:00"`` or ``("09:00", "17:00")``: half-open; an end at or before the start is on the next day."""

DayLike: TypeAlias = Sequence[IntervalLike] | None
"""The intervals of a day in any order; None and an empty list mean closed."""


def _override_intervals(value: DayLike) -> tuple[Interval, ...]:
    return read_intervals(value, "intervals")


def _override_name(value: str) -> str:
    return _name(value, "name")


@frozen
class DayOverride:
    """The hours of one date in place of those of the week, with an optional name; closed without intervals.

    Raises `InvalidInput` as `OpeningHours` does.
    """

    intervals: tuple[Interval, ...] = field(default=(), converter=_override_intervals)
    name: str = field(default="", converter=_override_name, kw_only=True)


class OverrideTable(TypedDict):
    """A `DayOverride` in plain values."""

    name: str
    open: list[str]


OverrideLike: TypeAlias = DayOverride | Sequence[IntervalLike] | Mapping[str, object] | None
"""The intervals of a date; with a name as `DayOverride` or as ``{"name": ..., "open": [...]}``."""

OverridesLike: TypeAlias = Mapping[str, OverrideLike] | Mapping[date, OverrideLike] | Mapping[DateLike, OverrideLike]
Weekly: TypeAlias = Mapping[str, tuple[Interval, ...]]
Overrides: TypeAlias = Mapping[str, DayOverride]


def read_weekly(value: object) -> Weekly:
    """The seven days, Monday first, from a mapping of day names; a day left out is closed."""
    days = read_table(value, DAYS, "weekly", "unknown_day")
    return MappingProxyType({day: read_intervals(days.get(day), f"weekly.{day}") for day in DAYS})


def read_overrides(value: object, place: str, *, yearly: bool) -> Overrides:
    """The overrides by date in order of date; ``yearly`` allows dates without a year."""
    dates = _mapping({} if value is None else value, place)
    if len(dates) > MAX_OVERRIDES:
        raise InvalidInput(place, "too_many", len(dates), hint=f"at most {MAX_OVERRIDES} dates")
    found: dict[str, DayOverride] = {}
    for key, hours in dates.items():
        day = _date_key(key, place, yearly=yearly)
        if day in found:
            raise InvalidInput(place, "duplicate", day, hint="the date is there twice")
        found[day] = _override(hours, f"{place}.{day}")
    return MappingProxyType(dict(sorted(found.items())))


def read_intervals(value: object, place: str) -> tuple[Interval, ...]:
    """The intervals of a day in order, those that overlap or touch joined."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or isinstance(value, Interval):
        raise InvalidInput(place, "type", value, hint="the hours of a day are a list of intervals")
    items = cast("Sequence[object]", value)
    if len(items) > MAX_INTERVALS_A_DAY:
        raise InvalidInput(place, "too_many", len(items), hint=f"at most {MAX_INTERVALS_A_DAY} intervals a day")
    return _joined(sorted(_interval(item, f"{place}[{index}]") for index, item in enumerate(items)))


def read_table(value: object, keys: Sequence[str], place: str, code: str = "unknown_key") -> Mapping[str, object]:
    """The mapping, after a look that it has none but these keys."""
    table = _mapping(value, place)
    for key in table:
        if key not in keys:
            raise InvalidInput(place, code, key, hint="expected " + ", ".join(keys))
    return cast("Mapping[str, object]", table)


def plain_override(override: DayOverride) -> OverrideTable:
    """The override in plain values, which `read_overrides` takes."""
    return {"name": override.name, "open": [str(interval) for interval in override.intervals]}


def _mapping(value: object, place: str) -> Mapping[object, object]:
    if not isinstance(value, Mapping):
        raise InvalidInput(place, "type", value, hint="a mapping is needed")
    return cast("Mapping[object, object]", value)


def _override(value: object, place: str) -> DayOverride:
    if isinstance(value, DayOverride):
        return value
    if not isinstance(value, Mapping):
        return DayOverride(read_intervals(value, place))
    table = read_table(cast("object", value), ("name", "open"), place)
    name = _name(table.get("name", ""), f"{place}.name")
    return DayOverride(read_intervals(table.get("open"), f"{place}.open"), name=name)


def _name(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(place, "type", value, hint="a name is text")
    if len(value) > MAX_NAME:
        raise InvalidInput(place, "too_long", value, hint=f"a name has at most {MAX_NAME} characters")
    return value


def _date_key(key: object, place: str, *, yearly: bool) -> str:
    # A datetime is a date to Python; here it is a mistake, because it names an instant.
    text = key.isoformat() if isinstance(key, date) and not isinstance(key, datetime) else key
    match = _DATE.fullmatch(text) if isinstance(text, str) else None
    if match is None or not (match[1] or yearly):
        form = "2026-12-25 or 12-25" if yearly else "2026-12-25"
        raise InvalidInput(place, "date", key, hint=f"a date looks like {form}, in the years 2000 to 2100")
    try:
        date.fromisoformat((match[1] or "2000-") + match[2])  # 2000 has a 29 February
    except ValueError:
        raise InvalidInput(place, "date", key, hint="no such date") from None
    return match[0]


def _interval(value: object, place: str) -> Interval:
    if isinstance(value, Interval):
        return _checked(value, place)
    parts = cast("object", value.split("-")) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(cast("Sequence[object]", parts)) != 2:
        raise InvalidInput(place, "interval", value, hint='an interval looks like "09:00-17:00" or ("09:00", "17:00")')
    first, last = cast("Sequence[object]", parts)
    opens, closes = _seconds(first, place), _seconds(last, place)
    if opens == _DAY_SECONDS:
        raise InvalidInput(place, "time", first, hint="24:00 is an end, not a start")
    return Interval(opens, closes if closes > opens else closes + _DAY_SECONDS)


def _checked(value: Interval, place: str) -> Interval:
    if not 0 <= value.opens < min(value.closes, _DAY_SECONDS) or value.closes > value.opens + _DAY_SECONDS:
        raise InvalidInput(place, "interval", tuple(value), hint="an interval begins in its day and lasts up to 24 h")
    return value


def _seconds(value: object, place: str) -> int:
    if isinstance(value, time):
        if value.tzinfo is not None or value.microsecond:
            raise InvalidInput(place, "time", str(value), hint="a time of day has no zone and whole seconds")
        return value.hour * 3600 + value.minute * 60 + value.second
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidInput(place, "time", value, hint="a time of day looks like 09:00")
    hour, minute, second = (int(match[group] or match[group + 3] or 0) for group in (1, 2, 3))
    return hour * 3600 + minute * 60 + second


def _joined(intervals: list[Interval]) -> tuple[Interval, ...]:
    # Equal hours shall be equal values however they were written. Longer than 24 h there is no way to write it.
    found: list[Interval] = []
    for interval in intervals:
        start, end = found[-1] if found else (0, -1)
        joined = Interval(start, max(end, interval.closes))
        if interval.opens <= end and joined.closes <= start + _DAY_SECONDS:
            found[-1] = joined
        else:
            found.append(interval)
    return tuple(found)


def _time_text(seconds: int) -> str:
    minutes, second = divmod(seconds if seconds <= _DAY_SECONDS else seconds - _DAY_SECONDS, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{second:02}" if second else "")
