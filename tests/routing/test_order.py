"""The order of waiting work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from desk import INSTANT, Desk, after, agents
from switchroom import Agent, Membership, Queue
from switchroom.errors import InvalidInput, NotAllowed
from switchroom.routing.model import Expiring, Preferred


def three(ordering: str, **settings: Any) -> Desk:
    """Three items, entered 60 s apart: the later, the higher the priority and the earlier the due time."""
    desk = Desk(Queue("q", ordering=ordering, **settings), *agents("ana"), here=False)
    for n, name in enumerate("abc"):
        desk.submit(name, priority=n, due=after(1000 - n))
        desk.wait(60)
    desk.submit("d", priority=5)
    return desk


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("aging", "dabc"),
        ("strict", "dcba"),
        ("deadline", "cbad"),
        ("oldest", "abcd"),
        ("newest", "dcba"),
    ],
)
def test_each_ordering_has_its_key(ordering: str, expected: str) -> None:
    """Aging by entry less priority, strict by priority, deadline by due time with none last, oldest, newest."""
    desk = three(ordering)
    assert "".join(desk.queues.waiting("q")) == expected
    desk.agents.sign_in("ana")
    assert "".join(desk.serve("ana")) == expected


def test_the_weight_of_a_point_is_a_setting() -> None:
    """With a weight of ten seconds five points are worth fifty seconds of waiting."""
    assert "".join(three("aging", priority_weight="10s").queues.waiting("q")) == "abcd"


def test_the_last_of_equals_is_the_last_to_arrive() -> None:
    """Items that are equal in everything are served in order of arrival."""
    desk = Desk(Queue("q"), *agents("ana"), here=False)
    for name in ("z", "m", "a"):
        desk.submit(name)
    desk.agents.sign_in("ana")
    assert desk.serve("ana") == ["z", "m", "a"]


def by_length(item: Any) -> tuple[int, int]:
    return 0, len(item.id)


def test_a_function_may_order() -> None:
    """The embedder's function returns (tier, score), smallest first."""
    desk = Desk(Queue("q", ordering="function:length"), functions={"length": by_length})
    for name in ("xxx", "x", "xx"):
        desk.submit(name)
    assert desk.queues.waiting("q") == ("x", "xx", "xxx")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda item: 1 / 0,
        lambda item: (0, float("nan")),
        lambda item: (0, float("inf")),
        lambda item: "first",
        lambda item: (0.5, 1),
        lambda item: (True, 1),
        lambda item: (1 << 60, 1),
        lambda item: None,
        lambda item: (1, 2, 3),
    ],
)
def test_an_ordering_that_fails_puts_the_item_last_and_says_so(wrong: Callable[[Any], Any]) -> None:
    """What a function does wrong is an event, and first come, first served, behind the rest, is the fallback."""
    desk = Desk(
        Queue("q", ordering="function:f"),
        functions={"f": lambda item: wrong(item) if item.id.startswith("bad") else (0, 5)},
    )
    for name in ("bad1", "good", "bad2"):
        desk.submit(name)
    assert desk.queues.waiting("q") == ("good", "bad1", "bad2")
    assert desk.types().count("function_failed") == 2


def test_priority_and_due_time_move_the_item_at_once() -> None:
    """A change while waiting recomputes the place, in every ordering that looks at what changed."""
    desk = three("strict")
    desk.work.change("a", priority=9)
    assert desk.queues.waiting("q")[0] == "a"
    desk = three("deadline")
    desk.work.change("d", due=after(1))
    assert desk.queues.waiting("q")[0] == "d"
    desk = three("oldest")
    desk.work.change("d", entered=after(-1))
    assert desk.queues.waiting("q")[0] == "d"
    with pytest.raises(InvalidInput):
        desk.work.change("d", entered=desk.center.now() + INSTANT)


def test_expedited_items_stand_before_everything_in_their_own_order() -> None:
    """Expedite puts an item first; several stand among themselves by key; withdrawn, it is as before."""
    desk = three("strict")
    desk.work.expedite("a")
    desk.work.expedite("b")
    assert "".join(desk.queues.waiting("q")) == "badc"
    desk.work.expedite("b", on=False)
    assert "".join(desk.queues.waiting("q")) == "adcb"
    desk.agents.sign_in("ana")
    assert "".join(desk.serve("ana")) == "adcb"


def test_expediting_may_last_only_as_long_as_the_preference() -> None:
    """An item expedited for its preferred agent loses that place when the wait for the agent is over."""
    desk = Desk(Queue("q"), *agents("ana", "bob"), here=False)
    desk.submit("first")
    desk.wait(1)
    desk.submit("mine", preferred=Preferred(["ana"], wait="20s", skip_if_absent=False, expedite=True))
    assert desk.queues.waiting("q") == ("mine", "first")
    desk.wait_until(after(21) - INSTANT)
    assert desk.queues.waiting("q") == ("mine", "first")
    desk.wait_until(after(21))
    assert desk.queues.waiting("q") == ("first", "mine")


