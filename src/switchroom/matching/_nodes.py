"""The two kinds of node of the relation: a demand class with its items, a supply class with its members."""

from __future__ import annotations

from bisect import bisect_left
from heapq import heappop, heappush
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from switchroom.errors import LimitReached
from switchroom.matching._sorted import LongRun
from switchroom.matching._tokens import EMPTY, HANDLE_BITS, HANDLE_MASK, MAX_ITEMS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from switchroom.matching._lines import Line
    from switchroom.matching._pools import Getter, Place, WidePool
    from switchroom.matching.model import ItemId, Lane, MemberId, OrderId

SHIFT_LIMIT: Final = 8_192
"""A run becomes a sorted list when putting in one token would shift more than this many others.

Shifting 8,192 pointers costs about as much as the bookkeeping of the sorted list. A class that grows at its end and
shrinks at its head stays a run, however long it is.
"""

SHORT_AGAIN: Final = SHIFT_LIMIT - 512
"""A sorted list that has shrunk to this many tokens becomes a run again, where putting in one cannot shift too many.
At least 512 others come or go before it is too long again: they pay for the 100 µs that a change of form takes."""

CUT_FROM: Final = 64
"""Used-up heads are cut off a run when there are this many of them and they are an eighth of it: a cut then shifts
eight pointers for each head taken, and a run wastes at most an eighth of its length."""

SPARE_DEAD: Final = 64
"""A run is cleared of its dead tokens when there are this many, and a quarter as many as the living."""

MANY_DEAD: Final = 2_048
"""A run too long to be cleared for this many dead tokens becomes a sorted list."""

PATIENCE: Final = 16
"""A class that was filled again after it had run empty stays awake for so many looks for empty ones: one that comes and
goes would otherwise be linked with and unlinked from everybody who may serve it, again and again."""

UNUSED: Final = 0
NEWBORN: Final = 1
ASKED: Final = 2
"""What happened to a class since the last look for dead ones: nothing, it was born, or it was asked for again."""

GONE: Final = "".join(("gone", "!"))
"""Stands for the id of an item that is gone. Told by identity: made here, so no caller's string is this object."""


class Ids:
    """The ids of items by handle; that of a dead token is GONE, that of a free handle says nothing."""

    __slots__ = ("free", "names")

    def __init__(self) -> None:
        self.names: list[ItemId] = []
        self.free: list[int] = []

    def new(self) -> int:
        """A free handle."""
        if self.free:
            return self.free.pop()
        handle = len(self.names)
        if handle == MAX_ITEMS:
            raise LimitReached("waiting items", MAX_ITEMS)
        self.names.append(GONE)
        return handle


