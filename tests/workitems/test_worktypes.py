"""Worktypes: typed attributes, statuses and who may change them to what, dates, wrap-up codes, room."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from switchroom import WorkItem
from switchroom.errors import InvalidInput, LimitReached, NotAllowed, NotYours, OverCapacity, UnknownId, VersionMismatch
from switchroom.routing.hours import OpeningHours
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import Automatic, Calendar, Status, TimeRule, Worktype
from switchroom.workitems.sla_model import Curve, Sla, SlaRule

from .desk import desk, taken, types

TYPED = Worktype(
    "claim",
    queue="claims",
    attributes=[
        Attribute("amount", "number", required=True, minimum=0, maximum=100),
        Attribute("region", "choice", choices=["north", "south"], default="north"),
        Attribute("seen", "date"),
        Attribute("urgent", "boolean"),
        Attribute("tags", "list", choices=["a", "b"], maximum=2),
        Attribute("policy", maximum=4),
    ],
)


@pytest.mark.parametrize(
    ("attributes", "field"),
    [
        ({}, "amount"),
        ({"amount": "5"}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": 101}, "amount"),
        ({"amount": 1, "region": "east"}, "region"),
        ({"amount": 1, "seen": "2026-02-30"}, "seen"),
        ({"amount": 1, "seen": "20260203"}, "seen"),
        ({"amount": 1, "urgent": 1}, "urgent"),
        ({"amount": 1, "tags": ["c"]}, "tags"),
        ({"amount": 1, "tags": "a"}, "tags"),
        ({"amount": 1, "policy": "12345"}, "policy"),
        ({"amount": 1, "colour": "red"}, "colour"),
    ],
)
def test_attributes_that_do_not_fit_are_refused_by_name(attributes: dict[str, Any], field: str) -> None:
    """Nothing has happened then."""
    center = desk(TYPED)
    end = center.storage.end()
    with pytest.raises(InvalidInput) as refusal:
        center.work.submit(WorkItem(worktype="claim", attributes=attributes))
    assert refusal.value.field == f"attributes.{field}"
    assert center.storage.end() == end


def test_attributes_are_kept_as_facts() -> None:
    """Defaults stand where nothing was given; dates are texts, lists are sets."""
    center = desk(TYPED)
    given: dict[str, Any] = {"amount": 5, "seen": "2026-02-03", "tags": ["b", "a"]}
    work = center.work.submit(WorkItem(worktype="claim", attributes=given))
    kept = {"amount": 5, "region": "north", "seen": "2026-02-03", "tags": frozenset({"a", "b"})}
    assert center.work.view(work).attributes == kept
    assert center.work.get(work).attributes == kept
    assert Attribute("seen", "date").checked(date(2026, 2, 3)) == "2026-02-03"


def test_a_change_is_checked_and_merged() -> None:
    """What is required cannot be removed; what is the same is no change."""
    center = desk(TYPED)
    work = center.work.submit(WorkItem(worktype="claim", attributes={"amount": 5, "policy": "p"}))
    version = center.work.view(work).version
    center.work.change(work, attributes={"amount": 5})
    assert center.work.view(work).version == version
    center.work.change(work, attributes={"policy": None, "amount": 6}, expected_version=version)
    assert center.work.view(work).attributes == {"amount": 6, "region": "north"}
    with pytest.raises(InvalidInput, match="requires it"):
        center.work.change(work, attributes={"amount": None})
    with pytest.raises(VersionMismatch):
        center.work.change(work, priority=3, expected_version=version)
    center.check()


PROCESS = Worktype(
    "case",
    queue="claims",
    statuses=[
        Status("new", category="open", next=["reading", "dropped"]),
        Status("reading", category="in_progress", next=["new", "asked", "filed"]),
        Status("asked", category="waiting", room=0.0, wake="queue", next=["reading", "new"]),
        Status("filed", category="closed", next=[]),
        Status("dropped", category="closed", next=["new"]),
    ],
)


def test_transitions_are_refused_with_the_rule_that_forbids_them() -> None:
    """The message names what is allowed."""
    center = desk(PROCESS)
    work = center.work.submit(WorkItem(worktype="case"))
    with pytest.raises(NotAllowed, match="new, which in worktype case is followed by reading, dropped"):
        center.work.set_status(work, "asked")
    with pytest.raises(NotAllowed, match="filed"):
        center.work.complete(work)
    with pytest.raises(InvalidInput, match="worktype case has new, reading"):
        center.work.set_status(work, "nonsense")
    center.work.cancel(work)
    assert center.work.view(work).status == "dropped"
    center.work.reopen(work)
    assert center.work.view(work).status == "new"


def test_completion_by_routing_is_refused_by_the_worktype_too() -> None:
    """Agents complete assignments; the rules of the worktype hold all the same."""
    center = desk(PROCESS)
    work = taken(center, worktype="case")
    center.work.suspend(work)
    assignment = center.work.view(work).assignment
    assert assignment is not None
    with pytest.raises(NotAllowed, match="asked, which in worktype case"):
        center.assignments.complete(assignment)
    center.work.resume(work)
    center.assignments.complete(assignment)
    assert (center.work.view(work).status, center.work.view(work).outcome) == ("filed", "completed")
    with pytest.raises(NotAllowed, match="nothing"):
        center.work.reopen(work)


def test_statuses_follow_what_agents_do() -> None:
    """Taken is in progress, given back is open again."""
    center = desk(PROCESS)
    work = taken(center, worktype="case")
    assert center.work.view(work).status == "reading"
    assignment = center.work.view(work).assignment
    assert assignment is not None
    center.assignments.requeue(assignment)
    assert center.work.view(work).status in ("new", "reading")
    center.check()


def test_suspended_work_holds_the_room_that_its_status_says() -> None:
    """None of it: another item fits; waking while the agent is full, it goes to the queue, as the status says."""
    center = desk(PROCESS)
    first = taken(center, worktype="case")
    taken(center, worktype="case")
    third = center.work.submit(WorkItem(worktype="case"))
    assert not center.offers.of_item(third)
    center.work.suspend(first, reason="papers")
    offer = center.offers.of_item(third)[0]
    center.offers.accept(offer.id)
    center.agents.sign_out("bob")
    center.work.resume(first)
    assert center.work.view(first).agent is None
    assert center.work.view(first).place == "queue:claims"
    center.check()


def test_work_that_wakes_may_go_over_capacity_for_its_agent() -> None:
    """The default: nobody else gets in, the agent keeps it."""
    center = desk(Worktype("claim", queue="claims"))
    first = taken(center, worktype="claim")
    taken(center, worktype="claim")
    center.work.suspend(first)
    taken(center, worktype="claim")
    center.work.resume(first)
    assert center.work.view(first).agent == "ana"
    assert center.agents.get("ana").used == 150
    center.check()


def test_suspended_in_a_queue_it_is_offered_to_nobody_until_its_time() -> None:
    """And then it goes on by itself."""
    center = desk(Worktype("claim", queue="claims"))
    work = center.work.submit(WorkItem(worktype="claim"))
    center.work.suspend(work, until=center.now() + timedelta(minutes=10))
    center.agents.sign_in("ana")
    center.advance("9m59s")
    assert center.offers.of_agent("ana") == ()
    assert center.work.view(work).status == "waiting"
    center.advance("1s")
    assert len(center.offers.of_agent("ana")) == 1
    with pytest.raises(InvalidInput, match="future"):
        center.work.suspend(work, until=center.now())


def test_a_status_is_left_by_itself() -> None:
    """After a delay, or at a time of day; into a closed status, too."""
    statuses = [
        Status("open", category="open", automatic=[Automatic(to="old", at="18:00")]),
        Status("old", category="in_progress", automatic=[Automatic(to="done", after="2h")]),
        Status("done", category="closed", automatic=[Automatic(to="filed", after="1d")]),
        Status("filed", category="closed"),
    ]
    center = desk(Worktype("claim", queue="claims", statuses=statuses))
    work = center.work.submit(WorkItem(worktype="claim"))
    for wait, status in (("5h59m", "open"), ("1m", "old"), ("1h59m", "old"), ("1m", "done"), ("1d", "filed")):
        center.advance(wait)
        assert center.work.view(work).status == status
        center.check()
    assert center.work.view(work).outcome == "completed"


def test_due_and_expiry() -> None:
    """Nothing passes its due date unnoticed; what expires is closed, but not in an agent's hand."""
    spec = Worktype("claim", queue="claims", due=TimeRule(after="1h"), expires=TimeRule(after="2h"))
    center = desk(spec)
    work, held = center.work.submit(WorkItem(worktype="claim")), taken(center, worktype="claim")
    center.advance("1h")
    assert types(center).count("overdue") == 2
    assert center.work.view(work).overdue
    center.advance("1h")
    other = work if center.work.view(work).agent is None else held
    mine = held if other == work else work
    assert (center.work.view(other).outcome, center.work.view(other).status) == ("expired", "expired")
    assignment = center.work.view(mine).assignment
    assert assignment is not None
    center.assignments.requeue(assignment)
    center.advance("1s")
    assert center.work.view(mine).outcome == "expired"


