"""Situations with known results: each as it is told in the description of the rules."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta

import pytest

from desk import INSTANT, Desk, after, agents
from switchroom import Agent, Membership, Queue
from switchroom.errors import OfferGone
from switchroom.routing.model import Preferred, Step
from switchroom.routing.utilization import MediumLimit, Utilization


@pytest.mark.parametrize(("priority", "first"), [(10, "y"), (9, "x"), (8, "x")])
def test_a_point_of_priority_is_worth_a_minute_of_waiting(priority: int, first: str) -> None:
    """X waits since 0 with priority 0, Y since nine minutes: with ten points Y goes first, with nine they tie and X
    was there first, with eight X goes first."""
    desk = Desk(Queue("q"), *agents("ana"), here=False)
    desk.submit("x")
    desk.wait(540)
    desk.submit("y", priority=priority)
    desk.agents.sign_in("ana")
    assert desk.serve("ana")[0] == first


def test_least_loaded_goes_by_the_share_used_then_by_idle_time() -> None:
    """A 3 of 5 idle for 5 minutes, B 3 of 4 for 3, C 3 of 5 for 7, D 0 of 3 for 2: D, C, A, B."""
    desk = Desk(Queue("q", selection="least_loaded"))
    for name, places in (("a", 5), ("b", 4), ("c", 5), ("d", 3)):
        rules = Utilization(capacity=places * 10, media={"chat": 10})
        desk.agents.add(Agent(name, queues=["q"], utilization=rules))
    held = {"c": 3, "a": 3, "b": 3, "d": 0}
    minute = {"c": 0, "a": 2, "b": 4, "d": 5}
    for name, count in held.items():
        desk.wait_until(after(60 * minute[name]))
        desk.agents.sign_in(name)
        for n in range(count):
            item = desk.submit(f"{name}{n}", medium="chat", requirement=f'agent == "{name}"')
            desk.accept(item)
    desk.wait_until(after(420))
    order = []
    for n in range(4):
        item = desk.submit(f"new{n}", medium="chat")
        order += desk.offered(item)
        desk.agents.set_presence(order[-1], "break")
        desk.work.cancel(item)
    assert order == ["d", "c", "a", "b"]


def test_one_call_or_five_chats() -> None:
    """Capacity 100, voice costs 100, chat 20: one call, or up to five chats; one chat blocks the call."""
    rules = Utilization(media={"voice": 100, "chat": 20})
    desk = Desk(Queue("q"), Agent("ana", queues=["q"], utilization=rules))
    chats = [desk.submit(f"chat{n}", medium="chat") for n in range(6)]
    assert [desk.offered(c) for c in chats] == [["ana"]] * 5 + [[]]
    for chat in chats:
        desk.work.cancel(chat)
    call = desk.submit("call", medium="voice")
    assert desk.offered(call) == ["ana"]
    assert desk.offered(desk.submit("chat", medium="chat")) == []
    desk.work.cancel(call)
    assert desk.offered("chat") == ["ana"]
    assert desk.offered(desk.submit("call2", medium="voice")) == []


def test_a_call_always_fits_beside_small_work() -> None:
    """Voice costs 60, chat and email 10 with at most two each: whatever small work there is, a call fits."""
    media = {
        "voice": MediumLimit(cost=60),
        "chat": MediumLimit(cost=10, maximum=2),
        "email": MediumLimit(cost=10, maximum=2),
    }
    desk = Desk(Queue("q"), Agent("ana", queues=["q"], utilization=Utilization(media=media)))
    small = [desk.submit(f"{m}{n}", medium=m) for m in ("chat", "email") for n in range(3)]
    assert sum(bool(desk.offered(item)) for item in small) == 4
    assert desk.offered(desk.submit("call", medium="voice")) == ["ana"]


def test_email_may_be_interrupted_and_does_not_interrupt() -> None:
    """Beside an email a call fits; during the call no email is offered."""
    free = frozenset({"voice", "chat"})
    media = {"email": MediumLimit(cost=10, interruptible_by=free), "voice": MediumLimit(cost=50)}
    desk = Desk(Queue("q"), Agent("ana", queues=["q"], utilization=Utilization(media=media)))
    desk.accept(desk.submit("mail1", medium="email"))
    assert desk.offered(desk.submit("call", medium="voice")) == ["ana"]
    assert desk.offered(desk.submit("mail2", medium="email")) == []
    desk.assignments.complete(desk.accept("call"))
    assert desk.offered("mail2") == ["ana"]


def test_steps_change_the_candidates_exactly_when_they_are_over() -> None:
    """Steps of 30 s, 30 s and the rest, whom nobody fits in the first two: candidates change at 0, 30 and 60 s."""
    team = [Agent("one", skills={"one": 1}, queues=["q"]), Agent("two", skills={"two": 1}, queues=["q"])]
    desk = Desk(Queue("q"), *team, Agent("any", queues=["q"]), here=False)
    item = desk.submit("x", steps=[Step("one", "30s"), Step("two", "30s"), Step("true")])
    seen = []
    for instant in (0, 29.999999, 30, 59.999999, 60):
        desk.wait_until(after(instant))
        for name in ("one", "two", "any"):
            desk.agents.sign_in(name)
            seen += [(instant, name) for name in desk.offered(item)]
            desk.agents.sign_out(name)
    assert seen == [
        (0, "one"),
        (29.999999, "one"),
        (30, "two"),
        (59.999999, "two"),
        (60, "one"),
        (60, "two"),
        (60, "any"),
    ]


def test_a_delayed_membership_sees_nothing_younger() -> None:
    """Sales first; support items are invisible to this agent before they are 30 s old, then they compete by key."""
    ana = Agent("ana", queues=[Membership("sales"), Membership("support", delay="30s")])
    desk = Desk(Queue("sales"), Queue("support"), ana)
    desk.submit("late", "support")
    desk.wait_until(after(30) - INSTANT)
    assert desk.offered("late") == []
    desk.wait_until(after(30))
    assert desk.offered("late") == ["ana"]
    desk.submit("sale", "sales")
    desk.submit("old", "support")
    desk.wait(30)
    desk.submit("urgent", "sales", priority=5)
    assert desk.serve("ana") == ["late", "urgent", "sale", "old"]


def test_a_smaller_rank_goes_first_whatever_waits_elsewhere() -> None:
    """Ranks come before keys: the queue of rank 1 before that of rank 2."""
    desk = Desk(Queue("sales"), Queue("support"), here=False)
    desk.agents.add(Agent("ana", queues=[Membership("sales", rank=1), Membership("support", rank=2)]))
    desk.submit("support", "support", priority=99)
    desk.wait(60)
    desk.submit("sale", "sales")
    desk.agents.sign_in("ana")
    assert desk.serve("ana") == ["sale", "support"]


def test_a_preferred_agent_is_alone_until_the_wait_is_over() -> None:
    """Preferred for 45 s: at 44.9 s only that agent, at 45 s anyone."""
    desk = Desk(Queue("q"), *agents("ana", "bob"))
    desk.agents.set_presence("ana", "break")
    item = desk.submit("x", preferred=Preferred(["ana"], wait="45s"))
    desk.wait_until(after(44.9))
    assert desk.offered(item) == []
    desk.wait_until(after(45) - INSTANT)
    assert desk.offered(item) == []
    desk.wait_until(after(45))
    assert desk.offered(item) == ["bob"]


def test_the_first_accept_wins_and_the_others_are_revoked() -> None:
    """Two offers for one item: when one is accepted the other is revoked in the same step, and accepting it fails."""
    desk = Desk(Queue("q", offers_per_item=2), *agents("ana", "bob"))
    item = desk.submit("x")
    lost = desk.offer(item, "bob")
    end = desk.end()
    desk.accept(item, "ana")
    assert desk.types(end) == ["offer_accepted", "offer_revoked"]
    with pytest.raises(OfferGone) as refusal:
        desk.offers.accept(lost)
    assert refusal.value.outcome == "revoked"
    assert desk.state(item) == "assigned"


def test_a_place_that_becomes_free_is_filled_in_the_same_step() -> None:
    """A full agent closes one of four conversations while a fifth waits: the fifth is offered in the same step."""
    rules = Utilization(media={"chat": 25})
    desk = Desk(Queue("q"), Agent("ana", queues=["q"], utilization=rules))
    held = [desk.accept(desk.submit(f"chat{n}", medium="chat")) for n in range(4)]
    desk.submit("fifth", medium="chat")
    end = desk.end()
    desk.assignments.complete(held[2])
    assert desk.types(end) == ["item_completed", "offer_made"]
    assert desk.offered("fifth") == ["ana"]


def calls_of(action: Callable[[], object]) -> int:
    """How many functions an action calls, those in C included: a cost that is the same on every machine."""
    count = 0

    def seen(frame: object, kind: str, argument: object) -> None:
        nonlocal count
        count += kind in ("call", "c_call")

    sys.setprofile(seen)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def test_items_that_nobody_can_serve_do_not_stand_in_the_way() -> None:
    """Behind 10,000 items that nobody can serve, one that somebody can serve is offered at once, at no higher cost."""

    def cost_of_one(waiting: int) -> int:
        desk = Desk(Queue("q"), *agents("ana"))
        for n in range(waiting):
            desk.submit(f"no{n}", requirement=f"unknown{n % 10}")
        desk.work.cancel(desk.submit("warm"))
        cost = calls_of(lambda: desk.submit("x"))
        assert desk.offered("x") == ["ana"]
        return cost

    assert cost_of_one(10_000) <= cost_of_one(10) + 10


def test_waiting_is_counted_from_the_instant_given() -> None:
    """A back-dated item stands where it would have stood."""
    desk = Desk(Queue("q"), *agents("ana"), here=False)
    desk.submit("now")
    desk.submit("before", entered=after(-1))
    assert desk.queues.waiting("q") == ("before", "now")
    assert desk.work.get("before").waited == timedelta(0)
