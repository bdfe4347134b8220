"""Appliers of campaigns: the only writers of their state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchroom.durations import to_micros
from switchroom.kernel.transaction import Applier
from switchroom.outbound.events import (
    AttemptRequested,
    AttemptStatus,
    CampaignMoved,
    CampaignRecycled,
    CampaignSaved,
    CampaignSorted,
    ContactsAssigned,
    ContactsScreened,
    ContactTalked,
    Replied,
    ReplyTimeOver,
    StepPlanned,
)
from switchroom.outbound.keytable import KeyTable, short_key
from switchroom.outbound.model import CampaignState, Outcome
from switchroom.outbound.places import attempt_free, link_key, of_place, place_of, place_of_message
from switchroom.outbound.progress import CLOSED, OPTED_OUT, REPLIED, CampaignRecord, Chunk, InFlight, Open, Talk
from switchroom.routing.fields import micros

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound

SECOND, MINUTE = 1_000_000, 60_000_000

REPORTS_WITHIN_US = 72 * 3_600 * SECOND
"""How long reports are expected that name the provider's id only; by our own key they are understood for ever."""

LEFT_FROM = Outcome.SENT
"""From this outcome on a transport has taken the message; a failed one it has refused."""


def appliers(o: Outbound) -> dict[type, Applier]:
    return {
        CampaignSaved: lambda e, at: _saved(o, e),
        CampaignMoved: lambda e, at: _moved(o, e, at),
        CampaignSorted: lambda e, at: _sorted(o, e),
        CampaignRecycled: lambda e, at: _recycled(o, e),
        StepPlanned: lambda e, at: _planned(o, e, at),
        ContactsScreened: lambda e, at: _screened(o, e),
        AttemptRequested: lambda e, at: _requested(o, e, at),
        AttemptStatus: lambda e, at: _status(o, e, at),
        Replied: lambda e, at: _replied(o, e, at),
        ReplyTimeOver: lambda e, at: _reply_time_over(o, e, at),
        ContactsAssigned: lambda e, at: _assigned(o, e),
        ContactTalked: lambda e, at: _talked(o, e, at),
    }


def _saved(o: Outbound, e: CampaignSaved) -> None:
    known = o.campaigns.get(e.campaign)
    if known is not None:
        known.spec = e.spec
        return
    o.campaigns[e.campaign] = CampaignRecord(e.number, e.spec)
    o.by_number[e.number] = e.campaign
    o.numbers = e.number


def _moved(o: Outbound, e: CampaignMoved, at: int) -> None:
    c = o.campaigns[e.campaign]
    c.state = CampaignState(e.state)
    c.reason = e.reason
    _watch(o, c, at)
    if e.verb == "delete":
        _delete(o, c)
    elif e.verb == "start":
        c.started_us = at
        _load(o, c)
    elif c.state in (CampaignState.STOPPED, CampaignState.COMPLETE):
        c.ended_us = at
    if c.state is not CampaignState.RUNNING:
        c.step = None
        o.deadlines.cancel(("campaign", c.id))


def _watch(o: Outbound, c: CampaignRecord, at: int) -> None:
    """The instants at which it starts and ends by itself."""
    starts = c.spec.starts if c.state is CampaignState.SCHEDULED else None
    ends = c.spec.ends if c.state in (CampaignState.RUNNING, CampaignState.PAUSED) else None
    for kind, instant in (("campaign_start", starts), ("campaign_end", ends)):
        if instant is None:
            o.deadlines.cancel((kind, c.id))
        else:
            o.deadlines.set((kind, c.id), max(to_micros(instant), at + 1))


def _load(o: Outbound, c: CampaignRecord) -> None:
    """All the chunks of its lists that it does not know: the first time all, after recycling those added since."""
    known = {chunk.source for chunk in c.chunks}
    for id in c.spec.lists:
        record = o.lists[id]
        for number in record.order:
            if (id, number) not in known and number > c.sorted_to:
                c.add_chunk((id, number), record.chunks[number][1], top=False)
    if len(c.spec.lists) > 1:
        o.taken.setdefault(c.id, KeyTable())


