"""Queues: limits, overflow, hours, settings, removal."""

from __future__ import annotations

import pytest
from attrs import evolve

from desk import INSTANT, Desk, after, agents
from switchroom import Queue
from switchroom.errors import ConfigError, DuplicateId, NotAllowed, QueueClosed, QueueFull, UnknownId
from switchroom.routing.hours import OpeningHours

LUNCH = OpeningHours.daily("12:00", "12:10", zone="UTC")


def test_a_full_queue_refuses_or_overflows_at_entry() -> None:
    """Offered items count as waiting; what entered stays though the limit is lowered."""
    desk = Desk(Queue("spare", limit=1), Queue("q", limit=1, overflow="spare"))
    assert [desk.work.get(desk.submit(n)).queue for n in ("a", "b")] == ["q", "spare"]
    end = desk.end()
    with pytest.raises(QueueFull) as refusal:
        desk.submit("c")
    assert (refusal.value.queue, desk.end()) == ("q", end)


def test_overflow_goes_five_hops() -> None:
    """Five are allowed; six are refused when they are configured."""
    names = [f"q{n}" for n in range(6)]
    desk = Desk(*(Queue(n, limit=1, overflow=o) for n, o in zip(names, [None, *names], strict=False)))
    assert [desk.work.get(desk.submit(f"i{n}", "q5")).queue for n in range(6)] == names[::-1]
    with pytest.raises(QueueFull):
        desk.submit("i6", "q5")
    with pytest.raises(ConfigError):
        desk.queues.add(Queue("q6", overflow="q5"))


def test_a_circle_of_overflow_is_a_mistake_of_the_configuration() -> None:
    """Found when the last link is made, whichever it is."""
    desk = Desk(Queue("a"), Queue("b", overflow="a"), Queue("c", overflow="b"))
    end = desk.end()
    with pytest.raises(ConfigError) as refusal:
        desk.queues.change(Queue("a", overflow="c"))
    assert "a -> c -> b -> a" in str(refusal.value)
    assert desk.end() == end


def test_at_closing_time_waiting_work_stays_and_offers_stay_valid() -> None:
    """By default nothing leaves; what is out may be accepted; nothing new is handed out until opening."""
    desk = Desk(Queue("q", hours=LUNCH), *agents("ana"))
    desk.submit("out")
    desk.submit("in")
    desk.wait_until(after(600))
    token = desk.accept("out")
    desk.assignments.complete(token)
    assert (desk.state("in"), desk.offered("in")) == ("waiting", [])
    desk.wait_until(after(86_400) - INSTANT)
    assert desk.offered("in") == []
    desk.wait_until(after(86_400))
    assert desk.offered("in") == ["ana"]


@pytest.mark.parametrize("rule", ["leave", "overflow"])
def test_at_closing_time_waiting_work_may_leave(rule: str) -> None:
    """Ended, or into the overflow queue with its entry; what is on offer stays."""
    desk = Desk(Queue("spare"), Queue("q", hours=LUNCH, on_close=rule, overflow="spare"), *agents("ana"))
    desk.submit("out")
    desk.submit("in")
    desk.wait_until(after(600))
    assert desk.offered("out") == ["ana"]
    view = desk.work.get("in")
    assert (view.state, view.queue) == (("timed_out", "q") if rule == "leave" else ("waiting", "spare"))
    assert view.entered == after(0)


def test_closing_with_a_full_overflow_keeps_what_does_not_fit() -> None:
    """Closing is never refused: what the overflow cannot take stays."""
    desk = Desk(Queue("spare", limit=1), Queue("q", hours=LUNCH, on_close="overflow", overflow="spare"))
    for name in ("a", "b"):
        desk.submit(name)
    desk.wait_until(after(600))
    assert [desk.work.get(n).queue for n in ("a", "b")] == ["spare", "q"]


@pytest.mark.parametrize("rule", ["wait", "refuse", "overflow"])
def test_new_work_outside_hours(rule: str) -> None:
    """Waits for the opening, is refused, or overflows."""
    desk = Desk(Queue("spare"), Queue("q", hours=LUNCH, outside_hours=rule, overflow="spare"))
    desk.wait_until(after(600))
    if rule == "refuse":
        with pytest.raises(QueueClosed):
            desk.submit("x")
    else:
        assert desk.work.get(desk.submit("x")).queue == ("q" if rule == "wait" else "spare")


def test_a_queue_that_is_switched_off_hands_out_nothing() -> None:
    """Switched on again it hands out at once."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.queues.switch("q", False)
    desk.submit("x")
    assert desk.offered("x") == []
    desk.queues.switch("q", True)
    assert desk.offered("x") == ["ana"]


def test_a_queue_with_work_or_named_by_others_is_not_removed() -> None:
    """Waiting, in hand, parked and scheduled items hold it, and so does an overflow that names it."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.queues.add(Queue("front", overflow="q"))
    with pytest.raises(NotAllowed):
        desk.queues.remove("q")
    desk.queues.remove("front")
    holds = [lambda x: None, desk.accept, desk.work.suspend, lambda x: desk.work.schedule(x, at=after(60))]
    for n, hold in enumerate(holds):
        hold(desk.submit(f"x{n}"))
        with pytest.raises(NotAllowed):
            desk.queues.remove("q")
        desk.work.cancel(f"x{n}")
    desk.queues.remove("q")


def test_removing_a_queue_ends_its_memberships() -> None:
    """Its former members can be changed as before, and join a queue of the same name anew."""
    desk = Desk(Queue("q"), Queue("r"), *agents("ana"))
    desk.queues.remove("q")
    assert desk.agents.get("ana").queues == ()
    desk.agents.set_skills("ana", {"spanish": 3})
    desk.agents.join("ana", "r")
    desk.center.check()


def test_taken_and_unknown_ids_are_refused() -> None:
    """Adding twice, changing or removing what is not there, naming queues that are not there."""
    desk = Desk(Queue("q"), *agents("ana"))
    end = desk.end()
    with pytest.raises(DuplicateId):
        desk.queues.add(Queue("q"))
    with pytest.raises(DuplicateId):
        desk.agents.add(desk.agents.settings("ana"))
    for act in (
        lambda: desk.queues.change(Queue("none")),
        lambda: desk.queues.remove("none"),
        lambda: desk.queues.switch("none", True),
        lambda: desk.queues.change(Queue("q", overflow="none")),
        lambda: desk.queues.change(Queue("q", ordering="function:none")),
        lambda: desk.agents.join("ana", "none"),
        lambda: desk.agents.join("none", "q"),
        lambda: desk.agents.leave("ana", "none"),
        lambda: desk.submit("x", "none"),
    ):
        with pytest.raises(UnknownId):
            act()
    assert desk.end() == end


def test_the_same_settings_again_are_no_change() -> None:
    """Nothing is written to the log."""
    desk = Desk(Queue("q"), *agents("ana"))
    end = desk.end()
    desk.queues.change(evolve(desk.queues.settings("q")))
    desk.agents.change(evolve(desk.agents.settings("ana")))
    assert desk.end() == end
