"""Real servers on the loopback interface, playing the far end of transports."""

from __future__ import annotations

import asyncio
import json
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from switchroom.clock import ManualClock
from switchroom.messaging.addresses import Address
from switchroom.messaging.mail_ids import key_of
from switchroom.testing.transport_contract import Delivered
from switchroom.transport.errors import OptedOut, PermanentFailure, TransientFailure, TransportError, UnknownOutcome
from switchroom.transport.open_messaging import OpenMessagingReceiver
from switchroom.transport.protocol import TransportEvent
from switchroom.transport.signatures import Secret, StandardWebhooks
from switchroom.transport.smtp import SmtpTransport

SHOP = Address("email", "shop@shop.example")
ANN = Address("email", "ann.smith@customer.example")
DOMAIN = "shop.example"
OUT, IN = Secret("whsec_c2VjcmV0LWZvci1vdXQ="), Secret("whsec_c2VjcmV0LWZvci1pbg==")


class MailServer:
    """An SMTP server on a free port, in an event loop of its own thread."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.options: list[str] = []
        self.failure: type[TransportError] | None = None
        self.transport: SmtpTransport | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(
            lambda: SMTP(self, enable_SMTPUTF8=True, loop=self._loop), "127.0.0.1", 0
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self._stop.wait()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        failure, code = self.failure, ""
        if failure is TransientFailure:
            code = "451 4.3.0"
        if failure is PermanentFailure:
            code = "550 5.1.1"
        if failure is OptedOut:
            code = "550 5.7.509"
        if code:
            self.failure = None
            return f"{code} <{address}> not now, or never"
        envelope.rcpt_tos.append(address)
        self.options.extend(envelope.mail_options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        if self.failure is UnknownOutcome:
            self.failure = None
            assert server.transport is not None
            server.transport.abort()
        return "250 2.0.0 OK"

    def delivered(self) -> list[Delivered]:
        found = []
        for raw in self.mails:
            mail = message_from_bytes(raw, policy=MAIL_POLICY)
            assert isinstance(mail, EmailMessage)
            body = mail.get_body(("plain",))
            assert body is not None
            text = body.get_content().replace("\r\n", "\n").rstrip("\n")
            found.append(Delivered(key_of(str(mail["Message-ID"]), DOMAIN) or "", text))
        return found

    def fail_next(self, failure: type[TransportError]) -> None:
        self.failure = failure

    def write(self, text: str, *, id: str) -> list[TransportEvent]:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = ANN.value, SHOP.value, f"<{id}@customer.example>"
        mail.set_content(text)
        return self.garbage(mail.as_bytes())

    def garbage(self, data: bytes) -> list[TransportEvent]:
        assert self.transport is not None
        return [self.transport.receive(data, recipient=SHOP)]


class WebServer:
    """An HTTP server that takes signed messages, drops repeated keys, and posts signed events to a receiver."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.seen: dict[str, Delivered] = {}
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.failure: type[TransportError] | None = None
        self.answer: tuple[int, dict[str, str], bytes] | None = None
        self.receiver = OpenMessagingReceiver(StandardWebhooks(IN), clock=clock)
        handler = type("Handler", (_Handler,), {"far_end": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(poll_interval=0.01), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/messages"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def respond(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes] | None:
        """Status, headers and body of the answer; None to hang up."""
        self.requests.append((headers, body))
        if not StandardWebhooks(OUT).verify(headers, body, now=self.clock.now()):
            return 401, {}, b""
        if self.answer is not None:
            return self.answer
        failure, self.failure = self.failure, None
        message = json.loads(body)
        if failure in (TransientFailure, PermanentFailure, OptedOut):
            status = {TransientFailure: 503, PermanentFailure: 422, OptedOut: 403}[failure]
            code = "opted_out" if failure is OptedOut else f"no luck for {'them'}"
            return status, {"Retry-After": "7"}, json.dumps({"code": code, "to": message["to"]}).encode()
        key = headers["idempotency-key"]
        known = key in self.seen
        self.seen.setdefault(key, Delivered(key, message["content"]["text"]))
        if failure is UnknownOutcome:
            return None
        answer = {"id": f"far-{list(self.seen).index(key)}", "status": "queued", "duplicate": known}
        return 200, {}, json.dumps(answer).encode()

    def delivered(self) -> list[Delivered]:
        return list(self.seen.values())

    def fail_next(self, failure: type[TransportError]) -> None:
        self.failure = failure

    def write(self, text: str, *, id: str) -> tuple[TransportEvent, ...]:
        message = {"type": "message", "id": id, "channel": "web", "from": "widget-7", "to": "shop", "text": text}
        return self.garbage(json.dumps(message).encode())

    def garbage(self, data: bytes) -> tuple[TransportEvent, ...]:
        headers = StandardWebhooks(IN).sign("w-1", data, now=self.clock.now())
        return self.receiver.handle(headers, data).events


class _Handler(BaseHTTPRequestHandler):
    far_end: WebServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = self.far_end.respond({k.lower(): v for k, v in self.headers.items()}, body)
        if answer is None:
            self.close_connection = True
            return
        status, headers, content = answer
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""
