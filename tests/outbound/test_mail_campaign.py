"""A campaign by mail through a real server: greylisting, bounces, lost connections, answers, one-click opt-out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from outbound.mail_server import MailServer
from switchroom import ContactCenter, ManualClock, Queue
from switchroom.carrying import Carrier
from switchroom.conversations.model import Line
from switchroom.messaging.addresses import Address
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign
from switchroom.transport.protocol import TransportEvent
from switchroom.transport.signatures import Secret
from switchroom.transport.smtp import SmtpTransport
from switchroom.transport.unsubscribe import UnsubscribeLinks

SHOP = Address("email", "news@shop.example")
LINKS = UnsubscribeLinks("https://shop.example/u/", Secret("whsec_c2VjcmV0"))


class Shop:
    """A center with a line for mail and a transport to the server."""

    def __init__(self, server: MailServer, names: list[str]) -> None:
        self.server = server
        self.clock = ManualClock("2026-01-05T12:00:00Z")
        self.center = ContactCenter(clock=self.clock, seed=1)
        self.transport = SmtpTransport(
            "127.0.0.1", port=server.port, domain="shop.example", tls="none", timeout="5s", clock=self.clock
        )
        self.carrier = Carrier(self.center, self.transport, unsubscribe=LINKS)
        self.center.queues.add(Queue("mail"))
        self.center.conversations.save_line(Line("news", address=SHOP, queue="mail"))
        self.center.lists.save(ContactList("readers", channel="email", address="mail", columns=["name", "mail"]))
        rows = [{"name": name, "mail": f"{name}@customer.example"} for name in names]
        self.center.lists.append("readers", rows)
        for name in names:
            self.center.consent.give(Address("email", f"{name}@customer.example"), "marketing", how="form")

    def run(self, **spec: object) -> dict[str, int]:
        given = {"subject": "News for ${name}", "text": "Dear ${name}", "lists": ["readers"], "senders": ["news"]}
        self.center.campaigns.save(Campaign("news", **{**given, **spec}))  # type: ignore[arg-type]
        self.center.campaigns.start("news")
        return self.work()

    def work(self) -> dict[str, int]:
        self.center.effects.deliver()
        self.center.check()
        return dict(self.center.campaigns.progress("news").outcomes)

    def hear(self, text: str) -> TransportEvent:
        event = self.transport.receive(text.encode(), recipient=SHOP)
        self.carrier.take(event)
        self.center.check()
        return event


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def test_every_mood_of_a_server(server: MailServer) -> None:
    """Taken, greylisted, refused, hung up on before and after: each ends as it should, and nobody gets two."""
    shop = Shop(server, ["ann", "grey", "unknown", "hangs_up", "drops"])
    outcomes = shop.run()
    assert outcomes == {"sent": 1, "unconfirmed": 1, "failed": 1}
    shop.center.advance("1m")
    assert shop.work() == {"sent": 3, "unconfirmed": 1, "failed": 1}
    got = server.got()
    assert got == {f"{name}@customer.example": 1 for name in ("ann", "grey", "hangs_up", "drops")}
    assert shop.center.campaigns.progress("news").state == "complete"


def test_mails_carry_what_they_must(server: MailServer) -> None:
    """Subject filled in, a Message-ID of ours, marked as automatic, a one-click opt-out."""
    Shop(server, ["ann"]).run()
    [mail] = server.mails
    assert mail["Subject"] == "News for ann"
    assert mail["Message-ID"] == "<out-1-0-1@shop.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"].startswith("<https://shop.example/u/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_opts_out_and_a_look_does_not(server: MailServer) -> None:
    """A GET changes nothing, nor a token that was altered; a POST opts out of this sender, for later campaigns too."""
    shop = Shop(server, ["ann"])
    shop.run()
    token = server.mails[0]["List-Unsubscribe"].strip("<>").removeprefix(LINKS.base)
    ann = Address("email", "ann@customer.example")
    assert not shop.carrier.one_click("GET", token, b"")
    assert not shop.carrier.one_click("POST", token, b"something=else")
    assert not shop.carrier.one_click("POST", token[:-2] + "xx", b"List-Unsubscribe=One-Click")
    assert shop.center.consent.opted_out(ann) == ()
    assert shop.carrier.one_click("POST", token, b"List-Unsubscribe=One-Click")
    assert shop.center.consent.opted_out(ann) == ("pool:email:news@shop.example",)
    shop.center.campaigns.save(Campaign("next", lists=["readers"], senders=["news"], subject="s", text="t"))
    shop.center.campaigns.start("next")
    shop.work()
    assert shop.center.campaigns.progress("next").outcomes == {"opted_out": 1}


def test_an_answer_finds_its_message_by_message_id(server: MailServer) -> None:
    """Also from another address of the same person; keywords count above the quoted text only."""
    shop = Shop(server, ["ann", "bob"])
    shop.run()
    shop.hear(
        "From: ann@private.example\nMessage-ID: <1@p>\nIn-Reply-To: <out-1-0-1@shop.example>\n\n"
        "Is it open on Sunday?\n\n> Dear ann, reply STOP to end\n"
    )
    assert shop.center.campaigns.progress("news").replied == 1
    assert shop.center.consent.opted_out(Address("email", "ann@customer.example")) == ()
    [conversation] = shop.center.conversations.open()
    assert shop.center.flows.variables(conversation)["answers"] == "out-1-0-1"
    shop.hear("From: bob@customer.example\nMessage-ID: <2@p>\nIn-Reply-To: <out-1-1-1@shop.example>\n\nSTOP\n")
    assert shop.center.campaigns.progress("news").opted_out == 1


def test_a_bounce_changes_the_outcome(server: MailServer) -> None:
    """Taken at first, and returned an hour later: undelivered, and tried again if the rule says so."""
    shop = Shop(server, ["ann"])
    assert shop.run(attempts=2, retry={"undelivered": "1d"}) == {"sent": 1}
    bounce = (
        'Content-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n'
        "Action: failed\nStatus: 5.2.2\n\n--b\nContent-Type: text/rfc822-headers\n\n"
        "Message-ID: <out-1-0-1@shop.example>\n--b--\n"
    )
    shop.hear(bounce)
    assert shop.center.campaigns.progress("news").waiting == 1
    shop.center.advance("1d")
    assert shop.work() == {"sent": 1}
    assert [str(m["Message-ID"]) for m in server.mails] == ["<out-1-0-1@shop.example>", "<out-1-0-2@shop.example>"]
