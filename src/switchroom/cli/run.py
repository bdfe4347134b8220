"""``switchroom run``: traffic of one's own against a configuration of one's own."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import cast

from switchroom.cli.common import OK, PROBLEMS, Subparsers, command, safe
from switchroom.cli.job import MONDAY, Job, Outcome, carry_out, open_traffic, plain, planned, show
from switchroom.cli.logfile import write_log
from switchroom.cli.screen import show_heading
from switchroom.config import load
from switchroom.errors import UnknownId
from switchroom.routing.events import OfferAccepted, OfferMade
from switchroom.routing.explain_values import Decision

_DESCRIPTION = """
Route the work in TRAFFIC with the queues and agents of CONFIG, on a simulated clock, and show what came of it.

CONFIG is TOML. TRAFFIC is CSV with a header, or JSON lines where its name ends in .jsonl. Its columns:
  at          when it arrives: 2026-01-05T09:15:30+01:00, or 9:15:30 since midnight; the only one that is needed
  id, medium, channel, contact, requirement, priority, labels, max_wait
  queue       or intake; with neither, the intake rules called default decide
  steps       such as: spanish >= 4 for 30s; spanish
  preferred   agents to be tried first, separated by blanks, for preferred_wait
  due         an instant, or a duration such as 4h after it arrives
  handle      how long the work takes; patience: how long the customer waits; both such as 4m30s
  attr.NAME   an attribute
Agents come and go by the [[shift]] tables of CONFIG, and answer as its [[behaviour]] tables say.

Exit code 0: done; 1: done, but some work was turned away or fits no rule; 2: the input is wrong, nothing was done.
"""

_EXAMPLES = """
  switchroom run center.toml monday.csv
  switchroom run center.toml monday.jsonl --json --log monday.log
  switchroom run center.toml monday.csv --explain item-12
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``run``."""
    parser = command(
        subparsers,
        "run",
        help="route traffic of your own with a configuration of your own",
        description=_DESCRIPTION,
        examples=_EXAMPLES,
    )
    parser.add_argument("config", metavar="CONFIG", help="TOML file")
    parser.add_argument("traffic", metavar="TRAFFIC", help="CSV or JSON lines")
    parser.add_argument("--date", default=MONDAY, metavar="DATE", help=f"day of times without a date ({MONDAY})")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of what is drawn by chance (1)")
    parser.add_argument("--explain", metavar="ITEM", help="explain who got this item, and why")
    parser.add_argument("--log", metavar="FILE", help="write every event to this file, as JSON lines")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Play the files that were named."""
    as_json = cast("bool", args.json)
    outcome = carry_out(read_job(args), quiet=as_json)
    item = cast("str | None", args.explain)
    decision = None if item is None else explain(outcome, item)
    log = cast("str | None", args.log)
    if log is not None:
        write_log(log, outcome.center.events())
    if as_json:
        explained = {} if decision is None else {"decision": decision.to_dict()}
        print(json.dumps({**plain(outcome), **explained}, indent=2, allow_nan=False))
    else:
        show(outcome)
        _show_turned(outcome)
        if decision is not None:
            show_heading(f"Item {decision.item}")
            print(safe(str(decision)))
    return PROBLEMS if outcome.played.turned or outcome.totals.unrouted else OK


def read_job(args: Namespace) -> Job:
    """The job that CONFIG, TRAFFIC, --date and --seed describe."""
    day = cast("str", args.date)
    configuration = load(cast("str", args.config))
    arrivals = open_traffic(cast("str", args.traffic), configuration, day)
    return planned(configuration, arrivals, day=day, seed=cast("int", args.seed))


def explain(outcome: Outcome, item: str) -> Decision:
    """The decision on an item: of the offer that was accepted, else of the last one, else as it waits now."""
    events = [record.event for record in outcome.center.events(tag=f"item:{item}")]
    if not events:
        raise UnknownId("item", item)
    accepted = [event.offer for event in events if isinstance(event, OfferAccepted)]
    made = [event.offer for event in events if isinstance(event, OfferMade)]
    for offers in (accepted, made):
        if offers:
            return outcome.center.insight.explain_offer(offers[-1])
    return outcome.center.insight.explain(item)


MAX_TURNED_SHOWN = 10


def _show_turned(outcome: Outcome) -> None:
    turned = outcome.played.turned
    if turned:
        show_heading("Turned away")
        for one in turned[:MAX_TURNED_SHOWN]:
            print(safe(f"line {one.line}: {one.reason}"))
        if len(turned) > MAX_TURNED_SHOWN:
            print(f"and {len(turned) - MAX_TURNED_SHOWN} more")
