"""The static check: what can never work in a set of queues, agents, intake rules and work, found without running it.

It asks the engine about the specs (who is eligible, phase by phase of the wait), so what it says of eligibility is what
routing would do. It is certain where it speaks of errors, but for weekly hours, which it samples.
"""

from __future__ import annotations

from collections.abc import Iterable

from switchroom.routing.intake_model import Intake
from switchroom.routing.lint_intake import check_intakes
from switchroom.routing.lint_model import ERROR, INFO, SEVERITIES, WARNING, Finding, Findings, Setup
from switchroom.routing.lint_queues import check_queues
from switchroom.routing.lint_work import check_items
from switchroom.routing.model import Agent, WorkItem
from switchroom.routing.queue_model import Queue

__all__ = ["ERROR", "INFO", "SEVERITIES", "WARNING", "Finding", "lint"]


def lint(
    *,
    queues: Iterable[Queue] = (),
    agents: Iterable[Agent] = (),
    intakes: Iterable[Intake] = (),
    items: Iterable[WorkItem] = (),
) -> tuple[Finding, ...]:
    """Every finding, worst first, then in the order of the specs; empty if all is well.

    ``items``: samples of work, or work that waits. Without any ``agents`` nothing is said about who could take work,
    because they may be managed elsewhere. Costs about (queues + items) x agents x stages of the wait.

    >>> from switchroom import Agent, Queue
    >>> for finding in lint(queues=[Queue("claims", requirement="claims >= 3")],
    ...                     agents=[Agent("ana", skills={"claims": 2}, queues=["claims"])]):
    ...     print(finding)
    error: queue claims: no agent, signed in or not, can meet: claims >= 3 [nobody_can]
    """
    setup = Setup(queues, agents, intakes)
    found = [*check_queues(setup), *_check_agents(setup), *check_intakes(setup), *check_items(setup, tuple(items))]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: SEVERITIES.index(finding.severity)))


def _check_agents(setup: Setup) -> Findings:
    for agent in setup.agents.values():
        place = f"agent {agent.id}"
        if not agent.queues:
            yield Finding("agent_without_queue", INFO, place, "is a member of no queue: only work that names it comes")
        for membership in agent.queues:
            if membership.queue not in setup.queues:
                yield Finding("unknown_queue", ERROR, place, f"queue {membership.queue} does not exist")
        costs = [limit.cost for limit in agent.utilization.media.values()]
        if min([agent.utilization.default_cost, *costs]) > agent.utilization.capacity:
            yield Finding("agent_without_room", ERROR, place, "everything costs more than the capacity")
