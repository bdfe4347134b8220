"""Message keys as Message-IDs and back, so that answers and bounces name the message that they are about."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z0-9_-]")
_ENCODED = re.compile(r"(?:[A-Za-z0-9_-]|=[0-9A-F]{2})+")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")


def message_id(key: str, domain: str) -> str:
    """The Message-ID of a key: the same for every try, so that a receiver can tell a repetition.

    Full stops and colons, which keys may have in places where Message-IDs may not, are written as ``=2E``, ``=3A``.

    >>> message_id("order.7:1", "shop.example")
    '<order=2E7=3A1@shop.example>'
    """
    local = "".join(c if _PLAIN.match(c) else f"={ord(c):02X}" for c in key)
    return f"<{local}@{domain}>"


def key_of(id: str, domain: str) -> str | None:
    """The key that a Message-ID of this domain was made of; None for anybody else's."""
    host = id.strip().removesuffix(">").rpartition("@")[2]
    return key_in(id) if host.lower() == domain.lower() else None


def key_in(id: str) -> str | None:
    """The key that a Message-ID was made of, if it was made of one; whose it is, the domain says.

    >>> key_in("<order=2E7=3A1@shop.example>"), key_in("<CA+7@mail.example>")
    ('order.7:1', None)
    """
    local = id.strip().removeprefix("<").rpartition("@")[0]
    if _ENCODED.fullmatch(local) is None:
        return None
    return re.sub(r"=([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), local)


def ids_in(value: str) -> tuple[str, ...]:
    """The Message-IDs in a header, angle brackets included, however much else stands around them. Linear.

    >>> ids_in("<a@b> (comment) broken <[c]@d>")
    ('<a@b>', '<[c]@d>')
    """
    return tuple(match.group() for match in _MESSAGE_ID.finditer(value))
