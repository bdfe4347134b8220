"""Conversations as callers see them."""

from __future__ import annotations

from datetime import datetime

import attrs

from switchroom.conversations.records import ConversationRecord
from switchroom.durations import from_micros
from switchroom.messaging.addresses import Address


@attrs.frozen(kw_only=True)
class ConversationView:
    """A conversation as it is now; the customer's address is shown masked."""

    id: str
    state: str
    line: str
    channel: str
    customer: str
    contact: str | None
    language: str | None
    item: str | None
    agent: str | None
    last_agent: str | None
    started: datetime
    last_activity: datetime
    first_reply: datetime | None
    waiting_for_reply_since: datetime | None
    held_open: bool
    stay: int


def view(c: ConversationRecord) -> ConversationView:
    return ConversationView(
        id=c.id,
        state=c.state,
        line=c.line.id,
        channel=c.channel,
        customer=Address(c.channel, c.theirs).masked,
        contact=c.contact,
        language=c.language,
        item=c.item,
        agent=c.agent,
        last_agent=c.last_agent,
        started=from_micros(c.started_us),
        last_activity=from_micros(c.last_activity_us),
        first_reply=None if c.first_reply_us is None else from_micros(c.first_reply_us),
        waiting_for_reply_since=None if c.unanswered_us is None else from_micros(c.unanswered_us),
        held_open=c.held_open,
        stay=c.stay,
    )
