"""Whether a webhook was sent by who shares a secret with us. Verify first, parse after.

Every check runs over the raw bytes that came in, compares bytes in constant time, tries every secret (so that one can
be replaced without an outage) and answers with a reason, never with an exception: a header is whatever a stranger
typed. The secret is chosen by the route of the request, never by something in its body.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias, cast

import attrs

from switchroom.errors import InvalidInput

TOLERANCE = timedelta(minutes=5)
"""How far the time in a signed request may lie from ours, either way (Standard Webhooks)."""

MAX_SIGNATURES = 16
"""Signatures looked at in one header: two are usual while a secret is replaced."""

MAX_HEADER = 4096
"""Characters of a header that are looked at."""

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
"""Header names and values, in any case of letters; pairs if a name can come twice."""


class Secret:
    """Bytes that are never shown: not printed, not compared by ``==``, not pickled.

    ``Secret("whsec_...")`` takes base64 behind that prefix, as Standard Webhooks writes them; any other text is taken
    as it is, in UTF-8. Raises `InvalidInput` for an empty one and for base64 that is none.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | bytes) -> None:
        self._value = _secret_bytes(value)
        if not self._value:
            raise InvalidInput("secret", "empty", hint="a secret is not empty")

    def reveal(self) -> bytes:
        """The bytes, for the one place that needs them."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not pickled")


def _secret_bytes(value: str | bytes) -> bytes:
    if isinstance(value, bytes):
        return value
    if not value.startswith("whsec_"):
        return value.encode()
    try:
        return base64.b64decode(value.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput("secret", "not_base64", hint="base64 is wanted behind whsec_") from None


@attrs.frozen
class Verdict:
    """Whether a request is genuine, and if not, why: for our log, not for the answer to the sender."""

    genuine: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.genuine


GENUINE = Verdict(True)


class Verifier(Protocol):
    """A way to tell that a request is genuine. Never raises, whatever the headers and body are."""

    def verify(self, headers: Headers, body: bytes, *, now: datetime) -> Verdict:
        """The verdict on the raw body of a request that came at ``now``."""
        ...


def pairs_of(headers: Headers) -> tuple[tuple[str, str], ...]:
    """The headers as pairs, whichever way they came."""
    if isinstance(headers, Mapping):
        return tuple(cast("Mapping[str, str]", headers).items())
    return tuple(headers)


def header(headers: Headers, name: str) -> str | None:
    """The value of a header; None if it is missing, over long, no text, or there twice (which one would count?)."""
    found: list[object] = [value for key, value in pairs_of(headers) if str(key).lower() == name]
    value = found[0] if len(found) == 1 else None
    return value if isinstance(value, str) and len(value) <= MAX_HEADER else None


def _secrets(values: Secret | Iterable[Secret]) -> tuple[Secret, ...]:
    secrets = (values,) if isinstance(values, Secret) else tuple(values)
    if not secrets:
        raise InvalidInput("secrets", "empty", hint="at least one secret is wanted")
    return secrets


def _bytes(text: str) -> bytes:
    """A stranger's text as bytes that can be compared: text compares only in ASCII and raises otherwise."""
    return text.encode("utf-8", "surrogatepass")


def _match(candidates: Iterable[bytes], expected: Iterable[bytes]) -> bool:
    """Whether any candidate is any expected value. Looks at all pairs, so that time tells nothing."""
    expectations = tuple(expected)
    found = False
    for candidate in candidates:
        for value in expectations:
            found |= hmac.compare_digest(candidate, value)
    return found


