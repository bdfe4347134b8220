"""Divisions: two with identical shapes, side by side, that do not exist for each other's people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.conversations.model import Line
from switchroom.errors import NotPermitted, SwitchroomError, UnknownId
from switchroom.messaging.addresses import Address
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign
from switchroom.security.principals import Principal

OURS = {"north": Address("sms", "+15550001111"), "south": Address("sms", "+15550002222")}
NORA = Principal("nora", divisions={"north"})


def two_divisions() -> tuple[ContactCenter, dict[str, dict[str, str]]]:
    """The same shape twice."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    ids: dict[str, dict[str, str]] = {}
    for name in ("north", "south"):
        center.queues.add(Queue(f"{name}-q", division=name))
        center.agents.add(Agent(f"{name}-a", queues=[f"{name}-q"], division=name))
        center.agents.sign_in(f"{name}-a")
        center.conversations.save_line(Line(f"{name}-l", address=OURS[name], queue=f"{name}-q", division=name))
        item = center.work.submit(WorkItem(queue=f"{name}-q", division=name, medium="email", id=f"{name}-i"))
        held = center.offers.accept(center.offers.of_item(item)[0].id)
        told = center.conversations.receive(
            to=OURS[name], sender=Address("sms", "+15557650001"), content="hello", provider_id="in-1"
        )
        other = center.work.submit(WorkItem(queue=f"{name}-q", division=name, id=f"{name}-j"))
        center.lists.save(ContactList(f"{name}-c", address="phone", division=name))
        center.campaigns.save(
            Campaign(f"{name}-s", lists=[f"{name}-c"], senders=[f"{name}-l"], text="Hello", division=name)
        )
        ids[name] = {"item": other, "assignment": held, "conversation": str(told.conversation)}
        ids[name]["offer"] = center.offers.of_agent(f"{name}-a")[0].id if center.offers.of_agent(f"{name}-a") else ""
    return center, ids


def looks(center: ContactCenter, name: str, ids: dict[str, str]) -> dict[str, Callable[[], Any]]:
    """Every way to look at a thing of a division by its id."""
    return {
        "queue": lambda: center.queues.get(f"{name}-q"),
        "queue settings": lambda: center.queues.settings(f"{name}-q"),
        "waiting": lambda: center.queues.waiting(f"{name}-q"),
        "agent": lambda: center.agents.get(f"{name}-a"),
        "agent settings": lambda: center.agents.settings(f"{name}-a"),
        "item": lambda: center.work.get(ids["item"]),
        "offers of agent": lambda: center.offers.of_agent(f"{name}-a"),
        "offers of item": lambda: center.offers.of_item(ids["item"]),
        "assignment": lambda: center.assignments.get(ids["assignment"]),
        "assignments": lambda: center.assignments.of_agent(f"{name}-a"),
        "conversation": lambda: center.conversations.get(ids["conversation"]),
        "campaign": lambda: center.campaigns.progress(f"{name}-s"),
        "explain": lambda: center.insight.position(ids["item"]),
    }


def acts(center: ContactCenter, name: str, ids: dict[str, str]) -> dict[str, Callable[[], Any]]:
    """Ways to touch it."""
    return {
        "queue": lambda: center.queues.switch(f"{name}-q", False),
        "agent": lambda: center.agents.sign_out(f"{name}-a"),
        "item": lambda: center.work.change(ids["item"], priority=3),
        "move": lambda: center.work.move(ids["item"], f"{name}-q"),
        "cancel many": lambda: center.work.cancel_many([ids["item"]]),
        "assignment": lambda: center.assignments.complete(ids["assignment"]),
        "note": lambda: center.conversations.note(ids["conversation"], "x", agent=f"{name}-a"),
        "submit": lambda: center.work.submit(WorkItem(queue=f"{name}-q", division="north")),
        "campaign": lambda: center.campaigns.start(f"{name}-s"),
        "join": lambda: center.agents.join("north-a", f"{name}-q"),
    }


def test_another_division_does_not_exist() -> None:
    """A limited principal sees its own, and for the other's ids gets what an id that nobody has gets."""
    center, ids = two_divisions()
    with center.acting_as(NORA):
        for look in looks(center, "north", ids["north"]).values():
            look()
        assert center.queues.ids() == ("north-q",)
        assert center.agents.ids() == ("north-a",)
        assert center.conversations.open() == (ids["north"]["conversation"],)
        assert center.flows.variables(ids["south"]["conversation"]) == {}
        for table in (looks, acts):
            for what, use in table(center, "south", ids["south"]).items():
                with pytest.raises(UnknownId):
                    pytest.fail(f"{what}: {use()}")


def test_nothing_happens_to_another_division() -> None:
    """Whatever a limited principal tries, the other one stays as it was; one's own can be worked with."""
    center, ids = two_divisions()
    before = center.dump()
    with center.acting_as(NORA):
        for use in acts(center, "south", ids["south"]).values():
            with pytest.raises(SwitchroomError):
                use()
    after = center.dump()
    assert {**after, "security": 0} == {**before, "security": 0}
    with center.acting_as(NORA):
        center.assignments.complete(ids["north"]["assignment"])
        center.work.submit(WorkItem(queue="north-q", division="north"))
    center.check()


def test_what_belongs_to_no_division_is_for_those_without_limits() -> None:
    """The log, consent, and the division that one would put something into."""
    center, _ = two_divisions()
    with center.acting_as(NORA):
        for use in (
            lambda: list(center.events()),
            lambda: center.consent.opt_out(Address("sms", "+15557650001")),
            lambda: center.queues.add(Queue("new", division="south")),
            lambda: center.effects.pending(),
        ):
            with pytest.raises(NotPermitted):
                use()
        center.queues.add(Queue("new", division="north"))
    with center.acting_as("boss"):
        assert center.queues.ids() == ("new", "north-q", "south-q")
        assert list(center.events())


def test_an_id_that_nobody_has_looks_the_same() -> None:
    """Nobody can find out by trying which ids another division has."""
    center, ids = two_divisions()
    with center.acting_as(NORA):
        told = []
        for item in (ids["south"]["item"], "south-x"):
            with pytest.raises(UnknownId) as caught:
                center.work.change(item, priority=1)
            told.append(str(caught.value).replace(item, "ITEM"))
    assert told[0] == told[1]
