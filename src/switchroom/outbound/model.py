"""What a campaign is, what may become of a contact, and how fast messages may leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

import attrs

from switchroom.consent.model import MARKETING, PURPOSES, ContactWindow
from switchroom.errors import InvalidInput
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.routing.fields import (
    Span,
    placed,
    to_amount,
    to_count,
    to_id,
    to_ids,
    to_optional_count,
    to_optional_id,
    to_optional_instant,
    to_span,
    to_text,
)
from switchroom.routing.hours import zone_named
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement

MAX_ATTEMPTS = 100
MAX_MESSAGE = 10_000
"""Characters of the text of a campaign before values are filled in."""


class Outcome(IntEnum):
    """Where a contact stands in a campaign: one byte.

    Up to 11 these are the ranks of delivery statuses, so that of two reports the greater counts. From 20 on the contact
    was skipped, in the order in which the questions are asked.
    """

    PENDING = 0
    WAITING = 1
    SENDING = 2
    SENT = 3
    UNCONFIRMED = 4
    CANCELED = 5
    EXPIRED = 6
    FAILED = 7
    UNDELIVERED = 8
    PARTIALLY_DELIVERED = 9
    DELIVERED = 10
    READ = 11
    DUPLICATE = 20
    FILTERED = 21
    ATTEMPTS = 22
    OPTED_OUT = 23
    HELD = 24
    NO_CONSENT = 25
    DO_NOT_CONTACT = 26
    WINDOW = 27
    CAP = 28
    TEMPLATE = 29
    TOO_LONG = 30
    NOT_REACHED = 31

    @property
    def word(self) -> str:
        return self.name.lower()

    @property
    def final(self) -> bool:
        """Whether the contact counts as processed."""
        return self >= Outcome.SENT

    @property
    def skipped(self) -> bool:
        """Whether no message was sent because a rule said so."""
        return self >= Outcome.DUPLICATE


RETRIABLE = frozenset({"failed", "undelivered", "expired", "unconfirmed", "no_reply"})
"""Outcomes after which another attempt may be made."""

_RANKED = {status.rank: status.value for status in DeliveryStatus}
assert all(_RANKED[o] == o.word for o in Outcome if Outcome.SENT <= o <= Outcome.READ)


class CampaignState(StrEnum):
    """The states of a campaign; `switchroom.outbound.lifecycle` has the table."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    COMPLETE = "complete"


class Replies(StrEnum):
    """Who answers those who answer a campaign."""

    LINE = "line"
    AGENTS = "agents"


def _to_replies(value: str) -> Replies:
    try:
        return Replies(value)
    except ValueError:
        raise InvalidInput("replies", "unknown", value, hint=f"one of {', '.join(Replies)}") from None


def _to_retry(value: Mapping[str, Span]) -> Mapping[str, timedelta]:
    unknown = sorted(set(value) - RETRIABLE)
    if unknown:
        raise InvalidInput("retry", "unknown", unknown[0], hint=f"one of {', '.join(sorted(RETRIABLE))}")
    return {outcome: to_span(wait) for outcome, wait in value.items()}


def _to_windows(value: Iterable[ContactWindow]) -> tuple[ContactWindow, ...]:
    return tuple(value)


def _to_purpose(value: str) -> str:
    if value not in PURPOSES:
        raise InvalidInput("purpose", "unknown", value, hint=f"one of {', '.join(PURPOSES)}")
    return value


