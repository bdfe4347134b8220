"""Playing a day: traffic, agents' shifts and their behaviour, against a real center on a manual clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import attrs

from switchroom.clock import ManualClock
from switchroom.durations import from_micros, to_micros
from switchroom.errors import InvalidInput, SwitchroomError
from switchroom.simulation.behaviours import Behaviour, Behaviours, Shift
from switchroom.simulation.case import Case
from switchroom.simulation.player import Player
from switchroom.simulation.traffic import Arrival
from switchroom.simulation.visitors import Talk, Visitors

if TYPE_CHECKING:
    from switchroom.center import ContactCenter

Progress: TypeAlias = Callable[[int, int, datetime], None]
"""Told (arrivals so far, arrivals in all, instant) now and then."""

PROGRESS_EVERY = 50
"""Arrivals between two tellings of progress: some fifty a day of the size of the demonstration."""


@attrs.frozen(kw_only=True)
class Turned:
    """Work that the center refused at arrival: its queue was full or closed, or its row asks for what is not there."""

    line: int
    at: datetime
    queue: str | None
    reason: str


@attrs.frozen(kw_only=True)
class Played:
    """What a simulation did that the log does not say: ``items`` maps the line of an arrival to its item."""

    items: dict[int, str]
    turned: tuple[Turned, ...]


def play(
    center: ContactCenter,
    arrivals: Sequence[Arrival],
    *,
    until: datetime,
    zone: str = "UTC",
    shifts: Iterable[Shift] = (),
    behaviours: Sequence[Behaviour] = (),
    seed: int = 0,
    progress: Progress | None = None,
    visitors: Visitors | None = None,
) -> Played:
    """Play traffic and shifts from where the center's clock stands to ``until``; what happened is in its log.

    The center runs on a `ManualClock` and has the queues and agents already. The same center, arrivals, behaviours and
    seed give the same log. ``visitors`` write to a line besides: the center needs no transport and no bot then. Raises
    `InvalidInput` for another clock or for arrivals before its time. About O(n log n) in arrivals and offers.
    """
    if not isinstance(center.clock, ManualClock):
        raise InvalidInput("clock", "not_manual", hint="a simulation needs a ManualClock")
    first = min((arrival.at for arrival in arrivals), default=center.now())
    if first < center.now():
        raise InvalidInput("arrivals", "order", first.isoformat(), hint="the first one lies before the start")
    player = Player(center, center.clock, Behaviours(behaviours), seed)
    items: dict[int, str] = {}
    turned: list[Turned] = []

    def taken(case: Case, item: str) -> None:
        items[case.line] = item

    def refused(case: Case, refusal: SwitchroomError) -> None:
        at, queue = from_micros(case.at), case.work.queue
        turned.append(Turned(line=case.line, at=at, queue=queue, reason=refusal.message))

    player.customers.taken, player.customers.refused = taken, refused
    player.attendance.plan_shifts(shifts, zone, until)
    stop = _invite(player, center, visitors, until, seed) if visitors is not None else None
    player.run(_cases(arrivals, progress), to_micros(until))
    if stop is not None:
        stop()
    return Played(items=items, turned=tuple(turned))


def _invite(
    player: Player, center: ContactCenter, visitors: Visitors, until: datetime, seed: int
) -> Callable[[], None]:
    """Let visitors come; returns how to stop listening for them."""
    talk = Talk(center, visitors, player.plan, seed)
    talk.plan_day(center.now(), until)
    return center.subscribe(talk.heard)


def _cases(arrivals: Sequence[Arrival], progress: Progress | None) -> Iterator[Case]:
    total = len(arrivals)
    ordered = sorted(enumerate(arrivals), key=lambda pair: pair[1].at)
    for number, (place, arrival) in enumerate(ordered, 1):
        if progress is not None and (number % PROGRESS_EVERY == 0 or number == total):
            progress(number, total, arrival.at)
        yield Case.of(arrival, place)
