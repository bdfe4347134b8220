"""Choosing members, against the minimum over all who are able: few classes, many members, stamps of all sorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from switchroom.matching import MatchIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from switchroom.matching import Lane

pytestmark = pytest.mark.usefixtures("low_thresholds")

SUPPLIES = 12
DEMANDS = {"one": 1, "few": 2, "half": 6, "all": 12}
"""How many supply classes may serve each; the last of them, so that supply 0 serves only the last demand."""


class LastOnes:
    """A demand is served by the supply classes from a number on."""

    def demand_features(self, demand: Hashable) -> Collection[Hashable]:
        return ()

    def supply_features(self, supply: Hashable) -> Collection[Hashable]:
        return ()

    def lane(self, demand: Hashable, supply: Hashable) -> Lane | None:
        assert isinstance(demand, str)
        assert isinstance(supply, int)
        return (1, 0, 0) if supply >= SUPPLIES - DEMANDS[demand] else None


members = st.integers(0, 40).map("m{}".format)
asked = st.sampled_from(list(DEMANDS))


class PlacingMachine(RuleBasedStateMachine):
    """Members come, go and change their stamps; demands of all widths choose among them."""

    @initialize()
    def start(self) -> None:
        self.index = MatchIndex(LastOnes(), lambda item: (0, 0))
        self.members: dict[str, tuple[int, tuple[int, str]]] = {}
        self.now = 0

    def _arrive(self, member: str, supply: int, since: int) -> None:
        if member in self.members:
            self.index.depart(member)
        stamp = (since, member)
        self.index.arrive(member, supply, self._orders(stamp))
        self.members[member] = (supply, stamp)

    def _orders(self, stamp: tuple[int, str]) -> tuple[tuple[str, tuple[object, ...]], ...]:
        """The same order by stamps of two elements and of three, and one that half of the members stand in."""
        orders: tuple[tuple[str, tuple[object, ...]], ...] = (("idle", stamp), ("long", (0.5, *stamp)))
        return (*orders, ("half", stamp)) if stamp[1] < "m3" else orders

    def _depart(self, member: str) -> None:
        self.index.depart(member)
        del self.members[member]

    @rule(member=members, supply=st.integers(0, SUPPLIES - 1))
    def come_last(self, member: str, supply: int) -> None:
        self.now += 1
        self._arrive(member, supply, self.now)

    @rule(supply=st.integers(0, SUPPLIES - 1), first=st.integers(0, 40), count=st.integers(2, 15))
    def come_together(self, supply: int, first: int, count: int) -> None:
        for name in range(first, first + count):
            self.come_last(f"m{name % 41}", supply)

    @rule(supply=st.integers(0, SUPPLIES - 1), first=st.integers(0, 40), count=st.integers(2, 15))
    def come_at_once(self, supply: int, first: int, count: int) -> None:
        """Several at the same instant, in different classes."""
        for name in range(first, first + count):
            self._arrive(f"m{name % 41}", (supply + name) % SUPPLIES, self.now)

    @rule(member=members, supply=st.integers(0, SUPPLIES - 1), back=st.integers(0, 30))
    def come_between(self, member: str, supply: int, back: int) -> None:
        self._arrive(member, supply, self.now - back)

    @rule(member=members)
    def go(self, member: str) -> None:
        if member in self.members:
            self._depart(member)

    @rule(member=members, supply=st.integers(0, SUPPLIES - 1))
    def change_class(self, member: str, supply: int) -> None:
        """The same stamp in another class, as when room changes but not the idle time."""
        if member in self.members:
            self._arrive(member, supply, self.members[member][1][0])

    @rule(member=members, back=st.integers(-3, 30))
    def restamp(self, member: str, back: int) -> None:
        if member in self.members:
            stamp = (self.now - back, member)
            self.index.restamp(member, self._orders(stamp))
            self.members[member] = (self.members[member][0], stamp)

    def _able(self, demand: str) -> list[tuple[tuple[int, str], str]]:
        first = SUPPLIES - DEMANDS[demand]
        return [(stamp, member) for member, (supply, stamp) in self.members.items() if supply >= first]

    @rule(demand=asked, times=st.integers(1, 12), back=st.one_of(st.none(), st.integers(0, 20)))
    def place(self, demand: str, times: int, back: int | None) -> None:
        """Take the best again and again; each goes, or comes back at once with another stamp."""
        for _ in range(times):
            self.ask(demand)
            best = self.index.best_member(demand, "idle")
            if best is None:
                return
            supply = self.members[best[1]][0]
            self._depart(best[1])
            if back is not None:
                self.now += 1
                self._arrive(best[1], supply, self.now - back)

    @invariant()
    def agree(self) -> None:
        if hasattr(self, "members"):
            self.index.check()
            for demand in DEMANDS:
                assert sorted(self.index.able(demand)) == sorted(member for _, member in self._able(demand))

    @rule(demand=asked)
    def ask(self, demand: str) -> None:
        able = self._able(demand)
        assert self.index.best_member(demand, "idle") == min(able, default=None)
        long = (((0.5, *stamp), member) for stamp, member in able)
        assert self.index.best_member(demand, "long") == min(long, default=None)
        half = (entry for entry in able if entry[1] < "m3")
        assert self.index.best_member(demand, "half") == min(half, default=None)


TestPlacingMachine = PlacingMachine.TestCase
TestPlacingMachine.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)
