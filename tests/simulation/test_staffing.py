"""How many agents a target needs, and the command that says so."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom.cli import staff as command
from switchroom.errors import InvalidInput
from switchroom.simulation.demand import Demand
from switchroom.simulation.erlang import erlang_a, erlang_c
from switchroom.simulation.history import read_history
from switchroom.simulation.staffing import (
    COLUMNS,
    MAX_ARRIVALS,
    ServiceLevel,
    StaffingPlan,
    agents_needed,
    plan_interval,
    staff,
    write_staffing,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_known_interval_needs_a_known_number() -> None:
    """100 calls of three minutes in half an hour, 80 % within 20 s: 14 agents, a common textbook example."""
    answer = agents_needed(100, interval="30m", handle="3m", target="80/20s")
    assert answer.agents == 14
    assert answer.service_level == pytest.approx(0.888, abs=0.001)
    assert answer.occupancy == pytest.approx(10 / 14)
    assert answer.mean_wait.total_seconds() == pytest.approx(7.8, abs=0.1)
    assert answer.abandoned == 0


@settings(max_examples=60)
@given(
    arrivals=st.floats(0.01, 400),
    handle=st.integers(5, 900),
    share=st.floats(0.05, 0.99),
    within=st.integers(0, 120),
    patience=st.none() | st.integers(5, 900),
    occupancy=st.sampled_from([1.0, 0.8, 0.3]),
)
def test_the_answer_is_the_first_number_that_meets_the_target(
    arrivals: float, handle: int, share: float, within: int, patience: int | None, occupancy: float
) -> None:
    """Trying one number of agents after the other ends at the same one."""
    answer = agents_needed(
        arrivals,
        interval=1800,
        handle=handle,
        target=ServiceLevel(share, within),
        patience=patience,
        max_occupancy=occupancy,
    )
    load = arrivals * handle / 1800

    def meets(agents: int) -> bool:
        if patience is not None:
            left = erlang_a(agents, load, theta_over_mu=handle / patience)
            return left.service_level(within / handle) >= share and left.occupancy <= occupancy + 1e-9
        if load >= agents:
            return False
        return erlang_c(agents, load).service_level(within / handle) >= share and load / agents <= occupancy + 1e-9

    assert meets(answer.agents)
    # The search relies on more agents never being worse; walking up from 1 does not.
    walk = range(max(1, answer.agents - 12), answer.agents)
    assert not any(meets(agents) for agents in walk)


def test_people_who_leave_need_fewer_agents() -> None:
    """Erlang A, chosen by a patience, asks for fewer agents than Erlang C, and says how many leave."""
    patient = agents_needed(120, interval="30m", handle="4m", target="80/20s")
    leaving = agents_needed(120, interval="30m", handle="4m", target="80/20s", patience="2m")
    assert leaving.agents < patient.agents
    assert 0.0 < leaving.abandoned < 0.1


def test_a_limit_of_occupancy_adds_agents() -> None:
    """Agents are added until they are busy no more than allowed, to the very share."""
    answer = agents_needed(300, interval="30m", handle="4m", target="50/60s", max_occupancy=0.8)
    assert (answer.agents, answer.occupancy) == (50, pytest.approx(0.8))
    assert agents_needed(300, interval="30m", handle="4m", target="50/60s").agents < 50


@pytest.mark.parametrize(("shrinkage", "scheduled"), [(0.0, 14), (0.3, 20), (0.5, 28), (0.125, 16)])
def test_shrinkage_schedules_more(shrinkage: float, scheduled: int) -> None:
    """So many are scheduled that enough remain."""
    answer = agents_needed(100, interval="30m", handle="3m", target="80/20s", shrinkage=shrinkage)
    assert (answer.agents, answer.scheduled) == (14, scheduled)


def test_a_last_bit_does_not_cost_a_person() -> None:
    """21 of 30 at work with three in ten away: floats make 21 / 0.7 a bit more than 30, and it stays 30."""
    assert 21 / (1.0 - 0.3) > 30
    assert plan_interval(StaffingPlan("80/20s", minimum=21, shrinkage=0.3), 0, "30m", 0).scheduled == 30


def test_concurrency_counts_each_agent_as_so_many_servers() -> None:
    """With three at once, the agents are those whose threefold meets the target, and one fewer does not."""
    answer = agents_needed(200, interval="30m", handle="12m", target="90/30s", concurrency=3)
    load, within = 80.0, 30 / 720
    assert erlang_c(answer.agents * 3, load).service_level(within) == answer.service_level >= 0.9
    assert erlang_c(answer.agents * 3 - 3, load).service_level(within) < 0.9
    assert answer.occupancy == pytest.approx(load / (3 * answer.agents))


def test_no_arrivals_need_nobody_but_the_minimum() -> None:
    """An empty interval needs no agents, or the minimum, and leaves nobody waiting."""
    assert agents_needed(0, interval="30m", handle=0, target="80/20s").agents == 0
    plan = StaffingPlan("80/20s", minimum=3, shrinkage=0.25)
    answer = plan_interval(plan, 0, "30m", "4m")
    assert (answer.agents, answer.scheduled, answer.service_level, answer.occupancy) == (3, 4, 1.0, 0.0)
    assert plan_interval(plan, 1, "30m", "4m").agents == 3


def test_thousands_of_agents_are_found() -> None:
    """A load of 20,000 erlangs needs hardly more agents if all wait; if people leave, those who are left alone."""
    assert 20_000 < agents_needed(150_000, interval="30m", handle="4m", target="80/20s").agents < 20_050
    leaving = agents_needed(150_000, interval="30m", handle="4m", target="80/20s", patience="2m")
    assert leaving.agents < 20_000
    assert leaving.abandoned == pytest.approx(1 - leaving.agents / 20_000, rel=1e-6)
    assert erlang_a(leaving.agents - 1, 20_000, patience=0.5).service_level(20 / 240) < 0.8 <= leaving.service_level


def test_a_target_reads_back_as_written() -> None:
    """The text form of a target parses to the same target."""
    for text in ("80/20s", "99.9/1m30s", "50/0s"):
        assert str(ServiceLevel.parse(text)) == text
    assert ServiceLevel.parse("99.9/2m") == ServiceLevel(0.999, timedelta(minutes=2))


@pytest.mark.parametrize(
    "text", ["", "80", "/", "80/", "/20s", "x/20s", "80/20", "100/20s", "0/20s", "nan/20s", "-5/3s"]
)
def test_a_wrong_target_is_refused(text: str) -> None:
    """A text that is no target is refused by the name of the target."""
    with pytest.raises(InvalidInput, match=r"^target"):
        ServiceLevel.parse(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("arrivals", bad) for bad in (-1, math.nan, math.inf, True, "12", None, MAX_ARRIVALS * 2, 10**400)),
        *(("interval", bad) for bad in (0, -60, math.nan, "30", True, None)),
        *(("handle", bad) for bad in (0, -1, math.inf, "soon", True, None)),
        *(("target", bad) for bad in (None, 0.8, "80%")),
        *(("patience", bad) for bad in (0, -1, "never", True, timedelta(days=3000))),
        *(("max_occupancy", bad) for bad in (0, 1.1, math.nan, True, "1")),
        *(("shrinkage", bad) for bad in (-0.1, 1, 30, math.nan, True)),
        *(("concurrency", bad) for bad in (0, -1, 1.5, True, 101)),
        *(("model", bad) for bad in ("erlang", "", 3)),
    ],
)
def test_each_argument_is_refused_by_its_name(name: str, value: object) -> None:
    """A wrong value is refused with the argument in front."""
    arguments = {"arrivals": 100, "interval": "30m", "handle": "3m", "target": "80/20s", name: value}
    with pytest.raises(InvalidInput, match=rf"^{name}: "):
        agents_needed(arguments.pop("arrivals"), **arguments)  # type: ignore[arg-type]


def test_a_model_and_a_patience_go_together() -> None:
    """Erlang A without a patience, and Erlang C with one, are refused."""
    for model, patience in (("erlang_a", None), ("erlang_c", "2m")):
        with pytest.raises(InvalidInput, match=r"^patience: "):
            StaffingPlan("80/20s", model=model, patience=patience)  # type: ignore[arg-type]


def test_what_no_number_can_serve_is_said() -> None:
    """A load beyond the largest number of servers, or beyond sense, is refused in bounded time."""
    with pytest.raises(InvalidInput) as caught:
        agents_needed(110_000, interval="1h", handle="1h", target="80/20s")
    assert caught.value.code == "unreachable"
    with pytest.raises(InvalidInput) as caught:
        agents_needed(1e7, interval="1m", handle="1h", target="80/20s")
    assert caught.value.code == "load"


def test_each_interval_is_staffed_and_exported() -> None:
    """A list of intervals becomes a CSV with one row each, instants in UTC, in the order given."""
    demand = [Demand(NINE, "30m", 100, "3m"), Demand("2026-03-02T10:30:00+01:00", "30m", 0)]
    rows = staff(demand, StaffingPlan("80/20s", shrinkage=0.3))
    out = io.StringIO()
    write_staffing(rows, out)
    found = list(csv.DictReader(out.getvalue().splitlines()))
    assert tuple(found[0]) == COLUMNS
    assert found[0]["start"] == "2026-03-02T09:00:00Z"
    assert (found[0]["agents"], found[0]["scheduled"], found[0]["service_level"]) == ("14", "20", "0.88835")
    assert (found[1]["start"], found[1]["agents"], found[1]["arrivals"]) == ("2026-03-02T09:30:00Z", "0", "0.0")
    assert [row.arrivals for row in read_history(out.getvalue().splitlines())] == [100, 0]


def test_an_interval_that_cannot_be_staffed_is_named() -> None:
    """The error of one interval among many says which."""
    with pytest.raises(InvalidInput, match="2026-03-02T09:00:00"):
        staff([Demand(NINE, "30m", 1e7, "3h")], StaffingPlan("80/20s"))


def test_demand_needs_a_handle_time() -> None:
    """Arrivals without a handle time are refused; no arrivals need none."""
    with pytest.raises(InvalidInput, match=r"^handle: "):
        Demand(NINE, "30m", 5)
    assert Demand(NINE, "30m", 0).end == NINE + timedelta(minutes=30)


# The command.


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="switchroom")
    command.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["staff", *words])
    code = args.run(args)
    assert isinstance(code, int)
    return code


@pytest.fixture
def history(tmp_path: Path) -> str:
    """Five weeks, from Monday 5 January 2026, of 60 an hour from 9 to 17, local time of Madrid, all week."""
    lines = ["start,interval_seconds,arrivals,handle_seconds"]
    for hour in range(24 * 35):
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=hour)
        busy = 8 <= at.hour < 16
        lines.append(f"{at.isoformat()},3600,{60 if busy else 0},{180 if busy else ''}")
    path = tmp_path / "history.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return str(path)


def test_the_command_answers_for_one_interval(capsys: pytest.CaptureFixture[str]) -> None:
    """One interval gives the number of agents as a table, or as JSON."""
    words = ("--arrivals", "100", "--interval", "30m", "--handle", "3m", "--target", "80/20s", "--shrinkage", "0.3")
    assert _run(*words) == 0
    table = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert (table["agents"], table["scheduled"], table["model"]) == ("14", "20", "erlang_c")
    assert _run(*words, "--json", "--patience", "2m") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["agents"] == 12
    assert set(found) == {"agents", "scheduled", "service_level", "occupancy", "mean_wait_seconds", "abandoned"}


def test_the_command_forecasts_and_staffs(history: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A history gives the days after it, hour by hour in the zone asked for, and the error of the method."""
    assert _run("--history", history, "--days", "2", "--zone", "Europe/Madrid") == 0
    out = capsys.readouterr().out.splitlines()
    assert len([line for line in out if line.startswith("2026-02-")]) == 48
    nine = next(line for line in out if line.startswith("2026-02-09T09:00:00+01:00"))
    expected = agents_needed(60, interval="1h", handle="3m", target="80/20s")
    assert nine.split()[1:6] == ["60.0", "0.0", "180s", str(expected.agents), str(expected.scheduled)]
    assert any(line.startswith("back-test, 3 x 7 days, 504 intervals") for line in out)


