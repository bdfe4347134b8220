"""The wait that a customer with endless patience would meet in a queue with impatience."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

# exp(-45) is 3e-20: what lies further below the peak than that cannot be seen in a float.
_DEEP = 45.0
# With five points each: relative error below 1e-12 in trials against a thousand.
_PANELS = 24
# Gauss-Legendre with five points: nodes as shares of half a panel, and their weights.
_NODES = (
    (0.0, 128.0 / 225.0),
    *(
        (
            sign * math.sqrt(5.0 + way * 2.0 * math.sqrt(10.0 / 7.0)) / 3.0,
            (322.0 - way * 13.0 * math.sqrt(70.0)) / 900.0,
        )
        for way in (-1.0, 1.0)
        for sign in (-1.0, 1.0)
    ),
)


class VirtualWait(NamedTuple):
    """The density of that wait, up to a factor.

    log density(x) = load (1 - exp(-theta x)) / theta - drain x: concave, with its peak at ``peak``, where it is set to
    0; ``rate`` is what arrives there with patience left, and ``pull`` by how much the drain exceeds it.
    """

    theta: float
    peak: float
    rate: float
    pull: float

    @classmethod
    def of(cls, drain: float, load: float, theta: float) -> VirtualWait:
        if load <= drain:
            return cls(theta, 0.0, load, drain - load)
        return cls(theta, math.log(load / drain) / theta, drain, 0.0)

    def density(self, x: float) -> float:
        return math.exp(self._log_density(x))

    def share_before(self, end: float) -> float:
        """The share of the density below ``end``; not one minus the other, so that a small share keeps its digits."""
        below, above = self._split(end)
        return below / (below + above)

    def share_after(self, start: float) -> float:
        """The share of the density above ``start``."""
        below, above = self._split(start)
        return above / (below + above)

    def _split(self, at: float) -> tuple[float, float]:
        # Cut at the peak, too, since its two flanks may differ in scale by the number of servers over theta.
        low, high = self._edge(-1.0), self._edge(1.0)
        cuts = sorted({low, self.peak, high, min(max(at, low), high)})
        parts = [(left, self._part(left, right)) for left, right in pairwise(cuts)]
        below = math.fsum(part for left, part in parts if left < at)
        return below, math.fsum(part for left, part in parts if left >= at)

    def _part(self, left: float, right: float) -> float:
        near, far = (right, left) if right <= self.peak else (left, right)
        return _integrate(self.density, near, far)

    def _log_density(self, x: float) -> float:
        u = x - self.peak
        return -self.rate * _bend(self.theta * u) / self.theta - self.pull * u

    def _edge(self, sign: float) -> float:
        """How far out, below the peak (but not before 0) or above it, the density counts."""
        if sign < 0 and self._log_density(0.0) > -_DEEP:
            return 0.0
        step = 1.0 / (self.pull + self.rate)
        while self._log_density(self.peak + sign * step) > -_DEEP:
            step *= 2.0
        return max(0.0, self.peak + sign * step)


def _bend(z: float) -> float:
    """exp(-z) - 1 + z, without cancellation near 0."""
    if abs(z) > 0.1:
        return math.expm1(-z) + z
    term = total = z * z / 2.0
    for k in range(3, 13):
        term *= -z / k
        total += term
    return total


def _integrate(function: Callable[[float], float], near: float, far: float) -> float:
    """The integral between the two, positive either way, for a function that may bend sharply at the near end."""
    # Panels grow with the distance: just off the peak the density may bend within a hundredth of its length.
    edges = (near + (far - near) * (panel / _PANELS) ** 2 for panel in range(_PANELS + 1))
    return abs(math.fsum(_panel(function, (a + b) / 2, (b - a) / 2) for a, b in pairwise(edges)))


def _panel(function: Callable[[float], float], middle: float, half: float) -> float:
    return half * sum(share * function(middle + node * half) for node, share in _NODES)
