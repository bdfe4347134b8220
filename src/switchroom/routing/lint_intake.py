"""Static check of intake rules: shadowed rules, rules that never fit, queues that do not exist."""

from __future__ import annotations

from switchroom.routing.intake_model import Intake, IntakeRule
from switchroom.routing.lint_model import ERROR, INFO, WARNING, Finding, Findings, Setup
from switchroom.routing.lint_work import check_asked
from switchroom.routing.model import ANYONE, WorkItem
from switchroom.routing.requirements import contradiction


def check_intakes(setup: Setup) -> Findings:
    for intake in setup.intakes:
        place = f"intake {intake.id}"
        yield from _fallback(setup, intake, place)
        for number, rule in enumerate(intake.rules, 1):
            where = f"{place}: rule {number}"
            yield from _rule(setup, rule, where)
            yield from _shadowed(intake, number, rule, where)


def _fallback(setup: Setup, intake: Intake, place: str) -> Findings:
    always = next((n for n, rule in enumerate(intake.rules, 1) if _always(rule) and rule.queue is not None), None)
    if intake.fallback is not None and intake.fallback not in setup.queues:
        yield Finding("unknown_queue", ERROR, place, f"fallback queue {intake.fallback} does not exist")
    if intake.fallback is not None and always is not None:
        message = f"the fallback {intake.fallback} is never used: rule {always} always names a queue"
        yield Finding("fallback_never_used", INFO, place, message)
    if intake.fallback is None and always is None:
        message = f"work that no rule fits is {'held for a person' if intake.on_nothing == 'hold' else 'cancelled'}"
        yield Finding("no_fallback", INFO, place, message)


def _always(rule: IntakeRule) -> bool:
    return rule.when.normal() == ANYONE


def _rule(setup: Setup, rule: IntakeRule, where: str) -> Findings:
    if contradiction(rule.when):
        yield Finding("rule_never_fits", ERROR, where, f"nothing can meet its condition: {rule.when}")
    if rule.queue is None and rule.priority is None and rule.requirement == ANYONE:
        yield Finding("rule_does_nothing", WARNING, where, "names no queue, no priority and no requirement")
    if rule.queue is not None and rule.queue not in setup.queues:
        yield Finding("unknown_queue", ERROR, where, f"queue {rule.queue} does not exist")
    elif rule.requirement != ANYONE:
        yield from _asked(setup, rule, where)


def _asked(setup: Setup, rule: IntakeRule, where: str) -> Findings:
    """The requirement in the rule's queue; where it names none, in whichever queue has the people."""
    if rule.queue is not None:
        yield from check_asked(setup, WorkItem(queue=rule.queue, requirement=rule.requirement), where)
    elif contradiction(rule.requirement):
        yield Finding("contradiction", ERROR, where, f"nobody at all can meet: {rule.requirement}")
    elif setup.agents and not any(rule.requirement.holds(agent.facts()) for agent in setup.agents.values()):
        yield Finding("nobody_can", ERROR, where, f"no agent, signed in or not, can meet: {rule.requirement}")


def _shadowed(intake: Intake, number: int, rule: IntakeRule, where: str) -> Findings:
    """What an earlier rule that fits whenever this one does has decided before."""
    condition = rule.when.normal()
    earlier = [
        (n, other)
        for n, other in enumerate(intake.rules[: number - 1], 1)
        if _always(other) or other.when.normal() == condition
    ]
    by_queue = next((n for n, other in earlier if other.queue is not None), None)
    by_priority = next((n for n, other in earlier if other.priority is not None), None)
    dead_queue = rule.queue is not None and by_queue is not None
    dead_priority = rule.priority is not None and by_priority is not None
    adds = rule.requirement != ANYONE
    whole = (rule.queue is None or dead_queue) and (rule.priority is None or dead_priority) and not adds
    if dead_queue:
        message = f"its queue {rule.queue} is never used: rule {by_queue} fits before and names one"
        yield Finding("rule_shadowed", ERROR if whole else WARNING, where, message)
    if dead_priority:
        message = f"its priority is never used: rule {by_priority} fits before and gives one"
        yield Finding("rule_shadowed", ERROR if whole else WARNING, where, message)
