"""A transaction: what one input or one deadline does to the state, as events."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container
from random import Random
from typing import Any, Protocol

from switchroom.kernel.records import Record

Applier = Callable[[Any, int], None]
"""(event, instant) -> None: changes the state and decides nothing."""

_record: Any = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
"""Makes a record without a call into Python: one is made for every event."""


class IdSource(Protocol):
    """Where new ids come from; injected, so that tests count and production is ordered by time."""

    def new(self, kind: str, now: int) -> str:
        """An id never given before, for a thing of this kind, at this instant (µs since 1970)."""
        ...


class Transaction:
    """Handed to every operation, reaction, timer and settler.

    ``now`` is the instant in microseconds since 1970, UTC. ``emit`` applies the event at once, so that what follows
    reads the new state; an operation that wants to refuse does so before its first ``emit``. ``out``: the records of
    what has happened, numbered from ``end``, the position of the last one; ``command_id`` goes into each.
    """

    __slots__ = ("_appliers", "_reactive", "command_id", "due", "end", "ids", "now", "out", "random")

    def __init__(
        self,
        appliers: dict[type, Applier],
        reactive: Container[type],
        ids: IdSource,
        random: Random,
    ) -> None:
        self.now = 0
        self.end = 0
        self.command_id: str | None = None
        self.out: list[Record] = []
        self.due: deque[Any] = deque()
        """Events that somebody reacts to and that have not been reacted to yet."""
        self.ids = ids
        self.random = random
        self._appliers = appliers
        self._reactive = reactive

    def emit(self, event: object) -> None:
        """Record an event and apply it."""
        kind, now = type(event), self.now
        self.end = end = self.end + 1
        self.out.append(_record(Record, (end, now, event, self.command_id)))
        self._appliers[kind](event, now)
        if kind in self._reactive:
            self.due.append(event)

    def notice(self, what: object) -> None:
        """Have something reacted to that is no event, as events are: after the operation. The log does not tell it."""
        self.due.append(what)
