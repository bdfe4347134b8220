"""The invariants of routing, asserted over the whole state: both sides of every relation.

Written against the records only, apart from the index's own check; linear but for ``check_no_missed_match``, which is
agents x items and for tests.
"""

from __future__ import annotations

from switchroom.routing.fields import micros
from switchroom.routing.lifecycle import FINAL, IN_HAND, IN_QUEUE, OFFERED, SCHEDULED, WAITING
from switchroom.routing.model import Presence
from switchroom.routing.records import AgentRecord, ItemRecord, QueueRecord
from switchroom.routing.state import Routing
from switchroom.routing.utilization import Room


def check_routing(r: Routing) -> None:
    """Raise AssertionError if anything in the state contradicts anything else."""
    r.floor.index.check()
    r.deadlines.check()
    for item in r.items.values():
        _check_item(r, item)
    for agent in r.agents.values():
        _check_agent(r, agent)
    for queue in r.queues.values():
        _check_queue(r, queue)
    _check_offers(r)
    _check_assignments(r)
    assert set(r.quiet) == {q.id for q in r.queues.values() if q.quiet}, "queues with held items"
    assert set(r.unrouted) == {i.id for i in r.items.values() if i.state == "created"}, "unrouted items"
    check_no_missed_match(r)


def _check_item(r: Routing, item: ItemRecord) -> None:
    name = f"item {item.id} ({item.state})"
    waiting = item.queue is not None and item.id in item.queue.items
    placeless = item.direct and item.queue is None
    assert waiting == (item.state in IN_QUEUE and not placeless), f"{name} and its queue disagree"
    held = item.assignment is not None
    assert held == (item.state in IN_HAND), f"{name} and its assignment disagree"
    if item.state == OFFERED:
        assert item.offers, f"{name} has no offer out"
    elif not held:
        assert not item.offers, f"{name} has offers out"
    for offer in item.offers:
        assert r.offers.get(offer.id) is offer, f"{name}: offer {offer.id} is not in the table"
        assert offer.item is item
    if held and item.offers:
        assert all(o.transfer == "consult" for o in item.offers), f"{name} is assigned and offered"
    limit = 1 if item.queue is None else item.queue.spec.offers_per_item
    assert len(item.offers) <= max(limit, 1) or item.state == OFFERED, f"{name} has too many offers"
    assert (item.demand is not None) == (item.id in r.floor.index), f"{name} and the index disagree"
    if item.demand is not None:
        assert r.floor.index.demand_of(item.id) is item.demand
        assert item.state in IN_QUEUE
    for agent in item.declined or ():
        assert item.id in r.agents[agent].declined, f"{name}: declined by {agent}, who does not know"
    assert not item.paused or (item.state == WAITING and not item.offers), f"{name} is paused"
    assert item.paused == (r.deadlines.due(("pause", item.id)) is not None), f"{name}: pause and deadline disagree"
    assert (item.schedule is not None) == (item.state == SCHEDULED), f"{name} and its schedule disagree"
    if item.state in FINAL:
        wrapped_up = any(a.item is item for a in r.assignments.values())
        assert wrapped_up or any(id == item.id for _, id in r.ended), f"{name} will never leave memory"


def _check_agent(r: Routing, agent: AgentRecord) -> None:
    name = f"agent {agent.id} ({agent.presence})"
    room = Room(agent.spec.utilization)
    for offer in agent.offers.values():
        assert r.offers.get(offer.id) is offer, f"{name}: offer {offer.id} is not in the table"
        assert agent.presence == Presence.ON_QUEUE, f"{name} is offered work"
        room.add(offer.item.work.medium, offer.units, offer.item.work.labels)
    for assignment in agent.assignments.values():
        assert r.assignments.get(assignment.id) is assignment, f"{name}: assignment {assignment.id}"
        if assignment.share:
            room.add(assignment.item.work.medium, assignment.units, assignment.item.work.labels)
    held = (agent.room.used, agent.room.count, agent.room.label_count)
    assert held == (room.used, room.count, room.label_count), f"{name}: room {held} is not what is held"
    seated = agent.seat is not None
    at_door = agent in r.floor.unsettled
    assert agent.standing == r.floor.index.present(agent.id), f"{name} and the index disagree"
    assert seated == (agent.standing or at_door), f"{name} is neither in the index nor at its door"
    if seated:
        assert agent.presence == Presence.ON_QUEUE, f"{name} is seated"
    for item in agent.declined:
        assert agent.id in (r.items[item].declined or {}), f"{name}: item {item} does not know of the decline"
    for queue in agent.memberships:
        if queue in r.queues:
            assert r.queues[queue].members.get(agent.id) is agent, f"{name} is no member of {queue}"
    assert (("lease", agent.id) in {key for _, key in r.deadlines}) == (agent.lease_us is not None), name


def _check_queue(r: Routing, queue: QueueRecord) -> None:
    name = f"queue {queue.id}"
    for item in queue.items.values():
        assert item.queue is queue, f"{name} holds {item.id} of another queue"
        assert item.state in IN_QUEUE, f"{name} holds {item.id}, which is {item.state}"
    for agent in queue.members.values():
        assert queue.id in agent.memberships, f"{name}: {agent.id} does not know of the membership"
    delays = {micros(a.memberships[queue.id].delay) for a in queue.members.values()} - {0}
    assert tuple(sorted(delays)) == queue.delays, f"{name}: delays"
    for item in queue.quiet.values():
        assert item.state == SCHEDULED, f"{name}: quiet item {item.id} is {item.state}"


def _check_offers(r: Routing) -> None:
    for id, offer in r.offers.items():
        assert offer.agent.offers.get(id) is offer, f"offer {id}: the agent does not know"
        assert offer in offer.item.offers, f"offer {id}: the item does not know"
        due = r.deadlines.due(("offer", id))
        assert due == offer.expires_us, f"offer {id}: expires {offer.expires_us}, deadline {due}"


def _check_assignments(r: Routing) -> None:
    for id, assignment in r.assignments.items():
        assert assignment.agent.assignments.get(id) is assignment, f"assignment {id}: the agent does not know"
        current = assignment.item.assignment is assignment
        assert current or assignment.wrapping, f"assignment {id}: the item does not know"
        due = r.deadlines.due(("wrap", id))
        assert due == assignment.limit_us, f"assignment {id}: limit {assignment.limit_us}, deadline {due}"
    assert set(r.leaving) <= set(r.assignments), "an agent leaves with unknown work"


def check_no_missed_match(r: Routing) -> None:
    """No free, eligible agent sits beside waiting work, by brute force over the records."""
    free = [a for a in r.agents.values() if a.presence == Presence.ON_QUEUE]
    for item in r.items.values():
        queue = item.queue
        if item.state not in (WAITING, OFFERED) or queue is None or not queue.open or item.direct or item.paused:
            continue
        if len(item.offers) >= queue.spec.offers_per_item:
            continue
        demand = r.floor.probe(item, queue)
        for agent in free:
            cap = agent.spec.max_offers
            room = agent.room.fits((item.work.medium, item.work.cost, item.work.labels))
            room = room and (cap is None or len(agent.offers) < cap)
            assert not room or r.floor.lane_of(demand, agent) is None, f"{agent.id} is free beside {item.id}"
