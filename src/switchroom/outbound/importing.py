"""Filling contact lists: rows are typed, normalised, told from duplicates and stored, a chunk at a time.

This is the edge: it reads files and the store, and tells the kernel the names of chunks that lie in the store already.
"""

from __future__ import annotations

import csv
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

import attrs

from switchroom.errors import InvalidInput
from switchroom.kernel.vertical import Access
from switchroom.outbound import lists
from switchroom.outbound.chunks import ROWS, chunk_name, packed, unpacked
from switchroom.outbound.keytable import KeyTable
from switchroom.outbound.list_csv import REPAIR, CsvReader, CsvSource, Record
from switchroom.outbound.list_model import Column, ContactList, Row
from switchroom.outbound.list_rows import BadCell, RowError, RowMaker
from switchroom.outbound.pump import ChunkStore
from switchroom.outbound.state import Outbound

MAX_ERRORS = 1_000
"""Errors that a report lists; all are counted, and all bad rows go to the file of rejects."""

HELD = 5 * ROWS
"""Rows in memory while a file is read: so many are stored with two commits."""

SHORT_ROW = 64
"""Bytes of a row, rather more than usual: what is reserved for a file by its size must not be far too much."""

KNOWN_LISTS = 4
"""Lists whose keys are remembered between calls, so that appending one contact need not read a million."""

_MASK = (1 << 64) - 1


