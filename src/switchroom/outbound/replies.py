"""Replies: which message of ours somebody answers, and what that changes for the contact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from switchroom.kernel.transaction import Transaction
from switchroom.messaging.answers import Answer
from switchroom.outbound.events import Replied, ReplyTimeOver
from switchroom.outbound.model import CampaignState, Outcome
from switchroom.outbound.places import attempt_free, link_key, message_id, of_place, place_of_message
from switchroom.outbound.progress import CLOSED, OPTED_OUT, REPLIED, CampaignRecord
from switchroom.outbound.stepping import complete_if_over, wake
from switchroom.routing.fields import micros

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound

SECOND = 1_000_000


def answers(o: Outbound, line: str, key: str, references: Iterable[str], now: int) -> Answer | None:
    """What a message to a line, from the address of this digest, answers; None if nothing, or too late.

    A message that names one of ours (mail does, by Message-ID) answers that one; else the last one that the line has
    sent to the address counts.
    """
    if not (o.links or o.notice_links or references):
        return None  # nothing was sent that could be answered
    named = [place for r in references if (place := place_of_message(r)) is not None]
    linked = o.links.get(link_key(line, key))
    for place in (*reversed(named), *([] if linked is None else [linked])):
        found = _attempt(o, place, now)
        if found is not None:
            return found
    notice = o.notices.get(o.notice_links.get(link_key(line, key), ""))
    if notice is None:
        return None
    return Answer(source=f"notice:{notice.id}", message=notice.message, metadata=notice.spec.values)


def _attempt(o: Outbound, place: int, now: int) -> Answer | None:
    number, index, row, attempt = of_place(place)
    c = o.campaigns.get(o.by_number.get(number, ""))
    if c is None or index >= len(c.chunks) or row >= c.chunks[index].rows:
        return None
    chunk = c.chunks[index]
    within = now - chunk.seconds[row] * SECOND < micros(c.spec.reply_within)
    if not 0 < attempt <= chunk.tries[row] or not within:
        return None
    return Answer(
        source=f"campaign:{c.id}",
        message=message_id(number, index, row, attempt),
        metadata=o.metadata.get(attempt_free(place), {}),
        queue=c.spec.queue,
        flow=c.spec.flow,
        agent=None if chunk.agents is None else chunk.agents[row],
        place=place,
    )


def heard(
    o: Outbound, tx: Transaction, answer: Answer, key: str, reply: str, conversation: str | None, decision: str
) -> None:
    """Record that a contact answer."""
    if not answer.place:
        return
    number, index, row, attempt = of_place(answer.place)
    c = o.campaigns[o.by_number[number]]
    tx.emit(Replied(c.id, answer.message, index, row, attempt, key, reply, conversation, decision))
    complete_if_over(tx, o, c)


def time_over(tx: Transaction, o: Outbound, id: str) -> None:
    """Timer: the reply time of those written to within one minute is over. Silence may bring another attempt."""
    c = o.campaigns[id]
    again = tuple(_silent(c))
    wait = c.spec.retry.get("no_reply")
    due = tx.now + (0 if wait is None else micros(wait))
    tx.emit(ReplyTimeOver(id, len(c.open[0].places), again, due))
    if again and c.state is CampaignState.RUNNING:
        wake(tx, o, id)
    complete_if_over(tx, o, c)


def _silent(c: CampaignRecord) -> Iterable[tuple[int, int]]:
    """Those of the oldest minute who are to get another attempt because they did not answer."""
    if "no_reply" not in c.spec.retry or c.state not in (CampaignState.RUNNING, CampaignState.PAUSED):
        return
    for place in c.open[0].places:
        _, index, row, attempt = of_place(place)
        chunk = c.chunks[index]
        answered = chunk.marks[row] & (REPLIED | OPTED_OUT | CLOSED)
        last = chunk.tries[row] == attempt and attempt < c.spec.attempts
        if last and not answered and Outcome(chunk.codes[row]).final and not Outcome(chunk.codes[row]).skipped:
            yield index, row
