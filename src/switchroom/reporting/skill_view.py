"""Skill performance: demand and supply of each skill. Presences of agents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from switchroom.durations import DurationLike, Micros
from switchroom.errors import InvalidInput
from switchroom.reporting.cells import TimeCell
from switchroom.reporting.intervals import Interval
from switchroom.reporting.lines import Line, Post
from switchroom.reporting.queue_view import work_groups
from switchroom.reporting.rows import PresenceRow, SkillRow
from switchroom.reporting.slices import sliced
from switchroom.reporting.state import State
from switchroom.reporting.sums import Key, WorkSums, handled, mean, ratio
from switchroom.reporting.where import Slots, Where


def skill_rows(state: State, now: Micros, where: Where, every: DurationLike | None, zone: str) -> tuple[SkillRow, ...]:
    """One row for each skill that work asked for or agents have, by start and name."""
    if where.agents is not None:
        raise InvalidInput("where.agents", "unknown", hint="skills are not counted by agent")
    slots = Slots(every, zone, state.intervals.width_us)
    skip = _attributes(state)

    def keys(line: Line) -> Iterable[Key]:
        return ((skill,) for skill in line.skills if skill not in skip and _wanted(where, skill))

    part = sliced(state, now, where, slots)
    supply = {start: _supply(intervals, where) for start, intervals in part.groups}
    demand = {
        (start, str(key[0])): (sums, waiting)
        for start, key, sums, waiting in work_groups(state, now, where, slots, keys)
    }
    named = {*demand, *((start, skill) for start, found in supply.items() for skill in found)}
    rows: list[SkillRow] = []
    for start, skill in sorted(named):
        sums, waiting = demand.get((start, skill)) or (WorkSums(), 0)
        rows.append(_row(slots, start, skill, sums, waiting, supply.get(start, {}).get(skill) or _Supply()))
    return tuple(rows)


class _Supply:
    def __init__(self) -> None:
        self.times = TimeCell()
        self.agents: set[str] = set()


def _wanted(where: Where, skill: str) -> bool:
    return where.skills is None or skill in where.skills


def _attributes(state: State) -> frozenset[str]:
    """Names that requirements ask for and that are no skills: attributes of agents, and skills of none."""
    specs = [agent.spec for agent in state.agents.values() if agent.spec is not None]
    skills = {name for spec in specs for name in spec.skills}
    return frozenset({name for spec in specs for name in spec.attributes} - skills)


def _supply(intervals: Iterable[Interval], where: Where) -> dict[str, _Supply]:
    found: dict[str, _Supply] = {}
    for interval in intervals:
        for post, times in interval.times.items():
            if times.staffed_us and _of_division(where, post):
                for skill in post.skills:
                    if _wanted(where, skill):
                        one = found.setdefault(skill, _Supply())
                        one.times.add(times)
                        one.agents.add(post.agent)
    return found


def _of_division(where: Where, post: Post) -> bool:
    return where.divisions is None or post.division in where.divisions


def _row(slots: Slots, start: Micros, skill: str, sums: WorkSums, waiting: int, supply: _Supply) -> SkillRow:
    stays, hands, judged = sums.stays, sums.hands, sums.judged_stays
    ended, talk, after_call = handled(hands)
    return SkillRow(
        start=slots.label(start),
        skill=skill,
        demand=stays.offered,
        answered=hands.answered,
        abandoned=stays.abandoned,
        timed_out=stays.timed_out,
        waiting=waiting,
        mean_wait=mean(hands.wait_us, hands.answered),
        max_wait=sums.max_wait,
        service_level=ratio(sums.judged_hands.within, sums.judged_hands.answered + judged.abandoned + judged.timed_out),
        mean_handle=mean(talk + after_call, ended),
        handle=timedelta(microseconds=talk + after_call),
        agents=len(supply.agents),
        supply=timedelta(microseconds=supply.times.staffed_us),
        busy=timedelta(microseconds=supply.times.busy_us),
        load=ratio(talk + after_call, supply.times.staffed_us),
    )


def presence_rows(
    state: State, now: Micros, where: Where, every: DurationLike | None, zone: str
) -> tuple[PresenceRow, ...]:
    """One row for each agent and presence, by start, agent and presence; time offline is not counted."""
    if where.asks_about_work:
        raise InvalidInput("where", "unknown", hint="presences are not counted by work")
    slots = Slots(every, zone, state.intervals.width_us)
    rows: list[PresenceRow] = []
    for start, intervals in sliced(state, now, where, slots).groups:
        found: dict[str, TimeCell] = {}
        for interval in intervals:
            for post, times in interval.times.items():
                if where.of_agent(post):
                    found.setdefault(post.agent, TimeCell()).add(times)
        rows.extend(row for agent in sorted(found) for row in _presences(slots, start, agent, found[agent]))
    return tuple(rows)


def _presences(slots: Slots, start: Micros, agent: str, times: TimeCell) -> Iterable[PresenceRow]:
    total = sum(times.presences.values())
    for presence, time in sorted(times.presences.items()):
        yield PresenceRow(
            start=slots.label(start),
            agent=agent,
            presence=presence,
            time=timedelta(microseconds=time),
            share=ratio(time, total),
        )
