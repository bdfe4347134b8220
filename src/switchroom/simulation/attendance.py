"""Who is there: agents come and go by their shifts, or so that a group has as many as its plan says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from switchroom.durations import Micros
from switchroom.routing.model import Presence
from switchroom.simulation.behaviours import Shift, spans

if TYPE_CHECKING:
    from switchroom.center import ContactCenter


Plan: TypeAlias = Callable[..., None]
"""``plan(at, do, *args)``: do it at an instant."""


class Attendance:
    """Presences as they are wanted; work in hand is finished first."""

    def __init__(self, center: ContactCenter, plan: Plan) -> None:
        self._center = center
        self._plan = plan
        self._wanted: dict[str, str] = {}

    # -- planning

    def plan_shifts(self, shifts: Iterable[Shift], zone: str, until: datetime) -> None:
        """Each agent goes where the shifts say: on queue, on a break, offline."""
        now = self._center.now()
        by_agent: dict[str, list[tuple[Micros, Micros, str]]] = {}
        for shift in shifts:
            found = spans(shift, zone, now, until)
            for agent in shift.agents:
                by_agent.setdefault(agent, []).extend(found)
        for agent, there in sorted(by_agent.items()):
            edges = sorted({edge for opens, closes, _ in there for edge in (opens, closes)})
            last: str = Presence.OFFLINE
            for edge in edges:
                presence = _presence_at(there, edge)
                if presence != last:
                    self._plan(edge, self.go, agent, presence)
                last = presence

    def plan_staff(self, agents: Sequence[str], counts: Mapping[Micros, int]) -> None:
        """From each instant on, so many of these agents are there."""
        for at, count in sorted(counts.items()):
            self._plan(at, self.staff, agents, count)

    def plan_presences(self, presences: Iterable[tuple[Micros, str, str]]) -> None:
        """Presences as they were: (instant, agent, presence)."""
        for at, agent, presence in presences:
            self._plan(at, self.go, agent, presence)

    # -- coming and going

    def go(self, agent: str, presence: str) -> None:
        """Go to a presence, at once or when the work in hand is done."""
        self._wanted[agent] = presence
        if presence == Presence.ON_QUEUE or not self._center.agents.get(agent).assignments:
            self._center.agents.set_presence(agent, presence)
        else:
            self._center.agents.set_presence(agent, Presence.DRAINING)

    def staff(self, agents: Sequence[str], count: int) -> None:
        """Let so many of the agents be there. Who is idle leaves first, the last of the list before the others."""
        there = [agent for agent in agents if self._wanted.get(agent) == Presence.ON_QUEUE]
        away = [agent for agent in agents if self._wanted.get(agent) != Presence.ON_QUEUE]
        # Who has been told to go and is still at work is the first to be asked to stay.
        away.sort(key=lambda agent: self._center.agents.get(agent).presence != Presence.DRAINING)
        for agent in away[: max(0, count - len(there))]:
            self.go(agent, Presence.ON_QUEUE)
        there.reverse()
        there.sort(key=lambda agent: bool(self._center.agents.get(agent).assignments))
        for agent in there[: max(0, len(there) - count)]:
            self.go(agent, Presence.OFFLINE)

    def freed(self, agent: str) -> None:
        """Some work is done: an agent who wanted to go goes with the last."""
        wanted = self._wanted.get(agent)
        if wanted is None or wanted == Presence.ON_QUEUE:
            return
        view = self._center.agents.get(agent)
        if not view.assignments and view.presence == Presence.DRAINING:
            self._center.agents.set_presence(agent, wanted)

    def come_back(self, agent: str) -> None:
        """Respond again, after an offer was missed."""
        if self._center.agents.get(agent).presence == Presence.NOT_RESPONDING:
            self.go(agent, self._wanted.get(agent, Presence.ON_QUEUE))


def _presence_at(there: Iterable[tuple[Micros, Micros, str]], at: Micros) -> str:
    """On a break, if one of the spans says so; else on queue, if any covers the instant."""
    covering = [presence for opens, closes, presence in there if opens <= at < closes]
    pauses = sorted(presence for presence in covering if presence != Presence.ON_QUEUE)
    if pauses:
        return pauses[0]
    return Presence.ON_QUEUE if covering else Presence.OFFLINE
