"""What the log says: offers and how they ended, assignments, events in the words of a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from switchroom.conversations.events import ConversationReopened, MessageReceived, MessageRequested, MessageStatus
from switchroom.routing import events as e
from tests.scenarios import talk
from tests.scenarios.activation import is_awaiting
from tests.scenarios.chains import CHAIN
from tests.scenarios.words import Unsupported
from tests.scenarios.world import OWN, World

SERVED = frozenset(
    {
        *("item_queued", "item_requeued", "item_dequeued", "offer_made", "offer_accepted", "offer_declined"),
        *("work_completed", "requirement_expired", "classification_failed", "escalation_fired", "item_transferred"),
        *(
            "item_awaiting_activation",
            "item_unassigned",
            "agent_made_unavailable",
            "agent_state_changed",
            "item_reopened",
        ),
        *("message_created", "message_sent", "message_failed", "reply_sent"),
    }
)
SENT = {"sent": "message_sent", "failed": "message_failed"}
RETURNS = ("returned", "requeued", "woke")


@attrs.define
class Offered:
    """An offer, and how it stands."""

    id: str
    item: str
    agent: str
    at: int
    expires: int | None
    status: str = "pending"
    released: bool = False

    @property
    def held(self) -> bool:
        """Pending, or accepted and not given back since."""
        return self.status == "pending" or (self.status == "accepted" and not self.released)


@attrs.define
class Held:
    """An assignment with its instants."""

    id: str
    item: str
    agent: str
    assigned: int
    completed: int | None = None
    closed: int | None = None


def entries(world: World) -> Iterator[tuple[int, Any]]:
    """(instant, event) since the case began, without what concerns the runner's own items."""
    for record in world.storage.read(world.marker):
        if not str(getattr(record.event, "item", "")).startswith(OWN):
            yield record.at, record.event


def offers(world: World, item: str | None = None, agent: str | None = None) -> list[Offered]:
    """Offers, oldest first."""
    found: dict[str, Offered] = {}
    ends = {
        e.OfferAccepted: "accepted",
        e.OfferDeclined: "declined",
        e.OfferExpired: "expired",
        e.OfferRevoked: "revoked",
    }
    for at, event in entries(world):
        if isinstance(event, e.OfferMade):
            found[event.offer] = Offered(event.offer, event.item, event.agent, at, event.expires_us)
        elif type(event) in ends and event.offer in found:
            found[event.offer].status = ends[type(event)]
        elif isinstance(event, e.AssignmentReleased) and event.assignment in found:
            found[event.assignment].released = True
        elif isinstance(event, e.Resumed):
            for id, expires in event.offers:
                if id in found:
                    found[id].expires = expires
    return [o for o in found.values() if item in (None, o.item) and agent in (None, o.agent)]


def assignments(world: World, item: str) -> list[Held]:
    """Assignments of an item, oldest first."""
    found: dict[str, Held] = {}
    for at, event in entries(world):
        if getattr(event, "item", None) != item:
            continue
        if isinstance(event, e.OfferAccepted):
            found[event.offer] = Held(event.offer, item, event.agent, at)
        elif isinstance(event, e.ItemAssigned):
            found[event.assignment] = Held(event.assignment, item, event.agent, at)
        elif isinstance(event, e.ItemCompleted) and event.assignment in found:
            found[event.assignment].completed = at
        elif isinstance(event, e.AfterCallEnded | e.ItemClosed) and found:
            last = found[event.assignment] if isinstance(event, e.AfterCallEnded) else list(found.values())[-1]
            last.closed = at
    return list(found.values())


def ended(world: World, item: str) -> e.ItemEnded | None:
    """How an item ended without being served."""
    return next(
        (ev for _, ev in reversed(list(entries(world))) if isinstance(ev, e.ItemEnded) and ev.item == item), None
    )


def notes(world: World, item: str) -> list[str]:
    """The notes that agents left on an item."""
    own = (event for _, event in entries(world) if getattr(event, "item", None) == item)
    return [event.note for event in own if getattr(event, "note", "")]


# -- events in the words of a case


