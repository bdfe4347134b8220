"""Campaigns: what is counted of their events, and the view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs

from switchroom.durations import DurationLike, Micros
from switchroom.reporting.state import State
from switchroom.reporting.sums import ratio
from switchroom.reporting.tallies import tallied
from switchroom.reporting.where import Slots, Where

VIEW = "campaigns"

SKIPPED = 20
"""Outcomes from here on say that a rule kept a contact out, as ``switchroom.outbound.model.Outcome`` has them."""

_LANDED = {"failed": "rejected", "canceled": "withdrawn"}
"""What the hand-over of a message came to, where that is not its acceptance."""


@attrs.frozen(kw_only=True)
class CampaignRow:
    """What a campaign did. ``attempts``: messages requested, of ``parts``; at the hand-over they were
    ``accepted``, ``rejected`` or ``withdrawn`` (by a rule, at the last moment), or are ``in_flight``; ``delivered``,
    ``read``, ``undelivered``: reports that came; ``skipped``: contacts kept out by a rule. How far a campaign is,
    contact by contact, is ``center.campaigns.progress``, and ``center.campaigns.attempts`` has each message."""

    start: datetime | None = None
    campaign: str | None
    attempts: int
    parts: int
    accepted: int
    rejected: int
    withdrawn: int
    in_flight: int
    delivered: int
    read: int
    undelivered: int
    skipped: int
    replied: int
    reply_rate: float | None


def _requested(s: State, at: Micros, e: Any) -> None:
    s.tally(VIEW, (e.campaign,), "attempts")
    s.tally(VIEW, (e.campaign,), "parts", e.parts)


def _status(s: State, at: Micros, e: Any) -> None:
    s.tally(VIEW, (e.campaign,), e.status)
    if e.effect is not None:
        s.tally(VIEW, (e.campaign,), _LANDED.get(e.status, "accepted"))


def _screened(s: State, at: Micros, e: Any) -> None:
    s.tally(VIEW, (e.campaign,), "skipped", sum(outcome >= SKIPPED for outcome in e.outcomes))


def _replied(s: State, at: Micros, e: Any) -> None:
    s.tally(VIEW, (e.campaign,), "replied")


TAKERS: dict[str, Callable[[State, Micros, Any], None]] = {
    "outbound.attempt_requested": _requested,
    "outbound.attempt_status": _status,
    "outbound.contacts_screened": _screened,
    "outbound.replied": _replied,
}
"""Event type -> what it does."""


def campaign_rows(
    state: State, now: Micros, where: Where, every: DurationLike | None, zone: str
) -> tuple[CampaignRow, ...]:
    """One row for each campaign in which something happened, by start and name."""
    slots = Slots(every, zone, state.intervals.width_us)
    return tuple(
        CampaignRow(
            start=slots.label(start),
            campaign=key[0],
            attempts=one["attempts"],
            parts=one["parts"],
            accepted=one["accepted"],
            rejected=one["rejected"],
            withdrawn=one["withdrawn"],
            in_flight=all["attempts"] - all["accepted"] - all["rejected"] - all["withdrawn"],
            delivered=one["delivered"],
            read=one["read"],
            undelivered=one["undelivered"],
            skipped=one["skipped"],
            replied=one["replied"],
            reply_rate=ratio(one["replied"], one["accepted"]),
        )
        for start, key, one, all in tallied(state, now, where, slots, VIEW)
    )
