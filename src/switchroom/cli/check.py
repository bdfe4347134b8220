"""``switchroom check``: scenario files, run against the real engine."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import cast

from switchroom.cli.common import OK, PROBLEMS, Subparsers, command, safe
from switchroom.testing.scenario_reader import load
from switchroom.testing.scenario_run import run as play

_DESCRIPTION = """
Play the scenarios of each FILE (TOML, or YAML with switchroom[yaml]): what is given, what happens, what must then be
so.

Exit code 0: all of them hold; 1: one does not; 2: a file is wrong.
"""

_EXAMPLES = """
  switchroom check routing.scenario.toml
  switchroom check scenarios/*.scenario.toml --json
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``check``."""
    parser = command(subparsers, "check", help="play scenario files", description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument("files", metavar="FILE", nargs="+", help="scenario file")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read every file before the first scenario is played, then say of each how it ended."""
    scenarios = [scenario for file in cast("list[str]", args.files) for scenario in load(file)]
    outcomes = [play(scenario) for scenario in scenarios]
    failed = [outcome for outcome in outcomes if not outcome.ok]
    if args.json:
        print(json.dumps({"scenarios": [outcome.to_dict() for outcome in outcomes]}, indent=2))
    else:
        for outcome in outcomes:
            print(safe(f"{'ok  ' if outcome.ok else 'FAIL'}  {outcome.file}: {outcome.name}"))
            if not outcome.ok:
                print(safe("\n".join(f"      {line}" for line in outcome.problem.splitlines())))
        print(f"{len(outcomes) - len(failed)} of {len(outcomes)} scenarios hold")
    return PROBLEMS if failed else OK
