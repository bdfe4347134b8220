"""Wires outbound into a kernel that has routing, consent and lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from switchroom.consent.state import Consent
from switchroom.kernel.keeping import Keeper
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.outbox import Effect, EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Vertical
from switchroom.messaging.channels import Channel
from switchroom.outbound import campaigns, delivery, divisions, erasing, notifying, replies, stepping
from switchroom.outbound.keytable import KeyTable
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign, CampaignState, MessageTemplate, Outcome, SendingLimits
from switchroom.outbound.notice_model import NoticeTrigger, Notification
from switchroom.outbound.notice_records import NoticeRecord
from switchroom.outbound.pacing import Pacing, Room
from switchroom.outbound.progress import CampaignRecord, Chunk, InFlight, Open, Talk
from switchroom.outbound.requesting import SEND
from switchroom.outbound.state import ListRecord, Outbound, Sender
from switchroom.routing.state import Routing


def install(
    kernel: Kernel,
    routing: Routing,
    consent: Consent,
    lines: Mapping[str, Sender],
    channel: Callable[[str], Channel],
) -> Outbound:
    """Register outbound with a kernel, behind whoever sends the messages of conversations."""
    o = Outbound(routing, consent, kernel.outbox, lines, channel)
    kernel.appliers.update(o.appliers())
    timers: dict[str, Callable[[Transaction, Outbound, str], None]] = {
        "campaign": stepping.wake,
        "campaign_start": campaigns.start_due,
        "campaign_end": campaigns.end_due,
        "reply_time": replies.time_over,
        "notice": notifying.send_due,
        "notice_kept": notifying.forget,
    }
    for kind, timer in timers.items():
        kernel.timers[kind] = _bound(timer, o)
    kernel.gates[SEND] = partial(_gate, kernel.gates.get(SEND), o)
    for event, reactions in (
        (EffectDone, (delivery.done, notifying.done)),
        (EffectDead, (delivery.dead, notifying.dead, delivery.step_lost)),
        (EffectDropped, (delivery.dropped, notifying.dropped, delivery.step_lost)),
    ):
        for reaction in reactions:
            kernel.on(event, partial(reaction, o))
    kernel.add(_listed(o))
    return o


def _listed(o: Outbound) -> Vertical:
    """The vertical, and how snapshots keep it."""
    kept = Keeper(
        o,
        derived=("consent", "deadlines", "lines", "outbox", "routing"),
        records=(CampaignRecord, Chunk, InFlight, KeyTable, ListRecord, NoticeRecord, Open, Pacing, Room),
        specs=(
            *(Campaign, CampaignState, ContactList, MessageTemplate, NoticeTrigger, Notification, Outcome),
            *(SendingLimits, Talk),
        ),
    )
    return Vertical(
        name="outbound",
        state=o,
        check=o.check,
        dump=o.dump,
        used=o.used,
        save=kept.save,
        load=kept.load,
        layout=kept.layout,
        withdraw=partial(erasing.withdraw, o),
        forget=partial(erasing.forget, o),
        division=partial(divisions.division, o),
        within=partial(divisions.within, o),
    )


def _gate(
    inner: Callable[[Transaction, Effect], str | None] | None, o: Outbound, tx: Transaction, effect: Effect
) -> str | None:
    """Consent first, then what the campaign says."""
    refusal = None if inner is None else inner(tx, effect)
    return delivery.gate(o, tx, effect) if refusal is None else refusal


def _bound(timer: Callable[[Transaction, Outbound, str], None], o: Outbound) -> Callable[[Transaction, str], None]:
    return lambda tx, subject: timer(tx, o, subject)
