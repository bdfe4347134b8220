"""Appliers of notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchroom.kernel.transaction import Applier
from switchroom.outbound.events import (
    NoticeEnded,
    NoticeForgotten,
    NoticePlanned,
    NoticeRequested,
    NoticeSaved,
    NoticeStatus,
    TriggerDeleted,
    Triggered,
    TriggerSaved,
)
from switchroom.outbound.notice_records import ENDED, SCHEDULED, SENDING, SENT, NoticeRecord
from switchroom.outbound.places import link_key
from switchroom.routing.fields import micros

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound

KEPT_US = 7 * 24 * 3_600_000_000
"""How long an ended notification is known, with its idempotency key: longer than anybody repeats a call."""


def appliers(o: Outbound) -> dict[type, Applier]:
    return {
        NoticeSaved: lambda e, at: _saved(o, e, at),
        NoticeRequested: lambda e, at: _requested(o, e),
        NoticeStatus: lambda e, at: _status(o, e),
        NoticePlanned: lambda e, at: _planned(o, e, at),
        NoticeEnded: lambda e, at: _ended(o, e, at),
        NoticeForgotten: lambda e, at: _forgotten(o, e),
        TriggerSaved: lambda e, at: o.triggers.__setitem__(e.trigger, e.spec),
        TriggerDeleted: lambda e, at: o.triggers.__delitem__(e.trigger),
        Triggered: lambda e, at: None,
    }


def _saved(o: Outbound, e: NoticeSaved, at: int) -> None:
    n = NoticeRecord(e.notice, e.spec, e.key, e.idempotency, at)
    o.notices[n.id] = n
    if e.idempotency is not None:
        o.notice_keys[e.idempotency] = n.id
    _due(o, n, e.due_us, at)
    n.planned_us = e.due_us


def _due(o: Outbound, n: NoticeRecord, due_us: int, at: int) -> None:
    n.state, n.due_us = SCHEDULED, due_us
    if due_us > at:
        o.deadlines.set(("notice", n.id), due_us)


def _requested(o: Outbound, e: NoticeRequested) -> None:
    n = o.notices[e.notice]
    n.state, n.due_us, n.effect = SENDING, None, e.effect
    n.serial += 1
    n.status = "queued"
    o.notice_by_effect[e.effect] = n.id
    o.deadlines.cancel(("notice", n.id))


def _status(o: Outbound, e: NoticeStatus) -> None:
    if e.effect is not None:
        o.notice_by_effect.pop(e.effect, None)
    n = o.notices.get(e.notice)
    if n is None or e.message != n.message:
        return
    n.status, n.code = e.status, e.code
    if e.effect is None:
        return
    n.effect = None
    n.state = SENT
    if e.status in ("failed", "canceled"):
        return
    n.link = link_key(n.spec.notice.line, n.key)
    o.notice_links[n.link] = n.id
    if e.provider_id:
        n.provider = o.provider_key(n.spec.notice.line, e.provider_id)
        o.notice_providers[n.provider] = n.id


def _planned(o: Outbound, e: NoticePlanned, at: int) -> None:
    n = o.notices[e.notice]
    n.planned_us, n.reason = e.planned_us, e.reason
    _due(o, n, e.due_us, at)


def _ended(o: Outbound, e: NoticeEnded, at: int) -> None:
    n = o.notices[e.notice]
    n.state, n.reason, n.due_us, n.ended_us = ENDED, e.reason, None, at
    o.deadlines.cancel(("notice", n.id))
    o.deadlines.set(("notice_kept", n.id), at + max(KEPT_US, micros(n.spec.notice.valid_for)))


def _forgotten(o: Outbound, e: NoticeForgotten) -> None:
    n = o.notices.pop(e.notice)
    if n.idempotency is not None:
        o.notice_keys.pop(n.idempotency, None)
    if n.effect is not None:
        o.notice_by_effect.pop(n.effect, None)
    for table, key in ((o.notice_links, n.link), (o.notice_providers, n.provider)):
        if table.get(key) == n.id:
            del table[key]
