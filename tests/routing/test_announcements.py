"""Greeting, away and position: an event says what the customer is to be told."""

from __future__ import annotations

import attrs

from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.routing.queue_model import QueueMessages


def told(center: ContactCenter) -> list[tuple[str, str, str, int | None]]:
    found = [r.event for r in center.events() if r.type == "routing.announcement_due"]
    return [(e.item, e.kind, e.name, e.position) for e in found]


def make(**messages: str) -> ContactCenter:
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("q", messages=QueueMessages(**messages)))
    center.agents.add(Agent("ana", queues=["q"]))
    return center


def test_who_enters_is_greeted_once_a_stay() -> None:
    """At entry, and not again when an offer fails; a queue that is shut says away instead."""
    center = make(greeting="hello.wav", away="closed.wav")
    center.agents.sign_in("ana")
    item = center.work.submit(WorkItem("a", queue="q"))
    center.offers.decline(center.offers.of_item(item)[0].id)
    assert told(center) == [("a", "greeting", "hello.wav", None)]
    center.queues.switch("q", False)
    center.work.submit(WorkItem("b", queue="q"))
    assert told(center)[1:] == [("b", "away", "closed.wav", None)]
    center.check()


def test_the_position_is_told_again_and_again_while_waiting() -> None:
    """Every thirty seconds, with the place as it is then; who is served hears no more."""
    center = make(position="place.wav", position_every="30s")
    center.work.submit(WorkItem("a", queue="q"))
    center.work.submit(WorkItem("b", queue="q"))
    center.advance("30s")
    assert told(center) == [("a", "position", "place.wav", 1), ("b", "position", "place.wav", 2)]
    center.agents.sign_in("ana")
    center.offers.accept(center.offers.of_item("a")[0].id)
    center.advance("30s")
    assert told(center)[2:] == [("b", "position", "place.wav", 1)]
    center.work.cancel("b")
    center.advance("5m")
    assert len(told(center)) == 3
    center.check()


def test_announcements_survive_replay() -> None:
    """The next announcement stands in the state that the log alone gives."""
    center = make(position="place.wav", position_every="30s", greeting="hello.wav")
    center.work.submit(WorkItem("a", queue="q"))
    center.advance("45s")
    again = ContactCenter(clock=center.clock, storage=center.storage, seed=1)
    again.advance("15s")
    assert told(again)[-1] == ("a", "position", "place.wav", 1)
    again.work.submit(WorkItem("b", queue="q"))
    assert told(again)[-1] == ("b", "greeting", "hello.wav", None)


def test_settings_may_end_it() -> None:
    """A queue whose settings no longer announce a position is silent from the next time on."""
    center = make(position="place.wav", position_every="30s")
    center.work.submit(WorkItem("a", queue="q"))
    center.queues.change(attrs.evolve(center.queues.settings("q"), messages=QueueMessages()))
    center.advance("5m")
    assert told(center) == []
    center.check()
