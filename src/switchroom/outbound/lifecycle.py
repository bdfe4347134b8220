"""The life cycle of a campaign, as a table.

A draft is started at once or scheduled. While it runs it may be paused and resumed at any moment: a message that was
requested and not handed over yet is withdrawn, and its contact comes again. Stopping is for good, except that a
stopped or complete campaign may be recycled: contacts of chosen outcomes are taken again, and it is a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from switchroom.errors import NotAllowed
from switchroom.outbound.model import CampaignState

DRAFT, SCHEDULED, RUNNING, PAUSED, STOPPED, COMPLETE = CampaignState

TABLE: Mapping[tuple[CampaignState, str], CampaignState] = MappingProxyType(
    {
        (DRAFT, "change"): DRAFT,
        (PAUSED, "change"): PAUSED,
        (DRAFT, "schedule"): SCHEDULED,
        (SCHEDULED, "schedule"): SCHEDULED,
        (SCHEDULED, "unschedule"): DRAFT,
        (DRAFT, "start"): RUNNING,
        (SCHEDULED, "start"): RUNNING,
        (RUNNING, "pause"): PAUSED,
        (PAUSED, "resume"): RUNNING,
        (SCHEDULED, "stop"): STOPPED,
        (RUNNING, "stop"): STOPPED,
        (PAUSED, "stop"): STOPPED,
        (RUNNING, "complete"): COMPLETE,
        (PAUSED, "complete"): COMPLETE,
        (STOPPED, "recycle"): DRAFT,
        (COMPLETE, "recycle"): DRAFT,
        (DRAFT, "delete"): DRAFT,
        (STOPPED, "delete"): STOPPED,
        (COMPLETE, "delete"): COMPLETE,
    }
)
"""Every pair that is not here is refused."""


def moved(id: str, state: CampaignState, verb: str) -> CampaignState:
    """The state after the verb. Raises `NotAllowed`."""
    target = TABLE.get((state, verb))
    if target is None:
        raise NotAllowed(verb, "campaign", id, state)
    return target
