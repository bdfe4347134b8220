"""Work and agents as they are at the end of what was folded: the part of a ledger that does not grow with time."""

from __future__ import annotations

from switchroom.durations import Micros
from switchroom.reporting.lines import Hand, Line, Post
from switchroom.routing.model import Agent, Presence, WorkItem
from switchroom.routing.requirements import Requirement

NOT_WAITING = -1


class OpenItem:
    """An item that may still go on. ``since_us``: when its stay began, or `NOT_WAITING`; ``agent``: the first who had
    it; ``sender``: who handed it on last; ``once``: nobody else had it, and its contact had not been here before."""

    __slots__ = ("agent", "completed", "line", "once", "party", "reopened", "requirement", "sender", "since_us", "work")

    def __init__(self, work: WorkItem, line: Line) -> None:
        self.work = work
        self.line = line
        self.since_us = NOT_WAITING
        self.requirement: Requirement | None = None
        self.agent: str | None = None
        self.sender: Hand | None = None
        self.party: str | None = None
        self.once = True
        self.completed = self.reopened = False


class OpenAssignment:
    """Work in the hands of an agent. ``done_us``: when after-call work began, 0 before; ``completed``: the work is
    done, and not handed on."""

    __slots__ = ("begun_us", "completed", "done_us", "hand", "item")

    def __init__(self, hand: Hand, item: str, begun_us: int) -> None:
        self.hand = hand
        self.item = item
        self.begun_us = begun_us
        self.done_us = 0
        self.completed = False


class OpenAgent:
    """An agent: where, since when that was counted, and how much work in hand."""

    __slots__ = ("held", "post", "presence", "presence_us", "since_us", "spec")

    def __init__(self, post: Post, at: int) -> None:
        self.post = post
        self.spec: Agent | None = None
        self.presence: str = Presence.OFFLINE
        self.presence_us = self.since_us = at
        self.held = 0


class OpenTalk:
    """A conversation that may still go on. ``asked_us``: when its customer wrote what no agent has answered, or 0."""

    __slots__ = ("asked_us", "channel", "line", "reopened")

    def __init__(self, line: str, channel: str) -> None:
        self.line = line
        self.channel = channel
        self.reopened = False
        self.asked_us = 0


class OpenTask:
    """Work of a worktype that may still go on. ``start_us``: when its clock started; ``overdue``: since that start."""

    __slots__ = ("closed", "overdue", "start_us", "worktype")

    def __init__(self, worktype: str, start_us: Micros) -> None:
        self.worktype = worktype
        self.start_us = start_us
        self.overdue = self.closed = False
