"""The work of a campaign, in steps: some rows of one chunk are screened, and messages are requested.

A step is an effect: requested in the log, done after the commit by a handler that reads the chunk from the store and
comes back with its rows. So the kernel reads nothing, a million contacts pass through memory a chunk at a time, and a
crash between any two instants repeats a step that changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from switchroom.errors import NotAllowed
from switchroom.kernel import outbox
from switchroom.kernel.transaction import Transaction
from switchroom.outbound.events import CampaignMoved, ContactsScreened, StepPlanned
from switchroom.outbound.keytable import short_key
from switchroom.outbound.lifecycle import moved
from switchroom.outbound.list_model import Row
from switchroom.outbound.model import CampaignState, Outcome
from switchroom.outbound.progress import CampaignRecord, Chunk
from switchroom.outbound.rendering import campaign_renderer
from switchroom.outbound.requesting import request
from switchroom.outbound.screening import Pass, Screen, Skip

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound, Sender

STEP = "outbound.step"
"""The kind of effect that lets a campaign go on."""

STEP_ROWS = 250
"""Contacts looked at in one step: the lock is held for some 25 ms."""

MAX_IN_FLIGHT = 5_000
"""Messages requested and not handed over: a campaign waits for the transport rather than fill the memory."""

SECOND = 1_000_000


class Pick(NamedTuple):
    """What a campaign takes next: a chunk, and whether those who have waited or those not looked at yet."""

    chunk: int
    waited: bool


class Wanted(NamedTuple):
    """What a step needs from the store."""

    chunk: int
    name: str


def pick(c: CampaignRecord, now: int) -> Pick | None:
    """Those who are due go before those not looked at yet."""
    wait = c.next_wait()
    if wait is not None and wait[0] * SECOND <= now:
        return Pick(wait[1], True)
    return Pick(c.fresh[0], False) if c.fresh else None


def wanted(tx: Transaction, o: Outbound, id: str) -> Wanted | None:
    """The chunk that the campaign's next step reads; None if there is nothing to do now. Changes nothing."""
    c = o.campaigns.get(id)
    chosen = None if c is None else pick(c, tx.now)
    return None if c is None or chosen is None else Wanted(chosen.chunk, chunk_name_of(o, c, chosen.chunk))


def chunk_name_of(o: Outbound, c: CampaignRecord, index: int) -> str:
    """Where a chunk of a campaign lies in the store."""
    owner, number = c.chunks[index].source
    return o.lists[owner].chunks[number][0] if owner else c.sorted_names[number]


def begin(tx: Transaction, o: Outbound, c: CampaignRecord, due_us: int | None = None) -> None:
    """Plan the next step: now, or at an instant."""
    if due_us is not None and due_us > tx.now:
        tx.emit(StepPlanned(c.id, None, due_us))
        return
    effect = outbox.request(tx, o.outbox, STEP, f"campaign:{c.id}", {"campaign": c.id})
    tx.emit(StepPlanned(c.id, effect, None))


def wake(tx: Transaction, o: Outbound, id: str) -> None:
    """Timer: the campaign has waited long enough. Also called when something else lets it go on."""
    c = o.campaigns[id]
    if c.state is CampaignState.RUNNING and c.step is None:
        begin(tx, o, c)


def step(tx: Transaction, o: Outbound, id: str, effect: str, chunk: int | None, rows: Sequence[Row]) -> None:
    """One step; nothing for one that is not the planned one (done before a crash, or the campaign was paused)."""
    c = o.campaigns.get(id)
    if c is None or c.step != effect or c.state is not CampaignState.RUNNING:
        return
    chosen = pick(c, tx.now)
    if c.in_flight >= MAX_IN_FLIGHT:
        tx.emit(StepPlanned(c.id, None, None))  # what lands lets it go on
    elif chosen is None:
        _rest(tx, o, c)
    elif chosen.chunk != chunk:
        begin(tx, o, c)  # contacts were added meanwhile: another chunk is next
    else:
        begin(tx, o, c, _work(tx, o, c, chosen, rows))


