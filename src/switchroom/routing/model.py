"""The specs of routing: agents and their memberships, work, requirement steps, rings. Frozen, validated once.

Queues, with all their settings, are in ``queue_model``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import attrs

from switchroom.durations import to_micros
from switchroom.errors import InvalidInput
from switchroom.ids import valid_id
from switchroom.routing.fields import (
    MAX_PRIORITY,
    Fact,
    Span,
    placed,
    short_repr,
    to_count,
    to_facts,
    to_id,
    to_ids,
    to_levels,
    to_optional_count,
    to_optional_id,
    to_optional_span,
    to_span,
    to_text,
    to_whole,
)
from switchroom.routing.requirements import Anyone, Requirement
from switchroom.routing.utilization import Utilization

if TYPE_CHECKING:
    from attrs import field as rare
    from attrs import frozen as light
else:
    # Freezing costs 60 ns a field, and work items are made for every piece of work. The type checkers see ``frozen``.
    def light(**options):
        return attrs.define(eq=True, order=False, unsafe_hash=False, weakref_slot=False, **options)

    # Calling converters for fields that most items leave alone costs more than all the rest. The type checkers see
    # what the constructor takes; ``__attrs_post_init__`` converts what is there.
    def rare(*, default, converter):
        return attrs.field(default=default)


ANYONE = Anyone()
NOTHING: Mapping[str, Fact] = {}
"""The attributes of an item that has none: shared, never written to."""
NONE: tuple[()] = ()
"""The one empty tuple: what is not it was given by the caller, and is looked at."""


class Presence:
    """The presences that the rules know. Any other id is a named reason and works like ``BREAK``."""

    OFFLINE = "offline"
    ON_QUEUE = "on_queue"
    AWAY = "away"
    BUSY = "busy"
    BREAK = "break"
    NOT_RESPONDING = "not_responding"
    RESTING = "resting"
    DRAINING = "draining"


ROLES = ("agent", "supervisor", "admin")


def to_requirement(value: Requirement | str | None) -> Requirement:
    return ANYONE if value is None else Requirement.of(value)


def _to_order(value: int | None) -> int | None:
    return None if value is None else to_whole(value)


@attrs.frozen(kw_only=True, field_transformer=placed("membership"))
class Membership:
    """An agent's place in a queue.

    ``rank`` orders the queues of one agent, smaller first. ``order`` orders the agents of the queue, smaller first,
    before the choice by selection (None: by their ranks). ``delay``: the queue's items are offered to this agent only
    once they are that old. ``ring``: the ring of the queue in which the agent joins the candidates.
    """

    queue: str = attrs.field(kw_only=False, converter=to_id)
    rank: int = attrs.field(default=1, converter=to_whole)
    delay: timedelta = attrs.field(default=timedelta(0), converter=to_span)
    ring: int = attrs.field(default=1, converter=to_count)
    order: int | None = attrs.field(default=None, converter=_to_order)

    __repr__ = short_repr

    @property
    def place(self) -> int:
        """Where the agent stands among those of the queue, smaller first."""
        return self.rank if self.order is None else self.order


MembershipLike: TypeAlias = "Membership | str"


def to_memberships(value: Iterable[Membership | str]) -> tuple[Membership, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidInput("queues", "not_list", value, hint="a list of queues is wanted, not one text")
    found: dict[str, Membership] = {}
    for one in value:
        membership = one if isinstance(one, Membership) else Membership(one)
        if membership.queue in found:
            raise InvalidInput("queues", "duplicate", membership.queue, hint="named twice")
        found[membership.queue] = membership
    return tuple(found[queue] for queue in sorted(found))


def to_role(value: str) -> str:
    if value not in ROLES:
        raise InvalidInput("role", "unknown", value, hint=f"one of {', '.join(ROLES)}")
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("agent"))
class Agent:
    """Somebody, or a bot, who handles work.

    ``skills`` map a name to a level (0-5 by convention), ``attributes`` a name to text, number, boolean or set of
    texts; requirements look in the skills first. ``queues`` are ids or ``Membership`` values. ``max_offers`` bounds
    the offers out to the agent at once (None: as many as there is room for). ``auto_answer`` None: as the queue says.
    ``wrap_up``: after-call work of this length at most after every item, whatever the queue says. ``max_misses``: after
    so many offers in a row that ran out the agent does not respond, in queues that let agents stay otherwise;
    ``rest_after_miss``, ``rest_after_decline``: no offers for so long, then on queue again.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    skills: Mapping[str, float] = attrs.field(factory=dict[str, float], converter=to_levels)
    attributes: Mapping[str, Fact] = attrs.field(factory=dict[str, Fact], converter=to_facts)
    queues: tuple[Membership, ...] = attrs.field(default=(), converter=to_memberships)
    utilization: Utilization = attrs.field(factory=Utilization)
    name: str = attrs.field(default="", converter=to_text, repr=False)
    division: str = attrs.field(default="default", converter=to_id)
    team: str | None = attrs.field(default=None, converter=to_optional_id)
    role: str = attrs.field(default="agent", converter=to_role)
    max_offers: int | None = attrs.field(default=None, converter=to_optional_count)
    wrap_up: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    max_misses: int | None = attrs.field(default=None, converter=to_optional_count)
    rest_after_miss: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    rest_after_decline: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    auto_answer: bool | None = None

    __repr__ = short_repr

    def facts(self) -> dict[str, Fact]:
        """What requirements are evaluated against: attributes, overlaid by skills, and ``agent``, the id."""
        return {**self.attributes, **self.skills, "agent": self.id}


