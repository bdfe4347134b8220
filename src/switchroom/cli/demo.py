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
from switchroom.simulation.visitors import TalkFigures, Visitors, figures

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
    job = bundled(cast("int", args.seed))
    outcome = carry_out(job, quiet=as_json, visitors=Visitors(line=job.configuration.lines[0].address))
    decisions = choose(outcome)
    talk = figures(outcome.center.events())
    if as_json:
        explained = [{"title": one.title, "decision": one.decision.to_dict()} for one in decisions]
        print(json.dumps({**plain(outcome), "talk": talk.to_dict(), "decisions": explained}, indent=2, allow_nan=False))
    else:
        show(outcome)
        show_talk(talk)
        show_decisions(decisions)
    return OK


def show_talk(talk: TalkFigures) -> None:
    """Print what became of those who wrote to the shop's number."""
    print(
        f"\nConversations: {talk.conversations} by text message, {talk.reopened} reopened; "
        f"{talk.messages_in} messages in, {talk.messages_out} out\n"
        f"flow and bot alone {talk.by_flow_and_bot}, to people {talk.to_people}; "
        f"{talk.stops} said STOP, {talk.stopped_sends} messages to them were held back"
    )


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
