"""``switchroom demo``: a bundled day, routed at full speed on a simulated clock."""

from __future__ import annotations

import io
import json
from argparse import Namespace
from importlib.resources import files
from typing import cast

from switchroom.cli.common import OK, Subparsers, command
from switchroom.cli.decisions import choose, show_decisions
from switchroom.cli.job import Job, carry_out, plain, planned, show, traffic_of
from switchroom.config import Configuration, parse

DAY = "2026-03-10"
SEED = 1

_EXAMPLES = """
  switchroom demo
  switchroom demo --seed 7
  switchroom demo --json | python3 -m json.tool
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``demo``."""
    parser = command(
        subparsers,
        "demo",
        help="route a bundled day and show what came of it",
        description="Route a day of a contact center that comes with the package: calls, messages, e-mails and tasks, "
        "some thirty agents.\nThe same seed gives the same figures.",
        examples=_EXAMPLES,
    )
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"of the agents' behaviour ({SEED})")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Play the bundled day."""
    as_json = cast("bool", args.json)
    outcome = carry_out(bundled(cast("int", args.seed)), quiet=as_json)
    decisions = choose(outcome)
    if as_json:
        explained = [{"title": one.title, "decision": one.decision.to_dict()} for one in decisions]
        print(json.dumps({**plain(outcome), "decisions": explained}, indent=2, allow_nan=False))
    else:
        show(outcome)
        show_decisions(decisions)
    return OK


def bundled(seed: int = SEED) -> Job:
    """The day that comes with the package."""
    configuration = bundled_configuration()
    traffic = io.StringIO(_read("demo_traffic.csv"), newline="")
    arrivals = traffic_of(traffic, "demo_traffic.csv", configuration, DAY)
    return planned(configuration, arrivals, day=DAY, seed=seed)


def bundled_configuration() -> Configuration:
    """The contact center that comes with the package."""
    return parse(_read("demo.toml"), file="demo.toml")


def _read(name: str) -> str:
    return files("switchroom.cli").joinpath("data", name).read_text(encoding="utf-8")