@attrs.frozen(kw_only=True)
class ImportReport:
    """What became of an import.

    ``rows``: read. ``added``: kept. ``duplicates``: of contacts that the list or the file had already. ``bad``: not
    taken; ``errors`` holds the first MAX_ERRORS reasons. ``encoding`` and ``delimiter``: as found. ``new_columns``:
    columns of the file that the list did not have, added as text.
    """

    rows: int
    added: int
    duplicates: int
    bad: int
    errors: tuple[RowError, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    new_columns: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        assert self.rows == self.added + self.duplicates + self.bad, "rows are lost"


class _Known:
    """The keys of a list as far as they were read: chunks up to ``version``, which has this ``name``."""

    def __init__(self) -> None:
        self.version = 0
        self.name = ""
        self.keys = KeyTable()

    def add(self, key: str) -> bool:
        """Remember a key; False if it is there. Two keys of one hash are taken for one: a chance of 1 in 40 million
        for a list of a million."""
        return self.keys.add(hash(key) & _MASK)


class Importer:
    """Adds contacts to lists. Remembers the keys of the lists that it added to last."""

    def __init__(self, access: Access[Outbound], store: ChunkStore) -> None:
        self._access = access
        self._store = store
        self._known: OrderedDict[str, _Known] = OrderedDict()

    # -- files

    def read_csv(
        self,
        id: str,
        source: CsvSource,
        *,
        top: bool,
        encoding: str | None,
        delimiter: str | None,
        rejects: str | Path | IO[str] | None,
    ) -> ImportReport:
        """Add the rows of a file; see `ListsFront.import_csv`."""
        with CsvReader(source, encoding=encoding, delimiter=delimiter) as reader, _opened(rejects) as file:
            skip = [place for place, name in enumerate(reader.columns) if name in REPAIR]
            columns = _without(skip, reader.columns)
            new = self._add_columns(id, columns)
            out = None if file is None else csv.writer(file)
            if out is not None:
                out.writerow([*REPAIR, *_without(skip, reader.headers)])
            batch = _Batch(self, id, top, _rows_in(source))
            for found in reader:
                record = found._replace(cells=_without(skip, found.cells)) if skip else found
                error = batch.take(record, columns)
                if error is not None and out is not None:
                    out.writerow([error.line, error.column, error.problem, *(record.cells or [record.raw])])
            batch.store()
            return batch.report(reader.encoding, reader.delimiter, new)

    def _add_columns(self, id: str, columns: list[str]) -> tuple[str, ...]:
        """Columns that the list does not have are added as text."""
        spec = self._access.look(lambda o: o.list(id).spec)
        if spec.address not in columns:
            raise InvalidInput("csv.header", "missing_column", spec.address, hint="the file has no such column")
        new = tuple(name for name in columns if name not in spec.names)
        if new:
            wider = attrs.evolve(spec, columns=(*spec.columns, *(Column(name) for name in new)))
            self._access.run(lists.save, wider)
        return new

    # -- values

    def append(self, id: str, contacts: Iterable[Mapping[str, object]], *, top: bool) -> ImportReport:
        """Add contacts given as mappings; see `ListsFront.append`."""
        batch = _Batch(self, id, top)
        for number, values in enumerate(contacts, 1):
            batch.take_values(number, values)
        batch.store()
        return batch.report("", "", ())

    # -- parts of both

    def spec(self, id: str) -> ContactList:
        return self._access.look(lambda o: o.list(id).spec)

    def known(self, id: str, maker: RowMaker) -> _Known:
        """The keys of a list, brought up to its last chunk."""
        chunks = self._access.look(lambda o: dict(o.list(id).chunks))
        known = self._known.get(id)
        if known is None or (known.version and chunks.get(known.version, ("", 0))[0] != known.name):
            known = _Known()  # or the list was deleted and made anew
        self._known[id] = known
        self._known.move_to_end(id)
        while len(self._known) > KNOWN_LISTS:
            self._known.popitem(last=False)
        for number, (name, _) in sorted(chunks.items()):
            if number > known.version:
                for row in unpacked(self._store.get_chunk(name) or b"[]"):
                    if row:
                        known.add(maker.key_of(row))
                known.version, known.name = number, name
        return known

    def forget(self, id: str) -> None:
        """The list has changed in another way: its keys are read anew."""
        self._known.pop(id, None)

    def blank(self, id: str, addresses: frozenset[str]) -> int:
        """Blank the rows with these addresses."""
        self.forget(id)
        spec = self.spec(id)
        place = spec.place(spec.address)
        blanked = 0
        chunks = self._access.look(lambda o: dict(o.list(id).chunks))
        for number, (name, _) in chunks.items():
            rows = unpacked(self._store.get_chunk(name) or b"[]")
            kept = [[] if row and row[place] in addresses else row for row in rows]
            changed = sum(1 for old, new in zip(rows, kept, strict=True) if old and not new)
            if changed:
                payload = packed(kept)
                self._store.put_chunks([(new_name := chunk_name(id, number, payload), payload)])
                self._access.run(lists.rewrite, id, number, name, new_name)
                self._store.drop_chunks([name])
                blanked += changed
        return blanked

    def put(self, id: str, known: _Known, rows: list[Row], top: bool) -> None:
        """Store rows in chunks, then tell the kernel."""
        parts = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
        stored = [(part, packed(part)) for part in parts]
        named = [(chunk_name(id, known.version + n, payload), payload) for n, (_, payload) in enumerate(stored, 1)]
        self._store.put_chunks(named)
        chunks = tuple((name, len(part)) for (name, _), part in zip(named, parts, strict=True))
        try:
            known.version = self._access.run(lists.add, id, known.version, chunks, top)
            known.name = chunks[-1][0]
        except BaseException:
            self.forget(id)
            raise


class _Batch:
    """Rows on their way into a list, and what became of those before them."""

    def __init__(self, importer: Importer, id: str, top: bool, expected: int = 0) -> None:
        self._importer, self._id, self._top = importer, id, top
        self._expected = expected
        self._rows: list[Row] = []
        self._maker: RowMaker | None = None
        self._known: _Known | None = None
        self._total = self._added = self._duplicates = self._bad = 0
        self._errors: list[RowError] = []

    def take(self, record: Record, columns: list[str]) -> RowError | None:
        """One record of a file; the error if it was not taken for another reason than being there already."""
        self._total += 1
        maker = self._maker or self._prepare(columns)
        if record.problem:
            return self._refuse(RowError(record.line, "", "", "csv", record.problem))
        try:
            row = maker.row(record.cells)
        except BadCell as bad:
            return self._refuse(bad.at(record.line))
        self._keep(maker, row)
        return None

    def take_values(self, number: int, values: Mapping[str, object]) -> None:
        self._total += 1
        maker = self._maker or self._prepare(list(self._importer.spec(self._id).names))
        try:
            row = maker.from_values(values)
        except BadCell as bad:
            self._refuse(bad.at(number))
            return
        self._keep(maker, row)

    def _prepare(self, columns: list[str]) -> RowMaker:
        self._maker = maker = RowMaker(self._importer.spec(self._id), columns)
        self._known = self._importer.known(self._id, maker)
        self._known.keys.reserve(self._expected)
        return maker

    def _keep(self, maker: RowMaker, row: Row) -> None:
        assert self._known is not None
        if not self._known.add(maker.key_of(row)):
            self._duplicates += 1
            return
        self._added += 1
        self._rows.append(row)
        if len(self._rows) >= HELD:
            self.store()

    def _refuse(self, error: RowError) -> RowError:
        self._bad += 1
        if len(self._errors) < MAX_ERRORS:
            self._errors.append(error)
        return error

    def store(self) -> None:
        """Put what is collected into the list."""
        if self._rows:
            assert self._known is not None
            self._importer.put(self._id, self._known, self._rows, self._top)
            self._rows = []

    def report(self, encoding: str, delimiter: str, new: tuple[str, ...]) -> ImportReport:
        return ImportReport(
            rows=self._total,
            added=self._added,
            duplicates=self._duplicates,
            bad=self._bad,
            errors=tuple(self._errors),
            encoding=encoding,
            delimiter=delimiter,
            new_columns=new,
        )


def _rows_in(source: CsvSource) -> int:
    """About how many rows a file has, not more than it can have with an address in each."""
    size = Path(source).stat().st_size if isinstance(source, str | Path) else 0
    return size // SHORT_ROW


def _opened(target: str | Path | IO[str] | None) -> AbstractContextManager[IO[str] | None]:
    if isinstance(target, str | Path):
        return open(target, "w", encoding="utf-8", errors="surrogateescape", newline="")
    return nullcontext(target)


def _without(places: list[int], cells: list[str]) -> list[str]:
    """The cells without those that an export of bad rows had put before them."""
    return [cell for place, cell in enumerate(cells) if place not in places] if places else cells


def rows_of_list(access: Access[Outbound], store: ChunkStore, id: str) -> Iterator[Row]:
    """All the rows of a list in the order in which campaigns take them, a chunk in memory at a time."""
    for name in access.look(lambda o: [o.list(id).chunks[n][0] for n in o.list(id).order]):
        yield from unpacked(store.get_chunk(name) or b"[]")
