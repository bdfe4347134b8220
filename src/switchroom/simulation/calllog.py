"""Call logs as CSV: interactions out of the columns that a switch or a data set has, under the names that it has.

A log of one's own has the columns ``id``, ``type``, ``priority``, ``medium``, ``queued``, ``left``, ``ended``,
``agent`` and ``outcome``; only ``type``, ``queued`` and ``left`` (or ``wait``) have to be there. `Columns` says where
another log has them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_ids, to_span
from switchroom.routing.hours import zone_named
from switchroom.simulation.interactions import ABANDONED, ANSWERED, OTHER, OUTCOMES, Interaction, in_order

MAX_ROWS: Final = 5_000_000
"""Interactions of one log: years of a large center."""
_HALF_A_DAY: Final = timedelta(hours=12)
_CLOCK: Final = re.compile(r"(\d{1,3}):([0-5]?\d):([0-5]?\d(?:\.\d{1,6})?)", re.ASCII)
_SECONDS: Final = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)
_NO_ID: Final = re.compile(r"[^A-Za-z0-9_.:-]+", re.ASCII)

_DEFAULT_OUTCOMES: Final[Mapping[str, str]] = {name: name for name in OUTCOMES}


def _to_zone(value: str) -> str:
    return zone_named(value).key


def _to_texts(value: Iterable[str]) -> frozenset[str]:
    if isinstance(value, str):
        raise InvalidInput("none", "not_list", value, hint="a list of texts is wanted")
    return frozenset(value)


def _to_outcomes(value: Mapping[str, str]) -> Mapping[str, str]:
    for name in value.values():
        if name not in OUTCOMES and name != "skip":
            raise InvalidInput("outcomes", "unknown", name, hint=f"one of {', '.join(OUTCOMES)}, skip")
    return dict(value)


@attrs.frozen(kw_only=True, field_transformer=placed("columns"))
class Columns:
    """Where a log has what: each field names a column, or is empty where the log has none.

    ``queued``, ``left``, ``ended``: instants (ISO text with or without an offset), or times of the day of the column
    ``date`` in ``date_format`` (as of `datetime.strptime`); a time long before the one that it follows is of the next
    day, and one shortly before it is taken as the same moment.
    ``wait`` and ``handle`` (seconds, or h:mm:ss) stand in for ``left`` and ``ended``. ``zone``: of times without an
    offset. ``outcomes``: the log's words for ``answered``, ``abandoned``, ``other``, and ``skip``; a log without that
    column has answered whatever has an agent. ``none``: what stands in a cell for nothing. ``types``: only these.
    ``shift``: added to every instant, for data from before 2000 (10227 days are 28 years: the same weekdays).
    """

    id: str = "id"
    type: str = "type"
    queued: str = "queued"
    left: str = "left"
    ended: str = "ended"
    wait: str = "wait"
    handle: str = "handle"
    agent: str = "agent"
    outcome: str = "outcome"
    priority: str = "priority"
    medium: str = "medium"
    date: str = "date"
    date_format: str = "%Y-%m-%d"
    zone: str = attrs.field(default="UTC", converter=_to_zone)
    delimiter: str = ","
    outcomes: Mapping[str, str] = attrs.field(default=_DEFAULT_OUTCOMES, converter=_to_outcomes)
    none: frozenset[str] = attrs.field(default=frozenset(), converter=_to_texts)
    types: tuple[str, ...] = attrs.field(default=(), converter=to_ids)
    shift: timedelta = attrs.field(default=timedelta(0), converter=to_span)


@attrs.frozen
class Unread:
    """A row that is no interaction, and why."""

    line: int
    problem: str


@attrs.frozen(kw_only=True)
class CallLog:
    """What a file has: ``interactions`` in order of arrival, ``skipped`` rows that the mapping says to skip, and rows
    that could not be read, each with its reason: nothing is lost in silence."""

    interactions: tuple[Interaction, ...]
    skipped: int
    unread: tuple[Unread, ...]


def read_call_log(file: IO[str], columns: Columns | None = None, *, name: str = "log") -> CallLog:
    """The interactions of a CSV with a header. Open the file with ``encoding="utf-8-sig"`` and ``newline=""``.

    Raises `InvalidInput` where the header does not have what is needed; a row that is wrong is told of and left out.
    O(n log n).
    """
    columns = Columns() if columns is None else columns
    reader = csv.reader(file, delimiter=columns.delimiter)
    header = [cell.strip() for cell in next(reader, list[str]())]
    _check_header(header, columns, name)
    found: list[Interaction] = []
    unread: list[Unread] = []
    skipped = 0
    for cells in _capped(reader, name):
        line = reader.line_num
        row = _Row(dict(zip(header, (cell.strip() for cell in cells), strict=False)), columns)
        try:
            if row.is_skipped():
                skipped += 1
            else:
                found.append(row.interaction(line))
        except InvalidInput as error:
            unread.append(Unread(line, error.message))
    return CallLog(interactions=in_order(found), skipped=skipped, unread=tuple(unread))


def _capped(reader: Iterable[list[str]], name: str) -> Iterator[list[str]]:
    for count, cells in enumerate(reader):
        if count >= MAX_ROWS:
            raise InvalidInput(name, "too_many", count, hint=f"at most {MAX_ROWS} rows")
        if any(cells):
            yield cells


def _check_header(header: list[str], columns: Columns, name: str) -> None:
    for column in (columns.type, columns.queued):
        if column not in header:
            raise InvalidInput(name, "header", ",".join(header)[:200], hint=f"no column {column!r}")
    if columns.left not in header and columns.wait not in header:
        raise InvalidInput(
            name, "header", ",".join(header)[:200], hint=f"no column {columns.left!r} or {columns.wait!r}"
        )


class _Row:
    """One row, read cell by cell."""

    def __init__(self, cells: Mapping[str, str], columns: Columns) -> None:
        self._cells = cells
        self._columns = columns

    def is_skipped(self) -> bool:
        columns = self._columns
        if columns.types and _as_id(self._cells.get(columns.type, "")) not in columns.types:
            return True
        return columns.outcomes.get(self._cell(columns.outcome) or "") == "skip"

    def interaction(self, line: int) -> Interaction:
        columns = self._columns
        queued = self._instant(columns.queued, None)
        if queued is None:
            raise InvalidInput(columns.queued, "missing", hint="says nothing")
        outcome, agent = self._outcome(), self._cell(columns.agent)
        left = self._instant(columns.left, queued) or self._later(columns.wait, queued)
        if left is None:
            raise InvalidInput(columns.left, "missing", hint="says nothing")
        ended = None
        if outcome == ANSWERED:
            ended = self._instant(columns.ended, left) or self._later(columns.handle, left)
        fields: dict[str, Any] = {"medium": medium} if (medium := self._cell(columns.medium)) else {}
        return Interaction(
            id=_as_id(self._cell(columns.id) or f"line-{line}"),
            type=_as_id(self._cells.get(columns.type, "")),
            queued=queued,
            left=left,
            ended=ended,
            outcome=outcome,
            agent=None if agent is None or outcome != ANSWERED else _as_id(agent),
            priority=self._priority(),
            line=line,
            **fields,
        )

    def _cell(self, column: str) -> str | None:
        value = self._cells.get(column, "")
        return None if not value or value in self._columns.none else value

    def _outcome(self) -> str:
        columns = self._columns
        value = self._cell(columns.outcome)
        if value is None:
            return ANSWERED if self._cell(columns.agent) else ABANDONED
        return columns.outcomes.get(value, OTHER)

    def _priority(self) -> int:
        value = self._cell(self._columns.priority) or "0"
        try:
            return int(value)
        except ValueError:
            raise InvalidInput(self._columns.priority, "not_whole", value, hint="a whole number is wanted") from None

    def _later(self, column: str, since: datetime) -> datetime | None:
        value = self._cell(column)
        return None if value is None else since + _span(value, column)

    def _instant(self, column: str, after: datetime | None) -> datetime | None:
        """The instant in a column; not before ``after`` where it is a time of the day."""
        value = self._cell(column)
        if value is None:
            return None
        columns = self._columns
        if _CLOCK.fullmatch(value) is None:
            return _at(value, columns.zone, column) + columns.shift
        found = _local(self._day() + columns.shift, _span(value, column), columns.zone)
        if after is None or found >= after:
            return found
        # Two clocks of one switch differ by a second or two; what lies further back is past midnight.
        return after if after - found < _HALF_A_DAY else found + timedelta(days=1)

    def _day(self) -> datetime:
        columns = self._columns
        value = self._cell(columns.date) or ""
        try:
            # A shift may bring dates from before the first instant taken: it is added before anything is checked.
            return datetime.strptime(value, columns.date_format)  # noqa: DTZ007 (the zone follows)
        except ValueError:
            raise InvalidInput(columns.date, "date", value, hint=f"is not {columns.date_format}") from None


def _local(day: datetime, time: timedelta, zone: str) -> datetime:
    return (day + time).replace(tzinfo=ZoneInfo(zone))


def _at(value: str, zone: str, column: str) -> datetime:
    try:
        found = datetime.fromisoformat(value.replace(" ", "T", 1))
    except ValueError:
        raise InvalidInput(column, "syntax", value, hint="an instant or a time such as 9:15:30 is wanted") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(zone))


def _span(value: str, column: str) -> timedelta:
    match = _CLOCK.fullmatch(value)
    if match is not None:
        hours, minutes, seconds = match.groups()
        return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    if _SECONDS.fullmatch(value) is None:
        raise InvalidInput(column, "syntax", value, hint="seconds, or a time such as 0:02:30, are wanted")
    return timedelta(seconds=float(value))


def _as_id(text: str) -> str:
    """The text with what no id may have replaced: names of agents come with blanks and commas."""
    return _NO_ID.sub("_", text.strip())[:128] or "none"