def test_wrap_up_codes_of_the_worktype() -> None:
    """Required at completion by an agent, not of the source; a late one comes with the end of after-call work."""
    center = desk(Worktype("claim", queue="claims", wrap_up_codes=["paid", "no"], wrap_up_required=True))
    work = taken(center, worktype="claim")
    for code, problem in ((None, "requires one of paid, no"), ("maybe", "one of worktype claim")):
        with pytest.raises(InvalidInput, match=problem):
            center.work.complete(work, agent="ana", code=code)
    with pytest.raises(NotYours):
        center.work.complete(work, agent="bob", code="paid")
    center.work.complete(work, agent="ana", code="paid")
    assert center.work.view(work).code == "paid"
    other = taken(center, worktype="claim")
    center.work.complete(other, from_source=True)
    assert center.work.view(other).outcome == "completed"
    assert center.agents.get("ana").assignments == ()


def test_codes_are_asked_for_wherever_the_work_is() -> None:
    """Also where nobody has it in hand."""
    center = desk(Worktype("claim", queue="claims", wrap_up_codes=["paid"], wrap_up_required=True))
    work = center.work.submit(WorkItem(worktype="claim"))
    for code in (None, "nonsense"):
        with pytest.raises(InvalidInput, match="claim"):
            center.work.complete(work, code=code)
    center.work.complete(work, code="paid")
    assert (center.work.view(work).outcome, center.work.get(work).state) == ("completed", "cancelled")


