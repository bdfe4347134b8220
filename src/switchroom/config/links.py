"""What a configuration says twice, or says of something that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from switchroom.config.place import Place
from switchroom.conversations.model import Line
from switchroom.errors import quote
from switchroom.messaging.addresses import Address
from switchroom.routing.escalation_model import Alert, MoveTo
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Agent, Team
from switchroom.routing.placing import MAX_HOPS
from switchroom.routing.queue_model import Queue
from switchroom.simulation.behaviours import Behaviour, Shift

TEAM = "team:"


class Linked(NamedTuple):
    """The parts of a configuration that name each other."""

    queues: Sequence[Queue]
    agents: Sequence[Agent]
    teams: Sequence[Team]
    intakes: Sequence[Intake]
    lines: Sequence[Line]
    shifts: Sequence[Shift]
    behaviours: Sequence[Behaviour]


class _Names:
    """The ids of one kind."""

    def __init__(
        self,
        kind: str,
        values: Sequence[Queue] | Sequence[Agent] | Sequence[Team] | Sequence[Intake] | Sequence[Line],
    ) -> None:
        self.kind = kind
        self.ids: dict[str, None] = {}
        for value in values:
            if value.id in self.ids:
                raise Place(table=f"{kind}.{value.id}").wrong(f"{kind} {quote(value.id)} is there twice")
            self.ids[value.id] = None

    def need(self, name: str | None, place: Place) -> None:
        """Refuse a name that is not known; None is nobody's."""
        if name is not None and name not in self.ids:
            raise place.unknown(self.kind, name, self.ids)

    def need_all(self, names: Iterable[str], place: Place) -> None:
        for number, name in enumerate(names):
            self.need(name, place.item(number))


def check(all: Linked) -> None:
    """Raise `ConfigError` for the first mistake. Linear."""
    queues, agents = _Names("queue", all.queues), _Names("agent", all.agents)
    teams = _Names("team", all.teams)
    _Names("intake", all.intakes)
    for queue in all.queues:
        _check_queue(queue, queues, teams)
    _check_overflow({queue.id: queue.overflow for queue in all.queues})
    for agent in all.agents:
        place = Place(table=f"agent.{agent.id}")
        for membership in agent.queues:
            queues.need(membership.queue, place.at("queues"))
        teams.need(agent.team, place.at("team"))
    for team in all.teams:
        agents.need(team.supervisor, Place(table=f"team.{team.id}", key="supervisor"))
    for intake in all.intakes:
        _check_intake(intake, queues)
    _check_lines(all.lines, queues)
    for number, shift in enumerate(all.shifts):
        agents.need_all(shift.agents, Place(table=f"shift[{number}]", key="agents"))
    for number, behaviour in enumerate(all.behaviours):
        place = Place(table=f"behaviour[{number}]")
        queues.need(behaviour.queue, place.at("queue"))
        queues.need(behaviour.transfer_to, place.at("transfer_to"))
        agents.need_all(behaviour.agents, place.at("agents"))


def _check_queue(queue: Queue, queues: _Names, teams: _Names) -> None:
    place = Place(table=f"queue.{queue.id}")
    queues.need(queue.overflow, place.at("overflow"))
    seen: set[str] = set()
    for number, rule in enumerate(queue.escalations):
        here = place.at("escalations").item(number)
        if rule.name in seen:
            raise here.at("name").wrong(f"escalation {quote(rule.name)} is there twice")
        seen.add(rule.name)
        for n, action in enumerate(rule.actions):
            at = here.at("actions").item(n)
            if isinstance(action, MoveTo):
                queues.need(action.queue, at.at("move_to"))
            elif isinstance(action, Alert) and action.to.startswith(TEAM):
                teams.need(action.to.removeprefix(TEAM), at.at("alert"))


def _check_overflow(overflows: Mapping[str, str | None]) -> None:
    """Overflow must end, after a few hops: the same rule as for a queue added to a center."""
    for start in overflows:
        path = [start]
        following = overflows[start]
        while following is not None:
            place = Place(table=f"queue.{start}", key="overflow")
            if following in path:
                raise place.wrong(f"overflow goes in a circle: {' -> '.join([*path, following])}")
            if len(path) > MAX_HOPS:
                raise place.wrong(f"more than {MAX_HOPS} overflows: {' -> '.join([*path, following])}")
            path.append(following)
            following = overflows[following]


def _check_intake(intake: Intake, queues: _Names) -> None:
    place = Place(table=f"intake.{intake.id}")
    for number, rule in enumerate(intake.rules):
        queues.need(rule.queue, place.at("rules").item(number).at("queue"))
    queues.need(intake.fallback, place.at("fallback"))


def _check_lines(lines: Sequence[Line], queues: _Names) -> None:
    _Names("line", lines)
    owners: dict[Address, str] = {}
    for line in lines:
        place = Place(table=f"line.{line.id}")
        queues.need(line.queue, place.at("queue"))
        if line.address in owners:
            raise place.at("address").wrong(f"line {quote(owners[line.address])} has this address")
        owners[line.address] = line.id
