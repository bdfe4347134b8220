"""How people behave in a simulation: shifts with breaks, and behaviours with their chances and times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import attrs

from switchroom.durations import Micros, to_micros
from switchroom.errors import InvalidInput
from switchroom.routing.dayhours import DAYS, read_intervals
from switchroom.routing.fields import placed, to_id, to_ids, to_optional_id, to_share, to_span
from switchroom.routing.hours import OpeningHours
from switchroom.routing.model import Presence
from switchroom.simulation.times import Times, to_optional_times, to_spread, to_times

MAX_TURNS = 1_000
"""Of one conversation."""
MAX_RETRIES = 20
"""Of one customer: with every one of them trying again, an overloaded center would never see the end."""


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


def _to_timed(value: Times | str | int | float | timedelta) -> Times:
    times = to_times(value)
    if not times.average:
        raise InvalidInput("handle", "range", value, hint="above zero")
    return times


def _to_turns(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= MAX_TURNS:
        raise InvalidInput("turns", "range", value, hint=f"a number between 1 and {MAX_TURNS}")
    return float(value)


@attrs.frozen(kw_only=True, field_transformer=placed("behaviour"))
class Behaviour:
    """What agents do with offers and work, and how long customers wait.

    It holds for work of ``medium`` and ``queue`` and for ``agents``, where given; the first behaviour that fits counts.
    ``answer``: until an offer is answered; ``handle``: handle time of work that brings none; ``wrap_up``: after-call
    work where the agent ends it; ``patience``: after which a waiting customer leaves (None: never). Each is a mean, or
    `Times` with a shape of their own; a mean alone is gamma distributed with the coefficient of variation ``spread``
    (0: always the same), patience exponentially. ``decline`` and ``miss``: the share of offers declined or let expire;
    ``back_after``: how long an agent who missed one stays away. ``transfer``: the share of work handed on, once, to
    ``transfer_to``. ``retry``: the share of customers who gave up, or found no place, and try again after
    ``retry_after``, at most `MAX_RETRIES` times.

    Messages go back and forth: ``turns`` is the mean number of the agent's turns, over which the handle time is spread
    evenly; between two of them the customer takes ``reply``, and the work takes the share ``waiting_share`` of its
    room. ``slowdown``: how much longer a turn takes for each other piece of work in hand at its beginning.
    """

    medium: str | None = attrs.field(default=None, converter=to_optional_id)
    queue: str | None = attrs.field(default=None, converter=to_optional_id)
    agents: tuple[str, ...] = attrs.field(default=(), converter=to_ids)
    answer: Times = attrs.field(default=Times(4), converter=to_times)
    handle: Times = attrs.field(default=Times(180), converter=_to_timed)
    wrap_up: Times = attrs.field(default=Times(20), converter=to_times)
    patience: Times | None = attrs.field(default=None, converter=to_optional_times)
    spread: float = attrs.field(default=0.5, converter=to_spread)
    decline: float = attrs.field(default=0.0, converter=to_share)
    miss: float = attrs.field(default=0.0, converter=to_share)
    back_after: timedelta = attrs.field(default=timedelta(minutes=2), converter=to_span)
    transfer: float = attrs.field(default=0.0, converter=to_share)
    transfer_to: str | None = attrs.field(default=None, converter=to_optional_id)
    retry: float = attrs.field(default=0.0, converter=to_share)
    retry_after: Times = attrs.field(default=Times(600), converter=to_times)
    turns: float = attrs.field(default=1.0, converter=_to_turns)
    reply: Times = attrs.field(default=Times(60), converter=to_times)
    waiting_share: float = attrs.field(default=1.0, converter=to_share)
    slowdown: float = attrs.field(default=0.0, converter=to_share)

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


class Manner:
    """A behaviour, ready to draw from: each function takes a number between 0 and 1."""

    __slots__ = ("answer", "behaviour", "handle", "patience", "reply", "retry_after", "wrap_up")

    def __init__(self, behaviour: Behaviour) -> None:
        spread = behaviour.spread
        self.behaviour = behaviour
        self.answer = behaviour.answer.draw("gamma", spread)
        self.handle = behaviour.handle.draw("gamma", spread)
        self.wrap_up = behaviour.wrap_up.draw("gamma", spread)
        self.reply = behaviour.reply.draw("exponential")
        self.retry_after = behaviour.retry_after.draw("exponential")
        self.patience = None if behaviour.patience is None else behaviour.patience.draw("exponential")


class Behaviours:
    """The behaviours of a simulation in order."""

    def __init__(self, behaviours: Sequence[Behaviour]) -> None:
        self._manners = [Manner(behaviour) for behaviour in behaviours]
        self._usual = Manner(USUAL)
        self._known: dict[tuple[str, str | None, str | None], Manner] = {}

    def of(self, medium: str, queue: str | None, agent: str | None = None) -> Manner:
        """The first behaviour that fits, or the usual one."""
        key = (medium, queue, agent)
        manner = self._known.get(key)
        if manner is None:
            manner = self._known[key] = next((m for m in self._manners if m.behaviour.fits(*key)), self._usual)
        return manner


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
