"""The engine: runs operations one at a time under a lock, lets time pass, and commits before anybody sees."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Concatenate, TypeVar

from switchroom.admission import always_admitted
from switchroom.clock import Clock, ManualClock
from switchroom.dead_inputs import DeadInputs
from switchroom.durations import DurationLike, from_micros
from switchroom.errors import (
    ConflictError,
    InvalidInput,
    KernelPoisoned,
    LimitReached,
    NotAllowed,
    NotPermitted,
)
from switchroom.journal import Journal
from switchroom.kernel.answers import MAX_ANSWERS, Answered, fingerprint_of
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.records import Record
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Vertical
from switchroom.routing.events import ArrivalsOrdered
from switchroom.routing.state import Routing
from switchroom.security.gate import ADMINISTRATIVE, Gate
from switchroom.security.principals import ACTING, Principal
from switchroom.subscribers import Subscriber
from switchroom.writing import Writing

R = TypeVar("R")


class Engine(Writing):
    """What a center is without its fronts."""

    def __init__(self, journal: Journal, clock: Clock, zone: str) -> None:
        self.gate: Gate | None = None
        self.dead_inputs = DeadInputs()
        super().__init__(journal, clock, zone)

    # -- running operations

    def run(
        self,
        operation: Callable[Concatenate[Transaction, Any, ...], R],
        *args: object,
        command_id: str | None = None,
        on: str = "routing",
    ) -> R:
        """Run ``operation(tx, state, *args)`` on a vertical: what is due first, then it, then settling and commit."""
        with self._lock:
            journal = self.journal
            if journal.tenure is not None:
                journal.tenure.hold(self.clock.micros())
            kernel = journal.kernel
            if kernel.poisoned is not None:
                kernel = journal.sound()
            if self.dead_inputs.failed:
                self.dead_inputs.refuse_known(operation, args)
            admitted: Callable[..., R] = operation if self.gate is None else self.gate.admit(operation, on, args)
            out: list[Record] = []
            try:
                try:
                    if command_id is None:
                        result = kernel.handle(self.clock.micros(), out, admitted, (journal.states[on], *args))
                    else:
                        result = self._run_once(out, command_id, on, admitted, *args)
                except BaseException as error:
                    if kernel.poisoned is not None and kernel.firing is None and kernel.batching is None:
                        self.dead_inputs.note(operation, on, args, error, self.clock.now())
                    journal.abort(out)
                    raise
                if out:
                    journal.commit(out)
            except ConflictError as error:
                return self._again(error, partial(self.run, operation, *args, command_id=command_id, on=on))
            return result

    def run_on(self, vertical: str, operation: Callable[..., R], *args: object, command_id: str | None = None) -> R:
        """The same, the vertical first: for the fronts of all but routing."""
        return self.run(operation, *args, command_id=command_id, on=vertical)

    def _run_once(
        self, out: list[Record], command_id: str, vertical: str, operation: Callable[..., R], *args: object
    ) -> R:
        """The same command again gets the first answer."""
        kernel = self.journal.kernel
        fingerprint = fingerprint_of(operation, args)
        known = kernel.answers.find(command_id, fingerprint)
        if known is not None:
            answer: R = known.answer
            return answer

        if kernel.answers.full() and not always_admitted(operation, vertical):
            raise LimitReached("remembered commands", MAX_ANSWERS)

        def once(tx: Transaction, state: Any) -> R:
            # Only now: what fell due before the operation was caused by nobody's command.
            tx.command_id = command_id
            result = operation(tx, state, *args)
            tx.emit(Answered(command_id, fingerprint, result))
            return result

        try:
            return kernel.handle(self.clock.micros(), out, once, (self.journal.states[vertical],))
        finally:
            kernel.end_command()

    def look_on(self, vertical: str, question: Callable[[Any], R]) -> R:
        """Answer a question about the present state of a vertical."""
        with self._lock:
            self.journal.sound()
            state = self.journal.states[vertical]
            return question(state if self.gate is None else self._seen(vertical, state))

    def look(self, question: Callable[[Routing, int], R]) -> R:
        """Answer a question about the present state of routing, and the instant at which it stands."""
        with self._lock:
            now = self.journal.sound().now
            routing = self.journal.routing
            return question(routing if self.gate is None else self._seen("routing", routing), now)

    # -- who acts

    @property
    def verticals(self) -> Iterable[Vertical]:
        """Everything that is installed."""
        return self.journal.kernel.verticals.values()

    @contextmanager
    def acting_as(self, principal: Principal | str) -> Generator[None]:
        """Everything in this block, in this thread or task, is done by a principal: permitted or not, seen or not by
        division, and audited where it is administrative."""
        if self.gate is None:
            self.gate = Gate(self, None, ADMINISTRATIVE)
        token = ACTING.set(Principal(principal) if isinstance(principal, str) else principal)
        try:
            yield
        finally:
            ACTING.reset(token)

    def _seen(self, vertical: str, state: Any) -> Any:
        """The state as whoever acts sees it."""
        principal = ACTING.get()
        if principal is None or principal.divisions is None:
            return state
        found = self.journal.kernel.verticals.get(vertical)
        if found is None or found.within is None:
            raise NotPermitted(principal.id, f"look at {vertical}")
        return found.within(principal.divisions)

    def fresh(self) -> tuple[Kernel, Routing]:
        """An empty kernel wired as this center's is, and its routing."""
        kernel = self.journal.fresh()
        return kernel, kernel.verticals["routing"].state

    # -- batches

    @contextmanager
    def batch(self) -> Generator[None]:
        """Several operations, one settling: the result does not depend on their order.

        An operation that is refused raises where it stands; the others of the batch hold. A batch within a batch is
        part of it. Time does not pass within a batch: ``advance`` and ``run_due`` are refused.
        """
        with self._lock:
            journal = self.journal
            if journal.tenure is not None:
                journal.tenure.hold(self.clock.micros())
            kernel = journal.sound()
            if kernel.batching is not None:
                yield
                return
            out: list[Record] = []
            try:
                kernel.begin_batch(self.clock.micros(), out)
                entered: list[str] = []
                journal.routing.batch = entered
                try:
                    yield
                finally:
                    _end_batch(kernel, journal.routing, entered)
            except BaseException:
                journal.abort(out)
                raise
            journal.commit(out)

    # -- time

    def now(self) -> datetime:
        """The instant at which the center stands: that of the last input or deadline handled."""
        return self.look(lambda r, now: from_micros(now))

    def next_deadline(self) -> datetime | None:
        """When something will happen by itself next, or None."""
        with self._lock:
            due, tenure = self.journal.kernel.next_deadline(), self.journal.tenure
            if tenure is not None:
                look = max(tenure.next_us, self.clock.micros())
                due = look if due is None or not tenure.writing else min(due, look)
            return None if due is None else from_micros(due)

    def run_due(self) -> None:
        """Handle every deadline that is due by the clock. A center on a real clock calls this when one is due.

        A process that follows takes over what was appended instead, and the lease when it is free.
        """
        with self._lock:
            journal = self.journal
            if not self.may_write():
                return
            kernel = journal.sound()
            if kernel.batching is not None:
                raise NotAllowed("let time pass in", "batch", "", "open")
            out: list[Record] = []
            try:
                try:
                    kernel.advance(self.clock.micros(), out)
                except BaseException:
                    journal.abort(out)
                    raise
                journal.commit(out)
            except ConflictError as error:
                self._again(error, self.run_due)

    def advance(self, by: DurationLike) -> datetime:
        """Move a manual clock forward and handle what comes due on the way; returns the new time."""
        if not isinstance(self.clock, ManualClock):
            raise InvalidInput("clock", "not_manual", hint="only a ManualClock can be advanced")
        if self.journal.kernel.batching is not None:
            raise NotAllowed("let time pass in", "batch", "", "open")
        moved = self.clock.advance(by)
        self.run_due()
        return moved

    # -- events

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call ``subscriber(record)`` for every record after it is committed, in order; returns how to stop.

        What a subscriber raises is swallowed: it cannot undo what is committed. It may use the center; what that
        causes is delivered after the present record.
        """
        return self.journal.subscribers.add(subscriber)

    def events(self, *, after: int = 0, tag: str | None = None) -> Iterator[Record]:
        """Records of the log, oldest first; ``tag`` such as ``item:42`` or ``agent:ana`` picks those about it.

        Not for a principal who is limited to divisions: the log knows none."""
        with self._lock:
            principal = ACTING.get()
            if principal is not None and principal.divisions is not None:
                raise NotPermitted(principal.id, "read the log")
            return self.storage.read(after, tag=tag)

    def catch_up(self) -> None:
        """Take over what another process has appended to the log: for a standby, before it looks or acts."""
        self.journal.catch_up()

    def keep_snapshot(self) -> bool:
        """Keep a snapshot of the present state now; False if the store keeps none, or operations are not stored yet."""
        return self.journal.keep_snapshot()

    # -- checking

    def check(self) -> None:
        """Assert every invariant of the present state. Raises AssertionError; linear in the state."""
        with self._lock:
            self.journal.kernel.check()

    def dump(self) -> dict[str, Any]:
        """The whole state as plain data: equal for equal logs."""
        with self._lock:
            return self.journal.kernel.dump()


def _end_batch(kernel: Kernel, routing: Routing, entered: list[str]) -> None:
    """Settle the batch, or drop it as a whole if an error in it has left the state in doubt."""
    transaction, kernel_error = kernel.batching, kernel.poisoned
    assert transaction is not None
    routing.batch = None
    if kernel_error is not None:
        kernel.batching = None
        raise KernelPoisoned("an error within the batch has undone all of it") from kernel_error
    waiting = [id for id in entered if id in routing.items]
    if waiting != sorted(waiting):
        transaction.emit(ArrivalsOrdered(tuple(sorted(set(waiting)))))
    kernel.end_batch()
