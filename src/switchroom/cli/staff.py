"""``switchroom staff``: how many agents one interval needs, or each interval of a forecast."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Protocol, cast

from attrs import frozen

from switchroom.durations import format_instant
from switchroom.errors import InvalidInput
from switchroom.simulation.forecast import WEEKS, Accuracy, BackTest, Forecast, Method, forecast
from switchroom.simulation.history import read_history
from switchroom.simulation.staffing import (
    StaffedInterval,
    StaffingAnswer,
    StaffingPlan,
    plan_interval,
    staff,
    write_staffing,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from switchroom.simulation.demand import Demand

OK, BAD_INPUT = 0, 2
"""Exit codes; 2 is also what argparse ends with."""

_DESCRIPTION = """
How many agents meet a service level, by Erlang C, or by Erlang A where --patience is given.
For one interval: --arrivals, --interval and --handle. For each interval of days to come: --history, a CSV with the
columns start, interval_seconds, arrivals and handle_seconds, from which the days are forecast; or --forecast, a CSV
with the same columns that is staffed as it is.
"""


class Subparsers(Protocol):
    """What ``ArgumentParser.add_subparsers()`` returns."""

    def add_parser(self, name: str, *, help: str, description: str) -> ArgumentParser:
        """A parser for one sub-command."""
        ...


def add_parser(subparsers: Subparsers) -> None:
    """Add ``staff``, with `run` as its default for ``run``."""
    parser = subparsers.add_parser("staff", help="how many agents a target needs", description=_DESCRIPTION)
    parser.set_defaults(run=run)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--arrivals", type=float, metavar="N", help="arrivals in one interval")
    source.add_argument("--history", metavar="FILE", help="CSV of past intervals: forecast and staff the days after it")
    source.add_argument("--forecast", metavar="FILE", help="CSV of intervals to come: staff them")
    _add_demand(parser)
    _add_plan(parser)
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    output.add_argument("--csv", action="store_true", help="CSV for workforce tools instead of a table")


def _add_demand(parser: ArgumentParser) -> None:
    parser.add_argument("--interval", metavar="TIME", help="with --arrivals: the length of the interval, such as 30m")
    parser.add_argument("--handle", metavar="TIME", help="with --arrivals: the mean handle time, such as 4m")
    parser.add_argument("--days", type=int, default=7, metavar="N", help="with --history: days to forecast (7)")
    parser.add_argument(
        "--weeks", type=int, default=WEEKS, metavar="N", help=f"with --history: use the last N ({WEEKS})"
    )
    parser.add_argument("--zone", default="UTC", metavar="NAME", help="whose days and hours count (UTC)")
    parser.add_argument("--holiday", action="append", default=[], metavar="DATE", help="a local date; may be repeated")
    parser.add_argument("--holiday-factor", type=float, metavar="SHARE", help="arrivals of holidays to usual ones")


def _add_plan(parser: ArgumentParser) -> None:
    parser.add_argument("--target", default="80/20s", metavar="P/TIME", help="percent answered within a time (80/20s)")
    parser.add_argument("--patience", metavar="TIME", help="mean time that people wait before they leave")
    parser.add_argument("--max-occupancy", type=float, default=1.0, metavar="SHARE", help="busy at most, such as 0.85")
    parser.add_argument("--shrinkage", type=float, default=0.0, metavar="SHARE", help="scheduled, but not at work")
    parser.add_argument("--concurrency", type=int, default=1, metavar="N", help="interactions of an agent at once (1)")
    parser.add_argument("--minimum", type=int, default=0, metavar="N", help="agents at least, in every interval (0)")


def run(args: Namespace) -> int:
    """Print the answer; 0, or 2 where an argument or a file is wrong, with the reason on standard error."""
    try:
        plan = StaffingPlan(
            cast("str", args.target),
            patience=cast("str | None", args.patience),
            max_occupancy=cast("float", args.max_occupancy),
            shrinkage=cast("float", args.shrinkage),
            concurrency=cast("int", args.concurrency),
            minimum=cast("int", args.minimum),
        )
        if args.arrivals is not None:
            _run_one(args, plan)
        else:
            _run_many(args, plan)
    except (InvalidInput, OSError, UnicodeDecodeError) as error:
        print(f"switchroom staff: {error}", file=sys.stderr)
        return BAD_INPUT
    return OK


def _run_one(args: Namespace, plan: StaffingPlan) -> None:
    if args.csv:
        raise InvalidInput("--csv", "not_here", hint="is for --history and --forecast, whose intervals have a start")
    interval, handle = _wanted(args.interval, "--interval"), _wanted(args.handle, "--handle")
    answer = plan_interval(plan, cast("float", args.arrivals), interval, handle)
    if args.json:
        print(json.dumps(_answer_json(answer), indent=2))
        return
    for name, value in _answer_lines(answer, plan):
        print(f"{name:<14}{value}")


def _run_many(args: Namespace, plan: StaffingPlan) -> None:
    method = Method(
        zone=cast("str", args.zone),
        holidays=cast("list[str]", args.holiday),
        holiday_factor=cast("float | None", args.holiday_factor),
        weeks=cast("int", args.weeks),
    )
    made = _forecast(args, method)
    rows = staff(made.demand, plan)
    if args.json:
        print(json.dumps(_many_json(rows, made), indent=2))
    elif args.csv:
        write_staffing(rows, sys.stdout)
        _print_test(made.test, sys.stderr.write)
    else:
        _print_table(rows, made, method.zone)
        _print_test(made.test, sys.stdout.write)


@frozen
class _Made:
    demand: Sequence[Demand]
    errors: Sequence[float | None]
    test: BackTest | None
    forecast: bool


def _forecast(args: Namespace, method: Method) -> _Made:
    if args.forecast is not None:
        return _given(cast("str", args.forecast))
    with open(cast("str", args.history), encoding="utf-8-sig", newline="") as file:
        made: Forecast = forecast(read_history(file), method, days=cast("int", args.days))
    return _Made(made.rows, [row.error for row in made.rows], made.test, True)


def _given(path: str) -> _Made:
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = read_history(file)
    return _Made(rows, [None] * len(rows), None, False)


def _wanted(value: str | None, name: str) -> str:
    if value is None:
        raise InvalidInput(name, "missing", hint="is needed with --arrivals")
    return value


def _answer_json(answer: StaffingAnswer) -> dict[str, object]:
    return {
        "agents": answer.agents,
        "scheduled": answer.scheduled,
        "service_level": answer.service_level,
        "occupancy": answer.occupancy,
        "mean_wait_seconds": answer.mean_wait.total_seconds(),
        "abandoned": answer.abandoned,
    }


def _answer_lines(answer: StaffingAnswer, plan: StaffingPlan) -> list[tuple[str, str]]:
    return [
        ("agents", str(answer.agents)),
        ("scheduled", str(answer.scheduled)),
        ("service level", f"{_percent(answer.service_level)} (target {plan.target})"),
        ("occupancy", _percent(answer.occupancy)),
        ("mean wait", f"{answer.mean_wait.total_seconds():.1f}s"),
        ("abandoned", _percent(answer.abandoned)),
        ("model", plan.model),
    ]


def _many_json(rows: Sequence[StaffedInterval], made: _Made) -> dict[str, object]:
    return {
        "intervals": [
            {
                "start": format_instant(row.start),
                "interval_seconds": row.interval.total_seconds(),
                "arrivals": row.arrivals,
                "arrivals_error": error,
                "handle_seconds": row.handle.total_seconds(),
                **_answer_json(row.answer),
            }
            for row, error in zip(rows, made.errors, strict=True)
        ],
        "back_test": None if made.test is None else _test_json(made.test),
    }


def _test_json(test: BackTest) -> dict[str, object]:
    return {
        "origins": test.folds,
        "days": test.days,
        "compared": test.compared,
        "forecast": _accuracy_json(test.forecast),
        "last_week": _accuracy_json(test.last_week),
        "beats_last_week": test.beats_last_week,
        "handle_error_seconds": test.handle_error.total_seconds(),
    }


def _accuracy_json(accuracy: Accuracy) -> dict[str, float | None]:
    return {"wape": accuracy.wape, "mae": accuracy.mae, "bias": accuracy.bias, "coverage": accuracy.coverage}


def _print_table(rows: Sequence[StaffedInterval], made: _Made, zone: ZoneInfo) -> None:
    print(f"{'start':<25} {'arrivals':>8} {'error':>6} {'handle':>8} {'agents':>6} {'sched.':>6} ", end="")
    print(f"{'level':>7} {'occup.':>7} {'wait':>7} {'left':>7}")
    for row, error in zip(rows, made.errors, strict=True):
        answer = row.answer
        off = "-" if error is None else f"{error:.1f}"
        print(
            f"{row.start.astimezone(zone).isoformat():<25} {row.arrivals:>8.1f} {off:>6}"
            f" {row.handle.total_seconds():>7.0f}s {answer.agents:>6} {answer.scheduled:>6}"
            f" {_percent(answer.service_level):>7} {_percent(answer.occupancy):>7}"
            f" {answer.mean_wait.total_seconds():>6.1f}s {_percent(answer.abandoned):>7}"
        )
    hours = sum(row.answer.scheduled * row.interval.total_seconds() for row in rows) / 3600
    print(f"{len(rows)} intervals, at most {max((r.answer.agents for r in rows), default=0)} agents at once,", end="")
    print(f" {hours:.1f} hours scheduled")


class _Write(Protocol):
    def __call__(self, text: str, /) -> object: ...


def _print_test(test: BackTest | None, write: _Write) -> None:
    if test is None:
        return
    verdict = "beats last week" if test.beats_last_week else "does not beat last week"
    write(
        f"back-test, {test.folds} x {test.days} days, {test.compared} intervals: {verdict}\n"
        f"  forecast:  {_accuracy_line(test.forecast)}\n"
        f"  last week: {_accuracy_line(test.last_week)}\n"
        f"  handle time off by {test.handle_error.total_seconds():.1f}s on average\n"
    )


def _accuracy_line(accuracy: Accuracy) -> str:
    wape = "-" if accuracy.wape is None else _percent(accuracy.wape)
    bias = "-" if accuracy.bias is None else f"{accuracy.bias * 100:+.1f}%"
    return f"WAPE {wape}, mean error {accuracy.mae:.2f}, bias {bias}, covers {_percent(accuracy.coverage)}"


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%"
