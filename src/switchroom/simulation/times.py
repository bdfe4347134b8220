"""Distributions of times: of handling, answering, patience, and of what else people take their time for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import timedelta
from random import Random
from statistics import NormalDist
from typing import Final, TypeAlias

import attrs

from switchroom.durations import Micros, span_micros
from switchroom.errors import InvalidInput
from switchroom.routing.fields import Span, placed, to_optional_span, to_share, to_span

Draw: TypeAlias = Callable[[float], Micros]
"""From a number between 0 and 1 to a time, at least a microsecond unless nothing is meant."""

SHAPES: Final = ("exponential", "lognormal", "gamma", "constant")
MAX_SPREAD: Final = 5.0
"""Above it nearly every time drawn is near nothing, and a few are endless."""
MAX_VALUES: Final = 1_000_000
"""Times of an empirical distribution."""

_NORMAL = NormalDist()


def to_spread(value: float) -> float:
    """A coefficient of variation."""
    return _spread(value)


def _spread(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_SPREAD:
        raise InvalidInput("spread", "range", value, hint=f"a number between 0 and {MAX_SPREAD:g}")
    return float(value)


def _to_optional_spread(value: float | None) -> float | None:
    return None if value is None else _spread(value)


def _to_shape(value: str | None) -> str | None:
    if value is not None and value not in SHAPES:
        raise InvalidInput("shape", "unknown", value, hint=f"one of {', '.join(SHAPES)}")
    return value


def _to_values(values: Iterable[Span]) -> tuple[timedelta, ...]:
    found = tuple(sorted(to_span(value) for value in values))
    if len(found) > MAX_VALUES:
        raise InvalidInput("values", "too_many", len(found), hint=f"at most {MAX_VALUES}")
    return found


@attrs.frozen(kw_only=True, field_transformer=placed("times"))
class Times:
    """A distribution of times: its ``mean``, its ``shape``, and its ``spread`` (the coefficient of variation).

    ``shape``: ``exponential``, ``lognormal``, ``gamma`` or ``constant``; None: as where it is used says. ``values``
    instead of a mean: the times that were observed, each as likely as the other. ``none``: the share that takes no
    time at all, on top of the others: customers who hang up rather than wait.

    >>> Times("3m", shape="exponential").average
    datetime.timedelta(seconds=180)
    >>> Times(values=["10s", "30s"], none=0.5).average
    datetime.timedelta(seconds=10)
    """

    mean: timedelta | None = attrs.field(default=None, converter=to_optional_span, kw_only=False)
    shape: str | None = attrs.field(default=None, converter=_to_shape)
    spread: float | None = attrs.field(default=None, converter=_to_optional_spread)
    values: tuple[timedelta, ...] = attrs.field(default=(), converter=_to_values, repr=False)
    none: float = attrs.field(default=0.0, converter=to_share)

    def __attrs_post_init__(self) -> None:
        if (self.mean is None) == (not self.values):
            raise InvalidInput("times.mean", "one_of_two", hint="a mean or values are wanted, and not both")
        if self.values and (self.shape is not None or self.spread is not None):
            raise InvalidInput("times.values", "one_of_two", hint="observed times have their shape and spread already")

    @property
    def average(self) -> timedelta:
        """The mean over all, those that take no time included."""
        mean = sum(self.values, timedelta(0)) / len(self.values) if self.mean is None else self.mean
        return (1.0 - self.none) * mean

    def draw(self, shape: str = "gamma", spread: float = 1.0) -> Draw:
        """How to draw one; ``shape`` and ``spread`` are for what is not given. More chance is never less time."""
        inner = self._whole(self.shape or shape, spread if self.spread is None else self.spread)
        none = self.none
        if not none:
            return inner
        return lambda u: 0 if u < none else inner((u - none) / (1.0 - none))

    def _whole(self, shape: str, spread: float) -> Draw:
        if self.mean is None:
            values = [span_micros(value) for value in self.values]
            return lambda u: values[int(u * len(values))]
        return _SHAPES[shape](span_micros(self.mean), spread) if self.mean else _no_time


TimesLike: TypeAlias = "Times | str | int | float | timedelta"


def to_times(value: Times | str | int | float | timedelta) -> Times:
    """The times, or a mean whose shape is for others to say."""
    return value if isinstance(value, Times) else Times(value)


def to_optional_times(value: Times | str | int | float | timedelta | None) -> Times | None:
    """The same, or None."""
    return None if value is None else to_times(value)


def _no_time(u: float) -> Micros:
    return 0


def _constant(mean: Micros, spread: float) -> Draw:
    return lambda u: mean


def _exponential(mean: Micros, spread: float) -> Draw:
    log = math.log1p
    return lambda u: 1 - int(mean * log(-u))


def _lognormal(mean: Micros, spread: float) -> Draw:
    if not spread:
        return _constant(mean, spread)
    variance = math.log1p(spread * spread)
    middle, sigma = math.log(mean) - variance / 2, math.sqrt(variance)
    quantile, exp = _NORMAL.inv_cdf, math.exp
    return lambda u: 1 + int(exp(middle + sigma * quantile(u)))


def _gamma(mean: Micros, spread: float) -> Draw:
    if not spread:
        return _constant(mean, spread)
    if spread == 1.0:
        return _exponential(mean, spread)
    # The gamma distribution has no quantile in closed form: the number seeds a generator instead.
    shape, scale = 1 / spread**2, mean * spread**2
    return lambda u: 1 + int(Random(int(u * 2.0**53)).gammavariate(shape, scale))


_SHAPES: dict[str, Callable[[Micros, float], Draw]] = {
    "constant": _constant,
    "exponential": _exponential,
    "lognormal": _lognormal,
    "gamma": _gamma,
}
