"""What became of a message: the hand-over, and the reports that come after it; and whether it is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchroom.consent.events import SendCounted
from switchroom.consent.model import BUSINESS_INITIATED
from switchroom.kernel.outbox import Effect, EffectDead, EffectDone, EffectDropped
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.outbound import notifying
from switchroom.outbound.events import AttemptStatus, CampaignMoved, StepPlanned
from switchroom.outbound.lifecycle import moved
from switchroom.outbound.model import CampaignState, Outcome
from switchroom.outbound.openings import Calls
from switchroom.outbound.places import message_id, of_place, place_of_message
from switchroom.outbound.progress import CampaignRecord, InFlight
from switchroom.outbound.provider_keys import provider_key
from switchroom.outbound.screening import cap_over, outcome_of
from switchroom.outbound.stepping import MAX_IN_FLIGHT, complete_if_over, wake
from switchroom.routing.fields import micros

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound

_STATUSES = {status.value: status for status in DeliveryStatus}


# -- the gate at the moment of hand-over


def gate(o: Outbound, tx: Transaction, effect: Effect) -> str | None:
    """Why a campaign's message must not leave now, besides what consent says; None for messages of others."""
    flying = o.flying.get(effect.id)
    if flying is None:
        return None
    c = o.campaigns.get(flying.campaign)
    if c is None:
        return "the campaign is gone"
    if c.state is not CampaignState.RUNNING:
        return f"the campaign is {c.state.value}"
    if c.spec.windows and c.spec.purpose in BUSINESS_INITIATED:
        zones = tuple(effect.body.get("zones", ()))
        if Calls(o.consent.rules, c.spec.windows, tx.now).closed_until(zones) is not None:
            return "quiet hours of the campaign"
    return None


# -- reactions to the outbox


def done(o: Outbound, tx: Transaction, e: EffectDone) -> None:
    """A transport has taken the message. It counts for the cap from now on, if there is one."""
    flying = o.flying.get(e.effect)
    if flying is None:
        return
    c = o.campaigns.get(flying.campaign)
    if c is not None and c.spec.purpose in BUSINESS_INITIATED and o.consent.rules.cap is not None:
        tx.emit(SendCounted(flying.key))
    status = _STATUSES.get(str(e.result.get("status")), DeliveryStatus.SENT)
    if status.rank < DeliveryStatus.SENT.rank:
        status = DeliveryStatus.SENT
    _landed(tx, o, e.effect, flying, status, "", str(e.result.get("provider_id", "")))


def dead(o: Outbound, tx: Transaction, e: EffectDead) -> None:
    """The message was refused, or given up."""
    flying = o.flying.get(e.effect)
    if flying is not None:
        _landed(tx, o, e.effect, flying, DeliveryStatus.FAILED, e.problem, "")


def dropped(o: Outbound, tx: Transaction, e: EffectDropped) -> None:
    """The gate stopped the message: the attempt does not count, and the contact is skipped or comes again."""
    flying = o.flying.get(e.effect)
    if flying is None:
        return
    outcome, due = _after_gate(o, tx, flying, e.reason)
    _emit(tx, flying, "canceled", outcome, e.effect, e.reason, "", due)
    _go_on(tx, o, flying.campaign)


def step_lost(o: Outbound, tx: Transaction, e: EffectDead | EffectDropped) -> None:
    """A step could not be done at all: the campaign is paused, with the reason, until a person has looked."""
    c = o.campaigns.get(e.stream.removeprefix("campaign:"))
    if c is not None and c.step == e.effect and c.state is CampaignState.RUNNING:
        problem = e.problem if isinstance(e, EffectDead) else e.reason
        tx.emit(CampaignMoved(c.id, "pause", moved(c.id, c.state, "pause"), problem))


def _after_gate(o: Outbound, tx: Transaction, flying: InFlight, reason: str) -> tuple[Outcome, int | None]:
    """What becomes of a contact whose message was withdrawn."""
    outcome = outcome_of(reason)
    if outcome is None:
        return Outcome.WAITING, 0  # the campaign is not running, or the line was gone: at once when it goes on
    if outcome is Outcome.WINDOW:
        return Outcome.WAITING, tx.now + 1  # asked again, and then put off until the window opens
    if outcome is Outcome.CAP:
        return Outcome.WAITING, cap_over(o.consent, (flying.key,), tx.now)
    return outcome, None


