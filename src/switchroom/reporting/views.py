"""The questions that a ledger answers; the center's front answers the same ones about its own log."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from switchroom.durations import DurationLike, Micros
from switchroom.reporting.activity_view import activity_rows, agent_activity_rows
from switchroom.reporting.agent_view import agent_rows
from switchroom.reporting.campaigns import CampaignRow, campaign_rows
from switchroom.reporting.hand_views import transfer_rows, wrap_up_rows
from switchroom.reporting.queue_view import queue_rows
from switchroom.reporting.rows import (
    ActivityRow,
    AgentActivityRow,
    AgentRow,
    PresenceRow,
    QueueRow,
    SkillRow,
    Totals,
    TransferRow,
    WrapUpRow,
)
from switchroom.reporting.segments import SegmentRow, segment_rows
from switchroom.reporting.skill_view import presence_rows, skill_rows
from switchroom.reporting.state import State
from switchroom.reporting.sums import totals
from switchroom.reporting.talks import ConversationRow, QualityRow, conversation_rows, quality_rows
from switchroom.reporting.tasks import TaskRow, task_rows
from switchroom.reporting.where import EVERYTHING, Where

R = TypeVar("R")


class Views(ABC):
    """Every view takes a filter. ``by`` names what rows are grouped by; ``every`` cuts time into intervals of that
    length, such as ``"15m"``, ``"1h"`` or ``"1d"``, by the clock of ``zone``. Linear in the intervals asked about."""

    @abstractmethod
    def _ask(self, where: Where, question: Callable[[State, Micros, Where], R], *, whole: bool = False) -> R:
        """Answer a question about what is counted, the instant up to which, and what of it is asked about. ``whole``:
        the view knows no divisions."""

    def queues(
        self,
        where: Where = EVERYTHING,
        *,
        by: Sequence[str] = ("queue",),
        every: DurationLike | None = None,
        zone: str = "UTC",
    ) -> tuple[QueueRow, ...]:
        """Queue performance, by any of queue, medium, channel and division; ``every`` cuts it into intervals of that
        length, such as ``"15m"``, ``"1h"`` or ``"1d"``, by the clock of ``zone``."""
        return self._ask(where, lambda s, now, where: queue_rows(s, now, where, by, every, zone))

    def agents(
        self,
        where: Where = EVERYTHING,
        *,
        by: Sequence[str] = ("agent",),
        every: DurationLike | None = None,
        zone: str = "UTC",
    ) -> tuple[AgentRow, ...]:
        """Agent performance, by any of agent, team and division, and by queue, medium and channel of the work."""
        return self._ask(where, lambda s, now, where: agent_rows(s, now, where, by, every, zone))

    def skills(
        self, where: Where = EVERYTHING, *, every: DurationLike | None = None, zone: str = "UTC"
    ) -> tuple[SkillRow, ...]:
        """Demand and supply of each skill. Work that asks for two skills counts for both."""
        return self._ask(where, lambda s, now, where: skill_rows(s, now, where, every, zone))

    def wrap_ups(
        self,
        where: Where = EVERYTHING,
        *,
        by: Sequence[str] = ("queue",),
        every: DurationLike | None = None,
        zone: str = "UTC",
    ) -> tuple[WrapUpRow, ...]:
        """Wrap-up performance: each code, by any of queue, medium, channel, division, agent and team."""
        return self._ask(where, lambda s, now, where: wrap_up_rows(s, now, where, by, every, zone))

    def transfers(
        self,
        where: Where = EVERYTHING,
        *,
        by: Sequence[str] = ("queue",),
        every: DurationLike | None = None,
        zone: str = "UTC",
    ) -> tuple[TransferRow, ...]:
        """Transfers by kind, of those who handed on; by the same names as wrap-ups."""
        return self._ask(where, lambda s, now, where: transfer_rows(s, now, where, by, every, zone))

    def presences(
        self, where: Where = EVERYTHING, *, every: DurationLike | None = None, zone: str = "UTC"
    ) -> tuple[PresenceRow, ...]:
        """How long each agent was in each presence, offline apart."""
        return self._ask(where, lambda s, now, where: presence_rows(s, now, where, every, zone))

    def conversations(
        self, where: Where = EVERYTHING, *, every: DurationLike | None = None, zone: str = "UTC"
    ) -> tuple[ConversationRow, ...]:
        """Conversations and their messages, by line and channel; of the filters, channels and time apply."""
        return self._ask(where, lambda s, now, where: conversation_rows(s, now, where, every, zone), whole=True)

    def quality(
        self, where: Where = EVERYTHING, *, every: DurationLike | None = None, zone: str = "UTC"
    ) -> tuple[QualityRow, ...]:
        """Sampled and evaluated conversations, by form and agent; of the filters, agents and time apply."""
        return self._ask(where, lambda s, now, where: quality_rows(s, now, where, every, zone), whole=True)

    def campaigns(
        self, where: Where = EVERYTHING, *, every: DurationLike | None = None, zone: str = "UTC"
    ) -> tuple[CampaignRow, ...]:
        """What campaigns sent and what came of it; of the filters, time applies."""
        return self._ask(where, lambda s, now, where: campaign_rows(s, now, where, every, zone), whole=True)

    def tasks(
        self, where: Where = EVERYTHING, *, every: DurationLike | None = None, zone: str = "UTC"
    ) -> tuple[TaskRow, ...]:
        """Work items and their service level, by worktype; of the filters, time applies."""
        return self._ask(where, lambda s, now, where: task_rows(s, now, where, every, zone), whole=True)

    def segments(
        self, where: Where = EVERYTHING, *, every: DurationLike | None = None, zone: str = "UTC"
    ) -> tuple[SegmentRow, ...]:
        """How distributions spread work over queues, and how evenly their agents shared it; of the filters, queues,
        agents and time apply."""
        return self._ask(where, lambda s, now, where: segment_rows(s, now, where, every, zone), whole=True)

    def activity(self, where: Where = EVERYTHING, *, by: Sequence[str] = ("queue",)) -> tuple[ActivityRow, ...]:
        """How the queues stand: waiting, in progress, the oldest. Linear in open work."""
        return self._ask(where, lambda s, now, where: activity_rows(s, now, where, by))

    def agent_activity(self, where: Where = EVERYTHING) -> tuple[AgentActivityRow, ...]:
        """Where each agent is, and with how much work. Linear in agents and work in hand."""
        return self._ask(where, lambda s, now, where: agent_activity_rows(s, now, where))

    def totals(self, where: Where = EVERYTHING) -> Totals:
        """What happened in all, in a time; other filters do not apply."""
        return self._ask(where, lambda s, now, where: totals(s, now, where), whole=True)
