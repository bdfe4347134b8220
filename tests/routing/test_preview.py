"""A preview says what will happen if nobody answers, and touches nothing."""

from __future__ import annotations

import json

import pytest

from driver import run_script
from switchroom import Agent, ContactCenter, ManualClock, Membership, Queue, WorkItem
from switchroom.errors import InvalidInput, QueueFull, UnknownId
from switchroom.routing.intake_model import Intake, IntakeRule
from switchroom.routing.model import Step


def new_center(queue: Queue) -> ContactCenter:
    center = ContactCenter(clock=ManualClock("2026-01-05T12:00:00Z"), seed=1)
    center.queues.add(queue)
    for agent in (
        Agent("ana", skills={"es": 3}, queues=["sales"]),
        Agent("bob", queues=[Membership("sales", delay="30s")]),
    ):
        center.agents.add(agent)
        center.agents.sign_in(agent.id)
    return center


@pytest.mark.parametrize("seed", range(6))
def test_what_a_preview_says_is_what_happens(seed: int) -> None:
    """Whatever has happened before, the state and holders foreseen for an item are those that it has when the time has
    passed without any input; and the foresight left no trace in state or log."""
    driver = run_script(seed, 30)
    center = driver.center
    items = [item for item in driver.items if item in center._routing.items][-4:]
    before, end = center.dump(), center.storage.end()
    foreseen = {(item, after): center.insight.preview(item, after=after) for item in items for after in (0, 45)}
    assert (center.dump(), center.storage.end()) == (before, end)
    for after in (0, 45):
        center.advance(after)
        for item in items:
            record, told = center._routing.items[item], foreseen[item, after]
            held = () if record.assignment is None else (record.assignment.agent.id,)
            assert (told.state, told.agents) == (record.state, (*held, *(o.agent.id for o in record.offers)))
            assert told.at == center.now()
            if told.position is not None:
                assert told.position == center.insight.position(item)
            json.dumps(told.to_dict())


def test_imagined_work_is_placed_without_being_submitted() -> None:
    """Work that nobody submitted goes to whom it would go to, now and later, and is not there afterwards."""
    center = new_center(Queue("sales", alert_timeout="20s"))
    assert center.insight.preview(WorkItem(queue="sales")).agents == ("ana",)
    steps = [Step("fr", "25s"), Step(None)]
    imagined = WorkItem("imagined", queue="sales", steps=steps, exclude=["ana"])
    assert center.insight.preview(imagined, after="29s").agents == ()
    assert center.insight.preview(imagined, after="30s").agents == ("bob",)
    with pytest.raises(UnknownId):
        center.work.get("imagined")


def test_nobody_answers_in_a_preview() -> None:
    """Offers expire while time passes, and what happened on the way is told in order."""
    center = new_center(Queue("sales", alert_timeout="20s"))
    told = center.insight.preview(WorkItem(queue="sales"), after="40s")
    assert told.agents == ("bob",)
    assert [what for _, what in told.happened] == [
        "ItemSubmitted",
        "ItemQueued",
        "OfferMade",
        "OfferExpired",
        "ItemRequeued",
        "RetryScheduled",
        "TriesForgotten",
        "ItemRelaxed",
        "OfferMade",
    ]
    assert told.decision is not None
    assert told.decision.offered_to == ("bob",)
    assert "agents: bob" in str(told)


def test_a_preview_through_intake_rules() -> None:
    """Work without a queue is classified as it would be."""
    center = new_center(Queue("sales"))
    center.queues.save_intake(Intake("default", rules=[IntakeRule(when='kind == "order"', queue="sales")]))
    assert center.insight.preview(WorkItem(attributes={"kind": "order"})).queue == "sales"
    assert center.insight.preview(WorkItem(attributes={"kind": "other"})).state == "created"


def test_a_preview_refuses_what_submitting_refuses() -> None:
    """Full queues, unknown items and bad durations are refused as ever, and the next preview works."""
    center = new_center(Queue("sales", limit=1))
    center.agents.sign_out("ana")
    center.agents.sign_out("bob")
    first = center.work.submit(WorkItem(queue="sales"))
    with pytest.raises(QueueFull):
        center.insight.preview(WorkItem(queue="sales"))
    with pytest.raises(UnknownId):
        center.insight.preview("nothing")
    with pytest.raises(InvalidInput):
        center.insight.preview(first, after="soon")
    assert center.insight.preview(first, after="1h").position == 1


def test_an_item_that_ended_and_left_memory_is_said_to_have_ended() -> None:
    """Looking far ahead over the end of an item says so."""
    center = new_center(Queue("sales", max_wait="1m"))
    center.agents.sign_out("ana")
    center.agents.sign_out("bob")
    item = center.work.submit(WorkItem(queue="sales"))
    assert center.insight.preview(item, after="1m").state == "timed_out"
    assert center.insight.preview(item, after="2h").state == "ended"
