"""What happens to work, in past participles. Instants and durations are microseconds (``*_us``).

``origin`` says whose doing it was: ``""`` ours (an agent, the application), ``source`` the system that the work came
from, ``rule`` a rule or the clock. ``by`` is the agent, where one did it.
"""

from __future__ import annotations

from collections.abc import Mapping

from switchroom.kernel.events import event
from switchroom.routing.escalation_model import Action
from switchroom.routing.fields import Fact
from switchroom.routing.model import ANYONE
from switchroom.routing.requirements import Requirement
from switchroom.workitems.model import Calendar, Workbin, Worktype
from switchroom.workitems.source_model import Distribution, Source
from switchroom.workitems.trigger_model import WorkTrigger

# -- configuration


@event("workitems.calendar_saved", tags=("calendar",))
class CalendarSaved:
    """Working hours were added or changed; clocks that count them go by the new ones."""

    calendar: str
    spec: Calendar


@event("workitems.worktype_saved", tags=("worktype",))
class WorktypeSaved:
    """A worktype was added or changed; work that is there follows it."""

    worktype: str
    spec: Worktype


@event("workitems.workbin_saved", tags=("workbin",))
class WorkbinSaved:
    """A workbin was added or changed."""

    workbin: str
    spec: Workbin


@event("workitems.source_saved", tags=("source",))
class SourceSaved:
    """A source system was added or changed."""

    source: str
    spec: Source


@event("workitems.distribution_saved", tags=("distribution",))
class DistributionSaved:
    """Shares were added or changed; counting begins anew if they are others."""

    distribution: str
    spec: Distribution


@event("workitems.trigger_saved", tags=("trigger",))
class TriggerSaved:
    """A trigger was added or changed."""

    trigger: str
    spec: WorkTrigger


# -- life


@event("workitems.submitted", tags=("work", "item", "contact", "journey", "source"), personal=("attributes", "links"))
class WorkSubmitted:
    """Work was taken in. ``item`` is its item in routing. ``start_us``: when its clocks start (later, if deferred)."""

    work: str
    item: str
    worktype: str
    status: str
    attributes: Mapping[str, Fact]
    start_us: int
    priority: int = 0
    source: str | None = None
    external_id: str | None = None
    contact: str | None = None
    journey: str | None = None
    links: tuple[str, ...] = ()
    due_us: int | None = None
    expires_us: int | None = None
    division: str = "default"
    distribution: str | None = None
    queue: str | None = None
    requirement: Requirement = ANYONE
    origin: str = ""


@event("workitems.changed", tags=("work",), personal=("attributes", "links"))
class WorkChanged:
    """What is set changed: ``attributes`` holds new values, ``removed`` the names of those that are gone."""

    work: str
    attributes: Mapping[str, Fact] | None = None
    removed: tuple[str, ...] = ()
    priority: int | None = None
    due_us: int | None = None
    links: tuple[str, ...] | None = None
    by: str = ""
    origin: str = ""


@event("workitems.status_changed", tags=("work", "agent=by"), personal=("reason",))
class WorkStatusChanged:
    """Another status. ``until_us``: suspended until then. ``reason``: why, in words or as the name of a rule."""

    work: str
    status: str
    by: str = ""
    origin: str = ""
    reason: str = ""
    until_us: int | None = None


@event("workitems.note_added", tags=("work", "agent=by"), personal=("text",))
class WorkNoteAdded:
    """A note for those who handle the work."""

    work: str
    text: str
    by: str = ""
    origin: str = ""


@event("workitems.taken", tags=("work", "agent"))
class WorkTaken:
    """An agent has it in hand: accepted, claimed or assigned."""

    work: str
    agent: str
    assignment: str


@event("workitems.released", tags=("work", "agent"))
class WorkReleased:
    """The agent has it no more, and it goes on."""

    work: str
    agent: str


@event("workitems.binned", tags=("work", "workbin", "agent=by"))
class WorkBinned:
    """Put into a workbin, out of another one if it was there."""

    work: str
    workbin: str
    priority: int
    by: str = ""
    reason: str = ""


@event("workitems.unbinned", tags=("work", "workbin"))
class WorkUnbinned:
    """Out of its workbin, other than by being taken: into a ``queue``, or set aside."""

    work: str
    workbin: str
    queue: str | None = None


@event("workitems.closed", tags=("work", "agent=by", "journey"), personal=("reason",))
class WorkClosed:
    """``outcome``: completed, cancelled or expired. ``code``: the wrap-up code."""

    work: str
    status: str
    outcome: str
    code: str | None = None
    reason: str = ""
    by: str = ""
    origin: str = ""
    journey: str | None = None


@event("workitems.coded", tags=("work",))
class WorkCoded:
    """The wrap-up code came with the end of after-call work."""

    work: str
    code: str


@event("workitems.reopened", tags=("work", "item"), personal=("reason",))
class WorkReopened:
    """Closed work goes on, as another item of routing; its service level starts anew."""

    work: str
    item: str
    status: str
    start_us: int
    due_us: int | None = None
    expires_us: int | None = None
    by: str = ""
    origin: str = ""
    reason: str = ""


@event("workitems.forgotten", tags=("work",))
class WorkForgotten:
    """Closed long enough ago: it left memory, and the log still has it."""

    work: str


# -- time


@event("workitems.overdue", tags=("work",))
class WorkOverdue:
    """The due date passed and the work is not closed."""

    work: str
    due_us: int
    agent: str | None = None


@event("workitems.escalated", tags=("work",))
class WorkEscalated:
    """A rule of the service level fired at its share, with these actions."""

    work: str
    rule: str
    share: float
    actions: tuple[Action, ...]


@event("workitems.escalation_failed", tags=("work",))
class WorkEscalationFailed:
    """An action of a rule or trigger was not possible, and the work stays as it was."""

    work: str
    rule: str
    reason: str


@event("workitems.priority_risen", tags=("work",))
class WorkPriorityRisen:
    """The curve of the service level has added this many points by now."""

    work: str
    added: int


# -- triggers and sources


@event("workitems.trigger_fired", tags=("work",))
class TriggerFired:
    """A trigger's condition held."""

    work: str
    trigger: str


@event("workitems.trigger_waits", tags=("work",))
class TriggerWaits:
    """A trigger stands at a step until an instant, or until something outside has answered (``effect``)."""

    run: str
    work: str
    trigger: str
    step: str
    until_us: int
    effect: str | None = None


@event("workitems.trigger_left", tags=("work",))
class TriggerLeft:
    """A trigger that waited goes on, or is over (``done``, ``closed``, ``changed``)."""

    run: str
    work: str
    trigger: str
    reason: str


@event("workitems.sync_lost", tags=("work", "source"))
class SyncLost:
    """A change could not be requested because too many are pending; the source has to ask for the present state."""

    work: str
    source: str
    change: str
