"""Handing work on: to an agent blindly or after consulting, to a queue, back, and by hand."""

from __future__ import annotations

import pytest

from desk import Desk, agents
from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.errors import (
    AssignmentGone,
    InvalidInput,
    NotAllowed,
    NotYours,
    OfferGone,
    OverCapacity,
    TargetUnavailable,
    UnknownId,
)
from switchroom.routing.queue_model import AfterCallWork


def scene(**settings: object) -> tuple[Desk, str]:
    """Ana has the item, Bob is free, and an item that only arrived later waits."""
    queue = Queue("q", alert_timeout="20s", **settings)  # type: ignore[arg-type]
    desk = Desk(queue, Queue("other"), *agents("ana"), Agent("bob"), Agent("cyd"))
    token = desk.accept(desk.submit("x"))
    return desk, token


def test_blind_releases_the_sender_at_once() -> None:
    """To after-call work where the queue has it; the target's accept makes the new assignment."""
    desk, token = scene(after_call_work=AfterCallWork(mode="mandatory"))
    offer = desk.assignments.transfer(token, "bob")
    assert desk.assignments.of_agent("ana")[0].wrapping
    desk.offers.accept(offer)
    assert desk.work.get("x").agent == "bob"
    desk.assignments.end_after_call_work(token)
    assert desk.state("x") == "assigned"
    desk.assignments.complete(offer)


@pytest.mark.parametrize("end", ["decline", "expire", "leave", "cancel"])
def test_blind_work_that_is_not_taken_goes_to_its_queue_with_its_key(end: str) -> None:
    """Refused, expired, revoked or withdrawn: it stands where it stood before, in front of what came later."""
    desk, token = scene()
    desk.wait(1)
    desk.submit("later")
    desk.agents.set_presence("ana", "break")
    offer = desk.assignments.transfer(token, "bob")
    if end == "decline":
        desk.offers.decline(offer)
    elif end == "expire":
        desk.wait(20)
    elif end == "leave":
        desk.agents.sign_out("bob")
    else:
        desk.assignments.cancel_transfer(offer)
    assert desk.queues.waiting("q") == ("x", "later")
    desk.center.check()
    with pytest.raises(OfferGone):
        desk.offers.accept(offer)


def test_consult_keeps_item_and_room_until_the_target_accepts() -> None:
    """Both hold room while the offer is out; then the sender is released in the same step."""
    desk, token = scene()
    offer = desk.assignments.consult(token, "bob")
    assert (desk.agents.get("ana").used, desk.agents.get("bob").used) == (100, 100)
    with pytest.raises(NotAllowed):
        desk.assignments.complete(token)
    desk.offers.accept(offer)
    assert desk.work.get("x").agent == "bob"
    assert desk.agents.get("ana").used == 0
    with pytest.raises(AssignmentGone):
        desk.assignments.complete(token)


@pytest.mark.parametrize("end", ["decline", "expire", "leave", "cancel"])
def test_a_consult_that_fails_leaves_the_item_with_its_sender(end: str) -> None:
    """Nothing moves, and the work can be completed under the same token."""
    desk, token = scene()
    offer = desk.assignments.consult(token, "bob")
    if end == "decline":
        desk.offers.decline(offer)
    elif end == "expire":
        desk.wait(20)
    elif end == "leave":
        desk.agents.sign_out("bob")
    else:
        desk.assignments.cancel_transfer(offer)
    assert desk.work.get("x").agent == "ana"
    desk.assignments.complete(token)
    desk.center.check()


@pytest.mark.parametrize("blind", [True, False])
def test_targets_that_cannot_take_it_are_refused(blind: bool) -> None:
    """Oneself, nobody, somebody not on queue, without room, with too many offers, a second transfer."""
    desk, token = scene()
    give = desk.assignments.transfer if blind else desk.assignments.consult
    before = desk.end(), desk.center.dump()
    with pytest.raises(InvalidInput):
        give(token, "ana")
    with pytest.raises(UnknownId):
        give(token, "nobody")
    with pytest.raises(NotYours):
        give(token, "bob", by="cyd")
    assert (desk.end(), desk.center.dump()) == before
    desk.agents.set_presence("bob", "break")
    with pytest.raises(TargetUnavailable):
        give(token, "bob")
    desk.work.assign(desk.submit("y", "other"), "cyd")
    with pytest.raises(OverCapacity):
        give(token, "cyd")
    desk.agents.sign_in("bob")
    give(token, "bob")
    with pytest.raises((NotAllowed, AssignmentGone)):
        give(token, "cyd", by="ana")


