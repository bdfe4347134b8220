"""Delivery: the status is the greatest reported, whatever the order."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from switchroom.messaging.delivery import DeliveryStatus
from tests.conversations.help_desk import HelpDesk, customer

S = DeliveryStatus


def test_the_ranks_are_those_of_the_rule() -> None:
    """Created lowest, read highest; giving up ranks under arriving."""
    order = [
        S.CREATED, S.QUEUED, S.SENDING, S.SENT, S.UNCONFIRMED, S.CANCELED, S.EXPIRED, S.FAILED, S.UNDELIVERED,
        S.PARTIALLY_DELIVERED, S.DELIVERED, S.READ,
    ]  # fmt: skip
    assert sorted(S, key=lambda s: s.rank) == order
    assert [s for s in order if s.ended] == order[5:]
    assert [s for s in order if s.arrived] == order[9:]


@given(st.lists(st.sampled_from(list(S)), max_size=8), st.randoms(use_true_random=False))
def test_late_doubled_and_shuffled_reports_do_no_harm(statuses: list[S], random: Random) -> None:
    """Any order and any repetition of the same reports leads to the same status: the greatest."""
    desk = HelpDesk()
    told: set[str] = set()
    for shuffled in (statuses, random.sample(statuses, len(statuses)), [s for s in statuses for _ in range(2)]):
        message = desk.center.conversations.send("main", customer(), "hello")
        for status in shuffled:
            desk.center.conversations.report(message, status)
        desk.center.check()
        told.add(desk.center.conversations.message_status(message))
    assert told == {max([S.QUEUED, *statuses], key=lambda s: s.rank).value}
