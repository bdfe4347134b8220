"""The memory transport: faults as scripted or drawn, the same for the same seed, on the clock given."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.clock import ManualClock
from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.messaging.channels import CHANNELS
from switchroom.messaging.content import Text
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.transport.errors import TransientFailure, TransportError, UnknownOutcome
from switchroom.transport.memory import Faults, MemoryTransport, Outcome
from switchroom.transport.protocol import DeliveryUpdate, Envelope, InboundMessage, TransportEvent

SHOP, ANN = Address("sms", "12345"), Address("sms", "+15551234567")


def letter(key: str) -> Envelope:
    return Envelope(key=key, sender=SHOP, recipient=ANN, content=Text(key))


def inbound(id: str) -> InboundMessage:
    return InboundMessage(provider_id=id, sender=ANN, recipient=SHOP, content=Text(id))


def run(faults: Faults, seed: int, messages: int = 50) -> tuple[list[str], list[tuple[str, TransportEvent]], list[str]]:
    """What each send ended with, the events in order with their times, and the keys that arrived."""
    clock = ManualClock()
    transport = MemoryTransport(clock, faults=faults, seed=seed)
    ends: list[str] = []
    for number in range(messages):
        try:
            transport.send(letter(f"k-{number}"))
            ends.append("accepted")
        except TransportError as error:
            ends.append(type(error).__name__)
        transport.receive(inbound(f"m-{number}"), after="1s")
    events: list[tuple[str, TransportEvent]] = []
    while (due := transport.next_due()) is not None:
        clock.set(max(due, clock.now()))
        events.extend((clock.now().isoformat(), event) for event in transport.due())
    return ends, events, [e.key for e in transport.sent]


def test_reports_follow_on_the_clock() -> None:
    """Without faults: sent after the delay, delivered after twice the delay, and never before."""
    clock = ManualClock()
    transport = MemoryTransport(clock, faults=Faults(delay="10s"))
    result = transport.send(letter("k-1"))
    assert (result.key, result.status, result.duplicate) == ("k-1", DeliveryStatus.SENT, False)
    assert transport.due() == ()
    statuses = []
    for step in ("9s", "1s", "10s"):
        clock.advance(step)
        statuses.append([e.report.status.value for e in transport.due() if isinstance(e, DeliveryUpdate)])
    assert statuses == [[], ["sent"], ["delivered"]]
    assert transport.next_due() is None


def test_outcomes_are_scripted_in_order() -> None:
    """The next sends end as written; a lost unknown one has not arrived, a sent one has."""
    transport = MemoryTransport(ManualClock())
    transport.script("transient", Outcome.UNKNOWN_LOST, "unknown_sent")
    with pytest.raises(TransientFailure):
        transport.send(letter("k-1"))
    for key in ("k-2", "k-3"):
        with pytest.raises(UnknownOutcome):
            transport.send(letter(key))
    assert [e.key for e in transport.sent] == ["k-3"]
    assert transport.send(letter("k-3")).duplicate
    assert not transport.send(letter("k-2")).duplicate
    assert [e.key for e in transport.sent] == ["k-3", "k-2"]
    transport.report("k-2", DeliveryStatus.READ)
    assert any(isinstance(e, DeliveryUpdate) and e.report.status is DeliveryStatus.READ for e in transport.due())


SHARES = st.floats(0, 1)


@given(
    st.builds(
        Faults,
        transient=SHARES,
        permanent=SHARES,
        unknown=SHARES,
        lost_reports=SHARES,
        duplicates=SHARES,
        late=st.just("1m"),
    ),
    st.integers(0, 2**32),
)
def test_the_same_seed_gives_the_same_events(faults: Faults, seed: int) -> None:
    """Everything that happens is decided by faults, seed and calls."""
    assert run(faults, seed, 10) == run(faults, seed, 10)


def test_faults_happen_in_their_share() -> None:
    """Each share shows in what happens: failures, doubled and lost events, and reports out of order."""
    ends, events, arrived = run(Faults(transient=0.2, permanent=0.2, unknown=0.3), 1, 500)
    counts = Counter(ends)
    assert 60 < counts["TransientFailure"] < 140
    assert 50 < counts["PermanentFailure"] < 120
    assert 60 < counts["UnknownOutcome"] < 140
    assert counts["accepted"] < len(arrived) < counts["accepted"] + counts["UnknownOutcome"]
    _, events, _ = run(Faults(duplicates=0.5, lost_reports=0.3, late="1m"), 1, 200)
    messages = Counter(e.provider_id for _, e in events if isinstance(e, InboundMessage))
    assert set(messages.values()) == {1, 2}
    updates = [e for _, e in events if isinstance(e, DeliveryUpdate)]
    assert len({(e.key, e.report) for e in updates}) < 320
    by_key: dict[str, list[DeliveryStatus]] = {}
    for update in updates:
        by_key.setdefault(update.key, []).append(update.report.status)
    assert any(s[0] is DeliveryStatus.DELIVERED and DeliveryStatus.SENT in s for s in by_key.values())
    times = [at for at, _ in events]
    assert times == sorted(times)


def test_a_different_seed_gives_other_luck() -> None:
    """Seeds matter."""
    faults = Faults(transient=0.5)
    assert run(faults, 1) != run(faults, 2)


def test_any_disorder_ends_in_the_same_status() -> None:
    """However late, doubled and out of order the reports are, the status is delivered in the end."""
    _, events, _ = run(Faults(duplicates=1, late="1h"), 3)
    statuses: dict[str, DeliveryStatus] = {}
    for _, event in events:
        if isinstance(event, DeliveryUpdate):
            known = statuses.get(event.key, DeliveryStatus.CREATED)
            statuses[event.key] = max(known, event.report.status, key=lambda status: status.rank)
    assert set(statuses.values()) == {DeliveryStatus.DELIVERED}


def test_only_declared_channels_are_served() -> None:
    """A channel that was not given is refused, and so are faults that are no shares."""
    transport = MemoryTransport(ManualClock(), channels=[CHANNELS["web"]])
    with pytest.raises(InvalidInput, match="does not serve"):
        transport.send(letter("k-1"))
    with pytest.raises(InvalidInput, match="faults"):
        Faults(transient=2)
    assert Faults(delay="2s").delay == timedelta(seconds=2)
