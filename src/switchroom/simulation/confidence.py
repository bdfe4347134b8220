"""Means with their confidence intervals, over replications that are independent of each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist, fmean
from typing import Final, TypeAlias

import attrs

from switchroom.errors import InvalidInput

Parts: TypeAlias = Sequence[tuple[float, float]]
"""For each replication the two numbers whose sums make a ratio."""

CONFIDENCE: Final = 0.95
_LARGE: Final = 1_000
"""From so many degrees of freedom on Student's t is the normal distribution to three digits."""


@attrs.frozen
class Interval:
    """A mean over replications: with probability ``confidence`` the true one lies within ``half_width`` of it.

    ``half_width`` None: with one replication nothing is known of the error.
    """

    mean: float
    half_width: float | None
    confidence: float
    replications: int

    @property
    def low(self) -> float | None:
        """The lower end of the interval."""
        return None if self.half_width is None else self.mean - self.half_width

    @property
    def high(self) -> float | None:
        """The upper end of the interval."""
        return None if self.half_width is None else self.mean + self.half_width

    def holds(self, value: float) -> bool:
        """Whether a value lies in the interval."""
        return self.half_width is not None and abs(value - self.mean) <= self.half_width


def mean(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """The mean of one figure over replications, by Student's t."""
    middle = fmean(values)
    return _around(middle, [value - middle for value in values], confidence)


def ratio(parts: Parts, confidence: float = CONFIDENCE) -> Interval | None:
    """The sum of the first numbers over the sum of the second; None where that sum is 0.

    Shares and mean waits are ratios of sums: a short day counts for less than a long one, which the mean of the days'
    own ratios would not respect. The interval is that of the linearised ratio (the delta method); its bias falls with
    the number of replications.
    """
    found = _linearised(parts)
    return None if found is None else _around(found[0], found[1], confidence)


def difference(before: Parts, after: Parts, confidence: float = CONFIDENCE) -> Interval | None:
    """The second ratio less the first, over pairs of replications that met the same traffic; None where one is none."""
    first, second = _linearised(before), _linearised(after)
    if first is None or second is None:
        return None
    return _around(second[0] - first[0], [b - a for a, b in zip(first[1], second[1], strict=True)], confidence)


def _linearised(parts: Parts) -> tuple[float, list[float]] | None:
    """A ratio of sums, and how far each replication pulls it up or down."""
    total = math.fsum(under for _, under in parts)
    if not total:
        return None
    value, middle = math.fsum(over for over, _ in parts) / total, total / len(parts)
    return value, [(over - value * under) / middle for over, under in parts]


def _around(value: float, pulls: Sequence[float], confidence: float) -> Interval:
    count = len(pulls)
    if count == 1:
        return Interval(value, None, checked(confidence), 1)
    variance = math.fsum(pull * pull for pull in pulls) / (count - 1)
    return Interval(value, t_quantile(confidence, count - 1) * math.sqrt(variance / count), confidence, count)


@cache
def t_quantile(confidence: float, freedom: int) -> float:
    """How many standard errors an interval of this confidence reaches to each side, with so many degrees of freedom.

    >>> round(t_quantile(0.95, 19), 3), round(t_quantile(0.99, 1), 3)
    (2.093, 63.657)
    """
    checked(confidence)
    if freedom > _LARGE:
        return NormalDist().inv_cdf(0.5 + confidence / 2)
    low, high = 0.0, 1.0
    while _within(high, freedom) < confidence:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < confidence else (low, middle)
    return (low + high) / 2


def _within(t: float, freedom: int) -> float:
    """The probability that Student's t lies within so far of 0, as a finite sum.

    Source: Abramowitz and Stegun, "Handbook of mathematical functions", 26.7.3 and 26.7.4.
    """
    angle = math.atan2(t, math.sqrt(freedom))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2
    term = total = (math.cos(angle) if odd else 1.0) if freedom > 1 else 0.0
    for k in range(2 + odd, freedom - 1, 2):
        term *= square * (k - 1) / k
        total += term
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


def checked(confidence: float) -> float:
    """The confidence, if it is a share that leaves some doubt."""
    if not 0 < confidence < 1:
        raise InvalidInput("confidence", "range", confidence, hint="a share between 0 and 1, such as 0.95")
    return confidence


def share_interval(count: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a share that was seen ``count`` times ``of`` so many. Source: E. B. Wilson (1927).

    >>> [round(end, 3) for end in share_interval(8, 10)]
    [0.49, 0.943]
    """
    if not of:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + checked(confidence) / 2)
    share, square = count / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    reach = z * math.sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    return max(0.0, middle - reach) if count else 0.0, min(1.0, middle + reach) if count < of else 1.0
