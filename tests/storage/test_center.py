"""The center on a store: two on one log never assign twice, nothing unstored is ever seen, answers survive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from driver import run_script
from switchroom import Agent, ContactCenter, ManualClock, Queue, SystemClock, WorkItem
from switchroom.errors import BusyError, ConflictError, DamagedRecord, StorageError
from switchroom.kernel.records import Record
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.sqlite import SqliteStorage
from switchroom.testing.storage_events import noted


class Meddled(MemoryStorage):
    """Something happens just before an append."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], None] | None = None

    def append(self, records: Sequence[Record], after: int) -> int:
        before, self.before = self.before, None
        if before is not None:
            before()
        return super().append(records, after)


class Counted:
    """Ids that differ between two centers, as those of real processes do."""

    def __init__(self, name: str) -> None:
        self.name, self.count = name, 0

    def new(self, kind: str, now: int) -> str:
        self.count += 1
        return f"{kind}-{self.name}{self.count}"


def two(storage: Any) -> tuple[ContactCenter, ContactCenter]:
    clock = ManualClock()
    one = ContactCenter(clock=clock, storage=storage, ids=Counted("a"))
    one.queues.add(Queue("sales"))
    one.agents.add(Agent("ana", queues=["sales"]))
    return one, ContactCenter(clock=clock, storage=storage, ids=Counted("b"))


def test_an_operation_decides_anew_when_another_process_was_first() -> None:
    """It sees what the other did, and both hold."""
    one, other = two(MemoryStorage())
    first = one.work.submit(WorkItem(queue="sales"))
    second = other.work.submit(WorkItem(queue="sales"))
    one.agents.sign_in("ana")
    assert [one.work.get(i).state for i in (first, second)] == ["offered", "waiting"]
    other.catch_up()
    assert other.dump() == one.dump()
    one.check()
    other.check()


def test_two_processes_cannot_accept_one_offer_twice() -> None:
    """The later one is told that the offer is gone."""
    one, other = two(MemoryStorage())
    item = one.work.submit(WorkItem(queue="sales"))
    one.agents.sign_in("ana")
    other.catch_up()
    offer = one.offers.of_item(item)[0].id
    one.offers.accept(offer)
    with pytest.raises(Exception, match=r"accepted|gone|unknown"):
        other.offers.accept(offer)
    assert [r.type for r in one.events()].count("routing.offer_accepted") == 1


def test_subscribers_see_what_the_other_process_did() -> None:
    """Every record once, in order, whoever appended it."""
    one, other = two(MemoryStorage())
    one.catch_up()
    start, seen = one.storage.end(), list[int]()
    one.subscribe(lambda record: seen.append(record.position))
    other.work.submit(WorkItem(queue="sales"))
    one.work.submit(WorkItem(queue="sales"))
    assert seen == list(range(start + 1, one.storage.end() + 1))


def test_who_always_loses_says_busy() -> None:
    """After a stated number of tries, with nothing stored and the state that of the log."""
    storage = Meddled()
    center = ContactCenter(clock=ManualClock(), storage=storage, seed=1)
    center.queues.add(Queue("sales"))
    rival = ContactCenter(clock=ManualClock(), storage=storage, seed=2)
    count = [0]

    def meddle() -> None:
        count[0] += 1
        rival.catch_up()
        rival.queues.add(Queue(f"other-{count[0]}"))
        storage.before = meddle

    storage.before = meddle
    with pytest.raises(BusyError, match="times"):
        center.queues.add(Queue("mine"))
    storage.before = None
    assert "mine" not in center.queues.ids()
    center.queues.add(Queue("mine"))
    assert "mine" in center.queues.ids()
    center.check()


def test_a_command_that_was_stored_unseen_gets_its_answer() -> None:
    """The append is stored, the process does not hear of it, the caller tries again with the same command id."""

    class Deaf(MemoryStorage):
        deaf = False

        def append(self, records: Sequence[Record], after: int) -> int:
            end = super().append(records, after)
            if self.deaf:
                self.deaf = False
                raise StorageError("connection lost", reason="unreachable", retryable=True)
            return end

    storage = Deaf()
    center = ContactCenter(clock=ManualClock(), storage=storage, seed=1)
    center.queues.add(Queue("sales"))
    storage.deaf = True
    with pytest.raises(StorageError):
        center.work.submit(WorkItem(queue="sales"), command_id="c-1")
    end = storage.end()
    item = center.work.submit(WorkItem(queue="sales"), command_id="c-1")
    assert center.work.get(item).state == "waiting"
    assert storage.end() == end
    assert center.queues.waiting("sales") == (item,)


def test_what_is_not_stored_is_not_seen() -> None:
    """After an append that failed, memory shows what the log holds."""
    storage = Meddled()
    center = ContactCenter(clock=ManualClock(), storage=storage, seed=1)
    center.queues.add(Queue("sales"))

    def fail() -> None:
        raise StorageError("disk full", reason="full")

    storage.before = fail
    with pytest.raises(StorageError, match="disk full"):
        center.work.submit(WorkItem(queue="sales"))
    assert center.queues.waiting("sales") == ()
    center.check()


