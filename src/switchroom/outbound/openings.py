"""When a recipient may next be written to: the first instant at which every window holds, in every possible zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from switchroom.consent.model import ConsentRules, ContactWindow
from switchroom.durations import from_micros, to_micros
from switchroom.routing.fields import micros
from switchroom.routing.hours import zone_named

HORIZON_DAYS = 8
"""Windows repeat each week; the eighth day covers the one that began before now."""


def open_for(rules: ConsentRules, windows: tuple[ContactWindow, ...], at: datetime, zones: tuple[str, ...]) -> bool:
    """Whether a message may leave: by the consent rules, and by the campaign's own windows."""
    if not rules.may_leave(at, zones):
        return False
    if not windows:
        return True
    if not zones:
        return any(window.holds(at) for window in rules.unknown_zone_windows)
    local = (at.astimezone(zone_named(zone)) for zone in zones)
    return all(any(window.holds(time) for window in windows) for time in local)


def next_opening(rules: ConsentRules, windows: tuple[ContactWindow, ...], now: int, zones: tuple[str, ...]) -> int:
    """The first instant after ``now`` at which a message may leave; HORIZON_DAYS later if there is none.

    A time that the clock skips opens at the first instant after the gap that shows a time within the window, one that
    comes twice at the first; both are checked against the windows themselves, so that doubt never sends.
    """
    known = (*rules.windows, *windows, *(() if zones else rules.unknown_zone_windows))
    start = from_micros(now)
    for at in sorted(set(_openings(known, start, zones or ("UTC",)))):
        if at > start and open_for(rules, windows, at, zones):
            return to_micros(at)
    return now + micros(timedelta(days=HORIZON_DAYS))


def _openings(windows: Iterable[ContactWindow], start: datetime, zones: tuple[str, ...]) -> Iterator[datetime]:
    """The instants at which a window of one of the zones opens, in the days to come."""
    for name in zones:
        zone = zone_named(name)
        today = start.astimezone(zone).date()
        for window in windows:
            for day in range(HORIZON_DAYS + 1):
                naive = datetime.combine(today + timedelta(days=day), window.opens)
                for fold in (0, 1):
                    yield naive.replace(tzinfo=zone, fold=fold).astimezone(UTC)


class Calls:
    """Remembers, for one instant, whether and when each set of zones may be written to."""

    def __init__(self, rules: ConsentRules, windows: tuple[ContactWindow, ...], now: int) -> None:
        self._rules, self._windows, self._now = rules, windows, now
        self._at = from_micros(now)
        self._known: dict[tuple[str, ...], int | None] = {}

    def closed_until(self, zones: tuple[str, ...]) -> int | None:
        """None if a message may leave now, else when it may."""
        if zones in self._known:
            return self._known[zones]
        open_now = open_for(self._rules, self._windows, self._at, zones)
        until = None if open_now else next_opening(self._rules, self._windows, self._now, zones)
        self._known[zones] = until
        return until
