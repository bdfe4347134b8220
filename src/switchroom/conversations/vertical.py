"""Wires consent and conversations into a kernel that has routing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from switchroom.consent.model import ConsentRules
from switchroom.consent.state import Consent
from switchroom.conversations import desk, divisions, erasing, flows, routing_link, sending
from switchroom.conversations.beside import Beside
from switchroom.conversations.canned import Library
from switchroom.conversations.classification import Category, Classifier
from switchroom.conversations.events import (
    ConversationClosed,
    ConversationsEvicted,
    MessageReceived,
)
from switchroom.conversations.flow_model import Flow
from switchroom.conversations.flow_state import FlowRun, Flows
from switchroom.conversations.model import CannedResponse, Contact, Line
from switchroom.conversations.quality import Quality, Sample
from switchroom.conversations.quality import closed as sample
from switchroom.conversations.quality_model import EvaluationForm
from switchroom.conversations.records import ConversationRecord, MessageRecord
from switchroom.conversations.state import Conversations
from switchroom.kernel.keeping import Keeper
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.outbox import EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Applier, Transaction
from switchroom.kernel.vertical import Vertical
from switchroom.messaging.channels import Channel
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.routing.events import AssignmentReleased, ItemAssigned, ItemCompleted, ItemEnded, OfferAccepted
from switchroom.routing.state import Routing

if TYPE_CHECKING:
    from switchroom.consent.keywords import KeywordPolicy


def install(
    kernel: Kernel,
    routing: Routing,
    keywords: Callable[[], KeywordPolicy],
    pepper: bytes,
    channels: dict[str, Channel],
) -> tuple[Conversations, Flows]:
    """Register consent, conversations and flows with a kernel."""
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
    kernel.timers["unconfirmed"] = _bound(sending.unconfirmed, c)
    kernel.silent["message"] = c.message_over
    f = Flows(c)
    c.is_answer = partial(flows.is_answer, f)
    kernel.appliers.update(f.appliers())
    kernel.appliers[ConversationsEvicted] = _both(kernel.appliers[ConversationsEvicted], lambda e, at: f.evicted(e))
    kernel.timers["flow"] = lambda tx, subject: flows.waited(tx, f, subject)
    library, quality = Library(f), Quality(c)
    c.beside = Beside(flows=f, library=library, quality=quality)
    kernel.appliers.update(library.appliers())
    kernel.appliers.update(quality.appliers())
    c.activate = lambda: _listen(kernel, c, f, quality)
    for vertical in (*_listed(consent, c, f), *_desk(library, quality)):
        kernel.add(vertical)
    return c, f


def _listed(consent: Consent, c: Conversations, f: Flows) -> Iterator[Vertical]:
    """The three verticals, and how snapshots keep them."""
    kept = Keeper(consent, derived=("_pepper",), specs=(ConsentRules,))
    yield _vertical("consent", consent, kept, consent.is_used)
    brought = (
        "activate",
        "beside",
        "channels",
        "consent",
        "deadlines",
        "is_answer",
        "keywords",
        "outbound",
        "outbox",
        "routing",
    )
    kept = Keeper(
        c,
        derived=brought,
        records=(ConversationRecord, MessageRecord),
        specs=(Line, Contact, DeliveryStatus),
        rebuild=lambda: c.activate() if c.lines else None,
    )
    listed = _vertical("conversations", c, kept, lambda: bool(c.lines))
    yield attrs.evolve(
        listed,
        withdraw=partial(erasing.withdraw, c),
        forget=partial(erasing.forget, c, f),
        division=partial(divisions.division, c),
        within=partial(divisions.within, c),
    )
    specs = (Flow, Classifier, Category)
    kept = Keeper(f, derived=("conversations", "deadlines", "create_work"), records=(FlowRun,), specs=specs)
    listed = _vertical("flows", f, kept, lambda: bool(f.flows))
    yield attrs.evolve(listed, within=partial(divisions.flows_within, f))


def _desk(library: Library, quality: Quality) -> Iterator[Vertical]:
    """What agents and supervisors work with besides."""
    kept = Keeper(library, derived=("flows",), specs=(CannedResponse,))
    yield _vertical("canned", library, kept, lambda: bool(library.responses))
    kept = Keeper(quality, derived=("conversations",), specs=(EvaluationForm, Sample))
    yield _vertical("quality", quality, kept, lambda: bool(quality.forms))


def _vertical(
    name: str, state: Consent | Conversations | Flows | Library | Quality, kept: Keeper, used: Callable[[], bool]
) -> Vertical:
    return Vertical(
        name=name,
        state=state,
        check=state.check,
        dump=state.dump,
        used=used,
        save=kept.save,
        load=kept.load,
        layout=kept.layout,
    )


def _both(one: Applier, other: Applier) -> Applier:
    def apply(event: Any, at: int) -> None:
        one(event, at)
        other(event, at)

    return apply


def _listen(kernel: Kernel, c: Conversations, f: Flows, quality: Quality) -> None:
    """Hear from routing what becomes of conversations; a center without lines need not."""
    kernel.on(OfferAccepted, partial(routing_link.taken, c))
    kernel.on(ItemAssigned, partial(routing_link.taken, c))
    kernel.on(AssignmentReleased, partial(routing_link.let_go, c))
    kernel.on(ItemCompleted, partial(routing_link.completed, c))
    kernel.on(ItemEnded, partial(routing_link.ended, c))
    kernel.on(MessageReceived, partial(flows.received, f))
    kernel.on(ConversationClosed, partial(flows.closed, f))
    kernel.on(ConversationClosed, partial(sample, quality))
    kernel.on(EffectDone, partial(flows.answered_outside, f))
    kernel.on(EffectDead, partial(flows.failed_outside, f))
    kernel.on(EffectDropped, partial(flows.failed_outside, f))


def _bound(
    timer: Callable[[Transaction, Conversations, str], None], c: Conversations
) -> Callable[[Transaction, str], None]:
    return lambda tx, subject: timer(tx, c, subject)
