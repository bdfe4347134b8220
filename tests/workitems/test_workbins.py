"""Workbins: who may see and claim, races, filters, orders and pages against a plain sort, hand over."""

from __future__ import annotations

import threading
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom import ContactCenter, Requirement, WorkItem
from switchroom.errors import InvalidInput, NotAllowed, NotPermitted, NotYours, SwitchroomError, UnknownId
from switchroom.routing.escalation_model import Escalation, MoveTo, ParkIn
from switchroom.routing.hours import OpeningHours
from switchroom.routing.queue_model import Queue
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import Workbin, Worktype
from switchroom.workitems.sla_model import Curve, Sla
from switchroom.workitems.views import facts_of

from .desk import desk

POST = Workbin("post", see='team == "red"', claim='agent == "ana" or role == "supervisor"')
LETTER = Worktype(
    "letter",
    workbin="post",
    attributes=[
        Attribute("region", indexed=True),
        Attribute("pages", "number"),
        Attribute("tags", "list", indexed=True),
    ],
)


def post_room(*worktypes: Worktype, **named: Any) -> ContactCenter:
    center = desk(**named)
    center.workbins.save(POST)
    for worktype in (LETTER, *worktypes):
        center.worktypes.save(worktype)
    return center


def ids(center: ContactCenter, **asked: Any) -> list[str]:
    return [view.id for view in center.workbins.page("post", agent="eve", **asked).works]


def test_who_may_see_and_who_may_claim() -> None:
    """By the workbin's rules over agents; strangers see nothing."""
    center = post_room()
    work = center.work.submit(WorkItem(worktype="letter"))
    center.agents.sign_in("bob")
    assert ids(center) == [work]
    assert center.workbins.page("post", agent="bob").works
    with pytest.raises(NotPermitted, match="may not look into workbin post"):
        center.workbins.page("post", agent="zoe")
    with pytest.raises(NotPermitted, match="may not take work"):
        center.workbins.claim(work, agent="bob")
    center.workbins.claim(work, agent="eve")
    assert (center.work.view(work).agent, center.work.view(work).status) == ("eve", "in_progress")
    assert center.workbins.count("post") == 0
    center.check()


def test_bins_of_agents_and_teams_need_no_setting_up() -> None:
    """An agent's bin is for that agent and the supervisor, a team's for its members."""
    center = desk(Worktype("claim", queue="claims"))
    work = center.work.submit(WorkItem(worktype="claim"))
    center.workbins.put(work, "agent:bob")
    for agent, allowed in (("bob", True), ("eve", True), ("ana", False), ("zoe", False)):
        if allowed:
            assert center.workbins.page("agent:bob", agent=agent).works
        else:
            with pytest.raises(NotPermitted):
                center.workbins.page("agent:bob", agent=agent)
    center.workbins.put(work, "team:red", by="bob")
    assert center.workbins.page("team:red", agent="ana").works
    with pytest.raises(NotPermitted):
        center.workbins.put(work, "agent:zoe", by="zoe")
    center.workbins.put(work, "supervisor:red")
    assert center.work.view(work).place == "workbin:agent:eve"
    for name in ("nowhere", "agent:nobody", "team:nobody", "supervisor:nobody"):
        with pytest.raises(UnknownId):
            center.workbins.put(work, name)
    center.check()


def test_of_two_who_claim_one_wins_and_the_other_hears_who_has_it() -> None:
    """Also within one batch, before anything has settled."""
    center = post_room()
    center.agents.sign_in("ana")
    work = center.work.submit(WorkItem(worktype="letter"))
    with center.batch():
        center.workbins.claim(work, agent="ana")
        with pytest.raises(NotAllowed, match="in the hand of ana"):
            center.workbins.claim(work, agent="eve")
    center.check()
    assert center.work.view(work).agent == "ana"


