"""A configuration: all that a contact center is set up with, as one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from switchroom.config import links
from switchroom.config.place import Place
from switchroom.errors import InvalidInput
from switchroom.routing.escalation_model import MoveTo
from switchroom.routing.hours import zone_named
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Agent, Team
from switchroom.routing.queue_model import Queue
from switchroom.simulation.behaviours import Behaviour, Shift

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.clock import Clock
    from switchroom.storage.protocol import LogStorage

T = TypeVar("T")


def _to_tuple(value: Iterable[T]) -> tuple[T, ...]:
    return tuple(value)


def _to_queues(value: Iterable[Queue]) -> tuple[Queue, ...]:
    return _to_tuple(value)


def _to_agents(value: Iterable[Agent]) -> tuple[Agent, ...]:
    return _to_tuple(value)


def _to_teams(value: Iterable[Team]) -> tuple[Team, ...]:
    return _to_tuple(value)


def _to_intakes(value: Iterable[Intake]) -> tuple[Intake, ...]:
    return _to_tuple(value)


def _to_shifts(value: Iterable[Shift]) -> tuple[Shift, ...]:
    return _to_tuple(value)


def _to_behaviours(value: Iterable[Behaviour]) -> tuple[Behaviour, ...]:
    return _to_tuple(value)


@attrs.frozen(kw_only=True)
class Configuration:
    """Queues, agents, teams and intake rules; ``zone``: where midnight is; shifts and behaviours for simulations.

    Checked as a whole when it is made. Raises `ConfigError`, which names table and key, for an id that is there twice,
    a reference to nothing, a circle of overflows or more than five in a row, an unknown time zone.

    >>> from switchroom import Agent, Queue
    >>> Configuration(queues=[Queue("sales", overflow="sail")])
    Traceback (most recent call last):
    switchroom.errors.ConfigError: queue.sales.overflow: unknown queue 'sail', did you mean 'sales'?
    """

    queues: tuple[Queue, ...] = attrs.field(default=(), converter=_to_queues)
    agents: tuple[Agent, ...] = attrs.field(default=(), converter=_to_agents)
    teams: tuple[Team, ...] = attrs.field(default=(), converter=_to_teams)
    intakes: tuple[Intake, ...] = attrs.field(default=(), converter=_to_intakes)
    zone: str = "UTC"
    shifts: tuple[Shift, ...] = attrs.field(default=(), converter=_to_shifts)
    behaviours: tuple[Behaviour, ...] = attrs.field(default=(), converter=_to_behaviours)

    def __attrs_post_init__(self) -> None:
        try:
            zone_named(self.zone)
        except InvalidInput as error:
            raise Place(key="zone").wrong(error.message.partition(": ")[2]) from None
        links.check(
            links.Linked(self.queues, self.agents, self.teams, self.intakes, self.shifts, self.behaviours),
        )

    def apply(self, center: ContactCenter) -> None:
        """Add to a center what it does not have, and change what it has otherwise; what it has besides stays.

        May be called again at any time: what is equal changes nothing. Functions that queues name have to be
        registered with the center before. Work waiting is placed anew under changed settings. Linear.
        """
        deferred: list[Queue] = []
        with center.batch():
            added: set[str] = set(center.queues.ids())
            for queue in _overflows_first(self.queues):
                if _moves_to(queue) <= added | {queue.id}:
                    _save(queue, queue.id in added, center.queues.add, center.queues.change)
                else:
                    # Rules may move work in circles between queues: those of the first one wait for the others.
                    deferred.append(queue)
                    bare = attrs.evolve(queue, escalations=())
                    _save(bare, queue.id in added, center.queues.add, center.queues.change)
                added.add(queue.id)
            for queue in deferred:
                center.queues.change(queue)
            known = set(center.agents.ids())
            for agent in self.agents:
                _save(agent, agent.id in known, center.agents.add, center.agents.change)
            for team in self.teams:
                center.agents.save_team(team)
            for intake in self.intakes:
                center.queues.save_intake(intake)

    def build(
        self,
        *,
        clock: Clock | None = None,
        seed: int | None = None,
        storage: LogStorage | None = None,
        functions: dict[str, Callable[..., Any]] | None = None,
    ) -> ContactCenter:
        """A center with this configuration; the arguments are those of `ContactCenter`."""
        from switchroom.center import ContactCenter

        center = ContactCenter(clock=clock, seed=seed, storage=storage, zone=self.zone, functions=functions)
        self.apply(center)
        return center


def _save(spec: T, known: bool, add: Callable[[T], None], change: Callable[[T], None]) -> None:
    if known:
        change(spec)
    else:
        add(spec)


def _overflows_first(queues: Sequence[Queue]) -> list[Queue]:
    """The queues in an order in which each follows the one that it overflows to; overflow has no circles."""
    by_id = {queue.id: queue for queue in queues}
    found: dict[str, Queue] = {}
    for queue in queues:
        chain: list[Queue] = []
        following: Queue | None = queue
        while following is not None and following.id not in found:
            chain.append(following)
            following = by_id.get(following.overflow or "")
        found.update({one.id: one for one in reversed(chain)})
    return list(found.values())


def _moves_to(queue: Queue) -> set[str]:
    return {action.queue for rule in queue.escalations for action in rule.actions if isinstance(action, MoveTo)}
