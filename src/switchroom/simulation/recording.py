"""What happened, ready to be played again: arrivals, how long they took, how long people waited, who was there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from switchroom.durations import Micros, from_micros, span_micros, to_micros
from switchroom.errors import InvalidInput
from switchroom.routing.model import Agent, Presence, WorkItem
from switchroom.routing.queue_model import Queue, ServiceLevel
from switchroom.simulation.behaviours import Behaviour
from switchroom.simulation.case import Case
from switchroom.simulation.interactions import ABANDONED, Interaction, in_order
from switchroom.simulation.streams import Stream
from switchroom.simulation.times import Times
from switchroom.simulation.traffic import Arrival

if TYPE_CHECKING:
    from switchroom.config.model import Configuration

MIN_ABANDONED: Final = 5
"""With fewer the patience of a type is that of all types together."""
BREAK: Final = timedelta(minutes=30)
"""In a log without presences: who has done nothing for so long is taken to be away until the next interaction."""

Presences = tuple[tuple[Micros, str, str], ...]
"""(instant, agent, presence), in order of time."""


@attrs.frozen(kw_only=True)
class Recording:
    """Arrivals with what was recorded of them, in order of time.

    ``arrivals[n]`` is what came and ``interactions[n]`` what became of it. An arrival's ``patience`` is exact where the
    customer left; where somebody answered, it is only known to be longer than the wait. ``presences``: who was there.
    ``behaviours``: how people behaved, measured. ``configuration``: what it happened under.
    """

    configuration: Configuration
    arrivals: tuple[Arrival, ...]
    interactions: tuple[Interaction, ...]
    presences: Presences
    behaviours: tuple[Behaviour, ...]

    def __attrs_post_init__(self) -> None:
        if not self.arrivals:
            raise InvalidInput("recording", "empty", hint="no work has arrived in it")
        if len(self.arrivals) != len(self.interactions):
            raise InvalidInput("recording", "mismatch", len(self.arrivals), hint="one interaction for each arrival")

    @property
    def start(self) -> datetime:
        """The first instant that anything is known of."""
        first = self.arrivals[0].at
        return min(first, from_micros(self.presences[0][0])) if self.presences else first

    @property
    def end(self) -> datetime:
        """The last instant at which anything arrived."""
        return self.arrivals[-1].at

    def mean_patience(self) -> dict[str, Micros | None]:
        """The mean patience of each type, from those who left and those who would have waited longer.

        The usual estimate for an exponential patience that is seen only up to the answer: all the time waited over the
        number of those who left. None: nobody has left, of this type or of any.
        """
        waited: defaultdict[str, Micros] = defaultdict(int)
        left: defaultdict[str, int] = defaultdict(int)
        for one in self.interactions:
            waited[one.type] += span_micros(one.wait)
            left[one.type] += one.outcome == ABANDONED
        whole = sum(waited.values()) // sum(left.values()) if sum(left.values()) else None
        return {type: waited[type] // left[type] if left[type] >= MIN_ABANDONED else whole for type in sorted(waited)}


@attrs.frozen
class Replayed:
    """The traffic of a recording: arrivals and handle times as they were in every replication; the patience of those
    who were answered goes on from there, drawn anew. A source for a `Simulation`."""

    recording: Recording

    def cases(self, seed: object, start: Micros) -> Iterator[Case]:
        """What arrived."""
        means, luck = self.recording.mean_patience(), Stream(seed, "patience-left")
        for place, (arrival, seen) in enumerate(zip(self.recording.arrivals, self.recording.interactions, strict=True)):
            case = Case.of(arrival, place)
            case.type = seen.type
            mean = means[seen.type]
            if case.patience is None and mean:
                more = Times(timedelta(microseconds=mean), shape="exponential").draw()
                case.patience = span_micros(seen.wait) + more(luck.at(place))
            yield case

    def end(self, start: Micros) -> Micros:
        """Just after the last arrival."""
        return to_micros(self.recording.end) + 1

    def targets(self) -> dict[str, ServiceLevel | None]:
        """The types that were recorded, each with the target of its queue."""
        return {one.type: None for one in self.recording.interactions}

    def expected(self) -> float:
        """How many came."""
        return len(self.recording.arrivals)


# -- from a call log


def of_interactions(
    interactions: Iterable[Interaction], *, configuration: Configuration | None = None, away_after: timedelta = BREAK
) -> Recording:
    """A recording of interactions without a log: each type is a queue, each agent a member of those that he or she has
    answered, and there from the first to the last interaction of a stretch without a gap of ``away_after``.

    ``configuration``: what it happened under; unless told, queues in order of arrival and the agents that were seen.
    """
    seen = in_order(interactions)
    return Recording(
        configuration=_configuration(seen) if configuration is None else configuration,
        arrivals=tuple(_arrival(one) for one in seen),
        interactions=seen,
        presences=seen_presences(seen, away_after),
        behaviours=tuple(_behaviours(seen)),
    )


def _arrival(one: Interaction) -> Arrival:
    return Arrival(
        at=one.queued,
        work=WorkItem(queue=one.type, medium=one.medium, priority=one.priority),
        handle=one.handle,
        patience=one.wait if one.outcome == ABANDONED else None,
        line=one.line,
    )


def _configuration(seen: Sequence[Interaction]) -> Configuration:
    from switchroom.config.model import Configuration

    answered: defaultdict[str, set[str]] = defaultdict(set)
    for one in seen:
        if one.agent is not None:
            answered[one.agent].add(one.type)
    return Configuration(
        queues=[Queue(type, auto_answer=True) for type in sorted({one.type for one in seen})],
        agents=[Agent(agent, queues=sorted(answered[agent])) for agent in sorted(answered)],
    )


def seen_presences(seen: Sequence[Interaction], away_after: timedelta = BREAK) -> Presences:
    """When agents were there, as far as their interactions show it."""
    spans: defaultdict[str, list[tuple[Micros, Micros]]] = defaultdict(list)
    gap = span_micros(away_after)
    for one in sorted(seen, key=lambda one: one.left):
        if one.agent is None or one.ended is None:
            continue
        mine, begun, ended = spans[one.agent], one.left_us, to_micros(one.ended)
        if mine and begun - mine[-1][1] < gap:
            mine[-1] = (mine[-1][0], max(mine[-1][1], ended))
        else:
            mine.append((begun, ended))
    found: list[tuple[Micros, str, str]] = []
    for agent, mine in spans.items():
        for begun, ended in mine:
            found += [(begun, agent, Presence.ON_QUEUE), (ended, agent, Presence.OFFLINE)]
    return tuple(sorted(found))


def _behaviours(seen: Sequence[Interaction]) -> Iterator[Behaviour]:
    """The handle times that were seen, for work whose own nobody knows."""
    handles: Mapping[str, list[timedelta]] = defaultdict(list)
    for one in seen:
        if one.handle:
            handles[one.type].append(one.handle)
    for type in sorted(handles):
        yield Behaviour(queue=type, handle=Times(values=handles[type]), answer=0)