def test_a_center_does_not_run_on_a_state_that_could_not_be_loaded() -> None:
    """While the store is away every use fails; when it is back, everything works."""

    class Away(MemoryStorage):
        away = False

        def append(self, records: Sequence[Record], after: int) -> int:
            if self.away:
                raise StorageError("away", reason="unreachable", retryable=True)
            return super().append(records, after)

        def read(self, after: int = 0, **options: Any) -> Any:
            if self.away:
                raise StorageError("away", reason="unreachable", retryable=True)
            return super().read(after, **options)

        def end(self) -> int:
            if self.away:
                raise StorageError("away", reason="unreachable", retryable=True)
            return super().end()

    storage = Away()
    center = ContactCenter(clock=ManualClock(), storage=storage, seed=1)
    center.queues.add(Queue("sales"))
    storage.away = True
    for _ in range(2):
        with pytest.raises(StorageError, match="away"):
            center.work.submit(WorkItem(queue="sales"))
        with pytest.raises(StorageError, match="away"):
            center.queues.waiting("sales")
    storage.away = False
    assert center.queues.waiting("sales") == ()
    assert center.work.submit(WorkItem(queue="sales"))
    center.check()


def test_a_batch_that_loses_is_undone_as_a_whole() -> None:
    """Its body cannot be run again, so the caller hears of the conflict."""
    one, other = two(MemoryStorage())
    other.work.submit(WorkItem(queue="sales"))

    def submit_two() -> None:
        with one.batch():
            one.work.submit(WorkItem(queue="sales"))
            one.work.submit(WorkItem(queue="sales"))

    with pytest.raises(ConflictError):
        submit_two()
    assert len(one.queues.waiting("sales")) == 1
    one.check()


def test_deadlines_are_handled_once_by_two_processes() -> None:
    """Both find the same offer expired; one of them says so."""
    clock, storage = ManualClock(), MemoryStorage()
    one = ContactCenter(clock=clock, storage=storage, ids=Counted("a"))
    one.queues.add(Queue("sales", alert_timeout="20s"))
    one.agents.add(Agent("ana", queues=["sales"]))
    one.agents.sign_in("ana")
    one.work.submit(WorkItem(queue="sales"))
    other = ContactCenter(clock=clock, storage=storage, ids=Counted("b"))
    one.catch_up()
    clock.advance("30s")
    other.run_due()
    one.run_due()
    assert [r.type for r in one.events()].count("routing.offer_expired") == 1
    one.catch_up()
    other.catch_up()
    assert one.dump() == other.dump()


def test_a_log_from_a_faster_clock_is_gone_on_with() -> None:
    """Time stands still until the own clock has caught up; nothing is refused."""
    ahead = ManualClock(SystemClock().now() + timedelta(hours=1))
    storage = MemoryStorage()
    ContactCenter(clock=ahead, storage=storage).queues.add(Queue("sales"))
    center = ContactCenter(storage=storage)
    center.work.submit(WorkItem(queue="sales"))
    assert center.now() >= ahead.now()


def test_a_log_without_its_beginning_is_not_opened() -> None:
    """Better none than a state made of half the records."""
    storage = MemoryStorage(keep=5)
    center = ContactCenter(clock=ManualClock(), storage=storage, seed=1)
    for n in range(40):
        center.queues.add(Queue(f"q{n}"))
    with pytest.raises(StorageError, match="beginning"):
        ContactCenter(clock=ManualClock(), storage=MemoryStorageOf(storage))


class MemoryStorageOf:
    """The same store through another handle that has lost what is dropped."""

    def __init__(self, storage: MemoryStorage) -> None:
        self.storage = storage

    def append(self, records: Sequence[Record], after: int) -> int:
        return self.storage.append(records, after)

    def read(self, after: int = 0, **options: Any) -> Any:
        return iter(())

    def end(self) -> int:
        return self.storage.end()


def test_a_damaged_log_is_not_opened(tmp_path: Path) -> None:
    """The error names the position; nobody guesses what stood there."""
    import sqlite3

    path = tmp_path / "log.db"
    with ContactCenter(clock=ManualClock(), storage=SqliteStorage(path), seed=1, snapshot_every=None) as center:
        for n in range(5):
            center.queues.add(Queue(f"q{n}"))
    thief = sqlite3.connect(path)
    thief.execute("UPDATE records SET at = at + 1 WHERE position = 4")
    thief.commit()
    thief.close()
    with pytest.raises(DamagedRecord) as caught:
        ContactCenter(clock=ManualClock(), storage=SqliteStorage(path), seed=1)
    assert caught.value.position == 4


def test_a_foreign_record_is_no_reason_to_guess() -> None:
    """A log with events that nobody here applies is refused."""
    storage = MemoryStorage()
    storage.append([noted(1)], 0)
    with pytest.raises(Exception, match=r"Noted|poisoned|unknown"):
        ContactCenter(clock=ManualClock(), storage=storage)


@pytest.mark.parametrize("seed", range(4))
def test_a_script_on_sqlite_is_the_script_in_memory(tmp_path: Path, seed: int) -> None:
    """What a center wrote, stored and opened again, is the same log and the same state."""
    memory = run_script(seed, 60).center
    records = list(memory.storage.read())
    with SqliteStorage(tmp_path / "log.db", synchronous="normal") as store:
        for record in records:
            store.append([record], record.position - 1)
        assert list(store.read()) == records
        copy = MemoryStorage()
        copy.append(records, 0)
        clock = ManualClock(memory.now())
        one, two = (ContactCenter(clock=clock, storage=s, seed=seed, snapshot_every=None) for s in (store, copy))
        assert one.dump() == two.dump()
        one.check()
