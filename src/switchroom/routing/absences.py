"""What follows missed and declined offers for their agent, and what a queue does when nobody is signed in.

Reactions: they run in the step of the event that they follow, before anything else is matched.
"""

from __future__ import annotations

from datetime import timedelta

from switchroom.kernel.transaction import Transaction
from switchroom.routing import agents, offers, work
from switchroom.routing.events import AgentRests, OfferDeclined, OfferExpired, PresenceChanged
from switchroom.routing.fields import micros
from switchroom.routing.leaving import leave_work
from switchroom.routing.model import Presence
from switchroom.routing.records import AgentRecord, QueueRecord
from switchroom.routing.state import Routing


def missed(r: Routing, tx: Transaction, event: OfferExpired) -> None:
    """An offer ran out: after so many in a row the agent does not respond; else the agent rests, if that is set."""
    agent = r.agents[event.agent]
    most = agent.spec.max_misses
    if agent.presence != Presence.ON_QUEUE:
        return
    if most is not None and agent.misses >= most:
        _leave(tx, r, agent, Presence.NOT_RESPONDING, "offers expired")
    elif agent.spec.rest_after_miss:
        _rest(tx, r, agent, agent.spec.rest_after_miss)


def declined(r: Routing, tx: Transaction, event: OfferDeclined) -> None:
    """An offer was refused: the agent rests, if that is set."""
    agent = r.agents[event.agent]
    if agent.spec.rest_after_decline and agent.presence == Presence.ON_QUEUE:
        _rest(tx, r, agent, agent.spec.rest_after_decline)


def _rest(tx: Transaction, r: Routing, agent: AgentRecord, span: timedelta) -> None:
    tx.emit(AgentRests(agent.id, tx.now + max(1, micros(span))))
    _leave(tx, r, agent, Presence.RESTING, "rest")


def _leave(tx: Transaction, r: Routing, agent: AgentRecord, presence: str, cause: str) -> None:
    tx.emit(PresenceChanged(agent.id, presence, agent.sequence, cause))
    offers.revoke_all(tx, r, agent.id, f"the agent is {presence}")
    leave_work(tx, r, agent)


def rest_over(tx: Transaction, r: Routing, agent_id: str) -> None:
    """Timer: the agent is on queue again, unless somebody changed the presence meanwhile."""
    agent = r.agents.get(agent_id)
    if agent is not None and agent.presence == Presence.RESTING:
        agents.set_presence(tx, r, agent_id, Presence.ON_QUEUE, None, "rested")


def signed_off(r: Routing, tx: Transaction, event: PresenceChanged) -> None:
    """Somebody went offline: queues whose work leaves when nobody is signed in are emptied by the last one."""
    if event.presence != Presence.OFFLINE or event.agent not in r.agents:
        return
    for name in r.agents[event.agent].memberships:
        queue = r.queues.get(name)
        if queue is not None and queue.spec.leave_when_empty and not somebody_signed_in(queue):
            for item in list(queue.items.values()):
                work.time_out(tx, r, item, "nobody is signed in")


def somebody_signed_in(queue: QueueRecord) -> bool:
    """Whether any member is not offline. Linear in the members."""
    return any(agent.presence != Presence.OFFLINE for agent in queue.members.values())
