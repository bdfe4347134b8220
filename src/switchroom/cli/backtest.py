"""``switchroom backtest``: what happened, played again under another configuration."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any, cast

import attrs

from switchroom.cli.common import OK, PROBLEMS, Subparsers, clock_time, command, complain, percent, safe, seconds
from switchroom.cli.screen import show_heading, show_table, showing_count
from switchroom.cli.simulate import add_run, plain_row, show_differences
from switchroom.cli.stored import opened
from switchroom.config import load
from switchroom.config.place import Place
from switchroom.config.reader import read_spec
from switchroom.config.toml import read_toml
from switchroom.durations import format_instant
from switchroom.errors import InvalidInput
from switchroom.simulation.backtest import BackTest, BackTestResult, ChangedDecision, Got
from switchroom.simulation.calllog import CallLog, Columns, read_call_log
from switchroom.simulation.logrecording import of_log
from switchroom.simulation.recording import Recording, of_interactions
from switchroom.simulation.rules import RuleFit, rules_of

_DESCRIPTION = """
Play what happened again: the same work at the same times, under CONFIG beside the configuration that it happened under,
and show what would have been different, how sure that is, and which decisions change.

LOG is the log of a center (a SQLite file, or a saved log), or a call log: CSV with the columns id, type, queued, left,
ended, agent, outcome, priority and medium, or others that --columns maps to these. Without CONFIG, only the rules that
explain the recorded decisions are shown.

Exit code 0: done; 1: done, but rows of the call log could not be read; 2: the input is wrong, nothing was done.
"""

_EXAMPLES = """
  switchroom backtest center.db new.toml
  switchroom backtest center.db new.toml --explain item-42
  switchroom backtest calls.csv new.toml --before old.toml --columns calls.toml
  switchroom backtest calls.csv --columns calls.toml
"""

SHOWN = 10


def add_parser(subparsers: Subparsers) -> None:
    """Add ``backtest``."""
    parser = command(
        subparsers,
        "backtest",
        help="try another configuration on traffic as it was",
        description=_DESCRIPTION,
        examples=_EXAMPLES,
    )
    parser.add_argument("log", metavar="LOG", help="SQLite file, saved log, or CSV")
    parser.add_argument("config", metavar="CONFIG", nargs="?", help="the other configuration, TOML")
    parser.add_argument("--before", metavar="CONFIG", help="what it happened under, unless the log says so")
    parser.add_argument("--columns", metavar="FILE", help="TOML: where a call log has what")
    parser.add_argument("--zone", metavar="NAME", help="where midnight is, for a log that does not say")
    parser.add_argument("--explain", metavar="ID", help="explain the decision on this piece of work on both sides")
    parser.add_argument("--rules", action="store_true", help="show the rules that explain the decisions, too")
    parser.add_argument("--changed", type=int, default=SHOWN, metavar="N", help=f"changed decisions shown ({SHOWN})")
    add_run(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read, play both sides, show."""
    recording, log = _recording(args)
    config = cast("str | None", args.config)
    fits = rules_of(recording.interactions) if args.rules or config is None else ()
    test = None if config is None else _test(args, recording, config)
    result = None if test is None else _replicate(test, args)
    explained = _explained(args, test)
    if args.json:
        print(json.dumps({**_plain(result, fits, log), **explained}, indent=2, allow_nan=False))
    else:
        _show(recording, result, fits, cast("int", args.changed))
        for side, decision in explained.items():
            show_heading(side)
            print(safe(str(decision)))
    return _told(log)


def _recording(args: Namespace) -> tuple[Recording, CallLog | None]:
    path, columns, before = cast("str", args.log), cast("str | None", args.columns), cast("str | None", args.before)
    configuration = None if before is None else load(before)
    if path.endswith((".csv", ".tsv", ".txt")) or columns is not None:
        mapping = Columns() if columns is None else read_spec(Columns, read_toml(columns), Place(columns))
        with open(path, encoding="utf-8-sig", newline="") as file:
            log = read_call_log(file, mapping, name=path)
        if not log.interactions:
            raise InvalidInput(path, "empty", hint="no row of it could be read" if log.unread else "has no row")
        return of_interactions(log.interactions, configuration=configuration), log
    with opened(path) as stored:
        recording = of_log(stored.storage.read(), zone=cast("str | None", args.zone) or stored.zone)
    return recording if configuration is None else attrs.evolve(recording, configuration=configuration), None


