"""B1, B3, B4: enqueue and matched pull. A random agent comes free and takes its best item; the depth stays."""

from __future__ import annotations

from collections import deque
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from figures import figure, ratio
from world import Demand, Floor, Stream, World, world

if TYPE_CHECKING:
    from collections.abc import Callable

    from figures import Block
    from switchroom.matching import Key
    from world import Supply

OPERATIONS = 2_000
CHURN_EVERY = 100
"""With churn, each hundredth enqueue opens a class never seen."""


class Live:
    """An index in its steady state: as many items come in as are taken, by agents who come free at random."""

    def __init__(self, agents: int, classes: int, depth: int, seed: int = 3) -> None:
        self.world: World = world(agents, classes)
        self.index = self.world.index()
        self.random = Random(seed)
        self.stream = Stream(agents)
        for item, demand, key in self.arrivals(depth):
            self.index.enter(item, demand, key)
        assert len(self.index) == depth
        for supply in self.world.members:  # whoever asks first after a birth pays for it: not in the steady state
            self.index.best_item(supply)

    def arrivals(self, count: int) -> list[tuple[str, Demand, Key]]:
        """The next items with their classes."""
        drawn = self.random.choices(self.world.demands, cum_weights=self.world.weights, k=count)
        return [(item, demand, key) for (item, key), demand in zip(self.stream.items(count), drawn, strict=True)]

    def block(self) -> Callable[[], int]:
        """The inputs of one block, and the block."""
        freed = self.random.choices(self.world.members, k=OPERATIONS)
        others = iter(self.random.choices(self.world.members, k=20 * OPERATIONS))
        rows = [(*row, supply) for row, supply in zip(self.arrivals(OPERATIONS), freed, strict=True)]
        return lambda: self.run(rows, others.__next__)

    def run(self, rows: list[tuple[str, Demand, Key, Supply]], another: Callable[[], Supply]) -> int:
        """Enter an item, let an agent take its best one; if nothing waits for that agent, the next one comes free."""
        index = self.index
        enter, next_item, leave = index.enter, index.next_item, index.leave
        for item, demand, key, supply in rows:
            enter(item, demand, key)
            found = next_item(supply)
            while found is None:
                found = next_item(another())
            leave(found)
        return len(rows)


class Churning(Live):
    """The same, while classes are born and die: each hundredth enqueue opens a class never seen, and one dies.

    As many as a tenth of the regular classes are alive at once, with one item each. The oldest of them that nobody has
    taken is withdrawn instead of a pull.
    """

    def __init__(self, agents: int, classes: int, depth: int, need: Callable[[World, Random], frozenset[str]]) -> None:
        super().__init__(agents, classes, depth)
        self.need = need
        self.opened: deque[str] = deque()
        for item, _, key in self.arrivals(classes // 10):
            self.opened.append(item)
            self.index.enter(item, self.open(), key)

    def open(self) -> Demand:
        """A class never seen."""
        return Demand(self.need(self.world, self.random))

    def arrivals(self, count: int) -> list[tuple[str, Demand, Key]]:
        """Each hundredth item is of a new class."""
        rows = super().arrivals(count)
        if hasattr(self, "opened") and count == OPERATIONS:
            rows[::CHURN_EVERY] = [(item, self.open(), key) for item, _, key in rows[::CHURN_EVERY]]
        return rows

    def run(self, rows: list[tuple[str, Demand, Key, Supply]], another: Callable[[], Supply]) -> int:
        """As without churn, except that the pull after an opening withdraws the oldest newborn, if it still waits."""
        index, opened = self.index, self.opened
        enter, next_item, leave = index.enter, index.next_item, index.leave
        for at, (item, demand, key, supply) in enumerate(rows):
            enter(item, demand, key)
            found = next_item(supply)
            while found is None:
                found = next_item(another())
            if at % CHURN_EVERY:
                leave(found)
            else:
                opened.append(item)
                oldest = opened.popleft()
                leave(oldest if oldest in index else found)
        return len(rows)


def floor(depth: int, agents: int) -> Block:
    """Blocks of the floor at this depth."""
    heap = Floor(depth, agents)

    def block() -> Callable[[], int]:
        items = heap.stream.items(OPERATIONS)
        return lambda: heap.run(items)

    return block


def narrow(world: World, random: Random) -> frozenset[str]:
    """Two to five skills of some agent."""
    return world.need_of_someone(random, random.randint(2, 5))


def broad(world: World, random: Random) -> frozenset[str]:
    """Something that a tenth of the agents have."""
    return frozenset({random.choice(world.groups)})


@cache
def live_1m_over_200() -> Live:
    """One million items waiting in 200 classes; shared by the figures that use it."""
    return Live(1_000, 200, 1_000_000)


SIZES = (
    ("1k-agents/1k", 1_000, 200, 1_000, 5.0, 3.5),
    ("1k-agents/100k", 1_000, 200, 100_000, 3.5, 2.0),
    ("10k-agents/100k", 10_000, 2_000, 100_000, 4.5, 2.7),
    ("10k-agents/1M", 10_000, 2_000, 1_000_000, 3.0, 1.6),
)


def _register() -> None:
    for name, agents, classes, depth, goal, aim in SIZES:

        @figure(f"B1/{name}", goal=goal, aim=aim)
        def steady(agents: int = agents, classes: int = classes, depth: int = depth) -> float:
            return ratio(Live(agents, classes, depth).block, floor(depth, agents))

        small = depth == 1_000

        @figure(f"B1/{name}/narrow-churn", goal=9 if small else 6, aim=5 if small else 3)
        def narrow_churn(agents: int = agents, classes: int = classes, depth: int = depth) -> float:
            return ratio(Churning(agents, classes, depth, narrow).block, floor(depth, agents))

        @figure(f"B1/{name}/broad-churn", goal=12)
        def broad_churn(agents: int = agents, classes: int = classes, depth: int = depth) -> float:
            return ratio(Churning(agents, classes, depth, broad).block, floor(depth, agents))


_register()


@figure("B3/growth-1k-to-1M", goal=3, aim=2.3, unit="x at 1k")
def growth() -> float:
    """One million waiting over one thousand, in the same 200 classes."""
    return ratio(live_1m_over_200().block, Live(1_000, 200, 1_000).block)


STARVED = 100_000


@figure("B4/starved-front", goal=1.3, aim=1.12, unit="x without")
def starved_front() -> float:
    """A live stream behind 100,000 items that nobody can serve, over the same stream without them."""
    without, behind = Live(1_000, 200, 1_000), Live(1_000, 200, 1_000)
    nobody = [Demand(frozenset({"nobody's skill", f"skill{i % 20}"})) for i in range(100)]
    for i in range(STARVED):
        behind.index.enter(f"starved{i}", nobody[i % 100], (0, i, 10**12 + i))
    return ratio(behind.block, without.block)
