"""The agent's side: canned responses, the screen that comes with an offer, evaluation after the end."""

from __future__ import annotations

import attrs
import pytest

from switchroom import Agent, Queue, Team
from switchroom.conversations.flow_model import Ask, Flow, FlowStep, RouteTo, Say
from switchroom.conversations.model import CannedResponse, Contact
from switchroom.conversations.quality_model import EvaluationForm, Question
from switchroom.errors import InvalidInput, NotAllowed, NotYours, UnknownId
from tests.conversations.help_desk import HelpDesk, customer

# -- canned responses


def test_responses_are_found_by_queue_language_and_tag() -> None:
    """Those for the queue come before those for all, those of a language before those of any."""
    center = HelpDesk().center
    for response in (
        CannedResponse("any", text="hi"),
        CannedResponse("german", text="hallo", language="de"),
        CannedResponse("french", text="salut", language="fr"),
        CannedResponse("help", text="hi from help", queues=["help"], tags=["greeting", "short"]),
    ):
        center.canned.save(response)
    assert [r.id for r in center.canned.find(queue="help", language="de")] == ["help", "german", "any"]
    assert [r.id for r in center.canned.find(queue="other")] == ["french", "german", "any"]
    assert [r.id for r in center.canned.find(tags=["short"])] == ["help"]
    center.canned.remove("help")
    assert center.canned.find(tags=["short"]) == ()
    with pytest.raises(UnknownId):
        center.canned.remove("help")
    with pytest.raises(UnknownId):
        center.canned.save(CannedResponse("x", text="x", queues=["nowhere"]))
    center.check()


def test_a_response_is_filled_in_and_sent() -> None:
    """Values given go before what the conversation knows, and are never expanded again."""
    desk = HelpDesk()
    desk.center.conversations.save_contact(Contact("c1", addresses=[customer()], name="Ann ${agent}"))
    desk.center.canned.save(CannedResponse("hello", text="Dear ${name}, ${agent} here: ${parcel} costs 5 $$."))
    conversation = desk.start()
    with pytest.raises(InvalidInput, match="parcel"):
        desk.center.canned.reply(conversation, "hello", agent="ana")
    assert desk.texts() == []
    given = {"parcel": "no. 7", "agent": "Ana Lima"}
    assert "no. 7" in desk.center.canned.preview(conversation, "hello", agent="ana", values=given)
    desk.center.canned.reply(conversation, "hello", agent="ana", values=given)
    assert desk.texts() == ["Dear Ann ${agent}, Ana Lima here: no. 7 costs 5 $."]
    with pytest.raises(NotYours):
        desk.center.canned.reply(conversation, "hello", agent="bob", values=given)


def test_a_response_stays_in_its_queues() -> None:
    """It is refused in a conversation of another queue; a bad place is refused when it is made."""
    desk = HelpDesk()
    desk.center.queues.add(Queue("sales"))
    desk.center.canned.save(CannedResponse("buy", text="Buy!", queues=["sales"]))
    conversation = desk.start()
    with pytest.raises(NotAllowed):
        desk.center.canned.reply(conversation, "buy", agent="ana")
    with pytest.raises(InvalidInput):
        CannedResponse("bad", text="5 $ only")


# -- the screen


def test_the_screen_shows_who_writes_and_what_came_before() -> None:
    """Contact, words, earlier conversations, journey, variables, requirement, script."""
    desk = HelpDesk(script="script/parcels")
    center = desk.center
    contact = Contact(
        "c1", addresses=[customer()], name="Ann", language="en", preferred_channel="email", fields={"tier": "gold"}
    )
    center.conversations.save_contact(contact)
    center.conversations.note_journey("c1", "viewed page", details={"page": "/parcels"})
    first = desk.start("my parcel is late")
    center.conversations.reply(first, "we look into it", agent="ana")
    center.conversations.note(first, "sounds angry", agent="ana")
    center.conversations.close(first, code=None, agent="ana")
    center.advance("73h")
    second = desk.say("and another thing", entry_point="qr:box").conversation
    offer = center.offers.of_agent("ana")[0]
    pop = center.conversations.screen_pop(offer.id)
    assert pop == center.conversations.screen_pop(str(second))
    assert (pop.conversation, pop.name, pop.preferred_channel, pop.fields["tier"]) == (second, "Ann", "email", "gold")
    assert (pop.script, pop.queue, pop.requirement, pop.entry_point) == ("script/parcels", "help", "true", "qr:box")
    assert [said.text for said in pop.messages] == ["and another thing"]
    (past,) = pop.history
    assert (past.id, past.agent, past.stays) == (first, "ana", 1)
    assert past.closed is not None
    (event,) = pop.journey
    assert (event.what, event.details) == ("viewed page", {"page": "/parcels"})
    assert [(said.author, said.text) for said in center.conversations.transcript(first)] == [
        ("customer", "my parcel is late"), ("agent", "we look into it"), ("note", "sounds angry"),
    ]  # fmt: skip
    assert "Ann" not in repr(pop)
    with pytest.raises(UnknownId):
        center.conversations.screen_pop("offer-99")


