"""The audit: who did what, in a chain that shows what was changed or taken out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from chatter import Chatter
from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.errors import Refused, SwitchroomError
from switchroom.security.audit import verify_audit
from switchroom.storage import codec
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.sqlite import SqliteStorage


def acted(storage: Any = None) -> ContactCenter:
    center = ContactCenter(clock=ManualClock(), seed=1, storage=storage)
    with center.acting_as("maria"):
        for n in range(5):
            center.queues.add(Queue(f"q{n}"))
            center.advance("1m")
    return center


def test_administrative_acts_are_recorded_with_who_what_and_when() -> None:
    """What agents do with their own work is not: the log has it anyhow. A refused one has not happened."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    with center.acting_as("maria"):
        center.queues.add(Queue("sales"))
        center.agents.add(Agent("ana", queues=["sales"]))
        center.agents.sign_in("ana")
        center.work.submit(WorkItem(queue="sales", id="w"))
        center.work.cancel_many(["w"])
        with pytest.raises(Refused):
            center.work.cancel_many(["w"])
    told = [(r.event.principal, r.event.operation, r.event.subjects[:1], r.event.outcome) for r in center.audit.acts()]
    assert told == [
        ("maria", "queues.save", ("queue:sales",), "done"),
        ("maria", "agents.save", ("agent:ana",), "done"),
        ("maria", "work.cancel_many", ("item:w",), "done"),
    ]
    assert center.audit.verify().ok


FORGED: dict[str, Callable[[Any], Any]] = {
    "number": lambda v: v + 1, "principal": lambda v: "eve", "operation": lambda v: "queues.remove",
    "subjects": lambda v: (), "outcome": lambda v: "denied", "arguments": lambda v: v + " ", "salt": lambda v: "0" * 32,
    "digest": lambda v: "0" * 64, "previous": lambda v: "1" * 64, "seal": lambda v: "2" * 64, "contact": lambda v: "c",
}  # fmt: skip


@pytest.mark.parametrize("field", FORGED)
def test_a_changed_record_is_found(field: str) -> None:
    """Whatever in it was changed."""
    records = list(acted().audit.acts())
    found = records[2]
    changed: Any = attrs.evolve(found.event, **{field: FORGED[field](getattr(found.event, field))})
    records[2] = found._replace(event=changed)
    report = verify_audit(records)
    assert not report.ok
    assert "record" in report.problems[0]


def test_a_record_that_is_removed_moved_or_redated_is_found() -> None:
    """In the middle by the chain, at the end by the head that was noted."""
    center = acted()
    records, head = list(center.audit.acts()), center.audit.head()
    assert verify_audit(records, head=head).ok
    assert not verify_audit(records[:2] + records[3:]).ok
    assert not verify_audit(records[1:]).ok
    assert not verify_audit([records[1], records[0], *records[2:]]).ok
    assert not verify_audit([records[0]._replace(at=1), *records[1:]]).ok
    assert verify_audit(records[:-1]).ok
    assert not verify_audit(records[:-1], head=head).ok


def test_every_byte_counts() -> None:
    """A byte of the stored acts flipped, with the checksum made to fit: found, wherever it stands."""
    rows = [codec.encode(record) for record in acted().audit.acts()]
    good = [codec.decode(row) for row in rows]
    checksum: Any = vars(codec)["_checksum"]
    tried = 0
    for place, row in enumerate(rows):
        for byte in range(len(row.payload)):
            forged = bytearray(row.payload)
            forged[byte] ^= 1
            changed = row._replace(payload=bytes(forged))
            changed = changed._replace(checksum=checksum(*changed[1:6]))
            tried += 1
            try:
                record = codec.decode(changed)
            except SwitchroomError:
                continue  # no record any more
            assert not verify_audit([*good[:place], record, *good[place + 1 :]]).ok, bytes(forged)
    assert tried > 1000


def test_the_chain_holds_when_a_person_is_erased() -> None:
    """The arguments go, with the salt; what remains tells nothing and is still sealed."""
    chatter = Chatter(1, marked=True)
    center = chatter.center
    with center.acting_as("maria"):
        chatter.know(1)
        head = center.audit.head()
        center.privacy.erase("person-1")
    acts = [r.event for r in center.audit.acts()]
    assert [a.operation for a in acts] == ["conversations.save_contact", "erasure.erase"]
    assert (acts[0].arguments, acts[0].salt) == ("", "")
    assert center.audit.verify(head=head).ok


def test_the_chain_goes_on_after_a_restart(tmp_path: Path) -> None:
    """From the log and from a snapshot alike."""
    path = tmp_path / "log.db"
    acted(SqliteStorage(path, synchronous="normal")).close()
    again = ContactCenter(clock=ManualClock("2026-02-01T00:00:00Z"), storage=SqliteStorage(path), seed=1)
    with again.acting_as("maria"):
        again.queues.add(Queue("later"))
    assert again.audit.verify().acts == 6
    assert again.audit.verify().ok
    again.check()


def test_a_conflict_asks_again_and_audits_once() -> None:
    """Another process was first: the operation decides anew, and is one act."""
    storage = MemoryStorage()
    one = ContactCenter(clock=ManualClock(), storage=storage, seed=1)
    two = ContactCenter(clock=ManualClock(), storage=storage, seed=2)
    one.queues.add(Queue("first"))
    with two.acting_as("maria"):
        two.queues.add(Queue("second"))
    assert two.audit.verify().acts == 1
