"""Values that callers and the embedder's functions get: copies of what the records say, never the records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from switchroom.durations import from_micros
from switchroom.routing.fields import Fact
from switchroom.routing.records import AgentRecord, AssignmentRecord, ItemRecord, OfferRecord, QueueRecord
from switchroom.routing.requirements import Requirement


@attrs.frozen(kw_only=True)
class ItemView:
    """An item as it is now. ``waited``: time in its queue so far, or in all its stays if it waits no more."""

    id: str
    state: str
    medium: str
    channel: str | None
    queue: str | None
    priority: int
    requirement: Requirement
    attributes: Mapping[str, Fact]
    contact: str | None
    due: datetime | None
    submitted: datetime
    entered: datetime
    waited: timedelta
    offers: tuple[str, ...]
    assignment: str | None
    agent: str | None
    target: str | None
    expedited: bool
    version: int


@attrs.frozen(kw_only=True)
class OfferView:
    """An offer that is out; ``transfer`` is None, ``blind`` or ``consult``."""

    id: str
    item: str
    agent: str
    made: datetime
    expires: datetime | None
    transfer: str | None
    sender: str | None


@attrs.frozen(kw_only=True)
class AssignmentView:
    """Work in hand; ``wrapping``: after-call work."""

    id: str
    item: str
    agent: str
    queue: str | None
    since: datetime
    wrapping: bool


@attrs.frozen(kw_only=True)
class AgentView:
    """An agent as he or she is now. ``used`` and ``capacity`` are units of room."""

    id: str
    presence: str
    since: datetime
    skills: Mapping[str, float]
    attributes: Mapping[str, Fact]
    queues: tuple[str, ...]
    used: int
    capacity: int
    offers: tuple[str, ...]
    assignments: tuple[str, ...]
    handled_today: int


@attrs.frozen(kw_only=True)
class QueueView:
    """A queue as it is now. ``waiting`` counts items offered but not yet accepted, too."""

    id: str
    open: bool
    waiting: int
    members: tuple[str, ...]


def item_view(item: ItemRecord, now: int) -> ItemView:
    waiting = item.state in ("waiting", "offered")
    waited = now - item.joined_us if waiting else item.waited_us
    return ItemView(
        id=item.id,
        state=item.state,
        medium=item.work.medium,
        channel=item.work.channel,
        queue=None if item.queue is None else item.queue.id,
        priority=item.priority,
        requirement=item.work.requirement if item.requirement is None else item.requirement,
        attributes=item.attributes,
        contact=item.work.contact,
        due=None if item.due_us is None else from_micros(item.due_us),
        submitted=from_micros(item.submitted_us),
        entered=from_micros(item.entered_us),
        waited=timedelta(microseconds=waited),
        offers=tuple(o.id for o in item.offers),
        assignment=None if item.assignment is None else item.assignment.id,
        agent=None if item.assignment is None else item.assignment.agent.id,
        target=item.target,
        expedited=item.expedited,
        version=item.version,
    )


def offer_view(offer: OfferRecord) -> OfferView:
    return OfferView(
        id=offer.id,
        item=offer.item.id,
        agent=offer.agent.id,
        made=from_micros(offer.made_us),
        expires=None if offer.expires_us is None else from_micros(offer.expires_us),
        transfer=offer.transfer,
        sender=offer.sender,
    )


def assignment_view(assignment: AssignmentRecord) -> AssignmentView:
    return AssignmentView(
        id=assignment.id,
        item=assignment.item.id,
        agent=assignment.agent.id,
        queue=None if assignment.queue is None else assignment.queue.id,
        since=from_micros(assignment.at_us),
        wrapping=assignment.wrapping,
    )


def agent_view(agent: AgentRecord) -> AgentView:
    return AgentView(
        id=agent.id,
        presence=agent.presence,
        since=from_micros(agent.since_us),
        skills=agent.spec.skills,
        attributes=agent.spec.attributes,
        queues=tuple(agent.memberships),
        used=agent.room.used,
        capacity=agent.room.rules.capacity,
        offers=tuple(agent.offers),
        assignments=tuple(agent.assignments),
        handled_today=agent.handled_today,
    )


def queue_view(queue: QueueRecord) -> QueueView:
    return QueueView(
        id=queue.id,
        open=queue.open,
        waiting=len(queue.items),
        members=tuple(sorted(queue.members)),
    )
