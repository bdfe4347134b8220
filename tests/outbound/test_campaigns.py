"""Campaigns: who gets a message, when, and what becomes of it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outbound.office import Office, number, someone
from switchroom.consent.model import ConsentRules, ContactWindow
from switchroom.errors import InvalidInput, NotAllowed, UnknownId
from switchroom.outbound.lifecycle import TABLE, moved
from switchroom.outbound.list_model import Column, ContactList
from switchroom.outbound.model import Campaign, CampaignState, Outcome, SendingLimits
from switchroom.transport.memory import Faults


@pytest.fixture
def office() -> Office:
    return Office()


def agree(office: Office, *people: int) -> None:
    for n in people:
        office.center.consent.give(someone(n), "marketing", how="form")


def test_everybody_gets_one_message_with_the_own_values(office: Office) -> None:
    """Each contact of the list, once, with the columns filled in; then the campaign is complete."""
    office.fill(count=1500)
    progress = office.run()
    assert (progress.state, progress.processed, progress.outcomes) == ("complete", 1500, {"sent": 1500})
    assert office.texts() == [f"Hello Person {n}" for n in range(1500)]
    assert sorted(office.reached()) == sorted(number(n) for n in range(1500))
    office.settle()


def test_the_table_is_the_life_cycle() -> None:
    """Every pair of state and verb is in the table or refused."""
    verbs = {verb for _, verb in TABLE}
    for state in CampaignState:
        for verb in verbs:
            if (state, verb) in TABLE:
                assert moved("x", state, verb) is TABLE[state, verb]
            else:
                with pytest.raises(NotAllowed):
                    moved("x", state, verb)


def test_paused_and_resumed_nothing_is_sent_twice(office: Office) -> None:
    """What was requested and had not left is withdrawn by the pause, and goes out after it."""
    office.fill(count=600)
    office.campaign()
    office.center.campaigns.start("spring")
    office.center.effects.deliver(100)
    sent = len(office.transport.sent)
    assert 0 < sent < 600
    office.center.campaigns.pause("spring")
    progress = office.work()
    assert len(office.transport.sent) == sent
    assert progress.waiting + progress.pending == 600 - sent
    office.center.campaigns.resume("spring")
    assert office.work().outcomes == {"sent": 600}
    assert len(set(office.reached())) == len(office.reached()) == 600
    office.settle()


def test_stopped_is_stopped(office: Office) -> None:
    """Nothing leaves after the stop; those not reached stay so and can be exported."""
    office.fill(count=600)
    office.campaign()
    office.center.campaigns.start("spring")
    office.center.effects.deliver(50)
    sent = len(office.transport.sent)
    office.center.campaigns.stop("spring", reason="wrong text")
    progress = office.work()
    assert (progress.state, progress.reason) == ("stopped", "wrong text")
    assert len(office.transport.sent) == sent
    with pytest.raises(NotAllowed):
        office.center.campaigns.resume("spring")
    assert office.center.campaigns.export("spring", io.StringIO(), outcomes=["pending", "waiting"]) == 600 - sent


def test_stop_by_the_contact_wins(office: Office) -> None:
    """A STOP between request and hand-over: not sent, and counted as opted out."""
    office.fill(count=3)
    office.campaign()
    office.center.campaigns.start("spring")
    office.center.effects.deliver(1)  # the step: three messages are requested
    office.say(1, "STOP")
    progress = office.work()
    assert progress.outcomes == {"sent": 2, "opted_out": 1}
    assert office.texts().count("Hello Person 1") == 0
    office.settle()


def test_screening_counts_each_reason_once(office: Office) -> None:
    """Each contact is skipped for the first reason in the order, and the sum is right."""
    columns = ["name", "phone", Column("age", type="number"), "code"]
    office.center.lists.save(ContactList("people", columns=columns, address="phone"))
    office.center.consent.add_to_list("vips", [someone(3)])
    office.center.consent.opt_out(someone(2))
    agree(office, 0, 1, 2, 3, 5, 6, 7)
    rows = [{"name": f"P{n}", "phone": number(n), "age": str(20 + n), "code": "x" if n != 6 else ""} for n in range(8)]
    office.center.lists.append("people", rows)
    progress = office.run(purpose="marketing", filter="age >= 21", do_not_contact=["vips"], text="${code}", max_parts=1)
    assert progress.outcomes == {
        "sent": 3, "filtered": 1, "opted_out": 1, "no_consent": 1, "do_not_contact": 1, "template": 1,
    }  # fmt: skip
    assert progress.skipped == 5
    office.settle()


def test_the_first_question_counts(office: Office) -> None:
    """One who is filtered, opted out and on a list is filtered; without the filter, opted out; and so on."""
    office.fill(count=1)
    office.center.consent.opt_out(someone(0))
    office.center.consent.add_to_list("vips", [someone(0)])
    given = {"purpose": "marketing", "do_not_contact": ["vips"], "text": "${nothing}"}
    assert office.run("a", **given, filter='name == "x"').outcomes == {"filtered": 1}
    assert office.run("b", **given).outcomes == {"opted_out": 1}
    office.center.consent.opt_in(someone(0))
    assert office.run("c", **given).outcomes == {"no_consent": 1}
    agree(office, 0)
    assert office.run("d", **given).outcomes == {"do_not_contact": 1}
    assert office.run("e", **{**given, "do_not_contact": []}).outcomes == {"template": 1}
    assert office.run("f", **{**given, "do_not_contact": [], "text": "x" * 500, "max_parts": 3}).outcomes == {
        "too_long": 1
    }


def test_a_contact_in_two_lists_gets_one_message(office: Office) -> None:
    """The second time it is a duplicate."""
    office.fill("a", 3)
    office.fill("b", 5)
    progress = office.run(lists=["a", "b"])
    assert progress.outcomes == {"sent": 5, "duplicate": 3}
    assert len(set(office.reached())) == 5
    office.settle()


def test_pace_per_minute_is_kept_in_parts(office: Office) -> None:
    """Ten a minute of one part; a text of two parts counts twice."""
    office.fill(count=25)
    assert office.run(per_minute=10).outcomes == {"sent": 10}
    assert office.wait("59s").outcomes == {"sent": 10}
    assert office.wait("1s").outcomes == {"sent": 20}
    assert office.wait("1m").outcomes == {"sent": 25}
    office.fill("more", 25)
    progress = office.run("long", lists=["more"], per_minute=10, text="x" * 170)
    assert (progress.outcomes, progress.parts) == ({"sent": 5}, 10)
    office.settle()


def test_a_message_longer_than_the_room_leaves_alone(office: Office) -> None:
    """Four parts at two a minute: one message in two minutes, none lost."""
    office.fill(count=3)
    assert office.run(per_minute=2, text="x" * 600).outcomes == {"sent": 1}
    assert office.wait("1m").outcomes == {"sent": 1}
    assert office.wait("1m").outcomes == {"sent": 2}
    assert office.wait("1m").outcomes == {"sent": 2}
    assert office.wait("1m").outcomes == {"sent": 3}


def test_senders_and_brands_have_their_own_rooms(office: Office) -> None:
    """Two senders of two a second give four; a brand of six a day stops the campaign until midnight there."""
    office.fill(count=20)
    office.center.campaigns.set_limits(
        SendingLimits(per_sender_second={"main": 2, "second": 2}, per_brand_day={"acme": 6}, zone="America/New_York")
    )
    assert office.run(senders=["main", "second"], brand="acme").outcomes == {"sent": 4}
    assert office.wait("1s").outcomes == {"sent": 6}
    assert office.wait("11h").outcomes == {"sent": 6}
    next_step = office.center.campaigns.progress("spring").next_step
    assert next_step is not None
    assert next_step.isoformat() == "2026-01-06T05:00:00+00:00"
    assert office.wait("1h").outcomes == {"sent": 10}
    assert {e.sender.value for e in office.transport.sent} == {"+15550001111", "+15550002222"}
    office.settle()


def test_windows_are_those_of_the_recipient(office: Office) -> None:
    """At noon in New York it is nine in Los Angeles: before ten nobody there gets anything."""
    office.center.lists.save(ContactList("people", address="phone", zone_column="tz"))
    zones = ["America/New_York"] * 2 + ["America/Los_Angeles"] * 2
    office.center.lists.append("people", [{"phone": number(n), "tz": zone} for n, zone in enumerate(zones)])
    agree(office, 0, 1, 2, 3)
    windows = [ContactWindow(opens="10:00", closes="20:00")]
    progress = office.run(purpose="marketing", text="hi", windows=windows)
    assert (progress.outcomes, progress.waiting) == ({"sent": 2}, 2)
    assert office.wait("59m").outcomes == {"sent": 2}
    progress = office.wait("1m")
    assert (progress.outcomes, progress.state) == ({"sent": 4}, "complete")
    office.settle()


@pytest.mark.parametrize(
    ("start", "zone", "opens"),
    [
        ("2026-03-08T06:00:00Z", "America/New_York", "2026-03-08T12:00:00+00:00"),  # the clock skips two o'clock
        ("2026-11-01T05:00:00Z", "America/New_York", "2026-11-01T13:00:00+00:00"),  # one o'clock comes twice
        ("2026-10-03T14:00:00Z", "Australia/Lord_Howe", "2026-10-03T21:00:00+00:00"),  # half an hour
        ("2026-04-26T00:00:00Z", "Asia/Kathmandu", "2026-04-26T02:15:00+00:00"),
        ("2026-01-05T23:00:00Z", None, "2026-01-06T09:00:00+00:00"),  # not known: the narrow window
    ],
)
def test_windows_on_days_when_the_clock_changes(start: str, zone: str | None, opens: str) -> None:
    """Eight o'clock is eight o'clock there, on the long and the short days too."""
    office = Office(start)
    office.center.consent.set_rules(ConsentRules(windows=[ContactWindow(opens="08:00", closes="21:00")]))
    office.fill(count=1, zone=zone)
    agree(office, 0)
    progress = office.run(purpose="marketing")
    assert progress.waiting == 1
    assert progress.next_step is not None
    assert progress.next_step.isoformat() == opens
    office.center.advance(progress.next_step - office.center.now() - timedelta(seconds=1))
    assert office.work().outcomes == {}
    assert office.wait("1s").outcomes == {"sent": 1}


def test_a_window_that_closes_between_request_and_hand_over(office: Office) -> None:
    """What has not left by closing time waits for the next opening."""
    office.center.consent.set_rules(ConsentRules(windows=[ContactWindow(opens="08:00", closes="21:00")]))
    office.fill(count=3, zone="America/New_York")
    agree(office, 0, 1, 2)
    office.center.advance("8h59m59s")
    office.campaign(purpose="marketing")
    office.center.campaigns.start("spring")
    office.center.effects.deliver(2)
    assert len(office.transport.sent) == 1
    progress = office.wait("1s")
    assert (len(office.transport.sent), progress.waiting) == (1, 2)
    assert office.wait("11h").outcomes == {"sent": 3}
    office.settle()


def test_the_cap_puts_off_and_is_over(office: Office) -> None:
    """Two campaigns in a day with a cap of one: the second waits until the first is a day old."""
    office.center.consent.set_rules(ConsentRules(cap=1, cap_period="24h"))
    office.fill(count=2)
    agree(office, 0, 1)
    assert office.run("one", purpose="marketing").outcomes == {"sent": 2}
    assert office.run("two", purpose="marketing").waiting == 2
    assert office.wait("23h", "two").outcomes == {}
    assert office.wait("1h1s", "two").outcomes == {"sent": 2}
    office.settle()


def test_failed_messages_are_tried_again_as_the_rule_says(office: Office) -> None:
    """Refused by the carrier: again after an hour, at most three times; then failed."""
    office.fill(count=1)
    office.transport.script("permanent", "permanent", "permanent")
    progress = office.run(attempts=3, retry={"failed": "1h"})
    assert (progress.waiting, progress.attempts) == (1, 1)
    assert office.wait("1h").attempts == 2
    progress = office.wait("1h")
    assert (progress.attempts, progress.outcomes, progress.state) == (3, {"failed": 1}, "complete")
    assert office.wait("5h").attempts == 3
    office.settle()


def test_reports_change_the_outcome_and_never_back(office: Office) -> None:
    """Delivered stays delivered, whatever comes late, twice or out of order."""
    office.fill(count=1)
    office.run()
    message = office.transport.sent[0].key
    report = office.center.campaigns.report
    assert report(message, "delivered")
    for status in ("sent", "failed", "undelivered", "delivered", "canceled", "queued"):
        assert not report(message, status)
    assert office.center.campaigns.progress("spring").outcomes == {"delivered": 1}
    assert report(message, "read")
    for unknown in ("out-9-9-9", "out-1-0-2", "out-1-0-0", "out-1-999999-1", "nonsense", ""):
        assert not report(unknown, "delivered")
    office.settle()


def test_undelivered_is_tried_again_and_a_late_arrival_ends_it(office: Office) -> None:
    """The report of the first attempt says undelivered: a second is planned; then it arrived after all: it is not."""
    office.fill(count=1)
    office.run(attempts=2, retry={"undelivered": "1h"})
    first = office.transport.sent[0].key
    office.center.campaigns.report(first, "undelivered")
    assert office.center.campaigns.progress("spring").waiting == 1
    office.center.campaigns.report(first, "delivered")
    progress = office.wait("2h")
    assert (progress.outcomes, len(office.transport.sent)) == ({"delivered": 1}, 1)
    office.settle()


def test_reports_come_by_the_carriers_own_ids(office: Office) -> None:
    """The transport's reports find their contacts."""
    office.fill(count=20)
    office.run()
    office.center.advance("10s")
    office.take()
    assert office.center.campaigns.progress("spring").outcomes == {"delivered": 20}
    assert office.center.campaigns.message("", "memory-1") == office.transport.sent[0].key
    assert office.center.campaigns.message("", "memory-99") is None
    office.settle()


