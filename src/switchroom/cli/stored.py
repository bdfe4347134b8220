"""Logs that are lying about: a SQLite file, or a text file as `switchroom.testing` saves it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

import attrs

from switchroom.durations import from_micros
from switchroom.errors import InvalidInput
from switchroom.storage.protocol import LogStorage

SQLITE = b"SQLite format 3\x00"


@attrs.frozen
class StoredLog:
    """An open log: where midnight was (if it says so), and up to when time has passed in it."""

    storage: LogStorage
    zone: str
    now: datetime | None


@contextmanager
def opened(path: str) -> Generator[StoredLog]:
    """A log for reading, by what is in the file. Refuses a file that is not there, rather than making it."""
    import switchroom.wiring  # noqa: F401  # pyright: ignore[reportUnusedImport]  # declares the events of every part

    with open(path, "rb") as file:
        start = file.read(len(SQLITE))
    if start == SQLITE:
        from switchroom.storage.sqlite import SqliteStorage

        with SqliteStorage(path) as storage:
            last = next(storage.read(newest_first=True, limit=1), None)
            yield StoredLog(storage, "UTC", None if last is None else from_micros(last.at))
    elif start.lstrip()[:1] == b"{":
        from switchroom.testing.saved_log import read_log

        log = read_log(path)
        yield StoredLog(log.storage, log.zone, log.now)
    else:
        raise InvalidInput("log", "unknown", path, hint="neither a SQLite file nor a saved log")
