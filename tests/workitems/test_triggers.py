"""Triggers: steps that run when something happens to work; waits survive a restart, and nothing feeds itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from switchroom import ContactCenter, WorkItem
from switchroom.effects import EffectView
from switchroom.errors import ConfigError, DeliveryRefused, InvalidInput, UnknownId
from switchroom.routing.escalation_model import AddPriority, Alert, MoveTo
from switchroom.routing.hours import OpeningHours
from switchroom.routing.steps import Branch, CheckHours, Consult, SetVariables, Wait
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import Worktype
from switchroom.workitems.trigger_model import Act, AddNote, Done, SetStatus, SubmitWork, TriggerStep, WorkTrigger

from .desk import desk, taken, types
from .test_work_machine import check_replay, check_snapshot

CLAIM = Worktype("claim", queue="claims", attributes=[Attribute("amount", "number"), Attribute("checked", "boolean")])
CHORE = Worktype("chore", queue="experts", attributes=[Attribute("amount", "number", required=True)])


def with_trigger(steps: Mapping[str, TriggerStep], *, on: list[str] | None = None, when: str = "true") -> ContactCenter:
    center = desk(CLAIM, CHORE)
    start = next(iter(steps))
    center.worktypes.save_trigger(WorkTrigger("t", on=on or ["submitted"], when=when, start=start, steps=steps))
    return center


def test_steps_run_when_the_condition_holds() -> None:
    """Attributes, branches, actions, notes, further work with the same journey."""
    steps: dict[str, TriggerStep] = {
        "set": SetVariables({"checked": True}, then="branch"),
        "branch": Branch([("amount > 100", "act")], otherwise="end"),
        "act": Act([AddPriority(5), MoveTo("experts"), Alert("eve")], then="note"),
        "note": AddNote("big: ${amount}", then="more"),
        "more": SubmitWork("chore", copy=("amount",), then="end"),
        "end": Done(),
    }
    center = with_trigger(steps, when='worktype == "claim"')
    small = center.work.submit(WorkItem(worktype="claim", attributes={"amount": 1}))
    big = center.work.submit(WorkItem(worktype="claim", attributes={"amount": 200}, journey="j1"))
    assert center.work.view(small).attributes == {"amount": 1, "checked": True}
    assert (center.work.view(big).place, center.work.view(big).priority) == ("queue:experts", 5)
    assert [r.event.text for r in center.events() if r.type == "workitems.note_added"] == ["big: 200"]
    chore = next(r.event for r in center.events() if r.type == "workitems.submitted" and r.event.worktype == "chore")
    assert (chore.journey, chore.attributes) == ("j1", {"amount": 200})
    assert types(center).count("trigger_fired") == 2
    center.check()


def test_a_trigger_does_not_feed_itself() -> None:
    """What it changes fires no trigger."""
    center = with_trigger({"set": SetVariables({"checked": True}, then="end"), "end": Done()}, on=["changed"])
    work = center.work.submit(WorkItem(worktype="claim"))
    center.work.change(work, attributes={"amount": 5})
    assert types(center).count("trigger_fired") == 1


def test_waits_and_hours() -> None:
    """A wait is state: a replay and a snapshot have it, too."""
    hours = OpeningHours.daily("09:00", "13:00", zone="UTC")
    center = with_trigger(
        {
            "wait": Wait("90m", then="hours"),
            "hours": CheckHours(hours, open="end", closed="status"),
            "status": SetStatus("waiting", then="end", failed="end"),
            "end": Done(),
        }
    )
    work = center.work.submit(WorkItem(worktype="claim"))
    center.advance("89m")
    check_replay(center)
    check_snapshot(center)
    assert center.work.view(work).status == "open"
    center.advance("1m")
    assert center.work.view(work).status == "waiting"
    center.check()


def outside(center: ContactCenter, answer: Any) -> None:
    def handle(effect: EffectView) -> Any:
        assert effect.body["work"]
        if isinstance(answer, Exception):
            raise answer
        return answer

    center.effects.register("lookup", handle)


@pytest.mark.parametrize(
    ("answer", "attributes", "status"),
    [
        ({"fields": {"amount": 7}}, {"amount": 7}, "open"),
        ({"fields": "nonsense"}, {}, "waiting"),
        (DeliveryRefused("no"), {}, "waiting"),
        (None, {}, "open"),
    ],
)
def test_asking_something_outside(answer: Any, attributes: dict[str, Any], status: str) -> None:
    """What it returns becomes attributes; failing and answering nonsense leave by ``failed``."""
    center = with_trigger(
        {
            "ask": Consult("lookup", then="end", failed="status", timeout="1m"),
            "status": SetStatus("waiting", then="end"),
            "end": Done(),
        }
    )
    outside(center, answer)
    work = center.work.submit(WorkItem(worktype="claim"))
    center.effects.deliver()
    assert center.work.view(work).attributes == attributes
    assert center.work.view(work).status == status
    center.check()


def test_an_answer_that_does_not_come_in_time() -> None:
    """The effect is withdrawn, and the steps go on by ``failed``."""
    steps: dict[str, TriggerStep] = {
        "ask": Consult("lookup", then="end", failed="status", timeout="1m"),
        "status": SetStatus("waiting", then="end"),
        "end": Done(),
    }
    center = with_trigger(steps)
    work = center.work.submit(WorkItem(worktype="claim"))
    center.advance("1m")
    assert center.work.view(work).status == "waiting"
    assert not center.effects.pending()
    check_replay(center)
    center.check()


def test_settings_that_change_under_a_wait() -> None:
    """The run goes on with the new steps; if its step is gone, it ends."""
    center = with_trigger({"wait": Wait("10m", then="end"), "end": Done()})
    work = center.work.submit(WorkItem(worktype="claim"))
    center.worktypes.save_trigger(
        WorkTrigger(
            "t", on=["closed"], start="wait", steps={"wait": SetVariables({"checked": True}, then="end"), "end": Done()}
        )
    )
    center.advance("10m")
    assert center.work.view(work).attributes == {"checked": True}
    gone = with_trigger({"wait": Wait("10m", then="end"), "end": Done()})
    gone.work.submit(WorkItem(worktype="claim"))
    gone.worktypes.save_trigger(WorkTrigger("t", on=["closed"], start="end", steps={"end": Done()}))
    gone.advance("10m")
    assert types(gone)[-1] == "trigger_left"
    gone.check()


def test_every_event_has_its_name() -> None:
    """Each of them can be listened to."""
    center = desk(CLAIM, CHORE)
    seen = ("submitted", "changed", "status", "taken", "released", "closed", "reopened", "overdue")
    for name in seen:
        center.worktypes.save_trigger(WorkTrigger(name, on=[name], start="end", steps={"end": Done()}))
    work = taken(center, worktype="claim", due=center.now())
    center.work.change(work, attributes={"amount": 1})
    assignment = center.work.view(work).assignment
    assert assignment is not None
    center.assignments.requeue(assignment)
    center.advance("1s")
    center.work.cancel(work)
    center.work.reopen(work)
    assert {r.event.trigger for r in center.events() if r.type == "workitems.trigger_fired"} == set(seen)


def test_mistakes_of_a_graph() -> None:
    """Told when it is made, as those of flows."""
    with pytest.raises(ConfigError, match="no step 'b'"):
        WorkTrigger("t", on=["closed"], start="a", steps={"a": Wait("1m", then="b")})
    with pytest.raises(ConfigError, match="nothing leads"):
        WorkTrigger("t", on=["closed"], start="a", steps={"a": Done(), "b": Done()})
    with pytest.raises(ConfigError, match="circle"):
        WorkTrigger("t", on=["closed"], start="a", steps={"a": AddNote("x", then="a")})
    for on in ([], ["exploded"], "closed"):
        with pytest.raises(InvalidInput):
            WorkTrigger("t", on=on, start="a", steps={"a": Done()})
    center = desk()
    for step in (Act([MoveTo("nowhere")], then="end"), SubmitWork("nowhere", then="end")):
        with pytest.raises(UnknownId):
            center.worktypes.save_trigger(WorkTrigger("t", on=["closed"], start="a", steps={"a": step, "end": Done()}))
