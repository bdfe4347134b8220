"""ContactCenter: the blocking edge. One lock, commit before anybody sees, fronts by noun."""

from __future__ import annotations

import random
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from switchroom.clock import Clock, ManualClock, SystemClock
from switchroom.consent.state import DEFAULT_PEPPER
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.front import ConsentFront, ConversationsFront, FlowsFront
from switchroom.conversations.state import Conversations
from switchroom.conversations.vertical import install as install_conversations
from switchroom.durations import DurationLike, from_micros
from switchroom.effects import Effects
from switchroom.errors import (
    BusyError,
    ConflictError,
    DuplicateId,
    InvalidInput,
    KernelPoisoned,
    NotAllowed,
    StorageError,
)
from switchroom.ids import CountedIds, TimeOrderedIds, valid_id
from switchroom.kernel.answers import Answered, fingerprint_of
from switchroom.kernel.deadlines import DeadlineKey
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.records import Record
from switchroom.kernel.transaction import Entry, IdSource, Transaction
from switchroom.routing.checks import check_routing
from switchroom.routing.events import ArrivalsOrdered
from switchroom.routing.front import AgentsFront, AssignmentsFront, OffersFront, QueuesFront, WorkFront
from switchroom.routing.functions import Functions
from switchroom.routing.hours import zone_named
from switchroom.routing.insight_front import InsightFront
from switchroom.routing.state import Routing, Target
from switchroom.routing.vertical import install, resume, start_day
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.protocol import LogStorage, SnapshotStorage

R = TypeVar("R")
if TYPE_CHECKING:
    from switchroom.consent.keywords import KeywordPolicy

Subscriber = Callable[[Record], None]

_record: Any = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
"""Makes a record without a call into Python: one is made for every event."""

MAX_TRIES = 10
"""How often an operation is tried again when another process has appended to the log first: two writers on one log are
for safety, not for throughput, and one that keeps losing should say so."""

MAX_TIMER_FAILURES = 2
"""A deadline whose handling fails so often is dropped, with an event: it would stop everything else for ever."""

SNAPSHOT_EVERY = 100_000
"""Records between two snapshots: replaying so many takes about as long as opening a large snapshot."""

NEVER = 1 << 62


class OnVertical:
    """An operation of another vertical as one of routing; known by the operation's own name."""

    def __init__(self, center: ContactCenter, vertical: str, operation: Callable[..., Any]) -> None:
        self._center = center
        self._vertical = vertical
        self._operation = operation
        self.__module__ = operation.__module__
        self.__qualname__ = operation.__qualname__

    def __call__(self, tx: Transaction, routing: Routing, *args: object) -> Any:
        return self._operation(tx, self._center.vertical(self._vertical), *args)


