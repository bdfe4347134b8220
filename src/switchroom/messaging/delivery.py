"""What became of a message.

Reports come late, twice and out of order, so the status is the greatest one reported, by rank; every order of the
same reports gives the same status. No report at all is normal and never means failed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import attrs

UNCONFIRMED_AFTER = timedelta(hours=24)
"""How long a message that was sent waits for its next report before it counts as unconfirmed."""


class DeliveryStatus(StrEnum):
    """The states of a message, in the order of their rank."""

    CREATED = "created"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERED = "delivered"
    READ = "read"

    @property
    def rank(self) -> int:
        """0 for created, up to 11 for read."""
        return _RANKS[self]

    @property
    def ended(self) -> bool:
        """Whether no further try makes sense: it arrived, or was given up."""
        return self.rank >= _RANKS[DeliveryStatus.CANCELED]

    @property
    def arrived(self) -> bool:
        """Whether at least a part of it reached the recipient."""
        return self.rank >= _RANKS[DeliveryStatus.PARTIALLY_DELIVERED]


_RANKS = {status: rank for rank, status in enumerate(DeliveryStatus)}


@attrs.frozen(kw_only=True)
class DeliveryReport:
    """What a provider says became of a message.

    ``at``: when it happened by the provider's clock, if it says so. ``code``: the provider's own code.
    """

    status: DeliveryStatus
    at: datetime | None = None
    code: str = ""