def test_reopened_work_goes_back_where_it_was_and_begins_a_new_service_level() -> None:
    """To its last agent first; under the same id; after the stated time it is forgotten."""
    sla = Sla("1h", rules=[SlaRule("half", share=0.5, actions=[])])
    center = desk(Worktype("claim", queue="claims", sla=sla, reopen_for="1d"))
    center.agents.sign_in("bob")
    work = taken(center, worktype="claim")
    agent = center.work.view(work).agent
    center.advance("40m")
    center.work.complete(work)
    center.work.reopen(work, reason="not paid after all")
    view = center.work.view(work)
    assert (view.stay, view.item, view.sla_used, view.outcome) == (2, f"{work}.2", 0.0, None)
    assert center.offers.of_item(view.item)[0].agent == agent
    center.advance("30m")
    assert types(center).count("escalated") == 2
    center.work.cancel(work)
    center.advance("1d")
    with pytest.raises(UnknownId):
        center.work.view(work)
    center.check()


def test_a_calendar_that_changes_keeps_what_was_counted() -> None:
    """The clock goes by the new hours from now on, and not before."""
    hours = OpeningHours.daily("12:00", "20:00", zone="UTC")
    center = desk(hours=hours)
    center.worktypes.save(Worktype("claim", queue="claims", sla=Sla("4h", calendar="office")))
    work = center.work.submit(WorkItem(worktype="claim"))
    center.advance("2h")
    center.worktypes.save_calendar(Calendar("office", hours=OpeningHours.daily("16:00", "20:00", zone="UTC")))
    assert center.work.view(work).sla_used == 0.5
    assert center.work.view(work).due == center.now() + timedelta(hours=4)
    center.advance("3h")
    assert center.work.view(work).sla_used == 0.75
    center.check()


def test_settings_change_under_open_work() -> None:
    """A shorter service level counts what has been used; a status that is gone becomes the first of its category."""
    center = desk(Worktype("claim", queue="claims", sla=Sla("4h")))
    work = center.work.submit(WorkItem(worktype="claim"))
    center.advance("1h")
    statuses = [
        Status("fresh", category="open"),
        Status("busy", category="in_progress"),
        Status("over", category="closed"),
    ]
    center.worktypes.save(Worktype("claim", queue="claims", sla=Sla("2h"), statuses=statuses))
    view = center.work.view(work)
    assert (view.status, view.sla_used) == ("fresh", 0.5)
    center.advance("1h")
    assert "overdue" in types(center)
    center.check()


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: Worktype("x", statuses=[Status("a", category="open")]), "no status is in_progress"),
        (lambda: Worktype("x", wrap_up_required=True), "codes are required"),
        (lambda: Worktype("x", queue="a", workbin="b"), "at most"),
        (lambda: Worktype("x", attributes=["a", "a"]), "there twice"),
        (lambda: Worktype("x", attributes=["status"]), "field of this name"),
        (lambda: Status("a", category="odd"), "one of open"),
        (lambda: TimeRule(), "exactly one"),
        (lambda: TimeRule(after="1h", at="12:00"), "exactly one"),
        (lambda: TimeRule(at="25:00"), "time of day"),
        (lambda: Attribute("a", "choice"), "needs choices"),
        (lambda: Attribute("a", "number", default="x"), "number is wanted"),
        (lambda: Curve([(0.5, 5), (0.4, 6)]), "rising"),
        (lambda: Curve([(0.5, 5), (0.6, 5)]), "rising"),
        (lambda: Sla(0), "longer than nothing"),
        (lambda: SlaRule("a", share=0, actions=[]), "above 0"),
        (lambda: WorkItem(external_id="1"), "goes with its source"),
        (lambda: WorkItem(target="workbin:x", queue="y"), "without queue"),
    ],
)
def test_specs_are_checked_when_made(make: Any, problem: str) -> None:
    """The mistake is told where it is made."""
    with pytest.raises(InvalidInput, match=problem):
        make()


