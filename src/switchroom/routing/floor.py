"""The floor: puts waiting items and free agents where the matching index finds them.

Everything here is derived from the records: demand classes (what an item asks for), supply classes (what an agent can
serve and has room for), and the relation between them. Eligibility lives here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Any

from switchroom.errors import LimitReached
from switchroom.matching import Lane, MatchIndex
from switchroom.routing.fields import micros
from switchroom.routing.lifecycle import IN_QUEUE
from switchroom.routing.model import Presence
from switchroom.routing.ordering import EXPEDITED
from switchroom.routing.records import START, SWEEP_CLASSES, AgentRecord, Demand, ItemRecord, QueueRecord, Supply
from switchroom.routing.requirements import Requirement
from switchroom.routing.selection import PER_QUEUE, STAMPS
from switchroom.routing.utilization import Kind

MAX_KINDS = 4096
"""Distinct (medium, own cost, labels) among items: each is a bit in every agent's mask."""

MAX_IN_FORCE = 10_000
"""Remembered combinations of a queue's and an item's requirement; beyond it the memory starts anew."""

NOBODY: frozenset[str] = frozenset()

QUIET = "quiet"
"""Among the unsettled: something has left a queue, and items may be held until a queue is quiet."""

ClassKey = tuple[Requirement, int, int, int, tuple[str, ...] | None, bool, frozenset[str]]
"""(requirement in force, kind, ring, passed delay, preferred agents, whether they are exempt, excluded agents)."""


