"""The waiting formulas of queueing theory: Erlang B, C and A, and priorities without pre-emption.

All of them take Poisson arrivals and exponential service by equal servers, in the steady state. Time is counted in mean
service times, so that ``offered_load`` (arrival rate x mean service time, in erlangs) and ``servers`` say it all:

* Erlang B: who finds every server busy is lost;
* Erlang C: who finds every server busy waits, for as long as it takes;
* Erlang A: who waits gives up after an exponential patience (``theta_over_mu``: mean service time / mean patience).

The numbers come from sums of positive terms and from one-dimensional integrals of log-concave functions, never from
differences of large ones: factorials, powers and incomplete gamma functions overflow at a few hundred servers.

Sources: A. K. Erlang (1917) for B and C; C. Palm (1957) and A. Mandelbaum, S. Zeltyn, "Service engineering in action:
the Palm/Erlang-A queue" (2007) for A; A. Cobham, "Priority assignment in waiting line problems" (1954) for priorities.
"""

from __future__ import annotations

import math
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

from attrs import frozen

from switchroom.durations import DurationLike, duration
from switchroom.errors import InvalidInput
from switchroom.simulation.virtualwait import VirtualWait

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

MAX_SERVERS = 100_000
"""The work is linear in the servers: this many take some 10 ms."""
MAX_LOAD = 1_000_000.0
"""In erlangs. More than `MAX_SERVERS`, because impatience keeps an overloaded queue stable."""
MAX_PATIENCE = 100_000.0
"""In mean service times; the sums of Erlang A grow with its square root."""
MIN_PATIENCE = 1e-6
"""Leaving at once, to six digits."""
MIN_THETA, MAX_THETA = 1.0 / MAX_PATIENCE, 1.0 / MIN_PATIENCE
"""The same, as the ratio of rates, which may also be 0: nobody leaves."""
MAX_CLASSES = 1_000
"""Priority classes."""

Basis: TypeAlias = Literal["offered", "answered", "offered_less_short"]
"""What the share answered in time is a share of: all arrivals; those answered; all but those who left in time."""

# Terms below this share of what is summed already are beyond the last bit of a float.
_NEGLIGIBLE = 1e-18


@frozen
class ErlangC:
    """A queue where everybody waits: the figures of `erlang_c`."""

    servers: int
    offered_load: float
    p_wait: float
    """The share of arrivals that find every server busy."""
    occupancy: float
    """The share of their time that servers are busy."""
    mean_wait: float
    """Over all arrivals, those that do not wait included; in mean service times."""
    queue_length: float
    """The mean number waiting, those in service not counted."""

    def service_level(self, within: float) -> float:
        """The share of arrivals that wait at most so many mean service times."""
        within = number(within, "within", low=0.0, open_low=False)
        return 1.0 - self.p_wait * math.exp(-(self.servers - self.offered_load) * within)

    def mean_wait_for(self, handle: DurationLike) -> timedelta:
        """The mean wait where one service takes ``handle`` on average."""
        return _scaled(self.mean_wait, handle)


@frozen
class ErlangA:
    """A queue whose customers lose patience: the figures of `erlang_a`."""

    servers: int
    offered_load: float
    theta_over_mu: float
    """Abandonment rate of one who waits over service rate of one server; 0: nobody leaves."""
    p_wait: float
    """The share of arrivals that find every server busy, whether they leave later or not."""
    p_abandon: float
    """The share of arrivals that leave unanswered."""
    occupancy: float
    """The share of their time that servers are busy."""
    mean_wait: float
    """Until answered or gone, over all arrivals; in mean service times."""
    queue_length: float
    """The mean number waiting, those in service not counted."""

    def service_level(self, within: float, *, of: Basis = "offered") -> float:
        """The share answered after a wait of at most so many mean service times.

        ``of`` says of whom: ``offered``, of all arrivals, so that one who leaves counts as missed (the default: it
        cannot be improved by losing people); ``answered``, of those who were answered; ``offered_less_short``, of all
        but those who left within the same time. Error some 1e-12.
        """
        within = number(within, "within", low=0.0, open_low=False)
        if of not in ("offered", "answered", "offered_less_short"):
            raise InvalidInput("of", "unknown", of, hint="offered, answered or offered_less_short")
        served, waiting_on = self._at(within)
        if of == "offered":
            return served
        if of == "answered":
            return min(1.0, served / (1.0 - self.p_abandon))
        # Of all arrivals, those neither answered nor still there at that time have left.
        return min(1.0, served / (served + waiting_on))

    def mean_wait_for(self, handle: DurationLike) -> timedelta:
        """The mean wait where one service takes ``handle`` on average."""
        return _scaled(self.mean_wait, handle)

    def _at(self, within: float) -> tuple[float, float]:
        """The shares of arrivals that were served, and that wait still, a time after their arrival."""
        if self.theta_over_mu == 0.0:
            late = self.p_wait * math.exp(-(self.servers - self.offered_load) * within)
            return 1.0 - late, late
        servers, load, theta = self.servers, self.offered_load, self.theta_over_mu
        late = self.p_wait * VirtualWait.of(servers, load, theta).share_after(within) * math.exp(-theta * within)
        # Being served asks for patience until then, another factor exp(-theta x): the same form, with faster drain.
        in_time = VirtualWait.of(servers + theta, load, theta).share_before(within)
        served = max(0.0, self.p_wait - self.p_abandon) * in_time
        return min(1.0, 1.0 - self.p_wait + served), late


