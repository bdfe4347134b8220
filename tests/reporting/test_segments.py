"""Segments: shares of departments and evenness among agents, against what the center itself and the log say."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom import Agent, ContactCenter, Distribution, Ledger, ManualClock, Queue, Where, WorkItem, Worktype
from switchroom.cli.main import main
from switchroom.errors import NotPermitted
from switchroom.reporting.output import write_csv
from switchroom.reporting.segments import SegmentRow
from switchroom.security.principals import Principal
from switchroom.storage.sqlite import SqliteStorage
from switchroom.workitems.fairness import evenness

QUEUES = ("red", "blue", "green")


def house(storage: SqliteStorage | None = None, **shares: float) -> ContactCenter:
    center = ContactCenter(clock=ManualClock("2026-01-05T09:00:00Z"), seed=1, storage=storage)
    for queue in QUEUES:
        center.queues.add(Queue(queue))
    for agent in ("ana", "bob", "cyd"):
        center.agents.add(Agent(agent, queues=["red"] if agent != "cyd" else ["blue"]))
        center.agents.sign_in(agent)
    center.worktypes.save_distribution(Distribution("all", shares=shares or {"red": 3, "blue": 1}))
    center.worktypes.save(Worktype("chore", distribution="all"))
    return center


def work(center: ContactCenter, minutes: int = 5) -> str:
    """One chore, taken and done by whoever is offered it."""
    item = center.work.submit(WorkItem(worktype="chore"))
    offer = center.offers.of_item(item)[0]
    assignment = center.offers.accept(offer.id)
    center.advance(f"{minutes}m")
    center.assignments.complete(assignment)
    return offer.agent


def test_departments_against_their_shares_and_agents_against_each_other() -> None:
    """Shares and distance are those of `spread`; who is there and gets nothing makes the load uneven."""
    center = house()
    taken = Counter(work(center) for _ in range(8))
    center.agents.sign_out("bob")
    taken.update(work(center, 10) for _ in range(5))
    rows = {row.queue: row for row in center.reports.segments()}
    for spread in center.worktypes.spread("all"):
        row = rows[spread.queue]
        assert (row.share, row.given, row.off) == pytest.approx((spread.share, spread.given, spread.off))
    red, blue = rows["red"], rows["blue"]
    assert (red.agents, red.taken, red.given) == (2, 10, 10)
    assert red.evenness == pytest.approx(evenness([taken["ana"], taken["bob"]]))
    assert red.time_evenness is not None
    assert red.time_evenness < red.evenness < 1  # type: ignore[operator]
    assert (blue.agents, blue.evenness, blue.given_share) == pytest.approx((1, 1, 3 / 13))
    alone = center.reports.segments(Where(queues=["red"], agents=["bob"]))
    assert [(row.queue, row.agents, row.taken) for row in alone] == [("red", 1, taken["bob"])]


def test_shares_that_change_measure_what_they_gave_only() -> None:
    """Each item counts by the shares in force when it came; the same shares again are no change."""
    center = house(red=1, blue=1)
    for _ in range(4):
        work(center)
    center.advance("40m")
    center.worktypes.save_distribution(Distribution("all", shares={"red": 1}))
    center.worktypes.save_distribution(Distribution("all", shares={"red": 1}))
    for _ in range(2):
        work(center)
    rows = {row.queue: row for row in center.reports.segments()}
    assert (rows["red"].share, rows["red"].given, rows["red"].off) == pytest.approx((4 / 6, 4, 0))
    assert (rows["blue"].share, rows["blue"].given, rows["blue"].off) == pytest.approx((2 / 6, 2, 0))
    hourly = center.reports.segments(every="1h")
    assert [(row.start and row.start.hour, row.queue, row.share) for row in hourly] == [
        (9, "blue", 0.5),
        (9, "red", 0.5),
        (10, "red", 1.0),
    ]


def test_an_agent_who_is_there_and_gets_nothing_counts() -> None:
    """Of two who are there one has it all; one on a break is not compared."""
    center = house(red=1)
    work(center)
    [both] = center.reports.segments()
    assert (both.agents, both.taken, both.evenness, both.time_evenness) == (2, 1, 0.5, 0.5)
    other = house(red=1)
    other.agents.set_presence("bob", "break")
    other.advance("1h")
    work(other)
    assert other.reports.segments(Where(since="2026-01-05T10:00:00Z"))[0].evenness == 1


def test_nothing_given_gives_no_rows_and_nothing_taken_no_evenness() -> None:
    """A queue of which nobody took anything has no evenness to tell."""
    center = house(green=1)
    assert center.reports.segments() == ()
    center.work.submit(WorkItem(worktype="chore"))
    [row] = center.reports.segments()
    assert (row.queue, row.agents, row.evenness, row.time_evenness, row.off) == ("green", 0, None, None, 0)
    with center.acting_as(Principal("nora", divisions={"default"})), pytest.raises(NotPermitted):
        center.reports.segments()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_intervals_add_up_and_a_replayed_log_counts_the_same(seed: int) -> None:
    """Items given over all intervals are those of the log; nothing is off by more than one item."""
    rng = Random(seed)
    center = house(red=rng.randint(1, 9), blue=rng.randint(1, 9))
    for _ in range(rng.randint(1, 20)):
        work(center, rng.randint(1, 40))
    events = [r.event for r in center.events() if r.type == "workitems.submitted"]
    logged = Counter((event.distribution, event.queue) for event in events)
    counted: Counter[tuple[str, str]] = Counter()
    for row in center.reports.segments(every="15m"):
        counted[row.distribution, row.queue] += row.given
    assert +counted == logged
    assert all(abs(row.off) <= 1 for row in center.reports.segments())
    assert Ledger.of(center.events()).segments() == center.reports.segments()
    center.check()


def test_segments_as_csv_and_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same rows by both ways."""
    path = tmp_path / "center.db"
    with SqliteStorage(path) as storage:
        center = house(storage)
        for _ in range(4):
            work(center)
        rows = center.reports.segments()
    file = io.StringIO()
    write_csv(SegmentRow, rows, file)
    header, first, *_ = file.getvalue().splitlines()
    assert header.split(",")[:5] == ["distribution", "queue", "share", "given", "given_share"]
    assert first.split(",")[:4] == ["all", "blue", "0.25", "1"]
    assert main(["report", str(path), "--view", "segments", "--format", "jsonl"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["queue"], row["given"]) for row in told] == [("blue", 1), ("red", 3)]
