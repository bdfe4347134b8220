"""The state of the fold: the counters by interval, and work and agents as they are now."""

from __future__ import annotations

from typing import Any

from switchroom.durations import Micros
from switchroom.reporting.cells import TimeCell
from switchroom.reporting.contacts import Contacts
from switchroom.reporting.intervals import Intervals
from switchroom.reporting.lines import Hand, Lines
from switchroom.reporting.open_work import OpenAgent, OpenAssignment, OpenItem, OpenTalk, OpenTask
from switchroom.routing.model import Presence
from switchroom.routing.queue_model import Queue

STAFFED = frozenset({Presence.ON_QUEUE, Presence.DRAINING})
"""Presences in which an agent is there for work; in any other, time with work in hand counts, too."""


class State:
    """What the folding functions write to."""

    def __init__(self, width_us: Micros, keep: int, window_us: Micros) -> None:
        self.intervals = Intervals(width_us, keep)
        self.lines = Lines()
        self.items: dict[str, OpenItem] = {}
        self.offers: dict[str, Hand] = {}
        self.transfers: dict[str, Hand] = {}
        self.assignments: dict[str, OpenAssignment] = {}
        self.agents: dict[str, OpenAgent] = {}
        self.queues: dict[str, Queue] = {}
        self.within_us: dict[str, Micros] = {}
        self.contacts = Contacts(window_us)
        self.conversations: dict[str, tuple[str, bool]] = {}
        self.talks: dict[str, OpenTalk] = {}
        self.works: dict[str, OpenTask] = {}
        self.shares: dict[str, list[dict[str, float]]] = {}
        """By distribution: the shares of its queues, those in force last."""

    def tally(self, view: str, key: tuple[str | None, ...], name: str, count: int = 1) -> None:
        """Count something in a view that only counts."""
        self.intervals.present.tallies[view, key][name] += count

    def hand(self, item: OpenItem, agent: str) -> Hand:
        """An agent at work for the line of an item."""
        post = self.agents[agent].post
        return item.line.hands.get(post) or item.line.hand(post)

    def pass_time(self, agent: OpenAgent, now: Micros) -> None:
        """Count the time of an agent since the last change."""
        since = agent.since_us
        if since == now:
            return
        agent.since_us = now
        if not agent.held and agent.presence == Presence.OFFLINE:
            return
        intervals = self.intervals
        if since >= intervals.start_us:
            spend(intervals.present.times[agent.post], agent, now - since)
            return
        for start, span in intervals.spread(since, now):
            spend(intervals.at(start).times[agent.post], agent, span)

    def dump(self) -> dict[str, Any]:
        """Everything as plain data: equal for equal logs."""
        pieces = [(0, self.intervals.before), *self.intervals]
        return {
            "intervals": {start: interval.dump() for start, interval in pieces},
            "items": {
                id: (item.line.key, item.since_us, item.agent, item.party, item.once, item.completed)
                for id, item in self.items.items()
            },
            "offers": {id: hand.key for id, hand in self.offers.items()},
            "transfers": {id: hand.key for id, hand in self.transfers.items()},
            "assignments": {
                id: (held.hand.key, held.item, held.begun_us, held.done_us, held.completed)
                for id, held in self.assignments.items()
            },
            "agents": {
                id: (agent.post.key, agent.presence, agent.presence_us, agent.since_us, agent.held)
                for id, agent in self.agents.items()
            },
            "targets": dict(self.within_us),
            "contacts": self.contacts.dump(),
            "talks": {id: (talk.line, talk.reopened, talk.asked_us) for id, talk in self.talks.items()},
            "works": {id: (work.worktype, work.start_us, work.overdue) for id, work in self.works.items()},
            "shares": {id: list(versions) for id, versions in self.shares.items()},
        }


def spend(cell: TimeCell, agent: OpenAgent, span: Micros) -> None:
    """Count a time in which an agent did not change."""
    held, presence = agent.held, agent.presence
    if held:
        cell.busy_us += span
        cell.load_us += span * held
        cell.staffed_us += span
        if held > cell.most:
            cell.most = held
    elif presence in STAFFED:
        cell.staffed_us += span
    cell.presences[presence] = cell.presences.get(presence, 0) + span
