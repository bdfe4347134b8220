"""B2: placing new work among 10,000 agents, with the bookkeeping of going busy and idle again."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from figures import OPERATIONS, figure, ratio
from matching import floor
from world import Demand, World, world

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from figures import Block
    from switchroom.matching import MatchIndex, Stamp
    from world import Supply

AGENTS = 10_000
CLASSES = 2_000
ORDER = "idle"


class Placing:
    """An index with idle and busy agents. The longest idle able agent takes new work, goes busy, and is idle again.

    Who is idle is drawn anew before each block, since in one long run the versatile would all be busy.
    """

    def __init__(self, idle: int, demands: list[Demand], weights: list[int], seed: int = 5) -> None:
        self.world: World = world(AGENTS, CLASSES)
        self.index: MatchIndex = self.world.index()
        self.random = Random(seed)
        self.demands = demands
        self.weights = weights
        self.supplies = {supply.agent: supply for supply in self.world.members}
        self.idle: list[str] = []
        self.count = idle
        self.clock = 0
        self.shift()

    def shift(self) -> None:
        """Others are idle, for random times."""
        if len(self.idle) == AGENTS:
            return
        for agent in self.idle:
            self.index.depart(agent)
        self.idle = self.random.sample(list(self.supplies), self.count)
        for agent in self.idle:
            self.come(agent)

    def come(self, agent: str) -> None:
        """An agent is idle from now on."""
        self.clock += 1
        self.index.arrive(agent, self.supplies[agent], ((ORDER, (self.clock, agent)),))

    def block(self) -> Callable[[], int]:
        """The inputs of one block, and the block."""
        self.shift()
        rows = self.random.choices(self.demands, cum_weights=self.weights, k=OPERATIONS)
        others = iter(self.random.choices(self.demands, cum_weights=self.weights, k=20 * OPERATIONS))
        return lambda: self.run(rows, others.__next__)

    def run(self, rows: list[Demand], another: Callable[[], Demand]) -> int:
        """Place each; if nobody is idle for it, the next one comes in."""
        index, clock, supplies = self.index, self.clock, self.supplies
        best_member, depart, arrive = index.best_member, index.depart, index.arrive
        for demand in rows:
            found: tuple[Stamp, str] | None = best_member(demand, ORDER)
            while found is None:
                found = best_member(another(), ORDER)
            member = found[1]
            depart(member)
            clock += 1
            arrive(member, supplies[member], ((ORDER, (clock, member)),))
        self.clock = clock
        return len(rows)


def usual(idle: int) -> Block:
    """Blocks with this many idle, and the usual classes of work."""
    here = world(AGENTS, CLASSES)
    return Placing(idle, here.demands, here.weights).block


def special(name: str, able: Collection[Supply]) -> Demand:
    """A class that needs something which only these agents have."""
    for supply in able:
        supply.skills |= {name}
    return Demand(frozenset({name}))


@figure("B2/all-idle", goal=15, aim=8)
def all_idle() -> float:
    """Everybody is idle."""
    return ratio(usual(AGENTS), floor(AGENTS, AGENTS))


@figure("B2/10%-idle", goal=15, aim=10)
def a_tenth_idle() -> float:
    """One in ten is idle."""
    return ratio(usual(AGENTS // 10), floor(AGENTS, AGENTS))


@figure("B2/1%-idle", goal=12, aim=6)
def a_hundredth_idle() -> float:
    """One in a hundred is idle."""
    return ratio(usual(AGENTS // 100), floor(AGENTS, AGENTS))


@figure("B2/20-able", goal=6, aim=2.5)
def twenty_able() -> float:
    """Everybody is idle, and only twenty can do it."""
    random = Random(6)
    here = world(AGENTS, CLASSES)
    groups = [special(f"rare{i}", random.sample(here.members, 20)) for i in range(100)]
    return ratio(Placing(AGENTS, groups, list(range(1, 101))).block, floor(AGENTS, AGENTS))


@figure("B2/1000-able-least-idle", goal=35, aim=8)
def least_idle() -> float:
    """Everybody is idle, and the thousand who can do it are those who came last."""
    able = Random(7).sample(world(AGENTS, CLASSES).members, 1_000)
    placing = Placing(AGENTS, [special("late", able)], [1])
    for supply in able:
        placing.index.depart(supply.agent)
        placing.come(supply.agent)
    return ratio(placing.block, floor(AGENTS, AGENTS))
