"""How the tests get at stores: one factory for each, and whether the database is there."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, cast

from switchroom.storage.memory import MemoryStorage
from switchroom.storage.protocol import LogStorage
from switchroom.storage.sqlite import SqliteStorage
from switchroom.testing.storage_contract import Capabilities

DSN = os.environ.get("SWITCHROOM_POSTGRES_DSN", "postgresql://root@127.0.0.1:5432/test")


class MemoryStores:
    capabilities = Capabilities(snapshots=True, erasure=True, leases=True, chunks=True)

    def fresh(self) -> LogStorage:
        return MemoryStorage()

    def again(self, store: LogStorage) -> LogStorage:
        return store

    def close(self, store: LogStorage) -> None:
        pass


class SqliteStores:
    capabilities = Capabilities(
        reopens=True,
        shared=True,
        snapshots=True,
        erasure=True,
        leases=True,
        chunks=True,
        checksums=True,
        durability="power",
    )

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def fresh(self) -> LogStorage:
        self.count += 1
        return SqliteStorage(self.folder / f"log-{self.count}.db", synchronous="normal")

    def again(self, store: LogStorage) -> LogStorage:
        return SqliteStorage(cast("SqliteStorage", store).path, synchronous="normal")

    def close(self, store: LogStorage) -> None:
        cast("SqliteStorage", store).close()

    def damage(self, store: LogStorage, position: int) -> None:
        connection = sqlite3.connect(cast("SqliteStorage", store).path)
        query = "UPDATE records SET payload = CAST(replace(payload, '3', '4') AS BLOB) WHERE position = ?"
        connection.execute(query, (position,))
        connection.commit()
        connection.close()


class PostgresStores:
    capabilities = Capabilities(
        reopens=True,
        shared=True,
        snapshots=True,
        erasure=True,
        leases=True,
        chunks=True,
        checksums=True,
        durability="power",
    )

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.count = 0

    def fresh(self) -> LogStorage:
        self.count += 1
        return self.open(f"{self.prefix}-{self.count}")

    def open(self, domain: str) -> LogStorage:
        from switchroom.storage.postgres import PostgresStorage

        return PostgresStorage(DSN, domain)

    def again(self, store: Any) -> LogStorage:
        return self.open(store.domain)

    def close(self, store: Any) -> None:
        store.close()

    def damage(self, store: Any, position: int) -> None:
        import psycopg

        with psycopg.connect(DSN, autocommit=True) as connection:
            connection.execute(
                "UPDATE switchroom_records SET payload = overlay(payload placing '4'::bytea from 3) "
                "WHERE position = %s "
                "AND domain = (SELECT id FROM switchroom_domains WHERE name = %s)",
                (position, store.domain),
            )

    def clean(self) -> None:
        """Drop what the tests have left in the database."""
        import psycopg

        with psycopg.connect(DSN, autocommit=True) as connection:
            ids = [
                row[0]
                for row in connection.execute(
                    "SELECT id FROM switchroom_domains WHERE name LIKE %s", (f"{self.prefix}-%",)
                )
            ]
            for table in ("records", "tags", "snapshots", "leases"):
                connection.execute(f"DELETE FROM switchroom_{table} WHERE domain = ANY(%s)", (ids,))
            connection.execute("DELETE FROM switchroom_domains WHERE id = ANY(%s)", (ids,))


def postgres_problem() -> str | None:
    """Why the database cannot be used, or None."""
    try:
        import psycopg

        with psycopg.connect(DSN, connect_timeout=2):
            return None
    except Exception as error:
        return f"no PostgreSQL at SWITCHROOM_POSTGRES_DSN: {error}"
