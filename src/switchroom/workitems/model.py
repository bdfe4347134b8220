"""What a kind of work is: its attributes, its statuses, when it is due, and the specs of calendars and workbins.

Frozen, validated once. The service level is in ``sla_model``, sources and their rules in ``source_model``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import attrs

from switchroom.errors import InvalidInput
from switchroom.messaging import templates
from switchroom.routing.fields import (
    placed,
    short_repr,
    to_amount,
    to_id,
    to_optional_id,
    to_optional_span,
    to_share,
    to_span,
    to_text,
    to_whole,
    valid_name,
)
from switchroom.routing.hours import OpeningHours, wall_instant, zone_named
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.sla_model import Sla

OPEN, IN_PROGRESS, WAITING, CLOSED = "open", "in_progress", "waiting", "closed"
CATEGORIES = (OPEN, IN_PROGRESS, WAITING, CLOSED)

OWN_FIELDS = frozenset({
    *("worktype", "status", "category", "priority", "overdue", "division", "source", "contact", "agent", "code"),
    *("event", "id", "external_id", "queue", "workbin", "due", "links", "journey"),
})  # fmt: skip
"""What work has by itself: no attribute has one of these names, so that in filters, rules and files each means one
thing."""

MAX_STATUSES = 100
"""Statuses of a worktype: more are no process that anybody could follow."""


@attrs.frozen(kw_only=True, field_transformer=placed("calendar"))
class Calendar:
    """Working hours under a name, for service levels and rules that count working time."""

    id: str = attrs.field(kw_only=False, converter=to_id)
    hours: OpeningHours


def _to_wall_time(value: str | None) -> str | None:
    if value is not None:
        wall_instant("2026-01-05", value, "UTC")
    return value


def _to_zone(value: str) -> str:
    return zone_named(value).key


@attrs.frozen(kw_only=True, field_transformer=placed("time_rule"))
class TimeRule:
    """An instant, counted from another one.

    ``after``: so much later; with a ``calendar``, so much of its open time. ``at``: when the clocks of ``zone`` (with a
    calendar: of its zone) next show this time (``"17:00"``), ``days`` days later, or working days of the calendar.
    Exactly one of ``after`` and ``at`` is given.
    """

    after: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    at: str | None = attrs.field(default=None, converter=_to_wall_time)
    days: int = attrs.field(default=0, converter=to_amount)
    calendar: str | None = attrs.field(default=None, converter=to_optional_id)
    zone: str = attrs.field(default="UTC", converter=_to_zone)

    def __attrs_post_init__(self) -> None:
        if (self.after is None) == (self.at is None):
            raise InvalidInput("time_rule.after", "one_of", hint="exactly one of after and at is wanted")
        if self.days and self.at is None:
            raise InvalidInput("time_rule.days", "without_at", self.days, hint="days go with at")


@attrs.frozen(kw_only=True, field_transformer=placed("automatic"))
class Automatic(TimeRule):
    """Work that stays in a status until an instant goes to the status ``to`` by itself."""

    to: str = attrs.field(converter=to_id)


def _to_category(value: str) -> str:
    if value not in CATEGORIES:
        raise InvalidInput("category", "unknown", value, hint=f"one of {', '.join(CATEGORIES)}")
    return value


def _to_next(value: Iterable[str] | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        raise InvalidInput("next", "not_list", value, hint="a list of statuses is wanted, not one text")
    return tuple(dict.fromkeys(to_id(one) for one in value))


def _to_automatic(value: Iterable[Automatic]) -> tuple[Automatic, ...]:
    return tuple(value)


def _to_wake(value: str) -> str:
    if value not in ("agent", "queue"):
        raise InvalidInput("wake", "unknown", value, hint="agent or queue")
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("status"))
class Status:
    """A status of a worktype.

    ``category``: open, in_progress, waiting or closed. ``next``: the statuses that may follow (None: every other one).
    ``room``: the share of its room that the work takes of the agent who has it, 1 to 0. ``wake``: where work goes that
    takes more room than its agent has left when it comes out of this status: the agent all the same, or the queue.
    ``clock``: whether the service level's clock runs (None: unless waiting or closed). ``automatic``: where it goes by
    itself.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    category: str = attrs.field(converter=_to_category)
    next: tuple[str, ...] | None = attrs.field(default=None, converter=_to_next)
    room: float = attrs.field(default=1.0, converter=to_share)
    wake: str = attrs.field(default="agent", converter=_to_wake)
    clock: bool | None = None
    automatic: tuple[Automatic, ...] = attrs.field(default=(), converter=_to_automatic)

    @property
    def runs(self) -> bool:
        """Whether the clock of the service level runs."""
        return self.category in (OPEN, IN_PROGRESS) if self.clock is None else self.clock and self.category != CLOSED


