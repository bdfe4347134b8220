"""Interactions: the stays of items, each with every step, read from records in the order of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from switchroom.durations import from_micros
from switchroom.kernel.events import type_of
from switchroom.kernel.records import Record
from switchroom.reporting.rows import InteractionRow, StepRow
from switchroom.reporting.traces import MAX_STEPS, Stay, Trace

DETAILS = ("reason", "code", "queue", "outcome", "rule", "cause", "target", "status", "kind", "author", "decision")
"""What of an event a step tells, the first that it has and that is not personal."""


def interactions(records: Iterable[Record]) -> Iterator[InteractionRow]:
    """The stays of the items that the records are about: each as soon as it is over, those still open at the end.

    Takes a whole log, or the records under some tags in the order of the log. Memory is bounded by the items that are
    open at one time.
    """
    reader = _Reader()
    for record in records:
        reader.read(record)
        for stay in reader.over:
            stay.told = True
            yield stay.row()
        reader.over.clear()
    yield from (stay.row() for stay in reader.unfinished())


class _Reader:
    """``traces``: items that may go on; ``holding``: assignment -> the stay that it belongs to; ``talking``:
    conversation -> its latest item; ``over``: stays that have just ended."""

    def __init__(self) -> None:
        self.traces: dict[str, Trace] = {}
        self.holding: dict[str, Stay] = {}
        self.routed: dict[str, str] = {}
        self.talking: dict[str, str] = {}
        self.tags: dict[str, dict[str, None]] = {}
        self.over: list[Stay] = []

    def read(self, record: Record) -> None:
        name, e = record.type, record.event
        prepare = _PREPARE.get(name)
        if prepare is not None:
            prepare(self, record, e)
        stay = self._stay(e)
        if stay is None:
            return
        take = _TAKERS.get(name)
        changed = None if take is None else take(self, record, e, stay)
        _tell(changed or stay, record)

    def _stay(self, e: Any) -> Stay | None:
        """The stay that an event is about."""
        assignment = getattr(e, "assignment", None)
        if assignment in self.holding:
            return self.holding[assignment]
        item = getattr(e, "item", None) or self.talking.get(getattr(e, "conversation", None) or "")
        trace = self.traces.get(item) if isinstance(item, str) else None
        return None if trace is None else trace.stay

    def leave(self, stay: Stay, at: int, outcome: str) -> None:
        if not stay.outcome and (stay.number or stay.agents or outcome in _FINAL):
            stay.leave(at, outcome)
        self.finish(stay)

    def finish(self, stay: Stay) -> None:
        if stay.over and not stay.told and stay not in self.over:
            self.over.append(stay)

    def unfinished(self) -> Iterable[Stay]:
        """What is open at the end of the records, in order of the log."""
        found = [*self.holding.values(), *(trace.stay for trace in self.traces.values())]
        return dict.fromkeys(stay for stay in sorted(found, key=lambda stay: stay.started_us) if not stay.told)


_FINAL = frozenset({"completed", "abandoned", "cancelled", "timed_out"})

Take = Callable[[_Reader, Record, Any, Stay], Stay | None]


def _tell(stay: Stay, record: Record) -> None:
    if stay.told or len(stay.steps) >= MAX_STEPS:
        return
    e = record.event
    personal = type_of(e).personal
    detail = next((str(value) for name in DETAILS if name not in personal and (value := getattr(e, name, None))), "")
    agent = getattr(e, "agent", None) or getattr(e, "sender", None)
    what = record.type.partition(".")[2]
    step = StepRow(position=record.position, at=from_micros(record.at), what=what, agent=agent, detail=detail)
    stay.steps.append(step)


# -- stays


def _queued(r: _Reader, record: Record, e: Any, stay: Stay) -> Stay:
    if e.cause == "transferred":
        stay.transfers.append("queue")
    r.leave(stay, record.at, e.cause if e.cause in ("transferred", "moved") else "requeued")
    return stay.trace.enter(e.queue, record.at, e.cause)


def _ended(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    r.leave(stay, record.at, e.state)


def _aside(outcome: str) -> Take:
    def take(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
        if outcome == "parked" and e.target is not None and e.reason == "transferred":
            stay.transfers.append("target")
        r.leave(stay, record.at, outcome)

    return take


# -- offers and work in hand


def _offered(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    stay.offers += 1


def _declined(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    stay.declined += 1


def _missed(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    stay.missed += 1


def _accepted(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    stay.answer(record.at, e.offer, e.agent)
    r.holding[e.offer] = stay


def _assigned(r: _Reader, record: Record, e: Any, stay: Stay) -> Stay:
    if stay.outcome:
        stay = stay.trace.outside(record.at, "assigned")
    stay.answer(record.at, e.assignment, e.agent)
    r.holding[e.assignment] = stay
    return stay


def _completed(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    _done(r, record, e, stay, e.code)
    r.leave(stay, record.at, "completed")


def _released(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    _done(r, record, e, stay, None)


def _done(r: _Reader, record: Record, e: Any, stay: Stay, code: str | None) -> None:
    if e.wrapping:
        stay.wrap(record.at, e.assignment)
    else:
        stay.release(record.at, e.assignment, code)
        del r.holding[e.assignment]


def _wrapped_up(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    stay.release(record.at, e.assignment, e.code)
    del r.holding[e.assignment]
    r.finish(stay)


def _handed_on(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    if e.outcome == "completed":
        stay.transfers.append(e.mode)


# -- conversations


def _received(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    stay.received += 1


def _sent(r: _Reader, record: Record, e: Any, stay: Stay) -> None:
    stay.sent += 1


_TAKERS: dict[str, Take] = {
    "routing.item_queued": _queued,
    "routing.item_ended": _ended,
    "routing.item_parked": _aside("parked"),
    "routing.item_scheduled": _aside("scheduled"),
    "routing.item_unrouted": _aside("unrouted"),
    "routing.offer_made": _offered,
    "routing.offer_declined": _declined,
    "routing.offer_expired": _missed,
    "routing.offer_accepted": _accepted,
    "routing.item_assigned": _assigned,
    "routing.item_completed": _completed,
    "routing.assignment_released": _released,
    "routing.after_call_ended": _wrapped_up,
    "routing.transfer_ended": _handed_on,
    "conversations.message_received": _received,
    "conversations.message_requested": _sent,
}
"""Event type -> what it does to the stay that it is about; one that returns another stay is told there."""


# -- items and conversations


def _submitted(r: _Reader, record: Record, e: Any) -> None:
    conversation = r.routed.pop(e.item, None)
    trace = r.traces[e.item] = Trace(e.item, e.work, conversation, record.at)
    if conversation is not None:
        r.talking[conversation] = e.item
        trace.tags = r.tags.setdefault(conversation, {})


def _routed(r: _Reader, record: Record, e: Any) -> None:
    r.routed[e.item] = e.conversation


def _tagged(r: _Reader, record: Record, e: Any) -> None:
    r.tags.setdefault(e.conversation, {}).update(dict.fromkeys(e.tags))


def _talks_evicted(r: _Reader, record: Record, e: Any) -> None:
    for conversation in e.conversations:
        r.talking.pop(conversation, None)
        r.tags.pop(conversation, None)


def _items_evicted(r: _Reader, record: Record, e: Any) -> None:
    for item in e.items:
        r.traces.pop(item, None)


_PREPARE: dict[str, Callable[[_Reader, Record, Any], None]] = {
    "routing.item_submitted": _submitted,
    "routing.items_evicted": _items_evicted,
    "conversations.routed": _routed,
    "conversations.tagged": _tagged,
    "conversations.evicted": _talks_evicted,
}
"""Event type -> what has to be known before it is told."""
