"""Workbins: putting work in, claiming it, returning it, handing it on."""

from __future__ import annotations

from switchroom.errors import NotAllowed, NotYours
from switchroom.kernel.transaction import Transaction
from switchroom.routing import transfers
from switchroom.routing import work as routing_work
from switchroom.routing.fields import to_text
from switchroom.routing.records import ItemRecord
from switchroom.routing.state import Routing
from switchroom.workitems import access
from switchroom.workitems.access import WORKBIN
from switchroom.workitems.events import WorkBinned, WorkSubmitted, WorkTaken
from switchroom.workitems.model import OPEN, WAITING
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import PLAIN, WorkItems
from switchroom.workitems.statuses import hand, require_open
from switchroom.workitems.views import place_of


class Shelves:
    """Workbins as a target of routing: rules and agents put items into ``workbin:NAME``."""

    def __init__(self, w: WorkItems) -> None:
        self._w = w

    @property
    def work(self) -> WorkItems:
        """The work that stands on these shelves."""
        return self._w

    def check(self, name: str, item: ItemRecord) -> None:
        """Refuse a workbin that there is not."""
        access.resolve(self._w, name, self._w.of_item(item.id))

    def receive(self, tx: Transaction, name: str, item: ItemRecord) -> None:
        """Put the item, which is parked already, on its shelf. Items without a worktype become plain work."""
        w = self._w
        if item.id == w.expecting:
            return
        work = w.of_item(item.id) or _adopt(tx, w, item)
        tx.emit(WorkBinned(work.id, access.resolve(w, name, work), item.priority - work.added))


def work_of(r: Routing) -> WorkItems:
    """The work of the center that this routing belongs to."""
    shelves = r.own_targets[WORKBIN]
    assert isinstance(shelves, Shelves)
    return shelves.work


def _adopt(tx: Transaction, w: WorkItems, item: ItemRecord) -> WorkRecord:
    """Let an item that was submitted without a worktype be work of the plain one, so that a workbin can hold it."""
    spec = w.worktype(PLAIN)
    tx.emit(
        WorkSubmitted(
            work=item.id,
            item=item.id,
            worktype=PLAIN,
            status=spec.first(OPEN).id,
            attributes=item.attributes,
            start_us=tx.now,
            priority=item.priority,
            contact=item.work.contact,
            due_us=item.due_us,
            division=item.work.division,
            queue=None if item.queue is None else item.queue.id,
        )
    )
    return w.works[item.id]


def put(tx: Transaction, w: WorkItems, id: str, bin: str, by: str | None, reason: str) -> None:
    """Put work into a workbin: from a queue, from another workbin (``by`` must be allowed to take from it), or out of
    the hand of the agent who has it (``by``, if given)."""
    work = w.work(id)
    require_open(work, "put into a workbin")
    name = access.resolve(w, bin, work)
    if work.bin is not None:
        if work.bin.id == name:
            raise NotAllowed("put into a workbin", "work", id, f"in workbin {name} already")
        if by is not None:
            access.require_claim(w, work.bin.id, by)
    held = hand(w, work)
    if held is None:
        routing_work.park_in(tx, w.routing, work.item, f"{WORKBIN}:{name}", to_text(reason))
    else:
        if by is not None and held.agent.id != by and not access.leads(w.routing, w.routing.agent(by), held.agent):
            raise NotYours("work", id, by)
        transfers.to_target(tx, w.routing, held.id, f"{WORKBIN}:{name}", None)


def claim(tx: Transaction, w: WorkItems, id: str, agent: str, over_capacity: bool) -> str:
    """Take work out of its workbin; returns the id of the assignment.

    Of two who claim the same work one wins; the other is refused, and told who has it.
    """
    work = w.work(id)
    if work.bin is None:
        raise NotAllowed("claim", "work", id, _where(w, work))
    access.require_claim(w, work.bin.id, agent)
    if work.status.category == WAITING:
        raise NotAllowed("claim", "work", id, f"waiting ({work.status.id})")
    assignment = transfers.assign(tx, w.routing, work.item, agent, over_capacity, agent)
    tx.emit(WorkTaken(id, agent, assignment))
    return assignment


def _where(w: WorkItems, work: WorkRecord) -> str:
    """What is said of work that is in no workbin."""
    held = hand(w, work)
    if held is not None:
        return f"in the hand of {held.agent.id}"
    if work.closed:
        return f"closed ({work.status.id})"
    return place_of(w, work) or "in no workbin"


def give_back(tx: Transaction, w: WorkItems, id: str, agent: str, reason: str) -> None:
    """Return work in hand to the workbin or queue that it came from. Refused to others than who has it."""
    work = w.work(id)
    held = hand(w, work)
    if held is None:
        raise NotAllowed("return", "work", id, _where(w, work))
    if held.agent.id != agent:
        raise NotYours("work", id, agent)
    if work.home.startswith(f"{WORKBIN}:"):
        transfers.to_target(tx, w.routing, held.id, work.home, None)
    else:
        transfers.requeue(tx, w.routing, held.id, to_text(reason) or "returned", None)
