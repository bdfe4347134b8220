"""Operations of campaigns: make, schedule, start, pause, resume, stop, recycle, delete."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from switchroom.durations import to_micros
from switchroom.errors import InvalidInput, LimitReached, NotAllowed
from switchroom.kernel.transaction import Transaction
from switchroom.outbound.events import (
    CampaignMoved,
    CampaignRecycled,
    CampaignSaved,
    CampaignSorted,
    LimitsSaved,
)
from switchroom.outbound.lifecycle import moved
from switchroom.outbound.model import Campaign, CampaignState, Outcome, SendingLimits
from switchroom.outbound.progress import CampaignRecord
from switchroom.outbound.rendering import campaign_renderer
from switchroom.outbound.stepping import begin

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound

MAX_CAMPAIGNS = 10_000
"""Campaigns in memory, drafts and complete ones among them; delete those that are history."""

ACTIVE = frozenset({CampaignState.RUNNING, CampaignState.PAUSED})


def save(tx: Transaction, o: Outbound, spec: Campaign) -> None:
    """Make a campaign or change one that is a draft or paused.

    Refuses unknown lists, lines and templates, lines of several channels, lists of another channel, columns that no
    list has, and, once it has begun, other lists or another way to answer.
    """
    known = o.campaigns.get(spec.id)
    _check(o, spec)
    if known is None:
        if len(o.campaigns) >= MAX_CAMPAIGNS:
            raise LimitReached("campaigns", MAX_CAMPAIGNS)
        tx.emit(CampaignSaved(spec.id, o.numbers + 1, spec))
        return
    moved(spec.id, known.state, "change")
    fixed = (known.spec.lists, known.spec.replies, known.spec.sort)
    if known.chunks and fixed != (spec.lists, spec.replies, spec.sort):
        raise NotAllowed("change the lists, order or kind of", "campaign", spec.id, "begun")
    tx.emit(CampaignSaved(spec.id, known.number, spec))


def _check(o: Outbound, spec: Campaign) -> None:
    channels = {o.line(id).address.channel for id in spec.senders}
    if len(channels) > 1:
        raise InvalidInput("campaign.senders", "channels", hint="the lines of a campaign are of one channel")
    channel = channels.pop()
    if "text" not in o.channel(channel).carries:
        raise InvalidInput("campaign.senders", "channel", channel, hint="the channel carries no text")
    for id in spec.lists:
        if o.list(id).spec.channel != channel:
            raise InvalidInput("campaign.lists", "channel", id, hint=f"the list is not of channel {channel}")
    template = None if spec.template is None else o.template(spec.template)
    campaign_renderer(spec, template, channel)
    if spec.queue is not None:
        o.routing.queue(spec.queue)
    columns = {name for id in spec.lists for name in o.list(id).spec.names}
    wanted = [c for c in (spec.text_column, spec.sort, *spec.metadata) if c is not None]
    missing = [c for c in wanted if c not in columns]
    if missing and columns:
        raise InvalidInput("campaign.columns", "unknown", missing[0], hint="no list of the campaign has this column")


def move(tx: Transaction, o: Outbound, c: CampaignRecord, verb: str, reason: str = "") -> None:
    tx.emit(CampaignMoved(c.id, verb, moved(c.id, c.state, verb), reason))


def schedule(tx: Transaction, o: Outbound, id: str, at: datetime | None) -> None:
    """Let a draft start by itself at an instant (its own ``starts`` if none is given)."""
    c = o.campaign(id)
    starts = c.spec.starts if at is None else at
    moved(id, c.state, "schedule")
    if starts is None or to_micros(starts) <= tx.now:
        raise InvalidInput("starts", "past", str(starts), hint="an instant in the future is wanted")
    if starts != c.spec.starts:
        tx.emit(CampaignSaved(id, c.number, attrs.evolve(c.spec, starts=starts)))
    move(tx, o, c, "schedule")


def start(tx: Transaction, o: Outbound, id: str) -> None:
    """Start a draft, or a scheduled one before its time. A list is in one active campaign at a time."""
    c = o.campaign(id)
    moved(id, c.state, "start")
    _check(o, c.spec)
    for other in o.campaigns.values():
        shared = set(other.spec.lists) & set(c.spec.lists)
        if other is not c and other.state in ACTIVE and shared:
            raise NotAllowed("start", "campaign", id, f"sharing list {min(shared)} with {other.id}, which is active")
    if c.spec.ends is not None and to_micros(c.spec.ends) <= tx.now:
        raise NotAllowed("start", "campaign", id, "past its end")
    move(tx, o, c, "start")
    if not c.spec.two_way:
        begin(tx, o, c)


def start_due(tx: Transaction, o: Outbound, id: str) -> None:
    """Timer: the time of a scheduled campaign. What refuses it now makes it a draft again, with the reason."""
    try:
        start(tx, o, id)
    except (NotAllowed, InvalidInput) as refusal:
        move(tx, o, o.campaign(id), "unschedule", refusal.message)


def unschedule(tx: Transaction, o: Outbound, id: str) -> None:
    """Back to a draft."""
    move(tx, o, o.campaign(id), "unschedule")


def pause(tx: Transaction, o: Outbound, id: str, reason: str) -> None:
    """Hand over nothing more until resumed. What was requested and has not left is withdrawn when its turn comes."""
    move(tx, o, o.campaign(id), "pause", reason)


def resume(tx: Transaction, o: Outbound, id: str) -> None:
    """Go on where it was paused."""
    c = o.campaign(id)
    move(tx, o, c, "resume")
    if not c.spec.two_way:
        begin(tx, o, c)


def stop(tx: Transaction, o: Outbound, id: str, reason: str) -> None:
    """End it; contacts not written to stay so."""
    move(tx, o, o.campaign(id), "stop", reason)


def end_due(tx: Transaction, o: Outbound, id: str) -> None:
    """Timer: the end of the campaign."""
    move(tx, o, o.campaign(id), "complete", "its end")


def complete(tx: Transaction, o: Outbound, id: str) -> None:
    """Declare it complete, for one that would go on (always running, or two-way)."""
    move(tx, o, o.campaign(id), "complete", "by hand")


def recycle(tx: Transaction, o: Outbound, id: str, outcomes: Iterable[str]) -> int:
    """Take contacts of these outcomes again: the campaign is a draft, their attempts count anew. Returns how many."""
    c = o.campaign(id)
    target = moved(id, c.state, "recycle")
    codes = tuple(sorted(_code(word) for word in outcomes))
    if c.in_flight:
        raise NotAllowed("recycle", "campaign", id, "still handing over messages")
    again = sum(c.counts[code] for code in codes)
    tx.emit(CampaignRecycled(id, codes))
    tx.emit(CampaignMoved(id, "recycle", target))
    return again


def _code(word: str) -> int:
    try:
        return int(Outcome[word.upper()])
    except KeyError:
        words = ", ".join(o.word for o in Outcome)
        raise InvalidInput("outcomes", "unknown", word, hint=f"one of {words}") from None


def delete(tx: Transaction, o: Outbound, id: str) -> tuple[str, ...]:
    """Forget a campaign that is not active; the log keeps it. Returns the names of its own chunks in the store."""
    c = o.campaign(id)
    moved(id, c.state, "delete")
    if c.in_flight:
        raise NotAllowed("delete", "campaign", id, "still handing over messages")
    names = tuple(c.sorted_names)
    move(tx, o, c, "delete")
    return names


def put_in_order(tx: Transaction, o: Outbound, id: str, names: tuple[str, ...], rows: tuple[int, ...]) -> None:
    """Take the contacts in the order of a sorted copy of the lists; for a draft that has taken nobody yet."""
    c = o.campaign(id)
    if c.state is not CampaignState.DRAFT or c.chunks:
        raise NotAllowed("sort", "campaign", id, "begun")
    if sum(rows) != sum(o.list(list).count for list in c.spec.lists):
        raise NotAllowed("sort", "campaign", id, "over lists that have changed meanwhile")
    tx.emit(CampaignSorted(id, names, rows))


def to_be_sorted(o: Outbound, id: str) -> bool:
    """Whether a campaign is to be put in order before it starts."""
    c = o.campaign(id)
    return c.spec.sort is not None and c.state is CampaignState.DRAFT and not c.chunks


def set_limits(tx: Transaction, o: Outbound, limits: SendingLimits) -> None:
    """Set the rooms of senders and brands. Refuses unknown lines."""
    for line in limits.per_sender_second:
        o.line(line)
    tx.emit(LimitsSaved(limits))
