"""The other operations on waiting items, at 100,000 and at a million, in one class and in 200."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from figures import OPERATIONS, cost, figure, ratio
from matching import floor
from world import MINUTE_US, Stream, world

if TYPE_CHECKING:
    from collections.abc import Callable

    from figures import Block
    from switchroom.matching import Key, MatchIndex
    from world import Demand

AGENTS = 1_000


class Waiting:
    """An index full of waiting items of the usual classes, or of one."""

    def __init__(self, depth: int, classes: int) -> None:
        here = world(AGENTS, 200)
        self.random = Random(8)
        self.stream = Stream(AGENTS)
        self.index: MatchIndex = here.index()
        chosen = here.demands[:classes]
        drawn = self.random.choices(chosen, cum_weights=here.weights[:classes], k=depth)
        self.rows: list[tuple[str, Demand, Key]] = [
            (item, demand, key) for (item, key), demand in zip(self.stream.items(depth), drawn, strict=True)
        ]
        for item, demand, key in self.rows:
            self.index.enter(item, demand, key)
        self.demands = chosen

    def abandon(self) -> Callable[[], int]:
        """Random items leave; before the next block others come in their place."""
        for item, demand, key in self.rows[len(self.index) :]:
            self.index.enter(item, demand, key)
        gone = self.random.sample(range(len(self.rows)), OPERATIONS)
        leaving = [self.rows[at][0] for at in gone]
        for at, (item, key) in zip(gone, self.stream.items(OPERATIONS), strict=True):
            self.rows[at] = (item, self.rows[at][1], key)
        taken = set(gone)
        fresh = [self.rows[at] for at in gone]
        self.rows = [row for at, row in enumerate(self.rows) if at not in taken] + fresh
        leave = self.index.leave

        def run() -> int:
            for item in leaving:
                leave(item)
            return len(leaving)

        return run

    def change(self) -> Callable[[], int]:
        """Random items go up or down by one to ten minutes."""
        rows: list[tuple[str, Key]] = []
        for at in self.random.sample(range(len(self.rows)), OPERATIONS):
            item, demand, (tier, score, arrival) = self.rows[at]
            shift = self.random.randint(MINUTE_US, 10 * MINUTE_US) * self.random.choice((1, -1))
            rows.append((item, (tier, score + shift, arrival)))
            self.rows[at] = (item, demand, rows[-1][1])
        rekey = self.index.rekey

        def run() -> int:
            for item, key in rows:
                rekey(item, key)
            return len(rows)

        return run

    def rank(self) -> Callable[[], int]:
        """Random items ask for their rank in their class."""
        asked = [row[0] for row in self.random.choices(self.rows, k=OPERATIONS)]
        rank = self.index.rank

        def run() -> int:
            for item in asked:
                rank(item)
            return len(asked)

        return run

    def position(self) -> Callable[[], int]:
        """Random keys ask how many of all classes are ahead; counted by class."""
        keys = [row[2] for row in self.random.choices(self.rows, k=max(1, OPERATIONS // len(self.demands)))]
        ahead, demands = self.index.ahead, self.demands

        def run() -> int:
            for key in keys:
                sum([ahead(demand, key) for demand in demands])
            return len(keys) * len(demands)

        return run


def _register() -> None:
    operations: list[tuple[str, Callable[[Waiting], Block], float, float]] = [
        ("abandon", lambda waiting: waiting.abandon, 2, 0.6),
        ("change-priority", lambda waiting: waiting.change, 4, 1),
        ("rank", lambda waiting: waiting.rank, 2, 1),
    ]
    for depth, size in ((100_000, "100k"), (1_000_000, "1M")):
        for classes in (1, 200):
            for name, pick, goal, aim in operations:

                @figure(f"ops/{name}/{size}/{classes}-classes", goal=goal, aim=aim)
                def measure(
                    depth: int = depth, classes: int = classes, pick: Callable[[Waiting], Block] = pick
                ) -> float:
                    return ratio(pick(Waiting(depth, classes)), floor(depth, AGENTS))

            @figure(f"ops/position/{size}/{classes}-classes", goal=2, unit="us a class")
            def position(depth: int = depth, classes: int = classes) -> float:
                return cost(Waiting(depth, classes).position) / 1_000


_register()
