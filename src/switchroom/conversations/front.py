"""``center.conversations`` and ``center.consent``: each method is one operation.

Every method that changes something takes ``command_id``: the same id again gets the first answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from switchroom.consent import state as consent_ops
from switchroom.consent.model import EVERYTHING, REPLY, ConsentRules
from switchroom.conversations import desk, flows, sending, threading
from switchroom.conversations.flow_model import Flow
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.model import Contact, Inbound, Line, Received
from switchroom.conversations.records import ConversationRecord
from switchroom.conversations.state import Conversations
from switchroom.durations import from_micros
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Access, VerticalRunner
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Content, Text
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.routing.fields import Fact


@attrs.frozen(kw_only=True)
class ConversationView:
    """A conversation as it is now; the customer's address is shown masked."""

    id: str
    state: str
    line: str
    channel: str
    customer: str
    contact: str | None
    language: str | None
    item: str | None
    agent: str | None
    last_agent: str | None
    started: datetime
    last_activity: datetime
    first_reply: datetime | None
    waiting_for_reply_since: datetime | None
    held_open: bool
    stay: int


def _view(c: ConversationRecord) -> ConversationView:
    return ConversationView(
        id=c.id,
        state=c.state,
        line=c.line.id,
        channel=c.channel,
        customer=Address(c.channel, c.theirs).masked,
        contact=c.contact,
        language=c.language,
        item=c.item,
        agent=c.agent,
        last_agent=c.last_agent,
        started=from_micros(c.started_us),
        last_activity=from_micros(c.last_activity_us),
        first_reply=None if c.first_reply_us is None else from_micros(c.first_reply_us),
        waiting_for_reply_since=None if c.unanswered_us is None else from_micros(c.unanswered_us),
        held_open=c.held_open,
        stay=c.stay,
    )


def _content(content: Content | str) -> Content:
    return Text(content) if isinstance(content, str) else content


