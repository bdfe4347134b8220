"""The outbox as a state machine: any order of requests, outcomes, waits and reopenings, checked after each step."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from switchroom.errors import LimitReached, NotAllowed, UnknownId
from switchroom.ids import CountedIds
from switchroom.kernel import outbox
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.transaction import Transaction


def fresh() -> Kernel:
    return Kernel(ids=CountedIds(), random=Random(1))


class OutboxMachine(RuleBasedStateMachine):
    """Against a model of plain lists: the requests of each stream, and what became of each."""

    def __init__(self) -> None:
        super().__init__()
        self.kernel = fresh()
        self.log: list[Any] = []
        self.now = 1_000_000
        self.streams: dict[str, list[str]] = {}
        self.waits: dict[str, int] = {}
        self.tries: dict[str, int] = {}
        self.until: dict[str, int] = {}
        self.dead: list[str] = []
        self.number = 0

    def do(self, operation: Any, *args: Any) -> Any:
        def run(tx: Transaction) -> Any:
            return operation(tx, self.kernel.outbox, *args)

        return self.kernel.handle(self.now, self.log, run)

    def stream_of(self, id: str) -> str:
        return next(name for name, ids in self.streams.items() if id in ids)

    def leave(self, id: str) -> None:
        name = self.stream_of(id)
        self.streams[name].remove(id)
        self.waits.pop(id, None)
        if not self.streams[name]:
            del self.streams[name]

    def heads(self) -> list[str]:
        return [ids[0] for ids in self.streams.values()]

    @rule(stream=st.sampled_from("abc"), valid=st.none() | st.integers(1, 5_000_000))
    def request(self, stream: str, valid: int | None) -> None:
        until = None if valid is None else self.now + valid
        id = self.do(outbox.request, "ping", stream, {}, until)
        self.number += 1
        assert id == f"effect-{self.number}"
        self.streams.setdefault(stream, []).append(id)
        self.tries[id] = 0
        if until is not None:
            self.until[id] = until

    @precondition(lambda self: self.kernel.outbox.ready)
    @rule(data=st.data())
    def succeed(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.kernel.outbox.ready)))
        self.do(outbox.succeeded, id, {})
        self.leave(id)

    @precondition(lambda self: self.kernel.outbox.ready)
    @rule(data=st.data(), permanent=st.booleans(), asked=st.none() | st.integers(0, 3_000_000))
    def fail(self, data: st.DataObject, permanent: bool, asked: int | None) -> None:
        id = data.draw(st.sampled_from(sorted(self.kernel.outbox.ready)))
        self.do(outbox.failed, id, "down", permanent, asked)
        event = self.log[-1].event
        self.tries[id] += 1
        if isinstance(event, outbox.EffectDead):
            whole = outbox.FIRST_RETRY_US << (self.tries[id] - 1)
            late = id in self.until and self.now + max(asked or whole, 1) >= self.until[id]
            assert permanent or self.tries[id] >= outbox.MAX_ATTEMPTS or late, "given up without a reason"
            self.leave(id)
            self.dead.append(id)
        else:
            assert not permanent
            assert event.retry_us > self.now
            assert event.retry_us < self.until.get(id, event.retry_us + 1), "tried again when its time is over"
            self.waits[id] = event.retry_us

    @precondition(lambda self: self.streams)
    @rule(data=st.data())
    def drop_pending(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.kernel.outbox.pending)))
        self.do(outbox.drop, id, "withdrawn")
        self.leave(id)

    @precondition(lambda self: self.dead)
    @rule(data=st.data())
    def drop_dead(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(self.dead))
        self.do(outbox.drop, id, "seen to")
        self.dead.remove(id)

    @precondition(lambda self: self.dead)
    @rule(data=st.data())
    def revive(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(self.dead))
        stream = self.kernel.outbox.dead[id].stream
        self.do(outbox.revive, id)
        self.dead.remove(id)
        self.streams.setdefault(stream, []).append(id)
        self.tries[id] = 0

    @rule(by=st.integers(0, 5_000_000))
    def wait(self, by: int) -> None:
        self.now += by
        self.kernel.advance(self.now, self.log)

    @rule()
    def late_outcome(self) -> None:
        """An outcome for an effect that is over or was never there changes nothing."""
        end = len(self.log)
        self.do(outbox.succeeded, "effect-0", {})
        self.do(outbox.failed, "effect-0", "down", True, None)
        assert len(self.log) == end

    @rule()
    def reopen(self) -> None:
        """A new process with the same log stands where the old one stood."""
        before = self.kernel.outbox.dump()
        again = fresh()
        again.replay((record.at, record.event) for record in self.log)
        out: list[Any] = []
        again.advance(self.now, out)
        assert not out
        assert again.outbox.dump() == before
        self.kernel = again

    @invariant()
    def agrees(self) -> None:
        box = self.kernel.outbox
        box.check()
        assert {name: list(ids) for name, ids in box.streams.items()} == self.streams
        assert set(box.ready) == {id for id in self.heads() if self.waits.get(id, 0) <= self.now}
        assert list(box.dead) == self.dead
        assert {id: e.attempts for id, e in box.pending.items()} == {id: self.tries[id] for id in box.pending}


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def run(kernel: Kernel, operation: Any, *args: Any, now: int = 1) -> Any:
    return kernel.handle(now, [], lambda tx: operation(tx, kernel.outbox, *args))


def test_a_dead_receiver_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit requests are refused; dead ones leave the list, oldest first."""
    monkeypatch.setattr(outbox, "MAX_PENDING", 3)
    monkeypatch.setattr(outbox, "MAX_DEAD", 2)
    kernel = fresh()
    ids = [run(kernel, outbox.request, "ping", f"s{n}", {}) for n in range(3)]
    with pytest.raises(LimitReached):
        run(kernel, outbox.request, "ping", "s", {})
    for id in ids:
        run(kernel, outbox.failed, id, "no", True, None)
    assert list(kernel.outbox.dead) == ids[1:]


def test_only_dead_effects_are_revived() -> None:
    """A pending one is refused, an unknown one is unknown, and neither leaves a trace."""
    kernel = fresh()
    id = run(kernel, outbox.request, "ping", "s", {})
    with pytest.raises(NotAllowed):
        run(kernel, outbox.revive, id)
    for operation in (outbox.revive, lambda tx, box, id: outbox.drop(tx, box, id, "")):
        with pytest.raises(UnknownId):
            run(kernel, operation, "effect-9")
    with pytest.raises(UnknownId):
        kernel.outbox.find("effect-9")
    assert kernel.poisoned is None


def test_the_wait_never_exceeds_the_longest() -> None:
    """Whatever the number of the attempt, an hour at most."""
    kernel = fresh()
    kernel.outbox._requested(outbox.EffectRequested("effect-1", "ping", "s", {}), 0)
    kernel.outbox.pending["effect-1"].attempts = outbox.MAX_ATTEMPTS - 2
    log: list[Any] = []
    kernel.handle(1, log, lambda tx: outbox.failed(tx, kernel.outbox, "effect-1", "down", False, None))
    assert log[-1].event.retry_us - 1 <= outbox.LONGEST_RETRY_US
