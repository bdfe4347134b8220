"""A record: one event with its place in the log."""

from __future__ import annotations

from typing import Any

from switchroom.durations import from_micros
from switchroom.kernel.events import tags_of, type_of


class Record:
    """One entry of the log: position (1, 2, 3, ...), instant, event, and the command id that caused it, if any.

    Records are values: a store hands out its own, and nobody writes to them.
    """

    __slots__ = ("at", "command_id", "event", "position")

    def __init__(self, position: int, at: int, event: Any, command_id: str | None = None) -> None:
        self.position = position
        self.at = at
        self.event = event
        self.command_id = command_id

    @property
    def type(self) -> str:
        return type_of(self.event).name

    @property
    def version(self) -> int:
        return type_of(self.event).version

    @property
    def tags(self) -> tuple[str, ...]:
        return tags_of(self.event)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return (self.position, self.at, self.event, self.command_id) == (
            other.position,
            other.at,
            other.event,
            other.command_id,
        )

    def __hash__(self) -> int:
        return hash((self.position, self.at))

    def __repr__(self) -> str:
        return f"<Record {self.position} {from_micros(self.at).isoformat()} {self.type} {' '.join(self.tags)}>"