class DemandNode:
    """A demand class: its waiting tokens in ascending order, and the supply classes that may serve it.

    Tokens stand in ``run[start:]``, or all in ``long`` once the run was too long to shift. Those taken out between
    the ends of a run stay as dead ones: ``dead`` is a heap of them, their handles are not free yet and lead to GONE.
    The first of a run is always alive.

    ``seats`` picks the seats of the supply classes in ``able`` out of a line; it is None when ``able`` has changed, and
    with it ``wide``, which holds the blocks for each order if they are many. ``patience``: how many more
    looks for empty classes it may stay awake. ``slept``: whether it has been asleep since its first item.
    """

    __slots__ = (
        "able",
        "awake",
        "dead",
        "features",
        "home",
        "ids",
        "key",
        "long",
        "low",
        "patience",
        "run",
        "seats",
        "slept",
        "slot",
        "start",
        "used",
        "wide",
    )

    def __init__(self, key: Hashable, slot: int, features: frozenset[Hashable], ids: Ids) -> None:
        self.key = key
        self.slot = slot
        self.low = slot << HANDLE_BITS
        self.features = features
        self.ids = ids
        self.home: Hashable = None
        self.run: list[int] = []
        self.start = 0
        self.dead: list[int] = []
        self.long: LongRun | None = None
        self.able: dict[SupplyNode, Lane] = {}
        self.seats: Getter | None = None
        self.wide: dict[OrderId, tuple[Line, WidePool]] = {}
        self.awake = False
        self.slept = False
        self.patience = 0
        self.used = NEWBORN

    def admit(self, supply: SupplyNode, lane: Lane) -> None:
        """This supply may serve the class."""
        self.able[supply] = lane
        self.seats = None

    def dismiss(self, supply: SupplyNode) -> None:
        """This supply is gone; nothing changes if it was not admitted."""
        if self.able.pop(supply, None) is not None:
            self.seats = None

    def __len__(self) -> int:
        return len(self.run) - self.start - len(self.dead) if self.long is None else len(self.long)

    def head(self) -> int:
        """The smallest token, or EMPTY."""
        if self.long is not None:
            return self.long.first()
        return self.run[self.start] if self.run else EMPTY

    def tokens(self) -> Iterator[int]:
        """All living tokens in ascending order."""
        if self.long is not None:
            return iter(self.long)
        names = self.ids.names
        return (token for token in islice(self.run, self.start, None) if names[token & HANDLE_MASK] is not GONE)

    def below(self, token: int) -> int:
        """How many tokens are smaller. O(log n), after sorting the dead if there are new ones."""
        if self.long is not None:
            return self.long.below(token)
        place = bisect_left(self.run, token, self.start) - self.start
        if self.dead:
            self.dead.sort()  # a sorted list is a heap too, and sorting it again is a single pass
            place -= bisect_left(self.dead, token)
        return place

    def add(self, token: int) -> None:
        """Put a token in its place. O(log n) and a shift of at most SHIFT_LIMIT pointers."""
        run = self.run
        if self.long is not None:
            self.long.add(token)
        elif not run or token > run[-1]:
            run.append(token)
        else:
            place = bisect_left(run, token, self.start)
            if len(run) - place > SHIFT_LIMIT:
                self._lengthen().add(token)
            else:
                run.insert(place, token)

    def remove(self, token: int) -> None:
        """Take out a token other than the head; its handle leads to GONE already.

        Amortised O(1) in a run, O(log n) in a long class.
        """
        if self.long is not None:
            self.long.remove(token)
            self.ids.free.append(token & HANDLE_MASK)
            return
        heappush(self.dead, token)
        if len(self.dead) >= SPARE_DEAD:
            if len(self.dead) << 2 >= len(self.run) - self.start:
                self._purge()
            elif len(self.dead) >= MANY_DEAD:
                self._lengthen()

    def drop_head(self) -> int:
        """Take the smallest token out, and give the next, or EMPTY. Amortised O(1), O(log n) in a long class."""
        if self.long is not None:
            return self._drop_long_head(self.long)
        run, dead, free = self.run, self.dead, self.ids.free
        free.append(run[self.start] & HANDLE_MASK)
        start = self.start + 1
        while dead and run[start] == dead[0]:
            free.append(heappop(dead) & HANDLE_MASK)
            start += 1
        if start == len(run):
            run.clear()
            start = 0
        elif start >= CUT_FROM and start << 3 > len(run):
            del run[:start]
            start = 0
        self.start = start
        return run[start] if run else EMPTY

    def _purge(self) -> None:
        self.run = list(self.tokens())
        self.start = 0
        self.ids.free.extend([token & HANDLE_MASK for token in self.dead])
        self.dead = []

    def _lengthen(self) -> LongRun:
        self._purge()
        self.long = long = LongRun(self.run)
        self.run = []
        return long

    def _drop_long_head(self, long: LongRun) -> int:
        token = long.first()
        long.remove(token)
        self.ids.free.append(token & HANDLE_MASK)
        if len(long) <= SHORT_AGAIN:
            self.run = list(long)
            self.long = None
        return self.head()

    def check(self) -> None:
        """Assert that the tokens are sorted and in exactly one of the two forms, and that the dead are dead."""
        tokens = list(self.tokens())
        names = self.ids.names
        assert all(a < b for a, b in pairwise(tokens)), self.key
        assert self.long is None or (not self.run and not self.dead and len(self.long) > 0), self.key
        assert (self.start < len(self.run)) if self.run else self.start == 0, self.key
        assert self.head() == (tokens[0] if tokens else EMPTY), self.key
        assert all(names[token & HANDLE_MASK] is not GONE for token in tokens), self.key
        assert len(tokens) == len(self), self.key
        standing = self.run[self.start :]
        assert sorted(self.dead) == [token for token in standing if names[token & HANDLE_MASK] is GONE], self.key
        assert all(self.dead[(i - 1) // 2] <= self.dead[i] for i in range(1, len(self.dead))), self.key


class SupplyNode:
    """A supply class: its present members, and the slots of the demand classes that it may serve.

    ``getter`` is set when all slots share one lane and are few: then the best head is ``min(getter(heads))``.
    ``places`` holds the general form. Both are None when a class was linked or unlinked since; the next question makes
    them again.
    ``lane`` is the lane of all slots unless ``mixed``.
    """

    __slots__ = ("features", "getter", "key", "lane", "members", "mixed", "places", "retired", "seat", "serves", "used")

    def __init__(self, key: Hashable, seat: int, features: frozenset[Hashable]) -> None:
        self.key = key
        self.seat = seat
        self.features = features
        self.serves: dict[int, Lane] = {}
        self.members: dict[MemberId, None] = {}
        self.lane: Lane = (0, 0, 0)
        self.mixed = False
        self.getter: Getter | None = None
        self.places: list[Place] | None = None
        self.used = NEWBORN
        self.retired = False

    def link(self, slot: int, lane: Lane) -> None:
        """This supply may serve the class in this slot; equal lanes are the same object."""
        serves = self.serves
        if lane is not self.lane:
            self.mixed = bool(serves)
            self.lane = lane
        serves[slot] = lane
        self.getter = None
        self.places = None
