"""B11: what a simulated call costs, all reports on, and the same models in other simulators, in the same run.

Three models. *mmc*: calls of one type, 20 agents, 90 % of the capacity asked for, and nobody leaves. *skills*: the
messages of a morning. Twenty types, 120 agents in twenty groups that take four types each; 2,000 messages have come in
the night, and so many more come that the agents never catch up; writers give up after two hours on average. An agent
who comes free takes what has waited longest. *calls*: the same center on the telephone, with nobody waiting at first
and callers who give up after two minutes. Times are exponential.

A call of ours is the life of an item in a real center: it is submitted, queued, offered, accepted and completed, with
six records, each counted by the ledger of the reports, and the waits by type and the agents' time by group besides. The
others keep the waits alone. Everything is set up before the clock starts: the center and its agents, the processes, the
network. A figure named after a library is our time for a call divided by its: below 1 we are faster. The goals are for
the model with skills in which many wait; for the others the figures are told as they are: who looks at every waiting
call and at every idle agent is fast as long as there are few.

- simpy: a ``Resource``; with skills the idle agents are in a ``FilterStore``, where calls look for one, or time out.
- salabim: a ``Resource``; a ``Store`` of idle agents with a filter.
- Ciw: a network of one node; for skills a node whose servers take only what they can.

Needs the ``bench`` extra. A library that is not installed is left out.
"""

from __future__ import annotations

from importlib.util import find_spec
from random import Random
from typing import TYPE_CHECKING, Any

import attrs

from figures import figure, ratio
from switchroom import Agent, Queue
from switchroom.config import Behaviour, Configuration
from switchroom.routing.queue_model import ServiceLevel
from switchroom.simulation.case import Case
from switchroom.simulation.multiskill import CallType, Group, Multiskill
from switchroom.simulation.simulation import Simulation
from switchroom.simulation.synthetic import Traffic, WorkType
from switchroom.simulation.times import Times
from world import Floor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from figures import Block

CALLS = 1_000
"""Of one block."""
BLOCKS = 9
SERVICE = 180.0
"""Seconds of the mean service."""
SERVERS, LOAD = 20, 18.0
TYPES, STAFF = 20, 6
"""There are as many groups as types, each of so many agents."""
SKILLS = [frozenset((group + step) % TYPES for step in (0, 1, 5, 11)) for group in range(TYPES)]
SKILLED_LOAD = 1.02 * TYPES * STAFF
BACKLOG = 2_000
SKILLED_CALLS = 5_000
"""Of one block, the backlog among them."""
SKILLED_BLOCKS = 3
PATIENCE = {"skills": 7_200.0, "calls": 120.0}
"""Mean seconds."""
FLOOR_DEPTH = 10_000


# -- ours


def mmc_simulation(seed: int) -> Simulation:
    """One type, twenty agents."""
    configuration = Configuration(
        queues=[Queue("q", ordering="oldest", auto_answer=True)],
        agents=[Agent(f"a{number}", queues=["q"]) for number in range(SERVERS)],
        behaviours=[Behaviour(handle=Times(SERVICE, shape="exponential"))],
    )
    traffic = Traffic(types=[WorkType("q", rates=[LOAD * 3600 / SERVICE])], period=CALLS * SERVICE / LOAD)
    return Simulation(configuration, traffic, seed=seed)


