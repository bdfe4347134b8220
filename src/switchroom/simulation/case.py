"""A piece of work in a simulation, and who watches what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchroom.durations import Micros, to_micros
from switchroom.routing.fields import micros

if TYPE_CHECKING:
    from switchroom.routing.model import WorkItem
    from switchroom.simulation.behaviours import Manner
    from switchroom.simulation.traffic import Arrival


class Case:
    """One piece of work: what arrives, and where it stands.

    ``place``: where its chances are drawn from; ``type``: under what it is counted; ``handle`` and ``patience`` in
    microseconds, None: as the behaviour says.
    """

    __slots__ = (
        "agent",
        "assignment",
        "at",
        "attempts",
        "cell",
        "handle",
        "intake",
        "line",
        "manner",
        "patience",
        "place",
        "queue",
        "starts",
        "transferred",
        "tries",
        "turn_us",
        "turns",
        "type",
        "work",
    )

    def __init__(
        self,
        at: Micros,
        work: WorkItem,
        place: int,
        type: str,
        *,
        intake: str | None = None,
        handle: Micros | None = None,
        patience: Micros | None = None,
        line: int = 0,
        tries: int = 0,
    ) -> None:
        self.at = at
        self.work = work
        self.place = place
        self.type = type
        self.intake = intake
        self.handle = handle
        self.patience = patience
        self.line = line
        self.tries = tries
        self.queue: str | None = None
        self.agent: str | None = None
        self.assignment: str | None = None
        self.manner: Manner | None = None
        self.attempts = 0
        self.starts = 0
        self.turns = 0
        self.turn_us = 0
        self.transferred = False
        self.cell: Any = None

    @classmethod
    def of(cls, arrival: Arrival, place: int) -> Case:
        """An arrival of a file or a log, its chances drawn from a place of its own."""
        work = arrival.work
        return cls(
            to_micros(arrival.at),
            work,
            place,
            work.queue or arrival.intake or "",
            intake=arrival.intake,
            handle=None if arrival.handle is None else micros(arrival.handle),
            patience=None if arrival.patience is None else micros(arrival.patience),
            line=arrival.line,
        )


class Watch:
    """Told what happens; nothing is done with it here."""

    def arrived(self, case: Case, at: Micros) -> None:
        """Work has come in; ``case.cell`` is the watch's to set."""

    def turned(self, case: Case, at: Micros) -> None:
        """Work found no place; it has not arrived."""

    def answered(self, case: Case, at: Micros, agent: str) -> None:
        """Somebody has begun with it, for the first time."""

    def ended(self, case: Case, at: Micros, state: str) -> None:
        """Unanswered work is over: abandoned, timed out or cancelled."""

    def begun(self, at: Micros, agent: str) -> None:
        """An agent has one more piece of work in hand."""

    def freed(self, at: Micros, agent: str) -> None:
        """An agent has one less, after-call work included."""

    def moved(self, at: Micros, agent: str, presence: str) -> None:
        """An agent's presence has changed."""
