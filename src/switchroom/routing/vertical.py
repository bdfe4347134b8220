"""Wires routing into a kernel: appliers, timers, reactions, settling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import MethodType
from zoneinfo import ZoneInfo

from switchroom.durations import from_micros, to_micros
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Vertical
from switchroom.routing import (
    absences,
    after_call,
    agents,
    announcements,
    apply_items,
    apply_offers,
    apply_setup,
    divisions,
    erasing,
    escalation,
    leaving,
    offers,
    placing,
    queues,
    retries,
)
from switchroom.routing.checks import check_routing
from switchroom.routing.dispatch import settle
from switchroom.routing.events import (
    DayStarted,
    ItemQueued,
    ItemsEvicted,
    OfferDeclined,
    OfferExpired,
    OfferRevoked,
    PresenceChanged,
    Resumed,
    TriesForgotten,
)
from switchroom.routing.functions import Functions
from switchroom.routing.lifecycle import FINAL, WAITING
from switchroom.routing.snapshot import LAYOUT, load_routing, save_routing
from switchroom.routing.state import RETENTION_US, Routing, Target


def install(
    kernel: Kernel, functions: Functions, zone: str = "UTC", targets: dict[str, Target] | None = None
) -> Routing:
    """Register routing with a kernel. ``zone``: where midnight is, for the counts of a day."""
    r = Routing(kernel.deadlines, functions, targets, kernel.unsettled)
    for table in (apply_setup.APPLIERS, apply_items.APPLIERS, apply_offers.APPLIERS):
        for event, applier in table.items():
            kernel.appliers[event] = MethodType(applier, r)
    timers: dict[str, Callable[[Transaction, Routing, str], None]] = {
        "offer": offers.expire,
        "item": escalation.review,
        "retry": _retry,
        "wrap": after_call.lapse,
        "leave": leaving.left_for_good,
        "lease": agents.lease_lapsed,
        "rest": absences.rest_over,
        "pause": retries.pause_over,
        "hours": queues.hours_changed,
        "schedule": _scheduled,
        "announce": announcements.tell_position,
        "evict": _evict,
    }
    for kind, timer in timers.items():
        kernel.timers[kind] = _bound(timer, r)
    kernel.timers["day"] = lambda tx, _: start_day(tx, r, zone)
    kernel.resuming.add(Resumed)
    kernel.on(placing.TimedEntry, MethodType(escalation.entered, r))
    r.announce = lambda: kernel.on(ItemQueued, partial(announcements.entered, r))
    kernel.on(OfferDeclined, lambda tx, event: escalation.offer_failed(tx, r, event))
    kernel.on(OfferExpired, lambda tx, event: escalation.offer_failed(tx, r, event))
    for failed in (OfferDeclined, OfferExpired, OfferRevoked):
        kernel.on(failed, partial(retries.waited_too_long, r))
    for failed in (OfferDeclined, OfferExpired):
        kernel.on(failed, partial(retries.pause, r))
    kernel.on(OfferDeclined, partial(absences.declined, r))
    kernel.on(OfferExpired, partial(absences.missed, r))
    kernel.on(PresenceChanged, partial(absences.signed_off, r))
    kernel.settlers.append(MethodType(settle, r))
    kernel.add(
        Vertical(
            name="routing",
            state=r,
            check=partial(check_routing, r),
            dump=r.dump,
            save=partial(save_routing, r),
            load=partial(load_routing, r),
            layout=LAYOUT,
            forget=partial(erasing.forget, r),
            division=partial(divisions.division, r),
            within=partial(divisions.within, r),
        )
    )
    return r


def _bound(timer: Callable[[Transaction, Routing, str], None], r: Routing) -> Callable[[Transaction, str], None]:
    return lambda tx, subject: timer(tx, r, subject)


def _retry(tx: Transaction, r: Routing, item_id: str) -> None:
    """Timer: those who let the item expire are tried again, unless somebody else is being tried now."""
    item = r.items[item_id]
    nobody_tried = item.state == WAITING and not item.offers
    tx.emit(TriesForgotten(item_id, tuple(sorted(item.expired)) if nobody_tried else ()))


def _scheduled(tx: Transaction, r: Routing, item_id: str) -> None:
    """Timer: the time of a deferred item has come. A full or closed queue cannot refuse it: it was taken in before."""
    item = r.items[item_id]
    assert item.schedule is not None
    queue, keep = item.schedule[2], item.schedule[3]
    placing.enter(tx, r, item, r.queues[queue], "scheduled", item.entered_us if keep else None)


def _evict(tx: Transaction, r: Routing, _: str) -> None:
    """Timer: items that ended long enough ago leave memory."""
    before = tx.now - RETENTION_US
    # After-call work of an agent who handed the item on may outlast it: it leaves when that is over.
    held = {assignment.item.id for assignment in r.assignments.values()}
    gone: dict[str, None] = {}
    for at, id in r.ended:
        if at > before:
            break
        item = r.items.get(id)
        if item is not None and id not in held and item.state in FINAL and (item.ended_us or 0) <= before:
            gone[id] = None
    tx.emit(ItemsEvicted(tuple(gone), before))


def start_day(tx: Transaction, r: Routing, zone: str) -> None:
    """Timer: midnight in the center's zone."""
    today = from_micros(tx.now).astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight = (today + timedelta(days=1)).astimezone(ZoneInfo("UTC"))
    tx.emit(DayStarted(today.date().isoformat(), max(to_micros(midnight), tx.now + 1)))


def resume(tx: Transaction, r: Routing) -> None:
    """After a stop: offers that are out get their full alert time again."""
    renewed = [
        (offer.id, tx.now + max(offer.expires_us - offer.made_us, 1))
        for offer in r.offers.values()
        if offer.expires_us is not None
    ]
    tx.emit(Resumed(tuple(renewed)))
