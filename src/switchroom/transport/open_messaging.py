"""Messages to and from any other system, as signed JSON over HTTP. Sending needs the ``http`` extra; receiving nothing.

Requests out are signed by Standard Webhooks; requests in are verified by whatever `Verifier` the route has. Any web
framework can call `OpenMessagingReceiver.handle`: it takes headers and the raw body, and answers with values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Self

import attrs

from switchroom.clock import Clock, SystemClock
from switchroom.durations import DurationLike, duration
from switchroom.errors import InvalidInput
from switchroom.messaging.channels import CHANNELS, Channel
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.transport.errors import OptedOut, PermanentFailure, TransientFailure, TransportError, UnknownOutcome
from switchroom.transport.open_wire import events_of, message_body
from switchroom.transport.protocol import Capabilities, Envelope, SendResult, TransportEvent, refuse_uncovered
from switchroom.transport.signatures import Headers, StandardWebhooks, Verifier
from switchroom.transport.strict_json import MAX_BYTES, Table, read_json
from switchroom.transport.web import TRY_AGAIN, asked_to_wait, checked_url, http_library

if TYPE_CHECKING:
    import httpx2

MAX_ANSWER = 64_000
"""Bytes of an answer that are looked at."""

UNKNOWN = frozenset({502, 504})
"""Answers of something in between, which may have passed the request on."""


class OpenMessagingTransport:
    """Posts each message to one address; keeps connections open between sends, until `close` or `aclose`.

    ``url``: https, or http on the loopback interface. ``signer``: its first secret signs. ``opt_out_codes``: error
    codes of this far end that mean that the recipient has opted out. ``honours_keys``: the far end's promise that a
    repeated key is not delivered twice. Redirects are not followed: a message goes where it was meant to go.
    """

    def __init__(
        self,
        url: str,
        *,
        signer: StandardWebhooks,
        channels: tuple[Channel, ...] = (CHANNELS["open"], CHANNELS["web"]),
        timeout: DurationLike = "30s",
        clock: Clock | None = None,
        opt_out_codes: frozenset[str] = frozenset({"opted_out"}),
        honours_keys: bool = True,
    ) -> None:
        self._url = checked_url(url, "open_messaging.url")
        self._signer = signer
        self._timeout = duration(timeout, field="open_messaging.timeout").total_seconds()
        self._clock = clock or SystemClock()
        self._opt_out_codes = opt_out_codes
        self._capabilities = Capabilities(
            channels=channels, honours_keys=honours_keys, reports=True, inbound=True, threads=True
        )
        self._client: httpx2.Client | None = None
        self._async_client: httpx2.AsyncClient | None = None

    def capabilities(self) -> Capabilities:
        """The channels given; reports and messages come in through a receiver."""
        return self._capabilities

    def send(self, envelope: Envelope) -> SendResult:
        """As `Transport.send`."""
        body, headers = self._request(envelope)
        library = http_library()
        client: httpx2.Client = self._client or library.Client(timeout=self._timeout, follow_redirects=False)
        self._client = client
        try:
            answer = client.post(self._url, content=body, headers=headers)
        except library.RequestError as error:
            raise _network(library, envelope.key, error) from None
        return self._result(envelope.key, answer)

    async def asend(self, envelope: Envelope) -> SendResult:
        """As `AsyncTransport.asend`. Connections belong to the event loop that made them: use one loop."""
        body, headers = self._request(envelope)
        library = http_library()
        client: httpx2.AsyncClient = self._async_client or library.AsyncClient(
            timeout=self._timeout, follow_redirects=False
        )
        self._async_client = client
        try:
            answer = await client.post(self._url, content=body, headers=headers)
        except library.RequestError as error:
            raise _network(library, envelope.key, error) from None
        return self._result(envelope.key, answer)

    def close(self) -> None:
        """Close the connections of `send`."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def aclose(self) -> None:
        """Close the connections of `asend`."""
        client, self._async_client = self._async_client, None
        if client is not None:
            await client.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def _request(self, envelope: Envelope) -> tuple[bytes, dict[str, str]]:
        refuse_uncovered(envelope, self._capabilities)
        body = message_body(envelope)
        signed = self._signer.sign(envelope.key.replace(".", "%2E"), body, now=self._clock.now())
        return body, {"content-type": "application/json", "idempotency-key": envelope.key, **signed}

    def _result(self, key: str, answer: httpx2.Response) -> SendResult:
        if answer.is_success:
            return _accepted(key, answer.content[:MAX_ANSWER])
        code = _error_code(answer.content[:MAX_ANSWER])
        said = f"{answer.status_code} {code}".strip()
        if code in self._opt_out_codes and code:
            raise OptedOut(key, said)
        raise _failure(key, answer.status_code, said, answer.headers.get("retry-after", ""))