def _test(args: Namespace, recording: Recording, config: str) -> BackTest:
    return BackTest(recording, load(config), seed=cast("int", args.seed))


def _replicate(test: BackTest, args: Namespace) -> BackTestResult:
    confidence = cast("float", args.confidence) / 100
    replications, processes = cast("int", args.replications), cast("int", args.processes)
    with showing_count("replications", quiet=cast("bool", args.json)) as progress:
        return test.run(replications, confidence=confidence, processes=processes, progress=progress)


def _explained(args: Namespace, test: BackTest | None) -> dict[str, Any]:
    id = cast("str | None", args.explain)
    if id is None:
        return {}
    if test is None:
        raise InvalidInput("--explain", "missing", hint="needs a CONFIG")
    decisions = {"before": test.explain(id, "before"), "after": test.explain(id, "after")}
    return {side: one.to_dict() for side, one in decisions.items()} if args.json else dict(decisions)


def _told(log: CallLog | None) -> int:
    """Rows that could not be read are told of on standard error."""
    if log is None or not log.unread:
        return OK
    for one in log.unread[:SHOWN]:
        complain(f"line {one.line}: {one.problem}")
    if len(log.unread) > SHOWN:
        complain(f"and {len(log.unread) - SHOWN} more")
    return PROBLEMS


# -- showing

_CHANGED_COLUMNS = ("work", "type", "at", "recorded", "before", "wait", "after", "wait ")


def _show(recording: Recording, result: BackTestResult | None, fits: tuple[RuleFit, ...], most: int) -> None:
    first, last = format_instant(recording.start)[:16], format_instant(recording.end)[:16]
    print(f"{len(recording.arrivals)} pieces of work, {first} to {last} UTC")
    if result is not None:
        show_differences(result.differences)
        show_heading(f"{len(result.changed)} of {result.decisions} decisions differ ({percent(result.share_changed)})")
        rows = [_changed_row(one) for one in result.changed[:most]]
        if rows:
            show_table("The first of them", _CHANGED_COLUMNS, rows)
    for kind in dict.fromkeys(fit.decision for fit in fits):
        rows = [_fit_row(fit) for fit in fits if fit.decision == kind]
        show_table(f"Rules: {kind}", ("rule", "decisions", "explained", "share", "from", "to", "by chance"), rows)


def _changed_row(one: ChangedDecision) -> list[str]:
    at = format_instant(one.at)[11:19]
    return [one.id, one.type, at, one.recorded or "-", *_got(one.before), *_got(one.after)]


def _got(got: Got) -> tuple[str, str]:
    return got.agent or "-", clock_time(got.wait)


def _fit_row(fit: RuleFit) -> list[str]:
    shares = [percent(share) for share in (fit.share, fit.low, fit.high, fit.by_chance)]
    return [fit.rule.replace("_", " "), str(fit.decisions), str(fit.explained), *shares]


# -- JSON


def _plain(result: BackTestResult | None, fits: tuple[RuleFit, ...], log: CallLog | None) -> dict[str, Any]:
    found: dict[str, Any] = {"rules": [attrs.asdict(fit) for fit in fits]}
    if log is not None:
        found["skipped"] = log.skipped
        found["unread"] = [attrs.asdict(one) for one in log.unread]
    if result is not None:
        found |= {
            "replications": len(result.before.replications),
            "confidence": result.before.confidence,
            "differences": [plain_row(one) for one in result.differences],
            "decisions": result.decisions,
            "changed": [_plain_changed(one) for one in result.changed],
        }
    return found


def _plain_changed(one: ChangedDecision) -> dict[str, Any]:
    sides = {side: {"agent": got.agent, "wait_seconds": seconds(got.wait)} for side, got in _sides(one)}
    return {"id": one.id, "type": one.type, "at": format_instant(one.at), "recorded": one.recorded, **sides}


def _sides(one: ChangedDecision) -> tuple[tuple[str, Got], tuple[str, Got]]:
    return ("before", one.before), ("after", one.after)
