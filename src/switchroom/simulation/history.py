"""What arrived in each interval, and how long it took: the input of a forecast, and its form as CSV."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TextIO

from switchroom.durations import format_instant
from switchroom.errors import InvalidInput
from switchroom.simulation.demand import Demand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COLUMNS: Final = ("start", "interval_seconds", "arrivals", "handle_seconds")
"""``start``: ISO instant with an offset. ``interval_seconds``: its length. ``arrivals``: how many. ``handle_seconds``:
the mean for one of them, after-call work included; empty or 0 only without arrivals."""
MAX_ROWS = 1_000_000
"""Over 28 years of quarter hours; bounds the memory that a file can take."""

_HOUR = timedelta(hours=1)


def ordered(rows: Iterable[Demand]) -> list[Demand]:
    """The rows by time, if they are of one length, on one grid, and each there once; O(n log n).

    An interval that is absent is unknown, which is not the same as empty: write a row with 0 arrivals for that.
    """
    found = sorted(rows, key=lambda row: row.start)
    if not found:
        raise InvalidInput("history", "empty", hint="at least one interval is wanted")
    if len(found) > MAX_ROWS:
        raise InvalidInput("history", "range", len(found), hint=f"at most {MAX_ROWS} intervals")
    first = found[0]
    # Longer intervals would drift over local midnight when the clocks change.
    if _HOUR % first.interval:
        raise _bad(first, "interval", "an interval is an hour or a whole part of one, such as 15m or 30m")
    previous: Demand | None = None
    for row in found:
        if row.interval != first.interval:
            raise _bad(row, "mixed", "all intervals are to have one length")
        if (row.start - first.start) % first.interval:
            raise _bad(row, "grid", "it overlaps others: starts are to lie whole intervals apart")
        if previous is not None and previous.start == row.start:
            raise _bad(row, "duplicate", "this interval is there twice")
        previous = row
    return found


def read_history(lines: Iterable[str]) -> tuple[Demand, ...]:
    """The rows of a CSV with the `COLUMNS` in any order; other columns are ignored.

    Open the file with ``encoding="utf-8-sig"`` and ``newline=""``. Raises `InvalidInput` naming line and column.
    """
    reader = csv.reader(lines)
    try:
        header = [name.strip().lstrip("\ufeff").lower() for name in next(reader, list[str]())]
        _check_header(header)
        return tuple(_read(reader.line_num, header, values) for values in _limited(reader) if values)
    except csv.Error as error:
        raise InvalidInput(f"line {reader.line_num}", "csv", hint=str(error)) from None


def write_history(rows: Iterable[Demand], file: TextIO) -> None:
    """Write the `COLUMNS` as CSV: what `read_history` reads. Open the file with ``newline=""``."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_written(row) for row in rows)


def seconds_text(span: timedelta) -> str:
    """The seconds, exact and without a trailing ``.0``."""
    micros = span // timedelta(microseconds=1)
    whole, rest = divmod(micros, 1_000_000)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")


def _written(row: Demand) -> tuple[str, ...]:
    return format_instant(row.start), seconds_text(row.interval), f"{row.arrivals:.15g}", seconds_text(row.handle)


def _limited(rows: Iterable[list[str]]) -> Iterable[list[str]]:
    for count, row in enumerate(rows):
        if count >= MAX_ROWS:
            raise InvalidInput("history", "range", count, hint=f"at most {MAX_ROWS} intervals")
        yield row


def _check_header(header: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise InvalidInput("line 1", "header", ",".join(header), hint=f"no column {', '.join(missing)}")
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if twice:
        raise InvalidInput("line 1", "header", ",".join(header), hint=f"two columns {', '.join(twice)}")


def _read(line: int, header: list[str], values: list[str]) -> Demand:
    if len(values) != len(header):
        raise InvalidInput(f"line {line}", "columns", len(values), hint=f"{len(header)} values are wanted")
    row = {name: value.strip() for name, value in zip(header, values, strict=True)}
    try:
        return Demand(
            row["start"],
            _number(row, "interval_seconds"),
            _number(row, "arrivals"),
            _number(row, "handle_seconds") if row["handle_seconds"] else 0.0,
        )
    except InvalidInput as error:
        raise InvalidInput(f"line {line}", error.code, hint=error.message) from None


def _number(row: Mapping[str, str], column: str) -> float:
    try:
        return float(row[column])
    except ValueError:
        raise InvalidInput(column, "syntax", row[column], hint="a number is wanted") from None


def _bad(row: Demand, code: str, hint: str) -> InvalidInput:
    return InvalidInput(f"interval {format_instant(row.start)}", code, hint=hint)
