"""Answers about outbound as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import attrs

from switchroom.durations import from_micros
from switchroom.outbound.model import Outcome
from switchroom.outbound.notice_records import NoticeRecord
from switchroom.outbound.progress import CampaignRecord, Talk

if TYPE_CHECKING:
    from switchroom.outbound.state import ListRecord


@attrs.frozen(kw_only=True)
class ListView:
    """A contact list. ``chunks``: in how many pieces it lies in the store."""

    id: str
    channel: str
    columns: tuple[str, ...]
    contacts: int
    chunks: int


@attrs.frozen(kw_only=True)
class Progress:
    """How far a campaign is.

    ``total`` contacts are ``pending`` (not looked at), ``waiting`` (for their hours, another attempt, the campaign),
    ``sending`` (requested, hand-over not known) or ``processed``, and ``outcomes`` says which became of those: its sum
    is ``processed``. ``skipped``: the part of them that a rule kept out. ``attempts``: messages handed over, or about
    to be; ``parts``: what was counted for pacing. ``replied`` and ``opted_out``: contacts.
    """

    campaign: str
    state: str
    reason: str
    total: int
    pending: int
    waiting: int
    sending: int
    processed: int
    skipped: int
    outcomes: Mapping[str, int]
    attempts: int
    parts: int
    replied: int
    opted_out: int
    started: datetime | None
    ended: datetime | None
    next_step: datetime | None


@attrs.frozen(kw_only=True)
class ContactView:
    """Where one contact of a campaign stands. ``place``: (chunk, row) within the campaign."""

    campaign: str
    place: tuple[int, int]
    outcome: str
    attempts: int
    replied: bool
    opted_out: bool
    closed: bool
    agent: str | None
    talk: str | None


@attrs.frozen(kw_only=True)
class NotificationView:
    """A notification. ``status``: of its latest message, empty before the first; ``next``: when it is sent (again)."""

    id: str
    state: str
    status: str
    sent: int
    next: datetime | None
    reason: str
    message: str | None


def list_view(r: ListRecord) -> ListView:
    return ListView(id=r.spec.id, channel=r.spec.channel, columns=r.spec.names, contacts=r.count, chunks=len(r.chunks))


def progress(c: CampaignRecord, next_step: int | None) -> Progress:
    done = {Outcome(code): n for code, n in sorted(c.counts.items()) if n and Outcome(code).final}
    return Progress(
        campaign=c.id,
        state=c.state.value,
        reason=c.reason,
        total=c.total,
        pending=c.counts[Outcome.PENDING],
        waiting=c.counts[Outcome.WAITING],
        sending=c.counts[Outcome.SENDING],
        processed=sum(done.values()),
        skipped=sum(n for outcome, n in done.items() if outcome.skipped),
        outcomes={outcome.word: n for outcome, n in done.items()},
        attempts=c.attempts,
        parts=c.parts,
        replied=c.replied,
        opted_out=c.opted_out,
        started=_instant(c.started_us),
        ended=_instant(c.ended_us),
        next_step=_instant(next_step),
    )


def contact_view(c: CampaignRecord, index: int, row: int) -> ContactView:
    chunk = c.chunks[index]
    marks = chunk.marks[row]
    return ContactView(
        campaign=c.id,
        place=(index, row),
        outcome=Outcome(chunk.codes[row]).word,
        attempts=chunk.tries[row],
        replied=bool(marks & 1),
        opted_out=bool(marks & 2),
        closed=bool(marks & 4),
        agent=None if chunk.agents is None else chunk.agents[row],
        talk=None if chunk.talk is None else Talk(chunk.talk[row]).name.lower(),
    )


def contact_views(c: CampaignRecord, outcome: str | None, limit: int) -> tuple[ContactView, ...]:
    code = None if outcome is None else Outcome[outcome.upper()]
    places = ((i, row) for i, k in enumerate(c.chunks) for row in range(k.rows) if code is None or k.codes[row] == code)
    return tuple(contact_view(c, index, row) for index, row in islice(places, limit))


def notification_view(n: NoticeRecord) -> NotificationView:
    return NotificationView(
        id=n.id,
        state=n.state,
        status=n.status,
        sent=n.serial,
        next=_instant(n.due_us),
        reason=n.reason,
        message=n.message if n.serial else None,
    )


def _instant(us: int | None) -> datetime | None:
    return None if us is None else from_micros(us)