def _landed(
    tx: Transaction, o: Outbound, effect: str, flying: InFlight, status: DeliveryStatus, code: str, provider_id: str
) -> None:
    c = o.campaigns.get(flying.campaign)
    outcome, due = Outcome(status.rank), None
    if c is not None:
        present = Outcome(c.chunks[flying.chunk].codes[flying.row])
        if present.final and present >= outcome:
            outcome = present  # a report was faster than the transport's answer
        else:
            outcome, due = _retried(c, flying.number, outcome, tx.now)
    _emit(tx, flying, status.value, outcome, effect, code, provider_id, due)
    _go_on(tx, o, flying.campaign)


def _retried(c: CampaignRecord, number: int, outcome: Outcome, now: int) -> tuple[Outcome, int | None]:
    """The outcome, or to wait for another attempt."""
    wait = c.spec.retry.get(outcome.word)
    if wait is None or number >= c.spec.attempts or c.state in (CampaignState.STOPPED, CampaignState.COMPLETE):
        return outcome, None
    return Outcome.WAITING, now + micros(wait)


def _emit(
    tx: Transaction,
    flying: InFlight,
    status: str,
    outcome: Outcome,
    effect: str | None,
    code: str,
    provider_id: str,
    due: int | None,
) -> None:
    f = flying
    tx.emit(
        AttemptStatus(
            f.campaign, f.message, f.chunk, f.row, f.number, status, outcome, f.key, effect, code, provider_id, due
        )
    )


def _go_on(tx: Transaction, o: Outbound, id: str) -> None:
    """What landed made room, or was the last, or put somebody off."""
    c = o.campaigns.get(id)
    if c is None or c.state is not CampaignState.RUNNING or c.step is not None:
        return
    wait = c.next_wait()
    planned = o.deadlines.due(("campaign", id))
    if c.fresh and planned is None and c.in_flight <= MAX_IN_FLIGHT // 2:
        wake(tx, o, id)
    elif wait is not None and (planned is None or wait[0] * 1_000_000 < planned):
        plan_wait(tx, c, wait[0])
    elif planned is None:
        complete_if_over(tx, o, c)


def plan_wait(tx: Transaction, c: CampaignRecord, second: int) -> None:
    """Go on when the first of those who wait is due."""
    tx.emit(StepPlanned(c.id, None, max(second * 1_000_000, tx.now + 1)))


# -- reports


def message_named(o: Outbound, id: str, provider_id: str) -> str | None:
    """The message of ours by its id (a Message-ID made of it will do), or by the one that a provider gave it."""
    place = place_of_message(id) or place_of_message(provider_id)
    notice = notifying.notice_of(o, id) or notifying.notice_of(o, provider_id)
    for channel in sorted({line.address.channel for line in o.lines.values()}):
        if place is None and notice is None and provider_id:
            key = provider_key(channel, provider_id)
            place = o.providers.get(key)
            notice = o.notices.get(o.notice_providers.get(key, ""))
    if notice is not None:
        return notice.message
    return None if place is None else message_id(*of_place(place))


def report(tx: Transaction, o: Outbound, id: str, status: DeliveryStatus, code: str) -> bool:
    """A delivery report about a message: whether it changed anything.

    Late, doubled and out-of-order ones change nothing. A report of an earlier attempt counts if the message arrived
    after all: then no further attempt is made.
    """
    place = place_of_message(id)
    if place is None:
        return notifying.report(tx, o, id, status, code)
    number, index, row, attempt = of_place(place)
    c = o.campaigns.get(o.by_number.get(number, ""))
    if c is None or index >= len(c.chunks) or row >= c.chunks[index].rows:
        return False
    present, tries = Outcome(c.chunks[index].codes[row]), c.chunks[index].tries[row]
    outcome = Outcome(status.rank)
    if not _counts(present, tries, outcome, attempt):
        return False
    after, due = _retried(c, attempt, outcome, tx.now) if attempt == tries else (outcome, None)
    tx.emit(AttemptStatus(c.id, id, index, row, attempt, status.value, after, "", None, code, "", due))
    _go_on(tx, o, c.id)
    return True


def _counts(present: Outcome, tries: int, outcome: Outcome, attempt: int) -> bool:
    if attempt < 1 or attempt > tries or present.skipped or outcome < Outcome.SENT or outcome is Outcome.CANCELED:
        return False
    if attempt < tries or present is Outcome.WAITING:
        return outcome >= Outcome.PARTIALLY_DELIVERED and present is Outcome.WAITING
    if present is Outcome.PENDING:
        return False
    return outcome > present
