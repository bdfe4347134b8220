"""Room: what an agent may hold at once."""

from __future__ import annotations

from typing import Any

import pytest

from desk import Desk
from switchroom import Agent, Queue
from switchroom.errors import OverCapacity, TargetUnavailable
from switchroom.routing.queue_model import AfterCallWork
from switchroom.routing.utilization import MediumLimit, Utilization


def one(rules: Utilization, **settings: Any) -> Desk:
    """A queue and one agent with these rules."""
    return Desk(Queue("q", **settings), Agent("ana", queues=["q"], utilization=rules))


def test_the_last_unit_fits_and_one_more_does_not() -> None:
    """Used plus cost up to the capacity, exactly."""
    desk = one(Utilization(capacity=100, media={"chat": 50}))
    assert desk.offered(desk.submit("x", medium="chat")) == ["ana"]
    assert desk.offered(desk.submit("too-much", medium="chat", cost=51)) == []
    assert desk.offered(desk.submit("y", medium="chat", cost=50)) == ["ana"]
    assert desk.offered(desk.submit("free", medium="chat", cost=0)) == ["ana"]


def test_no_capacity_takes_nothing_but_what_costs_nothing() -> None:
    """A capacity of zero means never offered."""
    desk = one(Utilization(capacity=0))
    assert desk.offered(desk.submit("x")) == []
    assert desk.offered(desk.submit("y", cost=0)) == ["ana"]


def test_media_exclude_each_other_unless_they_may_interrupt_or_are_compatible() -> None:
    """Every medium in hand must allow the new one."""
    media = {
        "email": MediumLimit(cost=1, interruptible_by=frozenset({"chat"})),
        "chat": MediumLimit(cost=1),
        "voice": MediumLimit(cost=1),
    }
    desk = one(Utilization(media=media, compatible=(frozenset({"chat", "voice"}),)))
    desk.submit("e", medium="email")
    assert desk.offered(desk.submit("v", medium="voice")) == []
    assert desk.offered(desk.submit("c", medium="chat")) == ["ana"]
    desk.work.cancel("e")
    assert desk.offered("v") == ["ana"]


def test_labels_are_counted_beside_the_medium() -> None:
    """At most so many items with a label, whatever room there is."""
    desk = one(Utilization(media={"chat": 1}, labels={"vip": 1}))
    assert desk.offered(desk.submit("x", medium="chat", labels=["vip"])) == ["ana"]
    assert desk.offered(desk.submit("y", medium="chat", labels=["vip", "new"])) == []
    assert desk.offered(desk.submit("z", medium="chat", labels=["new"])) == ["ana"]


@pytest.mark.parametrize(("hold", "offered"), [(1.0, []), (0.5, ["ana"]), (0.0, ["ana"])])
def test_after_call_work_holds_the_share_that_the_policy_says(hold: float, offered: list[str]) -> None:
    """All of the room, a part of it, or none."""
    rules = Utilization(capacity=100, media={"chat": MediumLimit(cost=60)})
    desk = one(rules, after_call_work=AfterCallWork(mode="mandatory", hold=hold))
    desk.assignments.complete(desk.accept(desk.submit("x", medium="chat")))
    assert desk.offered(desk.submit("y", medium="chat", cost=70)) == offered


def test_waiting_work_holds_its_share_and_its_place() -> None:
    """On hold at zero, work gives up its place among its medium as well."""
    desk = one(Utilization(media={"chat": MediumLimit(cost=10, maximum=1)}))
    token = desk.accept(desk.submit("x", medium="chat"))
    desk.submit("y", medium="chat")
    desk.assignments.hold(token, 0.5)
    assert desk.offered("y") == []
    desk.assignments.hold(token, 0)
    assert desk.offered("y") == ["ana"]


@pytest.mark.parametrize("rules", [{"chat": MediumLimit(cost=10, maximum=1)}, {"chat": MediumLimit(cost=60)}])
@pytest.mark.parametrize("over", [True, False])
def test_what_wakes_while_the_agent_is_full_goes_where_the_queue_says(
    rules: dict[str, MediumLimit], over: bool
) -> None:
    """Over capacity for that agent only, or back to the queue; full by units or by the medium's maximum."""
    desk = one(Utilization(media=rules), wake_over_capacity=over)
    token = desk.accept(desk.submit("x", medium="chat"))
    desk.assignments.hold(token, 0)
    desk.accept(desk.submit("y", medium="chat"))
    desk.assignments.hold(token, 1)
    assert desk.state("x") == ("assigned" if over else "waiting")
    assert desk.offered(desk.submit("z", medium="chat")) == []
    desk.center.check()


def test_only_an_explicit_act_goes_over_capacity_and_it_is_recorded() -> None:
    """Assigning by hand is refused without room unless asked to exceed it; the event says so."""
    desk = one(Utilization())
    desk.accept(desk.submit("x"))
    desk.submit("y")
    end = desk.end()
    with pytest.raises(OverCapacity):
        desk.work.assign("y", "ana")
    assert desk.end() == end
    desk.work.assign("y", "ana", over_capacity=True)
    assigned = next(r.event for r in desk.center.events(after=end) if r.type.endswith("item_assigned"))
    assert assigned.over_capacity
    assert desk.agents.get("ana").used == 200
    desk.agents.sign_out("ana")
    with pytest.raises(TargetUnavailable):
        desk.work.assign(desk.submit("z"), "ana", over_capacity=True)


def test_assigning_what_the_agent_has_on_offer_is_not_over_capacity() -> None:
    """The offer's room becomes the assignment's."""
    desk = one(Utilization())
    desk.submit("x")
    desk.work.assign("x", "ana")
    assert desk.agents.get("ana").used == 100
    desk.center.check()
