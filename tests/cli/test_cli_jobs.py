"""The jobs of the command line, run as a user would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from switchroom.cli import screen
from switchroom.cli.demo import bundled, bundled_configuration
from switchroom.cli.main import COMMANDS, main
from switchroom.config import dump, parse
from switchroom.routing.lint import lint

CENTER = """
[queue.sales]
alert_timeout = "20s"
service_level = { share = 0.8, within = "30s" }
[queue.support]
limit = 1
[agent.ana]
skills = { spanish = 4 }
queues = ["sales", "support"]
[agent.bob]
queues = ["sales"]
[[shift]]
agents = ["ana", "bob"]
hours = "09:00-17:00"
[[behaviour]]
answer = "5s"
handle = "2m"
spread = 0
"""

TRAFFIC = """at,id,queue,requirement,handle
9:00:00,one,sales,spanish >= 3,2m
9:00:30,two,sales,,2m
9:00:40,three,sales,spanish,2m
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration and traffic in the present directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "center.toml").write_text(CENTER)
    (tmp_path / "day.csv").write_text(TRAFFIC)
    return tmp_path


@pytest.fixture(scope="module")
def demo() -> dict[str, Any]:
    """What ``demo --json`` prints, in a process of its own with another hash seed."""
    done = subprocess.run(
        [sys.executable, "-m", "switchroom.cli.main", "demo", "--json"],
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# -- demo


def test_demo_is_the_same_every_time(demo: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """The same seed gives the same output, in any process."""
    assert main(["demo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == demo


def test_demo_is_a_day_of_a_contact_center(demo: dict[str, Any]) -> None:
    """The bundled day has all media, some thirty agents, and what makes a day: abandoned calls, refusals, transfers."""
    totals, queues, agents = demo["totals"], demo["queues"], demo["agents"]
    assert 2_000 <= totals["submitted"] <= 3_000
    assert 28 <= len(agents) <= 36
    assert {queue["queue"] for queue in queues} == {"chat", "email", "office", "reserve", "sales", "support", "vip"}
    for name in ("overflowed", "transferred", "relaxed", "escalated", "alerts"):
        assert totals[name] > 0, name
    for name in ("abandoned", "moved"):
        assert sum(queue[name] for queue in queues) > 0, name
    for name in ("declined", "missed"):
        assert sum(agent[name] for agent in agents) > 0, name
    assert demo["turned_away"] == []
    talk = demo["talk"]
    assert talk["conversations"] == talk["by_flow_and_bot"] + talk["to_people"] > 100
    assert min(talk["reopened"], talk["stops"], talk["answered"]) > 5


def test_demo_adds_up(demo: dict[str, Any]) -> None:
    """Every stay has one outcome, and what queues say was answered is what agents accepted, but for transfers."""
    outcomes = ("answered", "abandoned", "timed_out", "cancelled", "moved", "waiting")
    for queue in demo["queues"]:
        assert queue["offered"] == sum(queue[name] for name in outcomes)
        assert queue["service_level"] is None or 0 <= queue["service_level"] <= 1
    assert sum(queue["answered"] for queue in demo["queues"]) == sum(agent["accepted"] for agent in demo["agents"])
    assert sum(agent["offered"] for agent in demo["agents"]) == demo["totals"]["offers"]
    for agent in demo["agents"]:
        assert agent["busy_seconds"] <= agent["staffed_seconds"]


def test_demo_explains_three_decisions(demo: dict[str, Any]) -> None:
    """Skills relaxed by a step, a choice by idle time, and somebody free who was passed over."""
    relaxed, idle, passed = demo["decisions"]
    assert "relaxed" in relaxed["title"]
    assert relaxed["decision"]["stage"]["step"] > 1
    assert "idle since" in idle["decision"]["tie_break"]
    asked = passed["title"].split()[2].rstrip(",")
    (candidate,) = (one for one in passed["decision"]["candidates"] if one["agent"] == asked)
    assert not candidate["eligible"]
    for one in demo["decisions"]:
        assert one["decision"]["chosen"] is not None
        assert one["decision"]["candidates"][0]["agent"] == one["decision"]["chosen"]


def test_demo_in_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without rich, tables and progress are plain lines of ASCII, and a hint says what to install."""
    monkeypatch.setattr(screen, "find_spec", lambda name: None)
    assert main(["demo", "--seed", "2"]) == 0
    out, err = capsys.readouterr()
    assert "\nQueues\nqueue " in out
    assert out.count("Decision ") == 3
    assert 'pip install "switchroom[cli]"' in err
    assert "arrivals" in err
    assert out.isascii()


def test_bundled_files_belong_together() -> None:
    """The bundled configuration has nothing that the static check objects to, and reads back equal when written."""
    configuration = bundled_configuration()
    items = [arrival.work for arrival in bundled().arrivals]
    assert lint(queues=configuration.queues, agents=configuration.agents, intakes=configuration.intakes) == ()
    assert {work.medium for work in items} == {"voice", "message", "email", "workitem"}
    assert parse(dump(configuration)) == configuration


def test_bundled_traffic_is_what_its_maker_makes() -> None:
    """The traffic in the package is the output of the script beside this test."""
    from make_demo_traffic import text

    from switchroom.cli.demo import _read

    assert _read("demo_traffic.csv") == text()


# -- run


def test_run_prints_figures(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Figures of queues and agents, and exit code 0."""
    assert main(["run", "center.toml", "day.csv"]) == 0
    out, _ = capsys.readouterr()
    assert "2026-01-05 00:00 to 2026-01-06 00:00 UTC, seed 1\n3 items submitted, 3 offers made" in out
    rows = [line.split() for line in out.splitlines()]
    # The third one waits from 9:00:40 until the first call is over, at 9:02:05, and for the answer.
    assert ["queue", "offered", "answered", "wait", "longest", "in", "time", "target"] in rows
    assert ["sales", "3", "3", "0:33", "1:30", "66.7%", "80/30s"] in rows
    assert ["ana", "2", "2", "2", "8.0h", "0.1h", "0.8%", "2:00"] in rows


def test_run_as_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object and nothing else, with the explanation that was asked for."""
    assert main(["run", "center.toml", "day.csv", "--json", "--explain", "one"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert err == ""
    assert [agent["handled"] for agent in found["agents"]] == [2, 1]
    assert found["decision"]["chosen"] == "ana"


def test_run_from_json_lines_is_the_same(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same traffic as JSON lines gives the same figures."""
    names, *rows = (line.split(",") for line in TRAFFIC.splitlines())
    lines = [json.dumps({k: v for k, v in zip(names, row, strict=True) if v}) for row in rows]
    (files / "day.jsonl").write_text("\n".join(lines))
    outputs = []
    for traffic in ("day.csv", "day.jsonl"):
        assert main(["run", "center.toml", traffic, "--json"]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]


def test_run_writes_the_log(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every event is a line of JSON, in order, and no other file is left behind."""
    assert main(["run", "center.toml", "day.csv", "--log", "day.log"]) == 0
    records = [json.loads(line) for line in (files / "day.log").read_text().splitlines()]
    assert [record["position"] for record in records] == list(range(1, len(records) + 1))
    (submitted,) = (r for r in records if r["type"] == "routing.item_submitted" and r["event"]["item"] == "one")
    assert submitted["event"]["work"]["requirement"] == "spanish >= 3"
    assert sorted(path.name for path in files.iterdir()) == ["center.toml", "day.csv", "day.log"]


def test_run_tells_what_was_turned_away(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Work that a full queue refuses is listed by line, and the exit code is 1."""
    (files / "day.csv").write_text("at,queue\n8:00:00,support\n8:00:01,support\n")
    assert main(["run", "center.toml", "day.csv"]) == 1
    assert "line 3: queue 'support' is full" in capsys.readouterr().out


def test_run_tells_what_fits_no_rule(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Work that fits no intake rule is held for a person; the figures say so, and the exit code is 1."""
    with (files / "center.toml").open("a") as file:
        file.write('[intake.default]\nrules = [{ when = "medium == \\"voice\\"", queue = "sales" }]\n')
    (files / "day.csv").write_text("at,medium\n9:00:00,voice\n9:00:01,email\n")
    assert main(["run", "center.toml", "day.csv"]) == 1
    assert "held for a person 1, turned away 0" in capsys.readouterr().out


BAD_INPUT = [
    (["run", "none.toml", "day.csv"], "switchroom run: none.toml: No such file or directory"),
    (["run", "center.toml", "none.csv"], "switchroom run: none.csv: No such file or directory"),
    (["run", "center.toml", "."], "switchroom run: .: Is a directory"),
    (["run", "day.csv", "day.csv"], "switchroom run: day.csv: no TOML"),
    (["run", "center.toml", "bad.csv"], "switchroom run: bad.csv, line 3, column queue: is not in the configuration"),
    (["run", "center.toml", "latin.csv"], "switchroom run: latin.csv, line 2: is not UTF-8"),
    (["run", "center.toml", "day.csv", "--date", "Monday"], "switchroom run: --date: a date looks like"),
    (["run", "center.toml", "day.csv", "--explain", "no"], "switchroom run: unknown item: 'no'"),
    (["run", "center.toml", "day.csv", "--log", "none/x"], "No such file or directory"),
    (["explain", "center.toml", "day.csv", "one", "--agent", "bob"], "switchroom explain: --agent: needs --at"),
    (["explain", "center.toml", "day.csv", "one", "--at", "soon"], "switchroom explain: --at: a duration"),
    (["explain", "center.toml", "day.csv", "two", "--at", "9h0m10s"], "switchroom explain: unknown item: 'two'"),
    (["estimate-error", "center.toml"], "switchroom estimate-error: TRAFFIC: is needed with CONFIG"),
    (["lint", "bad.toml"], "switchroom lint: bad.toml: queue.a.limt: unknown key 'limt', did you mean 'limit'?"),
    (["lint", "escape.toml"], "unknown key '\\x1b[2j'"),
]


@pytest.mark.parametrize(("words", "message"), BAD_INPUT, ids=[" ".join(words[:4]) for words, _ in BAD_INPUT])
def test_bad_input(files: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    """What is wrong is told in one message on standard error, nothing is printed, and the exit code is 2."""
    (files / "bad.toml").write_text("[queue.a]\nlimt = 3\n")
    (files / "escape.toml").write_text('[queue.a]\n"\\u001b[2j" = 3\n')
    (files / "bad.csv").write_text("at,queue\n9:00:00,sales\n9:00:00,sails\n")
    (files / "latin.csv").write_bytes("at,queue,attr.x\n9:00:00,sales,\xe4\n".encode("latin-1"))
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert "Traceback" not in err
    assert "\x1b" not in err


# -- explain, lint, estimate-error


def test_explain(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Why an item went to its agent, why it waits, and why it is not another's."""
    assert main(["explain", "center.toml", "day.csv", "two"]) == 0
    assert "chosen: bob" in capsys.readouterr().out
    assert main(["explain", "center.toml", "day.csv", "three", "--at", "9h1m"]) == 0
    assert "chosen: nobody" in capsys.readouterr().out
    assert main(["explain", "center.toml", "day.csv", "three", "--at", "9h1m", "--agent", "bob", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["agent"], answer["eligible"]) == ("bob", False)


def test_lint(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No finding: 0; errors or warnings, of the configuration or of sample work: 1."""
    assert main(["lint", "center.toml"]) == 0
    assert capsys.readouterr().out == "2 queues, 2 agents: no findings\n"
    (files / "day.csv").write_text("at,queue,requirement\n9:00:00,sales,klingon >= 3\n")
    assert main(["lint", "center.toml", "--traffic", "day.csv", "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert "nobody_can" in {finding["code"] for finding in findings}


def test_estimate_error(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error of the estimated waits over one's own day."""
    assert main(["estimate-error", "center.toml", "day.csv", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entered"] == 3


# -- the command itself


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version of the distribution."""
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("switchroom 0.")


@pytest.mark.parametrize("words", [[], ["bogus"], ["run"], ["demo", "--seed", "x"], ["demo", "--bogus"]])
def test_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A command line that is wrong gets the usage, and exit code 2."""
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "usage: switchroom" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"staff", "classify"}))
def test_help_has_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The help of a command ends with examples of it."""
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert f"  switchroom {name}" in capsys.readouterr().out.partition("examples:")[2]


def test_output_that_nobody_reads(files: Path) -> None:
    """A reader that leaves ends the command quietly."""
    command = [sys.executable, "-m", "switchroom.cli.main", "run", "center.toml", "day.csv", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


def test_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends a command without a traceback."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("switchroom.cli.demo.bundled", interrupt)
    assert main(["demo"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_command_imports_itself_only() -> None:
    """The version costs no simulation, and routing nothing of the command line's extra."""
    script = (
        "import sys; sys.argv = ['switchroom', '--version']; from switchroom.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: print(sorted(m for m in sys.modules if m.startswith(('rich', 'switchroom.sim'))))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
