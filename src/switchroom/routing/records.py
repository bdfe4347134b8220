"""The mutable records behind the routing state. Private: callers get values, never these."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping
from itertools import accumulate
from typing import NamedTuple

from switchroom.routing.fields import Fact, micros
from switchroom.routing.model import Agent, Membership, Presence, WorkItem
from switchroom.routing.queue_model import Queue
from switchroom.routing.requirements import Requirement
from switchroom.routing.utilization import Room

NONE: frozenset[str] = frozenset()
"""The empty set, shared: each new one takes 216 bytes, and nearly every item has two."""

TOKEN = "#"
"""Separates an item's id from its attempt number in the ids of offers and assignments; no id contains it."""

SWEEP_CLASSES = 4096
"""A queue forgets its empty demand classes when it knows more than this many, and twice those left the last time."""

RECENT = 32
"""How many acceptances, handle times and times to answer a queue remembers for its estimate of waiting."""


class Phase(NamedTuple):
    """How far time has carried a waiting item: step index (the number of steps: all are over), ring, passed delay,
    passed time to live, and whether only preferred agents are candidates."""

    step: int
    ring: int
    delay_us: int
    ttl_us: int
    preferring: bool


START = Phase(0, 1, 0, 0, False)
PREFERRING = START._replace(preferring=True)
"""The phase of an item that has just come in and waits for its preferred agents first."""

BEGUN = START._replace()
"""The same of one whose requirement changes with time: equal to START, and another object, because of an item in START
only its requirement tells its class and its order."""

NEVER = 1 << 62
"""Later than every instant, and longer than every wait."""


class Course(NamedTuple):
    """What time changes about an item in whatever queue, in microseconds from joining it: the end of each step (a last
    step without a duration has none), the times to live, the wait for preferred agents, the longest wait; and the first
    of the step ends and times to live."""

    step_ends: tuple[int, ...]
    ttls: tuple[int, ...]
    preferring_us: int | None
    max_wait_us: int | None
    soonest_us: int

    @classmethod
    def of(cls, work: WorkItem) -> Course:
        """The course of a piece of work: computed once, asked at each of its instants."""
        step_ends = tuple(accumulate([micros(step.duration) for step in work.steps if step.duration is not None]))
        ttls = tuple(sorted([micros(e.ttl) for e in work.expiring])) if work.expiring else ()
        return cls(
            step_ends,
            ttls,
            None if work.preferred is None else micros(work.preferred.wait),
            None if work.max_wait is None else micros(work.max_wait),
            min(step_ends[0] if step_ends else NEVER, ttls[0] if ttls else NEVER),
        )


NO_COURSE = Course((), (), None, None, NEVER)


class ItemRecord:
    """An item: what was submitted, where it is, and its place in the queue. ``course`` None: time alone changes
    nothing of what was asked for."""

    __slots__ = (
        "arrival",
        "assignment",
        "attempt",
        "attributes",
        "course",
        "declined",
        "demand",
        "direct",
        "due_us",
        "ended_us",
        "entered_us",
        "expedited",
        "expired",
        "failed",
        "fired",
        "id",
        "intake",
        "joined_us",
        "offers",
        "past",
        "paused",
        "phase",
        "postponed",
        "priority",
        "queue",
        "requirement",
        "retrying",
        "schedule",
        "score",
        "state",
        "stay",
        "submitted_us",
        "target",
        "tier",
        "unstepped",
        "version",
        "waited_us",
        "watched",
        "work",
    )

    def __init__(self, id: str, work: WorkItem, at: int) -> None:
        self.id = id
        self.work = work
        self.state = "created"
        self.queue: QueueRecord | None = None
        self.priority = work.priority
        self.requirement: Requirement | None = None
        self.attributes: Mapping[str, Fact] = work.attributes
        self.due_us: int | None = None
        self.ended_us: int | None = None
        self.submitted_us = self.entered_us = self.joined_us = at
        self.waited_us = 0
        self.arrival = self.tier = self.score = 0
        self.expedited = False
        self.stay = 0
        self.phase = START
        self.unstepped = False
        self.watched = False
        self.demand: Demand | None = None
        self.attempt = 0
        self.offers: tuple[OfferRecord, ...] = ()
        self.assignment: AssignmentRecord | None = None
        self.past: tuple[tuple[str, str], ...] = ()
        self.declined: dict[str, int | None] | None = None
        self.expired = NONE
        self.failed = 0
        self.fired = NONE
        self.postponed: Mapping[str, int] | None = None
        self.retrying = False
        self.paused = False
        self.direct = False
        self.target: str | None = None
        self.schedule: tuple[int | None, int | None, str, bool] | None = None
        self.version = 1
        self.intake: str | None = None
        timed = work.steps or work.expiring or work.preferred or work.max_wait is not None
        self.course = Course.of(work) if timed else None

    @property
    def key(self) -> tuple[int, int, int]:
        return (self.tier, self.score, self.arrival)

    @property
    def medium(self) -> str:
        return self.work.medium


