"""A supply class that may serve so many demand classes that it looks at them in blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom.matching import MatchIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from switchroom.matching import Key, Lane

pytestmark = pytest.mark.usefixtures("low_thresholds")


class Everything:
    """The supply serves every demand, all in one lane."""

    def demand_features(self, demand: Hashable) -> Collection[Hashable]:
        return ()

    def supply_features(self, supply: Hashable) -> Collection[Hashable]:
        return ()

    def lane(self, demand: Hashable, supply: Hashable) -> Lane | None:
        return (1, 0, 0)


steps = st.lists(
    st.tuples(st.sampled_from(["enter", "leave", "rekey", "move", "ask", "ask"]), st.integers(0, 8), st.integers()),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(steps=steps)
def test_best_of_many_classes_is_the_smallest_key(steps: list[tuple[str, int, int]]) -> None:
    """Through entries, departures, changes of key and of class, the best item is the one with the smallest key."""
    index = MatchIndex(Everything(), lambda item: (0, 0))
    keys: dict[str, Key] = {}
    for demand in range(9):
        keys[f"first{demand}"] = (0, 90, demand)
        index.enter(f"first{demand}", demand, keys[f"first{demand}"])
    for arrival, (step, demand, number) in enumerate(steps, 9):
        key = (0, number % 100, arrival)
        item = sorted(keys)[number % len(keys)] if keys and step != "enter" else f"i{arrival}"
        if step == "ask":
            assert index.best_item("all") == min((((1, 0, 0), key, item) for item, key in keys.items()), default=None)
        elif item not in keys:
            index.enter(item, demand, key)
            keys[item] = key
        elif step == "leave":
            index.leave(item)
            del keys[item]
        else:
            if step == "rekey":
                index.rekey(item, key)
            else:
                index.move(item, demand, key)
            keys[item] = key
        index.check()
