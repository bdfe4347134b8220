"""A small right store on shared rows, and wrong ones made of it: each with one mistake that real stores have had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any, cast

from switchroom.errors import ConflictError, InvalidInput, StorageError
from switchroom.kernel.records import Record
from switchroom.storage.codec import Row, blanked_row, decode, encode, rows_of
from switchroom.storage.protocol import Lease, LogStorage, Snapshot
from switchroom.testing.storage_contract import Capabilities


class Disk:
    """What survives closing."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.tags: dict[str, list[int]] = {}
        self.snapshot: Snapshot | None = None
        self.lease: Lease | None = None
        self.terms = 0
        self.chunks: dict[str, bytes] = {}
        self.lock = Lock()


class Kept:
    """A right store: rows in a list that outlives it."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.closed = False

    def use(self) -> Disk:
        if self.closed:
            raise StorageError("closed", reason="closed")
        return self.disk

    def put_chunks(self, chunks: Sequence[tuple[str, bytes]]) -> None:
        for name, payload in chunks:
            self.use().chunks.setdefault(name, payload)

    def get_chunk(self, name: str) -> bytes | None:
        return self.use().chunks.get(name)

    def drop_chunks(self, names: Sequence[str]) -> None:
        for name in names:
            self.use().chunks.pop(name, None)

    def append(self, records: Sequence[Record], after: int) -> int:
        disk = self.use()
        with disk.lock:
            end = len(disk.rows)
            if after != end:
                raise ConflictError(after, end)
            rows = rows_of(records, after)
            for record in records:
                for tag in record.tags:
                    disk.tags.setdefault(tag, []).append(record.position)
            disk.rows = [*disk.rows, *rows]
            return len(disk.rows)

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        disk = self.use()
        rows = disk.rows if tag is None else [disk.rows[p - 1] for p in disk.tags.get(tag, ())]
        found = [row for row in rows if row.position > after]
        return self.stream((found[::-1] if newest_first else found)[:limit])

    def stream(self, rows: list[Row]) -> Iterator[Record]:
        for row in rows:
            yield decode(row)

    def end(self) -> int:
        return len(self.use().rows)

    def save_snapshot(self, position: int, version: int, payload: bytes) -> None:
        if not 0 <= position <= self.end():
            raise InvalidInput("position", "range", position)
        if self.disk.snapshot is None or position >= self.disk.snapshot.position:
            self.disk.snapshot = Snapshot(position, version, payload)

    def load_snapshot(self) -> Snapshot | None:
        return self.use().snapshot

    def redact(self, tag: str) -> int:
        disk, changed = self.use(), 0
        for position in disk.tags.get(tag, ()):
            row = blanked_row(disk.rows[position - 1])
            if row is not None:
                disk.rows[position - 1] = row
                changed += 1
        disk.snapshot = None
        return changed

    def free(self, now: int) -> bool:
        lease = self.disk.lease
        return lease is None or lease.until <= now

    def acquire_lease(self, holder: str, now: int, until: int) -> Lease | None:
        disk = self.use()
        with disk.lock:
            if not self.free(now):
                return None
            disk.terms += 1
            disk.lease = Lease(holder, disk.terms, until)
            return disk.lease

    def is_mine(self, holder: str, term: int) -> bool:
        lease = self.use().lease
        return lease is not None and (lease.holder, lease.term) == (holder, term)

    def renew_lease(self, holder: str, term: int, until: int) -> bool:
        if not self.is_mine(holder, term):
            return False
        assert self.disk.lease is not None
        self.disk.lease = self.disk.lease._replace(until=max(until, self.disk.lease.until))
        return True

    def release_lease(self, holder: str, term: int) -> None:
        if self.is_mine(holder, term):
            self.disk.lease = None

    def lease(self) -> Lease | None:
        return self.use().lease

    def close(self) -> None:
        self.closed = True


class NoCompareAndSet(Kept):
    """Appends wherever the end is."""

    def append(self, records: Sequence[Record], after: int) -> int:
        end = len(self.disk.rows)
        return super().append([Record(end + n, r.at, r.event, r.command_id) for n, r in enumerate(records, 1)], end)


class LowEndAccepted(Kept):
    """Compares the end only one way."""

    def append(self, records: Sequence[Record], after: int) -> int:
        end = len(self.disk.rows)
        if after < end:
            raise ConflictError(after, end)
        if after == end:
            return super().append(records, after)
        return after + len(records)


class LostTail(Kept):
    """Loses the last record when it is opened again."""

    def close(self) -> None:
        if not self.closed and len(self.disk.rows) > 1:
            del self.disk.rows[-1]
        super().close()


class TornBatch(Kept):
    """Writes record by record: a bad one leaves those before it."""

    def append(self, records: Sequence[Record], after: int) -> int:
        if not records:
            return super().append(records, after)
        for record in records:
            after = super().append([record], after)
        return after


class WriteBeforeCheck(Kept):
    """Files the tags before it looks at the end."""

    def append(self, records: Sequence[Record], after: int) -> int:
        if after != len(self.disk.rows):
            for record in records:
                for tag in record.tags:
                    self.disk.tags.setdefault(tag, []).append(1)
        return super().append(records, after)


class WrongTagOrder(Kept):
    """Gives the records of a tag in the order of its index, which is another."""

    def read(self, after: int = 0, *, tag: str | None = None, **options: Any) -> Iterator[Record]:
        found = list(super().read(after, tag=tag, **options))
        return iter(found if tag is None else found[::-1])


class TagByPrefix(Kept):
    """Compares the beginning of a tag."""

    def read(self, after: int = 0, *, tag: str | None = None, **options: Any) -> Iterator[Record]:
        if tag is None or tag in self.disk.tags:
            return super().read(after, tag=tag, **options)
        return (r for r in super().read(after, **options) if any(t.startswith(tag) for t in r.tags))


class CaseBlindTags(Kept):
    """Compares tags as a database with a friendly collation does."""

    def read(self, after: int = 0, *, tag: str | None = None, **options: Any) -> Iterator[Record]:
        if tag is None:
            return super().read(after, **options)
        wanted = tag.lower()
        return (r for r in super().read(after, **options) if any(t.lower() == wanted for t in r.tags))


class TagTwice(Kept):
    """Files a record under a tag as often as it names it."""

    def append(self, records: Sequence[Record], after: int) -> int:
        end = super().append(records, after)
        for record in records:
            for name in getattr(record.event, "names", ())[1:]:
                self.disk.tags[f"name:{name}"].append(record.position)
        return end


class LiveObjects(Kept):
    """Hands out the objects that it was handed."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk)
        self.objects: dict[int, Record] = {}

    def append(self, records: Sequence[Record], after: int) -> int:
        end = super().append(records, after)
        self.objects.update((r.position, r) for r in records)
        return end

    def stream(self, rows: list[Row]) -> Iterator[Record]:
        for row in rows:
            yield self.objects.get(row.position) or decode(row)


