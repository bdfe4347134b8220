"""O1: a contact list of a million rows, and what a campaign takes for each contact, in time and in memory.

The import is typed (a number and a date), normalised, free of duplicates and durable: it ends in a SQLite file. It is
compared with a pass of ``csv.reader`` over the same file, which keeps nothing. Sending is everything from the rows in
the store to the taken message: screening (consent, do-not-contact, window, template, parts), request, gate, hand-over
to the transport in memory, outcome. The floor is a push and a pop of one heap of a million items.
"""

from __future__ import annotations

import csv
import gc
import tempfile
import tracemalloc
from pathlib import Path
from statistics import median
from time import thread_time_ns
from typing import TYPE_CHECKING

from figures import OPERATIONS, figure, ratio
from switchroom.carrying import Carrier
from switchroom.center import ContactCenter
from switchroom.clock import ManualClock
from switchroom.conversations.model import Line
from switchroom.messaging.addresses import Address
from switchroom.outbound.list_model import Column, ContactList
from switchroom.outbound.model import Campaign
from switchroom.routing.queue_model import Queue
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.sqlite import SqliteStorage
from switchroom.transport.memory import MemoryTransport
from world import Floor, Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from switchroom.storage.protocol import LogStorage

CONTACTS = 1_000_000
PASSES = 5
REMEMBERED = 100_000
"""Contacts for the memory figure: tracing makes everything three times as slow."""

COLUMNS = ["name", "phone", "city", Column("age", type="number"), Column("joined", type="date")]
TEXT = "Hello ${name}, our sale begins on Saturday. Reply STOP to end"


def lines(contacts: int) -> Iterator[str]:
    """A file of contacts, line by line."""
    yield "name,phone,city,age,joined\n"
    for n in range(contacts):
        yield f"Person {n},+1{2_000_000_000 + n},Springfield,{20 + n % 60},2026-01-{1 + n % 28:02}\n"


def center_on(storage: LogStorage) -> ContactCenter:
    center = ContactCenter(clock=ManualClock("2026-01-05T17:00:00Z"), storage=storage, seed=1)
    center.queues.add(Queue("help"))
    center.conversations.save_line(Line("main", address=Address("sms", "+15550001111"), queue="help"))
    center.lists.save(ContactList("people", address="phone", columns=COLUMNS, zone="America/New_York"))
    return center


def csv_pass(path: Path) -> int:
    """Nanoseconds of reading the file and forgetting it."""
    start = thread_time_ns()
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass
    return thread_time_ns() - start


@figure("O1/import-1M", goal=25, unit="x csv.reader")
def importing() -> float:
    """Into a SQLite file, typed, normalised, without duplicates."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.csv"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(lines(CONTACTS))
        with center_on(SqliteStorage(Path(folder) / "center.db")) as center:
            before = median(csv_pass(path) for _ in range(PASSES))
            start = thread_time_ns()
            report = center.lists.import_csv("people", path)
            took = thread_time_ns() - start
            after = median(csv_pass(path) for _ in range(PASSES))
    assert report.added == CONTACTS
    return took / median((before, after))


class Sending:
    """A campaign that is sent a block at a time."""

    def __init__(self, contacts: int, storage: LogStorage, *, carried: bool = True) -> None:
        self.center = center_on(storage)
        if carried:
            Carrier(self.center, MemoryTransport(self.center.clock))
        else:  # the transport in memory keeps every message, which is not what a campaign holds
            self.center.effects.register("send", lambda effect: {"status": "sent", "provider_id": f"p{effect.id}"})
        self.center.lists.import_csv("people", lines(contacts))
        spec = Campaign("spring", lists=["people"], senders=["main"], text=TEXT, purpose="transactional")
        self.center.campaigns.save(spec)
        self.center.campaigns.start("spring")

    def block(self) -> Callable[[], int]:
        return lambda: self.center.effects.deliver(OPERATIONS)


def floor_block() -> Callable[[], Callable[[], int]]:
    """A push and a pop of a heap that holds a million."""
    floor = Floor(CONTACTS)

    def block() -> Callable[[], int]:
        items = Stream.items(floor.stream, OPERATIONS)
        return lambda: floor.run(items)

    return block


@figure("O1/contact-1M", goal=60)
def sending() -> float:
    """Screening and sending one contact of a million."""
    return ratio(Sending(CONTACTS, MemoryStorage(keep=1_000)).block, floor_block())


@figure("O1/memory-while-answers-may-come", goal=150, unit="bytes each")
def memory() -> float:
    """What the center holds for each contact that was written to and may still answer; the rows are in the store."""
    with tempfile.TemporaryDirectory() as folder:
        sending = Sending(REMEMBERED, _Elsewhere(Path(folder) / "rows.db"), carried=False)
        sending.center.effects.deliver(10_000)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        handled = sending.center.campaigns.progress("spring").processed
        sending.center.effects.deliver(2 * REMEMBERED)
        gc.collect()
        used = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
    return used / (REMEMBERED - handled)


class _Elsewhere(MemoryStorage):
    """A log that forgets, with the chunks in a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(keep=1_000)
        self._file = SqliteStorage(path, synchronous="normal")
        self.put_chunks = self._file.put_chunks  # type: ignore[method-assign]
        self.get_chunk = self._file.get_chunk  # type: ignore[method-assign]
        self.drop_chunks = self._file.drop_chunks  # type: ignore[method-assign]
