"""The kernel: an input and an instant in, events out. It knows no domain word, reads no clock and awaits nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Any, TypeVar

from switchroom.errors import KernelPoisoned, SwitchroomError, TimeWentBack
from switchroom.kernel.answers import Answered, Answers
from switchroom.kernel.deadlines import DeadlineKey, Deadlines
from switchroom.kernel.events import event
from switchroom.kernel.outbox import Effect, Outbox
from switchroom.kernel.records import Record
from switchroom.kernel.transaction import Applier, IdSource, Transaction
from switchroom.kernel.vertical import Vertical

R = TypeVar("R")

Reaction = Callable[[Transaction, Any], None]
Timer = Callable[[Transaction, str], None]
Settler = Callable[[Transaction], None]
Entry = tuple[int, Any]
"""(instant, event)."""

MAX_ROUNDS = 1000
"""Reactions and settling end by themselves in two or three rounds. More than this many means that two reactions feed
each other for ever: a bug, which poisons the kernel instead of hanging the process."""


@event("kernel.timer_dropped")
class TimerDropped:
    """A deadline whose handling failed twice was dropped, so that it does not stop everything else for ever."""

    kind: str
    subject: str


class Kernel:
    """Runs operations, deadlines and reactions, and settles to a fixed point after each.

    Verticals register at construction, in a fixed order: appliers (one per event type), reactions, timers (one per
    kind of deadline) and settlers. ``handle`` and ``advance`` append what happened to ``out`` as records; the edge
    stores them before anybody else sees them.
    """

    def __init__(self, *, ids: IdSource, random: Random) -> None:
        self.ids = ids
        self.random = random
        self.now = 0
        self.deadlines = Deadlines()
        self.answers = Answers(self.deadlines)
        self.poisoned: BaseException | None = None
        self.appliers: dict[type, Applier] = {Answered: self.answers.apply}
        self.reactions: dict[type, list[Reaction]] = {}
        self.outbox = Outbox(self.deadlines)
        self.appliers.update(self.outbox.appliers())
        self.timers: dict[str, Timer] = {}
        self.silent: dict[str, Callable[[str], None]] = {"answer": self.answers.forget, "effect": self.outbox.wake}
        """Timers without an event: what they do is derived from the deadline itself, so replay does it, too."""
        self.settlers: list[Settler] = []
        self.unsettled: dict[object, None] = {}
        """What appliers have left for the settlers, who take it out: as long as there is any, settlers are called."""
        self.verticals: dict[str, Vertical] = {}
        """What is installed, by name, in the order of installation."""
        self.gates: dict[str, Callable[[Transaction, Effect], str | None]] = {}
        """By kind of effect: asked at the moment of hand-over; a reason means that it must not be done."""
        self.resuming: set[type] = set()
        self.firing: DeadlineKey | None = None
        """The deadline that is being handled; still set after an error in it."""
        self.skipped: set[DeadlineKey] = set()
        """Deadlines that have failed twice: dropped, with an event that says so."""
        self.appliers[TimerDropped] = _noted
        self.batching: Transaction | None = None
        self._transaction = Transaction(self.appliers, self.reactions, ids, random)

    # -- registration

    def add(self, vertical: Vertical) -> None:
        """List a vertical that has registered its appliers, reactions and timers."""
        self.verticals[vertical.name] = vertical

    def on(self, event: type, reaction: Reaction) -> None:
        """React to an event type; reactions to one type run in the order of registration."""
        self.reactions.setdefault(event, []).append(reaction)

    # -- running

    @property
    def end(self) -> int:
        """The position of the last record: of the log that was replayed, or of what has happened since."""
        return self._transaction.end

    @end.setter
    def end(self, position: int) -> None:
        self._transaction.end = position

    def end_command(self) -> None:
        """What happens from now on was not caused by the command of the last operation."""
        self._transaction.command_id = None

    def next_deadline(self) -> int | None:
        """The earliest pending instant, or None."""
        return self.deadlines.next()

    def advance(self, now: int, out: list[Record]) -> None:
        """Handle every deadline due at or before ``now``, one instant at a time, each stamped with its own due time.

        Deadlines that passed before the last handled instant (the process was stopped, or the clock jumped) are
        handled at that instant.
        """
        if now < self.now:
            raise TimeWentBack(f"instant {now} lies before {self.now}, the last one handled", now=now, last=self.now)
        deadlines = self.deadlines
        while (due := deadlines.next()) is not None and due <= now:
            kind, subject = deadlines.pop()[1]
            if kind in self.silent:
                self.silent[kind](subject)
                continue
            self.firing = (kind, subject)
            timer = _drop_timer(kind) if self.firing in self.skipped else self.timers[kind]
            self._perform(max(due, self.now), out, timer, (subject,))
            self.firing = None
        self.now = now

    def handle(self, now: int, out: list[Record], operation: Callable[..., R], args: tuple[Any, ...] = ()) -> R:
        """Handle what is due, then ``operation(tx, *args)``; append what happened to ``out`` and return the result.

        Raises what the operation refuses with; deadlines handled before it stay handled (and in ``out``).
        """
        if self.poisoned is not None:
            raise KernelPoisoned("an earlier error left the state in doubt: rebuild from the log") from self.poisoned
        if self.batching is not None:
            return self._join(self.batching, operation, args)
        if now < self.now or self.deadlines.earliest <= now:
            self.advance(now, out)
        return self._perform(now, out, operation, args)

    def _join(self, batch: Transaction, operation: Callable[..., R], args: tuple[Any, ...]) -> R:
        """Run an operation as part of the open batch; an error after its first event poisons the whole batch."""
        start = len(batch.out)
        try:
            return operation(batch, *args)
        except BaseException as error:
            if len(batch.out) > start or not isinstance(error, SwitchroomError):
                self.poisoned = error
            raise

    def begin_batch(self, now: int, out: list[Record]) -> Transaction:
        """Open one transaction for several operations, settled once by ``end_batch``."""
        self.advance(now, out)
        self._transaction.now = now
        self._transaction.out = out
        self.batching = self._transaction
        return self.batching

    def end_batch(self) -> None:
        """React to what the operations of the batch did, and settle it."""
        assert self.batching is not None, "no batch is open"
        self.batching = None
        try:
            self._settle(self._transaction)
        except BaseException as error:
            self.poisoned = error
            raise

    def resume(self, now: int, out: list[Record], operation: Callable[[Transaction], None]) -> None:
        """After a stop: run an operation at ``now`` before the deadlines that passed in the gap are handled."""
        self._perform(max(now, self.now), out, operation, ())

    def _perform(self, now: int, out: list[Record], operation: Callable[..., R], args: tuple[Any, ...]) -> R:
        """Run one operation, then its reactions and the settlers until nothing more happens."""
        transaction = self._transaction
        transaction.now = self.now = now
        transaction.out = out
        start = len(out)
        try:
            result = operation(transaction, *args)
            if (transaction.due or self.unsettled) and len(out) > start:
                self._settle(transaction)
            return result
        except SwitchroomError as error:
            if len(out) > start or isinstance(error, KernelPoisoned):
                self.poisoned = error
            raise
        except BaseException as error:
            # An exception of any other kind is a bug even before the first event: a deadline has been taken already,
            # or an embedder's object was called outside its guard.
            self.poisoned = error
            raise

    def _settle(self, transaction: Transaction) -> None:
        """React to every event that somebody reacts to, settle, and again until nothing is left."""
        due, unsettled, rounds = transaction.due, self.unsettled, 0
        while due or unsettled:
            rounds += 1
            if rounds > MAX_ROUNDS:
                raise KernelPoisoned(f"not settled after {MAX_ROUNDS} rounds")
            while due:
                event = due.popleft()
                for reaction in self.reactions[type(event)]:
                    reaction(transaction, event)
            if unsettled:
                for settle in self.settlers:
                    settle(transaction)

    # -- the whole state

    def check(self) -> None:
        """Assert every invariant of the state. Raises AssertionError; linear in the state."""
        self.deadlines.check()
        self.outbox.check()
        for vertical in self.verticals.values():
            vertical.check()

    def dump(self) -> dict[str, Any]:
        """The whole state as plain data: equal for equal logs."""
        own = {"now": self.now, "answers": self.answers.dump(), "outbox": self.outbox.dump()}
        return own | {name: vertical.dump() for name, vertical in self.verticals.items()}

    # -- replay

    def replay(self, entries: Iterable[Entry]) -> None:
        """Apply stored events to a fresh kernel; decides nothing and calls nobody's code.

        When the run that made the log got to an event, every deadline due by then had fired. So they are dropped
        here before the event; what they did is in the log. Only ``resuming`` events come before what fell due in the
        gap. (A deadline is always set for a later instant than that of its event, so none is dropped too early.)
        """
        appliers, deadlines = self.appliers, self.deadlines
        for at, happened in entries:
            if type(happened) not in self.resuming:
                while (due := deadlines.next()) is not None and due <= at:
                    kind, subject = deadlines.pop()[1]
                    if kind in self.silent:
                        self.silent[kind](subject)
            self.now = at
            appliers[type(happened)](happened, at)


def _drop_timer(kind: str) -> Timer:
    return lambda tx, subject: tx.emit(TimerDropped(kind, subject))


def _noted(event: TimerDropped, at: int) -> None:
    """Tells something and changes nothing: the deadline is taken already."""
