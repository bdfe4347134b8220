"""Traffic: the work that arrives over a day, read from CSV or JSON lines.

The columns, of which only ``at`` is needed: ``at``, an instant (``2026-01-05T09:15:30+01:00``) or the time since the
start of the day (``9:15:30``); ``id``, ``medium``, ``channel``, ``queue`` or ``intake``, ``requirement``, ``priority``,
``contact``, ``labels`` (separated by blanks) and ``max_wait`` as `WorkItem` has them; ``steps`` as
``spanish >= 4 for 30s; spanish`` and ``after_steps``; ``preferred`` (agents, separated by blanks) and
``preferred_wait``; ``due``, an instant or a duration from ``at``; ``handle``, how long the work takes; ``patience``,
how long the customer waits; and ``attr.NAME`` for each attribute, in CSV a number or ``true`` or ``false`` where it
looks like one. An empty cell is none. JSON lines have the same keys; in them, steps, labels and preferred may be lists.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any, TypeVar, cast

import attrs

from switchroom.durations import duration, from_micros, instant, to_micros
from switchroom.errors import InvalidInput, RequirementSyntaxError
from switchroom.routing.fields import MAX_TEXT, Fact, micros, to_fact, to_ids
from switchroom.routing.model import Preferred, Step, WorkItem
from switchroom.routing.requirements import Requirement

T = TypeVar("T")

MAX_ARRIVALS = 1_000_000
"""Rows of one file: weeks of a large center. The simulation keeps all of them in memory."""
MAX_LINE = 100_000
"""Characters of one line; a longer one is no row of traffic."""
MAX_REQUIREMENT = 10_000
"""Characters of a requirement here; the parser, which allows fewer, says so itself."""
ATTRIBUTE = "attr."

_OFFSET = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_ESCAPED = re.compile(r"'[=+\-@\t\r]")


@attrs.frozen(kw_only=True)
class Arrival:
    """One piece of work that arrives ``at`` an instant. ``line`` is where it stands in its file."""

    at: datetime
    work: WorkItem
    intake: str | None = None
    handle: timedelta | None = None
    patience: timedelta | None = None
    line: int = 0


def read_traffic(file: IO[str], *, name: str, start: datetime, json_lines: bool = False) -> list[Arrival]:
    """The arrivals of a file, in order of time; those of one instant as they stand.

    ``start`` is what times without a date count from; ``name`` is what errors call the file. Raises `InvalidInput`
    with file, line, column and value for the first mistake; rows with one id twice are one. O(n log n).
    """
    rows = _json_rows(file, name) if json_lines else _csv_rows(file, name)
    found: list[Arrival] = []
    ids: dict[str, int] = {}
    for line, cells in rows:
        arrival = _Row(name, line, cells, start).arrival()
        if len(found) == MAX_ARRIVALS:
            raise InvalidInput(f"{name}, line {line}", "too_many", hint=f"at most {MAX_ARRIVALS} rows")
        id = arrival.work.id
        if id is not None and ids.setdefault(id, line) != line:
            raise InvalidInput(f"{name}, line {line}, column id", "duplicate", id, hint=f"is in line {ids[id]} already")
        found.append(arrival)
    found.sort(key=lambda arrival: arrival.at)
    return found


def check_traffic(
    arrivals: Iterable[Arrival], *, name: str, queues: Iterable[str], intakes: Iterable[str], agents: Iterable[str]
) -> None:
    """Refuse arrivals that name a queue, intake or agent that is not there, or neither queue nor usable intake."""
    known = {"queue": set(queues), "intake": set(intakes), "preferred": set(agents)}
    for arrival in arrivals:
        preferred = () if arrival.work.preferred is None else arrival.work.preferred.agents
        named = [("queue", arrival.work.queue), ("intake", arrival.intake), *(("preferred", one) for one in preferred)]
        for column, value in named:
            if value is not None and value not in known[column]:
                place = f"{name}, line {arrival.line}, column {column}"
                raise InvalidInput(place, "unknown", value, hint="is not in the configuration")
        if arrival.work.queue is None and arrival.intake is None and "default" not in known["intake"]:
            place = f"{name}, line {arrival.line}, column queue"
            raise InvalidInput(place, "missing", hint="names no queue, and there is no default intake")


# -- rows


def _lines(file: IO[str], name: str) -> Iterator[str]:
    """The lines of a file, none of them longer than the limit in memory."""
    number = 0
    while True:
        number += 1
        line = file.readline(MAX_LINE + 1)
        if not line:
            return
        if len(line) > MAX_LINE:
            raise InvalidInput(f"{name}, line {number}", "too_long", hint=f"has more than {MAX_LINE} characters")
        if "\x00" in line:
            raise InvalidInput(f"{name}, line {number}", "control_char", hint="contains a NUL")
        if not _encodable(line):
            # What a file opened with errors="surrogateescape" makes of bytes that are no UTF-8.
            raise InvalidInput(f"{name}, line {number}", "encoding", hint="is not UTF-8")
        yield line


def _csv_rows(file: IO[str], name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    reader = csv.reader(_lines(file, name), strict=True)
    try:
        header = next(reader, None) or list[str]()
        _check_columns(header, f"{name}, line 1")
        for cells in reader:
            place = f"{name}, line {reader.line_num}"
            if not any(cells):
                continue
            if len(cells) != len(header):
                raise InvalidInput(place, "columns", hint=f"has {len(cells)} columns, the header {len(header)}")
            row = {column: _unescaped(cell) for column, cell in zip(header, cells, strict=True) if cell}
            yield reader.line_num, {key: _typed(cell) if _is_attribute(key) else cell for key, cell in row.items()}
    except csv.Error as error:
        raise InvalidInput(f"{name}, line {reader.line_num}", "csv", hint=f"no CSV: {error}") from None


def _unescaped(cell: str) -> str:
    """Undo the apostrophe that exports put before what a spreadsheet would run as a formula."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def _typed(cell: str) -> Fact:
    if cell in ("true", "false"):
        return cell == "true"
    if _NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    return cell


