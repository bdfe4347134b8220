"""Workbins: work on a shelf, sorted by due date and by priority, found by indexed attributes.

Nothing is touched while time passes. Priority rises by a curve over the share of the service level that is used; among
work of one worktype and one own priority whose clocks run, that order never changes: less time left is at least as high
a priority. So each such class is a list sorted by the end of its service level, and the order of a whole bin is the
merge of the heads of its classes, computed when somebody looks. Work whose priority stands still is one more class for
each value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heapreplace
from typing import TypeAlias, TypeVar

from switchroom.matching.ordered import Ordered
from switchroom.routing.fields import Fact
from switchroom.workitems.records import NEVER, NO_RANK, Entry, WorkRecord

K = TypeVar("K")

RankKey: TypeAlias = tuple[str, int]
"""(worktype, own priority) of work whose clock runs, ("", priority) of the rest."""

IndexKey: TypeAlias = tuple[str, Fact]

PriorityNow: TypeAlias = Callable[[WorkRecord], int]


class Bin:
    """One workbin. ``file`` and ``drop`` cost O(log n) for each list that the work stands in."""

    __slots__ = ("by_due", "id", "index", "kinds", "ranks", "works")

    def __init__(self, id: str) -> None:
        self.id = id
        self.works: dict[str, WorkRecord] = {}
        self.kinds: dict[str, int] = {}
        """How many there are of each worktype."""
        self.by_due: Ordered[Entry] = Ordered()
        self.ranks: dict[RankKey, Ordered[Entry]] = {}
        self.index: dict[IndexKey, Ordered[Entry]] = {}

    def file(self, work: WorkRecord, due_us: int | None, standing: int | None) -> None:
        """Put work into its places. ``standing``: its priority if that stands still, None if its clock raises it."""
        entry: Entry = (NEVER if due_us is None else due_us, work.number, work)
        rank = entry
        key: RankKey = ("", 0 if standing is None else standing)
        if standing is None:
            key = (work.spec.id, work.priority)
            if work.end_us != due_us:
                rank = (NEVER if work.end_us is None else work.end_us, work.number, work)
        work.bin, work.rank = self, key
        work.entries = (entry,) if rank is entry else (entry, rank)
        self.works[work.id] = work
        self.kinds[work.spec.id] = self.kinds.get(work.spec.id, 0) + 1
        self.by_due.add(entry)
        _list(self.ranks, key).add(rank)
        for place in indexed(work):
            _list(self.index, place).add(entry)

    def drop(self, work: WorkRecord) -> None:
        """Take work out of its places: before anything changes that they follow from."""
        entry, rank = work.entries[0], work.entries[-1]
        del self.works[work.id]
        self.kinds[work.spec.id] -= 1
        if not self.kinds[work.spec.id]:
            del self.kinds[work.spec.id]
        self.by_due.remove(entry)
        _unlist(self.ranks, work.rank, rank)
        for place in indexed(work):
            _unlist(self.index, place, entry)
        work.bin, work.rank, work.entries = None, NO_RANK, ()

    def by_priority(self, now: PriorityNow) -> Iterator[WorkRecord]:
        """Highest priority first, then least time left, then arrival. O(classes) to begin, O(log classes) each."""
        heads: list[tuple[int, int, int, WorkRecord, Iterator[Entry]]] = []
        for entries in self.ranks.values():
            rest = iter(entries)
            end, number, work = next(rest)
            heads.append((-now(work), end, number, work, rest))
        heapify(heads)
        while heads:
            _, _, _, work, rest = heads[0]
            yield work
            following = next(rest, None)
            if following is None:
                heappop(heads)
            else:
                end, number, work = following
                heapreplace(heads, (-now(work), end, number, work, rest))

    def valued(self, name: str, value: Fact) -> Ordered[Entry]:
        """Work with this value of an indexed attribute, by due date."""
        return self.index.get((name, value), _NOTHING)

    def check(self) -> None:
        """Both sides: the lists hold exactly the works, and each work knows its entries."""
        entries = list(self.by_due)
        assert entries == sorted(entries, key=lambda e: e[:2]), f"workbin {self.id} is out of order"
        assert {e[2].id for e in entries} == set(self.works), f"workbin {self.id}: lists and works differ"
        assert len(entries) == len(self.works) == sum(self.kinds.values()), f"workbin {self.id}: counts"
        ranked = [e for ordered in self.ranks.values() for e in ordered]
        assert len(ranked) == len(entries), f"workbin {self.id}: ranks"
        for work in self.works.values():
            assert work.bin is self, f"work {work.id} does not know its workbin"
            for place in indexed(work):
                assert any(e[2] is work for e in self.index[place]), f"work {work.id} is not under {place}"
        assert all(self.ranks.values()), f"workbin {self.id} keeps an empty class"
        assert all(self.index.values()), f"workbin {self.id} keeps an empty index"


_NOTHING: Ordered[Entry] = Ordered()


def indexed(work: WorkRecord) -> Iterator[IndexKey]:
    """The (attribute, value) pairs under which work is found."""
    for attribute in work.spec.indexed:
        value = work.attributes.get(attribute)
        if isinstance(value, frozenset):
            yield from ((attribute, one) for one in value)
        elif value is not None:
            yield attribute, value


def _list(lists: dict[K, Ordered[Entry]], key: K) -> Ordered[Entry]:
    found = lists.get(key)
    if found is None:
        found = lists[key] = Ordered()
    return found


def _unlist(lists: dict[K, Ordered[Entry]], key: K, entry: Entry) -> None:
    found = lists[key]
    found.remove(entry)
    if not len(found):
        del lists[key]
