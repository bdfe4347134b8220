"""Operations on configuration: worktypes, calendars, workbins, sources, distributions, triggers."""

from __future__ import annotations

from switchroom.errors import NotAllowed, UnknownId
from switchroom.kernel.transaction import Transaction
from switchroom.routing.escalation_model import Action, CallFunction, MoveTo, ParkIn
from switchroom.workitems import access
from switchroom.workitems.events import (
    CalendarSaved,
    DistributionSaved,
    SourceSaved,
    TriggerSaved,
    WorkbinSaved,
    WorktypeSaved,
)
from switchroom.workitems.model import Calendar, TimeRule, Workbin, Worktype
from switchroom.workitems.source_model import Distribution, Source
from switchroom.workitems.state import PLAIN, WorkItems
from switchroom.workitems.trigger_model import Act, SubmitWork, WorkTrigger


def save_calendar(tx: Transaction, w: WorkItems, spec: Calendar) -> None:
    """Add or change working hours."""
    tx.emit(CalendarSaved(spec.id, spec))


def save_worktype(tx: Transaction, w: WorkItems, spec: Worktype) -> None:
    """Add or change a worktype. Refuses unknown queues, workbins, distributions, calendars and functions."""
    if spec.id == PLAIN:
        raise NotAllowed("change", "worktype", PLAIN, "that of items without one")
    if spec.queue is not None:
        w.routing.queue(spec.queue)
    if spec.workbin is not None:
        access.resolve(w, spec.workbin)
    if spec.distribution is not None and spec.distribution not in w.distributions:
        raise UnknownId("distribution", spec.distribution)
    rules: list[TimeRule] = [rule for status in spec.statuses for rule in status.automatic]
    rules += [rule for rule in (spec.due, spec.expires) if rule is not None]
    calendars = [rule.calendar for rule in rules]
    if spec.sla is not None:
        calendars.append(spec.sla.calendar)
        for rule in spec.sla.rules:
            _check_actions(w, rule.actions)
    for calendar in calendars:
        if calendar is not None and calendar not in w.calendars:
            raise UnknownId("calendar", calendar)
    tx.emit(WorktypeSaved(spec.id, spec))


def _check_actions(w: WorkItems, actions: tuple[Action, ...]) -> None:
    """Refuse queues, workbins and functions that are not there. Whose supervisor is meant shows when it fires."""
    for action in actions:
        if isinstance(action, MoveTo):
            w.routing.queue(action.queue)
        elif isinstance(action, CallFunction):
            w.routing.functions.require(action.name)
        elif isinstance(action, ParkIn):
            kind, _, name = action.target.partition(":")
            if kind == access.WORKBIN and kind not in w.routing.targets and name != access.SUPERVISOR:
                access.resolve(w, name)


def save_workbin(tx: Transaction, w: WorkItems, spec: Workbin) -> None:
    """Add or change a workbin."""
    tx.emit(WorkbinSaved(spec.id, spec))


def save_source(tx: Transaction, w: WorkItems, spec: Source) -> None:
    """Add or change a source. Refuses rules that name unknown worktypes, queues and workbins."""
    for worktype in [*(rule.worktype for rule in spec.rules), spec.worktype]:
        if worktype is not None:
            w.worktype(worktype)
    for rule in spec.rules:
        if rule.queue is not None:
            w.routing.queue(rule.queue)
        if rule.workbin is not None:
            access.resolve(w, rule.workbin)
    tx.emit(SourceSaved(spec.id, spec))


def save_distribution(tx: Transaction, w: WorkItems, spec: Distribution) -> None:
    """Add or change shares. Refuses unknown queues."""
    for queue in spec.shares:
        w.routing.queue(queue)
    tx.emit(DistributionSaved(spec.id, spec))


def save_trigger(tx: Transaction, w: WorkItems, spec: WorkTrigger) -> None:
    """Add or change a trigger. Refuses unknown queues, workbins, worktypes and functions in its steps."""
    for step in spec.steps.values():
        if isinstance(step, Act):
            _check_actions(w, step.actions)
        elif isinstance(step, SubmitWork):
            w.worktype(step.worktype)
    tx.emit(TriggerSaved(spec.id, spec))
