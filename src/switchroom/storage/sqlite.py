"""The log in one SQLite file: the standard library's database, write-ahead logging, one transaction an append.

Several processes may open one file on one machine: an append names the end of the log that it saw, and loses against
one that came first. Not for network file systems, whose locks do not hold.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Literal, TypeVar
from zlib import crc32

from switchroom.errors import BusyError, ConflictError, InvalidInput, StorageError
from switchroom.kernel.records import Record
from switchroom.storage.codec import Row, blanked_row, rows_of
from switchroom.storage.paging import read_back, read_forward
from switchroom.storage.protocol import Lease, Snapshot
from switchroom.storage.sqlite_schema import prepare

T = TypeVar("T")

LOCK_TIMEOUT = 5.0
"""Seconds to wait for another process's transaction: an append takes milliseconds, so this is a process that hangs."""

FIELDS = "position, at, type, version, command_id, payload, checksum"


class SqliteStorage:
    """A log, a snapshot and erasure in a SQLite file, made if it is not there (its directory must be).

    ``synchronous``: ``"full"`` survives the loss of power; ``"normal"`` survives the death of the process only, and
    costs a sixth for single appends. ``timeout``: seconds to wait for a lock before BusyError.

    Opening checks that the file is a log of this library, of a known version, and not damaged (StorageError with
    ``reason`` foreign, newer, damaged, missing, read_only). Safe to use from several threads. Close it when done, or
    use it as a context manager. Appending costs about 10 µs a record and one flush to disk an append.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        synchronous: Literal["full", "normal"] = "full",
        timeout: float = LOCK_TIMEOUT,
    ) -> None:
        if synchronous not in ("full", "normal"):
            raise InvalidInput("synchronous", "unknown", synchronous, hint="full or normal")
        self.path = Path(path)
        self._synchronous = synchronous
        self._timeout = timeout
        self._lock = threading.RLock()
        self._closed = False
        self._connection = self._connect()

    # -- opening and closing

    def _connect(self) -> sqlite3.Connection:
        if not self.path.parent.is_dir():
            raise StorageError(f"no such directory: {self.path.parent}", reason="missing")
        with self._faults():
            connection = sqlite3.connect(
                self.path, timeout=self._timeout, isolation_level=None, check_same_thread=False, cached_statements=64
            )
            try:
                prepare(connection, self._synchronous)
            except BaseException:
                connection.close()
                raise
            return connection

    def close(self) -> None:
        """Give the file back. Closing again changes nothing; every other use is refused from now on."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._connection.close()

    def __enter__(self) -> SqliteStorage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"SqliteStorage({str(self.path)!r}, synchronous={self._synchronous!r})"

    # -- the log

    def append(self, records: Sequence[Record], after: int) -> int:
        rows = rows_of(records, after)
        tags = [(tag, record.position) for record in records for tag in record.tags]

        def insert(connection: sqlite3.Connection) -> int:
            end = _end(connection)
            if end != after:
                raise ConflictError(after, end)
            connection.executemany(f"INSERT INTO records ({FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            connection.executemany("INSERT INTO tags (tag, position) VALUES (?, ?)", tags)
            return after + len(rows)

        return self._write(insert)

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        last = self.end()
        order = "DESC" if newest_first else "ASC"
        if tag is None:
            query = f"SELECT {FIELDS} FROM records WHERE position BETWEEN ? AND ? ORDER BY position {order} LIMIT ?"
            bound: tuple[str, ...] = ()
        else:
            query = (
                f"SELECT {FIELDS} FROM tags JOIN records USING (position) "
                f"WHERE tag = ? AND position BETWEEN ? AND ? ORDER BY position {order} LIMIT ?"
            )
            bound = (tag,)

        def fetch(first: int, last: int, most: int) -> list[Row]:
            return self._read(lambda c: [Row(*row) for row in c.execute(query, (*bound, first, last, most)).fetchall()])

        return (read_back if newest_first else read_forward)(fetch, max(after, 0) + 1, last, limit)

    def end(self) -> int:
        return self._read(_end)

    # -- snapshots

    def save_snapshot(self, position: int, version: int, payload: bytes) -> None:
        def save(connection: sqlite3.Connection) -> None:
            end = _end(connection)
            if not 0 <= position <= end:
                raise InvalidInput("position", "range", position, hint=f"the log ends at {end}")
            kept = connection.execute("SELECT position FROM snapshot").fetchone()
            if kept is None or position >= kept[0]:
                connection.execute("DELETE FROM snapshot")
                row = (position, version, payload, crc32(payload))
                connection.execute(
                    "INSERT INTO snapshot (position, version, payload, checksum) VALUES (?, ?, ?, ?)", row
                )

        self._write(save)

    def load_snapshot(self) -> Snapshot | None:
        row = self._read(lambda c: c.execute("SELECT position, version, payload, checksum FROM snapshot").fetchone())
        if row is None or crc32(row[2]) != row[3]:
            return None
        return Snapshot(row[0], row[1], row[2])

    # -- erasure

    def redact(self, tag: str) -> int:
        def blank(connection: sqlite3.Connection) -> int:
            query = f"SELECT {FIELDS} FROM tags JOIN records USING (position) WHERE tag = ? ORDER BY position"
            changed = [row for found in connection.execute(query, (tag,)) if (row := blanked_row(Row(*found)))]
            connection.executemany(
                "UPDATE records SET payload = ?, checksum = ? WHERE position = ?",
                [(row.payload, row.checksum, row.position) for row in changed],
            )
            connection.execute("DELETE FROM snapshot")
            return len(changed)

        changed = self._write(blank)
        # The write-ahead log still holds the pages as they were: fold it in and cut it.
        self._read(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        return changed

    # -- the lease

    def acquire_lease(self, holder: str, now: int, until: int) -> Lease | None:
        query = (
            "UPDATE lease SET holder = ?, term = term + 1, until = ? "
            "WHERE holder IS NULL OR until <= ? RETURNING holder, term, until"
        )
        row = self._write(lambda c: c.execute(query, (holder, until, now)).fetchone())
        return None if row is None else Lease(*row)

    def renew_lease(self, holder: str, term: int, until: int) -> bool:
        query = "UPDATE lease SET until = max(until, ?) WHERE holder = ? AND term = ?"
        return self._write(lambda c: c.execute(query, (until, holder, term)).rowcount) == 1

    def release_lease(self, holder: str, term: int) -> None:
        query = "UPDATE lease SET holder = NULL, until = NULL WHERE holder = ? AND term = ?"
        self._write(lambda c: c.execute(query, (holder, term)))

    def lease(self) -> Lease | None:
        query = "SELECT holder, term, until FROM lease WHERE holder IS NOT NULL"
        row = self._read(lambda c: c.execute(query).fetchone())
        return None if row is None else Lease(*row)

    # -- chunks

    def put_chunks(self, chunks: Sequence[tuple[str, bytes]]) -> None:
        rows = [(name, payload, crc32(payload)) for name, payload in chunks]
        query = "INSERT INTO chunks (name, payload, checksum) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING"
        self._write(lambda c: c.executemany(query, rows))

    def get_chunk(self, name: str) -> bytes | None:
        query = "SELECT payload, checksum FROM chunks WHERE name = ?"
        row = self._read(lambda c: c.execute(query, (name,)).fetchone())
        return None if row is None or crc32(row[0]) != row[1] else row[0]

    def drop_chunks(self, names: Sequence[str]) -> None:
        self._write(lambda c: c.executemany("DELETE FROM chunks WHERE name = ?", [(name,) for name in names]))
        self._read(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    # -- transactions and faults

    def _read(self, question: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock, self._faults():
            return question(self._open())

    def _write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Run a change in a transaction that has the lock from its beginning, so that it never waits half-way."""
        with self._lock, self._faults():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = change(connection)
                connection.execute("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise
            return result

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        """Leave the transaction; a connection that cannot even do that is replaced, and the file decides what is true.

        A flush that failed is never tried again on the same connection: the system may have dropped the pages.
        """
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                connection.close()
            self._connection = self._connect()

    def _open(self) -> sqlite3.Connection:
        if self._closed:
            raise StorageError("the store is closed", reason="closed")
        return self._connection

    @contextmanager
    def _faults(self) -> Generator[None, None, None]:
        """SQLite's errors as ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise _fault(error, self.path) from error
        except UnicodeEncodeError as error:
            raise InvalidInput("records", "bad_text", hint="a tag or command id is no valid text") from error


def _end(connection: sqlite3.Connection) -> int:
    end: int = connection.execute("SELECT coalesce(max(position), 0) FROM records").fetchone()[0]
    return end


REASONS = {
    "SQLITE_READONLY": ("read_only", False),
    "SQLITE_PERM": ("read_only", False),
    "SQLITE_CANTOPEN": ("missing", False),
    "SQLITE_FULL": ("full", True),
    "SQLITE_NOTADB": ("foreign", False),
    "SQLITE_CORRUPT": ("damaged", False),
    "SQLITE_IOERR": ("failed", True),
}
"""Primary result codes by name; retrying a full disk makes sense once there is room."""


def _fault(error: sqlite3.Error, path: Path) -> StorageError:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return BusyError(f"{path} is locked by another process", reason="locked")
    for prefix, (reason, retryable) in REASONS.items():
        if name.startswith(prefix):
            return StorageError(f"{path}: {error}", reason=reason, retryable=retryable)
    return StorageError(f"{path}: {error}", reason="failed")
