"""Operations on agents: who they are, whether they are there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import attrs

from switchroom.errors import DuplicateId, InvalidInput, NotAllowed, UnknownId
from switchroom.ids import valid_id
from switchroom.kernel.limits import require_room
from switchroom.kernel.transaction import Transaction
from switchroom.routing.dispatch import requeued
from switchroom.routing.events import (
    AgentRemoved,
    AgentSaved,
    LeaseRenewed,
    PresenceChanged,
    TeamSaved,
)
from switchroom.routing.fields import micros
from switchroom.routing.leaving import leave_work
from switchroom.routing.model import Agent, Membership, Presence, Team
from switchroom.routing.offers import revoke_all
from switchroom.routing.records import AgentRecord
from switchroom.routing.state import Routing
from switchroom.routing.work import revoke

MAX_AGENTS = 1_000_000
"""Some 3 KB each."""

MAX_TEAMS = 100_000
MAX_LEASE = timedelta(days=1)


def save(tx: Transaction, r: Routing, spec: Agent, new: bool) -> None:
    """Add an agent (``new``), or change one. Work in hand stays; offers that no longer fit are revoked."""
    known = r.agents.get(spec.id)
    if new and known is not None:
        raise DuplicateId("agent", spec.id)
    if not new and known is None:
        raise UnknownId("agent", spec.id)
    require_room(r.agents, spec.id, "agents", MAX_AGENTS)
    for membership in spec.queues:
        r.queue(membership.queue)
    if known is not None and known.spec == spec:
        return
    tx.emit(AgentSaved(spec.id, spec))
    _revoke_misfits(tx, r, r.agents[spec.id])


def _revoke_misfits(tx: Transaction, r: Routing, agent: AgentRecord) -> None:
    for offer in list(agent.offers.values()):
        item = offer.item
        if offer.transfer is None and item.queue is not None:
            fits = r.floor.suits(item, item.queue, agent)
            if not fits or (item.queue.id not in agent.memberships and not _named(r, agent, offer.item.id)):
                revoke(tx, offer, "the agent changed")
                requeued(tx, item)


def _named(r: Routing, agent: AgentRecord, item_id: str) -> bool:
    item = r.items[item_id]
    assert item.queue is not None
    named = r.floor.in_force(item, item.queue).agents()
    return named is not None and agent.id in named


def remove(tx: Transaction, r: Routing, agent_id: str) -> None:
    """Remove an agent who holds no work; offers out are revoked."""
    agent = r.agent(agent_id)
    if agent.assignments:
        raise NotAllowed("remove", "agent", agent_id, f"holding {len(agent.assignments)} items")
    revoke_all(tx, r, agent_id, "the agent was removed")
    tx.emit(AgentRemoved(agent_id))


def set_skills(tx: Transaction, r: Routing, agent_id: str, skills: Mapping[str, float | None]) -> None:
    """Change the levels of the skills named; None takes one away."""
    agent = r.agent(agent_id)
    merged = {**agent.spec.skills, **skills}
    left = {name: level for name, level in merged.items() if level is not None}
    save(tx, r, attrs.evolve(agent.spec, skills=left), new=False)


def join(tx: Transaction, r: Routing, agent_id: str, membership: Membership | str) -> None:
    """Make an agent a member of a queue, or change the membership."""
    agent = r.agent(agent_id)
    wanted = membership if isinstance(membership, Membership) else Membership(membership)
    others = [m for m in agent.spec.queues if m.queue != wanted.queue]
    save(tx, r, attrs.evolve(agent.spec, queues=[*others, wanted]), new=False)


def leave(tx: Transaction, r: Routing, agent_id: str, queue_id: str) -> None:
    """End a membership; offers of that queue are revoked, work in hand stays."""
    agent = r.agent(agent_id)
    if queue_id not in agent.memberships:
        raise UnknownId("membership", queue_id)
    left = [m for m in agent.spec.queues if m.queue != queue_id]
    save(tx, r, attrs.evolve(agent.spec, queues=left), new=False)


def save_team(tx: Transaction, r: Routing, spec: Team) -> None:
    """Add or change a team."""
    if spec.supervisor is not None:
        r.agent(spec.supervisor)
    require_room(r.teams, spec.id, "teams", MAX_TEAMS)
    tx.emit(TeamSaved(spec.id, spec))


# -- presence


def set_presence(
    tx: Transaction, r: Routing, agent_id: str, presence: str, sequence: int | None, cause: str = ""
) -> bool:
    """Change presence. Any other than on queue revokes the agent's offers, and work in hand follows its queue's rule.

    ``sequence`` numbers the presence operations of one agent: one that is not above the last is late and changes
    nothing (returns False).
    """
    agent = r.agent(agent_id)
    valid_id(presence, "presence")
    _check_sequence(sequence)
    if sequence is not None and sequence <= agent.sequence:
        return False
    number = agent.sequence + 1 if sequence is None else sequence
    if presence == agent.presence and sequence is None:
        return True
    tx.emit(PresenceChanged(agent_id, presence, number, cause))
    if presence != Presence.ON_QUEUE:
        revoke_all(tx, r, agent_id, f"the agent is {presence}")
        leave_work(tx, r, agent)
    return True


def _check_sequence(sequence: int | None) -> None:
    if sequence is not None and (isinstance(sequence, bool) or not isinstance(sequence, int)):
        raise InvalidInput("sequence", "not_whole", sequence, hint="a whole number is wanted")


def heartbeat(tx: Transaction, r: Routing, agent_id: str, lease: timedelta, sequence: int | None) -> bool:
    """Renew the connection lease: if it lapses, the agent is taken offline. Returns False for a late operation."""
    agent = r.agent(agent_id)
    if agent.presence == Presence.OFFLINE:
        raise NotAllowed("renew the lease of", "agent", agent_id, "offline")
    _check_sequence(sequence)
    if not timedelta(0) < lease <= MAX_LEASE:
        raise InvalidInput("lease", "range", lease, hint="above zero, at most a day")
    if sequence is not None and sequence <= agent.sequence:
        return False
    tx.emit(LeaseRenewed(agent_id, tx.now + micros(lease), agent.sequence if sequence is None else sequence))
    return True


def lease_lapsed(tx: Transaction, r: Routing, agent_id: str) -> None:
    """Timer: nothing was heard of the agent for the time of the lease."""
    set_presence(tx, r, agent_id, Presence.OFFLINE, None, "lease lapsed")
