"""What would happen: on a scratch copy of the state, made by replay, that nobody else sees.

Costs the length of the log, and then what happens in the time looked ahead.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from switchroom.durations import DurationLike, duration_micros, format_instant, from_micros
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.records import Record
from switchroom.routing import estimates, work
from switchroom.routing.explain import explain_item
from switchroom.routing.explain_values import Decision, Plain, plain
from switchroom.routing.history import History, rebuild
from switchroom.routing.lifecycle import IN_QUEUE
from switchroom.routing.model import WorkItem
from switchroom.routing.records import ItemRecord
from switchroom.routing.state import Routing

HYPOTHETICAL = "preview"
"""Id of work that is only imagined, where it has none; numbered if taken."""


@attrs.frozen(kw_only=True)
class Preview:
    """What becomes of an item if nobody answers and nothing else arrives until ``at``.

    ``agents``: who has it then, offered or (where offers answer themselves) in hand; empty if nobody. ``queue`` and
    ``position``: where it waits. ``happened``: the events about it until then, oldest first. ``decision``: the
    explanation of its state then, while it is in a queue.
    """

    item: str
    at: datetime
    state: str
    agents: tuple[str, ...]
    queue: str | None
    position: int | None
    happened: tuple[tuple[datetime, str], ...] = ()
    decision: Decision | None = None

    def __str__(self) -> str:
        where = "" if self.queue is None else f" in {self.queue}"
        place = "" if self.position is None else f", position {self.position}"
        lines = [f"item {self.item} at {format_instant(self.at)}: {self.state}{where}{place}"]
        lines.append(f"agents: {', '.join(self.agents) or 'nobody'}")
        lines.extend(f"  {format_instant(at)}  {what}" for at, what in self.happened)
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, ready for JSON."""
        return {
            "item": self.item,
            "at": plain(self.at),
            "state": self.state,
            "agents": list(self.agents),
            "queue": self.queue,
            "position": self.position,
            "happened": [[plain(at), what] for at, what in self.happened],
            "decision": None if self.decision is None else self.decision.to_dict(),
        }


def preview(history: History, item: str | WorkItem, after: DurationLike = 0, intake: str | None = None) -> Preview:
    """Who would get an item now and ``after`` a time, if nobody answers an offer and nothing else arrives.

    ``item``: the id of one that is known, or work that is not submitted (``intake`` names its intake rules). Refuses
    what submitting would refuse. The embedder's functions are called; the live state and log are not touched.
    """
    ahead_us = duration_micros(after, field="after")
    now = history.look(lambda r, now: now)
    kernel, routing = rebuild(history)
    out: list[Record] = []
    kernel.advance(now, out)
    out.clear()
    if isinstance(item, str):
        routing.item(item)
        id = item
    else:
        id = _submit(kernel, routing, now, item, intake, out)
    kernel.advance(now + ahead_us, out)
    return _seen(routing, kernel.now, id, out)


def _submit(
    kernel: Kernel, routing: Routing, now: int, imagined: WorkItem, intake: str | None, out: list[Record]
) -> str:
    """Submit imagined work. It gets an id of its own, because a fresh source of ids begins anew."""
    if imagined.id is None:
        imagined = attrs.evolve(imagined, id=_unused(routing))
    id: str = kernel.handle(now, out, work.submit, (routing, imagined, intake))
    return id


def _unused(routing: Routing) -> str:
    id, number = HYPOTHETICAL, 1
    while id in routing.items:
        number += 1
        id = f"{HYPOTHETICAL}-{number}"
    return id


def _seen(routing: Routing, at: int, id: str, out: list[Record]) -> Preview:
    about = (record for record in out if getattr(record.event, "item", None) == id)
    happened = tuple((record.instant, type(record.event).__name__) for record in about)
    item = routing.items.get(id)
    if item is None:  # it ended, and has left memory since
        return Preview(
            item=id, at=from_micros(at), state="ended", agents=(), queue=None, position=None, happened=happened
        )
    waits = item.state in IN_QUEUE and item.queue is not None
    return Preview(
        item=id,
        at=from_micros(at),
        state=item.state,
        agents=_holders(item),
        queue=None if item.queue is None else item.queue.id,
        position=estimates.position(routing, id) if waits else None,
        happened=happened,
        decision=explain_item(routing, at, id) if waits else None,
    )


def _holders(item: ItemRecord) -> tuple[str, ...]:
    held = () if item.assignment is None else (item.assignment.agent.id,)
    return (*held, *(offer.agent.id for offer in item.offers))
