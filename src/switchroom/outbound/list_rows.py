"""From the cells of a file, or the values of a caller, to typed and normalised rows; what does not fit says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from switchroom.errors import InvalidInput, quote
from switchroom.messaging.addresses import FORMS, Address, AddressForm
from switchroom.outbound.list_csv import plain_cell
from switchroom.outbound.list_model import MAX_CELL, Cell, Column, ColumnType, ContactList, Row, reader_of
from switchroom.routing.hours import zone_named

_E164 = re.compile(r"\+[2-9][0-9]{6,14}|\+1[0-9]{10}", re.ASCII)
_PLAIN_MAIL = re.compile(r"[a-z0-9][a-z0-9_+-]{0,63}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.[a-z]{2,24}", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class RowError(NamedTuple):
    """Why a row was not taken: its line, the column (empty: the row as a whole), and the value, cut short."""

    line: int
    column: str
    value: str
    code: str
    problem: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.problem}" + (f" (got {self.value})" if self.value else "")


class BadCell(Exception):
    """A cell that does not fit."""

    def __init__(self, column: str, value: object, code: str, problem: str) -> None:
        super().__init__(problem)
        self.column, self.value, self.code, self.problem = column, value, code, problem

    def at(self, line: int) -> RowError:
        return RowError(line, self.column, quote(self.value), self.code, self.problem)


class RowMaker:
    """Makes rows of one list from cells in the order of ``columns`` (names; those not of the list are passed over)."""

    def __init__(self, spec: ContactList, columns: Sequence[str]) -> None:
        self._spec = spec
        self._width = len(columns)
        places = {name: place for place, name in enumerate(columns)}
        missing = [c.name for c in spec.columns if c.required and c.name not in places]
        if spec.address not in places:
            missing.insert(0, spec.address)
        if missing:
            raise InvalidInput("csv.header", "missing_column", missing[0], hint="the header lacks a column of the list")
        self._sources = [places.get(c.name) for c in spec.columns]
        self._address = spec.names.index(spec.address)
        self._zone = None if spec.zone_column is None else spec.names.index(spec.zone_column)
        self._key = None if spec.key is None else spec.names.index(spec.key)
        self._special = [
            (place, column, reader_of(column.type))
            for place, column in enumerate(spec.columns)
            if column.type is not ColumnType.TEXT or column.required
        ]
        self._straight = self._sources == list(range(self._width))
        self._normalise = normaliser(spec)

    def row(self, cells: list[str]) -> Row:
        """The row: zones, then values. Raises `BadCell`."""
        if len(cells) != self._width:
            raise BadCell("", f"{len(cells)} cells", "columns", f"{self._width} cells are wanted, as in the header")
        joined = "".join(cells)
        if "'" in joined:
            cells = [plain_cell(cell) for cell in cells]
        if len(joined) > MAX_CELL or (not joined.isprintable() and _CONTROL.search(joined)):
            self._refuse_text(cells)
        values: list[Cell] = list(cells) if self._straight else self._sorted(cells)
        for place, column, read in self._special:
            text = str(values[place]).strip()
            try:
                values[place] = read(text) if text else _empty(column)
            except ValueError as error:
                raise BadCell(column.name, text, f"bad_{column.type.value}", str(error)) from None
        values[self._address] = address = self._address_of(str(values[self._address]))
        return [self._zones(values, address), *values]

    def _sorted(self, cells: list[str]) -> list[Cell]:
        return ["" if source is None else cells[source] for source in self._sources]

    def _refuse_text(self, cells: list[str]) -> None:
        for place, cell in enumerate(cells):
            name = self._name_of(place)
            if len(cell) > MAX_CELL:
                raise BadCell(name, cell, "too_long", f"at most {MAX_CELL} characters")
            found = _CONTROL.search(cell)
            if found is not None:
                escaped = "\ud800" <= found[0] <= "\udfff"
                problem = "bytes that are not of the file's encoding" if escaped else "a control character"
                raise BadCell(name, cell, "bad_encoding" if escaped else "control_char", problem)

    def _name_of(self, place: int) -> str:
        return next((c.name for c, s in zip(self._spec.columns, self._sources, strict=True) if s == place), "")

    def _address_of(self, text: str) -> str:
        if not text.strip():
            raise BadCell(self._spec.address, text, "missing", "the address is missing")
        try:
            return self._normalise(text)
        except InvalidInput as error:
            problem = error.message.partition(": ")[2].partition(" (got")[0]
            raise BadCell(self._spec.address, text, error.code, problem) from None

    def _zones(self, values: list[Cell], address: str) -> str:
        if self._zone is not None and values[self._zone]:
            text = str(values[self._zone]).strip()
            try:
                return zone_named(text).key
            except InvalidInput as error:
                problem = error.message.partition(": ")[2].partition(" (got")[0]
                raise BadCell(self._spec.names[self._zone], text, "zone", problem) from None
        if self._spec.zone_by_number:
            found = zones_of_number(address)
            if found:
                return found
        return self._spec.zone or ""

    def key_of(self, row: Row) -> str:
        """By what two rows are the same contact: the key column, else the address."""
        key = None if self._key is None else row[self._key + 1]
        if key is None or key == "":
            return f"a:{row[self._address + 1]}".casefold()
        return f"k:{key}"

    def from_values(self, values: Mapping[str, object]) -> Row:
        """A row from a caller's values by column; what is not text is written as text first."""
        unknown = sorted(set(values) - set(self._spec.names))
        if unknown:
            raise BadCell(unknown[0], "", "unknown_column", "the list has no such column")
        return self.row([_written(values.get(name)) for name in self._spec.names])


def _empty(column: Column) -> Cell:
    if column.required:
        raise BadCell(column.name, "", "missing", "a value is wanted")
    return "" if column.type is ColumnType.TEXT else None


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    raise BadCell("", value, "bad_type", "text, number or boolean is wanted")


def normaliser(spec: ContactList) -> Callable[[str], str]:
    """The function that brings an address into its one form. What is in that form already passes without a look."""
    channel, country, form = spec.channel, spec.country, FORMS.get(spec.channel)

    def slow(text: str) -> str:
        national = country is not None and form is AddressForm.PHONE and not text.strip().startswith(("+", "00"))
        address = Address.national(channel, text, str(country)) if national else Address(channel, text)
        _ = address.contact_key
        return address.value

    plain = {AddressForm.PHONE: _E164, AddressForm.EMAIL: _PLAIN_MAIL}.get(form) if form is not None else None
    if plain is None or channel == "whatsapp":
        return slow
    fits = plain.fullmatch
    return lambda text: text if fits(text) else slow(text)


def zones_of_number(number: str) -> str:
    """The time zones that a number may be in, ``|`` between them; empty if it does not say. Needs ``phone``."""
    try:
        import phonenumbers
        from phonenumbers import timezone
    except ImportError:
        raise ImportError('zones by number need the extra: pip install "switchroom[phone]"') from None
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    known: list[str] = []
    for name in found:
        try:
            known.append(zone_named(name).key)
        except InvalidInput:
            continue
    return "|".join(known)