class Floor:
    """Owns the matching index. ``unsettled``: the records of items and agents that the next settling has to look at,
    and ``QUIET``."""

    def __init__(
        self, items: dict[str, ItemRecord], agents: dict[str, AgentRecord], unsettled: dict[object, None]
    ) -> None:
        self._items = items
        self._agents = agents
        self.index = MatchIndex(self, self._entered)
        self.kinds: dict[Kind, int] = {}
        self.unsettled = unsettled

    # -- the relation between demand and supply

    def demand_features(self, demand: Hashable) -> Collection[Hashable]:
        assert isinstance(demand, Demand)
        return demand.features

    def supply_features(self, supply: Hashable) -> Collection[Hashable]:
        assert isinstance(supply, Supply)
        return supply.features

    def lane(self, demand: Any, supply: Any) -> Lane | None:
        """Whether agents of this class may serve that demand, and the lane in which it competes. Asked for thousands of
        pairs when a broad class is born, and so without asking what they are."""
        if not supply.mask >> demand.kind & 1:
            return None
        return self.lane_of(demand, supply.agent)

    def lane_of(self, demand: Demand, agent: AgentRecord) -> Lane | None:
        """The same, apart from room."""
        if agent.id in demand.excluded or (demand.preferred is not None and agent.id not in demand.preferred):
            return None
        membership = agent.memberships.get(demand.queue.id)
        if membership is None:
            named = demand.requirement.agents()
            if named is None or agent.id not in named:
                return None
            rank = 1
        elif micros(membership.delay) > demand.delay_us or membership.ring > demand.ring:
            return None
        else:
            rank = membership.rank
        if not demand.override and not demand.test(agent.facts):
            return None
        return (rank, *demand.level)

    def _entered(self, item: str) -> tuple[int, int]:
        record = self._items[item]
        return record.entered_us, record.arrival

    # -- items

    def place(self, item: ItemRecord) -> None:
        """Put an item where it belongs: into its class if it may be offered now, out of the index if not."""
        queue = item.queue
        if (
            queue is None
            or not queue.open
            or item.direct
            or item.paused
            or item.state not in IN_QUEUE
            or len(item.offers) >= queue.spec.offers_per_item
        ):
            self.lift(item)
            return
        demand = self.demand_of(item, queue)
        tier = item.tier
        if item.expedited or (item.phase is not START and expedited_by_phase(item)):
            tier += EXPEDITED
        key = (tier, item.score, item.arrival)
        index = self.index
        if item.demand is None:
            item.demand = demand
            first = index.enter(item.id, demand, key)
            # Where everything is settled, nobody can take those who wait in its class; so nobody can take this one.
            if first or self.unsettled or item.expired:
                self.unsettled[item] = None
            return
        if item.demand is demand:
            if index.key_of(item.id) == key:
                if item.expired:
                    # An offer out and an expired one exclude alike, but the last expiry asks for a retry.
                    self.unsettled[item] = None
                return
            index.rekey(item.id, key)
        else:
            index.move(item.id, demand, key)
        item.demand = demand
        self.unsettled[item] = None

    def lift(self, item: ItemRecord) -> None:
        """Take an item out of the index."""
        if item.demand is not None:
            self.index.leave(item.id)
            item.demand = None
            self.unsettled.pop(item, None)

    def demand_of(self, item: ItemRecord, queue: QueueRecord) -> Demand:
        """The class of an item in its present phase. O(1) for a class that is known."""
        work = item.work
        usual = item.phase is START and not (item.expired or item.declined or item.offers or work.exclude)
        plain = (
            work.requirement if item.requirement is None else item.requirement,
            work.medium,
            work.cost,
            work.labels,
        )
        if usual:
            known = queue.plain.get(plain)
            if known is not None:
                known.used = True
                return known
        key = self._class_key(item, queue, self.kind_of((work.medium, work.cost, work.labels)))
        known = queue.classes.get(key)
        if known is None:
            known = Demand(queue, *key)
            queue.classes[key] = known
            if len(queue.classes) > queue.sweep_at:
                self._sweep(queue, known)
        else:
            known.used = True
        if usual:
            queue.plain[plain] = known
        return known

    def probe(self, item: ItemRecord, queue: QueueRecord) -> Demand:
        """A class like the item's that nothing remembers: to ask ``lane_of``, and leave no trace."""
        return Demand(queue, *self._class_key(item, queue, -1))

    def _class_key(self, item: ItemRecord, queue: QueueRecord, kind: int) -> ClassKey:
        work, phase = item.work, item.phase
        preferred = work.preferred if phase.preferring else None
        agents = None if preferred is None else preferred.agents
        override = preferred is not None and preferred.override
        excluded = NOBODY
        if item.expired or item.declined or item.offers or work.exclude:
            excluded = item.expired.union(item.declined or (), (o.agent.id for o in item.offers), work.exclude)
        return (self.in_force(item, queue), kind, phase.ring, phase.delay_us, agents, override, excluded)

    def _sweep(self, queue: QueueRecord, newborn: Demand) -> None:
        """Forget the empty classes that nobody has asked for since the last time: those that come and go with an item,
        such as the wait for its preferred agent. Paid by the births in between."""
        size = self.index.size
        queue.classes = {k: d for k, d in queue.classes.items() if d.used or d is newborn or size(d)}
        queue.plain = {}
        queue.features = {}
        for demand in queue.classes.values():
            demand.used = False
        queue.sweep_at = max(SWEEP_CLASSES, 2 * len(queue.classes))

    def in_force(self, item: ItemRecord, queue: QueueRecord) -> Requirement:
        """Every requirement that holds for an item now, in normal form."""
        work, phase = item.work, item.phase
        parts: tuple[Requirement, ...] = (work.requirement if item.requirement is None else item.requirement,)
        if work.steps and not item.unstepped and phase.step < len(work.steps):
            parts += (work.steps[phase.step].requirement,)
        if work.expiring:
            parts += tuple(e.requirement for e in work.expiring if micros(e.ttl) > phase.ttl_us)
        known = queue.in_force.get((parts, phase.ring))
        if known is None:
            if len(queue.in_force) >= MAX_IN_FORCE:
                queue.in_force.clear()
            whole = queue.spec.requirement
            for part in parts:
                whole = whole & part
            for ring in queue.spec.rings[: phase.ring - 1]:
                whole = whole.without(ring.drop)
            known = queue.in_force[parts, phase.ring] = whole.normal()
        return known

    def suits(self, item: ItemRecord, queue: QueueRecord, agent: AgentRecord) -> bool:
        """Whether an agent has what an item asks for now; preferred agents may be exempt."""
        preferred = item.work.preferred
        if item.phase.preferring and preferred is not None and preferred.override and agent.id in preferred.agents:
            return True
        return self.in_force(item, queue).holds(agent.facts)

    def check_kind(self, kind: Kind) -> None:
        """Refuse a kind of work that is one too many; asked before an item of it is taken in."""
        if len(self.kinds) >= MAX_KINDS and kind not in self.kinds:
            raise LimitReached("kinds of work (medium, cost, labels)", MAX_KINDS)

    def kind_of(self, kind: Kind) -> int:
        """The bit of a kind of work; a new kind gives every seated agent a fresh mask."""
        bit = self.kinds.get(kind)
        if bit is None:
            self.check_kind(kind)
            bit = self.kinds[kind] = len(self.kinds)
            for agent in self._agents.values():
                self.seat(agent)
        return bit

    # -- agents

    def enlist(self, agent: AgentRecord) -> None:
        """Take over a new spec or membership: the old supply classes are retired."""
        self._unseat(agent)
        for supply in agent.supplies.values():
            self.index.retire_supply(supply)
        agent.supplies = {}

    def seat(self, agent: AgentRecord) -> None:
        """Give an agent the supply class of the kinds of work there is room for, or none.

        Who comes free waits at the door, among the unsettled: most are offered work by the settling that follows, and
        only who is not takes a place in the index.
        """
        cap = agent.spec.max_offers
        mask = 0
        if agent.presence == Presence.ON_QUEUE and (cap is None or len(agent.offers) < cap):
            mask = agent.room.mask(self.kinds)
        if not mask:
            self._unseat(agent)
            return
        supply = agent.supplies.get(mask)
        if supply is None:
            supply = agent.supplies[mask] = Supply(agent, mask, self._features(agent, mask))
        stamps = _stamps(agent)
        old = agent.seat
        if agent.standing and old is not None:
            if old is supply:
                if stamps != agent.stamps:
                    self.index.restamp(agent.id, stamps)
                    agent.stamps = stamps
                return
            self.index.depart(agent.id)
            agent.standing = False
            if not mask & ~old.mask:
                agent.seat, agent.stamps = supply, stamps
                self.stand(agent)
                return
        agent.seat, agent.stamps = supply, stamps
        self.unsettled[agent] = None

    def stand(self, agent: AgentRecord) -> None:
        """Let an agent who is at the door into the index."""
        if agent.seat is not None and not agent.standing:
            self.index.arrive(agent.id, agent.seat, agent.stamps)
            agent.standing = True

    def _unseat(self, agent: AgentRecord) -> None:
        if agent.seat is not None:
            if agent.standing:
                self.index.depart(agent.id)
                agent.standing = False
            agent.seat = None
            self.unsettled.pop(agent, None)

    def _features(self, agent: AgentRecord, mask: int) -> tuple[Hashable, ...]:
        kinds = [bit for bit in self.kinds.values() if mask >> bit & 1]
        names = [f"n:{name}" for name in agent.facts if name != "agent"]
        return (*kinds, f"a:{agent.id}", *(f"q:{queue}" for queue in agent.memberships), *names)