@attrs.frozen(kw_only=True, field_transformer=placed("team"))
class Team:
    """A named group of agents with a supervisor (an agent's id)."""

    id: str = attrs.field(kw_only=False, converter=to_id)
    supervisor: str | None = attrs.field(default=None, converter=to_optional_id)


@attrs.frozen(kw_only=True, field_transformer=placed("step"))
class Step:
    """One stage of a relaxing requirement. ``duration`` None: it stays (only the last step may say so)."""

    requirement: Requirement = attrs.field(kw_only=False, converter=to_requirement)
    duration: timedelta | None = attrs.field(kw_only=False, default=None, converter=to_optional_span)


@attrs.frozen(kw_only=True, field_transformer=placed("expiring"))
class Expiring:
    """A requirement that holds besides the steps, for ``ttl`` from entering the queue; ``expedite`` puts the item
    before everything of its queue as long as it holds."""

    requirement: Requirement = attrs.field(kw_only=False, converter=to_requirement)
    ttl: timedelta = attrs.field(kw_only=False, converter=to_span)
    expedite: bool = False


@attrs.frozen(kw_only=True, field_transformer=placed("preferred"))
class Preferred:
    """Agents to be tried alone for ``wait``; whether that wait is skipped when none of them is signed in at entry, and
    whether preference overrides the skill requirement. Scores (0-100) belong to ``scored`` selection."""

    agents: tuple[str, ...] = attrs.field(kw_only=False, converter=to_ids)
    wait: timedelta = attrs.field(default=timedelta(seconds=30), converter=to_span)
    skip_if_absent: bool = True
    override: bool = False
    expedite: bool = False


def to_steps(value: Iterable[Step | Requirement | str]) -> tuple[Step, ...]:
    if isinstance(value, str):
        raise InvalidInput("steps", "not_list", value, hint="a list of steps is wanted, not one text")
    return tuple(step if isinstance(step, Step) else Step(step) for step in value)


def to_expiring(value: Iterable[Expiring]) -> tuple[Expiring, ...]:
    found = tuple(value)
    for one in found:
        if not isinstance(one, Expiring):
            raise InvalidInput("item.expiring", "type", one, hint="Expiring values are wanted")
    return found


