"""What happens in routing, in past participles. Durations and instants are microseconds since 1970 (``*_us``)."""

from __future__ import annotations

from collections.abc import Mapping

from switchroom.kernel.events import event
from switchroom.routing.escalation_model import Action
from switchroom.routing.fields import Fact
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Agent, Team, WorkItem
from switchroom.routing.queue_model import Queue
from switchroom.routing.requirements import Requirement

# -- configuration


@event("routing.queue_saved", tags=("queue",))
class QueueSaved:
    """A queue was added or changed."""

    queue: str
    spec: Queue


@event("routing.queue_removed", tags=("queue",))
class QueueRemoved:
    """The queue is gone; its members were saved without it before."""

    queue: str


@event("routing.queue_opened", tags=("queue",))
class QueueOpened:
    """The queue began to hand out work; ``change_us``: when its hours change again."""

    queue: str
    change_us: int | None


@event("routing.queue_shut", tags=("queue",))
class QueueShut:
    """The queue stopped handing out work (hours, or switched off)."""

    queue: str
    change_us: int | None


@event("routing.agent_saved", tags=("agent",))
class AgentSaved:
    """An agent was added or changed."""

    agent: str
    spec: Agent


@event("routing.agent_removed", tags=("agent",))
class AgentRemoved:
    """The agent is gone."""

    agent: str


@event("routing.team_saved", tags=("team",))
class TeamSaved:
    """A team was added or changed."""

    team: str
    spec: Team


@event("routing.intake_saved", tags=("intake",))
class IntakeSaved:
    """Intake rules were added or replaced."""

    intake: str
    spec: Intake


# -- agents


@event("routing.presence_changed", tags=("agent",))
class PresenceChanged:
    """``sequence``: the number of the operation; ``cause``: why, if nobody asked for it (an offer missed, a lease)."""

    agent: str
    presence: str
    sequence: int
    cause: str = ""


@event("routing.lease_renewed", tags=("agent",))
class LeaseRenewed:
    """Unless it is renewed again by ``until_us``, the agent is taken offline then."""

    agent: str
    until_us: int | None
    sequence: int


@event("routing.agent_rests", tags=("agent",))
class AgentRests:
    """The agent gets no offers until ``until_us``, and is on queue again then."""

    agent: str
    until_us: int


@event("routing.day_started")
class DayStarted:
    """Midnight in the center's zone: the counts of items handled today start again."""

    day: str
    next_us: int


# -- items


@event("routing.item_submitted", tags=("item", "contact"), personal=("work.attributes",))
class ItemSubmitted:
    """A piece of work was taken in; where it goes is in the events that follow."""

    item: str
    work: WorkItem
    contact: str | None = None
    intake: str | None = None


@event("routing.item_queued", tags=("item", "queue"))
class ItemQueued:
    """The item entered a queue: a new stay begins. ``tier`` and ``score`` are its key under the queue's ordering."""

    item: str
    queue: str
    entered_us: int
    tier: int
    score: int
    cause: str = "submitted"
    length: int = 0


@event("routing.item_placed", tags=("item",))
class ItemPlaced:
    """The item got the place it asked for: its full key."""

    item: str
    tier: int
    score: int
    arrival: int


@event("routing.arrivals_ordered")
class ArrivalsOrdered:
    """Items that entered within one batch stand in the order of their ids, whatever the order of the inputs."""

    items: tuple[str, ...]


@event("routing.item_relaxed", tags=("item",))
class ItemRelaxed:
    """Time has passed: step, ring, passed delays and preference of the item as they are from now on."""

    item: str
    step: int
    ring: int
    delay_us: int
    ttl_us: int
    preferring: bool


@event("routing.item_changed", tags=("item",), personal=("attributes",))
class ItemChanged:
    """What is set changed; None means as before. ``tier`` and ``score``: its key after the change, while waiting."""

    item: str
    priority: int | None = None
    requirement: Requirement | None = None
    drop_steps: bool = False
    attributes: Mapping[str, Fact] | None = None
    due_us: int | None = None
    entered_us: int | None = None
    expedited: bool | None = None
    tier: int | None = None
    score: int | None = None
    cause: str = "changed"


@event("routing.item_unrouted", tags=("item",))
class ItemUnrouted:
    """No intake rule fits: the item waits for a person to choose its queue."""

    item: str
    reason: str


@event("routing.item_parked", tags=("item",))
class ItemParked:
    """Set aside: suspended (``target`` None) or put into a target such as ``workbin:claims``."""

    item: str
    target: str | None
    reason: str


@event("routing.item_scheduled", tags=("item",))
class ItemScheduled:
    """Held until an instant, or until at most ``when_quiet`` items wait in the queue."""

    item: str
    until_us: int | None
    when_quiet: int | None
    queue: str
    keep_entered: bool
    medium: str


@event("routing.item_ended", tags=("item", "agent"))
class ItemEnded:
    """Cancelled, abandoned or timed out (``state``)."""

    item: str
    state: str
    reason: str
    agent: str | None = None


@event("routing.item_closed", tags=("item",))
class ItemClosed:
    """A completed item is closed for good."""

    item: str


@event("routing.items_evicted", tags=("item=items",))
class ItemsEvicted:
    """Items that ended at or before ``before_us`` left memory; the log still has them."""

    items: tuple[str, ...]
    before_us: int


