"""The best agent for one item, by its queue's selection rule."""

from __future__ import annotations

import math
from collections.abc import Iterable

from switchroom.kernel.transaction import Transaction
from switchroom.routing import selection
from switchroom.routing.queue_model import FUNCTION
from switchroom.routing.records import AgentRecord, Demand, ItemRecord, QueueRecord
from switchroom.routing.selection import Stamp
from switchroom.routing.state import Routing
from switchroom.routing.views import agent_view, item_view


def best_agent(tx: Transaction, r: Routing, item: ItemRecord, demand: Demand) -> tuple[Stamp, str] | None:
    """(stamp, agent id) of the agent to be offered this item, or None if nobody who may serve it has room."""
    order = demand.queue.order
    # Agents named by the requirement need not be members, and then stand in no order of the queue.
    if order is not None and demand.requirement.agents() is None:
        return r.floor.index.best_member(demand, order)
    able = [r.agents[id] for id in r.floor.index.able(demand)]
    if not able:
        return None
    best = min(stamps(tx, r, item, demand.queue, able), key=lambda entry: entry[0])
    return best[0], best[1].id


def stamp_for(tx: Transaction, r: Routing, item: ItemRecord, agent: AgentRecord) -> Stamp:
    """The stamp of one agent for one item: what decides among agents for it."""
    assert item.queue is not None
    return stamps(tx, r, item, item.queue, [agent])[0][0]


def stamps(
    tx: Transaction, r: Routing, item: ItemRecord, queue: QueueRecord, agents: Iterable[AgentRecord]
) -> list[tuple[Stamp, AgentRecord]]:
    """Each agent with its stamp for this item; the rank in the queue comes first where ranks differ."""
    found = [(_ranked(_plain(tx, r, item, queue, agent), queue, agent), agent) for agent in agents]
    if queue.spec.protect_scarce:
        found = [(_protected(r, queue, stamp, agent), agent) for stamp, agent in found]
    return found


def _ranked(stamp: Stamp, queue: QueueRecord, agent: AgentRecord) -> Stamp:
    if not queue.ranked:
        return stamp
    membership = agent.memberships.get(queue.id)
    return (1 if membership is None else membership.place, *stamp)


def _plain(tx: Transaction, r: Routing, item: ItemRecord, queue: QueueRecord, agent: AgentRecord) -> Stamp:
    rule = queue.spec.selection
    if rule in selection.STAMPS:
        return selection.STAMPS[rule](agent, queue.id)
    if rule == "best_skilled":
        return selection.best_skilled(agent, queue, r.floor.in_force(item, queue))
    if rule == "scored":
        return selection.scored(agent, queue, item)
    return _by_function(tx, r, item, rule.removeprefix(FUNCTION), agent)


def _by_function(tx: Transaction, r: Routing, item: ItemRecord, name: str, agent: AgentRecord) -> Stamp:
    """A function of the embedder's scores the pair, higher is better; without a score the agent comes last."""
    score = r.functions.call(tx, item.id, name, _score, -math.inf, item_view(item, tx.now), agent_view(agent))
    return (-score, agent.since_us, agent.id)


def _score(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise ValueError(f"a score is a number, not {value!r}")
    return float(value)


def _protected(r: Routing, queue: QueueRecord, stamp: Stamp, agent: AgentRecord) -> Stamp:
    """Scarce-skill protection: among otherwise equal agents the one whose skills the waiting work needs least."""
    need = sum(r.floor.index.size(d) for d in _needing(r, agent))
    return (*stamp[:-1], need, stamp[-1])


def _needing(r: Routing, agent: AgentRecord) -> list[Demand]:
    skills = agent.spec.skills.keys()
    return [d for q in r.queues.values() for d in q.classes.values() if not skills.isdisjoint(d.requirement.needs())]
