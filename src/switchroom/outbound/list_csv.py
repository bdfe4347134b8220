"""Reading CSV files as people have them: encodings, separators, headers, ragged rows, huge fields; nothing is lost.

A record that cannot be read comes out as a bad one with its line and its raw text, and reading goes on behind it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias, cast

from switchroom.errors import InvalidInput
from switchroom.outbound.list_model import MAX_COLUMNS, column_name

MAX_LINE = 1 << 20
"""Characters of a line: what is longer is no row of contacts, and must not be held in memory."""

MAX_RAW = 100_000
"""Characters of the raw text of a bad record that are kept."""

DELIMITERS = ",;\t|"
GUESSED_FROM = 65_536
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that spreadsheets take for a formula. Source: OWASP ASVS 1.2.10, CWE-1236."""

REPAIR = ("_line", "_column", "_problem")
"""Columns that an export of bad rows has before the original ones; left out when it is read again."""

CsvSource: TypeAlias = str | Path | bytes | IO[bytes] | IO[str] | Iterable[str]
"""A path, bytes, an open file, or lines of text. A text is a path, never contents."""


class Record(NamedTuple):
    """A record of the file: the line on which it ends, and its cells; of a bad one the problem and the raw text."""

    line: int
    cells: list[str]
    problem: str = ""
    raw: str = ""


class _Lines:
    """The lines of a text file, bounded; remembers those of the record being read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.number = 0
        self.held: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        self.held.append(line)
        if len(line) > MAX_LINE:
            raise csv.Error(f"a line of more than {MAX_LINE} characters")
        return line


def _bounded(file: IO[str]) -> Iterator[str]:
    """Lines of at most a little more than MAX_LINE; the rest of a longer one is passed over."""
    while line := file.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE and not line.endswith("\n"):
            while (rest := file.readline(MAX_LINE)) and not rest.endswith("\n"):
                pass
        yield line


class CsvReader:
    """The records of a CSV file behind its header.

    ``columns``: the names from the header, made unique (``phone``, ``phone_2``). ``encoding`` and ``delimiter``: as
    given, or as found: by a byte order mark, UTF-8 otherwise, ``guess`` asks the ``csv`` extra; bytes that do not fit
    the encoding make their rows bad, not the file. Refuses a file without a header.
    """

    def __init__(self, source: CsvSource, *, encoding: str | None = None, delimiter: str | None = None) -> None:
        self.encoding = encoding or "utf-8"
        self._close: IO[bytes] | None = None
        self._lines = _Lines(self._open(source, encoding))
        try:
            header = next(self._lines, None)
        except (csv.Error, UnicodeError) as error:
            self.close()
            raise InvalidInput("csv", "no_header", hint=f"the first line is no header: {error}") from None
        if header is None or not header.strip("\r\n\ufeff, ;\t|"):
            self.close()
            raise InvalidInput("csv", "no_header", hint="the file is empty: a first line with column names is wanted")
        self.delimiter = delimiter or _delimiter(header)
        reader = csv.reader(chain([header.removeprefix("\ufeff")], self._lines), delimiter=self.delimiter)
        self.headers = next(reader)
        self._reader = reader
        self.columns = unique_names(self.headers)
        self._lines.held.clear()

    def _open(self, source: CsvSource, encoding: str | None) -> Iterator[str]:
        if isinstance(source, str | Path):
            self._close = Path(source).open("rb")  # noqa: SIM115 - closed by close()
            return self._decoded(self._close, encoding)
        if isinstance(source, bytes):
            return self._decoded(io.BytesIO(source), encoding)
        if hasattr(source, "read"):
            file = cast("IO[bytes] | IO[str]", source)
            if isinstance(file, io.TextIOBase):
                return _bounded(cast("IO[str]", file))
            return self._decoded(cast("IO[bytes]", file), encoding)
        return iter(cast("list[str]", source))

    def _decoded(self, file: IO[bytes], encoding: str | None) -> Iterator[str]:
        start = file.read(GUESSED_FROM)
        self.encoding = _encoding(start, encoding)
        whole = io.BufferedReader(_Joined(start, file))
        try:
            text = io.TextIOWrapper(whole, self.encoding, errors="surrogateescape", newline="")
        except LookupError:
            raise InvalidInput("encoding", "unknown", encoding, hint="no such encoding") from None
        return _bounded(text)

    def __iter__(self) -> Iterator[Record]:
        lines, held, reader = self._lines, self._lines.held, self._reader
        while True:
            try:
                for cells in reader:
                    if cells:
                        yield Record(lines.number, cells)
                    held.clear()
                return
            except csv.Error as error:
                yield Record(lines.number, [], str(error), "".join(held)[:MAX_RAW])
                held.clear()
            except UnicodeError as error:
                # The decoder stands still: nothing behind this can be read.
                yield Record(lines.number, [], f"no {self.encoding}: {error}", "".join(held)[:MAX_RAW])
                return

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._close is not None:
            self._close.close()

    def __enter__(self) -> CsvReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Joined(io.RawIOBase):
    """The beginning of a file that was read already, and the rest."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start, self._rest = start, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._start[: len(buffer)] or self._rest.read(len(buffer))
        self._start = self._start[len(data) :] if self._start else b""
        buffer[: len(data)] = data
        return len(data)


def _encoding(start: bytes, given: str | None) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            return name
    return guessed_encoding(start) if given == "guess" else given or "utf-8"


def guessed_encoding(start: bytes) -> str:
    """The likely encoding of a text from its beginning. Needs the ``csv`` extra."""
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        raise ImportError('guessing encodings needs the extra: pip install "switchroom[csv]"') from None
    best = from_bytes(start).best()
    return "utf-8" if best is None else str(best.encoding)


def _delimiter(header: str) -> str:
    """The separator that the header holds most often."""
    return max(DELIMITERS, key=header.count) if any(d in header for d in DELIMITERS) else ","


def unique_names(headers: list[str]) -> list[str]:
    """Names of columns from their headers: readable, unique, and at most MAX_COLUMNS."""
    if len(headers) > MAX_COLUMNS:
        raise InvalidInput("csv.header", "too_many", len(headers), hint=f"at most {MAX_COLUMNS} columns")
    names: list[str] = []
    for header in headers:
        name = header if header in REPAIR else column_name(plain_cell(header))
        number, base = 1, name
        while name in names:
            number += 1
            name = f"{base[:60]}_{number}"
        names.append(name)
    return names


def plain_cell(text: str) -> str:
    """A cell without the quote that an export puts before what would be a formula.

    >>> plain_cell("'=1+1"), plain_cell("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(FORMULA) else text


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; `plain_cell` gives it back.

    >>> safe_cell("=1+1"), safe_cell("Ana")
    ("'=1+1", 'Ana')
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text