@frozen
class PriorityWaits:
    """A queue with classes of priority: the figures of `mmc_priority`."""

    servers: int
    loads: tuple[float, ...]
    p_wait: float
    """The share of arrivals, of every class alike, that find every server busy."""
    occupancy: float
    """The share of their time that servers are busy."""
    mean_waits: tuple[float, ...]
    """For each class, highest first, over all its arrivals; in mean service times."""


def erlang_b(servers: int, offered_load: float) -> float:
    """The share of arrivals that are lost where nobody can wait. Linear in the servers.

    Raises `InvalidInput` where ``servers`` is not a whole number of 1 to `MAX_SERVERS`, or ``offered_load`` not a
    number above 0 and up to `MAX_LOAD`.

    >>> round(erlang_b(5, 3.5), 6)
    0.154112
    """
    servers = _servers(servers)
    return _blocking(servers, _load(offered_load))


def erlang_c(servers: int, offered_load: float) -> ErlangC:
    """The figures of a queue where everybody waits. Linear in the servers.

    Raises `InvalidInput` like `erlang_b`, and with the code ``unstable`` where the load reaches the number of servers:
    the queue then grows without end, and no figure exists.

    >>> erlang_c(5, 3.5).p_wait  # doctest: +ELLIPSIS
    0.37783822...
    """
    servers = _servers(servers)
    load = _stable(servers, _load(offered_load))
    blocking = _blocking(servers, load)
    spare = servers - load
    p_wait = servers * blocking / (spare + load * blocking)
    mean_wait = p_wait / spare
    return ErlangC(servers, load, p_wait, load / servers, mean_wait, load * mean_wait)


def erlang_a(
    servers: int, offered_load: float, *, theta_over_mu: float | None = None, patience: float | None = None
) -> ErlangA:
    """The figures of a queue whose customers lose patience; the load may exceed the servers.

    Exactly one of two says how patient they are: ``theta_over_mu``, the rate of leaving over the rate of service, or
    ``patience``, its inverse, the mean patience in mean service times. With ``theta_over_mu=0`` nobody leaves, and the
    answer is that of `erlang_c`. Linear in the servers, plus about 20 sqrt(load / theta_over_mu) at most.

    Raises `InvalidInput` like `erlang_b`, where not exactly one of the two is given, and where ``theta_over_mu`` is
    neither 0 nor between `MIN_THETA` and `MAX_THETA`.

    >>> round(erlang_a(5, 3.5, patience=2).p_abandon, 6)
    0.051438
    """
    servers = _servers(servers)
    load = _load(offered_load)
    theta = _theta(theta_over_mu, patience)
    if theta == 0.0:
        figures = erlang_c(servers, load)
        return ErlangA(
            servers, load, 0.0, figures.p_wait, 0.0, figures.occupancy, figures.mean_wait, figures.queue_length
        )
    blocking = _blocking(servers, load)
    first, states, waiting = _queue_sums(servers, load, theta)
    # The weights of the states with a full house are relative to one of them; so is the rest, through state `servers`,
    # which has the share `blocking` of all states without a queue. A blocking of 0 has underflowed: nobody waits.
    if blocking == 0.0:
        return ErlangA(servers, load, theta, 0.0, 0.0, load / servers, 0.0, 0.0)
    idle = first * (1.0 - blocking) / blocking
    total = states + idle
    queue_length = waiting / total
    p_abandon = min(1.0, theta * queue_length / load)
    p_wait = states / total
    occupancy = _occupancy(servers, load, p_abandon, idle / total, first / total)
    return ErlangA(servers, load, theta, p_wait, p_abandon, occupancy, queue_length / load, queue_length)


def mmc_priority(servers: int, loads: Sequence[float]) -> PriorityWaits:
    """The mean wait of each class, where a free server takes the highest class that waits and finishes what it began.

    ``loads`` are the offered loads of the classes, highest priority first; all share one mean service time. Linear in
    servers and classes.

    Raises `InvalidInput` like `erlang_b` (``loads[2]`` names the third class), and with the code ``unstable`` where
    all loads together reach the number of servers.

    >>> [round(wait, 4) for wait in mmc_priority(1, [0.3, 0.3, 0.3]).mean_waits]
    [1.2857, 3.2143, 22.5]
    """
    servers = _servers(servers)
    checked = _loads(loads)
    total = _stable(servers, math.fsum(checked), "loads")
    p_wait = erlang_c(servers, total).p_wait
    spare = [servers - above for above in accumulate(checked, initial=0.0)]
    spare[-1] = servers - total
    waits = (p_wait * servers / (before * after) for before, after in pairwise(spare))
    return PriorityWaits(servers, checked, p_wait, total / servers, tuple(waits))


