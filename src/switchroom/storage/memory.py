"""The log in memory: the reference of what a store does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Lock

from switchroom.errors import ConflictError, InvalidInput
from switchroom.kernel.events import redacted
from switchroom.kernel.records import Record
from switchroom.storage.protocol import Lease, Snapshot


class MemoryStorage:
    """Keeps every record, or with ``keep`` only about the last so many; nothing survives the process.

    A center that discards records cannot be rebuilt from them, nor explain a past decision: use it for simulations.
    """

    def __init__(self, *, keep: int | None = None) -> None:
        if keep is not None and (isinstance(keep, bool) or keep < 0):
            raise InvalidInput("keep", "range", keep, hint="a number of records, at least 0")
        self._keep = keep
        self._end = 0
        self._records: list[Record] = []
        self._snapshot: Snapshot | None = None
        self._chunks: dict[str, bytes] = {}
        self._lease: Lease | None = None
        self._terms = 0
        self._lease_lock = Lock()

    def append(self, records: Sequence[Record], after: int) -> int:
        if after != self._end:
            raise ConflictError(after, self._end)
        if not records:
            return after
        end = after + len(records)
        if records[-1][0] != end:
            raise InvalidInput("records", "positions", records[0].position, hint=f"position {after + 1} is next")
        self._records += records
        self._end = end
        if self._keep is not None and len(self._records) > 2 * self._keep:
            del self._records[: -self._keep or None]
        return end

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        found = self._records[max(0, after - self.first + 1) :]
        if newest_first:
            found.reverse()
        matching = (r for r in found if tag is None or tag in r.tags)
        return islice(matching, limit)

    def end(self) -> int:
        return self._end

    @property
    def first(self) -> int:
        """The position of the oldest record still kept."""
        return self._end - len(self._records) + 1

    def save_snapshot(self, position: int, version: int, payload: bytes) -> None:
        if not 0 <= position <= self.end():
            raise InvalidInput("position", "range", position, hint=f"the log ends at {self.end()}")
        if self._snapshot is None or position >= self._snapshot.position:
            self._snapshot = Snapshot(position, version, payload)

    def load_snapshot(self) -> Snapshot | None:
        return self._snapshot

    def redact(self, tag: str) -> int:
        changed = 0
        for place, record in enumerate(self._records):
            event = redacted(record.event) if tag in record.tags else record.event
            if event is not record.event:
                self._records[place] = Record(record.position, record.at, event, record.command_id)
                changed += 1
        self._snapshot = None
        return changed

    def acquire_lease(self, holder: str, now: int, until: int) -> Lease | None:
        with self._lease_lock:
            if self._lease is not None and self._lease.until > now:
                return None
            self._terms += 1
            self._lease = Lease(holder, self._terms, until)
            return self._lease

    def renew_lease(self, holder: str, term: int, until: int) -> bool:
        with self._lease_lock:
            held = self._lease
            if held is None or (held.holder, held.term) != (holder, term):
                return False
            self._lease = held._replace(until=max(held.until, until))
            return True

    def release_lease(self, holder: str, term: int) -> None:
        with self._lease_lock:
            if self._lease is not None and self._lease[:2] == (holder, term):
                self._lease = None

    def lease(self) -> Lease | None:
        return self._lease

    def put_chunks(self, chunks: Sequence[tuple[str, bytes]]) -> None:
        for name, payload in chunks:
            self._chunks.setdefault(name, bytes(payload))

    def get_chunk(self, name: str) -> bytes | None:
        return self._chunks.get(name)

    def drop_chunks(self, names: Sequence[str]) -> None:
        for name in names:
            self._chunks.pop(name, None)
