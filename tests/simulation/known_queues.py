"""Queues that theory knows, as simulations of a real center: M/M/c with waiting, impatience, loss and priorities."""

from __future__ import annotations

from collections.abc import Sequence

from switchroom import Agent, Queue
from switchroom.config import Behaviour, Configuration
from switchroom.routing.queue_model import ServiceLevel
from switchroom.simulation.simulation import Simulation
from switchroom.simulation.synthetic import Traffic, WorkType
from switchroom.simulation.times import Times

SERVICE = 100.0
"""Seconds of the mean service: rates are in services, and waits are compared in services."""


def queue(
    servers: int,
    load: float,
    *,
    theta: float = 0.0,
    loss: bool = False,
    calls: int,
    warm_up: float = 100.0,
    seed: int = 0,
    reports: bool = False,
) -> Simulation:
    """M/M/c, with patience of rate ``theta`` per service, or with loss: about so many calls in each replication, after
    a warm-up of so many services."""
    patience = Times(SERVICE / theta, shape="exponential") if theta else None
    if loss:
        # Nobody waits: who is not answered in the step of arrival is gone in the next microsecond.
        patience = Times(0)
    return _simulation(
        servers,
        [Queue("q", ordering="oldest", auto_answer=True, service_level=ServiceLevel(within=SERVICE / 10))],
        [WorkType("q", rates=[load * 3600 / SERVICE])],
        patience,
        calls / load,
        warm_up,
        seed,
        reports,
    )


def priorities(
    servers: int, loads: Sequence[float], *, calls: int, warm_up: float = 100.0, seed: int = 0
) -> Simulation:
    """M/M/c with classes of priority, highest first, that do not interrupt each other."""
    types = [
        WorkType(f"class-{n}", rates=[load * 3600 / SERVICE], queue="q", priority=-n) for n, load in enumerate(loads)
    ]
    strict = Queue("q", ordering="strict", auto_answer=True)
    return _simulation(servers, [strict], types, None, calls / sum(loads), warm_up, seed, False)


def _simulation(
    servers: int,
    queues: Sequence[Queue],
    types: Sequence[WorkType],
    patience: Times | None,
    services: float,
    warm_up: float,
    seed: int,
    reports: bool,
) -> Simulation:
    configuration = Configuration(
        queues=queues,
        agents=[Agent(f"agent-{number:03}", queues=["q"]) for number in range(1, servers + 1)],
        behaviours=[Behaviour(handle=Times(SERVICE, shape="exponential"), patience=patience)],
    )
    return Simulation(
        configuration,
        Traffic(types=types, period=(services + warm_up) * SERVICE),
        warm_up=warm_up * SERVICE,
        seed=seed,
        reports=reports,
    )
