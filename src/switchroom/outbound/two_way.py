"""Two-way campaigns: agents send the first messages one by one, and answer those who reply.

A contact goes from ``needs_message`` over ``messaged`` and ``needs_response`` (the contact has replied) to
``conversation`` (the agent has answered), and back to ``needs_response`` with each further reply, until it is
``closed``. Contacts are assigned to agents and moved between them; they do not take up room of the agents' in routing.
After the due date no first messages are handed out; replies are answered all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from switchroom.durations import to_micros
from switchroom.errors import InvalidInput, NotAllowed, NotYours, SendRefused, UnknownId
from switchroom.kernel.transaction import Transaction
from switchroom.outbound.events import ContactsAssigned, ContactTalked
from switchroom.outbound.list_model import Row
from switchroom.outbound.model import CampaignState
from switchroom.outbound.progress import CampaignRecord, Chunk, Talk
from switchroom.outbound.rendering import Rendered, campaign_renderer
from switchroom.outbound.requesting import request
from switchroom.outbound.screening import Screen, Skip
from switchroom.outbound.stepping import sender_for, senders_of

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound

MAX_BATCH = 1_000
"""Contacts that one call assigns or moves."""

Place = tuple[int, int]
"""A contact of a campaign: (chunk, row)."""

STATES = {talk.name.lower(): talk for talk in Talk}


def state_named(word: str) -> Talk:
    found = STATES.get(word)
    if found is None:
        raise InvalidInput("state", "unknown", word, hint=f"one of {', '.join(STATES)}")
    return found


def _two_way(o: Outbound, id: str, *, running: bool = True) -> CampaignRecord:
    c = o.campaign(id)
    if not c.spec.two_way:
        raise NotAllowed("hand out contacts of", "campaign", id, "not answered by agents")
    if running and c.state is not CampaignState.RUNNING:
        raise NotAllowed("work on", "campaign", id, c.state)
    return c


def overdue(c: CampaignRecord, now: int) -> bool:
    """Whether no first messages are handed out any more."""
    return c.spec.due is not None and now >= to_micros(c.spec.due)


def contacts(c: CampaignRecord, agent: str | None, state: Talk) -> Iterator[Place]:
    """The contacts of an agent (None: nobody's) in a state, in the order of the lists. Linear in the contacts."""
    for index, chunk in enumerate(c.chunks):
        talk = chunk.talk
        if talk is not None and state in talk:
            yield from ((index, row) for row, at in enumerate(talk) if at == state and _agent(chunk, row) == agent)


def _agent(chunk: Chunk, row: int) -> str | None:
    return None if chunk.agents is None else chunk.agents[row]


def counts(c: CampaignRecord, agent: str | None) -> Counter[str]:
    """How many contacts of an agent (None: nobody's) are in each state."""
    found: Counter[str] = Counter()
    for chunk in c.chunks:
        for row, at in enumerate(chunk.talk or b""):
            if _agent(chunk, row) == agent:
                found[Talk(at).name.lower()] += 1
    return found


def todo(c: CampaignRecord, agent: str, now: int) -> Counter[str]:
    """What an agent is to do now: first messages (not after the due date), and replies."""
    found = counts(c, agent)
    first = 0 if overdue(c, now) or c.state is not CampaignState.RUNNING else found["needs_message"]
    return Counter(needs_message=first, needs_response=found["needs_response"])


def assign(tx: Transaction, o: Outbound, id: str, agent: str, count: int) -> tuple[Place, ...]:
    """Give an agent up to ``count`` contacts that nobody has and nobody has written to; returns them."""
    c = _two_way(o, id)
    _known(o, agent)
    if overdue(c, tx.now):
        return ()
    return _give(tx, c, None, agent, Talk.NEEDS_MESSAGE, count, 0)


def move(
    tx: Transaction,
    o: Outbound,
    id: str,
    source: str | None,
    target: str | None,
    state: str,
    count: int | None,
    stale_us: int,
) -> tuple[Place, ...]:
    """Move contacts in a state from one agent (None: nobody) to another; returns them.

    ``stale_us``: only those with whom nothing has happened for so long.
    """
    c = _two_way(o, id, running=False)
    for agent in (source, target):
        if agent is not None:
            _known(o, agent)
    if source == target:
        raise InvalidInput("target", "same", target, hint="another agent is wanted")
    return _give(tx, c, source, target, state_named(state), MAX_BATCH if count is None else count, stale_us)


def _known(o: Outbound, agent: str) -> None:
    if agent not in o.routing.agents:
        raise UnknownId("agent", agent)


def _give(
    tx: Transaction, c: CampaignRecord, source: str | None, target: str | None, state: Talk, count: int, stale_us: int
) -> tuple[Place, ...]:
    if not 0 < count <= MAX_BATCH:
        raise InvalidInput("count", "range", count, hint=f"1 to {MAX_BATCH}")
    last = (tx.now - stale_us) // 1_000_000
    found: list[Place] = []
    for index, row in contacts(c, source, state):
        if not stale_us or c.touched.get((index, row), 0) <= last:
            found.append((index, row))
        if len(found) == count:
            break
    if found:
        tx.emit(ContactsAssigned(c.id, target, tuple(found)))
    return tuple(found)


def waiting(c: CampaignRecord, agent: str, count: int) -> tuple[Place, ...]:
    """The next contacts of an agent that wait for their first message."""
    return tuple(islice(contacts(c, agent, Talk.NEEDS_MESSAGE), count))


def send_first(
    tx: Transaction, o: Outbound, id: str, agent: str, place: Place, row: Row, text: str | None
) -> str | None:
    """The agent sends a contact its first message; returns its id, or None if a rule keeps the contact out.

    ``text``: the agent's own in place of the campaign's. Raises `SendRefused` for what passes by itself (quiet hours,
    the cap, no room to send).
    """
    c = _two_way(o, id)
    chunk = _contact(c, place)
    if _agent(chunk, place[1]) != agent:
        raise NotYours("contact", f"{place[0]}.{place[1]}", agent)
    if overdue(c, tx.now):
        raise NotAllowed("send first messages of", "campaign", id, "past its due date")
    if chunk.talk is None or chunk.talk[place[1]] != Talk.NEEDS_MESSAGE:
        raise NotAllowed("send a first message to", "contact", f"{place[0]}.{place[1]}", "written to already")
    senders = senders_of(o, c)
    template = None if c.spec.template is None else o.templates.get(c.spec.template)
    renderer = campaign_renderer(c.spec, template, senders[0].address.channel)
    spec = o.lists[chunk.source[0]].spec
    verdict = Screen(o, c, senders, renderer, tx.now).ask(row, spec, chunk.tries[place[1]])
    if isinstance(verdict, Skip):
        if verdict.until_us is not None:
            raise SendRefused(verdict.outcome.word)
        tx.emit(ContactTalked(id, *place, Talk.CLOSED, agent, None, int(verdict.outcome)))
        return None
    line = sender_for(o, senders, verdict, tx.now)
    if line is None or o.pacing.wait_us(id, c.spec.per_minute, c.spec.brand, tx.now) is not None:
        raise SendRefused("no room to send now")
    if text is not None:
        verdict = verdict._replace(message=Rendered(text, "", verdict.message.parts))
    return request(tx, o, c, line, place[0], place[1], verdict, agent)


def _contact(c: CampaignRecord, place: Place) -> Chunk:
    index, row = place
    if not (0 <= index < len(c.chunks) and 0 <= row < c.chunks[index].rows):
        raise UnknownId("contact", f"{index}.{row}")
    return c.chunks[index]


def answer(tx: Transaction, o: Outbound, id: str, agent: str, place: Place, text: str) -> str:
    """The agent answers a contact who has replied; returns the message's id."""
    c = _two_way(o, id, running=False)
    chunk = _contact(c, place)
    if _agent(chunk, place[1]) != agent:
        raise NotYours("contact", f"{place[0]}.{place[1]}", agent)
    conversation = c.talks.get(place)
    if conversation is None:
        raise NotAllowed("answer", "contact", f"{place[0]}.{place[1]}", "silent so far")
    message = o.answer_in(tx, conversation, text, agent)
    tx.emit(ContactTalked(id, *place, Talk.CONVERSATION, agent, message))
    return message


def close(tx: Transaction, o: Outbound, id: str, agent: str, place: Place) -> None:
    """The agent is done with a contact."""
    c = _two_way(o, id, running=False)
    if _agent(_contact(c, place), place[1]) != agent:
        raise NotYours("contact", f"{place[0]}.{place[1]}", agent)
    tx.emit(ContactTalked(id, *place, Talk.CLOSED, agent))
    conversation = c.talks.get(place)
    if conversation is not None:
        o.close_in(tx, conversation)
