"""Offers: made once, ended once."""

from __future__ import annotations

import pytest
from attrs import evolve

from desk import INSTANT, Desk, after, agents
from switchroom import Agent, Queue
from switchroom.errors import NotYours, OfferGone, UnknownId
from switchroom.routing.utilization import Utilization

MANY = Utilization(media={"chat": 10})


def test_an_accept_at_the_instant_of_expiry_is_too_late() -> None:
    """The last instant before is in time; the instant itself is not, and the refusal says why."""
    desk = Desk(Queue("q", alert_timeout="20s"), *agents("ana", "bob"))
    first, second = desk.offer(desk.submit("x")), desk.offer(desk.submit("y"))
    desk.center.clock.advance(19.999999)
    desk.offers.accept(first)
    desk.center.clock.advance(INSTANT)
    with pytest.raises(OfferGone) as refusal:
        desk.offers.accept(second)
    assert refusal.value.outcome == "expired"
    assert desk.agents.get("bob").presence == "not_responding"
    desk.center.check()


def test_every_second_answer_says_how_the_first_one_was() -> None:
    """Accepted, declined, revoked: an answer to an ended offer is refused with its end, and changes nothing."""
    desk = Desk(Queue("q"), *agents("ana"))
    ends = {}
    for how in ("accepted", "declined", "revoked"):
        offer = desk.offer(desk.submit(how))
        if how == "accepted":
            desk.offers.accept(offer)
        elif how == "declined":
            desk.offers.decline(offer)
        else:
            desk.work.suspend(how)
        end = desk.end()
        for answer in (desk.offers.accept, desk.offers.decline, desk.assignments.cancel_transfer):
            with pytest.raises(OfferGone) as refusal:
                answer(offer)
            ends[how] = refusal.value.outcome
        assert desk.end() == end
        if how == "accepted":
            desk.assignments.complete(offer)
    assert ends == {"accepted": "accepted", "declined": "declined", "revoked": "revoked"}


def test_another_agent_and_an_unknown_offer_are_refused() -> None:
    """An answer in somebody else's name, and one to an offer that never was."""
    desk = Desk(Queue("q"), *agents("ana"))
    offer = desk.offer(desk.submit("x"))
    with pytest.raises(NotYours):
        desk.offers.accept(offer, agent="bob")
    with pytest.raises(NotYours):
        desk.offers.decline(offer, agent="bob")
    with pytest.raises(UnknownId):
        desk.offers.accept("x#2")
    assert desk.offers.accept(offer, agent="ana") == offer


def test_the_same_command_gets_the_first_answer() -> None:
    """An accept that is sent again under its command id is answered as before, and accepts nothing twice."""
    desk = Desk(Queue("q"), *agents("ana"))
    offer = desk.offer(desk.submit("x"))
    token = desk.offers.accept(offer, command_id="c1")
    end = desk.end()
    assert desk.offers.accept(offer, command_id="c1") == token
    assert desk.end() == end


def test_an_offer_holds_item_and_room() -> None:
    """While it is out, nobody else is offered the item, and the agent has so much less room."""
    desk = Desk(Queue("q"), *agents("ana", "bob"))
    desk.submit("x")
    desk.submit("y")
    assert (desk.offered("x"), desk.offered("y")) == (["ana"], ["bob"])
    assert desk.offered(desk.submit("z")) == []
    assert desk.agents.get("ana").used == 100


def test_several_offers_are_topped_up_and_counted_as_one_failure() -> None:
    """Three at once as long as untried candidates exist; requeued only when the last one has failed."""
    desk = Desk(Queue("q", offers_per_item=3), *agents("a", "b", "c", "d"))
    desk.submit("x")
    assert desk.offered("x") == ["a", "b", "c"]
    desk.offers.decline(desk.offer("x", "b"))
    assert desk.offered("x") == ["a", "c", "d"]
    end = desk.end()
    desk.offers.decline(desk.offer("x", "a"))
    desk.offers.decline(desk.offer("x", "c"))
    assert "item_requeued" not in desk.types(end)
    desk.offers.decline(desk.offer("x", "d"))
    assert desk.types(end).count("item_requeued") == 1


def test_offers_per_agent_have_a_cap() -> None:
    """No more offers out to one agent than the agent's settings say; an answer makes room for the next."""
    desk = Desk(Queue("q"), Agent("a", queues=["q"], utilization=MANY, max_offers=2))
    for n in range(4):
        desk.submit(f"x{n}", medium="chat")
    assert len(desk.offers.of_agent("a")) == 2
    desk.accept("x0")
    assert [o.item for o in desk.offers.of_agent("a")] == ["x1", "x2"]


@pytest.mark.parametrize(
    ("rule", "presence"),
    [("not_responding", "not_responding"), ("stay", "on_queue"), ("lunch", "lunch"), ("on_queue", "on_queue")],
)
def test_after_an_expiry_the_agent_goes_where_the_queue_says(rule: str, presence: str) -> None:
    """Not responding by default, staying, or a named presence; other offers go only with the agent."""
    desk = Desk(Queue("q", alert_timeout="10s", on_expiry=rule), Agent("a", queues=["q"], utilization=MANY))
    desk.submit("x", medium="chat")
    desk.wait(1)
    desk.submit("y", medium="chat")
    desk.wait_until(after(10))
    assert desk.agents.get("a").presence == presence
    assert desk.offered("y") == (["a"] if presence == "on_queue" else [])


