"""To which division lists, campaigns and notifications belong, and what somebody sees who is limited to some."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from switchroom.kernel.within import Visible
from switchroom.outbound.notice_records import NoticeRecord
from switchroom.outbound.progress import CampaignRecord
from switchroom.outbound.state import ListRecord, Outbound


def division(o: Outbound, kind: str, id: str) -> str | None:
    """The division of a list, campaign or notification; empty if there is none of this id."""
    find = _FINDERS.get(kind)
    if find is None:
        return None
    table, of = find
    found = getattr(o, table).get(id)
    return "" if found is None else of(found)


def _of_spec(record: ListRecord | CampaignRecord) -> str:
    return record.spec.division


def _of_notice(record: NoticeRecord) -> str:
    return record.spec.notice.division


_FINDERS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "list": ("lists", _of_spec),
    "campaign": ("campaigns", _of_spec),
    "notice": ("notices", _of_notice),
}


def within(o: Outbound, divisions: frozenset[str]) -> Outbound:
    """Outbound with the tables cut down to these divisions. Only to be looked at."""
    seen = copy.copy(o)
    for table, of in _FINDERS.values():
        setattr(seen, table, Visible(getattr(o, table), _passes(of, divisions)))
    return seen


def _passes(of: Callable[[Any], str], divisions: frozenset[str]) -> Callable[[str, Any], bool]:
    return lambda _, record: of(record) in divisions
