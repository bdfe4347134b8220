"""The log in PostgreSQL: several domains in one database, any number of processes, one appender at a time a domain.

Each domain has a row with the end of its log. An append moves that end and writes its records in one statement, so it
needs one round trip; the row's lock makes appends of a domain follow each other, and so positions become visible in
their order: a reader who has seen a position never misses a smaller one.

When the connection dies under an append, nobody guesses: a new connection waits for the row's lock, which the old
transaction holds until it has ended, and looks whether the first record behind ``after`` carries this append's id.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any
from zlib import crc32

from switchroom.errors import ConflictError, InvalidInput
from switchroom.ids import valid_id
from switchroom.kernel.records import Record
from switchroom.storage.codec import Row, blanked_row, rows_of
from switchroom.storage.paging import read_back, read_forward
from switchroom.storage.postgres_link import Link
from switchroom.storage.postgres_schema import APPEND, FIELDS, prepare
from switchroom.storage.protocol import Lease, Snapshot

CHANNEL = "switchroom"
"""Prefix of the channel on which each domain announces its new end."""


def application_name(domain: str) -> str:
    """How the server's list of connections shows those to a domain; the server keeps 63 characters."""
    return f"switchroom:{domain}"[:63]


class PostgresStorage:
    """The log, snapshot and erasure of one domain in a PostgreSQL database; the tables are made if they are missing.

    ``dsn``: as libpq takes it. ``domain``: which log; domains in one database do not see each other.
    ``statement_timeout``: seconds after which the server gives up a statement. ``attempts``: how often an operation is
    tried on a new connection before the failure is reported.

    Raises StorageError with ``reason`` unreachable, timeout, full, read_only, newer or failed. Safe to use from
    several threads. Close it when done, or use it as a context manager.
    """

    def __init__(
        self, dsn: str, domain: str = "default", *, statement_timeout: float = 10.0, attempts: int = 5
    ) -> None:
        self.domain = valid_id(domain, "domain")
        self._link = Link(dsn, statement_timeout, attempts, application_name(self.domain))
        try:
            self._id: int = self._link.run(lambda c: prepare(c, self.domain))
        except BaseException:
            self._link.close()
            raise

    def close(self) -> None:
        """Give the connections back. Closing again changes nothing; every other use is refused from now on."""
        self._link.close()

    def __enter__(self) -> PostgresStorage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"PostgresStorage(domain={self.domain!r})"

    # -- the log

    def append(self, records: Sequence[Record], after: int) -> int:
        rows = rows_of(records, after)
        if not rows:
            return self._append_nothing(after)
        token = uuid.uuid4()
        parameters = self._parameters(rows, records, after, token)
        state = {"interrupted": False}

        def write(connection: Any) -> int | None:
            if state["interrupted"] and self._is_ours(connection, after, token):
                return after + len(rows)
            state["interrupted"] = True
            found = connection.execute(APPEND, parameters, prepare=True).fetchone()
            return None if found is None else int(found[0])

        end = self._link.run(write)
        if end is None:
            raise ConflictError(after, self.end())
        return end

    def _append_nothing(self, after: int) -> int:
        end = self.end()
        if end != after:
            raise ConflictError(after, end)
        return end

    def _parameters(self, rows: list[Row], records: Sequence[Record], after: int, token: uuid.UUID) -> dict[str, Any]:
        tags = [(tag, record.position) for record in records for tag in record.tags]
        return {
            "domain": self._id,
            "after": after,
            "end": after + len(rows),
            "token": token,
            "at": [row.at for row in rows],
            "type": [row.type for row in rows],
            "version": [row.version for row in rows],
            "command": [None if row.command_id is None else row.command_id.encode() for row in rows],
            "payload": [row.payload for row in rows],
            "checksum": [row.checksum for row in rows],
            "tag": [tag.encode() for tag, _ in tags],
            "place": [position for _, position in tags],
            "channel": f"{CHANNEL}_{self._id}",
            "said": str(after + len(rows)),
        }

    def _is_ours(self, connection: Any, after: int, token: uuid.UUID) -> bool:
        """Whether the append whose connection died is there. The row's lock waits for its transaction to end."""
        with connection.transaction():
            connection.execute("SELECT 1 FROM switchroom_domains WHERE id = %s FOR UPDATE", (self._id,))
            query = "SELECT 1 FROM switchroom_records WHERE domain = %s AND position = %s AND append_id = %s"
            return connection.execute(query, (self._id, after + 1, token)).fetchone() is not None

    def read(
        self, after: int = 0, *, tag: str | None = None, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[Record]:
        last = self.end()
        order = "DESC" if newest_first else "ASC"
        if tag is None:
            query = f"SELECT {FIELDS} FROM switchroom_records WHERE domain = %s"
            bound: tuple[Any, ...] = (self._id,)
        else:
            query = f"SELECT {FIELDS} FROM switchroom_tags JOIN switchroom_records USING (domain, position) "
            query += "WHERE domain = %s AND tag = %s"
            bound = (self._id, tag.encode())
        query += f" AND position BETWEEN %s AND %s ORDER BY position {order} LIMIT %s"

        def fetch(first: int, last: int, most: int) -> list[Row]:
            def ask(connection: Any) -> list[Row]:
                return [_row(found) for found in connection.execute(query, (*bound, first, last, most), binary=True)]

            return self._link.run(ask)

        return (read_back if newest_first else read_forward)(fetch, max(after, 0) + 1, last, limit)

    def end(self) -> int:
        return self._link.run(self._end)

    def _end(self, connection: Any) -> int:
        query = "SELECT log_end FROM switchroom_domains WHERE id = %s"
        return int(connection.execute(query, (self._id,)).fetchone()[0])

    def wait(self, after: int, timeout: float) -> int:
        """Wait until the log ends behind ``after``, at most so many seconds, and return its end.

        For followers. Announcements only wake it up: the end is read, so a lost announcement costs time alone.
        """
        return self._link.listen(f"{CHANNEL}_{self._id}", timeout, lambda: self.end(), lambda end: end > after)

    # -- snapshots

    def save_snapshot(self, position: int, version: int, payload: bytes) -> None:
        def save(connection: Any) -> None:
            with connection.transaction():
                end = self._end(connection)
                if not 0 <= position <= end:
                    raise InvalidInput("position", "range", position, hint=f"the log ends at {end}")
                connection.execute(
                    "INSERT INTO switchroom_snapshots (domain, position, version, payload, checksum) "
                    "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (domain) DO UPDATE SET position = excluded.position, "
                    "version = excluded.version, payload = excluded.payload, checksum = excluded.checksum "
                    "WHERE switchroom_snapshots.position <= excluded.position",
                    (self._id, position, version, payload, crc32(payload)),
                )

        self._link.run(save)

    def load_snapshot(self) -> Snapshot | None:
        query = "SELECT position, version, payload, checksum FROM switchroom_snapshots WHERE domain = %s"
        row = self._link.run(lambda c: c.execute(query, (self._id,), binary=True).fetchone())
        if row is None or crc32(row[2]) != row[3]:
            return None
        return Snapshot(row[0], row[1], bytes(row[2]))

    # -- the lease

    def acquire_lease(self, holder: str, now: int, until: int) -> Lease | None:
        """As `LeaseStorage` says. Interrupted, it may have taken the lease and say None: it lapses by itself."""
        query = (
            "INSERT INTO switchroom_leases AS held (domain, holder, term, until) VALUES (%s, %s, 1, %s) "
            "ON CONFLICT (domain) DO UPDATE SET holder = excluded.holder, term = held.term + 1, "
            "until = excluded.until WHERE held.holder IS NULL OR held.until <= %s RETURNING holder, term, until"
        )
        row = self._link.run(lambda c: c.execute(query, (self._id, holder, until, now)).fetchone())
        return None if row is None else Lease(*row)

    def renew_lease(self, holder: str, term: int, until: int) -> bool:
        query = (
            "UPDATE switchroom_leases SET until = greatest(until, %s) WHERE domain = %s AND holder = %s AND term = %s"
        )
        changed: int = self._link.run(lambda c: c.execute(query, (until, self._id, holder, term)).rowcount)
        return changed == 1

    def release_lease(self, holder: str, term: int) -> None:
        query = (
            "UPDATE switchroom_leases SET holder = NULL, until = NULL WHERE domain = %s AND holder = %s AND term = %s"
        )
        self._link.run(lambda c: c.execute(query, (self._id, holder, term)))

    def lease(self) -> Lease | None:
        query = "SELECT holder, term, until FROM switchroom_leases WHERE domain = %s AND holder IS NOT NULL"
        row = self._link.run(lambda c: c.execute(query, (self._id,)).fetchone())
        return None if row is None else Lease(*row)

    # -- chunks

    def put_chunks(self, chunks: Sequence[tuple[str, bytes]]) -> None:
        query = (
            "INSERT INTO switchroom_chunks (domain, name, payload, checksum) "
            "VALUES (%s, %s, %s, %s) ON CONFLICT (domain, name) DO NOTHING"
        )
        rows = [(self._id, name.encode(), payload, crc32(payload)) for name, payload in chunks]

        def put(connection: Any) -> None:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(query, rows)

        self._link.run(put)

    def get_chunk(self, name: str) -> bytes | None:
        query = "SELECT payload, checksum FROM switchroom_chunks WHERE domain = %s AND name = %s"
        row = self._link.run(lambda c: c.execute(query, (self._id, name.encode()), binary=True).fetchone())
        return None if row is None or crc32(row[0]) != row[1] else bytes(row[0])

    def drop_chunks(self, names: Sequence[str]) -> None:
        query = "DELETE FROM switchroom_chunks WHERE domain = %s AND name = ANY(%s)"
        encoded = [name.encode() for name in names]
        self._link.run(lambda c: c.execute(query, (self._id, encoded)))

    # -- erasure

    def redact(self, tag: str) -> int:
        """As `ErasureStorage` says; the server's files lose the old bytes at its next vacuum, which is asked for."""
        query = (
            f"SELECT {FIELDS} FROM switchroom_tags JOIN switchroom_records USING (domain, position) "
            "WHERE domain = %s AND tag = %s ORDER BY position FOR UPDATE OF switchroom_records"
        )

        def blank(connection: Any) -> int:
            with connection.transaction():
                found = connection.execute(query, (self._id, tag.encode()), binary=True).fetchall()
                changed = [row for one in found if (row := blanked_row(_row(one))) is not None]
                with connection.cursor() as cursor:
                    cursor.executemany(
                        "UPDATE switchroom_records SET payload = %s, checksum = %s WHERE domain = %s AND position = %s",
                        [(row.payload, row.checksum, self._id, row.position) for row in changed],
                    )
                connection.execute("DELETE FROM switchroom_snapshots WHERE domain = %s", (self._id,))
            if changed:
                connection.execute("VACUUM switchroom_records, switchroom_snapshots")
            return len(changed)

        return self._link.run(blank)


def _row(found: Sequence[Any]) -> Row:
    position, at, name, version, command, payload, checksum = found
    return Row(position, at, name, version, None if command is None else command.decode(), payload, checksum)
