"""AsyncContactCenter: grouped commits, failures, timers, and the end, on a loop whose time is virtual."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from switchroom import Agent, AsyncContactCenter, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.durations import from_micros, to_micros
from switchroom.errors import ConflictError, OfferGone, StorageError
from switchroom.kernel import outbox
from switchroom.kernel.records import Record
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.protocol import LogStorage
from switchroom.storage.sqlite import SqliteStorage

START = to_micros("2026-01-05T12:00:00Z")


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time jumps to the next timer whenever nothing else is to be done."""

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0
        self.busy = 0

    def time(self) -> float:
        return self.elapsed

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        self.busy += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._idle)
        return future

    def _idle(self, _: Any) -> None:
        self.busy -= 1

    def _run_once(self) -> None:
        if not self._ready and self._scheduled and not self.busy:
            self.elapsed = max(self.elapsed, self._scheduled[0]._when)
        super()._run_once()


class LoopClock:
    """The real clock of a virtual loop."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def micros(self) -> int:
        return START + round(self._loop.elapsed * 1e6)

    def now(self) -> datetime:
        return from_micros(self.micros())


def run(main: Callable[[VirtualLoop], Coroutine[Any, Any, None]]) -> None:
    loop = VirtualLoop()
    try:
        loop.run_until_complete(main(loop))
    finally:
        loop.close()


class Counting(MemoryStorage):
    """Counts appends; the next ones raise what ``errors`` says, before or after writing."""

    def __init__(self) -> None:
        super().__init__()
        self.appends: list[int] = []
        self.errors: list[tuple[str, Exception] | None] = []
        self.lost = False

    def append(self, records: Sequence[Record], after: int) -> int:
        self.appends.append(len(records))
        fault = self.errors.pop(0) if self.errors else None
        if fault is not None and fault[0] == "before":
            raise fault[1]
        end = super().append(records, after)
        if fault is not None:
            raise fault[1]
        return end

    def end(self) -> int:
        if self.lost:
            raise StorageError("out of reach", reason="unreachable")
        return super().end()


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LogStorage]:
    if request.param == "memory":
        yield MemoryStorage()
    else:
        with SqliteStorage(tmp_path / "log.db", synchronous="normal") as store:
            yield store


def opened(storage: LogStorage, clock: Any = None) -> ContactCenter:
    center = ContactCenter(clock=clock or ManualClock(), storage=storage, seed=1)
    if not center.queues.ids():
        center.queues.add(Queue("q", alert_timeout="20s"))
        center.agents.add(Agent("ana", queues=["q"]))
    return center


def state_is_that_of_the_log(center: ContactCenter) -> None:
    center.check()
    kernel, routing = center.fresh()
    kernel.replay((record.at, record.event) for record in center.events())
    out: list[Any] = []
    kernel.advance(center._kernel.now, out)
    assert not out
    assert routing.dump() == center._routing.dump()


async def submit(desk: AsyncContactCenter, n: int) -> str:
    return await desk.call(desk.center.work.submit, WorkItem(f"i{n}", queue="q"))


async def held(desk: AsyncContactCenter, storage: LogStorage, n: int) -> None:
    """Submit, and look at the store at the moment at which the call returns."""
    id = await submit(desk, n)
    found = [r for r in storage.read(0, tag=f"item:{id}") if r.type == "routing.item_submitted"]
    assert len(found) == 1, f"{id} is told before it is stored"


def test_each_of_many_callers_gets_its_own_answer_after_its_commit(storage: LogStorage) -> None:
    """Three hundred callers at once: every answer right, every one in the store when it is told."""

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            await asyncio.gather(*(held(desk, storage, n) for n in range(300)))
            state_is_that_of_the_log(desk.center)
            assert desk.center.queues.get("q").waiting == 300

    run(main)


def test_callers_that_come_together_share_a_commit() -> None:
    """A hundred calls cost one append, and a lonely one costs one."""
    storage = Counting()

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            before = len(storage.appends)
            await asyncio.gather(*(submit(desk, n) for n in range(100)))
            assert len(storage.appends) == before + 1
            await submit(desk, 100)
            assert len(storage.appends) == before + 2

    run(main)


def test_a_refusal_is_told_after_what_it_saw_is_stored() -> None:
    """Who is refused because another was first hears it when the other's success is in the store."""
    storage = Counting()

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            await desk.call(desk.center.agents.sign_in, "ana")
            await submit(desk, 1)
            offer = desk.center.offers.of_agent("ana")[0].id

            async def accept() -> bool:
                try:
                    await desk.call(desk.center.offers.accept, offer)
                except OfferGone:
                    assert [r for r in storage.read(0) if r.type == "routing.offer_accepted"]
                    return False
                return True

            assert await asyncio.gather(accept(), accept(), accept()) == [True, False, False]

    run(main)


