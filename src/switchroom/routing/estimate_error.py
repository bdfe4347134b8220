"""How far off the estimates of waiting were: measured over a log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import attrs

from switchroom.durations import format_duration
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.records import Record
from switchroom.routing.estimates import Estimate, estimate
from switchroom.routing.events import ItemAssigned, ItemEnded, ItemQueued, OfferAccepted
from switchroom.routing.explain_values import Plain, plain
from switchroom.routing.state import Routing

NEAR_US = 5_000_000
"""Two waits below five seconds count as within a factor of two: nobody minds the difference of one second and three."""


@attrs.frozen(kw_only=True)
class EstimateError:
    """The error of the estimates given at entry, over the stays that ended with somebody taking the item.

    ``entered``: stays begun. ``measured``: those with an estimate whose item was taken. ``unknown``: no estimate could
    be given. ``untaken``: nobody took the item in that stay (yet). Of the measured ones: ``mean_wait``, the mean
    absolute error, the ``bias`` (predicted minus actual; positive is too long), the shares within a factor of two and
    within the stated range. ``baseline``: the mean absolute error of the one constant that fits best afterwards (the
    median wait): what an estimate has to beat. ``waited_*``: the same over those that waited at all.
    """

    entered: int
    measured: int
    unknown: int
    untaken: int
    mean_wait: timedelta
    mean_absolute_error: timedelta
    bias: timedelta
    within_factor_two: float
    within_range: float
    baseline: timedelta
    waited: int
    waited_mean: timedelta
    waited_absolute_error: timedelta
    waited_within_factor_two: float

    def __str__(self) -> str:
        mean, error, bias, base, waited, waited_error = (
            format_duration(timedelta(seconds=round(abs(span.total_seconds()), 1)))
            for span in (
                self.mean_wait,
                self.mean_absolute_error,
                self.bias,
                self.baseline,
                self.waited_mean,
                self.waited_absolute_error,
            )
        )
        side = "long" if self.bias > timedelta(0) else "short"
        return (
            f"{self.entered} entered, {self.measured} measured, {self.unknown} without estimate, "
            f"{self.untaken} not taken\n"
            f"all: waited {mean} on average, error {error} (a constant: {base}), {bias} too {side}, "
            f"{self.within_factor_two:.0%} within a factor of two, {self.within_range:.0%} within the range\n"
            f"the {self.waited} that waited: {waited} on average, error {waited_error}, "
            f"{self.waited_within_factor_two:.0%} within a factor of two"
        )

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, durations as text."""
        return {name: plain(value) for name, value in attrs.asdict(self).items()}


@attrs.frozen
class _Measure:
    """One stay: what was predicted, the range, and what came, in microseconds."""

    predicted: float
    low: float
    high: float
    actual: float

    @property
    def error(self) -> float:
        return abs(self.predicted - self.actual)

    @property
    def near(self) -> bool:
        if max(self.predicted, self.actual) < NEAR_US:
            return True
        return self.actual / 2 <= self.predicted <= self.actual * 2

    @property
    def within(self) -> bool:
        slack = NEAR_US if self.predicted == 0 else 0
        return self.low <= self.actual <= self.high + slack


class _Tally:
    """Stays under way, and those measured."""

    def __init__(self) -> None:
        self.entered = self.unknown = self.untaken = 0
        self.begun: dict[str, tuple[Estimate | None, int]] = {}
        self.measured: list[_Measure] = []

    def begin(self, item: str, at: int, told: Estimate) -> None:
        self.end(item)
        self.entered += 1
        self.unknown += told.wait is None
        self.begun[item] = (None if told.wait is None else told, at)

    def end(self, item: str) -> None:
        """The stay is over and nobody took the item."""
        told, _ = self.begun.pop(item, (None, 0))
        self.untaken += told is not None

    def take(self, item: str, at: int) -> None:
        told, since = self.begun.pop(item, (None, 0))
        if told is not None and told.wait is not None and told.low is not None and told.high is not None:
            self.measured.append(_Measure(_us(told.wait), _us(told.low), _us(told.high), at - since))


def estimate_error(records: Iterable[Record], fresh: Callable[[], tuple[Kernel, Routing]]) -> EstimateError:
    """Replay a log (from its first record) and compare what would have been told at each entry with what came.

    ``fresh`` gives an empty kernel wired as that of the center that wrote the log: ``center.fresh``. The prediction is
    made when the item has entered and nothing has been offered; the actual wait ends when somebody takes it, so it
    includes the time that offers take to be answered. Costs a replay and one estimate for each entry.
    """
    kernel, routing = fresh()
    tally = _Tally()
    for record in records:
        kernel.replay([(record.at, record.event)])
        match record.event:
            case ItemQueued(item=item):
                tally.begin(item, record.at, estimate(routing, record.at, item))
            case OfferAccepted(item=item) | ItemAssigned(item=item):
                tally.take(item, record.at)
            case ItemEnded(item=item):
                tally.end(item)
            case _:
                pass
    for item in list(tally.begun):
        tally.end(item)
    return _summary(tally)


def _summary(tally: _Tally) -> EstimateError:
    measured = tally.measured
    waited = [one for one in measured if one.actual > 0]
    actual = sorted(one.actual for one in measured)
    median = actual[len(actual) // 2] if actual else 0.0
    return EstimateError(
        entered=tally.entered,
        measured=len(measured),
        unknown=tally.unknown,
        untaken=tally.untaken,
        mean_wait=_span(_mean(actual)),
        mean_absolute_error=_span(_mean([one.error for one in measured])),
        bias=_span(_mean([one.predicted - one.actual for one in measured])),
        within_factor_two=_mean([float(one.near) for one in measured]),
        within_range=_mean([float(one.within) for one in measured]),
        baseline=_span(_mean([abs(wait - median) for wait in actual])),
        waited=len(waited),
        waited_mean=_span(_mean([one.actual for one in waited])),
        waited_absolute_error=_span(_mean([one.error for one in waited])),
        waited_within_factor_two=_mean([float(one.near) for one in waited]),
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _us(span: timedelta) -> float:
    return span / timedelta(microseconds=1)


def _span(us: float) -> timedelta:
    return timedelta(microseconds=round(us))
