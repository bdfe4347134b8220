"""The rules of eligibility, room and order, read off the page: what the oracle judges offers by.

Where time alone changes something and several things fall due at one instant, what had not been handled yet counts
either way: an offer must be right just before or at its instant, and an item was passed over only if it could have
been taken both just before and at it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import accumulate
from typing import Any

from switchroom.durations import to_micros
from switchroom.routing import events as e
from switchroom.routing.model import Agent, Membership, WorkItem
from switchroom.routing.queue_model import Queue


def us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


class Item:
    def __init__(self, id: str, work: WorkItem, at: int) -> None:
        self.id, self.work, self.submitted = id, work, at
        self.state, self.queue = "created", ""
        self.priority, self.requirement, self.unstepped = work.priority, work.requirement, False
        self.due = None if work.due is None else to_micros(work.due)
        self.entered = self.joined = at
        self.key: tuple[int, int, int] = (0, 0, 0)
        self.expedited = self.preferring = self.retrying = self.direct = False
        self.attempt = 0
        self.offers: list[str] = []
        self.holder: str | None = None
        self.declined: dict[str, int | None] = {}
        self.expired: set[str] = set()


class Person:
    def __init__(self, spec: Agent) -> None:
        self.spec, self.presence, self.sequence, self.since = spec, "offline", 0, 0
        self.today, self.offers = 0, set[str]()
        self.held: dict[str, tuple[str, int, tuple[str, ...]]] = {}

    def cost(self, work: WorkItem) -> int:
        limit = self.spec.utilization.media.get(work.medium)
        usual = self.spec.utilization.default_cost if limit is None else limit.cost
        return usual if work.cost is None else work.cost

    def has_room(self, work: WorkItem) -> bool:
        rules, held = self.spec.utilization, list(self.held.values())
        limit = rules.media.get(work.medium)
        if sum(units for _, units, _ in held) + self.cost(work) > rules.capacity:
            return False
        most = 1 << 30 if limit is None or limit.maximum is None else limit.maximum
        if sum(medium == work.medium for medium, _, _ in held) >= most:
            return False
        if any(m.interruptible_by for m in rules.media.values()):
            for other in {medium for medium, _, _ in held} - {work.medium}:
                known = rules.media.get(other)
                friends = any({other, work.medium} <= group for group in rules.compatible)
                if not friends and (known is None or work.medium not in known.interruptible_by):
                    return False
        return all(
            sum(label in labels for _, _, labels in held) < rules.labels.get(label, 1 << 30) for label in work.labels
        )


class Judge:
    """What is known of the center, as folded from the log, and the judgement of one offer."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.agents: dict[str, Person] = {}
        self.queues: dict[str, Queue] = {}
        self.open: dict[str, bool] = {}
        self.offers: dict[str, e.OfferMade] = {}
        self.hands: dict[str, tuple[str, str, bool]] = {}
        self.used: set[str] = set()
        self.sums: Counter[str] = Counter()
        self.arrivals = self.position = self.at = 0
        self.placed: set[str] = set()
        self.orderable: set[str] = set()

    # -- eligibility

    def member(self, agent: Person, queue: str) -> Membership | None:
        return next((m for m in agent.spec.queues if m.queue == queue), None)

    def phases(self, item: Item) -> tuple[int, int]:
        return self.at - item.joined, max(self.at - 1 - item.joined, 0)

    def asks(self, item: Item, waited: int) -> Any:
        """The requirement in force: the queue's, the item's, its step's and those not expired, less what rings drop."""
        queue, work = self.queues[item.queue], item.work
        whole = queue.requirement & item.requirement
        if not item.unstepped:
            ends = accumulate(us(s.duration) if s.duration is not None else 1 << 60 for s in work.steps)
            step = next((s for s, end in zip(work.steps, ends, strict=True) if waited < end), None)
            whole = whole if step is None else whole & step.requirement
        for expiring in work.expiring:
            whole = whole & expiring.requirement if waited < us(expiring.ttl) else whole
        for ring in queue.rings[: self.ring(item, waited) - 1]:
            whole = whole.without(ring.drop)
        return whole

    def ring(self, item: Item, waited: int) -> int:
        return 1 + sum(waited >= end for end in accumulate(us(r.wait) for r in self.queues[item.queue].rings))

    def suits(self, item: Item, agent: Person, waited: int, back: int = 0) -> bool:
        """Rules of eligibility, but for room and presence; ``back``: as seen so long before now."""
        preferred = item.work.preferred
        alone = preferred if item.preferring and preferred is not None and waited < us(preferred.wait) else None
        name, asked = agent.spec.id, self.asks(item, waited)
        out = any(self.offers[o].agent == name for o in item.offers)
        if out or name in item.work.exclude or name in item.expired or (alone is not None and name not in alone.agents):
            return False
        if name in item.declined:
            retry = item.declined[name]
            if retry is None or retry > self.at - back:
                return False
        member = self.member(agent, item.queue)
        if member is None:
            named = asked.agents()
            if named is None or name not in named:
                return False
        elif self.at - back - item.entered < us(member.delay) or self.ring(item, waited) < member.ring:
            return False
        return (alone is not None and alone.override) or asked.holds(agent.spec.facts())

    def may(self, item: Item, agent: Person) -> bool:
        now, before = self.phases(item)
        return self.suits(item, agent, now) or self.suits(item, agent, before, 1)

    def must(self, item: Item, agent: Person) -> bool:
        now, before = self.phases(item)
        return self.suits(item, agent, now) and self.suits(item, agent, before, 1)

    def free(self, agent: Person, work: WorkItem) -> bool:
        cap = agent.spec.max_offers
        return agent.presence == "on_queue" and (cap is None or len(agent.offers) < cap) and agent.has_room(work)

    def takeable(self, item: Item) -> bool:
        if item.state not in ("waiting", "offered") or item.direct or not self.open.get(item.queue):
            return False
        return len(item.offers) < self.queues[item.queue].offers_per_item

    # -- order

    def expected_key(self, item: Item, priority: int, entered: int, due: int | None) -> tuple[int, int] | None:
        queue = self.queues[item.queue]
        keys = {
            "aging": (0, entered - priority * us(queue.priority_weight)),
            "strict": (-priority, entered),
            "deadline": (1, entered) if due is None else (0, due),
            "oldest": (0, entered),
            "newest": (0, -entered),
        }
        return keys.get(queue.ordering)

    def level(self, item: Item, agent: Person) -> tuple[int, int]:
        member = self.member(agent, item.queue)
        families = {"strict": 0, "deadline": 1, "aging": 2, "oldest": 2, "newest": 3}
        return (1 if member is None else member.rank, families.get(self.queues[item.queue].ordering, 4))

    def effective(self, item: Item) -> tuple[int, int, int, int]:
        """The key with what stands before everything in front."""
        waited, preferred = self.phases(item)[0], item.work.preferred
        first = item.expedited or any(x.expedite and waited < us(x.ttl) for x in item.work.expiring)
        if item.preferring and preferred is not None and preferred.expedite:
            first = first or waited < us(preferred.wait)
        return (not first, *item.key)

    def stamp(self, agent: Person, queue: Queue) -> tuple[Any, ...] | None:
        rules, name = agent.spec.utilization, agent.spec.id
        used = sum(units for _, units, _ in agent.held.values())
        member = self.member(agent, queue.id)
        rank = 1 if member is None else member.place
        share = used / rules.capacity if rules.capacity else 1.0
        stamps: dict[str, tuple[Any, ...]] = {
            "longest_idle": (rank, agent.since, name),
            "least_loaded": (rank, share, agent.since, name),
            "most_available": (rank, used - rules.capacity, agent.since, name),
            "fewest_today": (rank, agent.today, agent.since, name),
        }
        return None if queue.protect_scarce else stamps.get(queue.selection)

    def fair(self, item: Item, agent: Person) -> None:
        """No item of the same queue with a smaller key, nor of a better level, and no better agent was passed over."""
        queue, mine = self.queues[item.queue], self.level(item, agent)
        for other in self.items.values():
            if other is item or not self.takeable(other):
                continue
            level = self.level(other, agent)
            better = level < mine or (other.queue == item.queue and self.effective(other) < self.effective(item))
            if better and not self.moving(other, item) and self.must(other, agent) and self.free(agent, other.work):
                raise AssertionError(f"{agent.spec.id} got {item.id}, but {other.id} stands before it")
        stamp = self.stamp(agent, queue)
        for rival in self.agents.values():
            theirs = self.stamp(rival, queue)
            better = stamp is not None and theirs is not None and theirs < stamp
            if better and self.free(rival, item.work) and self.must(item, rival):
                raise AssertionError(f"{item.id} went to {agent.spec.id}, but {rival.spec.id} is better")

    def moving(self, *items: Item) -> bool:
        """Whether time changes the place of one of these items at this very instant."""
        return any(i.work.preferred or i.work.expiring for i in items)
