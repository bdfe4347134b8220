"""Snapshots: what goes on from one does what the original would have done; one that cannot be read costs time only."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatter import Chatter
from driver import Driver, run_script
from switchroom import ContactCenter, ManualClock, Queue, WorkItem, snapshots
from switchroom.routing import snapshot as layout
from switchroom.routing.records import AgentRecord, AssignmentRecord, ItemRecord, OfferRecord, QueueRecord
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.protocol import Snapshot
from switchroom.storage.sqlite import SqliteStorage


def swap(driver: Driver | Chatter) -> None:
    """Replace the center's state by what its snapshot gives."""
    center: Any = driver.center
    before = center.dump()
    payload = snapshots.take(center._kernel, True)
    kernel, _ = center.fresh()
    assert snapshots.restore(kernel, Snapshot(0, snapshots.version(kernel), payload))
    kernel.end = center.journal.end
    center.journal._use(kernel)
    assert center.dump() == before
    assert snapshots.take(kernel, True) == payload
    center.check()


@settings(max_examples=25)
@given(st.integers(0, 1_000_000), st.integers(2, 12))
def test_going_on_from_a_snapshot_is_going_on(seed: int, every: int) -> None:
    """A center whose state is replaced by its snapshot again and again writes the same log as one left alone."""
    count = [0]

    def step(driver: Driver) -> None:
        count[0] += 1
        if count[0] % every == 0:
            swap(driver)

    alone = run_script(seed, 60).center
    swapped = run_script(seed, 60, step).center
    assert list(swapped.storage.read()) == list(alone.storage.read())
    assert swapped.dump() == alone.dump()


@settings(max_examples=12)
@given(st.integers(0, 1_000_000), st.integers(1, 9))
def test_going_on_from_a_snapshot_is_going_on_with_conversations(seed: int, every: int) -> None:
    """Flows in the middle of a question, messages under way, consent and suppression: all of it is kept."""
    count = [0]

    def step(chatter: Any) -> None:
        count[0] += 1
        if count[0] % every == 0:
            swap(chatter)

    alone, swapped = Chatter(seed).run(80), Chatter(seed).run(80, step)
    assert list(swapped.center.storage.read()) == list(alone.center.storage.read())
    assert swapped.center.dump() == alone.center.dump()


def test_every_vertical_can_be_kept() -> None:
    """Whatever is used: a center that grows need never replay years."""
    kernel = vars(ContactCenter(clock=ManualClock()))["journal"].kernel
    assert [name for name, vertical in kernel.verticals.items() if vertical.save is None] == []


@settings(max_examples=10)
@given(st.integers(0, 1_000_000), st.floats(0, 1))
def test_snapshot_and_tail_are_the_whole_log(seed: int, share: float) -> None:
    """Opening from a snapshot at any position and the records after it gives the state of a full replay."""
    taken: list[tuple[int, bytes]] = []

    def step(driver: Driver) -> None:
        center: Any = driver.center
        taken.append((center.storage.end(), snapshots.take(center._kernel, True)))

    center = run_script(seed, 40, step).center
    records = list(center.storage.read())
    position, payload = taken[int(share * (len(taken) - 1))]
    short, full = MemoryStorage(), MemoryStorage()
    for store in (short, full):
        store.append(records, 0)
    short.save_snapshot(position, snapshots.version(center._kernel), payload)
    clock = ManualClock(center.now())
    one = ContactCenter(clock=clock, storage=short, seed=seed)
    two = ContactCenter(clock=clock, storage=full, seed=seed)
    assert one.dump() == two.dump()
    one.check()


@pytest.mark.parametrize(
    ("record", "kept"),
    [
        (ItemRecord, {*layout.ITEM_ALWAYS, *layout.ITEM_PLAIN, *layout.ITEM_FORMED, *layout.ITEM_DERIVED}),
        (QueueRecord, {*layout.QUEUE_SAVED, *layout.QUEUE_FORMED, *layout.QUEUE_DERIVED}),
        (AgentRecord, {*layout.AGENT_SAVED, *layout.AGENT_FORMED, *layout.AGENT_DERIVED}),
        (OfferRecord, {*layout.OFFER_SAVED, "id", "item", "agent"}),
        (AssignmentRecord, {*layout.ASSIGNMENT_SAVED, "id", "item", "agent", "queue"}),
    ],
)
def test_every_field_of_a_record_is_kept_or_derived(record: Any, kept: set[str]) -> None:
    """No name is listed that is no field, and none is left out."""
    assert set(record.__slots__) == kept


