"""Traffic that is made up: types of work that arrive at random, at rates that change over the day."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Final, Protocol

import attrs

from switchroom.durations import Micros, span_micros, to_micros
from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_id, to_ids, to_optional_id, to_optional_span, to_span, to_whole
from switchroom.routing.model import WorkItem, to_requirement
from switchroom.routing.queue_model import ServiceLevel
from switchroom.routing.requirements import Requirement
from switchroom.simulation.case import Case
from switchroom.simulation.erlang import number
from switchroom.simulation.streams import Stream
from switchroom.simulation.times import Draw, Times, to_optional_times
from switchroom.simulation.traffic import Arrival

MAX_RATE: Final = 10_000_000.0
"""Arrivals an hour."""
MAX_PERIODS: Final = 100_000
_PLACES: Final = 32
"""Bits for the arrivals of one type in one period."""


def to_rates(value: Iterable[float] | float) -> tuple[float, ...]:
    """Arrivals an hour, for each period."""
    rates: Iterable[object] = (value,) if isinstance(value, int | float) else value
    found = tuple(number(rate, "rate", high=MAX_RATE, open_low=False) for rate in rates)
    if not 1 <= len(found) <= MAX_PERIODS:
        raise InvalidInput("rates", "range", len(found), hint=f"1 to {MAX_PERIODS} periods")
    return found


def to_busyness(value: float | None) -> float | None:
    """The shape of a gamma variable of mean 1."""
    return None if value is None else number(value, "busyness", high=1e6)


@attrs.frozen(kw_only=True, field_transformer=placed("type"))
class WorkType:
    """One type of work: how much of it arrives, and what it is.

    ``rates``: arrivals an hour, in each period. ``busyness``: each day's rates are multiplied by one gamma variable of
    mean 1 and this shape (its variance is 1 / shape). The work goes to ``queue`` (the type's own id unless told), or
    through the rules of ``intake``. ``handle`` and ``patience`` hold for this type whatever the behaviours say.
    ``target``: what counts as in time; unless told, that of the queue.
    """

    id: str = attrs.field(converter=to_id, kw_only=False)
    rates: tuple[float, ...] = attrs.field(converter=to_rates)
    busyness: float | None = attrs.field(default=None, converter=to_busyness)
    queue: str | None = attrs.field(default=None, converter=to_optional_id)
    intake: str | None = attrs.field(default=None, converter=to_optional_id)
    medium: str = attrs.field(default="voice", converter=to_id)
    channel: str | None = attrs.field(default=None, converter=to_optional_id)
    requirement: Requirement = attrs.field(default=None, converter=to_requirement)
    priority: int = attrs.field(default=0, converter=to_whole)
    labels: tuple[str, ...] = attrs.field(default=(), converter=to_ids)
    max_wait: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    handle: Times | None = attrs.field(default=None, converter=to_optional_times)
    patience: Times | None = attrs.field(default=None, converter=to_optional_times)
    target: ServiceLevel | None = None

    def work(self) -> WorkItem:
        """One piece of this work."""
        return WorkItem(
            queue=None if self.intake is not None else self.queue or self.id,
            medium=self.medium,
            channel=self.channel,
            requirement=self.requirement,
            priority=self.priority,
            labels=self.labels,
            max_wait=self.max_wait,
        )


class Source(Protocol):
    """Where the work of a simulation comes from."""

    def cases(self, seed: object, start: Micros) -> Iterator[Case]:
        """What arrives, in order of time. The same for the same seed, whatever becomes of it."""
        ...

    def end(self, start: Micros) -> Micros:
        """Until when work may arrive."""
        ...

    def targets(self) -> dict[str, ServiceLevel | None]:
        """The types, and what counts as in time; None: as the queue of that name says."""
        ...

    def expected(self) -> float:
        """About how many will come."""
        ...


def _to_types(value: Iterable[WorkType]) -> tuple[WorkType, ...]:
    return tuple(value)


def _to_period(value: str | int | float | timedelta) -> timedelta:
    period = to_span(value)
    if not period:
        raise InvalidInput("period", "range", value, hint="a time above 0 is wanted")
    return period


@attrs.frozen(kw_only=True, field_transformer=placed("traffic"))
class Traffic:
    """Types of work whose rates change from ``period`` to period; arrivals are a Poisson process within each.

    ``busyness``: the rates of all types of one day are multiplied by the same gamma variable, of mean 1 and this shape:
    days are busy or quiet as a whole. A type with fewer rates than others has no arrivals after its last period.
    """

    types: tuple[WorkType, ...] = attrs.field(converter=_to_types)
    period: timedelta = attrs.field(default=timedelta(hours=1), converter=_to_period)
    busyness: float | None = attrs.field(default=None, converter=to_busyness)

    def __attrs_post_init__(self) -> None:
        ids = [type.id for type in self.types]
        if not ids or len(set(ids)) != len(ids):
            raise InvalidInput("traffic.types", "duplicate", ",".join(ids), hint="types with different ids are wanted")

    def cases(self, seed: object, start: Micros) -> Iterator[Case]:
        """What arrives, in order of time. O(log types) each."""
        common = 1.0 if self.busyness is None else _factor(self.busyness, _random(seed, "busyness"))
        streams = [self._of(type, number, seed, start, common) for number, type in enumerate(self.types)]
        return streams[0] if len(streams) == 1 else heapq.merge(*streams, key=lambda case: case.at)

    def end(self, start: Micros) -> Micros:
        """The end of the last period."""
        return start + max(len(type.rates) for type in self.types) * span_micros(self.period)

    def targets(self) -> dict[str, ServiceLevel | None]:
        """The types, and what counts as in time."""
        return {type.id: type.target for type in self.types}

    def expected(self) -> float:
        """About how many will come."""
        return sum(sum(type.rates) for type in self.types) * self.period / timedelta(hours=1)

    def _of(self, type: WorkType, number: int, seed: object, start: Micros, common: float) -> Iterator[Case]:
        factor = common
        if type.busyness is not None:
            factor *= _factor(type.busyness, _random(seed, "busyness", type.id))
        handle, patience = Stream(seed, "handle-of-type"), Stream(seed, "patience-of-type")
        handle_time = _drawn(type.handle, "gamma")
        patience_time = _drawn(type.patience, "exponential")
        work, intake, period = type.work(), type.intake, span_micros(self.period)
        for n, rate in enumerate(type.rates):
            # A generator for each period: what arrives in one does not change when the rate of another does.
            luck = _random(seed, "arrivals", type.id, n)
            place = (number * MAX_PERIODS + n) << _PLACES
            for at in _instants(rate * factor, period, luck):
                place += 1
                yield Case(
                    start + n * period + at,
                    work,
                    place,
                    type.id,
                    intake=intake,
                    handle=handle_time and handle_time(handle.at(place)),
                    patience=patience_time and patience_time(patience.at(place)),
                )


def _drawn(times: Times | None, shape: str) -> Draw | None:
    return None if times is None else times.draw(shape, 0.5)


def _instants(rate: float, period: Micros, luck: Random) -> Iterator[Micros]:
    """The instants of a Poisson process of so many an hour within one period."""
    if rate:
        draw, gap = luck.expovariate, 3_600_000_000 / rate
        at = draw(1.0) * gap
        while at < period:
            yield int(at)
            at += draw(1.0) * gap


def _random(seed: object, *purpose: object) -> Random:
    text = "/".join(str(part) for part in (seed, *purpose))
    return Random(int.from_bytes(sha256(text.encode()).digest()))


def _factor(shape: float, luck: Random) -> float:
    return luck.gammavariate(shape, 1 / shape)


def _to_arrivals(value: Iterable[Arrival]) -> tuple[Arrival, ...]:
    return tuple(sorted(value, key=lambda arrival: arrival.at))


@attrs.frozen(kw_only=True)
class Recorded:
    """Traffic as it was: the same arrivals in every replication, while the people differ. Counted by queue."""

    arrivals: tuple[Arrival, ...] = attrs.field(converter=_to_arrivals, kw_only=False)

    def cases(self, seed: object, start: Micros) -> Iterator[Case]:
        """What arrived."""
        return (Case.of(arrival, place) for place, arrival in enumerate(self.arrivals))

    def end(self, start: Micros) -> Micros:
        """Just after the last arrival."""
        return max(start, *(to_micros(arrival.at) for arrival in self.arrivals[-1:])) + 1

    def targets(self) -> dict[str, ServiceLevel | None]:
        """The queues that work was sent to."""
        return {arrival.work.queue or arrival.intake or "": None for arrival in self.arrivals}

    def expected(self) -> float:
        """How many came."""
        return len(self.arrivals)
