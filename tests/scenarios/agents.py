"""Agents of a case as agents of the library: room, skills, memberships, presence."""

from __future__ import annotations

from typing import Any

from switchroom import Agent, Membership, Presence
from switchroom.routing.utilization import MediumLimit, Utilization
from tests.scenarios.words import Args, Table, Unsupported, listed
from tests.scenarios.world import World

DEFAULT_MEDIUM = "work"
UNLIMITED = 100_000
EVERY_ITEM = "x-item"
"""The label of every item: the agents' own limits count it."""

STATES = {
    "available": Presence.ON_QUEUE,
    "unavailable": "unavailable",
    "break": Presence.BREAK,
    "away": Presence.AWAY,
    "busy": Presence.BUSY,
    "in_call": "in_call",
    "ringing": "ringing",
    "in_use": "in_use",
    "offline": Presence.OFFLINE,
    "disabled": "disabled",
}
ON_A_CALL = ("in_call", "in_use", "ringing")

UNSERVED = {
    "recent_assignments": "a limit of assignments in a time window",
    "max_contacts": "campaigns",
}


def queue_label(queue: str) -> str:
    """The label of an item of this queue: limits per agent and queue count it."""
    return f"x-in:{queue}"


def agent_spec(world: World, id: str) -> Agent:
    """The library's agent for what the case says now."""
    args = Args(f"agent {id}", world.agents[id])
    for name in UNSERVED:
        if args.get(name) is not None:
            raise Unsupported(f"agent field {name}: {UNSERVED[name]}")
    for name in ("id", "queues", "state", "available_since", "last_handled", "used", "connected", "external_calls"):
        args.get(name)
    for name in ("talk_time", "tier", "penalty", "limit"):
        args.get(name)
    skills, facts = _facts(args)
    spec = Agent(
        id,
        skills=skills,
        attributes=facts,
        queues=[membership(world, id, queue) for queue in world.queue_of(id)],
        utilization=_room(world, id, args),
        role="admin" if args.get("role") == "admin" else "agent",
        max_offers=args.get("max_concurrent_offers"),
        **_habits(args),
    )
    args.done()
    return spec


def _habits(args: Args) -> Table:
    """What an agent does after work, misses and declines."""
    return {
        "wrap_up": args.get("wrap_up") or None,
        "max_misses": args.get("max_misses") or None,
        "rest_after_miss": args.first("miss_delay", "no_answer_delay") or None,
        "rest_after_decline": args.get("reject_delay") or None,
    }


def _facts(args: Args) -> tuple[dict[str, float], dict[str, Any]]:
    """Skills with numeric levels, and everything else that requirements may look at."""
    skills: dict[str, float] = {}
    facts: dict[str, Any] = {
        "x_kind": args.get("kind", "human"),
        "x_teams": frozenset(listed(args.get("teams"))),
        "x_answered": args.get("answered", 0),
        "x_resolved": args.get("resolved_today", 0),
    }
    for name, value in {**(args.get("attributes") or {}), **(args.get("skills") or {})}.items():
        if value is None:
            continue
        is_level = not isinstance(value, bool) and isinstance(value, int | float) and value >= 0
        if is_level and name in (args.get("skills") or {}):
            skills[name] = value
        else:
            facts[name] = frozenset(value) if isinstance(value, list) else value
    for queue, penalty in (args.get("penalty") or {}).items():
        facts[f"x_penalty_{queue}"] = penalty
    return skills, facts


def _room(world: World, id: str, args: Args) -> Utilization:
    capacity = args.get("capacity", 1)
    if capacity is None or _rung_on_calls(world, id):
        capacity = UNLIMITED
    media: dict[str, MediumLimit] = {}
    channels = args.get("channels") or {}
    for name, table in channels.items():
        limit = Args(f"channel {name}", table if isinstance(table, dict) else {"cost": table})
        most = limit.get("max")
        cost = limit.get("cost", 1) if most != 0 else capacity + 1
        media[name] = MediumLimit(cost=cost, maximum=most or None)
        limit.done()
    if channels and DEFAULT_MEDIUM not in media:
        media[DEFAULT_MEDIUM] = MediumLimit(cost=1)
    default_cost = capacity + 1 if channels else 1
    return Utilization(capacity=capacity, media=media, default_cost=default_cost, labels=_limits(world, id))


