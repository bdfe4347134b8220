"""AsyncContactCenter: the same operations over asyncio, with group commit.

Operations run on the loop at once, in memory; what they did is stored together by one worker thread, and each call
returns after the commit of what it did or saw. So a hundred calls that arrive together cost one commit, and the loop
never waits for the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import ParamSpec, TypeVar

from switchroom.center import ContactCenter
from switchroom.clock import ManualClock
from switchroom.durations import DurationLike
from switchroom.errors import BusyError, StorageError, SwitchroomError

P = ParamSpec("P")
R = TypeVar("R")

RETRY_AFTER = 1.0
"""Seconds until timers are tried again after an error: a store that is full for an hour is not asked without pause."""


MAX_UNSTORED = 100_000
"""Records that wait for a store that is slow or away: some seconds of work, and a bounded memory."""

ADMITTED = frozenset({
    *("receive", "opt_out", "withdraw", "sign_out", "set_presence", "heartbeat", "complete", "end_after_call_work"),
    *("cancel", "abandon", "decline", "report", "run_due", "catch_up", "advance"),
})  # fmt: skip
"""Methods of the fronts that are let in even then."""


class AsyncContactCenter:
    """Runs the operations of a ``ContactCenter`` on an event loop::

        async with AsyncContactCenter(center) as desk:
            await desk.call(desk.center.offers.accept, offer_id)

    ``call`` takes any method of the center's fronts, typed as it is. While it is open, use the center through it only.
    Timers run by themselves on a real clock; a manual clock is moved with ``await desk.advance("45s")``. Leaving the
    block stores what is left and stops the timers. A call that is cancelled has happened all the same, or not at all.
    """

    def __init__(self, center: ContactCenter) -> None:
        self.center = center
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="switchroom-commit")
        self._flusher: asyncio.Task[None] | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._closing = False

    async def __aenter__(self) -> AsyncContactCenter:
        self.center.journal.begin_grouping()
        self._flusher = asyncio.create_task(self._flush_for_ever())
        self._set_timer()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_timer()
        self._closing = True
        self._wake.set()
        try:
            if self._flusher is not None:
                await self._flusher
        finally:
            self._worker.shutdown()
            self.center.journal.end_grouping()

    async def call(self, operation: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one operation; returns (or raises what it refuses with) after the commit of what it did and saw.

        Raises StorageError if that commit failed: the operation has then not happened, unless the store failed after
        it had written; a command id tells which. Raises StorageError (``closed``) outside of the ``async with`` block.
        Raises BusyError, with nothing done, while too much is not stored yet: but for what frees the center or is a
        duty (a customer's message, signing out, completing).
        """
        if self._flusher is None or self._flusher.done():
            raise StorageError("the center is used outside of its block", reason="closed")
        if self.center.journal.backlog() >= MAX_UNSTORED and operation.__name__ not in ADMITTED:
            raise BusyError(f"the store is slow: {MAX_UNSTORED} records wait for it")
        try:
            result = operation(*args, **kwargs)
        except SwitchroomError:
            await self._committed()
            raise
        await self._committed()
        return result

    async def advance(self, by: DurationLike) -> None:
        """Move a manual clock forward and handle what comes due on the way."""
        await self.call(self.center.advance, by)

    def _committed(self) -> asyncio.Future[None]:
        """Done when everything up to now is stored."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        self._wake.set()
        return done

    async def _flush_for_ever(self) -> None:
        try:
            while not self._closing:
                await self._wake.wait()
                self._wake.clear()
                # One turn of the loop, so that calls that are ready now join this group.
                await asyncio.sleep(0)
                await self._flush()
            while await self._flush() or self._waiting:
                pass  # those who came meanwhile, and what subscribers have caused
        finally:
            for done in self._waiting:
                done.cancel()

    async def _flush(self) -> bool:
        """Store the group; whether there was anything to store, and it is stored."""
        waiting, self._waiting = self._waiting, []
        records, after = self.center.journal.take_group()
        try:
            if records:
                # One append, however many there are: an operation is stored as a whole or not at all.
                append = self.center.storage.append
                await asyncio.get_running_loop().run_in_executor(self._worker, append, records, after)
        except Exception as error:
            self._drop(waiting, error, after)
            return False
        except BaseException:
            self._waiting = [*waiting, *self._waiting]
            raise
        self.center.journal.group_stored()
        self.center.journal.subscribers.publish(records)
        for done in waiting:
            if not done.done():
                done.set_result(None)
        self._set_timer()
        return bool(records)

    def _drop(self, waiting: list[asyncio.Future[None]], error: Exception, after: int) -> None:
        """Storing failed: the state follows the log, and everybody who has seen what is dropped hears of it."""
        # Those who came while the group was being stored have seen it, too.
        waiting, self._waiting = [*waiting, *self._waiting], []
        # With the log out of reach the next operation loads it, or fails in its turn.
        with suppress(Exception):
            self.center.journal.discard_group()
            self.center.journal.subscribers.publish(self.center.storage.read(after))
        for done in waiting:
            if not done.done():
                done.set_exception(error)
        self._set_timer(RETRY_AFTER)

    # -- timers

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self, at_least: float = 0.0) -> None:
        """Wake when the next deadline is due on a real clock, and not before so many seconds."""
        self._stop_timer()
        due = self.center.next_deadline()
        if due is None or self._closing or isinstance(self.center.clock, ManualClock):
            return
        wait = max(at_least, (due - self.center.clock.now()).total_seconds())
        self._timer = asyncio.get_running_loop().call_later(wait, self._tick)

    def _tick(self) -> None:
        self._timer = None
        try:
            self.center.run_due()
        except Exception:
            self._set_timer(RETRY_AFTER)
            raise
        self._committed().add_done_callback(_retrieve)


def _retrieve(done: asyncio.Future[None]) -> None:
    """Nobody awaits a tick: its failure was answered by dropping the state."""
    if not done.cancelled():
        done.exception()
