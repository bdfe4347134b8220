"""How many agents an interval needs: the smallest number whose Erlang figures meet a target.

Each interval is taken as a queue of its own in the steady state. That is fair where an interval is long against the
handle time and its load is near that of its neighbours; a backlog left by the interval before is not seen.

Several conversations at once (``concurrency``) are taken as so many servers for each agent: every free slot answers
like a free agent. This is exact as long as the handle time does not depend on how many an agent handles at once; so
give the handle time measured at that concurrency, from assignment to end, and not the time of work at the keyboard.
"""

from __future__ import annotations

import csv
import math
from bisect import bisect_left
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TextIO, TypeAlias, cast

from attrs import Factory, evolve, field, frozen

from switchroom.durations import DurationLike, duration, format_duration, format_instant
from switchroom.errors import InvalidInput
from switchroom.simulation.demand import MAX_ARRIVALS, Demand, positive
from switchroom.simulation.erlang import (
    MAX_LOAD,
    MAX_PATIENCE,
    MAX_SERVERS,
    MIN_PATIENCE,
    ErlangA,
    ErlangC,
    erlang_a,
    erlang_c,
    number,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Model: TypeAlias = Literal["erlang_c", "erlang_a"]
"""Everybody waits (``erlang_c``), or those who wait leave after an exponential patience (``erlang_a``)."""

MAX_SHRINKAGE = 0.95
"""Above it, more than twenty people are scheduled for one at work: a percentage taken for a share, or a mistake."""
MAX_CONCURRENCY = 100
"""Conversations of one agent at once."""
COLUMNS: Final = (
    "start",
    "interval_seconds",
    "arrivals",
    "handle_seconds",
    "agents",
    "scheduled",
    "service_level",
    "occupancy",
    "mean_wait_seconds",
    "abandoned",
)
"""The columns of the export, in order."""

# The last bit of a quotient must not become one more person: 9 / (1 - 0.1) is 10 and not 11.
_ROUNDING = 1e-9


def _to_target_share(value: float) -> float:
    share = number(value, "target.share")
    if share >= 1.0:
        raise InvalidInput("target.share", "range", value, hint="a share below 1, such as 0.8, is wanted")
    return share


def _to_within(value: DurationLike) -> timedelta:
    return duration(value, field="target.within")


@frozen
class ServiceLevel:
    """A target: the share of all arrivals that is answered within a time.

    ``share`` lies above 0 and below 1 (no number of agents makes 1); ``within`` may be 0: answered at once.
    """

    share: float = field(converter=_to_target_share)
    within: timedelta = field(converter=_to_within)

    @classmethod
    def parse(cls, text: str) -> ServiceLevel:
        """The target as people write it, percent and time: ``80/20s``, ``95/2m``, ``99.5/0s``.

        >>> ServiceLevel.parse("80/20s")
        ServiceLevel(share=0.8, within=datetime.timedelta(seconds=20))
        """
        percent, slash, within = text.partition("/")
        try:
            # Rounded, so that 99.9 percent is 0.999 and not its neighbour.
            share = round(float(percent) / 100.0, 12)
        except ValueError:
            slash, share = "", 0.0
        if not slash:
            raise InvalidInput("target", "syntax", text, hint="a target looks like 80/20s")
        return cls(share, within)

    def __str__(self) -> str:
        return f"{self.share * 100:g}/{format_duration(self.within)}"


def _to_target(value: ServiceLevel | str) -> ServiceLevel:
    if isinstance(value, str):
        return ServiceLevel.parse(value)
    return _checked_target(value)


def _checked_target(value: object) -> ServiceLevel:
    if not isinstance(value, ServiceLevel):
        raise InvalidInput("target", "type", value, hint="a ServiceLevel, or text like 80/20s")
    return value


def _to_patience(value: DurationLike | None) -> timedelta | None:
    if value is None:
        return None
    return positive(value, "patience")


def _to_max_occupancy(value: float) -> float:
    return number(value, "max_occupancy", high=1.0)


def _to_shrinkage(value: float) -> float:
    return number(value, "shrinkage", high=MAX_SHRINKAGE, open_low=False)


def _to_concurrency(value: int) -> int:
    return _whole(value, "concurrency", 1, MAX_CONCURRENCY)


def _to_minimum(value: int) -> int:
    return _whole(value, "minimum", 0, MAX_SERVERS)


def _whole(value: object, name: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(name, "type", value, hint="a whole number is wanted")
    if not low <= value <= high:
        raise InvalidInput(name, "range", value, hint=f"between {low} and {high}")
    return value


def _default_model(plan: StaffingPlan) -> Model:
    return "erlang_c" if plan.patience is None else "erlang_a"


@frozen
class StaffingPlan:
    """What the staff has to meet, the same for every interval. `InvalidInput` names the argument that is wrong."""

    target: ServiceLevel = field(converter=_to_target)
    """Or its text: ``80/20s``."""
    patience: timedelta | None = field(default=None, converter=_to_patience, kw_only=True)
    """The mean time that people wait before they leave."""
    model: Model = field(default=Factory(_default_model, takes_self=True), kw_only=True)
    """Erlang A where a patience is given, else Erlang C."""
    max_occupancy: float = field(default=1.0, converter=_to_max_occupancy, kw_only=True)
    """Agents are added until they are busy at most this share of their time."""
    shrinkage: float = field(default=0.0, converter=_to_shrinkage, kw_only=True)
    """The share of paid time in which those scheduled are not at work: breaks, training, sickness."""
    concurrency: int = field(default=1, converter=_to_concurrency, kw_only=True)
    """How many interactions an agent handles at once; see the module for what this assumes."""
    minimum: int = field(default=0, converter=_to_minimum, kw_only=True)
    """At least so many agents, without arrivals too."""

    def __attrs_post_init__(self) -> None:
        if cast("str", self.model) not in ("erlang_c", "erlang_a"):
            raise InvalidInput("model", "unknown", self.model, hint="erlang_c or erlang_a")
        if (self.model == "erlang_a") != (self.patience is not None):
            raise InvalidInput("patience", "model", self.model, hint="erlang_a needs a patience, erlang_c takes none")
        if self.minimum * self.concurrency > MAX_SERVERS:
            raise InvalidInput("minimum", "range", self.minimum, hint=f"times concurrency at most {MAX_SERVERS}")


@frozen
class StaffingAnswer:
    """How many agents, and what the model promises with them."""

    agents: int
    """At work, on queue."""
    scheduled: int
    """To be scheduled so that, less the shrinkage, so many are at work."""
    service_level: float
    """The share of all arrivals answered within the target's time; who leaves counts as missed."""
    occupancy: float
    """The share of their time (with concurrency, of their slots' time) that agents are busy."""
    mean_wait: timedelta
    """Until answered or gone, over all arrivals."""
    abandoned: float
    """The share of arrivals that leave unanswered; 0 with Erlang C."""


@frozen
class StaffedInterval(Demand):
    """One interval, and what it needs."""

    answer: StaffingAnswer = field(kw_only=True)


def agents_needed(
    arrivals: float,
    *,
    interval: DurationLike,
    handle: DurationLike,
    target: ServiceLevel | str,
    patience: DurationLike | None = None,
    model: Model | None = None,
    max_occupancy: float = 1.0,
    shrinkage: float = 0.0,
    concurrency: int = 1,
) -> StaffingAnswer:
    """The fewest agents that meet the target for so many arrivals in an interval, each handled for a mean time.

    The other arguments are those of `StaffingPlan`; ``target`` may be text like ``80/20s``. Without arrivals nobody
    is needed. Some ten evaluations of the Erlang formula.

    Raises `InvalidInput` naming the argument; with the code ``unreachable`` where `MAX_SERVERS` are not enough.

    >>> answer = agents_needed(120, interval="30m", handle="4m", target="80/20s")
    >>> answer.agents, round(answer.service_level, 3)
    (20, 0.817)
    """
    plan = StaffingPlan(
        target,
        patience=patience,
        max_occupancy=max_occupancy,
        shrinkage=shrinkage,
        concurrency=concurrency,
    )
    return plan_interval(plan if model is None else evolve(plan, model=model), arrivals, interval, handle)


def plan_interval(plan: StaffingPlan, arrivals: float, interval: DurationLike, handle: DurationLike) -> StaffingAnswer:
    """What one interval needs to meet the plan; `agents_needed` with its wishes in one value."""
    count = number(arrivals, "arrivals", high=MAX_ARRIVALS, open_low=False)
    length = positive(interval, "interval")
    if not count:
        return StaffingAnswer(plan.minimum, _scheduled(plan.minimum, plan), 1.0, 0.0, timedelta(0), 0.0)
    service = positive(handle, "handle")
    load = count * (service / length)
    if not 0.0 < load <= MAX_LOAD:
        raise InvalidInput("arrivals", "load", load, hint=f"offered load in erlangs above 0 and up to {MAX_LOAD:g}")
    _check_patience(plan, service)
    return _fewest(plan, load, service)


def staff(demand: Iterable[Demand], plan: StaffingPlan) -> tuple[StaffedInterval, ...]:
    """What each interval needs, in the order given. Refuses what `agents_needed` does, naming the interval."""
    return tuple(_staffed(row, plan) for row in demand)


def write_staffing(rows: Iterable[StaffedInterval], file: TextIO) -> None:
    """Write `COLUMNS` as CSV, for tools of workforce management.

    Instants are ISO text in UTC, durations seconds, shares 0 to 1. Open the file with ``newline=""``.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_exported(row) for row in rows)


def _staffed(row: Demand, plan: StaffingPlan) -> StaffedInterval:
    try:
        answer = plan_interval(plan, row.arrivals, row.interval, row.handle)
    except InvalidInput as error:
        raise InvalidInput(f"interval {row.start.isoformat()}", error.code, hint=error.message) from error
    return StaffedInterval(row.start, row.interval, row.arrivals, row.handle, answer=answer)


def _exported(row: StaffedInterval) -> tuple[object, ...]:
    answer = row.answer
    return (
        format_instant(row.start),
        f"{row.interval.total_seconds():.15g}",
        round(row.arrivals, 3),
        round(row.handle.total_seconds(), 3),
        answer.agents,
        answer.scheduled,
        round(answer.service_level, 6),
        round(answer.occupancy, 6),
        round(answer.mean_wait.total_seconds(), 3),
        round(answer.abandoned, 6),
    )


def _check_patience(plan: StaffingPlan, handle: timedelta) -> None:
    # Said here in the words of the caller, who knows of no theta.
    if plan.patience is not None and not MIN_PATIENCE <= plan.patience / handle <= MAX_PATIENCE:
        hint = f"{MIN_PATIENCE:g} to {MAX_PATIENCE:g} times the handle time"
        raise InvalidInput("patience", "range", format_duration(plan.patience), hint=hint)


def _fewest(plan: StaffingPlan, load: float, handle: timedelta) -> StaffingAnswer:
    def meets(agents: int) -> bool:
        return _meets(plan, load, handle, agents)

    most = MAX_SERVERS // plan.concurrency
    low = max(1, plan.minimum)
    # More agents never make it worse; so double the step away from the load until the target lies between.
    guess = min(most, max(low, math.ceil(load / plan.concurrency)))
    step = 1
    if meets(guess):
        high = guess
        while high > low and meets(max(low, guess - step)):
            high = max(low, guess - step)
            step *= 2
        low = max(low, guess - step)
    else:
        low, high = guess + 1, min(most, guess + step)
        while not meets(high):
            if high == most:
                raise InvalidInput("target", "unreachable", str(plan.target), hint=f"not with {MAX_SERVERS} servers")
            low, step = high + 1, step * 2
            high = min(most, guess + step)
    agents = low + bisect_left(range(low, high), True, key=meets)
    return _answer(plan, load, handle, agents)


def _meets(plan: StaffingPlan, load: float, handle: timedelta, agents: int) -> bool:
    servers = agents * plan.concurrency
    if plan.model == "erlang_c" and load >= servers:
        return False
    answer = _answer(plan, load, handle, agents)
    # Agents busy by a last bit more than the limit are at the limit.
    return answer.service_level >= plan.target.share and answer.occupancy <= plan.max_occupancy + _ROUNDING


def _answer(plan: StaffingPlan, load: float, handle: timedelta, agents: int) -> StaffingAnswer:
    servers = agents * plan.concurrency
    within = plan.target.within / handle
    figures: ErlangA | ErlangC
    if plan.patience is None:
        figures = erlang_c(servers, load)
        abandoned = 0.0
    else:
        figures = erlang_a(servers, load, patience=plan.patience / handle)
        abandoned = figures.p_abandon
    level, wait = figures.service_level(within), figures.mean_wait_for(handle)
    return StaffingAnswer(agents, _scheduled(agents, plan), level, figures.occupancy, wait, abandoned)


def _scheduled(agents: int, plan: StaffingPlan) -> int:
    return math.ceil(agents / (1.0 - plan.shrinkage) - _ROUNDING)
