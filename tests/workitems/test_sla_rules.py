"""What happens at shares of the service level: actions, in hand and elsewhere; rising priority."""

from __future__ import annotations

from typing import Any

import pytest

from switchroom import WorkItem
from switchroom.routing.escalation_model import (
    AddPriority,
    AddRequirement,
    Alert,
    CallBack,
    CallFunction,
    CancelWith,
    MoveTo,
    ParkIn,
    SetPriority,
    SetRequirement,
)
from switchroom.workitems.model import Workbin, Worktype
from switchroom.workitems.sla_model import Curve, Sla, SlaRule

from .desk import desk, taken, types


def with_rule(*actions: Any, **rule: Any) -> Worktype:
    return Worktype("claim", queue="claims", sla=Sla("1h", rules=[SlaRule("half", share=0.5, actions=actions, **rule)]))


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("workbin:agent:bob", "workbin:agent:bob"),
        ("workbin:team:red", "workbin:team:red"),
        ("workbin:supervisor", "workbin:agent:eve"),
        ("workbin:shelf", "workbin:shelf"),
    ],
)
def test_escalation_to_workbins(target: str, place: str) -> None:
    """Another agent's, a group's, the supervisor's, any."""
    center = desk()
    center.workbins.save(Workbin("shelf"))
    center.worktypes.save(with_rule(ParkIn(target)))
    work = center.work.submit(WorkItem(worktype="claim"))
    center.advance("29m59s")
    assert center.work.view(work).place == "queue:claims"
    center.advance("1s")
    assert center.work.view(work).place == place
    center.check()


def test_escalation_to_a_queue_and_to_a_priority() -> None:
    """Actions are done in order."""
    center = desk(with_rule(AddPriority(5), MoveTo("experts"), AddRequirement("legal >= 3")))
    work = center.work.submit(WorkItem(worktype="claim", priority=1))
    center.advance("30m")
    item = center.work.get(work)
    assert (item.queue, item.priority, str(item.requirement)) == ("experts", 6, "legal >= 3")
    assert center.work.view(work).priority == 6
    center.check()


def test_in_hand_it_is_told_and_not_taken() -> None:
    """Unless the rule says so; alerts and priority apply in any case."""
    center = desk(with_rule(Alert("supervisor"), SetPriority(9), MoveTo("experts")))
    work = taken(center, worktype="claim")
    center.advance("30m")
    assert center.work.view(work).agent == "ana"
    assert center.work.view(work).priority == 9
    told = [r.event for r in center.events() if r.type in ("routing.alert_raised", "workitems.escalation_failed")]
    assert [(e.to if hasattr(e, "to") else e.reason) for e in told] == ["eve", "in the hand of ana"]
    center.worktypes.save(with_rule(MoveTo("experts"), take=True))
    other = taken(center, worktype="claim")
    center.advance("30m")
    assert center.work.view(other).place == "queue:experts"
    assert other not in [a.item for a in center.assignments.of_agent("ana")]
    center.check()


def test_what_is_not_possible_is_told_and_the_rest_follows() -> None:
    """An action that fails leaves the work as it was."""

    def decide(view: Any) -> Any:
        return [AddPriority(int(view.sla_used * 10)), Alert("somebody")]

    rule = with_rule(CallBack("1m"), ParkIn("elsewhere:x"), CallFunction("decide"), SetRequirement("spanish"))
    center = desk(rule, functions={"decide": decide})
    work = center.work.submit(WorkItem(worktype="claim"))
    center.advance("30m")
    failed = [r.event.reason for r in center.events() if r.type == "workitems.escalation_failed"]
    assert failed == ["CallBack is an action of queues, not of work", "unknown target: 'elsewhere:x'"]
    assert center.work.view(work).priority == 5
    assert str(center.work.get(work).requirement) == "spanish"
    (fired,) = [r.event for r in center.events() if r.type == "workitems.escalated"]
    assert AddPriority(5) in fired.actions
    center.check()


def test_a_rule_may_cancel() -> None:
    """And nothing after it is done."""
    center = desk(with_rule(CancelWith("too late"), Alert("eve")))
    work = center.work.submit(WorkItem(worktype="claim"))
    center.advance("1h")
    assert (center.work.view(work).outcome, center.work.view(work).status) == ("cancelled", "cancelled")
    assert not [r for r in center.events() if r.type == "routing.alert_raised"]


def test_priority_rises_in_the_queue_in_steps() -> None:
    """At the instants of the curve, and not otherwise: one change each."""
    sla = Sla("1h", curve=Curve([(0.25, 10), (0.5, 30), (1, 100)]))
    center = desk(Worktype("claim", queue="claims", sla=sla))
    old = center.work.submit(WorkItem(worktype="claim"))
    center.advance("10m")
    urgent = center.work.submit(WorkItem(queue="claims", priority=15))
    seen = []
    for _ in range(11):
        center.advance("5m")
        seen.append(center.work.get(old).priority)
    assert seen == [10, 10, 10, 30, 30, 30, 30, 30, 30, 100, 100]
    assert center.queues.waiting("claims") == (old, urgent)
    assert types(center).count("priority_risen") == 3
    center.work.change(old, priority=-7)
    assert (center.work.get(old).priority, center.work.view(old).priority) == (93, 93)
    center.check()


def test_a_smooth_curve_is_exact_in_views_and_in_steps_in_queues() -> None:
    """Ten steps unless the curve says otherwise."""
    curve = Curve([(1, 100)], smooth=True, resolution=0.25)
    center = desk(Worktype("claim", queue="claims", sla=Sla("100m", curve=curve)))
    work = center.work.submit(WorkItem(worktype="claim"))
    found = []
    for _ in range(10):
        center.advance("10m")
        found.append((center.work.view(work).priority, center.work.get(work).priority))
    queue = [0, 0, 25, 25, 50, 50, 50, 75, 75, 100]
    assert found == [((n + 1) * 10, queue[n]) for n in range(10)]


def test_the_clock_stands_while_the_work_waits() -> None:
    """And so do priority, rules and the due date that follows from it."""
    sla = Sla("1h", rules=[SlaRule("over", share=1, actions=[])], curve=Curve([(0.5, 10)]))
    center = desk(Worktype("claim", queue="claims", sla=sla))
    work = center.work.submit(WorkItem(worktype="claim"))
    center.advance("20m")
    center.work.suspend(work)
    assert center.work.view(work).due is None
    center.advance("5h")
    assert center.work.view(work).sla_used == pytest.approx(1 / 3)
    center.work.resume(work)
    center.advance("39m")
    assert "escalated" not in types(center)
    center.advance("1m")
    assert [kind for kind in types(center) if kind in ("escalated", "overdue")] == ["escalated", "overdue"]
    center.check()
