"""Who may be offered an item, and from when on."""

from __future__ import annotations

import pytest
from attrs import evolve

from desk import INSTANT, Desk, after, agents
from switchroom import Agent, ContactCenter, ManualClock, Membership, Queue, WorkItem
from switchroom.routing.model import Expiring, Preferred, Step
from switchroom.routing.queue_model import Ring


def test_members_on_queue_with_room_and_skills_are_candidates() -> None:
    """Each condition alone keeps an agent out: membership, presence, room, requirement."""
    team = [
        Agent("fit", queues=["q"], skills={"spanish": 3}),
        Agent("foreign", queues=["other"], skills={"spanish": 3}),
        Agent("away", queues=["q"], skills={"spanish": 3}),
        Agent("weak", queues=["q"], skills={"spanish": 2}),
    ]
    desk = Desk(Queue("q", offers_per_item=9), Queue("other"), *team)
    desk.agents.set_presence("away", "break")
    assert desk.offered(desk.submit("x", requirement="spanish >= 3")) == ["fit"]
    assert desk.offered(desk.submit("y", requirement="spanish >= 3")) == []
    desk.agents.set_skills("weak", {"spanish": 3})
    assert desk.offered("x") == ["fit", "weak"]


def test_agents_named_by_the_requirement_need_not_be_members() -> None:
    """Whoever the requirement names is a candidate, member or not."""
    desk = Desk(Queue("q"), Agent("bob"), *agents("ana"))
    assert desk.offered(desk.submit("x", requirement='agent == "bob"')) == ["bob"]


def test_about_a_missing_skill_every_comparison_is_false() -> None:
    """Without the skill even ``!=`` and ``<`` are false, and ``not`` of them is true."""
    desk = Desk(Queue("q"), *agents("ana"))
    for n, text in enumerate(("spanish != 3", "spanish < 3", "spanish == 0", "spanish")):
        item = desk.submit(f"no-{n}", requirement=text)
        assert desk.offered(item) == []
        desk.work.cancel(item)
    assert desk.offered(desk.submit("x", requirement="not spanish")) == ["ana"]


def test_a_step_ends_whether_or_not_an_offer_is_out() -> None:
    """The offer that is out stays valid; when it fails, the next step has begun."""
    team = [Agent("one", skills={"one": 1}, queues=["q"]), Agent("two", skills={"two": 1}, queues=["q"])]
    desk = Desk(Queue("q"), *team)
    desk.submit("x", steps=[Step("one", "30s"), Step("two")])
    assert desk.offered("x") == ["one"]
    desk.wait(31)
    assert desk.offered("x") == ["one"]
    desk.decline("x")
    assert desk.offered("x") == ["two"]


@pytest.mark.parametrize(
    ("outcome", "state"), [("any_member", "offered"), ("cancel", "cancelled"), ("time_out", "timed_out")]
)
def test_after_the_last_step_what_was_stated_happens(outcome: str, state: str) -> None:
    """Any member, cancelling or giving up, exactly when the last step is over."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("x", steps=[Step("one", "30s")], after_steps=outcome)
    desk.wait_until(after(30) - INSTANT)
    assert desk.state("x") == "waiting"
    desk.wait_until(after(30))
    assert desk.state("x") == state


def test_a_last_step_without_a_duration_stays() -> None:
    """Nobody else becomes a candidate, however long it takes."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("x", steps=[Step("one", "30s"), Step("two")])
    desk.wait(86_400)
    assert desk.state("x") == "waiting"


def test_a_step_of_no_length_is_over_at_entry() -> None:
    """Steps without length are passed at once, and so is what follows the last one."""
    desk = Desk(Queue("q"), *agents("ana"))
    assert desk.offered(desk.submit("x", steps=[Step("one", "0s"), Step("true")])) == ["ana"]
    desk.submit("y", steps=[Step("one", "0s")], after_steps="cancel")
    assert desk.state("y") == "cancelled"


def test_rings_widen_and_drop_skills() -> None:
    """In ring 2 its members join, and what ring 1 drops is no longer asked for, by item or queue."""
    team = [Agent("late", queues=[Membership("q", ring=2)], skills={"polish": 1}), Agent("dull", queues=["q"])]
    settings = Queue("q", requirement="polish", rings=[Ring("20s"), Ring("10s", drop={"polish", "legal"})])
    desk = Desk(settings, *team)
    desk.submit("x")
    desk.wait_until(after(20) - INSTANT)
    assert desk.offered("x") == []
    desk.wait_until(after(20))
    assert desk.offered("x") == ["late"]
    desk.submit("y", requirement="legal")
    desk.wait_until(after(50) - INSTANT)
    assert desk.offered("y") == []
    desk.wait_until(after(50))
    assert desk.offered("y") == ["dull"]


