"""Changes posted to the system that they concern, signed: a sink for ``center.sources.connect``.

Needs the ``http`` extra.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from switchroom.clock import Clock, SystemClock
from switchroom.durations import DurationLike, duration
from switchroom.errors import DeliveryFailed, DeliveryRefused
from switchroom.transport.signatures import StandardWebhooks
from switchroom.transport.web import TRY_AGAIN, asked_to_wait, checked_url, http_library

if TYPE_CHECKING:
    import httpx2


class WebhookSink:
    """Posts each change as JSON to one address, and keeps the connection open until `close`.

    ``url``: https, or http on the loopback interface; redirects are not followed. ``signer``: its first secret signs.
    The header ``idempotency-key`` (and ``webhook-id``) is the same at every attempt: the receiver drops what it has. An
    answer of 2xx means that the change is taken, 408, 425, 429 and 5xx that it is to come again (after
    ``retry-after``), as does no answer within ``timeout``; every other answer gives it up.
    """

    def __init__(
        self, url: str, *, signer: StandardWebhooks, timeout: DurationLike = "30s", clock: Clock | None = None
    ) -> None:
        self._url = checked_url(url, "webhook_sink.url")
        self._signer = signer
        self._timeout = duration(timeout, field="webhook_sink.timeout").total_seconds()
        self._clock = clock or SystemClock()
        self._client: httpx2.Client | None = None

    def deliver(self, key: str, change: Mapping[str, Any]) -> None:
        """Post one change. Raises `DeliveryFailed` to be asked again, `DeliveryRefused` to give up."""
        library = http_library()
        client: httpx2.Client = self._client or library.Client(timeout=self._timeout, follow_redirects=False)
        self._client = client
        body = json.dumps(dict(change), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        signed = self._signer.sign(key.replace(".", "%2E"), body, now=self._clock.now())
        headers = {"content-type": "application/json", "idempotency-key": key, **signed}
        try:
            answer = client.post(self._url, content=body, headers=headers)
        except library.RequestError as error:
            raise DeliveryFailed(type(error).__name__) from None
        if answer.is_success:
            return
        said = f"answered {answer.status_code}"
        if answer.status_code in TRY_AGAIN or answer.status_code >= 500:
            wait = asked_to_wait(answer.headers.get("retry-after", ""))
            raise DeliveryFailed(said, retry_after=None if wait is None else wait.total_seconds())
        raise DeliveryRefused(said)

    def close(self) -> None:
        """Close the connection."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
