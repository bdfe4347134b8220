"""A mail server on loopback with moods: greylisting, refusals, connections that drop."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Refuses a recipient for good (``unknown``), at first (``grey``), or drops the connection after the mail
    (``drops``) or before (``hangs_up``), by the word in the local part of the address. In a thread of its own."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.tried: Counter[str] = Counter()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(lambda: SMTP(self, loop=self._loop), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self._stop.wait()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried[address] += 1
        if "unknown" in address:
            return "550 5.1.1 no such mailbox"
        if "grey" in address and self.tried[address] == 1:
            return "451 4.7.1 come again"
        if "hangs_up" in address and self.tried[address] == 1:
            assert server.transport is not None
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=compat32))
        if "drops" in envelope.rcpt_tos[0]:
            assert server.transport is not None
            server.transport.abort()
        return "250 2.0.0 OK"

    def got(self) -> Counter[str]:
        """How many mails each recipient has."""
        return Counter(str(mail["To"]) for mail in self.mails)
