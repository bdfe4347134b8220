"""A small office for tests of one thing at a time."""

from __future__ import annotations

from typing import Any

from switchroom import Agent, ContactCenter, ManualClock, Queue, Team, WorkItem
from switchroom.routing.utilization import Utilization
from switchroom.workitems.model import Calendar, Worktype


def desk(*worktypes: Worktype, start: str = "2026-01-05T12:00:00Z", hours: Any = None, **center: Any) -> ContactCenter:
    """Queue ``claims`` with ana and bob of team red, whose supervisor is eve; everybody is on queue."""
    made = ContactCenter(clock=ManualClock(start), seed=1, **center)
    for queue in ("claims", "experts"):
        made.queues.add(Queue(queue))
    room = Utilization(media={"workitem": 50})
    for agent in ("ana", "bob"):
        made.agents.add(Agent(agent, queues=["claims"], team="red", utilization=room))
    made.agents.add(Agent("eve", team="red", role="supervisor", utilization=room))
    made.agents.add(Agent("zoe", team="blue", utilization=room))
    made.agents.save_team(Team("red", supervisor="eve"))
    if hours is not None:
        made.worktypes.save_calendar(Calendar("office", hours=hours))
    for worktype in worktypes:
        made.worktypes.save(worktype)
    for agent in ("eve", "zoe"):
        made.agents.sign_in(agent)
    return made


def taken(center: ContactCenter, agent: str = "ana", **item: Any) -> str:
    """New work in an agent's hand."""
    center.agents.sign_in(agent)
    work = center.work.submit(WorkItem(**item))
    center.offers.accept(center.offers.of_agent(agent)[0].id)
    center.check()
    return work


def types(center: ContactCenter, prefix: str = "workitems.") -> list[str]:
    """What has happened, in order."""
    return [record.type.removeprefix(prefix) for record in center.events() if record.type.startswith(prefix)]