class LimitBeforeTag(Kept):
    """Takes the limit of all records, then those with the tag."""

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        found = super().read(after, limit=limit, newest_first=newest_first)
        return (r for r in found if tag is None or tag in r.tags)


class NoneIsUnlimitedAndSoIsZero(Kept):
    """``limit or ...``: the usual mistake."""

    def read(self, after: int = 0, *, limit: int | None = None, **options: Any) -> Iterator[Record]:
        return super().read(after, limit=limit or None, **options)


class ReadsFromThePosition(Kept):
    """Includes the position that it should start behind."""

    def read(self, after: int = 0, **options: Any) -> Iterator[Record]:
        return super().read(max(0, after - 1), **options)


class NewestIgnoresPosition(Kept):
    """Reading back goes to the beginning."""

    def read(self, after: int = 0, *, newest_first: bool = False, **options: Any) -> Iterator[Record]:
        return super().read(0 if newest_first else after, newest_first=newest_first, **options)


class SeesLaterAppends(Kept):
    """Its reader looks at the log as it is when it gets there."""

    def read(self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
             ) -> Iterator[Record]:  # fmt: skip
        if tag is not None or limit is not None or newest_first:
            yield from super().read(after, tag=tag, limit=limit, newest_first=newest_first)
            return
        while after < self.end():
            after += 1
            yield decode(self.disk.rows[after - 1])


class GapsAllowed(Kept):
    """Renumbers records that do not follow."""

    def append(self, records: Sequence[Record], after: int) -> int:
        return super().append([Record(after + n, r.at, r.event, r.command_id) for n, r in enumerate(records, 1)], after)


class NoCommandIds(Kept):
    """Forgets who asked."""

    def append(self, records: Sequence[Record], after: int) -> int:
        return super().append([Record(r.position, r.at, r.event) for r in records], after)


