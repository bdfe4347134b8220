"""Transactions: emitting applies at once."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from switchroom.errors import DuplicateId, UnknownId
from switchroom.ids import CountedIds
from switchroom.kernel.events import EventRegistry, event, tags_of, type_of
from switchroom.kernel.kernel import Kernel


@event("test.counted", tags=("one", "two=second", "many"))
class Counted:
    one: str
    second: str | None = None
    many: tuple[str, ...] = ()


def test_what_follows_an_event_reads_the_new_state() -> None:
    """The applier has run when ``emit`` returns, with the instant of the transaction."""
    kernel, seen = Kernel(ids=CountedIds(), random=Random(1)), list[tuple[str, int]]()
    kernel.appliers[Counted] = lambda e, at: seen.append((e.one, at))

    def operation(tx: Any) -> list[tuple[str, int]]:
        tx.emit(Counted("a"))
        before = list(seen)
        tx.emit(Counted("b"))
        return before

    assert kernel.handle(5, [], operation) == [("a", 5)]
    assert seen == [("a", 5), ("b", 5)]


def test_tags_come_from_the_fields_that_are_declared() -> None:
    """A missing value gives no tag, several values give one each, and none twice."""
    assert tags_of(Counted("x")) == ("one:x",)
    assert tags_of(Counted("x", "y", ("p", "q", "p"))) == ("one:x", "two:y", "many:p", "many:q")


def test_event_types_are_found_by_name_and_declared_once() -> None:
    """A second declaration of a name is refused, and so is an unknown name."""
    assert EventRegistry.named("test.counted") is type_of(Counted("x"))
    with pytest.raises(DuplicateId):

        @event("test.counted")
        class Again:
            pass

    with pytest.raises(UnknownId):
        EventRegistry.named("test.none")


def test_counted_ids_count_by_kind_and_go_on_from_a_start() -> None:
    """The first after a start is the next number."""
    ids = CountedIds(start=4)
    assert [ids.new("item", 0), ids.new("item", 0), ids.new("other", 0)] == ["item-5", "item-6", "other-5"]
