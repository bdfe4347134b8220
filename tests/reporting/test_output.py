"""Rows written out: CSV, JSON lines, plain values; filters and groups that are refused; demand for planning."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk import Desk, agents
from switchroom import MemoryStorage, Queue
from switchroom.errors import InvalidInput, StorageError
from switchroom.reporting import lines, plots
from switchroom.reporting.ledger import Ledger
from switchroom.reporting.output import write_csv, write_json_lines
from switchroom.reporting.rows import InteractionRow, QueueRow
from switchroom.reporting.where import Where
from switchroom.simulation.history import read_history, write_history
from switchroom.simulation.workforce import demand


@pytest.fixture
def desk() -> Desk:
    """Two queues; one item served after ten seconds, one that waits."""
    desk = Desk(Queue("q"), Queue("other"), *agents("ana"))
    desk.submit("one", medium="voice", contact="kim", attributes={"name": "Kim"})
    desk.wait(10)
    assignment = desk.accept("one")
    desk.wait(60)
    desk.assignments.complete(assignment, code="=cmd()")
    desk.submit("two", "other", medium="email")
    return desk


def test_csv_has_a_header_seconds_and_no_formulas(desk: Desk) -> None:
    """Durations are seconds, groups that nothing is grouped by are left out, and no cell is a formula."""
    file = io.StringIO()
    write_csv(QueueRow, desk.center.reports.queues(), file)
    header, *rows = csv.reader(io.StringIO(file.getvalue()))
    assert header[:3] == ["queue", "offered", "answered"]
    assert "mean_wait_seconds" in header
    table = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert (table["q"]["mean_wait_seconds"], table["other"]["mean_wait_seconds"]) == (
        "10.0",
        "",
    )
    file = io.StringIO()
    write_csv(
        InteractionRow,
        desk.center.reports.interactions(item="one"),
        file,
        ["item", "code", "agents", "steps"],
    )
    (header, row) = csv.reader(io.StringIO(file.getvalue()))
    assert row[:3] == ["one", "'=cmd()", "ana"]
    assert '"what": "offer_made"' in row[3]
    file = io.StringIO()
    write_csv(QueueRow, [], file, ["queue", "offered"])
    assert file.getvalue() == "queue,offered\n"


def test_json_lines_have_every_column(desk: Desk) -> None:
    """One object a line; instants as ISO text, steps as objects."""
    file = io.StringIO()
    write_json_lines(desk.center.reports.queues(every="1h"), file)
    rows = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [(row["start"], row["queue"], row["offered"]) for row in rows] == [
        ("2026-01-05T12:00:00+00:00", "other", 1),
        ("2026-01-05T12:00:00+00:00", "q", 1),
    ]
    file = io.StringIO()
    write_json_lines(desk.center.reports.interactions(), file)
    first = json.loads(file.getvalue().splitlines()[0])
    assert (
        first["talk_seconds"],
        first["wait_seconds"],
        first["steps"][0]["what"],
    ) == (60.0, 10.0, "item_submitted")


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (lambda r: r.queues(by=["agent"]), "by"),
        (lambda r: r.queues(every="7m"), "every"),
        (lambda r: r.queues(every="0s"), "every"),
        (lambda r: r.queues(zone="Nowhere"), "zone"),
        (lambda r: r.queues(Where(agents=["ana"])), "where.agents"),
        (lambda r: r.skills(Where(agents=["ana"])), "where.agents"),
        (lambda r: r.presences(Where(queues=["q"])), "where"),
        (lambda r: r.queues(Where(since="2026-01-05T12:00:01Z")), "where"),
        (
            lambda r: r.queues(Where(since="2026-01-05T12:15:00Z", until="2026-01-05T12:00:00Z")),
            "where.since",
        ),
        (lambda r: r.queues(Where(since="2020-01-05T12:00:00Z")), "where"),
        (lambda r: r.activity(Where(since="2026-01-05T12:00:00Z")), "where"),
        (lambda r: Where(queues="q"), "where"),
        (lambda r: r.interactions(item="one", contact="kim"), "interactions"),
        (lambda r: r.interactions(Where(skills=["spanish"])), "where.skills"),
        (lambda r: Ledger(interval="7m"), "interval"),
        (lambda r: Ledger(keep="1h"), "keep"),
        (lambda r: write_csv(QueueRow, [], io.StringIO(), ["colour"]), "columns"),
    ],
)
def test_what_makes_no_sense_is_refused(desk: Desk, ask: Any, field: str) -> None:
    """With the name of what is wrong."""
    with pytest.raises(InvalidInput) as refusal:
        ask(desk.center.reports)
    assert refusal.value.field == field


def test_records_are_counted_once_and_in_order(desk: Desk) -> None:
    """A record twice, or one left out, would make every figure wrong."""
    records = list(desk.center.events())
    ledger = Ledger.of(records[:5])
    with pytest.raises(InvalidInput):
        ledger.add(records[4])
    with pytest.raises(InvalidInput):
        ledger.add(records[6])
    ledger.add(records[5])
    assert ledger.position == 6


def test_intervals_follow_the_clock_of_the_zone() -> None:
    """A day begins at local midnight, the hour that comes twice in autumn is two hours."""
    desk = Desk(Queue("q"))
    desk.wait_until(datetime(2026, 10, 24, 21, 30, tzinfo=UTC))
    for n in range(10):
        desk.submit(f"i{n}")
        desk.wait(3600)
    reports = desk.center.reports
    found = {
        every: [(f"{row.start:%d %H:%M %z}", row.offered) for row in reports.queues(every=every, zone="Europe/Berlin")]
        for every in ("1d", "1h", "6h")
    }
    assert found["1d"] == [("24 00:00 +0200", 1), ("25 00:00 +0200", 9)]
    assert found["1h"][2:6] == [
        ("25 01:00 +0200", 1),
        ("25 02:00 +0200", 1),
        ("25 02:00 +0100", 1),
        ("25 03:00 +0100", 1),
    ]
    assert found["6h"] == [
        ("24 18:00 +0200", 1),
        ("25 00:00 +0200", 7),
        ("25 06:00 +0100", 2),
    ]


def test_demand_is_what_a_forecast_reads(desk: Desk) -> None:
    """Arrivals and handle times of each interval, empty ones too; arrivals without an end have the mean of all."""
    desk.wait(3600)
    desk.submit("three", medium="voice")
    rows = demand(desk.center.reports, Where(media=["voice"]), interval="15m")
    assert [(row.arrivals, row.handle) for row in rows] == [
        (1, timedelta(seconds=60)),
        (0, timedelta(0)),
        (0, timedelta(0)),
        (0, timedelta(0)),
        (1, timedelta(seconds=60)),
    ]
    file = io.StringIO()
    write_history(rows, file)
    assert read_history(io.StringIO(file.getvalue())) == rows
    assert demand(desk.center.reports, Where(media=["chat"])) == ()


def test_work_that_comes_back_is_reopened_once(desk: Desk) -> None:
    """A stay after completion counts as reopened; the next one, after that was moved on, does not."""
    desk.work.move("one", "other")
    desk.work.move("one", "q")
    rows = {row.queue: row for row in desk.center.reports.queues()}
    assert (rows["other"].reopened, rows["q"].reopened, rows["q"].reopen_rate) == (1, 0, 0.0)


def test_what_is_taken_from_aside_is_an_interaction_of_its_own(desk: Desk) -> None:
    """Parked, then assigned by hand: worked on outside every queue."""
    desk.work.suspend("two", reason="later")
    desk.wait(60)
    assignment = desk.work.assign("two", "ana")
    desk.wait(30)
    desk.assignments.complete(assignment)
    first, second = desk.center.reports.interactions(item="two")
    assert (first.stay, first.outcome, first.agents) == (1, "parked", ())
    assert (second.stay, second.queue, second.cause, second.outcome) == (0, None, "assigned", "completed")
    assert (second.agents, second.talk) == (("ana",), timedelta(seconds=30))


def test_a_log_without_its_beginning_is_refused() -> None:
    """Figures without what came before would be wrong."""
    desk = Desk(Queue("q"), *agents("ana"), storage=MemoryStorage(keep=2))
    for _ in range(5):
        desk.submit(f"item-{desk.end()}")
    with pytest.raises(StorageError, match="beginning"):
        desk.center.reports.queues()


def test_too_many_kinds_of_work_are_counted_without_their_skills(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays bounded, and nothing is left out of the queue's figures."""
    monkeypatch.setattr(lines, "MAX_LINES", 3)
    desk = Desk(Queue("q"))
    for n in range(9):
        desk.submit(f"i{n}", requirement=f"skill{n}")
    (row,) = desk.center.reports.queues()
    assert (row.offered, row.waiting) == (9, 9)
    assert len(desk.center.reports.skills()) < 9


def test_plots_hold_still_with_little_to_show() -> None:
    """One value, none, and a single slot make a plot as well."""
    series = (plots.Series("a", "main area", (None, 1.0, None, 0.0)), plots.Series("b", "second", (None,) * 4))
    drawn = plots.lines(list("wxyz"), series, "what", str, target=0.5)
    assert drawn.count("<circle") == 2
    assert "nan" not in drawn
    assert plots.bars(["x"], [plots.Series("a", "main", (0.0,))], "what", str).count("<rect") == 0
    assert plots.heat_map([], [], "nothing", str).startswith("<svg")
