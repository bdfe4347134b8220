"""The events of a log as JSON lines, for people and other tools to read."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TextIO, cast

import attrs

from switchroom.durations import format_duration, format_instant, from_micros
from switchroom.kernel.records import Record
from switchroom.routing.hours import OpeningHours
from switchroom.routing.requirements import Requirement


@contextmanager
def whole_file(path: str) -> Generator[TextIO]:
    """A file to be written: all of it, or nothing is changed there."""
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(part, "x", encoding="utf-8", newline="") as file:
            yield file
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.unlink(part)


def write_log(path: str, records: Iterable[Record]) -> None:
    """Write records to a file: all of them, or nothing is changed there.

    A line is ``{"position": 1, "at": "...", "type": "...", "tags": [...], "event": {...}}``.
    """
    with whole_file(path) as file:
        for record in records:
            file.write(json.dumps(plain_record(record), allow_nan=False) + "\n")


def plain_record(record: Record) -> dict[str, object]:
    """A record as JSON has it."""
    return {
        "position": record.position,
        "at": format_instant(from_micros(record.at)),
        "type": record.type,
        "tags": list(record.tags),
        "event": plain_value(record.event),
    }


def plain_value(value: object) -> object:
    """A value of an event as JSON has it: specs as objects of what is set, durations and requirements as text."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, Requirement):
        return str(value)
    if isinstance(value, OpeningHours):
        return value.to_table()
    if isinstance(value, Mapping):
        return {str(key): plain_value(one) for key, one in cast("Mapping[object, object]", value).items()}
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in cast("Iterable[object]", value)]
    if isinstance(value, frozenset):
        return sorted(str(one) for one in cast("frozenset[object]", value))
    return _plain_fields(value)


def _plain_fields(value: Any) -> object:
    if not attrs.has(value.__class__):
        return str(value)
    fields = {field.name: getattr(value, field.name) for field in attrs.fields(value.__class__)}
    return {name: plain_value(one) for name, one in fields.items() if one is not None}