def test_a_failing_append_fails_those_who_saw_what_is_dropped_and_nobody_else() -> None:
    """Before and after it calls succeed; the state is that of the log, and the items can be submitted again."""
    storage = Counting()

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            await asyncio.gather(*(submit(desk, n) for n in range(5)))
            storage.errors.append(("before", StorageError("full", reason="full")))
            answers = await asyncio.gather(*(submit(desk, n) for n in range(5, 10)), return_exceptions=True)
            assert all(isinstance(answer, StorageError) for answer in answers)
            state_is_that_of_the_log(desk.center)
            assert await asyncio.gather(*(submit(desk, n) for n in range(5, 10))) == [f"i{n}" for n in range(5, 10)]
            state_is_that_of_the_log(desk.center)
        assert storage.end() == desk.center.journal.end

    run(main)


def test_who_comes_while_a_failing_group_is_stored_is_failed_too() -> None:
    """Their operations stood on what is dropped; a caller after that is served."""
    storage = Counting()

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            first = asyncio.ensure_future(submit(desk, 1))
            storage.errors.append(("before", ConflictError(1, 2)))
            while not loop.busy:
                await asyncio.sleep(0)
            second = asyncio.ensure_future(submit(desk, 2))
            answers = await asyncio.gather(first, second, return_exceptions=True)
            assert all(isinstance(answer, ConflictError) for answer in answers)
            assert await submit(desk, 2) == "i2"
            state_is_that_of_the_log(desk.center)

    run(main)


def test_what_was_written_before_the_error_is_shown_and_a_command_id_tells() -> None:
    """The store fails after writing: subscribers see it, the same command id gets the answer, nothing is doubled."""
    storage, seen = Counting(), list[str]()

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            desk.center.subscribe(lambda record: seen.append(record.type))
            storage.errors.append(("after", StorageError("flush failed")))
            work = WorkItem("i1", queue="q")
            with pytest.raises(StorageError):
                await desk.call(desk.center.work.submit, work, command_id="c1")
            assert await desk.call(desk.center.work.submit, work, command_id="c1") == "i1"
            state_is_that_of_the_log(desk.center)
        assert seen.count("routing.item_submitted") == 1

    run(main)


def test_a_log_out_of_reach_fails_callers_and_hangs_nobody() -> None:
    """While the store cannot even be read, calls fail; when it is back, they are served."""
    storage = Counting()

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            storage.errors.append(("before", StorageError("gone", reason="unreachable")))
            storage.lost = True
            for n in range(2):
                with pytest.raises(StorageError):
                    await submit(desk, n)
            storage.lost = False
            assert await submit(desk, 1) == "i1"
            state_is_that_of_the_log(desk.center)

    run(main)


def test_a_cancelled_caller_leaves_the_log_whole(storage: LogStorage) -> None:
    """Cancelled while it waits for the commit, its operation has happened; cancelled before it ran, it has not."""

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            begun, never = (asyncio.ensure_future(submit(desk, n)) for n in (1, 2))
            never.cancel()
            await asyncio.sleep(0)
            begun.cancel()
            await asyncio.gather(begun, never, return_exceptions=True)
            assert begun.cancelled()
            await submit(desk, 3)
            assert desk.center.queues.waiting("q") == ("i1", "i3")
            state_is_that_of_the_log(desk.center)
        assert {r.event.item for r in storage.read(0) if r.type == "routing.item_submitted"} == {"i1", "i3"}

    run(main)


def test_time_is_moved_by_hand_on_a_manual_clock(storage: LogStorage) -> None:
    """``advance`` handles what comes due, and returns when it is stored."""

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            await desk.call(desk.center.agents.sign_in, "ana")
            await submit(desk, 1)
            await desk.advance("20s")
            expired = [r for r in storage.read(0) if r.type == "routing.offer_expired"]
            assert [r.at for r in expired] == [START + 20_000_000]

    run(main)


