"""Wires work items into a kernel that has routing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from switchroom.kernel.kernel import Kernel
from switchroom.kernel.outbox import EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Vertical
from switchroom.routing.events import (
    AfterCallEnded,
    AssignmentReleased,
    ItemAssigned,
    ItemChanged,
    ItemCompleted,
    ItemEnded,
    ItemParked,
    ItemQueued,
    ItemScheduled,
    ItemUnrouted,
    OfferAccepted,
)
from switchroom.routing.state import Routing
from switchroom.workitems import apply_setup, apply_work, closing, divisions, routing_link, sla, sync, triggers
from switchroom.workitems.access import WORKBIN
from switchroom.workitems.checks import check_work
from switchroom.workitems.erasing import forget
from switchroom.workitems.events import (
    WorkChanged,
    WorkClosed,
    WorkCoded,
    WorkNoteAdded,
    WorkReopened,
    WorkStatusChanged,
)
from switchroom.workitems.shelving import Shelves
from switchroom.workitems.snapshot import LAYOUT, load_work, save_work
from switchroom.workitems.state import WORK, WorkItems

NAME = "workitems"

MOVES: tuple[type, ...] = (
    OfferAccepted,
    ItemAssigned,
    AssignmentReleased,
    ItemQueued,
    ItemParked,
    ItemScheduled,
    ItemUnrouted,
    ItemChanged,
)
"""What moves or changes an item without ending it."""


def install(kernel: Kernel, routing: Routing) -> WorkItems:
    """Register work items with a kernel."""
    w = WorkItems(routing, kernel.outbox)
    for table in (apply_setup.APPLIERS, apply_work.APPLIERS):
        for event, applier in table.items():
            kernel.appliers[event] = partial(applier, w)
    timers: dict[str, Callable[[Transaction, WorkItems, str], None]] = {WORK: sla.review, "trigger": triggers.waited}
    for kind, timer in timers.items():
        kernel.timers[kind] = _bound(timer, w)
    routing.own_targets[WORKBIN] = Shelves(w)
    w.activate = lambda: _listen(kernel, w)
    kernel.add(
        Vertical(
            name=NAME,
            state=w,
            check=partial(check_work, w),
            dump=w.dump,
            used=w.is_used,
            save=partial(save_work, w),
            load=partial(load_work, w),
            layout=LAYOUT,
            forget=partial(forget, w),
            division=partial(divisions.division, w),
            within=partial(divisions.within, w),
        )
    )
    return w


def _bound(timer: Callable[[Transaction, WorkItems, str], None], w: WorkItems) -> Callable[[Transaction, str], None]:
    return lambda tx, subject: timer(tx, w, subject)


def _listen(kernel: Kernel, w: WorkItems) -> None:
    """Hear what becomes of work; a center without work need not."""
    w.routing.completing = partial(closing.may_complete, w)
    for moving in MOVES:
        kernel.on(moving, partial(routing_link.moved, w))
    kernel.on(ItemCompleted, partial(routing_link.completed, w))
    kernel.on(ItemEnded, partial(routing_link.ended, w))
    kernel.on(AfterCallEnded, partial(routing_link.after_call_ended, w))
    heard: tuple[tuple[type, Callable[[WorkItems, Transaction, Any], None]], ...] = (
        (WorkChanged, sync.changed),
        (WorkStatusChanged, sync.status_changed),
        (WorkNoteAdded, sync.noted),
        (WorkClosed, sync.closed),
        (WorkCoded, sync.coded),
        (WorkReopened, sync.reopened),
    )
    for event, reaction in heard:
        kernel.on(event, partial(reaction, w))
    for named in triggers.NAMES:
        kernel.on(named, partial(triggers.happened, w))
    kernel.on(EffectDone, partial(triggers.answered, w))
    kernel.on(EffectDead, partial(triggers.failed, w))
    kernel.on(EffectDropped, partial(triggers.failed, w))
