"""Who may serve whom: the relation between the classes of both sides, kept from birth to burial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from switchroom.errors import LimitReached
from switchroom.matching._nodes import ASKED, PATIENCE, UNUSED, DemandNode, Ids, SupplyNode
from switchroom.matching._tokens import EMPTY, MAX_SLOTS

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator

    from switchroom.matching.model import Lane, Relation

SPARE_AWAKE: Final = 64
"""Empty demand classes are put to sleep when this many more than nine eighths of those kept awake at the last look are
awake: one that empties and fills again is not woken each time, and no member looks at many empty ones."""

SPARE_WEIGHT: Final = 1 << 20
"""Classes born since the last look for dead ones may weigh this much, or as much as those then in use, whichever is
more. Some forty bytes a unit."""

CLASS_WEIGHT: Final = 64
"""What a class weighs, besides one for each link."""

CHORES: Final = 4
"""At most this many classes are put to sleep or buried with each that wakes or is born, so that no single operation
pays for all of them."""


FEW: Final = 16
"""So many supply classes are asked one by one for the features of a newborn class, more by intersecting sets."""

NONE: Final[frozenset[SupplyNode]] = frozenset()


class Kinship:
    """Both sides' classes and the links between them.

    A demand class is awake while something waits in it, and for a while after, longer if it comes and goes; asleep, it
    still knows who may serve it, so that placing work needs no birth, but no supply class looks at it. A class is
    buried when it is empty (has no member) and was not asked for between two looks.

    Invariant, for a demand class d and a supply class s: ``s in d.able`` if and only if the features that d needs are
    among those of s and the relation gives a lane; ``d.slot in s.serves`` if and only if besides d is awake.
    """

    def __init__(self, relation: Relation) -> None:
        self._relation = relation
        self.demands: dict[Hashable, DemandNode] = {}
        self.supplies: dict[Hashable, SupplyNode] = {}
        self.ids = Ids()
        nobody = DemandNode(None, 0, frozenset(), self.ids)
        self.heads: list[int] = [EMPTY]
        self.by_slot: list[DemandNode] = [nobody]
        self._nobody = nobody
        self._free_slots: list[int] = []
        self.seats = 1  # seat 0 stays empty, as slot 0 does
        self._free_seats: list[int] = []
        self._having: dict[Hashable, set[SupplyNode]] = {}
        self._homes: dict[Hashable, dict[DemandNode, None]] = {}
        self._lanes: dict[Lane, Lane] = {}
        self._awake: dict[DemandNode, None] = {}
        self._drowsy: list[DemandNode] = []
        self._look_at_awake = SPARE_AWAKE
        self._dead_demands: list[DemandNode] = []
        self._dead_supplies: list[SupplyNode] = []
        self._demand_allowance = SPARE_WEIGHT
        self._supply_allowance = SPARE_WEIGHT

    # -- demand classes

    def bear_demand(self, demand: Hashable) -> DemandNode:
        """A new demand class, asleep, that knows every supply class that may serve it.

        Costs the intersection of the sets of supplies that have its features, and one ``lane`` for each survivor.
        """
        self._bury_demands()
        listed = self._relation.demand_features(demand)
        node = DemandNode(demand, self._new_slot(), frozenset(listed), self.ids)
        lane_of, able, lanes = self._relation.lane, node.able, self._lanes
        last = None
        for supply in self._candidates(node, listed):
            lane = lane_of(demand, supply.key)
            if lane is not None:
                if lane is not last:
                    last = lane = lanes.setdefault(lane, lane)
                able[supply] = lane
        self.by_slot[node.slot] = node
        self.demands[demand] = node
        self._homes.setdefault(node.home, {})[node] = None
        self._demand_allowance -= CLASS_WEIGHT + len(able)
        return node

    def wake(self, node: DemandNode) -> None:
        """Something waits in this class: let those who may serve it look at it. O(able)."""
        self._put_to_sleep()
        if node.slept:
            node.patience = PATIENCE
        node.awake = True
        self._awake[node] = None
        slot = node.slot
        for supply, lane in node.able.items():  # SupplyNode.link, written out: a broad class has thousands
            if lane is not supply.lane:
                supply.mixed = bool(supply.serves)
                supply.lane = lane
            supply.serves[slot] = lane
            supply.getter = None
            supply.places = None

    def _put_to_sleep(self) -> None:
        heads = self.heads
        if not self._drowsy and len(self._awake) >= self._look_at_awake:
            empty = [node for node in self._awake if heads[node.slot] is EMPTY]
            self._drowsy = [node for node in empty if not node.patience]
            for node in empty:
                node.patience = max(0, node.patience - 1)
            kept = len(self._awake) - len(self._drowsy)
            self._look_at_awake = kept + kept // 8 + SPARE_AWAKE
        for _ in range(min(CHORES, len(self._drowsy))):
            node = self._drowsy.pop()
            if heads[node.slot] is EMPTY:
                node.awake, node.slept = False, True
                del self._awake[node]
                slot = node.slot
                for supply in node.able:
                    del supply.serves[slot]
                    supply.getter = None
                    supply.places = None

    def _new_slot(self) -> int:
        if self._free_slots:
            return self._free_slots.pop()
        if len(self.heads) == MAX_SLOTS:
            raise LimitReached("demand classes", MAX_SLOTS - 1)
        self.heads.append(EMPTY)
        self.by_slot.append(self._nobody)
        return len(self.heads) - 1

    def _candidates(self, node: DemandNode, listed: Iterable[Hashable]) -> Iterable[SupplyNode]:
        """The supplies that have every feature; notes the rarest one, or the first that few have, as the home of the
        class."""
        features = node.features
        if not features:
            node.home = self._nobody  # no feature of anybody's equals this
            return self.supplies.values()
        least: Collection[SupplyNode] | None = None
        for feature in listed:
            found = self._having.get(feature, NONE)
            if least is None or len(found) < len(least):
                least, node.home = found, feature
                if len(found) <= FEW:
                    break
        assert least is not None
        if len(least) <= FEW:
            return [supply for supply in least if features <= supply.features]
        first, *others = sorted([self._having[feature] for feature in features], key=len)
        return first.intersection(*others)

    def _bury_demands(self) -> None:
        if not self._dead_demands and self._demand_allowance <= 0:
            self._dead_demands = [node for node in self.demands.values() if not node.awake and not node.used]
            in_use = [node for node in self.demands.values() if node.awake or node.used == ASKED]
            self._demand_allowance = max(SPARE_WEIGHT, sum([CLASS_WEIGHT + len(node.able) for node in in_use]))
            for node in self.demands.values():
                node.used = UNUSED
        for _ in range(min(CHORES, len(self._dead_demands))):
            node = self._dead_demands.pop()
            if not node.awake and not node.used:
                self._bury_demand(node)

    def _bury_demand(self, node: DemandNode) -> None:
        """Forget a sleeping demand class; its slot may be used again at once, since nobody looks at it."""
        self.by_slot[node.slot] = self._nobody
        self._free_slots.append(node.slot)
        del self.demands[node.key]
        del self._homes[node.home][node]
        if not self._homes[node.home]:
            del self._homes[node.home]

    # -- supply classes

    def bear_supply(self, supply: Hashable) -> SupplyNode:
        """A new supply class, linked with every demand class that it may serve.

        Looks only at demand classes whose rarest feature this supply has, and at those that need none.
        """
        self._bury_supplies()
        features = frozenset(self._relation.supply_features(supply))
        node = SupplyNode(supply, self._new_seat(), features)
        for demand in self._homed(features):
            if demand.features <= features:
                lane = self._relation.lane(demand.key, supply)
                if lane is not None:
                    lane = self._lanes.setdefault(lane, lane)
                    demand.admit(node, lane)
                    if demand.awake:
                        node.link(demand.slot, lane)
        for feature in features:
            self._having.setdefault(feature, set()).add(node)
        self.supplies[supply] = node
        self._supply_allowance -= CLASS_WEIGHT + len(node.serves)
        return node

    def _new_seat(self) -> int:
        if self._free_seats:
            return self._free_seats.pop()
        self.seats += 1
        return self.seats - 1

    def _homed(self, features: frozenset[Hashable]) -> Iterator[DemandNode]:
        """The demand classes whose home is one of these features, or no feature."""
        for home in (self._nobody, *features):
            yield from self._homes.get(home, ())

    def _bury_supplies(self) -> None:
        if not self._dead_supplies and self._supply_allowance <= 0:
            self._dead_supplies = [node for node in self.supplies.values() if not node.members and not node.used]
            in_use = [node for node in self.supplies.values() if node.members or node.used == ASKED]
            self._supply_allowance = max(SPARE_WEIGHT, sum([CLASS_WEIGHT + len(node.serves) for node in in_use]))
            for node in self.supplies.values():
                node.used = UNUSED
        for _ in range(min(CHORES, len(self._dead_supplies))):
            node = self._dead_supplies.pop()
            if not node.members and not node.used and self.supplies.get(node.key) is node:
                self.bury_supply(node)

    def bury_supply(self, node: SupplyNode) -> None:
        """Forget a supply class without members."""
        for demand in self._homed(node.features):
            demand.dismiss(node)
        for feature in node.features:
            having = self._having[feature]
            having.discard(node)
            if not having:
                del self._having[feature]
        self._free_seats.append(node.seat)
        del self.supplies[node.key]

    def check(self) -> None:
        """Assert the invariant for every pair of classes, from both sides. O(demands * supplies)."""
        for demand in self.demands.values():
            assert self.by_slot[demand.slot] is demand
            assert self.heads[demand.slot] == demand.head(), demand.key
            assert demand in self._homes[demand.home]
            assert set(demand.able) <= set(self.supplies.values())
            assert demand.awake or not demand, demand.key
            assert (demand in self._awake) == demand.awake, demand.key
            demand.check()
            for supply in self.supplies.values():
                lane = self._relation.lane(demand.key, supply.key) if demand.features <= supply.features else None
                assert demand.able.get(supply) == lane, (demand.key, supply.key)
                assert supply.serves.get(demand.slot) == (lane if demand.awake else None), (demand.key, supply.key)
        slots = {demand.slot for demand in self.demands.values()}
        for supply in self.supplies.values():
            assert set(supply.serves) <= slots, supply.key
            assert supply.mixed or set(supply.serves.values()) <= {supply.lane}, supply.key
            assert all(supply in self._having[feature] for feature in supply.features), supply.key
        seats = {supply.seat for supply in self.supplies.values()}
        assert sorted((0, *seats, *self._free_seats)) == list(range(self.seats))
        free = set(self._free_slots)
        assert len(free) == len(self._free_slots)
        assert not free & slots
        assert len(free) + len(slots) + 1 == len(self.heads) == len(self.by_slot)
        assert all(self.heads[slot] == EMPTY for slot in (0, *free))
        assert sum(map(len, self._homes.values())) == len(slots)
        assert sum(map(len, self._having.values())) == sum(len(s.features) for s in self.supplies.values())