def to_scores(value: Mapping[str, float] | None) -> Mapping[str, float] | None:
    """Agent to score, 0 to 100."""
    if value is None:
        return None
    for agent, score in value.items():
        if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 100:
            raise InvalidInput(f"item.scores.{agent}", "range", score, hint="a score between 0 and 100")
    return dict(value)


def to_links(value: Iterable[str]) -> tuple[str, ...]:
    """Addresses of documents, as they are."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidInput("links", "not_list", value, hint="a list of addresses is wanted, not one text")
    return tuple(dict.fromkeys(to_text(link) for link in value))


AFTER_STEPS = ("any_member", "escalate", "cancel", "time_out")
COMMON_MEDIA = ("voice", "chat", "email", "message", "workitem", "callback")
"""Media that need no look at their spelling; any other id is a medium too."""


@light(slots=True, kw_only=True)
class WorkItem:
    """A piece of work to be routed: a message, a call, an e-mail, a task.

    ``queue``: where it waits (None: the intake rules decide). ``priority``: higher is sooner. ``requirement`` holds
    always; ``steps`` relax over time, and ``after_steps`` says what follows the last one if that has a duration
    (any_member, escalate, cancel, time_out). ``expiring``: single requirements with a time to live. ``preferred``:
    agents to be tried first; ``scores``: agent -> 0-100 for ``scored`` selection. ``entered``: an earlier time of
    entry (back-dating). ``at``: not before this instant (deferral). ``when_quiet``: held until the queue has at most
    this many items waiting. ``max_wait`` overrides the queue's. ``cost`` overrides the medium's cost. ``labels`` are
    counted against the agents' limits by label. ``position``: a wish within its own priority, 1-based.
    ``attributes`` serve intake rules and context. Personal data belongs into ``contact`` by id, not into attributes.
    ``target``: put into a registered target such as ``workbin:claims`` instead of a queue.

    ``worktype``: what kind of work it is, which brings validation, statuses and a service level. ``source`` and
    ``external_id``: where it came from and what it is called there; the same pair again is the same work. ``links``:
    addresses of documents. ``journey``: what conversations and work of one matter have in common; a conversation's id
    is the journey that it begins. These are kept with the work, and routing does not look at them.
    """

    id: str | None = attrs.field(default=None, kw_only=False)
    queue: str | None = None
    medium: str = "workitem"
    channel: str | None = None
    requirement: Requirement = rare(default=ANYONE, converter=to_requirement)
    priority: int = 0
    attributes: Mapping[str, Fact] = rare(default=NOTHING, converter=to_facts)
    contact: str | None = None
    steps: tuple[Step, ...] = rare(default=(), converter=to_steps)
    after_steps: str = "any_member"
    expiring: tuple[Expiring, ...] = rare(default=(), converter=to_expiring)
    preferred: Preferred | None = None
    scores: Mapping[str, float] | None = rare(default=None, converter=to_scores)
    due: datetime | None = None
    entered: datetime | None = None
    at: datetime | None = None
    when_quiet: int | None = None
    max_wait: timedelta | None = rare(default=None, converter=to_optional_span)
    cost: int | None = None
    labels: tuple[str, ...] = rare(default=(), converter=to_ids)
    position: int | None = None
    parked: bool = False
    exclude: tuple[str, ...] = rare(default=(), converter=to_ids)
    division: str = "default"
    target: str | None = None
    worktype: str | None = None
    source: str | None = None
    external_id: str | None = None
    links: tuple[str, ...] = rare(default=(), converter=to_links)
    journey: str | None = None

    __repr__ = short_repr

    def __attrs_post_init__(self) -> None:
        """Checks what is there; the usual item has few fields set, and pays for those only."""
        if self.id is not None:
            valid_id(self.id, "item.id")
        priority = self.priority
        if type(priority) is not int or not -MAX_PRIORITY <= priority <= MAX_PRIORITY:
            raise InvalidInput("item.priority", "range", priority, hint="a whole number up to a million")
        if self.medium not in COMMON_MEDIA:
            valid_id(self.medium, "item.medium")
        for field, name in (("channel", self.channel), ("contact", self.contact), ("division", self.division)):
            if name is not None and name != "default":
                valid_id(name, f"item.{field}")
        if self.attributes is not NOTHING:
            object.__setattr__(self, "attributes", to_facts(self.attributes))
        if self.requirement is not ANYONE:
            object.__setattr__(self, "requirement", to_requirement(self.requirement))
        if self.channel is not None or self.contact is not None or self.division != "default":
            _check_names(self)
        if (
            self.steps is not NONE
            or self.labels is not NONE
            or self.exclude is not NONE
            or self.expiring is not NONE
            or self.preferred is not None
            or self.scores is not None
            or self.max_wait is not None
            or self.cost is not None
            or self.position is not None
            or self.when_quiet is not None
            or self.after_steps != "any_member"
        ):
            _check_rare(self)
        if (
            self.worktype is not None
            or self.target is not None
            or self.source is not None
            or self.external_id is not None
            or self.links is not NONE
            or self.journey is not None
        ):
            _check_work(self)
        if self.due is not None or self.entered is not None or self.at is not None:
            _check_instants(self)


def _check_work(item: WorkItem) -> None:
    """The checks of what a worktype brings."""
    for field, name in (("worktype", item.worktype), ("source", item.source), ("journey", item.journey)):
        if name is not None:
            valid_id(name, f"item.{field}")
    for text in (item.target, item.external_id):
        if text is not None:
            to_text(text)
    if item.external_id is not None and item.source is None:
        raise InvalidInput("item.source", "missing", item.external_id, hint="an external id goes with its source")
    if item.target is not None and (item.queue is not None or item.parked or item.at is not None):
        raise InvalidInput("item.target", "one_of", item.target, hint="a target goes without queue, parked and at")
    object.__setattr__(item, "links", to_links(item.links))


def _check_names(item: WorkItem) -> None:
    for field, text in (("channel", item.channel), ("contact", item.contact)):
        if text is not None and not isinstance(text, str):
            raise InvalidInput(f"item.{field}", "not_text", text, hint="text is wanted")
    valid_id(item.division, "item.division")


def _check_instants(item: WorkItem) -> None:
    for field, instant in (("due", item.due), ("entered", item.entered), ("at", item.at)):
        if instant is not None:
            to_micros(instant, field=f"item.{field}")
            if not isinstance(instant, datetime):
                raise InvalidInput(f"item.{field}", "type", instant, hint="a datetime is wanted")


def _check_rare(item: WorkItem) -> None:
    """The checks of the fields that most items leave alone."""
    put = object.__setattr__
    steps = to_steps(item.steps)
    if any(step.duration is None for step in steps[:-1]):
        raise InvalidInput("item.steps", "no_duration", hint="only the last step may be without a duration")
    put(item, "steps", steps)
    put(item, "labels", tuple(sorted(to_ids(item.labels))))
    put(item, "exclude", to_ids(item.exclude))
    put(item, "expiring", to_expiring(item.expiring))
    put(item, "scores", to_scores(item.scores))
    if item.preferred is not None and not isinstance(item.preferred, Preferred):
        raise InvalidInput("item.preferred", "type", item.preferred, hint="a Preferred value is wanted")
    if item.after_steps not in AFTER_STEPS:
        raise InvalidInput("item.after_steps", "unknown", item.after_steps, hint=f"one of {', '.join(AFTER_STEPS)}")
    if item.max_wait is not None:
        put(item, "max_wait", to_span(item.max_wait))
    for field, value, least in (
        ("cost", item.cost, 0),
        ("position", item.position, 1),
        ("when_quiet", item.when_quiet, 0),
    ):
        if value is not None and (type(value) is not int or not least <= value <= MAX_PRIORITY):
            raise InvalidInput(f"item.{field}", "range", value, hint=f"a whole number of at least {least}")


SpanLike: TypeAlias = Span
