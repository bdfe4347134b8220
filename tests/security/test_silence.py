"""Bodies, names and whole addresses stand in no repr, no error and no log line."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chatter import SMS, Chatter, customer, mark
from switchroom.conversations.model import Contact, Inbound
from switchroom.errors import SwitchroomError
from switchroom.kernel.events import type_of
from switchroom.logs import log_records
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Text

CANARIES = tuple(secret for n in range(6) for secret in (customer(n).value, mark(customer(n).value).strip(), "canary"))


def silent(text: str) -> str:
    """The text, if it carries nothing personal."""
    assert not [secret for secret in CANARIES if secret in text], text
    return text


def test_records_and_events_show_no_personal_fields() -> None:
    """Whatever happened, and whatever the events hold."""
    chatter = Chatter(5, marked=True).run(80)
    kinds = set[str]()
    for record in chatter.center.events():
        silent(repr(record))
        silent(repr(record.event))
        if type_of(record.event).personal:
            kinds.add(record.type)
    assert len(kinds) > 5


def test_the_log_lines_of_a_center_carry_nothing_personal(caplog: pytest.LogCaptureFixture) -> None:
    """Also when everything is logged, and when subscribers and handlers fail."""
    caplog.set_level(logging.DEBUG)
    chatter = Chatter(6, marked=True)
    log_records(chatter.center)
    chatter.run(80)
    assert len(caplog.records) > 50
    for line in caplog.records:
        silent(line.getMessage())


def test_views_show_no_personal_fields() -> None:
    """Values handed out can be logged by whoever got them."""
    chatter = Chatter(7, marked=True).run(60)
    center = chatter.center
    for id in center.conversations.open():
        silent(repr(center.conversations.get(id)))
    for effect in (*center.effects.pending(), *center.effects.dead()):
        silent(repr(effect))
    address = customer(1)
    silent(repr(Contact("c", addresses=[address], name="canary", fields={"told": "canary"})))
    silent(
        repr(Inbound(ours=SMS, theirs=address, content=Text("canary"), provider_id="1", details={"subject": "canary"}))
    )


def mistakes(chatter: Chatter) -> Iterator[Callable[[], Any]]:
    """Calls that are refused, with something personal in each."""
    center = chatter.center
    words = "canary " * 3
    yield lambda: Address("sms", "+1555canary765")
    yield lambda: Address("sms", customer(1).value + "\n")
    yield lambda: Address("email", f"{words}@example.org")
    yield lambda: Address("email", "canary@")
    yield lambda: center.conversations.receive(to=customer(1), sender=SMS, content="canary", provider_id="1")
    yield lambda: center.conversations.receive(to=SMS, sender=customer(1), content="canary" * 100_000, provider_id="1")
    yield lambda: center.conversations.send("text", customer(3), "canary")
    yield lambda: center.conversations.send("nowhere", customer(1), "canary")
    yield lambda: center.conversations.reply("nothing", "canary", agent="ana")
    yield lambda: center.conversations.note("nothing", "canary", agent="ana")
    yield lambda: center.consent.give(customer(1), "canary " * 9, how="form", words=words)
    yield lambda: center.conversations.save_contact(Contact("c", addresses=[customer(1), customer(1)], name=words))
    yield lambda: Contact("c", name=7)  # type: ignore[arg-type]
    yield lambda: Contact("c", fields={"told": [["canary"]]})  # type: ignore[dict-item]
    yield lambda: Text("\ud800canary")


def test_errors_carry_nothing_personal() -> None:
    """Neither in their text nor in their attributes nor in their repr."""
    chatter = Chatter(8, marked=True).run(20)
    refused = 0
    for mistake in mistakes(chatter):
        try:
            mistake()
        except (SwitchroomError, TypeError, ValueError) as error:
            refused += 1
            silent(str(error))
            silent(repr(error))
            silent(repr(getattr(error, "details", "")))
    assert refused > 8


def test_a_failing_store_names_no_contents(caplog: pytest.LogCaptureFixture) -> None:
    """The record that cannot be stored is named by its position and type."""
    from switchroom.conversations.events import NoteAdded
    from switchroom.kernel.records import Record
    from switchroom.storage.codec import encode

    broken: Any = NoteAdded("c", "ana", object())  # type: ignore[arg-type]
    with pytest.raises(SwitchroomError) as caught:
        encode(Record(7, 1_767_614_400_000_000, broken))
    silent(str(caught.value))
