"""Expectations about agents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom import Presence
from switchroom.routing.views import AgentView
from tests.scenarios.agents import ON_A_CALL, STATES
from tests.scenarios.expect_items import differs
from tests.scenarios.words import Args, Unsupported
from tests.scenarios.world import OWN, World

Check = Callable[[World, Args], str | None]


def _outstanding(world: World, args: Args) -> str | None:
    found, wanted = len(world.center.offers.of_agent(args.need("agent"))), args.first("count", "value")
    args.done()
    return differs(found, wanted)


def _worked_on(world: World, agent: str) -> list[str]:
    """What an agent works on; what was completed for good leaves only its wrap-up time behind."""
    held = world.center.assignments.of_agent(agent)
    return [a.item for a in held if not (a.wrapping and a.item in world.final_items)]


def _active_work(world: World, args: Args) -> str | None:
    found = {i for i in _worked_on(world, args.need("agent")) if not i.startswith(OWN)}
    wanted = set(args.need("items"))
    args.done()
    return differs(found, wanted)


def _load(world: World, args: Args) -> str | None:
    found = len(_worked_on(world, args.need("agent")))
    value, least, most = args.first("value", "count"), args.get("min"), args.get("max")
    args.done()
    if least is not None or most is not None:
        fits = (least is None or found >= least) and (most is None or found <= most)
        return None if fits else f"found {found}"
    return differs(found, value)


def states(view: AgentView) -> set[str]:
    """The states of the vocabulary that say what presence and work in hand say."""
    if view.presence == Presence.NOT_RESPONDING:
        return {"unavailable", "break"}
    if view.presence == Presence.RESTING:
        return {"available"}
    if view.presence != Presence.ON_QUEUE:
        return {state for state, presence in STATES.items() if presence == view.presence}
    found = {"available"}
    if view.offers:
        found.add("ringing")
    if view.assignments:
        found |= {"busy", *ON_A_CALL} - {"ringing"}
    return found


def _agent_state(world: World, args: Args) -> str | None:
    wanted = args.need("state")
    if wanted == "available_once":
        raise Unsupported("agent state available_once")
    found = states(world.center.agents.get(args.need("agent")))
    args.done()
    return None if wanted in found else f"found {sorted(found)}"


# -- fields


def _ready(world: World, view: AgentView) -> bool:
    """On queue, with room."""
    return view.presence == Presence.ON_QUEUE and view.used < view.capacity


def _paused_in(world: World, view: AgentView) -> list[str]:
    """The queues in which a miss has paused the agent: all or, as a member of one only, that one."""
    return sorted(view.queues) if view.presence == Presence.NOT_RESPONDING else []


def _work_state(world: World, view: AgentView, item: str) -> str | None:
    for held in world.center.assignments.of_agent(view.id):
        if held.item == item:
            return "wrapping" if held.wrapping else "assigned"
    out = [offer for offer in world.center.offers.of_agent(view.id) if offer.item == item]
    return "offered" if out else None


FIELDS: dict[str, Callable[[World, AgentView], Any]] = {
    "ready": _ready,
    "paused_in": _paused_in,
    "capacity": lambda world, view: view.capacity,
    "used": lambda world, view: view.used,
    "free": lambda world, view: view.capacity - view.used,
    "available_capacity": lambda world, view: view.capacity - view.used,
    "load": lambda world, view: len(_worked_on(world, view.id)),
    "skills": lambda world, view: dict(view.skills),
    "queues": lambda world, view: sorted(q for q in view.queues),
    "id": lambda world, view: view.id,
    "misses": lambda world, view: world.center.look(lambda r, now: r.agents[view.id].misses),
    "handled_today": lambda world, view: view.handled_today,
}


def _agent_field(world: World, args: Args) -> str | None:
    agent, field, wanted = args.need("agent"), args.need("field"), args.get("value")
    args.done()
    view = world.center.agents.get(agent)
    name, _, part = field.partition(":")
    if name == "work_state":
        return differs(_work_state(world, view, part), wanted)
    name, _, key = field.partition(".")
    if name == "attributes":
        return differs(view.attributes.get(key), wanted) if key else _attributes(view, wanted)
    if name not in FIELDS:
        raise Unsupported(f"agent field {field}")
    found = FIELDS[name](world, view)
    return differs(found.get(key) if key else found, sorted(wanted) if isinstance(wanted, list) else wanted)


def _attributes(view: AgentView, wanted: Any) -> str | None:
    return differs({k: v for k, v in view.attributes.items() if not k.startswith("x_")}, wanted)


AGENT_EXPECTATIONS: dict[str, Check] = {
    "offers_outstanding": _outstanding,
    "active_work": _active_work,
    "load": _load,
    "agent_state": _agent_state,
    "agent_field": _agent_field,
}
