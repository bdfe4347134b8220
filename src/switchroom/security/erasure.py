"""Erasing a person: find what the log says about them, end what is open, blank memory, then the store.

The log keeps positions, instants, types and ids, so that every count and report stays. Suppression stays, because it
stands under a keyed digest of the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from switchroom.conversations.events import ContactSaved
from switchroom.errors import UnknownId
from switchroom.kernel import outbox
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.records import Record
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Traces
from switchroom.messaging.addresses import Address
from switchroom.security.events import Erased

REDACT = "security.redact"
"""The kind of effect that blanks records in the store: after the commit, and again after a crash."""

OF_ONE_PERSON = frozenset({"conversation", "item", "work", "message", "effect", "journey", "notice"})
"""Kinds of things each of which is about one person, so that what they lead to is about the person, too."""

ReadTag = Callable[[str], Iterator[Record]]


def trace(read: ReadTag, contact: str) -> tuple[str, ...]:
    """The tags of everything in the log that is about a contact, sorted. Linear in the records found.

    Raises UnknownId if there is nothing.
    """
    found: set[str] = set()
    keys: set[str] = set()
    todo = [f"contact:{contact}"]
    while todo:
        tag = todo.pop()
        if tag in found:
            continue
        records = [record for record in read(tag) if not _of_another(record, contact)]
        if not records and tag == f"contact:{contact}":
            raise UnknownId("contact", contact)
        if not tag.startswith("customer:"):  # an address may have been another's: what is theirs is found by its own
            found.add(tag)
        for record in records:
            todo.extend(_leads(record, keys))
    return tuple(sorted(found))


def addresses_of(read: ReadTag, contact: str) -> tuple[Address, ...]:
    """Every address that the contact ever had, as far as the log still says so."""
    found: dict[Address, None] = {}
    for record in read(f"contact:{contact}"):
        if isinstance(record.event, ContactSaved):
            found.update(dict.fromkeys(record.event.spec.addresses))
    return tuple(found)


def _of_another(record: Record, contact: str) -> bool:
    return any(tag.startswith("contact:") and tag != f"contact:{contact}" for tag in record.tags)


def _leads(record: Record, keys: set[str]) -> Iterator[str]:
    """The tags under which more about the same person is found."""
    if isinstance(record.event, ContactSaved):
        for key in record.event.keys:
            if key not in keys:
                keys.add(key)
                yield from (f"customer:{key}", f"address:{key}", f"stream:to:{key}")
    for tag in record.tags:
        kind, _, id = tag.partition(":")
        if kind in OF_ONE_PERSON:
            yield tag
            if kind == "conversation":
                yield f"stream:{id}"


def grouped(traces: Iterable[str]) -> Traces:
    """Tags by kind."""
    kinds: dict[str, set[str]] = {}
    for tag in traces:
        kind, _, id = tag.partition(":")
        kinds.setdefault(kind, set()).add(id)
    return {kind: frozenset(ids) for kind, ids in kinds.items()}


def erase(tx: Transaction, kernel: Kernel, contact: str, traces: tuple[str, ...]) -> str | None:
    """One step: end what is open about the person and return None, or, if nothing is, erase and return the id of the
    effect that blanks the store. What ending something has led to is settled before the next step."""
    about = grouped(traces)
    ended = [vertical.withdraw(tx, about) for vertical in kernel.verticals.values() if vertical.withdraw is not None]
    if any([*ended, _withdraw_effects(tx, kernel, about)]):
        return None
    effect = outbox.request(tx, kernel.outbox, REDACT, f"{REDACT}:{contact}", {"tags": list(traces)})
    tx.emit(Erased(contact, traces, effect))
    return effect


def _withdraw_effects(tx: Transaction, kernel: Kernel, about: Traces) -> bool:
    box = kernel.outbox
    found = [id for id in sorted(about.get("effect", frozenset[str]())) if id in box.pending or id in box.dead]
    for id in found:
        outbox.drop(tx, box, id, "erased")
    return bool(found)


def erased(kernel: Kernel, e: Erased, at: int) -> None:
    """Applier: every vertical forgets the person."""
    about = grouped(e.traces)
    for vertical in kernel.verticals.values():
        if vertical.forget is not None:
            vertical.forget(about)


def redact(storage: Any, body: Any) -> dict[str, int]:
    """Blank the records with these tags in the store. Doing it again changes nothing."""
    return {"records": sum(storage.redact(tag) for tag in body["tags"])}
