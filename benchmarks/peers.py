"""B6: the same job in other libraries, in the same run: waiting calls, and agents who pull the first that fits.

A new call comes in, a random agent who has work finishes it, and takes the next call that fits, if there is one;
whoever finds none waits for one. All sides draw agents, classes and calls from the same seeds; agents who could never
get a call are left out. A figure is Switchroom's time for an item divided by the other library's: below 1 Switchroom
is faster.

Calls that fit stand near the front of the queue in a balanced world, where a search from the front ends soon. The
figures ``stuck`` have 9,000 of 10,000 calls at the front that nobody at work can take: a morning without the people
for one product.

The job is cut to what the others can do. None of them keeps a log that rebuilds its state, or knows priorities that
grow with waiting, offers that an agent accepts, or which agent has been idle for longest; Switchroom does it all here.

- simpy: calls in a ``FilterStore``; each agent is a process with a filter. First in, first out.
- salabim: calls are components in a ``Store``; each agent is a component that asks with a filter. First in, first out.
- pgqueuer: its in-memory queries, with an entry point for each class of work; an agent dequeues from those that fit.
  Highest priority first. Jobs are rows with a log of their own; nothing goes through a database.

Needs the ``bench`` extra. A library that is not installed is left out.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from importlib.util import find_spec
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from figures import figure, ratio
from switchroom.center import ContactCenter
from switchroom.clock import ManualClock
from switchroom.routing.model import Agent, WorkItem
from switchroom.routing.queue_model import Queue
from switchroom.routing.requirements import Requirement
from world import world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

AGENTS, CLASSES = 1_000, 200
OPERATIONS = 200
BLOCKS = 15
DEPTHS = (100, 1_000, 10_000)
ABSENT = frozenset({"absent"})


class Call(NamedTuple):
    """A call: its id, the skills that it needs, and its class as a name."""

    id: str
    need: frozenset[str]
    kind: str


def entry_point(need: frozenset[str]) -> str:
    """The name of a class of calls."""
    return "+".join(sorted(need))


class Crew:
    """Agents at work, and calls that wait; a library fills in how calls come in and how agents take them.

    ``stuck``: so many of the waiting calls came first and need a skill that nobody at work has.
    """

    def __init__(self, depth: int, stuck: int = 0) -> None:
        self.world = world(AGENTS, CLASSES)
        self.random = Random(5)
        self.number = 0
        needs = self.world.needs.values()
        everybody = self.world.skills.items()
        self.skills = {name: own for (name, _), own in everybody if any(need <= own for need in needs)}
        self.busy: list[str] = []
        self.open()
        while len(self.busy) < len(self.skills):
            self.busy.extend(self.submit(self.call()))
        for number in range(stuck):
            self.submit(self.shaped(Call(f"s{number}", ABSENT, entry_point(ABSENT))))
        for _ in range(depth - stuck):
            self.busy.extend(self.submit(self.call()))

    def open(self) -> None:
        """Everybody is there and has nothing to do."""
        raise NotImplementedError

    def submit(self, call: Any) -> Iterable[str]:
        """Take in a call; returns the idle agent who has it now, if one could take it."""
        raise NotImplementedError

    def finish(self, name: str) -> bool:
        """An agent finishes a call and takes the next; False if nothing fits, and the agent is idle now."""
        raise NotImplementedError

    def call(self) -> Any:
        """The next call: its class in proportion to those able to serve it."""
        self.number += 1
        demand = self.random.choices(self.world.demands, cum_weights=self.world.weights)[0]
        need = self.world.needs[demand]
        return self.shaped(Call(f"c{self.number}", need, entry_point(need)))

    def shaped(self, call: Call) -> Any:
        """The call as this library holds it; made before the clock starts."""
        return call

    def block(self) -> Callable[[], int]:
        rows = [(self.call(), self.random.random()) for _ in range(OPERATIONS)]
        return lambda: self.run(rows)

    def run(self, rows: list[tuple[Any, float]]) -> int:
        busy = self.busy
        for call, draw in rows:
            busy.extend(self.submit(call))
            place = int(draw * len(busy))
            if not self.finish(busy[place]):
                busy[place] = busy[-1]
                busy.pop()
        return len(rows)


class Ours(Crew):
    """The whole life of an item through ``ContactCenter``, its log in memory."""

    def open(self) -> None:
        needs = [*self.world.needs.values(), ABSENT]
        self.needs = {need: Requirement.parse(" and ".join(sorted(need))) for need in needs}
        self.center = ContactCenter(clock=ManualClock(), seed=1)
        self.center.queues.add(Queue("q"))
        for name, skills in self.skills.items():
            self.center.agents.add(Agent(name, skills=dict.fromkeys(sorted(skills), 1.0), queues=["q"]))
            self.center.agents.sign_in(name)
        self.held: dict[str, str] = {}

    def shaped(self, call: Call) -> WorkItem:
        return WorkItem(call.id, queue="q", requirement=self.needs[call.need])

    def submit(self, call: WorkItem) -> Iterable[str]:
        item = self.center._routing.items[self.center.work.submit(call)]
        return [self.accept(offer.id, offer.agent.id) for offer in item.offers]

    def accept(self, offer: str, name: str) -> str:
        self.held[name] = self.center.offers.accept(offer)
        return name

    def finish(self, name: str) -> bool:
        self.center.assignments.complete(self.held[name])
        offers = list(self.center._routing.agents[name].offers)
        for offer in offers:
            self.accept(offer, name)
        return bool(offers)


class Simpy(Crew):
    """Each agent is a process: get what fits, work until told that it is done."""

    def open(self) -> None:
        import simpy

        self.env = simpy.Environment()
        self.store = simpy.FilterStore(self.env)
        self.done: dict[str, Any] = {}
        for name in self.skills:
            self.env.process(self.agent(name))
        self.env.run()

    def agent(self, name: str) -> Any:
        own = self.skills[name]
        while True:
            yield self.store.get(lambda call: call.need <= own)
            self.done[name] = self.env.event()
            self.took = name
            yield self.done[name]

    def submit(self, call: Call) -> Iterable[str]:
        self.took = ""
        self.store.put(call)
        self.env.run()
        return [self.took] if self.took else ()

    def finish(self, name: str) -> bool:
        self.took = ""
        self.done[name].succeed()
        self.env.run()
        return self.took == name


class Salabim(Crew):
    """Each agent is a component: take what fits from the store, then be passive until told that it is done."""

    def open(self) -> None:
        import salabim

        crew = self
        self.salabim = salabim
        self.env = env = salabim.Environment(trace=False, yieldless=False)
        self.store = store = salabim.Store("calls", env=env)
        store.length.monitor(False)
        store.length_of_stay.monitor(False)

        class AgentComponent(salabim.Component):  # type: ignore[misc, name-defined]
            def setup(self, name_of: str) -> None:
                self.agent = name_of
                self.own = crew.skills[name_of]

            def process(self) -> Any:
                while True:
                    yield self.from_store(store, lambda call: call.need <= self.own)
                    crew.took = self.agent
                    yield self.passivate()

        class Source(salabim.Component):  # type: ignore[misc, name-defined]
            def process(self) -> Any:
                while True:
                    yield self.passivate()
                    yield self.to_store(store, crew.coming)

        self.agents = {name: AgentComponent(name_of=name, env=env) for name in self.skills}
        self.source = Source(env=env)
        self.coming: Any = None
        env.run(0)

    def shaped(self, call: Call) -> Any:
        component = self.salabim.Component(process="", env=self.env)
        component.need = call.need
        return component

    def submit(self, call: Any) -> Iterable[str]:
        self.took, self.coming = "", call
        self.source.activate()
        self.env.run(0)
        return [self.took] if self.took else ()

    def finish(self, name: str) -> bool:
        self.took = ""
        self.agents[name].activate()
        self.env.run(0)
        return bool(self.took == name)


class Pgqueuer(Crew):
    """Each class of work is an entry point, and each agent a queue manager that dequeues from those that fit."""

    def open(self) -> None:
        from pgqueuer.adapters.inmemory.driver import InMemoryDriver
        from pgqueuer.adapters.inmemory.queries import InMemoryQueries
        from pgqueuer.ports.repository import EntrypointExecutionParameter

        self.loop = asyncio.new_event_loop()
        self.queries = self.loop.run_until_complete(self.connect(InMemoryDriver, InMemoryQueries))
        anything = EntrypointExecutionParameter(concurrency_limit=0)
        self.fits = {
            name: {entry_point(need): anything for need in self.world.needs.values() if need <= own}
            for name, own in self.skills.items()
        }
        self.manager = {name: UUID(int=number) for number, name in enumerate(self.skills)}
        self.idle = dict.fromkeys(self.skills)
        self.held: dict[str, Any] = {}

    async def connect(self, driver: Any, queries: Any) -> Any:
        return queries(driver())

    def submit(self, call: Call) -> Iterable[str]:
        return self.loop.run_until_complete(self.enqueue(call))

    async def enqueue(self, call: Call) -> list[str]:
        await self.queries.enqueue(call.kind, call.id.encode())
        for name in self.idle:
            if call.kind in self.fits[name] and await self.take(name):
                del self.idle[name]
                return [name]
        return []

    async def take(self, name: str) -> bool:
        jobs = await self.queries.dequeue(1, self.fits[name], self.manager[name], None, timedelta(days=1))
        for job in jobs:
            self.held[name] = job
        return bool(jobs)

    async def next(self, name: str) -> bool:
        await self.queries.log_jobs([(self.held.pop(name), "successful", None)])
        taken = await self.take(name)
        if not taken:
            self.idle[name] = None
        return taken

    def run(self, rows: list[tuple[Any, float]]) -> int:
        return self.loop.run_until_complete(self.run_all(rows))

    async def run_all(self, rows: list[tuple[Any, float]]) -> int:
        """The same as for the others, within one run of the loop, so that entering it is not counted."""
        busy = self.busy
        for call, draw in rows:
            busy.extend(await self.enqueue(call))
            place = int(draw * len(busy))
            if not await self.next(busy[place]):
                busy[place] = busy[-1]
                busy.pop()
        return len(rows)


def register(library: str, crew: type[Crew], depth: int, stuck: int = 0) -> None:
    """One figure: this library at this depth."""

    @figure(f"B6/{library}/{depth}" + ("/stuck" if stuck else ""), goal=1.0, unit=f"x {library}")
    def measure() -> float:
        return ratio(Ours(depth, stuck).block, crew(depth, stuck).block, BLOCKS)


for library, crew in (("simpy", Simpy), ("salabim", Salabim), ("pgqueuer", Pgqueuer)):
    if find_spec(library) is not None:
        for depth in DEPTHS:
            register(library, crew, depth)
        register(library, crew, 10_000, stuck=9_000)
