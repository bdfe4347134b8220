"""Running a case: steps and expectations in the order of their instants."""

from __future__ import annotations

from typing import Any

import attrs

from switchroom.errors import SwitchroomError
from tests.scenarios.actions import act
from tests.scenarios.building import build
from tests.scenarios.expectations import check
from tests.scenarios.words import Args, Table, Unsupported
from tests.scenarios.world import Outcome, World

ONE_INSTANT_LATER = 2e-6
"""Seconds. What was declined or missed by all is offered again an instant later: that belongs to settling."""

PASS, FAIL, UNSUPPORTED = "pass", "fail", "unsupported"


@attrs.frozen
class Result:
    """What became of a case."""

    id: str
    area: str
    agreement: str
    result: str
    reason: str = ""


def run(case: Table) -> Result:
    """Run a case. Nothing that happens inside it is raised."""
    id, area = str(case.get("id", "?")), str(case.get("area", ""))
    agreement = str(case.get("agreement", ""))
    try:
        problems = _play(case)
    except Unsupported as word:
        return Result(id, area, agreement, UNSUPPORTED, str(word))
    except Exception as error:
        return Result(id, area, agreement, FAIL, f"{type(error).__name__}: {error}")
    return Result(id, area, agreement, FAIL if problems else PASS, "; ".join(problems))


def _play(case: Table) -> list[str]:
    steps, expected = case.get("steps") or [], case.get("expect") or []
    instants = sorted({0.0, *(s["t"] for s in steps), *_looked_at(expected)})
    world = build(case, _words(steps, case), instants[-1])
    world.activated = frozenset(str(s["args"].get("item")) for s in steps if s.get("action") == "activate")
    problems: list[str] = []
    for t in instants:
        world.go(t)
        for step in steps:
            if step["t"] == t:
                _step(world, step)
        world.go(t + ONE_INSTANT_LATER)
        world.center.check()
        world.versions[t] = _versions(world)
        problems.extend(_checked(world, e) for e in expected if e["t"] == t)
    problems = [problem for problem in problems if problem]
    return problems + world.refused if problems else []


def _looked_at(expected: list[Table]) -> set[float]:
    since = {(e.get("args") or {}).get("since") for e in expected}
    return {e["t"] for e in expected} | {s for s in since if isinstance(s, int | float)}


def _words(steps: list[Table], case: Table) -> frozenset[str]:
    """Every argument that some step or given item uses."""
    given = (case.get("given") or {}).get("items") or []
    return frozenset(word for table in (*(s.get("args") or {} for s in steps), *given) for word in table)


def _versions(world: World) -> dict[str, int]:
    return world.center.look(lambda r, now: {id: item.version for id, item in r.items.items()})


def _step(world: World, step: Table) -> None:
    label = step.get("label")
    table: dict[str, Any] = dict(step.get("args") or {})
    if step["action"] == "transfer":
        table["label"] = label
    outcome = Outcome()
    before = world.storage.end()
    try:
        outcome.value = act(world, step["action"], Args(f"action {step['action']}", table))
    except SwitchroomError as refusal:
        outcome.error = refusal
        outcome.changed = world.storage.end() != before
        world.refused.append(f"(t={step['t']} {step['action']} was refused: {refusal})")
    world.deliver()
    outcome.span = (before, world.storage.end())
    if label is not None:
        world.outcomes[str(label)] = outcome


def _checked(world: World, expectation: Table) -> str:
    what, args = expectation["what"], expectation.get("args") or {}
    problem = check(world, what, Args(f"expectation {what}", args))
    told = ", ".join(f"{k}={v}" for k, v in args.items())
    return "" if problem is None else f"t={expectation['t']} {what}({told}): {problem}"
