"""Clocks. The rest of the library is told the time; a clock is where an edge gets it from.

`SystemClock` is the only place that reads the time of the machine. `ManualClock` stands still until it is moved: it
drives tests and simulations.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Protocol

from switchroom.durations import (
    DurationLike,
    InstantLike,
    duration_micros,
    format_instant,
    from_micros,
    to_micros,
)
from switchroom.errors import TimeWentBack

DEFAULT_START = "2026-01-05T12:00:00Z"
"""Where a manual clock starts unless told: noon of a Monday, in business hours of most schedules."""


class Clock(Protocol):
    """What tells the time. ``now`` never returns an earlier instant than it did before."""

    def now(self) -> datetime:
        """The present instant: a timezone-aware datetime in UTC."""
        ...

    def micros(self) -> int:
        """The same in microseconds since 1970: what the kernel counts in."""
        ...


class SystemClock:
    """The clock of the machine, made steady.

    When the machine's clock is set back, ``now`` stands still until real time has caught up, because waiting times
    must not become negative. A step forward cannot be told from time passing, and is passed on. Safe to share between
    threads.
    """

    __slots__ = ("_latest", "_lock")

    def __init__(self) -> None:
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The time of the machine, or the latest one told if that is later."""
        with self._lock:
            self._latest = max(self._latest, datetime.now(UTC))
            return self._latest

    def micros(self) -> int:
        """The same in microseconds since 1970."""
        return to_micros(self.now())

    def not_before(self, micros: int) -> None:
        """Tell no earlier time than this from now on: that of a log which a process with a faster clock has written."""
        with self._lock:
            self._latest = max(self._latest, from_micros(micros))

    def __repr__(self) -> str:
        return "SystemClock()"


class ManualClock:
    """A clock that stands still until it is moved forward.

    ``start`` is an aware datetime or ISO text with an offset. Not for threads that move it at the same time.

    >>> clock = ManualClock("2026-01-05T12:00:00Z")
    >>> clock.advance("90s").isoformat()
    '2026-01-05T12:01:30+00:00'
    """

    __slots__ = ("_micros",)

    def __init__(self, start: InstantLike = DEFAULT_START) -> None:
        self._micros = to_micros(start, field="start")

    def now(self) -> datetime:
        """The instant at which the clock stands, in UTC."""
        return from_micros(self._micros)

    def micros(self) -> int:
        """The same in microseconds since 1970."""
        return self._micros

    def advance(self, by: DurationLike) -> datetime:
        """Move forward by a duration and return the new time; zero is allowed.

        Raises `TimeWentBack` for a negative duration, `InvalidInput` for what is no duration or leaves the years
        2000 to 2100; the clock has then not moved.
        """
        return self._move(self._micros + duration_micros(by, field="by", allow_negative=True))

    def set(self, to: InstantLike) -> datetime:
        """Move forward to an instant and return it; the present one is allowed.

        Raises `TimeWentBack` for an earlier instant, `InvalidInput` for what is no instant.
        """
        return self._move(to_micros(to, field="to"))

    def move_to(self, micros: int) -> None:
        """The same in microseconds since 1970, for who moves it a million times. Raises `TimeWentBack`."""
        if micros < self._micros:
            self._move(micros)
        self._micros = micros

    def _move(self, micros: int) -> datetime:
        if micros < self._micros:
            raise TimeWentBack(f"a clock does not go back: it stands at {format_instant(self.now())}")
        moved = from_micros(micros)
        self._micros = micros
        return moved

    def __repr__(self) -> str:
        return f"ManualClock({format_instant(self.now())!r})"