def test_automatic_statuses_must_be_allowed() -> None:
    """A closed status does not reopen by itself; no status is left for one that may not follow."""
    ends = [Status("busy", category="in_progress"), Status("done", category="closed", next=["open"])]
    for wrong in (
        Status("open", category="open", next=["busy"], automatic=[Automatic(to="done", after="1h")]),
        Status("open", category="open", automatic=[Automatic(to="open", after="1h")]),
        Status("open", category="open", next=["nowhere"]),
    ):
        with pytest.raises(InvalidInput):
            Worktype("x", statuses=[wrong, *ends])
    reopening = Status("done", category="closed", automatic=[Automatic(to="open", after="1h")])
    with pytest.raises(InvalidInput, match="by itself"):
        Worktype("x", statuses=[Status("open", category="open"), ends[0], reopening])


def test_unknown_references_are_refused() -> None:
    """Queues, workbins, calendars, distributions."""
    center = desk()
    for spec in (
        Worktype("x", queue="nowhere"),
        Worktype("x", workbin="nowhere"),
        Worktype("x", distribution="nowhere"),
        Worktype("x", sla=Sla("1h", calendar="nowhere")),
        Worktype("x", due=TimeRule(after="1h", calendar="nowhere")),
    ):
        with pytest.raises(UnknownId):
            center.worktypes.save(spec)


def test_deferred_work_without_a_queue_is_held_until_its_time() -> None:
    """The intake rules choose the queue at once; it enters when its time has come. Its dates count from then."""
    from switchroom import Intake

    center = desk(Worktype("claim", sla=Sla("1h")))
    center.queues.save_intake(Intake("default", fallback="claims"))
    at = center.now() + timedelta(hours=2)
    work = center.work.submit(WorkItem(worktype="claim", at=at))
    plain = center.work.submit(WorkItem(at=at))
    assert [center.work.get(item).state for item in (work, plain)] == ["scheduled", "scheduled"]
    center.advance("90m")
    assert center.work.view(work).sla_used == 0
    center.advance("60m")
    assert [center.work.get(item).queue for item in (work, plain)] == ["claims", "claims"]
    assert center.work.view(work).sla_used == 0.5
    center.check()


def test_links_and_notes() -> None:
    """Addresses of documents stand once, up to a limit; notes are told to the source."""
    center = desk(Worktype("claim", queue="claims"))
    work = center.work.submit(WorkItem(worktype="claim", links=["https://a"]))
    center.work.link(work, "https://b", "https://a")
    assert center.work.view(work).links == ("https://a", "https://b")
    with pytest.raises(LimitReached):
        center.work.link(work, *(f"https://{n}" for n in range(100)))
    center.work.note(work, "called", by="ana")
    assert "note_added" in types(center)


def test_work_that_is_submitted_parked_waits() -> None:
    """Also the very first one of a center; on resuming it goes where its worktype says."""
    center = desk(Worktype("claim", queue="claims"))
    work = center.work.submit(WorkItem(worktype="claim", parked=True))
    assert center.work.view(work).status == "waiting"
    center.work.resume(work)
    assert (center.work.view(work).status, center.work.view(work).place) == ("open", "queue:claims")
    center.check()


def test_manual_assignment_follows_the_rules_of_room() -> None:
    """By hand it is in progress at once; above capacity only by an explicit act."""
    center = desk(Worktype("claim", queue="claims"))
    works = [center.work.submit(WorkItem(worktype="claim")) for _ in range(3)]
    for work in works[:2]:
        center.work.assign(work, "eve")
    with pytest.raises(OverCapacity):
        center.work.assign(works[2], "eve")
    center.work.assign(works[2], "eve", over_capacity=True)
    assert [center.work.view(work).status for work in works] == ["in_progress"] * 3
    center.check()
