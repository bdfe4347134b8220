"""Flows: the graph is checked when made, answers are read, every way out is taken, nothing is lost by a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from switchroom.conversations.flow_answers import parse_answer
from switchroom.conversations.flow_model import (
    Ask,
    Branch,
    CheckHours,
    CloseConversation,
    Consult,
    Flow,
    FlowStep,
    Jump,
    RouteTo,
    Say,
    SetVariables,
    Tag,
    Wait,
)
from switchroom.effects import EffectView
from switchroom.errors import ConfigError, DeliveryRefused, InvalidInput, UnknownId
from switchroom.routing.hours import OpeningHours

from .help_desk import HelpDesk, customer

WAYS: dict[str, Any] = {"then": "end", "failed": "end", "timed_out": "end"}
END = CloseConversation("done")


def topic(**changes: Any) -> Flow:
    steps: dict[str, Any] = {
        "hello": Say("Hi ${customer}", then="ask", failed="ask"),
        "ask": Ask(
            "Sales or support?",
            save="topic",
            answer="choice",
            choices=["Sales", "Support"],
            again="Sales or Support, please",
            retries=1,
            timeout="1h",
            then="sort",
            failed="people",
            timed_out="late",
        ),
        "sort": Branch([('topic == "Sales"', "robot")], otherwise="people"),
        "robot": Consult("bot", then="mark", failed="people", timeout="30s"),
        "mark": Tag(["sales"], then="people"),
        "people": RouteTo("help", priority=3),
        "late": CloseConversation("no answer"),
    }
    return Flow("topic", start="hello", steps={**steps, **changes})


def desk_with(flow: Flow, bot: Any = None) -> HelpDesk:
    desk = HelpDesk()
    desk.center.flows.save(flow)
    import attrs

    line = desk.center.journal.states["conversations"].lines["main"]
    desk.center.conversations.save_line(attrs.evolve(line, flow=flow.id))
    if bot is not None:
        desk.center.effects.register("bot", bot)
    return desk


def begin(desk: HelpDesk) -> str:
    conversation = desk.say("hello").conversation
    assert conversation is not None
    return conversation


def test_the_graph_is_checked_when_it_is_made() -> None:
    """Unknown steps, unreachable steps and circles in which nothing waits are named."""
    with pytest.raises(ConfigError, match="no step 'b'"):
        Flow("f", start="b", steps={"a": END})
    with pytest.raises(ConfigError, match=r"flow\.f\.a\.then: no step 'c'"):
        Flow("f", start="a", steps={"a": Tag(["x"], then="c")})
    with pytest.raises(ConfigError, match="nothing leads"):
        Flow("f", start="a", steps={"a": END, "b": END})
    with pytest.raises(ConfigError, match=r"circle.*a -> b -> a"):
        Flow("f", start="a", steps={"a": Tag(["x"], then="b"), "b": Tag(["y"], then="a")})
    Flow("f", start="a", steps={"a": Tag(["x"], then="b"), "b": Wait("1m", then="a")})
    with pytest.raises(InvalidInput):
        Ask("?", save="x", answer="choice", **WAYS)
    with pytest.raises(InvalidInput):
        Say("Hi ${", then="end")


def test_an_answer_leads_on_and_is_kept() -> None:
    """The first message begins the flow and is no answer; the answer goes into its variable and picks the branch."""
    desk = desk_with(topic())
    conversation = begin(desk)
    assert desk.center.flows.step(conversation) == ("topic", "ask")
    desk.say("support")
    assert desk.center.flows.step(conversation) is None
    assert desk.center.flows.variables(conversation)["topic"] == "Support"
    item = desk.center.work.get(desk.center.conversations.get(conversation).item or "")
    assert (item.queue, item.priority) == ("help", 3)


def test_wrong_answers_are_asked_again_and_then_handed_over() -> None:
    """One retry, with its own text; then the way out for failure."""
    desk = desk_with(topic())
    conversation = begin(desk)
    desk.say("banana")
    assert desk.texts()[-1].startswith("Sales or Support, please")
    desk.say("cherry")
    assert desk.center.flows.step(conversation) is None
    assert desk.center.queues.waiting("help") == (desk.center.conversations.get(conversation).item,)


def test_silence_takes_its_own_way_at_its_instant() -> None:
    """The conversation is closed when the hour is over, not a moment before."""
    desk = desk_with(topic())
    conversation = begin(desk)
    desk.center.advance("59m59s")
    assert desk.center.conversations.get(conversation).state == "open"
    desk.center.advance("1s")
    assert desk.center.conversations.get(conversation).state == "closed"
    desk.center.check()


def test_a_bot_talks_until_it_is_done_and_hands_over_what_it_learned() -> None:
    """Every message goes to the bot; its texts go to the customer; its slots are variables."""
    heard: list[str] = []

    def bot(effect: EffectView) -> Mapping[str, Any]:
        heard.append(effect.body["text"])
        return {"say": [f"you said {effect.body['text']}"], "done": "human" in heard[-1], "slots": {"mood": "good"}}

    desk = desk_with(topic(), bot)
    conversation = begin(desk)
    desk.say("1")
    desk.texts()
    assert desk.center.flows.step(conversation) == ("topic", "robot")
    desk.say("a human please")
    desk.texts()
    desk.center.check()
    assert heard == ["hello", "a human please"]
    assert desk.texts()[-1] == "you said a human please"
    assert desk.center.flows.variables(conversation)["mood"] == "good"
    assert desk.center.flows.tags(conversation) == ("sales",)
    assert desk.center.queues.waiting("help") != ()
    assert desk.replayed() == desk.live()


def test_a_bot_that_fails_or_is_silent_hands_over_to_people() -> None:
    """A refusal at once, silence at the timeout; a late answer changes nothing any more."""

    def broken(effect: EffectView) -> Mapping[str, Any]:
        raise DeliveryRefused("no bot today")

    desk = desk_with(topic(), broken)
    begin(desk)
    desk.say("sales")
    desk.texts()
    assert len(desk.center.queues.waiting("help")) == 1
    silent = desk_with(topic())
    begin(silent)
    silent.say("sales")
    silent.center.advance("29s")
    assert silent.center.queues.waiting("help") == ()
    silent.center.advance("1s")
    assert len(silent.center.queues.waiting("help")) == 1
    silent.center.check()
    assert silent.center.effects.pending() == tuple(e for e in silent.center.effects.pending() if e.kind == "send")


def test_a_restart_in_the_middle_of_a_question_loses_nothing() -> None:
    """A center opened on the same log goes on where the question stands."""
    from switchroom import ContactCenter

    desk = desk_with(topic())
    conversation = begin(desk)
    desk.say("banana")
    desk.center = ContactCenter(clock=desk.center.clock, storage=desk.center.storage, seed=1)
    assert desk.center.flows.step(conversation) == ("topic", "ask")
    desk.say("cherry")
    assert desk.center.flows.step(conversation) is None
    assert desk.replayed() == desk.live()


def test_a_changed_flow_strands_nobody() -> None:
    """At the same step if the flow still has it, else at its start."""
    desk = desk_with(topic())
    conversation = begin(desk)
    desk.center.flows.save(topic(people=RouteTo("help", priority=9)))
    desk.say("support")
    assert desk.center.work.get(desk.center.conversations.get(conversation).item or "").priority == 9
    other = desk.say("hello", customer(2)).conversation or ""
    desk.center.flows.save(
        Flow("topic", start="wait", steps={"wait": Wait("1m", then="people"), "people": RouteTo("help")})
    )
    desk.center.check()
    assert desk.center.flows.step(other) == ("topic", "wait")
    desk.center.advance("1h")
    desk.center.check()
    desk.center.advance("1m")
    assert len(desk.center.queues.waiting("help")) == 2


def test_hours_and_jumps_and_variables() -> None:
    """Open and closed have their own ways; another flow goes on from its start; unknown flows are refused."""
    desk = HelpDesk()
    with pytest.raises(UnknownId):
        desk.center.flows.save(Flow("f", start="j", steps={"j": Jump("nowhere")}))
    hours = OpeningHours.daily("09:00", "17:00", zone="UTC")
    night = Flow("night", start="say", steps={"say": Say("we are closed, ${greeting}", then="end"), "end": END})
    desk.center.flows.save(night)
    steps: dict[str, FlowStep] = {
        "set": SetVariables({"greeting": "goodnight"}, then="hours"),
        "hours": CheckHours(hours, open="people", closed="night"),
        "people": RouteTo("help"),
        "night": Jump("night"),
    }
    desk = desk_with(night)
    flow = Flow("topic", start="set", steps=steps)
    desk.center.flows.save(flow)
    import attrs

    line = desk.center.journal.states["conversations"].lines["main"]
    desk.center.conversations.save_line(attrs.evolve(line, flow="topic"))
    begin(desk)
    assert len(desk.center.queues.waiting("help")) == 1
    desk.center.advance("8h")
    desk.say("hello", customer(2))
    assert desk.texts()[-1] == "we are closed, goodnight"


@pytest.mark.parametrize(
    ("answer", "text", "value"),
    [
        ("number", "1,200.5", 1200.5),
        ("number", "nan", None),
        ("number", "٣", None),
        ("number", "1e400", None),
        ("date", "2026-02-28", "2026-02-28"),
        ("date", "2026-02-30", None),
        ("date", "20260228", None),
        ("text", "  a   b ", "a b"),
        ("text", "   ", None),
    ],
)
def test_answers_are_read_strictly(answer: str, text: str, value: object) -> None:
    """What is no number or date is none, whatever Python would make of it."""
    assert parse_answer(Ask("?", save="x", answer=answer, **WAYS), text) == value


def test_keywords_are_no_answers() -> None:
    """STOP in the middle of a question opts out; the question stays as it is."""
    desk = desk_with(topic())
    conversation = begin(desk)
    assert desk.say("STOP").decision == "opt_out"
    assert desk.center.flows.step(conversation) == ("topic", "ask")
    assert desk.replayed() == desk.live()


def test_a_step_that_became_another_kind_is_begun_anew() -> None:
    """A bot's answer for a step that is a question by now: the question is put."""
    desk = desk_with(topic(), lambda effect: {"done": True})
    conversation = begin(desk)
    desk.say("sales")
    changed = topic(
        robot=Ask("Which product?", save="product", **{**WAYS, "then": "mark", "failed": "late", "timed_out": "late"})
    )
    desk.center.flows.save(changed)
    desk.texts()
    desk.center.check()
    assert desk.center.flows.step(conversation) == ("topic", "robot")
    assert desk.texts()[-1] == "Which product?"


def test_an_unknown_status_from_a_transport_does_no_harm() -> None:
    """It counts as sent."""
    desk = HelpDesk(greeting="welcome")
    desk.carry = lambda effect: {"status": "teleported"}  # type: ignore[method-assign]
    desk.center.effects._handlers["send"] = desk.carry
    desk.say("hello")
    desk.texts()
    assert {m.status.value for m in desk.center.journal.states["conversations"].messages.values()} == {"sent"}
