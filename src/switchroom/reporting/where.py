"""What a report is about: which work, which agents, which time, and how it is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import attrs

from switchroom.durations import (
    DurationLike,
    InstantLike,
    Micros,
    duration_micros,
    from_micros,
    instant,
    to_micros,
)
from switchroom.errors import InvalidInput
from switchroom.reporting.lines import Hand, Line, Post
from switchroom.routing.hours import zone_named

WORK = ("queue", "medium", "channel", "division")
"""What work may be grouped by."""
PEOPLE = ("agent", "team")
"""What agents may be grouped by, besides."""

_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US


def _to_names(value: Iterable[str] | None) -> frozenset[str] | None:
    if isinstance(value, str):
        raise InvalidInput("where", "not_list", value, hint="a list of names is wanted, not one text")
    return None if value is None else frozenset(value)


def _to_instant(value: InstantLike | None) -> datetime | None:
    return None if value is None else instant(value, field="where")


@attrs.frozen(kw_only=True)
class Where:
    """A filter. What is None is not filtered by; a name among several is enough, and every filter must be met.

    ``divisions`` are those of the work, in views of agents those of the agents. ``skills``: work that asks for one of
    them at entry. ``since`` and ``until`` bound the time counted (the first included, the second not); they lie on the
    ledger's intervals, unless ``until`` is not before the end of the log: then times that still run are counted up
    to it.
    """

    queues: frozenset[str] | None = attrs.field(default=None, converter=_to_names)
    media: frozenset[str] | None = attrs.field(default=None, converter=_to_names)
    channels: frozenset[str] | None = attrs.field(default=None, converter=_to_names)
    agents: frozenset[str] | None = attrs.field(default=None, converter=_to_names)
    skills: frozenset[str] | None = attrs.field(default=None, converter=_to_names)
    divisions: frozenset[str] | None = attrs.field(default=None, converter=_to_names)
    since: datetime | None = attrs.field(default=None, converter=_to_instant)
    until: datetime | None = attrs.field(default=None, converter=_to_instant)

    def of_line(self, line: Line) -> bool:
        """Whether work of this line is wanted, whatever its division."""
        return (
            (self.queues is None or line.queue in self.queues)
            and (self.media is None or line.medium in self.media)
            and (self.channels is None or line.channel in self.channels)
            and (self.skills is None or not line.skills.isdisjoint(self.skills))
        )

    def of_work(self, line: Line) -> bool:
        """Whether work of this line is wanted."""
        return (self.divisions is None or line.division in self.divisions) and self.of_line(line)

    def of_agent(self, post: Post) -> bool:
        """Whether this agent is wanted."""
        return (self.agents is None or post.agent in self.agents) and (
            self.divisions is None or post.division in self.divisions
        )

    def of_hand(self, hand: Hand) -> bool:
        """Whether what this agent did for this work is wanted; divisions are those of the work."""
        return (self.agents is None or hand.post.agent in self.agents) and self.of_work(hand.line)

    @property
    def asks_about_work(self) -> bool:
        """Whether some of an agent's work may be left out."""
        return not (self.queues is self.media is self.channels is self.skills is None)


EVERYTHING = Where()


def checked_by(by: Sequence[str], allowed: Sequence[str]) -> tuple[str, ...]:
    """The names to group by, in the order of the view. Refuses names that it does not have."""
    wanted = (by,) if isinstance(by, str) else tuple(by)
    for name in wanted:
        if name not in allowed:
            raise InvalidInput("by", "unknown", name, hint=f"one of {', '.join(allowed)}")
    return tuple(name for name in allowed if name in wanted)


def line_key(names: tuple[str, ...]) -> Callable[[Line], tuple[str | None, ...]]:
    """What work is grouped under."""
    return lambda line: tuple(getattr(line, name) for name in names)


def hand_key(names: tuple[str, ...], own: Sequence[str] = PEOPLE) -> Callable[[Hand], tuple[str | None, ...]]:
    """What the work of agents is grouped under; names in ``own`` are asked of the agent, the others of the work."""
    return lambda hand: tuple(getattr(hand.post if name in own else hand.line, name) for name in names)


class Slots:
    """Groups of a ledger's intervals: the quarter hours of an hour, the hours of a local day."""

    def __init__(self, every: DurationLike | None, zone: str, width_us: Micros) -> None:
        self._zone = zone_named(zone)
        self.width_us = None if every is None else duration_micros(every, field="every")
        if self.width_us is not None and (not self.width_us or self.width_us % width_us or _DAY_US % self.width_us):
            base = timedelta(microseconds=width_us)
            raise InvalidInput("every", "grid", every, hint=f"a multiple of {base} that divides a day")

    def start(self, at: Micros) -> Micros:
        """When the group of an interval begins; 0 if there is only one."""
        width = self.width_us
        if width is None:
            return 0
        local = from_micros(at).astimezone(self._zone)
        if width <= _HOUR_US:
            # By the clock that never changes, so that the hour that comes twice in autumn is two groups.
            offset = (local.utcoffset() or timedelta(0)) // timedelta(microseconds=1)
            return at - (at + offset) % width
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        passed = (local.replace(tzinfo=None) - midnight.replace(tzinfo=None)) // timedelta(microseconds=width)
        return to_micros(midnight + passed * timedelta(microseconds=width))

    def label(self, start: Micros) -> datetime | None:
        """The start as a row tells it, in the zone."""
        return from_micros(start).astimezone(self._zone) if start else None
