"""Rows written out: as CSV, as JSON lines, and as the plain values that tables and pages show."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TextIO, cast

import attrs

from switchroom.errors import InvalidInput
from switchroom.outbound.list_csv import safe_cell

GROUPS = ("start", "queue", "medium", "channel", "division", "agent", "team")
"""Columns that rows may be grouped by: left out where no row is."""


def columns_of(kind: type, rows: Sequence[Any] = (), wanted: Sequence[str] | None = None) -> tuple[str, ...]:
    """The columns of a kind of row: those wanted, in that order, or all but the groups in which no row has a value.
    Refuses a name that the row does not have."""
    names = tuple(field.name for field in attrs.fields(kind))
    if wanted is None:
        return tuple(n for n in names if n not in GROUPS or any(getattr(row, n) is not None for row in rows))
    for name in wanted:
        if name not in names:
            raise InvalidInput("columns", "unknown", name, hint=f"one of {', '.join(names)}")
    return tuple(wanted)


def plain(value: object) -> Any:
    """A value as JSON has it: seconds for a duration, ISO text for an instant, the same for all that are nested."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(one) for one in cast("Iterable[object]", value)]
    if attrs.has(type(value)):
        return plain_row(cast("Any", value))
    return value


def plain_row(row: Any, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """A row as JSON has it; the names of durations end in ``_seconds``."""
    durations = _seconds(row.__class__)
    names = [field.name for field in attrs.fields(row.__class__)] if columns is None else columns
    return {header(durations, name): plain(getattr(row, name)) for name in names}


def _seconds(kind: type) -> frozenset[str]:
    """The columns that are durations."""
    return frozenset(field.name for field in attrs.fields(kind) if "timedelta" in str(field.type))


def header(durations: frozenset[str], name: str) -> str:
    """The name of a column as it is written."""
    return f"{name}_seconds" if name in durations else name


def write_csv(kind: type, rows: Sequence[Any], file: TextIO, columns: Sequence[str] | None = None) -> None:
    """Write rows of a kind as CSV, with a header even for none. Durations are in seconds; text that a spreadsheet
    would take for a formula begins with a quote. Open the file with ``newline=""``."""
    names = columns_of(kind, rows, columns)
    durations = _seconds(kind)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([header(durations, name) for name in names])
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)


def _cell(value: object) -> object:
    simple = plain(value)
    if simple is None:
        return ""
    if isinstance(simple, list):
        several = cast("list[object]", simple)
        return safe_cell(" ".join(one if isinstance(one, str) else json.dumps(one) for one in several))
    return safe_cell(simple) if isinstance(simple, str) else simple


def write_json_lines(rows: Iterable[Any], file: TextIO, columns: Sequence[str] | None = None) -> None:
    """Write rows as JSON lines: one object a line, with every column unless some are chosen."""
    for row in rows:
        file.write(json.dumps(plain_row(row, columns), allow_nan=False) + "\n")