def test_an_expiring_requirement_counts_from_entering_the_queue() -> None:
    """It holds until the instant before its time to live is over; a requeued item begins anew."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("x", expiring=[Expiring("one", "10s")])
    desk.wait_until(after(10) - INSTANT)
    assert desk.offered("x") == []
    desk.wait_until(after(10))
    token = desk.accept("x")
    desk.assignments.requeue(token)
    assert desk.offered("x") == []
    desk.wait(10)
    assert desk.offered("x") == ["ana"]


def test_the_wait_for_a_preferred_agent_is_skipped_if_nobody_is_signed_in() -> None:
    """Skipped by default at entry, kept if asked for."""
    desk = Desk(Queue("q"), *agents("ana", "bob"))
    desk.agents.sign_out("ana")
    assert desk.offered(desk.submit("x", preferred=Preferred(["ana"]))) == ["bob"]
    desk.work.cancel("x")
    assert desk.offered(desk.submit("y", preferred=Preferred(["ana"], skip_if_absent=False))) == []


def test_preference_overrides_the_skills_only_if_it_says_so() -> None:
    """A preferred agent without the skill is no candidate unless exempt."""
    desk = Desk(Queue("q"), *agents("ana"))
    assert desk.offered(desk.submit("x", requirement="spanish", preferred=Preferred(["ana"]))) == []
    assert desk.offered(desk.submit("y", requirement="spanish", preferred=Preferred(["ana"], override=True))) == ["ana"]
    desk.work.change("y", requirement="polish")
    assert desk.offered("y") == ["ana"], "the exempt agent still fits"


def test_an_exempt_member_is_found_though_the_requirement_names_another() -> None:
    """Exempt means exempt from naming, too."""
    desk = Desk(Queue("q"), *agents("ana", "bob"))
    item = desk.submit("x", requirement='agent == "bob"', preferred=Preferred(["ana"], override=True))
    assert desk.offered(item) == ["ana"]


def test_after_a_decline_not_before_the_retry_time() -> None:
    """Given with the answer or by the queue, exactly; without one, not until coming on queue again."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("x")
    desk.decline("x", retry_after="30s")
    desk.wait_until(after(30) - INSTANT)
    assert desk.offered("x") == []
    desk.wait_until(after(30))
    assert desk.offered("x") == ["ana"]
    desk.decline("x")
    desk.wait(3600)
    assert desk.offered("x") == []
    desk.agents.set_presence("ana", "break")
    desk.agents.sign_in("ana")
    assert desk.offered("x") == ["ana"]


def test_a_decline_is_forgotten_in_another_queue() -> None:
    """Who declined an item in one queue may be asked in another."""
    desk = Desk(Queue("q"), Queue("other"), Agent("ana", queues=["q", "other"]))
    desk.submit("x")
    desk.decline("x")
    assert desk.offered("x") == []
    desk.work.move("x", "other")
    assert desk.offered("x") == ["ana"]


def test_a_retry_time_that_passes_elsewhere_has_passed() -> None:
    """While somebody else works on the item its retry times go on; back in the queue it may be offered again."""
    desk = Desk(Queue("q"), *agents("ana", "bob"))
    desk.submit("x")
    desk.decline("x", retry_after="10s")
    token = desk.accept("x", "bob")
    desk.wait(20)
    desk.agents.set_presence("bob", "break")
    desk.assignments.requeue(token)
    assert desk.offered("x") == ["ana"]


def test_a_decline_is_never_answered_by_the_same_offer_at_once() -> None:
    """Even with no retry time at all the next offer comes an instant later."""
    desk = Desk(Queue("q", decline_retry="0s"), *agents("ana"))
    desk.submit("x")
    desk.decline("x")
    assert desk.offered("x") == []
    desk.center.advance(INSTANT)
    assert desk.offered("x") == ["ana"]


def test_after_an_expiry_the_untried_come_first() -> None:
    """Who let it expire is not tried while somebody untried is there, and after the retry delay when nobody is."""
    settings = Queue("q", alert_timeout="10s", on_expiry="stay", retry_delay="5s")
    desk = Desk(settings, *agents("ana", "bob"))
    desk.submit("x")
    assert desk.offered("x") == ["ana"]
    desk.wait(10)
    assert desk.offered("x") == ["bob"]
    desk.wait(10)
    assert desk.offered("x") == []
    desk.wait_until(after(25) - INSTANT)
    assert desk.offered("x") == []
    desk.wait_until(after(25))
    assert desk.offered("x") == ["ana"]


