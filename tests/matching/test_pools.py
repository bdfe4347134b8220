"""The best of many heads, against the plain minimum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.matching._pools import Lowered, Pool, WidePool, places_of
from switchroom.matching._tokens import EMPTY

pytestmark = pytest.mark.usefixtures("low_thresholds")

SLOTS = 15
changes = st.lists(st.tuples(st.integers(1, SLOTS), st.one_of(st.integers(0, 99), st.just(EMPTY))), max_size=9)


@given(rounds=st.lists(changes, max_size=12))
def test_wide_pool_is_exact(rounds: list[list[tuple[int, int]]]) -> None:
    """Whatever heads rise and fall between two questions, a wide pool answers the smallest."""
    log = Lowered()
    heads = [EMPTY] * (SLOTS + 1)
    served = [slot for slot in range(1, SLOTS + 1) if slot % 4]
    wide, small = WidePool(served, heads, log), Pool(served)
    for changed in rounds:
        for slot, head in changed:
            if head < heads[slot]:
                log.add(slot)
            heads[slot] = head
        wide.check(heads)
        assert wide.least(heads) == small.least(heads) == min(heads[slot] for slot in served)


def test_places_stand_by_rank_then_place_and_hold_their_families() -> None:
    """Lanes of one rank and place are families of one place; a lane of many slots is wide, one of few is not."""
    serves = {1: (2, 0, 0), 2: (1, 1, 0), 3: (1, 0, 1), 4: (1, 0, 0), **dict.fromkeys(range(5, 15), (2, 0, 0))}
    places = places_of(serves, [EMPTY] * 15, Lowered())
    lanes = [[lane for lane, _ in place] for place in places]
    assert lanes == [[(1, 0, 0), (1, 0, 1)], [(1, 1, 0)], [(2, 0, 0)]]
    assert [type(pool) for place in places for _, pool in place] == [Pool, Pool, Pool, WidePool]