class OfferRecord:
    """An offer that is out."""

    __slots__ = ("agent", "expires_us", "id", "item", "made_us", "sender", "transfer", "units")

    def __init__(
        self,
        id: str,
        item: ItemRecord,
        agent: AgentRecord,
        made_us: int,
        expires_us: int | None,
        units: int,
        transfer: str | None,
        sender: str | None,
    ) -> None:
        self.id = id
        self.item = item
        self.agent = agent
        self.made_us = made_us
        self.expires_us = expires_us
        self.units = units
        self.transfer = transfer
        self.sender = sender


class AssignmentRecord:
    """Work in an agent's hand, after-call work included."""

    __slots__ = ("agent", "at_us", "code", "id", "item", "limit_us", "note", "queue", "share", "units", "wrapping")

    def __init__(self, id: str, item: ItemRecord, agent: AgentRecord, at_us: int, units: int) -> None:
        self.id = id
        self.item = item
        self.agent = agent
        self.queue = item.queue
        self.at_us = at_us
        self.units = units
        self.share = 1.0
        self.wrapping = False
        self.code: str | None = None
        self.note = ""
        self.limit_us: int | None = None


class AgentRecord:
    """An agent: presence, room, offers and assignments, and where the matching index has them."""

    __slots__ = (
        "assignments",
        "declined",
        "facts",
        "gone_us",
        "handled_today",
        "id",
        "last_offered",
        "lease_us",
        "memberships",
        "misses",
        "offers",
        "orders",
        "plain_order",
        "presence",
        "room",
        "seat",
        "sequence",
        "since_us",
        "spec",
        "stamps",
        "standing",
        "supplies",
    )

    def __init__(self, spec: Agent, at: int) -> None:
        self.id = spec.id
        self.presence = Presence.OFFLINE
        self.since_us = at
        self.gone_us: int | None = None
        self.sequence = 0
        self.lease_us: int | None = None
        self.room = Room(spec.utilization)
        self.offers: dict[str, OfferRecord] = {}
        self.assignments: dict[str, AssignmentRecord] = {}
        self.declined: dict[str, None] = {}
        self.last_offered: dict[str, int] = {}
        self.handled_today = 0
        self.misses = 0
        self.seat: Supply | None = None
        self.standing = False
        self.supplies: dict[int, Supply] = {}
        self.stamps: tuple[tuple[Hashable, tuple[object, ...]], ...] = ()
        self.orders: tuple[tuple[Hashable, str, str, int | None], ...] = ()
        self.plain_order: Hashable = None
        self.spec = spec
        self.facts: dict[str, Fact] = {}
        self.memberships: dict[str, Membership] = {}


