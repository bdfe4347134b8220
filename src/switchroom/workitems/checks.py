"""The invariants of work, both sides of every relation. Linear in the state."""

from __future__ import annotations

from switchroom.routing.lifecycle import FINAL, PARKED
from switchroom.workitems.changing import with_added
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WORK, WorkItems


def check_work(w: WorkItems) -> None:
    """Raise AssertionError for the first invariant that does not hold."""
    for work in w.works.values():
        _check_record(w, work)
        _check_item(w, work)
    for item, id in w.by_item.items():
        assert w.works[id].item == item, f"item {item}: work {id} is another one now"
    for (source, external_id), id in w.by_external.items():
        work = w.works[id]
        assert (work.source, work.external_id) == (source, external_id), f"work {id} is not {source} {external_id}"
    for name, bin in w.bins.items():
        assert bin.id == name
        assert bin.works, f"workbin {name} is kept though it is empty"
        bin.check()
        assert all(w.works.get(id) is work for id, work in bin.works.items()), f"workbin {name} holds what is gone"
    for run in w.runs.values():
        assert w.deadlines.due(("trigger", run.id)) == run.until_us, f"run {run.id}: deadline"
        assert run.effect is None or w.by_effect.get(run.effect) == run.id, f"run {run.id}: effect"
    for effect, id in w.by_effect.items():
        assert w.runs[id].effect == effect, f"effect {effect}: run {id} does not know"


def _check_record(w: WorkItems, work: WorkRecord) -> None:
    id = work.id
    assert work.spec is w.worktypes[work.spec.id], f"work {id} goes by old settings"
    assert work.spec.status(work.status.id) is work.status, f"work {id}: status"
    assert work.closed == (work.closed_us is not None) == (work.outcome is not None), f"work {id}: closed"
    assert (work.agent is None) == (work.assignment is None), f"work {id}: agent and assignment"
    assert not (work.closed and (work.agent or work.bin)), f"closed work {id} is somewhere"
    assert (work.running_us is not None) == (work.status.runs and work.spec.sla is not None), f"work {id}: clock"
    assert work.end_us == w.reached(work, 1.0), f"work {id}: end of its service level"
    if work.source is not None and work.external_id is not None:
        assert w.by_external.get((work.source, work.external_id)) == id, f"work {id}: external id"
    assert work.item == id or w.by_item.get(work.item) == id, f"work {id}: item {work.item}"
    armed, due = w.deadlines.due((WORK, id)), w.next_instant(work)
    assert (armed is None) == (due is None), f"work {id}: deadline {armed}, next instant {due}"
    assert armed is None or due is None or armed >= due, f"work {id}: deadline {armed} after {due}"
    if work.bin is not None:
        assert work.bin.works.get(id) is work, f"work {id}: workbin {work.bin.id} does not know"
        due = w.due(work)
        assert work.entries[0][0] == (due if due is not None else 1 << 62), f"work {id}: filed under another date"
        standing = w.standing(work)
        rank = (work.spec.id, work.priority) if standing is None else ("", standing)
        assert work.rank == rank, f"work {id}: filed under another priority"


def _check_item(w: WorkItems, work: WorkRecord) -> None:
    """The item in routing says the same, while there is one."""
    item = w.routing.items.get(work.item)
    if work.closed:
        assert item is None or item.state in FINAL or item.state == "wrapping", f"closed work {work.id} goes on"
        return
    assert item is not None, f"work {work.id} has lost its item"
    held = item.assignment
    assert (held is None) == (work.assignment is None), f"work {work.id}: in hand"
    assert held is None or (held.id, held.agent.id) == (work.assignment, work.agent), f"work {work.id}: in whose hand"
    shelved = item.state == PARKED and (item.target or "").startswith("workbin:")
    assert shelved == (work.bin is not None) or "workbin" in w.routing.targets, f"work {work.id}: in a workbin"
    assert item.priority == with_added(work.priority, work.added), f"work {work.id}: priority"
    assert item.attributes == work.attributes, f"work {work.id}: attributes"
