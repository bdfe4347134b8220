"""Conversations over real transports: mail by SMTP and open messaging by HTTP, both ways; scripted failures."""

from __future__ import annotations

import json
import smtplib
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import pytest

from switchroom import Agent, ContactCenter, ManualClock, Queue
from switchroom.carrying import Carrier
from switchroom.conversations.events import ConversationStarted, MessageReceived
from switchroom.conversations.model import Line, Received
from switchroom.errors import DuplicateId, SendRefused
from switchroom.messaging.addresses import Address
from switchroom.messaging.channels import CHANNELS
from switchroom.messaging.content import Text
from switchroom.messaging.delivery import DeliveryReport, DeliveryStatus
from switchroom.transport.errors import PermanentFailure, TransportError, UnknownOutcome
from switchroom.transport.mail_in import mail_event, parse_mail
from switchroom.transport.mail_out import build_mail
from switchroom.transport.memory import MemoryTransport, Outcome
from switchroom.transport.open_messaging import OpenMessagingReceiver, OpenMessagingTransport
from switchroom.transport.protocol import (
    Capabilities,
    DeliveryUpdate,
    Envelope,
    InboundMessage,
    SendResult,
    TransportEvent,
)
from switchroom.transport.signatures import Secret, StandardWebhooks
from switchroom.transport.smtp import SmtpTransport
from switchroom.transport.unsubscribe import UnsubscribeLinks
from tests.conversations.help_desk import customer
from tests.transport.transport_servers import ANN, DOMAIN, IN, OUT, SHOP, MailServer, WebServer

SMS = Address("sms", "+15550001111")


def a_center(line: Address, **options: object) -> ContactCenter:
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("help"))
    center.agents.add(Agent("ana", queues=["help"]))
    center.agents.sign_in("ana")
    center.conversations.save_line(Line("main", address=line, queue="help", **options))  # type: ignore[arg-type]
    return center


def take_over(center: ContactCenter) -> None:
    center.offers.accept(center.offers.of_agent("ana")[0].id)


def received(carrier: Carrier, event: TransportEvent) -> Received:
    found = carrier.take(event)
    assert isinstance(found, Received)
    return found


# -- mail


class MailDesk:
    """A shop that sends by one SMTP server, the customers', and gets its mail from another, its own."""

    def __init__(self, theirs: MailServer, own: MailServer) -> None:
        self.theirs, self.own = theirs, own
        self.center = a_center(SHOP)
        self.transport = SmtpTransport(
            "127.0.0.1", port=theirs.port, domain=DOMAIN, tls="none", timeout="5s", clock=self.center.clock
        )
        self.carrier = Carrier(self.center, self.transport)

    def write(self, text: str, id: str, sender: Address = ANN, **headers: str) -> Received:
        """A customer's mail program sends a mail; the shop's server hands it in."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = sender.value, SHOP.value, f"<{id}@customer.example>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.own.port, timeout=5) as program:
            program.send_message(mail)
        event = self.transport.receive(self.own.mails[-1], recipient=SHOP)
        found = received(self.carrier, event)
        self.center.check()
        return found

    def outgoing(self) -> EmailMessage:
        """The mail that the customers' server got last."""
        self.center.effects.deliver()
        mail = message_from_bytes(self.theirs.mails[-1], policy=MAIL_POLICY)
        assert isinstance(mail, EmailMessage)
        return mail


def test_a_mail_conversation_threads_by_its_message_ids() -> None:
    """Answers refer to the mail that they answer; the customer's answer to them continues the conversation."""
    with MailServer() as theirs, MailServer() as own:
        desk = MailDesk(theirs, own)
        first = desk.write("My parcel is late", "m1", Subject="Parcel 7", References="<m0@customer.example>")
        assert first.conversation is not None
        take_over(desk.center)
        desk.center.conversations.reply(first.conversation, "We look into it", agent="ana")
        answer = desk.outgoing()
        assert answer["In-Reply-To"] == "<m1@customer.example>"
        assert answer["References"] == "<m0@customer.example> <m1@customer.example>"
        assert answer["Subject"] == "Re: Parcel 7"
        assert answer["Auto-Submitted"] is None
        second = desk.write("Thank you", "m2", Subject="Re: Parcel 7", In_Reply_To=str(answer["Message-ID"]))
        third = desk.write("And the other?", "m3", References="<m1@customer.example> <m2@customer.example>")
        assert {second.conversation, third.conversation} == {first.conversation}
        desk.center.conversations.reply(first.conversation, "It comes today", agent="ana")
        assert desk.outgoing()["References"].split()[-1] == "<m3@customer.example>"


