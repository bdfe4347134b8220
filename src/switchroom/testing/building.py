"""Centers for tests, put together in one call: from specs, from a configuration, or as one of the usual set-ups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from switchroom.config.model import Configuration
from switchroom.config.toml import load
from switchroom.conversations.flow_model import Flow
from switchroom.conversations.model import Contact, Line
from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Agent, Team, WorkItem
from switchroom.routing.queue_model import Queue

if TYPE_CHECKING:
    from switchroom.center import ContactCenter

Part: TypeAlias = Queue | Agent | Team | Intake | Flow | Line | Contact | WorkItem
"""What a center can be built of."""

T = TypeVar("T")
N = TypeVar("N", Queue, Agent, Team, Intake, Line)

HELP_LINE = Address("sms", "+15550001111")
"""The company's address in a help desk: of the numbers that are kept free for examples."""


class Builder:
    """Builds up one center; what is called twice adds to what is there.

    ``build(Queue("sales"), Agent("ana", queues=["sales"]))`` adds the parts in the order in which they need each other
    and puts the agents on queue. Returns the center. All of it is checked before anything is added.
    """

    def __init__(self, center: ContactCenter) -> None:
        self.center = center

    def __call__(self, *parts: Part, on_queue: bool = True) -> ContactCenter:
        """Add parts; ``on_queue``: sign the agents in. Work comes last, and finds everything in place.

        Raises `ConfigError` naming the part and the field for what does not fit together, `InvalidInput` for what is
        no part.
        """
        for part in parts:
            if not isinstance(part, Part):
                raise InvalidInput("part", "unknown", type(part).__name__, hint="a spec is wanted")
        self._configure(parts)
        for flow in _only(Flow, parts):
            self.center.flows.save(flow)
        for contact in _only(Contact, parts):
            self.center.conversations.save_contact(contact)
        if on_queue:
            self._sign_in(agent.id for agent in _only(Agent, parts))
        for item in _only(WorkItem, parts):
            self.center.work.submit(item)
        return self.center

    def _configure(self, parts: tuple[Part, ...]) -> None:
        """Checked together with what the center has: a part may name one of an earlier call."""
        has = Configuration.of(self.center)
        Configuration(
            zone=has.zone,
            queues=_merged(has.queues, _only(Queue, parts)),
            agents=_merged(has.agents, _only(Agent, parts)),
            teams=_merged(has.teams, _only(Team, parts)),
            intakes=_merged(has.intakes, _only(Intake, parts)),
            lines=_merged(has.lines, _only(Line, parts)),
        ).apply(self.center)

    def config(self, path: str | PathLike[str], *, on_queue: bool = True) -> ContactCenter:
        """Add what is in a TOML file; ``on_queue``: sign its agents in."""
        configuration = load(path)
        configuration.apply(self.center)
        if on_queue:
            self._sign_in(agent.id for agent in configuration.agents)
        return self.center

    def _sign_in(self, agents: Iterable[str]) -> None:
        for agent in agents:
            self.center.agents.sign_in(agent)

    # -- the usual set-ups

    def call_center(self, *agents: str, queue: str = "support", alert_timeout: str = "20s") -> ContactCenter:
        """One queue with these agents (ana and bob, if none is named) on queue."""
        members = [Agent(name, queues=[queue]) for name in agents or ("ana", "bob")]
        return self(Queue(queue, alert_timeout=alert_timeout), *members)

    def help_desk(self, *agents: str, queue: str = "help", address: Address = HELP_LINE) -> ContactCenter:
        """One line, ``main``, whose messages wait in one queue with these agents (ana and bob) on queue."""
        members = [Agent(name, queues=[queue]) for name in agents or ("ana", "bob")]
        return self(Queue(queue), Line("main", address=address, queue=queue), *members)


def _only(kind: type[T], parts: Iterable[object]) -> Iterator[T]:
    return (part for part in parts if isinstance(part, kind))


def _merged(has: Iterable[N], new: Iterable[N]) -> list[N]:
    """What there is, with what is new in the place of what has the same id."""
    return list(({one.id: one for one in has} | {one.id: one for one in new}).values())
