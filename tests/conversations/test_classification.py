"""Classification: literal words and phrases decide, an external classifier may, and nothing runs away."""

from __future__ import annotations

from collections.abc import Mapping
from time import process_time
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom import Agent
from switchroom.conversations.classification import Category, Classifier
from switchroom.conversations.flow_events import Classified
from switchroom.conversations.flow_model import Classify, Flow, FlowStep, RouteTo
from switchroom.errors import DeliveryFailed, InvalidInput, UnknownId
from tests.conversations.help_desk import HelpDesk, customer

BILLS = Category("bills", words={"invoice*": 1, "money back": 2, "not bill": -5}, requirement="billing", priority=7)
GERMAN = Category("german", words=["rechnung*", "guten tag"], language="de")
ABOUT = Classifier("about", categories=[BILLS, GERMAN])


@pytest.mark.parametrize(
    ("text", "category", "score"),
    [
        ("my INVOICES are wrong", "bills", 1.0),
        ("Invoice, invoice, invoice!", "bills", 1.0),
        ("an invoice: I want my money   back", "bills", 3.0),
        ("invoice, but not Bill's", "bills", 1.0),
        ("invoice for mr not bill", None, 0.0),
        ("money, back", "bills", 2.0),
        ("Guten Tag, meine Réchnungen", "german", 2.0),
        ("voice", None, 0.0),
        ("", None, 0.0),
    ],
)
def test_words_and_phrases_add_up(text: str, category: str | None, score: float) -> None:
    """Each word counts once; case, accents and blanks do not matter; a star stands for any ending."""
    found = ABOUT.classify(text)
    assert (found.category, found.score) == (category, score)


def test_ties_go_to_the_category_that_stands_first() -> None:
    """The order of the list is the last word."""
    one, other = Category("one", words=["hello"]), Category("other", words=["hello"])
    assert Classifier("c", categories=[other, one]).classify("hello").category == "other"


@pytest.mark.parametrize("words", [{"": 1}, {"a b c d e f g h i": 1}, {"...": 1}, {"x": float("nan")}, {"x": 1e9}])
def test_bad_words_are_refused(words: Mapping[str, float]) -> None:
    """Phrases have one to eight words, weights are finite."""
    with pytest.raises(InvalidInput):
        Category("c", words=words)


@given(st.lists(st.text(max_size=6), max_size=5), st.text(max_size=200))
def test_any_word_is_literal(words: list[str], text: str) -> None:
    """Whatever words and texts are, the answer is one of the categories or none."""
    try:
        classifier = Classifier("c", categories=[Category("c", words=words)])
    except InvalidInput:
        return
    assert classifier.classify(text).category in (None, "c")


def test_a_hostile_text_takes_no_more_time_than_a_usual_one() -> None:
    """Words that look like runaway patterns, against texts made for them."""
    words = ["(a+)+$", "a a a a a a a b", "x*x*x*x*", *(f"{'a' * n}*" for n in range(1, 60))]
    classifier = Classifier("c", categories=[Category("c", words=words)])
    texts = ["a" * 100_000, "a " * 50_000, "x" * 100_000 + "!", "(a+)+$" * 20_000]
    classifier.classify("a")
    began = process_time()
    for text in texts:
        classifier.classify(text)
    assert process_time() - began < 1.0


# -- in a flow


def classifying_desk(classifier: Classifier) -> HelpDesk:
    desk = HelpDesk()
    center = desk.center
    center.flows.save_classifier(classifier)
    steps: dict[str, FlowStep] = {
        "what": Classify("about", then="people", otherwise="people"),
        "people": RouteTo("help", priority=1),
    }
    center.flows.save(Flow("f", start="what", steps=steps))
    line = center.look_on("conversations", lambda c: c.lines["main"])
    center.conversations.save_line(attrs.evolve(line, flow="f"))
    return desk


def test_the_category_is_in_force_when_the_flow_routes() -> None:
    """Its requirement is added, its priority too, its language becomes the conversation's."""
    desk = classifying_desk(ABOUT)
    desk.center.agents.add(Agent("cora", queues=["help"], skills={"billing": 3}))
    for agent in ("ana", "cora"):
        desk.center.agents.sign_in(agent)
    bills = desk.say("I want my money back").conversation
    assert bills is not None
    item = desk.center.work.get(bills)
    assert (item.priority, str(item.requirement)) == (8, "billing")
    assert [offer.agent for offer in desk.center.offers.of_item(bills)] == ["cora"]
    assert desk.center.flows.variables(bills)["category"] == "bills"
    german = desk.say("Guten Tag", customer(2)).conversation
    assert german is not None
    assert desk.center.conversations.get(german).language == "de"
    assert desk.replayed() == desk.live()


def test_an_external_classifier_decides_and_words_stand_in() -> None:
    """Its category holds; when it fails, says something unknown, or takes too long, the words decide."""
    desk = classifying_desk(attrs.evolve(ABOUT, external="model", timeout="5s"))
    answers: list[Mapping[str, Any] | Exception] = [
        {"category": "german", "score": 0.9},
        {"category": "nonsense"},
        DeliveryFailed("down"),
    ]
    asked: list[Mapping[str, Any]] = []

    def model(effect: Any) -> Mapping[str, Any]:
        asked.append(effect.body)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    desk.center.effects.register("model", model)
    for number in range(1, 4):
        desk.say("my money back", customer(number))
        desk.center.effects.deliver()
        desk.center.check()
    desk.center.advance("5s")
    desk.center.check()
    found = [r.event.category for r in desk.center.events() if isinstance(r.event, Classified)]
    assert found == ["german", "bills", "bills"]
    assert asked[0]["arguments"]["categories"] == ["bills", "german"]
    assert desk.replayed() == desk.live()


def test_a_flow_needs_its_classifier() -> None:
    """A flow that names one that nobody has saved is refused."""
    desk = HelpDesk()
    steps: dict[str, FlowStep] = {
        "what": Classify("about", then="people", otherwise="people"),
        "people": RouteTo("help"),
    }
    with pytest.raises(UnknownId):
        desk.center.flows.save(Flow("f", start="what", steps=steps))
