"""From a contact and a template to what is sent: text, subject, parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from switchroom.errors import InvalidInput
from switchroom.messaging import templates
from switchroom.messaging.segments import segments
from switchroom.outbound.list_model import ContactList, Row
from switchroom.routing.fields import Fact

if TYPE_CHECKING:
    from switchroom.outbound.model import Campaign, MessageTemplate

Render = Callable[[Mapping[str, Fact]], str]

PARTED = frozenset({"sms", "mms"})
"""Channels that count a text in parts; on the others a message is one."""


class Rendered(NamedTuple):
    """A message as it would leave. ``parts``: what it counts as."""

    text: str
    subject: str
    parts: int


def facts_of(row: Row, spec: ContactList) -> dict[str, Fact]:
    """The values of a contact by the names of the columns; a typed cell that is empty is missing."""
    return {name: value for name, value in zip(spec.names, row[1:], strict=False) if value is not None}


class Renderer:
    """Fills in a campaign's or notification's text. Made once for many contacts."""

    def __init__(self, text: str, subject: str = "", *, engine: str = "plain", channel: str = "sms") -> None:
        self._text = renderer(text, engine)
        self._subject = renderer(subject, engine) if subject else None
        self._channel = channel

    def render(self, facts: Mapping[str, Fact]) -> Rendered:
        """Raises `InvalidInput` for a missing value, an empty text, or one too long."""
        text = self._text(facts)
        if not text.strip():
            raise InvalidInput("text", "empty", hint="the message is empty")
        subject = "" if self._subject is None else " ".join(self._subject(facts).split())
        return Rendered(text, subject, segments(text).parts if self._channel in PARTED else 1)


def renderer(text: str, engine: str) -> Render:
    """The function that fills a text; refuses a text that is no template."""
    if engine == "liquid":
        from switchroom.outbound.liquid import compiled

        return compiled(text)
    names = templates.names(text)
    if not names:
        plain = text.replace("$$", "$")
        return lambda facts: plain
    return lambda facts: templates.render(text, facts)


def campaign_renderer(spec: Campaign, template: MessageTemplate | None, channel: str) -> Renderer:
    """The renderer of a campaign: its own text, its template's, or each contact's own."""
    if template is not None:
        return Renderer(template.text, spec.subject or template.subject, engine=template.engine, channel=channel)
    text = spec.text or f"${{{spec.text_column}}}"
    return Renderer(text, spec.subject, channel=channel)
