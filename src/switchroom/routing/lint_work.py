"""Static check of what is asked for: work that nobody can take, steps never reached."""

from __future__ import annotations

from datetime import timedelta

from switchroom.durations import format_duration
from switchroom.routing.fields import micros
from switchroom.routing.lint_model import ERROR, INFO, WARNING, Finding, Findings, Setup, Stage, after
from switchroom.routing.model import WorkItem
from switchroom.routing.requirements import Requirement, contradiction


def check_items(setup: Setup, items: tuple[WorkItem, ...]) -> Findings:
    """Each piece of work; those that ask for the same are checked once."""
    seen: set[object] = set()
    for number, item in enumerate(items, 1):
        terms = (item.queue, item.requirement, item.steps, item.after_steps, item.expiring, item.preferred)
        asked = (*terms, item.medium, item.cost, item.labels, item.max_wait, item.exclude)
        if asked not in seen:
            seen.add(asked)
            yield from _check_item(setup, item, f"item {item.id or number}")


def _check_item(setup: Setup, item: WorkItem, place: str) -> Findings:
    if item.queue is None:
        return
    if item.queue not in setup.queues:
        yield Finding("unknown_queue", ERROR, place, f"queue {item.queue} does not exist")
        return
    yield from check_asked(setup, item, place)
    yield from _check_steps(setup, item, place)
    yield from _check_preferred(setup, item, place)


def check_asked(setup: Setup, work: WorkItem, place: str) -> Findings:
    """Whether anybody can ever take this work (with a known queue), and in time."""
    stages = setup.stages(work)
    limit = setup.wait_limit_us(work)
    if all(contradiction(stage.demand.requirement) for stage in stages):
        asked = stages[0].demand.requirement
        yield Finding("contradiction", ERROR, place, f"nobody at all can meet: {_shown(work, asked)}")
        return
    if not setup.agents:
        return
    able = [stage for stage in stages if stage.able]
    if not able:
        yield _nobody(work, place, stages)
    elif limit is not None and able[0].start_us >= max(limit, 1):
        message = f"somebody can take it only {after(able[0].start_us)}, and it waits at most {_span(limit)}"
        yield Finding("only_after_max_wait", ERROR, place, message)


def _shown(work: WorkItem, asked: Requirement) -> str:
    """What is asked for, as it was written where that is the whole of it."""
    return str(work.requirement) if work.requirement.normal() == asked else str(asked)


def _nobody(work: WorkItem, place: str, stages: list[Stage]) -> Finding:
    short = next((stage for stage in stages if stage.without_room), None)
    if short is not None:
        who = ", ".join(short.without_room[:3])
        return Finding("no_room", ERROR, place, f"nobody's capacity is enough for {work.medium}: {who} could take it")
    asked = _shown(work, stages[-1].demand.requirement)
    return Finding("nobody_can", ERROR, place, f"no agent, signed in or not, can meet: {asked}")


# -- steps


def _check_steps(setup: Setup, work: WorkItem, place: str) -> Findings:
    steps, limit = work.steps, setup.wait_limit_us(work)
    stages = setup.stages(work)
    start = 0
    for number, step in enumerate(steps, 1):
        where = f"{place}: step {number}"
        if limit is not None and start >= limit and number > 1:
            message = f"never reached: it begins {after(start)}, and the wait ends after {_span(limit)}"
            yield Finding("step_never_reached", WARNING, where, message)
        elif step.duration is not None and not step.duration:
            yield Finding("step_without_time", WARNING, where, "lasts no time, and so is never in force")
        elif setup.agents and not any(stage.able for stage in stages if stage.step == number - 1):
            yield Finding("step_for_nobody", INFO, where, f"no agent can meet: {step.requirement}")
        start += 0 if step.duration is None else micros(step.duration)
    yield from _check_end(setup, work, place, start)


def _check_end(setup: Setup, work: WorkItem, place: str, end: int) -> Findings:
    """What is said to follow the last step."""
    if not work.steps or work.queue is None:
        return
    if work.steps[-1].duration is None:
        if work.after_steps != "any_member":
            message = f"{work.after_steps} never happens: the last step has no duration and stays"
            yield Finding("after_steps_never", WARNING, place, message)
        return
    rules = setup.queues[work.queue].escalations
    if work.after_steps == "escalate" and not rules:
        message = f"after the steps it escalates, but queue {work.queue} has no rules: it goes on waiting"
        yield Finding("nothing_to_escalate", WARNING, place, message)
    if work.after_steps in ("cancel", "time_out"):
        for rule in rules:
            if rule.after_wait is not None and micros(rule.after_wait) > end:
                message = f"escalation {rule.name} never fires for it: the steps end before, with {work.after_steps}"
                yield Finding("escalation_after_steps", WARNING, place, message)


def _check_preferred(setup: Setup, work: WorkItem, place: str) -> Findings:
    if work.preferred is None:
        return
    if setup.agents:
        for agent in work.preferred.agents:
            if agent not in setup.agents:
                yield Finding("unknown_agent", WARNING, place, f"preferred agent {agent} does not exist")
    limit = setup.wait_limit_us(work)
    if limit is not None and micros(work.preferred.wait) >= limit:
        message = f"the wait for preferred agents is as long as the longest wait, {_span(limit)}: nobody else gets it"
        yield Finding("preferred_only", WARNING, place, message)


def _span(us: int) -> str:
    return format_duration(timedelta(microseconds=us))
