"""Journeys: a conversation causes work, by its agent or its flow, and the outcome comes back to it."""

from __future__ import annotations

from typing import Any

from switchroom import Agent, ContactCenter, Flow, Line, ManualClock, Queue, WorkItem
from switchroom.conversations.flow_model import Ask, CreateWork, RouteTo, Say
from switchroom.effects import EffectView
from switchroom.messaging.addresses import Address
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import Worktype

from .test_work_machine import check_replay

OURS, THEIRS = Address("sms", "+15550001111"), Address("sms", "+15557650001")
CLAIM = Worktype(
    "claim",
    queue="claims",
    attributes=[Attribute("plate", required=True), Attribute("amount", "number", maximum=100)],
    wrap_up_codes=["paid", "rejected"],
    outcome_text="Your claim for ${plate}: ${code}",
)
FLOW = Flow(
    "claims",
    start="ask",
    steps={
        "ask": Ask("Number plate?", save="plate", then="create", failed="people", timed_out="people"),
        "create": CreateWork("claim", variables={"plate": "plate"}, then="told", failed="people", save="claim"),
        "told": Say("We look after it: ${claim}", then="people"),
        "people": RouteTo("help"),
    },
)


class House:
    """A line with a flow, an agent for both queues, and what was sent."""

    def __init__(self, flow: Flow | None = None) -> None:
        self.center = center = ContactCenter(clock=ManualClock(), seed=1)
        for queue in ("help", "claims"):
            center.queues.add(Queue(queue))
        center.agents.add(Agent("ana", queues=["help"]))
        center.agents.add(Agent("bob", queues=["claims"]))
        center.worktypes.save(CLAIM)
        if flow is not None:
            center.flows.save(flow)
        center.conversations.save_line(Line("main", address=OURS, queue="help", flow=None if flow is None else flow.id))
        self.sent: list[Any] = []
        self.number = 0
        center.effects.register("send", self.carry)
        for agent in ("ana", "bob"):
            center.agents.sign_in(agent)

    def carry(self, effect: EffectView) -> Any:
        self.sent.append(effect.body)
        return {"provider_id": effect.id, "status": "sent"}

    def say(self, text: str) -> str:
        self.number += 1
        received = self.center.conversations.receive(
            to=OURS, sender=THEIRS, content=text, provider_id=f"in-{self.number}"
        )
        self.center.check()
        assert received.conversation is not None
        return received.conversation

    def texts(self) -> list[str]:
        self.center.effects.deliver()
        return [body["content"]["text"] for body in self.sent]

    def settle(self, code: str) -> str:
        """Bob accepts and completes the claim."""
        offer = self.center.offers.of_agent("bob")[0]
        self.center.offers.accept(offer.id)
        self.center.work.complete(offer.item, agent="bob", code=code)
        self.center.check()
        return offer.item


def test_a_flow_creates_work_and_its_outcome_is_sent() -> None:
    """Contact and journey go along; the conversation gets a note and its customer the text."""
    house = House(FLOW)
    conversation = house.say("hello")
    house.say("B-XY 1")
    work = str(house.center.flows.variables(conversation)["claim"])
    view = house.center.work.view(work)
    assert (view.journey, view.attributes) == (conversation, {"plate": "B-XY 1"})
    assert house.settle("paid") == work
    assert house.texts() == ["Number plate?", f"We look after it: {work}", "Your claim for B-XY 1: paid"]
    notes = [r.event for r in house.center.events() if r.type == "conversations.note_added"]
    assert [(note.conversation, note.text) for note in notes] == [(conversation, f"claim {work}: completed (paid)")]
    check_replay(house.center)


def test_work_that_is_refused_leaves_the_flow_by_its_failed_way() -> None:
    """People take over."""
    steps = {**FLOW.steps, "create": CreateWork("claim", then="people", failed="people", attributes={"amount": 500})}
    steps.pop("told")
    house = House(Flow("claims", start="ask", steps=steps))
    conversation = house.say("hello")
    house.say("B-XY 1")
    assert house.center.flows.step(conversation) is None
    assert house.center.offers.of_agent("ana")
    assert not [r for r in house.center.events() if r.type == "workitems.submitted"]


def test_an_agent_creates_work_from_a_conversation() -> None:
    """With the conversation's id as the journey; the outcome of a closed conversation is noted, and not sent."""
    house = House()
    conversation = house.say("I want to claim")
    house.center.offers.accept(house.center.offers.of_agent("ana")[0].id)
    item = WorkItem(worktype="claim", journey=conversation, attributes={"plate": "B 1"})
    house.center.work.submit(item)
    house.center.conversations.close(conversation, agent="ana")
    house.settle("rejected")
    assert house.texts() == []
    assert [r for r in house.center.events() if r.type == "conversations.note_added"]
    journey = [r.type for r in house.center.events(tag=f"journey:{conversation}")]
    assert journey == ["workitems.submitted", "workitems.closed"]


def test_a_customer_who_has_opted_out_is_not_written_to() -> None:
    """The outcome is noted, and an event tells that it could not be sent."""
    house = House()
    conversation = house.say("I want to claim")
    house.center.work.submit(WorkItem(worktype="claim", journey=conversation, attributes={"plate": "B 1"}))
    house.center.consent.opt_out(THEIRS)
    house.settle("paid")
    assert "Your claim for B 1: paid" not in house.texts()
    failed = [r.event for r in house.center.events() if r.type == "workitems.escalation_failed"]
    assert [event.rule for event in failed] == ["outcome"]
    house.center.check()
