"""The specs of conversations: the company's lines, and who a contact is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import attrs

from switchroom.errors import InvalidInput
from switchroom.messaging import templates
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Content
from switchroom.routing.fields import (
    Fact,
    placed,
    short_repr,
    to_facts,
    to_id,
    to_ids,
    to_optional_id,
    to_optional_span,
    to_span,
    to_text,
    to_whole,
)
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement

REOPEN_FLOW = ("if_absent", "always", "never")


def _to_reopen(value: str) -> str:
    if value not in REOPEN_FLOW:
        raise InvalidInput("reopen_flow", "unknown", value, hint=f"one of {', '.join(REOPEN_FLOW)}")
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("line"))
class Line:
    """One of the company's addresses, and what becomes of messages that come in there.

    ``queue``: where conversations wait if no ``flow`` says otherwise. ``pool``: the sender pool that a STOP to this
    line covers (empty: the address alone). ``window``: inactivity after which a message starts a new conversation
    (None: the channel's). ``last_agent_wait``: how long a reopened conversation waits for its last agent alone.
    ``reopen_flow``: whether the flow runs for a reopened conversation: if the last agent is absent, always, never.
    ``close_after``: closed when the customer has not written for so long (None: never), with ``warning`` sent
    ``warn_before`` that. ``greeting`` is sent to new conversations, ``away`` to those that come while the queue is
    closed. ``script``: what an agent's screen shows as the script to follow. ``waiting_share``: the share of an agent's
    room that a conversation holds while it waits for its customer.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    address: Address = attrs.field()
    queue: str | None = attrs.field(default=None, converter=to_optional_id)
    flow: str | None = attrs.field(default=None, converter=to_optional_id)
    pool: str = attrs.field(default="", converter=to_text)
    priority: int = attrs.field(default=0, converter=to_whole)
    requirement: Requirement = attrs.field(default=None, converter=to_requirement)
    window: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    last_agent_wait: timedelta = attrs.field(default=timedelta(minutes=2), converter=to_span)
    reopen_flow: str = attrs.field(default="if_absent", converter=_to_reopen)
    close_after: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    warn_before: timedelta = attrs.field(default=timedelta(0), converter=to_span)
    warning: str = attrs.field(default="", converter=to_text)
    greeting: str = attrs.field(default="", converter=to_text)
    away: str = attrs.field(default="", converter=to_text)
    script: str = attrs.field(default="", converter=to_text)
    waiting_share: float = 1.0
    division: str = attrs.field(default="default", converter=to_id)

    __repr__ = short_repr

    def __attrs_post_init__(self) -> None:
        if self.queue is None and self.flow is None:
            raise InvalidInput("line.queue", "missing", hint="a line needs a queue or a flow")
        if self.close_after is not None and self.warning and not timedelta(0) < self.warn_before < self.close_after:
            raise InvalidInput("line.warn_before", "range", self.warn_before, hint="above zero, below close_after")


def _to_addresses(value: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True, field_transformer=placed("contact"))
class Contact:
    """A person, by an opaque id: addresses on any channel, and fields that flows and requirements may use.

    ``preferred_channel``: by which channel the person wants to hear from us, for the agent's screen.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    addresses: tuple[Address, ...] = attrs.field(default=(), converter=_to_addresses)
    name: str = attrs.field(default="", converter=to_text, repr=False)
    language: str | None = None
    country: str | None = None
    preferred_channel: str | None = attrs.field(default=None, converter=to_optional_id)
    fields: Mapping[str, Fact] = attrs.field(factory=dict[str, Fact], converter=to_facts, repr=False)


def _to_template(value: str) -> str:
    if len(value) > templates.MAX_RENDERED:
        raise InvalidInput("text", "too_long", len(value), hint=f"at most {templates.MAX_RENDERED} characters")
    templates.names(value)
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("canned_response"))
class CannedResponse:
    """A text that agents send again and again, with places such as ``${name}`` for values.

    ``queues``: where it may be used (none: everywhere); ``language``: which one it is in (None: any).
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    text: str = attrs.field(converter=_to_template)
    queues: tuple[str, ...] = attrs.field(default=(), converter=to_ids)
    language: str | None = None
    tags: tuple[str, ...] = attrs.field(default=(), converter=to_ids)


@attrs.define(kw_only=True)
class Inbound:
    """A customer's message as it came in: who to whom, what, and under which id of the provider's.

    ``provider_flag``: what the provider made of a keyword, if it did. ``automatic``: nobody wrote it. ``references``:
    the provider's ids of earlier messages that it names, the one that it answers last. ``details``: what else is to be
    kept of it, as plain data: subject, attachments, quoted text.
    """

    ours: Address
    theirs: Address
    content: Content
    provider_id: str
    provider_flag: str | None = None
    automatic: bool = False
    entry_point: str = ""
    references: tuple[str, ...] = ()
    details: Mapping[str, Any] = attrs.field(factory=dict[str, Any], repr=False)


@attrs.frozen(kw_only=True)
class Received:
    """What became of an inbound message. ``conversation`` is None for a keyword outside of one; ``duplicate``: the
    provider has delivered it before, and nothing has changed."""

    message: str
    conversation: str | None
    decision: str
    duplicate: bool = False
