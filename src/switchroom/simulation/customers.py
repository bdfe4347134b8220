"""Customers: they arrive, wait, lose patience, and may try again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from switchroom.errors import SwitchroomError
from switchroom.simulation.behaviours import MAX_RETRIES
from switchroom.simulation.case import Case
from switchroom.simulation.stage import Stage

if TYPE_CHECKING:
    from switchroom.durations import Micros


class Customers:
    """``listen`` lets everybody react to what the center has done. ``taken`` and ``refused`` are told of each arrival,
    if anybody wants to know; ``retrying``: how many will come again."""

    def __init__(self, stage: Stage, listen: Callable[[], None]) -> None:
        self.taken: Callable[[Case, str], None] | None = None
        self.refused: Callable[[Case, SwitchroomError], None] | None = None
        self.retrying = 0
        self._stage = stage
        self._listen = listen

    def arrive(self, case: Case) -> None:
        """A piece of work comes in."""
        try:
            item = self._stage.center.work.submit(case.work, intake=case.intake)
        except SwitchroomError as refusal:
            self._turned(case, refusal)
            return
        self._stage.cases[item] = case
        if self.taken is not None:
            self.taken(case, item)
        self._stage.watch.arrived(case, case.at)
        self._listen()
        if case.agent is None and item in self._stage.cases:
            self._wait(case, item)

    def _wait(self, case: Case, item: str) -> None:
        patience = case.patience
        if patience is None:
            usual = self._stage.behaviours.of(case.work.medium, case.queue).patience
            patience = None if usual is None else usual(self._stage.luck.patience.at(case.place, case.tries))
        if patience is not None:
            self._stage.plan(case.at + patience, self._give_up, item)

    def _give_up(self, item: str) -> None:
        case = self._stage.cases.get(item)
        if case is not None and case.agent is None:
            self._stage.center.work.abandon(item, reason="out of patience")

    def _turned(self, case: Case, refusal: SwitchroomError) -> None:
        self._stage.watch.turned(case, case.at)
        if self.refused is not None:
            self.refused(case, refusal)
        self.try_again(case, case.at, case.work.queue)

    def try_again(self, case: Case, at: Micros, queue: str | None) -> None:
        """Whether, and when, a customer who got nobody comes again."""
        manner = self._stage.behaviours.of(case.work.medium, queue)
        share, luck, tries = manner.behaviour.retry, self._stage.luck, case.tries
        if not share or tries >= MAX_RETRIES or luck.retry.at(case.place, tries) >= share:
            return
        work = case.work if case.work.id is None else attrs.evolve(case.work, id=None)
        after = at + max(1, manner.retry_after(luck.retry_after.at(case.place, tries)))
        again = Case(after, work, case.place, case.type, intake=case.intake, handle=case.handle, tries=tries + 1)
        self.retrying += 1
        self._stage.plan(after, self._come_again, again)

    def _come_again(self, case: Case) -> None:
        self.retrying -= 1
        self.arrive(case)
