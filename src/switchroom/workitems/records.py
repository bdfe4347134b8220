"""The mutable records behind work and workbins. Private: callers get values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from switchroom.routing.fields import Fact
from switchroom.routing.model import ANYONE
from switchroom.routing.requirements import Requirement
from switchroom.workitems.model import CLOSED, Status, Worktype

if TYPE_CHECKING:
    from switchroom.workitems.bins import Bin

NEVER = 1 << 62
"""Later than every instant: where work without a due date stands."""

NONE: frozenset[str] = frozenset()

NO_RANK = ("", 0)

Entry: TypeAlias = "tuple[int, int, WorkRecord]"
"""(instant, number, work): sorts by the instant, then by arrival; numbers are unique, so records never compare."""


class WorkRecord:
    """One piece of work, from submission until it is forgotten.

    ``priority`` is its own; ``added``: what the curve has added to it in routing. The clock of the service level has
    ``used_us``, and runs since ``running_us`` (None: it stands). ``end_us``: when the service level is used up, if the
    clock runs on. ``home``: the queue or workbin that it was in last (``queue:ID``, ``workbin:NAME``).
    """

    __slots__ = (
        "added",
        "agent",
        "assignment",
        "attributes",
        "auto",
        "bin",
        "closed_us",
        "code",
        "contact",
        "division",
        "due_us",
        "end_us",
        "entries",
        "expires_us",
        "external_id",
        "fired",
        "home",
        "id",
        "item",
        "journey",
        "last_agent",
        "links",
        "number",
        "outcome",
        "overdue",
        "priority",
        "rank",
        "requirement",
        "running_us",
        "source",
        "spec",
        "status",
        "status_us",
        "stay",
        "submitted_us",
        "until_us",
        "used_us",
        "version",
    )

    def __init__(self, id: str, item: str, spec: Worktype, status: Status, number: int, at: int) -> None:
        self.id = id
        self.item = item
        self.spec = spec
        self.status = status
        self.number = number
        self.submitted_us = self.status_us = at
        self.attributes: Mapping[str, Fact] = {}
        self.links: tuple[str, ...] = ()
        self.source: str | None = None
        self.external_id: str | None = None
        self.contact: str | None = None
        self.journey: str | None = None
        self.division = "default"
        self.requirement: Requirement = ANYONE
        self.priority = 0
        self.added = 0
        self.due_us: int | None = None
        self.expires_us: int | None = None
        self.overdue = False
        self.used_us = 0
        self.running_us: int | None = None
        self.end_us: int | None = None
        self.fired = NONE
        self.auto: tuple[int, str] | None = None
        self.until_us: int | None = None
        self.bin: Bin | None = None
        self.rank: tuple[str, int] = NO_RANK
        self.entries: tuple[Entry, ...] = ()
        self.home = ""
        self.agent: str | None = None
        self.assignment: str | None = None
        self.last_agent: str | None = None
        self.stay = 1
        self.closed_us: int | None = None
        self.outcome: str | None = None
        self.code: str | None = None
        self.version = 1

    @property
    def closed(self) -> bool:
        return self.status.category == CLOSED