@pytest.mark.parametrize("seed", range(3))
def test_claims_of_many_threads(seed: int) -> None:
    """Each piece of work is claimed by exactly one of those who try."""
    center = post_room()
    center.workbins.save(Workbin("post"))
    works = [center.work.submit(WorkItem(worktype="letter")) for _ in range(40)]
    won: dict[str, list[str]] = {}
    lost: list[SwitchroomError] = []

    def claim(agent: str) -> None:
        mine = list(works)
        Random(f"{seed}{agent}").shuffle(mine)
        for work in mine:
            try:
                center.workbins.claim(work, agent=agent, over_capacity=True)
                won.setdefault(work, []).append(agent)
            except NotAllowed as refusal:
                lost.append(refusal)

    for agent in ("ana", "bob"):
        center.agents.sign_in(agent)
    threads = [threading.Thread(target=claim, args=(agent,)) for agent in ("ana", "bob", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == sorted(works)
    assert all(len(agents) == 1 for agents in won.values())
    assert len(lost) == 2 * len(works)
    center.check()


def test_returned_and_handed_on() -> None:
    """Back to where it came from; on to somebody else's bin by who has it, or by the supervisor."""
    center = post_room()
    center.agents.sign_in("ana")
    work = center.work.submit(WorkItem(worktype="letter"))
    center.workbins.claim(work, agent="ana")
    with pytest.raises(NotYours):
        center.workbins.give_back(work, agent="eve")
    center.workbins.give_back(work, agent="ana")
    assert center.work.view(work).place == "workbin:post"
    assert center.work.view(work).status == "open"
    with pytest.raises(NotAllowed, match="workbin:post"):
        center.workbins.give_back(work, agent="ana")
    center.workbins.claim(work, agent="ana")
    with pytest.raises(NotYours):
        center.workbins.put(work, "agent:zoe", by="zoe")
    center.workbins.put(work, "agent:bob", by="eve")
    assert center.work.view(work).place == "workbin:agent:bob"
    assert center.agents.get("ana").assignments == ()
    center.work.move(work, "claims")
    assert center.work.view(work).place == "queue:claims"
    assert center.work.get(work).state in ("waiting", "offered")
    center.check()


def test_plain_items_go_into_workbins_too() -> None:
    """A rule of a queue parks a call that nobody has served; it becomes work that can be claimed."""
    center = desk()
    center.workbins.save(Workbin("later"))
    rule = Escalation("late", after_wait="1m", actions=[ParkIn("workbin:later")])
    center.queues.add(Queue("calls", escalations=[rule]))
    item = center.work.submit(WorkItem(queue="calls", medium="voice", attributes={"topic": "x"}))
    center.advance("1m")
    (view,) = center.workbins.page("later", agent="eve", where='topic == "x"').works
    assert (view.id, view.worktype) == (item, "item")
    assignment = center.workbins.claim(item, agent="eve")
    center.assignments.complete(assignment)
    assert center.work.view(item).outcome == "completed"
    center.check()


def test_indexed_and_other_attributes_filter_alike() -> None:
    """Also where one worktype of a bin indexes an attribute and another one does not."""
    other = Worktype("parcel", workbin="post", attributes=["region"])
    center = post_room(other)
    works = {}
    for n, (worktype, region) in enumerate([("letter", "n"), ("letter", "s"), ("parcel", "n"), ("letter", "n")]):
        works[n] = center.work.submit(WorkItem(worktype=worktype, attributes={"region": region}))
    assert ids(center, where='region == "n"') == [works[0], works[2], works[3]]
    assert ids(center, where='region == "n" and worktype == "letter"') == [works[0], works[3]]
    center.work.change(works[0], attributes={"region": None})
    center.work.cancel(works[2])
    assert ids(center, where='region == "n"') == [works[3]]
    center.work.change(works[3], attributes={"tags": ["x", "y"]})
    assert ids(center, where='tags == "x"') == [works[3]]
    assert ids(center, where='not (region == "n")') == [works[0], works[1]]
    center.check()


def test_pages_of_another_order_are_refused() -> None:
    """A page goes on where the last one ended, in the same order only."""
    center = post_room()
    for _ in range(5):
        center.work.submit(WorkItem(worktype="letter"))
    first = center.workbins.page("post", agent="eve", limit=2)
    assert first.next is not None
    with pytest.raises(InvalidInput, match="order by priority"):
        center.workbins.page("post", agent="eve", sort="priority", after=first.next)
    by_pages = center.workbins.page("post", agent="eve", sort="pages", limit=2)
    with pytest.raises(InvalidInput, match="order by due"):
        center.workbins.page("post", agent="eve", after=by_pages.next)
    for limit in (0, 501):
        with pytest.raises(InvalidInput):
            center.workbins.page("post", agent="eve", limit=limit)


def test_what_is_claimed_between_two_pages_shifts_nothing() -> None:
    """By due date nothing is shown twice and nothing is missed."""
    center = post_room()
    works = [
        center.work.submit(WorkItem(worktype="letter", due=center.now() + timedelta(hours=n % 3 + 1))) for n in range(9)
    ]
    seen: list[str] = []
    after = None
    while True:
        page = center.workbins.page("post", agent="eve", limit=2, after=after)
        seen += [view.id for view in page.works]
        center.workbins.claim(page.works[0].id, agent="eve", over_capacity=True)
        after = page.next
        if after is None:
            break
    assert sorted(seen) == sorted(works)
    assert len(set(seen)) == len(seen)


HOURS = OpeningHours.weekdays("08:00", "17:00", zone="Europe/Berlin")
KINDS = (
    Worktype("slow", workbin="post", sla=Sla("3d", calendar="office", curve=Curve([(0.2, 10), (0.6, 40), (1, 90)]))),
    Worktype("quick", workbin="post", sla=Sla("4h", curve=Curve([(0.5, 30), (1.0, 100)], smooth=True))),
    Worktype("flat", workbin="post", attributes=[Attribute("region", indexed=True), Attribute("pages", "number")]),
)


def plain_order(center: ContactCenter, sort: str, where: str | None) -> list[str]:
    """What a page must show, by looking at everything: every work is seen by itself."""
    now = center.clock.micros()

    def look(w: Any) -> list[str]:
        works = [work for work in w.works.values() if work.bin is not None and work.bin.id == "post"]
        if where is not None:
            works = [work for work in works if Requirement.parse(where).holds(facts_of(w, work, now))]
        due = {work.id: w.due(work) if w.due(work) is not None else 1 << 62 for work in works}
        if sort == "due":
            works.sort(key=lambda work: (due[work.id], work.number))
        else:
            ends = {work.id: work.end_us if w.standing(work) is None else due[work.id] for work in works}
            works.sort(key=lambda work: (-w.priority(work, now), ends[work.id] or 1 << 62, work.number))
        return [work.id for work in works]

    found: list[str] = center.look_on("workitems", look)
    return found


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_orders_and_filters_are_those_of_a_plain_sort(rng: Random) -> None:
    """Due date and priority, which rises while nobody touches anything; by index or not; in pages of any length."""
    center = post_room(hours=HOURS, start="2026-03-26T09:00:00Z")
    for kind in KINDS:
        center.worktypes.save(kind)
    works: list[str] = []
    for _ in range(rng.randrange(3, 30)):
        due = rng.choice([None, center.now() + timedelta(minutes=rng.randrange(1, 5000))])
        worktype = rng.choice(["slow", "quick", "flat"])
        attributes: dict[str, Any] = {"region": rng.choice("ns")} if worktype == "flat" else {}
        item = WorkItem(worktype=worktype, due=due, priority=rng.choice([0, 0, 5, -50]), attributes=attributes)
        works.append(center.work.submit(item))
        one = rng.choice(works)
        if rng.random() < 0.2:
            change = center.work.suspend if center.work.view(one).status == "open" else center.work.resume
            change(one)
        elif rng.random() < 0.2:
            center.work.change(one, priority=rng.randrange(0, 60))
        center.advance(rng.randrange(0, 7200))
    written = center.storage.end()
    for _ in range(4):
        for where in (None, 'region == "n"', "priority > 20", 'region == "n" and overdue'):
            for sort in ("due", "priority"):
                shown: list[str] = []
                after, limit = None, rng.randrange(1, 9)
                while True:
                    page = center.workbins.page("post", agent="eve", where=where, sort=sort, limit=limit, after=after)
                    shown += [view.id for view in page.works]
                    after = page.next
                    if after is None:
                        break
                assert shown == plain_order(center, sort, where), (sort, where)
        backwards = [v.id for v in center.workbins.page("post", agent="eve", backwards=True, limit=500).works]
        assert backwards == plain_order(center, "due", None)[::-1]
        center.advance(rng.randrange(0, 40_000))
        center.check()
    curves = {"workitems.priority_risen", "routing.item_changed"}
    assert not [r for r in center.events(after=written) if r.type in curves], "a priority on a shelf was touched"


def test_a_rule_moves_work_out_of_a_bin_with_the_priority_that_it_had_there() -> None:
    """The queue sees what the shelf has shown."""
    from switchroom.workitems.sla_model import SlaRule

    sla = Sla("1h", rules=[SlaRule("late", share=0.9, actions=[MoveTo("claims")])], curve=Curve([(0.5, 10), (0.8, 30)]))
    center = post_room(Worktype("quick", workbin="post", priority=2, sla=sla))
    work = center.work.submit(WorkItem(worktype="quick"))
    center.advance("53m")
    assert (center.work.view(work).priority, center.work.get(work).priority) == (32, 2)
    center.advance("1m")
    assert (center.work.view(work).priority, center.work.get(work).priority) == (32, 32)
    assert center.work.view(work).place == "queue:claims"
    center.check()
