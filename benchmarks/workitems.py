"""Work items: a million of them open in one workbin. Whole operations of a center, events and commit included.

The floor is one push and one pop of a heap of a million tuples. A page has 20 entries, views made. "Nothing happens"
measures what priority curves cost while nobody looks: it must be nothing, so an hour for a hundred thousand pieces of
work is compared with an hour for none.
"""

from __future__ import annotations

import gc
import tracemalloc
from datetime import timedelta
from functools import cache
from heapq import heapify, heappop, heappush
from random import Random
from typing import TYPE_CHECKING, Any

from figures import cost, figure, ratio
from switchroom import Agent, ContactCenter, ManualClock, MemoryStorage, WorkItem
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import Workbin, Worktype
from switchroom.workitems.sla_model import Curve, Sla

if TYPE_CHECKING:
    from collections.abc import Callable

    from figures import Block

DEPTH = 1_000_000
REGIONS = 1_000
BLOCK = 200
"""Operations in a block: each is a hundred times a heap's."""

BIN, AGENT = "post", "ana"


class Office:
    """A center with so many letters in one workbin, due within four weeks, in a thousand regions."""

    def __init__(self, depth: int, **worktype: Any) -> None:
        self.random = Random(11)
        self.center = center = ContactCenter(
            clock=ManualClock(), seed=1, storage=MemoryStorage(keep=1_000), snapshot_every=None
        )
        center.workbins.save(Workbin(BIN))
        spec = Worktype("letter", workbin=BIN, attributes=[Attribute("region", indexed=True)], **worktype)
        center.worktypes.save(spec)
        center.agents.add(Agent(AGENT))
        center.agents.sign_in(AGENT)
        self.works: list[str] = []
        gc.disable()
        self.fill(depth)
        gc.enable()

    def fill(self, number: int) -> None:
        """Submit so many more."""
        start, submit = self.center.now(), self.center.work.submit
        for _ in range(number):
            due = start + timedelta(seconds=self.random.randrange(28 * 86_400))
            region = {"region": f"r{self.random.randrange(REGIONS)}"}
            self.works.append(submit(WorkItem(worktype="letter", attributes=region, due=due)))

    def claim(self) -> Callable[[], int]:
        """Claim random work; before the next block as many others have come."""
        chosen = []
        for _ in range(BLOCK):
            at = self.random.randrange(len(self.works))
            self.works[at], self.works[-1] = self.works[-1], self.works[at]
            chosen.append(self.works.pop())
        self.fill(BLOCK)
        claim = self.center.workbins.claim

        def run() -> int:
            for work in chosen:
                claim(work, agent=AGENT, over_capacity=True)
            return len(chosen)

        return run

    def page(self, where: str | None = None, sort: str = "due") -> Block:
        """Pages of 20: of random regions, if a condition is asked for."""

        def make() -> Callable[[], int]:
            regions = [self.random.randrange(REGIONS) for _ in range(BLOCK)]
            wheres = [None if where is None else where.format(region=f"r{region}") for region in regions]
            page = self.center.workbins.page

            def run() -> int:
                for one in wheres:
                    page(BIN, agent=AGENT, where=one, sort=sort, limit=20)
                return len(wheres)

            return run

        return make


@cache
def office() -> Office:
    """The center that the figures share."""
    return Office(DEPTH, sla=Sla("56d", curve=Curve([(0.25, 10), (0.75, 50)])))


def heap() -> Callable[[], int]:
    """A push and a pop at the depth of the workbin."""
    entries, random = _heap(), Random(3)
    keys = [random.randrange(10**12) for _ in range(BLOCK * 10)]

    def run() -> int:
        for number, key in enumerate(keys):
            heappush(entries, (key, number, None))
            heappop(entries)
        return len(keys)

    return run


@cache
def _heap() -> list[tuple[int, int, None]]:
    random = Random(2)
    entries: list[tuple[int, int, None]] = [(random.randrange(10**12), number, None) for number in range(DEPTH)]
    heapify(entries)
    return entries


@figure("W/claim/1M", goal=50)
def claim() -> float:
    return ratio(office().claim, heap)


@figure("W/page-by-due/1M", goal=50)
def page_by_due() -> float:
    return ratio(office().page(), heap)


@figure("W/page-of-an-indexed-value/1M", goal=50)
def page_of_a_value() -> float:
    return ratio(office().page('region == "{region}"'), heap)


@figure("W/page-by-priority/1M", goal=50)
def page_by_priority() -> float:
    return ratio(office().page(sort="priority"), heap)


def _idle(depth: int) -> Block:
    # Due in four weeks and a service level of eight: the curve rises all the while, and no rule is due.
    made = Office(depth, sla=Sla("56d", curve=Curve([(1, 1_000)], smooth=True)))

    def make() -> Callable[[], int]:
        def run() -> int:
            for _ in range(10):
                made.center.advance("1s")
            return 10

        return run

    return make


@figure("W/curves-while-nothing-happens", goal=1.2, unit="x none")
def curves() -> float:
    return ratio(_idle(100_000), _idle(0))


@figure("W/bytes-a-work", goal=4_000, unit="bytes")
def memory() -> float:
    """Everything that a center knows of one open piece of work in a workbin, but for the log."""
    office_of(10)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        made = office_of(50_000)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert made.center.workbins.count(BIN) == 50_000
    return (after - before) / 50_000


def office_of(depth: int) -> Office:
    return Office(depth, sla=Sla("56d", curve=Curve([(0.25, 10), (0.75, 50)])))


@figure("W/submit", goal=300, unit="us")
def submit() -> float:
    """Taking in one piece of work, at 50,000."""
    made = office_of(50_000)

    def make() -> Callable[[], int]:
        def run() -> int:
            made.fill(BLOCK)
            return BLOCK

        return run

    return cost(make) / 1_000
