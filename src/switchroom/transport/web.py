"""What everything that posts over HTTP has in common: the library, addresses, and what an answer asks for."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from urllib.parse import urlsplit

from switchroom.errors import InvalidInput

MAX_RETRY_AFTER = timedelta(days=1)
"""A far end that asks for more is asked again after this."""

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that plain http is allowed to."""

TRY_AGAIN = frozenset({408, 425, 429, 500, 503, 507})
"""Answers that say that nothing was done."""


def http_library() -> ModuleType:
    """The HTTP library, which comes with an extra."""
    try:
        import httpx2
    except ImportError:
        raise ImportError('posting over HTTP needs the extra: pip install "switchroom[http]"') from None
    return httpx2


def checked_url(url: str, field: str) -> str:
    """The address, if it may be posted to: https, or http on the loopback interface."""
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname or ""
    except ValueError:
        scheme, host = "", ""
    if not host or not (scheme == "https" or (scheme == "http" and host in LOCAL)):
        # The address is not repeated: it may carry a token.
        raise InvalidInput(field, "bad_url", hint="an https address is wanted, or http on this machine")
    return url


def asked_to_wait(retry_after: str) -> timedelta | None:
    """What the header ``retry-after`` asks for, in seconds; None for what is no such number."""
    if not (retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 10):
        return None
    return min(timedelta(seconds=int(retry_after)), MAX_RETRY_AFTER)
