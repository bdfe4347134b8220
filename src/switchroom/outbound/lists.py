"""Operations of contact lists. Rows lie in the store; here are the names of their chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchroom.errors import InvalidInput, LimitReached, NotAllowed
from switchroom.kernel.transaction import Transaction
from switchroom.outbound.campaigns import ACTIVE
from switchroom.outbound.events import ChunkRewritten, ContactsAdded, ListDeleted, ListSaved
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.places import MAX_ROWS
from switchroom.outbound.stepping import wake

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound

MAX_LISTS = 10_000
MAX_CONTACTS = 50_000_000
"""Contacts of a list: more than any carrier takes in a month."""


def save(tx: Transaction, o: Outbound, spec: ContactList) -> None:
    """Make a list or change one. Columns may be added, never taken away or moved: rows hold their values by place."""
    known = o.lists.get(spec.id)
    if known is None:
        if len(o.lists) >= MAX_LISTS:
            raise LimitReached("contact lists", MAX_LISTS)
    elif known.chunks:
        old = known.spec
        if (old.channel, old.address, old.key) != (spec.channel, spec.address, spec.key):
            raise NotAllowed("change channel, address or key of", "contact list", spec.id, "filled")
        if spec.columns[: len(old.columns)] != old.columns:
            raise NotAllowed("take columns from", "contact list", spec.id, "filled")
    tx.emit(ListSaved(spec.id, spec))


def add(tx: Transaction, o: Outbound, id: str, version: int, chunks: tuple[tuple[str, int], ...], top: bool) -> int:
    """Add chunks, as (name, rows), that lie in the store already; returns the number of the last.

    ``version``: the number of the last chunk that the caller knew: by it duplicates were told, so that a list that
    somebody else has added to meanwhile refuses.
    """
    record = o.list(id)
    if record.last != version:
        raise NotAllowed("add to", "contact list", id, "changed by somebody else meanwhile")
    for _, rows in chunks:
        if not 0 < rows <= MAX_ROWS:
            raise InvalidInput("rows", "range", rows, hint=f"1 to {MAX_ROWS}")
    if record.count + sum(rows for _, rows in chunks) > MAX_CONTACTS:
        raise LimitReached("contacts of a list", MAX_CONTACTS)
    # On top the last one goes first, so that they stand in their own order there.
    numbered = list(enumerate(chunks, record.last + 1))
    for number, (name, rows) in reversed(numbered) if top else numbered:
        tx.emit(ContactsAdded(id, number, name, rows, top))
    for c in list(o.campaigns.values()):
        if id in c.spec.lists and not c.spec.two_way:
            wake(tx, o, c.id)
    return record.last


def rewrite(tx: Transaction, o: Outbound, id: str, chunk: int, old: str, name: str) -> None:
    """A chunk has another name: contacts in it were blanked."""
    record = o.list(id)
    if record.chunks.get(chunk, ("", 0))[0] != old:
        raise NotAllowed("rewrite a chunk of", "contact list", id, "changed by somebody else meanwhile")
    tx.emit(ChunkRewritten(id, chunk, name))


def delete(tx: Transaction, o: Outbound, id: str) -> tuple[str, ...]:
    """Delete a list that no campaign uses; returns the names of its chunks, which the store may drop now."""
    record = o.list(id)
    used = next((c for c in o.campaigns.values() if id in c.spec.lists and (c.state in ACTIVE or c.chunks)), None)
    if used is not None:
        raise NotAllowed("delete", "contact list", id, f"used by campaign {used.id}")
    tx.emit(ListDeleted(id))
    return tuple(name for name, _ in record.chunks.values())