def _limits(world: World, id: str) -> dict[str, int]:
    """How many items at once: the agent's own limit, the center's, and those of the queues; all that are set hold."""
    found: dict[str, int] = {}
    own = world.agents[id].get("limit")
    common = world.settings.get("limit") or world.settings.get("limit_per_agent")
    both = [limit for limit in (own, common) if limit]
    if both:
        found[EVERY_ITEM] = min(both)
    for queue, table in world.queues.items():
        if table.get("limit_per_agent"):
            found[queue_label(queue)] = table["limit_per_agent"]
    return found


def _rung_on_calls(world: World, id: str) -> bool:
    queues = world.queue_of(id)
    return bool(queues) and all(world.queues.get(q, {}).get("ring_busy") for q in queues)


# -- memberships


def membership(world: World, id: str, queue: str) -> Membership:
    """Weight, tier and penalty make the rank; tiers the delay; progressive ringing the ring."""
    table = world.queues.get(queue, {})
    agent = world.agents[id]
    rank = 1 + 1000 * _weight_rank(world, queue)
    delay = 0.0
    tiers = table.get("tiers")
    if tiers:
        rank += agent.get("tier") or 0
        delay = tier_delay(world, queue, agent.get("tier") or 0, tiers)
    penalty = (agent.get("penalty") or {}).get(queue, 0)
    few = table.get("penalty_members_limit")
    if few is None or len(world.members(queue)) > few:
        rank += penalty
    ring = 1
    if table.get("mode") == "ring_progressively":
        ring = 1 + world.members(queue).index(id)
    return Membership(queue, rank=rank, delay=delay, ring=ring)


def _weight_rank(world: World, queue: str) -> int:
    """0 for the heaviest queue; nothing counts where the longest wait goes first across queues."""
    if world.settings.get("longest_waiting_across_queues"):
        return 0
    weights = {q: t.get("weight") or 0 for q, t in world.queues.items()}
    return len({w for w in weights.values() if w > weights.get(queue, 0)})


def tier_delay(world: World, queue: str, tier: int, tiers: Table) -> float:
    """After how long a tier joins. A tier in which nobody is signed in holds nobody back if the case says so."""
    args = Args(f"queue {queue} tiers", tiers)
    wait, multiply, skip = args.get("wait", 0), args.get("multiply", False), args.get("skip_empty", False)
    args.done()
    levels = {world.agents[a].get("tier") or 0 for a in world.members(queue)}
    below = sorted(level for level in levels if level < tier)
    if skip:
        below = [level for level in below if _somebody_in(world, queue, level)]
    if not below:
        return 0.0
    return float(wait * tier if multiply else wait)


def _somebody_in(world: World, queue: str, level: int) -> bool:
    members = (world.agents[a] for a in world.members(queue))
    return any((m.get("tier") or 0) == level and m.get("state", "available") != "offline" for m in members)


# -- presence


def presence_of(world: World, id: str) -> str:
    """The presence that says what the case says about an agent."""
    table = world.agents[id]
    state = table.get("state") or "available"
    if state not in STATES:
        raise Unsupported(f"agent state {state}")
    if table.get("connected") is False:
        return Presence.OFFLINE
    if state in ON_A_CALL and _rung_on_calls(world, id):
        return Presence.ON_QUEUE
    if state == "available" and table.get("external_calls") and world.settings.get("skip_agents_with_external_calls"):
        return STATES["in_call"]
    return STATES[state]


def show_presence(world: World, id: str) -> None:
    """Bring an agent to that presence; memberships follow where tiers skip those without anybody signed in."""
    world.center.agents.set_presence(id, presence_of(world, id))
    refresh_tiers(world)


def refresh_tiers(world: World) -> None:
    """Bring the delays of tiers in line with who is signed in."""
    if any((t.get("tiers") or {}).get("skip_empty") for t in world.queues.values()):
        for other in world.agents:
            refresh(world, other)


def refresh(world: World, id: str) -> None:
    """Bring the library's agent in line with what the case says."""
    spec = agent_spec(world, id)
    if world.center.agents.settings(id) != spec:
        world.center.agents.change(spec)