def furnished(path: Path, **options: Any) -> ContactCenter:
    return ContactCenter(clock=ManualClock(), storage=SqliteStorage(path, synchronous="normal"), seed=1, **options)


def test_a_center_keeps_a_snapshot_every_so_many_records(tmp_path: Path) -> None:
    """And opening again reads only what came after it."""
    center = furnished(tmp_path / "log.db", snapshot_every=20)
    center.queues.add(Queue("sales"))
    for _ in range(50):
        center.work.submit(WorkItem(queue="sales"))
    storage: Any = center.storage
    kept = storage.load_snapshot()
    assert kept is not None
    assert storage.end() - kept.position < 20
    state, end = center.dump(), storage.end()
    storage.close()
    reads: list[int] = []

    class Watched(SqliteStorage):
        def read(self, after: int = 0, **options: Any) -> Any:
            reads.append(after)
            return super().read(after, **options)

    again = ContactCenter(clock=ManualClock(), storage=Watched(tmp_path / "log.db"), seed=1)
    assert reads[0] == kept.position
    assert again.storage.end() == end + 1, "only that it was started again"
    assert {**again.dump(), "now": 0} == {**state, "now": 0}
    again.check()


def test_closing_keeps_a_snapshot(tmp_path: Path) -> None:
    """Unless nothing has happened since the last one; closing again is allowed."""
    with furnished(tmp_path / "log.db") as center:
        center.queues.add(Queue("sales"))
        end = center.storage.end()
    center.close()
    with SqliteStorage(tmp_path / "log.db") as store:
        kept = store.load_snapshot()
        assert kept is not None
        assert kept.position == end


def test_no_snapshots_are_taken_where_none_are_wanted(tmp_path: Path) -> None:
    """``snapshot_every=None``."""
    with furnished(tmp_path / "log.db", snapshot_every=None) as center:
        center.queues.add(Queue("sales"))
    with SqliteStorage(tmp_path / "log.db") as store:
        assert store.load_snapshot() is None


@pytest.mark.parametrize(
    ("newer", "payload"),
    [(1, b"{}"), (0, b"{"), (0, b"{}"), (0, b"[]")],
)
def test_a_snapshot_that_cannot_be_read_is_ignored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, newer: int, payload: bytes
) -> None:
    """Of another version or damaged: the log is replayed, and the log file says so."""
    center = furnished(tmp_path / "log.db")
    center.queues.add(Queue("sales"))
    item = center.work.submit(WorkItem(queue="sales"))
    version = snapshots.version(vars(center)["journal"].kernel) + newer
    center.storage.save_snapshot(center.storage.end(), version, payload)  # type: ignore[attr-defined]
    with caplog.at_level(logging.WARNING, "switchroom"):
        again = furnished(tmp_path / "log.db")
    assert again.work.get(item).state == "waiting"
    assert "replaying the log instead" in caplog.text
    again.check()


def test_a_snapshot_with_a_broken_middle_is_ignored(tmp_path: Path) -> None:
    """A state filled half-way is thrown away, not used."""
    center = furnished(tmp_path / "log.db")
    center.queues.add(Queue("sales"))
    item = center.work.submit(WorkItem(queue="sales"))
    raw: Any = center
    state = json.loads(snapshots.take(raw._kernel, True))
    state["verticals"]["routing"]["items"][0][1] = 99
    payload = json.dumps(state).encode()
    raw.storage.save_snapshot(raw.storage.end(), snapshots.version(raw._kernel), payload)
    again = furnished(tmp_path / "log.db")
    assert again.work.get(item).state == "waiting"
    again.check()


def test_a_snapshot_that_fails_does_not_fail_the_operation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The operation is stored already."""
    from switchroom.errors import StorageError

    def refuse(*args: Any) -> None:
        raise StorageError("no room", reason="full")

    monkeypatch.setattr(SqliteStorage, "save_snapshot", refuse)
    center = furnished(tmp_path / "log.db", snapshot_every=1)
    center.queues.add(Queue("sales"))
    assert center.queues.ids() == ("sales",)
    assert "no snapshot kept" in caplog.text
