"""``switchroom explain``: why an item went to somebody, or why it waits."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import timedelta
from typing import cast

import attrs

from switchroom.cli.common import OK, Subparsers, command, safe
from switchroom.cli.job import MONDAY, Job, carry_out
from switchroom.cli.run import explain, read_job
from switchroom.durations import duration
from switchroom.errors import InvalidInput
from switchroom.routing.explain_values import Decision, WhyNot

_DESCRIPTION = """
Route the work in TRAFFIC with CONFIG, as run does, and explain the decision on one item: every candidate with what
holds and what fails, the order among those who could take it, and what decided.
With --at the day stops there, and the item is explained as it waits; with --agent the answer is why not this one.
"""

_EXAMPLES = """
  switchroom explain center.toml monday.csv item-12
  switchroom explain center.toml monday.csv item-12 --at 9h30m
  switchroom explain center.toml monday.csv item-12 --at 9h30m --agent ana
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``explain``."""
    parser = command(
        subparsers, "explain", help="why an item went to an agent", description=_DESCRIPTION, examples=_EXAMPLES
    )
    parser.add_argument("config", metavar="CONFIG", help="TOML file")
    parser.add_argument("traffic", metavar="TRAFFIC", help="CSV or JSON lines, as for run")
    parser.add_argument("item", metavar="ITEM", help="id of the item: from the traffic, or item-1, item-2, ...")
    parser.add_argument("--at", metavar="TIME", help="stop so long after the first midnight, such as 9h30m")
    parser.add_argument("--agent", metavar="ID", help="why the waiting item is not this agent's")
    parser.add_argument("--date", default=MONDAY, metavar="DATE", help=f"day of times without a date ({MONDAY})")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of what is drawn by chance (1)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Print the explanation."""
    agent = cast("str | None", args.agent)
    if agent is not None and args.at is None:
        raise InvalidInput("--agent", "missing", hint="needs --at: a time at which the item waits")
    job = read_job(args)
    outcome = carry_out(_stopped(job, cast("str | None", args.at)), quiet=True)
    item = cast("str", args.item)
    answer: Decision | WhyNot
    if agent is not None:
        answer = outcome.center.insight.why_not(item, agent)
    elif args.at is not None:
        answer = outcome.center.insight.explain(item)
    else:
        answer = explain(outcome, item)
    print(json.dumps(answer.to_dict(), indent=2, allow_nan=False) if args.json else safe(str(answer)))
    return OK


def _stopped(job: Job, at: str | None) -> Job:
    """The job up to a time of its first day, or all of it."""
    if at is None:
        return job
    length: timedelta = duration(at, field="--at")
    return attrs.evolve(job, until=min(job.until, job.start + length))
