"""Opening hours: a weekly schedule in one time zone, with holidays and exceptions.

Hours are written in local wall time and answered in UTC. Where the wall clock jumps, these rules hold:

* a time that the clock skips is the instant of the jump: 02:30 in a gap from 02:00 to 03:00 opens at 03:00;
* a time that comes twice opens at the first and closes at the second: in doubt, service is open;
* intervals that overlap or touch are one, so nothing opens twice; a shift from 22:00 to 06:00 lasts 7 or 9 hours on
  the nights of a change, and a day whose midnight does not exist begins at its first instant.

An override (holiday or exception) replaces what *begins* on its date: the night shift of the day before still ends in
the morning of a holiday. Exceptions go before dated holidays, those before yearly ones, those before the week.

The rules of the zones are the time zone data of the machine: with other data, the same hours may give other instants.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, TypedDict, cast
from zoneinfo import ZoneInfo, available_timezones

from attrs import Factory, field, frozen

from switchroom.durations import (
    END_MICROS,
    EPOCH,
    DurationLike,
    InstantLike,
    Micros,
    duration_micros,
    from_micros,
    instant,
    span_micros,
    to_micros,
)
from switchroom.errors import InvalidInput
from switchroom.routing.dayhours import (
    DAYS,
    DayLike,
    DayOverride,
    Interval,
    Overrides,
    OverridesLike,
    OverrideTable,
    TimeLike,
    Weekly,
    plain_override,
    read_intervals,
    read_overrides,
    read_table,
    read_weekly,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HORIZON = timedelta(days=400)
"""How far ahead a change is searched: over a year, so that everything yearly is found but a 29 February."""
DAYS_KEPT = 512
"""Days whose instants are remembered: more than `HORIZON` has, so that a search done again works from memory."""
MAX_CALENDAR_DAYS = 36_525
"""Days that `add_calendar` moves at most, and hours at most 24 times as many: the range of instants."""

_SECOND = 1_000_000
_HOUR = 3_600 * _SECOND
_DAY = 24 * _HOUR
_EPOCH_DAY = EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_HORIZON = span_micros(HORIZON)
# Listed on some machines, but the rules of no place: what they mean changes from machine to machine.
_NO_PLACES = frozenset({"localtime", "posixrules", "Factory"})

_Span = tuple[Micros, Micros]


@cache
def _zone_names() -> frozenset[str]:
    # Reads some hundred files, hence when first needed and once.
    return frozenset(available_timezones()) - _NO_PLACES


def zone_named(name: str, *, field: str = "zone") -> ZoneInfo:
    """The time zone with this IANA name (``"America/New_York"``, ``"UTC"``).

    Only listed names are opened, so that no text reaches a path. Raises `InvalidInput` with the code ``zone``.
    """
    return _zone(name, field)


def _zone(name: object, field: str) -> ZoneInfo:
    if not isinstance(name, str) or name not in _zone_names():
        raise InvalidInput(field, "zone", name, hint="a time zone has an IANA name, such as America/New_York")
    return ZoneInfo(name)


def _offset_at(at: Micros, zone: ZoneInfo) -> Micros:
    return _offset_of((EPOCH + at * _MICROSECOND).astimezone(zone))


def _offset_of(local: datetime) -> Micros:
    return span_micros(cast("timedelta", local.utcoffset()))


def _instants_of(wall: Micros, zone: ZoneInfo) -> _Span:
    """The first and the last instant at which the clocks of the zone show this; in a gap, twice its end.

    ``wall`` is wall time counted like an instant in UTC. See PEP 495 for ``fold``.
    """
    local = (EPOCH + wall * _MICROSECOND).replace(tzinfo=zone)
    first, last = wall - _offset_of(local), wall - _offset_of(local.replace(fold=1))
    if first <= last:
        return first, last
    jump = _jump(last, first, zone)
    return jump, jump


def _jump(before: Micros, after: Micros, zone: ZoneInfo) -> Micros:
    # zoneinfo does not tell its transitions; in a gap the two readings of a wall time enclose one. Bisect, 36 steps.
    old = _offset_at(before, zone)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset_at(middle, zone) == old else (before, middle)
    return after


def wall_instant(day: date | str, time: str, zone: str) -> datetime:
    """The first instant (UTC) at which the clocks of a zone show this time on a date; in a gap, the end of it.

    Raises `InvalidInput` for what is no date, time of day or zone.

    >>> wall_instant("2026-03-08", "17:00", "America/New_York").isoformat()
    '2026-03-08T21:00:00+00:00'
    """
    wall = read_intervals([(time, "24:00")], "time")[0].opens * _SECOND
    date_of = day if isinstance(day, date) else date.fromisoformat(day)
    first, _ = _instants_of((date_of.toordinal() - _EPOCH_DAY) * _DAY + wall, zone_named(zone))
    return from_micros(first)


def add_calendar(base: InstantLike, *, days: int = 0, hours: int = 0, zone: str) -> datetime:
    """The instant (UTC) that many calendar days later at the same wall time, then that many elapsed hours later.

    Both may be negative. A wall time that does not exist on the new day is the instant of the jump; of two, the one
    with the offset of ``base`` is meant, else the first. Raises `InvalidInput`.

    >>> add_calendar("2029-11-03T00:30:00-04:00", days=2, zone="America/New_York").isoformat()
    '2029-11-05T05:30:00+00:00'
    """
    at = to_micros(base, field="base")
    _check_count(days, "days", MAX_CALENDAR_DAYS)
    _check_count(hours, "hours", 24 * MAX_CALENDAR_DAYS)
    info = zone_named(zone)
    offset = _offset_at(at, info)
    wall = at + offset + days * _DAY
    first, last = _instants_of(wall, info)
    moved = last if last + offset == wall else first
    return instant(EPOCH + (moved + hours * _HOUR) * _MICROSECOND, field="base")


def _check_count(value: object, place: str, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput(place, "type", value, hint="a whole number is needed")
    if abs(value) > most:
        raise InvalidInput(place, "range", value, hint=f"at most {most} either way")


class HoursTable(TypedDict):
    """`OpeningHours` in plain values, for JSON and TOML."""

    zone: str
    weekly: dict[str, list[str]]
    holidays: dict[str, OverrideTable]
    exceptions: dict[str, OverrideTable]


def _zone_name(value: str) -> str:
    return _zone(value, "zone").key


def _weekly(value: Mapping[str, DayLike]) -> Weekly:
    return read_weekly(value)


def _holidays(value: OverridesLike | None) -> Overrides:
    return read_overrides(value, "holidays", yearly=True)


def _exceptions(value: OverridesLike | None) -> Overrides:
    return read_overrides(value, "exceptions", yearly=False)


def _no_days() -> dict[int, tuple[_Span, ...]]:
    return {}


def _items(value: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(value.items())


@frozen(repr=False)
class OpeningHours:
    """When a queue, a team or a person is open; a value that compares, hashes and pickles.

    ``zone`` is an IANA name. ``weekly`` maps ``mon`` to ``sun`` to lists of half-open intervals of local wall time
    (``"09:00-17:00"`` or ``("09:00", "17:00")``, end ``"24:00"`` allowed, an end at or before the start is on the next
    day); a day left out is closed. ``holidays`` (ISO date, or ``"12-25"`` every year) and ``exceptions`` (ISO date)
    map to the intervals of that date, None or an empty list meaning closed, or to a named `DayOverride`.

    Raises `InvalidInput` with the place and the code ``zone``, ``unknown_day``, ``time``, ``interval``, ``date``,
    ``duplicate``, ``type`` or ``too_many``. Instants may be aware datetimes or ISO text, see `to_micros`.

    A question costs a few dictionary look-ups near ``at``, and one step for each local day that it has to pass.

    >>> hours = OpeningHours.weekdays("09:00", "17:00", zone="Europe/Berlin", holidays={"12-25": None})
    >>> hours.is_open("2026-01-05T12:00:00Z"), hours.next_open("2026-12-24T18:00:00Z").isoformat()
    (True, '2026-12-28T08:00:00+00:00')
    """

    zone: str = field(converter=_zone_name)
    weekly: Weekly = field(converter=_weekly, eq=_items, kw_only=True)
    holidays: Overrides = field(default=None, converter=_holidays, eq=_items, kw_only=True)
    exceptions: Overrides = field(default=None, converter=_exceptions, eq=_items, kw_only=True)
    _info: ZoneInfo = field(init=False, eq=False, default=Factory(lambda self: ZoneInfo(self.zone), takes_self=True))
    _kept: dict[int, tuple[_Span, ...]] = field(init=False, eq=False, factory=_no_days)

    # --- making ---

    @classmethod
    def always(cls, zone: str = "UTC") -> OpeningHours:
        """Open day and night, every day."""
        return cls.daily("00:00", "24:00", zone=zone)

    @classmethod
    def daily(
        cls,
        opens: TimeLike,
        closes: TimeLike,
        *,
        zone: str,
        holidays: OverridesLike | None = None,
        exceptions: OverridesLike | None = None,
    ) -> OpeningHours:
        """The same interval on all seven days."""
        week = {day: [(opens, closes)] for day in DAYS}
        return cls(zone, weekly=week, holidays=holidays, exceptions=exceptions)

    @classmethod
    def weekdays(
        cls,
        opens: TimeLike,
        closes: TimeLike,
        *,
        zone: str,
        holidays: OverridesLike | None = None,
        exceptions: OverridesLike | None = None,
    ) -> OpeningHours:
        """The same interval from Monday to Friday."""
        week = {day: [(opens, closes)] for day in DAYS[:5]}
        return cls(zone, weekly=week, holidays=holidays, exceptions=exceptions)

    @classmethod
    def from_table(cls, table: Mapping[str, object]) -> OpeningHours:
        """From plain values with the keys of `HoursTable`; ``zone`` and ``weekly`` are needed, others refused."""
        known = read_table(table, ("zone", "weekly", "holidays", "exceptions"), "hours")
        return cls(
            cast("str", known.get("zone")),
            weekly=cast("Mapping[str, DayLike]", known.get("weekly")),
            holidays=cast("OverridesLike | None", known.get("holidays")),
            exceptions=cast("OverridesLike | None", known.get("exceptions")),
        )

    def to_table(self) -> HoursTable:
        """As plain values; `from_table` gives equal hours back."""
        return {
            "zone": self.zone,
            "weekly": {day: [str(interval) for interval in hours] for day, hours in self.weekly.items()},
            "holidays": {day: plain_override(override) for day, override in self.holidays.items()},
            "exceptions": {day: plain_override(override) for day, override in self.exceptions.items()},
        }

    def __reduce__(self) -> tuple[Callable[[Mapping[str, object]], OpeningHours], tuple[HoursTable]]:
        return OpeningHours.from_table, (self.to_table(),)

    def __repr__(self) -> str:
        week = ", ".join(f"{day} {' '.join(map(str, hours))}" for day, hours in self.weekly.items() if hours)
        dated = f"{len(self.holidays)} holidays, {len(self.exceptions)} exceptions"
        return f"<OpeningHours {self.zone}: {week or 'no weekly hours'}; {dated}>"

    # --- asking ---

    def override_on(self, day: date) -> DayOverride | None:
        """The exception or holiday in force on a local date; None where the week is."""
        key = day.isoformat()
        return self.exceptions.get(key) or self.holidays.get(key) or self.holidays.get(key[5:])

    def is_open(self, at: InstantLike) -> bool:
        """Whether it is open at this instant; the instant of closing is closed."""
        now = to_micros(at)
        return any(opens <= now < closes for opens, closes in self._near(now, now))

    def next_change(self, at: InstantLike) -> datetime | None:
        """The first instant strictly after ``at`` at which it opens or closes.

        None when there is none within `HORIZON`: the week has no change, but a later override may; ask again then.
        """
        now = to_micros(at)
        limit = _limit(now)
        opens, closes = next(self._spans(now, limit), (limit, limit))
        change = opens if opens > now else closes
        return from_micros(change) if change < limit else None

    def next_open(self, at: InstantLike) -> datetime | None:
        """The first instant from ``at`` on at which it is open, ``at`` itself included; None: not within `HORIZON`."""
        now = to_micros(at)
        limit = _limit(now)
        opens, _ = next(self._spans(now, limit), (limit, limit))
        return from_micros(opens) if opens < limit else None

    def intervals(self, start: InstantLike, end: InstantLike) -> Iterator[tuple[datetime, datetime]]:
        """The open time from ``start`` to ``end`` as half-open intervals in UTC: ordered, apart, not empty.

        Raises `InvalidInput` at once if ``end`` lies before ``start``. Linear in the days between.
        """
        first, last = _ordered(start, end)
        return ((from_micros(opens), from_micros(closes)) for opens, closes in self._within(first, last))

    def open_time(self, start: InstantLike, end: InstantLike) -> timedelta:
        """How long it is open from ``start`` to ``end``; refuses what `intervals` does. Linear in the days between."""
        first, last = _ordered(start, end)
        return timedelta(microseconds=sum(closes - opens for opens, closes in self._within(first, last)))

    def add_open_time(self, start: InstantLike, amount: DurationLike) -> datetime | None:
        """The first instant from ``start`` on by which ``amount`` of open time has passed.

        Time that ends with the day ends at closing, not at the next opening; no time ends at ``start``. None when it
        is closed for all of `HORIZON` before, or when the years end. Linear in the days passed.
        """
        now = to_micros(start, field="start")
        left = duration_micros(amount, field="amount")
        while left:
            limit = _limit(now)
            opens, closes = next(self._within(now, limit), (limit, limit))
            if opens == closes:
                return None
            now = min(closes, opens + left)
            left -= now - opens
        return from_micros(now) if now < END_MICROS else None

    # --- expanding: spans are instants, first to last, in micros ---

    def _within(self, first: Micros, last: Micros) -> Iterator[_Span]:
        """The open spans, cut to the range."""
        return ((opens, min(closes, last)) for opens, closes in self._spans(first, last) if opens < last)

    def _spans(self, first: Micros, last: Micros) -> Iterator[_Span]:
        """The open spans that end after ``first``, where they are cut, and begin by ``last``; joined."""
        opens = closes = first
        for start, end in self._near(first, last):
            if start <= closes:
                closes = max(closes, end)
                continue
            if opens < closes:
                yield opens, closes
            opens, closes = start, end
        if opens < closes:
            yield opens, closes

    def _near(self, first: Micros, last: Micros) -> Iterator[_Span]:
        """What begins on the local days that can touch the range, in order, up to ``last``."""
        # Local days are up to 14 h ahead of UTC and 12 h behind, and an interval ends by the end of the next day.
        days = range(first // _DAY - 2, last // _DAY + 2)
        return (span for span in chain.from_iterable(map(self._day, days)) if span[0] <= last)

    def _day(self, number: int) -> tuple[_Span, ...]:
        spans = self._kept.get(number)
        if spans is None:
            if len(self._kept) >= DAYS_KEPT:
                self._kept.clear()
            spans = self._kept[number] = self._expand(number)
        return spans

    def _expand(self, number: int) -> tuple[_Span, ...]:
        day = date.fromordinal(_EPOCH_DAY + number)
        override = self.override_on(day)
        hours = self.weekly[DAYS[day.weekday()]] if override is None else override.intervals
        return tuple(self._span(number * _DAY, interval) for interval in hours)

    def _span(self, midnight: Micros, interval: Interval) -> _Span:
        # Both ends may be the end of one gap; an empty span opens nothing.
        opens, _ = _instants_of(midnight + interval.opens * _SECOND, self._info)
        _, closes = _instants_of(midnight + interval.closes * _SECOND, self._info)
        return opens, closes


def _limit(at: Micros) -> Micros:
    return min(at + _HORIZON, END_MICROS)


def _ordered(start: InstantLike, end: InstantLike) -> _Span:
    first, last = to_micros(start, field="start"), to_micros(end, field="end")
    if last < first:
        raise InvalidInput("end", "order", str(end), hint="the end lies before the start")
    return first, last
