"""The gate: suppression by scope, consent, do-not-contact lists, quiet hours, caps; asked again at hand-over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom import ContactCenter, ManualClock, Queue
from switchroom.consent.model import ConsentRules, ContactWindow, SendQuestion
from switchroom.consent.state import Consent, opt_in, opt_out
from switchroom.conversations.model import Line
from switchroom.errors import InvalidInput, SendRefused
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.addresses import Address

OURS, ANA = Address("sms", "+15550001111"), Address("sms", "+15557654321")
NOON = "2026-01-05T17:00:00Z"
"""Noon of a Monday in New York."""


@pytest.fixture
def center() -> ContactCenter:
    center = ContactCenter(clock=ManualClock(NOON), seed=1)
    center.queues.add(Queue("help"))
    center.conversations.save_line(Line("main", address=OURS, queue="help"))
    center.consent.give(ANA, "marketing", how="form", words="yes, send me offers")
    return center


def send(center: ContactCenter, **options: object) -> None:
    center.conversations.send("main", ANA, "sale!", purpose="marketing", options=options)


def test_marketing_needs_consent_where_the_channel_asks_for_it(center: ContactCenter) -> None:
    """Without a recorded agreement it is refused; withdrawn, it is refused again."""
    send(center)
    center.consent.withdraw(ANA, "marketing", how="call")
    with pytest.raises(SendRefused, match="no consent"):
        send(center)


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        ("everything", True),
        ("channel:sms", True),
        ("channel:email", False),
        ("pool:sms:+15550001111", True),
        ("pool:sms:+15559999999", False),
        ("campaign:spring", True),
        ("campaign:autumn", False),
        ("category:news", True),
    ],
)
def test_a_scope_stops_what_it_covers_and_nothing_else(center: ContactCenter, scope: str, stopped: bool) -> None:
    """An opt-out of one sender, campaign or category leaves the others alone."""
    center.consent.opt_out(ANA, scope=scope)
    if stopped:
        with pytest.raises(SendRefused, match="opted out"):
            send(center, campaign="spring", category="news")
    else:
        send(center, campaign="spring", category="news")


def test_do_not_contact_lists_apply_where_named(center: ContactCenter) -> None:
    """A list that the send names stops it; taken off the list, it passes."""
    center.consent.add_to_list("vips", [ANA], reason="asked by phone")
    send(center)
    with pytest.raises(SendRefused, match="list vips"):
        send(center, lists=["vips"])
    center.consent.remove_from_list("vips", [ANA])
    send(center, lists=["vips"])


def test_quiet_hours_are_the_recipients_own(center: ContactCenter) -> None:
    """Noon in New York is morning in Los Angeles: both zones must be open; unknown zones get the narrow window."""
    center.consent.set_rules(ConsentRules(windows=[ContactWindow(opens="10:00", closes="20:00")]))
    send(center, zones=["America/New_York"])
    with pytest.raises(SendRefused, match="quiet hours"):
        send(center, zones=["America/New_York", "America/Los_Angeles"])
    send(center)
    center.advance("8h")
    with pytest.raises(SendRefused, match="quiet hours"):
        send(center, zones=["America/New_York"])
    with pytest.raises(InvalidInput):
        send(center, zones=["Mars/Base"])


def test_quiet_hours_are_checked_when_the_message_leaves(center: ContactCenter) -> None:
    """Requested in time, handed over too late: dropped with its reason."""
    sent: list[str] = []
    center.effects.register("send", lambda e: (sent.append(e.id), {"status": "sent"})[1])
    center.consent.set_rules(ConsentRules(windows=[ContactWindow(opens="10:00", closes="20:00")]))
    send(center, zones=["America/New_York"])
    center.advance("8h")
    center.effects.deliver()
    assert sent == []
    dropped = [r.event.reason for r in center.events() if r.type == "kernel.effect_dropped"]
    assert dropped == ["quiet hours"]


def test_windows_are_half_open() -> None:
    """The opening instant is in, the closing instant is out."""
    rules = ConsentRules(windows=[ContactWindow(opens="08:00", closes="21:00")])
    for hour, minute, open in ((8, 0, True), (7, 59, False), (20, 59, True), (21, 0, False)):
        assert rules.may_leave(datetime(2026, 1, 5, hour, minute, tzinfo=UTC), ("UTC",)) is open


def test_caps_count_what_left_and_forget_it(center: ContactCenter) -> None:
    """Two in a day, counted at hand-over; a day later there is room again; answers are not counted."""
    center.effects.register("send", lambda e: {"status": "sent"})
    center.consent.set_rules(ConsentRules(cap=2, cap_period="24h"))
    for _ in range(2):
        send(center)
        center.effects.deliver()
    with pytest.raises(SendRefused, match="frequency cap"):
        send(center)
    center.conversations.send("main", ANA, "your code is 7", purpose="reply")
    center.advance("24h")
    send(center)
    center.check()


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["everything", "channel:sms", "pool:sms:x", "campaign:a"])),
        max_size=12,
    )
)
def test_the_last_word_about_each_scope_counts(words: list[tuple[bool, str]]) -> None:
    """After any opt-outs and opt-ins exactly the scopes whose last word was an opt-out are suppressed."""
    from random import Random

    from switchroom.ids import CountedIds

    kernel = Kernel(ids=CountedIds(), random=Random(1))
    consent = Consent(b"secret")
    kernel.appliers.update(consent.appliers())
    key = consent.digest("sms:x")
    expected: dict[str, bool] = {}
    for out, scope in words:

        def act(tx: Transaction, out: bool = out, scope: str = scope) -> None:
            if out:
                opt_out(tx, consent, (key,), scope, "agent")
            else:
                opt_in(tx, consent, (key,), (scope,), "agent")

        kernel.handle(1, [], act)
        expected[scope] = out
        consent.check()
    assert set(consent.suppressed.get(key, {})) == {scope for scope, out in expected.items() if out}
    question = SendQuestion(keys=(key,), channel="sms", purpose="reply", pool="x", campaign="a")
    assert (consent.refusal(question, 1) is not None) == any(expected.values())


def test_the_log_holds_no_address() -> None:
    """Digests under another secret differ, and no event of consent carries the number."""
    assert Consent(b"a").digest("sms:+1") != Consent(b"b").digest("sms:+1")
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.consent.opt_out(ANA)
    assert "7654321" not in repr([r.event for r in center.events()])
