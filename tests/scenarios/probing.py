"""Questions to a queue's distribution: with probes that cost nothing, or in a fork that nobody sees."""

from __future__ import annotations

from attrs import evolve

from switchroom import ContactCenter, Presence, WorkItem
from switchroom.routing.events import ItemAssigned, OfferAccepted
from switchroom.routing.requirements import Named, Nobody, Requirement
from tests.scenarios.words import Unsupported
from tests.scenarios.world import OWN, World


def select(world: World, queue: str, allowed: list[str]) -> str | None:
    """Whom the queue would choose among these now; the choice counts as an offer, as it does in a rotation."""
    center = world.center
    closed = not center.queues.get(queue).open
    if closed and center.queues.waiting(queue):
        raise Unsupported("select_agent in a queue that hands out nothing, while work waits")
    if closed:
        center.queues.switch(queue, True)
    requirement = Named(frozenset(allowed)) if allowed else Nobody()
    id = center.work.submit(WorkItem(world.new_probe(), queue=queue, medium="probe", cost=0, requirement=requirement))
    view = center.work.get(id)
    chosen = view.agent or next((offer.agent for offer in center.offers.of_item(id)), None)
    center.work.cancel(id)
    if closed:
        center.queues.switch(queue, False)
    return chosen


def _asked(world: World, fork: ContactCenter, queue: str, wide: int) -> WorkItem:
    """A fork's queue made ready for a question, and the probe that asks it."""
    spec = evolve(
        fork.queues.settings(queue), enabled=True, hours=None, auto_answer=False, offers_per_item=wide, limit=None
    )
    for item in fork.queues.waiting(queue):
        fork.work.suspend(item)
    fork.queues.change(spec)
    return WorkItem(world.new_probe(), queue=queue, medium="probe", cost=0)


def rank(world: World, queue: str, item: str | None, requirement: Requirement) -> list[str]:
    """Everybody who could be offered an item now, best first: this item, or one that asks for so much."""
    fork = world.fork()
    probe = _asked(world, fork, queue, 10_000)
    asked = requirement if item is None else fork.work.get(item).requirement
    id = fork.work.submit(evolve(probe, requirement=asked))
    return [offer.agent for offer in fork.offers.of_item(id)]


def rotation(world: World, queue: str) -> list[str]:
    """The members in the order in which their turn comes, whether they are there or not."""
    fork = world.fork()
    probe = _asked(world, fork, queue, 1)
    members = fork.queues.get(queue).members
    for agent in members:
        if fork.agents.get(agent).presence != Presence.ON_QUEUE:
            fork.agents.sign_in(agent)
    found: list[str] = []
    for _ in members:
        id = fork.work.submit(evolve(probe, id=world.new_probe()))
        found.extend(offer.agent for offer in fork.offers.of_item(id))
        fork.work.cancel(id)
    return found


def sweep(world: World, queue: str, limit: int | None, skipped: set[str]) -> int:
    """Hand out up to ``limit`` waiting items of a queue that is switched off otherwise; returns how many.

    What a fork would hand out first stays, everything else is set aside while the queue is on for one instant.
    """
    center = world.center
    waiting = center.queues.waiting(queue)
    chosen = _first_served(world, queue, len(waiting) if limit is None else limit, skipped)
    aside = [item for item in waiting if item not in chosen]
    for item in aside:
        center.work.suspend(item)
    center.queues.switch(queue, True)
    center.queues.switch(queue, False)
    for item in aside:
        center.work.resume(item)
    return sum(center.work.get(item).assignment is not None for item in chosen)


def _first_served(world: World, queue: str, limit: int, skipped: set[str]) -> list[str]:
    fork = world.fork()
    for item in fork.queues.waiting(queue):
        if item in skipped:
            fork.work.suspend(item)
    before = fork.storage.end()
    fork.queues.switch(queue, True)
    events = [record.event for record in fork.events(after=before)]
    served = [e.item for e in events if isinstance(e, OfferAccepted | ItemAssigned) and not e.item.startswith(OWN)]
    return served[:limit]