def test_contacts_added_while_it_runs_are_taken(office: Office) -> None:
    """At the end, or next if they are put on top."""
    office.fill(count=30)
    office.run(per_minute=10)
    office.center.lists.append("people", [{"name": "Last", "phone": number(98)}])
    office.center.lists.append("people", [{"name": "First", "phone": number(99)}], top=True)
    office.wait("1m")
    assert "Hello First" in office.texts()[:11]
    office.wait("1m")
    progress = office.wait("1m")
    assert office.texts()[-1] == "Hello Last"
    assert progress.outcomes == {"sent": 32}
    office.settle()


def test_always_running_goes_on(office: Office) -> None:
    """It is never complete by itself; each contact that is added gets its message."""
    office.fill(count=2)
    assert office.run(always_running=True).state == "running"
    office.center.lists.append("people", [{"name": "New", "phone": number(50)}])
    assert office.work().outcomes == {"sent": 3}
    office.center.campaigns.complete("spring")
    assert office.center.campaigns.progress("spring").state == "complete"
    office.settle()


def test_scheduled_campaigns_start_and_end_by_themselves(office: Office) -> None:
    """At the instants of the campaign; unscheduled it does not."""
    office.fill(count=30)
    starts, ends = office.center.now() + timedelta(hours=1), office.center.now() + timedelta(hours=1, minutes=2)
    office.campaign(starts=starts, ends=ends, per_minute=10)
    office.center.campaigns.schedule("spring")
    office.center.campaigns.unschedule("spring")
    assert office.wait("30m").state == "draft"
    office.center.campaigns.schedule("spring")
    assert office.wait("29m").state == "scheduled"
    assert office.wait("1m").outcomes == {"sent": 10}
    assert office.wait("1m").outcomes == {"sent": 20}
    progress = office.wait("1m")
    assert (progress.state, progress.pending, progress.reason) == ("complete", 10, "its end")
    office.settle()


