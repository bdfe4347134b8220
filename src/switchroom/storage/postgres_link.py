"""Connections to PostgreSQL: a small pool, a new one for one that died, the server's errors as ours."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from switchroom.errors import StorageError

if TYPE_CHECKING:
    from psycopg import Connection

T = TypeVar("T")

MAX_CONNECTIONS = 4
"""One appends, the others read: more would wait for the same row."""

CONNECT_TIMEOUT = 5.0
PAUSE = 0.05
"""Seconds before the second attempt, doubled before each further one: a server that restarts takes a second or two."""

REASONS = {"53100": ("full", True), "53200": ("full", True), "25006": ("read_only", False), "57014": ("timeout", True)}
"""SQLSTATE -> (reason, retryable): disk full, out of memory, read-only transaction, statement timeout."""

REPEATED = ("40001", "40P01", "55P03")
"""Serialization failure, deadlock, lock not available: nothing happened, and the next attempt may pass."""


class Link:
    """Runs functions of a connection; each is one transaction or one statement that may be run again."""

    def __init__(self, dsn: str, statement_timeout: float, attempts: int, name: str) -> None:
        try:
            from psycopg_pool import ConnectionPool
        except ImportError as error:
            raise ImportError('PostgreSQL needs psycopg: pip install "switchroom[postgres]"') from error
        self._dsn = dsn
        self._attempts = attempts
        milliseconds = round(statement_timeout * 1000)
        self._options: dict[str, Any] = {
            "autocommit": True,
            "application_name": name,
            "connect_timeout": round(CONNECT_TIMEOUT),
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "options": f"-c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout={milliseconds}",
        }
        self._pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            dsn, kwargs=self._options, min_size=0, max_size=MAX_CONNECTIONS, timeout=CONNECT_TIMEOUT, open=True
        )
        self._closed = False

    def close(self) -> None:
        self._closed = True
        self._pool.close()

    def run(self, work: Callable[[Any], T]) -> T:
        """Run ``work(connection)``; on a connection that died, again on a new one, so ``work`` must bear that."""
        import psycopg
        from psycopg_pool import PoolTimeout

        if self._closed:
            raise StorageError("the store is closed", reason="closed")
        for attempt in range(1, self._attempts + 1):
            try:
                with self._pool.connection() as connection:
                    return work(connection)
            except PoolTimeout as error:
                raise StorageError("the database cannot be reached", reason="unreachable", retryable=True) from error
            except psycopg.Error as error:
                if attempt == self._attempts or not _is_passing(error):
                    raise _fault(error) from error
                self._pool.check()
                time.sleep(PAUSE * 2 ** (attempt - 1))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def listen(self, channel: str, timeout: float, ask: Callable[[], int], done: Callable[[int], bool]) -> int:
        """Ask at once, after each announcement on the channel, and at the timeout."""
        import psycopg
        from psycopg import sql

        try:
            with psycopg.connect(self._dsn, **self._options) as connection:
                connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                until = time.monotonic() + timeout
                while not done(answer := ask()) and (left := until - time.monotonic()) > 0:
                    for _ in connection.notifies(timeout=left, stop_after=1):
                        pass
                return answer
        except psycopg.Error as error:
            raise _fault(error) from error


def _is_passing(error: Any) -> bool:
    """Whether another attempt, on another connection, may do better."""
    import psycopg

    state: str | None = error.sqlstate
    lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and (
        state is None or state.startswith(("08", "57P"))
    )
    return lost or state in REPEATED


def _fault(error: Any) -> StorageError:
    state: str | None = error.sqlstate
    if state in REASONS:
        reason, retryable = REASONS[state]
    elif _is_passing(error):
        reason, retryable = "unreachable", True
    else:
        reason, retryable = "failed", False
    return StorageError(f"database: {error}".strip(), reason=reason, retryable=retryable)