def _network(library: ModuleType, key: str, error: Exception) -> TransportError:
    """A connection that never stood sent nothing; one that was lost later tells nothing."""
    name = type(error).__name__
    unsent = (library.ConnectError, library.ConnectTimeout, library.PoolTimeout, library.UnsupportedProtocol)
    return TransientFailure(key, name) if isinstance(error, unsent) else UnknownOutcome(key, name)


def _failure(key: str, status: int, said: str, retry_after: str) -> TransportError:
    if status in UNKNOWN:
        return UnknownOutcome(key, said)
    if status in TRY_AGAIN or status > 504:
        return TransientFailure(key, said, retry_after=asked_to_wait(retry_after))
    return PermanentFailure(key, said)


def _accepted(key: str, body: bytes) -> SendResult:
    """The message was taken, whatever the answer looks like: one that cannot be read must not cause a second send."""
    try:
        table = Table(read_json(body))
        status = DeliveryStatus(table.text("status", "sent"))
        return SendResult(key=key, provider_id=table.text("id", key), status=status, duplicate=table.flag("duplicate"))
    except ValueError:
        return SendResult(key=key, provider_id=key, status=DeliveryStatus.SENT)


def _error_code(body: bytes) -> str:
    try:
        return "".join(c for c in Table(read_json(body)).text("code", "")[:64] if c.isprintable())
    except InvalidInput:
        return ""


@attrs.frozen(kw_only=True)
class Response:
    """What to answer to a request, and what came in by it.

    ``events`` are to be stored before the answer is given: a far end that hears 200 does not come again. ``reason``:
    for our own log; it is not in the body, because a stranger learns nothing from a refusal.
    """

    status: int
    body: bytes = b""
    events: tuple[TransportEvent, ...] = ()
    reason: str = ""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the answer."""
        return {"content-type": "application/json"}


class OpenMessagingReceiver:
    """Takes requests of one route. Keeps nothing: a repeated request gives the same events, told by their ids.

    ``verifier``: has the secrets of this route. ``clock``: for the time in signatures.
    """

    def __init__(self, verifier: Verifier, *, clock: Clock | None = None, max_bytes: int = MAX_BYTES) -> None:
        self._verifier = verifier
        self._clock = clock or SystemClock()
        self._max_bytes = max_bytes

    def handle(self, headers: Headers, body: bytes) -> Response:
        """Verify the raw body, then parse it: 413 too large, 401 not genuine, 400 not understood, else 200.

        Never raises, whatever came in. Read no more than ``max_bytes`` and one from the network before calling it.
        """
        if len(body) > self._max_bytes:
            return _refusal(413, "too_large")
        verdict = self._verifier.verify(headers, body, now=self._clock.now())
        if not verdict:
            return _refusal(401, verdict.reason)
        try:
            events = events_of(read_json(body, max_bytes=self._max_bytes))
        except InvalidInput as error:
            return _refusal(400, f"{error.field}: {error.code}", detail=str(error.field)[:200])
        return Response(status=200, body=b'{"ok":true}', events=events)


def _refusal(status: int, reason: str, *, detail: str = "") -> Response:
    """A genuine sender is told where its document is wrong; anybody else nothing."""
    answer = {"ok": False, "at": detail} if detail else {"ok": False}
    return Response(status=status, body=json.dumps(answer).encode(), reason=reason)
