"""Who may take work and who is best, by skills alone: useful without a center.

A center matches through its queues' settings, presence and room as well; this answers the part of it that is about
skills, for lists of agents at hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from switchroom.errors import DuplicateId, InvalidInput
from switchroom.routing.explain_values import Plain, Term
from switchroom.routing.fields import to_levels
from switchroom.routing.model import Agent
from switchroom.routing.requirements import (
    And,
    Anyone,
    Atom,
    Between,
    Compare,
    Facts,
    Has,
    In,
    Or,
    Requirement,
)
from switchroom.routing.selection import proficiency

EVALUATIONS = ("all_skills", "best_available", "disregard_skills", "scored")

Scorer = Callable[[Agent, Requirement], float]
"""A scoring function of the embedder's: higher is better."""

LAST, PREFERRED, OTHER = range(3)
"""Standing of an agent before any score counts: who had this customer last, who is preferred, everybody else."""


@attrs.frozen(kw_only=True)
class Match:
    """An agent who may take the work, with the score, the terms by which the order was made, and (with a scoring
    function) what the function did wrong, if it did."""

    agent: str
    score: float
    terms: tuple[Term, ...] = ()
    problem: str = ""

    def __str__(self) -> str:
        problem = f" ({self.problem})" if self.problem else ""
        return f"{self.agent}: {', '.join(map(str, self.terms))}{problem}"

    def to_dict(self) -> dict[str, Plain]:
        """Plain data; a score that is no finite number is None."""
        return {
            "agent": self.agent,
            "score": self.score if math.isfinite(self.score) else None,
            "terms": [term.to_dict() for term in self.terms],
            "problem": self.problem,
        }


def _to_weights(value: Mapping[str, float] | None) -> Mapping[str, float]:
    return to_levels(value or {})


class SkillMatcher:
    """Decides who may take work and who is best.

    ``evaluation``:

    * ``all_skills`` (the default): whoever meets the requirement; best is the highest weighted proficiency in the
      skills that it names without ``not`` (of an ``or``, the best branch that holds).
    * ``best_available``: levels are wished for and not demanded: everybody who meets the rest of the requirement (named
      agents, attributes of text, ``not``) may take the work, even who lacks some skills; best is the highest weighted
      proficiency in the skills wished for, of an ``or`` in its best branch.
    * ``disregard_skills``: the same people, and skills do not make one better than another.
    * ``scored``: whoever meets the requirement; agents with a score (0-100) of at least ``threshold``, best first, then
      the rest.
    * a function ``(agent, requirement) -> number``: whoever meets the requirement, the highest number first. If it
      raises, or returns something else than a number, the agent comes last, and the match says why.

    ``weights``: skill -> factor of its level (1 unless given). ``average`` takes the mean over the skills named in
    place of the sum. Raises InvalidInput for an unknown evaluation, a weight or a threshold that is no number.

    >>> agents = [Agent("ana", skills={"spanish": 2, "billing": 5}), Agent("bob", skills={"spanish": 4})]
    >>> matcher = SkillMatcher()
    >>> matcher.eligible("spanish >= 3", agents)
    ('bob',)
    >>> [match.agent for match in matcher.rank("spanish", agents)]
    ['bob', 'ana']
    >>> [match.agent for match in matcher.rank("spanish", agents, last_agent="ana")]
    ['ana', 'bob']
    >>> print(SkillMatcher("best_available").rank("spanish >= 3 and billing", agents)[0])
    ana: standing 2, skill 7, agent ana
    """

    def __init__(
        self,
        evaluation: str | Scorer = "all_skills",
        *,
        weights: Mapping[str, float] | None = None,
        average: bool = False,
        threshold: float = 0.0,
    ) -> None:
        if isinstance(evaluation, str) and evaluation not in EVALUATIONS:
            hint = f"one of {', '.join(EVALUATIONS)}, or a function"
            raise InvalidInput("evaluation", "unknown", evaluation, hint=hint)
        if not isinstance(evaluation, str) and not callable(evaluation):
            raise InvalidInput("evaluation", "bad_type", evaluation, hint="a name or a function is wanted")
        if not 0 <= threshold <= 100:
            raise InvalidInput("threshold", "range", threshold, hint="a score between 0 and 100")
        self._evaluation = evaluation
        self._weights = _to_weights(weights)
        self._average = average
        self._threshold = threshold

    def eligible(self, requirement: Requirement | str | None, agents: Iterable[Agent]) -> tuple[str, ...]:
        """The ids of those who may take work with this requirement, in the order given. Linear in the agents."""
        return tuple(agent.id for agent in self._fitting(Requirement.of(requirement), agents))

    def rank(
        self,
        requirement: Requirement | str | None,
        agents: Iterable[Agent],
        *,
        scores: Mapping[str, float] | None = None,
        preferred: Iterable[str] = (),
        last_agent: str | None = None,
    ) -> tuple[Match, ...]:
        """Those who may take the work, best first: the last agent, then preferred ones, then the others; among each by
        evaluation; then by id, so that the order is total and does not depend on that of the arguments.

        Preference never makes anybody eligible. ``scores``: agent -> 0-100, for ``scored``. Raises InvalidInput for a
        score out of range, DuplicateId for an agent given twice. O(n log n).
        """
        needed = Requirement.of(requirement)
        given = _checked(scores or {})
        liked = frozenset(preferred)
        found = [self._match(agent, needed, given) for agent in self._fitting(needed, agents)]
        return tuple(sorted((_standing(match, liked, last_agent) for match in found), key=_order))

    def _fitting(self, requirement: Requirement, agents: Iterable[Agent]) -> list[Agent]:
        demanded = hard_part(requirement) if self._evaluation in ("best_available", "disregard_skills") else requirement
        test = demanded.compile()
        seen: set[str] = set()
        fitting: list[Agent] = []
        for agent in agents:
            if agent.id in seen:
                raise DuplicateId("agent", agent.id)
            seen.add(agent.id)
            if test(agent.facts()):
                fitting.append(agent)
        return fitting

    def _match(self, agent: Agent, requirement: Requirement, scores: Mapping[str, float]) -> Match:
        if callable(self._evaluation):
            return _by_function(self._evaluation, agent, requirement)
        if self._evaluation == "scored":
            return self._by_score(agent, scores)
        if self._evaluation == "disregard_skills":
            return Match(agent=agent.id, score=0.0)
        facts = agent.facts()
        wished = self._evaluation == "best_available"
        names = wished_skills(requirement, facts) if wished else requirement.skill_terms(facts)
        score = proficiency(agent.skills, names, self._weights, self._average)
        return Match(agent=agent.id, score=score, terms=(Term("skill", score, "larger"),))

    def _by_score(self, agent: Agent, scores: Mapping[str, float]) -> Match:
        score = scores.get(agent.id)
        below = score is None or score < self._threshold
        counted = 0.0 if below or score is None else float(score)
        terms = (Term("below the threshold", int(below)), Term("score", counted, "larger"))
        return Match(agent=agent.id, score=counted, terms=terms)


