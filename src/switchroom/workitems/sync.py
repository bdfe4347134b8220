"""What source systems hear: each change of their work, in order, through the outbox. Their own changes are not echoed.

A change is requested in the step that made it, in the stream of its work, and handed to the sink of its source after
the commit: at least once, in order, and the next one only when the one before was taken or given up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from switchroom.durations import format_instant, from_micros
from switchroom.kernel import outbox
from switchroom.kernel.outbox import MAX_PENDING
from switchroom.kernel.transaction import Transaction
from switchroom.routing.fields import Fact
from switchroom.workitems.events import (
    SyncLost,
    WorkChanged,
    WorkClosed,
    WorkCoded,
    WorkNoteAdded,
    WorkReopened,
    WorkStatusChanged,
)
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems
from switchroom.workitems.statuses import SOURCE

SYNC = "workitems.sync"
"""The kind of effect that hands a change to a source."""


def plain(value: Fact) -> Any:
    """A value as JSON has it."""
    return sorted(value) if isinstance(value, frozenset) else value


def _facts(attributes: Mapping[str, Fact]) -> dict[str, Any]:
    return {name: plain(value) for name, value in attributes.items()}


def _request(tx: Transaction, w: WorkItems, work: WorkRecord, change: str, values: Mapping[str, Any]) -> None:
    """Request the hand-over of a change, if the work has a source that wants to hear of it."""
    source = None if work.source is None else w.sources.get(work.source)
    if source is None or work.external_id is None or not source.sync:
        return
    if len(w.outbox.pending) >= MAX_PENDING:
        tx.emit(SyncLost(work.id, source.id, change))
        return
    body = {
        "source": source.id,
        "external_id": work.external_id,
        "work": work.id,
        "sequence": w.outbox.count + 1,
        "change": change,
        "status": work.status.id,
        "category": work.status.category,
        "at": format_instant(from_micros(tx.now)),
        **values,
    }
    outbox.request(tx, w.outbox, SYNC, f"work:{work.id}", body)


def changed(w: WorkItems, tx: Transaction, e: WorkChanged) -> None:
    """Reaction: attributes, priority, due date, links."""
    if e.origin == SOURCE:
        return
    values: dict[str, Any] = {}
    if e.attributes is not None or e.removed:
        values["attributes"] = {**_facts(e.attributes or {}), **dict.fromkeys(e.removed)}
    if e.priority is not None:
        values["priority"] = e.priority
    if e.due_us is not None:
        values["due"] = format_instant(from_micros(e.due_us))
    if e.links is not None:
        values["links"] = list(e.links)
    _request(tx, w, w.works[e.work], "attributes", values)


def status_changed(w: WorkItems, tx: Transaction, e: WorkStatusChanged) -> None:
    """Reaction: another status."""
    if e.origin != SOURCE:
        work = w.works[e.work]
        category = status.category if (status := work.spec.status(e.status)) is not None else ""
        values = {"status": e.status, "category": category, "reason": e.reason, "by": e.by}
        _request(tx, w, work, "status", values)


def noted(w: WorkItems, tx: Transaction, e: WorkNoteAdded) -> None:
    """Reaction: a note."""
    if e.origin != SOURCE:
        _request(tx, w, w.works[e.work], "note", {"note": e.text, "by": e.by})


def closed(w: WorkItems, tx: Transaction, e: WorkClosed) -> None:
    """Reaction: completed, cancelled or expired."""
    if e.origin != SOURCE:
        values = {"status": e.status, "category": "closed", "code": e.code, "reason": e.reason, "by": e.by}
        _request(tx, w, w.works[e.work], e.outcome, values)


def coded(w: WorkItems, tx: Transaction, e: WorkCoded) -> None:
    """Reaction: the wrap-up code came late."""
    _request(tx, w, w.works[e.work], "code", {"code": e.code})


def reopened(w: WorkItems, tx: Transaction, e: WorkReopened) -> None:
    """Reaction: it goes on."""
    if e.origin != SOURCE:
        _request(tx, w, w.works[e.work], "reopened", {"status": e.status, "category": "open", "reason": e.reason})
