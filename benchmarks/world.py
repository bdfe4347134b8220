"""The world that is measured: agents with unique skill sets, classes of work, and a stream of items.

Everything is drawn from a seed. An item's class is drawn in proportion to the number of agents able to serve it, so
that no class starves. An agent can serve about 30 classes on average and about 100 at most, in a world of 1,000 agents
and 200 classes as in one of 10,000 and 2,000. Items come in at the rate at which the agents could handle them in five
minutes each; 30 % of them carry a priority worth one to ten minutes.
"""

from __future__ import annotations

import heapq
from functools import cache
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

from switchroom.matching import Key, Lane, MatchIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

Entry: TypeAlias = tuple[int, int, int, str]

LANE: Lane = (1, 0, 0)
HANDLING_US = 300_000_000
MINUTE_US = 60_000_000
EPOCH_US = 1_760_000_000_000_000
"""Items carry real instants: the size of the numbers is part of the cost."""

GROUPS = 40
"""Features held by a random tenth of the agents each, for broad newborn classes."""

SHAPES = {1_000: (26, range(3, 18)), 10_000: (110, range(4, 25))}
"""By number of agents: how many skills there are, and how many one agent has."""


class Demand:
    """A class of work: what it needs. Hashes by identity, as the classes that the router makes do."""

    __slots__ = ("need",)

    def __init__(self, need: frozenset[str]) -> None:
        self.need = need


class Supply:
    """An agent with room: what it has. Hashes by identity, too."""

    __slots__ = ("agent", "skills")

    def __init__(self, agent: str, skills: frozenset[str]) -> None:
        self.agent = agent
        self.skills = skills


class World:
    """Agents, classes and who may serve whom.

    ``members`` are the supply classes of the core's figures; ``agents``, ``skills`` and ``needs`` say the same in plain
    values, for the figures of a whole center.
    """

    def __init__(self, agents: int, classes: int, seed: int = 1) -> None:
        random = Random(seed)
        skills, sizes = SHAPES[agents]
        names = [f"skill{i}" for i in range(skills)]
        self.groups = [f"group{i}" for i in range(GROUPS)]
        self.members: list[Supply] = []
        taken: set[frozenset[str]] = set()
        for i in range(agents):
            own = frozenset(random.sample(names, random.choice(sizes)))
            while own in taken:
                own = frozenset(random.sample(names, random.choice(sizes)))
            taken.add(own)
            groups = [group for group in self.groups if random.random() < 0.1]
            self.members.append(Supply(f"agent{i}", own.union(groups)))
        self.agents = [member.agent for member in self.members]
        self.supplies = [(agent, 0) for agent in self.agents]
        self.skills = dict(zip(self.supplies, (member.skills for member in self.members), strict=True))
        needs: dict[frozenset[str], None] = {}
        while len(needs) < classes:
            needs[self.need_of_someone(random, 2 if random.random() < 0.8 else 3)] = None
        self.demands = [Demand(need) for need in needs]
        self.needs = {demand: demand.need for demand in self.demands}
        able = [sum(need <= supply.skills for supply in self.members) for need in needs]
        self.weights = list(accumulate(able))

    def need_of_someone(self, random: Random, count: int) -> frozenset[str]:
        """Some skills that one agent has, so that somebody can serve them."""
        own = sorted(skill for skill in random.choice(self.members).skills if skill.startswith("skill"))
        return frozenset(random.sample(own, min(count, len(own))))

    # -- the relation

    def demand_features(self, demand: Hashable) -> Collection[str]:
        assert isinstance(demand, Demand)
        return demand.need

    def supply_features(self, supply: Hashable) -> Collection[str]:
        assert isinstance(supply, Supply)
        return supply.skills

    def lane(self, demand: Any, supply: Any) -> Lane | None:
        return LANE if demand.need <= supply.skills else None

    def index(self) -> MatchIndex:
        """An index that knows every supply and demand class of this world."""
        index = MatchIndex(self, lambda item: (0, 0))
        for demand in self.demands:
            index.best_member(demand, "idle")
        for supply in self.members:
            index.best_item(supply)
        return index


@cache
def world(agents: int, classes: int) -> World:
    """The world of this size; made once."""
    return World(agents, classes)


class Stream:
    """Items in order of arrival, with their keys; both sides of a comparison read the same."""

    def __init__(self, agents: int, seed: int = 2) -> None:
        self.random = Random(seed)
        self.step_us = HANDLING_US // agents
        self.arrival = 0

    def key(self) -> Key:
        """The key of the next item."""
        self.arrival += 1
        score = EPOCH_US + self.arrival * self.step_us
        if self.random.random() < 0.3:
            score -= self.random.randint(MINUTE_US, 10 * MINUTE_US)
        return (0, score, self.arrival)

    def items(self, count: int) -> list[tuple[str, Key]]:
        """The next items."""
        return [(f"item{key[2]:09}", key) for key in (self.key() for _ in range(count))]


class Floor:
    """The floor of a comparison: one heap of all items, whoever may serve them.

    It starts from the same inputs as the core, an id and a key, and makes its entry of them as the core makes its own.
    """

    def __init__(self, depth: int, agents: int = 1_000) -> None:
        self.stream = Stream(agents)
        self.heap: list[Entry] = [(*key, item) for item, key in self.stream.items(depth)]
        heapq.heapify(self.heap)

    def run(self, items: list[tuple[str, Key]]) -> int:
        """Push and pop once for each."""
        heap, push, pop = self.heap, heapq.heappush, heapq.heappop
        for item, (tier, score, arrival) in items:
            push(heap, (tier, score, arrival, item))
            pop(heap)
        return len(items)
