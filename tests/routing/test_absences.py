"""What missed and declined offers do to their agent, and queues without anybody signed in."""

from __future__ import annotations

import attrs
import pytest

from switchroom import Agent, ContactCenter, ManualClock, Presence, Queue, WorkItem
from switchroom.errors import InvalidInput, NotAllowed, QueueClosed
from switchroom.routing.escalation_model import Escalation, TimeOut
from switchroom.routing.model import Preferred
from switchroom.routing.queue_model import AfterCallWork


def center_with(queue: Queue, *agents: Agent) -> ContactCenter:
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(queue)
    for agent in agents:
        center.agents.add(agent)
        center.agents.sign_in(agent.id)
    return center


def check_replay(center: ContactCenter) -> None:
    """The log alone gives the state that the center is in."""
    center.check()
    kernel, routing = center.fresh()
    kernel.replay((record.at, record.event) for record in center.events())
    assert routing.dump() == center._routing.dump()


STAYING = Queue("care", alert_timeout="10s", on_expiry="stay")


def test_misses_in_a_row():
    """After so many offers in a row that ran out the agent does not respond, and not before."""
    center = center_with(STAYING, Agent("ana", queues=["care"], max_misses=2))
    item = center.work.submit(WorkItem(queue="care"))
    center.advance("15s")
    assert center.agents.get("ana").presence == Presence.ON_QUEUE
    center.advance("6s")
    assert center.agents.get("ana").presence == Presence.NOT_RESPONDING
    assert center.work.get(item).state == "waiting"
    check_replay(center)


def test_answer_between_misses():
    """An answer, be it no, starts the count of misses anew."""
    center = center_with(STAYING, Agent("ana", queues=["care"], max_misses=2))
    center.work.submit(WorkItem("a", queue="care"))
    center.advance("15s")
    center.offers.decline(center.offers.of_agent("ana")[0].id)
    center.work.submit(WorkItem("b", queue="care"))
    center.advance("15s")
    assert center.agents.get("ana").presence == Presence.ON_QUEUE
    check_replay(center)


def test_rest_after_miss():
    """After a miss the agent gets nothing for the time of the rest, and is on queue again then."""
    center = center_with(STAYING, Agent("ana", queues=["care"], rest_after_miss="30s"))
    item = center.work.submit(WorkItem(queue="care"))
    center.advance("39s")
    assert center.agents.get("ana").presence == Presence.RESTING
    assert not center.offers.of_item(item)
    check_replay(center)
    center.advance("2s")
    assert [offer.agent for offer in center.offers.of_item(item)] == ["ana"]
    check_replay(center)


def test_rest_after_decline_goes_to_somebody_else():
    """An agent who declines and rests leaves the work to others in the same step."""
    bob = Agent("bob", queues=["care"])
    center = center_with(STAYING, Agent("ana", queues=["care"], rest_after_decline="1m"), bob)
    a, b = (center.work.submit(WorkItem(id, queue="care")) for id in ("a", "b"))
    center.offers.decline(center.offers.of_item(a)[0].id)
    center.work.cancel(b)
    assert [offer.agent for offer in center.offers.of_item(a)] == ["bob"]
    assert center.agents.get("ana").presence == Presence.RESTING


def test_rest_is_cut_short_by_hand():
    """Who changes the presence during a rest is not put on queue at its end."""
    center = center_with(STAYING, Agent("ana", queues=["care"], rest_after_miss="30s"))
    center.work.submit(WorkItem(queue="care"))
    center.advance("11s")
    center.agents.set_presence("ana", "lunch")
    center.advance("5m")
    assert center.agents.get("ana").presence == "lunch"
    center.agents.remove("ana")
    check_replay(center)


def test_own_wrap_up():
    """An agent's own wrap-up time follows every item, also in queues without after-call work."""
    center = center_with(Queue("care"), Agent("ana", queues=["care"], wrap_up="20s"))
    a, b = (center.work.submit(WorkItem(id, queue="care")) for id in ("a", "b"))
    center.assignments.complete(center.offers.accept(center.offers.of_item(a)[0].id))
    center.advance("19s")
    assert not center.offers.of_item(b)
    center.advance("1s")
    assert center.offers.of_item(b)
    check_replay(center)


def test_nobody_signed_in_refuses():
    """A queue that wants somebody signed in refuses new work, or passes it on, while nobody is."""
    center = center_with(Queue("care", join_when_empty=False), Agent("ana", queues=["care"]))
    center.agents.set_presence("ana", "break")
    center.work.submit(WorkItem(queue="care"))
    center.agents.sign_out("ana")
    with pytest.raises(QueueClosed):
        center.work.submit(WorkItem(queue="care"))
    center.queues.add(Queue("rest"))
    center.queues.change(Queue("care", join_when_empty=False, overflow="rest"))
    assert center.work.get(center.work.submit(WorkItem(queue="care"))).queue == "rest"


def test_last_one_signs_off():
    """Waiting work leaves when the last member signs off, if the queue says so; a break is no signing off."""
    center = center_with(
        Queue("care", leave_when_empty=True), Agent("ana", queues=["care"]), Agent("bob", queues=["care"])
    )
    for agent in ("ana", "bob"):
        center.agents.set_presence(agent, "break")
    item = center.work.submit(WorkItem(queue="care"))
    center.agents.sign_out("ana")
    assert center.work.get(item).state == "waiting"
    center.agents.sign_out("bob")
    assert center.work.get(item).state == "timed_out"
    check_replay(center)


