"""The journal: the log as this process knows it, the kernel that it was replayed into, and what is not stored yet."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from switchroom.clock import Clock, SystemClock
from switchroom.errors import StorageError
from switchroom.ids import CountedIds, TimeOrderedIds
from switchroom.kernel.deadlines import DeadlineKey
from switchroom.kernel.kernel import Entry, Kernel
from switchroom.kernel.records import Record
from switchroom.kernel.transaction import IdSource
from switchroom.routing.state import Routing
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.protocol import LogStorage, SnapshotStorage
from switchroom.subscribers import Subscribers
from switchroom.tenure import Tenure
from switchroom.wiring import Wiring

MAX_TIMER_FAILURES = 2
"""A deadline whose handling fails so often is dropped, with an event: it would stop everything else for ever."""

NEVER = 1 << 62


class Journal:
    """Keeps memory and log together: what is committed is in both, and where they differ the log is right.

    ``kernel`` is replaced whenever the log has to rebuild it; ``states`` holds the state of each vertical in it by
    name, and the kernel itself as ``kernel``. ``lock`` is held by whoever uses any of it.
    """

    def __init__(
        self,
        storage: LogStorage,
        wiring: Wiring,
        *,
        clock: Clock,
        seed: int | None,
        ids: IdSource | None,
        snapshot_every: int | None,
        tenure: Tenure | None = None,
    ) -> None:
        self.storage = storage
        self.tenure = tenure
        self.lock = threading.RLock()
        self.subscribers = Subscribers()
        self.failed_timers: Counter[DeadlineKey] = Counter()
        self._wiring = wiring
        self._clock = clock
        self._seed = seed
        self._ids = ids
        self._group: list[Record] | None = None
        self._storing: list[Record] = []
        self._snapshot_every = None if isinstance(storage, MemoryStorage) else snapshot_every
        self._snapshot_due = NEVER
        self.kernel: Kernel
        self.states: dict[str, Any]
        self.load()

    # -- loading

    def load(self) -> None:
        """A fresh kernel, brought to the end of the log by the latest snapshot and replay of what came after it."""
        end = self.storage.end()
        self._use(self.fresh())
        self.kernel.end = self._restore()
        self._snapshot_due = NEVER if self._snapshot_every is None else self.end + self._snapshot_every
        self._replay_tail()
        self._replay_unstored()
        if self.end < end:
            self.kernel.poisoned = error = StorageError("the log does not go back to its beginning", reason="missing")
            raise error
        if isinstance(self._clock, SystemClock) and self.end:
            self._clock.not_before(self.kernel.now)

    def fresh(self) -> Kernel:
        """An empty kernel wired as the live one is."""
        seeded = random.Random(self._seed)
        ids = self._ids or (TimeOrderedIds(seeded) if self._seed is None else CountedIds(self._counted_from()))
        kernel = self._wiring.kernel(ids, seeded)
        kernel.skipped = {key for key, times in self.failed_timers.items() if times >= MAX_TIMER_FAILURES}
        return kernel

    def _use(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.states = {name: vertical.state for name, vertical in kernel.verticals.items()}
        self.states["kernel"] = kernel

    @property
    def end(self) -> int:
        """The position up to which the kernel stands."""
        return self.kernel.end

    @property
    def routing(self) -> Routing:
        """The present state of routing."""
        routing: Routing = self.states["routing"]
        return routing

    def _counted_from(self) -> int:
        """The last position given, also to what a group has not stored yet."""
        unstored = self._group or self._storing
        return unstored[-1].position if unstored else self.storage.end()

    def _restore(self) -> int:
        """Start from the latest snapshot, if there is one that can be read; returns its position."""
        snapshot = self.storage.load_snapshot() if isinstance(self.storage, SnapshotStorage) else None
        if snapshot is None:
            return 0
        from switchroom.snapshots import restore

        if restore(self.kernel, snapshot):
            return snapshot.position
        self._use(self.fresh())
        return 0

    def _replay_tail(self) -> None:
        kernel = self.kernel
        try:
            kernel.replay(self._tail())
        except BaseException as error:
            kernel.poisoned = error
            raise

    def _tail(self) -> Iterator[Entry]:
        kernel = self.kernel
        for record in self.storage.read(kernel.end):
            kernel.end = record.position
            yield record.at, record.event

    def _replay_unstored(self) -> None:
        """What a group has not stored yet happened all the same, unless its storing fails."""
        for record in (*self._storing, *(self._group or ())):
            if record.position > self.end:
                self.kernel.replay([(record.at, record.event)])
                self.kernel.end = record.position

    def sound(self) -> Kernel:
        """The kernel, rebuilt if an error has left it in doubt; within a batch that waits for the end of the batch."""
        if self.kernel.poisoned is not None and self.kernel.batching is None:
            self.load()
        return self.kernel

    def catch_up(self) -> None:
        """Take over what another process has appended to the log, and show it to the subscribers."""
        with self.lock:
            kernel, end = self.sound(), self.end
            if kernel.batching is not None:
                return  # the batch is for the log that it began with
            self._replay_tail()
            if self.end == end:
                return
            if isinstance(kernel.ids, CountedIds):
                kernel.ids.go_on([self.end, []])  # the other process has counted on, too
            if self.end >= self._snapshot_due and self.tenure is not None and not self.tenure.writing:
                self._snapshot_if_due()  # so that the writer need not stop for it
            if self.subscribers.all:
                self.subscribers.publish(self.storage.read(end, limit=self.end - end))

    # -- committing

    def commit(self, records: list[Record]) -> None:
        """Store what happened; only then do subscribers see it. In a group, storing is left to its edge."""
        if self._group is not None:
            self._group.extend(records)
            return
        if not records:
            return
        before = records[0][0] - 1
        try:
            end = self.storage.append(records, before)
        except BaseException as error:
            # Whether it is stored or not, the log knows: memory follows it.
            self.doubt(error)
            if self.subscribers.all:
                self.subscribers.publish(self.storage.read(before))
            raise
        if end >= self._snapshot_due:
            self._snapshot_if_due()
        if self.subscribers.all:
            self.subscribers.publish(records)

    def abort(self, out: list[Record]) -> None:
        """After a refusal: deadlines that fired before it hold. After an error: the log rebuilds the state."""
        kernel = self.kernel
        if kernel.batching is not None:
            return
        if kernel.poisoned is not None:
            if kernel.firing is not None:
                self.failed_timers[kernel.firing] += 1
            self.load()
        elif out:
            self.commit(out)

    def doubt(self, error: BaseException) -> None:
        """Memory may be ahead of the log: rebuild it. With the log out of reach, the next operation tries again."""
        if self.tenure is not None:
            self.tenure.doubt()
        self.kernel.poisoned = self.kernel.poisoned or error
        self.load()

    # -- group commit, for an edge that stores several operations at once

    def begin_grouping(self) -> None:
        """From now on operations do not store what they did; the edge takes it with ``take_group`` and stores it."""
        with self.lock:
            self._group = []

    def backlog(self) -> int:
        """How many records have happened and are not stored yet."""
        return len(self._storing) + len(self._group or ())

    def take_group(self) -> tuple[list[Record], int]:
        """What is not stored yet, and the position behind which it belongs; the next group begins."""
        with self.lock:
            self._storing = group = self._group or []
            self._group = []
            return group, (group[0].position - 1 if group else self.end)

    def unstored_records(self) -> Iterator[Record]:
        """What has happened and no group has stored yet."""
        yield from (*self._storing, *(self._group or ()))

    def unstored(self) -> Iterator[Any]:
        """The events of these."""
        return (record.event for record in self.unstored_records())

    def discard_group(self) -> None:
        """Storing failed: everything that is not stored is dropped, and the log rebuilds the state."""
        with self.lock:
            self._group, self._storing = [], []
            self.doubt(StorageError("what was not stored is dropped"))

    def group_stored(self) -> None:
        """The group that was taken is stored."""
        with self.lock:
            self._storing = []

    @contextmanager
    def at_once(self) -> Generator[None]:
        """What happens in here is stored as it happens, also where an edge groups; the group must be empty."""
        group, self._group = self._group, None
        assert not group
        try:
            yield
        finally:
            self._group = group

    def end_grouping(self) -> None:
        """Back to storing each operation. What the edge has not stored has not happened."""
        with self.lock:
            unstored = self._group or self._storing
            self._group, self._storing = None, []
            if unstored:
                self.doubt(StorageError("what was not stored is dropped"))

    # -- snapshots

    def keep_snapshot(self) -> bool:
        """Keep the present state; False if the store keeps none, something is not stored yet, or a part has no form."""
        with self.lock:
            kernel, storage = self.kernel, self.storage
            unfinished = self._group or kernel.batching is not None or kernel.poisoned is not None
            chance_stands_still = self._seed is not None and self.tenure is not None and not self.tenure.writing
            if unfinished or chance_stands_still or not isinstance(storage, SnapshotStorage):
                return False
            import switchroom.snapshots as snapshots

            if not snapshots.possible(kernel):
                return False  # what it left out would be lost
            storage.save_snapshot(self.end, snapshots.version(kernel), snapshots.take(kernel, self._seed is not None))
            return True

    def _snapshot_if_due(self) -> None:
        """The operation is stored already: a snapshot that fails is told to the log and tried again later."""
        assert self._snapshot_every is not None
        self._snapshot_due = self.end + self._snapshot_every
        try:
            self.keep_snapshot()
        except Exception:
            from switchroom.logs import logger

            logger.exception("no snapshot kept at %d", self.end)

    def close(self) -> None:
        """Keep a snapshot, if anything happened since the last one, and close the store. Closing again is allowed."""
        with self.lock:
            if self._snapshot_every is not None and self.end > self._snapshot_due - self._snapshot_every:
                self._snapshot_if_due()
            if self.tenure is not None:
                with suppress(StorageError):  # it lapses by itself
                    self.tenure.release()
            close = getattr(self.storage, "close", None)
            if close is not None:
                close()
