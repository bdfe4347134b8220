"""What a contact list is: its columns with their types, and which of them say who, when and how."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_id, to_optional_id
from switchroom.routing.hours import zone_named

MAX_COLUMNS = 256
MAX_CELL = 10_000
"""Characters of a cell: a message column holds more than a name, and less than a book."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?[0-9]{0,15}\.[0-9]{1,15}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,63}")


class ColumnType(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"


def _to_type(value: str) -> ColumnType:
    try:
        return ColumnType(value)
    except ValueError:
        raise InvalidInput("type", "unknown", value, hint=f"one of {', '.join(ColumnType)}") from None


def column_name(text: str) -> str:
    """The name of a column from its header: what templates can ask for.

    >>> column_name("First name "), column_name("2nd phone")
    ('First_name', '_2nd_phone')
    """
    name = re.sub(r"[^A-Za-z0-9_.]+", "_", text.strip())[:64].strip("_") or "column"
    return name if _NAME.fullmatch(name) else f"_{name}"[:64]


def _to_column_name(value: str) -> str:
    if not isinstance(value, str) or _NAME.fullmatch(value) is None:
        raise InvalidInput("name", "bad_name", value, hint="a letter, then letters, digits, _ and . (64 at most)")
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("column"))
class Column:
    """A column of a contact list. ``required``: an empty cell is an error of its row."""

    name: str = attrs.field(kw_only=False, converter=_to_column_name)
    type: ColumnType = attrs.field(default=ColumnType.TEXT, converter=_to_type)
    required: bool = False


def _to_columns(value: Iterable[Column | str]) -> tuple[Column, ...]:
    columns = tuple(Column(c) if isinstance(c, str) else c for c in value)
    if len(columns) > MAX_COLUMNS:
        raise InvalidInput("columns", "too_many", len(columns), hint=f"at most {MAX_COLUMNS}")
    names = [c.name for c in columns]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice is not None:
        raise InvalidInput("columns", "duplicate", twice, hint="two columns of one name")
    return columns


def _to_zone(value: str | None) -> str | None:
    return None if value is None else zone_named(value).key


@attrs.frozen(kw_only=True, field_transformer=placed("contact_list"))
class ContactList:
    """A list of contacts, each with one address on ``channel``.

    ``columns``: typed; columns that a file has besides are added as text. ``address``: the column with the address.
    ``key``: the column by which two rows are the same contact (None: the address). ``zone_column``: names each
    contact's time zone; ``zone``: where the column is empty or missing; without either the zone is not known and the
    narrow windows apply. ``zone_by_number``: ask the number for its possible zones before ``zone`` (needs the
    ``phone`` extra). ``country``: ISO 3166 code for numbers that are written as at home.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    channel: str = attrs.field(default="sms", converter=to_id)
    columns: tuple[Column, ...] = attrs.field(default=(), converter=_to_columns)
    address: str = attrs.field(default="address", converter=_to_column_name)
    key: str | None = None
    zone_column: str | None = None
    zone: str | None = attrs.field(default=None, converter=_to_zone)
    zone_by_number: bool = False
    country: str | None = attrs.field(default=None, converter=to_optional_id)
    division: str = attrs.field(default="default", converter=to_id)

    def __attrs_post_init__(self) -> None:
        if self.address not in self.names:
            object.__setattr__(self, "columns", (Column(self.address), *self.columns))
        for name in (self.key, self.zone_column):
            if name is not None and name not in self.names:
                object.__setattr__(self, "columns", (*self.columns, Column(name)))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(c.name for c in self.columns)

    def place(self, name: str) -> int:
        """The place of a column's value within a row: the zone stands first."""
        return self.names.index(name) + 1


Cell = str | int | float | bool | None
Row = list[Cell]
"""A contact as it is stored: its zones (``|`` between several, empty if not known), then a value for each column."""


def reader_of(type: ColumnType) -> Callable[[str], Cell]:
    """The function that reads a trimmed cell of this type that is not empty. Raises ValueError."""
    return _READERS[type]


def _number(text: str) -> int | float:
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    raise ValueError("a number is wanted, such as 12 or 12.5")


def _boolean(text: str) -> bool:
    known = {"yes": True, "true": True, "1": True, "y": True, "no": False, "false": False, "0": False, "n": False}
    found = known.get(text.lower())
    if found is None:
        raise ValueError("yes or no is wanted")
    return found


def _date(text: str) -> str:
    if _DAY.fullmatch(text) is None:
        raise ValueError("a date is wanted, such as 2026-03-08")
    date.fromisoformat(text)
    return text


def _instant(text: str) -> str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 2000 <= found.year <= 2100:
        raise ValueError("an instant with its offset is wanted, such as 2026-03-08T09:00:00+01:00")
    return found.isoformat()


_READERS: dict[ColumnType, Callable[[str], Cell]] = {
    ColumnType.TEXT: str,
    ColumnType.NUMBER: _number,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: _date,
    ColumnType.INSTANT: _instant,
}
