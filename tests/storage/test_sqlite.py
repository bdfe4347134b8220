"""SQLite: what kind of file it opens, how it fails, and that erased bytes are gone."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from switchroom.errors import BusyError, ConflictError, InvalidInput, StorageError
from switchroom.storage.sqlite import SqliteStorage
from switchroom.testing.storage_events import batch, noted


def reason(path: Path | str, **options: Any) -> str:
    with pytest.raises(StorageError) as caught:
        SqliteStorage(path, **options)
    return str(caught.value.reason)


def connection_of(store: SqliteStorage) -> sqlite3.Connection:
    found = vars(store)["_connection"]
    assert isinstance(found, sqlite3.Connection)
    return found


def test_a_missing_directory_says_so(tmp_path: Path) -> None:
    """It is not made: a wrong path must not become a new, empty log."""
    assert reason(tmp_path / "no" / "log.db") == "missing"
    assert not (tmp_path / "no").exists()


def test_a_directory_is_no_log(tmp_path: Path) -> None:
    """Opening a directory says so."""
    assert reason(tmp_path) == "missing"


def test_a_file_of_something_else_is_foreign(tmp_path: Path) -> None:
    """It is left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, " * 100)
    assert reason(path) == "foreign"
    assert path.read_text() == "not a database, " * 100


def test_a_database_of_somebody_else_is_foreign(tmp_path: Path) -> None:
    """No table is added to it."""
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE records (position INTEGER)")
    assert reason(path) == "foreign"
    assert [row[0] for row in theirs.execute("SELECT name FROM sqlite_schema")] == ["records"]
    theirs.close()


def test_a_log_of_a_later_release_is_refused(tmp_path: Path) -> None:
    """It is not written to by a release that does not know its tables."""
    path = tmp_path / "log.db"
    SqliteStorage(path).close()
    with sqlite3.connect(path) as later:
        later.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    later.close()
    assert reason(path) == "newer"


def test_an_empty_file_becomes_a_log(tmp_path: Path) -> None:
    """A file made by touch is as good as none."""
    path = tmp_path / "log.db"
    path.touch()
    with SqliteStorage(path) as store:
        assert store.append([noted(1)], 0) == 1


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_damaged_file_is_not_opened(tmp_path: Path, share: float) -> None:
    """A page full of noise is noticed at opening, before anything is decided on what is left."""
    path = tmp_path / "log.db"
    with SqliteStorage(path) as store:
        store.append(batch(1, 3000), 0)
    data = bytearray(path.read_bytes())
    start = int(len(data) * share) // 4096 * 4096
    data[start : start + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    assert reason(path) == "damaged"


def test_a_gap_is_damage(tmp_path: Path) -> None:
    """Positions that are missing are noticed at opening."""
    path = tmp_path / "log.db"
    with SqliteStorage(path) as store:
        store.append(batch(1, 10), 0)
    with sqlite3.connect(path) as thief:
        thief.execute("DELETE FROM records WHERE position = 7")
    thief.close()
    assert reason(path) == "damaged"


def test_another_processs_lock_is_busy(tmp_path: Path) -> None:
    """After the stated time, with nothing written, and it may be tried again."""
    path = tmp_path / "log.db"
    with SqliteStorage(path, timeout=0.05) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError) as caught:
            store.append([noted(1)], 0)
        assert (caught.value.reason, caught.value.retryable) == ("locked", True)
        assert store.end() == 0
        other.execute("ROLLBACK")
        other.close()
        assert store.append([noted(1)], 0) == 1


def test_a_full_disk_is_refused_and_reading_goes_on(tmp_path: Path) -> None:
    """The batch is undone as a whole, and appending works again when there is room."""
    with SqliteStorage(tmp_path / "log.db") as store:
        store.append(batch(1, 10), 0)
        connection = connection_of(store)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError) as caught:
            store.append(batch(11, 5000), 10)
        assert (caught.value.reason, caught.value.retryable) == ("full", True)
        assert (store.end(), len(list(store.read()))) == (10, 10)
        connection.execute("PRAGMA max_page_count = 1000000")
        assert store.append(batch(11, 5000), 10) == 5010


def test_a_read_only_file_is_refused_and_reading_goes_on(tmp_path: Path) -> None:
    """What the disk refuses is said in the store's words."""
    with SqliteStorage(tmp_path / "log.db") as store:
        store.append(batch(1, 3), 0)
        connection_of(store).execute("PRAGMA query_only = ON")
        with pytest.raises(StorageError) as caught:
            store.append([noted(4)], 3)
        assert (caught.value.reason, caught.value.retryable) == ("read_only", False)
        assert len(list(store.read())) == 3


def test_erased_bytes_are_gone_from_the_files(tmp_path: Path) -> None:
    """From the database and from its write-ahead log, as soon as ``redact`` returns."""

    def found() -> set[str]:
        return {file.name for file in tmp_path.iterdir() if b"canary" in file.read_bytes()}

    with SqliteStorage(tmp_path / "log.db") as store:
        store.append([noted(n, "ab"[n % 2], text=f"canary {n} " * 20) for n in range(1, 500)], 0)
        store.save_snapshot(499, 1, b"canary in the snapshot")
        assert found()
        assert store.redact("subject:a") + store.redact("subject:b") == 499
        assert found() == set()
        assert len(list(store.read())) == 499


def test_power_loss_is_the_default(tmp_path: Path) -> None:
    """Every commit is flushed unless the caller says that a process's death is enough."""
    with SqliteStorage(tmp_path / "a.db") as full, SqliteStorage(tmp_path / "b.db", synchronous="normal") as normal:
        assert connection_of(full).execute("PRAGMA synchronous").fetchone()[0] == 2
        assert connection_of(normal).execute("PRAGMA synchronous").fetchone()[0] == 1
    with pytest.raises(InvalidInput):
        SqliteStorage(tmp_path / "c.db", synchronous="off")  # type: ignore[arg-type]


def test_many_that_open_a_new_file_at_once_make_one_log(tmp_path: Path) -> None:
    """One of them makes the tables; all can use them."""
    path, failures = tmp_path / "log.db", []

    def start() -> None:
        try:
            SqliteStorage(path).close()
        except StorageError as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with SqliteStorage(path) as store:
        assert store.append([noted(1)], 0) == 1


def test_opening_and_closing_leaks_nothing(tmp_path: Path) -> None:
    """No file stays open."""
    path = tmp_path / "log.db"
    SqliteStorage(path).close()
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    for _ in range(50):
        SqliteStorage(path).close()
    after = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    assert after <= before


def test_a_tag_is_found_by_the_index(tmp_path: Path) -> None:
    """Reading by tag does not walk the log."""
    with SqliteStorage(tmp_path / "log.db") as store:
        query = "EXPLAIN QUERY PLAN SELECT * FROM tags JOIN records USING (position) WHERE tag = 'x' ORDER BY position"
        plan = [row[3] for row in connection_of(store).execute(query)]
    assert not any(step.startswith("SCAN") or "TEMP B-TREE" in step for step in plan), plan


def test_of_two_connections_the_second_conflicts(tmp_path: Path) -> None:
    """The end is compared in the transaction that moves it."""
    path = tmp_path / "log.db"
    with SqliteStorage(path) as one, SqliteStorage(path) as two:
        one.append(batch(1, 2), 0)
        with pytest.raises(ConflictError) as caught:
            two.append([noted(1)], 0)
        assert caught.value.actual == 2
