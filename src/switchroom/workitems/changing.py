"""Changing work: attributes, priority, dates, links, notes. From our side or the source's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from switchroom.durations import to_micros
from switchroom.errors import LimitReached
from switchroom.kernel.transaction import Transaction
from switchroom.routing import work as routing_work
from switchroom.routing.fields import MAX_PRIORITY, Fact, to_text, to_whole
from switchroom.routing.lifecycle import FINAL
from switchroom.routing.model import to_links
from switchroom.routing.requirements import Requirement
from switchroom.workitems import attributes as typed
from switchroom.workitems.events import WorkChanged, WorkNoteAdded
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems
from switchroom.workitems.statuses import require_open, require_version

MAX_LINKS = 100
"""Of one piece of work: more belong into a folder, and one link to that."""


def update(
    tx: Transaction,
    w: WorkItems,
    id: str,
    attributes: Mapping[str, object] | None,
    priority: int | None,
    requirement: Requirement | str | None,
    due: datetime | None,
    links: tuple[str, ...] | None,
    by: str,
    origin: str,
    expected_version: int | None,
) -> bool:
    """Change what is given; attributes merge, None removes one. Returns whether anything is different now.

    Refuses closed work, attributes that do not fit, and a version that is not the present one.
    """
    work = w.work(id)
    require_open(work, "update")
    require_version(work, expected_version)
    values = typed.changed(work.spec, attributes or {})
    gone = tuple(sorted(k for k, v in (attributes or {}).items() if v is None and k in work.attributes))
    fresh = {k: v for k, v in values.items() if work.attributes.get(k) != v}
    due_us = None if due is None else to_micros(due, field="due")
    due_us = None if due_us == work.due_us else due_us
    raised = None if priority is None or to_whole(priority) == work.priority else priority
    linked = None if links is None or to_links(links) == work.links else to_links(links)
    if linked is not None and len(linked) > MAX_LINKS:
        raise LimitReached("links of one piece of work", MAX_LINKS)
    changes: dict[str, Fact | None] = {**fresh, **dict.fromkeys(gone)}
    _change_item(tx, w, work, changes, raised, requirement, due if due_us is not None else None)
    if fresh or gone or raised is not None or due_us is not None or linked is not None:
        tx.emit(WorkChanged(id, fresh or None, gone, raised, due_us, linked, by, origin))
        return True
    return requirement is not None


def _change_item(
    tx: Transaction,
    w: WorkItems,
    work: WorkRecord,
    attributes: Mapping[str, Fact | None],
    priority: int | None,
    requirement: Requirement | str | None,
    due: datetime | None,
) -> None:
    """The item in routing follows: its place in the queue, and who may have it."""
    item = w.routing.items.get(work.item)
    if item is None or item.state in FINAL:
        return
    if not attributes and priority is None and requirement is None and due is None:
        return
    raised = None if priority is None else with_added(priority, work.added)
    routing_work.change(tx, w.routing, item.id, raised, requirement, attributes or None, due, None, None)


def with_added(priority: int, added: int) -> int:
    """The priority in routing: the work's own, and what its curve has added."""
    return max(-MAX_PRIORITY, min(MAX_PRIORITY, priority + added))


def add_note(tx: Transaction, w: WorkItems, id: str, text: str, by: str, origin: str) -> None:
    """Add a note, also to closed work."""
    w.work(id)
    tx.emit(WorkNoteAdded(id, to_text(text), by, origin))


def add_links(tx: Transaction, w: WorkItems, id: str, links: tuple[str, ...], by: str, origin: str) -> bool:
    """Add addresses of documents; those that are there already change nothing."""
    every = (*w.work(id).links, *links)
    return update(tx, w, id, None, None, None, None, every, by, origin, None)
