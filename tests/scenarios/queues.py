"""Queues of a case as queues of the library."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from switchroom import Presence, Queue
from switchroom.routing.escalation_model import (
    Action,
    AddPriority,
    AddRequirement,
    CancelWith,
    Escalation,
    MoveTo,
    Reclassify,
    SetPriority,
    TimeOut,
)
from switchroom.routing.queue_model import ON_EXPIRY_STAY, AfterCallWork, Ring, ServiceLevel
from tests.scenarios import chains, choosing
from tests.scenarios.requirements import conditions
from tests.scenarios.schedules import hours_of
from tests.scenarios.words import Args, Table, Unsupported, listed
from tests.scenarios.world import World

EVERYBODY = 10_000
"""Offers per item where everybody free is rung."""

MOST_REPEATS = 500
OUTSIDE = {"wait": "wait", **dict.fromkeys(("refuse", "reject", "closed"), "refuse")}
CLOSED_UNSERVED = "closed: nobody took it"
OUTLIVED = "expired: maximum lifetime"

UNSERVED = {
    "fair_by": "fair share between owners",
    "fair_limit": "a limit of assignments in a time window",
    "fair_window": "a limit of assignments in a time window",
    "auto_transfer_after": "the clock of an unanswered conversation",
    "auto_resolve_after": "idle conversations",
    "close_on_hold_after": "idle conversations",
    "ack_required": "confirmation by key",
    "ack_key": "confirmation by key",
    "ack_timeout": "confirmation by key",
    "on_ack_missed": "confirmation by key",
}
ELSEWHERE = (
    *("id", "mode", "weight", "tiers", "penalty_members_limit", "limit_per_agent", "ring_busy", "attributes", "scorer"),
    *(
        "rotation",
        "preferred_rings",
        "exclude_labels",
        "exclude_older_than",
        "rejoin_window",
        "count_time_before_queue",
        "order_by",
    ),
    *("idle_clock", "rank_by_load_ratio", "order", "scoring", "waiting_queue"),
)
"""Fields that memberships, choice, order or the steps themselves read."""


def queue_spec(world: World, id: str) -> Queue:
    """The library's queue for what the case says now."""
    args = Args(f"queue {id}", world.queues[id])
    for name, meaning in UNSERVED.items():
        if args.get(name) not in (None, False):
            raise Unsupported(f"queue field {name}: {meaning}")
    for name in ELSEWHERE:
        args.get(name)
    mode = args.get("mode", "longest_idle")
    table: Table = {
        "ordering": choosing.ordering(world, id),
        "priority_weight": choosing.priority_weight(world, id),
        "selection": choosing.selection(world, id),
        "requirement": conditions(args.get("requires")),
        "rings": _rings(world, id, args),
        "escalations": [*_escalations(world, id, args), *chains.rules_for(world, id)],
        **_offers(world, args, mode),
        **_after_work(args),
        **_limits(args),
        **_hours(world, args),
    }
    if mode == "manual":
        bots = world.settings.get("assign_new_to_bot") is True
        table["enabled"] = bots
        if bots:
            table["requirement"] = conditions([{"key": "x_kind", "op": "eq", "value": "bot"}])
            table["auto_answer"] = True
    if world.settings.get("assignment") == "sweep":
        table["enabled"] = False
    if args.get("enabled") is False:
        table["enabled"] = False
    if args.get("dispatch", "parallel") != "parallel":
        raise Unsupported("queue field dispatch: serial")
    args.done()
    return Queue(id, **table)


def _offers(world: World, args: Args, mode: str) -> Table:
    parallel = args.get("max_parallel_offers") or 1
    found: Table = {
        "alert_timeout": args.get("offer_ttl"),
        "offers_per_item": EVERYBODY if mode in ("ring_all", "ring_progressively") else parallel,
        "offer_pause": args.get("retry_delay") or 0,
        "finish_offers": args.get("timeout_priority", "total") == "ring",
        "on_expiry": _on_expiry(world, args),
        "auto_answer": world.settings.get("assignment") in ("direct", "sweep") or "assign_new_to_bot" in world.settings,
    }
    args.get("ring_step")
    return found


def _on_expiry(world: World, args: Args) -> str:
    pause = args.get("auto_pause")
    queue = args.get("id")
    members = world.members(queue)
    if pause == "queue" and any(len(world.queue_of(a)) > 1 for a in members):
        raise Unsupported("queue field auto_pause: queue, for members of several queues")
    away = args.get("on_offer_expired") == "make_unavailable" or pause
    return Presence.NOT_RESPONDING if away else ON_EXPIRY_STAY


