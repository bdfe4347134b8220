"""Order of waiting work and choice among agents: the words of a case as settings, or as functions of the embedder's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from switchroom.routing.events import AfterCallEnded, ItemAssigned, ItemCompleted, OfferAccepted
from switchroom.routing.queue_model import FUNCTION
from switchroom.routing.views import AgentView, ItemView
from tests.scenarios.words import Unsupported, listed
from tests.scenarios.world import World

Score = Callable[[ItemView, AgentView], float]

LONG_AGO = -1e9
"""The t value of the last work of somebody of whom none is told."""

IN_LISTED_ORDER = ("linear", "top_down", "ordered")
IN_TURN = ("round_robin", "rotation_by_last_routed")
BY_IDLE_TIME = ("longest_idle", "ring_all", "ring_progressively", "manual")


# -- order


def ordering(world: World, queue: str) -> str:
    """The ordering of a queue: bands of priority, then the time of entry, unless the case says otherwise."""
    table = world.queues[queue]
    order, scoring = table.get("order", "fifo"), table.get("scoring")
    if scoring in ("minutes_waited_plus_priority", "seconds_waited_plus_base"):
        return "aging"
    if scoring not in (None, "priority", "default"):
        raise Unsupported(f"queue field scoring: {scoring}")
    if order == "fifo":
        return "strict"
    if order == "lifo":
        return f"{FUNCTION}lifo" if "priority" in world.used else "newest"
    if order == "longest_inactive":
        return "oldest"
    raise Unsupported(f"queue field order: {order}")


def priority_weight(world: World, queue: str) -> str:
    return "1s" if world.queues[queue].get("scoring") == "seconds_waited_plus_base" else "60s"


# -- choice


def selection(world: World, queue: str) -> str:
    """The selection of a queue."""
    table = world.queues[queue]
    mode = table.get("mode", "longest_idle")
    if table.get("order_by"):
        return f"{FUNCTION}{_by_attributes(world, queue)}"
    if mode in IN_TURN:
        return "round_robin"
    if mode in IN_LISTED_ORDER:
        return f"{FUNCTION}listed"
    if mode == "least_loaded":
        return _least_loaded(world, queue)
    if mode == "fewest_answered":
        counted = any(world.agents[a].get("answered") for a in world.members(queue))
        return f"{FUNCTION}fewest_answered" if counted else "fewest_today"
    if mode == "least_talk_time":
        return f"{FUNCTION}least_talk_time"
    if mode == "best_agent":
        return _best(world, queue)
    if mode in BY_IDLE_TIME:
        return _by_idle_time(world, queue)
    raise Unsupported(f"queue field mode: {mode}")


def _by_idle_time(world: World, queue: str) -> str:
    table = world.queues[queue]
    if table.get("rank_by_load_ratio"):
        return "least_loaded"
    clock = table.get("idle_clock", "available_since")
    if clock == "last_handled":
        return f"{FUNCTION}last_handled"
    if clock != "available_since":
        raise Unsupported(f"queue field idle_clock: {clock}")
    return "scored" if "preferred" in world.used else "longest_idle"


def _least_loaded(world: World, queue: str) -> str:
    """By share of the capacity, which is the same as by units where all have the same capacity."""
    capacities = {world.agents[a].get("capacity", 1) for a in world.members(queue)}
    if world.queues[queue].get("rank_by_load_ratio") or len(capacities) <= 1:
        return "least_loaded"
    return f"{FUNCTION}least_used"


def _best(world: World, queue: str) -> str:
    scorer = world.queues[queue].get("scorer", "default")
    if scorer == "default":
        asked = world.queues[queue].get("requires") or "requires" in world.used
        return "best_skilled" if asked else f"{FUNCTION}skill_points"
    name = f"scorer.{queue}"
    world.functions[name] = _scorer(scorer)
    return f"{FUNCTION}{name}"


def _scorer(scorer: Any) -> Score:
    """A named skill, or weights per skill."""
    weights = {scorer: 1.0} if isinstance(scorer, str) else scorer
    if not isinstance(weights, dict) or not all(isinstance(w, int | float) for w in weights.values()):
        raise Unsupported(f"queue field scorer: {scorer}")
    if not all(re.fullmatch(r"[\w-]+", name) for name in weights):
        raise Unsupported(f"queue field scorer: {scorer}")
    return lambda item, agent: sum(_number(agent, name) * weight for name, weight in weights.items())


def _number(agent: AgentView, name: str) -> float:
    value = agent.skills.get(name, agent.attributes.get(name, 0))
    return float(value) if isinstance(value, int | float) else 0.0


# -- the functions


def register(world: World) -> None:
    """The embedder's functions that any case may need."""
    places = {agent: number for number, agent in enumerate(world.agents)}
    world.functions.update(
        {
            "listed": lambda item, agent: -places.get(agent.id, len(places)),
            "least_used": lambda item, agent: -agent.used,
            "fewest_answered": lambda item, agent: -_answered(world, agent.id),
            "least_talk_time": lambda item, agent: -_talk_time(world, agent.id),
            "last_handled": lambda item, agent: -_last_handled(world, agent),
            "skill_points": lambda item, agent: sum(agent.skills.values()),
            "lifo": lambda item: (-item.priority, -item.entered.timestamp()),
        }
    )


