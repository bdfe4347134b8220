"""Who may serve whom: the relation between the classes of both sides, kept from birth to burial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from switchroom.errors import LimitReached
from switchroom.matching._nodes import DemandNode, Ids, SupplyNode
from switchroom.matching._tokens import EMPTY, MAX_SLOTS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from switchroom.matching.model import Lane, Relation

SPARE_DEMANDS: Final = 64
"""Empty demand classes are looked for when there are this many classes more than one and a half times those kept at the
last look. One goes when it is empty and was not asked about since that look, except at its birth: a class that empties
and fills again, or whose work always finds a free member at once, is not born again each time."""

SPARE_SUPPLIES: Final = 8_192
"""Supply classes without members are looked for at this many more than twice those kept at the last look. One goes when
it has no member and was not asked for since the last look. Wide, since a full agent has no place in its class either
and comes back soon; the caller retires classes that it knows to be over."""

BURIALS: Final = 4
"""At most this many dead classes are buried with each birth, so that no single operation pays for all of them."""


class Kinship:
    """Both sides' classes and the links between them.

    Invariant: for a demand class d and a supply class s, ``s in d.able`` if and only if ``d.slot in s.serves``, if and
    only if the features that d needs are among those of s and the relation gives a lane.
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
        self._having: dict[Hashable, set[SupplyNode]] = {}
        self._homes: dict[Hashable, dict[DemandNode, None]] = {}
        self._lanes: dict[Lane, Lane] = {}
        self._dead_demands: list[DemandNode] = []
        self._dead_supplies: list[SupplyNode] = []
        self._look_at_demands = SPARE_DEMANDS
        self._look_at_supplies = SPARE_SUPPLIES

    def bear_demand(self, demand: Hashable) -> DemandNode:
        """A new demand class, linked with every supply class that may serve it.

        Costs the intersection of the sets of supplies that have its features, and one ``lane`` for each survivor.
        """
        self._tidy_demands()
        features = frozenset(self._relation.demand_features(demand))
        node = DemandNode(demand, self._new_slot(), features, self.ids)
        lane_of, slot, able = self._relation.lane, node.slot, node.able
        for supply in self._candidates(node):
            lane = lane_of(demand, supply.key)
            if lane is not None:
                able.add(supply)
                supply.link(slot, self._lanes.setdefault(lane, lane))
        self.by_slot[slot] = node
        self.demands[demand] = node
        self._homes.setdefault(node.home, {})[node] = None
        return node

    def _new_slot(self) -> int:
        if self._free_slots:
            return self._free_slots.pop()
        if len(self.heads) == MAX_SLOTS:
            raise LimitReached("demand classes", MAX_SLOTS - 1)
        self.heads.append(EMPTY)
        self.by_slot.append(self._nobody)
        return len(self.heads) - 1

    def _candidates(self, node: DemandNode) -> Iterable[SupplyNode]:
        """The supplies that have every feature; notes the rarest one as the home of the class."""
        if not node.features:
            node.home = self._nobody  # no feature of anybody's equals this
            return self.supplies.values()
        having: set[SupplyNode] = set()
        sets = sorted(((self._having.get(f, having), i, f) for i, f in enumerate(node.features)), key=_size)
        node.home = sets[0][2]
        return sets[0][0].intersection(*(found for found, _, _ in sets[1:]))

    def bear_supply(self, supply: Hashable) -> SupplyNode:
        """A new supply class, linked with every demand class that it may serve.

        Looks only at demand classes whose rarest feature this supply has, and at those that need none.
        """
        self._tidy_supplies()
        features = frozenset(self._relation.supply_features(supply))
        node = SupplyNode(supply, features)
        for home in (self._nobody, *features):
            for demand in self._homes.get(home, ()):
                if demand.features <= features:
                    lane = self._relation.lane(demand.key, supply)
                    if lane is not None:
                        demand.able.add(node)
                        node.link(demand.slot, self._lanes.setdefault(lane, lane))
        for feature in features:
            self._having.setdefault(feature, set()).add(node)
        self.supplies[supply] = node
        return node

    def _tidy_demands(self) -> None:
        if not self._dead_demands and len(self.demands) >= self._look_at_demands:
            self._dead_demands = [node for node in self.demands.values() if not node and not node.used]
            kept = len(self.demands) - len(self._dead_demands)
            self._look_at_demands = kept + kept // 2 + SPARE_DEMANDS
            for node in self.demands.values():
                node.used = False
        for _ in range(min(BURIALS, len(self._dead_demands))):
            node = self._dead_demands.pop()
            if not node and not node.used and self.demands.get(node.key) is node:
                self.bury_demand(node)

    def _tidy_supplies(self) -> None:
        if not self._dead_supplies and len(self.supplies) >= self._look_at_supplies:
            self._dead_supplies = [node for node in self.supplies.values() if not node.members and not node.used]
            kept = len(self.supplies) - len(self._dead_supplies)
            self._look_at_supplies = 2 * kept + SPARE_SUPPLIES
            for node in self.supplies.values():
                node.used = False
        for _ in range(min(BURIALS, len(self._dead_supplies))):
            node = self._dead_supplies.pop()
            if not node.members and not node.used and self.supplies.get(node.key) is node:
                self.bury_supply(node)

    def bury_demand(self, node: DemandNode) -> None:
        """Forget an empty demand class; its slot may be used again at once."""
        slot = node.slot
        for supply in node.able:
            supply.unlink(slot)
        self.by_slot[slot] = self._nobody
        self._free_slots.append(slot)
        del self.demands[node.key]
        _discard(self._homes, node.home, node)

    def bury_supply(self, node: SupplyNode) -> None:
        """Forget a supply class without members."""
        for slot in node.serves:
            self.by_slot[slot].able.discard(node)
        for feature in node.features:
            having = self._having[feature]
            having.discard(node)
            if not having:
                del self._having[feature]
        del self.supplies[node.key]

    def check(self) -> None:
        """Assert the invariant for every pair of classes, from both sides. O(demands * supplies)."""
        for demand in self.demands.values():
            assert self.by_slot[demand.slot] is demand
            assert self.heads[demand.slot] == demand.head(), demand.key
            assert demand in self._homes[demand.home]
            assert demand.able <= set(self.supplies.values())
            demand.check()
            for supply in self.supplies.values():
                lane = self._relation.lane(demand.key, supply.key) if demand.features <= supply.features else None
                assert (supply in demand.able) == (lane is not None), (demand.key, supply.key)
                assert supply.serves.get(demand.slot) == lane, (demand.key, supply.key)
        slots = {demand.slot for demand in self.demands.values()}
        for supply in self.supplies.values():
            assert set(supply.serves) <= slots, supply.key
            assert supply.mixed or set(supply.serves.values()) <= {supply.lane}, supply.key
            assert all(supply in self._having[feature] for feature in supply.features), supply.key
        free = set(self._free_slots)
        assert len(free) == len(self._free_slots)
        assert not free & slots
        assert len(free) + len(slots) + 1 == len(self.heads) == len(self.by_slot)
        assert all(self.heads[slot] == EMPTY for slot in (0, *free))
        assert sum(map(len, self._homes.values())) == len(slots)
        assert sum(map(len, self._having.values())) == sum(len(s.features) for s in self.supplies.values())


def _size(entry: tuple[set[SupplyNode], int, Hashable]) -> tuple[int, int]:
    return len(entry[0]), entry[1]


def _discard(homes: dict[Hashable, dict[DemandNode, None]], home: Hashable, node: DemandNode) -> None:
    del homes[home][node]
    if not homes[home]:
        del homes[home]
