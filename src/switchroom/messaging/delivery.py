"""What became of a message, and when to try again.

Reports come late, twice and out of order, so the status is the greatest one reported, by rank; every order of the
same reports gives the same status. No report at all is normal and never means failed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.fields import Span, placed, to_count, to_optional_span, to_share, to_span

UNCONFIRMED_AFTER = timedelta(hours=24)
"""How long a message that was sent waits for its next report before it counts as unconfirmed."""

MAX_REPORTS = 64
"""Reports kept of one message: more than any life cycle has, so that a provider that repeats itself fills nothing."""


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


def greater(one: DeliveryStatus, other: DeliveryStatus) -> DeliveryStatus:
    """The status of the higher rank: commutative, associative and idempotent.

    >>> greater(DeliveryStatus.DELIVERED, DeliveryStatus.SENT).value
    'delivered'
    """
    return one if one.rank >= other.rank else other


@attrs.frozen(kw_only=True)
class DeliveryReport:
    """What a provider says became of a message.

    ``at``: when it happened by the provider's clock, if it says so. ``code``: the provider's own code.
    """

    status: DeliveryStatus
    at: datetime | None = None
    code: str = ""


@attrs.frozen(kw_only=True)
class Delivery:
    """The status of one message with the reports that led to it, without repetitions, in order of arrival."""

    status: DeliveryStatus = DeliveryStatus.CREATED
    reports: tuple[DeliveryReport, ...] = ()

    def reported(self, report: DeliveryReport) -> Delivery:
        """With one more report: the status never falls. A report that is there already changes nothing."""
        if report in self.reports:
            return self
        kept = (*self.reports, report) if len(self.reports) < MAX_REPORTS else self.reports
        return Delivery(status=greater(self.status, report.status), reports=kept)

    def waited(self, since: datetime, now: datetime, limit: timedelta = UNCONFIRMED_AFTER) -> Delivery:
        """Unconfirmed if it was sent, nothing more was heard, and ``since`` (its last change) is ``limit`` ago."""
        if self.status is not DeliveryStatus.SENT or now - since < limit:
            return self
        return Delivery(status=DeliveryStatus.UNCONFIRMED, reports=self.reports)


@attrs.frozen(kw_only=True, field_transformer=placed("backoff"))
class Backoff:
    """How long to wait before the next try: doubling from ``first`` up to ``longest``, less a random share of it.

    ``tries``: sends in all, the first included. ``jitter``: the share of each wait that chance may take away, so that
    messages that failed together do not come back together.
    """

    first: timedelta = attrs.field(default=timedelta(seconds=2), converter=to_span)
    longest: timedelta = attrs.field(default=timedelta(minutes=15), converter=to_span)
    tries: int = attrs.field(default=6, converter=to_count)
    jitter: float = attrs.field(default=0.5, converter=to_share)

    def __attrs_post_init__(self) -> None:
        if not timedelta(0) < self.first <= self.longest:
            raise InvalidInput("backoff.first", "range", self.first, hint="above zero and not over backoff.longest")

    def wait(self, tried: int, random: Random, *, retry_after: Span | None = None) -> timedelta | None:
        """The wait after ``tried`` failed tries (1 or more); None when the tries are used up.

        ``retry_after``: what the provider asked for; never less than that is waited, however long it is. One random
        number is drawn for each answer that is a wait.
        """
        if to_count(tried) >= self.tries:
            return None
        wait = self._full(tried) * (1 - self.jitter * random.random())
        return max(wait, to_optional_span(retry_after) or timedelta(0))

    def _full(self, tried: int) -> timedelta:
        """The wait before chance takes its share. Compared before it is computed: doubling overflows soon."""
        times = 2 ** min(tried - 1, 64)
        return self.longest if times > self.longest // self.first else self.first * times
