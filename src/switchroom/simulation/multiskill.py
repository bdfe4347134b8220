"""Models of centers with several skills: types of calls, groups of agents, and who takes what in which order.

This is the form in which such models are published: arrival rates and staff for each period, for each group the types
that it takes with its preference among them, for each type its preference among the groups. A model becomes queues,
agents and memberships of a real center, and is simulated as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from switchroom.clock import DEFAULT_START
from switchroom.durations import instant
from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_amount, to_id, to_optional_span, to_share, to_span, to_whole
from switchroom.routing.model import Agent, Membership
from switchroom.routing.queue_model import Queue, ServiceLevel
from switchroom.simulation.behaviours import Behaviour
from switchroom.simulation.simulation import Change, Simulation, Staff
from switchroom.simulation.synthetic import Traffic, WorkType, to_busyness, to_rates
from switchroom.simulation.times import Times, to_optional_times, to_times

if TYPE_CHECKING:
    from switchroom.config.model import Configuration

_START: Final = instant(DEFAULT_START, field="start")
TARGET: Final = ServiceLevel()
"""80 % within 20 seconds."""


@attrs.frozen(kw_only=True, field_transformer=placed("type"))
class CallType:
    """A type of calls: its ``rates`` an hour for each period, handle times and patience (exponential unless they say
    otherwise; no patience: nobody leaves), and what counts as in time. ``busyness``: the day's rates of this type are
    multiplied by a gamma variable of mean 1 and this shape. ``retry``: the share of those who gave up that call again,
    after ``retry_after``."""

    id: str = attrs.field(converter=to_id, kw_only=False)
    rates: tuple[float, ...] = attrs.field(converter=to_rates)
    handle: Times = attrs.field(default=Times(300), converter=to_times)
    patience: Times | None = attrs.field(default=None, converter=to_optional_times)
    target: ServiceLevel = TARGET
    busyness: float | None = attrs.field(default=None, converter=to_busyness)
    retry: float = attrs.field(default=0.0, converter=to_share)
    retry_after: Times = attrs.field(default=Times(600), converter=to_times)


def _to_optional_period(value: int | None) -> int | None:
    return None if value is None else to_amount(value)


@attrs.frozen(kw_only=True, field_transformer=placed("access"))
class Access:
    """A group takes calls of a type.

    ``rank``: the group's preference, smaller first; types of one rank are one line, first come, first served.
    ``order``: the type's preference among its groups, smaller first; within a group, and among groups of one order, the
    agent who has been idle for longest. ``delay``: the group takes only calls that have waited so long. ``handle``:
    this group's handle times for this type. From period ``since`` on, and before period ``until``, if it is given.
    """

    type: str = attrs.field(converter=to_id, kw_only=False)
    rank: int = attrs.field(default=1, converter=to_whole)
    order: int = attrs.field(default=1, converter=to_whole)
    delay: timedelta = attrs.field(default=timedelta(0), converter=to_span)
    handle: Times | None = attrs.field(default=None, converter=to_optional_times)
    since: int = attrs.field(default=0, converter=to_amount)
    until: int | None = attrs.field(default=None, converter=_to_optional_period)

    def holds(self, period: int) -> bool:
        """Whether it does in this period."""
        return self.since <= period and (self.until is None or period < self.until)


def _to_accesses(value: Iterable[Access | str]) -> tuple[Access, ...]:
    return tuple(one if isinstance(one, Access) else Access(one) for one in value)


def _to_staff(value: Iterable[int]) -> tuple[int, ...]:
    found = tuple(to_amount(count) for count in value)
    if not found:
        raise InvalidInput("staff", "empty", hint="at least one number is wanted")
    return found


@attrs.frozen(kw_only=True, field_transformer=placed("group"))
class Group:
    """A group of like agents: how many are there in each period (the last number stays), and what they take."""

    id: str = attrs.field(converter=to_id, kw_only=False)
    staff: tuple[int, ...] = attrs.field(converter=_to_staff)
    types: tuple[Access, ...] = attrs.field(converter=_to_accesses)

    def agents(self) -> tuple[str, ...]:
        """The ids of its agents."""
        return tuple(f"{self.id}-{number:03}" for number in range(1, max(self.staff) + 1))


def _to_types(value: Iterable[CallType]) -> tuple[CallType, ...]:
    return tuple(value)


def _to_groups(value: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(value)


def _to_start(value: datetime | str) -> datetime:
    return instant(value, field="start")


@attrs.frozen(kw_only=True, field_transformer=placed("model"))
class Multiskill:
    """Types and groups over periods of one length.

    ``busyness``: the rates of all types of one day are multiplied by the same gamma variable of mean 1 and this shape.
    ``length``: how long is simulated; None: as many periods as there are rates. Calls waiting at the end are served by
    the staff of the last period. When the staff of a group falls, who is idle goes at once, who is not goes after the
    call in hand; with ``warm_up`` the first so long is not counted, for models of a steady state.

    >>> model = Multiskill(
    ...     types=[CallType("sales", rates=[60, 90]), CallType("support", rates=[40, 40])],
    ...     groups=[
    ...         Group("sales", staff=[6, 9], types=["sales"]),
    ...         Group("all", staff=[4, 4], types=[Access("sales", order=2), Access("support")]),
    ...     ],
    ...     period="30m",
    ... )
    >>> [queue.id for queue in model.configuration().queues], len(model.configuration().agents)
    (['sales', 'support'], 13)
    """

    types: tuple[CallType, ...] = attrs.field(converter=_to_types)
    groups: tuple[Group, ...] = attrs.field(converter=_to_groups)
    period: timedelta = attrs.field(default=timedelta(minutes=30), converter=to_span)
    busyness: float | None = attrs.field(default=None, converter=to_busyness)
    start: datetime = attrs.field(default=_START, converter=_to_start)
    length: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    warm_up: timedelta = attrs.field(default=timedelta(0), converter=to_span)

    def __attrs_post_init__(self) -> None:
        known = [type.id for type in self.types]
        for group in self.groups:
            for access in group.types:
                if access.type not in known:
                    raise InvalidInput(f"model.groups.{group.id}", "unknown", access.type, hint="is no type")

    def configuration(self) -> Configuration:
        """The center that the model describes: a queue for each type, an agent for each place in a group."""
        from switchroom.config.model import Configuration

        return Configuration(
            queues=[
                Queue(type.id, ordering="oldest", auto_answer=True, service_level=type.target) for type in self.types
            ],
            agents=[agent for group in self.groups for agent in _agents(group, 0)],
            behaviours=[*self._behaviours()],
        )

    def simulation(self, *, seed: int = 1, reports: bool = True) -> Simulation:
        """The model, ready to run."""
        return Simulation(
            self.configuration(),
            Traffic(
                types=[WorkType(type.id, rates=type.rates, busyness=type.busyness) for type in self.types],
                period=self.period,
                busyness=self.busyness,
            ),
            start=self.start,
            length=self.length,
            warm_up=self.warm_up,
            period=None if self.warm_up else self.period,
            groups={group.id: group.agents() for group in self.groups},
            staff=[Staff(group.id, counts=group.staff, period=self.period) for group in self.groups],
            changes=self._changes(),
            seed=seed,
            reports=reports,
        )

    def _behaviours(self) -> Iterable[Behaviour]:
        for group in self.groups:
            for access in group.types:
                if access.handle is not None:
                    yield Behaviour(queue=access.type, agents=group.agents(), handle=_exponential(access.handle))
        for type in self.types:
            yield Behaviour(
                queue=type.id,
                handle=_exponential(type.handle),
                patience=type.patience,
                retry=type.retry,
                retry_after=type.retry_after,
            )

    def _changes(self) -> Iterable[Change]:
        edges = {edge for group in self.groups for one in group.types for edge in (one.since, one.until) if edge}
        for period in sorted(edges):
            changed = [
                agent
                for group in self.groups
                if _memberships(group, period) != _memberships(group, period - 1)
                for agent in _agents(group, period)
            ]
            yield Change(after=period * self.period, agents=tuple(changed))


def _agents(group: Group, period: int) -> list[Agent]:
    places = _memberships(group, period)
    return [Agent(id, queues=places) for id in group.agents()]


def _memberships(group: Group, period: int) -> list[Membership]:
    return [
        Membership(access.type, rank=access.rank, order=access.order, delay=access.delay)
        for access in group.types
        if access.holds(period)
    ]


def _exponential(times: Times) -> Times:
    return times if times.shape or times.values else attrs.evolve(times, shape="exponential")