def number(value: object, name: str, *, low: float = 0.0, high: float = math.inf, open_low: bool = True) -> float:
    """The value as a float, if it is a finite number in the range, whose lower end counts with ``open_low=False``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(name, "type", value, hint="a number is wanted")
    if value != value or value in (math.inf, -math.inf):
        raise InvalidInput(name, "not_finite", value, hint="a finite number is wanted")
    # Compared before any conversion: an int may be too large to become a float.
    if value < low or (open_low and value == low) or value > min(high, 1e300):
        above = "above" if open_low else "at least"
        upper = f" and at most {high:g}" if high < math.inf else ""
        raise InvalidInput(name, "range", value, hint=f"a number {above} {low:g}{upper} is wanted")
    return float(value)


def _servers(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput("servers", "type", value, hint="a whole number is wanted")
    if not 1 <= value <= MAX_SERVERS:
        raise InvalidInput("servers", "range", value, hint=f"between 1 and {MAX_SERVERS}")
    return value


def _load(value: object) -> float:
    return number(value, "offered_load", high=MAX_LOAD)


def _loads(values: object) -> tuple[float, ...]:
    if not isinstance(values, list | tuple):
        raise InvalidInput("loads", "type", values, hint="a list of loads, highest priority first")
    loads = cast("Sequence[object]", values)
    if not 1 <= len(loads) <= MAX_CLASSES:
        raise InvalidInput("loads", "range", len(loads), hint=f"1 to {MAX_CLASSES} classes")
    return tuple(number(load, f"loads[{i}]", high=MAX_LOAD) for i, load in enumerate(loads))


def _stable(servers: int, load: float, name: str = "offered_load") -> float:
    if load >= servers:
        raise InvalidInput(name, "unstable", load, hint=f"the load has to stay below the {servers} servers")
    return load


def _theta(theta: object, patience: object) -> float:
    if (theta is None) == (patience is None):
        raise InvalidInput("theta_over_mu", "one_of_two", hint="give theta_over_mu or patience, and not both")
    if patience is not None:
        return 1.0 / number(patience, "patience", low=MIN_PATIENCE, high=MAX_PATIENCE, open_low=False)
    value = number(theta, "theta_over_mu", high=MAX_THETA, open_low=False)
    if 0.0 < value < MIN_THETA:
        raise InvalidInput("theta_over_mu", "range", value, hint=f"0 (nobody leaves) or at least {MIN_THETA:g}")
    return value


def _scaled(services: float, handle: DurationLike) -> timedelta:
    try:
        return services * duration(handle, field="handle")
    except OverflowError:
        raise InvalidInput("handle", "range", handle, hint="the mean wait exceeds the longest timedelta") from None


def _blocking(servers: int, load: float) -> float:
    blocking = 1.0
    for count in range(1, servers + 1):
        blocking = load * blocking / (count + load * blocking)
    return blocking


class _QueueSums(NamedTuple):
    first: float
    """The weight of the state with every server busy and nobody waiting."""
    states: float
    """The weights of all states with every server busy."""
    waiting: float
    """The same, each times the number waiting."""


def _queue_sums(servers: int, load: float, theta: float) -> _QueueSums:
    """The weights of the states with every server busy, relative to the heaviest of them.

    State j (j waiting) weighs load / (servers + j theta) times state j-1. Starting at the heaviest keeps all of them
    between 0 and 1: counted from the first one they would overflow as soon as the load exceeds the servers.
    """
    peak = max(0, math.floor((load - servers) / theta))
    states, waiting = 1.0, float(peak)
    weight, count = 1.0, peak
    while True:
        count += 1
        ratio = load / (servers + count * theta)
        weight *= ratio
        states += weight
        waiting += weight * count
        # Beyond the peak the ratios fall, so that the rest is less than a geometric series.
        if ratio < 1.0 and weight * count <= _NEGLIGIBLE * waiting * (1.0 - ratio) ** 2:
            break
    weight, count = 1.0, peak
    while count > 0:
        ratio = (servers + count * theta) / load
        weight *= ratio
        count -= 1
        states += weight
        waiting += weight * count
        if weight <= _NEGLIGIBLE * (1.0 - ratio):
            return _QueueSums(0.0, states, waiting)
    return _QueueSums(weight, states, waiting)


def _occupancy(servers: int, load: float, p_abandon: float, p_idle: float, p_full: float) -> float:
    # Two forms of the same thing, each exact where the other cancels: what is carried, and what is not idle.
    if load <= servers:
        return load * (1.0 - p_abandon) / servers
    return 1.0 - ((servers - load) * p_idle + servers * p_full) / servers
