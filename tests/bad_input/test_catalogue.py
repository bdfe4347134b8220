"""The catalogue of bad input: every row gives what it says, at every entry it names, in bounded time."""

from __future__ import annotations

from collections import Counter
from time import process_time
from typing import Any

import pytest
from entries import ENTRIES, load, made, outcome

ROWS = load()
MOST_SECONDS = 2.0
"""Of processor time for a row: the worst of them are ten megabytes, or a text that takes ten seconds to normalise."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"].encode("ascii", "backslashreplace").decode())
def test_row(row: dict[str, Any]) -> None:
    """Its stated result; nothing but the library's own errors is raised."""
    value = made(row["input"])
    start = process_time()
    assert outcome(ENTRIES[row["entry"]], value) == row["expect"]
    assert process_time() - start < MOST_SECONDS


def test_every_row_has_an_id_of_its_own_and_every_entry_rows() -> None:
    """A row that replaces another by mistake, or an entry that nobody tries, is noticed."""
    assert [id for id, times in Counter(row["id"] for row in ROWS).items() if times > 1] == []
    assert {row["entry"] for row in ROWS} == set(ENTRIES)
    assert len(ROWS) > 180
