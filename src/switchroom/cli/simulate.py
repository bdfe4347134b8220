"""``switchroom simulate``: made-up traffic against a configuration or a model, with confidence intervals."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import attrs

from switchroom.cli.common import OK, PROBLEMS, Subparsers, command, safe
from switchroom.cli.job import JSON_SUFFIXES, MONDAY, midnight, open_traffic, planned
from switchroom.cli.screen import show_heading, show_table, showing_count
from switchroom.config.models import is_model, read_model, read_types
from switchroom.config.toml import read_document, read_toml
from switchroom.durations import duration
from switchroom.errors import InvalidInput
from switchroom.simulation.comparison import Difference, compare
from switchroom.simulation.confidence import Interval
from switchroom.simulation.results import ALL, GroupResult, Results, TypeResult
from switchroom.simulation.simulation import Simulation
from switchroom.simulation.synthetic import Recorded, Source

if TYPE_CHECKING:
    from switchroom.config import Configuration

_DESCRIPTION = """
Simulate a contact center many times, and say what to expect and how sure that is.

MODEL is a TOML file: a model with tables [type.ID] and [group.ID], which says everything; or a configuration, for which
TRAFFIC says what arrives: TOML with tables [type.ID] for traffic that is made up, CSV or JSON lines for traffic as it
was. Agents of a configuration come by its [[shift]] tables (those without one are always there) and behave as its
[[behaviour]] tables say. It is the real engine that routes.

With --against, a second MODEL meets the same traffic and the same luck, and the differences are shown.