class ConversationsFront:
    """Lines, contacts, messages in and out."""

    def __init__(self, runner: VerticalRunner) -> None:
        access: Access[Conversations] = Access(runner, "conversations")
        self._run = access.run
        self._look = access.look

    def save_line(self, line: Line, *, command_id: str | None = None) -> None:
        """Add or change one of the company's addresses and what becomes of messages that come in there."""
        self._run(desk.save_line, line, command_id=command_id)

    def save_contact(self, contact: Contact, *, command_id: str | None = None) -> None:
        """Add or change a contact; an address belongs to one contact."""
        self._run(desk.save_contact, contact, command_id=command_id)

    def receive(
        self,
        *,
        to: Address,
        sender: Address,
        content: Content | str,
        provider_id: str,
        provider_flag: str | None = None,
        automatic: bool = False,
        entry_point: str = "",
        references: Sequence[str] = (),
        details: Mapping[str, Any] | None = None,
        command_id: str | None = None,
    ) -> Received:
        """Take in a customer's message. The same ``provider_id`` on the same line again changes nothing.

        ``provider_flag``: what the provider made of a keyword (``opt_out``, ``opt_in``, ``help``), if it did.
        ``automatic``: an automatic reply, which is neither greeted nor searched for keywords. ``entry_point``: the
        button, link or code that led here. ``references``: the provider's ids of earlier messages that it names, the
        one that it answers last; on channels that thread by them (e-mail) they alone tell which conversation it
        continues. ``details``: what else is to be kept, as plain data. Refuses an address that is no line.
        """
        inbound = Inbound(
            ours=to,
            theirs=sender,
            content=_content(content),
            provider_id=provider_id,
            provider_flag=provider_flag or None,
            automatic=automatic,
            entry_point=entry_point,
            references=tuple(references),
            details=details or {},
        )
        return self._run(threading.receive, inbound, command_id=command_id)

    def reply(self, conversation: str, content: Content | str, *, agent: str, command_id: str | None = None) -> str:
        """Send a message of the agent who has the conversation; returns the message's id."""
        return self._run(desk.reply, conversation, _content(content), agent, command_id=command_id)

    def note(self, conversation: str, text: str, *, agent: str, command_id: str | None = None) -> None:
        """Add a note, which the customer never sees."""
        self._run(desk.note, conversation, text, agent, command_id=command_id)

    def hold_open(
        self, conversation: str, *, on: bool = True, agent: str | None = None, command_id: str | None = None
    ) -> None:
        """Keep a conversation from being closed for inactivity, or withdraw that."""
        self._run(desk.hold_open, conversation, on, agent, command_id=command_id)

    def close(
        self,
        conversation: str,
        *,
        reason: str = "closed",
        code: str | None = None,
        agent: str | None = None,
        command_id: str | None = None,
    ) -> None:
        """Close a conversation; ``code`` is the wrap-up code."""
        self._run(desk.close, conversation, reason, code, agent, command_id=command_id)

    def send(
        self,
        line: str,
        to: Address,
        content: Content | str,
        *,
        purpose: str = REPLY,
        options: Mapping[str, Any] | None = None,
        command_id: str | None = None,
    ) -> str:
        """Send a message outside of a conversation, through the gate; returns its id.

        ``purpose``: marketing, notification, transactional or reply. ``options``: ``campaign``, ``category``,
        ``lists`` of do-not-contact, ``zones`` of the recipient.
        """
        return self._run(desk.send_to, line, to, _content(content), purpose, dict(options or {}), command_id=command_id)

    def report(
        self,
        message: str,
        status: str,
        *,
        provider_id: str = "",
        channel: str = "",
        code: str = "",
        command_id: str | None = None,
    ) -> bool:
        """A delivery report, by our message id, or, if that is empty, the one that the provider of the channel gave.

        Late and doubled ones, and those about unknown messages, change nothing (False).
        """
        known = DeliveryStatus(status)
        return self._run(sending.report, message, provider_id, channel, known, code, command_id=command_id)

    def get(self, conversation: str) -> ConversationView:
        """A conversation that is open, or closed and within its window; the log keeps the others."""
        return self._look(lambda c: _view(c.conversation(conversation)))

    def open(self) -> tuple[str, ...]:
        """The ids of open conversations, oldest first."""
        return self._look(lambda c: tuple(r.id for r in c.conversations.values() if r.state == "open"))

    def message_status(self, message: str) -> str:
        """What is known of the delivery of a message of ours."""
        return self._look(lambda c: sending.message(c, message).status.value)


class FlowsFront:
    """Inbound flows, and where conversations stand in them."""

    def __init__(self, runner: VerticalRunner) -> None:
        access: Access[Flows] = Access(runner, "flows")
        self._run = access.run
        self._look = access.look

    def save(self, flow: Flow, *, command_id: str | None = None) -> None:
        """Add or change a flow. Conversations in it go on at the same step, or at its start if that step is gone."""
        self._run(flows.save, flow, command_id=command_id)

    def step(self, conversation: str) -> tuple[str, str] | None:
        """(flow, step) at which a conversation waits; None if it is in no flow."""

        def find(f: Flows) -> tuple[str, str] | None:
            run = f.runs.get(conversation)
            return None if run is None else (run.flow, run.step)

        return self._look(find)

    def variables(self, conversation: str) -> dict[str, Fact]:
        """What the flow has learned, also after it is over: part of the agent's screen."""
        return self._look(lambda f: dict(f.variables.get(conversation, {})))

    def tags(self, conversation: str) -> tuple[str, ...]:
        """The tags of a conversation."""
        return self._look(lambda f: f.tags.get(conversation, ()))


