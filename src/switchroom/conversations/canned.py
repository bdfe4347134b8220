"""Canned responses: texts that agents send again and again, by queue, language and tag.

Places for values are filled before anything is sent, and literally: a value that is missing is refused, and what a
value contains is never expanded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from switchroom.conversations import desk, flow_steps
from switchroom.conversations.events import ResponseRemoved, ResponseSaved
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.model import CannedResponse
from switchroom.conversations.records import ConversationRecord
from switchroom.errors import LimitReached, NotAllowed, UnknownId
from switchroom.kernel.transaction import Applier, Transaction
from switchroom.messaging import templates
from switchroom.messaging.content import Text
from switchroom.routing.fields import Fact

MAX_RESPONSES = 20_000
"""Responses of one center: more than anybody can choose from; they are all in memory."""


class Library:
    """All canned responses by id. Only the appliers write."""

    def __init__(self, flows: Flows) -> None:
        self.flows = flows
        self.responses: dict[str, CannedResponse] = {}

    def appliers(self) -> dict[type, Applier]:
        return {ResponseSaved: self._saved, ResponseRemoved: self._removed}

    def response(self, id: str) -> CannedResponse:
        try:
            return self.responses[id]
        except KeyError:
            raise UnknownId("canned response", id) from None

    def _saved(self, e: ResponseSaved, at: int) -> None:
        self.responses[e.response] = e.spec

    def _removed(self, e: ResponseRemoved, at: int) -> None:
        del self.responses[e.response]

    def dump(self) -> dict[str, Any]:
        return {id: repr(response) for id, response in sorted(self.responses.items())}

    def check(self) -> None:
        assert all(id == response.id for id, response in self.responses.items()), "a response under another's id"


def save(tx: Transaction, library: Library, spec: CannedResponse) -> None:
    """Add or change a response. Refuses unknown queues."""
    if spec.id not in library.responses and len(library.responses) >= MAX_RESPONSES:
        raise LimitReached("canned responses", MAX_RESPONSES)
    for queue in spec.queues:
        library.flows.conversations.routing.queue(queue)
    tx.emit(ResponseSaved(spec.id, spec))


def remove(tx: Transaction, library: Library, id: str) -> None:
    """Take a response out of the library."""
    tx.emit(ResponseRemoved(library.response(id).id))


def find(library: Library, queue: str | None, language: str | None, tags: Iterable[str]) -> tuple[CannedResponse, ...]:
    """The responses for this queue and language that have all these tags, the most particular first, then by id."""
    wanted = frozenset(tags)
    fit = [r for r in library.responses.values() if wanted <= set(r.tags) and _fits(r, queue, language)]
    return tuple(sorted(fit, key=lambda r: (not r.queues, r.language is None, r.id)))


def _fits(response: CannedResponse, queue: str | None, language: str | None) -> bool:
    here = not response.queues or queue is None or queue in response.queues
    return here and (response.language is None or language is None or response.language == language)


def render(library: Library, record: ConversationRecord, id: str, agent: str, values: Mapping[str, Fact]) -> str:
    """The text of a response in a conversation; ``values`` go before what the conversation knows."""
    return templates.render(library.response(id).text, {**known(library, record, agent), **values})


def known(library: Library, record: ConversationRecord, agent: str) -> dict[str, Fact]:
    """What texts may use: what flows know of the conversation, and the agent's name."""
    spec = library.flows.conversations.routing.agents.get(agent)
    name = "" if spec is None else spec.spec.name
    return {**flow_steps.facts(library.flows, record), "agent": name or agent}


def reply(tx: Transaction, library: Library, conversation: str, id: str, agent: str, values: Mapping[str, Fact]) -> str:
    """Send a canned response as the agent's answer; returns the message's id. Refuses what a reply refuses, a response
    for other queues, and a value that is missing."""
    c = library.flows.conversations
    record = c.conversation(conversation)
    item = c.routing.items.get(record.item or "")
    queue = None if item is None or item.queue is None else item.queue.id
    allowed = library.response(id).queues
    if allowed and queue not in allowed:
        raise NotAllowed("use", "canned response", id, f"not for queue {queue}")
    return desk.reply(tx, c, conversation, Text(render(library, record, id, agent, values)), agent)
