"""The heads that one class looks at: those of the other side's classes that go with it, by lane."""

from __future__ import annotations

from collections.abc import Callable, Collection
from math import isqrt
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from switchroom.matching.model import Lane

Getter: TypeAlias = Callable[[list[Any]], tuple[Any, ...]]
"""Picks the same places out of any list: tokens by slot, or stamps by seat."""

WIDE: Final = 300
"""A pool of more slots than this is divided into blocks."""

BLOCK: Final = 32
"""Slots in a block, at least; the square root of all slots in a pool of more than a thousand."""

LOG_LIMIT: Final = 4_096
"""Lowered heads remembered for the blocks; a pool that has not looked for longer starts afresh."""


def getter_of(slots: Collection[int]) -> Getter:
    """A function from the list of heads to the tuple of these heads.

    Slot 0, which is always empty, fills up when there are fewer than two: one index alone would not give a tuple.
    """
    return itemgetter(*slots) if len(slots) > 1 else itemgetter(0, 0, *slots)


class Lowered:
    """A log of the slots whose head became smaller, so that wide pools need not look at every head.

    Only heads that fall are of interest: a bound below a head that has risen is still a bound.
    """

    __slots__ = ("base", "slots")

    def __init__(self) -> None:
        self.base = 0
        self.slots: list[int] = []

    def add(self, slot: int) -> None:
        """Remember that the head of this slot fell."""
        self.slots.append(slot)
        if len(self.slots) > LOG_LIMIT:
            half = LOG_LIMIT // 2
            del self.slots[:half]
            self.base += half

    @property
    def end(self) -> int:
        """The position after the last entry."""
        return self.base + len(self.slots)


class Pool:
    """Few slots: look at all of them."""

    __slots__ = ("_getter",)

    def __init__(self, slots: Collection[int]) -> None:
        self._getter = getter_of(slots)

    def least(self, heads: list[int]) -> int:
        """The smallest head. O(slots), in C."""
        least: int = min(self._getter(heads))
        return least


class WidePool:
    """Many slots in blocks, each with a bound that is never above the smallest head of the block.

    A question looks at the bounds, refreshes the block with the smallest, and is done when the refreshed one is still
    the smallest.
    """

    __slots__ = ("_block_of", "_bounds", "_getters", "_log", "_seen")

    def __init__(self, slots: Collection[int], heads: list[Any], log: Lowered) -> None:
        listed = list(slots)
        size = max(BLOCK, isqrt(len(listed)))
        chunks = [listed[i : i + size] for i in range(0, len(listed), size)]
        self._getters = [getter_of(chunk) for chunk in chunks]
        self._block_of = {slot: i for i, chunk in enumerate(chunks) for slot in chunk}
        self._bounds = [min(getter(heads)) for getter in self._getters]
        self._log = log
        self._seen = log.end

    def least(self, heads: list[Any]) -> Any:
        """The smallest head. O(blocks + block size) when few heads fell since the last question."""
        if self._seen != self._log.end:
            self._catch_up(heads)
        bounds, getters = self._bounds, self._getters
        while True:
            bound = min(bounds)
            block = bounds.index(bound)
            head = min(getters[block](heads))
            if head == bound:
                return head
            bounds[block] = head

    def _catch_up(self, heads: list[Any]) -> None:
        log, bounds = self._log, self._bounds
        fresh = self._seen - log.base
        if fresh < 0 or len(log.slots) - fresh > len(self._block_of):
            self._bounds = [min(getter(heads)) for getter in self._getters]
        else:
            for slot in log.slots[fresh:]:
                block = self._block_of.get(slot)
                if block is not None and heads[slot] < bounds[block]:
                    bounds[block] = heads[slot]
        self._seen = log.end

    def check(self, heads: list[Any]) -> None:
        """Assert that no bound is above a head of its block, except for heads in the log that were not read yet."""
        unread = set(self._log.slots[max(0, self._seen - self._log.base) :])
        if self._seen >= self._log.base:
            for slot, block in self._block_of.items():
                assert slot in unread or self._bounds[block] <= heads[slot], (slot, block)


Place: TypeAlias = list[tuple["Lane", Pool | WidePool]]
"""One (rank, place): its lanes, one for each family, each with the heads of that lane."""


def places_of(serves: dict[int, Lane], heads: list[int], log: Lowered) -> list[Place]:
    """The places of a supply class in their order of preference, each with its families."""
    by_lane: dict[Lane, list[int]] = {}
    for slot, lane in serves.items():
        by_lane.setdefault(lane, []).append(slot)
    places: dict[tuple[int, int], Place] = {}
    for lane in sorted(by_lane):
        slots = by_lane[lane]
        pool = WidePool(slots, heads, log) if len(slots) > WIDE else Pool(slots)
        places.setdefault(lane[:2], []).append((lane, pool))
    return list(places.values())
