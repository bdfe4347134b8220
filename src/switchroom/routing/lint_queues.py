"""Static check of queues: members, rings, escalation rules, waits, overflow, and settings without effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from switchroom.durations import EPOCH, format_duration
from switchroom.routing.escalation_model import (
    Action,
    AddRequirement,
    CallBack,
    CancelWith,
    Escalation,
    MoveTo,
    ParkIn,
    Reclassify,
    SetRequirement,
    TimeOut,
)
from switchroom.routing.lint_model import ERROR, INFO, WARNING, Finding, Findings, Setup
from switchroom.routing.lint_work import check_asked
from switchroom.routing.model import WorkItem
from switchroom.routing.placing import MAX_HOPS
from switchroom.routing.queue_model import Queue
from switchroom.routing.requirements import AGENT, contradiction

LEAVING = (MoveTo, ParkIn, CancelWith, TimeOut, CallBack, Reclassify)
"""Actions after which an item is no longer in its queue."""

SAMPLE_WEEK = EPOCH.replace(year=2026, month=3, day=2)
"""A Monday of an ordinary week, on which the weekly hours of two queues are compared."""

SAMPLE_STEP = timedelta(minutes=30)
SAMPLES = 7 * 24 * 2


def check_queues(setup: Setup) -> Findings:
    for queue in setup.queues.values():
        place = f"queue {queue.id}"
        for check in (_members, _rings, _waits, _rules, _overflow, _choice, _settings):
            yield from check(setup, queue, place)


def _members(setup: Setup, queue: Queue, place: str) -> Findings:
    if contradiction(queue.requirement):
        yield Finding("contradiction", ERROR, place, f"nobody at all can meet: {queue.requirement}")
        return
    if not setup.agents:
        return
    members = setup.members(queue.id)
    if not members:
        yield Finding("queue_without_members", WARNING, place, "no agent is a member")
        return
    yield from check_asked(setup, WorkItem(queue=queue.id), place)
    known = {name for agent in setup.agents.values() for name in agent.facts()}
    for name in sorted(queue.requirement.names() - known - {AGENT}):
        yield Finding("unknown_name", WARNING, place, f"asks about {name}, which no agent has")


def _rings(setup: Setup, queue: Queue, place: str) -> Findings:
    rings = len(queue.rings) + 1
    in_ring = Counter(agent.memberships[queue.id].ring for agent in setup.members(queue.id))
    for agent in setup.members(queue.id):
        membership = agent.memberships[queue.id]
        if membership.ring > rings:
            message = f"agent {agent.id} is in ring {membership.ring} of {rings}, and never a candidate"
            yield Finding("ring_out_of_reach", ERROR, place, message)
        if queue.max_wait is not None and membership.delay >= queue.max_wait and membership.delay:
            message = f"the delay of agent {agent.id} is as long as the longest wait: never a candidate"
            yield Finding("delay_never_passes", WARNING, place, message)
    opens = timedelta(0)
    for number, ring in enumerate(queue.rings, 2):
        opens += ring.wait
        if queue.max_wait is not None and opens >= queue.max_wait:
            message = f"ring {number} never opens: {_s(opens)} is not before the longest wait, {_s(queue.max_wait)}"
            yield Finding("ring_never_opens", WARNING, place, message)
        elif setup.agents and not in_ring[number] and not ring.drop:
            yield Finding("ring_without_members", WARNING, place, f"ring {number} adds nobody and drops nothing")
    if queue.rings and sum(in_ring.values()) and not in_ring[1]:
        yield Finding("ring_without_members", WARNING, place, "ring 1 has no members: everything waits for ring 2")


def _waits(setup: Setup, queue: Queue, place: str) -> Findings:
    limit = queue.max_wait
    if limit is None:
        return
    if not limit:
        yield Finding("no_wait", WARNING, place, "the longest wait is 0: what is not taken at once is given up")
    elif queue.alert_timeout is not None and queue.alert_timeout > limit:
        message = f"the alert timeout {_s(queue.alert_timeout)} is longer than the longest wait {_s(limit)}"
        yield Finding("alert_longer_than_wait", WARNING, place, message)
    if limit and queue.decline_retry is not None and queue.decline_retry >= limit:
        message = f"who declines is asked again after {_s(queue.decline_retry)}, when the wait is over"
        yield Finding("retry_after_wait", INFO, place, message)
    if limit and queue.service_level is not None and queue.service_level.within > limit:
        message = f"the service level allows {_s(queue.service_level.within)}, the longest wait is {_s(limit)}"
        yield Finding("service_level_beyond_wait", INFO, place, message)


# -- escalation


def _rules(setup: Setup, queue: Queue, place: str) -> Findings:
    names = Counter(rule.name for rule in queue.escalations)
    for name, count in names.items():
        if count > 1:
            message = f"{count} rules are called {name}: when one has fired, the others never do"
            yield Finding("rule_name_twice", ERROR, place, message)
    for rule in queue.escalations:
        where = f"{place}: escalation {rule.name}"
        yield from _never_fires(queue, rule, where)
        yield from _actions(setup, queue, rule, where)
    yield from _after_leaving(queue, place)


def _never_fires(queue: Queue, rule: Escalation, where: str) -> Findings:
    if rule.sla_share is not None and queue.service_level is None:
        yield Finding("rule_never_fires", ERROR, where, "goes by the service level, and the queue has none")
    due = _due(queue, rule)
    if due is not None and queue.max_wait is not None and due > queue.max_wait:
        message = f"never fires: due after {_s(due)}, and the wait ends after {_s(queue.max_wait)}"
        yield Finding("rule_never_fires", WARNING, where, message)
    longer, limit = rule.queue_longer_than, queue.limit
    if longer is not None and limit is not None and longer >= limit:
        message = f"never fires: more than {longer} waiting, and the limit of the queue is {limit}"
        yield Finding("rule_never_fires", WARNING, where, message)
    if not rule.actions:
        yield Finding("rule_without_actions", WARNING, where, "does nothing")


def _due(queue: Queue, rule: Escalation) -> timedelta | None:
    """How long after entry a rule that goes by the wait fires."""
    if rule.sla_share is not None and queue.service_level is not None:
        return queue.service_level.within * rule.sla_share
    return rule.nobody_for if rule.after_wait is None else rule.after_wait


def _after_leaving(queue: Queue, place: str) -> Findings:
    """Rules by the wait that are due when an earlier one has taken the item away."""
    timed = sorted((rule.after_wait, n, rule) for n, rule in enumerate(queue.escalations) if rule.after_wait)
    leaver = next((rule for _, _, rule in timed if any(isinstance(a, LEAVING) for a in rule.actions)), None)
    if leaver is None:
        return
    following = [rule for _, _, rule in timed]
    for rule in following[following.index(leaver) + 1 :]:
        message = f"never fires: rule {leaver.name} takes the item out of the queue before"
        yield Finding("rule_never_fires", WARNING, f"{place}: escalation {rule.name}", message)


def _actions(setup: Setup, queue: Queue, rule: Escalation, where: str) -> Findings:
    goal: str | None = queue.id
    gone: Action | None = None
    for action in rule.actions:
        if gone is not None:
            message = f"{type(action).__name__} is never done: {type(gone).__name__} before it takes the item away"
            yield Finding("action_never_done", WARNING, where, message)
            return
        match action:
            case MoveTo(queue=target):
                goal = target
                yield from _known(setup, target, where)
                if target == queue.id:
                    yield Finding("moves_to_itself", WARNING, where, "moves the item into the queue in which it waits")
            case SetRequirement(requirement=needed) | AddRequirement(requirement=needed):
                if goal in setup.queues:
                    yield from check_asked(setup, WorkItem(queue=goal, requirement=needed), where)
            case ParkIn() | CancelWith() | TimeOut() | CallBack():
                gone = action
            case Reclassify():
                goal = None
            case _:
                pass


def _known(setup: Setup, queue: str, where: str) -> Findings:
    if queue not in setup.queues:
        yield Finding("unknown_queue", ERROR, where, f"queue {queue} does not exist")


# -- overflow and hours


def _overflow(setup: Setup, queue: Queue, place: str) -> Findings:
    if queue.overflow is None:
        return
    used = queue.limit is not None or "overflow" in (queue.outside_hours, queue.on_close)
    if not used:
        message = f"overflow to {queue.overflow} never happens: there is no limit, and no rule of hours says overflow"
        yield Finding("overflow_never_used", WARNING, place, message)
    chain = [queue.id, *_chain(setup, queue)]
    if chain[-1] not in setup.queues:
        yield from _known(setup, chain[-1], place)
    elif chain.count(chain[-1]) > 1:
        yield Finding("overflow_circle", ERROR, place, f"overflow goes in a circle: {' -> '.join(chain)}")
    elif len(chain) > MAX_HOPS + 1:
        yield Finding("overflow_too_long", ERROR, place, f"more than {MAX_HOPS} overflows: {' -> '.join(chain)}")
    else:
        yield from _closed_together(queue, setup.queues[queue.overflow], place)


def _chain(setup: Setup, queue: Queue) -> Iterator[str]:
    """Where overflow leads, up to the first queue that is unknown or comes twice."""
    seen = {queue.id}
    following = queue.overflow
    while following is not None:
        yield following
        if following in seen or following not in setup.queues:
            return
        seen.add(following)
        following = setup.queues[following].overflow


def _closed_together(queue: Queue, target: Queue, place: str) -> Findings:
    """Overflow outside hours into a queue that refuses work whenever this one is closed."""
    if "overflow" not in (queue.outside_hours, queue.on_close) or queue.hours is None:
        return
    if target.hours is None or target.outside_hours == "wait":
        return
    instants = [SAMPLE_WEEK + n * SAMPLE_STEP for n in range(SAMPLES)]
    closed = [at for at in instants if not queue.hours.is_open(at)]
    if closed and not any(target.hours.is_open(at) for at in closed):
        message = f"in an ordinary week queue {target.id} is closed whenever this one is, and refuses work then"
        yield Finding("overflow_closed_too", WARNING, place, message)


# -- settings without effect


def _choice(setup: Setup, queue: Queue, place: str) -> Findings:
    skilled = queue.selection == "best_skilled"
    if (queue.skill_weights or queue.average_skills) and not skilled:
        message = f"skill weights and averages count for best_skilled only, and the selection is {queue.selection}"
        yield Finding("weights_unused", INFO, place, message)
    if queue.score_threshold and queue.selection != "scored":
        message = f"the score threshold counts for scored only, and the selection is {queue.selection}"
        yield Finding("threshold_unused", INFO, place, message)
    if queue.selection == "scored" and queue.score_threshold > 100:
        yield Finding("threshold_too_high", WARNING, place, "scores go to 100: nobody reaches the threshold")
    if skilled and setup.agents:
        held = {skill for agent in setup.members(queue.id) for skill in agent.spec.skills}
        for skill in sorted(queue.skill_weights.keys() - held):
            yield Finding("weight_of_nothing", INFO, place, f"weighs {skill}, a skill that no member has")


def _settings(setup: Setup, queue: Queue, place: str) -> Findings:
    work = queue.after_call_work
    if work.limit is not None and work.mode in ("none", "mandatory"):
        message = f"the limit of after-call work has no effect in mode {work.mode}"
        yield Finding("limit_unused", INFO, place, message)
    alike = Counter(code.casefold() for code in queue.wrap_up_codes)
    for code, count in alike.items():
        if count > 1:
            yield Finding("codes_alike", WARNING, place, f"{count} wrap-up codes differ from {code} in case only")
    hours = queue.hours
    if hours is not None and not hours.is_open(SAMPLE_WEEK) and hours.next_open(SAMPLE_WEEK) is None:
        yield Finding("never_open", ERROR, place, "its hours never open it")


def _s(span: timedelta) -> str:
    return format_duration(span)
