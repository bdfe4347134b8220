"""Operations of notifications: send, plan, trigger, cancel; and what their messages hear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from switchroom.consent.events import SendCounted
from switchroom.consent.model import BUSINESS_INITIATED, SendQuestion
from switchroom.durations import from_micros, to_micros
from switchroom.errors import IdempotencyMismatch, InvalidInput, LimitReached, NotAllowed, SendRefused, UnknownId
from switchroom.kernel import outbox
from switchroom.kernel.outbox import EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.addresses import Address
from switchroom.messaging.delivery import DeliveryStatus
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
from switchroom.outbound.model import Outcome
from switchroom.outbound.notice_model import NoticeTrigger, Notification
from switchroom.outbound.notice_records import ENDED, NoticeRecord
from switchroom.outbound.openings import next_opening
from switchroom.outbound.rendering import Rendered, Renderer
from switchroom.outbound.requesting import SEND, STREAM, body_of
from switchroom.outbound.screening import cap_over, outcome_of
from switchroom.routing.fields import Fact, micros

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound

MAX_NOTICES = 1_000_000
"""Notifications in memory: planned ones, and those that ended in the last week."""

_STATUSES = {status.value: status for status in DeliveryStatus}


def notify(tx: Transaction, o: Outbound, spec: Notification, key: str | None) -> str:
    """Send a notification, or plan it; returns its id. The same ``key`` with the same contents gives the same one.

    Refused by the gate (opted out, no consent, a do-not-contact list) nothing is recorded; in quiet hours, or with the
    cap used up, it is sent when that is over.
    """
    if key is not None and key in o.notice_keys:
        known = o.notices[o.notice_keys[key]]
        if known.spec != spec:
            raise IdempotencyMismatch(f"notification {key!r} was used with other contents", key=key)
        return known.id
    if len(o.notices) >= MAX_NOTICES:
        raise LimitReached("notifications", MAX_NOTICES)
    _check(o, spec)
    due = _first(spec, tx.now)
    if due <= tx.now:
        refusal = _refusal(o, spec, tx.now)
        if refusal is not None and _again(o, spec, refusal, tx.now) is None:
            raise SendRefused(refusal)
    return _save(tx, o, spec, key, due)


def _save(tx: Transaction, o: Outbound, spec: Notification, key: str | None, due: int) -> str:
    id = tx.ids.new("notice", tx.now)
    tx.emit(NoticeSaved(id, spec, o.consent.digest(spec.to.contact_key), key, due))
    if due <= tx.now:
        send_due(tx, o, id)
    return id


def _check(o: Outbound, spec: Notification) -> None:
    line = o.line(spec.notice.line)
    if spec.to.channel != line.address.channel:
        raise InvalidInput("to", "channel", spec.to.channel, hint=f"line {line.id} is {line.address.channel}")
    _ = spec.to.contact_key
    _render(o, spec)


def _first(spec: Notification, now: int) -> int:
    if spec.every is not None:
        found = spec.every.next(now, now)
        if found is None:
            raise InvalidInput("every", "over", hint="the rule never comes")
        return found
    return now if spec.at is None else max(now, to_micros(spec.at))


def _render(o: Outbound, spec: Notification) -> Rendered:
    notice = spec.notice
    template = None if notice.template is None else o.template(notice.template)
    text, engine = (notice.text, "plain") if template is None else (template.text, template.engine)
    subject = notice.subject or ("" if template is None else template.subject)
    return Renderer(text, subject, engine=engine, channel=spec.to.channel).render(spec.values)


def _zones(spec: Notification) -> tuple[str, ...]:
    return () if spec.notice.zone is None else (spec.notice.zone,)


def _refusal(o: Outbound, spec: Notification, now: int) -> str | None:
    notice, line = spec.notice, o.lines.get(spec.notice.line)
    if line is None:
        return "its line is gone"
    channel = o.channel(spec.to.channel)
    question = SendQuestion(
        keys=o.consent.digests(spec.to.suppression_keys),
        channel=channel.id,
        purpose=notice.purpose,
        pool=line.pool or line.address.value,
        category=notice.category,
        lists=notice.do_not_contact,
        zones=_zones(spec),
        opt_in_needed=channel.opt_in_needed and notice.purpose in BUSINESS_INITIATED,
    )
    return o.consent.refusal(question, now)


def _again(o: Outbound, spec: Notification, refusal: str, now: int) -> int | None:
    """When what the gate refuses now may be asked again; None for what does not pass by itself."""
    outcome = outcome_of(refusal)
    if outcome is Outcome.WINDOW:
        return next_opening(o.consent.rules, (), now, _zones(spec))
    if outcome is Outcome.CAP:
        return cap_over(o.consent, o.consent.digests(spec.to.suppression_keys), now)
    return None


def send_due(tx: Transaction, o: Outbound, id: str) -> None:
    """Timer: the time of a notification has come."""
    n = o.notices[id]
    spec, now = n.spec, tx.now
    if now >= n.planned_us + micros(spec.notice.valid_for):
        _next(tx, o, n, "too late")
        return
    refusal = _refusal(o, spec, now)
    if refusal is not None:
        again = _again(o, spec, refusal, now)
        if again is None:
            _next(tx, o, n, refusal)
        else:
            tx.emit(NoticePlanned(id, again, n.planned_us, refusal))
        return
    try:
        rendered = _render(o, spec)
    except (InvalidInput, UnknownId) as error:
        _next(tx, o, n, error.message)
        return
    _request(tx, o, n, rendered)


def _request(tx: Transaction, o: Outbound, n: NoticeRecord, rendered: Rendered) -> None:
    spec, line = n.spec, o.lines[n.spec.notice.line]
    message = f"{n.id}-{n.serial + 1}"
    more: dict[str, Any] = {"notice": n.id}
    if spec.notice.category:
        more["category"] = spec.notice.category
    if spec.notice.do_not_contact:
        more["lists"] = list(spec.notice.do_not_contact)
    if spec.notice.zone is not None:
        more["zones"] = [spec.notice.zone]
    body = body_of(o, line, spec.to, message, rendered, spec.notice.purpose, more)
    valid_until = n.planned_us + micros(spec.notice.valid_for)
    effect = outbox.request(tx, o.outbox, SEND, STREAM + n.key, body, valid_until)
    tx.emit(NoticeRequested(n.id, message, n.key, effect, rendered.parts))


def _next(tx: Transaction, o: Outbound, n: NoticeRecord, reason: str) -> None:
    """The present message is over: on to the next time of its rule, or the end."""
    every = n.spec.every
    if n.state == ENDED:
        return
    done = every is None or (every.times is not None and n.serial >= every.times)
    due = None if every is None or done else every.next(max(tx.now, n.planned_us), n.begun_us)
    if due is None:
        tx.emit(NoticeEnded(n.id, reason))
    else:
        tx.emit(NoticePlanned(n.id, due, due, reason))


def cancel(tx: Transaction, o: Outbound, id: str) -> None:
    """Send nothing more for a notification. One that is being handed over at this moment may still leave."""
    n = find(o, id)
    if n.state == ENDED:
        raise NotAllowed("cancel", "notification", id, "over")
    effect = n.effect
    tx.emit(NoticeEnded(id, "cancelled"))
    if effect is not None and effect in o.outbox.pending:
        outbox.drop(tx, o.outbox, effect, "cancelled")


def find(o: Outbound, id: str) -> NoticeRecord:
    try:
        return o.notices[id]
    except KeyError:
        raise UnknownId("notification", id) from None


def forget(tx: Transaction, o: Outbound, id: str) -> None:
    """Timer: it ended long ago."""
    tx.emit(NoticeForgotten(id))


# -- triggers


def save_trigger(tx: Transaction, o: Outbound, spec: NoticeTrigger) -> None:
    """Let an event of a name send a notice."""
    o.line(spec.notice.line)
    if spec.notice.template is not None:
        o.template(spec.notice.template)
    tx.emit(TriggerSaved(spec.id, spec))


def delete_trigger(tx: Transaction, o: Outbound, id: str) -> None:
    if id not in o.triggers:
        raise UnknownId("trigger", id)
    tx.emit(TriggerDeleted(id))


def trigger(
    tx: Transaction, o: Outbound, event: str, to: Address, values: Mapping[str, Fact], key: str | None
) -> tuple[str, ...]:
    """An event has happened: send what follows from it; returns the notifications' ids.

    The same ``key`` again sends nothing again. Those that the gate refuses are left out.
    """
    after = [t for t in o.triggers.values() if t.event == event and t.filter.holds(dict(values))]
    specs = [(t, _triggered(t, to, values, tx.now)) for t in after if _reaches(o, t, to)]
    for _, spec in specs:
        _check(o, spec)
    made: list[str] = []
    for t, spec in specs:
        idempotency = None if key is None else f"{t.id}:{key}"
        known = None if idempotency is None else o.notice_keys.get(idempotency)
        if known is not None:
            made.append(known)
        elif spec.at is not None or _sendable(o, spec, tx.now):
            made.append(_save(tx, o, spec, idempotency, _first(spec, tx.now)))
    tx.emit(Triggered(event, tuple(made)))
    return tuple(made)


def _reaches(o: Outbound, t: NoticeTrigger, to: Address) -> bool:
    line = o.lines.get(t.notice.line)
    return line is not None and line.address.channel == to.channel


def _triggered(t: NoticeTrigger, to: Address, values: Mapping[str, Fact], now: int) -> Notification:
    at = from_micros(now + micros(t.after)) if t.after else None
    return Notification(notice=t.notice, to=to, values=values, at=at)


def _sendable(o: Outbound, spec: Notification, now: int) -> bool:
    refusal = _refusal(o, spec, now)
    return refusal is None or _again(o, spec, refusal, now) is not None


# -- what became of a message


def done(o: Outbound, tx: Transaction, e: EffectDone) -> None:
    """A transport has taken it."""
    n = o.notices.get(o.notice_by_effect.get(e.effect, ""))
    if n is None:
        return
    if n.spec.notice.purpose in BUSINESS_INITIATED and o.consent.rules.cap is not None:
        tx.emit(SendCounted(n.key))
    status = _STATUSES.get(str(e.result.get("status")), DeliveryStatus.SENT)
    _landed(tx, o, n, e.effect, status.value, "", str(e.result.get("provider_id", "")))


def dead(o: Outbound, tx: Transaction, e: EffectDead) -> None:
    """It was refused or given up."""
    n = o.notices.get(o.notice_by_effect.get(e.effect, ""))
    if n is not None:
        _landed(tx, o, n, e.effect, DeliveryStatus.FAILED.value, e.problem, "")


def dropped(o: Outbound, tx: Transaction, e: EffectDropped) -> None:
    """The gate stopped it: asked again when the reason is over, if it passes by itself."""
    n = o.notices.get(o.notice_by_effect.get(e.effect, ""))
    if n is None:
        return
    tx.emit(NoticeStatus(n.id, n.message, DeliveryStatus.CANCELED.value, e.reason, "", e.effect))
    again = None if n.state == ENDED else _again(o, n.spec, e.reason, tx.now)
    if again is not None:
        tx.emit(NoticePlanned(n.id, again, n.planned_us, e.reason))
    else:
        _next(tx, o, n, e.reason)


def _landed(
    tx: Transaction, o: Outbound, n: NoticeRecord, effect: str, status: str, code: str, provider_id: str
) -> None:
    tx.emit(NoticeStatus(n.id, n.message, status, code, provider_id, effect))
    _next(tx, o, n, code or "sent")


def notice_of(o: Outbound, message: str) -> NoticeRecord | None:
    """The notification that a message id, or a Message-ID made of one, belongs to."""
    return o.notices.get(message.lstrip("<").partition("@")[0].rpartition("-")[0])


def report(tx: Transaction, o: Outbound, message: str, status: DeliveryStatus, code: str) -> bool:
    """A delivery report about a notification's message: whether it changed anything."""
    n = notice_of(o, message)
    if n is None or n.message != message:
        return False
    present = _STATUSES.get(n.status)
    if present is None or status.rank <= present.rank or status is DeliveryStatus.CANCELED:
        return False
    tx.emit(NoticeStatus(n.id, n.message, status.value, code))
    return True
