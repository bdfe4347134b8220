"""Work that is scheduled and then waits for an explicit go: a worktype whose waiting status is left by itself."""

from __future__ import annotations

from switchroom.routing.views import ItemView
from switchroom.workitems.events import WorkStatusChanged
from switchroom.workitems.model import Automatic, Status, Worktype
from tests.scenarios.world import World

SCHEDULED, AWAITING = "scheduled", "awaiting_activation"


def worktype(world: World, item: str, at: float | None) -> str | None:
    """The worktype of an item that is to be activated after its time; None for every other item."""
    if at is None or item not in world.activated:
        return None
    id = f"on-go-{item}"
    delay = (world.when(at) - world.center.now()).total_seconds()
    statuses = [
        Status("new", category="open"),
        Status("busy", category="in_progress"),
        Status(SCHEDULED, category="waiting", automatic=[Automatic(to=AWAITING, after=delay)]),
        Status(AWAITING, category="waiting"),
        Status("done", category="closed"),
    ]
    world.center.worktypes.save(Worktype(id, extras=True, statuses=statuses))
    return id


def parked(world: World, view: ItemView) -> set[str]:
    """What is set aside: suspended, or what its status says."""
    status = world.center.look_on("workitems", lambda w: w.works[view.id].status.id if view.id in w.works else "")
    return {status} if status in (SCHEDULED, AWAITING) else {"suspended"}


def is_awaiting(event: object) -> bool:
    """Whether work begins to wait for its go."""
    return isinstance(event, WorkStatusChanged) and event.status == AWAITING