def expiries(storage: LogStorage) -> list[int]:
    return [r.at for r in storage.read(0) if r.type == "routing.offer_expired"]


def test_timers_run_by_themselves_on_a_real_clock() -> None:
    """An offer that nobody answers expires at its instant, without a call."""
    storage = Counting()

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage, LoopClock(loop))) as desk:
            await desk.call(desk.center.agents.sign_in, "ana")
            await submit(desk, 1)
            await asyncio.sleep(19.9)
            assert expiries(storage) == []
            await asyncio.sleep(0.2)
            assert expiries(storage) == [START + 20_000_000]
            state_is_that_of_the_log(desk.center)

    run(main)


def test_a_timer_whose_commit_fails_is_tried_again_with_a_pause() -> None:
    """The store is full for a while: not asked without pause, and the offer expires all the same."""
    storage = Counting()

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage, LoopClock(loop))) as desk:
            await desk.call(desk.center.agents.sign_in, "ana")
            await submit(desk, 1)
            storage.errors += [("before", StorageError("full", reason="full"))] * 3
            count = len(storage.appends)
            await asyncio.sleep(30)
            assert len(storage.appends) == count + 4
            assert expiries(storage) == [START + 20_000_000]
            state_is_that_of_the_log(desk.center)

    run(main)


def test_leaving_the_block_stores_what_is_left() -> None:
    """Calls that nobody awaited, and what subscribers cause at the very end, are in the store afterwards."""
    storage = Counting()

    async def main(loop: VirtualLoop) -> None:
        center = opened(storage)

        def note(record: Record) -> None:
            if record.type == "routing.item_submitted" and record.event.item == "i1":
                center.agents.sign_in("ana")

        center.subscribe(note)
        async with AsyncContactCenter(center) as desk:
            task = asyncio.ensure_future(submit(desk, 1))
            await asyncio.sleep(0)
        assert await task == "i1"
        assert storage.end() == center.journal.end
        assert "routing.presence_changed" in [r.type for r in storage.read(0)]
        center.queues.switch("q", False)
        assert storage.end() == center.journal.end
        state_is_that_of_the_log(center)

    run(main)


def test_outside_of_the_block_calls_are_refused() -> None:
    """They would wait for ever for a commit that nobody makes."""

    async def main(loop: VirtualLoop) -> None:
        desk = AsyncContactCenter(opened(Counting()))
        with pytest.raises(StorageError, match="outside"):
            await submit(desk, 1)
        async with desk:
            await submit(desk, 2)
        with pytest.raises(StorageError, match="outside"):
            await submit(desk, 3)
        assert desk.center.queues.waiting("q") == ("i2",)

    run(main)


def test_an_effect_is_not_handed_over_before_its_request_is_stored() -> None:
    """A request that could still be dropped would leave a message outside that the log knows nothing of."""
    storage, done = Counting(), list[str]()

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:
            effects = desk.center.effects
            effects.register("ping", lambda effect: done.append(effect.id))

            def request() -> str:
                return desk.center.run_on("kernel", lambda tx, k: outbox.request(tx, k.outbox, "ping", "s", {}))

            one, other = desk.call(request), desk.call(effects.deliver)
            assert await asyncio.gather(one, other) == ["effect-1", 0]
            assert await desk.call(effects.deliver) == 1
        assert done == ["effect-1"]

    run(main)


def test_an_error_of_another_kind_keeps_what_the_group_holds(storage: LogStorage) -> None:
    """A bug in one operation rebuilds the state without losing those that wait for their commit, nor their ids."""

    async def main(loop: VirtualLoop) -> None:
        async with AsyncContactCenter(opened(storage)) as desk:

            def bug() -> None:
                def operation(tx: Any, routing: Any) -> None:
                    raise ZeroDivisionError

                desk.center.run(operation)

            async def unnamed() -> str:
                return await desk.call(desk.center.work.submit, WorkItem(queue="q"))

            answers = await asyncio.gather(unnamed(), unnamed(), desk.call(bug), unnamed(), return_exceptions=True)
            assert isinstance(answers[2], ZeroDivisionError)
            ids = {answer for answer in answers if isinstance(answer, str)}
            assert set(desk.center.queues.waiting("q")) == ids
            assert len(ids) == 3
            state_is_that_of_the_log(desk.center)

    run(main)
