"""The main job: a configuration and its traffic, played and summed up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from switchroom.cli.common import clock_time, hours, percent, seconds
from switchroom.cli.screen import show_table, showing_progress
from switchroom.clock import ManualClock
from switchroom.config import Configuration
from switchroom.durations import format_duration, format_instant, instant
from switchroom.errors import InvalidInput
from switchroom.reporting.ledger import Ledger
from switchroom.reporting.rows import AgentRow, QueueRow, Totals
from switchroom.reporting.where import Where
from switchroom.routing.explain_values import Plain
from switchroom.simulation.day import Played, play
from switchroom.simulation.traffic import Arrival, check_traffic, read_traffic
from switchroom.simulation.visitors import Visitors

if TYPE_CHECKING:
    from switchroom.center import ContactCenter

MONDAY = "2026-01-05"
"""The day on which traffic without dates happens unless told: most hours are open on a Monday."""

NONE = timedelta(0)

JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")


@attrs.frozen(kw_only=True)
class Job:
    """What is to be played: everything read and checked, nothing done yet."""

    configuration: Configuration
    arrivals: Sequence[Arrival]
    start: datetime
    until: datetime
    seed: int


@attrs.frozen(kw_only=True)
class Outcome:
    """What came of it."""

    job: Job
    center: ContactCenter
    played: Played
    queues: tuple[QueueRow, ...]
    agents: tuple[AgentRow, ...]
    totals: Totals


def midnight(day: str, zone: str) -> datetime:
    """The first instant of a day."""
    try:
        local = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))
    except ValueError:
        raise InvalidInput("--date", "date", day, hint="a date looks like 2026-01-05") from None
    return instant(local, field="--date")


def open_traffic(path: str, configuration: Configuration, day: str) -> list[Arrival]:
    """The arrivals in a file, JSON lines by its name and CSV otherwise."""
    # newline="" as the csv module asks for; editors on Windows write a byte order mark.
    # surrogateescape: the reader says in which line the bytes are that are no UTF-8.
    with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        return traffic_of(file, path, configuration, day, json_lines=path.endswith(JSON_SUFFIXES))


def traffic_of(
    file: IO[str], name: str, configuration: Configuration, day: str, *, json_lines: bool = False
) -> list[Arrival]:
    """The arrivals, checked against the configuration."""
    start = midnight(day, configuration.zone)
    arrivals = read_traffic(file, name=name, start=start, json_lines=json_lines)
    check_traffic(
        arrivals,
        name=name,
        queues=[queue.id for queue in configuration.queues],
        intakes=[intake.id for intake in configuration.intakes],
        agents=[agent.id for agent in configuration.agents],
    )
    return arrivals


def planned(configuration: Configuration, arrivals: Sequence[Arrival], *, day: str, seed: int) -> Job:
    """A job from the midnight before the first arrival to the one after the last, in the configuration's zone."""
    zone = ZoneInfo(configuration.zone)
    first = arrivals[0].at if arrivals else midnight(day, configuration.zone)
    last = arrivals[-1].at if arrivals else first
    after = last.astimezone(zone).date() + timedelta(days=1)
    return Job(
        configuration=configuration,
        arrivals=arrivals,
        start=midnight(first.astimezone(zone).date().isoformat(), configuration.zone),
        until=midnight(after.isoformat(), configuration.zone),
        seed=seed,
    )


def carry_out(job: Job, *, quiet: bool, visitors: Visitors | None = None) -> Outcome:
    """Play the job and sum it up; ``quiet``: without progress. ``visitors`` write to a line besides."""
    clock = ManualClock(job.start)
    configuration = job.configuration
    center = configuration.build(clock=clock, seed=job.seed)
    with showing_progress(configuration.zone, quiet=quiet) as progress:
        played = play(
            center,
            job.arrivals,
            until=job.until,
            zone=configuration.zone,
            shifts=configuration.shifts,
            behaviours=configuration.behaviours,
            seed=job.seed,
            progress=progress,
            visitors=visitors,
        )
    ledger, day = Ledger.of(center.events()), Where(until=job.until)
    return Outcome(
        job=job,
        center=center,
        played=played,
        queues=ledger.queues(day),
        agents=ledger.agents(day),
        totals=ledger.totals(),
    )


