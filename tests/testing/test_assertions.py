"""The assertions hold where they should, and fail with what explains why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from switchroom import Agent, ContactCenter, ManualClock, Queue, Record, WorkItem
from switchroom.messaging.addresses import Address
from switchroom.testing import assertions
from switchroom.testing.building import Builder
from switchroom.testing.network import Customer, Network


@pytest.fixture
def center() -> ContactCenter:
    """ana has ``offered``, ``spanish`` waits for nobody, ``held`` is in bob's hands, ``done`` is over."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    Builder(center)(Queue("q"), Queue("rare"), Agent("bob", queues=["q"]), WorkItem("done", queue="q"))
    center.assignments.complete(center.offers.accept(center.offers.of_agent("bob")[0].id))
    center.work.submit(WorkItem("held", queue="q"))
    center.offers.accept(center.offers.of_agent("bob")[0].id)
    Builder(center)(Agent("ana", queues=["q"]), WorkItem("offered", queue="q"))
    Builder(center)(WorkItem("spanish", queue="q", requirement="spanish"), WorkItem("second", queue="rare"))
    return center


def test_they_hold(center: ContactCenter) -> None:
    """What is so is returned as it is."""
    assert assertions.assert_offered(center, "offered", to="ana").agent == "ana"
    assertions.assert_not_offered(center, "offered", to="bob")
    assertions.assert_not_offered(center, "spanish")
    assert assertions.assert_waiting(center, "second", queue="rare", position=1).queue == "rare"
    assert assertions.assert_assigned(center, "held", to="bob").item == "held"
    assert assertions.assert_state(center, "done", "completed").state == "completed"
    assert assertions.assert_presence(center, "ana", "on_queue").id == "ana"
    [made] = assertions.assert_happened(center, "routing.offer_made", {"item": "offered"}, count=1)
    assert made.event.agent == "ana"
    assertions.assert_not_happened(center, "routing.offer_declined")


Check = Callable[[ContactCenter], object]


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (lambda c: assertions.assert_offered(c, "spanish", to="ana"), ["but waiting in q", "spanish", "ana"]),
        (lambda c: assertions.assert_offered(c, "spanish"), ["candidates:", "bob"]),
        (lambda c: assertions.assert_offered(c, "offered", to="bob"), ["not offered to bob, but offered to ana"]),
        (lambda c: assertions.assert_offered(c, "done"), ["but completed", "routing.item_completed"]),
        (lambda c: assertions.assert_not_offered(c, "offered"), ["is offered to ana", "chosen: ana"]),
        (lambda c: assertions.assert_waiting(c, "offered"), ["not waiting, but offered to ana"]),
        (lambda c: assertions.assert_waiting(c, "second", queue="q"), ["not wait in q, but in rare"]),
        (
            lambda c: assertions.assert_waiting(c, "spanish", position=1),
            ["not at position 1 of q, but at 2", "offered"],
        ),
        (lambda c: assertions.assert_assigned(c, "offered"), ["not assigned, but offered to ana"]),
        (lambda c: assertions.assert_assigned(c, "held", to="ana"), ["not assigned to ana, but assigned to bob"]),
        (lambda c: assertions.assert_state(c, "done", "closed"), ["not closed, but completed"]),
        (lambda c: assertions.assert_presence(c, "ana", "break"), ["ana is not break, but on_queue since"]),
        (lambda c: assertions.assert_happened(c, "routing.offer_made", {"agent": "cyd"}), ["happened 0 times", "ana"]),
        (lambda c: assertions.assert_happened(c, "no.such"), ["there is no no.such at all"]),
        (lambda c: assertions.assert_not_happened(c, "routing.offer_made"), ["happened 3 times"]),
    ],
)
def test_they_fail_with_the_reason(center: ContactCenter, check: Check, words: list[str]) -> None:
    """A failure says what is the case, and why."""
    with pytest.raises(AssertionError) as failure:
        check(center)
    assert [word for word in words if word not in str(failure.value)] == [], str(failure.value)


def test_messages() -> None:
    """What has left is found by a part of its text and by its address; a failure shows all of it, addresses masked."""
    network = Network(ContactCenter(clock=ManualClock(), seed=1))
    Builder(network.center).help_desk("ana")
    customer = Customer(network)
    customer.writes("STOP")
    transport = network.transport
    assert len(assertions.assert_sent(transport, "unsubscribed", to=customer.address, count=1)) == 1
    assertions.assert_not_sent(transport, "welcome")
    for check in (
        lambda: assertions.assert_sent(transport, "welcome"),
        lambda: assertions.assert_sent(transport, "unsubscribed", count=2),
        lambda: assertions.assert_sent(transport, "unsubscribed", to=Address("sms", "+15557650002")),
        lambda: assertions.assert_not_sent(transport, "unsubscribed"),
    ):
        with pytest.raises(AssertionError, match="unsubscribed") as failure:
            check()
        assert customer.address.value not in str(failure.value)


def test_messages_that_never_end_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that answer each other at one instant would go on for ever: an error, not a test that hangs."""
    monkeypatch.setattr("switchroom.testing.network.MAX_MESSAGES", 20)
    network = Network(ContactCenter(clock=ManualClock(), seed=1))
    center = Builder(network.center).help_desk("ana")

    def answer(record: Record) -> None:
        if record.type == "kernel.effect_done":
            center.conversations.send("main", Address("sms", "+15557650002"), "and again")

    center.subscribe(answer)
    with pytest.raises(RuntimeError, match="still leave after 20"):
        Customer(network).writes("STOP")