def test_expiry_follows_the_rule_for_work_in_hand() -> None:
    """Whoever stops responding leaves the queue, and work in hand goes where the queue says."""
    desk = Desk(Queue("q", alert_timeout="10s", on_leave="requeue"), Agent("a", queues=["q"], utilization=MANY))
    desk.accept(desk.submit("x", medium="chat"))
    desk.submit("y", medium="chat")
    desk.wait(10)
    assert desk.state("x") == "waiting"


@pytest.mark.parametrize("presence", ["break", "offline", "draining", "away", "anything"])
def test_leaving_the_queue_revokes_offers(presence: str) -> None:
    """Any presence but on queue revokes what is out to the agent; work in hand stays by default."""
    desk = Desk(Queue("q"), Agent("a", queues=["q"], utilization=MANY))
    desk.accept(desk.submit("x", medium="chat"))
    desk.submit("y", medium="chat")
    desk.agents.set_presence("a", presence)
    assert (desk.state("x"), desk.state("y")) == ("assigned", "waiting")


def test_a_lapsed_lease_takes_the_agent_offline_in_its_instant() -> None:
    """Renewed in time the lease holds; at its end the agent is offline and the offer revoked."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("x")
    desk.agents.heartbeat("ana", lease="30s")
    desk.wait(20)
    desk.agents.heartbeat("ana", lease="30s")
    desk.wait_until(after(50) - INSTANT)
    assert desk.offered("x") == ["ana"]
    desk.wait_until(after(50))
    assert desk.agents.get("ana").presence == "offline"
    assert desk.offered("x") == []


def test_late_presence_operations_change_nothing() -> None:
    """A sequence number that is not above the last is late: nothing happens, and the answer says so."""
    desk = Desk(Queue("q"), *agents("ana"), here=False)
    assert desk.agents.sign_in("ana", sequence=5)
    end = desk.end()
    for late in (5, 4, -1):
        assert not desk.agents.sign_out("ana", sequence=late)
        assert not desk.agents.heartbeat("ana", sequence=late)
    assert desk.end() == end
    assert desk.agents.sign_out("ana", sequence=6)


@pytest.mark.parametrize("wait", ["0s", "30s"])
def test_work_in_hand_of_who_leaves_goes_back_as_the_queue_says(wait: str) -> None:
    """At once, or after the wait unless the agent has come back."""
    desk = Desk(Queue("q", on_leave="requeue", on_leave_wait=wait), *agents("ana"))
    desk.accept(desk.submit("x"))
    desk.agents.set_presence("ana", "break")
    if wait == "30s":
        desk.wait(29)
        assert desk.state("x") == "assigned"
        desk.agents.sign_in("ana")
        desk.wait(60)
        assert desk.state("x") == "assigned"
        desk.agents.set_presence("ana", "break")
        desk.wait(30)
    assert desk.state("x") == "waiting"


def test_auto_answer_accepts_in_the_same_step() -> None:
    """By the queue's setting or the agent's own, which goes before."""
    desk = Desk(Queue("q", auto_answer=True), *agents("ana"), Agent("bob", queues=["q"], auto_answer=False))
    end = desk.end()
    desk.submit("x")
    assert desk.types(end) == ["item_submitted", "item_queued", "offer_made", "offer_accepted"]
    assert desk.offered(desk.submit("y")) == ["bob"]


def test_changes_of_the_item_revoke_its_offers() -> None:
    """Cancelled, moved, or changed so that the agent no longer fits; a change that still fits revokes nothing."""
    desk = Desk(Queue("q"), Queue("other"), Agent("ana", queues=["q"], skills={"s": 1}))
    end = desk.end()
    desk.submit("x")
    desk.work.change("x", requirement="s")
    assert desk.offered("x") == ["ana"]
    assert "item_requeued" not in desk.types(end)
    desk.work.change("x", requirement="t")
    assert desk.types(end)[-2:] == ["offer_revoked", "item_requeued"]
    end = desk.end()
    desk.work.change("x", requirement="t and u")
    assert desk.types(end) == ["item_changed"], "nothing was out, so nothing comes back"
    desk.work.change("x", requirement="true")
    desk.work.move("x", "other")
    assert desk.offered("x") == []
    desk.work.move("x", "q")
    desk.work.cancel("x")
    assert desk.offers.of_agent("ana") == ()


def test_changes_of_the_agent_revoke_offers_that_fit_no_more() -> None:
    """Losing the skill or the membership takes the offer away; work in hand stays."""
    desk = Desk(Queue("q"), Agent("ana", queues=["q"], skills={"s": 1}, utilization=MANY))
    desk.accept(desk.submit("x", requirement="s", medium="chat"))
    desk.submit("y", requirement="s", medium="chat")
    desk.agents.set_skills("ana", {"s": None})
    assert (desk.state("x"), desk.state("y")) == ("assigned", "waiting")
    desk.agents.set_skills("ana", {"s": 1})
    desk.agents.leave("ana", "q")
    assert (desk.state("x"), desk.state("y")) == ("assigned", "waiting")


def test_capacity_below_the_load_revokes_nothing() -> None:
    """Lowered limits stop new offers until there is room again."""
    desk = Desk(Queue("q"), Agent("ana", queues=["q"], utilization=MANY))
    for n in range(3):
        desk.submit(f"x{n}", medium="chat")
    desk.agents.change(evolve(desk.agents.settings("ana"), utilization=Utilization(capacity=20, media={"chat": 10})))
    assert len(desk.offers.of_agent("ana")) == 3
    desk.submit("x3", medium="chat")
    desk.work.cancel("x0")
    assert desk.offered("x3") == []
    desk.work.cancel("x1")
    desk.work.cancel("x2")
    assert desk.offered("x3") == ["ana"]