# -- showing


def show(outcome: Outcome) -> None:
    """Print the figures of queues and agents."""
    found, turned = outcome.totals, outcome.played.turned
    zone = ZoneInfo(outcome.job.configuration.zone)
    start, until = (at.astimezone(zone) for at in (outcome.job.start, outcome.job.until))
    print(f"{start:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} {zone.key}, seed {outcome.job.seed}")
    print(f"{found.submitted} items submitted, {found.offers} offers made, {found.events} events in the log")
    show_table("Queues", _QUEUE_COLUMNS, [_queue_row(one) for one in outcome.queues])
    show_table("Agents", _AGENT_COLUMNS, [_agent_row(one) for one in outcome.agents])
    print()
    print(
        f"overflowed {found.overflowed}, transferred {found.transferred}, relaxed {found.relaxed}, "
        f"escalated {found.escalated}, alerts {found.alerts}, held for a person {found.unrouted}, "
        f"turned away {len(turned)}"
    )


_QUEUE_COLUMNS = (
    *("queue", "offered", "answered", "abandoned", "timed out", "cancelled", "moved", "waiting"),
    *("wait", "longest", "in time", "target"),
)
_AGENT_COLUMNS = (
    *("agent", "offered", "accepted", "declined", "missed", "handled"),
    *("staffed", "busy", "occupied", "handle"),
)


def _queue_row(one: QueueRow) -> list[str]:
    share, within = one.target_share, one.target_within
    target = "-" if share is None or within is None else f"{100 * share:g}/{format_duration(within)}"
    counts = (one.offered, one.answered, one.abandoned, one.timed_out, one.cancelled, one.moved, one.waiting)
    waits = (clock_time(one.mean_wait), clock_time(one.max_wait))
    return [one.queue or "-", *map(str, counts), *waits, percent(one.service_level), target]


def _agent_row(one: AgentRow) -> list[str]:
    counts = (one.offered, one.accepted, one.declined, one.missed, one.handled)
    times = (hours(one.staffed or NONE), hours(one.busy or NONE), percent(one.occupancy), clock_time(one.mean_handle))
    return [one.agent or "-", *map(str, counts), *times]


# -- JSON


def plain(outcome: Outcome) -> dict[str, Plain]:
    """The outcome as plain data: times in seconds, shares from 0 to 1, null for what there is none of."""
    found = outcome.totals
    names = ("events", "submitted", "offers", "overflowed", "transferred", "relaxed", "escalated", "alerts", "unrouted")
    return {
        "start": format_instant(outcome.job.start),
        "until": format_instant(outcome.job.until),
        "seed": outcome.job.seed,
        "totals": {name: getattr(found, name) for name in names},
        "queues": [_plain_queue(one) for one in outcome.queues],
        "agents": [_plain_agent(one) for one in outcome.agents],
        "turned_away": [
            {"line": one.line, "at": format_instant(one.at), "queue": one.queue, "reason": one.reason}
            for one in outcome.played.turned
        ],
    }


def _plain_queue(one: QueueRow) -> Plain:
    return {
        "queue": one.queue,
        "offered": one.offered,
        "answered": one.answered,
        "abandoned": one.abandoned,
        "timed_out": one.timed_out,
        "cancelled": one.cancelled,
        "moved": one.moved,
        "waiting": one.waiting,
        "mean_wait_seconds": seconds(one.mean_wait),
        "max_wait_seconds": seconds(one.max_wait),
        "service_level": one.service_level,
        "target_share": one.target_share,
        "target_seconds": seconds(one.target_within),
    }


def _plain_agent(one: AgentRow) -> Plain:
    return {
        "agent": one.agent,
        "offered": one.offered,
        "accepted": one.accepted,
        "declined": one.declined,
        "missed": one.missed,
        "handled": one.handled,
        "staffed_seconds": seconds(one.staffed),
        "busy_seconds": seconds(one.busy),
        "occupancy": one.occupancy,
        "mean_handle_seconds": seconds(one.mean_handle),
    }
