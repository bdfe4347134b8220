"""The state as it was: the log replayed into a fresh kernel, up to a position."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Protocol

from switchroom.errors import NotAllowed, UnknownId
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.records import Record
from switchroom.routing.events import OfferMade
from switchroom.routing.records import TOKEN
from switchroom.routing.runner import Runner
from switchroom.routing.state import Routing


class History(Runner, Protocol):
    """What questions about the past, and about what would happen, need besides a ``Runner``. Centers have it."""

    def events(self, *, after: int = 0, tag: str | None = None) -> Iterator[Record]:
        """Records of the log, oldest first, those with a tag if one is given."""
        ...

    def fresh(self) -> tuple[Kernel, Routing]:
        """An empty kernel wired as the live one is, and its routing state."""
        ...


def rebuild(history: History, before: int | None = None) -> tuple[Kernel, Routing]:
    """A kernel of its own at the end of the log, or just before a position. O(log).

    Refuses (NotAllowed) a log whose beginning is gone: its state cannot be rebuilt.
    """
    kernel, routing = history.fresh()
    records = history.events()
    wanted = records if before is None else takewhile(lambda record: record.position < before, records)
    kernel.replay((record.at, record.event) for record in _whole(wanted))
    return kernel, routing


def _whole(records: Iterator[Record]) -> Iterator[Record]:
    for number, record in enumerate(records, 1):
        if record.position != number:
            raise NotAllowed("rebuild", "log", "", f"without its records {number} to {record.position - 1}")
        yield record


def offer_record(history: History, offer_id: str) -> Record:
    """The record that made an offer, or UnknownId. Linear in the records about its item."""
    item = offer_id.partition(TOKEN)[0]
    for record in history.events(tag=f"item:{item}"):
        if isinstance(record.event, OfferMade) and record.event.offer == offer_id:
            return record
    raise UnknownId("offer", offer_id)


def record_at(history: History, position: int) -> Record:
    """The record at a position, or UnknownId."""
    found = next(history.events(after=position - 1), None) if position > 0 else None
    if found is None or found.position != position:
        raise UnknownId("record", str(position))
    return found
