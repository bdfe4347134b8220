"""Records as rows of bytes and back: what every store on disk keeps, the same bytes for equal events.

A row is (position, instant, type, version, command id, payload, checksum). The payload is JSON with sorted keys and
without NaN; the checksum (CRC-32) covers everything but the position, because a disk that flips a bit must not change
who has which work.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple
from zlib import crc32

from switchroom.errors import DamagedRecord, InvalidInput, NewerRecord, UnknownRecordType, quote
from switchroom.kernel.events import EventRegistry, EventType, redacted
from switchroom.kernel.records import Record
from switchroom.storage.forms import forms, precise_forms

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]


class Row(NamedTuple):
    """A record as it is stored."""

    position: int
    at: int
    type: str
    version: int
    command_id: str | None
    payload: bytes
    checksum: int


UPGRADES: dict[tuple[str, int], Upgrade] = {}
"""(type, version) -> how a payload of that version becomes one of the next."""


def _loader() -> Callable[[bytes | str], Any]:
    # orjson reads twice as fast. It does not write here: its numbers look different in rare cases, and the same
    # events must give the same bytes on every machine.
    try:
        loads: Callable[[bytes | str], Any] = import_module("orjson").loads
    except ImportError:
        return json.loads
    return loads


_loads = _loader()
_dumps = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


def to_json(plain: Any) -> bytes:
    """Plain data as bytes. A text with a lone surrogate is written in escapes, because UTF-8 cannot hold it."""
    text = _dumps(plain)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(plain, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(data: bytes) -> Any:
    """The plain data in these bytes; ValueError if there is none."""
    try:
        return _loads(data)
    except ValueError:
        return json.loads(data)


_writers: dict[type, tuple[str, int, Callable[[Any], Any]]] = {}
_readers: dict[str, tuple[EventType, Callable[[Any, Any], Any]]] = {}


def _writer(cls: type) -> tuple[str, int, Callable[[Any], Any]]:
    declared = EventRegistry.by_class[cls]
    found = _writers[cls] = declared.name, declared.version, forms().writer(cls)
    return found


def encode_event(event: Any) -> bytes:
    """The payload of an event."""
    cls = event.__class__
    return to_json((_writers.get(cls) or _writer(cls))[2](event))


def encode(record: Record) -> Row:
    """The row of a record. Raises InvalidInput for an event that holds what JSON cannot (NaN, a foreign object)."""
    cls = record.event.__class__
    name, version, write = _writers.get(cls) or _writer(cls)
    try:
        payload = to_json(write(record.event))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise InvalidInput(name, "not_storable", hint=f"record {record.position} cannot be stored: {error}") from error
    at, command_id = record.at, record.command_id
    return Row(
        record.position, at, name, version, command_id, payload, _checksum(at, name, version, command_id, payload)
    )


def rows_of(records: Sequence[Record], after: int) -> list[Row]:
    """The rows of a batch. Refuses one whose positions do not follow ``after`` without a gap."""
    for place, record in enumerate(records, after + 1):
        if record.position != place:
            raise InvalidInput("records", "positions", record.position, hint=f"position {place} is next")
    return [encode(record) for record in records]


def _checksum(at: int, name: str, version: int, command_id: str | None, payload: bytes) -> int:
    head = f"{at} {name} {version} {command_id}"
    return crc32(payload, crc32(head.encode("utf-8", "surrogatepass")))


def decode(row: Row) -> Record:
    """The record in a row. Raises a DamagedRecord that names the position."""
    position, at, name, version, command_id, payload, checksum = row
    # A damaged database may well give a text where it was given bytes.
    if type(payload) is not bytes or _checksum(at, name, version, command_id, payload) != checksum:
        raise DamagedRecord(position, "the checksum is wrong")
    return Record(position, at, decode_event(position, name, version, payload), command_id)


def decode_event(position: int, name: str, version: int, payload: bytes) -> Any:
    """The event in a payload."""
    known = _readers.get(name)
    if known is None:
        known = _reader(position, name)
    declared, read = known
    if version > declared.version:
        raise NewerRecord(position, name, version, declared.version)
    try:
        plain = from_json(payload)
    except (ValueError, RecursionError) as error:
        raise DamagedRecord(position, f"{name}: the payload is no JSON") from error
    try:
        for step in range(version, declared.version):
            upgrade = UPGRADES.get((name, step))
            plain = plain if upgrade is None else upgrade(plain)
        return read(plain, declared.cls)
    except Exception as error:
        raise DamagedRecord(position, f"{name}: {_problem(plain, declared.cls, error)}") from error


def _reader(position: int, name: str) -> tuple[EventType, Callable[[Any, Any], Any]]:
    declared = EventRegistry.by_name.get(name)
    if declared is None:
        raise UnknownRecordType(position, name)
    found = _readers[name] = declared, forms().reader(declared.cls)
    return found


def _problem(plain: Any, cls: type, error: Exception) -> str:
    """The path to what is wrong, found by a second, slower attempt."""
    from cattrs import transform_error

    try:
        precise_forms().value(plain, cls)
    except Exception as precise:
        # The paths alone: what stands there may be personal.
        return "wrong at " + ", ".join(line.rpartition(" @ ")[2] for line in transform_error(precise)[:3])
    return quote(error)


def blanked_row(row: Row) -> Row | None:
    """The row without what is personal, or None if there is nothing to blank."""
    record = decode(row)
    event = redacted(record.event)
    return None if event is record.event else encode(Record(record.position, record.at, event, record.command_id))