DEFAULT_STATUSES = (
    Status("open", category=OPEN),
    Status("in_progress", category=IN_PROGRESS),
    Status("waiting", category=WAITING, room=0.0),
    Status("done", category=CLOSED, next=["open"]),
    Status("cancelled", category=CLOSED, next=["open"]),
    Status("expired", category=CLOSED, next=["open"]),
)


def _to_statuses(value: Iterable[Status]) -> tuple[Status, ...]:
    found = tuple(value)
    if len(found) > MAX_STATUSES:
        raise InvalidInput("statuses", "too_many", len(found), hint=f"at most {MAX_STATUSES}")
    return found


def to_template(value: str) -> str:
    """A text with places for values, such as ``${code}``."""
    templates.names(to_text(value))
    return value


def _to_attributes(value: Iterable[Attribute | str]) -> tuple[Attribute, ...]:
    return tuple(one if isinstance(one, Attribute) else Attribute(one) for one in value)


def _to_codes(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise InvalidInput("wrap_up_codes", "not_list", value, hint="a list of codes is wanted, not one text")
    return tuple(dict.fromkeys(valid_name(one) for one in value))


@attrs.frozen(kw_only=True, field_transformer=placed("worktype"))
class Worktype:
    """A kind of work.

    ``attributes``: what it carries; others are refused unless ``extras``. ``queue`` or ``workbin``: where it goes if
    the item does not say (neither: the intake rules decide); ``distribution``: the queue is chosen by shares.
    ``requirement``, ``priority``: for items that have none of their own. ``due``, ``expires``: by rule, counted from
    submission; what has expired is closed. ``sla``: the service level. ``statuses``: the first of each category is the
    one that work enters by itself; cancelled and expired work enters the closed status of that name, else the last.
    ``wrap_up_codes``: what may be said at completion, or must be (``wrap_up_required``). ``reopen_for``: closed work
    stays in memory for so long, can be reopened, and answers to its external id. ``outcome_text``: sent to the
    customer's conversation at completion, with ``${code}``, ``${work}`` and the attributes filled in.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    attributes: tuple[Attribute, ...] = attrs.field(default=(), converter=_to_attributes)
    extras: bool = False
    queue: str | None = attrs.field(default=None, converter=to_optional_id)
    workbin: str | None = attrs.field(default=None, converter=to_optional_id)
    distribution: str | None = attrs.field(default=None, converter=to_optional_id)
    requirement: Requirement = attrs.field(default=None, converter=to_requirement)
    priority: int = attrs.field(default=0, converter=to_whole)
    medium: str = attrs.field(default="workitem", converter=to_id)
    due: TimeRule | None = None
    expires: TimeRule | None = None
    sla: Sla | None = None
    statuses: tuple[Status, ...] = attrs.field(default=DEFAULT_STATUSES, converter=_to_statuses)
    wrap_up_codes: tuple[str, ...] = attrs.field(default=(), converter=_to_codes)
    wrap_up_required: bool = False
    reopen_for: timedelta = attrs.field(default=timedelta(days=30), converter=to_span)
    outcome_text: str = attrs.field(default="", converter=to_template)
    indexed: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False, default=())
    _by_id: Mapping[str, Status] = attrs.field(init=False, eq=False, repr=False, factory=dict[str, Status])
    _by_name: Mapping[str, Attribute] = attrs.field(init=False, eq=False, repr=False, factory=dict[str, Attribute])

    __repr__ = short_repr

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_by_id", _unique("statuses", {s.id: s for s in self.statuses}, self.statuses))
        named = {a.name: a for a in self.attributes}
        object.__setattr__(self, "_by_name", _unique("attributes", named, self.attributes))
        for name in named:
            if name in OWN_FIELDS:
                raise InvalidInput("worktype.attributes", "reserved", name, hint="work has a field of this name")
        object.__setattr__(self, "indexed", tuple(a.name for a in self.attributes if a.indexed))
        for category in (OPEN, IN_PROGRESS, CLOSED):
            if not any(s.category == category for s in self.statuses):
                raise InvalidInput("worktype.statuses", "missing", category, hint=f"no status is {category}")
        for status in self.statuses:
            self._check_status(status)
        if self.wrap_up_required and not self.wrap_up_codes:
            raise InvalidInput("worktype.wrap_up_codes", "missing", hint="codes are required, and there are none")
        if sum(place is not None for place in (self.queue, self.workbin, self.distribution)) > 1:
            raise InvalidInput("worktype.queue", "one_of", hint="one of queue, workbin and distribution at most")

    def _check_status(self, status: Status) -> None:
        for to in (*(status.next or ()), *(rule.to for rule in status.automatic)):
            if to not in self._by_id:
                raise InvalidInput(f"worktype.statuses.{status.id}", "unknown", to, hint="no such status")
        for rule in status.automatic:
            if rule.to == status.id or not self.allows(status.id, rule.to):
                raise InvalidInput(f"worktype.statuses.{status.id}", "automatic", rule.to, hint="may not follow")
            if status.category == CLOSED and self._by_id[rule.to].category != CLOSED:
                raise InvalidInput(
                    f"worktype.statuses.{status.id}", "automatic", rule.to, hint="work does not reopen by itself"
                )

    def status(self, id: str) -> Status | None:
        """The status of this name, or None."""
        return self._by_id.get(id)

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of this name, or None."""
        return self._by_name.get(name)

    def allows(self, status: str, to: str) -> bool:
        """Whether one status may follow another."""
        following = self._by_id[status].next
        return to != status and (following is None or to in following)

    def following(self, status: str) -> tuple[str, ...]:
        """The statuses that may follow this one."""
        return tuple(s.id for s in self.statuses if self.allows(status, s.id))

    def first(self, category: str) -> Status:
        """The status that work enters by itself in this category; KeyError if there is none."""
        for status in self.statuses:
            if status.category == category:
                return status
        raise KeyError(category)

    def closed_as(self, outcome: str) -> Status:
        """The closed status for an outcome: the one of its name, else the first for ``completed``, else the last."""
        named = self._by_id.get(outcome)
        if named is not None and named.category == CLOSED:
            return named
        closed = [status for status in self.statuses if status.category == CLOSED]
        return closed[0] if outcome == "completed" else closed[-1]


def _unique(field: str, named: Mapping[str, object], every: tuple[object, ...]) -> Mapping[str, object]:
    if len(named) != len(every):
        raise InvalidInput(f"worktype.{field}", "duplicate", hint="a name is there twice")
    return named


def _to_optional_requirement(value: Requirement | str | None) -> Requirement | None:
    return None if value is None else to_requirement(value)


@attrs.frozen(kw_only=True, field_transformer=placed("workbin"))
class Workbin:
    """A shelf of work that people browse and take from.

    ``see`` and ``claim``: who may look and who may take, as requirements over an agent's skills and attributes and over
    ``agent``, ``team``, ``role`` and ``division``; ``claim`` None: whoever may look. Administrators may do both.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    see: Requirement = attrs.field(default=None, converter=to_requirement)
    claim: Requirement | None = attrs.field(default=None, converter=_to_optional_requirement)

    def __attrs_post_init__(self) -> None:
        if ":" in self.id or self.id == "supervisor":
            raise InvalidInput(
                "workbin.id", "reserved", self.id, hint="agent:ID, team:ID and supervisor are made as needed"
            )
