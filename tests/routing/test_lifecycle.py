"""The life of an item: the table of states and events, and that nothing outside of it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk import INSTANT, Desk, after, agents
from switchroom import Agent, Queue, WorkItem
from switchroom.errors import AssignmentGone, InvalidInput, NotAllowed, Refused, UnknownId
from switchroom.routing.intake_model import Intake, IntakeRule
from switchroom.routing.lifecycle import FINAL, ITEM_LIFECYCLE, next_state
from switchroom.routing.queue_model import AfterCallWork

REACHED: dict[str, Callable[[Desk], object]] = {
    "created": lambda d: d.submit("x", None),
    "scheduled": lambda d: d.submit("x", at=after(60)),
    "waiting": lambda d: d.submit("x", requirement="nobody"),
    "offered": lambda d: d.submit("x"),
    "assigned": lambda d: d.accept(d.submit("x")),
    "wrapping": lambda d: d.assignments.complete(d.accept(d.submit("x")), after_call_work=True),
    "parked": lambda d: d.submit("x", parked=True),
    "completed": lambda d: d.assignments.complete(d.accept(d.submit("x"))),
    "closed": lambda d: [d.assignments.complete(d.accept(d.submit("x"))), d.work.close("x")],
    "cancelled": lambda d: d.work.cancel(d.submit("x")),
    "abandoned": lambda d: d.work.abandon(d.submit("x")),
    "timed_out": lambda d: [d.submit("x", requirement="nobody", max_wait="1s"), d.wait(1)],
}

EVENTS: dict[str, tuple[str, Callable[[Desk], object]]] = {
    "move": ("queue", lambda d: d.work.move("x", "other")),
    "reclassify": ("unroute", lambda d: d.work.reclassify("x")),
    "requeue": ("requeue", lambda d: d.assignments.requeue(token(d))),
    "resume": ("resume", lambda d: d.work.resume("x", queue="other")),
    "schedule": ("schedule", lambda d: d.work.schedule("x", at=after(600), queue="other")),
    "suspend": ("park", lambda d: d.work.suspend("x")),
    "assign": ("assign", lambda d: d.work.assign("x", "bob")),
    "cancel": ("cancel", lambda d: d.work.cancel("x")),
    "abandon": ("abandon", lambda d: d.work.abandon("x")),
    "close": ("close", lambda d: d.work.close("x")),
    "complete": ("complete", lambda d: d.assignments.complete(token(d))),
    "transfer": ("requeue", lambda d: d.assignments.transfer(token(d), "bob")),
    "change": ("change", lambda d: d.work.change("x", priority=1)),
}

EXTRA = {
    "requeue": {"assigned"},
    "resume": {"parked", "scheduled"},
    "change": set(ITEM_LIFECYCLE) - FINAL,
    "complete": {"assigned"},
}
"""Events whose name in the table serves several operations, and the states in which this one is allowed."""


def token(desk: Desk) -> str:
    held = [a.id for a in desk.assignments.of_agent("ana")]
    return held[0] if held else "x#1"


def scene() -> Desk:
    after_work = AfterCallWork(mode="optional")
    return Desk(Queue("q", after_call_work=after_work), Queue("other"), *agents("ana"), Agent("bob"))


@pytest.mark.parametrize("state", list(ITEM_LIFECYCLE))
@pytest.mark.parametrize("event", list(EVENTS))
def test_a_pair_that_is_not_in_the_table_is_refused_without_a_trace(state: str, event: str) -> None:
    """Every state meets every event: allowed pairs lead where the table says, all others change nothing."""
    desk = scene()
    REACHED[state](desk)
    assert desk.state("x") == state
    name, act = EVENTS[event]
    allowed = state in EXTRA[name] if name in EXTRA else name in ITEM_LIFECYCLE[state]
    before = desk.end(), desk.center.dump()
    if allowed:
        act(desk)
        desk.center.check()
        if name in ITEM_LIFECYCLE[state]:
            assert desk.state("x") == next_state("x", state, name)
        return
    with pytest.raises((Refused, UnknownId, InvalidInput)):
        act(desk)
    assert (desk.end(), desk.center.dump()) == before


@pytest.mark.parametrize("state", [s for s in ITEM_LIFECYCLE if "cancel" in ITEM_LIFECYCLE[s]])
@pytest.mark.parametrize("end", ["cancel", "abandon"])
def test_ending_releases_everything_in_the_same_step(state: str, end: str) -> None:
    """Before completion an item may be cancelled and abandoned anywhere, and holds nothing afterwards."""
    desk = scene()
    REACHED[state](desk)
    getattr(desk.work, end)("x")
    assert desk.agents.get("ana").used == 0
    assert desk.queues.waiting("q") == ()
    assert desk.offers.of_agent("ana") == desk.assignments.of_agent("ana") == ()
    desk.center.check()


def test_states_from_completion_on_cannot_be_cancelled() -> None:
    """The table has no cancelling after the work is done."""
    for state in ("wrapping", *FINAL):
        assert not {"cancel", "abandon"} & set(ITEM_LIFECYCLE[state])


def wrapped(mode: str, **options: Any) -> tuple[Desk, str]:
    """Work completed under a mode of after-call work."""
    policy = AfterCallWork(mode=mode, limit="30s")
    desk = Desk(Queue("q", after_call_work=policy, **options), *agents("ana"))
    token = desk.accept(desk.submit("x"))
    desk.assignments.complete(token)
    return desk, token


@pytest.mark.parametrize(
    ("mode", "state"), [("none", "completed"), ("optional", "completed"), ("mandatory", "wrapping")]
)
def test_after_call_work_begins_as_the_mode_says(mode: str, state: str) -> None:
    """Never, if asked for, or always."""
    desk, _ = wrapped(mode)
    assert desk.state("x") == state
    assert desk.agents.get("ana").used == (100 if state == "wrapping" else 0)


def test_timed_after_call_work_ends_by_itself_only() -> None:
    """Not by the agent, and exactly at its limit."""
    desk, token = wrapped("timed")
    with pytest.raises(NotAllowed):
        desk.assignments.end_after_call_work(token)
    desk.wait_until(after(30) - INSTANT)
    assert desk.state("x") == "wrapping"
    desk.wait_until(after(30))
    assert desk.state("x") == "completed"


def test_forced_after_call_work_ends_by_the_agent_or_at_its_limit() -> None:
    """Whichever is first."""
    desk, token = wrapped("forced")
    desk.assignments.end_after_call_work(token)
    assert desk.state("x") == "completed"
    desk, _ = wrapped("forced")
    desk.wait(30)
    assert desk.state("x") == "completed"


def test_mandatory_after_call_work_waits_for_the_agent() -> None:
    """However long that takes, even beyond the memory of the item itself."""
    desk, token = wrapped("mandatory")
    desk.wait(86_400)
    desk.assignments.end_after_call_work(token)
    with pytest.raises(AssignmentGone):
        desk.assignments.end_after_call_work(token)


def test_closing_releases_after_call_work() -> None:
    """Closing ends it with the code given so far, and the agent is free."""
    desk, _ = wrapped("mandatory")
    desk.work.close("x")
    assert (desk.state("x"), desk.agents.get("ana").used) == ("closed", 0)
    desk.center.check()


def test_after_call_work_without_length_is_over_at_once() -> None:
    """A limit of nothing ends an instant later, and a restart does not forget it."""
    desk = Desk(Queue("q", after_call_work=AfterCallWork(mode="timed", limit="0s")), *agents("ana"))
    desk.submit("y", requirement="later")
    desk.assignments.complete(desk.accept(desk.submit("x")))
    desk.center.advance(INSTANT)
    assert desk.state("x") == "completed"


def test_wrap_up_codes_are_the_queues_and_required_at_the_end() -> None:
    """A code of another queue is refused; a required one may come with the end of after-call work."""
    codes = {"wrap_up_codes": ["sold"], "wrap_up_required": True}
    desk, token = wrapped("mandatory", **codes)
    end = desk.end()
    for code in (None, "other"):
        with pytest.raises(InvalidInput):
            desk.assignments.end_after_call_work(token, code=code)
    assert desk.end() == end
    desk.assignments.end_after_call_work(token, code="sold")
    desk = Desk(Queue("q", **codes), *agents("ana"))
    token = desk.accept(desk.submit("x"))
    with pytest.raises(InvalidInput):
        desk.assignments.complete(token)
    desk.assignments.complete(token, code="sold")


def test_suspended_and_scheduled_items_hold_no_place() -> None:
    """On resuming they enter with their entry as before (suspended) or now (scheduled), unless kept."""
    desk = Desk(Queue("q"))
    for name in ("s", "t", "k"):
        desk.submit(name)
    desk.work.suspend("s")
    desk.work.schedule("t", at=after(50))
    desk.work.schedule("k", at=after(50), keep_entered=True)
    assert desk.queues.waiting("q") == ()
    desk.wait_until(after(50) - INSTANT)
    assert desk.state("t") == "scheduled"
    desk.wait_until(after(50))
    desk.work.resume("s")
    assert [desk.work.get(i).entered for i in ("s", "t", "k")] == [after(0), after(50), after(0)]


def test_held_until_quiet() -> None:
    """Each enters as soon as its queue has at most so many items waiting, whoever stands before it."""
    desk = Desk(Queue("q"))
    for name in ("a", "b"):
        desk.submit(name)
    desk.submit("strict", when_quiet=0)
    desk.submit("mild", when_quiet=1)
    assert (desk.state("strict"), desk.state("mild")) == ("scheduled", "scheduled")
    desk.work.cancel("a")
    assert (desk.state("strict"), desk.state("mild")) == ("scheduled", "waiting")
    desk.work.cancel("b")
    desk.work.cancel("mild")
    assert desk.state("strict") == "waiting"


def test_ended_items_are_remembered_for_an_hour() -> None:
    """A late answer gets the precise refusal until then, and is unknown a minute later; the log keeps everything."""
    desk = Desk(Queue("q"), *agents("ana"))
    token = desk.accept(desk.submit("x"))
    desk.assignments.complete(token)
    desk.wait_until(after(3600))
    with pytest.raises(AssignmentGone):
        desk.assignments.complete(token)
    desk.wait_until(after(3660))
    with pytest.raises(UnknownId):
        desk.assignments.complete(token)
    assert any(desk.center.events(tag="item:x"))


def test_completed_work_may_be_reopened() -> None:
    """Moved into a queue it waits again, and is not forgotten with the first completion."""
    desk = Desk(Queue("q"), Queue("other"), *agents("ana"))
    desk.assignments.complete(desk.accept(desk.submit("x")))
    desk.wait(1800)
    desk.work.move("x", "other")
    desk.wait(3600)
    assert desk.state("x") == "waiting"


def test_without_a_queue_and_without_rules_an_item_waits_for_a_person() -> None:
    """It is listed, and enters the queue that somebody chooses."""
    desk = Desk(Queue("q"))
    desk.submit("x", None)
    assert desk.work.unrouted() == ("x",)
    desk.work.move("x", "q")
    assert (desk.work.unrouted(), desk.state("x")) == ((), "waiting")


def test_intake_rules_choose_and_add() -> None:
    """The first rule that names a queue or a priority decides it; every fitting rule adds its requirement."""
    desk = Desk(Queue("q"), Queue("vip"))
    rules = [
        IntakeRule(when="kind", requirement="a"),
        IntakeRule(when='kind == "gold"', queue="vip", priority=5, requirement="b"),
        IntakeRule(queue="q", priority=1),
    ]
    desk.queues.save_intake(Intake("default", rules=rules))
    desk.submit("x", None, attributes={"kind": "gold"})
    view = desk.work.get("x")
    assert (view.queue, view.priority, str(view.requirement)) == ("vip", 5, "true and a and b")
    desk.submit("y", None, attributes={"kind": "tin"})
    assert (desk.work.get("y").queue, desk.work.get("y").priority) == ("q", 1)
    desk.queues.save_intake(Intake("strict", on_nothing="cancel"))
    desk.center.work.submit(WorkItem("z"), intake="strict")
    assert desk.state("z") == "cancelled"
