"""Small centers for example-based tests: one call sets the scene, and short words ask about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem

START = "2026-01-05T12:00:00Z"
T0 = datetime.fromisoformat(START)
INSTANT = timedelta(microseconds=1)
"""The smallest step of time: what lies one of these before a deadline is in time."""


def after(seconds: float) -> datetime:
    """The instant so many seconds after the start."""
    return T0 + timedelta(seconds=seconds)


class Desk:
    """A center with its clock at the start, its queues, and its agents on queue."""

    def __init__(self, *parts: Queue | Agent, seed: int = 1, here: bool = True, **options: Any) -> None:
        self.center = ContactCenter(clock=ManualClock(START), seed=seed, **options)
        self.queues, self.agents, self.work = self.center.queues, self.center.agents, self.center.work
        self.offers, self.assignments = self.center.offers, self.center.assignments
        for part in parts:
            if isinstance(part, Queue):
                self.queues.add(part)
            else:
                self.agents.add(part)
                if here:
                    self.agents.sign_in(part.id)

    def submit(self, id: str, queue: str = "q", **fields: Any) -> str:
        return self.work.submit(WorkItem(id, queue=queue, **fields))

    def wait(self, seconds: float) -> None:
        self.center.advance(seconds)
        self.center.check()

    def wait_until(self, instant: datetime) -> None:
        self.center.advance(instant - self.center.now())
        self.center.check()

    def state(self, item: str) -> str:
        return self.work.get(item).state

    def offered(self, item: str) -> list[str]:
        """Who has the item on offer, in order of the offers."""
        return [offer.agent for offer in self.offers.of_item(item)]

    def offer(self, item: str, agent: str | None = None) -> str:
        """The id of the offer of an item (to an agent)."""
        return next(o.id for o in self.offers.of_item(item) if agent in (None, o.agent))

    def accept(self, item: str, agent: str | None = None) -> str:
        return self.offers.accept(self.offer(item, agent))

    def decline(self, item: str, **options: Any) -> None:
        self.offers.decline(self.offer(item), **options)

    def serve(self, agent: str, count: int = 99) -> list[str]:
        """Accept and complete what the agent is offered, one after the other; the items in their order."""
        served: list[str] = []
        while len(served) < count and (offers := self.offers.of_agent(agent)):
            served.append(offers[0].item)
            self.assignments.complete(self.offers.accept(offers[0].id))
        self.center.check()
        return served

    def end(self) -> int:
        return self.center.storage.end()

    def types(self, after: int = 0) -> list[str]:
        """The types of the records behind a position, without their prefix."""
        return [record.type.partition(".")[2] for record in self.center.events(after=after)]


def agents(*names: str, queue: str = "q", **fields: Any) -> Iterable[Agent]:
    """Agents of one queue."""
    return [Agent(name, queues=[queue], **fields) for name in names]
