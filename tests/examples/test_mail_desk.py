"""The desk over e-mail, with a real server on each side."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from queue import Queue
from threading import Event
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from switchroom import SqliteStorage
from switchroom.config import parse
from tests.examples.loading import example

PATIENCE = 20.0
"""Seconds after which a test that hangs fails."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Customer:
    """Somebody's mailbox: a server that takes what the desk sends, and mails to the desk."""

    def __init__(self, desk_port: int) -> None:
        self.mails: Queue[EmailMessage] = Queue()
        self._desk_port = desk_port
        self.server = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.put(mail)
        return "250 taken"

    def write(self, text: str, number: int, answers: EmailMessage | None = None) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "cyd@example.net", "help@example.com", "My parcel"
        mail["Message-ID"] = f"<m-{number}@example.net>"
        if answers is not None:
            mail["In-Reply-To"] = mail["References"] = answers["Message-ID"]
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self._desk_port, timeout=PATIENCE) as out:
            out.send_message(mail)

    def reads(self) -> EmailMessage:
        return self.mails.get(timeout=PATIENCE)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Any, Customer]]:
    module = example("mail_desk")
    customer = Customer(desk_port=free_port())
    customer.server.start()
    center = parse(module.CENTER).build(storage=SqliteStorage(tmp_path / "mail.db"))
    desk = module.MailDesk(center, smtp_port=customer.server.port, listen=customer._desk_port)
    desk.start()
    yield desk, customer
    desk.stop()
    customer.server.stop()


def until(holds: Callable[[], bool]) -> None:
    """Wait for the desk's own thread."""
    for _ in range(round(PATIENCE / 0.05)):
        if holds():
            return
        Event().wait(0.05)
    raise AssertionError("it did not happen in time")


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).strip()


def test_mail_in_and_out(both: tuple[Any, Customer]) -> None:
    """A mail is greeted, answered in its thread; the customer's answer opens the same conversation again."""
    desk, customer = both
    customer.write("My parcel is late", 1)
    assert "answer today" in body(customer.reads())
    [conversation] = desk.in_hand()
    desk.answer(conversation, "It is on its way.")
    answer = customer.reads()
    assert body(answer) == "It is on its way."
    assert "<m-1@example.net>" in str(answer["References"]) + str(answer["In-Reply-To"])
    assert desk.in_hand() == []
    until(lambda: not desk.center.effects.pending())
    customer.write("Still not here", 2, answers=answer)
    until(lambda: bool(desk.in_hand()))
    assert desk.in_hand() == [conversation]
