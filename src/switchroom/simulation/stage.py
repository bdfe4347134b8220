"""What the parts of a simulation share: the center, the clock, what is planned, and the chances."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from switchroom.simulation.streams import Stream

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.clock import ManualClock
    from switchroom.durations import Micros
    from switchroom.simulation.behaviours import Behaviours
    from switchroom.simulation.case import Case, Watch

Planned: TypeAlias = "tuple[Micros, int, Callable[..., None], tuple[Any, ...]]"

_TRY = 8
"""Bits of an attempt for the offers of one try of a customer."""


class Luck:
    """The chances of a simulation, a stream for each purpose."""

    def __init__(self, seed: object) -> None:
        self.offer = Stream(seed, "offer")
        self.answer = Stream(seed, "answer")
        self.handle = Stream(seed, "handle")
        self.transfer = Stream(seed, "transfer")
        self.turns = Stream(seed, "turns")
        self.reply = Stream(seed, "reply")
        self.wrap_up = Stream(seed, "wrap-up")
        self.code = Stream(seed, "code")
        self.patience = Stream(seed, "patience")
        self.retry = Stream(seed, "retry")
        self.retry_after = Stream(seed, "retry-after")


class Stage:
    """The center and its clock; ``cases`` by item; a heap of what is planned."""

    def __init__(
        self, center: ContactCenter, clock: ManualClock, behaviours: Behaviours, luck: Luck, watch: Watch
    ) -> None:
        self.center = center
        self.clock = clock
        self.behaviours = behaviours
        self.luck = luck
        self.watch = watch
        self.cases: dict[str, Case] = {}
        self.heap: list[Planned] = []
        self._count = 0

    def plan(self, at: Micros, do: Callable[..., None], *args: object) -> None:
        """Do something at an instant; what is planned first comes first."""
        self._count += 1
        heapq.heappush(self.heap, (at, self._count, do, args))


def nth(case: Case, number: int) -> int:
    """The attempt to draw for the nth offer, beginning or turn of the present try of a customer."""
    return (case.tries << _TRY) + number
