"""The rows of the views. Durations are timedeltas; a share is from 0 to 1; None: there is nothing to compute it from.

Every row begins with what it is grouped by: ``start`` of its interval, then names. Those not grouped by are None.
The page on metrics has the formula of each column.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs


@attrs.frozen(kw_only=True)
class QueueRow:
    """How a queue did. ``offered`` + those waiting before = ``answered`` + ``abandoned`` + ``timed_out`` +
    ``cancelled`` + ``moved`` + ``waiting``."""

    start: datetime | None = None
    queue: str | None = None
    medium: str | None = None
    channel: str | None = None
    division: str | None = None
    offered: int
    answered: int
    abandoned: int
    timed_out: int
    cancelled: int
    moved: int
    waiting: int
    overflowed: int
    mean_wait: timedelta | None
    max_wait: timedelta | None
    mean_lost_wait: timedelta | None
    service_level: float | None
    service_level_without_abandoned: float | None
    service_level_without_short: float | None
    service_level_short_met: float | None
    target_share: float | None
    target_within: timedelta | None
    short_abandoned: int
    handled: int
    mean_handle: timedelta | None
    mean_talk: timedelta | None
    mean_after_call: timedelta | None
    transferred: int
    escalated: int
    reopened: int
    reopen_rate: float | None
    first_contact: float | None


@attrs.frozen(kw_only=True)
class AgentRow:
    """How an agent did. ``offered`` + those out before = ``accepted`` + ``declined`` + ``missed`` + ``revoked`` +
    ``offers_out``; ``accepted`` + ``assigned`` + those in hand before = ``handled`` + ``handed_on`` + ``in_hand``.
    Times of the day (``staffed``, ``busy`` and what is made of them) are None where only some of the work is asked
    about."""

    start: datetime | None = None
    agent: str | None = None
    team: str | None = None
    division: str | None = None
    queue: str | None = None
    medium: str | None = None
    channel: str | None = None
    offered: int
    accepted: int
    declined: int
    missed: int
    revoked: int
    offers_out: int
    assigned: int
    handled: int
    handed_on: int
    in_hand: int
    mean_handle: timedelta | None
    mean_talk: timedelta | None
    mean_after_call: timedelta | None
    transfers_blind: int
    transfers_consult: int
    transfers_queue: int
    transfers_target: int
    staffed: timedelta | None
    busy: timedelta | None
    occupancy: float | None
    concurrency: float | None
    most_at_once: int | None


@attrs.frozen(kw_only=True)
class Totals:
    """What happened in all."""

    events: int
    submitted: int
    offers: int
    overflowed: int
    transferred: int
    relaxed: int
    escalated: int
    alerts: int
    unrouted: int
