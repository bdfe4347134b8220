"""Operations on any item: work with a worktype follows its rules, other items those of routing alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from switchroom.errors import InvalidInput
from switchroom.kernel.transaction import Transaction
from switchroom.routing import work as routing_work
from switchroom.routing.fields import Fact, to_fact
from switchroom.routing.requirements import Requirement
from switchroom.workitems import changing, closing, statuses
from switchroom.workitems.model import WAITING
from switchroom.workitems.state import WorkItems


def change(
    tx: Transaction,
    w: WorkItems,
    id: str,
    priority: int | None,
    requirement: Requirement | str | None,
    attributes: Mapping[str, Fact | Iterable[str] | None] | None,
    due: datetime | None,
    entered: datetime | None,
    expected_version: int | None,
    links: tuple[str, ...] | None,
    by: str,
    origin: str,
) -> None:
    """Change an item; see ``changing.update`` and ``routing.work.change``."""
    if w.known(id) is None:
        if links is not None:
            raise InvalidInput("links", "no_worktype", id, hint="only work with a worktype has links")
        given = None if attributes is None else {k: v if v is None else to_fact(k, v) for k, v in attributes.items()}
        routing_work.change(tx, w.routing, id, priority, requirement, given, due, entered, expected_version)
        return
    if entered is not None:
        statuses.require_version(w.works[id], expected_version)
        routing_work.change(tx, w.routing, w.works[id].item, None, None, None, None, entered, None)
        expected_version = None
    changing.update(tx, w, id, attributes, priority, requirement, due, links, by, origin, expected_version)


def suspend(tx: Transaction, w: WorkItems, id: str, reason: str, until: datetime | None, by: str, origin: str) -> None:
    """Set an item aside."""
    if w.known(id) is not None:
        statuses.suspend(tx, w, id, until, by, reason, origin)
    elif until is not None:
        raise InvalidInput("until", "no_worktype", id, hint="an item without a worktype is scheduled, not suspended")
    else:
        routing_work.suspend(tx, w.routing, id, reason)


def resume(
    tx: Transaction, w: WorkItems, id: str, queue: str | None, priority: int | None, by: str, origin: str
) -> None:
    """Let an item go on. Scheduled work, and work that is to go on elsewhere, is let in by routing, and follows."""
    work = w.known(id)
    if work is None or work.status.category != WAITING or queue is not None or priority is not None:
        routing_work.resume(tx, w.routing, id if work is None else work.item, queue, priority)
    else:
        statuses.resume(tx, w, id, by, "", origin)


def cancel(
    tx: Transaction, w: WorkItems, id: str, reason: str, by: str, origin: str, expected_version: int | None
) -> None:
    """Withdraw an item."""
    if w.known(id) is not None:
        closing.cancel(tx, w, id, reason, by, origin, expected_version)
    else:
        routing_work.cancel(tx, w.routing, id, reason)
