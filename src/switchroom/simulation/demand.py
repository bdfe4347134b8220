"""What one interval asks for: a row of a history, of a forecast, or of the embedder's own plan."""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import field, frozen

from switchroom.durations import DurationLike, InstantLike, duration, instant
from switchroom.errors import InvalidInput
from switchroom.simulation.erlang import number

MAX_ARRIVALS = 10_000_000.0
"""In one interval."""

_NOTHING = timedelta(0)


def _to_start(value: InstantLike) -> datetime:
    return instant(value, field="start")


def _to_interval(value: DurationLike) -> timedelta:
    return positive(value, "interval")


def _to_arrivals(value: float) -> float:
    return number(value, "arrivals", high=MAX_ARRIVALS, open_low=False)


def _to_handle(value: DurationLike) -> timedelta:
    return duration(value, field="handle")


@frozen
class Demand:
    """The arrivals of one interval and their mean handle time. `InvalidInput` names the argument that is wrong."""

    start: datetime = field(converter=_to_start)
    """When the interval begins: an aware datetime or ISO text, kept in UTC."""
    interval: timedelta = field(converter=_to_interval)
    """How long it is."""
    arrivals: float = field(converter=_to_arrivals)
    """How many interactions arrive in it; a forecast may say a part of one."""
    handle: timedelta = field(default=_NOTHING, converter=_to_handle)
    """How long one keeps an agent on average, after-call work included; 0 only without arrivals."""

    def __attrs_post_init__(self) -> None:
        if self.arrivals and not self.handle:
            raise InvalidInput("handle", "missing", hint="arrivals need a handle time above 0")

    @property
    def end(self) -> datetime:
        """When the interval ends, and the next one may begin."""
        return self.start + self.interval


def positive(value: DurationLike, name: str) -> timedelta:
    """The duration, if it is above 0."""
    span = duration(value, field=name)
    if not span:
        raise InvalidInput(name, "range", value, hint="a time above 0 is wanted")
    return span
