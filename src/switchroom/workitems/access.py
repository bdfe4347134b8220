"""Which workbin a name means, and who may look into it and take from it.

``claims`` is a workbin that was saved; ``agent:ana``, ``team:claims`` and ``supervisor`` need not be: the bin of one
agent, of a group, and of the supervisor of whoever has (or had) the work.
"""

from __future__ import annotations

from collections import Counter

from switchroom.errors import NotPermitted, UnknownId
from switchroom.routing.fields import Fact
from switchroom.routing.records import AgentRecord, QueueRecord
from switchroom.routing.state import Routing
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems

WORKBIN = "workbin"
"""The kind of target that workbins are to routing."""

AGENT, TEAM, SUPERVISOR = "agent", "team", "supervisor"


def resolve(w: WorkItems, name: str, work: WorkRecord | None = None) -> str:
    """The workbin that a name means for this work. Refuses a name that means none."""
    kind, _, rest = name.partition(":")
    if name in w.workbins:
        return name
    if kind == AGENT and rest in w.routing.agents:
        return name
    if kind == TEAM and rest in w.routing.teams:
        return name
    if kind == SUPERVISOR:
        boss = _supervisor(w.routing, rest or _team_of(w, work))
        if boss is not None:
            return f"{AGENT}:{boss}"
    raise UnknownId("workbin", name)


def _team_of(w: WorkItems, work: WorkRecord | None) -> str | None:
    """The team of the agent who has the work or had it last, else the one whose bin it is in, else the one that most
    members of its queue belong to, or of its worktype's queue. Linear in those members in the last cases."""
    if work is None:
        return None
    agent = w.routing.agents.get(work.agent or work.last_agent or "")
    if agent is not None and agent.spec.team is not None:
        return agent.spec.team
    kind, _, name = (work.bin.id if work.bin is not None else "").partition(":")
    if kind == TEAM:
        return name
    item = w.routing.items.get(work.item)
    queues = [None if item is None else item.queue, w.routing.queues.get(work.spec.queue or "")]
    found = (_team_of_members(queue) for queue in queues if queue is not None)
    return next((team for team in found if team is not None), None)


def _team_of_members(queue: QueueRecord) -> str | None:
    teams = Counter(member.spec.team for member in queue.members.values() if member.spec.team is not None)
    return min(teams, key=lambda team: (-teams[team], team), default=None)


def _supervisor(r: Routing, team: str | None) -> str | None:
    spec = None if team is None else r.teams.get(team)
    return None if spec is None or spec.supervisor not in r.agents else spec.supervisor


def facts_of(agent: AgentRecord) -> dict[str, Fact]:
    """What the rules of a workbin look at."""
    spec = agent.spec
    facts: dict[str, Fact] = {**agent.facts, "role": spec.role, "division": spec.division}
    if spec.team is not None:
        facts["team"] = spec.team
    return facts


def may_see(w: WorkItems, bin: str, agent: AgentRecord) -> bool:
    """Whether an agent may look into a workbin: by its rule, as its owner or member, as a supervisor of those, or as an
    administrator."""
    spec = w.workbins.get(bin)
    if agent.spec.role == "admin":
        return True
    if spec is not None:
        return spec.see.holds(facts_of(agent))
    kind, _, name = bin.partition(":")
    if kind == AGENT:
        owner = w.routing.agents.get(name)
        return name == agent.id or (owner is not None and leads(w.routing, agent, owner))
    return agent.spec.team == name or _supervises(w.routing, agent, name)


def leads(r: Routing, agent: AgentRecord, other: AgentRecord) -> bool:
    """Whether an agent may act for another one: as the supervisor of the team, or as an administrator."""
    return agent.spec.role == "admin" or _supervises(r, agent, other.spec.team)


def _supervises(r: Routing, agent: AgentRecord, team: str | None) -> bool:
    if team is None:
        return False
    return _supervisor(r, team) == agent.id or (agent.spec.role == SUPERVISOR and agent.spec.team == team)


def may_claim(w: WorkItems, bin: str, agent: AgentRecord) -> bool:
    """Whether an agent may take work out of a workbin."""
    spec = w.workbins.get(bin)
    if spec is None or spec.claim is None or agent.spec.role == "admin":
        return may_see(w, bin, agent)
    return spec.claim.holds(facts_of(agent))


def require_sight(w: WorkItems, bin: str, agent: str) -> None:
    """Refuse an agent who may not look into a workbin."""
    if not may_see(w, bin, w.routing.agent(agent)):
        raise NotPermitted(agent, f"look into workbin {bin}")


def require_claim(w: WorkItems, bin: str, agent: str) -> None:
    """Refuse an agent who may not take from a workbin."""
    if not may_claim(w, bin, w.routing.agent(agent)):
        raise NotPermitted(agent, f"take work from workbin {bin}")