def _checked(scores: Mapping[str, float]) -> Mapping[str, float]:
    for agent, score in scores.items():
        if not _is_number(score) or not 0 <= score <= 100:
            raise InvalidInput(f"scores.{agent}", "range", score, hint="a score between 0 and 100")
    return scores


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _by_function(function: Scorer, agent: Agent, requirement: Requirement) -> Match:
    """What the embedder's function says; whatever it does wrong costs the agent the place, and nobody the answer."""
    try:
        score: Any = function(agent, requirement)
    except Exception as error:  # the embedder's code: anything may come
        score, problem = None, f"the scoring function raised {type(error).__name__}: {error}"
    else:
        problem = "" if _is_number(score) else f"the scoring function returned {score!r}, not a number"
    value = -math.inf if problem else float(score)
    return Match(agent=agent.id, score=value, terms=(Term("score", value, "larger"),), problem=problem)


def _standing(match: Match, preferred: frozenset[str], last_agent: str | None) -> Match:
    """The match with its standing before, and its id behind the terms of its evaluation."""
    standing = LAST if match.agent == last_agent else PREFERRED if match.agent in preferred else OTHER
    return attrs.evolve(match, terms=(Term("standing", standing), *match.terms, Term("agent", match.agent)))


def _order(match: Match) -> tuple[Any, ...]:
    return tuple(0 - term.value if term.better == "larger" else term.value for term in match.terms)  # type: ignore[operator]  # terms with "larger" are numbers


# -- wished for and demanded


def hard_part(requirement: Requirement) -> Requirement:
    """What ``best_available`` still demands: all but the levels of skills asked for without ``not``.

    An ``or`` is a wish if all its branches are.

    >>> str(hard_part(Requirement.parse('spanish >= 3 and not trainee and region == "emea"')))
    'not trainee and region == "emea"'
    """
    parts = [part for part in And.parts_of(requirement.normal()) if not _is_wish(part)]
    if not parts:
        return Anyone()
    return parts[0] if len(parts) == 1 else And(parts)


def _is_wish(part: Requirement) -> bool:
    """Whether this asks for levels only: a bare name, a comparison with a number, a range, a set of numbers."""
    match part:
        case Has() | Between():
            return True
        case Compare(value=value):
            return _is_number(value)
        case In(values=values):
            return all(_is_number(value) for value in values)
        case And(parts=parts) | Or(parts=parts):
            return all(_is_wish(inner) for inner in parts)
        case _:
            return False


def wished_skills(requirement: Requirement, facts: Facts) -> tuple[str, ...]:
    """The names of the skills wished for, once each; of an ``or`` those of the branch with the largest sum of levels.

    >>> wished_skills(Requirement.parse("spanish and (sales or refunds)"), {"refunds": 2})
    ('refunds', 'spanish')
    """
    return _wished(requirement.normal(), facts)


def _wished(part: Requirement, facts: Facts) -> tuple[str, ...]:
    match part:
        case Atom(name=name):
            return (name,) if _is_wish(part) else ()
        case And(parts=parts):
            return tuple(dict.fromkeys(name for inner in parts for name in _wished(inner, facts)))
        case Or(parts=parts):
            return max((_wished(inner, facts) for inner in parts), key=lambda names: _levels(names, facts))
        case _:
            return ()


def _levels(names: Iterable[str], facts: Facts) -> float:
    return sum(level for level in map(facts.get, names) if isinstance(level, int | float))