def test_the_command_writes_what_it_reads(history: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The CSV of a forecast can be staffed again, to the same numbers; the back-test goes to standard error."""
    assert _run("--history", history, "--days", "1", "--csv") == 0
    first = capsys.readouterr()
    assert "back-test" in first.err
    assert "back-test" not in first.out
    again = tmp_path / "forecast.csv"
    again.write_text(first.out)
    assert _run("--forecast", str(again), "--csv") == 0
    assert capsys.readouterr().out == first.out


def test_the_command_gives_json_of_all_intervals(history: str, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON holds the intervals and the back-test."""
    assert _run("--history", history, "--days", "1", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["intervals"]) == 24
    assert found["back_test"]["forecast"] == {"wape": 0.0, "mae": 0.0, "bias": 0.0, "coverage": 1.0}
    assert found["back_test"]["beats_last_week"] is False


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--arrivals", "nan", "--interval", "30m", "--handle", "3m"], "arrivals"),
        (["--arrivals", "10", "--handle", "3m"], "--interval"),
        (["--arrivals", "10", "--interval", "30m"], "--handle"),
        (["--arrivals", "10", "--interval", "30m", "--handle", "3m", "--target", "80"], "target"),
        (["--arrivals", "10", "--interval", "30m", "--handle", "3m", "--csv"], "--csv"),
        (["--history", "no-such-file.csv"], "no-such-file.csv"),
        (["--history", str(Path(__file__))], "line 1"),
        (["--forecast", "no-such-file.csv"], "no-such-file.csv"),
        (["--history", "no-such-file.csv", "--zone", "Mars/Olympus"], "zone"),
        (["--history", "no-such-file.csv", "--holiday", "Christmas"], "holidays"),
    ],
)
def test_the_command_says_what_is_wrong(words: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input ends with 2 and one line on standard error that names it."""
    assert _run(*words) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err.startswith("switchroom staff: ")
    assert named in caught.err
    assert "Traceback" not in caught.err


def test_the_command_refuses_a_file_that_is_not_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not UTF-8 ends with 2, like any other bad input."""
    path = tmp_path / "history.csv"
    path.write_bytes(b"start,interval_seconds\n\xff\xfe\n")
    assert _run("--history", str(path)) == 2
    assert capsys.readouterr().err.startswith("switchroom staff: ")


def test_the_command_wants_exactly_one_source() -> None:
    """None or two of the sources end with argparse's own exit code, 2."""
    for words in ([], ["--arrivals", "3", "--history", "x.csv"]):
        with pytest.raises(SystemExit) as caught:
            _run(*words)
        assert caught.value.code == 2
