"""The rows of the views. Durations are timedeltas; a share is from 0 to 1; None: there is nothing to compute it from.

Every row begins with what it is grouped by: ``start`` of its interval, then names. Those not grouped by are None.
The page on metrics has the formula of each column.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs


@attrs.frozen(kw_only=True)
class QueueRow:
    """How a queue did. ``offered`` + those waiting before = ``answered`` + ``abandoned`` + ``timed_out`` +
    ``cancelled`` + ``moved`` + ``waiting``."""

    start: datetime | None = None
    queue: str | None = None
    medium: str | None = None
    channel: str | None = None
    division: str | None = None
    offered: int
    answered: int
    abandoned: int
    timed_out: int
    cancelled: int
    moved: int
    waiting: int
    overflowed: int
    mean_wait: timedelta | None
    max_wait: timedelta | None
    mean_lost_wait: timedelta | None
    service_level: float | None
    service_level_without_abandoned: float | None
    service_level_without_short: float | None
    service_level_short_met: float | None
    target_share: float | None
    target_within: timedelta | None
    short_abandoned: int
    handled: int
    mean_handle: timedelta | None
    mean_talk: timedelta | None
    mean_after_call: timedelta | None
    transferred: int
    escalated: int
    reopened: int
    reopen_rate: float | None
    first_contact: float | None


@attrs.frozen(kw_only=True)
class AgentRow:
    """How an agent did. ``offered`` + those out before = ``accepted`` + ``declined`` + ``missed`` + ``revoked`` +
    ``offers_out``; ``accepted`` + ``assigned`` + those in hand before = ``handled`` + ``handed_on`` + ``in_hand``.
    Times of the day (``staffed``, ``busy`` and what is made of them) are None where only some of the work is asked
    about."""

    start: datetime | None = None
    agent: str | None = None
    team: str | None = None
    division: str | None = None
    queue: str | None = None
    medium: str | None = None
    channel: str | None = None
    offered: int
    accepted: int
    declined: int
    missed: int
    revoked: int
    offers_out: int
    assigned: int
    handled: int
    handed_on: int
    in_hand: int
    mean_handle: timedelta | None
    mean_talk: timedelta | None
    mean_after_call: timedelta | None
    transfers_blind: int
    transfers_consult: int
    transfers_queue: int
    transfers_target: int
    staffed: timedelta | None
    busy: timedelta | None
    occupancy: float | None
    concurrency: float | None
    most_at_once: int | None


@attrs.frozen(kw_only=True)
class WrapUpRow:
    """Work that ended with a wrap-up code; an empty code: completed without one. ``share``: of all of its group."""

    start: datetime | None = None
    queue: str | None = None
    medium: str | None = None
    channel: str | None = None
    division: str | None = None
    agent: str | None = None
    team: str | None = None
    code: str
    ended: int
    share: float | None
    mean_handle: timedelta | None
    mean_talk: timedelta | None
    mean_after_call: timedelta | None


@attrs.frozen(kw_only=True)
class TransferRow:
    """Transfers of one kind: ``blind`` and ``consult`` to an agent, to a ``queue``, to a ``target`` outside routing.
    ``started`` + those under way before = ``completed`` + ``failed`` + ``cancelled`` + ``under_way``."""

    start: datetime | None = None
    queue: str | None = None
    medium: str | None = None
    channel: str | None = None
    division: str | None = None
    agent: str | None = None
    team: str | None = None
    kind: str
    started: int
    completed: int
    failed: int
    cancelled: int
    under_way: int


@attrs.frozen(kw_only=True)
class SkillRow:
    """What was asked of a skill, and what there was of it. ``supply``: the staffed time of agents who have the skill,
    ``agents`` how many they were."""

    start: datetime | None = None
    skill: str
    demand: int
    answered: int
    abandoned: int
    timed_out: int
    waiting: int
    mean_wait: timedelta | None
    max_wait: timedelta | None
    service_level: float | None
    mean_handle: timedelta | None
    handle: timedelta
    agents: int
    supply: timedelta
    busy: timedelta
    load: float | None


@attrs.frozen(kw_only=True)
class PresenceRow:
    """How long an agent was in a presence; ``share``: of the time in which the agent was not offline."""

    start: datetime | None = None
    agent: str
    presence: str
    time: timedelta
    share: float | None


@attrs.frozen(kw_only=True)
class ActivityRow:
    """How things stand. ``oldest_wait`` is that of ``oldest_item``. ``agents``: members on queue, ``idle`` those
    without work in hand; None where only some of a queue is asked about."""

    queue: str | None = None
    medium: str | None = None
    channel: str | None = None
    division: str | None = None
    waiting: int
    in_progress: int
    after_call: int
    oldest_wait: timedelta | None
    oldest_item: str | None
    longest_in_progress: timedelta | None
    agents: int | None
    idle: int | None


@attrs.frozen(kw_only=True)
class AgentActivityRow:
    """Where an agent is now, and since when."""

    agent: str
    team: str | None
    division: str
    presence: str
    since: datetime
    in_presence: timedelta
    in_progress: int
    after_call: int
    longest_in_progress: timedelta | None


@attrs.frozen(kw_only=True)
class StepRow:
    """One event of an interaction: its place in the log, what it was, who did it, and a detail such as a reason."""

    position: int
    at: datetime
    what: str
    agent: str | None = None
    detail: str = ""


@attrs.frozen(kw_only=True)
class InteractionRow:
    """One stay of an item, from its entry into a queue to the end of the work that it led to. ``stay`` counts those of
    the item; 0: work outside every queue. ``outcome``: how the stay ended, or ``waiting``, ``in progress`` or
    ``after-call work`` if it has not. ``wait``: until the answer, or until it ended without one."""

    item: str
    stay: int
    conversation: str | None
    contact: str | None
    queue: str | None
    medium: str
    channel: str | None
    division: str
    cause: str
    priority: int
    started: datetime
    answered: datetime | None
    ended: datetime | None
    wait: timedelta | None
    outcome: str
    agents: tuple[str, ...]
    offers: int
    declined: int
    missed: int
    transfers: tuple[str, ...]
    talk: timedelta | None
    after_call: timedelta | None
    code: str | None
    received: int
    sent: int
    tags: tuple[str, ...]
    steps: tuple[StepRow, ...]


@attrs.frozen(kw_only=True)
class Totals:
    """What happened in all."""

    events: int
    submitted: int
    offers: int
    overflowed: int
    transferred: int
    relaxed: int
    escalated: int
    alerts: int
    unrouted: int
