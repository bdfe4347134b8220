"""Runs triggers: step by step until one waits or the run is over. Where a run waits is state, so it survives a restart.

Runs inside reactions and timers, where nothing is refused: a step that is not possible leaves by its ``failed`` way, or
ends the run with an event that says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from switchroom.durations import from_micros
from switchroom.errors import SwitchroomError
from switchroom.kernel import outbox
from switchroom.kernel.outbox import MAX_PENDING, EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Transaction
from switchroom.messaging import templates
from switchroom.routing.fields import MAX_TEXT, Fact, micros, to_facts
from switchroom.routing.model import WorkItem
from switchroom.routing.steps import Branch, CheckHours, Consult, SetVariables, Wait
from switchroom.workitems import sla
from switchroom.workitems.changing import update
from switchroom.workitems.events import (
    TriggerFired,
    TriggerLeft,
    TriggerWaits,
    WorkChanged,
    WorkClosed,
    WorkEscalationFailed,
    WorkNoteAdded,
    WorkOverdue,
    WorkReleased,
    WorkReopened,
    WorkStatusChanged,
    WorkSubmitted,
    WorkTaken,
)
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import TriggerRun, WorkItems
from switchroom.workitems.statuses import enter, require_status
from switchroom.workitems.submitting import submit
from switchroom.workitems.sync import plain
from switchroom.workitems.trigger_model import Act, AddNote, Done, SetStatus, SubmitWork, TriggerStep, WorkTrigger
from switchroom.workitems.views import facts_of

TRIGGER = "trigger"
"""The origin of what a trigger does; it fires no trigger."""

MAX_STEPS_AT_ONCE = 1000
"""Steps run without a wait: graphs have no circles, so more cannot be; a guard against an error of ours."""

NAMES: dict[type, str] = {
    WorkSubmitted: "submitted",
    WorkChanged: "changed",
    WorkStatusChanged: "status",
    WorkTaken: "taken",
    WorkReleased: "released",
    WorkClosed: "closed",
    WorkReopened: "reopened",
    WorkOverdue: "overdue",
}
"""What triggers call the events of work."""


class Run:
    """A trigger on its way: where it stands, and for which work."""

    __slots__ = ("at", "trigger", "work")

    def __init__(self, trigger: WorkTrigger, work: WorkRecord, at: str) -> None:
        self.trigger = trigger
        self.work = work
        self.at = at


def happened(w: WorkItems, tx: Transaction, e: Any) -> None:
    """Reaction to the events of work: every trigger whose condition holds runs, in the order of their ids."""
    name = NAMES[type(e)]
    if not w.triggers or getattr(e, "origin", "") == TRIGGER:
        return
    work = w.works.get(e.work)
    for id in sorted(w.triggers):
        trigger = w.triggers[id]
        if work is None or name not in trigger.on:
            continue
        if trigger.when.holds({**facts_of(w, work, tx.now), "event": name}):
            tx.emit(TriggerFired(work.id, id))
            advance(tx, w, Run(trigger, work, trigger.start))


def advance(tx: Transaction, w: WorkItems, run: Run) -> None:
    """Run steps until one waits or there is none left."""
    for _ in range(MAX_STEPS_AT_ONCE):
        step = run.trigger.steps[run.at]
        following = STEPS[type(step)](tx, w, run, step)
        if following is None:
            return
        run.at = following


def _give_up(tx: Transaction, run: Run, reason: str) -> None:
    tx.emit(WorkEscalationFailed(run.work.id, run.trigger.id, reason))


# -- steps: each returns the name of the next one, or None if the run waits or is over


def _set(tx: Transaction, w: WorkItems, run: Run, step: SetVariables) -> str | None:
    """Attributes that do not fit are told; the steps go on without them."""
    try:
        update(tx, w, run.work.id, step.values, None, None, None, None, "", TRIGGER, None)
    except SwitchroomError as refusal:
        _give_up(tx, run, refusal.message)
    return step.then


def _branch(tx: Transaction, w: WorkItems, run: Run, step: Branch) -> str | None:
    known = facts_of(w, run.work, tx.now)
    queue = None if step.queue is None else w.routing.queues.get(step.queue)
    if queue is not None:
        known["waiting"] = len(queue.items)
    return next((to for when, to in step.cases if when.holds(known)), step.otherwise)


def _hours(tx: Transaction, w: WorkItems, run: Run, step: CheckHours) -> str | None:
    return step.open if step.hours.is_open(from_micros(tx.now)) else step.closed


def _wait(tx: Transaction, w: WorkItems, run: Run, step: Wait) -> str | None:
    _stay(tx, w, run, tx.now + max(1, micros(step.duration)), None)
    return None


def _stay(tx: Transaction, w: WorkItems, run: Run, until_us: int, effect: str | None) -> None:
    id = f"run-{w.run_count + 1}"
    tx.emit(TriggerWaits(id, run.work.id, run.trigger.id, run.at, until_us, effect))


def _consult(tx: Transaction, w: WorkItems, run: Run, step: Consult) -> str | None:
    """Ask something outside; what it returns under ``fields`` become attributes."""
    if len(w.outbox.pending) >= MAX_PENDING:
        return step.failed
    due = tx.now + max(1, micros(step.timeout))
    body: dict[str, Any] = {
        "work": run.work.id,
        "attributes": {name: plain(value) for name, value in run.work.attributes.items()},
        "arguments": {name: plain(value) for name, value in step.arguments.items()},
    }
    effect = outbox.request(tx, w.outbox, step.kind, f"trigger:{run.work.id}", body, due)
    _stay(tx, w, run, due, effect)
    return None


def _set_status(tx: Transaction, w: WorkItems, run: Run, step: SetStatus) -> str | None:
    try:
        status = require_status(run.work, step.status)
        enter(tx, w, run.work, status, reason=run.trigger.id, origin=TRIGGER)
    except SwitchroomError as refusal:
        if step.failed is None:
            _give_up(tx, run, refusal.message)
        return step.failed
    return step.then


def _act(tx: Transaction, w: WorkItems, run: Run, step: Act) -> str | None:
    actions = sla.expand(tx, w, run.work, step.actions)
    sla.perform(tx, w, run.work, run.trigger.id, actions, True, TRIGGER)
    return step.then


def _note(tx: Transaction, w: WorkItems, run: Run, step: AddNote) -> str | None:
    try:
        text = templates.render(step.text, facts_of(w, run.work, tx.now))
    except SwitchroomError:
        text = step.text  # a value is missing: the note says as much
    tx.emit(WorkNoteAdded(run.work.id, text[:MAX_TEXT], "", TRIGGER))
    return step.then


def _submit(tx: Transaction, w: WorkItems, run: Run, step: SubmitWork) -> str | None:
    work = run.work
    copied = {name: work.attributes[name] for name in step.copy if name in work.attributes}
    item = WorkItem(
        worktype=step.worktype,
        attributes={**copied, **step.attributes},
        contact=work.contact,
        journey=work.journey or work.id,
        division=work.division,
    )
    try:
        submit(tx, w, item, None, TRIGGER)
    except SwitchroomError as refusal:
        if step.failed is None:
            _give_up(tx, run, refusal.message)
        return step.failed
    return step.then


def _done(tx: Transaction, w: WorkItems, run: Run, step: Done) -> str | None:
    return None


STEPS: dict[type, Callable[[Transaction, WorkItems, Run, Any], str | None]] = {
    SetVariables: _set,
    Branch: _branch,
    CheckHours: _hours,
    Wait: _wait,
    Consult: _consult,
    SetStatus: _set_status,
    Act: _act,
    AddNote: _note,
    SubmitWork: _submit,
    Done: _done,
}


# -- what runs wait for


def waited(tx: Transaction, w: WorkItems, id: str) -> None:
    """Timer: the wait is over, or nothing came back from outside."""
    held = w.runs[id]
    effect = held.effect
    run = _leave(tx, w, held, "done")
    if effect is not None and effect in w.outbox.pending:
        outbox.drop(tx, w.outbox, effect, "took too long")
    _go_on(tx, w, run, failed=True, fields={})


def answered(w: WorkItems, tx: Transaction, e: EffectDone) -> None:
    """Reaction: what was asked outside has answered."""
    id = w.by_effect.get(e.effect)
    if id is None:
        return
    run = _leave(tx, w, w.runs[id], "done")
    try:
        fields = to_facts(dict(e.result.get("fields", {})))
    except (SwitchroomError, TypeError, ValueError):
        _go_on(tx, w, run, failed=True, fields={})
        return
    _go_on(tx, w, run, failed=False, fields=fields)


def failed(w: WorkItems, tx: Transaction, e: EffectDead | EffectDropped) -> None:
    """Reaction: what was asked outside failed for good."""
    id = w.by_effect.get(e.effect)
    if id is not None:
        _go_on(tx, w, _leave(tx, w, w.runs[id], "failed"), failed=True, fields={})


def _leave(tx: Transaction, w: WorkItems, held: TriggerRun, reason: str) -> Run | None:
    """End the wait. None if trigger, step or work are gone."""
    trigger, work = w.triggers.get(held.trigger), w.works.get(held.work)
    tx.emit(TriggerLeft(held.id, held.work, held.trigger, reason))
    if trigger is None or work is None or held.step not in trigger.steps:
        return None
    return Run(trigger, work, held.step)


def _go_on(tx: Transaction, w: WorkItems, run: Run | None, *, failed: bool, fields: Mapping[str, Fact]) -> None:
    """The step after the one that waited; a step that was changed into another kind meanwhile is begun anew."""
    if run is None:
        return
    step: TriggerStep = run.trigger.steps[run.at]
    if isinstance(step, Consult):
        if fields:
            _set(tx, w, run, SetVariables(fields, then=step.then))
        run.at = step.failed if failed else step.then
    elif isinstance(step, Wait):
        run.at = step.then
    advance(tx, w, run)
