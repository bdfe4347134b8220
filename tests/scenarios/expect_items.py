"""Expectations about items and their offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.durations import format_instant, to_micros
from switchroom.errors import UnknownId
from switchroom.routing.views import ItemView
from tests.scenarios import journal
from tests.scenarios.activation import parked
from tests.scenarios.queues import CLOSED_UNSERVED, OUTLIVED
from tests.scenarios.requirements import keys
from tests.scenarios.words import Args, Unsupported, listed
from tests.scenarios.world import World

Check = Callable[[World, Args], str | None]


def differs(found: Any, wanted: Any) -> str | None:
    return None if found == wanted else f"found {found!r}, not {wanted!r}"


# -- offers


def _offer_made(world: World, args: Args) -> str | None:
    """The newest offer to the agent is pending or accepted, and costs and expires as stated."""
    item, agent, cost, expires = args.need("item"), args.get("agent"), args.get("cost"), args.get("expires_at")
    known = args.has("expires_at")
    args.done()
    found = journal.offers(world, item, agent)
    live = [o for o in found if o.status in ("pending", "accepted")]
    if not live:
        return f"none; offers were {[(o.agent, o.status) for o in journal.offers(world, item)]}"
    last = live[-1]
    if cost is not None and (units := _units(world, last)) != cost:
        return f"found cost {units}"
    ends = None if last.expires is None else world.t(last.expires)
    return f"expires at {ends}" if known and ends != expires else None


def _units(world: World, offer: journal.Offered) -> int | None:
    def units(r: Any, now: int) -> int | None:
        known = r.offers.get(offer.id) or r.assignments.get(offer.id)
        return None if known is None else known.units

    return world.center.look(units)


def _no_offer(world: World, args: Args) -> str | None:
    found = [o for o in journal.offers(world, args.need("item"), args.get("agent")) if o.held]
    args.done()
    return f"found {[(o.agent, o.status) for o in found]}" if found else None


def _offered_exactly(world: World, args: Args) -> str | None:
    since, wanted = args.get("since"), set(args.need("agents"))
    found = {
        o.agent
        for o in journal.offers(world, args.need("item"))
        if o.held and (since is None or o.at >= world.micros(since))
    }
    args.done()
    return differs(found, wanted)


def _offer_status(world: World, args: Args) -> str | None:
    found = journal.offers(world, args.need("item"), args.get("agent"))
    wanted = args.need("status")
    args.done()
    return differs(found[-1].status if found else None, wanted)


def _offers_total(world: World, args: Args) -> str | None:
    items, wanted = args.get("items"), args.first("count", "value")
    one = args.get("item")
    args.done()
    chosen = listed(items) or listed(one)
    return differs(sum(o.item in chosen for o in journal.offers(world)), wanted)


# -- owners


def _owner(world: World, item: str) -> str | None:
    """Who has the item; who had it last, if it was served to the end."""
    view = world.item(item)
    if view.agent is None and view.state in ("completed", "closed"):
        past = journal.assignments(world, item)
        return past[-1].agent if past else None
    return view.agent


def _assigned_to(world: World, args: Args) -> str | None:
    found, wanted = _owner(world, args.need("item")), args.get("agent")
    args.done()
    return differs(found, wanted)


def _assigned_any_of(world: World, args: Args) -> str | None:
    found, wanted = _owner(world, args.need("item")), args.need("agents")
    args.done()
    return None if found in wanted else f"found {found!r}"


def _assignment_times(world: World, args: Args) -> str | None:
    item, agent = args.need("item"), args.get("agent")
    wanted = {name: args.get(name) for name in ("assigned_at", "completed_at", "closed_at") if args.has(name)}
    args.done()
    past = [a for a in journal.assignments(world, item) if agent in (None, a.agent)]
    if not past:
        return "never assigned"
    last = past[-1]
    times = {"assigned_at": last.assigned, "completed_at": last.completed, "closed_at": last.closed}
    found = {name: None if times[name] is None else world.t(times[name] or 0) for name in wanted}
    return differs(found, wanted)


# -- states


def states(world: World, item: str) -> set[str]:
    """The states of the vocabulary that say what the state of the library says."""
    view = world.item(item)
    return STATES[view.state](world, view)


def _assigned(world: World, view: ItemView) -> set[str]:
    share = world.center.look(lambda r, now: r.assignments[str(view.assignment)].share)
    return {"on_hold"} if share == 0 else {"assigned", "open"}


def _wrapping(world: World, view: ItemView) -> set[str]:
    """After-call work: of an item that was completed, that is what follows; else the agent wraps up."""
    return {"completed", "resolved"} if view.assignment in world.completed else {"wrapping"}


def _cancelled(world: World, view: ItemView) -> set[str]:
    """Cancelled; by the rule that closes what nobody took, closed; by the one that limits lifetimes, expired."""
    end = journal.ended(world, view.id)
    reason = "" if end is None else end.reason
    return {CLOSED_UNSERVED: {"closed"}, OUTLIVED: {"expired"}}.get(reason, {"cancelled"})


STATES: dict[str, Callable[[World, ItemView], set[str]]] = {
    "created": lambda world, view: {"classification_failed"},
    "scheduled": lambda world, view: {"scheduled"},
    "waiting": lambda world, view: {"queued", "open"},
    "offered": lambda world, view: {"queued", "open"},
    "assigned": _assigned,
    "wrapping": _wrapping,
    "parked": parked,
    "completed": lambda world, view: {"completed", "resolved"},
    "closed": lambda world, view: {"closed"},
    "cancelled": _cancelled,
    "abandoned": lambda world, view: {"cancelled", "abandoned", "timed_out"},
    "timed_out": lambda world, view: {"timed_out"},
}
UNSERVED_STATES = ("pending", "snoozed")


def _served(state: str) -> str:
    if state in UNSERVED_STATES:
        raise Unsupported(f"item state {state}")
    return state


def _item_state(world: World, args: Args) -> str | None:
    wanted = _served(args.need("state"))
    found = states(world, args.need("item"))
    args.done()
    return None if wanted in found else f"found {sorted(found)}"


def _item_not_state(world: World, args: Args) -> str | None:
    found = states(world, args.need("item")).intersection(args.need("states"))
    args.done()
    return f"found {sorted(found)}" if found else None


# -- fields


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return {k: _plain(v) for k, v in value.items()} if hasattr(value, "items") else value


FIELDS: dict[str, Callable[[World, ItemView], Any]] = {
    "attributes": lambda world, view: _plain(view.attributes),
    "entered_at": lambda world, view: format_instant(view.entered),
    "priority": lambda world, view: view.priority,
    "queue": lambda world, view: view.queue,
    "channel": lambda world, view: view.medium,
    "contact": lambda world, view: view.contact,
    "version": lambda world, view: view.version,
    "id": lambda world, view: view.id,
    "agent": lambda world, view: _owner(world, view.id),
    "assignee": lambda world, view: _owner(world, view.id),
    "position": lambda world, view: _place(world, view.id),
    "notes": lambda world, view: journal.notes(world, view.id),
    "code": lambda world, view: getattr(journal.ended(world, view.id), "reason", None),
    "cancel_code": lambda world, view: getattr(journal.ended(world, view.id), "reason", None),
    "disposition": lambda world, view: getattr(journal.ended(world, view.id), "reason", None),
    "disposition_code": lambda world, view: getattr(journal.ended(world, view.id), "reason", None),
    "reason": lambda world, view: getattr(journal.ended(world, view.id), "reason", None),
}


def _item_field(world: World, args: Args) -> str | None:
    item, field, wanted = args.need("item"), args.need("field"), args.need("value")
    args.done()
    view = world.item(item)
    name, _, part = field.partition(".")
    if name not in FIELDS:
        raise Unsupported(f"item field {field}")
    found = FIELDS[name](world, view)
    if part:
        found = found.get(part)
    if name == "entered_at":
        return differs(to_micros(found), to_micros(world.when(wanted)))
    return differs(found, wanted)


def _priority(world: World, args: Args) -> str | None:
    found, wanted = world.item(args.need("item")).priority, args.need("value")
    args.done()
    return differs(found, wanted)


def _queue(world: World, args: Args) -> str | None:
    found, wanted = world.item(args.need("item")).queue, args.need("queue")
    args.done()
    return differs(found, wanted)


def _requirements(world: World, args: Args) -> str | None:
    item, wanted = args.need("item"), args.need("keys")
    args.done()

    def in_force(r: Any, now: int) -> Any:
        record = r.item(item)
        return record.work.requirement if record.queue is None else r.floor.in_force(record, record.queue)

    return differs(keys(world.center.look(in_force)), sorted(wanted))


def _notes_count(world: World, args: Args) -> str | None:
    found, wanted = len(journal.notes(world, args.need("item"))), args.first("count", "value")
    args.done()
    return differs(found, wanted)


def _version_delta(world: World, args: Args) -> str | None:
    item, since, wanted = args.need("item"), args.need("since"), args.first("value", "delta")
    args.done()
    then = world.versions.get(since, {}).get(item)
    return differs(None if then is None else world.item(item).version - then, wanted)


def _place(world: World, item: str) -> int | None:
    queue = world.item(item).queue
    waiting = world.center.queues.waiting(queue) if queue is not None else ()
    return waiting.index(item) + 1 if item in waiting else None


def _position(world: World, args: Args) -> str | None:
    found, wanted = _place(world, args.need("item")), args.need("value")
    args.done()
    return differs(found, wanted)


def _score(world: World, args: Args) -> str | None:
    """Under aging, the distance of the key from now, in units of one point of priority."""
    item, wanted, tolerance = args.need("item"), args.need("value"), args.get("tolerance", 1e-6)
    args.done()

    def score(r: Any, now: int) -> float | None:
        record = r.item(item)
        if record.queue is None or record.queue.spec.ordering != "aging":
            return None
        return float(now - record.score) / float(record.queue.weight_us)

    found = world.center.look(score)
    if found is None:
        raise Unsupported("score outside of aging")
    return None if abs(found - wanted) <= tolerance else f"found {found}"


def _transfer_state(world: World, args: Args) -> str | None:
    """The transfer named by its step: to a queue it is complete at once; to an agent, as its offer ended."""
    step, wanted = args.need("step"), args.need("state")
    args.done()
    asked = world.transfers.get(step)
    if asked is None:
        return differs("failed", wanted)
    ends = [ev for _, ev in journal.entries(world) if type(ev).__name__ == "TransferEnded" and ev.offer == asked.offer]
    words = {"completed": "complete", "failed": "failed", "cancelled": "canceled"}
    found = "complete" if asked.offer is None else words[ends[-1].outcome] if ends else "initiated"
    return differs(found, "canceled" if wanted == "cancelled" else wanted)


def gone_is_different(check: Check) -> Check:
    """An item that does not exist (any more) meets no expectation."""

    def careful(world: World, args: Args) -> str | None:
        try:
            return check(world, args)
        except UnknownId as error:
            return str(error)

    return careful


ITEM_EXPECTATIONS: dict[str, Check] = {
    name: gone_is_different(check)
    for name, check in {
        "offer_made": _offer_made,
        "no_offer": _no_offer,
        "offered_exactly": _offered_exactly,
        "offer_status": _offer_status,
        "offers_total": _offers_total,
        "assigned_to": _assigned_to,
        "assigned_any_of": _assigned_any_of,
        "assignment_times": _assignment_times,
        "item_state": _item_state,
        "item_not_state": _item_not_state,
        "item_field": _item_field,
        "item_priority": _priority,
        "item_queue": _queue,
        "item_requirements": _requirements,
        "notes_count": _notes_count,
        "version_delta": _version_delta,
        "position": _position,
        "score": _score,
        "transfer_state": _transfer_state,
    }.items()
}