def test_expediting_may_last_as_long_as_an_expiring_requirement() -> None:
    """The same for a requirement with a time to live."""
    desk = Desk(Queue("q"), *agents("ana"), here=False)
    desk.submit("first")
    desk.wait(1)
    desk.submit("soon", expiring=[Expiring("true", "20s", expedite=True)])
    assert desk.queues.waiting("q") == ("soon", "first")
    desk.wait(20)
    assert desk.queues.waiting("q") == ("first", "soon")


def test_an_entry_in_the_future_is_refused() -> None:
    """Entry may be back-dated up to now, and not one microsecond later."""
    desk = Desk(Queue("q"))
    desk.submit("now", entered=after(0))
    with pytest.raises(InvalidInput):
        desk.submit("later", entered=after(0) + INSTANT)


def test_return_after_an_assignment_keeps_entry_and_begins_a_new_stay() -> None:
    """Requeued work keeps its clock; a transfer to another queue restarts it unless asked to keep it."""
    desk = Desk(Queue("q"), Queue("other"), *agents("ana"))
    token = desk.accept(desk.submit("x"))
    desk.wait(30)
    desk.assignments.requeue(token)
    assert desk.work.get("x").entered == after(0)
    token = desk.accept("x")
    desk.assignments.transfer_to_queue(token, "other")
    assert desk.work.get("x").entered == after(30)
    desk.work.move("x", "q", keep_entered=True)
    assert desk.work.get("x").entered == after(30)
    assert desk.work.get("x").waited.total_seconds() == 0


def test_offers_that_fail_leave_the_item_its_place() -> None:
    """Declined or expired, an item stands where it stood."""
    desk = Desk(Queue("q", alert_timeout="10s"), *agents("ana"))
    desk.submit("x")
    desk.submit("y")
    desk.decline("x")
    assert desk.queues.waiting("q") == ("x", "y")
    desk.wait(10)
    assert desk.types().count("offer_expired") == 1
    assert desk.queues.waiting("q") == ("x", "y")
    desk.wait(1)
    desk.agents.sign_in("ana")
    assert desk.serve("ana") == ["x", "y"]


def test_ranks_then_families_then_keys() -> None:
    """An agent's queues: smaller rank first, then strict, deadline, aging with oldest by entry, newest."""
    orderings = {"late": "newest", "old": "oldest", "age": "aging", "due": "deadline", "tier": "strict"}
    desk = Desk(*(Queue(name, ordering=o) for name, o in orderings.items()), Queue("low", ordering="strict"))
    for name in ("low", *orderings):
        desk.submit(f"{name}-item", name)
        desk.wait(1)
    ranks = [Membership("low", rank=2), *orderings]
    desk.agents.add(Agent("ana", queues=ranks))
    desk.agents.sign_in("ana")
    assert desk.serve("ana") == ["tier-item", "due-item", "old-item", "age-item", "late-item", "low-item"]


def test_unlike_families_of_one_place_compare_by_entry() -> None:
    """Between aging and oldest the priority does not count, only who entered first."""
    desk = Desk(Queue("age"), Queue("old", ordering="oldest"))
    desk.submit("o1", "old")
    desk.wait(1)
    desk.submit("a1", "age", priority=99)
    desk.wait(1)
    desk.submit("o2", "old")
    desk.agents.add(Agent("ana", queues=["age", "old"]))
    desk.agents.sign_in("ana")
    assert desk.serve("ana") == ["o1", "a1", "o2"]


def test_a_wish_is_a_place_within_the_same_priority() -> None:
    """Position 1 is the front of one's own priority, however often it is asked for."""
    desk = Desk(Queue("q", ordering="strict"), *agents("ana"), here=False)
    desk.submit("high", priority=1)
    for name in ("a", "b", "c"):
        desk.submit(name, position=1)
    desk.submit("low", priority=-1, position=1)
    assert desk.queues.waiting("q") == ("high", "c", "b", "a", "low")
    desk.work.move("a", "q", position=2)
    assert desk.queues.waiting("q") == ("high", "a", "c", "b", "low")
    desk.agents.sign_in("ana")
    assert desk.serve("ana") == ["high", "a", "c", "b", "low"]


def test_settings_that_change_the_ordering_move_what_waits() -> None:
    """Waiting work gets the keys of the new ordering at once."""
    desk = three("oldest")
    desk.queues.change(evolve(desk.queues.settings("q"), ordering="newest"))
    assert "".join(desk.queues.waiting("q")) == "dcba"
    desk.center.check()


def test_expediting_what_has_ended_is_refused() -> None:
    """Cancelled work has no place to be put before."""
    desk = Desk(Queue("q"))
    desk.work.cancel(desk.submit("x"))
    with pytest.raises(NotAllowed):
        desk.work.expedite("x")
