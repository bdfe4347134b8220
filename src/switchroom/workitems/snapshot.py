"""The state of work as plain data and back. What follows from the records (shelves, indexes) is made anew."""

from __future__ import annotations

from typing import Any

from switchroom.kernel.forms import Forms
from switchroom.routing.requirements import Requirement
from switchroom.workitems.events import TriggerWaits
from switchroom.workitems.model import Calendar, Workbin, Worktype
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.source_model import Distribution, Source
from switchroom.workitems.state import PLAIN, TriggerRun, WorkItems
from switchroom.workitems.trigger_model import WorkTrigger

DERIVED = frozenset({"bin", "entries", "rank"})
FORMED = frozenset({"id", "item", "spec", "status", "number", "submitted_us", "attributes", "links", "fired", "auto",
                    "requirement"})  # fmt: skip
PLAIN_SLOTS = tuple(s for s in WorkRecord.__slots__ if s not in DERIVED | FORMED)

LAYOUT = WorkRecord.__slots__
"""What a snapshot holds: one of another layout is not read."""

SPECS: tuple[type[Any], ...] = (Calendar, Workbin, Distribution, Worktype, Source, WorkTrigger)


def save_work(w: WorkItems, forms: Forms) -> Any:
    """Everything there is to know, between two operations. Linear in the state."""
    fresh = WorkRecord("new", "new", w.worktypes[PLAIN], w.worktypes[PLAIN].statuses[0], 0, 0)
    blank = [getattr(fresh, name) for name in PLAIN_SLOTS]
    return {
        "specs": [[forms.plain(spec) for id, spec in table.items() if id != PLAIN] for table in w.specs()],
        "works": [_save(work, blank) for work in w.works.values()],
        "given": [[id, list(counts.items())] for id, counts in w.given.items()],
        "runs": [[r.id, r.work, r.trigger, r.step, r.until_us, r.effect] for r in w.runs.values()],
        "counts": [w.count, w.run_count],
    }


def _save(work: WorkRecord, blank: list[Any]) -> list[Any]:
    values = ((name, getattr(work, name), new) for name, new in zip(PLAIN_SLOTS, blank, strict=True))
    attributes = {k: sorted(v) if isinstance(v, frozenset) else v for k, v in work.attributes.items()}
    return [
        [work.id, work.item, work.spec.id, work.status.id, work.number, work.submitted_us],
        {name: value for name, value, new in values if value != new},
        [attributes, list(work.links), sorted(work.fired), work.auto, str(work.requirement)],
        None if work.bin is None else work.bin.id,
    ]


def load_work(w: WorkItems, plain: Any, forms: Forms) -> None:
    """Fill a fresh state. Sets no deadline: they come with the kernel's."""
    for table, kind, saved in zip(w.specs(), SPECS, plain["specs"], strict=True):
        for one in saved:
            spec = forms.value(one, kind)
            table[spec.id] = spec
    for saved in plain["works"]:
        _load(w, saved)
    w.given.update((id, dict(counts)) for id, counts in plain["given"])
    for id, work, trigger, step, until_us, effect in plain["runs"]:
        w.runs[id] = TriggerRun(TriggerWaits(id, work, trigger, step, until_us, effect))
        if effect is not None:
            w.by_effect[effect] = id
    w.count, w.run_count = plain["counts"]
    if w.count or len(w.worktypes) > 1:
        w.listen()


def _load(w: WorkItems, saved: list[Any]) -> None:
    (id, item, worktype, status_id, number, submitted_us), values, formed, bin = saved
    spec = w.worktypes[worktype]
    status = spec.status(status_id)
    assert status is not None
    work = w.works[id] = WorkRecord(id, item, spec, status, number, submitted_us)
    for name, value in values.items():
        setattr(work, name, value)
    attributes, links, fired, auto, requirement = formed
    facts: dict[str, Any] = attributes
    work.attributes = {name: frozenset[str](v) if v.__class__ is list else v for name, v in facts.items()}
    work.links, work.fired = tuple(links), frozenset(fired)
    work.auto = None if auto is None else (auto[0], auto[1])
    work.requirement = Requirement.parse(requirement)
    if item != id:
        w.by_item[item] = id
    if work.source is not None and work.external_id is not None:
        w.by_external[work.source, work.external_id] = id
    if bin is not None:
        w.lay(work, w.bin(bin))
