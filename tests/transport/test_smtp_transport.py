"""SMTP against a real server: what a reply or a lost connection means, and what is on the wire."""

from __future__ import annotations

import asyncio
import socket
import sys
from email import message_from_bytes
from email.policy import compat32

import attrs
import pytest
from transport_servers import ANN, DOMAIN, SHOP, MailServer

from switchroom.clock import ManualClock
from switchroom.errors import InvalidInput, UsageError
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Image, Text
from switchroom.transport.errors import OptedOut, PermanentFailure, TransientFailure
from switchroom.transport.protocol import DeliveryUpdate, Envelope, InboundMessage
from switchroom.transport.signatures import Secret
from switchroom.transport.smtp import SmtpTransport

LETTER = Envelope(key="order.7", sender=SHOP, recipient=ANN, content=Text("hello"), subject="Grüße")


def smtp(port: int, **changes: object) -> SmtpTransport:
    settings: dict[str, object] = {"domain": DOMAIN, "tls": "none", "timeout": "5s", "clock": ManualClock(), **changes}
    return SmtpTransport("127.0.0.1", port=port, **settings)  # type: ignore[arg-type]


def test_the_wire_has_what_the_message_has() -> None:
    """Addresses, subject, date of the injected clock, Message-ID of the key, as one mail."""
    with MailServer() as server:
        result = smtp(server.port).send(LETTER)
        mail = message_from_bytes(server.mails[0], policy=compat32)
    assert result.provider_id == mail["Message-ID"] == "<order=2E7@shop.example>"
    assert (mail["From"], mail["To"]) == (SHOP.value, ANN.value)
    assert mail["Date"] == "Mon, 05 Jan 2026 12:00:00 +0000"
    assert mail.get_all("Subject") == ["=?utf-8?q?Gr=C3=BC=C3=9Fe?="]


def test_an_answer_and_a_bounce_name_the_message() -> None:
    """What comes back refers to the key that was sent."""
    with MailServer() as server:
        transport = smtp(server.port)
        result = transport.send(LETTER)
    reply = transport.receive(f"From: {ANN.value}\nIn-Reply-To: {result.provider_id}\n\nyes".encode(), recipient=SHOP)
    assert isinstance(reply, InboundMessage)
    assert reply.thread.in_reply_to == result.provider_id
    bounce = (
        'Content-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n'
        "Action: failed\nStatus: 5.2.2\n\n--b\nContent-Type: text/rfc822-headers\n\n"
        f"Message-ID: {result.provider_id}\n--b--\n"
    )
    update = transport.receive(bounce.encode(), recipient=SHOP)
    assert isinstance(update, DeliveryUpdate)
    assert (update.key, update.report.code) == ("order.7", "5.2.2")


def test_replies_are_read_by_their_codes() -> None:
    """4xx is for now, 5xx for good, a code named by the embedder an opt-out; the code is kept, the words are not."""
    with MailServer() as server:
        for kind, code in ((TransientFailure, "451 4.3.0"), (PermanentFailure, "550 5.1.1"), (OptedOut, "550 5.7.509")):
            server.fail_next(kind)
            transport = smtp(server.port, opt_out_codes=frozenset({"550 5.7.509"}))
            with pytest.raises(kind) as caught:
                transport.send(LETTER)
            assert caught.value.code == code
            assert "smith" not in str(caught.value)
        server.fail_next(OptedOut)
        with pytest.raises(PermanentFailure):
            smtp(server.port).send(LETTER)


def test_a_server_that_is_not_there_is_transient() -> None:
    """Nobody listens, or hangs up at once, or greets in another language: nothing was sent, try again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TransientFailure, match="connect"):
        smtp(port).send(LETTER)


def test_a_silent_server_times_out_as_transient() -> None:
    """A server that accepts and says nothing is given up after the timeout."""
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(TransientFailure):
        smtp(listener.getsockname()[1], timeout="50ms").send(LETTER)


def test_a_refused_login_is_ours_to_mend() -> None:
    """No message is given up because our password is wrong, and the password is in no error."""
    with MailServer() as server, pytest.raises(TransientFailure) as caught:
        smtp(server.port, username="u", password=Secret("pa55word")).send(LETTER)
    assert "pa55word" not in f"{caught.value!r} {caught.value.details}"


def test_missing_encryption_is_not_accepted() -> None:
    """With the default, a server without STARTTLS gets nothing."""
    with MailServer() as server:
        with pytest.raises(TransientFailure):
            smtp(server.port, tls="starttls").send(LETTER)
        assert server.mails == []


def test_a_mailbox_in_another_script_needs_the_extension() -> None:
    """The option SMTPUTF8 goes along, and only then."""
    with MailServer() as server:
        smtp(server.port).send(LETTER)
        assert server.options == []
        smtp(server.port).send(attrs.evolve(LETTER, recipient=Address("email", "用户@customer.example")))
        assert "SMTPUTF8" in server.options
        assert "用户@customer.example".encode() in server.mails[1]


def test_media_are_carried_where_they_can_be_loaded() -> None:
    """Without a loader the declaration has no media and an image is refused before it leaves."""
    image = attrs.evolve(LETTER, content=Image("attachment:7", "image/png"))
    with MailServer() as server:
        with pytest.raises(InvalidInput, match="carries no image"):
            smtp(server.port).send(image)
        loading = smtp(server.port, load=lambda url: b"PNG")
        loading.send(image)
        assert b"image/png" in server.mails[0]
    assert set(smtp(1).capabilities().channels[0].carries) == {"text"}
    assert "image" in loading.capabilities().channels[0].carries


def test_sending_blocks_no_event_loop() -> None:
    """Inside a loop the blocking verb is refused with what to do instead."""

    async def inside() -> None:
        smtp(1).send(LETTER)

    with pytest.raises(UsageError, match="asend"):
        asyncio.run(inside())


def test_settings_are_checked_and_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong domain or mode is refused when it is set; reading mail needs no extra, sending names it."""
    with pytest.raises(InvalidInput):
        smtp(1, domain="shop.example\r\nX: y")
    with pytest.raises(InvalidInput):
        smtp(1, tls="ssl")
    monkeypatch.setitem(sys.modules, "aiosmtplib", None)
    assert isinstance(smtp(1).receive(b"\n\nhi", recipient=SHOP), InboundMessage)
    with pytest.raises(ImportError, match=r"switchroom\[smtp\]"):
        smtp(1).send(LETTER)