def test_recycled_outcomes_are_taken_again(office: Office) -> None:
    """Only the chosen outcomes, and contacts added meanwhile; the others keep theirs."""
    office.fill(count=4)
    office.transport.script("accepted", "permanent", "permanent", "accepted")
    assert office.run().outcomes == {"sent": 2, "failed": 2}
    assert office.center.campaigns.recycle("spring", ["failed"]) == 2
    assert office.center.campaigns.progress("spring").state == "draft"
    office.center.lists.append("people", [{"name": "New", "phone": number(50)}])
    office.center.campaigns.start("spring")
    assert office.work().outcomes == {"sent": 5}
    assert office.center.campaigns.progress("spring").attempts == 7
    with pytest.raises(InvalidInput):
        office.center.campaigns.recycle("spring", ["nonsense"])
    office.settle()


def test_sorted_campaigns_take_contacts_in_order(office: Office) -> None:
    """By a number column: the smallest first, equal ones as in the list, empty ones last; or downwards."""
    columns = ["phone", Column("score", type="number")]
    scores = ["5", "9", "", "7", "9"]
    rows = [{"phone": number(n), "score": score} for n, score in enumerate(scores)]
    for id in ("up", "down"):
        office.center.lists.save(ContactList(id, columns=columns, address="phone"))
        office.center.lists.append(id, rows)
    office.run("first", lists=["up"], text="hi", sort="score")
    assert office.reached() == [number(n) for n in (0, 3, 1, 4, 2)]
    office.run("second", lists=["down"], text="hi", sort="score", descending=True)
    assert office.reached()[5:8] == [number(n) for n in (2, 1, 4)]
    office.settle()
    office.center.campaigns.delete("first")
    assert not any("first:sorted" in name for name in office.storage._chunks)
    office.settle()


