"""A deadline whose handling fails does not stop everything else for ever."""

from __future__ import annotations

import pytest

from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.routing import vertical


def test_a_deadline_that_fails_twice_is_dropped_with_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first two callers see the error, nothing is half done; then the center goes on and the log says so."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("q", max_wait="60s"))
    center.agents.add(Agent("ana", queues=["q"]))
    center.work.submit(WorkItem("a", queue="q"))

    def broken(*arguments: object) -> None:
        raise RuntimeError("a bug")

    kernel = center._kernel
    monkeypatch.setitem(kernel.timers, "item", broken)
    monkeypatch.setattr(vertical.escalation, "review", broken)
    end = center.storage.end()
    for _ in range(2):
        with pytest.raises(RuntimeError):
            center.advance("60s")
    assert center.storage.end() == end
    center.agents.sign_in("ana")
    dropped = [r.event for r in center.events() if r.type == "kernel.timer_dropped"]
    assert [(e.kind, e.subject) for e in dropped] == [("item", "a")]
    assert center.offers.of_agent("ana")[0].item == "a"
    center.check()
