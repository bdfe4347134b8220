"""Tasks in files: CSV and JSON lines. Every row is taken or refused with its reason; none is lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias, cast

import attrs

from switchroom.errors import InvalidInput, SwitchroomError

MAX_LINE = 1_000_000
"""Characters of a line of JSON."""

Take: TypeAlias = Callable[[Mapping[str, Any]], str]
"""Takes a task in and returns the id of the work, or raises what it refuses with."""


@attrs.frozen
class RefusedRow:
    """A row that was not taken: its number (the first row of data is 1) and why."""

    row: int
    problem: str


@attrs.frozen
class Loaded:
    """What became of a file: the ids of the work by row, and the rows that were refused."""

    works: Mapping[int, str]
    refused: tuple[RefusedRow, ...]


def load_csv(source: str | Iterable[str], take: Take) -> Loaded:
    """Take in the rows of a CSV file with a head line; a byte order mark is passed over."""
    lines = io.StringIO(source, newline="") if isinstance(source, str) else source
    return _load(_rows(lines), take)


def _rows(lines: Iterable[str]) -> Iterator[Mapping[str, Any] | Exception]:
    reader = csv.reader(lines, strict=True)
    head = next(reader, None)
    if head is None:
        return
    names = [name.strip().removeprefix("\ufeff") for name in head]
    if len(set(names)) != len(names):
        raise InvalidInput("csv", "duplicate_column", hint="two columns have the same name")
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield error
            continue
        if row is None:
            return
        if not row:
            continue
        if len(row) != len(names):
            yield InvalidInput("csv", "columns", len(row), hint=f"{len(names)} columns are wanted")
        else:
            yield dict(zip(names, row, strict=True))


def load_json_lines(source: str | Iterable[str], take: Take) -> Loaded:
    """Take in one JSON table a line; empty lines are passed over."""
    lines = io.StringIO(source) if isinstance(source, str) else source
    return _load((_table(line) for line in lines if line.strip()), take)


def _table(line: str) -> Mapping[str, Any] | Exception:
    if len(line) > MAX_LINE:
        return InvalidInput("json", "too_long", len(line), hint=f"at most {MAX_LINE} characters a line")
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        return InvalidInput("json", "syntax", hint=f"no JSON: {error}"[:200])
    if not isinstance(value, dict):
        return InvalidInput("json", "type", hint="a table of fields is wanted")
    return cast("Mapping[str, Any]", value)


def _load(rows: Iterator[Mapping[str, Any] | Exception], take: Take) -> Loaded:
    works: dict[int, str] = {}
    refused: list[RefusedRow] = []
    for number, row in enumerate(rows, 1):
        try:
            if isinstance(row, Exception):
                raise row
            works[number] = take(row)
        except (SwitchroomError, csv.Error) as refusal:
            refused.append(RefusedRow(number, str(refusal)))
    return Loaded(works, tuple(refused))
