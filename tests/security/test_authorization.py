"""The gate before every operation: asked once, closed when in doubt, for each thread and task its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from chatter import Chatter
from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.errors import NotPermitted
from switchroom.kernel.records import Record
from switchroom.security.gate import AccessRequest
from switchroom.security.principals import Principal

Asked = list[AccessRequest]


def gated(answer: Callable[[AccessRequest], Any] = lambda request: True) -> tuple[ContactCenter, Asked]:
    asked: Asked = []

    def authorize(request: AccessRequest) -> Any:
        asked.append(request)
        return answer(request)

    return ContactCenter(clock=ManualClock(), seed=1, authorize=authorize), asked


def test_the_hook_is_asked_once_before_every_operation() -> None:
    """With the operation's name, its subjects and their divisions, and whoever acts."""
    center, asked = gated()
    with center.acting_as("maria"):
        center.queues.add(Queue("sales", division="north"))
        center.agents.add(Agent("ana", queues=["sales"], division="north"))
        center.agents.sign_in("ana")
        item = center.work.submit(WorkItem(queue="sales", division="north"))
        offer = center.offers.of_item(item)[0].id
        center.offers.accept(offer, agent="ana")
    names = [request.operation for request in asked]
    assert names == ["queues.save", "agents.save", "agents.set_presence", "work.submit", "offers.accept"]
    assert {request.principal.id for request in asked if request.principal} == {"maria"}
    assert asked[-1].subjects == (("offer", offer), ("agent", "ana"))
    assert asked[-1].divisions == {"north"}
    assert ("queue", "sales") in asked[3].subjects


def test_everything_a_center_does_goes_through_the_gate() -> None:
    """A long script of every kind of operation: as many questions as operations."""
    asked: Asked = []
    chatter = Chatter(3, authorize=lambda request: not asked.append(request))
    asked.clear()
    ran = [0]
    center: Any = chatter.center
    handle = center.journal.kernel.handle

    def counted(now: int, out: Any, operation: Any, *args: Any, **options: Any) -> Any:
        ran[0] += operation.__name__ not in ("_claim", "_failed", "_succeeded")
        return handle(now, out, operation, *args, **options)

    center.journal.kernel.handle = counted
    chatter.run(40)
    assert ran[0] == len(asked) > 20


@pytest.mark.parametrize("answer", [False, None, 1, "yes"])
def test_whatever_is_not_true_denies(answer: Any) -> None:
    """And a denied operation leaves no trace but in the audit."""
    center, _ = gated(lambda request: answer)
    end = center.storage.end()
    with center.acting_as("eve"), pytest.raises(NotPermitted, match=r"eve.*queues\.save"):
        center.queues.add(Queue("sales"))
    assert [r.type for r in center.events(after=end)] == ["security.acted"]
    assert center.queues.ids() == ()
    center.check()


def test_a_hook_that_fails_denies(caplog: pytest.LogCaptureFixture) -> None:
    """Closed, not open; the log file says why."""

    def broken(request: AccessRequest) -> bool:
        raise ConnectionError("directory is down")

    center, _ = gated(broken)
    with pytest.raises(NotPermitted):
        center.queues.add(Queue("sales"))
    assert "authorization hook failed" in caplog.text


def test_everything_is_allowed_without_a_hook() -> None:
    """And nobody is asked, nor anything audited, if nobody is said to act."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("sales"))
    assert list(center.audit.acts()) == []


def test_threads_and_tasks_act_each_as_their_own() -> None:
    """Two at once are never taken for each other."""
    center, asked = gated()
    barrier = threading.Barrier(2)

    def work(name: str) -> None:
        with center.acting_as(name):
            barrier.wait()
            center.queues.add(Queue(f"q-{name}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    async def task(name: str) -> None:
        with center.acting_as(name):
            await asyncio.sleep(0)
            center.queues.add(Queue(f"q-{name}"))

    async def tasks() -> None:
        await asyncio.gather(task("c"), task("d"))

    asyncio.run(tasks())
    said = {(r.principal.id if r.principal else "", dict(r.subjects)["queue"]) for r in asked}
    assert said == {(name, f"q-{name}") for name in "abcd"}


def test_subscribers_do_not_act_as_whoever_caused_the_record() -> None:
    """What they do is the embedder's own code."""
    center, asked = gated()

    def react(record: Record) -> None:
        if record.type == "routing.queue_saved" and record.event.queue == "sales":
            center.queues.add(Queue("care"))

    center.subscribe(react)
    with center.acting_as(Principal("maria", divisions={"default"})):
        center.queues.add(Queue("sales"))
    assert [r.principal and r.principal.id for r in asked] == ["maria", None]
