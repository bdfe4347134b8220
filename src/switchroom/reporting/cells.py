"""The counters of one interval. Names ending in ``_us`` are sums of microseconds.

A cell counts what happens in its interval: a stay counts as offered when it begins, as answered when it is answered. So
what an interval has counted does not change when it is over, but for first contacts, of which more is known later.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast


class Cell:
    """Numbers that add up, also by key; those named in ``LARGEST`` keep the largest."""

    __slots__: ClassVar[tuple[str, ...]] = ()
    LARGEST: ClassVar[frozenset[str]] = frozenset()

    def add(self, other: Cell) -> None:
        """Count what another cell of this kind has counted."""
        for name in self.__slots__:
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, max(mine, theirs) if name in self.LARGEST else _sum(mine, theirs))

    def dump(self) -> dict[str, Any]:
        """What is not zero."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


def _sum(mine: Any, theirs: Any) -> Any:
    if isinstance(mine, dict):
        sums = cast("dict[object, Any]", mine)
        return {**sums, **{key: _sum(sums[key], more) if key in sums else more for key, more in theirs.items()}}
    if isinstance(mine, tuple):
        return tuple(map(sum, zip(cast("tuple[int, ...]", mine), theirs, strict=True)))
    return mine + theirs


class StayCell(Cell):
    """Stays of one line, as far as no agent is needed to tell of them.

    ``lost_us``: the waits of stays that ended unanswered, ``longest_us`` the longest of them; ``short``: abandoned
    within the target; ``reopened``: stays of work that had been completed before.
    """

    __slots__ = (
        "abandoned",
        "cancelled",
        "escalated",
        "longest_us",
        "lost_us",
        "moved",
        "offered",
        "overflowed",
        "reopened",
        "short",
        "timed_out",
    )
    LARGEST = frozenset({"longest_us"})

    def __init__(self) -> None:
        self.abandoned = self.cancelled = self.escalated = self.longest_us = self.lost_us = self.moved = 0
        self.offered = self.overflowed = self.reopened = self.short = self.timed_out = 0

    @property
    def left(self) -> int:
        """Stays that ended unanswered."""
        return self.abandoned + self.cancelled + self.moved + self.timed_out


class HandCell(Cell):
    """What one agent did for one line.

    ``ended``: wrap-up code -> (assignments that ended, talk, after-call work); completed without a code stands under
    the empty text, handed on without one under None. ``transfers``: (kind, outcome) -> how many. ``contacts``:
    completions of which first-contact resolution is asked, ``first`` those that have it so far.
    """

    __slots__ = (
        "accepted",
        "answered",
        "assigned",
        "completed",
        "contacts",
        "declined",
        "ended",
        "first",
        "longest_us",
        "missed",
        "offered",
        "released",
        "revoked",
        "transfers",
        "wait_us",
        "within",
    )
    LARGEST = frozenset({"longest_us"})

    def __init__(self) -> None:
        self.accepted = self.answered = self.assigned = self.completed = self.contacts = self.declined = 0
        self.first = self.longest_us = self.missed = self.offered = self.released = self.revoked = 0
        self.wait_us = self.within = 0
        self.ended: dict[str | None, tuple[int, int, int]] = {}
        self.transfers: dict[tuple[str, str], int] = {}

    def end(self, code: str | None, talk_us: int, after_call_us: int) -> None:
        """Count an assignment that has ended, after-call work included."""
        count, talk, after_call = self.ended.get(code, (0, 0, 0))
        self.ended[code] = (count + 1, talk + talk_us, after_call + after_call_us)

    def transfer(self, kind: str, outcome: str) -> None:
        """Count a step of a transfer."""
        self.transfers[kind, outcome] = self.transfers.get((kind, outcome), 0) + 1


class TimeCell(Cell):
    """How one agent spent an interval. ``load_us``: the time with work in hand, counted for each piece of it; ``most``:
    the most pieces at once; ``presences``: presence -> time."""

    __slots__ = ("busy_us", "load_us", "most", "presences", "staffed_us")
    LARGEST = frozenset({"most"})

    def __init__(self) -> None:
        self.busy_us = self.load_us = self.most = self.staffed_us = 0
        self.presences: dict[str, int] = {}


class Counts(Cell):
    """What is told of an interval as a whole."""

    __slots__ = ("alerts", "events", "relaxed", "submitted", "unrouted")

    def __init__(self) -> None:
        self.alerts = self.events = self.relaxed = self.submitted = self.unrouted = 0
