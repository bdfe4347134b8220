"""The tables of logs in PostgreSQL, and how a database gets them."""

from __future__ import annotations

from typing import Any

from switchroom.errors import StorageError

LOCK = 0x53574348
"""Key of the advisory lock under which the tables are made: of processes that start at once, one does it."""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE switchroom_meta (one boolean PRIMARY KEY DEFAULT true CHECK (one), schema integer NOT NULL)",
        "INSERT INTO switchroom_meta (schema) VALUES (0)",
        "CREATE TABLE switchroom_domains (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
        "name text NOT NULL UNIQUE, log_end bigint NOT NULL DEFAULT 0)",
        "CREATE TABLE switchroom_records (domain integer, position bigint, at bigint NOT NULL, type text NOT NULL, "
        "version integer NOT NULL, command_id bytea, payload bytea NOT NULL, checksum bigint NOT NULL, append_id uuid, "
        "PRIMARY KEY (domain, position))",
        "CREATE TABLE switchroom_tags (domain integer, tag bytea, position bigint, "
        "PRIMARY KEY (domain, tag, position))",
        "CREATE TABLE switchroom_snapshots (domain integer PRIMARY KEY, position bigint NOT NULL, "
        "version integer NOT NULL, payload bytea NOT NULL, checksum bigint NOT NULL)",
    ),
    (
        "CREATE TABLE switchroom_leases (domain integer PRIMARY KEY, holder text, term bigint NOT NULL DEFAULT 0, "
        "until bigint)",
    ),
    (
        "CREATE TABLE switchroom_chunks (domain integer, name bytea, payload bytea NOT NULL, checksum bigint NOT NULL, "
        "PRIMARY KEY (domain, name))",
    ),
)
"""What makes version n + 1 of the tables out of version n. Steps are only ever added. Texts of the caller's are bytes,
because PostgreSQL's text holds no NUL."""

SCHEMA = len(STEPS)

FIELDS = "position, at, type, version, command_id, payload, checksum"

APPEND = """
WITH moved AS (
    UPDATE switchroom_domains SET log_end = %(end)s WHERE id = %(domain)s AND log_end = %(after)s RETURNING log_end
), written AS (
    INSERT INTO switchroom_records
        (domain, position, at, type, version, command_id, payload, checksum, append_id)
    SELECT %(domain)s, %(after)s + r.n, r.at, r.type, r.version, r.command, r.payload, r.checksum,
        CASE WHEN r.n = 1 THEN %(token)s::uuid END
    FROM moved, unnest(%(at)s::bigint[], %(type)s::text[], %(version)s::int[], %(command)s::bytea[],
        %(payload)s::bytea[], %(checksum)s::bigint[])
        WITH ORDINALITY AS r (at, type, version, command, payload, checksum, n)
), tagged AS (
    INSERT INTO switchroom_tags (domain, tag, position)
    SELECT %(domain)s, t.tag, t.place FROM moved, unnest(%(tag)s::bytea[], %(place)s::bigint[]) AS t (tag, place)
)
SELECT log_end, pg_notify(%(channel)s, %(said)s) FROM moved
"""
"""One statement is one transaction and one round trip. If the end is elsewhere, ``moved`` is empty, and nothing is
written. Waiting for another appender, the UPDATE looks at the end again after it has committed (read committed)."""


def prepare(connection: Any, domain: str) -> int:
    """Make or bring up to date the tables, and return the number of the domain."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        version = _version(connection)
        if version > SCHEMA:
            message = f"the tables have schema {version}, known up to {SCHEMA}: a later release made them"
            raise StorageError(message, reason="newer")
        for step in STEPS[version:]:
            for statement in step:
                connection.execute(statement)
        if version < SCHEMA:
            connection.execute("UPDATE switchroom_meta SET schema = %s", (SCHEMA,))
        connection.execute("INSERT INTO switchroom_domains (name) VALUES (%s) ON CONFLICT DO NOTHING", (domain,))
        found = connection.execute("SELECT id FROM switchroom_domains WHERE name = %s", (domain,)).fetchone()
        return int(found[0])


def _version(connection: Any) -> int:
    if connection.execute("SELECT to_regclass('switchroom_meta')").fetchone()[0] is None:
        return 0
    return int(connection.execute("SELECT schema FROM switchroom_meta").fetchone()[0])
