"""One-click opt-out by e-mail: what the link says, and what a request to it does.

The link carries the keyed digests of the address, so that it works for as long as the mail exists and needs nothing to
be kept. It is signed by the edge; see `switchroom.transport.unsubscribe`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchroom.consent import state as consent_ops
from switchroom.consent.model import channel_scope, pool_scope
from switchroom.errors import InvalidInput
from switchroom.kernel.transaction import Transaction

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound

LINK = "link"
"""The source of an opt-out by link."""


def unsubscribe_key(line: str, keys: tuple[str, ...]) -> str:
    """Who opts out of whose mail, as an id."""
    return f"{'.'.join(keys)}:{line}"[:128]


def unsubscribe(tx: Transaction, o: Outbound, key: str) -> bool:
    """Opt out whoever a link was made for; returns whether that is new. Refuses what no link says."""
    digests, _, line_id = key.partition(":")
    keys = tuple(digests.split("."))
    if not line_id or not all(len(k) == 32 and set(k) <= set("0123456789abcdef") for k in keys):
        raise InvalidInput("unsubscribe", "bad_key", hint="no link says that")
    line = o.lines.get(line_id)
    # A line that is gone had a channel of mail: nothing by mail any more is the nearest that is safe.
    scope = (
        channel_scope("email") if line is None else pool_scope(line.address.channel, line.pool or line.address.value)
    )
    return consent_ops.opt_out(tx, o.consent, keys, scope, LINK, "one-click")
