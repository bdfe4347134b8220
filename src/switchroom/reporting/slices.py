"""The part of a ledger that a question is about: its intervals in groups, and what lies before them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import attrs

from switchroom.durations import Micros, format_instant, from_micros, to_micros
from switchroom.errors import InvalidInput
from switchroom.reporting.intervals import Interval
from switchroom.reporting.state import State, spend
from switchroom.reporting.where import Slots, Where
from switchroom.routing.model import Presence


@attrs.frozen
class Slice:
    """``earlier``: what lies before the time asked for; ``groups``: (start, intervals) by time; ``until``: its end;
    ``open_end``: whether that is now or later, so that what still runs belongs to it."""

    earlier: list[Interval]
    groups: list[tuple[Micros, list[Interval]]]
    until: Micros
    open_end: bool


def sliced(state: State, now: Micros, where: Where, slots: Slots) -> Slice:
    """The intervals that a filter and a grouping ask for. Refuses instants that are not on the ledger's intervals and
    times that it no longer keeps."""
    until = now if where.until is None else to_micros(where.until)
    open_end = until >= now
    since = None if where.since is None else _checked(state, to_micros(where.since))
    if not open_end:
        _checked(state, until)
    if since is not None and since > until:
        raise InvalidInput("where.since", "order", _text(since), hint=f"lies after until, {_text(until)}")
    earlier = [state.intervals.before]
    groups: dict[Micros, list[Interval]] = {} if slots.width_us else {0: []}
    if since is None and not slots.width_us:
        groups[0].append(earlier.pop())
    for start, interval in _pieces(state, max(until, now)):
        if since is not None and start < since:
            earlier.append(interval)
        elif start < until or open_end:
            groups.setdefault(slots.start(start), []).append(interval)
    return Slice(earlier, sorted(groups.items()), until, open_end)


def _checked(state: State, at: Micros) -> Micros:
    width = state.intervals.width_us
    if at % width:
        grid = timedelta(microseconds=width)
        raise InvalidInput("where", "grid", _text(at), hint=f"reports begin and end on whole intervals of {grid}")
    if at < state.intervals.oldest_us:
        raise InvalidInput("where", "range", _text(at), hint="so long ago is not kept; fold the log with a longer keep")
    return at


def _text(at: Micros) -> str:
    return format_instant(from_micros(at))


def _pieces(state: State, until: Micros) -> Iterable[tuple[Micros, Interval]]:
    """The intervals that are kept, and besides them what still runs, up to an instant; by time."""
    running: dict[Micros, Interval] = {}
    for agent in state.agents.values():
        if agent.held or agent.presence != Presence.OFFLINE:
            for start, span in state.intervals.spread(agent.since_us, until):
                spend(running.setdefault(start, Interval()).times[agent.post], agent, span)
    return sorted([*state.intervals, *running.items()], key=lambda piece: piece[0])
