"""The ledger: a fold over the records of a log, which answers the questions of every report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from switchroom.durations import DurationLike, InstantLike, Micros, duration_micros, from_micros, to_micros
from switchroom.errors import InvalidInput
from switchroom.kernel.events import EventRegistry
from switchroom.kernel.records import Record
from switchroom.reporting import campaigns, folding_hands, folding_stays, talks, tasks
from switchroom.reporting.state import State
from switchroom.reporting.views import Views
from switchroom.reporting.where import Where

R = TypeVar("R")
Taker: TypeAlias = Callable[[State, Micros, Any], None]

KEEP = "35d"
"""How long single intervals are kept: five weeks, so that each day can be seen beside that of four weeks before."""

WINDOW = "72h"
"""A contact that comes again within this time had no first-contact resolution: the usual window of a conversation."""


class Ledger(Views):
    """Counters by interval, and the work that is open: everything that reports need, and nothing that grows with time
    beyond ``keep``. `Views` has the questions.

    Records are added in the order of the log, each once. ``interval``: the finest interval that rows can be cut into;
    it divides an hour. ``keep``: how long intervals are kept; older ones are summed up in one. ``window``: how long
    another contact of the same customer counts as a follow-up. Adding costs O(1); a question is linear in the
    intervals, queues and agents that it is about.

    >>> from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
    >>> center = ContactCenter(clock=ManualClock(), seed=1)
    >>> center.queues.add(Queue("sales"))
    >>> _ = center.work.submit(WorkItem(queue="sales"))
    >>> [(row.queue, row.offered, row.waiting) for row in Ledger.of(center.events()).queues()]
    [('sales', 1, 1)]
    """

    def __init__(
        self, *, interval: DurationLike = "15m", keep: DurationLike = KEEP, window: DurationLike = WINDOW
    ) -> None:
        width = duration_micros(interval, field="interval")
        if not width or 3_600_000_000 % width:
            raise InvalidInput("interval", "range", interval, hint="an hour or a whole part of one, such as 15m")
        window_us = duration_micros(window, field="window")
        kept = -(-duration_micros(keep, field="keep") // width)
        if kept * width < window_us:
            raise InvalidInput("keep", "range", keep, hint="at least as long as the window of follow-ups")
        self._state = State(width, kept, window_us)
        self._takers = _Takers()
        self._position = 0
        self._now: Micros = 0

    @classmethod
    def of(
        cls,
        records: Iterable[Record],
        *,
        interval: DurationLike = "15m",
        keep: DurationLike = KEEP,
        window: DurationLike = WINDOW,
    ) -> Ledger:
        """The ledger of a log, from its beginning."""
        ledger = cls(interval=interval, keep=keep, window=window)
        for record in records:
            ledger.add(record)
        return ledger

    def add(self, record: Record) -> None:
        """Count one record: the one that follows the last. Refuses any other, because the figures would be wrong."""
        position, at, event, _ = record
        if position != self._position + 1:
            raise InvalidInput("record", "order", position, hint=f"position {self._position + 1} is next")
        state = self._state
        if at >= state.intervals.end_us:
            state.intervals.roll(at)
            state.contacts.forget(at)
        self._position = position
        self._now = at
        state.intervals.present.counts.events += 1
        self._takers[event.__class__](state, at, event)

    @property
    def position(self) -> int:
        """That of the last record counted."""
        return self._position

    def advance(self, now: InstantLike) -> None:
        """Let time pass without an event: what still runs is counted up to here. An earlier instant changes nothing."""
        self._now = max(self._now, to_micros(now))

    @property
    def now(self) -> datetime | None:
        """The instant of the last record counted, or to which time has passed; None before the first."""
        return from_micros(self._now) if self._position else None

    def _ask(self, where: Where, question: Callable[[State, Micros, Where], R], *, whole: bool = False) -> R:
        return question(self._state, self._now, where)

    def dump(self) -> dict[str, Any]:
        """Everything that was counted, as plain data: equal for equal logs."""
        return {"position": self._position, **self._state.dump()}


class _Takers(dict[type, Taker]):
    """Event class -> what it does; looked up by the name of its type when one is seen for the first time, so that a
    ledger knows the events of parts that it does not import."""

    def __missing__(self, cls: type) -> Taker:
        name = EventRegistry.by_class[cls].name
        taker = self[cls] = TAKERS.get(name, _nothing)
        return taker


def _nothing(state: State, at: Micros, event: object) -> None:
    """An event that no report tells of."""


TAKERS: dict[str, Taker] = {
    **folding_stays.TAKERS,
    **folding_hands.TAKERS,
    **talks.TAKERS,
    **campaigns.TAKERS,
    **tasks.TAKERS,
}
"""Event type -> how it is counted."""
