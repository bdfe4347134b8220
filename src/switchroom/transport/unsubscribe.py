"""One-click opt-out by e-mail: the address that a mail carries, and what a request to it means.

Source: RFC 8058. The address carries a token that says nothing to a reader and cannot be made up. Only a POST with the
body that the standard names counts: link scanners follow every address in a mail with GET.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from urllib.parse import parse_qs

import attrs

from switchroom.errors import InvalidInput
from switchroom.ids import valid_id
from switchroom.transport.signatures import Secret

MAX_BODY = 4096
"""Bytes of the body of a one-click request that are looked at; it has 26."""

_TOKEN = re.compile(r"([A-Za-z0-9_-]{2,200})\.([A-Za-z0-9_-]{43})")


def _secrets(values: Secret | Iterable[Secret]) -> tuple[Secret, ...]:
    return (values,) if isinstance(values, Secret) else tuple(values)


@attrs.frozen
class UnsubscribeLinks:
    """Makes and reads the addresses. ``base``: the https address that the token is put behind.

    Tokens hold the key of the message they went out with and a keyed digest; the first secret signs, all are accepted.
    """

    base: str
    secrets: tuple[Secret, ...] = attrs.field(converter=_secrets)

    def __attrs_post_init__(self) -> None:
        if not self.base.startswith("https://") or not self.secrets:
            raise InvalidInput("unsubscribe.base", "bad_url", hint="an https address and a secret are wanted")

    def link(self, key: str) -> str:
        """The address for the message of this key: for `Envelope.unsubscribe`."""
        name = _encode(valid_id(key, "key").encode())
        return f"{self.base}{name}.{_encode(_digest(self.secrets[0], name))}"

    def opted_out(self, method: str, token: str, body: bytes) -> str | None:
        """The key of the message whose recipient opts out by this request; None if it is no such request.

        ``token``: what stood behind ``base``. A GET, another body, a token that was altered or signed by somebody
        else: None. Never raises.
        """
        return self.key(token) if method.upper() == "POST" and _says_one_click(body) else None

    def key(self, token: str) -> str | None:
        """The key in a genuine token, to show a page that asks for confirmation; None for any other text."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            return None
        given = match[2].encode()
        genuine = [hmac.compare_digest(given, _encode(_digest(s, match[1])).encode()) for s in self.secrets]
        return _decode(match[1]) if any(genuine) else None


def _digest(secret: Secret, name: str) -> bytes:
    return hmac.digest(secret.reveal(), b"unsubscribe:" + name.encode(), hashlib.sha256)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> str | None:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return None


def _says_one_click(body: bytes) -> bool:
    """Form encoding and multipart forms are both allowed by the standard."""
    text = body[:MAX_BODY].decode("ascii", "replace")
    if parse_qs(text).get("List-Unsubscribe") == ["One-Click"]:
        return True
    return re.search(r'name="List-Unsubscribe"\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n', text) is not None