def test_a_mail_without_reference_is_another_conversation() -> None:
    """The same customer about something else, and somebody else who names a message of ours, start their own."""
    with MailServer() as theirs, MailServer() as own:
        desk = MailDesk(theirs, own)
        first = desk.write("My parcel is late", "m1", Subject="Parcel 7")
        same_subject = desk.write("Something else", "m2", Subject="Re: Parcel 7")
        stranger = desk.write(
            "What about it?", "m3", Address("email", "eve@other.example"), In_Reply_To="<m1@customer.example>"
        )
        again = desk.write("My parcel is late", "m1", Subject="Parcel 7")
        assert len({first.conversation, same_subject.conversation, stranger.conversation}) == 3
        assert again.duplicate


def test_a_mail_reopens_its_conversation_within_the_window() -> None:
    """Thirty days by default; after that the reference is not known any more."""
    with MailServer() as theirs, MailServer() as own:
        desk = MailDesk(theirs, own)
        first = desk.write("My parcel is late", "m1")
        assert first.conversation is not None
        desk.center.conversations.close(first.conversation)
        desk.center.advance("29d")
        second = desk.write("Still late", "m2", In_Reply_To="<m1@customer.example>")
        assert second.conversation == first.conversation
        assert desk.center.conversations.get(first.conversation).stay == 2
        desk.center.conversations.close(first.conversation)
        desk.center.advance("30d")
        third = desk.write("Still late", "m3", In_Reply_To="<m2@customer.example>")
        assert third.conversation != first.conversation


def test_a_bounce_is_a_report_about_its_mail() -> None:
    """A report that comes back by mail raises the status of the message that it is about."""
    with MailServer() as theirs, MailServer() as own:
        desk = MailDesk(theirs, own)
        first = desk.write("My parcel is late", "m1")
        assert first.conversation is not None
        take_over(desk.center)
        message = desk.center.conversations.reply(first.conversation, "We look into it", agent="ana")
        sent = desk.outgoing()
        bounce = (
            'Content-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n'
            "Action: failed\nStatus: 5.2.2\n\n--b\nContent-Type: text/rfc822-headers\n\n"
            f"Message-ID: {sent['Message-ID']}\n--b--\n"
        ).encode()
        assert desk.carrier.take(desk.transport.receive(bounce, recipient=SHOP)) is True
        assert desk.center.conversations.message_status(message) == "undelivered"


class HastyCustomer:
    """A mail transport whose customer answers each mail before the server's word about it has come back."""

    def __init__(self, center: ContactCenter, sender: Address, problem: type[TransportError] | None) -> None:
        self.center, self.sender, self.problem = center, sender, problem
        self.carrier = Carrier(center, self)
        self.answers: list[Received] = []

    def capabilities(self) -> Capabilities:
        return Capabilities(channels=(CHANNELS["email"],), honours_keys=False, reports=True, inbound=True, threads=True)

    def send(self, envelope: Envelope) -> SendResult:
        mail = message_from_bytes(build_mail(envelope, domain=DOMAIN, now=self.center.clock.now()), policy=MAIL_POLICY)
        id = str(mail["Message-ID"])
        self.hear("Thank you", In_Reply_To=id)
        if self.problem is not None:
            raise self.problem(envelope.key, "lost")
        return SendResult(key=envelope.key, provider_id=id)

    def hear(self, text: str, **headers: str) -> Received:
        """A mail of the customer's comes in."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender.value, SHOP.value
        mail["Message-ID"] = f"<c{len(self.answers)}@customer.example>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        event = mail_event(parse_mail(mail.as_bytes()), recipient=SHOP, domain=DOMAIN)
        self.answers.append(received(self.carrier, event))
        self.center.check()
        return self.answers[-1]


@pytest.mark.parametrize("problem", [None, UnknownOutcome, PermanentFailure])
def test_an_answer_that_overtakes_the_outcome_continues_its_conversation(problem: type[TransportError] | None) -> None:
    """The Message-ID tells the message before any outcome is stored, and where none ever is."""
    center = a_center(SHOP)
    customer = HastyCustomer(center, ANN, problem)
    first = customer.hear("My parcel is late").conversation
    assert first is not None
    take_over(center)
    message = center.conversations.reply(first, "We look into it", agent="ana")
    center.effects.deliver()
    center.check()
    assert customer.answers[1].conversation == first
    assert customer.hear("And?", References=f"<{message}@{DOMAIN}>").conversation == first
    assert len(center.offers.of_agent("ana")) == 0
    kernel, _ = center.fresh()
    kernel.replay((record.at, record.event) for record in center.events())
    assert kernel.dump() == center.dump()


def test_an_id_that_a_stranger_names_early_opens_nothing() -> None:
    """Before the outcome as after it: somebody else's mail starts a conversation of its own."""
    center = a_center(SHOP)
    customer = HastyCustomer(center, ANN, None)
    first = customer.hear("My parcel is late").conversation
    assert first is not None
    take_over(center)
    center.conversations.reply(first, "We look into it", agent="ana")
    customer.sender = Address("email", "eve@other.example")
    center.effects.deliver()
    assert customer.answers[1].conversation not in (None, first)


