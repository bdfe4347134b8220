"""E-mail by SMTP out, and mail from wherever it arrives in. Needs the ``smtp`` extra to send."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING

import attrs

from switchroom.clock import Clock, SystemClock
from switchroom.durations import DurationLike, duration
from switchroom.errors import InvalidInput, UsageError
from switchroom.messaging.addresses import Address
from switchroom.messaging.channels import CHANNELS
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.messaging.mail_ids import message_id
from switchroom.transport.errors import OptedOut, PermanentFailure, TransientFailure, TransportError, UnknownOutcome
from switchroom.transport.mail_in import mail_event, parse_mail
from switchroom.transport.mail_out import LoadMedia, build_mail, needs_utf8
from switchroom.transport.protocol import Capabilities, Envelope, SendResult, TransportEvent, refuse_uncovered
from switchroom.transport.signatures import Secret

if TYPE_CHECKING:
    import aiosmtplib

TLS = ("starttls", "implicit", "none")
_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


def _library() -> ModuleType:
    try:
        import aiosmtplib
    except ImportError:
        raise ImportError('sending mail needs the extra: pip install "switchroom[smtp]"') from None
    return aiosmtplib


class SmtpTransport:
    """Sends mail through one server, one connection a message; reads mail that the embedder hands in.

    ``domain``: stands in Message-IDs, by which answers and bounces find their message. ``tls``: ``starttls`` (the
    default), ``implicit``, or ``none`` for a server on the same machine. ``timeout``: for each step of the dialogue.
    ``load``: reads the bytes of media; without it, only text is carried. ``opt_out_codes``: replies of this server,
    as ``"550 5.7.509"`` or ``"550"``, that mean that the recipient has opted out.

    Mail servers do not honour keys, but every try of a key has the same Message-ID, so that receivers can.
    """

    def __init__(
        self,
        host: str,
        *,
        domain: str,
        port: int = 587,
        username: str = "",
        password: Secret | None = None,
        tls: str = "starttls",
        timeout: DurationLike = "30s",
        clock: Clock | None = None,
        load: LoadMedia | None = None,
        opt_out_codes: frozenset[str] = frozenset(),
    ) -> None:
        if tls not in TLS:
            raise InvalidInput("smtp.tls", "unknown", tls, hint=f"one of {', '.join(TLS)}")
        self._domain = Address("email", f"x@{domain}").value[2:]
        self._host, self._port, self._tls = host, port, tls
        self._username, self._password = username, password
        self._timeout: timedelta = duration(timeout, field="smtp.timeout")
        self._clock = clock or SystemClock()
        self._load = load
        self._opt_out_codes = opt_out_codes

    def capabilities(self) -> Capabilities:
        """E-mail: text, and media if ``load`` was given; bounces are its reports."""
        email = CHANNELS["email"]
        if self._load is None:
            email = attrs.evolve(email, carries={"text": email.carries["text"]})
        return Capabilities(channels=(email,), honours_keys=False, reports=True, inbound=True, threads=True)

    def send(self, envelope: Envelope) -> SendResult:
        """As `Transport.send`. Inside an event loop it is refused: await `asend` there."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self.asend(envelope))
        raise UsageError("send blocks: inside an event loop, await asend")

    async def asend(self, envelope: Envelope) -> SendResult:
        """As `AsyncTransport.asend`."""
        refuse_uncovered(envelope, self.capabilities())
        mail = build_mail(envelope, domain=self._domain, now=self._clock.now(), load=self._load)
        client = await self._connected(envelope.key)
        try:
            await self._addressed(client, envelope)
            await self._handed_over(client, envelope.key, mail)
        finally:
            client.close()
        provider_id = message_id(envelope.key, self._domain)
        return SendResult(key=envelope.key, provider_id=provider_id, status=DeliveryStatus.SENT)

    def receive(self, mail: bytes, *, recipient: Address) -> TransportEvent:
        """The event that a mail to ``recipient`` is, for whatever hands mails in (LMTP, IMAP, a pipe). Never raises."""
        return mail_event(parse_mail(mail), recipient=recipient, domain=self._domain)

    async def _connected(self, key: str) -> aiosmtplib.SMTP:
        """Connected and logged in. Even a refused login is transient: it is ours to mend, and no message's fault."""
        library = _library()
        client: aiosmtplib.SMTP = library.SMTP(
            hostname=self._host,
            port=self._port,
            timeout=self._timeout.total_seconds(),
            use_tls=self._tls == "implicit",
            start_tls=self._tls == "starttls",
        )
        try:
            await client.connect()
            if self._password is not None:
                await client.login(self._username, self._password.reveal())
        except (library.SMTPException, OSError) as error:
            client.close()
            raise TransientFailure(key, f"connect: {type(error).__name__}") from None
        return client

    async def _addressed(self, client: aiosmtplib.SMTP, envelope: Envelope) -> None:
        """Before DATA nothing has been sent, so that a lost connection is transient."""
        library = _library()
        utf8 = needs_utf8(envelope)
        encoding = "utf-8" if utf8 else "ascii"
        try:
            await client.mail(envelope.sender.value, options=["SMTPUTF8"] if utf8 else None, encoding=encoding)
            await client.rcpt(envelope.recipient.value, encoding=encoding)
        except library.SMTPResponseException as error:
            raise self._refused(envelope.key, error.code, error.message) from None
        except (library.SMTPException, OSError) as error:
            raise TransientFailure(envelope.key, type(error).__name__) from None

    async def _handed_over(self, client: aiosmtplib.SMTP, key: str, mail: bytes) -> None:
        """Once DATA has begun, a lost connection says nothing about whether the mail was taken."""
        library = _library()
        try:
            await client.data(mail)
        except library.SMTPResponseException as error:
            raise self._refused(key, error.code, error.message) from None
        except (library.SMTPException, OSError) as error:
            raise UnknownOutcome(key, type(error).__name__) from None

    def _refused(self, key: str, code: int, message: str) -> TransportError:
        """By the server's reply. Its words may repeat the address: only the codes are kept."""
        enhanced = _ENHANCED.match(message)
        said = f"{code} {enhanced[1]}" if enhanced else str(code)
        if self._opt_out_codes & {said, str(code)}:
            return OptedOut(key, said)
        return TransientFailure(key, said) if 400 <= code < 500 else PermanentFailure(key, said)
