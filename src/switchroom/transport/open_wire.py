"""The JSON of open messaging: one message or report a table, both ways.

A message: ``{"type": "message", "id": "m-1", "channel": "web", "from": "w-7", "to": "shop", "content": {"kind":
"text", "text": "hello"}}``, with ``text`` as a short form of a text content. A report: ``{"type": "report", "key":
"order-7", "id": "p-9", "status": "delivered"}``. A request holds one of them, or ``{"events": [...]}``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from switchroom.durations import instant
from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Content, Text, clean_text
from switchroom.messaging.content_data import content_from_data, content_to_data
from switchroom.messaging.delivery import DeliveryReport, DeliveryStatus
from switchroom.transport.protocol import DeliveryUpdate, Envelope, InboundMessage, Thread, TransportEvent
from switchroom.transport.strict_json import Json, Table

T = TypeVar("T")

MAX_EVENTS = 100
"""Events in one request."""


def message_body(envelope: Envelope) -> bytes:
    """The request body that carries a message: fields that are empty left out, keys sorted."""
    fields: dict[str, object] = {
        "type": "message",
        "key": envelope.key,
        "channel": envelope.channel,
        "from": envelope.sender.value,
        "to": envelope.recipient.value,
        "content": content_to_data(envelope.content),
        "subject": envelope.subject,
        "in_reply_to": envelope.thread.in_reply_to,
        "references": list(envelope.thread.references),
        "unsubscribe": envelope.unsubscribe,
        "automatic": envelope.automatic,
        "metadata": dict(envelope.metadata),
    }
    return json.dumps({k: v for k, v in fields.items() if v}, sort_keys=True, separators=(",", ":")).encode()


def events_of(document: Json, *, place: str = "json") -> tuple[TransportEvent, ...]:
    """The events in a document. All or none: a document with one bad event is refused as a whole.

    Fields that this version does not know are passed over, so that a newer sender is understood; known ones are
    checked. Raises `InvalidInput` that names the path.
    """
    table = Table(document, place)
    if "events" not in table.fields:
        return (_event(table),)
    events = table.list("events")
    if len(events) > MAX_EVENTS:
        raise InvalidInput(table.at("events"), "too_many", len(events), hint=f"at most {MAX_EVENTS} events")
    return tuple(_event(Table(event, f"{table.at('events')}[{index}]")) for index, event in enumerate(events))


def _event(table: Table) -> TransportEvent:
    kind = table.text("type", "message")
    if kind == "message":
        return _message(table)
    if kind == "report":
        return _report(table)
    raise InvalidInput(table.at("type"), "unknown", kind, hint="message or report")


def _message(table: Table) -> InboundMessage:
    channel = table.text("channel", "open")
    sender = _placed(table.at("from"), lambda: Address(channel, table.text("from")))
    recipient = _placed(table.at("to"), lambda: Address(channel, table.text("to")))
    return _placed(table.place, lambda: _checked(table, sender, recipient))


def _checked(table: Table, sender: Address, recipient: Address) -> InboundMessage:
    return InboundMessage(
        provider_id=table.text("id"),
        sender=sender,
        recipient=recipient,
        content=_content(table),
        attachments=tuple(
            content_from_data(part, place=f"{table.at('attachments')}[{index}]")
            for index, part in enumerate(table.list("attachments"))
        ),
        subject=table.text("subject", ""),
        thread=Thread(in_reply_to=table.text("in_reply_to", ""), references=_references(table)),
        sent_at=_instant(table, "sent_at"),
        automatic=table.flag("automatic"),
        provider_flag=table.text("provider_flag", ""),
        entry_point=clean_text(table.text("entry_point", ""), 256),
        metadata=table.texts("metadata"),
    )


def _content(table: Table) -> Content:
    if "content" in table.fields:
        return content_from_data(table.fields["content"], place=table.at("content"))
    return Text(clean_text(table.text("text")))


def _references(table: Table) -> tuple[str, ...]:
    values = table.list("references")
    if not all(isinstance(value, str) for value in values):
        raise InvalidInput(table.at("references"), "type", hint="a list of texts is wanted")
    return tuple(value for value in values if isinstance(value, str))


def _instant(table: Table, name: str) -> datetime | None:
    text = table.text(name, "")
    return instant(text, field=table.at(name)) if text else None


def _report(table: Table) -> DeliveryUpdate:
    name = table.text("status")
    if name not in set(DeliveryStatus):
        raise InvalidInput(table.at("status"), "unknown", name, hint=f"one of {', '.join(DeliveryStatus)}")
    code = clean_text(table.text("code", ""), 64)
    report = DeliveryReport(status=DeliveryStatus(name), at=_instant(table, "at"), code=code)
    key, id = table.text("key", ""), table.text("id", "")
    return _placed(
        table.place,
        lambda: DeliveryUpdate(key=key[:128], provider_id=id[:512], report=report, opted_out=table.flag("opted_out")),
    )


def _placed(place: str, make: Callable[[], T]) -> T:
    """What ``make`` returns; its refusal names the path in the document."""
    try:
        return make()
    except InvalidInput as error:
        field = str(error.field)
        raise InvalidInput(field if field.startswith(place) else place, error.code, hint=error.message) from None