def _delete(o: Outbound, c: CampaignRecord) -> None:
    """Everything but its number, which no other campaign gets."""
    for entry in c.open:
        _unlink(o, entry)
    del o.campaigns[c.id]
    del o.by_number[c.number]
    o.taken.pop(c.id, None)
    o.deadlines.cancel(("reply_time", c.id))
    o.pacing.campaigns.pop(c.id, None)


def _sorted(o: Outbound, e: CampaignSorted) -> None:
    """The sorted copy takes the place of what was loaded."""
    c = o.campaigns[e.campaign]
    c.sorted_names = list(e.names)
    c.sorted_to = o.lists[c.spec.lists[0]].last
    for number, rows in enumerate(e.rows):
        c.add_chunk(("", number), rows, top=False)


def _recycled(o: Outbound, e: CampaignRecycled) -> None:
    c = o.campaigns[e.campaign]
    again = frozenset(e.outcomes)
    c.fresh.clear()
    for index, chunk in enumerate(c.chunks):
        for row, code in enumerate(chunk.codes):
            if code in again:
                c.set_code(index, row, Outcome.PENDING, None)
                chunk.tries[row] = chunk.marks[row] = 0
        _rewind(c, index, chunk)
    if c.id in o.taken:
        o.taken[c.id] = KeyTable()


def _rewind(c: CampaignRecord, index: int, chunk: Chunk) -> None:
    first = chunk.codes.find(0)
    chunk.cursor = chunk.rows if first < 0 else first
    if first >= 0:
        c.fresh.append(index)


def _planned(o: Outbound, e: StepPlanned, at: int) -> None:
    c = o.campaigns[e.campaign]
    c.step = e.effect
    if e.due_us is None:
        o.deadlines.cancel(("campaign", c.id))
    else:
        o.deadlines.set(("campaign", c.id), max(e.due_us, at + 1))


def _screened(o: Outbound, e: ContactsScreened) -> None:
    c = o.campaigns[e.campaign]
    for row, code, due in zip(e.rows, e.outcomes, e.due, strict=True):
        c.set_code(e.chunk, row, code, due)
    c.seen(e.chunk, e.cursor)


def _requested(o: Outbound, e: AttemptRequested, at: int) -> None:
    c = o.campaigns[e.campaign]
    chunk = c.chunks[e.chunk]
    c.set_code(e.chunk, e.row, Outcome.SENDING, None)
    chunk.tries[e.row] = e.number
    c.attempts += 1
    c.parts += e.parts
    c.in_flight += 1
    o.flying[e.effect] = InFlight(c.id, e.message, e.chunk, e.row, e.number, e.key, e.line)
    o.pacing.take(e.line, c.id, c.spec.per_minute, c.spec.brand, e.parts, at)
    taken = o.taken.get(c.id)
    if taken is not None:
        taken.add(short_key(e.key))
    if e.metadata is not None:
        o.metadata[place_of(c.number, e.chunk, e.row, 0)] = e.metadata
    if chunk.talk is not None:
        chunk.talk[e.row] = Talk.MESSAGED
        c.touched[e.chunk, e.row] = at // SECOND


