"""Target chains: an item tries one target after the other, each for its time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs

from switchroom.routing.escalation_model import (
    Action,
    CallFunction,
    CancelWith,
    Escalation,
    MoveTo,
    SetPriority,
    SetRequirement,
)
from switchroom.routing.model import Presence
from switchroom.routing.requirements import Anyone, Named, Requirement
from switchroom.routing.views import ItemView
from tests.scenarios.requirements import conditions
from tests.scenarios.words import Args, Table, Unsupported
from tests.scenarios.world import World

AT_ONCE = timedelta(microseconds=1)
"""After matching had its chance, before anything else happens."""

CHAIN = "chain."
COUNTED = re.compile(r"(?:workers|agents)\.available(==|!=|<=|>=|<|>)(\d+)")
OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@attrs.frozen
class Target:
    """One link: where, for whom, how long, and when to be passed over."""

    queue: str
    requirement: Requirement
    timeout: float | None
    priority: int | None
    skip_if: str | None


@attrs.define
class Place:
    """Where an item is in its chain, and what it asks for at every link."""

    policy: str
    index: int
    own: Requirement


def targets_of(world: World, policy: str) -> list[Target]:
    args = Args(f"policy {policy}", world.policies[policy])
    for name in ("id", "kind", "first_match"):
        args.get(name)
    found = [_target(table) for table in args.need("targets")]
    args.done()
    return found


def _target(table: Table) -> Target:
    args = Args("target", table)
    named = args.first("agents_in", "agents")
    requirement = conditions(args.first("requires", "when"))
    if named:
        both = Named(frozenset(named))
        requirement = both if requirement == Anyone() else both & requirement
    skip_if = _skip_condition(args.get("skip_if"))
    found = Target(args.need("queue"), requirement, args.get("timeout"), args.get("priority"), skip_if)
    args.done()
    return found


def wanted(place: Place, target: Target) -> Requirement:
    """What an item asks for at a link: its own requirement and the link's."""
    parts = [p for p in (place.own, target.requirement) if p != Anyone()]
    if not parts:
        return Anyone()
    return parts[0] if len(parts) == 1 else parts[0] & parts[1]


def rules_for(world: World, queue: str) -> list[Escalation]:
    """The rules of a queue that carry items of chains on; for other items their functions do nothing."""
    found: list[Escalation] = []
    for policy, table in world.policies.items():
        if table.get("kind") != "target_chain":
            continue
        targets, waited = targets_of(world, policy), 0.0
        for index, target in enumerate(targets):
            if index and targets[index - 1].queue != target.queue:
                waited = 0.0
            start, waited = waited, waited + (target.timeout or 0)
            if target.queue != queue:
                continue
            if target.skip_if is not None:
                found.append(_rule(world, policy, index, "skip", timedelta(seconds=start) + AT_ONCE, targets))
            if target.timeout is not None:
                found.append(_rule(world, policy, index, "next", timedelta(seconds=waited), targets))
    return found


def _rule(world: World, policy: str, index: int, kind: str, after: timedelta, targets: list[Target]) -> Escalation:
    name = f"{CHAIN}{policy}.{index}.{kind}"

    def carry_on(item: ItemView) -> list[Action] | None:
        place = world.chains.get(item.id)
        if place is None or (place.policy, place.index) != (policy, index):
            return None
        if kind == "skip" and (item.offers or not _holds(world, targets[index])):
            return None
        return _next(place, targets)

    world.functions[name] = carry_on
    return Escalation(name, after_wait=after, actions=[CallFunction(name)])


def _next(place: Place, targets: list[Target]) -> list[Action]:
    """What takes an item to the next link, or ends it after the last."""
    here = targets[place.index]
    place.index += 1
    if place.index == len(targets):
        return [CancelWith("no target is left")]
    target = targets[place.index]
    found: list[Action] = [SetRequirement(wanted(place, target))]
    if target.priority is not None:
        found.append(SetPriority(target.priority))
    if target.queue != here.queue:
        found.append(MoveTo(target.queue))
    return found


def _skip_condition(value: Any) -> str | None:
    """A constant, or a comparison of the number of available agents."""
    if value is None:
        return None
    text = re.sub(r"\s+", "", str(value).lower())
    if text not in ("true", "false", "1==1") and COUNTED.fullmatch(text) is None:
        raise Unsupported(f"skip_if: {value}")
    return text


def _holds(world: World, target: Target) -> bool:
    text = str(target.skip_if)
    found = COUNTED.fullmatch(text)
    if found is None:
        return text != "false"
    return OPERATORS[found[1]](_available(world, target.queue), int(found[2]))


def _available(world: World, queue: str) -> int:
    views = (world.center.agents.get(agent) for agent in world.members(queue))
    return sum(v.presence == Presence.ON_QUEUE and not v.offers and not v.assignments for v in views)
