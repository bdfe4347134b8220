"""Three decisions of a day that are worth explaining, and how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeAlias

import attrs

from switchroom.cli.common import safe
from switchroom.cli.job import Outcome
from switchroom.cli.screen import show_heading
from switchroom.routing.events import ItemQueued, ItemRelaxed, ItemSubmitted, OfferMade
from switchroom.routing.explain_values import Candidate, Decision
from switchroom.routing.requirements import Requirement

TRIES = 20
"""Offers looked at for one kind of decision: each costs the replay of the log up to it."""

SHOWN = 4
"""Candidates shown of each sort."""


@attrs.frozen(kw_only=True)
class Explained:
    """A decision, what is interesting about it, and the agent whom the question is about."""

    title: str
    decision: Decision
    about: str | None = None


@attrs.frozen
class _Made:
    """An offer of the log that is not a transfer: in which queue, at which step of the item, and what came first."""

    offer: str
    agent: str
    queue: str
    step: int
    first: Requirement | None


def choose(outcome: Outcome) -> list[Explained]:
    """One decision after a step has relaxed the skills, one by idle time, one in which somebody free was passed over.

    Those that the day does not have are left out.
    """
    configuration = outcome.job.configuration
    made = list(_offers(outcome))
    agents = {agent.id: agent for agent in configuration.agents}
    by_idle_time = {queue.id for queue in configuration.queues if queue.selection == "longest_idle"}
    relaxed = [m for m in made if m.first is not None and m.step and not m.first.holds(agents[m.agent].facts())]
    searches = (
        (relaxed, _relaxed),
        ([m for m in made if m.queue in by_idle_time], _idle_time),
        ([m for m in made if m.first is not None and not m.step], _passed_over),
    )
    return [found for offers, judge in searches if (found := _first(outcome, offers, judge)) is not None]


def _offers(outcome: Outcome) -> Iterator[_Made]:
    queues: dict[str, str] = {}
    steps: dict[str, int] = {}
    firsts: dict[str, Requirement] = {}
    for record in outcome.center.events():
        event = record.event
        if isinstance(event, ItemSubmitted) and event.work.steps:
            firsts[event.item] = event.work.steps[0].requirement
        elif isinstance(event, ItemQueued):
            queues[event.item] = event.queue
            steps.pop(event.item, None)
        elif isinstance(event, ItemRelaxed):
            steps[event.item] = event.step
        elif isinstance(event, OfferMade) and event.transfer is None and event.item in queues:
            step = steps.get(event.item, 0)
            yield _Made(event.offer, event.agent, queues[event.item], step, firsts.get(event.item))


Judge: TypeAlias = Callable[[_Made, Decision], Explained | None]
"""What is interesting about a decision, or None."""


def _first(outcome: Outcome, offers: Iterable[_Made], judge: Judge) -> Explained | None:
    for made in islice(offers, TRIES):
        found = judge(made, outcome.center.insight.explain_offer(made.offer))
        if found is not None:
            return found
    return None


def _relaxed(made: _Made, decision: Decision) -> Explained | None:
    if len(decision.eligible) < 2:
        return None
    title = f"{made.agent} does not meet {made.first}, asked for at first: the skills were relaxed"
    return Explained(title=title, decision=decision)


def _idle_time(made: _Made, decision: Decision) -> Explained | None:
    if len(decision.eligible) < 2 or "idle since" not in decision.tie_break:
        return None
    return Explained(title="several fit equally: the one idle longest", decision=decision)


def _passed_over(made: _Made, decision: Decision) -> Explained | None:
    """Somebody whom nothing but the requirement kept from the work."""
    for candidate in decision.candidates:
        if candidate.failed and all(condition.requirement is not None for condition in candidate.failed):
            title = f"why not {candidate.agent}, who was free?"
            return Explained(title=title, decision=decision, about=candidate.agent)
    return None


# -- showing


def show_decisions(decisions: Iterable[Explained]) -> None:
    """Print decisions one after the other, each in a few lines."""
    for number, one in enumerate(decisions, 1):
        show_heading(f"Decision {number}: {one.title}")
        for line in _lines(one):
            print(safe(line))


def _lines(one: Explained) -> Iterator[str]:
    decision = one.decision
    yield f"item {decision.item} ({decision.medium}) in queue {decision.queue} went to {decision.chosen}"
    yield f"in force: {decision.stage}"
    yield f"decided by: {decision.tie_break}"
    about = None if one.about is None else decision.candidate(one.about)
    if about is not None:
        yield from about.lines()
    eligible = [candidate for candidate in decision.candidates if candidate.eligible]
    for candidate in eligible[:SHOWN]:
        yield from candidate.lines()
    if len(eligible) > SHOWN:
        yield f"   and {len(eligible) - SHOWN} more who could take it"
    others = [candidate for candidate in decision.candidates if not candidate.eligible and candidate is not about]
    for candidate in others[:SHOWN]:
        yield f"-  {candidate.agent}: {'; '.join(_short(candidate))}"
    if len(others) > SHOWN:
        yield f"   and {len(others) - SHOWN} more who could not"


def _short(candidate: Candidate) -> Iterator[str]:
    for condition in candidate.failed:
        detail = f" ({condition.detail})" if condition.detail else ""
        needed = "" if condition.requirement is None else f" {condition.requirement.text}"
        yield f"{condition.name}{needed}{detail}"