class MillisecondInstants(Kept):
    """Keeps instants as its database's type does."""

    def stream(self, rows: list[Row]) -> Iterator[Record]:
        for record in super().stream(rows):
            yield Record(record.position, record.at // 1000 * 1000, record.event, record.command_id)


class NoChecksums(Kept):
    """Believes what it reads."""

    def stream(self, rows: list[Row]) -> Iterator[Record]:
        for row in rows:
            fixed = encode(decode(row._replace(checksum=checksum_of(row))))
            yield decode(fixed)


class CachedEnd(Kept):
    """Remembers the end that it saw when it was opened."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk)
        self.known = len(disk.rows)

    def append(self, records: Sequence[Record], after: int) -> int:
        self.known = super().append(records, after)
        return self.known

    def end(self) -> int:
        self.use()
        return self.known


class OldSnapshotWins(Kept):
    """Keeps whatever snapshot came last."""

    def save_snapshot(self, position: int, version: int, payload: bytes) -> None:
        if not 0 <= position <= self.end():
            raise InvalidInput("position", "range", position)
        self.disk.snapshot = Snapshot(position, version, payload)


class SnapshotOfTheFuture(Kept):
    """Takes a snapshot of records that are not there."""

    def save_snapshot(self, position: int, version: int, payload: bytes) -> None:
        self.disk.snapshot = Snapshot(position, version, payload)


class SnapshotOutlivesErasure(Kept):
    """Forgets that the snapshot holds the same."""

    def redact(self, tag: str) -> int:
        kept = self.disk.snapshot
        changed = super().redact(tag)
        self.disk.snapshot = kept
        return changed


class ErasureDeletes(Kept):
    """Deletes the records instead of blanking them."""

    def redact(self, tag: str) -> int:
        gone = set(self.disk.tags.pop(tag, ()))
        self.disk.rows = [row for row in self.disk.rows if row.position not in gone]
        return len(gone)


class ErasureOfTheFirstOnly(Kept):
    """Blanks one record and is content."""

    def redact(self, tag: str) -> int:
        places = self.disk.tags.get(tag, [])
        row = blanked_row(self.disk.rows[places[0] - 1]) if places else None
        if row is not None:
            self.disk.rows[row.position - 1] = row
        self.disk.snapshot = None
        return int(row is not None)


class LeaseLapsesLate(Kept):
    """Counts the end as part of the lease."""

    def free(self, now: int) -> bool:
        return self.disk.lease is None or self.disk.lease.until < now


class LeaseLapsesEarly(Kept):
    """Gives the lease away a microsecond before its end."""

    def free(self, now: int) -> bool:
        return super().free(now + 1)


class LeaseForWhoeverAsks(Kept):
    """Gives a lease that is in force."""

    def free(self, now: int) -> bool:
        return True


class LeaseInherited(Kept):
    """A process that begins again under an old name gets the lease of the one that died."""

    def acquire_lease(self, holder: str, now: int, until: int) -> Lease | None:
        held = self.use().lease
        if held is not None and held.holder == holder:
            self.disk.lease = held._replace(until=until)
            return self.disk.lease
        return super().acquire_lease(holder, now, until)


class TermsByHolderAlone(Kept):
    """Renews whatever the holder has now."""

    def is_mine(self, holder: str, term: int) -> bool:
        lease = self.use().lease
        return lease is not None and lease.holder == holder


class TermsBeginAgain(Kept):
    """Forgets the term with the lease."""

    def release_lease(self, holder: str, term: int) -> None:
        super().release_lease(holder, term)
        if self.disk.lease is None:
            self.disk.terms = 0


class RenewalTakesBack(Kept):
    """Believes a renewal that comes late with an earlier end."""

    def renew_lease(self, holder: str, term: int, until: int) -> bool:
        if self.is_mine(holder, term) and self.disk.lease is not None:
            self.disk.lease = self.disk.lease._replace(until=until)
            return True
        return False


class RenewalOfTheLapsedRefused(Kept):
    """Drops a lease at the first look after its end."""

    def renew_lease(self, holder: str, term: int, until: int) -> bool:
        held = self.use().lease
        return held is not None and until < held.until + 25 and super().renew_lease(holder, term, until)


class AnybodyReleases(Kept):
    """Drops the lease whoever says so."""

    def release_lease(self, holder: str, term: int) -> None:
        self.use().lease = None


class LeaseInMemory(Kept):
    """Keeps the lease in the handle."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk)
        self.disk = Disk()
        vars(self.disk).update({**vars(disk), "lease": None, "terms": 0})
        self.real = disk

    def append(self, records: Sequence[Record], after: int) -> int:
        self.disk.rows = self.real.rows
        end = super().append(records, after)
        self.real.rows = self.disk.rows
        return end


class OverwritesChunks(Kept):
    """Takes the second content of a name."""

    def put_chunks(self, chunks: Sequence[tuple[str, bytes]]) -> None:
        self.use().chunks.update(chunks)


class KeepsDroppedChunks(Kept):
    """Drops only the first of several names."""

    def drop_chunks(self, names: Sequence[str]) -> None:
        super().drop_chunks(names[1:])


class UsableAfterClose(Kept):
    """Goes on after close."""

    def use(self) -> Disk:
        return self.disk


def checksum_of(row: Row) -> int:
    """The checksum that makes a row look right."""
    from switchroom.storage import codec

    return cast("int", vars(codec)["_checksum"](row.at, row.type, row.version, row.command_id, row.payload))


class WrongStores:
    """Opens stores of one class."""

    capabilities = Capabilities(
        reopens=True, shared=True, snapshots=True, erasure=True, leases=True, chunks=True, checksums=True
    )

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def fresh(self) -> LogStorage:
        return cast("LogStorage", self.kind(Disk()))

    def again(self, store: Any) -> LogStorage:
        return cast("LogStorage", self.kind(store.disk))

    def close(self, store: Any) -> None:
        store.close()

    def damage(self, store: Any, position: int) -> None:
        row = store.disk.rows[position - 1]
        store.disk.rows[position - 1] = row._replace(payload=row.payload.replace(b"3", b"4"))


WRONG = tuple(Kept.__subclasses__())
