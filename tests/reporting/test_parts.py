"""What other parts of the business report: conversations, quality, campaigns, work items, journeys."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from conversations.help_desk import HelpDesk, customer
from outbound.office import Office
from switchroom import Agent, Contact, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.conversations.quality_model import EvaluationForm, Question
from switchroom.errors import NotPermitted
from switchroom.reporting.ledger import Ledger
from switchroom.reporting.where import Where
from switchroom.security.principals import Principal
from workitems.office import Office as Claims


def test_conversations_are_counted_by_line_and_channel() -> None:
    """Started, reopened, closed, messages, and how long customers wait for an agent's answer."""
    desk = HelpDesk()
    center = desk.center
    talk = desk.start()
    desk.say("hello?")
    center.advance("90s")
    center.conversations.reply(talk, "on its way", agent="ana")
    center.conversations.close(talk, agent="ana")
    center.advance("10m")
    desk.say("it is still not here")
    (row,) = center.reports.conversations()
    assert (row.line, row.channel, row.started, row.reopened, row.closed, row.open) == (
        "main",
        "sms",
        1,
        1,
        1,
        1,
    )
    assert (row.received, row.sent, row.by_agents) == (3, 1, 1)
    assert (row.first_replies, row.mean_reply) == (1, timedelta(seconds=90))
    assert row.reopen_rate == 1
    (queue,) = center.reports.queues()
    assert (queue.offered, queue.reopened, queue.reopen_rate, queue.first_contact) == (
        2,
        1,
        1.0,
        0.0,
    )
    first, second = center.reports.interactions(conversation=talk)
    assert (first.item, second.item, first.conversation) == (talk, f"{talk}.2", talk)
    assert (first.received, first.sent, first.outcome, second.outcome) == (
        1,
        1,
        "completed",
        "waiting",
    )
    assert center.reports.interactions(address=customer()) == (first, second)
    assert center.reports.interactions(address=customer(2)) == ()
    assert "message_received" in [step.what for step in first.steps]


def test_first_contact_resolution() -> None:
    """A contact who comes again within the window was not served at first; later, or about work, it is another one."""
    desk = HelpDesk()
    center = desk.center
    center.agents.add(Agent("cyd", queues=["help"]))
    center.agents.sign_in("cyd")

    def call(contact: str, medium: str = "voice") -> None:
        center.work.submit(WorkItem(queue="help", medium=medium, contact=contact))
        center.assignments.complete(center.offers.accept(center.offers.of_agent("cyd")[0].id))

    call("kim")
    call("lee")
    assert center.reports.queues()[0].first_contact == 1
    call("kim", "workitem")
    assert center.reports.queues()[0].first_contact == 1
    center.advance("71h")
    call("kim")
    assert center.reports.queues()[0].first_contact == pytest.approx(1 / 3)
    center.advance("72h")
    center.advance("1us")
    call("kim")
    assert center.reports.queues()[0].first_contact == pytest.approx(2 / 4)


def test_quality_is_the_mean_score_of_a_form() -> None:
    """Sampled, evaluated, pending, by form and agent."""
    desk = HelpDesk()
    center = desk.center
    center.quality.save_form(EvaluationForm("tone", questions=[Question("greeting", points=4)], share=1.0))
    talk = desk.start()
    center.conversations.close(talk, agent="ana")
    (row,) = center.reports.quality()
    assert (
        row.form,
        row.agent,
        row.sampled,
        row.evaluated,
        row.pending,
        row.mean_score,
    ) == (
        "tone",
        "ana",
        1,
        0,
        1,
        None,
    )
    center.quality.evaluate(talk, "tone", {"greeting": 3}, by="eve")
    (row,) = center.reports.quality()
    assert (row.evaluated, row.pending, row.mean_score) == (1, 0, 0.75)


def test_campaigns_reconcile_with_their_progress() -> None:
    """Attempts and what came of them are those of the campaign itself."""
    office = Office()
    office.fill(count=9)
    progress = office.run(reply_within="1h")
    office.take()
    office.say(3, "yes please")
    (row,) = office.center.reports.campaigns()
    progress = office.center.campaigns.progress("spring")
    assert (row.campaign, row.attempts, row.replied) == (
        "spring",
        progress.attempts,
        progress.replied,
    )
    assert (row.accepted + row.rejected + row.withdrawn + row.in_flight, row.parts) == (
        9,
        progress.parts,
    )
    assert row.skipped == progress.skipped
    assert row.reply_rate == pytest.approx(1 / 9)
    attempts = office.center.reports.attempts("spring")
    assert len(attempts) == row.attempts
    assert sum(one.replied is not None for one in attempts) == 1
    assert office.center.reports.conversations()[0].received == 1


