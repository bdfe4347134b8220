"""How people behave in a simulation: shifts with breaks, and behaviours with their chances and times.

What happens to one offer or item is drawn from its own id, not from one stream: an agent more or less changes nothing
for the others, so that two simulations differ by their settings and not by their luck.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

import attrs

from switchroom.durations import Micros, to_micros
from switchroom.errors import InvalidInput
from switchroom.routing.dayhours import DAYS, read_intervals
from switchroom.routing.fields import (
    micros,
    placed,
    to_id,
    to_ids,
    to_optional_id,
    to_optional_span,
    to_share,
    to_span,
)
from switchroom.routing.hours import OpeningHours
from switchroom.routing.model import Presence

MAX_SPREAD = 5.0
"""Above it nearly every time drawn is near nothing, and a few are endless."""


def _to_hours(value: str) -> str:
    return _hours(value)


def _hours(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput("hours", "type", value, hint='text such as "09:00-17:00"')
    try:
        return str(read_intervals([value], "hours")[0])
    except InvalidInput as error:
        raise InvalidInput("hours", error.code, value, hint='part of a day looks like "09:00-17:00"') from None


def _to_days(value: Iterable[str]) -> tuple[str, ...]:
    wanted = to_ids(value)
    for day in wanted:
        if day not in DAYS:
            raise InvalidInput("days", "unknown_day", day, hint="expected " + ", ".join(DAYS))
    return tuple(day for day in DAYS if day in wanted)


@attrs.frozen(kw_only=True, field_transformer=placed("break"))
class Break:
    """Part of a shift in another presence; work in hand is finished first."""

    hours: str = attrs.field(kw_only=False, converter=_to_hours)
    presence: str = attrs.field(default=Presence.BREAK, converter=to_id)


def _to_breaks(value: Iterable[Break | str]) -> tuple[Break, ...]:
    return tuple(one if isinstance(one, Break) else Break(one) for one in value)


@attrs.frozen(kw_only=True, field_transformer=placed("shift"))
class Shift:
    """When agents are there: ``hours`` of wall time (``"22:00-06:00"`` ends on the next day) on these ``days``."""

    agents: tuple[str, ...] = attrs.field(converter=to_ids)
    hours: str = attrs.field(converter=_to_hours)
    days: tuple[str, ...] = attrs.field(default=DAYS, converter=_to_days)
    breaks: tuple[Break, ...] = attrs.field(default=(), converter=_to_breaks)


def _to_spread(value: float) -> float:
    return _spread(value)


def _spread(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_SPREAD:
        raise InvalidInput("spread", "range", value, hint=f"a number between 0 and {MAX_SPREAD:g}")
    return float(value)


def _to_timed(value: str | int | float | timedelta) -> timedelta:
    span = to_span(value)
    if not span:
        raise InvalidInput("handle", "range", value, hint="above zero")
    return span


@attrs.frozen(kw_only=True, field_transformer=placed("behaviour"))
class Behaviour:
    """What agents do with offers and work, and how long customers wait.

    It holds for work of ``medium`` and ``queue`` and for ``agents``, where given; the first behaviour that fits counts.
    ``answer``: mean time until an offer is answered; ``handle``: mean handle time of work that brings none;
    ``wrap_up``: mean after-call work where the agent ends it; ``patience``: mean time after which a waiting customer
    leaves (None: never). Times are drawn around their mean with the coefficient of variation ``spread`` (0: none);
    patience is exponential. ``decline`` and ``miss``: the share of offers declined or let expire; ``back_after``: how
    long an agent who missed one stays away. ``transfer``: the share of work handed on, once, to ``transfer_to``.
    """

    medium: str | None = attrs.field(default=None, converter=to_optional_id)
    queue: str | None = attrs.field(default=None, converter=to_optional_id)
    agents: tuple[str, ...] = attrs.field(default=(), converter=to_ids)
    answer: timedelta = attrs.field(default=timedelta(seconds=4), converter=to_span)
    handle: timedelta = attrs.field(default=timedelta(minutes=3), converter=_to_timed)
    wrap_up: timedelta = attrs.field(default=timedelta(seconds=20), converter=to_span)
    patience: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    spread: float = attrs.field(default=0.5, converter=_to_spread)
    decline: float = attrs.field(default=0.0, converter=to_share)
    miss: float = attrs.field(default=0.0, converter=to_share)
    back_after: timedelta = attrs.field(default=timedelta(minutes=2), converter=to_span)
    transfer: float = attrs.field(default=0.0, converter=to_share)
    transfer_to: str | None = attrs.field(default=None, converter=to_optional_id)

    def __attrs_post_init__(self) -> None:
        if self.decline + self.miss > 1:
            raise InvalidInput("behaviour.miss", "range", self.miss, hint="decline and miss add up to more than 1")
        if self.transfer and self.transfer_to is None:
            raise InvalidInput("behaviour.transfer_to", "missing", hint="transfer needs a queue to transfer to")

    def fits(self, medium: str, queue: str | None, agent: str | None) -> bool:
        """Whether it holds for this work, and for this agent; ``agent`` None: for the customer."""
        if self.agents and (agent is None or agent not in self.agents):
            return False
        return self.medium in (None, medium) and self.queue in (None, queue)


USUAL = Behaviour()
"""For what no behaviour fits."""


class Behaviours:
    """The behaviours of a simulation in order, and what they make of one offer or item under a seed."""

    def __init__(self, behaviours: Sequence[Behaviour], seed: int) -> None:
        self._behaviours = tuple(behaviours)
        self._seed = seed

    def of(self, medium: str, queue: str | None, agent: str | None = None) -> Behaviour:
        """The first behaviour that fits, or the usual one."""
        return next((b for b in self._behaviours if b.fits(medium, queue, agent)), USUAL)

    def luck(self, what: str, id: str) -> Random:
        """The randomness of one decision: the same for the same seed, whatever else happens."""
        # Seeding by text hashes it with SHA-512, which is the same in every process and Python version.
        return Random(f"{self._seed}/{what}/{id}")


def around(mean: timedelta, spread: float, luck: Random) -> Micros:
    """A time drawn around a mean, gamma distributed with this coefficient of variation; at least a millisecond."""
    middle = micros(mean)
    if not spread or not middle:
        return middle
    return max(1_000, round(luck.gammavariate(1 / spread**2, middle * spread**2)))


def spans(shift: Shift, zone: str, start: datetime, end: datetime) -> list[tuple[Micros, Micros, str]]:
    """The instants of a shift between two others, in order: (from, to, presence)."""
    week = {day: [shift.hours] for day in shift.days}
    worked = _instants(OpeningHours(zone, weekly=week), start, end)
    found = [(opens, closes, str(Presence.ON_QUEUE)) for opens, closes in worked]
    for pause in shift.breaks:
        off = _instants(OpeningHours.daily(*pause.hours.split("-"), zone=zone), start, end)
        found += [
            (max(opens, begins), min(closes, ends), pause.presence)
            for begins, ends in off
            for opens, closes in worked
            if max(opens, begins) < min(closes, ends)
        ]
    return sorted(found)


def _instants(hours: OpeningHours, start: datetime, end: datetime) -> list[tuple[Micros, Micros]]:
    return [(to_micros(opens), to_micros(closes)) for opens, closes in hours.intervals(start, end)]
