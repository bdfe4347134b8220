"""What the index promises where the order of events matters, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from switchroom.errors import DuplicateId, InvalidInput, UnknownId
from switchroom.matching import MatchIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from switchroom.matching import Lane


class Named:
    """A supply serves the demand of its own name."""

    def demand_features(self, demand: Hashable) -> Collection[Hashable]:
        return (demand,)

    def supply_features(self, supply: Hashable) -> Collection[Hashable]:
        return (supply,)

    def lane(self, demand: Hashable, supply: Hashable) -> Lane | None:
        return (1, 0, 0)


def test_place_of_a_retired_class_goes_to_a_class_that_may_not_serve() -> None:
    """A demand that knew a retired supply class never chooses a member of the class that took its place."""
    index = MatchIndex(Named(), lambda item: (0, 0))
    index.arrive("m", "a", (("idle", (1, "m")),))
    assert index.best_member("a", "idle") == ((1, "m"), "m")
    index.depart("m")
    index.retire_supply("a")
    index.arrive("m", "b", (("idle", (2, "m")),))
    assert index.best_member("a", "idle") is None
    index.arrive("n", "a", (("idle", (3, "n")),))
    assert index.best_member("a", "idle") == ((3, "n"), "n")
    index.check()


def test_rank_counts_only_those_who_wait_after_many_left_in_any_order() -> None:
    """The rank of an item is right after items around it left in an order unlike that of the queue."""
    index = MatchIndex(Named(), lambda item: (0, 0))
    for arrival in range(60):
        index.enter(f"i{arrival}", "a", (0, arrival, arrival))
    waiting = set(range(60))
    for gone in (40, 8, 33, 12, 27, 5, 50, 19, 9, 44, 23, 3):
        index.leave(f"i{gone}")
        waiting.discard(gone)
        for arrival in waiting:
            assert index.rank(f"i{arrival}") == sum(other < arrival for other in waiting)
        index.check()


def test_any_text_is_an_id() -> None:
    """The empty id, and one that looks like an internal mark, wait and leave like any other."""
    index = MatchIndex(Named(), lambda item: (0, 0))
    for arrival, item in enumerate(["first", "", "gone!", "last"]):
        index.enter(item, "a", (0, arrival, arrival))
    index.leave("")
    assert list(index.items("a")) == ["first", "gone!", "last"]
    index.leave("first")
    assert index.best_item("a") == ((1, 0, 0), (0, 2, 2), "gone!")
    index.check()


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ((2**62 + 1, 0, 0), "key.tier"),
        ((-(2**62) - 1, 0, 0), "key.tier"),
        ((0, 2**63, 0), "key.score"),
        ((0, -(2**63) - 1, 0), "key.score"),
        ((0, 0, 2**63), "key.arrival"),
        ((0, 0, -1), "key.arrival"),
    ],
)
def test_key_out_of_bounds_is_refused_and_leaves_no_trace(key: tuple[int, int, int], field: str) -> None:
    """A key that does not fit is refused, with the name of the part, and nothing waits afterwards."""
    index = MatchIndex(Named(), lambda item: (0, 0))
    with pytest.raises(InvalidInput) as refused:
        index.enter("i", "a", key)
    assert refused.value.field == field
    assert (len(index), list(index.demands())) == (0, [])
    index.check()


def test_ids_taken_and_unknown_are_refused() -> None:
    """What is there is not entered again, what is not there does not leave; the refused change nothing."""
    index = MatchIndex(Named(), lambda item: (0, 0))
    index.enter("i", "a", (0, 0, 0))
    index.arrive("m", "a", ())
    with pytest.raises(DuplicateId):
        index.enter("i", "b", (0, 1, 1))
    with pytest.raises(DuplicateId):
        index.arrive("m", "b", ())
    for ask in (index.leave, index.rank, index.key_of, index.demand_of, index.depart):
        with pytest.raises(UnknownId):
            ask("nobody")
    with pytest.raises(UnknownId):
        index.restamp("nobody", ())
    index.check()
    assert index.demand_of("i") == "a"
    assert list(index.able("a")) == ["m"]
