"""What an agent's screen shows with an offer of work."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from switchroom import Contact, ContactCenter, Principal, WorkItem
from switchroom.errors import UnknownId

from .test_journeys import CLAIM, THEIRS, House
from .test_work_machine import check_replay


def claim(center: ContactCenter, contact: str | None = None, journey: str | None = None) -> str:
    links = ["https://papers.example/1"]
    item = WorkItem(worktype="claim", attributes={"plate": "B 1"}, links=links, contact=contact, journey=journey)
    return center.work.submit(item)


def test_an_offer_of_work_comes_with_all_that_is_known() -> None:
    """Work, worktype, item, offer, notes, and what the customer did on other channels; looking changes nothing."""
    house = House()
    center = house.center
    center.conversations.save_contact(Contact("kim", addresses=[THEIRS]))
    conversation = house.say("I want to claim")
    center.offers.accept(center.offers.of_agent("ana")[0].id)
    center.work.submit(WorkItem(queue="help", contact="joe"))
    work = claim(center, contact="kim", journey=conversation)
    center.work.note(work, "a regular", by="ana")
    center.work.note(work, "paid before", from_source=True)
    offer = center.offers.of_agent("bob")[0]
    end, before = center.storage.end(), center.dump()
    screen = center.work.screen(offer.id)
    assert (screen.work, screen.worktype, screen.offer) == (center.work.view(work), CLAIM, offer)
    assert screen.work.links == ("https://papers.example/1",)
    assert screen.item == center.work.get(work)
    assert [(note.text, note.by, note.origin) for note in screen.notes] == [
        ("a regular", "ana", ""),
        ("paid before", "", "source"),
    ]
    assert [(row.conversation, row.queue, row.agents) for row in screen.history] == [(conversation, "help", ("ana",))]
    assert (center.storage.end(), center.dump()) == (end, before)
    check_replay(center)


@pytest.mark.parametrize("by", ["offer", "assignment", "item", "work"])
def test_the_screen_is_found_by_whatever_stands_for_the_work(by: str) -> None:
    """Reopened work has another item; its earlier stay is part of the history."""
    house = House()
    center = house.center
    work = claim(center, contact="kim")
    center.offers.accept(center.offers.of_agent("bob")[0].id)
    center.work.complete(work, agent="bob", code="paid")
    center.work.reopen(work)
    offer = center.offers.of_agent("bob")[0]
    find: dict[str, Callable[[], str]] = {
        "offer": lambda: offer.id,
        "assignment": lambda: center.offers.accept(offer.id),
        "item": lambda: offer.item,
        "work": lambda: work,
    }
    screen = center.work.screen(find[by]())
    assert (screen.work.id, screen.work.item) == (work, offer.item)
    assert [(row.item, row.code) for row in screen.history] == [(work, "paid")]
    assert (screen.offer is None) == (by != "offer")


def test_a_journey_without_a_contact_shows_its_conversation() -> None:
    """Nobody has told who the customer is, but the conversation is known."""
    house = House()
    conversation = house.say("I want to claim")
    work = claim(house.center, journey=conversation)
    assert [row.conversation for row in house.center.work.screen(work).history] == [conversation]


def test_what_is_no_work_and_what_another_division_has_is_unknown() -> None:
    """Items without a worktype have no screen, and a limited principal sees none of other divisions."""
    house = House()
    center = house.center
    plain = center.work.submit(WorkItem(queue="help"))
    for id in (plain, "offer-99"):
        with pytest.raises(UnknownId, match="work"):
            center.work.screen(id)
    work = claim(center)
    with center.acting_as(Principal("nora", divisions={"default"})):
        assert center.work.screen(work).work.id == work
    with center.acting_as(Principal("otto", divisions={"north"})), pytest.raises(UnknownId):
        center.work.screen(work)