class ContactCenter:
    """A contact center in this process.

    ``clock``: ``SystemClock()`` unless given; a ``ManualClock`` puts time under your control (``advance``).
    ``storage``: where the log lives, in memory unless given; a log that is not empty is replayed. ``seed`` fixes ids
    and randomness, so that the same inputs give the same log, byte for byte; None takes both from the system.
    ``zone``: where midnight is. ``functions``: the embedder's scorers and orderings by name. ``snapshot_every``: after
    so many records a snapshot is kept in a store that can (None: never); opening needs only what came after it.
    Taking one stops the center for some 7 ms for every thousand open items.

    Thread-safe. Every operation is atomic: it is refused and leaves no trace, or it is in the log when it returns.

    >>> from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
    >>> center = ContactCenter(clock=ManualClock(), seed=1)
    >>> center.queues.add(Queue("sales"))
    >>> center.agents.add(Agent("ana", queues=["sales"]))
    >>> _ = center.agents.sign_in("ana")
    >>> item = center.work.submit(WorkItem(queue="sales"))
    >>> center.offers.of_item(item)[0].agent
    'ana'
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        storage: LogStorage | None = None,
        seed: int | None = None,
        zone: str = "UTC",
        functions: dict[str, Callable[..., Any]] | None = None,
        ids: IdSource | None = None,
        keywords: KeywordPolicy | None = None,
        consent_secret: bytes = DEFAULT_PEPPER,
        snapshot_every: int | None = SNAPSHOT_EVERY,
    ) -> None:
        self.clock = SystemClock() if clock is None else clock
        self.storage: LogStorage = MemoryStorage() if storage is None else storage
        self._zone = zone_named(zone).key
        self._seed = seed
        self._ids = ids
        self._keywords = keywords
        self._consent_secret = consent_secret
        self._functions = Functions()
        self._targets: dict[str, Target] = {}
        for name, function in (functions or {}).items():
            self._functions.register(name, function)
        self._lock = threading.RLock()
        self._subscribers: list[Subscriber] = []
        self._undelivered: deque[Record] = deque()
        self._group: list[Record] | None = None
        self._storing: list[Record] = []
        self._failed_timers: Counter[DeadlineKey] = Counter()
        self._delivering = False
        self._retrying = False
        self._snapshot_every = None if isinstance(self.storage, MemoryStorage) else snapshot_every
        self.queues = QueuesFront(self)
        self.agents = AgentsFront(self)
        self.work = WorkFront(self)
        self.offers = OffersFront(self)
        self.assignments = AssignmentsFront(self)
        self.insight = InsightFront(self)
        self.effects = Effects(self)
        self.conversations = ConversationsFront(self)
        self.consent = ConsentFront(self)
        self.flows = FlowsFront(self)
        self._load()
        self._start()

    # -- loading

    def _load(self) -> None:
        """A fresh kernel, brought to the end of the log by the latest snapshot and replay of what came after it."""
        end = self.storage.end()
        self._kernel, self._routing = self.fresh()
        self._end = self._restore()
        self._snapshot_due = NEVER if self._snapshot_every is None else self._end + self._snapshot_every
        self._replay_tail()
        self._replay_unstored()
        if self._end < end:
            self._kernel.poisoned = error = StorageError("the log does not go back to its beginning", reason="missing")
            raise error
        if isinstance(self.clock, SystemClock) and self._end:
            self.clock.not_before(self._kernel.now)

    def _replay_unstored(self) -> None:
        """What a group has not stored yet happened all the same, unless its storing fails."""
        for record in (*self._storing, *(self._group or ())):
            if record.position > self._end:
                self._kernel.replay([(record.at, record.event)])
                self._end = record.position

    def _restore(self) -> int:
        """Start from the latest snapshot, if there is one that can be read; returns its position."""
        snapshot = self.storage.load_snapshot() if isinstance(self.storage, SnapshotStorage) else None
        if snapshot is None:
            return 0
        from switchroom.snapshots import restore

        if restore(self._kernel, self._routing, snapshot):
            return snapshot.position
        self._kernel, self._routing = self.fresh()
        return 0

    def _replay_tail(self) -> None:
        kernel = self._kernel
        try:
            kernel.replay(self._tail())
        except BaseException as error:
            kernel.poisoned = error
            raise

    def _tail(self) -> Iterator[Entry]:
        for record in self.storage.read(self._end):
            self._end = record.position
            yield record.at, record.event

    def catch_up(self) -> None:
        """Take over what another process has appended to the log: for a standby, before it looks or acts."""
        with self._lock:
            kernel, end = self._sound_kernel(), self._end
            if kernel.batching is not None:
                return  # the batch is for the log that it began with
            self._replay_tail()
            if self._end == end:
                return
            if isinstance(kernel.ids, CountedIds):
                kernel.ids.go_on([self._end, []])  # the other process has counted on, too
            if self._subscribers:
                self.publish(list(self.storage.read(end, limit=self._end - end)))

    def keep_snapshot(self) -> bool:
        """Keep a snapshot of the present state now; False if the store keeps none, or operations are not stored yet."""
        with self._lock:
            storage = self.storage
            conversations = self.conversations_state()
            if conversations.lines or conversations.consent.used:
                return False  # a snapshot holds the kernel and routing only: what it left out would be lost
            unfinished = self._group or self._kernel.batching is not None or self._kernel.poisoned is not None
            if unfinished or not isinstance(storage, SnapshotStorage):
                return False
            from switchroom import snapshots

            payload = snapshots.take(self._kernel, self._routing, self._seed is not None)
            storage.save_snapshot(self._end, snapshots.VERSION, payload)
            return True

    def _snapshot_if_due(self) -> None:
        """The operation is stored already: a snapshot that fails is told to the log and tried again later."""
        assert self._snapshot_every is not None
        self._snapshot_due = self._end + self._snapshot_every
        try:
            self.keep_snapshot()
        except StorageError:
            import logging

            logging.getLogger("switchroom").exception("no snapshot kept at %d", self._end)

    def close(self) -> None:
        """Keep a snapshot, if anything happened since the last one, and close the store. Closing again is allowed."""
        with self._lock:
            if self._snapshot_every is not None and self._end > self._snapshot_due - self._snapshot_every:
                self._snapshot_if_due()
            close = getattr(self.storage, "close", None)
            if close is not None:
                close()

    def __enter__(self) -> ContactCenter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        """Begin a new log, or go on with one after a stop. Another process may do the same at this moment."""
        try:
            out: list[Entry] = []
            now, routing = self.clock.micros(), self._routing
            if self._end:
                self._kernel.resume(now, out, lambda tx: resume(tx, routing))
            else:
                self._kernel.resume(now, out, lambda tx: start_day(tx, routing, self._zone))
            self._commit(out, None)
        except ConflictError as error:
            self._again(error, self._start)

    def _again(self, error: ConflictError, call: Callable[[], R]) -> R:
        """Another process was first, and its records are loaded: the operation decides anew, a stated number of times.

        With a command id, one that is in the log after all gets the answer that it got there.
        """
        if self._retrying:
            raise error
        self._retrying = True
        try:
            for _ in range(MAX_TRIES):
                try:
                    return call()
                except ConflictError:
                    continue
            raise BusyError(f"another process was first, {MAX_TRIES} times") from error
        finally:
            self._retrying = False

    def fresh(self) -> tuple[Kernel, Routing]:
        """An empty kernel wired as this center's is."""
        seeded = random.Random(self._seed)
        ids = self._ids or (TimeOrderedIds(seeded) if self._seed is None else CountedIds(self._counted_from()))
        kernel = Kernel(ids=ids, random=seeded)
        routing = install(kernel, self._functions, self._zone, self._targets)
        kernel.skipped = {key for key, times in self._failed_timers.items() if times >= MAX_TIMER_FAILURES}
        conversations, flows = install_conversations(kernel, routing, self._keyword_policy, self._consent_secret, None)
        kernel.verticals = {"routing": routing, "conversations": conversations, "flows": flows}
        return kernel, routing

    def _counted_from(self) -> int:
        """The last position given, also to what a group has not stored yet."""
        unstored = self._group or self._storing
        return unstored[-1].position if unstored else self.storage.end()

    def _keyword_policy(self) -> KeywordPolicy:
        if self._keywords is None:
            from switchroom.consent.keywords import KeywordPolicy

            self._keywords = KeywordPolicy()
        return self._keywords

    def register_target(self, kind: str, target: Target) -> None:
        """Let items be put into something outside routing, as ``kind:NAME``: a workbin, a flow, a system of yours."""
        valid_id(kind, "kind")
        if kind in self._targets:
            raise DuplicateId("target", kind)
        self._targets[kind] = target

    # -- running operations

    def run(self, operation: Callable[..., R], *args: object, command_id: str | None = None) -> R:
        """Run an operation of routing: what is due first, then the operation, then settling and commit."""
        with self._lock:
            kernel = self._kernel if self._kernel.poisoned is None else self._sound_kernel()
            out: list[Entry] = []
            try:
                try:
                    if command_id is None:
                        result = kernel.handle(self.clock.micros(), out, operation, self._routing, *args)
                    else:
                        result = self._run_once(out, command_id, operation, *args)
                except BaseException:
                    self._abort(out)
                    raise
                if out:
                    self._commit(out, command_id)
            except ConflictError as error:
                return self._again(error, lambda: self.run(operation, *args, command_id=command_id))
            return result

    def run_kernel(self, operation: Callable[..., R], *args: object) -> R:
        """Run an operation on the kernel itself (its outbox), as ``run`` does one of routing."""
        with self._lock:
            out: list[Entry] = []
            kernel = self._sound_kernel()
            try:
                try:
                    result = kernel.handle(self.clock.micros(), out, operation, kernel, *args)
                except BaseException:
                    self._abort(out)
                    raise
                if out:
                    self._commit(out, None)
            except ConflictError as error:
                return self._again(error, lambda: self.run_kernel(operation, *args))
            return result

    def run_conversations(self, operation: Callable[..., R], *args: object, command_id: str | None = None) -> R:
        """Run an operation of conversations or consent, as ``run`` does one of routing."""
        result: R = self.run(OnVertical(self, "conversations", operation), *args, command_id=command_id)
        return result

    def look_conversations(self, question: Callable[[Conversations], R]) -> R:
        """Answer a question about conversations or consent."""
        with self._lock:
            return question(self._sound_kernel().verticals["conversations"])

    def run_flows(self, operation: Callable[..., R], *args: object, command_id: str | None = None) -> R:
        """Run an operation of flows, as ``run`` does one of routing."""
        result: R = self.run(OnVertical(self, "flows", operation), *args, command_id=command_id)
        return result

    def look_flows(self, question: Callable[[Flows], R]) -> R:
        """Answer a question about flows."""
        with self._lock:
            return question(self._sound_kernel().verticals["flows"])

    def vertical(self, name: str) -> Any:
        """The present state of a vertical; for operations that run inside the lock."""
        return self._kernel.verticals[name]

    def conversations_state(self) -> Conversations:
        """The present state of conversations; for operations that run inside the lock."""
        state: Conversations = self._kernel.verticals["conversations"]
        return state

    def _sound_kernel(self) -> Kernel:
        """The kernel, rebuilt if an error has left it in doubt; within a batch that waits for the end of the batch."""
        if self._kernel.poisoned is not None and self._kernel.batching is None:
            self._load()
        return self._kernel

    def _abort(self, out: list[Entry]) -> None:
        """After a refusal: deadlines that fired before it hold. After an error: the log rebuilds the state."""
        if self._kernel.batching is not None:
            return
        if self._kernel.poisoned is not None:
            if self._kernel.firing is not None:
                self._failed_timers[self._kernel.firing] += 1
            self._load()
        elif out:
            self._commit(out, None)

    def _run_once(self, out: list[Entry], command_id: str, operation: Callable[..., R], *args: object) -> R:
        fingerprint = fingerprint_of(operation, args)
        known = self._kernel.answers.find(command_id, fingerprint)
        if known is not None:
            answer: R = known.answer
            return answer

        def once(tx: Transaction, routing: Routing) -> R:
            result = operation(tx, routing, *args)
            tx.emit(Answered(command_id, fingerprint, result))
            return result

        return self._kernel.handle(self.clock.micros(), out, once, self._routing)

    def _commit(self, out: list[Entry], command_id: str | None) -> None:
        """Store what happened; only then do subscribers see it."""
        end = self._end
        records = [_record(Record, (n, at, event, command_id)) for n, (at, event) in enumerate(out, end + 1)]
        self._end = end + len(records)
        if self._group is not None:
            self._group.extend(records)
            return
        try:
            self.storage.append(records, end)
        except BaseException as error:
            # Whether it is stored or not, the log knows: memory follows it.
            self._kernel.poisoned = self._kernel.poisoned or error
            self._load()
            if self._subscribers:
                self.publish(list(self.storage.read(end)))
            raise
        if self._end >= self._snapshot_due:
            self._snapshot_if_due()
        if self._subscribers:
            self.publish(records)

    # -- group commit, for an edge that stores several operations at once

    def begin_grouping(self) -> None:
        """From now on operations do not store what they did; the edge takes it with ``take_group`` and stores it."""
        with self._lock:
            self._group = []

    def take_group(self) -> tuple[list[Record], int]:
        """What is not stored yet, and the position behind which it belongs; the next group begins."""
        with self._lock:
            self._storing = group = self._group or []
            self._group = []
            return group, (group[0].position - 1 if group else self._end)

    def unstored(self) -> Iterator[Any]:
        """The events that have happened and that no group has stored yet."""
        return (record.event for record in (*self._storing, *(self._group or ())))

    def discard_group(self) -> None:
        """Storing failed: everything that is not stored is dropped, and the log rebuilds the state."""
        with self._lock:
            self._group, self._storing = [], []
            # Should the log be out of reach, the next operation tries again.
            self._kernel.poisoned = self._kernel.poisoned or StorageError("what was not stored is dropped")
            self._load()

    def group_stored(self) -> None:
        """The group that was taken is stored."""
        with self._lock:
            self._storing = []

    def end_grouping(self) -> None:
        """Back to storing each operation. What the edge has not stored has not happened."""
        with self._lock:
            unstored = self._group or self._storing
            self._group, self._storing = None, []
            if unstored:
                self._kernel.poisoned = self._kernel.poisoned or StorageError("what was not stored is dropped")
                self._load()

    def publish(self, records: list[Record]) -> None:
        """Show stored records to the subscribers, in order."""
        self._undelivered.extend(records)
        self._deliver()

    def look(self, question: Callable[[Routing, int], R]) -> R:
        """Answer a question about the present state."""
        with self._lock:
            now = self._sound_kernel().now
            return question(self._routing, now)

    @contextmanager
    def batch(self) -> Generator[None]:
        """Several operations, one settling: the result does not depend on their order.

        An operation that is refused raises where it stands; the others of the batch hold. A batch within a batch is
        part of it. Time does not pass within a batch: ``advance`` and ``run_due`` are refused.
        """
        with self._lock:
            kernel = self._sound_kernel()
            if kernel.batching is not None:
                yield
                return
            out: list[Entry] = []
            try:
                kernel.begin_batch(self.clock.micros(), out)
                entered: list[str] = []
                self._routing.batch = entered
                try:
                    yield
                finally:
                    self._end_batch(kernel, entered)
            except BaseException:
                self._abort(out)
                raise
            self._commit(out, None)

    def _end_batch(self, kernel: Kernel, entered: list[str]) -> None:
        """Settle the batch, or drop it as a whole if an error in it has left the state in doubt."""
        transaction, kernel_error = kernel.batching, kernel.poisoned
        assert transaction is not None
        self._routing.batch = None
        if kernel_error is not None:
            kernel.batching = None
            raise KernelPoisoned("an error within the batch has undone all of it") from kernel_error
        waiting = [id for id in entered if id in self._routing.items]
        if waiting != sorted(waiting):
            transaction.emit(ArrivalsOrdered(tuple(sorted(set(waiting)))))
        kernel.end_batch()

    # -- time

    def now(self) -> datetime:
        """The instant at which the center stands: that of the last input or deadline handled."""
        return self.look(lambda r, now: from_micros(now))

    def next_deadline(self) -> datetime | None:
        """When something will happen by itself next, or None."""
        with self._lock:
            due = self._kernel.next_deadline()
            return None if due is None else from_micros(due)

    def run_due(self) -> None:
        """Handle every deadline that is due by the clock. A center on a real clock calls this when one is due."""
        with self._lock:
            kernel = self._sound_kernel()
            if kernel.batching is not None:
                raise NotAllowed("let time pass in", "batch", "", "open")
            out: list[Entry] = []
            try:
                try:
                    kernel.advance(self.clock.micros(), out)
                except BaseException:
                    self._abort(out)
                    raise
                self._commit(out, None)
            except ConflictError as error:
                self._again(error, self.run_due)

    def advance(self, by: DurationLike) -> datetime:
        """Move a manual clock forward and handle what comes due on the way; returns the new time."""
        if not isinstance(self.clock, ManualClock):
            raise InvalidInput("clock", "not_manual", hint="only a ManualClock can be advanced")
        if self._kernel.batching is not None:
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
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def _deliver(self) -> None:
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._undelivered:
                record = self._undelivered.popleft()
                for subscriber in tuple(self._subscribers):
                    try:
                        subscriber(record)
                    except Exception:
                        _log_subscriber_failure(subscriber)
        finally:
            self._delivering = False

    def events(self, *, after: int = 0, tag: str | None = None) -> Iterator[Record]:
        """Records of the log, oldest first; ``tag`` such as ``item:42`` or ``agent:ana`` picks those about it."""
        with self._lock:
            return self.storage.read(after, tag=tag)

    # -- checking

    def check(self) -> None:
        """Assert every invariant of the present state. Raises AssertionError; linear in the state."""
        with self._lock:
            check_routing(self._routing)
            self._kernel.outbox.check()
            conversations = self.conversations_state()
            conversations.check()
            conversations.consent.check()
            self._kernel.verticals["flows"].check()

    def dump(self) -> dict[str, Any]:
        """The whole state as plain data: equal for equal logs."""
        with self._lock:
            kernel = self._kernel
            conversations = self.conversations_state()
            own = {
                "answers": kernel.answers.dump(),
                "outbox": kernel.outbox.dump(),
                "conversations": conversations.dump(),
                "consent": conversations.consent.dump(),
                "flows": kernel.verticals["flows"].dump(),
            }
            return {"now": kernel.now, **self._routing.dump(), **own}


def _log_subscriber_failure(subscriber: Subscriber) -> None:
    import logging

    logging.getLogger("switchroom").exception("a subscriber failed: %r", subscriber)