class QueueRecord:
    """A queue: its spec with durations in microseconds, who is a member, what waits.

    ``recent``, ``handled``, ``answered``: the last acceptances, handle times and times to answer.
    """

    __slots__ = (
        "alert_us",
        "announce_us",
        "answered",
        "classes",
        "delays",
        "family",
        "features",
        "handled",
        "id",
        "in_force",
        "in_turn",
        "items",
        "lane_place",
        "max_wait_us",
        "members",
        "offers_made",
        "open",
        "order",
        "plain",
        "quiet",
        "ranked",
        "recent",
        "retry_us",
        "ring_ends",
        "rings_us",
        "spec",
        "sweep_at",
        "timed",
        "weight_us",
    )

    def __init__(self, id: str) -> None:
        self.id = id
        self.open = True
        self.items: dict[str, ItemRecord] = {}
        self.members: dict[str, AgentRecord] = {}
        self.classes: dict[object, Demand] = {}
        self.plain: dict[object, Demand] = {}
        self.sweep_at = SWEEP_CLASSES
        self.in_force: dict[tuple[tuple[Requirement, ...], int], Requirement] = {}
        self.delays: tuple[int, ...] = ()
        self.ranked = False
        self.order: Hashable = "longest_idle"
        self.offers_made = 0
        self.recent: deque[int] = deque(maxlen=RECENT)
        self.handled: deque[int] = deque(maxlen=RECENT)
        self.answered: deque[int] = deque(maxlen=RECENT)
        self.quiet: dict[str, ItemRecord] = {}
        self.lane_place = 2
        self.family = 0

    def set_spec(self, spec: Queue) -> None:
        """Take over a new spec; what depends on members is set by the floor."""
        self.spec = spec
        self.in_turn = spec.selection == "round_robin"
        every = spec.messages.position_every if spec.messages.position is not None else None
        self.announce_us = None if every is None else max(micros(every), 1)
        self.alert_us = None if spec.alert_timeout is None else micros(spec.alert_timeout)
        self.retry_us = micros(spec.retry_delay)
        self.max_wait_us = None if spec.max_wait is None else micros(spec.max_wait)
        self.weight_us = micros(spec.priority_weight)
        self.rings_us = tuple(micros(ring.wait) for ring in spec.rings)
        self.ring_ends = tuple(accumulate(self.rings_us))
        self.timed = bool(spec.rings or spec.escalations or spec.max_wait is not None)
        self.classes = {}
        self.plain = {}
        self.in_force = {}
        self.features: dict[tuple[Requirement, int, bool], tuple[Hashable, ...]] = {}


class Demand:
    """A demand class: waiting items that the same agents may serve. Interned per queue, compared by identity.

    ``features``: what every agent who may serve this must have; narrow ones make the birth of a class cheap. ``used``:
    asked for again since empty classes were last forgotten.
    """

    __slots__ = (
        "delay_us",
        "excluded",
        "features",
        "kind",
        "level",
        "override",
        "preferred",
        "queue",
        "requirement",
        "ring",
        "test",
        "used",
    )

    def __init__(
        self,
        queue: QueueRecord,
        requirement: Requirement,
        kind: int,
        ring: int,
        delay_us: int,
        preferred: tuple[str, ...] | None,
        override: bool,
        excluded: frozenset[str],
    ) -> None:
        self.queue = queue
        # As it is now: other settings of the queue make new classes, and answers about the old ones stay true.
        self.level = queue.lane_place, queue.family
        self.requirement = requirement
        self.test = requirement.compile()
        self.kind = kind
        self.ring = ring
        self.delay_us = delay_us
        self.preferred = preferred
        self.override = override
        self.excluded = excluded
        self.used = False
        self.features = self._features()

    def _features(self) -> tuple[Hashable, ...]:
        """The narrowest come first: the index stops looking at the first that few have."""
        key = (self.requirement, self.kind, self.override)
        found = self.queue.features.get(key)
        if found is None:
            found = self.queue.features[key] = self._lasting_features()
        if self.preferred is not None and len(self.preferred) == 1:
            return (f"a:{self.preferred[0]}", *found)
        return found

    def _lasting_features(self) -> tuple[Hashable, ...]:
        """Those that do not depend on the phase, kept by the queue as long as its classes."""
        found: list[Hashable] = [self.kind]
        named = self.requirement.agents()
        if named is None:
            found.append(f"q:{self.queue.id}")
        elif len(named) == 1 and not self.override:
            found.extend(f"a:{agent}" for agent in named)
        if not self.override:
            found.extend(f"n:{name}" for name in sorted(self.requirement.needs()) if name != "agent")
        return tuple(found)


class Supply:
    """A supply class: an agent with the kinds of work that there is room for now (``mask``)."""

    __slots__ = ("agent", "features", "mask")

    def __init__(self, agent: AgentRecord, mask: int, features: tuple[Hashable, ...]) -> None:
        self.agent = agent
        self.mask = mask
        self.features = features
