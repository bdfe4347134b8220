"""Checks of the further rungs, snapshots and erasure, and of damage."""

from __future__ import annotations

from collections.abc import Callable

from switchroom.errors import ConflictError, DamagedRecord, InvalidInput, StorageError
from switchroom.kernel.records import Record
from switchroom.storage.protocol import LogStorage, SnapshotStorage
from switchroom.testing.storage_checks_base import Bench, positions, refusal, registry
from switchroom.testing.storage_events import START, Noted, Part, batch, noted

CHECKS: dict[str, Callable[[Bench], None]] = {}
check = registry(CHECKS)

# -- snapshots


@check
def a_new_store_has_no_snapshot(b: Bench) -> None:
    assert b.keeper().load_snapshot() is None


@check
def a_snapshot_comes_back(b: Bench) -> None:
    store = b.keeper(batch(1, 5))
    store.save_snapshot(5, 3, b"\x00state\xff")
    assert store.load_snapshot() == (5, 3, b"\x00state\xff")


@check
def a_later_snapshot_takes_the_place(b: Bench) -> None:
    store = b.keeper(batch(1, 5))
    store.save_snapshot(2, 1, b"old")
    store.save_snapshot(5, 2, b"new")
    assert store.load_snapshot() == (5, 2, b"new")


@check
def an_earlier_snapshot_is_ignored(b: Bench) -> None:
    store = b.keeper(batch(1, 5))
    store.save_snapshot(5, 2, b"new")
    store.save_snapshot(2, 1, b"old")
    assert store.load_snapshot() == (5, 2, b"new")


@check
def a_snapshot_of_the_same_position_takes_the_place(b: Bench) -> None:
    store = b.keeper(batch(1, 5))
    store.save_snapshot(5, 1, b"old")
    store.save_snapshot(5, 2, b"new")
    assert store.load_snapshot() == (5, 2, b"new")


@check
def a_snapshot_behind_the_end_is_refused(b: Bench) -> None:
    store = b.keeper(batch(1, 5))
    refusal(InvalidInput, lambda: store.save_snapshot(6, 1, b"x"))
    refusal(InvalidInput, lambda: store.save_snapshot(-1, 1, b"x"))
    assert store.load_snapshot() is None


@check
def a_snapshot_of_the_empty_log_is_allowed(b: Bench) -> None:
    store = b.keeper()
    store.save_snapshot(0, 1, b"")
    assert store.load_snapshot() == (0, 1, b"")


@check
def a_large_snapshot_comes_back(b: Bench) -> None:
    store = b.keeper(batch(1, 1))
    payload = bytes(range(256)) * (1 << 14)
    store.save_snapshot(1, 1, payload)
    kept = store.load_snapshot()
    assert kept is not None
    assert kept.payload == payload


@check
def a_snapshot_changes_nothing_in_the_log(b: Bench) -> None:
    store = b.keeper(batch(1, 5))
    store.save_snapshot(3, 1, b"x")
    assert isinstance(store, LogStorage)
    assert list(store.read()) == batch(1, 5)
    assert store.append([noted(6)], 5) == 6


@check
def a_snapshot_survives_reopening(b: Bench) -> None:
    store = b.keeper(batch(1, 5))
    store.save_snapshot(4, 9, b"kept")
    assert isinstance(store, LogStorage)
    again = b.reopened(store)
    assert isinstance(again, SnapshotStorage)
    assert again.load_snapshot() == (4, 9, b"kept")


# -- erasure


def _personal() -> list[Record]:
    secret = Noted("a", text="canary-secret", number=7, facts={"phone": "canary-phone"}, part=Part("canary-part"))
    return [Record(1, START, secret, "c-1"), noted(2, "b", text="other"), noted(3, "a", text="canary-too")]


@check
def redacting_blanks_what_is_personal(b: Bench) -> None:
    store = b.eraser(_personal())
    assert store.redact("subject:a") == 2
    assert isinstance(store, LogStorage)
    event = next(iter(store.read())).event
    assert (event.text, event.facts, event.part) == ("", {}, None)


@check
def redacting_keeps_everything_else(b: Bench) -> None:
    store = b.eraser(_personal())
    store.redact("subject:a")
    assert isinstance(store, LogStorage)
    found = list(store.read())
    assert positions(found) == [1, 2, 3]
    assert [r.at for r in found] == [r.at for r in _personal()]
    assert [r.command_id for r in found] == ["c-1", None, None]
    assert (found[0].event.subject, found[0].event.number, found[1]) == ("a", 7, _personal()[1])


@check
def redacted_records_are_found_by_their_tags(b: Bench) -> None:
    store = b.eraser(_personal())
    store.redact("subject:a")
    assert isinstance(store, LogStorage)
    assert positions(store.read(tag="subject:a")) == [1, 3]


@check
def redacting_again_changes_nothing(b: Bench) -> None:
    store = b.eraser(_personal())
    store.redact("subject:a")
    assert store.redact("subject:a") == 0


@check
def redacting_an_unknown_tag_changes_nothing(b: Bench) -> None:
    store = b.eraser(_personal())
    assert store.redact("subject:zz") == 0
    assert isinstance(store, LogStorage)
    assert list(store.read()) == _personal()


@check
def redacting_drops_the_snapshot(b: Bench) -> None:
    b.need("snapshots")
    store = b.eraser(_personal())
    assert isinstance(store, SnapshotStorage)
    store.save_snapshot(3, 1, b"canary-state")
    store.redact("subject:a")
    assert store.load_snapshot() is None


@check
def a_redacted_log_goes_on(b: Bench) -> None:
    store = b.eraser(_personal())
    store.redact("subject:a")
    assert isinstance(store, LogStorage)
    assert store.end() == 3
    refusal(ConflictError, lambda: store.append([noted(3)], 2))
    assert store.append([noted(4, "a", text="new")], 3) == 4
    assert [r.event.text for r in store.read(tag="subject:a")] == ["", "", "new"]


@check
def a_redacted_log_stays_so_when_reopened(b: Bench) -> None:
    store = b.eraser(_personal())
    store.redact("subject:a")
    assert isinstance(store, LogStorage)
    assert [r.event.text for r in b.reopened(store).read()] == ["", "other", ""]


# -- damage and the end of a store


@check
def a_damaged_record_is_noticed(b: Bench) -> None:
    b.need("checksums")
    store = b.fresh(batch(1, 5))
    b.damage(store, 3)
    error = refusal(DamagedRecord, lambda: list(store.read()))
    assert getattr(error, "position", None) == 3


@check
def records_before_the_damage_can_be_read(b: Bench) -> None:
    b.need("checksums")
    store = b.fresh(batch(1, 5))
    b.damage(store, 3)
    assert positions(store.read(limit=2)) == [1, 2]


@check
def records_behind_the_damage_can_be_read(b: Bench) -> None:
    b.need("checksums")
    store = b.fresh(batch(1, 5))
    b.damage(store, 3)
    assert positions(store.read(3)) == [4, 5]


@check
def a_closed_store_refuses_every_use(b: Bench) -> None:
    b.need("reopens")
    store = b.fresh(batch(1, 2))
    b.done(store)
    for use in (lambda: store.append([noted(3)], 2), store.end, lambda: list(store.read())):
        assert getattr(refusal(StorageError, use), "reason", None) == "closed"