def _rest(tx: Transaction, o: Outbound, c: CampaignRecord) -> None:
    """Nothing to do now: until somebody is due, or for good."""
    wait = c.next_wait()
    tx.emit(StepPlanned(c.id, None, None if wait is None else wait[0] * SECOND))
    complete_if_over(tx, o, c)


def complete_if_over(tx: Transaction, o: Outbound, c: CampaignRecord) -> None:
    """Complete a campaign that has nobody left to write to and has heard of every hand-over."""
    over = not c.fresh and c.in_flight == 0 and not c.counts[Outcome.WAITING] and not c.counts[Outcome.PENDING]
    if over and c.state is CampaignState.RUNNING and not c.spec.always_running and not may_come_again(c):
        tx.emit(CampaignMoved(c.id, "complete", moved(c.id, c.state, "complete"), "everybody was taken"))


def may_come_again(c: CampaignRecord) -> bool:
    """Whether a report or silence may still bring another attempt."""
    retry = c.spec.retry
    if c.spec.attempts == 1 or not retry:
        return False
    later = {"undelivered", "unconfirmed", "expired", "no_reply"} & set(retry)
    return bool(later and c.open)


def senders_of(o: Outbound, c: CampaignRecord) -> tuple[Sender, ...]:
    """The lines that a campaign sends from, those that are gone left out."""
    found = tuple(o.lines[id] for id in c.spec.senders if id in o.lines)
    if not found:
        raise NotAllowed("send", "campaign", c.id, "without a line")
    return found


def _work(tx: Transaction, o: Outbound, c: CampaignRecord, chosen: Pick, rows: Sequence[Row]) -> int | None:
    """Screen some rows and request their messages; returns when to go on (None: now)."""
    chunk = c.chunks[chosen.chunk]
    senders = senders_of(o, c)
    template = None if c.spec.template is None else o.templates.get(c.spec.template)
    renderer = campaign_renderer(c.spec, template, senders[0].address.channel)
    screen = Screen(o, c, senders, renderer, tx.now)
    spec = o.lists[chunk.source[0] or c.spec.lists[0]].spec
    skipped: list[tuple[int, Skip]] = []
    cursor, until = chunk.cursor, None
    last = cursor if chosen.waited else min(chunk.rows, cursor + STEP_ROWS)
    for row in _due(chunk, chosen.waited, last, tx.now):
        until = o.pacing.wait_us(c.id, c.spec.per_minute, c.spec.brand, tx.now)
        if until is not None:
            break
        verdict = screen.ask(rows[row], spec, chunk.tries[row])
        if isinstance(verdict, Skip):
            skipped.append((row, verdict))
        else:
            line = sender_for(o, senders, verdict, tx.now)
            if line is None:
                until = o.pacing.sender_wait_us(c.spec.senders, tx.now)
                break
            request(tx, o, c, line, chosen.chunk, row, verdict)
        cursor = cursor if chosen.waited else row + 1
    else:
        cursor = last
    _screened(tx, c, chosen.chunk, cursor, skipped)
    return until


def _screened(tx: Transaction, c: CampaignRecord, chunk: int, cursor: int, skipped: list[tuple[int, Skip]]) -> None:
    rows = tuple(row for row, _ in skipped)
    codes = tuple(int(Outcome.WAITING if skip.until_us is not None else skip.outcome) for _, skip in skipped)
    due = tuple(0 if skip.until_us is None else -(-skip.until_us // SECOND) for _, skip in skipped)
    tx.emit(ContactsScreened(c.id, chunk, cursor, rows, codes, due))


def _due(chunk: Chunk, waited: bool, last: int, now: int) -> Iterator[int]:
    """The rows that a step looks at."""
    if waited:
        return iter(chunk.ready(now // SECOND)[:STEP_ROWS])
    return (row for row in range(chunk.cursor, last) if chunk.codes[row] == 0)


def sender_for(o: Outbound, senders: tuple[Sender, ...], verdict: Pass, now: int) -> Sender | None:
    """The contact's own sender if it has room, else the next one that has; None if none has."""
    first = short_key(verdict.keys[0]) % len(senders)
    turned = (*senders[first:], *senders[:first])
    return next((line for line in turned if o.pacing.sender_room(line.id, now)), None)
