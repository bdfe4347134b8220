"""The spec of a queue: everything that a queue may say about its work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.escalation_model import Escalation
from switchroom.routing.fields import (
    placed,
    short_repr,
    to_count,
    to_id,
    to_id_set,
    to_ids,
    to_levels,
    to_optional_count,
    to_optional_id,
    to_optional_span,
    to_score,
    to_share,
    to_span,
    to_text,
)
from switchroom.routing.hours import OpeningHours
from switchroom.routing.model import Presence, to_requirement
from switchroom.routing.requirements import Requirement

AFTER_CALL_MODES = ("none", "optional", "mandatory", "timed", "forced")
ORDERINGS = ("aging", "strict", "deadline", "oldest", "newest")
SELECTIONS = (
    "longest_idle",
    "round_robin",
    "least_loaded",
    "most_available",
    "best_skilled",
    "scored",
    "fewest_today",
)
FUNCTION = "function:"
"""Prefix of an ordering or selection of the embedder's, by the name under which it was registered."""


def _to_mode(value: str) -> str:
    if value not in AFTER_CALL_MODES:
        raise InvalidInput("mode", "unknown", value, hint=f"one of {', '.join(AFTER_CALL_MODES)}")
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("after_call_work"))
class AfterCallWork:
    """What follows the end of the work itself.

    ``none``: the agent is free at completion. ``optional``: only if the agent asks for it. ``mandatory``: until the
    agent ends it. ``timed``: ends by itself after ``limit``, not before. ``forced``: until the agent ends it, at the
    latest after ``limit``. ``hold`` is the share of the item's room that it takes (1: all of it).
    """

    mode: str = attrs.field(default="none", converter=_to_mode, kw_only=False)
    limit: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    hold: float = attrs.field(default=1.0, converter=to_share)

    def __attrs_post_init__(self) -> None:
        if self.mode in ("timed", "forced") and self.limit is None:
            raise InvalidInput("after_call_work.limit", "missing", hint=f"mode {self.mode} needs a limit")


@attrs.frozen(kw_only=True, field_transformer=placed("ring"))
class Ring:
    """Candidates widen ring by ring: after ``wait`` in this ring the next one opens, and the skills in ``drop`` are
    no longer asked for."""

    wait: timedelta = attrs.field(kw_only=False, converter=to_span)
    drop: frozenset[str] = attrs.field(default=frozenset(), converter=to_id_set)


@attrs.frozen(kw_only=True, field_transformer=placed("service_level"))
class ServiceLevel:
    """The target: ``share`` of the items answered ``within`` so long."""

    share: float = attrs.field(default=0.8, converter=to_share)
    within: timedelta = attrs.field(default=timedelta(seconds=20), converter=to_span)


@attrs.frozen(kw_only=True, field_transformer=placed("messages"))
class QueueMessages:
    """Names of texts or announcements that the embedder plays: on entry, outside hours, and with the position."""

    greeting: str | None = None
    away: str | None = None
    position: str | None = None
    position_every: timedelta | None = attrs.field(default=None, converter=to_optional_span)


def _to_ordering(value: str) -> str:
    return _one_of(value, ORDERINGS, "ordering")


def _to_selection(value: str) -> str:
    return _one_of(value, SELECTIONS, "selection")


def _one_of(value: str, known: tuple[str, ...], what: str) -> str:
    if value not in known and not (isinstance(value, str) and value.startswith(FUNCTION)):
        raise InvalidInput(what, "unknown", value, hint=f"one of {', '.join(known)}, or {FUNCTION}NAME")
    return value


def _to_rings(value: Iterable[Ring]) -> tuple[Ring, ...]:
    return tuple(value)


def _to_escalations(value: Iterable[Escalation]) -> tuple[Escalation, ...]:
    return tuple(value)


def _to_leave_rule(value: str) -> str:
    if value not in ("keep", "requeue"):
        raise InvalidInput("rule", "unknown", value, hint="keep or requeue")
    return value


def _to_close_rule(value: str) -> str:
    if value not in ("stay", "leave", "overflow"):
        raise InvalidInput("rule", "unknown", value, hint="stay, leave or overflow")
    return value


def _to_hours_rule(value: str) -> str:
    if value not in ("wait", "refuse", "overflow"):
        raise InvalidInput("rule", "unknown", value, hint="wait, refuse or overflow")
    return value


ON_EXPIRY_STAY = "stay"

MIN_ALERT = timedelta(milliseconds=100)
"""Offers that expire sooner cannot be answered, and would be made again and again as fast as time can be counted."""


