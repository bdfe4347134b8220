"""Whether this process may write: never (a follower), or while it holds the lease of the store (a standby)."""

from __future__ import annotations

import os
from secrets import token_hex

from switchroom.errors import InvalidInput, NotTheWriter
from switchroom.storage.protocol import Lease, LeaseStorage, LogStorage

POLL_US = 500_000
"""A process that follows looks for new records and at the lease so often: a takeover is late by this much at most."""

RENEWALS = 3
"""A lease is renewed after this part of its length: two renewals may be late or fail before it lapses."""

MIN_LENGTH_US = 1_000_000
"""A shorter lease would lapse in a pause of the process for collecting garbage, or of the machine."""


class Tenure:
    """Asked before everything that writes. The lease is about who should write, so that one process does the work and
    another takes over; that two never write the same position is for the log's end to see to.

    ``name`` is shown to the others, with a part of chance: a process that begins again inherits nothing.
    """

    def __init__(self, storage: LogStorage, length_us: int | None, name: str) -> None:
        self.holder = f"{name or os.getpid()}-{token_hex(4)}"
        self.writing = False
        self.next_us = 0
        """When to renew, or to look again."""
        self._length_us = length_us
        self._term = 0
        self._storage: LeaseStorage | None = None
        if length_us is None:
            return
        if length_us < MIN_LENGTH_US:
            raise InvalidInput("lease", "range", hint="at least one second")
        if not isinstance(storage, LeaseStorage):
            raise InvalidInput("storage", "no_lease", hint="a standby needs a store with a lease")
        self._storage = storage

    def hold(self, now: int) -> None:
        """Go on only as the writer. Raises NotTheWriter."""
        if self.writing and now >= self.next_us:
            self._renew(now)
        if not self.writing:
            raise NotTheWriter(self._others())

    def take(self, now: int) -> bool:
        """Renew the lease, or take it if nobody else has it. Returns whether it was taken just now."""
        if self.writing:
            if now >= self.next_us:
                self._renew(now)
            return False
        self.next_us = now + POLL_US
        if self._storage is None or self._length_us is None:
            return False
        lease = self._storage.acquire_lease(self.holder, now, now + self._length_us)
        if lease is None:
            return False
        self.writing, self._term = True, lease.term
        self.next_us = now + self._length_us // RENEWALS
        return True

    def _renew(self, now: int) -> None:
        assert self._storage is not None
        assert self._length_us is not None
        self.writing = self._storage.renew_lease(self.holder, self._term, now + self._length_us)
        self.next_us = now + (self._length_us // RENEWALS if self.writing else POLL_US)

    def doubt(self) -> None:
        """Somebody else has appended to the log: the next use asks the store whether the lease is still ours."""
        self.next_us = 0

    def release(self) -> None:
        """Let another take over at once."""
        if self.writing and self._storage is not None:
            self.writing = False
            self._storage.release_lease(self.holder, self._term)

    def lease(self) -> Lease | None:
        """Who writes, as the store knows it."""
        return None if self._storage is None else self._storage.lease()

    def _others(self) -> str:
        lease = self.lease()
        return "" if lease is None else lease.holder
