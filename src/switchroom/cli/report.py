"""``switchroom report``: the views of a stored log, or of traffic played with a configuration."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import datetime
from typing import Any, TextIO, cast
from zoneinfo import ZoneInfo

import attrs

from switchroom.cli.common import OK, Subparsers, command
from switchroom.cli.job import MONDAY, carry_out
from switchroom.cli.logfile import whole_file
from switchroom.cli.run import read_job
from switchroom.cli.screen import show_table
from switchroom.cli.stored import opened
from switchroom.durations import duration, instant
from switchroom.errors import InvalidInput
from switchroom.outbound.exporting import Attempt
from switchroom.reporting import rows as kinds
from switchroom.reporting.campaigns import CampaignRow
from switchroom.reporting.formats import heading, shown
from switchroom.reporting.front import LogReports
from switchroom.reporting.journeys import StageRow
from switchroom.reporting.output import GROUPS, columns_of, write_csv, write_json_lines
from switchroom.reporting.page import html_report
from switchroom.reporting.segments import SegmentRow
from switchroom.reporting.talks import ConversationRow, QualityRow
from switchroom.reporting.tasks import TaskRow
from switchroom.reporting.where import Where
from switchroom.routing.hours import zone_named
from switchroom.simulation.history import write_history
from switchroom.simulation.workforce import demand

_DESCRIPTION = """
Report on a log: LOG is the SQLite file of a center, or a log that a test has saved. With CONFIG and TRAFFIC, the work
in TRAFFIC is routed first, as run does.

Views: queues, agents, skills, wrap-ups, transfers, presences, activity, agent-activity, interactions, conversations,
quality, campaigns, attempts (--campaign), tasks, segments, journey (--journey), totals, demand (CSV for workforce
planning and switchroom staff). --by takes names, an interval, or both: --by queue, --by 15m, --by agent,medium,1h.

Exit code 0: done; 2: the command line or a file is wrong.
"""

_EXAMPLES = """
  switchroom report center.db
  switchroom report center.db --view agents --by agent,1h --from 2026-01-05 --to 2026-01-06 --format csv
  switchroom report center.db --view interactions --contact 4711 --format jsonl
  switchroom report center.toml monday.csv --format html --output monday.html
  switchroom report center.db --view demand --queue sales > demand.csv