class Morning:
    """Traffic with what has come in the night in front, type after type."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic

    def cases(self, seed: object, start: int) -> Iterator[Case]:
        works = [type.work() for type in self._traffic.types]
        for number in range(BACKLOG):
            kind = number % TYPES
            yield Case(start + 1, works[kind], -number - 1, self._traffic.types[kind].id)
        yield from self._traffic.cases(seed, start + 2)

    def end(self, start: int) -> int:
        return self._traffic.end(start) + 2

    def targets(self) -> dict[str, ServiceLevel | None]:
        return self._traffic.targets()

    def expected(self) -> float:
        return self._traffic.expected() + BACKLOG


def skilled_simulation(seed: int, model: str) -> Simulation:
    """Twenty types, twenty groups."""
    backlog = BACKLOG if model == "skills" else 0
    rate = SKILLED_LOAD / TYPES * 3600 / SERVICE
    simulation = Multiskill(
        types=[CallType(f"t{n}", rates=[rate], handle=SERVICE, patience=PATIENCE[model]) for n in range(TYPES)],
        groups=[Group(f"g{g}", staff=[STAFF], types=[f"t{n}" for n in sorted(SKILLS[g])]) for g in range(TYPES)],
        period=(SKILLED_CALLS - backlog) * SERVICE / SKILLED_LOAD,
    ).simulation(seed=seed)
    assert isinstance(simulation.traffic, Traffic)
    return attrs.evolve(simulation, traffic=Morning(simulation.traffic), period=None) if backlog else simulation


def ours(build: Callable[[int], Simulation]) -> Block:
    """Blocks of replications, each prepared before its clock starts."""
    simulation, numbers = build(1), iter(range(10_000))

    def block() -> Callable[[], int]:
        run = simulation.prepare(next(numbers))
        return lambda: sum(cell.arrived for cells in run().types.values() for cell in cells)

    return block


def floor() -> Block:
    """Pushes and pops on one heap."""
    heap = Floor(FLOOR_DEPTH)

    def block() -> Callable[[], int]:
        items = heap.stream.items(CALLS)
        return lambda: heap.run(items)

    return block


@figure("B11/mmc", goal=60, unit="x floor")
def mmc_call() -> float:
    return ratio(ours(mmc_simulation), floor())


@figure("B11/skills", goal=60, unit="x floor")
def skills_call() -> float:
    return ratio(ours(lambda seed: skilled_simulation(seed, "skills")), floor(), SKILLED_BLOCKS)


# -- the others


class Day:
    """Random numbers of one block."""

    def __init__(self, seed: int, model: str) -> None:
        self.random = Random(seed)
        self.model = model
        self.rate = (LOAD if model == "mmc" else SKILLED_LOAD) / SERVICE
        self.types = 1 if model == "mmc" else TYPES
        self.number = CALLS if model == "mmc" else SKILLED_CALLS
        self.waits: list[float] = []

    def calls(self) -> Iterator[tuple[float, int]]:
        """(gap, type) of each call."""
        backlog = BACKLOG if self.model == "skills" else 0
        for number in range(self.number):
            gap = 0.0 if number < backlog else self.random.expovariate(self.rate)
            yield gap, self.random.randrange(self.types)

    def service(self) -> float:
        return self.random.expovariate(1 / SERVICE)

    def patience(self) -> float:
        return self.random.expovariate(1 / PATIENCE[self.model])


def simpy_mmc(day: Day) -> Callable[[], object]:
    import simpy

    env = simpy.Environment()
    agents = simpy.Resource(env, capacity=SERVERS)

    def call() -> Any:
        arrived = env.now
        with agents.request() as request:
            yield request
            day.waits.append(env.now - arrived)
            yield env.timeout(day.service())

    def source() -> Any:
        for gap, _ in day.calls():
            yield env.timeout(gap)
            env.process(call())

    env.process(source())
    return env.run


def simpy_skills(day: Day) -> Callable[[], object]:
    import simpy

    env = simpy.Environment()
    idle = simpy.FilterStore(env)
    for group in range(TYPES):
        for number in range(STAFF):
            idle.put((group, number))

    def call(kind: int) -> Any:
        arrived = env.now
        wanted = idle.get(lambda agent: kind in SKILLS[agent[0]])
        yield wanted | env.timeout(day.patience())
        day.waits.append(env.now - arrived)
        if not wanted.triggered:
            wanted.cancel()
            return
        yield env.timeout(day.service())
        yield idle.put(wanted.value)

    def source() -> Any:
        for gap, kind in day.calls():
            yield env.timeout(gap)
            env.process(call(kind))

    env.process(source())
    return env.run


def salabim_mmc(day: Day) -> Callable[[], object]:
    return _salabim(day, skilled=False)


def salabim_skills(day: Day) -> Callable[[], object]:
    return _salabim(day, skilled=True)


def _salabim(day: Day, *, skilled: bool) -> Callable[[], object]:
    import salabim

    env = salabim.Environment(trace=False, yieldless=False)
    agents = salabim.Resource("agents", capacity=SERVERS, env=env, monitor=False)
    idle = salabim.Store("idle", env=env, monitor=False)

    class Person(salabim.Component):  # type: ignore[misc, name-defined]
        def setup(self, group: int) -> None:
            self.group = group

    class Call(salabim.Component):  # type: ignore[misc, name-defined]
        def setup(self, kind: int) -> None:
            self.kind = kind

        def process(self) -> Any:
            arrived = env.now()
            if skilled:
                agent = yield self.from_store(
                    idle, filter=lambda one: self.kind in SKILLS[one.group], fail_delay=day.patience()
                )
            else:
                yield self.request(agents)
            day.waits.append(env.now() - arrived)
            if skilled and self.failed():
                return
            yield self.hold(day.service())
            if skilled:
                yield self.to_store(idle, agent)
            else:
                self.release()

    class Source(salabim.Component):  # type: ignore[misc, name-defined]
        def process(self) -> Any:
            for gap, kind in day.calls():
                yield self.hold(gap)
                Call(kind=kind, env=env)

    for group in range(TYPES):
        for _ in range(STAFF):
            Person(group=group, env=env).enter(idle)
    Source(env=env)
    return env.run


def ciw_mmc(day: Day) -> Callable[[], object]:
    return _ciw(day, {"Call": 1.0}, SERVERS, None)


def ciw_skills(day: Day) -> Callable[[], object]:
    import ciw

    class Skilled(ciw.Node):  # type: ignore[misc, name-defined]
        """Servers take only what they can, longest waiting first."""

        def find_free_server(self, ind: Any) -> Any:
            kind = int(ind.customer_class)
            able = (one for one in self.servers if not one.busy and kind in SKILLS[(one.id_number - 1) // STAFF])
            return next(able, None)

        def begin_service_if_possible_accept(self, next_individual: Any) -> None:
            self.freed, self.coming = None, next_individual
            super().begin_service_if_possible_accept(next_individual)

        def begin_service_if_possible_release(self, next_individual: Any, newly_free_server: Any) -> None:
            self.freed = newly_free_server
            super().begin_service_if_possible_release(next_individual, newly_free_server)

        def choose_next_customer(self) -> Any:
            if self.freed is None:
                return self.coming
            own = SKILLS[(self.freed.id_number - 1) // STAFF]
            waiting = (one for one in self.individuals[0] if not one.server and int(one.customer_class) in own)
            return next(waiting, None)

    return _ciw(day, {str(n): 1 / TYPES for n in range(TYPES)}, TYPES * STAFF, Skilled)


def _ciw(day: Day, shares: dict[str, float], servers: int, node: Any) -> Callable[[], object]:
    import ciw

    ciw.seed(day.random.randrange(1 << 30))
    leaving: dict[str, Any] = {}
    # What has come before comes as one batch with the first arrival of its type.
    batches = [BACKLOG // TYPES if day.model == "skills" else 1, *[1] * day.number]
    if node is not None:
        leaving["reneging_time_distributions"] = {
            kind: [ciw.dists.Exponential(1 / PATIENCE[day.model])] for kind in shares
        }
    network = ciw.create_network(
        arrival_distributions={kind: [ciw.dists.Exponential(day.rate * share)] for kind, share in shares.items()},
        batching_distributions={kind: [ciw.dists.Sequential(batches)] for kind in shares},
        service_distributions={kind: [ciw.dists.Exponential(1 / SERVICE)] for kind in shares},
        number_of_servers=[servers],
        priority_classes=dict.fromkeys(shares, 0),
        **leaving,
    )
    simulation = ciw.Simulation(network) if node is None else ciw.Simulation(network, node_class=node)
    return lambda: simulation.simulate_until_max_customers(day.number, method="Finish")


def theirs(build: Callable[[Day], Callable[[], object]], model: str) -> Block:
    """Blocks of another library."""
    seeds = iter(range(10_000))

    def block() -> Callable[[], int]:
        day = Day(next(seeds), model)
        run = build(day)

        def timed() -> int:
            run()
            return day.number

        return timed

    return block


def _register(library: str, mmc: Callable[[Day], Any], skilled: Callable[[Day], Any]) -> None:
    if find_spec(library) is None:
        return

    @figure(f"B11/mmc/{library}", goal=100, unit=f"x {library}")
    def _mmc() -> float:
        return ratio(ours(mmc_simulation), theirs(mmc, "mmc"), BLOCKS)

    for model, goal in (("skills", 1), ("calls", 100)):

        @figure(f"B11/{model}/{library}", goal=goal, unit=f"x {library}")
        def _skilled(model: str = model) -> float:
            return ratio(ours(lambda seed: skilled_simulation(seed, model)), theirs(skilled, model), SKILLED_BLOCKS)


_register("simpy", simpy_mmc, simpy_skills)
_register("salabim", salabim_mmc, salabim_skills)
_register("ciw", ciw_mmc, ciw_skills)