def _answered(world: World, agent: str) -> int:
    events = (record.event for record in world.storage.read(tag=f"agent:{agent}"))
    taken = sum(isinstance(event, OfferAccepted) for event in events)
    return taken + int(world.agents[agent].get("answered") or 0)


def _talk_time(world: World, agent: str) -> float:
    total = float(world.agents[agent].get("talk_time") or 0)
    begun: dict[str, int] = {}
    for record in world.storage.read(tag=f"agent:{agent}"):
        event = record.event
        if isinstance(event, OfferAccepted):
            begun[event.offer] = record.at
        elif isinstance(event, ItemAssigned):
            begun[event.assignment] = record.at
        elif isinstance(event, ItemCompleted) and event.assignment in begun:
            total += (record.at - begun[event.assignment]) / 1e6
    return total


def _last_handled(world: World, agent: AgentView) -> float:
    """When the agent last finished work, wherever he or she has been since; before the case, as given."""
    table = world.agents[agent.id]
    given = table.get("last_handled", table.get("available_since"))
    last = LONG_AGO if given is None else float(given)
    for record in world.storage.read(tag=f"agent:{agent.id}"):
        if isinstance(record.event, ItemCompleted | AfterCallEnded):
            last = max(last, world.t(record.at))
    return last


def _by_attributes(world: World, queue: str) -> str:
    """An order by attributes such as ``level desc``; places are worked out over all agents."""
    wishes = [_wish(world, one) for one in listed(world.queues[queue]["order_by"])]
    name = f"order_by.{queue}"

    def place(item: ItemView, agent: AgentView) -> float:
        order = sorted(world.agents, key=lambda id: tuple(wish(id) for wish in wishes))
        return -order.index(agent.id) if agent.id in order else -len(order)

    world.functions[name] = place
    return name


def _wish(world: World, text: Any) -> Callable[[str], tuple[int, float, str]]:
    if not isinstance(text, str) or re.fullmatch(r"-?(worker\.|agent\.)?[\w-]+( (asc|desc))?", text, re.I) is None:
        raise Unsupported(f"queue field order_by: {text}")
    name, _, way = text.partition(" ")
    sign = -1 if way.lower() == "desc" or name.startswith("-") else 1
    name = name.lstrip("-").removeprefix("worker.").removeprefix("agent.")

    def key(agent: str) -> tuple[int, float, str]:
        table = world.agents[agent]
        value = {**table, **(table.get("attributes") or {}), **(table.get("skills") or {})}.get(name)
        if isinstance(value, int | float):
            return (0, sign * float(value), "")
        return (2, 0.0, "") if value is None else (1, 0.0, str(value))

    return key