def test_one_click_opts_out_the_recipient_of_the_mail() -> None:
    """The link in a mail that we began, asked for by POST, suppresses the address; a GET or another token does not."""
    with MailServer() as server:
        center = a_center(SHOP)
        center.consent.give(ANN, "marketing", how="form")
        links = UnsubscribeLinks("https://shop.example/u/", Secret("whsec_c2VjcmV0"))
        transport = SmtpTransport(
            "127.0.0.1", port=server.port, domain=DOMAIN, tls="none", timeout="5s", clock=center.clock
        )
        carrier = Carrier(center, transport, unsubscribe=links)
        center.conversations.send("main", ANN, "News!", purpose="marketing", options={"subject": "News"})
        center.effects.deliver()
        mail = message_from_bytes(server.mails[0], policy=MAIL_POLICY)
    token = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("https://shop.example/u/")
    body = b"List-Unsubscribe=One-Click"
    assert not carrier.one_click("GET", token, body)
    assert not carrier.one_click("POST", token[:-1] + "x", body)
    assert center.consent.opted_out(ANN) == ()
    assert carrier.one_click("POST", token, body)
    assert center.consent.opted_out(ANN) == (f"pool:email:{SHOP.value}",)
    with pytest.raises(SendRefused):
        center.conversations.send("main", ANN, "More news!", purpose="marketing")


# -- open messaging


class FrontDoor:
    """The shop's own HTTP server: what is posted there is verified, and taken in."""

    def __init__(self, center: ContactCenter, carrier: Carrier) -> None:
        receiver = OpenMessagingReceiver(StandardWebhooks(IN), clock=center.clock)
        taken: list[Received | bool] = []
        self.taken, self.clock = taken, center.clock

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                response = receiver.handle(list(self.headers.items()), body)
                taken.extend(carrier.take(event) for event in response.events)
                self.send_response(response.status)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(poll_interval=0.01), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def post(self, *events: Mapping[str, object], secret: Secret = IN) -> int:
        body = json.dumps({"events": list(events)}).encode()
        headers = dict(StandardWebhooks(secret).sign("w-1", body, now=self.clock.now()))
        url = f"http://127.0.0.1:{self._server.server_address[1]}/in"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


def written(id: str, text: str) -> dict[str, object]:
    return {"type": "message", "id": id, "channel": "web", "from": "widget-7", "to": "shop", "text": text}


def test_open_messaging_both_ways() -> None:
    """A message posted to us is answered by a post from us; both are signed; reports and repetitions come in, too."""
    center = a_center(Address("web", "shop"))
    with WebServer(ManualClock()) as far_end:
        transport = OpenMessagingTransport(far_end.url, signer=StandardWebhooks(OUT), timeout="5s", clock=center.clock)
        carrier = Carrier(center)
        carrier.connect(transport, lines=["main"])
        with FrontDoor(center, carrier) as door, transport:
            assert door.post(written("m-1", "hello"), secret=OUT) == 401
            assert door.taken == []
            assert door.post(written("m-1", "hello")) == 200
            first = door.taken[0]
            assert isinstance(first, Received)
            assert first.conversation is not None
            take_over(center)
            message = center.conversations.reply(first.conversation, "Good morning", agent="ana")
            assert center.effects.deliver() == 1
            assert [(one.key, one.text) for one in far_end.delivered()] == [(message, "Good morning")]
            assert center.conversations.message_status(message) == "queued"
            report = {"type": "report", "id": "far-0", "status": "delivered"}
            assert door.post(written("m-1", "hello"), report, report) == 200
            again, rose, late = door.taken[1:]
            assert isinstance(again, Received)
            assert (again.duplicate, rose, late) == (True, True, False)
            assert center.conversations.message_status(message) == "delivered"
            center.check()


# -- failures, scripted


def scripted(*outcomes: str) -> tuple[ContactCenter, MemoryTransport, Carrier]:
    center = a_center(SMS)
    center.consent.give(customer(), "marketing", how="form")
    transport = MemoryTransport(center.clock)
    transport.script(*outcomes)
    return center, transport, Carrier(center, transport)