def test_claim():
    """Of two who claim a waiting item one has it, and the other is refused and changes nothing."""
    center = center_with(Queue("care", enabled=False), Agent("ana"), Agent("bob"))
    item = center.work.submit(WorkItem(queue="care"))
    center.work.claim(item, "bob")
    with pytest.raises(NotAllowed):
        center.work.claim(item, "ana")
    assert center.work.get(item).agent == "bob"
    check_replay(center)


def test_rule_that_gives_up():
    """A rule may let work end as timed out while nobody is signed in."""
    rule = Escalation("alone", nobody_for="20s", actions=[TimeOut("nobody is there")])
    center = center_with(Queue("care", escalations=[rule]))
    item = center.work.submit(WorkItem(queue="care"))
    center.advance("20s")
    assert center.work.get(item).state == "timed_out"
    check_replay(center)


def test_rule_for_the_second_item():
    """A length of 0 stands for any item ahead; below that is refused."""
    rule = Escalation("queue", queue_longer_than=0, actions=[TimeOut("one is ahead")])
    center = center_with(Queue("care", escalations=[rule]))
    items = [center.work.submit(WorkItem(queue="care")) for _ in range(2)]
    assert [center.work.get(item).state for item in items] == ["waiting", "timed_out"]
    with pytest.raises(InvalidInput):
        Escalation("queue", queue_longer_than=-1, actions=[])


def test_preferred_who_is_no_member():
    """The wait for preferred agents is skipped where none of them is a member, whoever is signed in."""
    center = center_with(Queue("care"), Agent("ana"), Agent("bob", queues=["care"]))
    item = center.work.submit(WorkItem(queue="care", preferred=Preferred(["ana"], wait="1h")))
    assert [offer.agent for offer in center.offers.of_item(item)] == ["bob"]


def test_note_and_after_call_work_on_transfer():
    """A sender may ask for after-call work, where that is optional, and leaves a note at its end."""
    queue = Queue("care", after_call_work=AfterCallWork(mode="optional"))
    center = center_with(queue, Agent("ana", queues=["care"]))
    item = center.work.submit(WorkItem(queue="care"))
    assignment = center.offers.accept(center.offers.of_item(item)[0].id)
    center.agents.add(Agent("bob"))
    center.agents.sign_in("bob")
    center.assignments.transfer(assignment, "bob", after_call_work=True)
    assert center.assignments.get(assignment).wrapping
    center.assignments.end_after_call_work(assignment, note="handed on")
    assert [r.event.note for r in center.events() if r.type == "routing.after_call_ended"] == ["handed on"]
    check_replay(center)


PAUSING = Queue("care", alert_timeout="5s", on_expiry="stay", offer_pause="4s", max_wait="10s")


def test_pause_between_offers():
    """After an offer that failed an item is offered to nobody for the time of the pause, then to the untried first."""
    center = center_with(PAUSING, Agent("ana", queues=["care"]), Agent("bob", queues=["care"]))
    item = center.work.submit(WorkItem(queue="care"))
    center.advance("8.9s")
    assert not center.offers.of_item(item)
    check_replay(center)
    center.advance("0.1s")
    assert [offer.agent for offer in center.offers.of_item(item)] == ["bob"]
    check_replay(center)


def test_pause_ends_with_the_wait():
    """An item that leaves the queue during its pause leaves nothing behind."""
    center = center_with(PAUSING, Agent("ana", queues=["care"]))
    item = center.work.submit(WorkItem(queue="care"))
    center.advance("6s")
    center.work.suspend(item)
    check_replay(center)
    center.work.resume(item)
    center.advance("1ms")
    assert [offer.agent for offer in center.offers.of_item(item)] == ["ana"]


def test_offer_is_finished_before_the_wait_ends():
    """An offer that is out may be waited for after the longest wait; if it fails, the item is given up at once."""
    center = center_with(attrs.evolve(PAUSING, finish_offers=True), Agent("ana", queues=["care"]))
    item = center.work.submit(WorkItem(queue="care"))
    center.advance("13s")
    assert center.work.get(item).state == "offered"
    assert len(list(center.events())) < 30
    center.advance("2s")
    assert center.work.get(item).state == "timed_out"
    check_replay(center)


def test_nobody_is_counted_from_the_last_who_left():
    """Whoever could take it and signs off late starts the wait anew; who comes back in time stops it."""
    rule = Escalation("alone", nobody_for="20s", actions=[TimeOut("nobody is there")])
    center = center_with(Queue("care", escalations=[rule], enabled=False), Agent("ana", queues=["care"]), Agent("bob"))
    item = center.work.submit(WorkItem(queue="care"))
    center.advance("35s")
    center.agents.sign_out("ana")
    center.advance("15s")
    center.agents.set_presence("ana", "break")
    center.advance("30s")
    center.agents.sign_out("ana")
    check_replay(center)
    center.advance("19s")
    assert center.work.get(item).state == "waiting"
    check_replay(center)
    center.advance("1s")
    assert center.work.get(item).state == "timed_out"
    check_replay(center)
