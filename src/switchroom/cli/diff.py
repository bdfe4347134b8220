"""``switchroom diff``: what leads from one configuration to another."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import cast

import attrs

from switchroom.cli.common import OK, PROBLEMS, Subparsers, command, safe
from switchroom.config import diff, load

_DESCRIPTION = """
Read two configurations, check both, and list what differs: added, removed, and changed keys with both values.

Exit code 0: they are the same; 1: they differ; 2: one of them is wrong.
"""

_EXAMPLES = """
  switchroom diff center.toml center-new.toml
  switchroom diff center.toml center-new.toml --json
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``diff``."""
    parser = command(subparsers, "diff", help="compare configurations", description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument("old", metavar="OLD", help="TOML file")
    parser.add_argument("new", metavar="NEW", help="TOML file")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Print the changes, in the order of the tables."""
    changes = diff(load(cast("str", args.old)), load(cast("str", args.new)))
    if args.json:
        print(json.dumps({"changes": [attrs.asdict(change) for change in changes]}, indent=2))
    else:
        for change in changes:
            print(safe(str(change)))
    return PROBLEMS if changes else OK