def test_an_opt_out_that_the_provider_knows_of_becomes_ours() -> None:
    """The refusal of one message suppresses the address for all that the line sends, and it is not tried again."""
    center, transport, _ = scripted(Outcome.OPTED_OUT)
    message = center.conversations.send("main", customer(), "News!", purpose="marketing")
    center.effects.deliver()
    assert center.conversations.open() == ()
    assert center.consent.opted_out(customer()) == (f"pool:sms:{SMS.value}",)
    assert [effect.kind for effect in center.effects.dead()] == ["send"]
    assert transport.sent == ()
    with pytest.raises(SendRefused):
        center.conversations.send("main", customer(), "More news!", purpose="marketing")
    assert message
    center.check()


def test_a_report_that_says_opted_out_counts_as_well() -> None:
    """Some providers accept a message and tell later."""
    center, _, carrier = scripted()
    message = center.conversations.send("main", customer(), "News!", purpose="marketing")
    center.effects.deliver()
    failed = DeliveryReport(status=DeliveryStatus.UNDELIVERED, code="21610")
    update = DeliveryUpdate(provider_id="memory-1", report=failed, opted_out=True)
    assert carrier.take(update) is True
    assert carrier.take(update) is False
    assert center.consent.opted_out(customer()) == (f"pool:sms:{SMS.value}",)
    assert message
    center.check()


@pytest.mark.parametrize("outcome", [Outcome.TRANSIENT, Outcome.UNKNOWN_SENT, Outcome.UNKNOWN_LOST])
def test_a_failed_hand_over_is_tried_again_and_arrives_once(outcome: Outcome) -> None:
    """The same key each time, so that a far end that honours it delivers one message."""
    center, transport, _ = scripted(outcome)
    center.conversations.send("main", customer(), "News!", purpose="marketing")
    center.effects.deliver()
    center.advance("1m")
    center.effects.deliver()
    assert [envelope.content for envelope in transport.sent] == [Text("News!")]
    assert center.effects.pending() == ()


def test_a_promotion_that_may_have_left_is_not_sent_again_without_keys() -> None:
    """It counts as unconfirmed; an answer to a customer is sent again."""
    center, _, carrier = scripted()
    transport = MemoryTransport(center.clock)
    capabilities = transport.capabilities()
    object.__setattr__(capabilities, "honours_keys", False)
    carrier.connect(transport, lines=["main"])
    transport.script(Outcome.UNKNOWN_LOST, Outcome.UNKNOWN_LOST)
    promotion = center.conversations.send("main", customer(), "News!", purpose="marketing")
    answer = center.conversations.send("main", customer(2), "It is on its way")
    center.effects.deliver()
    assert center.conversations.message_status(promotion) == "unconfirmed"
    assert center.conversations.message_status(answer) == "queued"
    assert len(center.effects.pending()) == 1


def test_silence_is_unconfirmed_and_forgotten_in_time() -> None:
    """A sent message without news is unconfirmed after a day; outside of conversations it is forgotten a week later."""
    center = a_center(SMS)
    center.effects.register("send", lambda effect: {"provider_id": "p-1", "status": "sent"})
    message = center.conversations.send("main", customer(), "It is on its way")
    center.effects.deliver()
    center.advance("23h59m")
    assert center.conversations.message_status(message) == "sent"
    center.advance("1m")
    assert center.conversations.message_status(message) == "unconfirmed"
    center.check()
    center.advance("7d")
    assert not center.conversations.report(message, "delivered")
    center.check()


def test_what_comes_with_a_message_is_kept() -> None:
    """Entry point, subject and metadata are in the log."""
    center, _, carrier = scripted()
    event = InboundMessage(
        provider_id="p1",
        sender=customer(),
        recipient=SMS,
        content=Text("hello"),
        subject="Parcel",
        entry_point="qr:poster-7",
        metadata={"campaign": "spring"},
    )
    carrier.take(event)
    events = [record.event for record in center.events()]
    (message,) = (e for e in events if isinstance(e, MessageReceived))
    (started,) = (e for e in events if isinstance(e, ConversationStarted))
    assert dict(message.details) == {"subject": "Parcel", "metadata": {"campaign": "spring"}}
    assert started.entry_point == "qr:poster-7"


def test_a_line_has_one_transport() -> None:
    """A second one is refused: which of them sent could not be told."""
    center, transport, carrier = scripted()
    carrier.connect(transport, lines=["main"])
    with pytest.raises(DuplicateId):
        carrier.connect(transport, lines=["main"])
    center.check()
