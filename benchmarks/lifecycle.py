"""B5 and B8: the life of an item through ``ContactCenter``: submit, offer, accept, release; events and log included.

Every agent is busy and the queue keeps its depth: each operation submits an item, completes the work of a random
agent, who is offered the best item in the same step, and accepts that offer. The clock moves before every block. How an
agent's screen learns of an offer is not part of it: the offer's id is read from the agent's record.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from figures import figure, ratio
from switchroom.center import ContactCenter
from switchroom.clock import ManualClock
from switchroom.routing.model import Agent, Membership, Preferred, Step, WorkItem
from switchroom.routing.queue_model import Queue, Ring
from switchroom.routing.requirements import Requirement
from world import HANDLING_US, Floor, Stream, World, world

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATIONS = 1_000
STEADY_AFTER = 12
"""Blocks until everything that waits has come in one after the other: 10,000 items, a thousand a block, and some."""

FLOOR_DEPTH = 10_000
"""The floor stands at the smaller depth for both figures, as the goal says."""


class Shift:
    """A center in its steady state."""

    def __init__(self, depth: int, agents: int = 1_000, classes: int = 200) -> None:
        self.world: World = world(agents, classes)
        self.random = Random(5)
        self.clock = ManualClock()
        self.center = ContactCenter(clock=self.clock, seed=1)
        self.number = 0
        self.needs = [Requirement.parse(" and ".join(sorted(self.world.needs[d]))) for d in self.world.demands]
        self.step = HANDLING_US / agents / 1e6
        self.open()
        for _ in range(agents + depth):
            self.center.work.submit(self.item())
        self.answer()
        self.prepare()

    def open(self) -> None:
        """The queue and the agents, all on queue."""
        self.center.queues.add(self.queue())
        for number, (name, _) in enumerate(self.world.supplies):
            skills = dict.fromkeys(sorted(self.world.skills[name, 0]), 1.0)
            self.center.agents.add(Agent(name, skills=skills, queues=[self.membership(number)]))
        self.held: dict[str, str] = {}
        self.records = self.center._routing.agents
        for name in self.records:
            self.center.agents.sign_in(name)

    def answer(self) -> None:
        """Everybody accepts what is offered."""
        for name, record in self.records.items():
            for offer in list(record.offers):
                self.held[name] = self.center.offers.accept(offer)

    def queue(self) -> Queue:
        return Queue("q")

    def membership(self, number: int) -> Membership:
        return Membership("q")

    def item(self) -> WorkItem:
        """The next item: its class in proportion to those able to serve it, 30 % with a priority of 1 to 10."""
        self.number += 1
        priority = self.random.randint(1, 10) if self.random.random() < 0.3 else 0
        need = self.random.choices(self.needs, cum_weights=self.world.weights)[0]
        return self.shaped(f"i{self.number}", need, priority)

    def shaped(self, id: str, need: Requirement, priority: int) -> WorkItem:
        return WorkItem(id, queue="q", requirement=need, priority=priority)

    def prepare(self) -> None:
        """What else belongs to the steady state."""

    def block(self) -> Callable[[], int]:
        names = list(self.held)
        rows = [(self.item(), self.random.choice(names)) for _ in range(OPERATIONS)]
        self.clock.advance(self.step * OPERATIONS)
        return lambda: self.run(rows)

    def run(self, rows: list[tuple[WorkItem, str]]) -> int:
        held, records = self.held, self.records
        submit, complete, accept = self.center.work.submit, self.center.assignments.complete, self.center.offers.accept
        for item, name in rows:
            submit(item)
            complete(held[name])
            for offer in list(records[name].offers):
                held[name] = accept(offer)
        return len(rows)


class Realistic(Shift):
    """The same with three requirement steps, a ring, a preferred agent, membership delays, and 1,000 waiting items
    that the freed agent has declined.

    An item waits for 50 minutes here, so that each goes through four changes of phase: its preferred agent is given
    up, the delayed members come in, the second step begins, the third one and the ring. They happen by themselves, at
    their instants, and are no part of submit, offer, accept and release: those due are handled before a block begins.
    ``Whole`` measures them with the rest, ``Waiting`` measures them alone.
    """

    def queue(self) -> Queue:
        return Queue("q", rings=[Ring("10m")], alert_timeout="30s")

    def membership(self, number: int) -> Membership:
        return Membership("q", delay="30s" if number % 4 == 0 else "0s", ring=2 if number % 5 == 0 else 1)

    def shaped(self, id: str, need: Requirement, priority: int) -> WorkItem:
        steps = (Step(need, "5m"), Step(need.without(sorted(need.names())[:1]), "5m"), Step("true"))
        preferred = Preferred([self.random.choice(self.world.agents)], wait="20s")
        return WorkItem(id, queue="q", steps=steps, priority=priority, preferred=preferred)

    def prepare(self) -> None:
        """One agent declines a thousand items, and is the one who comes free."""
        self.tired = self.world.agents[1]
        if self.tired in self.held:
            self.center.assignments.complete(self.held.pop(self.tired))
        for _ in range(1_000):
            while not self.records[self.tired].offers:
                self.center.work.submit(self.item())
                self.clock.advance(self.step)
            for offer in list(self.records[self.tired].offers):
                self.center.offers.decline(offer)
        for offer in list(self.records[self.tired].offers):
            self.held[self.tired] = self.center.offers.accept(offer)
        assert len(self.records[self.tired].declined) >= 1_000
        for _ in range(STEADY_AFTER):
            Realistic.block(self)()

    def block(self) -> Callable[[], int]:
        rows = [(self.item(), self.tired) for _ in range(OPERATIONS)]
        self.pass_time()
        return lambda: self.run(rows)

    def pass_time(self) -> int:
        """Handle what falls due in the time of one block; returns how many changes that were."""
        before = self.center.journal.end
        self.clock.advance(self.step * OPERATIONS)
        self.center.run_due()
        return self.center.journal.end - before


class Waiting(Realistic):
    """Measures the changes of phase instead of the operations between them."""

    def block(self) -> Callable[[], int]:
        self.run([(self.item(), self.tired) for _ in range(OPERATIONS)])
        return self.pass_time


class Whole(Realistic):
    """Measures both: the four operations and the four changes of phase of each life."""

    def block(self) -> Callable[[], int]:
        rows = [(self.item(), self.tired) for _ in range(OPERATIONS)]

        def run() -> int:
            self.pass_time()
            return self.run(rows)

        return run


def floor_block() -> Callable[[], Callable[[], int]]:
    """The floor at 10k: a push and a pop of a tuple in one heap."""
    floor = Floor(FLOOR_DEPTH)

    def block() -> Callable[[], int]:
        items = Stream.items(floor.stream, OPERATIONS)
        return lambda: floor.run(items)

    return block


@figure("B5/10k", goal=30, aim=13)
def lifecycle_10k() -> float:
    return ratio(Shift(10_000).block, floor_block())


@figure("B5/100k", goal=30, aim=13)
def lifecycle_100k() -> float:
    return ratio(Shift(100_000).block, floor_block())


@figure("B8/real-settings", goal=2, unit="x B5")
def real_settings() -> float:
    return ratio(Realistic(10_000).block, Shift(10_000).block)


@figure("B8/whole-life", goal=2, unit="x B5")
def whole_life() -> float:
    """The same with the four changes of phase that each item goes through while it waits."""
    return ratio(Whole(10_000).block, Shift(10_000).block)


@figure("B8/phase-change", goal=1, unit="x B5")
def phase_change() -> float:
    """One change of phase of one waiting item, matching included."""
    return ratio(Waiting(10_000).block, Shift(10_000).block)


@figure("B7/engine", goal=1_200, unit="bytes/item")
def engine_memory() -> float:
    """Bytes for each waiting item of a whole center without its log, at a million; the items' ids are shared."""
    import gc
    import tracemalloc

    from switchroom.storage.memory import MemoryStorage

    depth = 1_000_000
    shift: Any = Shift.__new__(Shift)
    shift.world = world(1_000, 200)
    shift.random, shift.number = Random(5), 0
    shift.needs = [Requirement.parse(" and ".join(sorted(shift.world.needs[d]))) for d in shift.world.demands]
    center = ContactCenter(clock=ManualClock(), seed=1, storage=MemoryStorage(keep=1_000))
    center.queues.add(Queue("q"))
    ids = [f"i{number}" for number in range(depth)]
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for id in ids:
        need = shift.random.choices(shift.needs, cum_weights=shift.world.weights)[0]
        center.work.submit(WorkItem(id, queue="q", requirement=need))
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return used / depth