# -- offers


@event("routing.offer_made", tags=("item", "agent"))
class OfferMade:
    """``transfer``: ``blind`` or ``consult``, from ``sender``; None for an offer by matching."""

    offer: str
    item: str
    agent: str
    expires_us: int | None = None
    transfer: str | None = None
    sender: str | None = None


@event("routing.offer_accepted", tags=("item", "agent"))
class OfferAccepted:
    """The agent has the work: the assignment has the id of the offer."""

    offer: str
    item: str
    agent: str


@event("routing.offer_declined", tags=("item", "agent"))
class OfferDeclined:
    """The agent refused; not offered to that agent again before ``retry_us`` (None: until coming on queue again)."""

    offer: str
    item: str
    agent: str
    reason: str
    retry_us: int | None


@event("routing.offer_expired", tags=("item", "agent"))
class OfferExpired:
    """Nobody answered in time."""

    offer: str
    item: str
    agent: str


@event("routing.offer_revoked", tags=("item", "agent"))
class OfferRevoked:
    """The offer was withdrawn; ``reason`` says why."""

    offer: str
    item: str
    agent: str
    reason: str


@event("routing.item_requeued", tags=("item", "queue"))
class ItemRequeued:
    """The last offer of the item ended without success: it stands in the queue with its key."""

    item: str
    queue: str


@event("routing.item_paused", tags=("item",))
class ItemPaused:
    """The item is offered to nobody until ``until_us``; None: the pause is over."""

    item: str
    until_us: int | None


@event("routing.retry_scheduled", tags=("item",))
class RetryScheduled:
    """Nobody untried is left: those who let it expire are tried again from ``due_us`` on."""

    item: str
    due_us: int


@event("routing.tries_forgotten", tags=("item",))
class TriesForgotten:
    """These agents may be offered the item again."""

    item: str
    agents: tuple[str, ...]


# -- assignments


@event("routing.item_assigned", tags=("item", "agent"))
class ItemAssigned:
    """Assigned by hand; ``over_capacity`` says that there was no room."""

    assignment: str
    item: str
    agent: str
    over_capacity: bool
    by: str


@event("routing.item_completed", tags=("item", "agent"), personal=("note",))
class ItemCompleted:
    """The work is done; ``wrapping``: after-call work has begun, until ``limit_us`` at the latest."""

    item: str
    assignment: str
    agent: str
    wrapping: bool = False
    code: str | None = None
    note: str = ""
    limit_us: int | None = None


@event("routing.after_call_ended", tags=("item", "agent"), personal=("note",))
class AfterCallEnded:
    """After-call work is over; ``cause``: agent, limit or closed. ``code`` None: none was given."""

    item: str
    assignment: str
    agent: str
    code: str | None
    cause: str
    note: str = ""


@event("routing.assignment_released", tags=("item", "agent"))
class AssignmentReleased:
    """The agent lost or gave up the item, which goes on; ``wrapping`` as in ``ItemCompleted``."""

    item: str
    assignment: str
    agent: str
    reason: str
    wrapping: bool = False
    limit_us: int | None = None


@event("routing.hold_changed", tags=("item", "agent"))
class HoldChanged:
    """The work in hand takes this share of its room from now on (0 to 1)."""

    item: str
    assignment: str
    agent: str
    share: float


@event("routing.leave_pending", tags=("agent",))
class LeavePending:
    """The agent has left with this work in hand; it goes back to its queue at ``due_us``."""

    agent: str
    assignment: str
    due_us: int


@event("routing.transfer_ended", tags=("item", "agent=sender"))
class TransferEnded:
    """A transfer to an agent succeeded (``completed``) or not (``failed``, ``cancelled``)."""

    item: str
    offer: str
    sender: str
    mode: str
    outcome: str


# -- escalation and functions


@event("routing.escalation_fired", tags=("item", "queue"))
class EscalationFired:
    """A rule fired, with these actions, those that a function returned included."""

    item: str
    queue: str
    rule: str
    actions: tuple[Action, ...]


@event("routing.escalation_postponed", tags=("item", "queue"))
class EscalationPostponed:
    """A rule about nobody being there came due, and somebody is or was there since: it is looked at again."""

    item: str
    queue: str
    rule: str
    until_us: int


@event("routing.escalation_failed", tags=("item", "queue"))
class EscalationFailed:
    """An action of a rule was not possible, and the item stays as it was."""

    item: str
    queue: str
    rule: str
    reason: str


@event("routing.announcement_due", tags=("item", "queue"))
class AnnouncementDue:
    """The embedder is to tell the customer something: ``kind`` is greeting, away or position, ``name`` the text or
    recording that the queue names, ``position`` the place in the queue."""

    item: str
    queue: str
    kind: str
    name: str
    position: int | None = None


@event("routing.alert_raised", tags=("item", "agent=to"))
class AlertRaised:
    """Somebody is to be told; ``reason`` is the name of the rule."""

    item: str
    to: str
    reason: str


@event("routing.function_failed", tags=("item",))
class FunctionFailed:
    """A function of the embedder's raised, or returned what it must not; the stated fallback was used."""

    item: str
    function: str
    problem: str


@event("routing.resumed")
class Resumed:
    """The process has started again: offers get their full alert time from now."""

    offers: tuple[tuple[str, int], ...]
