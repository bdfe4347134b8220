"""``switchroom estimate-error``: how far off the estimated waits are."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import cast

from switchroom.cli.common import OK, Subparsers, command
from switchroom.cli.demo import SEED, bundled
from switchroom.cli.job import MONDAY, carry_out
from switchroom.cli.run import read_job
from switchroom.errors import InvalidInput

_DESCRIPTION = """
Compare the wait that is estimated for each item when it enters a queue with the wait that it then has: over the bundled
day, or over CONFIG and TRAFFIC.
"""

_EXAMPLES = """
  switchroom estimate-error
  switchroom estimate-error center.toml monday.csv --json
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``estimate-error``."""
    parser = command(
        subparsers,
        "estimate-error",
        help="measure how far off estimated waits are",
        description=_DESCRIPTION,
        examples=_EXAMPLES,
    )
    parser.add_argument("config", metavar="CONFIG", nargs="?", help="TOML file")
    parser.add_argument("traffic", metavar="TRAFFIC", nargs="?", help="CSV or JSON lines, as for run")
    parser.add_argument("--date", default=MONDAY, metavar="DATE", help=f"day of times without a date ({MONDAY})")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"of what is drawn by chance ({SEED})")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Print the error."""
    if args.config is not None and args.traffic is None:
        raise InvalidInput("TRAFFIC", "missing", hint="is needed with CONFIG")
    job = bundled(cast("int", args.seed)) if args.config is None else read_job(args)
    error = carry_out(job, quiet=cast("bool", args.json)).center.insight.estimate_error()
    print(json.dumps(error.to_dict(), indent=2, allow_nan=False) if args.json else error)
    return OK
