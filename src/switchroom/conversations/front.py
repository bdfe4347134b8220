"""``center.conversations``: each method is one operation.

Every method that changes something takes ``command_id``: the same id again gets the first answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from switchroom.consent.model import REPLY
from switchroom.conversations import desk, screen, sending, threading
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.model import Contact, Inbound, Line, Received
from switchroom.conversations.screen import Said, ScreenPop
from switchroom.conversations.state import Conversations
from switchroom.conversations.views import ConversationView, view
from switchroom.kernel.records import Record
from switchroom.kernel.vertical import Access, VerticalRunner
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Content, Text
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.routing.fields import Fact


class LogRunner(VerticalRunner, Protocol):
    """A center whose log can be read by tag."""

    def events(self, *, after: int = 0, tag: str | None = None) -> Iterator[Record]:
        """Records of the log, oldest first."""
        ...


def _content(content: Content | str) -> Content:
    return Text(content) if isinstance(content, str) else content


class ConversationsFront:
    """Lines, contacts, messages in and out."""

    def __init__(self, runner: LogRunner) -> None:
        access: Access[Conversations] = Access(runner, "conversations")
        self._run = access.run
        self._look = access.look
        flows: Access[Flows] = Access(runner, "flows")
        self._look_flows = flows.look
        self._read: screen.ReadLog = lambda tag: runner.events(tag=tag)

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
        return self._look(lambda c: view(c.conversation(conversation)))

    def open(self) -> tuple[str, ...]:
        """The ids of open conversations, oldest first."""
        return self._look(lambda c: tuple(r.id for r in c.conversations.values() if r.state == "open"))

    def message_status(self, message: str) -> str:
        """What is known of the delivery of a message of ours."""
        return self._look(lambda c: sending.message(c, message).status.value)

    def screen_pop(self, id: str) -> ScreenPop:
        """What an agent's screen shows with an offer: ``id`` is that of the offer, the assignment or the conversation.

        Contact, what was said, earlier conversations, journey, variables, requirement, script. Reads the log; linear in
        what is shown.
        """

        def find(f: Flows) -> tuple[dict[str, Any], str]:
            conversation = screen.conversation_of(f, id)
            return screen.known(f, conversation), screen.customer_tag(f, conversation)

        known, tag = self._look_flows(find)
        return screen.pop(known, tag, self._read)

    def transcript(self, conversation: str) -> tuple[Said, ...]:
        """Everything said in a conversation, oldest first, notes among it; also of one that has left memory."""
        return screen.transcript(self._read, conversation)

    def note_journey(
        self, contact: str, what: str, *, details: Mapping[str, Fact] | None = None, command_id: str | None = None
    ) -> None:
        """Note what a contact did elsewhere, for the agent's screen: a page seen, a purchase."""
        self._run(desk.note_journey, contact, what, details or {}, command_id=command_id)
