"""Replay: a log read again is the state that wrote it, at every position."""

from __future__ import annotations

from typing import Any

import pytest

from desk import Desk, after, agents
from driver import run_script
from switchroom import ContactCenter, ManualClock, Queue, WorkItem
from switchroom.errors import BusyError, ConflictError, InvalidInput, KernelPoisoned, NotAllowed, StorageError
from switchroom.kernel.records import Record
from switchroom.routing.queue_model import AfterCallWork
from switchroom.storage.memory import MemoryStorage


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_any_prefix_of_a_log_can_be_read(seed: int) -> None:
    """Cut anywhere, the rest is applied without an error, and the whole gives the live state."""
    center = run_script(seed, 50).center
    entries = [(record.at, record.event) for record in center.events()]
    for cut in range(0, len(entries), 7):
        kernel, routing = center.fresh()
        kernel.replay(entries[:cut])
        routing.floor.index.check()
        kernel.deadlines.check()
    kernel, routing = center.fresh()
    kernel.replay(entries)
    kernel.advance(center._kernel.now, [])
    assert routing.dump() == center._routing.dump()


def restarted(desk: Desk, seconds: float) -> Desk:
    """The same log in a new process, so many seconds after the start."""
    new = Desk.__new__(Desk)
    new.center = ContactCenter(clock=ManualClock(after(seconds)), storage=desk.center.storage, seed=1)
    new.queues, new.agents, new.work = new.center.queues, new.center.agents, new.center.work
    new.offers, new.assignments = new.center.offers, new.center.assignments
    return new


def test_after_a_stop_offers_have_their_full_time_again() -> None:
    """What passed in the gap is handled at the time of the start; an offer gets its alert time from then on."""
    queue = Queue("q", alert_timeout="20s", after_call_work=AfterCallWork(mode="timed", limit="30s"))
    desk = Desk(queue, *agents("ana", "bob"))
    desk.assignments.complete(desk.accept(desk.submit("x")))
    desk.submit("y")
    later = restarted(desk, 3000)
    later.center.run_due()
    assert later.state("x") == "completed"
    assert later.offered("y") == ["bob"]
    later.wait(19.9)
    assert later.offered("y") == ["bob"]
    later.wait(0.1)
    assert later.agents.get("bob").presence == "not_responding"
    third = restarted(later, 4000)
    assert third.center.dump()["routing"]["items"] == later.center.dump()["routing"]["items"]


class Failing(MemoryStorage):
    """A store that fails when told to."""

    error: Exception | None = None
    lasting = False

    def append(self, records: Any, after: int) -> int:
        if self.error is not None:
            error = self.error
            self.error = error if self.lasting else None
            raise error
        return super().append(records, after)


@pytest.mark.parametrize("error", [StorageError("full"), OSError("gone")])
def test_what_was_not_stored_has_not_happened(error: Exception) -> None:
    """After a failed append memory follows the log, and the next operation goes on from there."""
    storage = Failing()
    desk = Desk(Queue("q"), *agents("ana"), storage=storage)
    before = desk.center.dump()
    storage.error = error
    with pytest.raises(type(error)):
        desk.submit("x")
    assert desk.center.dump() == before
    desk.submit("x")
    assert desk.offered("x") == ["ana"]


def test_another_writer_is_noticed() -> None:
    """Two centers on one log: the second to write reads on first, and decides by what the first one did."""
    desk = Desk(Queue("q"), *agents("ana"))
    rival = restarted(desk, 0)
    desk.center.journal.load()
    desk.submit("x")
    rival.submit("y")
    assert (rival.offered("x"), rival.offered("y")) == (["ana"], [])


def test_a_conflict_that_goes_on_is_told() -> None:
    """After a stated number of tries the operation gives up, and nothing has happened."""
    storage = Failing()
    desk = Desk(Queue("q"), *agents("ana"), storage=storage)
    before = desk.center.dump()
    storage.error, storage.lasting = ConflictError(1, 2), True
    with pytest.raises(BusyError):
        desk.submit("x")
    storage.error = None
    assert desk.center.dump() == before
    desk.submit("x")


def test_an_error_rebuilds_the_state_from_the_log() -> None:
    """A bug within an operation is raised once, and leaves everything as it is in the log."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("x")
    before = desk.center.dump()

    def broken(tx: Any, routing: Any) -> None:
        next(iter(routing.items.values())).priority = 99
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        desk.center.run(broken)
    assert desk.center.dump() == before
    desk.center.check()


def test_a_batch_with_an_error_is_undone_as_a_whole() -> None:
    """A bug within a batch drops the batch; a refusal drops nothing but itself."""
    desk = Desk(Queue("q"), *agents("ana"))
    end = desk.end()

    def broken(tx: Any, routing: Any) -> None:
        raise RuntimeError("a bug")

    def undone() -> None:
        with desk.center.batch():
            desk.submit("x")
            with pytest.raises(RuntimeError):
                desk.center.run(broken)
            desk.submit("y")

    with pytest.raises(KernelPoisoned):
        undone()
    assert desk.end() == end
    with desk.center.batch():
        desk.submit("x")
        with pytest.raises(InvalidInput):
            desk.work.change("x", priority=float("nan"))  # type: ignore[arg-type]
    assert desk.offered("x") == ["ana"]
    desk.center.check()


def test_time_stands_still_within_a_batch() -> None:
    """Neither may it be advanced nor deadlines run; a batch within a batch is part of it."""
    desk = Desk(Queue("q"), *agents("ana"))
    with desk.center.batch():
        for act in (lambda: desk.center.advance(1), desk.center.run_due):
            with pytest.raises(NotAllowed):
                act()
        with desk.center.batch():
            desk.submit("x")
        assert desk.offered("x") == []
    assert desk.offered("x") == ["ana"]


def test_subscribers_see_what_is_stored_in_order_and_cannot_harm() -> None:
    """One that raises and one that uses the center: everybody gets every record, in order of position."""
    desk = Desk(Queue("q"), *agents("ana"))
    seen: list[Record] = []

    def uses(record: Record) -> None:
        if record.type == "routing.offer_made":
            desk.accept("x")

    def raises(record: Record) -> None:
        raise RuntimeError("not my day")

    for subscriber in (raises, uses, seen.append):
        desk.center.subscribe(subscriber)
    end = desk.end()
    desk.work.submit(WorkItem("x", queue="q"))
    assert [record.position for record in seen] == list(range(end + 1, desk.end() + 1))
    assert desk.state("x") == "assigned"
