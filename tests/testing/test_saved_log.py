"""Saved logs: the same records and the same state again, and clear words about what is no such file."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from tests.driver import run_script

from switchroom.cli.main import main
from switchroom.errors import DamagedRecord, StorageError
from switchroom.testing.saved_log import open_log, read_log, save_log


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of a long script."""
    return save_log(run_script(3, 60).center, tmp_path_factory.mktemp("logs") / "a.jsonl")


@pytest.mark.parametrize("seed", range(5))
def test_the_same_records_and_the_same_state(seed: int, tmp_path: Path) -> None:
    """Saved and read, a log is the same; replayed, it gives the state of the center that made it."""
    center = run_script(seed, 80).center
    log = read_log(save_log(center, tmp_path / "log.jsonl"))
    assert list(log.storage.read()) == list(center.events())
    assert (log.zone, log.now) == (center.zone, center.now())
    kernel, routing = center.fresh()
    kernel.replay((record.at, record.event) for record in log.storage.read())
    kernel.advance(center._kernel.now, [])
    assert routing.dump() == center._routing.dump()


def test_an_opened_log_goes_on(path: Path) -> None:
    """A center opened from a file takes new work, and the file stays as it is."""
    before = path.read_bytes()
    center = open_log(path)
    center.advance("10m")
    center.check()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda lines: [], "no saved log"),
        (lambda lines: ["[]", *lines], "no saved log"),
        (lambda lines: ['{"a": 1}'], "no saved log"),
        (lambda lines: [lines[0].replace('"switchroom_log":1', '"switchroom_log":9')], "later release"),
        (lambda lines: [lines[0], *lines[2:]], "record 1: the line is no record, or out of place"),
        (lambda lines: [*lines[:5], lines[5][:-20]], "record 5"),
        (lambda lines: [*lines[:2], lines[2].replace('"type":"', '"type":"x')], "record 2: unknown type"),
    ],
)
def test_what_is_no_log_is_told(path: Path, tmp_path: Path, change: object, problem: str) -> None:
    """A file that is something else, cut, or of another release says so, with the position."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text("\n".join(change(path.read_text().splitlines())), encoding="utf-8")  # type: ignore[operator]
    with pytest.raises((StorageError, DamagedRecord), match=problem):
        read_log(bad)


def test_replay_on_the_command_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``switchroom replay`` checks the state and shows it: all of it, up to a position, or one item."""
    count = len(path.read_text().splitlines()) - 1
    assert main(["replay", str(path)]) == 0
    assert f"{count} records replayed; the state is sound" in capsys.readouterr().out
    position = Random(1).randrange(20, count)
    assert main(["replay", str(path), "--to", str(position), "--last", "1", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [event["position"] for event in shown["events"]] == [position]
    assert {agent["id"] for agent in shown["agents"]} == set(open_log(path).agents.ids())
    item = next(r.event.item for r in read_log(path).storage.read() if r.type == "routing.item_submitted")
    assert main(["replay", str(path), "--item", item, "--to", "40"]) in (0, 2)
    assert main(["replay", str(path), "--to", "0"]) == 2
    assert main(["replay", "no-such-file"]) == 2