def _json_rows(file: IO[str], name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(_lines(file, name), 1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        row = _json_object(line, place)
        _check_columns(list(row), place)
        yield number, {key: value for key, value in row.items() if value is not None}


def _json_object(line: str, place: str) -> dict[str, object]:
    try:
        row = json.loads(line, parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(place, "json", hint=f"no JSON: {str(error) or 'nested too deeply'}") from None
    if not isinstance(row, dict):
        raise InvalidInput(place, "json", hint="a JSON object is wanted")
    return cast("dict[str, object]", row)


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is no JSON number")


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _is_attribute(column: str) -> bool:
    return column.startswith(ATTRIBUTE) and len(column) > len(ATTRIBUTE)


def _check_columns(columns: list[str], place: str) -> None:
    if "at" not in columns:
        raise InvalidInput(place, "missing", hint="the column at is missing")
    for column in columns:
        if column not in COLUMNS and not _is_attribute(column):
            raise InvalidInput(place, "unknown_column", column, hint=f"unknown column; known: {', '.join(COLUMNS)}")
    twice = [column for column in columns if columns.count(column) > 1]
    if twice:
        raise InvalidInput(place, "duplicate", twice[0], hint="a column is there twice")


# -- cells


class _Row:
    """One row, read cell by cell; errors name the column."""

    def __init__(self, name: str, line: int, cells: Mapping[str, object], start: datetime) -> None:
        self._name = name
        self._line = line
        self._cells = cells
        self._start = start

    def arrival(self) -> Arrival:
        if "at" not in self._cells:
            raise self._wrong("at", "missing", None, "is missing")
        at = self._read("at", self._instant)
        return Arrival(
            at=at,
            work=self._work(at),
            intake=self._text("intake"),
            handle=self._span("handle"),
            patience=self._span("patience"),
            line=self._line,
        )

    def _work(self, at: datetime) -> WorkItem:
        fields: dict[str, Any] = {
            "id": self._text("id"),
            "queue": self._text("queue"),
            "medium": self._text("medium") or "workitem",
            "channel": self._text("channel"),
            "requirement": self._optional("requirement", _requirement),
            "priority": self._optional("priority", _whole) or 0,
            "contact": self._text("contact"),
            "steps": self._optional("steps", _steps) or (),
            "after_steps": self._text("after_steps") or "any_member",
            "preferred": self._preferred(),
            "due": self._optional("due", lambda value: self._due(value, at)),
            "max_wait": self._span("max_wait"),
            "labels": self._optional("labels", lambda value: to_ids(_words(value))) or (),
        }
        facts = {key.removeprefix(ATTRIBUTE): value for key, value in self._cells.items() if _is_attribute(key)}
        if facts:
            fields["attributes"] = {name: self._read(ATTRIBUTE + name, _fact) for name in facts}
        if fields["requirement"] is None:
            del fields["requirement"]
        try:
            return WorkItem(**fields)
        except InvalidInput as error:
            column = str(error.field).removeprefix("item.")
            raise InvalidInput(self._place(column), error.code, hint=error.message.partition(": ")[2]) from None

    def _preferred(self) -> Preferred | None:
        wait = self._span("preferred_wait")
        made = Preferred if wait is None else partial(Preferred, wait=wait)
        return self._optional("preferred", lambda value: made(_words(value)))

    def _instant(self, value: object) -> datetime:
        match = _OFFSET.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return instant(cast("str", value), field="at")
        hours, minutes, seconds = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds or 0))
        return from_micros(to_micros(self._start) + micros(offset))

    def _due(self, value: object, at: datetime) -> datetime:
        try:
            return from_micros(to_micros(at) + micros(duration(cast("str", value), field="due")))
        except InvalidInput:
            return instant(cast("str", value), field="due")

    def _text(self, column: str) -> str | None:
        return self._optional(column, _as_text)

    def _span(self, column: str) -> timedelta | None:
        return self._optional(column, lambda value: duration(cast("str", value), field=column))

    def _optional(self, column: str, read: Callable[[object], T]) -> T | None:
        return self._read(column, read) if column in self._cells else None

    def _read(self, column: str, read: Callable[[object], T]) -> T:
        value = self._cells[column]
        try:
            return read(value)
        except RequirementSyntaxError as error:
            raise self._wrong(column, "syntax", None, error.message) from None
        except InvalidInput as error:
            raise self._wrong(column, error.code, None, error.message.partition(": ")[2]) from None

    def _wrong(self, column: str, code: str, value: object, hint: str) -> InvalidInput:
        return InvalidInput(self._place(column), code, value, hint=hint)

    def _place(self, column: str) -> str:
        return f"{self._name}, line {self._line}, column {column}"


def _as_text(value: object, most: int = MAX_TEXT) -> str:
    if not isinstance(value, str):
        raise InvalidInput("text", "type", value, hint="text is wanted")
    if len(value) > most or not _encodable(value):
        raise InvalidInput("text", "bad_text", value, hint=f"text of at most {most} characters is wanted")
    return value


def _encodable(text: str) -> bool:
    """Half a character passes through Python, and through JSON, and breaks every store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,9}", value, re.ASCII):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput("number", "not_whole", value, hint="a whole number is wanted")
    return value


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_as_text(one) for one in cast("list[object]", value))
    return tuple(_as_text(value, MAX_LINE).split())


def _fact(value: object) -> Fact:
    return to_fact("value", cast("Fact", value))


def _requirement(value: object) -> Requirement:
    return Requirement.parse(_as_text(value, MAX_REQUIREMENT))


def _steps(value: object) -> tuple[Step, ...]:
    """``spanish >= 4 for 30s; spanish``, or in JSON a list of such parts."""
    parts = _as_text(value, MAX_LINE).split(";") if isinstance(value, str) else _words(value)
    return tuple(_step(part.strip()) for part in parts)


def _step(part: str) -> Step:
    text, separator, span = part.rpartition(" for ")
    if not separator:
        return Step(_requirement(part))
    return Step(_requirement(text), duration(span.strip(), field="steps"))


COLUMNS = (
    "at",
    "id",
    "medium",
    "channel",
    "queue",
    "intake",
    "requirement",
    "steps",
    "after_steps",
    "priority",
    "contact",
    "preferred",
    "preferred_wait",
    "due",
    "max_wait",
    "labels",
    "handle",
    "patience",
)
