"""What an agent's screen shows with an offer of work: the work, what is known of it, and who it is for."""

from __future__ import annotations

from datetime import datetime

import attrs

from switchroom.clock import Clock
from switchroom.durations import from_micros
from switchroom.kernel.records import Record
from switchroom.reporting.front import LogReports, ReadLog
from switchroom.reporting.rows import InteractionRow
from switchroom.routing.views import ItemView, OfferView, item_view, offer_view
from switchroom.workitems.events import WorkNoteAdded
from switchroom.workitems.front import WorkFront, WorkRunner
from switchroom.workitems.model import Worktype
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.state import WorkItems
from switchroom.workitems.views import WorkView, work_view

MAX_HISTORY = 50
"""Interactions shown; the latest ones."""


@attrs.frozen(kw_only=True)
class WorkNote:
    """A note on work. ``by``: the agent; ``origin``: ``source`` if the system that the work comes from has made it,
    ``rule`` if a trigger has."""

    at: datetime
    text: str = attrs.field(repr=False)
    by: str
    origin: str


@attrs.frozen(kw_only=True)
class WorkScreen:
    """All that an agent should see before taking work.

    ``work`` has attributes, links, clocks and place; ``worktype`` says which statuses, attributes and codes there are.
    ``item`` has queue, priority and requirement, None some time after its close. ``offer``: the one asked about, if it
    is out.
    ``history``: the other interactions of the customer and of the journey, on every channel, oldest first.
    """

    work: WorkView
    worktype: Worktype
    item: ItemView | None
    offer: OfferView | None
    notes: tuple[WorkNote, ...]
    history: tuple[InteractionRow, ...]


class WorkDesk(WorkFront):
    """``center.work``: items of every kind, and what an agent sees of work. ``reports`` tell of the customer."""

    def __init__(self, runner: WorkRunner, clock: Clock, read: ReadLog, reports: LogReports) -> None:
        super().__init__(runner, clock)
        self._read = read
        self._reports = reports

    def screen(self, id: str) -> WorkScreen:
        """What an agent's screen shows with an offer of work: ``id`` is that of the offer, the assignment, the item or
        the work.

        Refuses ids that stand for no work with a worktype; `ConversationsFront.screen_pop` is for conversations. Reads
        the log; linear in what it says about the work and its customer.
        """

        seen = self._work.look(lambda w: _seen(w, id, self._clock.micros()))
        notes = (note for record in self._read(tag=f"work:{seen.work.id}") if (note := _note(record)) is not None)
        return attrs.evolve(seen, notes=tuple(notes), history=self._history(seen.work))

    def _history(self, work: WorkView) -> tuple[InteractionRow, ...]:
        """By the contact, and by the conversation that the journey began with, which need not have a contact."""
        ask = self._reports.interactions
        rows = (
            *(() if work.contact is None else ask(contact=work.contact)),
            *(() if work.journey is None else ask(conversation=work.journey)),
        )
        found = {(row.item, row.stay): row for row in rows if row.item != work.item}
        return tuple(sorted(found.values(), key=lambda row: (row.started, row.item, row.stay)))[-MAX_HISTORY:]


def _seen(w: WorkItems, id: str, now: int) -> WorkScreen:
    """What the state knows: all but what the log tells."""
    work = _work_of(w, id)
    item, offer = w.routing.items.get(work.item), w.routing.offers.get(id)
    return WorkScreen(
        work=work_view(w, work, now),
        worktype=work.spec,
        item=None if item is None else item_view(item, now),
        offer=None if offer is None else offer_view(offer),
        notes=(),
        history=(),
    )


def _work_of(w: WorkItems, id: str) -> WorkRecord:
    """By its own id, or that of an offer, an assignment or an item of it."""
    held = w.routing.offers.get(id) or w.routing.assignments.get(id)
    work = w.of_item(id if held is None else held.item.id)
    return w.work(id) if work is None else work


def _note(record: Record) -> WorkNote | None:
    event = record.event
    if not isinstance(event, WorkNoteAdded):
        return None
    return WorkNote(at=from_micros(record.at), text=event.text, by=event.by, origin=event.origin)