def test_a_retry_waits_while_somebody_else_is_tried() -> None:
    """Who let it expire stays behind until the newcomer has let it expire too, and the delay is over again."""
    desk = Desk(Queue("q", alert_timeout="10s", on_expiry="stay", retry_delay="5s"), *agents("ana"))
    desk.submit("x")
    desk.wait_until(after(12))
    desk.agents.add(Agent("bob", queues=["q"]))
    desk.agents.sign_in("bob")
    assert desk.offered("x") == ["bob"]
    desk.wait_until(after(22))
    assert desk.offered("x") == []
    desk.wait_until(after(27) - INSTANT)
    assert desk.offered("x") == []
    desk.wait_until(after(27))
    assert desk.offered("x") == ["ana"]


def test_an_expiry_is_retried_though_other_offers_are_allowed() -> None:
    """An item that may be out to several agents, but has one only, is tried again as any other."""
    desk = Desk(Queue("q", alert_timeout="10s", on_expiry="stay", offers_per_item=2), *agents("ana"))
    desk.submit("x")
    desk.wait_until(after(10) + INSTANT)
    assert desk.offered("x") == ["ana"]


def test_an_agent_without_room_is_not_waited_for() -> None:
    """Untried but busy: those who let it expire are tried again after the delay."""
    desk = Desk(Queue("q", alert_timeout="10s", on_expiry="stay"), Queue("calls"), *agents("ana"))
    desk.agents.add(Agent("bob", queues=["q", "calls"]))
    desk.agents.sign_in("bob")
    desk.accept(desk.submit("call", "calls"))
    desk.submit("x")
    desk.wait_until(after(10))
    assert desk.offered("x") == []
    desk.wait_until(after(10) + INSTANT)
    assert desk.offered("x") == ["ana"]


def test_a_removed_agent_is_forgotten() -> None:
    """Added again under the same id, the agent may be offered what the one before declined."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("x")
    desk.decline("x")
    desk.agents.remove("ana")
    desk.agents.add(Agent("ana", queues=["q"]))
    desk.agents.sign_in("ana")
    desk.center.check()
    assert desk.offered("x") == ["ana"]


def test_excluded_agents_are_no_candidates() -> None:
    """Whoever the item excludes is passed over."""
    desk = Desk(Queue("q"), *agents("ana", "bob"))
    assert desk.offered(desk.submit("x", exclude=["ana"])) == ["bob"]


def test_a_change_of_ranks_keeps_the_order_whole() -> None:
    """Ranks that begin or cease to differ while agents are free change the order, and break nothing."""
    desk = Desk(Queue("q", selection="round_robin"), *agents("ana", "bob"))
    desk.agents.join("ana", Membership("q", rank=2))
    assert desk.offered(desk.submit("x")) == ["bob"]
    desk.agents.join("ana", Membership("q", rank=1))
    desk.center.check()
    assert desk.offered(desk.submit("y")) == ["ana"]


def test_whom_a_queue_prefers_is_not_what_an_agent_prefers() -> None:
    """An order of the membership chooses among the agents of a queue; the rank among the queues of an agent."""
    ana = Agent("ana", queues=[Membership("p", rank=2, order=1), Membership("q", rank=1, order=2)])
    bob = Agent("bob", queues=[Membership("p", rank=1, order=2), Membership("q", rank=2, order=1)])
    desk = Desk(Queue("p"), Queue("q"), ana, bob)
    desk.work.cancel(desk.submit("first"))
    assert desk.offered(desk.submit("x", queue="p")) == ["ana"]
    assert desk.offered(desk.submit("y", queue="q")) == ["bob"]
    desk.submit("z", queue="p")
    desk.submit("w", queue="q")
    desk.work.cancel("x")
    assert desk.offered("w") == ["ana"]
    desk.center.check()


def test_new_settings_hold_for_what_waits() -> None:
    """A wait that the new settings limit is over at once if it has lasted longer."""
    desk = Desk(Queue("q"))
    desk.submit("x")
    desk.wait(60)
    desk.queues.change(evolve(desk.queues.settings("q"), max_wait="30s"))
    desk.center.advance(INSTANT)
    assert desk.state("x") == "timed_out"


def test_work_with_steps_is_of_no_class_of_work_without() -> None:
    """What an item asks for at first counts also where the same words without steps are waiting already."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("q"))
    center.agents.add(Agent("ana", queues=["q"]))
    plain = center.work.submit(WorkItem("plain", queue="q"))
    center.work.submit(WorkItem("first", queue="q", steps=[Step("vip", "30s"), Step("true")]))
    center.work.submit(WorkItem("kept", queue="q", expiring=[Expiring("vip", ttl="30s", expedite=True)]))
    center.agents.sign_in("ana")
    assert [offer.item for offer in center.offers.of_agent("ana")] == [plain]
    assert center.queues.waiting("q")[0] == "kept"
    center.check()
