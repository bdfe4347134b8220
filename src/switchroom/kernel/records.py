"""A record: one event with its place in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from switchroom.durations import from_micros
from switchroom.kernel.events import tags_of, type_of


class Record(NamedTuple):
    """One entry of the log: position (1, 2, 3, ...), instant (µs since 1970), event, and the id of the command that
    caused it, if it had one. A tuple, because one is made for every event of every operation."""

    position: int
    at: int
    event: Any
    command_id: str | None = None

    @property
    def instant(self) -> datetime:
        """``at`` as a datetime in UTC."""
        return from_micros(self.at)

    @property
    def type(self) -> str:
        """The name of the event's type, such as ``routing.offer_made``."""
        return type_of(self.event).name

    @property
    def version(self) -> int:
        """The version of the event's type."""
        return type_of(self.event).version

    @property
    def tags(self) -> tuple[str, ...]:
        """What the record is found under, such as ``item:42``."""
        return tags_of(self.event)

    def __hash__(self) -> int:
        return hash((self.position, self.at))

    def __repr__(self) -> str:
        return f"<Record {self.position} {from_micros(self.at).isoformat()} {self.type} {' '.join(self.tags)}>"
