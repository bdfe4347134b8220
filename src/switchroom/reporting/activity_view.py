"""How things stand at the end of what was folded: queues and agents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from switchroom.durations import Micros, from_micros
from switchroom.errors import InvalidInput
from switchroom.reporting.lines import Line
from switchroom.reporting.open_work import OpenAssignment
from switchroom.reporting.rows import ActivityRow, AgentActivityRow
from switchroom.reporting.state import State
from switchroom.reporting.sums import Key, order
from switchroom.reporting.where import WORK, Where, checked_by, line_key
from switchroom.routing.model import Presence


class _Standing:
    def __init__(self) -> None:
        self.waiting = self.in_progress = self.after_call = 0
        self.oldest: tuple[Micros, str] | None = None
        self.begun: Micros | None = None

    def wait(self, since: Micros, item: str) -> None:
        self.waiting += 1
        if self.oldest is None or (since, item) < self.oldest:
            self.oldest = since, item

    def hold(self, assignment: OpenAssignment) -> None:
        if assignment.done_us:
            self.after_call += 1
            return
        self.in_progress += 1
        if self.begun is None or assignment.begun_us < self.begun:
            self.begun = assignment.begun_us


def activity_rows(state: State, now: Micros, where: Where, by: Sequence[str]) -> tuple[ActivityRow, ...]:
    """One row for each group of open work, by names; by queue alone each queue has one. Linear in open work."""
    if where.since is not None or where.until is not None:
        raise InvalidInput("where", "range", hint="activity is about now")
    names = checked_by(by, WORK)
    key = line_key(names)
    found: dict[Key, _Standing] = {}

    def group(line: Line) -> _Standing:
        return found.setdefault(key(line), _Standing())

    if names == ("queue",):
        found.update({(id,): _Standing() for id in state.queues if where.queues is None or id in where.queues})
    for id, item in state.items.items():
        if item.since_us >= 0 and where.of_work(item.line):
            group(item.line).wait(item.since_us, id)
    for assignment in state.assignments.values():
        if where.of_hand(assignment.hand):
            group(assignment.hand.line).hold(assignment)
    return tuple(_row(state, now, names, one, found[one]) for one in sorted(found, key=order))


def _row(state: State, now: Micros, names: tuple[str, ...], group: Key, standing: _Standing) -> ActivityRow:
    agents = _members(state, group[0] or "") if names == ("queue",) else None
    oldest = standing.oldest
    return ActivityRow(
        **dict(zip(names, group, strict=True)),
        waiting=standing.waiting,
        in_progress=standing.in_progress,
        after_call=standing.after_call,
        oldest_wait=None if oldest is None else timedelta(microseconds=now - oldest[0]),
        oldest_item=None if oldest is None else oldest[1],
        longest_in_progress=None if standing.begun is None else timedelta(microseconds=now - standing.begun),
        agents=None if agents is None else agents[0],
        idle=None if agents is None else agents[1],
    )


def _members(state: State, queue: str) -> tuple[int, int]:
    """(members on queue, those without work in hand)."""
    there = [
        agent
        for agent in state.agents.values()
        if agent.spec is not None
        and agent.presence == Presence.ON_QUEUE
        and any(membership.queue == queue for membership in agent.spec.queues)
    ]
    return len(there), sum(1 for agent in there if not agent.held)


def agent_activity_rows(state: State, now: Micros, where: Where) -> tuple[AgentActivityRow, ...]:
    """One row for each agent, by id."""
    held: dict[str, list[OpenAssignment]] = {}
    for assignment in state.assignments.values():
        held.setdefault(assignment.hand.post.agent, []).append(assignment)
    rows: list[AgentActivityRow] = []
    for id, agent in sorted(state.agents.items()):
        if agent.spec is None or not where.of_agent(agent.post):
            continue
        work = [one for one in held.get(id, ()) if where.of_line(one.hand.line)]
        begun = min((one.begun_us for one in work if not one.done_us), default=None)
        rows.append(
            AgentActivityRow(
                agent=id,
                team=agent.post.team,
                division=agent.post.division,
                presence=agent.presence,
                since=from_micros(agent.presence_us),
                in_presence=timedelta(microseconds=now - agent.presence_us),
                in_progress=sum(1 for one in work if not one.done_us),
                after_call=sum(1 for one in work if one.done_us),
                longest_in_progress=None if begun is None else timedelta(microseconds=now - begun),
            )
        )
    return tuple(rows)