def expedited_by_phase(item: ItemRecord) -> bool:
    """Whether an item stands before everything of its queue as long as its present phase lasts."""
    work = item.work
    if item.phase.preferring and work.preferred is not None and work.preferred.expedite:
        return True
    return bool(work.expiring) and any(e.expedite and micros(e.ttl) > item.phase.ttl_us for e in work.expiring)


def _stamps(agent: AgentRecord) -> tuple[tuple[Hashable, tuple[object, ...]], ...]:
    """The agent's stamp in every order that one of its queues uses; the rank in a queue comes first."""
    if agent.plain_order is not None:
        return ((agent.plain_order, (agent.since_us, agent.id)),)
    return tuple(
        [
            (order, STAMPS[rule](agent, queue) if rank is None else (rank, *STAMPS[rule](agent, queue)))
            for order, rule, queue, rank in agent.orders
        ]
    )


def order_of(queue: QueueRecord) -> Hashable:
    """The order in which a queue's candidates are kept: one for all queues where nothing sets them apart."""
    rule = queue.spec.selection
    if rule not in STAMPS or queue.spec.protect_scarce:
        return None
    # Stamps with and without the rank in front do not compare, so they are different orders.
    return (rule, queue.id, queue.ranked) if queue.ranked or rule in PER_QUEUE else rule


def orders_for(agent: AgentRecord, queues: dict[str, QueueRecord]) -> tuple[tuple[Hashable, str, str, int | None], ...]:
    """(order, rule, queue, rank) for each distinct order that the agent stands in."""
    found: dict[Hashable, tuple[Hashable, str, str, int | None]] = {}
    for name, membership in agent.memberships.items():
        queue = queues.get(name)
        if queue is None or queue.order is None:
            continue
        rank = membership.place if queue.ranked else None
        found.setdefault(queue.order, (queue.order, queue.spec.selection, name, rank))
    return tuple(found.values())