"""

FORMATS = ("table", "csv", "jsonl", "html")
FILTERS = {
    "queue": "queues",
    "medium": "media",
    "channel": "channels",
    "agent": "agents",
    "skill": "skills",
    "division": "divisions",
}
"""Option -> field of the filter."""


@attrs.frozen
class Question:
    """What is asked: the filter, what rows are grouped by, and in which zone the clock is."""

    where: Where
    by: tuple[str, ...] | None
    every: str | None
    zone: str
    args: Namespace

    @property
    def grouping(self) -> dict[str, Any]:
        return {"every": self.every, "zone": self.zone, **({} if self.by is None else {"by": self.by})}

    @property
    def time(self) -> dict[str, Any]:
        """For views that are grouped in one way only."""
        if self.by:
            raise InvalidInput("--by", "unknown", ",".join(self.by), hint="this view takes an interval only")
        return {"every": self.every, "zone": self.zone}

    def text(self, option: str) -> str | None:
        return cast("str | None", getattr(self.args, option))

    def needed(self, option: str) -> str:
        value = self.text(option)
        if value is None:
            raise InvalidInput(f"--{option}", "missing", hint="this view needs it")
        return value


View = tuple[type, Callable[[LogReports, Question], Sequence[Any]]]

VIEWS: dict[str, View] = {
    "queues": (kinds.QueueRow, lambda r, q: r.queues(q.where, **q.grouping)),
    "agents": (kinds.AgentRow, lambda r, q: r.agents(q.where, **q.grouping)),
    "skills": (kinds.SkillRow, lambda r, q: r.skills(q.where, **q.time)),
    "wrap-ups": (kinds.WrapUpRow, lambda r, q: r.wrap_ups(q.where, **q.grouping)),
    "transfers": (kinds.TransferRow, lambda r, q: r.transfers(q.where, **q.grouping)),
    "presences": (kinds.PresenceRow, lambda r, q: r.presences(q.where, **q.time)),
    "activity": (kinds.ActivityRow, lambda r, q: r.activity(q.where, by=q.by or ("queue",))),
    "agent-activity": (kinds.AgentActivityRow, lambda r, q: r.agent_activity(q.where)),
    "interactions": (
        kinds.InteractionRow,
        lambda r, q: r.interactions(
            q.where,
            item=q.text("item"),
            conversation=q.text("conversation"),
            contact=q.text("contact"),
            tag=q.text("tag"),
            limit=cast("int | None", q.args.limit),
        ),
    ),
    "conversations": (ConversationRow, lambda r, q: r.conversations(q.where, **q.time)),
    "quality": (QualityRow, lambda r, q: r.quality(q.where, **q.time)),
    "campaigns": (CampaignRow, lambda r, q: r.campaigns(q.where, **q.time)),
    "attempts": (Attempt, lambda r, q: r.attempts(q.needed("campaign"))),
    "tasks": (TaskRow, lambda r, q: r.tasks(q.where, **q.time)),
    "segments": (SegmentRow, lambda r, q: r.segments(q.where, **q.time)),
    "journey": (StageRow, lambda r, q: r.journey(q.needed("journey"))),
    "totals": (kinds.Totals, lambda r, q: (r.totals(q.where),)),
}
"""Name -> the kind of its rows, and how it is asked."""

NARROW = {
    "queues": ("offered", "answered", "abandoned", "timed_out", "waiting", "mean_wait", "max_wait", "service_level",
               "mean_handle", "transferred"),
    "agents": ("offered", "accepted", "declined", "missed", "handled", "mean_handle", "staffed", "busy", "occupancy"),
    "interactions": ("item", "queue", "medium", "contact", "started", "wait", "outcome", "agents", "talk", "code"),
}  # fmt: skip
"""Columns of wide views on a terminal, besides those they are grouped by, unless others are chosen."""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``report``."""
    parser = command(subparsers, "report", help="report on a log", description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument("source", nargs="+", metavar="LOG", help="a log, or CONFIG TRAFFIC")
    parser.add_argument("--view", default="queues", choices=[*VIEWS, "demand"], metavar="VIEW", help="which (queues)")
    parser.add_argument("--by", default=None, metavar="NAMES", help="what rows are grouped by, and the interval")
    parser.add_argument("--from", dest="since", metavar="TIME", help="a day or an instant, counted from there")
    parser.add_argument("--to", dest="until", metavar="TIME", help="a day or an instant, counted up to there")
    parser.add_argument("--zone", metavar="ZONE", help="of days and clocks (that of the log or configuration)")
    for option in FILTERS:
        parser.add_argument(
            f"--{option}", action="append", metavar="ID", help=f"only of this {option}; may be repeated"
        )
    for option in ("item", "conversation", "contact", "tag"):
        parser.add_argument(f"--{option}", metavar="ID", help="for interactions")
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many interactions")
    parser.add_argument("--campaign", metavar="ID", help="for attempts")
    parser.add_argument("--journey", metavar="ID", help="for the journey of this conversation")
    parser.add_argument("--columns", metavar="NAMES", help="which columns, in this order")
    parser.add_argument("--format", default="table", choices=FORMATS, help="table, csv, jsonl or html (table)")
    parser.add_argument("--output", metavar="FILE", help="write there instead of to standard output")
    _add_playing(parser)
    parser.set_defaults(run=run)


def _add_playing(parser: ArgumentParser) -> None:
    parser.add_argument("--date", default=MONDAY, metavar="DATE", help=f"day of times without a date ({MONDAY})")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of what is drawn by chance (1)")


def run(args: Namespace) -> int:
    """Write the report."""
    with _reports(args) as (reports, zone):
        question = _question(args, cast("str | None", args.zone) or zone)
        with _output(cast("str | None", args.output)) as file:
            _write(reports, question, file)
    return OK


@contextmanager
def _reports(args: Namespace) -> Generator[tuple[LogReports, str]]:
    """What is reported on, and its zone."""
    source = cast("list[str]", args.source)
    if len(source) == 1:
        with opened(source[0]) as log:
            yield LogReports(log.storage.read, until=log.now), log.zone
    elif len(source) == 2:
        args.config, args.traffic = source
        outcome = carry_out(read_job(args), quiet=True)
        zone = outcome.job.configuration.zone
        yield LogReports(outcome.center.storage.read, until=outcome.job.until), zone
    else:
        raise InvalidInput("LOG", "several", len(source), hint="one log, or a configuration and its traffic")


def _question(args: Namespace, zone: str) -> Question:
    local = zone_named(zone)
    names, every = _grouping(cast("str | None", args.by))
    filters = {field: getattr(args, option) for option, field in FILTERS.items()}
    where = Where(
        **filters,
        since=_when(cast("str | None", args.since), local, "--from"),
        until=_when(cast("str | None", args.until), local, "--to"),
    )
    return Question(where, names, every, zone, args)


def _grouping(text: str | None) -> tuple[tuple[str, ...] | None, str | None]:
    """``queue,1h`` as its names and its interval; an interval alone leaves the names as the view has them."""
    if text is None:
        return None, None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    lengths = [part for part in parts if part[0].isdigit()]
    if len(lengths) > 1:
        raise InvalidInput("--by", "several", text, hint="one interval")
    for length in lengths:
        duration(length, field="--by")
    names = tuple(part for part in parts if part not in lengths)
    return names or None, lengths[0] if lengths else None


def _when(text: str | None, zone: ZoneInfo, option: str) -> datetime | None:
    """An instant, or the first one of a day, or a time by the clock of the zone."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            option, "syntax", text, hint="such as 2026-01-05, 2026-01-05T09:00 or with an offset"
        ) from None
    return instant(at if at.tzinfo is not None else at.replace(tzinfo=zone), field=option)


@contextmanager
def _output(path: str | None) -> Generator[TextIO]:
    """A file that is written whole or not at all, or standard output."""
    if path is None:
        yield sys.stdout
        return
    with whole_file(path) as file:
        yield file


def _write(reports: LogReports, question: Question, file: TextIO) -> None:
    args = question.args
    form, view = cast("str", args.format), cast("str", args.view)
    if form == "html":
        file.write(html_report(reports, question.where, zone=question.zone, every=question.every))
        return
    if view == "demand":
        write_history(demand(reports, question.where, interval=question.every or "30m"), file)
        return
    kind, ask = VIEWS[view]
    rows = ask(reports, question)
    chosen = cast("str | None", args.columns)
    columns = None if chosen is None else tuple(name.strip() for name in chosen.split(","))
    if form == "csv":
        write_csv(kind, rows, file, columns)
    elif form == "jsonl":
        write_json_lines(rows, file, columns and columns_of(kind, rows, columns))
    else:
        _show(question, kind, rows, columns, file)


def _show(question: Question, kind: type, rows: Sequence[Any], columns: tuple[str, ...] | None, file: TextIO) -> None:
    """As a table, with the times of the zone."""
    view, zone = cast("str", question.args.view), zone_named(question.zone)
    names = columns_of(kind, rows, columns)
    if columns is None and view in NARROW:
        groups = [name for name in names if name in GROUPS]
        names = (*(() if view == "interactions" else groups), *NARROW[view])
    elif columns is None:
        names = tuple(name for name in names if name not in ("steps", "target_within"))
    table = [[shown(name, _local(getattr(row, name), zone)) for name in names] for row in rows]
    with redirect_stdout(file):
        show_table(view.replace("-", " ").capitalize(), [heading(name) for name in names], table)


def _local(value: object, zone: ZoneInfo) -> object:
    return value.astimezone(zone) if isinstance(value, datetime) else value