@attrs.frozen(kw_only=True, field_transformer=placed("queue"))
class Queue:
    """A queue: where work waits, in which order, for whom, and what happens when it waits too long.

    *Order*: ``ordering`` (aging, strict, deadline, oldest, newest or ``function:NAME``); ``priority_weight``: the
    waiting time that one point of priority is worth under aging. *Choice*: ``selection``; ``score_threshold`` for
    ``scored``; ``skill_weights`` and ``average_skills`` for ``best_skilled``; ``protect_scarce``: among equals prefer
    the agent whose skills others need least. *Requirement*: ``requirement`` is added to each item's own; ``rings``.
    *Offers*: ``alert_timeout`` (None: an offer stays until answered); ``on_expiry``: ``not_responding``, ``stay`` or
    a named presence; ``offers_per_item``; ``auto_answer``; ``retry_delay`` before those who let it expire are tried
    again; ``decline_retry`` before those who declined are (None: when they come on queue again); ``offer_pause``: after
    its last offer was declined or ran out, an item is offered to nobody for so long.
    *After*: ``after_call_work``, ``wrap_up_codes``, ``wrap_up_required``; ``on_leave``: what becomes of work in hand
    when its agent leaves the queue (``keep`` or ``requeue``, after ``on_leave_wait``). *Limits*: ``limit`` of waiting
    items, ``overflow`` queue, ``max_wait`` (with ``finish_offers`` an offer that is out is waited for); while no member
    is signed in new work is refused or overflows (``join_when_empty`` False), and waiting work ends as timed out when
    the last one signs off (``leave_when_empty``). *Hours*: ``hours``, ``outside_hours`` (new work: wait, refuse,
    overflow), ``on_close`` (waiting work: stay, leave, overflow), ``enabled``. *Target*: ``service_level``.
    ``escalations``:
    rules, each firing once per stay. ``messages``: names of texts. ``transfer_keeps_entered``: transferred work keeps
    its clock. ``wake_over_capacity``: a conversation that wakes while its agent is full goes over capacity (True) or
    back to the queue.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    name: str = attrs.field(default="", converter=to_text)
    division: str = attrs.field(default="default", converter=to_id)
    ordering: str = attrs.field(default="aging", converter=_to_ordering)
    priority_weight: timedelta = attrs.field(default=timedelta(seconds=60), converter=to_span)
    selection: str = attrs.field(default="longest_idle", converter=_to_selection)
    score_threshold: float = attrs.field(default=0.0, converter=to_score)
    skill_weights: Mapping[str, float] = attrs.field(factory=dict[str, float], converter=to_levels)
    average_skills: bool = False
    protect_scarce: bool = False
    requirement: Requirement = attrs.field(default=None, converter=to_requirement)
    rings: tuple[Ring, ...] = attrs.field(default=(), converter=_to_rings)
    alert_timeout: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    on_expiry: str = attrs.field(default=Presence.NOT_RESPONDING, converter=to_id)
    offers_per_item: int = attrs.field(default=1, converter=to_count)
    auto_answer: bool = False
    retry_delay: timedelta = attrs.field(default=timedelta(0), converter=to_span)
    offer_pause: timedelta = attrs.field(default=timedelta(0), converter=to_span)
    decline_retry: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    after_call_work: AfterCallWork = AfterCallWork()
    wrap_up_codes: tuple[str, ...] = attrs.field(default=(), converter=to_ids)
    wrap_up_required: bool = False
    on_leave: str = attrs.field(default="keep", converter=_to_leave_rule)
    on_leave_wait: timedelta = attrs.field(default=timedelta(0), converter=to_span)
    limit: int | None = attrs.field(default=None, converter=to_optional_count)
    overflow: str | None = attrs.field(default=None, converter=to_optional_id)
    max_wait: timedelta | None = attrs.field(default=None, converter=to_optional_span)
    finish_offers: bool = False
    join_when_empty: bool = True
    leave_when_empty: bool = False
    hours: OpeningHours | None = None
    outside_hours: str = attrs.field(default="wait", converter=_to_hours_rule)
    on_close: str = attrs.field(default="stay", converter=_to_close_rule)
    enabled: bool = True
    service_level: ServiceLevel | None = None
    escalations: tuple[Escalation, ...] = attrs.field(default=(), converter=_to_escalations)
    messages: QueueMessages = QueueMessages()
    transfer_keeps_entered: bool = False
    wake_over_capacity: bool = True

    __repr__ = short_repr

    def __attrs_post_init__(self) -> None:
        if self.alert_timeout is not None and self.alert_timeout < MIN_ALERT:
            raise InvalidInput("queue.alert_timeout", "range", self.alert_timeout, hint=f"at least {MIN_ALERT}")
        if self.overflow == self.id:
            raise InvalidInput("queue.overflow", "cycle", self.id, hint="a queue cannot overflow into itself")
        if "overflow" in (self.on_close, self.outside_hours) and self.overflow is None:
            raise InvalidInput("queue.overflow", "missing", hint="a rule says overflow, but no overflow queue is named")
        if self.wrap_up_required and not self.wrap_up_codes:
            raise InvalidInput("queue.wrap_up_codes", "missing", hint="codes are required, but none is given")
