"""Targets outside routing: items are put into them, transferred to them, escalated into them."""

from __future__ import annotations

import pytest

from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.errors import DuplicateId, InvalidInput, UnknownId
from switchroom.kernel.transaction import Transaction
from switchroom.routing.escalation_model import Escalation, ParkIn
from switchroom.routing.records import ItemRecord


class Drawers:
    """A target with one drawer; remembers what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []

    def check(self, name: str, item: ItemRecord) -> None:
        if name != "claims":
            raise UnknownId("drawer", name)

    def receive(self, tx: Transaction, name: str, item: ItemRecord) -> None:
        self.got.append((name, item.id))


@pytest.fixture
def desk() -> tuple[ContactCenter, Drawers]:
    center = ContactCenter(clock=ManualClock(), seed=1)
    drawers = Drawers()
    center.register_target("drawer", drawers)
    center.queues.add(Queue("q", escalations=[Escalation("late", actions=[ParkIn("drawer:claims")], after_wait="60s")]))
    center.agents.add(Agent("ana", queues=["q"]))
    return center, drawers


def test_work_is_put_into_a_target_and_comes_back(desk: tuple[ContactCenter, Drawers]) -> None:
    """A parked item names its target, holds no place, and resumes into its queue."""
    center, drawers = desk
    item = center.work.submit(WorkItem(queue="q"))
    center.work.park_in(item, "drawer:claims")
    assert (center.work.get(item).state, center.work.get(item).target) == ("parked", "drawer:claims")
    assert drawers.got == [("claims", item)]
    assert center.queues.waiting("q") == ()
    center.work.resume(item)
    assert center.queues.waiting("q") == (item,)
    center.check()


def test_work_in_hand_is_transferred_to_a_target(desk: tuple[ContactCenter, Drawers]) -> None:
    """The sender is released, the target has the item."""
    center, drawers = desk
    center.agents.sign_in("ana")
    item = center.work.submit(WorkItem(queue="q"))
    assignment = center.offers.accept(center.offers.of_item(item)[0].id)
    center.assignments.transfer_to(assignment, "drawer:claims")
    assert center.agents.get("ana").assignments == ()
    assert drawers.got == [("claims", item)]
    center.check()


def test_a_rule_escalates_into_a_target(desk: tuple[ContactCenter, Drawers]) -> None:
    """Waiting too long puts the item into the drawer."""
    center, drawers = desk
    item = center.work.submit(WorkItem(queue="q"))
    center.advance("60s")
    assert center.work.get(item).target == "drawer:claims"
    assert drawers.got == [("claims", item)]


def test_unknown_targets_are_refused_and_change_nothing(desk: tuple[ContactCenter, Drawers]) -> None:
    """An unknown kind or name, a kind registered twice, a kind that is no id."""
    center, drawers = desk
    item = center.work.submit(WorkItem(queue="q"))
    end = center.storage.end()
    for target in ("drawer:other", "shelf:claims", "drawer"):
        with pytest.raises(UnknownId):
            center.work.park_in(item, target)
    assert center.storage.end() == end
    assert drawers.got == []
    with pytest.raises(DuplicateId):
        center.register_target("drawer", drawers)
    with pytest.raises(InvalidInput):
        center.register_target("a b", drawers)
