"""Steps on agents: who they are, whether they are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.errors import UnknownId
from tests.scenarios.agents import STATES, agent_spec, presence_of, refresh, refresh_tiers, show_presence
from tests.scenarios.words import Args, Table, Unsupported
from tests.scenarios.world import World


def _table(world: World, agent: str) -> Table:
    if agent not in world.agents:
        raise UnknownId("agent", agent)
    return world.agents[agent]


def _set_state(world: World, args: Args) -> None:
    agent, state, reject = args.need("agent"), args.need("state"), args.get("reject_pending", False)
    args.done()
    table = _table(world, agent)
    if state not in STATES:
        raise Unsupported(f"agent state {state}")
    if reject:
        for offer in world.center.offers.of_agent(agent):
            world.center.offers.decline(offer.id, agent=agent, reason=state)
    table["state"] = state
    show_presence(world, agent)


def _update(world: World, args: Args) -> None:
    """Skills and attributes merge, null removes; everything else is replaced."""
    agent = args.need("agent")
    table = _table(world, agent)
    fields = {name: args.get(name) for name in list(args.rest())}
    if "used" in fields:
        raise Unsupported("agent_update used")
    for name in ("skills", "attributes"):
        if name in fields:
            fields[name] = {**(table.get(name) or {}), **(fields[name] or {})}
    world.agents[agent] = {**table, **fields}
    for other in world.agents:
        refresh(world, other)
    if {"state", "external_calls", "connected"} & set(fields):
        show_presence(world, agent)


def _add(world: World, args: Args) -> None:
    agent = args.first("agent", "id")
    fields = {name: args.get(name) for name in list(args.rest())}
    table: Table = fields.pop("agent") if isinstance(fields.get("agent"), dict) else {}
    if isinstance(agent, dict):
        table, agent = agent, agent["id"]
    if agent in world.agents:
        world.center.agents.add(world.center.agents.settings(agent))  # refused: the id is taken
    world.agents[agent] = {**table, **fields, "id": agent}
    world.center.agents.add(agent_spec(world, agent))
    world.center.agents.set_presence(agent, presence_of(world, agent))
    refresh_tiers(world)


def _login(world: World, args: Args) -> None:
    agent = args.need("agent")
    args.done()
    _table(world, agent)["state"] = "available"
    world.agents[agent].pop("connected", None)
    show_presence(world, agent)


def _connect(connected: bool) -> Callable[[World, Args], None]:
    """The edge that owns the connection says so: who is not connected is offline."""

    def connect(world: World, args: Args) -> None:
        agent = args.need("agent")
        args.done()
        _table(world, agent)["connected"] = connected
        show_presence(world, agent)

    return connect


AGENT_ACTIONS: dict[str, Callable[[World, Args], Any]] = {
    "agent_set_state": _set_state,
    "agent_update": _update,
    "agent_add": _add,
    "login": _login,
    "agent_connect": _connect(True),
    "agent_disconnect": _connect(False),
}
