"""Writing: whether this process may, how it begins, and deciding anew when another one was first."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from switchroom.clock import Clock
from switchroom.errors import BusyError, ConflictError
from switchroom.journal import Journal
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.records import Record
from switchroom.routing.state import Routing
from switchroom.routing.vertical import resume, start_day
from switchroom.storage.protocol import LogStorage
from switchroom.tenure import POLL_US

R = TypeVar("R")

MAX_TRIES = 10
"""How often an operation is tried again when another process has appended to the log first: two writers on one log are
for safety, not for throughput, and one that keeps losing should say so."""


class Writing(ABC):
    """What an engine knows of other processes on its log."""

    def __init__(self, journal: Journal, clock: Clock, zone: str) -> None:
        self.clock = clock
        self.zone = zone
        self.journal = journal
        self._lock = journal.lock
        self._retrying = False
        if journal.tenure is None:
            self._start()
        else:
            self.may_write()

    @property
    def storage(self) -> LogStorage:
        """Where the log lives."""
        return self.journal.storage

    @property
    def _kernel(self) -> Kernel:
        return self.journal.kernel

    @property
    def _routing(self) -> Routing:
        return self.journal.routing

    # -- who writes

    @property
    def role(self) -> str:
        """``writer`` or ``follower``: what this process is now."""
        tenure = self.journal.tenure
        return "writer" if tenure is None or tenure.writing else "follower"

    def may_write(self) -> bool:
        """Renew the lease, or take it if it is free; a process that follows takes over what was appended."""
        tenure = self.journal.tenure
        if tenure is None:
            return True
        if not tenure.writing and any(True for _ in self.journal.unstored()):
            return False  # its append fails, and drops it
        if tenure.take(self.clock.micros()):
            self.journal.catch_up()
            with self.journal.at_once():
                # The first record of the new writer: from here on the old one's appends fail.
                self._start()
        elif not tenure.writing:
            self.journal.catch_up()
        return tenure.writing

    def follow(self, timeout: float) -> bool:
        """Wait at most so many seconds for another process to append something, and take it over; whether it did.

        With a store that announces appends (PostgreSQL) this returns at once when there is one; with another it looks
        twice a second. A standby takes over in here, too. For a thread of its own.
        """
        end = self.journal.end
        wait = getattr(self.storage, "wait", None)
        if wait is None:
            Event().wait(min(timeout, POLL_US / 1e6))
        else:
            wait(end, timeout)
        self.run_due()
        return self.journal.end > end

    def _start(self) -> None:
        """Begin a new log, or go on with one after a stop. Another process may do the same at this moment."""
        try:
            out: list[Record] = []
            now, journal = self.clock.micros(), self.journal
            routing = journal.routing
            if journal.end:
                journal.kernel.resume(now, out, lambda tx: resume(tx, routing))
            else:
                journal.kernel.resume(now, out, lambda tx: start_day(tx, routing, self.zone))
            journal.commit(out)
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
                    # Loading took a while; what came meanwhile is little, and taken over in no time.
                    self.journal.catch_up()
                    return call()
                except ConflictError:
                    continue
            raise BusyError(f"another process was first, {MAX_TRIES} times") from error
        finally:
            self._retrying = False

    @abstractmethod
    def run_due(self) -> None:
        """Handle what is due; the engine does."""
