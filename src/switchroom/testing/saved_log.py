"""Logs saved as text files: a bug report that replays, and recorded days as the start of a test.

A file has one JSON object a line: first ``{"switchroom_log": 1, "zone": "UTC", "now": 17676144000000}``, then for each
record its position, instant (µs since 1970), type, version, command id and event, as stores on disk keep them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import attrs

from switchroom.clock import Clock, ManualClock
from switchroom.durations import from_micros, to_micros
from switchroom.errors import DamagedRecord, StorageError
from switchroom.kernel.records import Record
from switchroom.storage.memory import MemoryStorage

if TYPE_CHECKING:
    from switchroom.center import ContactCenter

FORMAT = 1
"""Of the lines around the events; events have versions of their own."""

HEADER = "switchroom_log"

_FIELDS = ("position", "at", "type", "version", "command_id", "event")


@attrs.frozen
class SavedLog:
    """What is in a file: the records, where midnight is, and when the log was saved, which is after the last record."""

    storage: MemoryStorage
    zone: str
    now: datetime


def save_log(center: ContactCenter, path: str | PathLike[str]) -> Path:
    """Write the log of a center to a file, whatever store it is in; returns the path. Linear.

    Raises OSError for a path that cannot be written. Needs ``switchroom[sqlite]``, as every log on disk does.
    """
    from switchroom.storage.codec import encode, from_json

    target = Path(path)
    with target.open("w", encoding="utf-8", errors="surrogatepass") as file:
        file.write(_line({HEADER: FORMAT, "zone": center.zone, "now": to_micros(center.now())}))
        for record in center.events():
            row = encode(record)
            values = (row.position, row.at, row.type, row.version, row.command_id, from_json(row.payload))
            file.write(_line(dict(zip(_FIELDS, values, strict=True))))
    return target


def _line(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, allow_nan=False, separators=(",", ":")) + "\n"


def read_log(path: str | PathLike[str]) -> SavedLog:
    """The log in a file, its records in a store of their own. Linear.

    Raises `StorageError` (``foreign``, ``newer``) for what is no saved log, `DamagedRecord` naming the position for a
    record that cannot be read.
    """
    storage = MemoryStorage()
    with Path(path).open(encoding="utf-8", errors="surrogatepass") as file:
        zone, now = _read_header(file.readline(), str(path))
        records = [_read_record(line, number) for number, line in enumerate(file, 1)]
    storage.append(records, 0)
    return SavedLog(storage, zone, from_micros(max([now, *(record.at for record in records[-1:])])))


def _object(line: str) -> dict[str, Any] | None:
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", plain) if isinstance(plain, dict) else None


def _read_header(line: str, path: str) -> tuple[str, int]:
    header = _object(line)
    if header is None or not isinstance(header.get(HEADER), int):
        raise StorageError(f"{path} is no saved log", reason="foreign")
    if header[HEADER] > FORMAT:
        raise StorageError(f"{path} was saved by a later release", reason="newer")
    return str(header.get("zone", "UTC")), int(header.get("now", 0))


def _read_record(line: str, position: int) -> Record:
    from switchroom.storage.codec import decode_event, to_json

    plain = _object(line)
    if plain is None or set(plain) != set(_FIELDS) or plain["position"] != position:
        raise DamagedRecord(position, "the line is no record, or out of place")
    event = decode_event(position, plain["type"], plain["version"], to_json(plain["event"]))
    return Record(position, plain["at"], event, plain["command_id"])


def open_log(path: str | PathLike[str], *, clock: Clock | None = None, seed: int | None = 1) -> ContactCenter:
    """A center as it was when the log was saved; the file is not changed by what happens next.

    ``clock``: a manual one at that instant, unless given. Opening adds one record to the log in memory, as after any
    stop: offers that were out get their full alert time again. Functions of yours that the log speaks of are not
    called by replay, but register them before new work comes in. Errors as `read_log`. Linear.
    """
    from switchroom.center import ContactCenter

    log = read_log(path)
    return ContactCenter(
        storage=log.storage, clock=ManualClock(log.now) if clock is None else clock, zone=log.zone, seed=seed
    )