@attrs.frozen
class StandardWebhooks:
    """Standard Webhooks: HMAC-SHA256 over ``id.timestamp.body``, one or several ``v1,`` signatures, five minutes.

    Source: the Standard Webhooks specification. Signs too, with the first secret.
    """

    secrets: tuple[Secret, ...] = attrs.field(converter=_secrets)
    tolerance: timedelta = TOLERANCE
    prefix: str = "webhook"

    def verify(self, headers: Headers, body: bytes, *, now: datetime) -> Verdict:
        """Genuine if a signature is right and the time within the tolerance, at exactly its end too."""
        pairs = pairs_of(headers)
        id, stamp = header(pairs, f"{self.prefix}-id"), header(pairs, f"{self.prefix}-timestamp")
        signatures = header(pairs, f"{self.prefix}-signature") or ""
        signed = self._signed(id or "", stamp or "", body)
        if not _match(_v1(signatures), signed) or not id or not stamp:
            return Verdict(False, "signature")
        return GENUINE if self._timely(stamp, now) else Verdict(False, "timestamp")

    def sign(self, id: str, body: bytes, *, now: datetime) -> dict[str, str]:
        """The three headers of a request. ``id``: the message's key, which the receiver dedupes by."""
        if not id or "." in id:
            # A full stop separates the parts that are signed: with one in the id, two requests could share a signature.
            raise InvalidInput("webhook_id", "bad_id", id, hint="an id without full stops is wanted")
        stamp = str(int(now.timestamp()))
        names = (f"{self.prefix}-{name}" for name in ("id", "timestamp", "signature"))
        return dict(zip(names, (id, stamp, "v1," + self._signed(id, stamp, body)[0].decode()), strict=True))

    def _signed(self, id: str, stamp: str, body: bytes) -> list[bytes]:
        message = b".".join((_bytes(id), _bytes(stamp), body))
        digests = (hmac.digest(secret.reveal(), message, hashlib.sha256) for secret in self.secrets)
        return [base64.b64encode(digest) for digest in digests]

    def _timely(self, stamp: str, now: datetime) -> bool:
        if re.fullmatch(r"[0-9]{1,12}", stamp) is None:
            return False
        apart = abs(now.timestamp() - int(stamp))
        return apart <= self.tolerance.total_seconds()


def _v1(value: str) -> list[bytes]:
    parts = value.split(" ")[:MAX_SIGNATURES]
    return [_bytes(part[3:]) for part in parts if part.startswith("v1,")] or [b""]


@attrs.frozen
class HubSignature:
    """``X-Hub-Signature-256``: ``sha256=`` and the hexadecimal HMAC-SHA256 of the body. Meta and open messaging.

    It signs no time: who uses it must dedupe by message id.
    """

    secrets: tuple[Secret, ...] = attrs.field(converter=_secrets)

    def verify(self, headers: Headers, body: bytes, *, now: datetime) -> Verdict:
        """Genuine if the signature is right for one of the secrets; ``now`` plays no part."""
        value = header(headers, "x-hub-signature-256") or ""
        return GENUINE if _match([_bytes(value)], self._signed(body)) else Verdict(False, "signature")

    def sign(self, body: bytes) -> dict[str, str]:
        """The header of a request, with the first secret."""
        return {"x-hub-signature-256": self._signed(body)[0].decode()}

    def _signed(self, body: bytes) -> list[bytes]:
        digests = (hmac.new(secret.reveal(), body, hashlib.sha256).hexdigest() for secret in self.secrets)
        return [f"sha256={digest}".encode() for digest in digests]


@attrs.frozen
class TwilioSignature:
    """``X-Twilio-Signature``: base64 of the HMAC-SHA1 over the full address and the sorted form parameters.

    It signs no time: dedupe by message id, for opt-outs without an end. Source: Twilio, "Webhooks security".
    """

    secrets: tuple[Secret, ...] = attrs.field(converter=_secrets)

    def verify_form(self, headers: Headers, url: str, parameters: Iterable[tuple[str, str]]) -> Verdict:
        """The verdict on a form. ``url``: as the provider called it, query and all; parameters may repeat."""
        value = header(headers, "x-twilio-signature") or ""
        return GENUINE if _match([_bytes(value)], self._signed(url, parameters)) else Verdict(False, "signature")

    def verify_body(self, headers: Headers, url: str, body: bytes) -> Verdict:
        """The verdict on a body that is no form: its SHA-256 stands in the signed address as ``bodySHA256``."""
        claimed = re.findall(r"[?&]bodySHA256=([0-9a-fA-F]{64})(?=&|$)", url)
        digest = hashlib.sha256(body).hexdigest().encode()
        whole = len(claimed) == 1 and hmac.compare_digest(claimed[0].lower().encode(), digest)
        signed = self.verify_form(headers, url, ())
        return signed if whole or not signed else Verdict(False, "body")

    def _signed(self, url: str, parameters: Iterable[tuple[str, str]]) -> list[bytes]:
        message = _bytes(url + "".join(name + value for name, value in sorted(set(parameters))))
        digests = (hmac.digest(secret.reveal(), message, hashlib.sha1) for secret in self.secrets)
        return [base64.b64encode(digest) for digest in digests]