def test_one_list_is_in_one_active_campaign(office: Office) -> None:
    """A second one over the same list is refused while the first is active."""
    office.fill(count=100)
    office.run("one", per_minute=10)
    office.campaign("two")
    with pytest.raises(NotAllowed, match="sharing list people"):
        office.center.campaigns.start("two")
    office.center.campaigns.stop("one")
    office.center.campaigns.start("two")
    with pytest.raises(NotAllowed):
        office.center.lists.delete("people")
    with pytest.raises(NotAllowed):
        office.center.campaigns.delete("two")


def test_what_is_wrong_is_refused_at_once(office: Office) -> None:
    """Unknown lists, lines, columns and templates, and impossible combinations."""
    office.fill(count=1)
    for wrong, error in (
        ({"lists": ["nobody"]}, UnknownId),
        ({"senders": ["nowhere"]}, UnknownId),
        ({"template": "none", "text": ""}, UnknownId),
        ({"text": "Hello $name"}, InvalidInput),
        ({"text_column": "nothing", "text": ""}, InvalidInput),
        ({"text": "", "template": None}, InvalidInput),
        ({"retry": {"delivered": "1h"}}, InvalidInput),
        ({"filter": "age >"}, InvalidInput),
        ({"metadata": ["shoe_size"]}, InvalidInput),
        ({"attempts": 101}, InvalidInput),
        ({"per_minute": 0}, InvalidInput),
    ):
        with pytest.raises(error):
            office.campaign(**wrong)
    assert office.center.campaigns.names() == ()