Exit code 0: done; 1: done, and a service level is missed for sure (with a target in the file); 2: the input is wrong.
"""

_EXAMPLES = """
  switchroom simulate model.toml
  switchroom simulate model.toml --against more_people.toml --replications 50
  switchroom simulate center.toml traffic.toml --by-period --confidence 99 --json
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``simulate``."""
    parser = command(
        subparsers,
        "simulate",
        help="simulate days that are made up",
        description=_DESCRIPTION,
        examples=_EXAMPLES,
    )
    parser.add_argument("model", metavar="MODEL", help="TOML file")
    parser.add_argument("traffic", metavar="TRAFFIC", nargs="?", help="TOML, CSV or JSON lines, with a configuration")
    parser.add_argument("--against", metavar="MODEL", help="another model or configuration, on the same traffic")
    parser.add_argument("--date", default=MONDAY, metavar="DATE", help=f"the day, for a configuration ({MONDAY})")
    parser.add_argument("--warm-up", default="0s", metavar="TIME", help="not counted, from the start (0s)")
    parser.add_argument("--period", metavar="TIME", help="length of a period, for a configuration")
    parser.add_argument("--by-period", action="store_true", help="show each period")
    add_run(parser)
    parser.set_defaults(run=run)


def add_run(parser: ArgumentParser) -> None:
    """The options of every command that replicates."""
    parser.add_argument("--replications", type=int, default=20, metavar="N", help="how often (20)")
    parser.add_argument("--confidence", type=float, default=95.0, metavar="P", help="of the intervals, in percent (95)")
    parser.add_argument("--processes", type=int, default=_cores(), metavar="N", help="at once (all cores)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of what is drawn by chance (1)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(args: Namespace) -> int:
    """Simulate, and compare if asked to."""
    simulation = _simulation(args, cast("str", args.model))
    other = cast("str | None", args.against)
    against = None if other is None else _simulation(args, other)
    results = replicate(simulation, args)
    others = None if against is None else replicate(against, args)
    differences = () if others is None else compare(results, others)
    by_period = cast("bool", args.by_period)
    if args.json:
        print(json.dumps(_plain(results, differences, by_period), indent=2, allow_nan=False))
    else:
        _show(simulation, results, by_period)
        show_differences(differences)
    return PROBLEMS if _missed(simulation, results) else OK


def replicate(simulation: Simulation, args: Namespace) -> Results:
    """Run a simulation as the options of `add_run` say."""
    confidence = cast("float", args.confidence) / 100
    replications, processes = cast("int", args.replications), cast("int", args.processes)
    with showing_count("replications", quiet=cast("bool", args.json)) as progress:
        return simulation.run(replications, confidence=confidence, processes=processes, progress=progress)


def _simulation(args: Namespace, path: str) -> Simulation:
    document = read_toml(path)
    seed, traffic = cast("int", args.seed), cast("str | None", args.traffic)
    if is_model(document):
        if traffic is not None:
            raise InvalidInput("TRAFFIC", "one_of_two", traffic, hint=f"{path} says itself what arrives")
        model = read_model(document, file=path)
        warm_up = duration(cast("str", args.warm_up), field="--warm-up")
        return attrs.evolve(model, warm_up=warm_up or model.warm_up).simulation(seed=seed)
    if traffic is None:
        raise InvalidInput("TRAFFIC", "missing", hint=f"is needed: {path} is a configuration, and says of no arrivals")
    configuration = read_document(document, file=path)
    source, start, length = _source(traffic, configuration, cast("str", args.date))
    return Simulation(
        configuration,
        source,
        start=start,
        length=length,
        warm_up=cast("str", args.warm_up),
        period=cast("str | None", args.period),
        seed=seed,
    )


def _source(path: str, configuration: Configuration, day: str) -> tuple[Source, datetime, timedelta | None]:
    """What arrives, from when on, and for how long: traffic as it was for whole days."""
    if path.endswith((*JSON_SUFFIXES, ".csv")):
        arrivals = open_traffic(path, configuration, day)
        job = planned(configuration, arrivals, day=day, seed=0)
        return Recorded(arrivals), job.start, job.until - job.start
    return read_types(read_toml(path), file=path), midnight(day, configuration.zone), None


def _missed(simulation: Simulation, results: Results) -> bool:
    """Whether a target is missed, even at the upper end of its interval."""
    targets = {queue.id: queue.service_level for queue in simulation.configuration.queues}
    targets |= {name: target for name, target in simulation.traffic.targets().items() if target is not None}
    for name in results.type_names:
        target, found = targets.get(name), results.of_type("service_level", name)
        high = None if found is None else found.mean if found.high is None else found.high
        if target is not None and high is not None and high < target.share:
            return True
    return False


# -- showing

_TYPE_COLUMNS = ("type", "period", "arrived", "in time", "±", "abandoned", "± ", "turned", "wait", "±  ")
_GROUP_COLUMNS = ("group", "period", "there", "occupied", "±")
_DIFFERENCE_COLUMNS = ("", "figure", "before", "after", "difference", "±", "sure")


def _show(simulation: Simulation, results: Results, by_period: bool) -> None:
    count = len(results.replications)
    print(f"{count} replications of {simulation.span()}, intervals of {100 * results.confidence:g} %")
    show_table("Types", _TYPE_COLUMNS, [_type_row(row) for row in results.types(by_period=by_period)])
    show_table("Agents", _GROUP_COLUMNS, [_group_row(row) for row in results.groups(by_period=by_period)])


def _type_row(row: TypeResult) -> list[str]:
    return [
        name_of(row.type),
        _period(row.period),
        f"{row.arrived.mean:.1f}",
        *_shares(row.service_level),
        *_shares(row.abandoned),
        _shares(row.turned)[0],
        *_seconds(row.wait),
    ]


def _group_row(row: GroupResult) -> list[str]:
    return [name_of(row.group), _period(row.period), f"{row.staffed.mean:.1f}", *_shares(row.occupancy)]


def name_of(name: str) -> str:
    """A type or group as people read it."""
    return "all" if name == ALL else name


def _period(period: int | None) -> str:
    return "-" if period is None else str(period + 1)


def _shares(found: Interval | None) -> tuple[str, str]:
    if found is None or not found.mean:
        return "-", "-"
    return f"{found.mean:.1%}", "-" if found.half_width is None else f"{found.half_width:.1%}"


def _seconds(found: Interval | None) -> tuple[str, str]:
    if found is None or not found.mean:
        return "-", "-"
    return f"{found.mean:.1f}s", "-" if found.half_width is None else f"{found.half_width:.1f}s"


def show_differences(differences: tuple[Difference, ...]) -> None:
    """Print what differs, and whether it is sure."""
    rows = [_difference_row(one) for one in differences if one.difference is not None and one.difference.mean]
    if rows:
        show_table("Differences", _DIFFERENCE_COLUMNS, rows)
    elif differences:
        show_heading("No differences")


def _difference_row(one: Difference) -> list[str]:
    show = _seconds if one.figure in ("wait", "answer_wait") else _shares
    mean, half = show(one.difference)
    sure = "yes" if one.certain else "no"
    name = safe(name_of(one.name))
    return [name, one.figure.replace("_", " "), show(one.before)[0], show(one.after)[0], mean, half, sure]


# -- JSON


def _plain(results: Results, differences: tuple[Difference, ...], by_period: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "replications": len(results.replications),
        "confidence": results.confidence,
        "types": [plain_row(row) for row in results.types()],
        "groups": [plain_row(row) for row in results.groups()],
        "queues": [plain_row(row) for row in results.queues()],
    }
    if by_period:
        found["types_by_period"] = [plain_row(row) for row in results.types(by_period=True)]
        found["groups_by_period"] = [plain_row(row) for row in results.groups(by_period=True)]
    if differences:
        found["differences"] = [plain_row(one) for one in differences]
    return found


def plain_row(row: object) -> dict[str, Any]:
    """A row of estimates as plain data."""
    values: dict[str, Any] = attrs.asdict(cast("Any", row), recurse=False)
    return {
        name: {"mean": value.mean, "half_width": value.half_width} if isinstance(value, Interval) else value
        for name, value in values.items()
    }