def test_a_customer_without_contact_has_a_history_too() -> None:
    """By the address alone; what the flow has learned is on the screen, and its own script."""
    desk = HelpDesk()
    center = desk.center
    steps: dict[str, FlowStep] = {
        "ask": Ask("Which?", save="topic", then="go", failed="go", timed_out="go"),
        "go": RouteTo("help", requirement="english", script="script/flow"),
    }
    center.flows.save(Flow("f", start="ask", steps=steps))
    line = center.look_on("conversations", lambda c: c.lines["main"])
    center.conversations.save_line(attrs.evolve(line, flow="f"))
    first = desk.say("hello").conversation
    assert first is not None
    desk.say("parcels")
    pop = center.conversations.screen_pop(first)
    assert (pop.variables["topic"], pop.script, pop.requirement) == ("parcels", "script/flow", "english")
    assert (pop.contact, pop.history, pop.journey) == (None, (), ())
    center.conversations.close(first)
    center.advance("73h")
    second = desk.say("hello again").conversation
    assert second is not None
    assert [past.id for past in center.conversations.screen_pop(second).history] == [first]
    assert desk.replayed() == desk.live()


def test_a_flow_routes_to_a_team() -> None:
    """Only those who are in the team when the flow routes."""
    desk = HelpDesk()
    center = desk.center
    center.agents.save_team(Team("vip"))
    center.agents.add(Agent("vera", queues=["help"], team="vip"))
    center.flows.save(Flow("f", start="go", steps={"go": RouteTo("help", team="vip")}))
    line = center.look_on("conversations", lambda c: c.lines["main"])
    center.conversations.save_line(attrs.evolve(line, flow="f"))
    center.agents.sign_in("ana")
    conversation = desk.say("hello").conversation
    assert conversation is not None
    assert center.offers.of_item(conversation) == ()
    center.agents.sign_in("vera")
    assert [offer.agent for offer in center.offers.of_item(conversation)] == ["vera"]


def test_choices_that_are_keywords_are_refused() -> None:
    """A choice of STOP would opt the customer out; "no" is an answer where it was asked for."""
    desk = HelpDesk()
    center = desk.center
    ask = Ask("More?", save="more", then="bye", failed="go", timed_out="go", answer="choice", choices=["Sure", "No"])
    flow = Flow("f", start="ask", steps={"ask": ask, "bye": Say("Fine", then="go"), "go": RouteTo("help")})
    changed = attrs.evolve(flow, steps={**flow.steps, "ask": attrs.evolve(ask, choices=["Sure", "Cancel"])})
    with pytest.raises(InvalidInput, match="Cancel"):
        center.flows.save(changed)
    center.flows.save(flow)
    line = center.look_on("conversations", lambda c: c.lines["main"])
    center.conversations.save_line(attrs.evolve(line, flow="f"))
    assert desk.say("no", customer(2)).decision == "review"
    desk.say("hello")
    assert desk.say("no").decision == "none"
    assert desk.texts()[-1] == "Fine"


# -- quality

FORM = EvaluationForm("tone", questions=[Question("greeting"), Question("truth", points=10, critical=True)], share=1.0)


def test_a_closed_conversation_is_sampled_and_judged() -> None:
    """Once, with points for each question; the score is the share of the points."""
    desk = HelpDesk()
    quality = desk.center.quality
    quality.save_form(FORM)
    conversation = desk.start()
    desk.center.conversations.close(conversation)
    (sample,) = quality.due()
    assert (sample.conversation, sample.form, sample.agent, sample.queue) == (conversation, "tone", "ana", "help")
    with pytest.raises(InvalidInput):
        quality.evaluate(conversation, "tone", {"greeting": 6, "truth": 1}, by="uma")
    with pytest.raises(InvalidInput):
        quality.evaluate(conversation, "tone", {"greeting": 5}, by="uma")
    assert quality.evaluate(conversation, "tone", {"greeting": 5, "truth": 4}, by="uma") == 0.6
    assert quality.due() == ()
    with pytest.raises(UnknownId):
        quality.evaluate(conversation, "tone", {"greeting": 5, "truth": 4}, by="uma")
    desk.center.check()
    assert desk.replayed() == desk.live()


def test_only_what_the_form_asks_for_is_sampled() -> None:
    """Not what no agent had, nor other queues; a critical question without points scores nothing."""
    desk = HelpDesk()
    desk.center.queues.add(Queue("sales"))
    desk.center.quality.save_form(attrs.evolve(FORM, queues=["sales"]))
    desk.center.quality.save_form(attrs.evolve(FORM, id="never", share=0))
    conversation = desk.start()
    desk.center.conversations.close(conversation)
    desk.center.conversations.close(str(desk.say("hello", customer(2)).conversation))
    assert desk.center.quality.due() == ()
    assert FORM.score({"greeting": 5, "truth": 0}) == 0.0
    with pytest.raises(UnknownId):
        desk.center.quality.save_form(attrs.evolve(FORM, queues=["nowhere"]))


def test_the_share_is_drawn_by_chance_and_replays() -> None:
    """Of many conversations about the share is sampled, and the log alone says which."""
    desk = HelpDesk()
    desk.center.quality.save_form(attrs.evolve(FORM, share=0.3))
    desk.center.agents.sign_in("ana")
    for number in range(60):
        conversation = desk.say("hello", customer(number)).conversation
        desk.center.offers.accept(desk.center.offers.of_agent("ana")[0].id)
        desk.center.conversations.close(str(conversation))
    assert 8 <= len(desk.center.quality.due()) <= 30
    assert desk.replayed() == desk.live()
