"""The matching index against a plain list that is sorted anew for every question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from switchroom.matching import MatchIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from switchroom.matching import Key, Lane

pytestmark = pytest.mark.usefixtures("low_thresholds")

SKILLS = "abcd"
ORDERS = ("idle", "load")


class Skills:
    """Demands are (skills, place, family), supplies are (skills, blind place); some pairs have their own rank."""

    def demand_features(self, demand: Hashable) -> Collection[Hashable]:
        assert isinstance(demand, tuple)
        return tuple(demand[0])

    def supply_features(self, supply: Hashable) -> Collection[Hashable]:
        assert isinstance(supply, tuple)
        return frozenset(supply[0])

    def lane(self, demand: Hashable, supply: Hashable) -> Lane | None:
        assert isinstance(demand, tuple)
        assert isinstance(supply, tuple)
        skills, place, family = demand
        if place == supply[1] or not set(skills) <= set(supply[0]):
            return None
        return (1 if len(skills) != 2 else 0, place, family)


skill_sets = st.text(SKILLS, max_size=3).map(lambda text: "".join(sorted(set(text))))
demands = st.tuples(skill_sets, st.integers(0, 2), st.integers(0, 1))
supplies = st.tuples(st.text(SKILLS, max_size=4).map(lambda t: "".join(sorted(set(t)))), st.integers(0, 3))
tiers = st.sampled_from([0, 0, 0, 0, -1, 1, 2**62, -(2**62)])
scores = st.one_of(st.integers(0, 60), st.integers(-60, 0), st.sampled_from([-(2**63), 2**63 - 1]))
stamps = st.one_of(st.none(), st.integers(-50, 50))


class IndexMachine(RuleBasedStateMachine):
    """Every operation on both, and every answer compared."""

    relation: Skills
    index: MatchIndex

    @initialize()
    def start(self) -> None:
        self.relation = Skills()
        self.entered: dict[str, tuple[int, int]] = {}
        self.index = MatchIndex(self.relation, self.entered.__getitem__)
        self.items: dict[str, tuple[tuple[str, int, int], Key]] = {}
        self.members: dict[str, tuple[tuple[str, int], dict[str, tuple[int, str]]]] = {}
        self.count = 0

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _key(self, tier: int, score: int) -> Key:
        return (tier, score, self._next())

    def _pick(self, data: st.DataObject, names: Collection[str]) -> str:
        return data.draw(st.sampled_from(sorted(names)))

    # -- items

    @rule(demand=demands, tier=tiers, score=scores, entered=st.integers(0, 5))
    def enter(self, demand: tuple[str, int, int], tier: int, score: int, entered: int) -> None:
        key = self._key(tier, score)
        item = f"i{key[2]}"
        self.entered[item] = (entered, key[2])
        self.index.enter(item, demand, key)
        self.items[item] = (demand, key)

    @rule(demand=demands, count=st.integers(2, 30), tier=tiers, step=st.sampled_from([0, 1, -1]))
    def enter_many(self, demand: tuple[str, int, int], count: int, tier: int, step: int) -> None:
        for i in range(count):
            self.enter(demand, tier, step * i, 1)

    @precondition(lambda self: self.items)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        item = self._pick(data, self.items)
        self.index.leave(item)
        del self.items[item]

    @precondition(lambda self: self.items)
    @rule(data=st.data())
    def leave_class(self, data: st.DataObject) -> None:
        demand = self.items[self._pick(data, self.items)][0]
        for item in [item for item, (other, _) in self.items.items() if other == demand]:
            self.index.leave(item)
            del self.items[item]

    @precondition(lambda self: self.items)
    @rule(data=st.data(), tier=tiers, score=scores)
    def rekey(self, data: st.DataObject, tier: int, score: int) -> None:
        item = self._pick(data, self.items)
        key = self._key(tier, score)
        self.index.rekey(item, key)
        self.items[item] = (self.items[item][0], key)

    @precondition(lambda self: self.items)
    @rule(data=st.data(), demand=demands, tier=tiers, score=scores, keep=st.booleans())
    def move(self, data: st.DataObject, demand: tuple[str, int, int], tier: int, score: int, keep: bool) -> None:
        item = self._pick(data, self.items)
        key = self.items[item][1] if keep else self._key(tier, score)
        self.index.move(item, demand, None if keep else key)
        self.items[item] = (demand, key)

    # -- members

    def _stamps(self, member: str, idle: int | None, load: int | None) -> dict[str, tuple[int, str]]:
        found = {"idle": (1000 + self._next() if idle is None else idle, member)}
        if load is not None:
            found["load"] = (load, member)
        return found

    @rule(supply=supplies, idle=stamps, load=stamps, name=st.integers(0, 30))
    def arrive(self, supply: tuple[str, int], idle: int | None, load: int | None, name: int) -> None:
        member = f"m{name}"
        if member in self.members:
            self.index.depart(member)
        own = self._stamps(member, idle, load)
        self.index.arrive(member, supply, tuple(own.items()))
        self.members[member] = (supply, own)

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def depart(self, data: st.DataObject) -> None:
        member = self._pick(data, self.members)
        self.index.depart(member)
        del self.members[member]

    @precondition(lambda self: self.members)
    @rule(data=st.data(), idle=stamps, load=stamps)
    def restamp(self, data: st.DataObject, idle: int | None, load: int | None) -> None:
        member = self._pick(data, self.members)
        own = self._stamps(member, idle, load)
        self.index.restamp(member, tuple(own.items()))
        self.members[member] = (self.members[member][0], own)

    @rule(supply=supplies)
    def retire(self, supply: tuple[str, int]) -> None:
        self.index.retire_supply(supply)

    # -- questions

    def _lane(self, demand: tuple[str, int, int], supply: tuple[str, int]) -> Lane | None:
        return self.relation.lane(demand, supply)

    @rule(supply=supplies)
    def best_item(self, supply: tuple[str, int]) -> None:
        assert self.index.best_item(supply) == self._expected_item(supply)

    @rule(supply=supplies, times=st.integers(1, 20))
    def pull(self, supply: tuple[str, int], times: int) -> None:
        """Take the best item again and again, as a member does who comes free."""
        for _ in range(times):
            best = self.index.best_item(supply)
            assert best == self._expected_item(supply)
            if best is None:
                return
            self.index.leave(best[2])
            del self.items[best[2]]

    def _expected_item(self, supply: tuple[str, int]) -> tuple[Lane, Key, str] | None:
        found = [(lane, key, i) for i, (d, key) in self.items.items() if (lane := self._lane(d, supply)) is not None]
        if not found:
            return None
        place = min(lane[:2] for lane, _, _ in found)
        heads = [
            min((entry for entry in found if entry[0] == (*place, family)), key=lambda entry: entry[1])
            for family in {lane[2] for lane, _, _ in found if lane[:2] == place}
        ]
        return min(heads, key=lambda entry: self.entered[entry[2]])

    def _able(self, demand: tuple[str, int, int]) -> list[str]:
        return [m for m, (supply, _) in self.members.items() if self._lane(demand, supply) is not None]

    @rule(demand=demands, order=st.sampled_from(ORDERS), take=st.booleans())
    def best_member(self, demand: tuple[str, int, int], order: str, take: bool) -> None:
        found = [(self.members[m][1][order], m) for m in self._able(demand) if order in self.members[m][1]]
        best = self.index.best_member(demand, order)
        assert best == (min(found) if found else None)
        assert sorted(self.index.able(demand)) == sorted(self._able(demand))
        if best is not None and take:
            self.index.depart(best[1])
            del self.members[best[1]]

    @rule(demand=demands, order=st.sampled_from(ORDERS))
    def place_all(self, demand: tuple[str, int, int], order: str) -> None:
        while self.index.best_member(demand, order) is not None:
            self.best_member(demand, order, True)

    @rule(demand=demands, tier=tiers, score=scores)
    def positions(self, demand: tuple[str, int, int], tier: int, score: int) -> None:
        ordered = sorted((key, item) for item, (other, key) in self.items.items() if other == demand)
        assert list(self.index.items(demand)) == [item for _, item in ordered]
        assert self.index.size(demand) == len(ordered)
        probe = self._key(tier, score)
        assert self.index.ahead(demand, probe) == sum(key < probe for key, _ in ordered)
        for place, (key, item) in enumerate(ordered):
            assert self.index.rank(item) == place == self.index.ahead(demand, key)
            assert self.index.key_of(item) == key
            assert self.index.demand_of(item) == demand

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "items"):
            return
        self.index.check()
        assert len(self.index) == len(self.items)
        assert all(item in self.index for item in self.items)
        assert set(self.index.demands()) == {demand for demand, _ in self.items.values()}
        assert all(self.index.present(member) for member in self.members)


TestIndexMachine = IndexMachine.TestCase
TestIndexMachine.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
