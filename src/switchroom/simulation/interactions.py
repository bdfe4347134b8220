"""Interactions as they were recorded: who came when, how long they waited, who answered, how long it took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import attrs

from switchroom.durations import Micros, instant, to_micros
from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_id, to_optional_id, to_whole

ANSWERED: Final = "answered"
ABANDONED: Final = "abandoned"
OTHER: Final = "other"
OUTCOMES: Final = (ANSWERED, ABANDONED, OTHER)
"""Answered by an agent; left while waiting; anything else: served by a machine, sent away, lost by the switch."""


def _to_instant(value: datetime | str) -> datetime:
    return instant(value, field="at")


def _to_optional_instant(value: datetime | str | None) -> datetime | None:
    return None if value is None else instant(value, field="at")


def _to_outcome(value: str) -> str:
    if value not in OUTCOMES:
        raise InvalidInput("outcome", "unknown", value, hint=f"one of {', '.join(OUTCOMES)}")
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("interaction"))
class Interaction:
    """One interaction: it entered the queue of its ``type`` at ``queued``, left it at ``left``, answered by ``agent``,
    who was done with it at ``ended``, or not answered. ``line``: where it stands in its file."""

    id: str = attrs.field(converter=to_id)
    type: str = attrs.field(converter=to_id)
    queued: datetime = attrs.field(converter=_to_instant)
    left: datetime = attrs.field(converter=_to_instant)
    outcome: str = attrs.field(default=ANSWERED, converter=_to_outcome)
    agent: str | None = attrs.field(default=None, converter=to_optional_id)
    ended: datetime | None = attrs.field(default=None, converter=_to_optional_instant)
    priority: int = attrs.field(default=0, converter=to_whole)
    medium: str = attrs.field(default="voice", converter=to_id)
    line: int = 0

    def __attrs_post_init__(self) -> None:
        if self.left < self.queued or (self.ended is not None and self.ended < self.left):
            raise InvalidInput("interaction.left", "order", hint="it leaves the queue after it enters, and ends after")
        if self.outcome == ANSWERED and (self.agent is None or self.ended is None):
            raise InvalidInput("interaction.agent", "missing", hint="what is answered has an agent and an end")

    @property
    def wait(self) -> timedelta:
        """From entering the queue until answered or gone."""
        return self.left - self.queued

    @property
    def handle(self) -> timedelta | None:
        """How long its agent was busy with it; None if nobody was."""
        return None if self.ended is None or self.outcome != ANSWERED else self.ended - self.left

    @property
    def queued_us(self) -> Micros:
        """The same in microseconds since 1970."""
        return to_micros(self.queued)

    @property
    def left_us(self) -> Micros:
        """The same in microseconds since 1970."""
        return to_micros(self.left)


def in_order(interactions: Iterable[Interaction]) -> tuple[Interaction, ...]:
    """By entry to the queue; those of one instant by id."""
    return tuple(sorted(interactions, key=lambda one: (one.queued, one.id)))
