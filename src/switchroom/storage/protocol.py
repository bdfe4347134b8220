"""What a store promises: a ladder of five rungs. A store may stop at any of them. Stores decide nothing.

======================  ==================================================================
`LogStorage`            append and read the log: enough to run a contact center
`SnapshotStorage`       keep the latest snapshot, so that opening need not replay years
`ErasureStorage`        blank what events say about a person, without breaking the log
`LeaseStorage`          say which of several processes writes, so that another can take over
`ChunkStorage`          keep large data beside the log: the rows of contact lists
======================  ==================================================================

Errors of every rung are those of `switchroom.errors.StorageError`, with a ``reason`` and ``retryable``; a record that
cannot be read is a `DamagedRecord` with its position. `switchroom.testing.storage_contract` checks all of this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from switchroom.kernel.records import Record


@runtime_checkable
class LogStorage(Protocol):
    """The first rung: an append-only log with one end.

    Positions are 1, 2, 3, ... without gaps, and become visible in that order. A store may be used by one thread at a
    time; callers hold a lock.
    """

    def append(self, records: Sequence[Record], after: int) -> int:
        """Append records atomically behind position ``after`` and return the new end.

        Raises ConflictError, with nothing written, if the end of the log is not ``after``; InvalidInput, with nothing
        written, if the records' positions do not follow ``after`` or one cannot be stored. When this returns, the
        records are as durable as the store says it is. After any other error the batch is there as a whole or not at
        all: read the end to know. An empty batch is allowed, changes nothing and refuses nothing but a wrong end.
        """
        ...

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        """Records behind ``after`` in order of position (or from the end back), those with a tag if one is given.

        What is yielded was all appended before the call; later appends are not seen. Records are values: nobody's
        change of one reaches the store. Cost: linear in what is read, with a tag too.
        """
        ...

    def end(self) -> int:
        """The position of the last record; 0 for an empty log."""
        ...


class Snapshot(NamedTuple):
    """The state after the record at ``position``, in a form that ``version`` names."""

    position: int
    version: int
    payload: bytes


@runtime_checkable
class SnapshotStorage(Protocol):
    """The second rung: one snapshot, the latest."""

    def save_snapshot(self, position: int, version: int, payload: bytes) -> None:
        """Keep this snapshot in place of an earlier one, atomically: a crash leaves the old or the new one.

        A snapshot at an earlier position than the one kept is ignored, so that a slow process takes nothing back.
        Saving the same again changes nothing. Raises InvalidInput for a position behind the end of the log.
        """
        ...

    def load_snapshot(self) -> Snapshot | None:
        """The snapshot kept, or None: also if it is damaged, because the log can always stand in for it."""
        ...


@runtime_checkable
class ErasureStorage(Protocol):
    """The third rung: erasure."""

    def redact(self, tag: str) -> int:
        """Blank the personal fields (as the event types declare them) of every record with this tag.

        Returns how many records changed. Positions, instants, types, tags and the number of records stay; any
        snapshot is dropped, because it may hold the same. Atomic, and again without effect the second time. When this
        returns, the store's own files hold the old bytes no longer; copies and backups are the operator's.
        """
        ...


class Lease(NamedTuple):
    """Who writes until when (µs since 1970). ``term`` rises by one each time that the lease passes to a holder."""

    holder: str
    term: int
    until: int


@runtime_checkable
class LeaseStorage(Protocol):
    """The fourth rung: one lease. It says who should write; what keeps two writers apart is the end of the log.

    Instants are the caller's: a store compares them and reads no clock. Each method is atomic, and of several callers
    at once one wins. A lease survives closing and reopening as the log does.
    """

    def acquire_lease(self, holder: str, now: int, until: int) -> Lease | None:
        """Take the lease if nobody has it, it was released, or it lapsed (its ``until`` is not after ``now``).

        Returns it with the next term, or None, with nothing changed, if it is in force: also for the same ``holder``,
        because a process that begins again under an old name has inherited nothing.
        """
        ...

    def renew_lease(self, holder: str, term: int, until: int) -> bool:
        """Move the end of the lease to ``until``, never back. True also if it had lapsed and nobody took it since;
        False, with nothing changed, if it passed to another holder or term, or was released."""
        ...

    def release_lease(self, holder: str, term: int) -> None:
        """Give the lease back, so that the next one need not wait. Of a lease that is another's it changes nothing."""
        ...

    def lease(self) -> Lease | None:
        """The lease as it stands, lapsed or not; None if there never was one or it was released."""
        ...


@runtime_checkable
class ChunkStorage(Protocol):
    """The fifth rung: named bytes beside the log, which events refer to by name.

    A name belongs to one content for ever: whoever stores a chunk makes a name that nothing else has. So chunks may be
    stored before the event that refers to them, and one that no event refers to does no harm.
    """

    def put_chunks(self, chunks: Sequence[tuple[str, bytes]]) -> None:
        """Store chunks under their names, all or none; when this returns they are as durable as the log.

        A name that is there already is kept as it is.
        """
        ...

    def get_chunk(self, name: str) -> bytes | None:
        """The bytes of this name; None if there is no such chunk, or it is damaged."""
        ...

    def drop_chunks(self, names: Sequence[str]) -> None:
        """Forget chunks; names that are not there are no error. The store's files lose the bytes as for erasure."""
        ...
