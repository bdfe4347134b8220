"""Conversations and their quality: what is counted of their events, and the views."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs

from switchroom.durations import DurationLike, Micros
from switchroom.reporting.open_work import OpenTalk
from switchroom.reporting.state import State
from switchroom.reporting.sums import mean, ratio
from switchroom.reporting.tallies import tallied
from switchroom.reporting.where import Slots, Where

TALKS, QUALITY = "conversations", "quality"
SCALE = 1_000_000
"""Scores are summed up in millionths: whole numbers add up to the same in any order."""


@attrs.frozen(kw_only=True)
class ConversationRow:
    """Conversations of one line and channel. ``received`` and ``sent`` are messages; ``first_replies``: answers of
    agents to a customer who waited for one, after ``mean_reply`` on average."""

    start: datetime | None = None
    line: str | None
    channel: str | None
    started: int
    reopened: int
    closed: int
    open: int
    reopen_rate: float | None
    received: int
    sent: int
    by_agents: int
    first_replies: int
    mean_reply: timedelta | None


@attrs.frozen(kw_only=True)
class QualityRow:
    """Evaluations of one agent's conversations by one form. ``pending``: sampled and not evaluated yet."""

    start: datetime | None = None
    form: str | None
    agent: str | None
    sampled: int
    evaluated: int
    pending: int
    mean_score: float | None


# -- what is counted


def _started(s: State, at: Micros, e: Any) -> None:
    s.talks[e.conversation] = OpenTalk(e.line, e.channel)
    s.tally(TALKS, (e.line, e.channel), "started")


def _reopened(s: State, at: Micros, e: Any) -> None:
    talk = s.talks[e.conversation]
    talk.reopened = True
    s.tally(TALKS, (talk.line, talk.channel), "reopened")


def _closed(s: State, at: Micros, e: Any) -> None:
    talk = s.talks[e.conversation]
    talk.reopened, talk.asked_us = False, 0
    s.tally(TALKS, (talk.line, talk.channel), "closed")


def _routed(s: State, at: Micros, e: Any) -> None:
    """Its item is submitted next: it belongs to this conversation."""
    talk = s.talks[e.conversation]
    s.conversations[e.item] = (e.conversation, talk.reopened)
    talk.reopened = False


def _received(s: State, at: Micros, e: Any) -> None:
    talk = s.talks.get(e.conversation or "")
    if talk is not None:
        s.tally(TALKS, (talk.line, talk.channel), "received")
        talk.asked_us = talk.asked_us or at


def _sent(s: State, at: Micros, e: Any) -> None:
    talk = s.talks.get(e.conversation or "")
    if talk is None:
        return
    key = (talk.line, talk.channel)
    s.tally(TALKS, key, "sent")
    if e.author != "agent":
        return
    s.tally(TALKS, key, "by_agents")
    if talk.asked_us:
        s.tally(TALKS, key, "first_replies")
        s.tally(TALKS, key, "reply_us", at - talk.asked_us)
        talk.asked_us = 0


def _evicted(s: State, at: Micros, e: Any) -> None:
    for conversation in e.conversations:
        s.talks.pop(conversation, None)


def _sampled(s: State, at: Micros, e: Any) -> None:
    s.tally(QUALITY, (e.form, e.agent), "sampled")


def _evaluated(s: State, at: Micros, e: Any) -> None:
    s.tally(QUALITY, (e.form, e.agent), "evaluated")
    s.tally(QUALITY, (e.form, e.agent), "score", round(e.score * SCALE))


TAKERS: dict[str, Callable[[State, Micros, Any], None]] = {
    "conversations.started": _started,
    "conversations.reopened": _reopened,
    "conversations.closed": _closed,
    "conversations.routed": _routed,
    "conversations.message_received": _received,
    "conversations.message_requested": _sent,
    "conversations.evicted": _evicted,
    "conversations.sampled": _sampled,
    "conversations.evaluated": _evaluated,
}
"""Event type -> what it does."""


# -- the views


def conversation_rows(
    state: State, now: Micros, where: Where, every: DurationLike | None, zone: str
) -> tuple[ConversationRow, ...]:
    """One row for each line and channel in which something happened, by start and names."""
    slots = Slots(every, zone, state.intervals.width_us)
    return tuple(
        ConversationRow(
            start=slots.label(start),
            line=key[0],
            channel=key[1],
            started=one["started"],
            reopened=one["reopened"],
            closed=one["closed"],
            open=all["started"] + all["reopened"] - all["closed"],
            reopen_rate=ratio(one["reopened"], one["closed"]),
            received=one["received"],
            sent=one["sent"],
            by_agents=one["by_agents"],
            first_replies=one["first_replies"],
            mean_reply=mean(one["reply_us"], one["first_replies"]),
        )
        for start, key, one, all in tallied(state, now, where, slots, TALKS)
        if where.channels is None or key[1] in where.channels
    )


def quality_rows(
    state: State, now: Micros, where: Where, every: DurationLike | None, zone: str
) -> tuple[QualityRow, ...]:
    """One row for each form and agent, by start and names."""
    slots = Slots(every, zone, state.intervals.width_us)
    return tuple(
        QualityRow(
            start=slots.label(start),
            form=key[0],
            agent=key[1],
            sampled=one["sampled"],
            evaluated=one["evaluated"],
            pending=max(0, all["sampled"] - all["evaluated"]),
            mean_score=ratio(one["score"] / SCALE, one["evaluated"]),
        )
        for start, key, one, all in tallied(state, now, where, slots, QUALITY)
        if where.agents is None or key[1] in where.agents
    )
