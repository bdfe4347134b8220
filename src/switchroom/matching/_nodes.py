"""The two kinds of node of the relation: a demand class with its items, a supply class with its members."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from switchroom.matching._sorted import LongRun
from switchroom.matching._tokens import EMPTY, HANDLE_BITS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from switchroom.matching._lines import Kept
    from switchroom.matching._pools import Place
    from switchroom.matching.model import Lane, MemberId, OrderId

SHIFT_LIMIT: Final = 8_192
"""A run moves to a sorted list when putting in or taking out one token would shift more than this many others.

Shifting 8,192 pointers costs about as much as the bookkeeping of the sorted list. A class that only grows at its end
and shrinks at its head never moves, however long it is.
"""

SHORT_AGAIN: Final = 1_024
"""A sorted list that has shrunk to this many tokens becomes a run again."""

CUT_FROM: Final = 64
"""Used-up heads are cut off a run when there are this many of them and they are an eighth of it: a cut then shifts
eight pointers for each head taken, and a run wastes at most an eighth of its length."""


class DemandNode:
    """A demand class: its waiting tokens in ascending order, and the supply classes that may serve it.

    Tokens stand in ``run[start:]``, or all in ``long`` once the run was too long to shift.
    """

    __slots__ = ("able", "features", "home", "kept", "key", "long", "low", "run", "slot", "start")

    def __init__(self, key: Hashable, slot: int, features: frozenset[Hashable]) -> None:
        self.key = key
        self.slot = slot
        self.low = slot << HANDLE_BITS
        self.features = features
        self.home: Hashable = None
        self.run: list[int] = []
        self.start = 0
        self.long: LongRun | None = None
        self.able: set[SupplyNode] = set()
        self.kept: dict[OrderId, Kept] = {}

    def __len__(self) -> int:
        return len(self.run) - self.start if self.long is None else len(self.long)

    def head(self) -> int:
        """The smallest token, or EMPTY."""
        if self.long is not None:
            return self.long.first()
        return self.run[self.start] if self.run else EMPTY

    def tokens(self) -> Iterator[int]:
        """All tokens in ascending order."""
        return islice(self.run, self.start, None) if self.long is None else iter(self.long)

    def below(self, token: int) -> int:
        """How many tokens are smaller. O(log n)."""
        if self.long is not None:
            return self.long.below(token)
        return bisect_left(self.run, token, self.start) - self.start

    def add(self, token: int) -> None:
        """Put a token in its place."""
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
        """Take a token out; it must be there."""
        if self.long is not None:
            self._remove_long(self.long, token)
            return
        run, start = self.run, self.start
        place = bisect_left(run, token, start)
        before, after = place - start, len(run) - place
        if min(before, after) > SHIFT_LIMIT:
            self._lengthen().remove(token)
        elif before < after:
            run[start + 1 : place + 1] = run[start:place]
            self._advance()
        else:
            del run[place]
            if start == len(run):
                self._clear()

    def drop_head(self) -> int:
        """Take the smallest token out, and give the next, or EMPTY. Amortised O(1), O(log n) in a long class."""
        if self.long is not None:
            self._remove_long(self.long, self.long.first())
        else:
            self._advance()
        return self.head()

    def _advance(self) -> None:
        run, start = self.run, self.start + 1
        if start == len(run):
            self._clear()
        elif start >= CUT_FROM and start << 3 > len(run):
            del run[:start]
            self.start = 0
        else:
            self.start = start

    def _clear(self) -> None:
        self.run.clear()
        self.start = 0

    def _lengthen(self) -> LongRun:
        self.long = long = LongRun(islice(self.run, self.start, None))
        self.run = []
        self.start = 0
        return long

    def _remove_long(self, long: LongRun, token: int) -> None:
        long.remove(token)
        if len(long) <= SHORT_AGAIN:
            self.run = list(long)
            self.long = None

    def check(self) -> None:
        """Assert that the tokens are sorted and in exactly one of the two forms."""
        tokens = list(self.tokens())
        assert all(a < b for a, b in pairwise(tokens)), self.key
        assert self.long is None or (not self.run and len(self.long) > SHORT_AGAIN), self.key
        assert (self.start < len(self.run)) if self.run else self.start == 0, self.key
        assert self.head() == (tokens[0] if tokens else EMPTY), self.key


class SupplyNode:
    """A supply class: its present members, and the slots of the demand classes that it may serve.

    ``getter`` is set when all slots share one lane and are few: then the best head is ``min(getter(heads))``.
    ``places`` holds the general form. Both are None when a class was linked or unlinked since; the next question makes
    them again.
    ``lane`` is the lane of all slots unless ``mixed``.
    """

    __slots__ = ("features", "getter", "key", "lane", "members", "mixed", "places", "retired", "serves", "used")

    def __init__(self, key: Hashable, features: frozenset[Hashable]) -> None:
        self.key = key
        self.features = features
        self.serves: dict[int, Lane] = {}
        self.members: dict[MemberId, None] = {}
        self.lane: Lane = (0, 0, 0)
        self.mixed = False
        self.getter: Callable[[list[int]], tuple[int, ...]] | None = None
        self.places: list[Place] | None = None
        self.used = True
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

    def unlink(self, slot: int) -> None:
        """The class in this slot is gone."""
        del self.serves[slot]
        self.getter = None
        self.places = None