@pytest.mark.parametrize("seed", range(4))
def test_work_items_reconcile_over_random_days(seed: int) -> None:
    """Submitted, closed by outcome, overdue and open are what the events and the center say."""
    office = Claims(seed)
    rng = Random(seed)
    actions = [office.submit, office.receive, office.presence]
    for _ in range(60):
        rng.choice(actions)(rng)
        for agent in ("ana", "bob", "cyd", "eve"):
            for offer in office.center.offers.of_agent(agent):
                if rng.random() < 0.5:
                    office.call(office.center.offers.accept, offer.id)
            for held in office.center.assignments.of_agent(agent):
                if rng.random() < 0.3:
                    office.call(office.center.assignments.complete, held.id, code=None)
        office.center.advance(rng.choice(("1m", "20m", "3h")))
    center = office.center
    worktype: dict[str, str] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for record in center.events():
        kind, e = record.type, record.event
        if kind == "workitems.submitted":
            worktype[e.work] = e.worktype
        if kind.startswith("workitems.") and hasattr(e, "work") and e.work in worktype:
            what = e.outcome if kind == "workitems.closed" else kind.partition(".")[2]
            counts[worktype[e.work], what] += 1
    rows = {row.worktype: row for row in center.reports.tasks()}
    assert set(rows) == set(worktype.values())
    assert rows
    for name, row in rows.items():
        found: dict[str, Any] = {
            what: counts[name, what] for what in ("submitted", "completed", "cancelled", "expired")
        }
        assert {what: getattr(row, what) for what in found} == found
        assert row.overdue <= counts[name, "overdue"]
        left = row.submitted + row.reopened - row.completed - row.cancelled - row.expired
        assert row.open == left
        assert row.in_time <= row.completed
    assert Ledger.of(center.events()).dump() == Ledger.of(list(center.events())).dump()


def test_a_journey_tells_the_time_in_each_stage() -> None:
    """A conversation and the work that it caused: waiting, in hand, set aside; shares add up to one."""
    office = Claims(4)
    center = office.center
    for agent in ("ana", "bob", "cyd"):
        center.agents.set_presence(agent, "offline")
    work = center.work.submit(WorkItem(worktype="claim", attributes={"amount": 10}, journey="talk-1"))
    center.advance("10m")
    center.agents.sign_in("ana")
    assignment = center.offers.accept(center.offers.of_agent("ana")[0].id)
    center.advance("20m")
    center.assignments.complete(assignment, code="paid")
    stages = center.reports.journey("talk-1")
    assert [(one.kind, one.id, one.stage, one.place, one.time) for one in stages] == [
        ("work", work, "waiting", "claims", timedelta(minutes=10)),
        ("work", work, "in hand", "ana", timedelta(minutes=20)),
        # Paid claims lead to a chore, which belongs to the same journey.
        ("work", stages[2].id, "waiting", "chores", timedelta(0)),
    ]
    assert sum(one.share or 0 for one in stages) == pytest.approx(1)
    assert center.reports.journey("nobody") == ()


def test_a_front_counts_what_has_come_since() -> None:
    """Asked before and after, live, it says what a ledger of the whole log says; time that runs is counted to now."""
    desk = HelpDesk()
    center = desk.center
    assert center.reports.totals().submitted == 0
    desk.start()
    center.advance("10m")
    (row,) = center.reports.agents(Where(agents=["ana"]))
    assert (row.in_hand, row.busy, row.staffed) == (
        1,
        timedelta(minutes=10),
        timedelta(minutes=10),
    )
    center.conversations.save_contact(Contact("kim", addresses=[customer(3)]))
    desk.say("I am Kim", customer(3))
    assert center.reports.queues() == Ledger.of(center.events()).queues()
    assert [one.contact for one in center.reports.interactions(contact="kim")] == ["kim"]
    assert (
        center.reports.activity()[0].waiting,
        center.reports.activity()[0].in_progress,
    ) == (1, 1)
    center.reports.use(Ledger(interval="5m", keep="400d"))
    assert len(center.reports.agents(every="5m")) == 3


def test_erasing_a_person_changes_no_figure() -> None:
    """A ledger that saw the person and one that reads the redacted log count the same."""
    desk = HelpDesk()
    center = desk.center
    center.conversations.save_contact(Contact("kim", addresses=[customer()], name="Kim"))
    talk = desk.start()
    center.conversations.reply(talk, "hello Kim", agent="ana")
    center.conversations.close(talk, agent="ana")
    live = Ledger.of(center.events())
    center.privacy.erase("kim")
    for record in center.events(after=live.position):
        live.add(record)
    assert live.dump() == Ledger.of(center.events()).dump()
    assert live.queues() == center.reports.queues()
    assert center.reports.interactions()[0].outcome == "completed"


def test_who_is_limited_to_a_division_sees_its_figures_only() -> None:
    """Work and agents of other divisions are not counted; views that know no divisions are refused."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("help"))
    center.agents.add(Agent("ana", queues=["help"], division="north"))
    center.agents.add(Agent("bob", queues=["help"]))
    for division in ("north", "south", "south"):
        center.work.submit(WorkItem(queue="help", division=division))
    with center.acting_as(Principal("eve", divisions=["north"])):
        (row,) = center.reports.queues()
        (south,) = center.reports.queues(Where(divisions=["south"]))
        assert (row.offered, row.waiting, south.offered) == (1, 1, 0)
        assert [one.agent for one in center.reports.agents()] == ["ana"]
        assert [one.division for one in center.reports.interactions()] == ["north"]
        assert center.reports.activity()[0].waiting == 1
        for refused in (center.reports.totals, center.reports.tasks, center.reports.conversations):
            with pytest.raises(NotPermitted):
                refused()
        for refused in (center.reports.journey, center.reports.attempts):
            with pytest.raises(NotPermitted):
                refused("x")
    assert center.reports.totals().submitted == 3
