"""Appliers of lists, templates and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchroom.kernel.transaction import Applier
from switchroom.outbound.events import (
    ChunkRewritten,
    ContactsAdded,
    LimitsSaved,
    ListDeleted,
    ListSaved,
    TemplateDeleted,
    TemplateSaved,
)
from switchroom.outbound.model import CampaignState

if TYPE_CHECKING:
    from switchroom.outbound.state import ListRecord, Outbound

TAKING = frozenset({CampaignState.RUNNING, CampaignState.PAUSED})
"""States in which a campaign takes contacts that are added to its lists."""


def appliers(o: Outbound) -> dict[type, Applier]:
    return {
        ListSaved: lambda e, at: _list_saved(o, e),
        ContactsAdded: lambda e, at: _contacts_added(o, e),
        ChunkRewritten: lambda e, at: _chunk_rewritten(o, e),
        ListDeleted: lambda e, at: o.lists.__delitem__(e.list),
        TemplateSaved: lambda e, at: o.templates.__setitem__(e.template, e.spec),
        TemplateDeleted: lambda e, at: o.templates.__delitem__(e.template),
        LimitsSaved: lambda e, at: setattr(o.pacing, "limits", e.limits),
    }


def _list_saved(o: Outbound, e: ListSaved) -> None:
    known = o.lists.get(e.list)
    if known is None:
        o.lists[e.list] = _new(e)
    else:
        known.spec = e.spec


def _new(e: ListSaved) -> ListRecord:
    from switchroom.outbound.state import ListRecord

    return ListRecord(e.spec)


def _contacts_added(o: Outbound, e: ContactsAdded) -> None:
    record = o.lists[e.list]
    record.chunks[e.chunk] = (e.name, e.rows)
    record.last = max(record.last, e.chunk)
    if e.top:
        record.order.insert(0, e.chunk)
    else:
        record.order.append(e.chunk)
    for campaign in o.campaigns.values():
        if e.list in campaign.spec.lists and campaign.state in TAKING:
            campaign.add_chunk((e.list, e.chunk), e.rows, e.top)


def _chunk_rewritten(o: Outbound, e: ChunkRewritten) -> None:
    record = o.lists[e.list]
    record.chunks[e.chunk] = (e.name, record.chunks[e.chunk][1])