def test_a_paused_campaign_may_be_changed(office: Office) -> None:
    """Its text and pace; not its lists."""
    office.fill(count=20)
    office.fill("others", 3)
    office.run(per_minute=5)
    office.center.campaigns.pause("spring")
    office.campaign(text="Changed ${name}")
    with pytest.raises(NotAllowed):
        office.campaign(lists=["others"])
    office.center.campaigns.resume("spring")
    assert office.work().outcomes == {"sent": 20}
    assert office.texts()[-1] == "Changed Person 19"
    office.settle()


def test_a_missing_chunk_pauses_the_campaign_and_tells(office: Office) -> None:
    """The store has lost the contacts: no guess, no silent skip."""
    office.fill(count=3)
    office.storage._chunks.clear()
    office.campaign()
    office.center.campaigns.start("spring")
    for _ in range(40):
        office.wait("1h")
    progress = office.center.campaigns.progress("spring")
    assert progress.state == "paused"
    assert "no chunk" in progress.reason
    office.settle()


def test_attempts_are_a_history(office: Office) -> None:
    """By campaign and by address: what was sent when, and whether the carrier took it."""
    office.fill(count=2)
    office.transport.script("permanent", "accepted", "accepted")
    office.run(attempts=2, retry={"failed": "1h"})
    office.wait("1h")
    found = list(office.center.campaigns.attempts("spring"))
    assert [(a.number, a.accepted) for a in found] == [(1, False), (1, True), (2, True)]
    of_first = list(office.center.campaigns.attempts(to=someone(0)))
    assert [a.number for a in of_first] == [1, 2]
    assert "scripted" in of_first[0].code
    assert (of_first[1].requested - of_first[0].requested) == timedelta(hours=1)