def test_a_sender_who_leaves_takes_the_consult_along() -> None:
    """Work that goes back to its queue because its agent left ends the consult that was under way."""
    desk, token = scene(on_leave="requeue")
    offer = desk.assignments.consult(token, "bob")
    desk.agents.set_presence("ana", "break")
    assert desk.state("x") == "waiting"
    with pytest.raises(OfferGone):
        desk.offers.accept(offer)
    desk.center.check()


@pytest.mark.parametrize("how", ["cancel", "requeue", "suspend", "assign", "to_queue"])
def test_handing_on_ends_a_consult(how: str) -> None:
    """Whatever takes the item away revokes the offer and frees the target."""
    desk, token = scene()
    desk.assignments.consult(token, "bob")
    if how == "cancel":
        desk.work.cancel("x")
    elif how == "requeue":
        desk.assignments.requeue(token)
    elif how == "suspend":
        desk.work.suspend("x")
    elif how == "assign":
        desk.work.assign("x", "cyd")
    else:
        desk.assignments.transfer_to_queue(token, "other")
    assert desk.agents.get("bob").used == 0
    desk.center.check()


def test_to_a_queue_the_clock_starts_anew_unless_kept() -> None:
    """By the call, or by the setting of the queue that takes it."""
    desk, token = scene()
    desk.wait(30)
    desk.assignments.transfer_to_queue(token, "other", keep_entered=True)
    assert desk.work.get("x").entered < desk.center.now()
    desk, token = scene()
    desk.wait(30)
    desk.assignments.transfer_to_queue(token, "other")
    assert desk.work.get("x").entered == desk.center.now()


def test_work_that_came_from_no_queue_goes_to_a_person() -> None:
    """Given on blindly and refused, an item without any queue waits for somebody to choose one."""
    desk = Desk(Queue("q"), Agent("ana"), Agent("bob"))
    token = desk.work.assign(desk.submit("x", None), "ana")
    offer = desk.assignments.transfer(token, "bob")
    desk.center.check()
    desk.offers.decline(offer)
    assert desk.work.unrouted() == ("x",)


def test_work_taken_before_it_entered_goes_back_to_the_queue_it_was_for() -> None:
    """Parked at submission and assigned by hand, it enters its own queue when given back."""
    desk = Desk(Queue("q"), Agent("ana"))
    token = desk.work.assign(desk.submit("x", parked=True), "ana")
    desk.assignments.requeue(token)
    assert desk.queues.waiting("q") == ("x",)


def test_assigning_by_hand_takes_it_from_whoever_has_it() -> None:
    """From the queue, from an offer, from another agent; not to the same agent again."""
    desk, token = scene()
    second = desk.work.assign("x", "bob")
    with pytest.raises(AssignmentGone):
        desk.assignments.complete(token)
    with pytest.raises(NotAllowed):
        desk.work.assign("x", "bob")
    desk.assignments.complete(second)


def test_an_item_stays_for_its_senders_after_call_work() -> None:
    """The sender's after-call work may outlast the item: it stays in memory until that is over, and an hour more."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("q", after_call_work=AfterCallWork(mode="mandatory")))
    center.queues.add(Queue("plain"))
    center.agents.add(Agent("ana", queues=["q"]))
    center.agents.add(Agent("bob", queues=["plain"]))
    center.agents.sign_in("ana")
    center.agents.sign_in("bob")
    item = center.work.submit(WorkItem(queue="q"))
    held = center.offers.accept(center.offers.of_item(item)[0].id)
    center.assignments.transfer_to_queue(held, "plain")
    taken = center.offers.accept(center.offers.of_item(item)[0].id)
    center.assignments.complete(taken)
    center.advance("3h")
    center.check()
    assert center.work.get(item).state == "completed"
    center.assignments.end_after_call_work(held)
    center.check()
    center.advance("1h2m")
    center.check()
    with pytest.raises(UnknownId):
        center.work.get(item)
