"""Notifications: messages to one recipient that no agent writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from switchroom.consent.model import NOTIFICATION, PURPOSES
from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.outbound.model import MAX_MESSAGE
from switchroom.outbound.recurrence import Every
from switchroom.routing.fields import (
    Fact,
    placed,
    to_facts,
    to_id,
    to_ids,
    to_optional_id,
    to_optional_instant,
    to_span,
    to_text,
)
from switchroom.routing.hours import zone_named
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement


def _to_purpose(value: str) -> str:
    if value not in PURPOSES:
        raise InvalidInput("purpose", "unknown", value, hint=f"one of {', '.join(PURPOSES)}")
    return value


def _to_message(value: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_MESSAGE or "\x00" in value:
        raise InvalidInput("text", "bad_text", value, hint=f"text of at most {MAX_MESSAGE} characters")
    return value


def _to_optional_zone(value: str | None) -> str | None:
    return None if value is None else zone_named(value).key


@attrs.frozen(kw_only=True, field_transformer=placed("notice"))
class Notice:
    """What is sent, from where and why. ``text`` or ``template``; ``zone``: the recipient's, for quiet hours.

    ``purpose``: ``notification`` waits for the recipient's hours and needs consent where the channel asks for it;
    ``transactional`` does neither. ``valid_for``: a message that could not leave for so long after its time is not
    sent any more: a reminder of yesterday's appointment helps nobody.
    """

    line: str = attrs.field(converter=to_id)
    text: str = attrs.field(default="", converter=_to_message)
    template: str | None = attrs.field(default=None, converter=to_optional_id)
    subject: str = attrs.field(default="", converter=to_text)
    purpose: str = attrs.field(default=NOTIFICATION, converter=_to_purpose)
    category: str = attrs.field(default="", converter=to_text)
    do_not_contact: tuple[str, ...] = attrs.field(default=(), converter=to_ids)
    zone: str | None = attrs.field(default=None, converter=_to_optional_zone)
    valid_for: timedelta = attrs.field(default=timedelta(hours=24), converter=to_span)
    division: str = attrs.field(default="default", converter=to_id)

    def __attrs_post_init__(self) -> None:
        if bool(self.text) == (self.template is not None):
            raise InvalidInput("notice.text", "missing", hint="one of text and template is wanted")


@attrs.frozen(kw_only=True)
class Notification:
    """A notice for one recipient: now, ``at`` an instant, or ``every`` so often."""

    notice: Notice
    to: Address
    values: Mapping[str, Fact] = attrs.field(factory=dict[str, Fact], converter=to_facts, repr=False)
    at: datetime | None = attrs.field(default=None, converter=to_optional_instant)
    every: Every | None = None

    def __attrs_post_init__(self) -> None:
        if self.at is not None and self.every is not None:
            raise InvalidInput("notification.at", "both", hint="at an instant or every so often; `first` begins a rule")


@attrs.frozen(kw_only=True, field_transformer=placed("trigger"))
class NoticeTrigger:
    """A notice that an event of this ``event`` name sends, if ``filter`` holds of its values, ``after`` a time."""

    id: str = attrs.field(kw_only=False, converter=to_id)
    event: str = attrs.field(converter=to_id)
    notice: Notice
    filter: Requirement = attrs.field(default=None, converter=to_requirement)
    after: timedelta = attrs.field(default=timedelta(0), converter=to_span)
