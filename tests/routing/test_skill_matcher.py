"""SkillMatcher: who may take work, who is best, in one total order."""

from __future__ import annotations

import json
import math
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom import Agent, ContactCenter, ManualClock, Queue, SkillMatcher, WorkItem
from switchroom.errors import DuplicateId, InvalidInput
from switchroom.routing.requirements import Requirement

ANA = Agent("ana", skills={"es": 2, "billing": 5}, attributes={"region": "emea"})
BOB = Agent("bob", skills={"es": 4}, attributes={"region": "emea"})
CY = Agent("cy", skills={"es": 4, "trainee": 1}, attributes={"region": "apac"})
EVERYBODY = [CY, ANA, BOB]


def ranked(matcher: SkillMatcher, requirement: str, **options: Any) -> list[str]:
    return [match.agent for match in matcher.rank(requirement, EVERYBODY, **options)]


def test_all_skills_demands_everything_and_prefers_the_most_proficient() -> None:
    """Only who meets the whole requirement, by the sum of levels of the skills that it names without not."""
    matcher = SkillMatcher()
    assert matcher.eligible("es >= 3", EVERYBODY) == ("cy", "bob")
    assert ranked(matcher, "es") == ["bob", "cy", "ana"]
    assert ranked(matcher, "es and not trainee") == ["bob", "ana"]
    assert ranked(matcher, "es or billing") == ["ana", "bob", "cy"]
    assert ranked(matcher, "fr") == []


def test_best_available_wishes_for_levels_and_demands_the_rest() -> None:
    """Who lacks a skill is ranked behind who has it; named agents, texts and not are demanded all the same."""
    matcher = SkillMatcher("best_available")
    assert ranked(matcher, "es >= 5 and billing >= 1") == ["ana", "bob", "cy"]
    assert ranked(matcher, 'es >= 5 and region == "emea"') == ["bob", "ana"]
    assert ranked(matcher, "es >= 5 and not trainee") == ["bob", "ana"]
    assert ranked(matcher, 'fr and agent in {"ana", "cy"}') == ["ana", "cy"]
    assert ranked(matcher, "fr or billing") == ["ana", "bob", "cy"]


def test_disregarding_skills_leaves_the_order_of_ids() -> None:
    """The same people as best_available, none better than another by skill."""
    matcher = SkillMatcher("disregard_skills")
    assert ranked(matcher, "es >= 5 and billing") == ["ana", "bob", "cy"]
    assert ranked(matcher, "es >= 5 and not trainee") == ["ana", "bob"]


def test_scores_above_the_threshold_come_first() -> None:
    """By score down to the threshold, then those below and without one, by id."""
    matcher = SkillMatcher("scored", threshold=50)
    assert ranked(matcher, "es", scores={"cy": 90, "bob": 50, "ana": 49.9}) == ["cy", "bob", "ana"]
    assert ranked(matcher, "es", scores={"cy": 20}) == ["ana", "bob", "cy"]
    assert ranked(matcher, "es >= 3", scores={"ana": 100}) == ["bob", "cy"]


def test_weights_and_average_change_the_score() -> None:
    """A weight multiplies a level, and the average divides by the skills named."""
    assert [m.score for m in SkillMatcher(weights={"es": 10}).rank("es and billing", [ANA])] == [25]
    assert [m.score for m in SkillMatcher(average=True).rank("es and billing", [ANA])] == [3.5]
    assert [m.score for m in SkillMatcher("best_available", average=True).rank("es and fr", [ANA])] == [1.0]


def test_last_and_preferred_agents_stand_before_the_others_but_need_the_skills() -> None:
    """First who had the customer last, then the preferred, then the rest; nobody becomes eligible by it."""
    matcher = SkillMatcher()
    assert ranked(matcher, "es", last_agent="ana") == ["ana", "bob", "cy"]
    assert ranked(matcher, "es", preferred=["cy"], last_agent="ana") == ["ana", "cy", "bob"]
    assert ranked(matcher, "es", preferred=["ana", "cy"]) == ["cy", "ana", "bob"]
    assert ranked(matcher, "es >= 3", preferred=["ana"], last_agent="ana") == ["bob", "cy"]


