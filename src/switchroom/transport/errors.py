"""How a send can fail, split by what to do about it.

::

    SwitchroomError
    └── EnvironmentFault
        └── TransportError         a send that was not accepted; ``key`` says which
            ├── TransientFailure   nothing was sent: try again, after ``retry_after`` if that is given
            ├── PermanentFailure   nothing was sent, and trying again would not help
            ├── OptedOut           the provider holds an opt-out of the recipient: record it here too, never try again
            └── UnknownOutcome     it may have been sent: try again only with the same key

The four are siblings, so that nobody who handles permanent failures handles an opt-out by accident. All carry
``code``, what the provider said; none carries the recipient or the body.
"""

from __future__ import annotations

from datetime import timedelta

from switchroom.errors import EnvironmentFault, quote


class TransportError(EnvironmentFault):
    """A send that was not accepted."""

    error_code = "transport_error"

    retryable = False
    key: str
    code: str
    _meaning = "was not sent"

    def __init__(self, key: str, code: str = "", *, retry_after: timedelta | None = None) -> None:
        said = f" ({quote(code)})" if code else ""
        super().__init__(f"message {quote(key)} {self._meaning}{said}", key=key, code=code, retry_after=retry_after)


class TransientFailure(TransportError):
    """Nothing was sent; a later try may succeed. ``retry_after``: what the provider asked to wait, or None."""

    error_code = "transient_failure"

    retryable = True
    retry_after: timedelta | None
    _meaning = "was not sent for now"


class PermanentFailure(TransportError):
    """Nothing was sent, and the same message will never be."""

    error_code = "permanent_failure"

    _meaning = "cannot be sent"


class OptedOut(TransportError):
    """Nothing was sent: the recipient has opted out with the provider."""

    error_code = "opted_out"

    _meaning = "was not sent, the recipient has opted out"


class UnknownOutcome(TransportError):
    """The connection was lost after the message was handed over: it may have been sent."""

    error_code = "unknown_outcome"

    retryable = True
    _meaning = "may or may not have been sent"
