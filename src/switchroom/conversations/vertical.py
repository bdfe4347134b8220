"""Wires consent and conversations into a kernel that has routing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from switchroom.consent.state import Consent
from switchroom.conversations import desk, routing_link, sending
from switchroom.conversations.channels import Channel
from switchroom.conversations.state import Conversations
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.outbox import EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Transaction
from switchroom.routing.events import AssignmentReleased, ItemAssigned, ItemCompleted, ItemEnded, OfferAccepted
from switchroom.routing.state import Routing

if TYPE_CHECKING:
    from switchroom.consent.keywords import KeywordPolicy


def install(
    kernel: Kernel,
    routing: Routing,
    keywords: Callable[[], KeywordPolicy],
    pepper: bytes,
    channels: dict[str, Channel] | None,
) -> Conversations:
    """Register consent and conversations with a kernel."""
    consent = Consent(pepper)
    c = Conversations(routing, consent, kernel.outbox, keywords, channels)
    kernel.appliers.update(consent.appliers())
    kernel.appliers.update(c.appliers())
    timers: dict[str, Callable[[Transaction, Conversations, str], None]] = {
        "idle": desk.idle,
        "conversation": desk.window_over,
        "seen": desk.forget_seen,
    }
    for kind, timer in timers.items():
        kernel.timers[kind] = _bound(timer, c)
    kernel.gates[sending.SEND] = partial(sending.gate, c)
    kernel.on(EffectDone, partial(sending.done, c))
    kernel.on(EffectDead, partial(sending.dead, c))
    kernel.on(EffectDropped, partial(sending.dropped, c))
    c.activate = lambda: _listen(kernel, c)
    return c


def _listen(kernel: Kernel, c: Conversations) -> None:
    """Hear from routing what becomes of conversations; a center without lines need not."""
    kernel.on(OfferAccepted, partial(routing_link.taken, c))
    kernel.on(ItemAssigned, partial(routing_link.taken, c))
    kernel.on(AssignmentReleased, partial(routing_link.let_go, c))
    kernel.on(ItemCompleted, partial(routing_link.completed, c))
    kernel.on(ItemEnded, partial(routing_link.ended, c))


def _bound(
    timer: Callable[[Transaction, Conversations, str], None], c: Conversations
) -> Callable[[Transaction, str], None]:
    return lambda tx, subject: timer(tx, c, subject)