def _to_message(value: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_MESSAGE or "\x00" in value:
        raise InvalidInput("text", "bad_text", value, hint=f"text of at most {MAX_MESSAGE} characters")
    return value


def _to_attempts(value: int) -> int:
    if to_count(value) > MAX_ATTEMPTS:
        raise InvalidInput("attempts", "range", value, hint=f"at most {MAX_ATTEMPTS}")
    return value


def _to_optional_name(value: str | None) -> str | None:
    return None if value is None else to_text(value)


def _to_names(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise InvalidInput("names", "not_list", value, hint="a list is wanted, not one text")
    return tuple(to_text(name) for name in value)


@attrs.frozen(kw_only=True, field_transformer=placed("campaign"))
class Campaign:
    """Messages to the contacts of one list or several.

    **What.** ``text``, or a saved ``template``, or the column ``text_column`` of the list; ``subject`` for e-mail.
    Values of columns are placed with ``${name}``. ``purpose``: marketing (the default), notification or transactional.

    **Who.** ``lists``: contact lists; a contact that is in two of them gets one message. ``filter``: a requirement over
    the columns (``state == "NY" and age >= 21``). ``sort``: a column by which the contacts are taken, ``descending`` or
    not; it is looked at once, when the campaign starts. ``do_not_contact``: lists that keep contacts out.

    **From where.** ``senders``: lines of one channel; each contact keeps its sender while that has room.

    **When.** ``starts`` and ``ends``; ``windows`` in the recipient's zone, besides those of the consent rules.
    ``per_minute``: parts of messages a minute. ``brand``: the name of a daily budget (see `SendingLimits`).
    ``always_running``: goes on for contacts that are added later, instead of being complete.

    **How often.** ``attempts`` for each contact; ``retry``: by outcome, how long to wait before the next one.
    ``max_parts``: a longer message is not sent.

    **Replies.** A reply within ``reply_within`` of the message is linked to it. ``replies``: ``line`` (to the queue or
    flow of the line, or to ``queue`` or ``flow`` given here) or ``agents`` (two-way: sent and answered by the agents
    that contacts are assigned to, until ``due`` for first messages). ``metadata``: columns that go with the reply; they
    are held in memory while the contact may answer, some 300 bytes each.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    lists: tuple[str, ...] = attrs.field(converter=to_ids)
    senders: tuple[str, ...] = attrs.field(converter=to_ids)
    text: str = attrs.field(default="", converter=_to_message)
    template: str | None = attrs.field(default=None, converter=to_optional_id)
    text_column: str | None = attrs.field(default=None, converter=_to_optional_name)
    subject: str = attrs.field(default="", converter=to_text)
    purpose: str = attrs.field(default=MARKETING, converter=_to_purpose)
    category: str = attrs.field(default="", converter=to_text)
    filter: Requirement = attrs.field(default=None, converter=to_requirement)
    sort: str | None = attrs.field(default=None, converter=_to_optional_name)
    descending: bool = False
    do_not_contact: tuple[str, ...] = attrs.field(default=(), converter=to_ids)
    starts: datetime | None = attrs.field(default=None, converter=to_optional_instant)
    ends: datetime | None = attrs.field(default=None, converter=to_optional_instant)
    windows: tuple[ContactWindow, ...] = attrs.field(default=(), converter=_to_windows)
    per_minute: int | None = attrs.field(default=None, converter=to_optional_count)
    brand: str | None = attrs.field(default=None, converter=to_optional_id)
    always_running: bool = False
    attempts: int = attrs.field(default=1, converter=_to_attempts)
    retry: Mapping[str, timedelta] = attrs.field(factory=dict[str, timedelta], converter=_to_retry)
    max_parts: int = attrs.field(default=10, converter=to_count)
    reply_within: timedelta = attrs.field(default=timedelta(hours=72), converter=to_span)
    replies: Replies = attrs.field(default=Replies.LINE, converter=_to_replies)
    queue: str | None = attrs.field(default=None, converter=to_optional_id)
    flow: str | None = attrs.field(default=None, converter=to_optional_id)
    due: datetime | None = attrs.field(default=None, converter=to_optional_instant)
    metadata: tuple[str, ...] = attrs.field(default=(), converter=_to_names)
    division: str = attrs.field(default="default", converter=to_id)

    def __attrs_post_init__(self) -> None:
        if not self.lists:
            raise InvalidInput("campaign.lists", "missing", hint="a contact list is wanted")
        if not self.senders:
            raise InvalidInput("campaign.senders", "missing", hint="a line to send from is wanted")
        if sum((bool(self.text), self.template is not None, self.text_column is not None)) != 1:
            raise InvalidInput("campaign.text", "missing", hint="one of text, template and text_column is wanted")
        if self.starts and self.ends and not self.starts < self.ends:
            raise InvalidInput("campaign.ends", "order", str(self.ends), hint="the end lies before the start")
        if self.queue is not None and self.flow is not None:
            raise InvalidInput("campaign.queue", "both", hint="replies go to a queue or to a flow")
        if self.sort is not None and (len(self.lists) > 1 or self.two_way):
            raise InvalidInput("campaign.sort", "lists", hint="a sorted campaign has one list, and no agents")
        if "no_reply" in self.retry and self.reply_within <= timedelta(0):
            raise InvalidInput("campaign.retry", "no_reply", hint="no_reply needs a time in which to reply")

    @property
    def two_way(self) -> bool:
        """Whether agents send and answer."""
        return self.replies is Replies.AGENTS


def _to_rates(value: Mapping[str, int]) -> Mapping[str, int]:
    return {to_id(name): to_count(rate) for name, rate in value.items()}


def _to_zone(value: str) -> str:
    return zone_named(value).key


@attrs.frozen(kw_only=True, field_transformer=placed("limits"))
class SendingLimits:
    """How many parts may leave, whatever the campaign: by sender and second, by brand and day.

    ``per_sender_second``: by line. ``per_brand_day``: by brand, counted from midnight in ``zone`` (carriers of the
    United States count in Pacific time). What is not named has no limit. Windows are those of the clock: each second
    and each minute begins anew; a message longer than a window's room leaves when nothing else has, and its surplus
    is taken from the next windows.
    """

    per_sender_second: Mapping[str, int] = attrs.field(factory=dict[str, int], converter=_to_rates)
    per_brand_day: Mapping[str, int] = attrs.field(factory=dict[str, int], converter=_to_rates)
    zone: str = attrs.field(default="UTC", converter=_to_zone)


@attrs.frozen(kw_only=True, field_transformer=placed("template"))
class MessageTemplate:
    """A saved text with places for values.

    ``engine``: ``plain`` (``${name}`` and nothing else) or ``liquid`` (the ``liquid`` extra). ``subject``: for e-mail.
    ``choices``: the replies that the text asks for, checked against the keywords. ``max_links``: links allowed.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    text: str = attrs.field(converter=_to_message)
    subject: str = attrs.field(default="", converter=to_text)
    engine: str = "plain"
    choices: tuple[str, ...] = attrs.field(default=(), converter=_to_names)
    max_links: int = attrs.field(default=1, converter=to_amount)

    def __attrs_post_init__(self) -> None:
        if self.engine not in ("plain", "liquid"):
            raise InvalidInput("template.engine", "unknown", self.engine, hint="plain or liquid")
