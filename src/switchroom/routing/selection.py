"""Who is chosen: each selection rule turns an agent into a sortable stamp, smallest first, the id of the agent last.

Rules whose stamp does not depend on the item are kept in an order by the matching index; the others (best skilled,
scored, functions, scarce-skill protection) look at every able agent when an item is placed, which is linear in those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from switchroom.routing.records import AgentRecord, ItemRecord, QueueRecord
    from switchroom.routing.requirements import Requirement

Stamp: TypeAlias = "tuple[object, ...]"


def _longest_idle(agent: AgentRecord, queue: str) -> Stamp:
    return (agent.since_us, agent.id)


def _round_robin(agent: AgentRecord, queue: str) -> Stamp:
    return (agent.last_offered.get(queue, 0), agent.id)


def _least_loaded(agent: AgentRecord, queue: str) -> Stamp:
    return (agent.room.share(), agent.since_us, agent.id)


def _most_available(agent: AgentRecord, queue: str) -> Stamp:
    return (-agent.room.free_units(), agent.since_us, agent.id)


def _fewest_today(agent: AgentRecord, queue: str) -> Stamp:
    return (agent.handled_today, agent.since_us, agent.id)


STAMPS: dict[str, Callable[[AgentRecord, str], Stamp]] = {
    "longest_idle": _longest_idle,
    "round_robin": _round_robin,
    "least_loaded": _least_loaded,
    "most_available": _most_available,
    "fewest_today": _fewest_today,
}

PER_QUEUE = frozenset({"round_robin"})
"""Rules whose stamp differs from queue to queue."""


def skill_score(agent: AgentRecord, queue: QueueRecord, requirement: Requirement) -> float:
    """Weighted proficiency over the skills that the requirement in force names without NOT."""
    terms = requirement.skill_terms(agent.facts)
    return proficiency(agent.spec.skills, terms, queue.spec.skill_weights, queue.spec.average_skills)


def proficiency(
    skills: Mapping[str, float], names: Sequence[str], weights: Mapping[str, float], average: bool
) -> float:
    """The weighted sum (or average) of the levels of these skills; one that is missing counts as level 0."""
    total = sum(skills.get(name, 0) * weights.get(name, 1.0) for name in names)
    return total / len(names) if average and names else total


def best_skilled(agent: AgentRecord, queue: QueueRecord, requirement: Requirement) -> Stamp:
    return (-skill_score(agent, queue, requirement), agent.since_us, agent.id)


def scored(agent: AgentRecord, queue: QueueRecord, item: ItemRecord) -> Stamp:
    """Agents at or above the threshold by score, then the rest by idle time."""
    score = (item.work.scores or {}).get(agent.id)
    if score is None or score < queue.spec.score_threshold:
        return (1, 0.0, agent.since_us, agent.id)
    return (0, -score, agent.since_us, agent.id)
