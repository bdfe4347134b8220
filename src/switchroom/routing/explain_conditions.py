"""Every condition under which one agent may be offered one item, passed or failed.

There is one eligibility test, ``Floor.lane_of``, and one test of room, ``Room.fits``. Nothing is decided again here:
a single condition is examined by asking that same test about a demand (or a room) that asks for this alone. A property
test holds that the conditions together say what the test says of the whole.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

import attrs

from switchroom.durations import format_duration, from_micros
from switchroom.routing.explain_values import Condition
from switchroom.routing.fields import micros
from switchroom.routing.floor import NOBODY, Floor
from switchroom.routing.model import ANYONE, Presence
from switchroom.routing.records import AgentRecord, Demand, ItemRecord, QueueRecord
from switchroom.routing.requirements import Named, Requirement
from switchroom.routing.state import Routing
from switchroom.routing.utilization import Kind, MediumLimit, Room, Utilization

BOUNDLESS = 1 << 62
"""A ring and a delay that no membership exceeds: what a probe says where it asks for nothing."""


def demand_for(item: ItemRecord, queue: QueueRecord) -> Demand:
    """What the item asks for now, as the floor says it, without registering anything with the live floor."""
    shadow = copy.copy(queue)
    shadow.set_spec(queue.spec)  # its own, empty memory of classes
    return Floor({}, {}, {}).demand_of(item, shadow)


def considered(r: Routing, demand: Demand) -> Iterator[AgentRecord]:
    """Everybody who comes into question: the members, and who is named by the requirement or preferred."""
    members = demand.queue.members
    outside = {*(demand.requirement.agents() or ()), *(demand.preferred or ())} - members.keys()
    yield from members.values()
    yield from (r.agents[id] for id in sorted(outside) if id in r.agents)


def kind_of(item: ItemRecord) -> Kind:
    """What matters for room about an item."""
    return (item.work.medium, item.work.cost, item.work.labels)


def is_able(r: Routing, demand: Demand, item: ItemRecord, agent: AgentRecord) -> bool:
    """The whole verdict: may this agent be offered this item now?"""
    return r.floor.lane_of(demand, agent) is not None and _has_room(item, agent)


def _has_room(item: ItemRecord, agent: AgentRecord) -> bool:
    return agent.presence == Presence.ON_QUEUE and below_cap(agent) and agent.room.fits(kind_of(item))


def below_cap(agent: AgentRecord) -> bool:
    """Whether one more offer may be out to the agent."""
    cap = agent.spec.max_offers
    return cap is None or len(agent.offers) < cap


def conditions(r: Routing, demand: Demand, item: ItemRecord, agent: AgentRecord) -> tuple[Condition, ...]:
    """Every condition for this pair, in the order in which one would look: belonging, time, tries, skill, room."""
    return (
        _member(r, demand, agent),
        *_timed(r, demand, item, agent),
        *_tries(r, demand, item, agent),
        _requirement(demand, agent),
        Condition("on queue", agent.presence == Presence.ON_QUEUE, f"presence is {agent.presence}"),
        _offers(agent),
        *_room(item, agent),
    )


def _probe(
    r: Routing,
    demand: Demand,
    agent: AgentRecord,
    *,
    requirement: Requirement | None = None,
    ring: int = BOUNDLESS,
    delay_us: int = BOUNDLESS,
    preferred: tuple[str, ...] | None = None,
    excluded: frozenset[str] = NOBODY,
) -> bool:
    """Whether the agent passes a demand on this queue that asks for what is given and nothing else."""
    if requirement is None:
        # Naming the agent keeps membership out of it; members need no name.
        requirement = ANYONE if demand.queue.id in agent.memberships else Named(agent.id)
    asked = Demand(demand.queue, requirement, demand.kind, ring, delay_us, preferred, True, excluded)
    return r.floor.lane_of(asked, agent) is not None


def _member(r: Routing, demand: Demand, agent: AgentRecord) -> Condition:
    passed = _probe(r, demand, agent, requirement=demand.requirement)
    membership = agent.memberships.get(demand.queue.id)
    if membership is not None:
        detail = f"rank {membership.rank}"
    else:
        detail = "named by the requirement" if passed else "neither a member nor named by the requirement"
    return Condition(f"member of {demand.queue.id}", passed, detail)


def _timed(r: Routing, demand: Demand, item: ItemRecord, agent: AgentRecord) -> Iterator[Condition]:
    """Conditions of the membership and of preference that waiting fulfils."""
    queue, membership = demand.queue, agent.memberships.get(demand.queue.id)
    if membership is not None and membership.delay:
        passed = _probe(r, demand, agent, delay_us=demand.delay_us)
        detail = f"joins at {format_duration(membership.delay)}"
        yield _ending("membership delay", passed, detail, item.entered_us + micros(membership.delay))
    if membership is not None and (membership.ring > 1 or queue.rings_us):
        opens = item.joined_us + sum(queue.rings_us[: membership.ring - 1])
        reachable = membership.ring <= len(queue.rings_us) + 1
        passed = _probe(r, demand, agent, ring=demand.ring)
        detail = f"in ring {membership.ring}, the item is in ring {demand.ring}"
        yield _ending("ring", passed, detail, opens if reachable else None)
    if demand.preferred is not None:
        wait = item.work.preferred
        ends = None if wait is None else item.joined_us + micros(wait.wait)
        passed = _probe(r, demand, agent, preferred=demand.preferred)
        yield _ending("preferred", passed, f"only {', '.join(demand.preferred)} at first", ends)


def _ending(name: str, passed: bool, detail: str, until_us: int | None) -> Condition:
    until = None if passed or until_us is None else from_micros(until_us)
    return Condition(name, passed, detail, until=until)


def _tries(r: Routing, demand: Demand, item: ItemRecord, agent: AgentRecord) -> Iterator[Condition]:
    """Who is left out because of what happened with the item before, one reason at a time."""
    declined = item.declined or {}
    retry = declined.get(agent.id)
    coming_back = "" if retry is not None or agent.id not in declined else "until coming on queue again"
    again = r.deadlines.due(("retry", item.id)) if item.retrying else None
    reasons: tuple[tuple[str, frozenset[str], str, int | None], ...] = (
        ("has not declined it", frozenset(declined), coming_back, retry),
        ("has not let it expire", item.expired, "", again),
        ("is not offered it already", frozenset(offer.agent.id for offer in item.offers), "", None),
        ("is not excluded", frozenset(item.work.exclude), "", None),
    )
    for name, left_out, detail, until in reasons:
        # What the demand does not leave out was known to the item, but is no reason any more.
        passed = _probe(r, demand, agent, excluded=left_out & demand.excluded)
        yield _ending(name, passed, "" if passed else detail, until)


def _requirement(demand: Demand, agent: AgentRecord) -> Condition:
    if demand.override:
        return Condition("requirement", True, "preference overrides it")
    tree = demand.requirement.explain(agent.facts)
    return Condition("requirement", demand.test(agent.facts), requirement=tree)


def _offers(agent: AgentRecord) -> Condition:
    cap = agent.spec.max_offers
    detail = f"{len(agent.offers)} out" if cap is None else f"{len(agent.offers)} of at most {cap} out"
    return Condition("offers", below_cap(agent), detail)


# -- room


def _room(item: ItemRecord, agent: AgentRecord) -> Iterator[Condition]:
    """Room for the medium, one rule of utilization at a time."""
    (medium, cost, labels), room, rules = kind_of(item), agent.room, agent.room.rules
    plain = {name: MediumLimit(cost=limit.cost) for name, limit in rules.media.items()}
    detail = f"{room.cost(medium, cost)} wanted, {room.free_units()} of {rules.capacity} free"
    capacity = attrs.evolve(rules, media=plain, labels={})
    yield Condition("capacity", _fits(room, room.used, (medium, cost, ()), capacity), detail)
    maximum = room.limit(medium).maximum
    if maximum is not None:
        held = f"{room.count.get(medium, 0)} of at most {maximum} in hand"
        maxima = {name: MediumLimit(maximum=limit.maximum) for name, limit in rules.media.items()}
        passed = _fits(room, 0, (medium, 0, ()), attrs.evolve(rules, media=maxima))
        yield Condition(f"maximum of {medium}", passed, held)
    if any(limit.interruptible_by for limit in rules.media.values()):
        held = f"in hand: {', '.join(sorted(room.count)) or 'nothing'}"
        media = {name: MediumLimit(interruptible_by=limit.interruptible_by) for name, limit in rules.media.items()}
        passed = _fits(room, 0, (medium, 0, ()), attrs.evolve(rules, media=media))
        yield Condition(f"{medium} beside what is in hand", passed, held)
    for label in labels:
        if label in rules.labels:
            held = f"{room.label_count.get(label, 0)} of at most {rules.labels[label]} in hand"
            passed = _fits(room, 0, (medium, 0, (label,)), attrs.evolve(rules, media={}))
            yield Condition(f"label {label}", passed, held)


def _fits(room: Room, used: int, kind: Kind, rules: Utilization) -> bool:
    """What the test of room says of the same holdings under these rules: the kind costs nothing but for capacity."""
    probe = Room(rules)
    probe.used, probe.count, probe.label_count = used, room.count, room.label_count
    return probe.fits(kind)
