"""Escalation: once per stay, in its exact instant, never while assigned."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from desk import INSTANT, Desk, after, agents
from switchroom import Agent, Queue
from switchroom.errors import SwitchroomError
from switchroom.routing.escalation_model import (
    AddPriority,
    AddRequirement,
    Alert,
    CallBack,
    CallFunction,
    CancelWith,
    Escalation,
    MoveTo,
    ParkIn,
    SetPriority,
    SetRequirement,
)
from switchroom.routing.model import Step
from switchroom.routing.queue_model import Ring, ServiceLevel


def desk_with(*rules: Escalation, people: Any = (), **settings: Any) -> Desk:
    return Desk(Queue("other"), Queue("q", escalations=rules, **settings), *people)


def fired(desk: Desk) -> list[str]:
    return [r.event.rule for r in desk.center.events() if r.type.endswith("escalation_fired")]


@pytest.mark.parametrize(
    "trigger", [{"after_wait": "30s"}, {"after_age": "30s"}, {"sla_share": 0.5}, {"nobody_for": "30s"}]
)
def test_rules_of_time_fire_in_their_instant(trigger: dict[str, Any]) -> None:
    """Not an instant before, and once."""
    level = ServiceLevel(within="60s")
    desk = desk_with(Escalation("rule", actions=[AddPriority(5)], **trigger), service_level=level)
    desk.submit("x")
    desk.wait_until(after(30) - INSTANT)
    assert desk.work.get("x").priority == 0
    desk.wait_until(after(30))
    desk.wait(1000)
    assert desk.work.get("x").priority == 5
    assert fired(desk) == ["rule"]


def test_nobody_fires_only_if_nobody_signed_in_could_take_it() -> None:
    """Somebody busy counts as somebody, and so does somebody who has it on offer."""
    rule = Escalation("alone", nobody_for="30s", actions=[AddPriority(5)])
    desk = desk_with(rule, people=agents("ana"))
    desk.submit("ringing")
    desk.submit("behind")
    desk.submit("spanish", requirement="spanish")
    desk.wait(30)
    assert [desk.work.get(i).priority for i in ("ringing", "behind", "spanish")] == [0, 0, 5]


def test_the_length_at_entry_counts_those_before() -> None:
    """More than so many waiting when the item enters."""
    desk = desk_with(Escalation("long", queue_longer_than=1, actions=[SetPriority(-1)]))
    for name in "abc":
        desk.submit(name)
    assert [desk.work.get(i).priority for i in "abc"] == [0, 0, -1]


def test_failed_offers_count_declined_and_expired_ones() -> None:
    """The second failure, of whichever kind, fires the rule."""
    rule = Escalation("unwanted", failed_offers=2, actions=[MoveTo("other")])
    desk = desk_with(rule, people=agents("a", "b", "c"), alert_timeout="10s", on_expiry="stay")
    desk.submit("x")
    desk.decline("x")
    assert desk.work.get("x").queue == "q"
    desk.wait(10)
    assert desk.work.get("x").queue == "other"
    assert desk.offered("x") == []


def test_a_rule_fires_while_offered_and_moving_revokes() -> None:
    """An offer that is out does not stop the rule; if the rule moves the item, the offer is revoked."""
    rules = [Escalation("first", after_wait="10s", actions=[AddPriority(1)])]
    rules.append(Escalation("then", after_wait="20s", actions=[MoveTo("other")]))
    desk = desk_with(*rules, people=agents("ana"))
    desk.submit("x")
    desk.wait(10)
    assert (desk.state("x"), desk.work.get("x").priority) == ("offered", 1)
    desk.wait(10)
    assert (desk.work.get("x").queue, desk.offers.of_agent("ana")) == ("other", ())


def test_a_rule_never_fires_while_assigned_and_again_in_a_new_stay() -> None:
    """The clock of the rules stops with the stay and starts with the next."""
    desk = desk_with(Escalation("late", after_wait="30s", actions=[AddPriority(1)]), people=agents("ana"))
    token = desk.accept(desk.submit("x"))
    desk.wait(100)
    assert fired(desk) == []
    desk.agents.set_presence("ana", "break")
    desk.assignments.requeue(token)
    desk.wait(30)
    assert fired(desk) == ["late"]


def test_moving_starts_the_rules_of_the_new_queue() -> None:
    """The old queue's rules are over, and the new one's count from joining it; age goes on."""
    here = Escalation("move", after_wait="30s", actions=[MoveTo("there"), SetPriority(7)])
    late = Escalation("late", after_wait="45s", actions=[SetPriority(99)])
    there = [Escalation("new", after_wait="30s", actions=[Alert("boss")])]
    there.append(Escalation("old", after_age="70s", actions=[Alert("boss")]))
    desk = Desk(Queue("there", escalations=there), Queue("q", escalations=[here, late]))
    desk.submit("x")
    desk.wait_until(after(59.9))
    assert fired(desk) == ["move"]
    desk.wait_until(after(60))
    assert fired(desk) == ["move", "new"]
    desk.wait_until(after(70))
    assert fired(desk) == ["move", "new", "old"]
    assert desk.work.get("x").priority == 7


def test_rules_of_a_queue_left_in_the_same_instant_do_not_fire() -> None:
    """Two rules due at once: what the first one moves, the second one leaves alone."""
    rules = [Escalation("a", after_wait="30s", actions=[MoveTo("other")])]
    rules.append(Escalation("b", after_wait="30s", actions=[CancelWith("late")]))
    desk = desk_with(*rules)
    desk.submit("x")
    desk.wait(30)
    assert (desk.state("x"), fired(desk)) == ("waiting", ["a"])


def test_escalating_after_the_last_step_fires_each_rule_once() -> None:
    """A rule that is due in the instant in which the last step ends fires once, not twice."""
    desk = desk_with(Escalation("late", after_wait="30s", actions=[AddPriority(1)]), rings=[Ring("40s")])
    desk.submit("x", steps=[Step("one", "30s")], after_steps="escalate")
    desk.wait(100)
    assert fired(desk) == ["late"]
    assert desk.work.get("x").priority == 1


def test_a_back_dated_item_fires_at_entry_what_it_has_passed() -> None:
    """What counts from entry is due at once, and what counts from joining is not."""
    rules = [Escalation("sla", sla_share=1, actions=[Alert("a")])]
    rules.append(Escalation("wait", after_wait="30s", actions=[Alert("b")]))
    desk = desk_with(*rules, service_level=ServiceLevel(within="20s"))
    desk.submit("x", entered=after(-60))
    assert fired(desk) == ["sla"]


def test_a_rule_added_later_fires_for_what_has_waited_long_enough() -> None:
    """New settings hold for waiting work, and do not keep later rules from their instants."""
    desk = desk_with()
    desk.submit("x")
    desk.wait(60)
    rules = [Escalation("early", after_wait="30s", actions=[Alert("a")])]
    rules.append(Escalation("late", after_wait="90s", actions=[Alert("b")]))
    desk.queues.change(evolve(desk.queues.settings("q"), escalations=rules))
    desk.center.advance(INSTANT)
    assert fired(desk) == ["early"]
    desk.wait_until(after(90))
    assert fired(desk) == ["early", "late"]


def test_every_action_does_what_it_says() -> None:
    """Requirement, callback, cancelling, functions; what is not possible becomes an event, and the rest goes on."""
    rules = [
        Escalation("r", after_wait="10s", actions=[SetRequirement("x"), AddRequirement("y")]),
        Escalation("p", after_wait="20s", actions=[ParkIn("bin:none"), AddPriority(3)]),
        Escalation("f", after_wait="30s", actions=[CallFunction("f")]),
        Escalation("c", after_wait="40s", actions=[CallBack("30s")]),
    ]
    desk = Desk(Queue("q", escalations=rules), functions={"f": lambda item: [AddPriority(4)]})
    desk.submit("x")
    desk.wait(10)
    assert str(desk.work.get("x").requirement) == "x and y"
    desk.wait(10)
    assert "escalation_failed" in desk.types()
    assert desk.work.get("x").priority == 3
    desk.wait(10)
    assert desk.work.get("x").priority == 7
    desk.wait(10)
    assert desk.state("x") == "scheduled"
    desk.wait(30)
    assert (desk.state("x"), desk.work.get("x").entered) == ("waiting", after(0))


@pytest.mark.parametrize("answer", ["nonsense", 5, [CallFunction("f")], [AddPriority(1), None]])
def test_a_function_that_returns_no_actions_does_nothing(answer: Any) -> None:
    """Wrong answers are events, and the item stays as it was."""
    rule = Escalation("f", after_wait="10s", actions=[CallFunction("f")])
    desk = Desk(Queue("q", escalations=[rule]), functions={"f": lambda item: answer})
    desk.submit("x")
    desk.wait(10)
    assert desk.work.get("x").priority == 0
    assert "function_failed" in desk.types()


def test_waiting_no_longer_than_allowed() -> None:
    """Timed out in the instant in which the limit is reached; the item's own limit goes before the queue's."""
    desk = Desk(Queue("q", max_wait="30s"))
    desk.submit("x")
    desk.submit("y", max_wait="10s")
    desk.wait_until(after(10))
    assert (desk.state("x"), desk.state("y")) == ("waiting", "timed_out")
    desk.wait_until(after(30) - INSTANT)
    assert desk.state("x") == "waiting"
    desk.wait_until(after(30))
    assert desk.state("x") == "timed_out"


def test_who_may_take_it_from_this_instant_on_is_found_before_rules_fire() -> None:
    """The phase goes before the rules: in the instant of the step the item is offered, and the rule counts it so."""
    rule = Escalation("alone", nobody_for="30s", actions=[AddPriority(5)])
    desk = desk_with(rule, people=[Agent("ana", queues=["q"])])
    desk.submit("x", steps=[Step("one", "30s"), Step("true")])
    desk.wait(30)
    assert (desk.state("x"), desk.work.get("x").priority) == ("offered", 0)


def test_a_rule_needs_exactly_one_trigger() -> None:
    """None and two are refused."""
    for triggers in ({}, {"after_wait": "1s", "failed_offers": 1}):
        with pytest.raises(SwitchroomError):
            Escalation("x", actions=[], **triggers)
