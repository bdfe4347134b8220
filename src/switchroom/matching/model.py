"""The words of the matching core: identifiers, keys, stamps, lanes, and the relation that the caller provides."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Protocol, TypeAlias

ItemId: TypeAlias = str
"""Names one piece of waiting work; unique among those waiting."""

MemberId: TypeAlias = str
"""Names one member who can be given work."""

OrderId: TypeAlias = Hashable
"""Names one order in which members are chosen (longest idle, least loaded, ...)."""

Key: TypeAlias = tuple[int, int, int]
"""Where an item stands: (tier, score, arrival), smallest first, unique by arrival.

Bounds: tier in [-2**62, 2**62], score in [-2**63, 2**63) (microseconds since 1970 fit for 292,000 years), arrival in
[0, 2**63). Negative tiers and scores are fine. A tier of 0 with a score from 0 on is the shortest in memory.
"""

Stamp: TypeAlias = tuple[object, ...]
"""Where a member stands in one order, smallest first: a tuple that begins with a finite number, for example
``(idle_since_us, member_id)`` or ``(share, idle_since_us, member_id)``.

All stamps of one order have one shape, compare with each other, and differ. Those of two elements are the cheapest,
since only their numbers are compared as long as those differ."""

Lane: TypeAlias = tuple[int, int, int]
"""How a supply class sees a demand class: (rank, place, family).

Smaller (rank, place) first; within one (rank, place) the keys of one family compare with each other, and heads of
unlike families compare by the instant of entry.
"""


class Relation(Protocol):
    """Tells the index who may serve whom.

    Answers must be pure for the life of a class: the index asks once for each pair and keeps the answer until one of
    the two classes is forgotten. Classes are compared by equality and hashed on every operation, so give them a cheap
    hash: a string, a small tuple, or an interned object that hashes by identity.
    """

    def demand_features(self, demand: Hashable) -> Collection[Hashable]:
        """Every feature that a supply must have to serve this demand; all are necessary. May be empty.

        The features narrow the search when a class is born; :meth:`lane` has the last word.
        """
        ...

    def supply_features(self, supply: Hashable) -> Collection[Hashable]:
        """Every feature that this supply has."""
        ...

    def lane(self, demand: Hashable, supply: Hashable) -> Lane | None:
        """The lane in which this supply serves this demand, or None if it may not."""
        ...
