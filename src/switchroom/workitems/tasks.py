"""Tasks of source systems: one mapping of fields, read into work or into a change of it.

The fields that work has by itself are named in ``FIELDS``; every other one is an attribute. Values are typed, or all
text, as a CSV file has them: then the worktype says how they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from switchroom.durations import instant
from switchroom.errors import InvalidInput, UnknownId
from switchroom.kernel.transaction import Transaction
from switchroom.routing.fields import Fact
from switchroom.routing.model import WorkItem
from switchroom.workitems import changing, closing, statuses
from switchroom.workitems.attributes import LIST_SEPARATOR
from switchroom.workitems.model import Worktype
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.source_model import Source
from switchroom.workitems.state import WorkItems
from switchroom.workitems.statuses import SOURCE
from switchroom.workitems.submitting import find, fitting, submit

SUBMIT = "submit"

FIELDS = frozenset({
    *("external_id", "operation", "worktype", "queue", "workbin", "priority", "due", "at", "contact", "journey"),
    *("division", "links", "code", "reason", "note", "status"),
})  # fmt: skip


def receive(tx: Transaction, w: WorkItems, source: str, fields: Mapping[str, Any], text: bool) -> str:
    """Take in a task, or do what it says to work that it became earlier; returns the id of the work.

    ``operation``: submit (the default), update, status, suspend, resume, cancel, complete, reopen or note. Submitting
    again what is known changes nothing. What comes this way is not echoed to the source.
    """
    spec = w.source(source)
    table = _Fields(spec, fields)
    operation = table.text("operation") or SUBMIT
    external_id = table.text("external_id")
    if not external_id:
        raise InvalidInput("external_id", "missing", hint="a task needs the id that its source knows it by")
    if operation == SUBMIT:
        known = find(w, source, external_id)
        return known.id if known is not None else submit(tx, w, _item(w, spec, table, text), None, SOURCE)
    do = OPERATIONS.get(operation)
    if do is None:
        raise InvalidInput("operation", "unknown", operation, hint=f"one of {SUBMIT}, {', '.join(OPERATIONS)}")
    work = find(w, source, external_id)
    if work is None:
        raise UnknownId("task", external_id)
    do(tx, w, work, table, text)
    return work.id


class _Fields:
    """The fields of a task under our names."""

    def __init__(self, source: Source, fields: Mapping[str, Any]) -> None:
        self._table = {source.fields.get(name, name): value for name, value in fields.items()}
        if len(self._table) != len(fields):
            raise InvalidInput("fields", "duplicate", hint="two fields have the same name after renaming")

    def text(self, name: str) -> str:
        """A text; empty if it is missing."""
        value = self._table.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise InvalidInput(name, "type", value, hint="text is wanted")
        return value.strip()

    def optional(self, name: str) -> str | None:
        return self.text(name) or None

    def whole(self, name: str) -> int | None:
        value = self._table.get(name)
        if isinstance(value, str):
            value = value.strip()
            if not value:
                return None
            if not value.lstrip("-").isascii() or not value.lstrip("-").isdigit():
                raise InvalidInput(name, "not_whole", value, hint="a whole number is wanted")
            return int(value)
        return cast("int | None", value)

    def links(self) -> tuple[str, ...]:
        value = self._table.get("links")
        if isinstance(value, str):
            return tuple(one.strip() for one in value.split(LIST_SEPARATOR) if one.strip())
        return () if value is None else tuple(value)

    def attributes(self) -> dict[str, Any]:
        """What is not a field of work itself. Empty texts count as missing."""
        return {k: v for k, v in self._table.items() if k not in FIELDS and v != ""}

    def has(self, name: str) -> bool:
        return self._table.get(name) not in (None, "")


def _item(w: WorkItems, source: Source, table: _Fields, text: bool) -> WorkItem:
    worktype = table.optional("worktype")
    workbin = table.optional("workbin")
    given = table.attributes()
    first = w.worktypes.get(worktype or source.worktype or "")
    known = _typed(first, given) if text else given

    def item(attributes: Mapping[str, Fact]) -> WorkItem:
        return WorkItem(
            queue=table.optional("queue"),
            target=None if workbin is None else f"workbin:{workbin}",
            priority=table.whole("priority") or 0,
            attributes=attributes,
            contact=table.optional("contact"),
            due=instant(table.text("due"), field="due") if table.has("due") else None,
            at=instant(table.text("at"), field="at") if table.has("at") else None,
            division=table.optional("division") or "default",
            worktype=worktype,
            source=source.id,
            external_id=table.text("external_id"),
            links=table.links(),
            journey=table.optional("journey"),
        )

    made = item({k: v for k, v in known.items() if v is not None})
    if not text or worktype is not None:
        return made
    # Which worktype it is, the rules say; and that says how the texts are read.
    named = next((rule.worktype for rule in fitting(w, made) if rule.worktype is not None), None)
    return made if named is None else item(_typed(w.worktypes.get(named), given))


def _typed(spec: Worktype | None, given: Mapping[str, Any]) -> dict[str, Fact]:
    """Texts as the worktype reads them."""
    found: dict[str, Fact] = {}
    for name, value in given.items():
        attribute = None if spec is None else spec.attribute(name)
        found[name] = value if attribute is None else attribute.read(value)
    return found


# -- what a source may say about work that is known


def _update(tx: Transaction, w: WorkItems, work: WorkRecord, table: _Fields, text: bool) -> None:
    given = table.attributes()
    values = _typed(work.spec, given) if text else given
    due = instant(table.text("due"), field="due") if table.has("due") else None
    links = table.links() or None
    changing.update(tx, w, work.id, values, table.whole("priority"), None, due, links, "", SOURCE, None)


def _status(tx: Transaction, w: WorkItems, work: WorkRecord, table: _Fields, text: bool) -> None:
    statuses.set_status(tx, w, work.id, table.text("status"), "", table.text("reason"), SOURCE, None)


def _suspend(tx: Transaction, w: WorkItems, work: WorkRecord, table: _Fields, text: bool) -> None:
    until = instant(table.text("at"), field="at") if table.has("at") else None
    statuses.suspend(tx, w, work.id, until, "", table.text("reason"), SOURCE)


def _resume(tx: Transaction, w: WorkItems, work: WorkRecord, table: _Fields, text: bool) -> None:
    statuses.resume(tx, w, work.id, "", table.text("reason"), SOURCE)


def _cancel(tx: Transaction, w: WorkItems, work: WorkRecord, table: _Fields, text: bool) -> None:
    closing.cancel(tx, w, work.id, table.text("reason"), "", SOURCE)


def _complete(tx: Transaction, w: WorkItems, work: WorkRecord, table: _Fields, text: bool) -> None:
    closing.complete(tx, w, work.id, None, table.optional("code"), table.text("note"), SOURCE, None)


def _reopen(tx: Transaction, w: WorkItems, work: WorkRecord, table: _Fields, text: bool) -> None:
    due = instant(table.text("due"), field="due") if table.has("due") else None
    closing.reopen(tx, w, work.id, None, due, "", table.text("reason"), SOURCE)


def _note(tx: Transaction, w: WorkItems, work: WorkRecord, table: _Fields, text: bool) -> None:
    changing.add_note(tx, w, work.id, table.text("note"), "", SOURCE)


OPERATIONS: dict[str, Callable[[Transaction, WorkItems, WorkRecord, _Fields, bool], None]] = {
    "update": _update,
    "status": _status,
    "suspend": _suspend,
    "resume": _resume,
    "cancel": _cancel,
    "complete": _complete,
    "reopen": _reopen,
    "note": _note,
}
