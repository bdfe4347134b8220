"""Requesting a message: the effect that carries it, and the event that says whose attempt it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from switchroom.kernel import outbox
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.content import Text
from switchroom.messaging.content_data import content_to_data
from switchroom.messaging.degrade import degrade
from switchroom.outbound.events import AttemptRequested
from switchroom.outbound.places import message_id
from switchroom.outbound.rendering import Rendered
from switchroom.routing.fields import Fact

if TYPE_CHECKING:
    from switchroom.messaging.addresses import Address
    from switchroom.outbound.progress import CampaignRecord
    from switchroom.outbound.screening import Pass
    from switchroom.outbound.state import Outbound, Sender

SEND = "send"
"""The kind of effect that carries a message to a transport; it has a gate at the moment of hand-over."""

STREAM = "to:"
"""Before the digest of an address: messages to it are handed over one after the other."""


def body_of(
    o: Outbound, line: Sender, to: Address, message: str, rendered: Rendered, purpose: str, more: Mapping[str, Any]
) -> dict[str, Any]:
    """What the transport and the gate need to know of a message."""
    content = degrade(Text(rendered.text), o.channel(line.address.channel))
    return {
        "message": message,
        "line": line.id,
        "channel": line.address.channel,
        "from": line.address.value,
        "to": to.value,
        "content": content_to_data(content),
        "subject": rendered.subject,
        "purpose": purpose,
        "author": "automatic",
        **more,
    }


def request(
    tx: Transaction,
    o: Outbound,
    c: CampaignRecord,
    line: Sender,
    chunk: int,
    row: int,
    verdict: Pass,
    agent: str | None = None,
) -> str:
    """Request the next attempt to a contact; returns the message's id."""
    number = c.chunks[chunk].tries[row] + 1
    message = message_id(c.number, chunk, row, number)
    spec = c.spec
    more: dict[str, Any] = {"campaign": c.id}
    if spec.category:
        more["category"] = spec.category
    if spec.do_not_contact:
        more["lists"] = list(spec.do_not_contact)
    if verdict.zones:
        more["zones"] = list(verdict.zones)
    body = body_of(o, line, verdict.to, message, verdict.message, spec.purpose, more)
    effect = outbox.request(tx, o.outbox, SEND, STREAM + verdict.keys[0], body)
    kept: dict[str, Fact] | None = None
    if spec.metadata:
        kept = {name: verdict.facts[name] for name in spec.metadata if name in verdict.facts}
    parts = verdict.message.parts
    tx.emit(AttemptRequested(c.id, message, chunk, row, number, verdict.keys[0], line.id, parts, effect, agent, kept))
    return message
