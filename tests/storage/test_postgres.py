"""PostgreSQL: domains, followers, and an append whose connection dies is resolved, not guessed."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from stores import DSN, PostgresStores

from switchroom.errors import ConflictError, StorageError
from switchroom.kernel.records import Record
from switchroom.storage import postgres as module
from switchroom.storage.postgres import PostgresStorage
from switchroom.testing.storage_events import batch, noted

pytestmark = pytest.mark.usefixtures("postgres")


@pytest.fixture
def store(postgres: PostgresStores) -> Any:
    found = postgres.fresh()
    yield found
    postgres.close(found)


def kill(store: PostgresStorage) -> None:
    """Terminate the server processes of this store's own connections."""
    import psycopg

    with vars(store)["_link"]._pool.connection() as connection:
        pid = connection.info.backend_pid
    with psycopg.connect(DSN, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", (pid,))


def test_domains_do_not_see_each_other(store: PostgresStorage, postgres: PostgresStores) -> None:
    """Two logs in one database, with the same ids in both."""
    other: Any = postgres.fresh()
    store.append(batch(1, 3), 0)
    other.append([noted(1, "b")], 0)
    assert (store.end(), other.end()) == (3, 1)
    assert list(store.read(tag="subject:b")) == []
    postgres.close(other)


def test_a_connection_that_died_is_replaced(store: PostgresStorage) -> None:
    """Reading and appending go on after the server has ended the connection."""
    store.append(batch(1, 3), 0)
    kill(store)
    assert store.append([noted(4)], 3) == 4
    kill(store)
    assert [r.position for r in store.read()] == [1, 2, 3, 4]


class Interrupting:
    """A connection that dies at an append: before the statement, or after the server has committed it."""

    def __init__(self, connection: Any, when: str, fault: Exception) -> None:
        self.connection, self.when, self.fault = connection, when, fault

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        if query is module.APPEND:
            if self.when == "after":
                self.connection.execute(query, *args, **options)
            raise self.fault
        return self.connection.execute(query, *args, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("meanwhile", [False, True])
def test_an_interrupted_append_is_resolved(
    store: PostgresStorage, postgres: PostgresStores, monkeypatch: pytest.MonkeyPatch, when: str, meanwhile: bool
) -> None:
    """There once if it was committed or nobody else came first; a conflict if somebody did: never twice, never half."""
    import psycopg

    store.append(batch(1, 2), 0)
    other: Any = postgres.again(store)
    link, left = vars(store)["_link"], [1]
    original = link.run

    def run(work: Any) -> Any:
        def interrupted(connection: Any) -> Any:
            if left[0]:
                left[0] -= 1
                try:
                    return work(Interrupting(connection, when, psycopg.OperationalError("connection lost")))
                finally:
                    if meanwhile:
                        end = other.end()
                        other.append([noted(end + 1, "meanwhile")], end)
            return work(connection)

        return original(interrupted)

    monkeypatch.setattr(link, "run", run)
    batch_of_two = batch(3, 2, "mine")
    if when == "before" and meanwhile:
        with pytest.raises(ConflictError):
            store.append(batch_of_two, 2)
        assert list(other.read(tag="subject:mine")) == []
    else:
        assert store.append(batch_of_two, 2) == 4
        assert list(other.read(tag="subject:mine")) == batch_of_two
    lost = when == "before" and meanwhile
    assert other.end() == 2 + (0 if lost else 2) + (1 if meanwhile else 0)
    postgres.close(other)


def test_an_unreachable_server_says_so() -> None:
    """As a failure that may be tried again."""
    with pytest.raises(StorageError) as caught:
        PostgresStorage("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1", attempts=1)
    assert (caught.value.reason, caught.value.retryable) == ("unreachable", True)


def test_a_slow_statement_is_given_up(postgres: PostgresStores) -> None:
    """An append that waits for another's lock longer than allowed fails, with nothing written."""
    import psycopg

    first: Any = postgres.fresh()
    first.append(batch(1, 1), 0)
    hurried = PostgresStorage(DSN, first.domain, statement_timeout=0.3)
    with psycopg.connect(DSN) as blocker:
        blocker.execute("SELECT * FROM switchroom_domains WHERE name = %s FOR UPDATE", (first.domain,))
        with pytest.raises(StorageError) as caught:
            hurried.append([noted(2)], 1)
        assert (caught.value.reason, caught.value.retryable) == ("timeout", True)
        blocker.rollback()
    assert hurried.append([noted(2)], 1) == 2
    hurried.close()
    postgres.close(first)


def test_a_follower_is_woken(store: PostgresStorage, postgres: PostgresStores) -> None:
    """``wait`` returns when another process has appended, and at the timeout when nobody has."""
    follower: Any = postgres.again(store)
    assert follower.wait(0, 0.05) == 0
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(follower.wait(0, 20)))
    thread.start()
    store.append(batch(1, 3), 0)
    thread.join()
    assert seen == [3]
    postgres.close(follower)


def test_one_append_is_one_statement(store: PostgresStorage) -> None:
    """However many records it has: the cost of an append does not grow by round trips."""
    count = [0]
    link = vars(store)["_link"]
    original = link.run

    def run(work: Any) -> Any:
        def counted(connection: Any) -> Any:
            class Counting:
                def execute(self, *args: Any, **options: Any) -> Any:
                    count[0] += 1
                    return connection.execute(*args, **options)

            return work(Counting())

        return original(counted)

    link.run = run
    store.append(batch(1, 500), 0)
    assert count == [1]


def test_a_later_schema_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that does not know the tables does not write to them."""
    from switchroom.storage import postgres_schema

    monkeypatch.setattr(postgres_schema, "SCHEMA", 0)
    monkeypatch.setattr(postgres_schema, "STEPS", ())
    with pytest.raises(StorageError) as caught:
        PostgresStorage(DSN, "never-made")
    assert caught.value.reason == "newer"


def test_command_ids_with_any_character_are_kept(store: PostgresStorage) -> None:
    """PostgreSQL's own text holds no NUL."""
    record = Record(1, 5, noted(1).event, "a\x00b")
    store.append([record], 0)
    assert list(store.read()) == [record]
