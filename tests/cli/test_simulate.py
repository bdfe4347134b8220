"""``switchroom simulate`` and ``switchroom backtest``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from switchroom import ContactCenter, ManualClock, WorkItem
from switchroom.cli.main import main
from switchroom.config import parse
from switchroom.storage.sqlite import SqliteStorage

MODEL = """
period = "30m"
[type.calls]
rates = [40, 60]
patience = "2m"
target = { share = 0.8, within = "20s" }
[group.team]
staff = [STAFF]
types = ["calls"]
"""

CENTER = """
[queue.sales]
auto_answer = true
[agent.ana]
queues = ["sales"]
[agent.bob]
queues = ["sales"]
[[behaviour]]
handle = "2m"
patience = "1m"
"""

TRAFFIC = """
period = "1h"
[type.calls]
rates = [0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 50]
queue = "sales"
"""

CALLS = """type,queued,left,ended,agent,outcome
sales,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,2026-03-02T09:03:00Z,ana,answered
sales,2026-03-02T09:00:30Z,2026-03-02T09:03:00Z,2026-03-02T09:05:00Z,ana,answered
sales,2026-03-02T09:01:00Z,2026-03-02T09:02:00Z,,,abandoned
sales,2026-03-02T09:01:30Z,2026-03-02T09:05:00Z,2026-03-02T09:06:00Z,ana,answered
sales,soon,2026-03-02T09:02:00Z,,,abandoned
"""

QUICK = ["--replications", "3", "--processes", "1"]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "few.toml").write_text(MODEL.replace("STAFF", "1, 1"))
    (tmp_path / "many.toml").write_text(MODEL.replace("STAFF", "9, 9"))
    (tmp_path / "center.toml").write_text(CENTER)
    (tmp_path / "traffic.toml").write_text(TRAFFIC)
    (tmp_path / "day.csv").write_text("at,queue,medium\n9:00:00,sales,voice\n9:00:30,sales,voice\n")
    (tmp_path / "calls.csv").write_text(CALLS)
    return tmp_path


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, list[dict[str, dict[str, float]]]]:
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_a_model_says_whether_the_staff_will_do(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 where the target may be met, 1 where it is missed for sure; the same on two cores."""
    assert main(["simulate", "many.toml", "--json", *QUICK]) == 0
    found = answer(capsys)
    assert main(["simulate", "many.toml", "--json", "--replications", "3", "--processes", "2"]) == 0
    assert answer(capsys) == found
    assert found["types"][0]["service_level"]["mean"] > 0.9
    assert main(["simulate", "few.toml", "--json", *QUICK]) == 1
    assert answer(capsys)["types"][0]["service_level"]["mean"] < 0.8


def test_two_models_side_by_side(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In words: types, groups, periods, and differences that are sure."""
    assert main(["simulate", "few.toml", "--against", "many.toml", "--by-period", *QUICK]) == 1
    out, err = capsys.readouterr()
    assert "\nTypes\ntype" in out
    assert "\nAgents\ngroup" in out
    assert "\nDifferences\n" in out
    assert "yes" in out
    assert "3 replications" in err


@pytest.mark.parametrize("traffic", ["traffic.toml", "day.csv"])
def test_a_configuration_and_its_traffic(files: Path, capsys: pytest.CaptureFixture[str], traffic: str) -> None:
    """Made up by type, or as it was by queue."""
    assert main(["simulate", "center.toml", traffic, "--json", "--by-period", "--period", "6h", *QUICK]) == 0
    found = answer(capsys)
    [(name, arrived)] = {(row["type"], row["arrived"]["mean"]) for row in found["types"]}  # type: ignore[misc]
    assert (name, arrived) == ("sales", 2) if traffic == "day.csv" else name == "calls" and 50 < arrived < 110
    assert found["queues"][0]["offered"]["mean"] == arrived


def test_a_log_is_played_again(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The log of a center in SQLite, under another configuration, with an explanation."""
    with SqliteStorage(files / "center.db", synchronous="normal") as storage:
        clock = ManualClock("2026-03-02T09:00:00Z")
        center = ContactCenter(clock=clock, storage=storage, seed=1)
        parse(CENTER).apply(center)
        center.agents.sign_in("ana")
        for number in range(3):
            center.work.submit(WorkItem(queue="sales", medium="voice"))
            center.advance("20s")
            if number:
                (held,) = center.assignments.of_agent("ana")
                center.assignments.complete(held.id)
                center.advance("10s")
        center.work.abandon("item-3")
    (files / "new.toml").write_text(CENTER.replace("[[behaviour]]", '[agent.carl]\nqueues = ["sales"]\n[[behaviour]]'))
    assert main(["backtest", "center.db", "new.toml", "--json", "--explain", "item-2", "--rules", *QUICK]) == 0
    found = answer(capsys)
    assert found["decisions"] == 3  # type: ignore[comparison-overlap]
    assert {one["id"] for one in found["changed"]} >= {"item-2"}  # type: ignore[comparison-overlap]
    assert found["before"]["chosen"] == "ana"  # type: ignore[call-overload]
    assert found["after"]["chosen"] != "ana"  # type: ignore[call-overload]


def test_a_call_log_is_played_again(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows that cannot be read are told of with exit code 1; the rules that explain the rest are shown."""
    assert main(["backtest", "calls.csv", "center.toml", "--rules", *QUICK]) == 1
    out, err = capsys.readouterr()
    assert "4 pieces of work" in out
    assert "Rules: who is next" in out
    assert "line 6: queued" in err
    assert main(["backtest", "calls.csv", "--json"]) == 1
    rules = answer(capsys)["rules"]
    oldest = next(fit for fit in rules if fit["rule"] == "oldest")  # type: ignore[comparison-overlap]
    assert (oldest["decisions"], oldest["explained"]) == (1, 1)


BAD = [
    (["simulate", "center.toml"], "TRAFFIC: is needed"),
    (["simulate", "few.toml", "traffic.toml"], "says itself what arrives"),
    (["simulate", "few.toml", "--replications", "0"], "replications"),
    (["simulate", "few.toml", "--confidence", "100"], "confidence"),
    (["simulate", "typo.toml"], "type.calls.rate: unknown key 'rate', did you mean 'rates'?"),
    (["backtest", "nowhere.db"], "nowhere.db"),
    (["backtest", "few.toml", "center.toml"], "neither a SQLite file nor a saved log"),
    (["backtest", "calls.csv", "other.toml"], "'sales'"),
    (["backtest", "calls.csv", "--explain", "x"], "needs a CONFIG"),
    (["backtest", "day.csv"], "no column 'type'"),
]


@pytest.mark.parametrize(("words", "message"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_input(files: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    """One message that names what is wrong, nothing on standard output, exit code 2."""
    (files / "typo.toml").write_text('[type.calls]\nrate = [1]\n[group.g]\nstaff = [1]\ntypes = ["calls"]\n')
    (files / "other.toml").write_text('[queue.other]\n[agent.ana]\nqueues = ["other"]\n')
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert "Traceback" not in err