def _after_work(args: Args) -> Table:
    """Wrap-up for so many seconds; without it, only where the agent asks for it by not saying that this is final."""
    wrap_up, shared = args.get("wrap_up"), args.get("shared_wrap_up")
    if not wrap_up:
        return {"after_call_work": AfterCallWork(mode="optional")}
    if shared is False:
        raise Unsupported("queue field shared_wrap_up: false")
    return {"after_call_work": AfterCallWork(mode="forced", limit=wrap_up)}


def _limits(args: Args) -> Table:
    outcome = args.get("on_max_wait", "leave")
    if outcome != "leave":
        raise Unsupported(f"queue field on_max_wait: {outcome}")
    level = args.get("service_level")
    return {
        "limit": args.get("max_length"),
        "max_wait": args.get("max_wait"),
        "join_when_empty": bool(args.get("join_when_empty", True)),
        "leave_when_empty": bool(args.get("leave_when_empty", False)),
        "service_level": None if level is None else ServiceLevel(within=level),
    }


def _hours(world: World, args: Args) -> Table:
    schedule = args.get("schedule")
    outside = args.get("out_of_hours", "wait")
    if outside not in OUTSIDE:
        raise Unsupported(f"queue field out_of_hours: {outside}")
    return {"hours": None if schedule is None else hours_of(world, schedule), "outside_hours": OUTSIDE[outside]}


def _rings(world: World, id: str, args: Args) -> list[Ring]:
    """Rings that drop skills, or one ring for each agent of a progressive ringing."""
    found: list[Ring] = []
    for table in args.get("rings") or []:
        ring = Args("ring", table)
        found.append(Ring(ring.first("seconds", "wait", "after"), drop=listed(ring.first("remove", "drop"))))
        ring.done()
    if args.get("mode") == "ring_progressively":
        found = [Ring(args.get("ring_step") or 10)] * max(0, len(world.members(id)) - 1)
    return found


# -- escalations


def _escalations(world: World, id: str, args: Args) -> list[Escalation]:
    found: list[Escalation] = []
    for number, table in enumerate(args.get("escalations") or [], 1):
        found.extend(_rules(world, f"rule-{number}", Args("escalation", table)))
    if args.get("close_waiting_after"):
        found.append(
            Escalation("close", after_wait=args.get("close_waiting_after"), actions=[CancelWith(CLOSED_UNSERVED)])
        )
    if world.settings.get("max_item_lifetime"):
        found.append(
            Escalation("lifetime", after_age=world.settings["max_item_lifetime"], actions=[CancelWith(OUTLIVED)])
        )
    found.extend(_for_nobody(args))
    return found


def _for_nobody(args: Args) -> list[Escalation]:
    """What happens to waiting work while nobody is signed in."""
    longest, grace = args.get("max_wait_no_agent"), args.get("no_agent_grace") or 0
    if not longest:
        return []
    return [Escalation("nobody", nobody_for=longest + grace, actions=[TimeOut("nobody is signed in")])]


def _rules(world: World, name: str, args: Args) -> list[Escalation]:
    """One rule, or for ``every`` one for each repetition up to the end of the case."""
    actions = _actions(args)
    every, wait, length = args.get("every"), args.get("after_wait"), args.get("queue_length")
    if args.get("once", True) is False and every is None:
        raise Unsupported("escalation once: false")
    args.done()
    if every is not None:
        times = min(MOST_REPEATS, int(world.horizon // every) + 1)
        return [
            Escalation(f"{name}.{n}", after_wait=timedelta(seconds=every * n), actions=actions) for n in range(1, times)
        ]
    if wait is not None:
        return [Escalation(name, after_wait=wait, actions=actions)]
    if length is not None:
        # The case counts the items ahead that make the rule fire; the library, those that do not yet.
        return [Escalation(name, queue_longer_than=length - 1, actions=actions)]
    raise Unsupported("escalation without a trigger")


def _actions(args: Args) -> list[Action]:
    found: list[Action] = []
    priority, points = args.get("priority"), args.get("raise_priority")
    if priority is not None:
        found.append(SetPriority(priority))
    if points is not None:
        found.append(AddPriority(points))
    if args.get("add_requires"):
        found.append(AddRequirement(conditions(args.get("add_requires"))))
    attributes: dict[str, Any] = args.get("set_attributes") or {}
    if args.get("reclassify"):
        found.append(Reclassify(tuple(attributes.items())))
    if args.get("queue") is not None:
        found.append(MoveTo(args.get("queue")))
    code = args.get("code")
    if args.get("cancel"):
        found.append(CancelWith(str(code or "cancelled")))
    return found
