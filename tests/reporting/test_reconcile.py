"""Every figure of every view reconciles with the log: it is counted again from the raw events, over random days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from driver import ACTIONS, QUEUES, SKILLS, Driver, furnish
from switchroom import Agent, WorkItem
from switchroom.durations import from_micros, to_micros
from switchroom.reporting.interactions import interactions
from switchroom.reporting.ledger import Ledger
from switchroom.reporting.where import Where

from .recount import FOREVER, Facts, agent_row, mean, queue_row, union, within

INTERVAL = 60_000_000
CONTACTS = ("kim", "lee", "moe", None)


class Floor(Driver):
    """The driver, with what reports tell apart: channels, contacts, divisions, teams."""

    def submit(self, rng: Random) -> None:
        item = WorkItem(
            queue=rng.choice(QUEUES),
            medium=rng.choice(("voice", "message", "email", "workitem")),
            channel=rng.choice((None, "sms", "web")),
            division=rng.choice(("default", "north")),
            contact=rng.choice(CONTACTS),
            requirement=rng.choice(
                (
                    "true",
                    "spanish",
                    "billing >= 2 and not legal",
                    'spanish or agent == "bob"',
                )
            ),
        )
        self.submitted(self.call(self.center.work.submit, item))

    def agent_settings(self, rng: Random, name: str) -> Agent:
        spec = super().agent_settings(rng, name)
        return attrs.evolve(
            spec,
            team=rng.choice((None, "red")),
            division=rng.choice(("default", "north")),
        )


def day(seed: int, steps: int) -> Floor:
    """A script that works more than it configures."""
    rng = Random(seed)
    floor = Floor(seed)
    furnish(floor, rng)
    weights = {**ACTIONS, "wait": 14, "accept": 16, "complete": 10}
    for _ in range(steps):
        getattr(floor, rng.choices(list(weights), list(weights.values()))[0])(rng)
    return floor


scripts = st.tuples(st.integers(0, 1 << 32), st.integers(20, 160))


def bounds(facts: Facts, every: bool, first: int) -> list[tuple[int, int]]:
    """The intervals of a time, or all of it as one."""
    if not every:
        return [(0, FOREVER)]
    start = first - first % INTERVAL
    return [(a, a + INTERVAL) for a in range(start, facts.until + 1, INTERVAL)]


def compare(row: Any, expected: dict[str, Any], where: str) -> None:
    found = attrs.asdict(row)
    wrong = {name: (found[name], value) for name, value in expected.items() if found[name] != value}
    assert not wrong, f"{where}: (row, counted again) {wrong}"


def told(expected: dict[str, Any]) -> bool:
    """Whether there is anything to tell: rows of nothing are left out."""
    return any(value for name, value in expected.items())


def check_queues(ledger: Ledger, facts: Facts, first: int, by: tuple[str, ...], every: bool, filters: dict[str, Any],
                 wanted: Callable[[Any], bool]) -> None:  # fmt: skip
    end = from_micros(facts.until)
    rows = ledger.queues(Where(until=end, **filters), by=by, every="1m" if every else None)
    table = {(row.start and to_micros(row.start), *(getattr(row, name) for name in by)): row for row in rows}
    assert len(table) == len(rows)
    groups = {tuple(getattr(s, name) for name in by) for s in [*facts.stays, *facts.held.values()]}
    spans = bounds(facts, every, first)
    for a, b in spans:
        for group in sorted(groups, key=str):

            def fits(s: Any, group: tuple[Any, ...] = group) -> bool:
                return wanted(s) and tuple(getattr(s, name) for name in by) == group

            last = (a, b) == spans[-1]
            expected = queue_row(facts, fits, a, b, last)
            row = table.pop((a or None, *group), None)
            assert row is not None or not told(expected), (a, group, expected)
            if row is not None:
                compare(row, expected, f"{a} {group}")
    assert all(row.offered == 0 and not row.waiting for row in table.values()), table


@given(scripts)
@settings(max_examples=12)
def test_queues_reconcile(script: tuple[int, int]) -> None:
    """Queue performance, grouped, cut and filtered in every way, is what the events say."""
    floor = day(*script)
    records = list(floor.center.events())
    facts = Facts(records, to_micros(floor.center.now()))
    ledger = Ledger.of(records, interval="1m")
    first = records[0].at
    for by in (("queue",), ("medium", "channel"), ("queue", "division"), ()):
        for every in (False, True):
            check_queues(ledger, facts, first, by, every, {}, lambda s: True)
    check_queues(
        ledger,
        facts,
        first,
        ("queue",),
        True,
        {"media": ["voice"]},
        lambda s: s.medium == "voice",
    )
    check_queues(
        ledger,
        facts,
        first,
        ("queue",),
        True,
        {"channels": ["sms"]},
        lambda s: s.channel == "sms",
    )
    check_queues(
        ledger,
        facts,
        first,
        ("medium",),
        False,
        {"queues": ["vip"]},
        lambda s: s.queue == "vip",
    )
    check_queues(
        ledger,
        facts,
        first,
        (),
        True,
        {"divisions": ["north"]},
        lambda s: s.division == "north",
    )
    check_queues(
        ledger,
        facts,
        first,
        (),
        False,
        {"skills": ["spanish"]},
        lambda s: "spanish" in s.skills,
    )


@given(scripts, st.integers(0, 2), st.integers(1, 2))
@settings(max_examples=12)
def test_a_part_of_the_time_reconciles(script: tuple[int, int], skip: int, length: int) -> None:
    """From one edge of an interval to another: what was before counts only for what is open at the end."""
    floor = day(*script)
    records = list(floor.center.events())
    facts = Facts(records, to_micros(floor.center.now()))
    ledger = Ledger.of(records, interval="1m")
    a = records[0].at - records[0].at % INTERVAL + skip * INTERVAL
    b = a + length * INTERVAL
    part = Where(since=from_micros(a), until=from_micros(b))
    open_end = b >= records[-1].at
    if open_end:
        return
    for row in ledger.queues(part):
        expected = queue_row(facts, lambda s, row=row: s.queue == row.queue, a, b, last=False)
        compare(row, expected, f"{row.queue} {a} to {b}")
    for one in ledger.agents(part):
        mine = agent_row(facts, [one.agent or ""], lambda f, one=one: f.agent == one.agent, a, b, timed=True)
        compare(one, mine, f"{one.agent} {a} to {b}")
    assert ledger.totals(part).submitted == sum(a <= item.at < b for item in facts.submitted.values())


@given(scripts)
@settings(max_examples=12)
def test_agents_reconcile(script: tuple[int, int]) -> None:
    """Agent performance, times by intersecting spans, offers and work in hand by counting those open at an instant."""
    floor = day(*script)
    records = list(floor.center.events())
    facts = Facts(records, to_micros(floor.center.now()))
    ledger = Ledger.of(records, interval="1m")
    end = Where(until=from_micros(facts.until))
    known = sorted(facts.posts)
    for every in (False, True):
        rows = {
            (row.agent, row.start and to_micros(row.start)): row
            for row in ledger.agents(end, every="1m" if every else None)
        }
        for a, b in bounds(facts, every, records[0].at):
            for agent in known:
                expected = agent_row(
                    facts,
                    [agent],
                    lambda fact, agent=agent: fact.agent == agent,
                    a,
                    b,
                    timed=True,
                )
                row = rows.pop((agent, a or None), None)
                assert row is not None or not told(expected), (agent, a, expected)
                if row is not None:
                    compare(row, expected, f"{agent} {a}")
        assert not rows
    for row in ledger.agents(
        Where(media=["voice"], divisions=["north"], until=facts_end(facts)),
        by=["agent", "queue"],
    ):
        expected = agent_row(
            facts,
            [],
            lambda f, row=row: (
                (f.agent, f.queue, f.medium, f.post.division) == (row.agent, row.queue, "voice", "north")
            ),
            0,
            FOREVER,
            timed=False,
        )
        compare(row, expected, f"{row.agent} {row.queue}")
    for row in ledger.agents(end, by=["team"]):
        mine = agent_row(
            facts,
            [],
            lambda f, row=row: f.post.team == row.team,
            0,
            FOREVER,
            timed=False,
        )
        compare(
            row,
            {name: value for name, value in mine.items() if value is not None},
            f"team {row.team}",
        )


def facts_end(facts: Facts) -> Any:
    return from_micros(facts.until)


@given(scripts)
@settings(max_examples=8)
def test_codes_and_transfers_reconcile(script: tuple[int, int]) -> None:
    """Wrap-up codes and transfers by kind, for each queue and agent, cut into intervals."""
    floor = day(*script)
    records = list(floor.center.events())
    facts = Facts(records, to_micros(floor.center.now()))
    ledger = Ledger.of(records, interval="1m")
    end = Where(until=facts_end(facts))
    coded = [h for h in facts.held.values() if h.end < FOREVER and (h.completed or h.code is not None)]
    rows = ledger.wrap_ups(end, by=["queue", "agent"], every="1m")
    for row in rows:
        a = to_micros(row.start) if row.start else 0
        mine = [h for h in coded if (h.queue, h.agent) == (row.queue, row.agent) and a <= h.end < a + INTERVAL]
        same = [h for h in mine if (h.code or "") == row.code]
        expected = {
            "ended": len(same),
            "share": len(same) / len(mine),
            "mean_talk": mean([h.done - h.begun for h in same]),
            "mean_after_call": mean([h.end - h.done for h in same]),
            "mean_handle": mean([h.end - h.begun for h in same]),
        }
        compare(row, expected, f"{row.queue} {row.agent} {row.code}")
    assert sum(row.ended for row in rows) == len(coded)
    steps = Counter((t.queue, t.kind, t.how) for t in facts.transfers)
    moved = ledger.transfers(end)
    for row in moved:
        found = {
            how: steps.pop((row.queue, row.kind, how), 0) for how in ("started", "completed", "failed", "cancelled")
        }
        compare(
            row,
            {**found, "under_way": 2 * found["started"] - sum(found.values())},
            f"{row.queue} {row.kind}",
        )
    assert not steps
    cut = ledger.transfers(end, by=[], every="1m")
    assert sum(row.completed for row in cut) == sum(row.completed for row in moved)


@given(scripts)
@settings(max_examples=8)
def test_skills_and_presences_reconcile(script: tuple[int, int]) -> None:
    """Demand by what work asked for at entry; supply by the skills that agents had at the time; presences by spans."""
    floor = day(*script)
    records = list(floor.center.events())
    facts = Facts(records, to_micros(floor.center.now()))
    ledger = Ledger.of(records, interval="1m")
    rows = {row.skill: row for row in ledger.skills(Where(until=facts_end(facts)))}
    assert set(rows) <= {*SKILLS, *(name for s in facts.stays for name in s.skills)}
    for skill in SKILLS:
        work = queue_row(facts, lambda s, skill=skill: skill in s.skills, 0, FOREVER, last=True)
        agents = {x: supply_of(facts, x, skill) for x in facts.posts}
        expected = {
            "demand": work["offered"],
            **{
                name: work[name]
                for name in (
                    "answered",
                    "abandoned",
                    "timed_out",
                    "waiting",
                    "mean_wait",
                    "max_wait",
                )
            },
            **{name: work[name] for name in ("service_level", "mean_handle")},
            "agents": sum(1 for span in agents.values() if span),
            "supply": timedelta(microseconds=sum(agents.values())),
        }
        if skill in rows:
            compare(rows[skill], expected, skill)
        else:
            assert (work["offered"], expected["agents"]) == (0, 0)
    for row in ledger.presences(Where(until=facts_end(facts))):
        spans = facts.spans(row.agent, lambda p, row=row: p == row.presence)
        # Work may outlast presence: the time offline with work in hand is told, too.
        if row.presence != "offline":
            assert row.time == timedelta(microseconds=union(spans)), row


def supply_of(facts: Facts, agent: str, skill: str) -> int:
    """The staffed time of an agent while he or she had the skill."""
    there = [
        *facts.busy(agent),
        *facts.spans(agent, lambda p: p in {"on_queue", "draining"}),
    ]
    changes = [*facts.posts[agent], (facts.until, None)]
    having = [(a, b) for (a, spec), (b, _) in pairwise(changes) if spec is not None and skill in spec.skills]
    return sum(union(within(there, a, b)) for a, b in having)


@given(scripts)
@settings(max_examples=8)
def test_standing_reconciles(script: tuple[int, int]) -> None:
    """What waits and what is in hand now is what the center itself says."""
    floor = day(*script)
    center = floor.center
    ledger = Ledger.of(center.events())
    now = center.now()
    ledger.advance(now)
    rows = {row.queue: row for row in ledger.activity()}
    for queue in center.queues.ids():
        waiting = [center.work.get(item) for item in center.queues.waiting(queue)]
        row = rows[queue]
        # Work that is handed on blindly has been answered already: nobody waits for the first time.
        direct = [item for item in waiting if any(o.transfer == "blind" for o in center.offers.of_item(item.id))]
        assert row.waiting == len(waiting) - len(direct)
        waited = [item.waited for item in waiting if item not in direct]
        assert row.oldest_wait == max(waited, default=None)
    held = [a for agent in center.agents.ids() for a in center.assignments.of_agent(agent)]
    assert sum(row.in_progress for row in rows.values()) == sum(not a.wrapping for a in held)
    assert sum(row.after_call for row in rows.values()) == sum(a.wrapping for a in held)
    for one in ledger.agent_activity():
        view = center.agents.get(one.agent)
        assert (one.presence, one.in_progress + one.after_call) == (
            view.presence,
            len(view.assignments),
        )


@given(scripts)
@settings(max_examples=8)
def test_interactions_reconcile(script: tuple[int, int]) -> None:
    """One interaction for each stay, with its wait, its outcome, who had it and for how long; steps in their order."""
    floor = day(*script)
    records = list(floor.center.events())
    facts = Facts(records, to_micros(floor.center.now()))
    rows = [row for row in interactions(records) if row.stay]
    assert len(rows) == len(facts.stays)
    by_start = {(row.item, to_micros(row.started), row.steps[0].position): row for row in rows}
    assert len(by_start) == len(rows)
    ended = Counter(s.how for s in facts.stays if s.how not in {"answered", "waiting"})
    for row in rows:
        stay = next(
            s for s in facts.stays if (s.item, s.start, s.number) == (row.item, to_micros(row.started), row.stay)
        )
        assert (row.queue, row.medium, row.contact) == (
            stay.queue,
            stay.medium,
            stay.contact,
        )
        assert row.wait == (None if stay.how == "waiting" else timedelta(microseconds=stay.end - stay.start))
        assert (row.answered is None) == (stay.how != "answered")
        assert [step.position for step in row.steps] == sorted(step.position for step in row.steps)
        if stay.how in {"abandoned", "timed_out", "cancelled"}:
            assert row.outcome == stay.how
            ended[stay.how] -= 1
    assert sum(row.offers for row in rows) <= len(facts.offers)
    talk = sum(h.done - h.begun for h in facts.held.values() if h.end < FOREVER)
    told_talk = sum(
        (row.talk for row in interactions(records) if row.talk is not None),
        timedelta(0),
    )
    assert told_talk == timedelta(microseconds=talk)
    for item in {row.item for row in rows}:
        alone = list(interactions(floor.center.events(tag=f"item:{item}")))
        whole = [row for row in interactions(records) if row.item == item]
        assert [attrs.evolve(row, steps=()) for row in alone] == [attrs.evolve(row, steps=()) for row in whole]


@given(scripts, st.floats(0, 1))
@settings(max_examples=8)
def test_a_live_ledger_is_a_rebuilt_one(script: tuple[int, int], cut: float) -> None:
    """Asking on the way changes nothing, a ledger that goes on equals one that is rebuilt, and intervals that are no
    longer kept have left their sums."""
    floor = day(*script)
    records = list(floor.center.events())
    live = Ledger(interval="1m")
    for record in records:
        live.add(record)
        if record.position == int(cut * len(records)):
            assert live.queues() is not None
            assert live.agents(Where(until=record.instant + timedelta(hours=1)), every="1h") is not None
    rebuilt = Ledger.of(floor.center.events(), interval="1m")
    assert live.dump() == rebuilt.dump()
    short = Ledger.of(records, interval="1m", keep="2m", window="2m")
    whole = Ledger.of(records, interval="1m", window="2m")
    assert short.queues() == whole.queues()
    assert short.agents() == whole.agents()
    assert short.totals() == whole.totals()
    assert whole.totals().events == len(records)
