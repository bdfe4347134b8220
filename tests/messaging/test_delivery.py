"""Delivery: the status is the greatest reported, and waits between tries grow within bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.messaging.delivery import MAX_REPORTS, Backoff, Delivery, DeliveryReport, DeliveryStatus, greater

S = DeliveryStatus
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
STATUSES = st.sampled_from(list(S))


def test_the_ranks_are_those_of_the_rule() -> None:
    """Created lowest, read highest; giving up ranks under arriving."""
    order = [
        S.CREATED, S.QUEUED, S.SENDING, S.SENT, S.UNCONFIRMED, S.CANCELED, S.EXPIRED, S.FAILED, S.UNDELIVERED,
        S.PARTIALLY_DELIVERED, S.DELIVERED, S.READ,
    ]  # fmt: skip
    assert sorted(S, key=lambda s: s.rank) == order
    assert [s for s in order if s.ended] == order[5:]
    assert [s for s in order if s.arrived] == order[9:]


@given(st.lists(STATUSES, max_size=8), st.randoms(use_true_random=False))
def test_late_doubled_and_shuffled_reports_do_no_harm(statuses: list[S], random: Random) -> None:
    """Any order and any repetition of the same reports gives the same status: the greatest."""
    reports = [DeliveryReport(status=s, code=str(i)) for i, s in enumerate(statuses)]
    shuffled = [*reports, *random.choices(reports, k=3)] if reports else []
    random.shuffle(shuffled)
    one, other = Delivery(), Delivery()
    for report in reports:
        one = one.reported(report)
    for report in shuffled:
        other = other.reported(report)
    assert one.status is other.status is max([S.CREATED, *statuses], key=lambda s: s.rank)
    assert set(one.reports) == set(other.reports) == set(reports)


@given(STATUSES, STATUSES, STATUSES)
def test_greater_is_a_join(a: S, b: S, c: S) -> None:
    """Commutative, associative and idempotent."""
    assert greater(a, b) is greater(b, a)
    assert greater(a, greater(b, c)) is greater(greater(a, b), c)
    assert greater(a, a) is a


def test_a_repeated_report_changes_nothing() -> None:
    """The same report again gives the same value, and the reports kept are bounded."""
    sent = DeliveryReport(status=S.SENT, at=NOON)
    once = Delivery().reported(sent)
    assert once.reported(sent) is once
    many = Delivery()
    for number in range(MAX_REPORTS * 2):
        many = many.reported(DeliveryReport(status=S.SENT, code=str(number)))
    many = many.reported(DeliveryReport(status=S.READ))
    assert len(many.reports) == MAX_REPORTS
    assert many.status is S.READ


def test_silence_is_unconfirmed_and_never_failed() -> None:
    """A sent message without news becomes unconfirmed at the limit; a later report still counts."""
    sent = Delivery().reported(DeliveryReport(status=S.SENT))
    limit = timedelta(hours=24)
    assert sent.waited(NOON, NOON + limit - timedelta(microseconds=1)).status is S.SENT
    unconfirmed = sent.waited(NOON, NOON + limit)
    assert unconfirmed.status is S.UNCONFIRMED
    assert unconfirmed.reported(DeliveryReport(status=S.SENT)).status is S.UNCONFIRMED
    assert unconfirmed.reported(DeliveryReport(status=S.DELIVERED)).status is S.DELIVERED
    delivered = sent.reported(DeliveryReport(status=S.DELIVERED))
    assert delivered.waited(NOON, NOON + 2 * limit) is delivered


def test_waits_double_up_to_the_longest_and_end() -> None:
    """Without chance the waits are first, twice, four times ... the longest, and None after the last try."""
    backoff = Backoff(first="2s", longest="10s", tries=6, jitter=0)
    waits = [backoff.wait(tried, Random(1)) for tried in range(1, 7)]
    assert waits == [*(timedelta(seconds=s) for s in (2, 4, 8, 10, 10)), None]


@given(st.integers(1, 200), st.floats(0, 1), st.integers(), st.integers(1, 10**6), st.integers(0, 10**6))
def test_waits_stay_within_bounds(tried: int, jitter: float, seed: int, first: int, more: int) -> None:
    """A wait is between its full length less the random share and its full length, for every try."""
    backoff = Backoff(first=first, longest=first + more, tries=1000, jitter=jitter)
    wait = backoff.wait(tried, Random(seed))
    full = min(backoff.longest, backoff.first * 2 ** min(tried - 1, 20))
    assert wait is not None
    assert full * (1 - jitter) - timedelta(microseconds=1) <= wait <= full
    assert wait == backoff.wait(tried, Random(seed))


def test_the_providers_wait_is_kept() -> None:
    """Never earlier than the provider asked for, even beyond the longest wait."""
    backoff = Backoff(first="1s", longest="10s", tries=3)
    assert backoff.wait(1, Random(0), retry_after="1h") == timedelta(hours=1)
    short = backoff.wait(1, Random(0), retry_after=0)
    assert short is not None
    assert short > timedelta(0)


def test_random_waits_are_spread() -> None:
    """Messages that failed together do not come back together."""
    random = Random(7)
    waits = sorted(w for _ in range(100) if (w := Backoff().wait(4, random)) is not None)
    assert len(set(waits)) == 100
    assert max(b - a for a, b in pairwise(waits)) < timedelta(seconds=2)


@pytest.mark.parametrize("wrong", [{"first": 0}, {"first": "1h", "longest": "1s"}, {"tries": 0}, {"jitter": 1.5}])
def test_a_backoff_that_cannot_work_is_refused(wrong: dict[str, float | str]) -> None:
    """No wait of zero, no longest under the first, at least one try, a share as jitter."""
    with pytest.raises(InvalidInput, match="backoff"):
        Backoff(**wrong)  # type: ignore[arg-type]
