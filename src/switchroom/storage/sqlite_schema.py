"""The tables of a SQLite log, and how a file gets them: made, recognised, checked and brought up to date."""

from __future__ import annotations

import sqlite3

from switchroom.errors import StorageError

APPLICATION = 0x53574348
"""``SWCH`` in the header of the file: what it is, for tools and for us."""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "INSERT INTO meta VALUES ('application', 'switchroom'), ('schema', '0')",
        "CREATE TABLE records (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, "
        "version INTEGER NOT NULL, command_id TEXT, payload BLOB NOT NULL, checksum INTEGER NOT NULL)",
        "CREATE TABLE tags (tag TEXT, position INTEGER, PRIMARY KEY (tag, position)) WITHOUT ROWID",
        "CREATE TABLE snapshot (position INTEGER PRIMARY KEY, version INTEGER NOT NULL, payload BLOB NOT NULL, "
        "checksum INTEGER NOT NULL)",
        f"PRAGMA application_id = {APPLICATION}",
    ),
    (
        "CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT, term INTEGER NOT NULL, "
        "until INTEGER)",
        "INSERT INTO lease VALUES (1, NULL, 0, NULL)",
    ),
    ("CREATE TABLE chunks (name TEXT PRIMARY KEY, payload BLOB NOT NULL, checksum INTEGER NOT NULL)",),
)
"""What makes version n + 1 of the tables out of version n. Steps are only ever added."""

SCHEMA = len(STEPS)


def prepare(connection: sqlite3.Connection, synchronous: str) -> None:
    """Recognise the file, or make it one of ours, and set the connection up."""
    version = _version(connection)
    if version > SCHEMA:
        raise StorageError(
            f"the log has schema {version}, known up to {SCHEMA}: a later release made it", reason="newer"
        )
    connection.execute(f"PRAGMA synchronous = {synchronous.upper()}")
    connection.execute("PRAGMA secure_delete = ON")
    if version < SCHEMA:
        _migrate(connection)
    if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise StorageError("no write-ahead log possible here: a file on a local disk is needed", reason="failed")
    _check(connection)


def _version(connection: sqlite3.Connection) -> int:
    """The schema of the file: 0 for an empty one. Refuses a database of somebody else's."""
    found = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not found:
        return 0
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION or "meta" not in found:
        raise StorageError("the file is a database, but not a log of this library", reason="foreign")
    return int(connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])


def _migrate(connection: sqlite3.Connection) -> None:
    """All missing steps in one transaction; of two processes that start at once, one does it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[_version(connection) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(SCHEMA),))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


CHECKED_TAIL = 1_000
CHECKED_BYTES = 64 << 20
"""Opening looks at the last records, because a crash damages what was written last, and at the whole structure of a
file up to this size (a fraction of a second). What lies deeper in a larger one is checked when it is read."""


def _check(connection: sqlite3.Connection) -> None:
    """The tables are there and answer, and the end of the log has no gap."""
    count, first, last = connection.execute(
        "SELECT count(*), min(position), max(position) FROM "
        "(SELECT position FROM records ORDER BY position DESC LIMIT ?)",
        (CHECKED_TAIL,),
    ).fetchone()
    if count and count != last - first + 1:
        raise StorageError(f"positions are missing between {first} and {last}", reason="damaged")
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    if pages * size <= CHECKED_BYTES:
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            raise StorageError(f"the file is damaged: {problem}", reason="damaged")
