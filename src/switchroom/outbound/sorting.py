"""A sorted copy of a campaign's contacts, made by passes over the lists, so that memory holds a part of them only.

The keys of all contacts are held while they are sorted (some 100 bytes each); rows are written out in blocks, each
filled by one pass over the lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from switchroom.outbound import campaigns
from switchroom.outbound.chunks import ROWS, chunk_name, packed
from switchroom.outbound.importing import rows_of_list
from switchroom.outbound.list_model import Cell, Row

if TYPE_CHECKING:
    from switchroom.kernel.vertical import Access
    from switchroom.outbound.pump import ChunkStore
    from switchroom.outbound.state import Outbound

BLOCK = 100 * ROWS
"""Rows held at a time while the copy is written."""


def put_in_order(access: Access[Outbound], store: ChunkStore, campaign: str) -> None:
    """Sort the contacts of a draft by its column, and let it take them in that order. O(n log n)."""
    spec = access.look(lambda o: o.campaign(campaign).spec)
    column = spec.sort
    if column is None:
        return
    keys = [_key(row, place) for row, place in _rows(access, store, spec.lists, column)]
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=spec.descending)
    del keys
    names: list[str] = []
    sizes: list[int] = []
    for start in range(0, len(order), BLOCK):
        block = {position: place for place, position in enumerate(order[start : start + BLOCK])}
        rows: list[Row] = [[] for _ in block]
        for position, (row, _) in enumerate(_rows(access, store, spec.lists, column)):
            place = block.get(position)
            if place is not None:
                rows[place] = row
        for first in range(0, len(rows), ROWS):
            part = rows[first : first + ROWS]
            payload = packed(part)
            names.append(chunk_name(f"{campaign}:sorted", len(names), payload))
            sizes.append(len(part))
            store.put_chunks([(names[-1], payload)])
    access.run(campaigns.put_in_order, campaign, tuple(names), tuple(sizes))


def _rows(
    access: Access[Outbound], store: ChunkStore, lists: tuple[str, ...], column: str
) -> Iterator[tuple[Row, int | None]]:
    """Every row with the place of the column in it, if its list has it."""
    for id in lists:
        names = access.look(lambda o, id=id: o.list(id).spec.names)  # type: ignore[misc]
        place = names.index(column) + 1 if column in names else None
        for row in rows_of_list(access, store, id):
            yield row, place


def _key(row: Row, place: int | None) -> tuple[int, float, str]:
    """Numbers before texts, empty cells last; equal ones stay in the order of the list."""
    value: Cell = row[place] if place is not None and place < len(row) else None
    if value is None or value == "":
        return (2, 0.0, "")
    if isinstance(value, str):
        return (1, 0.0, value.casefold())
    return (0, float(value), "")
