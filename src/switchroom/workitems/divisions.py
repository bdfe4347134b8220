"""To which division work belongs, and what somebody sees who is limited to some."""

from __future__ import annotations

import copy
from typing import Any

from switchroom.kernel.within import Visible
from switchroom.matching.ordered import Ordered
from switchroom.routing import divisions as routing
from switchroom.workitems.bins import Bin
from switchroom.workitems.records import Entry, WorkRecord
from switchroom.workitems.state import WorkItems


def division(w: WorkItems, kind: str, id: str) -> str | None:
    """The division of work, with a worktype or without; empty if there is none of this id."""
    if kind != "work":
        return None
    work = w.known(id)
    return routing.division(w.routing, "item", id) if work is None else work.division


def within(w: WorkItems, divisions: frozenset[str]) -> WorkItems:
    """Work with the tables and workbins cut down to these divisions. Only to be looked at; a workbin costs what is in
    it."""

    def passes(_: str, work: WorkRecord) -> bool:
        return work.division in divisions

    seen = copy.copy(w)
    seen.routing = routing.within(w.routing, divisions)
    tables: dict[str, Any] = {"works": Visible(w.works, passes), "bins": _Bins(w.bins, divisions)}
    for name, table in tables.items():
        setattr(seen, name, table)
    return seen


class _Bins(Visible[Bin]):
    """Workbins, each cut down when it is looked into."""

    __slots__ = ("_divisions",)

    def __init__(self, bins: dict[str, Bin], divisions: frozenset[str]) -> None:
        super().__init__(bins, _every)
        self._divisions = divisions

    def __getitem__(self, key: str) -> Bin:
        bin = super().__getitem__(key)
        seen = Bin(bin.id)
        seen.works = {id: work for id, work in bin.works.items() if work.division in self._divisions}
        seen.kinds = bin.kinds
        seen.by_due = self._cut(bin.by_due)
        seen.ranks = {key: cut for key, entries in bin.ranks.items() if (cut := self._cut(entries))}
        seen.index = {key: self._cut(entries) for key, entries in bin.index.items()}
        return seen

    def _cut(self, entries: Ordered[Entry]) -> Ordered[Entry]:
        cut: Ordered[Entry] = Ordered()
        for entry in entries:
            if entry[2].division in self._divisions:
                cut.add(entry)
        return cut


def _every(_: str, bin: Bin) -> bool:
    """Workbins are seen by everybody; what is in them is not."""
    return True
