"""``switchroom report`` and ``switchroom log``, run on real files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from conversations.help_desk import OURS, customer
from switchroom import Agent, Contact, ContactCenter, Line, ManualClock, Queue, WorkItem
from switchroom.cli.main import main
from switchroom.storage.sqlite import SqliteStorage
from switchroom.testing.saved_log import save_log

CENTER = """
zone = "Europe/Berlin"
[queue.sales]
service_level = { share = 0.8, within = "30s" }
[agent.ana]
queues = ["sales"]
[[shift]]
agents = ["ana"]
hours = "09:00-17:00"
[[behaviour]]
answer = "5s"
handle = "2m"
spread = 0
"""
TRAFFIC = """at,id,queue,medium,contact
9:00:00,one,sales,voice,kim
9:00:30,two,sales,voice,lee
9:20:00,three,sales,voice,moe
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A SQLite log of a small center, with a conversation; and a configuration with its traffic."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "center.toml").write_text(CENTER)
    (tmp_path / "day.csv").write_text(TRAFFIC)
    path = tmp_path / "center.db"
    with ContactCenter(clock=ManualClock("2026-01-05T12:00:00Z"), seed=1, storage=SqliteStorage(path)) as center:
        center.queues.add(Queue("sales"))
        center.agents.add(Agent("ana", queues=["sales"]))
        center.agents.sign_in("ana")
        center.conversations.save_line(Line("main", address=OURS, queue="sales"))
        center.conversations.save_contact(Contact("kim", addresses=[customer()], name="Kim Secret"))
        center.conversations.receive(to=OURS, sender=customer(), content="my secret words", provider_id="1")
        center.advance("20s")
        assignment = center.offers.accept(center.offers.of_agent("ana")[0].id)
        center.advance("40s")
        center.assignments.complete(assignment, code="done")
        center.work.submit(WorkItem("task", queue="sales", attributes={"iban": "DE02"}))
        save_log(center, tmp_path / "saved.jsonl")
    return path


def printed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What a command prints."""
    assert main(list(words)) == code
    out, err = capsys.readouterr()
    return out if not code else err


def test_a_log_is_reported_as_table_csv_and_json(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same figures in each form, of a SQLite file and of a saved log."""
    assert "sales" in printed(capsys, "report", str(log))
    rows = list(csv.DictReader(io.StringIO(printed(capsys, "report", str(log), "--format", "csv"))))
    saved = list(csv.DictReader(io.StringIO(printed(capsys, "report", "saved.jsonl", "--format", "csv"))))
    assert [row | {"max_wait_seconds": ""} for row in rows] == [row | {"max_wait_seconds": ""} for row in saved]
    assert (rows[0]["queue"], rows[0]["offered"], rows[0]["mean_wait_seconds"]) == ("sales", "2", "20.0")
    lines = printed(
        capsys, "report", str(log), "--view", "agents", "--by", "agent,1h", "--format", "jsonl"
    ).splitlines()
    (agent,) = [json.loads(line) for line in lines]
    assert (agent["agent"], agent["handled"], agent["start"]) == ("ana", 1, "2026-01-05T12:00:00+00:00")


def test_views_columns_and_filters(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every view answers; columns are chosen; filters narrow."""
    from switchroom.cli.report import VIEWS

    needed = {"attempts": ("--campaign", "x"), "journey": ("--journey", "x")}
    for view in (*VIEWS, "demand"):
        printed(capsys, "report", str(log), "--view", view, *needed.get(view, ()))
    columns = ("--format", "csv", "--columns", "offered,queue")
    assert printed(capsys, "report", str(log), *columns) == "offered,queue\n2,sales\n"
    assert printed(capsys, "report", str(log), *columns, "--medium", "message") == "offered,queue\n1,sales\n"
    assert printed(capsys, "report", str(log), *columns, "--from", "2026-01-06", "--to", "2026-01-07") == (
        "offered,queue\n0,sales\n"
    )
    one = printed(capsys, "report", str(log), "--view", "interactions", "--contact", "kim", "--format", "jsonl")
    found: dict[str, Any] = json.loads(one)
    assert (found["contact"], found["outcome"], found["code"]) == ("kim", "completed", "done")


def test_traffic_is_played_and_reported(log: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A configuration and its traffic, by the clock of the configuration, as demand and as a page."""
    out = printed(capsys, "report", "center.toml", "day.csv", "--by", "15m", "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["start"], row["offered"]) for row in rows] == [
        ("2026-01-05T09:00:00+01:00", 2),
        ("2026-01-05T09:15:00+01:00", 1),
    ]
    demand = printed(capsys, "report", "center.toml", "day.csv", "--view", "demand", "--by", "15m")
    assert demand.splitlines()[1:] == ["2026-01-05T08:00:00Z,900,2,120", "2026-01-05T08:15:00Z,900,1,120"]
    printed(capsys, "report", "center.toml", "day.csv", "--format", "html", "--output", "page.html")
    assert (tmp_path / "page.html").read_text().count("<svg") == 6


@pytest.mark.parametrize(
    "words",
    [
        ("report", "nowhere.db"),
        ("report", "day.csv"),
        ("report", "center.db", "--by", "colour"),
        ("report", "center.db", "--by", "1h,2h"),
        ("report", "center.db", "--from", "yesterday"),
        ("report", "center.db", "--columns", "colour"),
        ("report", "center.db", "--view", "attempts"),
        ("report", "center.db", "--view", "skills", "--by", "queue"),
        ("report", "a", "b", "c"),
        ("log", "nowhere.db"),
        ("log", "center.db", "--tag", "item"),
        ("log", "center.db", "--limit", "-1"),
    ],
)
def test_mistakes_are_told(log: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    """Exit code 2 and one line that says what is wrong."""
    told = printed(capsys, *words, code=2)
    assert told.startswith(f"switchroom {words[0]}: ")
    assert "Traceback" not in told


def test_a_log_is_shown_without_what_is_personal(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Records by tag, type and position; no words, names, numbers or attributes of anybody."""
    text = printed(capsys, "log", str(log))
    machine = printed(capsys, "log", str(log), "--json")
    for secret in ("secret words", "Kim Secret", customer().value, customer().value[2:], "DE02"):
        assert secret not in text + machine
    records = [json.loads(line) for line in machine.splitlines()]
    assert [one["position"] for one in records] == list(range(1, len(records) + 1))
    tagged = [
        json.loads(line) for line in printed(capsys, "log", str(log), "--tag", "item:task", "--json").splitlines()
    ]
    assert [one["type"] for one in tagged][:2] == ["routing.item_submitted", "routing.item_queued"]
    behind = printed(capsys, "log", str(log), "--after", "5", "--limit", "2", "--json").splitlines()
    assert [json.loads(line)["position"] for line in behind] == [6, 7]
    assert "routing.item_submitted" in printed(capsys, "log", str(log), "--count")
    counts = json.loads(printed(capsys, "log", str(log), "--count", "--json"))
    assert sum(counts.values()) == len(records)
    assert len(printed(capsys, "log", "saved.jsonl", "--type", "routing.offer_made").splitlines()) == 2