def named(world: World, name: str) -> list[Any]:
    """The events of a name; each has the fields ``item``, ``agent`` and ``queue`` as far as they apply."""
    if name not in SERVED:
        raise Unsupported(f"event {name}")
    return [event for found, event in (*_told(world), *_said(world)) if found == name]


@attrs.frozen
class Said:
    """A message, or a conversation that goes on: whose it is, and the work that it waits as."""

    contact: str | None
    item: str | None
    agent: str | None = None


def _said(world: World) -> Iterator[tuple[str, Any]]:
    """What was written. Every message is created once; one of ours is sent when the transport has taken it."""
    for _, event in entries(world):
        if isinstance(event, ConversationReopened):
            yield "item_reopened", _whose(world, event.conversation, event.conversation)
        elif isinstance(event, MessageReceived | MessageRequested) and event.message not in world.talk.early:
            yield "message_created", _whose(world, event.message, event.conversation, event)
            if getattr(event, "author", "") == "automatic":
                yield "reply_sent", _whose(world, event.message, event.conversation)
        elif isinstance(event, MessageStatus) and event.status in SENT:
            yield SENT[event.status], _whose(world, event.message, event.conversation)


def _whose(world: World, about: str, conversation: str | None, event: Any = None) -> Said:
    item = None if conversation is None else talk.work_of(world, conversation)
    return Said(world.talk.contact_of.get(about), item, getattr(event, "agent", None))


def _told(world: World) -> Iterator[tuple[str, Any]]:
    inside: set[str] = set()
    expired: dict[str, int] = {}
    ttls: dict[str, list[float]] = {}
    for _, event in entries(world):
        item = getattr(event, "item", None)
        if isinstance(event, e.ItemSubmitted):
            ttls[event.item] = [x.ttl.total_seconds() * 1e6 for x in event.work.expiring]
        elif isinstance(event, e.ItemQueued):
            inside.add(event.item)
            expired[event.item] = 0
            if event.cause == "transferred":
                yield "item_transferred", event
            yield "item_requeued" if event.cause in RETURNS else "item_queued", event
        elif isinstance(event, e.ItemRelaxed):
            yield from (
                ("requirement_expired", event) for _ in range(_passed(event, ttls.get(event.item, []), expired))
            )
        elif isinstance(event, e.OfferAccepted | e.ItemAssigned | e.ItemEnded | e.ItemParked) and item in inside:
            inside.discard(str(item))
            yield "item_dequeued", event
        yield from _plainly(event)


def _plainly(event: Any) -> Iterator[tuple[str, Any]]:
    """Events that stand for one word each."""
    plain = {
        e.OfferMade: "offer_made",
        e.OfferAccepted: "offer_accepted",
        e.OfferDeclined: "offer_declined",
        e.ItemRequeued: "item_requeued",
        e.ItemCompleted: "work_completed",
        e.ItemUnrouted: "classification_failed",
    }
    if type(event) in plain:
        yield plain[type(event)], event
    elif isinstance(event, e.EscalationFired) and event.actions and not event.rule.startswith(CHAIN):
        yield "escalation_fired", event
    elif is_awaiting(event):
        yield "item_awaiting_activation", Said(None, event.work)
    elif isinstance(event, e.TransferEnded) and event.outcome == "completed":
        yield "item_transferred", event
    elif isinstance(event, e.AssignmentReleased) and event.reason in ("requeued", "suspended", "the agent left"):
        yield "item_unassigned", event
    elif isinstance(event, e.PresenceChanged):
        yield "agent_state_changed", event
        if event.cause in ("offer expired", "offers expired"):
            yield "agent_made_unavailable", event
    elif isinstance(event, e.ItemEnded) and event.state == "cancelled" and event.reason.startswith("no rule of intake"):
        yield "classification_failed", event


def _passed(event: e.ItemRelaxed, ttls: list[float], expired: dict[str, int]) -> int:
    """How many requirements with a time to live ended with this step of time."""
    over = sum(ttl <= event.ttl_us for ttl in ttls)
    before, expired[event.item] = expired.get(event.item, 0), over
    return max(0, over - before)
