"""Notifications: one call, once, at the right time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound.office import Office, number, someone
from switchroom.consent.model import ConsentRules, ContactWindow
from switchroom.durations import to_micros
from switchroom.errors import IdempotencyMismatch, InvalidInput, SendRefused, UnknownId
from switchroom.messaging.addresses import Address
from switchroom.outbound.model import MessageTemplate
from switchroom.outbound.notice_model import Notice, NoticeTrigger
from switchroom.outbound.recurrence import Every


@pytest.fixture
def office() -> Office:
    office = Office()
    for n in range(10):
        office.center.consent.give(someone(n), "notification", how="form")
    return office


def deliver(office: Office) -> list[str]:
    office.center.effects.deliver()
    office.settle()
    return office.texts()


def test_one_call_sends_one_message(office: Office) -> None:
    """Filled in, sent, and its result is there."""
    notify = office.center.notify
    id = notify("main", someone(1), "Your parcel ${id} is here", values={"id": 42})
    assert deliver(office) == ["Your parcel 42 is here"]
    view = notify.get(id)
    assert (view.state, view.status, view.sent) == ("ended", "sent", 1)
    assert office.center.campaigns.report(view.message or "", "delivered")
    assert notify.get(id).status == "delivered"
    office.settle()


def test_the_same_key_sends_once(office: Office) -> None:
    """Again with the same contents: the first id; with others: refused."""
    notify = office.center.notify
    first = notify("main", someone(1), "hello", key="order-1")
    deliver(office)
    assert notify("main", someone(1), "hello", key="order-1") == first
    assert deliver(office) == ["hello"]
    with pytest.raises(IdempotencyMismatch):
        notify("main", someone(1), "other", key="order-1")


def test_what_the_gate_refuses_for_good_is_refused_at_once(office: Office) -> None:
    """Opted out, no consent, wrong channel, a missing value: nothing is recorded."""
    notify = office.center.notify
    office.center.consent.opt_out(someone(1))
    with pytest.raises(SendRefused, match="opted out"):
        notify("main", someone(1), "hello")
    with pytest.raises(SendRefused, match="no consent"):
        notify("main", someone(11), "hello")
    with pytest.raises(InvalidInput):
        notify("main", Address("email", "a@example.com"), "hello")
    with pytest.raises(InvalidInput, match="no value"):
        notify("main", someone(2), "hello ${name}")
    with pytest.raises(UnknownId):
        notify("nowhere", someone(2), "hello")
    with pytest.raises(InvalidInput):
        notify("main", someone(2))
    assert deliver(office) == []


def test_stop_between_call_and_hand_over_wins(office: Office) -> None:
    """Not sent, and said so."""
    id = office.center.notify("main", someone(1), "hello")
    office.say(1, "STOP")
    assert not any(text == "hello" for text in deliver(office))
    assert office.center.notify.get(id).status == "canceled"
    assert office.center.notify.get(id).reason.startswith("opted out")


def test_quiet_hours_put_it_off_but_not_for_ever(office: Office) -> None:
    """At night it waits for the morning; what may wait for an hour only is not sent at all."""
    office.center.consent.set_rules(ConsentRules(windows=[ContactWindow(opens="08:00", closes="21:00")]))
    office.center.advance("10h")
    patient = office.center.notify("main", someone(1), "good morning", zone="America/New_York")
    hasty = Notice(line="main", text="now or never", zone="America/New_York", valid_for="1h")
    from switchroom.outbound.notice_model import Notification

    lost = office.center.notify.send(Notification(notice=hasty, to=someone(2)))
    assert deliver(office) == []
    office.center.advance("10h")
    assert deliver(office) == ["good morning"]
    assert office.center.notify.get(patient).status == "sent"
    assert office.center.notify.get(lost).reason == "too late"


def test_a_transactional_one_does_not_wait(office: Office) -> None:
    """A code that was asked for leaves at three in the morning."""
    office.center.consent.set_rules(ConsentRules(windows=[ContactWindow(opens="08:00", closes="21:00")]))
    office.center.advance("15h")
    office.center.notify("main", someone(11), "Your code is 7", purpose="transactional", zone="America/New_York")
    assert deliver(office) == ["Your code is 7"]


def test_planned_and_cancelled(office: Office) -> None:
    """At its instant, unless cancelled; a message on its way is withdrawn."""
    notify = office.center.notify
    at = office.center.now() + timedelta(hours=2)
    kept, gone = (notify("main", someone(n), "see you at ${at}", values={"at": "five"}, at=at) for n in (1, 2))
    notify.cancel(gone)
    office.center.advance("2h")
    assert deliver(office) == ["see you at five"]
    assert notify.get(kept).state == notify.get(gone).state == "ended"
    late = notify("main", someone(3), "never mind")
    notify.cancel(late)
    assert len(deliver(office)) == 1


def test_a_reminder_every_week(office: Office) -> None:
    """Mondays at nine in Berlin, three times, across the change of the clock."""
    office.clock.advance(datetime(2026, 3, 15, 12, tzinfo=UTC) - office.clock.now())
    every = Every("week", days=[0], at="09:00", zone="Europe/Berlin", times=3)
    id = office.center.notify("main", someone(1), "bins out", every=every)
    for _ in range(40):
        office.center.advance("12h")
        office.center.effects.deliver()
    sent = [r.at for r in office.center.events() if r.type == "outbound.notice_requested"]
    local = [datetime.fromtimestamp(at / 1e6, ZoneInfo("Europe/Berlin")) for at in sent]
    assert [(t.date().isoformat(), t.hour) for t in local] == [("2026-03-16", 9), ("2026-03-23", 9), ("2026-03-30", 9)]
    assert office.center.notify.get(id).state == "ended"
    office.settle()


def test_triggers_send_what_follows_from_an_event(office: Office) -> None:
    """By name and filter, at once or later; the same key once; what the gate refuses is left out."""
    center = office.center
    center.templates.save(MessageTemplate("booked", text="Booked: ${what}"))
    center.notify.save_trigger(
        NoticeTrigger("booked", event="appointment.booked", notice=Notice(line="main", template="booked"))
    )
    later = Notice(line="main", text="How was ${what}?")
    center.notify.save_trigger(
        NoticeTrigger("asked", event="appointment.booked", notice=later, filter="stars", after="1d")
    )
    first = center.notify.trigger("appointment.booked", someone(1), {"what": "a cut"}, key="a1")
    assert len(first) == 1
    assert center.notify.trigger("appointment.booked", someone(1), {"what": "a cut"}, key="a1") == first
    assert center.notify.trigger("something.else", someone(1), {}) == ()
    both = center.notify.trigger("appointment.booked", someone(2), {"what": "a shave", "stars": True})
    assert len(both) == 2
    assert deliver(office) == ["Booked: a cut", "Booked: a shave"]
    center.advance("1d")
    assert deliver(office)[-1] == "How was a shave?"
    center.consent.opt_out(someone(3))
    assert center.notify.trigger("appointment.booked", someone(3), {"what": "x"}) == ()
    center.notify.delete_trigger("asked")
    with pytest.raises(InvalidInput):
        center.notify.trigger("appointment.booked", someone(4), {})
    office.settle()


def test_a_reply_to_a_notification_is_linked(office: Office) -> None:
    """The conversation knows what it answers, with the values of the message."""
    id = office.center.notify("main", someone(1), "Your parcel ${id} is here", values={"id": 42})
    deliver(office)
    conversation = office.say(1, "leave it with my neighbour").conversation
    assert office.center.flows.variables(conversation or "") == {
        "id": 42,
        "answers": f"{id}-1",
        "source": f"notice:{id}",
    }


def test_it_is_forgotten_after_a_week(office: Office) -> None:
    """Memory does not grow; the log has it."""
    id = office.center.notify("main", someone(1), "hello", key="k")
    deliver(office)
    office.center.advance("8d")
    with pytest.raises(UnknownId):
        office.center.notify.get(id)
    assert office.center.notify("main", someone(1), "something else", key="k") != id
    office.settle()


def test_failed_and_dead_ones_say_so(office: Office) -> None:
    """A permanent refusal ends a single one; a recurring one goes on."""
    office.transport.script("permanent", "permanent")
    single = office.center.notify("main", someone(1), "hello")
    daily = office.center.notify("main", someone(2), "daily", every=Every("day", at="18:00", times=2))
    deliver(office)
    assert office.center.notify.get(single).status == "failed"
    office.center.advance("2h")
    deliver(office)
    assert office.center.notify.get(daily).state == "scheduled"
    office.center.advance("1d")
    assert deliver(office) == ["daily"]
    assert office.center.notify.get(daily).state == "ended"


# -- calendar rules


@given(
    unit=st.sampled_from(["day", "week", "month"]),
    interval=st.integers(1, 5),
    hour=st.integers(0, 23),
    minute=st.sampled_from([0, 30]),
    zone=st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    begun=st.integers(to_micros("2026-01-01T00:00:00Z"), to_micros("2027-12-01T00:00:00Z")),
)
def test_each_time_is_later_and_shows_the_wall_time(
    unit: str, interval: int, hour: int, minute: int, zone: str, begun: int
) -> None:
    """Strictly later each time, at the asked wall time but in a gap, and never two on one day."""
    rule = Every(unit, interval=interval, at=f"{hour:02}:{minute:02}", zone=zone)
    at, days = begun, []
    for _ in range(12):
        following = rule.next(at, begun)
        assert following is not None
        assert following > at
        local = datetime.fromtimestamp(following / 1e6, UTC).astimezone(ZoneInfo(zone))
        wall = (local.hour, local.minute)
        earlier = datetime.fromtimestamp(following / 1e6 - 1, UTC).astimezone(ZoneInfo(zone))
        assert wall == (hour, minute) or earlier.utcoffset() != local.utcoffset()
        days.append(local.date())
        at = following
    assert len(set(days)) == 12


@pytest.mark.parametrize(
    ("rule", "after", "expected"),
    [
        (Every("day", at="02:30", zone="America/New_York"), "2026-03-08T05:00:00Z", "2026-03-08T07:00:00Z"),
        (Every("day", at="01:30", zone="America/New_York"), "2026-11-01T04:00:00Z", "2026-11-01T05:30:00Z"),
        (Every("month", days=[31], at="12:00"), "2026-02-01T00:00:00Z", "2026-02-28T12:00:00Z"),
        (Every("month", days=[1, 15], at="12:00"), "2026-02-01T12:00:00Z", "2026-02-15T12:00:00Z"),
        (Every("week", days=[0, 4], at="08:00"), "2026-01-05T08:00:00Z", "2026-01-09T08:00:00Z"),
    ],
)
def test_calendar_rules_on_odd_days(rule: Every, after: str, expected: str) -> None:
    """Gaps, folds, short months, two days a week."""
    begun = to_micros("2026-01-01T00:00:00Z")
    assert rule.next(to_micros(after), begun) == to_micros(expected)


def test_rules_end(office: Office) -> None:
    """``until`` is half-open; impossible rules are refused."""
    begun = to_micros("2026-01-01T00:00:00Z")
    rule = Every("day", at="12:00", until=datetime(2026, 1, 2, 12, tzinfo=UTC))
    assert rule.next(begun, begun) == to_micros("2026-01-01T12:00:00Z")
    assert rule.next(to_micros("2026-01-01T12:00:00Z"), begun) is None
    for wrong in (
        {"unit": "year"},
        {"unit": "day", "days": [1]},
        {"unit": "week", "days": [7]},
        {"unit": "day", "at": "25:00"},
    ):
        with pytest.raises(InvalidInput):
            Every(**wrong)
    with pytest.raises(InvalidInput):
        office.center.notify("main", someone(1), "x", every=Every("day", until=datetime(2020, 1, 1, tzinfo=UTC)))


def test_number_is_an_address() -> None:
    """The office's numbers are what they look like."""
    assert someone(3).value == number(3)