class ConsentFront:
    """Who must not be written to, and who has agreed to what."""

    def __init__(self, runner: VerticalRunner) -> None:
        access: Access[Conversations] = Access(runner, "conversations")
        self._run = access.run
        self._look = access.look

    def opt_out(
        self, address: Address, *, scope: str = EVERYTHING, source: str = "agent", command_id: str | None = None
    ) -> bool:
        """Record that nothing (of this scope) may be sent there any more. Returns whether that is new."""
        return self._run(_opt_out, address, scope, source, command_id=command_id)

    def opt_in(
        self, address: Address, *, scope: str = EVERYTHING, source: str = "agent", command_id: str | None = None
    ) -> bool:
        """Lift a suppression of this scope; creates no consent. Returns whether there was one."""
        return self._run(_opt_in, address, scope, source, command_id=command_id)

    def give(self, address: Address, purpose: str, *, how: str, words: str = "", command_id: str | None = None) -> None:
        """Record that somebody agreed to a purpose: how, and in which words."""
        self._run(_give, address, purpose, how, words, command_id=command_id)

    def withdraw(
        self, address: Address, purpose: str, *, how: str, words: str = "", command_id: str | None = None
    ) -> None:
        """Record that an agreement was taken back."""
        self._run(_withdraw, address, purpose, how, words, command_id=command_id)

    def release_marketing(self, address: Address, *, command_id: str | None = None) -> None:
        """A person has looked at an unclear text: marketing is held no more."""
        self._run(_release, address, command_id=command_id)

    def add_to_list(
        self, name: str, addresses: Iterable[Address], *, reason: str = "", command_id: str | None = None
    ) -> None:
        """Put addresses on a do-not-contact list."""
        self._run(_list, name, tuple(addresses), reason, command_id=command_id)

    def remove_from_list(self, name: str, addresses: Iterable[Address], *, command_id: str | None = None) -> None:
        """Take addresses off a do-not-contact list."""
        self._run(_unlist, name, tuple(addresses), command_id=command_id)

    def set_rules(self, rules: ConsentRules, *, command_id: str | None = None) -> None:
        """Set quiet hours and caps."""
        self._run(_rules, rules, command_id=command_id)

    def opted_out(self, address: Address) -> tuple[str, ...]:
        """The scopes in which an address is suppressed."""
        return self._look(lambda c: tuple(sorted(_scopes(c, address))))

    def consented(self, address: Address, purpose: str) -> bool:
        """Whether an address has agreed to a purpose."""
        return self._look(lambda c: c.consent.consented(_keys(c, address), purpose))


def _keys(c: Conversations, address: Address) -> tuple[str, ...]:
    return c.consent.digests(address.suppression_keys)


def _scopes(c: Conversations, address: Address) -> set[str]:
    return {scope for key in _keys(c, address) for scope in c.consent.suppressed.get(key, ())}


def _opt_out(tx: Transaction, c: Conversations, address: Address, scope: str, source: str) -> bool:
    return consent_ops.opt_out(tx, c.consent, _keys(c, address), scope, source)


def _opt_in(tx: Transaction, c: Conversations, address: Address, scope: str, source: str) -> bool:
    return consent_ops.opt_in(tx, c.consent, _keys(c, address), (scope,), source)


def _give(tx: Transaction, c: Conversations, address: Address, purpose: str, how: str, words: str) -> None:
    consent_ops.give(tx, c.consent, _keys(c, address), purpose, how, words)


def _withdraw(tx: Transaction, c: Conversations, address: Address, purpose: str, how: str, words: str) -> None:
    consent_ops.withdraw(tx, c.consent, _keys(c, address), purpose, how, words)


def _release(tx: Transaction, c: Conversations, address: Address) -> None:
    consent_ops.hold_marketing(tx, c.consent, _keys(c, address), False, "")


def _list(tx: Transaction, c: Conversations, name: str, addresses: tuple[Address, ...], reason: str) -> None:
    for address in addresses:
        consent_ops.list_address(tx, c.consent, name, _keys(c, address), reason)


def _unlist(tx: Transaction, c: Conversations, name: str, addresses: tuple[Address, ...]) -> None:
    for address in addresses:
        consent_ops.unlist_address(tx, c.consent, name, _keys(c, address))


def _rules(tx: Transaction, c: Conversations, rules: ConsentRules) -> None:
    consent_ops.save_rules(tx, c.consent, rules)
