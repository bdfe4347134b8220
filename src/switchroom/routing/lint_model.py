"""What the static check is made of: findings, and the specs set up as the engine would have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import attrs

from switchroom.durations import format_duration
from switchroom.kernel.deadlines import Deadlines
from switchroom.routing import apply_setup, phases
from switchroom.routing.events import AgentSaved, QueueSaved
from switchroom.routing.explain_conditions import kind_of
from switchroom.routing.explain_values import Plain
from switchroom.routing.fields import micros
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Agent, WorkItem
from switchroom.routing.queue_model import Queue
from switchroom.routing.records import START, AgentRecord, Demand, ItemRecord, QueueRecord
from switchroom.routing.state import Routing

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)
"""``error``: something can never work. ``warning``: a part of it never takes effect. ``info``: worth a look."""


@attrs.frozen
class Finding:
    """One finding of the static check: what kind (``code``), how bad, where, and what is wrong in words."""

    code: str
    severity: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.place}: {self.message} [{self.code}]"

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, ready for JSON."""
        return {"code": self.code, "severity": self.severity, "place": self.place, "message": self.message}


Findings = Iterator[Finding]


@attrs.frozen
class Stage:
    """A stretch of an item's wait in which nothing changes: from when (µs from entry), what it asks for, who can take
    it when free, and who could but for their capacity."""

    start_us: int
    step: int
    ring: int
    demand: Demand
    able: tuple[str, ...]
    without_room: tuple[str, ...]


class Setup:
    """Specs as a routing state of its own, in which everybody is a stranger to work and the queues are open.

    Eligibility is then asked of the floor, as settling would.
    """

    def __init__(self, queues: Iterable[Queue], agents: Iterable[Agent], intakes: Iterable[Intake]) -> None:
        self.queues = {queue.id: queue for queue in queues}
        self.agents = {agent.id: agent for agent in agents}
        self.intakes = tuple(intakes)
        self.routing = r = Routing(Deadlines())
        for queue in self.queues.values():
            apply_setup.queue_saved(r, QueueSaved(queue.id, queue), 0)
        for agent in self.agents.values():
            apply_setup.agent_saved(r, AgentSaved(agent.id, agent), 0)

    def members(self, queue: str) -> list[AgentRecord]:
        """The members of a queue, by id."""
        return sorted(self.routing.queues[queue].members.values(), key=lambda agent: agent.id)

    def stages(self, work: WorkItem) -> list[Stage]:
        """The stages through which a piece of work goes in its (known) queue if it waits for ever."""
        assert work.queue is not None
        queue = self.routing.queues[work.queue]
        item = ItemRecord("linted", work, 0)
        item.queue = queue
        item.phase = START._replace(preferring=work.preferred is not None)
        starts = sorted({0, *(t for t in phases.boundaries(item, queue) if t > 0)})
        return [self._stage(item, queue, start) for start in starts]

    def _stage(self, item: ItemRecord, queue: QueueRecord, start: int) -> Stage:
        floor = self.routing.floor
        item.phase = phases.phase_at(item, queue, start)
        demand = floor.demand_of(item, queue)
        fitting = [agent for agent in self.routing.agents.values() if floor.lane_of(demand, agent) is not None]
        able = tuple(sorted(a.id for a in fitting if a.spec.utilization.room().fits(kind_of(item))))
        left = tuple(sorted(a.id for a in fitting if a.id not in able))
        return Stage(start, item.phase.step, item.phase.ring, demand, able, left)

    def wait_limit_us(self, work: WorkItem) -> int | None:
        """How long a piece of work waits at most in its queue."""
        assert work.queue is not None
        limit = self.queues[work.queue].max_wait if work.max_wait is None else work.max_wait
        return None if limit is None else micros(limit)


def after(start_us: int) -> str:
    """An instant of the wait in words."""
    return f"after {format_duration(timedelta(microseconds=start_us))}"
