"""Classification policies of a case as intake rules."""

from __future__ import annotations

from typing import Any

from switchroom.routing.intake_model import Intake, IntakeRule
from tests.scenarios.requirements import conditions
from tests.scenarios.words import Args, Table, Unsupported, listed
from tests.scenarios.world import World


def save(world: World, policy: str) -> None:
    """Make a policy known. Target chains are no intake: items enter at their first target."""
    kind = world.policies[policy].get("kind", "classification")
    if kind == "classification":
        world.center.queues.save_intake(_intake(world, policy))
    elif kind != "target_chain":
        raise Unsupported(f"policy kind {kind}")


def _intake(world: World, policy: str) -> Intake:
    """Rules in order; without a queue, a policy that stops at its first match cancels, the others wait for a person."""
    args = Args(f"policy {policy}", world.policies[policy])
    args.get("id")
    args.get("kind")
    rules = [_rule(table) for table in args.get("routes") or []]
    rules.extend(_copies(world, listed(args.get("queue_copy"))))
    if args.get("requires"):
        rules.append(IntakeRule(requirement=conditions(args.get("requires"))))
    priority = args.first("priority", "default_priority")
    if priority is not None:
        rules.append(IntakeRule(priority=priority))
    outcome = "cancel" if args.get("first_match") else "hold"
    found = Intake(policy, rules=rules, fallback=args.get("fallback_queue"), on_nothing=outcome)
    args.done()
    return found


def _rule(table: Table) -> IntakeRule:
    args = Args("route", table)
    found = IntakeRule(
        when=conditions(args.get("when")),
        queue=args.get("queue"),
        priority=args.get("priority"),
        requirement=conditions(args.first("requires", "add_requires")),
    )
    args.done()
    return found


def _copies(world: World, names: list[str]) -> list[IntakeRule]:
    """One rule for each queue that has all these labels: the item goes where its attributes equal the labels."""
    found: list[IntakeRule] = []
    for queue, table in world.queues.items():
        labels: dict[str, Any] = table.get("attributes") or {}
        if names and all(name in labels for name in names):
            when = conditions([{"key": name, "op": "eq", "value": labels[name]} for name in names])
            found.append(IntakeRule(when=when, queue=queue))
    return found
