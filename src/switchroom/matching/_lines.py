"""Members in one order of choice: for each supply class, the stamp of its first."""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import heapify, heappop, heappush
from math import inf
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from switchroom.matching._tokens import EMPTY

if TYPE_CHECKING:
    from collections.abc import Collection

    from switchroom.matching._nodes import SupplyNode
    from switchroom.matching._pools import Lowered
    from switchroom.matching.model import MemberId, Stamp

Entry: TypeAlias = tuple["Stamp", "MemberId", "SupplyNode"]

Value: TypeAlias = Any
"""What stands for a stamp where many are compared: its number, if it is (number, id), else the stamp itself."""

SPARE_HEAP: Final = 8
"""The heap of a supply class is made again when it is this much longer than twice its members."""


class Line:
    """Present members of one order.

    ``at`` holds by the seat of a supply class the value of its first member, or ``none``, which is larger than any. So
    the best of some classes is the minimum of their values, as with the heads of waiting items. ``by_value`` leads
    back from a value to the member; members of equal value stand there in a list, ascending by stamp. A class with
    more than one member has a heap in ``_heaps``; those who left stay in it until they come to its top.
    """

    __slots__ = ("_heaps", "_plain", "at", "by_value", "current", "lowered", "none")

    def __init__(self, like: Stamp) -> None:
        self._plain = len(like) == 2
        self.none: Value = EMPTY if self._plain else (inf,)
        self.at: list[Value] = []
        self.current: dict[MemberId, Entry] = {}
        self.by_value: dict[Value, Entry | list[Entry]] = {}
        self.lowered: Lowered | None = None
        self._heaps: dict[int, list[tuple[Stamp, MemberId]]] = {}

    def grow(self, seats: int) -> None:
        """Make room for this many seats."""
        self.at.extend([self.none] * (seats - len(self.at)))

    def add(self, stamp: Stamp, member: MemberId, supply: SupplyNode) -> None:
        """A member takes its place. O(1); O(log n) among the members of its class, or those of equal value."""
        entry = (stamp, member, supply)
        value = stamp[0] if self._plain else stamp
        self.current[member] = entry
        if self.by_value.setdefault(value, entry) is not entry:
            self._tie(value, entry)
        seat = supply.seat
        at = self.at
        if seat >= len(at):
            self.grow(seat + 1)
        if len(supply.members) > 1 or seat in self._heaps:
            self._share(stamp, member, supply)
        if value < at[seat]:
            at[seat] = value
            if self.lowered is not None:
                self.lowered.add(seat)

    def _tie(self, value: Value, entry: Entry) -> None:
        standing = self.by_value[value]
        if isinstance(standing, list):
            insort(standing, entry)
        else:
            self.by_value[value] = sorted([standing, entry])

    def _share(self, stamp: Stamp, member: MemberId, supply: SupplyNode) -> None:
        heap = self._heaps.get(supply.seat)
        if heap is None or len(heap) > 2 * len(supply.members) + SPARE_HEAP:
            current = self.current
            heap = self._heaps[supply.seat] = [(current[m][0], m) for m in supply.members if m in current]
            heapify(heap)
        else:
            heappush(heap, (stamp, member))

    def remove(self, member: MemberId) -> None:
        """A member leaves its place. O(1); O(log n) among the members of its class, or those of equal value."""
        entry = self.current.pop(member)
        stamp, _, supply = entry
        value = stamp[0] if self._plain else stamp
        standing = self.by_value[value]
        if standing is entry:
            del self.by_value[value]
        else:
            self._untie(value, entry)
        seat = supply.seat
        if seat in self._heaps:
            self.at[seat] = self._next(supply)
        else:
            self.at[seat] = self.none

    def _untie(self, value: Value, entry: Entry) -> None:
        standing = self.by_value[value]
        assert isinstance(standing, list)
        del standing[bisect_left(standing, entry)]
        if len(standing) == 1:
            self.by_value[value] = standing[0]

    def _next(self, supply: SupplyNode) -> Value:
        heap, current = self._heaps[supply.seat], self.current
        while heap:
            stamp, member = heap[0]
            entry = current.get(member)
            if entry is not None and entry[2] is supply and entry[0] == stamp:
                return stamp[0] if self._plain else stamp
            heappop(heap)
        del self._heaps[supply.seat]
        return self.none

    def first_of(self, value: Value, able: Collection[SupplyNode]) -> Entry:
        """The first member of this value in one of these classes; there must be one.

        O(1), but linear in the fewer of the classes and the members of equal value if there are several.
        """
        standing = self.by_value[value]
        if not isinstance(standing, list):
            return standing
        if len(standing) <= len(able):
            return next(entry for entry in standing if entry[2] in able)
        at, current = self.at, self.current
        tied = (m for supply in able if at[supply.seat] == value for m in supply.members if m in current)
        return min(current[member] for member in tied)

    def check(self) -> None:
        """Assert that values, ties and heaps tell the same as the members who stand here."""
        least: dict[int, Value] = {}
        count = 0
        for member, entry in self.current.items():
            value: Value = entry[0][0] if self._plain else entry[0]
            seat = entry[2].seat
            least[seat] = min(value, least.get(seat, self.none))
            standing = self.by_value[value]
            assert standing is entry or (isinstance(standing, list) and entry in standing), member
        for standing in self.by_value.values():
            count += len(standing) if isinstance(standing, list) else 1
            assert not isinstance(standing, list) or (len(standing) > 1 and standing == sorted(standing))
        assert count == len(self.current)
        assert least == {seat: value for seat, value in enumerate(self.at) if value != self.none}