def _status(o: Outbound, e: AttemptStatus, at: int) -> None:
    flying = None if e.effect is None else o.flying.pop(e.effect)
    c = o.campaigns.get(e.campaign)
    if c is None:
        return
    chunk = c.chunks[e.chunk]
    if flying is not None:
        c.in_flight -= 1
        if e.outcome == Outcome.CANCELED or e.status == "canceled":
            chunk.tries[e.row] = e.number - 1  # it never left: the attempt does not count
            c.attempts -= 1
    second = None if flying is None else at // SECOND
    c.set_code(e.chunk, e.row, e.outcome, second if e.due_us is None else -(-e.due_us // SECOND))
    if flying is not None and LEFT_FROM <= e.outcome != Outcome.FAILED:
        _follow(o, c, place_of(c.number, e.chunk, e.row, e.number), flying, e.provider_id, at)


def _follow(o: Outbound, c: CampaignRecord, place: int, flying: InFlight, provider_id: str, at: int) -> None:
    """For the set time, what this address writes to this line answers the campaign, and reports find the attempt."""
    if not c.open or at // MINUTE != c.open[-1].last_us // MINUTE:
        c.open.append(Open(at))
        if len(c.open) == 1:
            o.deadlines.set(("reply_time", c.id), _over(c, at))
    entry = c.open[-1]
    entry.last_us = at
    if c.spec.reply_within:
        entry.keys.append(link_key(flying.line, flying.key))
        o.links[entry.keys[-1]] = place
    entry.places.append(place)
    if provider_id and place_of_message(provider_id) is None:
        entry.providers.append(o.provider_key(flying.line, provider_id))
        o.providers[entry.providers[-1]] = place


def _over(c: CampaignRecord, minute: int) -> int:
    """When nobody written to within the minute of this instant can answer any more."""
    return (minute // MINUTE + 1) * MINUTE + (micros(c.spec.reply_within) or REPORTS_WITHIN_US)


def _unlink(o: Outbound, entry: Open) -> None:
    places = frozenset(entry.places)
    for table, keys in ((o.links, entry.keys), (o.providers, entry.providers)):
        for key in keys:
            if table.get(key) in places:
                table.pop(key)


def _replied(o: Outbound, e: Replied, at: int) -> None:
    c = o.campaigns[e.campaign]
    chunk = c.chunks[e.chunk]
    mark = OPTED_OUT if e.decision == "opt_out" else REPLIED
    if not chunk.marks[e.row] & mark:
        chunk.marks[e.row] |= mark
        c.replied += mark == REPLIED
        c.opted_out += mark == OPTED_OUT
    if chunk.talk is not None:
        chunk.talk[e.row] = Talk.CLOSED if mark == OPTED_OUT else Talk.NEEDS_RESPONSE
        c.touched[e.chunk, e.row] = at // SECOND
        if e.conversation is not None:
            c.talks[e.chunk, e.row] = e.conversation
    if chunk.codes[e.row] == Outcome.WAITING and chunk.tries[e.row]:
        c.set_code(e.chunk, e.row, Outcome.SENT, None)  # who answers needs no further attempt


def _reply_time_over(o: Outbound, e: ReplyTimeOver, at: int) -> None:
    c = o.campaigns[e.campaign]
    entry = c.open.popleft()
    _unlink(o, entry)
    for place in entry.places:
        _, index, row, attempt = of_place(place)
        chunk = c.chunks[index]
        o.metadata.pop(attempt_free(place), None)
        if chunk.tries[row] == attempt and not chunk.marks[row] & REPLIED:
            chunk.marks[row] |= CLOSED
    for index, row in e.again:
        c.set_code(index, row, Outcome.WAITING, e.due_us // SECOND)
    if c.open:
        o.deadlines.set(("reply_time", c.id), max(_over(c, c.open[0].last_us), at + 1))


def _assigned(o: Outbound, e: ContactsAssigned) -> None:
    c = o.campaigns[e.campaign]
    for index, row in e.contacts:
        chunk = c.chunks[index]
        agents: list[str | None] = [None] * chunk.rows if chunk.agents is None else chunk.agents
        agents[row] = e.agent
        chunk.agents = agents


def _talked(o: Outbound, e: ContactTalked, at: int) -> None:
    c = o.campaigns[e.campaign]
    talk = c.chunks[e.chunk].talk
    assert talk is not None
    talk[e.row] = e.state
    c.touched[e.chunk, e.row] = at // SECOND
    if e.outcome is not None:
        c.set_code(e.chunk, e.row, e.outcome, None)
