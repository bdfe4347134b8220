"""The report as one page: figures, plots and tables in a single HTML file that loads nothing.

It reads on a phone and prints: the browser's print makes the PDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from html import escape
from importlib.resources import files
from typing import Any

from switchroom.durations import DurationLike
from switchroom.reporting.formats import heading, shown
from switchroom.reporting.page_plots import figures
from switchroom.reporting.rows import QueueRow
from switchroom.reporting.views import Views
from switchroom.reporting.where import EVERYTHING, Where
from switchroom.routing.hours import zone_named

MAX_ROWS = 200
"""Rows of one table on the page; what is more belongs into a CSV file."""

TILES = ("offered", "answered", "abandoned", "service_level", "mean_wait", "max_wait", "mean_handle", "first_contact")

QUEUE_COLUMNS = (
    *("queue", "offered", "answered", "abandoned", "waiting", "mean_wait", "max_wait", "service_level"),
    *("mean_handle", "mean_after_call", "transferred", "first_contact"),
)
AGENT_COLUMNS = (
    *("agent", "offered", "accepted", "declined", "missed", "handled", "mean_handle", "staffed", "busy", "occupancy"),
    *("concurrency",),
)
SKILL_COLUMNS = ("skill", "demand", "answered", "mean_wait", "service_level", "mean_handle", "agents", "supply", "load")
CODE_COLUMNS = ("queue", "code", "ended", "share", "mean_handle", "mean_after_call")
TRANSFER_COLUMNS = ("queue", "kind", "started", "completed", "failed", "cancelled")
TALK_COLUMNS = (*("line", "channel", "started", "reopened", "closed", "reopen_rate", "received", "sent", "mean_reply"),)
CAMPAIGN_COLUMNS = (
    *("campaign", "attempts", "accepted", "rejected", "delivered", "read", "undelivered", "skipped", "replied"),
)
TASK_COLUMNS = (*("worktype", "submitted", "completed", "open", "overdue", "escalated", "service_level", "mean_time"),)
SEGMENT_COLUMNS = (
    *("distribution", "queue", "share", "given_share", "given", "off", "agents", "evenness", "time_evenness"),
)


def html_report(
    views: Views,
    where: Where = EVERYTHING,
    *,
    zone: str = "UTC",
    title: str = "Contact center",
    every: DurationLike | None = None,
) -> str:
    """The page for a time and part of the work; ``views``: a ledger, or the reports of a center.

    ``every`` is the length of an interval in the plots; None: a quarter of an hour for a day, an hour for a week, a day
    for more. Filters of work leave out what is not counted by work, such as occupancy.
    """
    style = files("switchroom.reporting").joinpath("report.css").read_text(encoding="utf-8")
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="about">{escape(_period(views, where, zone))}</p>',
        f'<section class="tiles">{"".join(_tiles(views, where))}</section>',
        f'<section class="plots">{"".join(figures(views, where, zone, every))}</section>',
        *_tables(views, where),
        "<footer>Every figure is counted from the events in the log; the page on metrics of the documentation says how."
        "</footer>",
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style></head>\n<body><main>\n"
        + "\n".join(parts)
        + "\n</main></body></html>\n"
    )


def _period(views: Views, where: Where, zone: str) -> str:
    starts = [row.start for row in views.queues(where, by=(), every="1h", zone=zone) if row.start is not None]
    if not starts:
        return "No work came in."
    local = zone_named(zone)
    first, last = where.since or starts[0], where.until or starts[-1] + timedelta(hours=1)
    return f"{_told(first.astimezone(local))} to {_told(last.astimezone(local))}, {zone}"


def _told(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M}"


def _tiles(views: Views, where: Where) -> Iterator[str]:
    whole: QueueRow | None = next(iter(views.queues(where, by=())), None)
    if whole is None:
        return
    found = [(name, shown(name, getattr(whole, name))) for name in TILES]
    if not where.asks_about_work:
        people = next(iter(views.agents(where, by=())), None)
        if people is not None and people.staffed:
            found.append(("occupancy", shown("occupancy", people.occupancy)))
            found.append(("staffed hours", f"{people.staffed / timedelta(hours=1):,.0f}"))
    for name, value in found:
        if value != "-":
            yield f'<div class="tile"><b>{escape(value)}</b><span>{escape(heading(name))}</span></div>'


def _tables(views: Views, where: Where) -> Iterator[str]:
    yield _table("Queues", QUEUE_COLUMNS, views.queues(where))
    yield _table("Agents", AGENT_COLUMNS, [row for row in views.agents(where) if row.offered or row.staffed])
    yield _table("Skills", SKILL_COLUMNS, views.skills(where))
    yield _table("Wrap-up codes", CODE_COLUMNS, [row for row in views.wrap_ups(where) if row.code])
    yield _table("Transfers", TRANSFER_COLUMNS, views.transfers(where))
    yield _table("Conversations", TALK_COLUMNS, views.conversations(where))
    yield _table("Campaigns", CAMPAIGN_COLUMNS, views.campaigns(where))
    yield _table("Work items", TASK_COLUMNS, views.tasks(where))
    yield _table("Segments", SEGMENT_COLUMNS, views.segments(where))


def _table(title: str, columns: Sequence[str], rows: Sequence[Any]) -> str:
    """A table; on a phone each row becomes a block. Columns in which nothing happened are left out."""
    if not rows:
        return ""
    kept = [n for i, n in enumerate(columns) if not i or any(getattr(row, n) not in _NOTHING for row in rows)]
    heads = "".join(f"<th>{escape(heading(name))}</th>" for name in kept)
    body = "".join(_line(kept, row) for row in rows[:MAX_ROWS])
    more = f'<p class="none">and {len(rows) - MAX_ROWS} more</p>' if len(rows) > MAX_ROWS else ""
    return (
        f"<h2>{escape(title)}</h2><div class='sheet'><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>{more}"
    )


_NOTHING = (None, 0, timedelta(0), "")


def _line(columns: Sequence[str], row: Any) -> str:
    cells = (
        f'<td data-label="{escape(heading(name))}">{escape(shown(name, getattr(row, name)))}</td>' for name in columns
    )
    return f"<tr>{''.join(cells)}</tr>"
