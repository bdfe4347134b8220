"""``switchroom lint``: what can never work in a configuration."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import cast

from switchroom.cli.common import OK, PROBLEMS, Subparsers, command, safe
from switchroom.cli.job import MONDAY, open_traffic
from switchroom.config import load
from switchroom.routing.lint import INFO, lint

_DESCRIPTION = """
Read CONFIG, and check it: requirements that nobody can meet, steps never reached, rules that never fire.
With --traffic, the work in a file is checked as well: who could take it, now and as its requirement relaxes.

Exit code 0: nothing but remarks; 1: there are errors or warnings; 2: CONFIG or the traffic is wrong.
"""

_EXAMPLES = """
  switchroom lint center.toml
  switchroom lint center.toml --traffic monday.csv --json
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``lint``."""
    parser = command(subparsers, "lint", help="check a configuration", description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument("config", metavar="CONFIG", help="TOML file")
    parser.add_argument("--traffic", metavar="FILE", help="CSV or JSON lines, as for run")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Print the findings, worst first."""
    configuration = load(cast("str", args.config))
    traffic = cast("str | None", args.traffic)
    arrivals = [] if traffic is None else open_traffic(traffic, configuration, MONDAY)
    findings = lint(
        queues=configuration.queues,
        agents=configuration.agents,
        intakes=configuration.intakes,
        items=[arrival.work for arrival in arrivals],
    )
    if args.json:
        print(json.dumps({"findings": [finding.to_dict() for finding in findings]}, indent=2))
    else:
        for finding in findings:
            print(safe(str(finding)))
        sizes = f"{len(configuration.queues)} queues, {len(configuration.agents)} agents"
        print(f"{sizes}: {len(findings) or 'no'} finding{'' if len(findings) == 1 else 's'}")
    return PROBLEMS if any(finding.severity != INFO for finding in findings) else OK