def test_exports_carry_the_outcome_of_each_contact(office: Office) -> None:
    """All columns, then outcome, skipped, attempts, replied, opted out."""
    office.center.consent.opt_out(someone(1))
    office.fill(count=2)
    office.run()
    file = io.StringIO(newline="")
    office.center.campaigns.export("spring", file)
    lines = file.getvalue().splitlines()
    assert lines[0] == "phone,name,outcome,skipped,attempts,replied,opted_out,agent"
    assert lines[1] == f"'{number(0)},Person 0,sent,no,1,no,no,"
    assert lines[2] == f"'{number(1)},Person 1,opted_out,yes,0,no,no,"


@settings(max_examples=25, deadline=None)
@given(
    counts=st.integers(1, 25),
    transient=st.floats(0, 0.5),
    permanent=st.floats(0, 0.5),
    attempts=st.integers(1, 3),
)
def test_counts_add_up_whatever_the_carrier_does(
    counts: int, transient: float, permanent: float, attempts: int
) -> None:
    """Processed is the sum of the outcomes and the total, however the sends end, and replay agrees."""
    office = Office(faults=Faults(transient=transient, permanent=permanent))
    office.fill(count=counts)
    office.run(attempts=attempts, retry={"failed": "10m"})
    for _ in range(12):
        office.center.advance("10m")
        office.center.effects.deliver(1_000)
    progress = office.work()
    assert progress.processed + progress.pending + progress.waiting + progress.sending == progress.total == counts
    assert progress.processed == sum(progress.outcomes.values())
    assert set(progress.outcomes) <= {o.word for o in Outcome}
    assert len(office.reached()) == len(set(office.reached()))
    office.settle()


def test_campaigns_are_values() -> None:
    """Equal specs are equal."""
    one = Campaign("x", lists=["a"], senders=["b"], text="t")
    assert one == Campaign("x", lists=["a"], senders=["b"], text="t")


def test_a_report_may_be_faster_than_the_transports_answer(office: Office) -> None:
    """Delivered before the hand-over is known: it stays delivered."""
    office.fill(count=1)
    take = office.transport.send

    def send(envelope):  # type: ignore[no-untyped-def]
        office.center.campaigns.report(envelope.key, "delivered")
        return take(envelope)

    office.transport.send = send  # type: ignore[method-assign]
    assert office.run().outcomes == {"delivered": 1}
    office.settle()


def test_who_has_stopped_one_sender_hears_from_none(office: Office) -> None:
    """A STOP to the second line of a campaign keeps the first from writing, too."""
    office.fill(count=6)
    for n in range(6):
        office.center.consent.opt_out(someone(n), scope="pool:sms:+15550002222")
    assert office.run(senders=["main", "second"]).outcomes == {"opted_out": 6}
    assert office.run("other", senders=["main"]).outcomes == {"sent": 6}


def test_a_step_that_is_not_planned_changes_nothing(office: Office) -> None:
    """Done again after a crash, or left over from before a pause."""
    from switchroom.outbound import stepping

    office.fill(count=3)
    office.campaign()
    office.center.campaigns.start("spring")
    before = office.storage.end()
    office.center.run_on("outbound", stepping.step, "spring", "effect-999", 0, [["", number(0), "x"]] * 3)
    assert office.storage.end() == before


def test_a_long_message_is_paid_by_the_windows_after_it(office: Office) -> None:
    """Four parts at two a minute: the campaign goes on in two minutes, not in one."""
    office.fill(count=3)
    progress = office.run(per_minute=2, text="x" * 600)
    assert progress.next_step == office.center.now() + timedelta(minutes=2)
