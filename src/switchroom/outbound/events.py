"""What happens in outbound. Contacts stand in the log as a place in a list and the keyed digest of their address."""

from __future__ import annotations

from collections.abc import Mapping

from switchroom.kernel.events import event
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign, MessageTemplate, SendingLimits
from switchroom.outbound.notice_model import NoticeTrigger, Notification
from switchroom.routing.fields import Fact


@event("outbound.list_saved", tags=("list",))
class ListSaved:
    list: str
    spec: ContactList


@event("outbound.contacts_added", tags=("list",))
class ContactsAdded:
    """``rows`` contacts were added as a chunk of this ``name`` in the store; ``top``: before those not yet taken."""

    list: str
    chunk: int
    name: str
    rows: int
    top: bool = False


@event("outbound.chunk_rewritten", tags=("list",))
class ChunkRewritten:
    """Contacts of a chunk were blanked: it has another name in the store, and the same places."""

    list: str
    chunk: int
    name: str


@event("outbound.list_deleted", tags=("list",))
class ListDeleted:
    list: str


@event("outbound.template_saved", tags=("template",))
class TemplateSaved:
    template: str
    spec: MessageTemplate


@event("outbound.template_deleted", tags=("template",))
class TemplateDeleted:
    template: str


@event("outbound.limits_saved")
class LimitsSaved:
    limits: SendingLimits


@event("outbound.campaign_saved", tags=("campaign",))
class CampaignSaved:
    """A campaign was made or changed. ``number`` names it within message ids."""

    campaign: str
    number: int
    spec: Campaign


@event("outbound.campaign_moved", tags=("campaign",))
class CampaignMoved:
    """``verb``: schedule, unschedule, start, pause, resume, stop, complete, delete; see the life cycle's table."""

    campaign: str
    verb: str
    state: str
    reason: str = ""


@event("outbound.campaign_sorted", tags=("campaign",))
class CampaignSorted:
    """The contacts are taken in the order of these chunks, which are a sorted copy of the lists'."""

    campaign: str
    names: tuple[str, ...]
    rows: tuple[int, ...]


@event("outbound.campaign_recycled", tags=("campaign",))
class CampaignRecycled:
    """Contacts of these outcomes are to be taken again, with their attempts counted anew."""

    campaign: str
    outcomes: tuple[int, ...]


@event("outbound.step_planned", tags=("campaign",))
class StepPlanned:
    """The campaign goes on when ``effect`` is done (now), or at ``due_us``, or when something else happens."""

    campaign: str
    effect: str | None
    due_us: int | None


@event("outbound.contacts_screened", tags=("campaign",))
class ContactsScreened:
    """Contacts of a chunk were looked at: those skipped or put off, by row; ``cursor``: rows before it are seen."""

    campaign: str
    chunk: int
    cursor: int
    rows: tuple[int, ...]
    outcomes: tuple[int, ...]
    due: tuple[int, ...]


@event("outbound.attempt_requested", tags=("campaign", "message", "address=key", "agent"), personal=("metadata",))
class AttemptRequested:
    """A message to a contact is to be sent. ``number``: which attempt it is; ``parts``: what it counts as."""

    campaign: str
    message: str
    chunk: int
    row: int
    number: int
    key: str
    line: str
    parts: int
    effect: str
    agent: str | None = None
    metadata: Mapping[str, Fact] | None = None


@event("outbound.attempt_status", tags=("campaign", "message", "address=key"))
class AttemptStatus:
    """What became of an attempt. ``outcome``: the contact's, which may be to wait for another attempt (``due_us``).

    ``effect``: set when it is the hand-over of which this is known.
    """

    campaign: str
    message: str
    chunk: int
    row: int
    number: int
    status: str
    outcome: int
    key: str = ""
    effect: str | None = None
    code: str = ""
    provider_id: str = ""
    due_us: int | None = None


@event("outbound.replied", tags=("campaign", "message", "conversation", "address=key"))
class Replied:
    """A contact answered an attempt within the time; ``decision``: what the keyword policy made of the text."""

    campaign: str
    message: str
    chunk: int
    row: int
    number: int
    key: str
    reply: str
    conversation: str | None
    decision: str


@event("outbound.reply_time_over", tags=("campaign",))
class ReplyTimeOver:
    """Nobody else of those written to by then can answer any more: their interactions are closed."""

    campaign: str
    rows: int
    again: tuple[tuple[int, int], ...] = ()
    due_us: int = 0


@event("outbound.contacts_assigned", tags=("campaign", "agent"))
class ContactsAssigned:
    """Two-way: these contacts (chunk, row) are an agent's; None takes them back."""

    campaign: str
    agent: str | None
    contacts: tuple[tuple[int, int], ...]


@event("outbound.contact_talked", tags=("campaign", "agent", "message"))
class ContactTalked:
    """Two-way: the contact's state changed: the agent answered (``conversation``) or closed it."""

    campaign: str
    chunk: int
    row: int
    state: int
    agent: str | None = None
    message: str | None = None
    outcome: int | None = None
    """Set where a rule keeps the contact out."""


@event("outbound.notice_saved", tags=("notice", "address=key"), personal=("spec.values", "spec.to"))
class NoticeSaved:
    """A notification is to be sent, for the first time at ``due_us``. ``idempotency``: the caller's key."""

    notice: str
    spec: Notification
    key: str
    idempotency: str | None
    due_us: int


@event("outbound.notice_requested", tags=("notice", "message", "address=key"))
class NoticeRequested:
    notice: str
    message: str
    key: str
    effect: str
    parts: int


@event("outbound.notice_status", tags=("notice", "message"))
class NoticeStatus:
    """What became of its message; ``effect``: set when it is the hand-over of which this is known."""

    notice: str
    message: str
    status: str
    code: str = ""
    provider_id: str = ""
    effect: str | None = None


@event("outbound.notice_planned", tags=("notice",))
class NoticePlanned:
    """It is sent (again) at ``due_us``, meant for ``planned_us``; ``reason``: why not now, or not the time before."""

    notice: str
    due_us: int
    planned_us: int
    reason: str = ""


@event("outbound.notice_ended", tags=("notice",))
class NoticeEnded:
    """Nothing more is sent for it: sent, refused, cancelled, or its rule is over."""

    notice: str
    reason: str


@event("outbound.notice_forgotten", tags=("notice",))
class NoticeForgotten:
    """It ended long ago and leaves memory, with its idempotency key; the log has it."""

    notice: str


@event("outbound.trigger_saved", tags=("trigger",))
class TriggerSaved:
    trigger: str
    spec: NoticeTrigger


@event("outbound.trigger_deleted", tags=("trigger",))
class TriggerDeleted:
    trigger: str


@event("outbound.triggered", tags=("notice=notices",))
class Triggered:
    """An event came in from outside, and these notifications follow from it."""

    event: str
    notices: tuple[str, ...]
