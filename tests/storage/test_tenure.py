"""One writes, the others follow; a standby takes over by itself, and the one it deposed stops by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from switchroom import Agent, AsyncContactCenter, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.errors import InvalidInput, NotTheWriter, StorageError
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.sqlite import SqliteStorage


def pair(storage: Any = None, **options: Any) -> tuple[ContactCenter, ContactCenter, ManualClock]:
    """Two processes on one log: the first one writes."""
    storage, clock = storage or MemoryStorage(), ManualClock()
    one = ContactCenter(clock=clock, storage=storage, role="standby", name="one", **options)
    one.queues.add(Queue("sales", alert_timeout="30s"))
    one.agents.add(Agent("ana", queues=["sales"]))
    one.agents.sign_in("ana")
    return one, ContactCenter(clock=clock, storage=storage, role="standby", name="two", **options), clock


def depose(one: ContactCenter, two: ContactCenter, clock: ManualClock) -> None:
    """The writer is silent until its lease has lapsed, and the other one looks."""
    clock.advance("11s")
    two.run_due()
    assert two.role == "writer"


def test_the_first_one_writes_and_the_second_one_follows() -> None:
    """Operations of the one that follows are refused, and the error names who writes."""
    one, two, clock = pair()
    assert (one.role, two.role) == ("writer", "follower")
    with pytest.raises(NotTheWriter, match="one-") as caught:
        two.work.submit(WorkItem(queue="sales"))
    assert caught.value.retryable
    with pytest.raises(NotTheWriter), two.batch():
        pass
    clock.advance("1s")
    item = one.work.submit(WorkItem(queue="sales"))
    two.run_due()
    assert two.work.get(item).state == "offered"
    assert two.dump() == one.dump()
    two.check()


def test_a_writer_that_works_keeps_the_lease() -> None:
    """It renews on the way: by its operations, or by its timers."""
    one, two, clock = pair()
    for _ in range(6):
        clock.advance("4s")
        one.work.submit(WorkItem(queue="sales"))
        two.run_due()
    for _ in range(6):
        clock.advance("4s")
        one.run_due()
        two.run_due()
    assert (one.role, two.role) == ("writer", "follower")


def test_a_standby_takes_over_when_the_lease_lapses() -> None:
    """Not a moment before; what is out gets its full time again, and the work goes on."""
    one, two, clock = pair()
    item = one.work.submit(WorkItem(queue="sales"))
    clock.advance("9.9s")
    two.run_due()
    assert two.role == "follower"
    clock.advance("0.1s")
    two.run_due()
    assert two.role == "writer"
    offer = two.offers.of_item(item)[0]
    assert offer.expires is not None
    assert (offer.expires - clock.now()).total_seconds() == 30
    two.offers.accept(offer.id)
    two.check()


def test_the_deposed_writer_stops_by_itself() -> None:
    """Its next operation leaves no trace, and from then on it follows; what it shows is what the log tells."""
    one, two, clock = pair()
    depose(one, two, clock)
    end = two.storage.end()
    with pytest.raises(NotTheWriter, match="two-"):
        one.work.submit(WorkItem(queue="sales"))
    assert two.storage.end() == end
    assert one.role == "follower"
    one.run_due()
    assert one.dump() == two.dump()
    one.check()


def test_a_deposed_writer_that_does_not_know_it_loses_at_the_end_of_the_log() -> None:
    """Its clock stands still, say: it believes in its lease, and its append fails all the same."""
    storage, slow = MemoryStorage(), ManualClock()
    one = ContactCenter(clock=slow, storage=storage, role="standby")
    one.queues.add(Queue("sales"))
    fast = ManualClock(slow.now())
    two = ContactCenter(clock=fast, storage=storage, role="standby")
    fast.advance("1m")
    two.run_due()
    assert (one.role, two.role) == ("writer", "writer")
    with pytest.raises(NotTheWriter):
        one.work.submit(WorkItem(queue="sales"))
    assert one.role == "follower"
    assert two.queues.waiting("sales") == ()
    assert one.queues.waiting("sales") == ()


def test_whoever_closes_hands_over_at_once() -> None:
    """A release is not a death: nobody waits for the lease to lapse."""
    one, two, _ = pair()
    one.close()
    two.run_due()
    assert two.role == "writer"
    two.work.submit(WorkItem(queue="sales"))


def test_the_lease_goes_to_and_fro() -> None:
    """A deposed process takes over again when its time comes."""
    one, two, clock = pair()
    for writer, other in ((two, one), (one, two), (two, one)):
        depose(other, writer, clock)
        other.run_due()
        assert other.role == "follower"
        writer.work.submit(WorkItem(queue="sales"))
    one.run_due()
    assert one.dump() == two.dump()


def test_a_follower_never_takes_over() -> None:
    """Whatever becomes of the lease: it shows, and that is all."""
    one, _, clock = pair()
    reader = ContactCenter(clock=clock, storage=one.storage, role="follower")
    one.close()
    clock.advance("1h")
    reader.run_due()
    assert reader.role == "follower"
    with pytest.raises(NotTheWriter):
        reader.agents.sign_out("ana")
    assert reader.agents.get("ana").presence == "on_queue"
    assert reader.effects.deliver() == 0
    assert reader.effects.pending() == ()


def test_subscribers_of_a_follower_see_every_record_once() -> None:
    """Dashboards and reports live there."""
    one, _, clock = pair()
    reader = ContactCenter(clock=clock, storage=one.storage, role="follower")
    start, seen = one.storage.end(), list[int]()
    reader.subscribe(lambda record: seen.append(record.position))
    for _ in range(3):
        one.work.submit(WorkItem(queue="sales"))
        reader.catch_up()
    assert seen == list(range(start + 1, one.storage.end() + 1))


def test_a_follower_keeps_snapshots_without_stopping_the_writer(tmp_path: Path) -> None:
    """The writer is told to keep none."""
    path = tmp_path / "log.db"
    clock = ManualClock()
    one = ContactCenter(clock=clock, storage=SqliteStorage(path, synchronous="normal"), snapshot_every=None)
    reader = ContactCenter(clock=clock, storage=SqliteStorage(path), role="follower", snapshot_every=10)
    for n in range(20):
        one.queues.add(Queue(f"q{n}"))
    reader.catch_up()
    storage: Any = one.storage
    assert storage.load_snapshot().position == storage.end()
    again = ContactCenter(clock=clock, storage=SqliteStorage(path))
    assert again.queues.ids() == one.queues.ids()


def test_following_waits_for_news(tmp_path: Path) -> None:
    """With a store that announces nothing it looks from time to time."""
    path = tmp_path / "log.db"
    one = ContactCenter(storage=SqliteStorage(path, synchronous="normal"))
    reader = ContactCenter(storage=SqliteStorage(path), role="follower")
    assert not reader.follow(0.01)
    one.queues.add(Queue("sales"))
    assert reader.follow(0.01)
    assert reader.queues.ids() == ("sales",)


def test_a_standby_on_an_empty_log_begins_it_when_it_takes_over() -> None:
    """Also if the first one died before it had written anything."""
    clock, storage = ManualClock(), MemoryStorage()
    storage.acquire_lease("dead", clock.micros(), clock.micros() + 5_000_000)
    center = ContactCenter(clock=clock, storage=storage, role="standby")
    assert storage.end() == 0
    clock.advance("6s")
    center.run_due()
    center.queues.add(Queue("sales"))
    assert next(r.type for r in center.events()) == "routing.day_started"


def test_what_cannot_be_is_refused() -> None:
    """Another role, a store without a lease, a lease that a pause of the process would lose."""
    with pytest.raises(InvalidInput, match="role"):
        ContactCenter(role="leader")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="lease"):
        ContactCenter(role="standby", lease="0.5s")

    class LogAlone:
        def append(self, records: Any, after: int) -> int:
            raise StorageError("never")

        def read(self, after: int = 0, **options: Any) -> Any:
            return iter(())

        def end(self) -> int:
            return 0

    with pytest.raises(InvalidInput, match="lease"):
        ContactCenter(role="standby", storage=LogAlone())


def test_an_asyncio_standby_takes_over_by_its_timers(tmp_path: Path) -> None:
    """Nothing is called: the loop's timers look at the lease, and deposed it answers what it has not stored."""
    path = tmp_path / "log.db"
    clock = ManualClock()

    async def both() -> None:
        one = ContactCenter(clock=clock, storage=SqliteStorage(path), role="standby")
        two = ContactCenter(clock=clock, storage=SqliteStorage(path), role="standby")
        async with AsyncContactCenter(one) as first, AsyncContactCenter(two) as second:
            await first.call(one.queues.add, Queue("sales"))
            await second.call(two.catch_up)
            assert two.queues.ids() == ("sales",)
            clock.advance("11s")
            await second.call(two.run_due)
            assert two.role == "writer"
            await second.call(two.work.submit, WorkItem(queue="sales"))
            with pytest.raises(NotTheWriter):
                await first.call(one.work.submit, WorkItem(queue="sales"))
            await first.call(one.run_due)
            assert len(one.queues.waiting("sales")) == 1

    asyncio.run(both())


def test_a_group_of_the_deposed_writer_is_dropped_as_a_whole(tmp_path: Path) -> None:
    """What it had done in memory while another took over was acknowledged to nobody."""
    path = tmp_path / "log.db"
    slow = ManualClock()

    async def both() -> None:
        one = ContactCenter(clock=slow, storage=SqliteStorage(path), role="standby")
        async with AsyncContactCenter(one) as desk:
            await desk.call(one.queues.add, Queue("sales"))
            fast = ManualClock(slow.now())
            fast.advance("1m")
            two = ContactCenter(clock=fast, storage=SqliteStorage(path), role="standby")
            assert two.role == "writer"
            calls = [desk.call(one.work.submit, WorkItem(queue="sales")) for _ in range(5)]
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            assert all(isinstance(outcome, StorageError) for outcome in outcomes)
            assert two.queues.waiting("sales") == ()
            with pytest.raises(NotTheWriter):
                await desk.call(one.work.submit, WorkItem(queue="sales"))
            assert one.role == "follower"

    asyncio.run(both())