def test_a_function_of_the_embedders_scores() -> None:
    """Higher is first, and the function gets the agent and the requirement."""
    matcher = SkillMatcher(lambda agent, requirement: len(agent.id) + len(requirement.names()))
    assert ranked(matcher, "es") == ["ana", "bob", "cy"]


@pytest.mark.parametrize("answer", [math.nan, "five", None, True, [1]])
def test_what_a_function_does_wrong_costs_the_agent_the_place_only(answer: object) -> None:
    """NaN, a wrong type or an exception put the agent last, say so, and leave the others in order."""

    def odd(agent: Agent, requirement: Requirement) -> Any:
        if agent.id == "bob":
            return answer
        if agent.id == "cy":
            raise RuntimeError("no score for cy")
        return -5

    found = SkillMatcher(odd).rank("es", EVERYBODY)
    assert [match.agent for match in found] == ["ana", "bob", "cy"]
    assert found[1].problem.startswith("the scoring function returned")
    assert found[2].problem == "the scoring function raised RuntimeError: no score for cy"
    assert found[1].to_dict()["score"] is None
    json.dumps(found[0].to_dict())


def test_infinite_scores_are_numbers() -> None:
    """An embedder may put somebody first or last for good."""
    found = SkillMatcher(lambda agent, requirement: math.inf if agent.id == "cy" else 1).rank("es", EVERYBODY)
    assert [match.agent for match in found] == ["cy", "ana", "bob"]


levels = st.dictionaries(st.sampled_from(["es", "fr", "it"]), st.integers(0, 5))
people = st.lists(levels, max_size=8).map(
    lambda found: [Agent(f"a{n}", skills=skills) for n, skills in enumerate(found)]
)
texts = st.sampled_from(["es", "es >= 3", "es or fr", "es and not it", "(es or fr) and it >= 2", "true", "false"])
evaluations = st.sampled_from(["all_skills", "best_available", "disregard_skills", "scored"])


@given(people, texts, evaluations, st.randoms(use_true_random=False))
def test_the_order_is_total_and_independent_of_the_order_given(
    agents: list[Agent], text: str, evaluation: str, rng: Random
) -> None:
    """Shuffled arguments give the same ranking, of exactly the eligible; wishing admits whom demanding does."""
    matcher = SkillMatcher(evaluation)
    scores = {"a1": 50.0, "a2": 90.0}
    found = matcher.rank(text, agents, scores=scores, preferred=["a3"], last_agent="a4")
    shuffled = rng.sample(agents, len(agents))
    assert matcher.rank(text, shuffled, scores=scores, preferred=["a3"], last_agent="a4") == found
    assert sorted(match.agent for match in found) == sorted(matcher.eligible(text, agents))
    demanded = SkillMatcher().eligible(text, agents)
    if text != "false":
        assert set(demanded) <= set(matcher.eligible(text, agents))
    assert demanded == tuple(a.id for a in agents if Requirement.parse(text).holds(a.facts()))


@given(people, texts)
def test_a_center_that_chooses_the_best_skilled_agrees(agents: list[Agent], text: str) -> None:
    """The first of ``all_skills`` is whom a queue with ``best_skilled`` selection offers the work, all equally idle."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("q", selection="best_skilled"))
    for agent in agents:
        center.agents.add(Agent(agent.id, skills=agent.skills, queues=["q"]))
        center.agents.sign_in(agent.id)
    item = center.work.submit(WorkItem(queue="q", requirement=Requirement.parse(text)))
    offered = [offer.agent for offer in center.offers.of_item(item)]
    assert offered == [match.agent for match in SkillMatcher().rank(text, agents)[:1]]


def test_bad_arguments_are_refused() -> None:
    """Unknown evaluations, thresholds, weights, scores, and one agent twice."""
    wrong: list[Any] = ["best", 5]
    for evaluation in wrong:
        with pytest.raises(InvalidInput):
            SkillMatcher(evaluation)
    with pytest.raises(InvalidInput):
        SkillMatcher(threshold=101)
    with pytest.raises(InvalidInput):
        SkillMatcher(weights={"es": -1})
    with pytest.raises(InvalidInput):
        SkillMatcher("scored").rank("es", [ANA], scores={"ana": 101})
    with pytest.raises(DuplicateId):
        SkillMatcher().rank("es", [ANA, ANA])
