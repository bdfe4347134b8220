"""Interactions while they are being read: what one stay of an item has been through so far."""

from __future__ import annotations

from datetime import timedelta

from switchroom.durations import Micros, from_micros
from switchroom.reporting.rows import InteractionRow, StepRow
from switchroom.routing.model import WorkItem

MAX_STEPS = 1_000
"""Steps that one row tells, the first ones; a conversation of years has more, and the log has them under its tags."""


class Trace:
    """An item, and the stay that it is in. ``stays``: how many it has begun."""

    def __init__(self, item: str, work: WorkItem, conversation: str | None, at: Micros) -> None:
        self.item = item
        self.work = work
        self.conversation = conversation
        self.stays = 0
        self.stay = Stay(self, 0, work.queue, at, "submitted")
        self.tags: dict[str, None] = {}

    def enter(self, queue: str, at: Micros, cause: str) -> Stay:
        """A new stay begins; steps since the last one belong to it, unless somebody worked on the item then."""
        old = self.stay
        self.stays += 1
        self.stay = Stay(self, self.stays, queue, at, cause)
        if not old.number and not old.agents:
            self.stay.steps = old.steps
        return self.stay

    def outside(self, at: Micros, cause: str) -> Stay:
        """Work outside every queue, such as what an agent takes from where it was set aside."""
        self.stay = Stay(self, 0, None, at, cause)
        return self.stay


class Stay:
    """One stay; its ``number`` is 0 outside of every queue. ``held``: assignment -> (when it began, when after-call
    work began or 0)."""

    def __init__(self, trace: Trace, number: int, queue: str | None, at: Micros, cause: str) -> None:
        self.trace = trace
        self.number = number
        self.queue = queue
        self.cause = cause
        self.started_us = at
        self.answered_us: Micros | None = None
        self.ended_us: Micros | None = None
        self.lost_us: Micros | None = None
        self.outcome = ""
        self.agents: dict[str, None] = {}
        self.offers = self.declined = self.missed = self.received = self.sent = self.done = 0
        self.transfers: list[str] = []
        self.talk_us = self.after_call_us = 0
        self.held: dict[str, tuple[Micros, Micros]] = {}
        self.code: str | None = None
        self.told = False
        self.steps: list[StepRow] = []

    @property
    def over(self) -> bool:
        """Whether nothing more belongs to this stay."""
        return bool(self.outcome) and not self.held

    def leave(self, at: Micros, outcome: str) -> None:
        """The item is no longer in this stay."""
        self.outcome = outcome
        self.ended_us = at
        if self.answered_us is None and self.number:
            self.lost_us = at - self.started_us

    def answer(self, at: Micros, assignment: str, agent: str) -> None:
        if self.answered_us is None:
            self.answered_us = at
        self.agents[agent] = None
        self.held[assignment] = (at, 0)

    def wrap(self, at: Micros, assignment: str) -> None:
        self.held[assignment] = (self.held[assignment][0], at)

    def release(self, at: Micros, assignment: str, code: str | None) -> None:
        begun, wrapped = self.held.pop(assignment)
        self.talk_us += (wrapped or at) - begun
        self.after_call_us += at - (wrapped or at)
        self.done += 1
        self.code = code or self.code
        if self.outcome:
            self.ended_us = at

    def row(self) -> InteractionRow:
        """The stay as a report tells it."""
        trace, work = self.trace, self.trace.work
        answered, ended = self.answered_us, self.ended_us
        wait = self.lost_us if answered is None else answered - self.started_us
        return InteractionRow(
            item=trace.item,
            stay=self.number,
            conversation=trace.conversation,
            contact=work.contact,
            queue=self.queue,
            medium=work.medium,
            channel=work.channel,
            division=work.division,
            cause=self.cause,
            priority=work.priority,
            started=from_micros(self.started_us),
            answered=None if answered is None else from_micros(answered),
            ended=from_micros(ended) if ended is not None and self.over else None,
            wait=None if wait is None else timedelta(microseconds=wait),
            outcome=self._outcome(),
            agents=tuple(self.agents),
            offers=self.offers,
            declined=self.declined,
            missed=self.missed,
            transfers=tuple(self.transfers),
            talk=timedelta(microseconds=self.talk_us) if self.done else None,
            after_call=timedelta(microseconds=self.after_call_us) if self.done else None,
            code=self.code,
            received=self.received,
            sent=self.sent,
            tags=tuple(sorted({*work.labels, *trace.tags})),
            steps=tuple(self.steps),
        )

    def _outcome(self) -> str:
        if self.over:
            return self.outcome
        if any(not wrapped for _, wrapped in self.held.values()):
            return "in progress"
        if self.held:
            return "after-call work"
        return "waiting" if self.number else "held"
