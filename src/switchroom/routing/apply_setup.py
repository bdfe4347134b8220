"""What the events of queues, agents and presence do to the state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from switchroom.routing.events import (
    AgentRemoved,
    AgentRests,
    AgentSaved,
    DayStarted,
    IntakeSaved,
    LeaseRenewed,
    PresenceChanged,
    QueueOpened,
    QueueRemoved,
    QueueSaved,
    QueueShut,
    Resumed,
    TeamSaved,
)
from switchroom.routing.fields import micros
from switchroom.routing.floor import order_of, orders_for
from switchroom.routing.model import Presence
from switchroom.routing.ordering import FAMILIES, FUNCTION_PLACE
from switchroom.routing.phases import phase_at
from switchroom.routing.records import AgentRecord, QueueRecord
from switchroom.routing.state import Routing


def queue_saved(r: Routing, e: QueueSaved, at: int) -> None:
    queue = r.queues.get(e.queue)
    if queue is None:
        queue = r.queues[e.queue] = QueueRecord(e.queue)
        for agent in r.agents.values():
            if e.queue in agent.memberships:
                queue.members[agent.id] = agent
    queue.set_spec(e.spec)
    if r.announce is not None and (e.spec.messages.greeting, e.spec.messages.away) != (None, None):
        r.announce()
        r.announce = None
    known = FAMILIES.get(e.spec.ordering)
    if known is None:
        known = FUNCTION_PLACE, r.families.setdefault(e.spec.ordering, len(r.families))
    queue.lane_place, queue.family = known
    remember_members(r, queue, at)
    reseat(r, queue.members.values())
    replace_items(r, queue, at)


def replace_items(r: Routing, queue: QueueRecord, at: int) -> None:
    """Put every item of a queue into its class anew; linear in the queue, for changes of configuration only."""
    for item in queue.items.values():
        r.floor.lift(item)
        item.phase = phase_at(item, queue, at)
        r.floor.place(item)
        r.review(item, at)
        if queue.announce_us is None:
            r.deadlines.cancel(("announce", item.id))
        elif r.deadlines.due(("announce", item.id)) is None:
            r.deadlines.set(("announce", item.id), at + queue.announce_us)


def remember_members(r: Routing, queue: QueueRecord, at: int) -> None:
    """Recompute what a queue derives from its members: the delays in use, whether ranks differ, the order.

    Where that changed, its items and the places of its members in the orders follow.
    """
    memberships = [agent.memberships[queue.id] for agent in queue.members.values()]
    delays = tuple(sorted({micros(m.delay) for m in memberships} - {0}))
    if delays != queue.delays:
        queue.delays = delays
        replace_items(r, queue, at)
    ranked = len({m.place for m in memberships}) > 1
    rank_changed, queue.ranked = ranked != queue.ranked, ranked
    order = order_of(queue)
    if order != queue.order or rank_changed:
        queue.order = order
        reseat(r, queue.members.values())


def reseat(r: Routing, agents: Iterable[AgentRecord]) -> None:
    """Retire the supply classes of agents whose queues or skills changed, and seat them anew."""
    for agent in agents:
        r.floor.enlist(agent)
        agent.orders = orders_for(agent, r.queues)
        alone = len(agent.orders) == 1 and agent.orders[0][1:] == ("longest_idle", agent.orders[0][2], None)
        agent.plain_order = agent.orders[0][0] if alone else None
        r.floor.seat(agent)


def queue_removed(r: Routing, e: QueueRemoved, at: int) -> None:
    queue = r.queues.pop(e.queue)
    r.deadlines.cancel(("hours", e.queue))
    reseat(r, queue.members.values())


def queue_opened(r: Routing, e: QueueOpened, at: int) -> None:
    _set_open(r, r.queues[e.queue], True, e.change_us)


def queue_shut(r: Routing, e: QueueShut, at: int) -> None:
    _set_open(r, r.queues[e.queue], False, e.change_us)


def _set_open(r: Routing, queue: QueueRecord, open: bool, change_us: int | None) -> None:
    queue.open = open
    if change_us is None:
        r.deadlines.cancel(("hours", queue.id))
    else:
        r.deadlines.set(("hours", queue.id), change_us)
    for item in queue.items.values():
        r.floor.place(item)


def agent_saved(r: Routing, e: AgentSaved, at: int) -> None:
    spec = e.spec
    agent = r.agents.get(e.agent)
    before: set[str] = set()
    if agent is None:
        agent = r.agents[e.agent] = AgentRecord(spec, at)
    else:
        before = set(agent.memberships)
        agent.room.set_rules(spec.utilization)
    agent.spec = spec
    agent.facts = spec.facts()
    agent.memberships = {m.queue: m for m in spec.queues}
    for name in sorted(before | set(agent.memberships)):
        queue = r.queues.get(name)
        if queue is None:
            continue
        if name in agent.memberships:
            queue.members[agent.id] = agent
        else:
            queue.members.pop(agent.id, None)
        remember_members(r, queue, at)
    reseat(r, [agent])


def agent_removed(r: Routing, e: AgentRemoved, at: int) -> None:
    agent = r.agents.pop(e.agent)
    agent.presence = Presence.OFFLINE
    r.floor.enlist(agent)
    r.deadlines.cancel(("lease", e.agent))
    r.deadlines.cancel(("rest", e.agent))
    for id in agent.declined:
        item = r.items[id]
        assert item.declined is not None
        del item.declined[e.agent]
        r.floor.place(item)
        r.review(item, at)
    for name in agent.memberships:
        queue = r.queues.get(name)
        if queue is not None:
            queue.members.pop(e.agent, None)
            remember_members(r, queue, at)


def presence_changed(r: Routing, e: PresenceChanged, at: int) -> None:
    agent = r.agents[e.agent]
    agent.sequence = e.sequence
    if e.presence == Presence.ON_QUEUE and agent.presence != Presence.ON_QUEUE:
        agent.since_us = at
        _forget_declines(r, agent, at)
        for token in list(agent.assignments):
            if r.leaving.pop(token, None) is not None:
                r.deadlines.cancel(("leave", token))
    if e.presence == Presence.OFFLINE:
        if agent.presence != Presence.OFFLINE:
            agent.gone_us = at
        agent.lease_us = None
        r.deadlines.cancel(("lease", e.agent))
    agent.presence = e.presence
    r.floor.seat(agent)


def _forget_declines(r: Routing, agent: AgentRecord, at: int) -> None:
    """Coming on queue again lifts declines without a retry time of their own."""
    for id in list(agent.declined):
        item = r.items[id]
        assert item.declined is not None
        if item.declined[agent.id] is None:
            del item.declined[agent.id]
            del agent.declined[id]
            r.floor.place(item)
            r.review(item, at)


def lease_renewed(r: Routing, e: LeaseRenewed, at: int) -> None:
    agent = r.agents[e.agent]
    agent.sequence = e.sequence
    agent.lease_us = e.until_us
    if e.until_us is None:
        r.deadlines.cancel(("lease", e.agent))
    else:
        r.deadlines.set(("lease", e.agent), e.until_us)


def agent_rests(r: Routing, e: AgentRests, at: int) -> None:
    r.deadlines.set(("rest", e.agent), e.until_us)


def team_saved(r: Routing, e: TeamSaved, at: int) -> None:
    r.teams[e.team] = e.spec


def intake_saved(r: Routing, e: IntakeSaved, at: int) -> None:
    r.intakes[e.intake] = e.spec


def day_started(r: Routing, e: DayStarted, at: int) -> None:
    r.day = e.day
    r.deadlines.set(("day", ""), e.next_us)
    for agent in r.agents.values():
        if agent.handled_today:
            agent.handled_today = 0
            r.floor.seat(agent)


def resumed(r: Routing, e: Resumed, at: int) -> None:
    for id, expires in e.offers:
        r.offers[id].expires_us = expires
        r.deadlines.set(("offer", id), expires)


APPLIERS: dict[type, Callable[[Routing, Any, int], None]] = {
    QueueSaved: queue_saved,
    QueueRemoved: queue_removed,
    QueueOpened: queue_opened,
    QueueShut: queue_shut,
    AgentSaved: agent_saved,
    AgentRemoved: agent_removed,
    PresenceChanged: presence_changed,
    LeaseRenewed: lease_renewed,
    AgentRests: agent_rests,
    TeamSaved: team_saved,
    IntakeSaved: intake_saved,
    DayStarted: day_started,
    Resumed: resumed,
}
