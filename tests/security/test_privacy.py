"""Erasing a person: not a byte is left, and nothing else has changed."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatter import SMS, Chatter, customer, mark
from switchroom import ContactCenter, ManualClock, snapshots
from switchroom.conversations.model import Contact
from switchroom.errors import InvalidInput, StorageError, UnknownId
from switchroom.storage import codec
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.sqlite import SqliteStorage


def canaries(number: int) -> tuple[bytes, ...]:
    """What must not be found once the person is erased."""
    address = customer(number).value
    return address.encode(), mark(address).strip().encode()


def files(path: Path) -> bytes:
    return b"".join(part.read_bytes() for part in sorted(path.parent.glob(f"{path.name}*")))


def replayed(center: Any) -> dict[str, Any]:
    """The state that the log alone gives, at the instant of the live one."""
    kernel, _ = center.fresh()
    kernel.replay((record.at, record.event) for record in center.storage.read())
    kernel.advance(center._kernel.now, [])
    return {name: vertical.dump() for name, vertical in kernel.verticals.items()}


def live(center: Any) -> dict[str, Any]:
    return {name: vertical.dump() for name, vertical in center._kernel.verticals.items()}


@pytest.mark.parametrize("seed", range(4))
def test_not_a_byte_of_an_erased_person_is_left(tmp_path: Path, seed: int) -> None:
    """In the file, its write-ahead log, the snapshot and the memory; of the others everything is."""
    path = tmp_path / "log.db"
    store = SqliteStorage(path, synchronous="normal")
    chatter = Chatter(seed, store, marked=True, snapshot_every=40).run(70)
    center: Any = chatter.center
    for number in (1, 3):
        chatter.know(number)
    center.keep_snapshot()
    assert all(canary in files(path) for canary in canaries(1)[:1])
    before = [(r.position, r.at, r.type, r.command_id) for r in center.storage.read()]
    for number in (1, 3):
        assert center.privacy.erase(f"person-{number}")
        center.check()
    for number in (1, 3):
        for canary in canaries(number):
            assert canary not in files(path)
            assert canary not in snapshots.take(center._kernel, True)
    assert b"canary" in files(path)
    after = [(r.position, r.at, r.type, r.command_id) for r in center.storage.read()]
    assert after[: len(before)] == before
    assert replayed(center) == live(center)
    chatter.run(25)
    assert replayed(center) == live(center)
    store.close()
    again = ContactCenter(clock=chatter.clock, storage=SqliteStorage(path), seed=seed)
    again.check()


@settings(max_examples=10)
@given(st.integers(0, 1_000_000), st.integers(0, 5))
def test_replay_of_the_redacted_log_is_the_live_state(seed: int, number: int) -> None:
    """At the erasure and after it, whatever the person was in the middle of."""
    chatter = Chatter(seed, marked=True).run(60)
    center: Any = chatter.center
    chatter.know(number)
    center.privacy.erase(f"person-{number}")
    assert replayed(center) == live(center)
    chatter.run(20)
    assert replayed(center) == live(center)


def test_suppression_survives_erasure() -> None:
    """It stands under a keyed digest: whoever said STOP is not written to because nobody knows any more."""
    chatter = Chatter(1)
    center = chatter.center
    chatter.know(1)
    center.conversations.receive(to=SMS, sender=customer(1), content="STOP", provider_id="in-1")
    center.privacy.erase("person-1")
    assert center.consent.opted_out(customer(1))
    with pytest.raises(Exception, match="opted out"):
        center.conversations.send("text", customer(1), "a deal", purpose="marketing")


def test_an_erased_person_is_a_stranger() -> None:
    """What they write next begins a conversation of nobody known."""
    chatter = Chatter(1)
    center = chatter.center
    chatter.know(1)
    first = center.conversations.receive(to=SMS, sender=customer(1), content="hello", provider_id="in-1")
    center.privacy.erase("person-1")
    second = center.conversations.receive(to=SMS, sender=customer(1), content="hello", provider_id="in-2")
    assert second.conversation not in (None, first.conversation)
    assert second.conversation is not None
    assert center.conversations.get(second.conversation).contact is None
    center.check()


def test_messages_under_way_to_an_erased_person_never_leave() -> None:
    """They are withdrawn before, and what a transport says of them later changes nothing."""
    chatter = Chatter(1)
    center = chatter.center
    chatter.know(1)
    center.consent.give(customer(1), "marketing", how="form")
    center.conversations.send("text", customer(1), "a deal", purpose="marketing")
    center.privacy.erase("person-1")
    assert center.effects.pending() == ()
    assert center.effects.dead() == ()
    center.check()


def test_an_erasure_that_was_cut_short_goes_on() -> None:
    """The store fails when it is to redact: the request stands in the log, and the next delivery does it."""

    class Stubborn(MemoryStorage):
        broken = True

        def redact(self, tag: str) -> int:
            if self.broken:
                raise StorageError("no room", reason="full", retryable=True)
            return super().redact(tag)

    store = Stubborn()
    chatter = Chatter(1, store)
    chatter.know(1)
    assert not chatter.center.privacy.erase("person-1")
    store.broken = False
    chatter.clock.advance("1h")
    chatter.center.effects.deliver()
    assert all(r.event.spec.name == "" for r in store.read() if r.type == "conversations.contact_saved")


def test_erasing_again_changes_nothing_more() -> None:
    """And who is not known at all is an error, so that a slip of the pen is noticed."""
    chatter = Chatter(1)
    chatter.know(1)
    assert chatter.center.privacy.erase("person-1")
    state = live(chatter.center)
    assert chatter.center.privacy.erase("person-1")
    assert live(chatter.center)["conversations"] == state["conversations"]
    with pytest.raises(UnknownId, match="contact"):
        chatter.center.privacy.erase("person-99")


def test_a_store_that_cannot_redact_is_named() -> None:
    """Before anything is done."""

    class LogAlone:
        def __init__(self) -> None:
            self.inner = MemoryStorage()

        def append(self, records: Any, after: int) -> int:
            return self.inner.append(records, after)

        def read(self, after: int = 0, **options: Any) -> Any:
            return self.inner.read(after, **options)

        def end(self) -> int:
            return self.inner.end()

    center = ContactCenter(clock=ManualClock(), storage=LogAlone())
    with pytest.raises(InvalidInput, match="redact"):
        center.privacy.erase("person-1")


def test_a_person_is_blanked_in_contact_lists() -> None:
    """Wherever they stand; the others stay, and so do the places."""
    from outbound.office import Office, someone

    office = Office()
    office.fill(count=5)
    office.center.conversations.save_contact(Contact("c-2", addresses=[someone(2)], name="Person 2"))
    office.center.privacy.erase("c-2")
    file = StringIO()
    assert office.center.lists.export("people", file) == 4
    assert "Person 2" not in file.getvalue()
    assert "Person 3" in file.getvalue()
    office.run()
    assert office.center.campaigns.progress("spring").outcomes["sent"] == 4


def test_notifications_to_an_erased_person_are_cancelled_and_blanked() -> None:
    """Nothing more leaves, and replay of the redacted log gives the same state."""
    chatter = Chatter(1)
    center: Any = chatter.center
    chatter.know(1)
    center.consent.give(customer(1), "notification", how="form")
    later = chatter.clock.now() + timedelta(days=1)
    center.notify("text", customer(1), "Dear ${name}", values={"name": "canary"}, at=later)
    center.privacy.erase("person-1")
    center.check()
    assert replayed(center) == live(center)
    assert not any("canary" in repr(codec.encode(record).payload) for record in center.storage.read())
    center.advance("2d")
    assert center.effects.pending() == ()
