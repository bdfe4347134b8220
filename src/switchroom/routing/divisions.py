"""To which division the things of routing belong, and what somebody sees who is limited to some."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from switchroom.kernel.within import Visible
from switchroom.routing.records import AgentRecord, AssignmentRecord, ItemRecord, OfferRecord, QueueRecord
from switchroom.routing.state import Routing


def division(r: Routing, kind: str, id: str) -> str | None:
    """The division of an agent, queue, item, offer or assignment; empty if there is none of this id."""
    find = _FINDERS.get(kind)
    if find is None:
        return None
    table, of = find
    found = getattr(r, table).get(id)
    return "" if found is None else of(found)


def of_item(item: ItemRecord) -> str:
    return item.work.division


def of_work(held: OfferRecord | AssignmentRecord) -> str:
    """Offers and assignments belong where their item does."""
    return held.item.work.division


def of_spec(record: AgentRecord | QueueRecord) -> str:
    return record.spec.division


_FINDERS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "agent": ("agents", of_spec),
    "queue": ("queues", of_spec),
    "item": ("items", of_item),
    "offer": ("offers", of_work),
    "assignment": ("assignments", of_work),
}


def within(r: Routing, divisions: frozenset[str]) -> Routing:
    """Routing with the tables cut down to these divisions; the records are the real ones. Only to be looked at."""
    seen = copy.copy(r)
    for table, of in _FINDERS.values():
        setattr(seen, table, Visible(getattr(r, table), _passes(of, divisions)))
    seen.unrouted = {id: item for id, item in r.unrouted.items() if of_item(item) in divisions}
    return seen


def _passes(of: Callable[[Any], str], divisions: frozenset[str]) -> Callable[[str, Any], bool]:
    return lambda _, record: of(record) in divisions
