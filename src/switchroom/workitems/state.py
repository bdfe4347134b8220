"""The state of work: every record, its clock, and the shelf that it stands on.

What each event does to them is in ``apply_setup`` (configuration) and ``apply_work``; appliers decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.errors import UnknownId
from switchroom.kernel.answers import canonical
from switchroom.kernel.outbox import Outbox
from switchroom.routing.fields import micros
from switchroom.routing.hours import OpeningHours
from switchroom.routing.state import Routing
from switchroom.workitems import clocks
from switchroom.workitems.bins import Bin
from switchroom.workitems.events import TriggerWaits
from switchroom.workitems.model import Calendar, TimeRule, Workbin, Worktype
from switchroom.workitems.records import WorkRecord
from switchroom.workitems.source_model import Distribution, Source
from switchroom.workitems.trigger_model import WorkTrigger

PLAIN = "item"
"""The worktype of items that were submitted without one and are put into a workbin."""

WORK = "work"
"""The kind of the one deadline that each piece of work has."""


class TriggerRun:
    """A trigger that waits, for a time or for something outside."""

    __slots__ = ("effect", "id", "step", "trigger", "until_us", "work")

    def __init__(self, e: TriggerWaits) -> None:
        self.id = e.run
        self.work = e.work
        self.trigger = e.trigger
        self.step = e.step
        self.until_us = e.until_us
        self.effect = e.effect


class WorkItems:
    """All the tables. Holds the states that it works on: routing and the outbox."""

    def __init__(self, routing: Routing, outbox: Outbox) -> None:
        self.routing = routing
        self.outbox = outbox
        self.deadlines = routing.deadlines
        self.activate: Callable[[], None] = _nothing
        """Called with the first worktype, or the first work: from then on it listens to routing."""
        self.listening = False
        self.expecting: str | None = None
        """The item that is being submitted to routing for work whose own event comes next."""
        self.worktypes: dict[str, Worktype] = {PLAIN: Worktype(PLAIN, extras=True)}
        self.calendars: dict[str, Calendar] = {}
        self.workbins: dict[str, Workbin] = {}
        self.sources: dict[str, Source] = {}
        self.distributions: dict[str, Distribution] = {}
        self.triggers: dict[str, WorkTrigger] = {}
        self.works: dict[str, WorkRecord] = {}
        self.by_item: dict[str, str] = {}
        """Items other than that of the first stay, which has the id of the work."""
        self.by_external: dict[tuple[str, str], str] = {}
        self.bins: dict[str, Bin] = {}
        self.given: dict[str, dict[str, int]] = {}
        """By distribution: how many items each queue got."""
        self.runs: dict[str, TriggerRun] = {}
        self.by_effect: dict[str, str] = {}
        self.count = 0
        self.run_count = 0

    # -- finding things

    def known(self, id: str) -> WorkRecord | None:
        """The work of this id; None if there is none, whatever is given for an id."""
        try:
            return self.works.get(id)
        except TypeError:
            return None

    def work(self, id: str) -> WorkRecord:
        try:
            return self.works[id]
        except (KeyError, TypeError):
            raise UnknownId("work", str(id)) from None

    def worktype(self, id: str) -> Worktype:
        try:
            return self.worktypes[id]
        except (KeyError, TypeError):
            raise UnknownId("worktype", str(id)) from None

    def source(self, id: str) -> Source:
        try:
            return self.sources[id]
        except (KeyError, TypeError):
            raise UnknownId("source", str(id)) from None

    def of_item(self, item: str) -> WorkRecord | None:
        """The work that an item of routing stands for now; None for other items, and for items of earlier stays."""
        work = self.works.get(item)
        if work is None or work.item != item:
            work = self.works.get(self.by_item.get(item, ""))
        return work if work is not None and work.item == item else None

    def hours(self, calendar: str | None) -> OpeningHours | None:
        """The hours of a calendar; None without one: all time counts."""
        return None if calendar is None else self.calendars[calendar].hours

    def instant(self, rule: TimeRule, start_us: int) -> int | None:
        """The instant of a rule."""
        return clocks.instant_of(rule, start_us, self.hours(rule.calendar))

    # -- clocks

    def used(self, work: WorkRecord, now: int) -> int:
        """How much of its service level work has used: microseconds for which its clock has run."""
        sla = work.spec.sla
        if work.running_us is None or sla is None:
            return work.used_us
        return work.used_us + clocks.worked(self.hours(sla.calendar), work.running_us, now)

    def reached(self, work: WorkRecord, share: float) -> int | None:
        """The instant at which this share of the service level is used, if the clock runs on; None if it stands."""
        sla = work.spec.sla
        if work.running_us is None or sla is None:
            return None
        return clocks.reach(self.hours(sla.calendar), work.running_us, round(micros(sla.target) * share) - work.used_us)

    def added(self, work: WorkRecord, now: int) -> int:
        """The points that the curve adds to the priority now."""
        sla = work.spec.sla
        if sla is None or sla.curve is None:
            return 0
        return sla.curve.added(self.used(work, now) / micros(sla.target))

    def standing(self, work: WorkRecord) -> int | None:
        """The priority of work whose clock does not raise it; None if it does."""
        sla = work.spec.sla
        if sla is None or sla.curve is None:
            return work.priority
        return None if work.running_us is not None else self.priority(work, 0)

    def priority(self, work: WorkRecord, now: int) -> int:
        """The priority with what the curve has added by now."""
        return work.priority + max(work.added, self.added(work, now))

    def set_clock(self, work: WorkRecord, at: int, start: int) -> None:
        """Let the clock run or stand as the status says, from ``start`` on; a due date that follows it moves along."""
        runs = work.status.runs and work.spec.sla is not None
        if runs and work.running_us is None:
            work.running_us = start
        elif not runs and work.running_us is not None:
            work.used_us = self.used(work, at)
            work.running_us = None
        work.end_us = self.reached(work, 1.0)
        rule = work.status.automatic
        instants = sorted((due, r.to) for r in rule if (due := self.instant(r, at)) is not None)
        work.auto = instants[0] if instants else None

    def arm(self, work: WorkRecord, at: int) -> None:
        """Set the one deadline of a piece of work: the next instant at which time alone does something."""
        due = self.next_instant(work)
        if due is None:
            self.deadlines.cancel((WORK, work.id))
        else:
            self.deadlines.set((WORK, work.id), max(due, at + 1))

    def next_instant(self, work: WorkRecord) -> int | None:
        """When time alone does something to the work next: it may lie in the past."""
        if work.closed_us is not None:
            over = work.closed_us + micros(work.spec.reopen_for)
            return over if work.auto is None else min(over, work.auto[0])
        found = [work.until_us, None if work.overdue else self.due(work)]
        if work.agent is None:
            found.append(work.expires_us)
        if work.auto is not None:
            found.append(work.auto[0])
        sla = work.spec.sla
        if sla is not None and work.running_us is not None:
            share = next((rule.share for rule in sla.rules if rule.name not in work.fired), None)
            found.append(None if share is None else self.reached(work, share))
            if sla.curve is not None and work.bin is None:
                stair = sla.curve.next_share(work.added)
                found.append(None if stair is None else self.reached(work, stair))
        return min((instant for instant in found if instant is not None), default=None)

    def due(self, work: WorkRecord) -> int | None:
        """When work is due: its own date, else the end of its service level."""
        return work.end_us if work.due_us is None else work.due_us

    # -- workbins

    def bin(self, name: str) -> Bin:
        """The contents of a workbin, made when first needed."""
        found = self.bins.get(name)
        if found is None:
            found = self.bins[name] = Bin(name)
        return found

    def lift(self, work: WorkRecord) -> Bin | None:
        """Take work off its shelf, before anything changes that its place follows from."""
        bin = work.bin
        if bin is not None:
            bin.drop(work)
            if not bin.works:
                del self.bins[bin.id]
        return bin

    def lay(self, work: WorkRecord, bin: Bin | None) -> None:
        if bin is not None:
            self.bins[bin.id] = bin
            bin.file(work, self.due(work), self.standing(work))

    def refile(self, work: WorkRecord, at: int) -> None:
        bin = self.lift(work)
        work.end_us = self.reached(work, 1.0)
        self.lay(work, bin)
        self.arm(work, at)

    def listen(self) -> None:
        """Begin to listen to routing, if that has not begun."""
        if not self.listening:
            self.listening = True
            self.activate()

    def is_used(self) -> bool:
        """Whether there is anything to know."""
        return bool(self.count or len(self.worktypes) > 1 or any(self.specs()[:3]) or self.sources)

    # -- as plain data

    def dump(self) -> dict[str, Any]:
        return {
            "works": {w.id: dump_work(w) for w in sorted(self.works.values(), key=lambda w: w.id)},
            "by_item": sorted(self.by_item.items()),
            "by_external": sorted(self.by_external.items()),
            "bins": {id: _dump_bin(bin) for id, bin in sorted(self.bins.items())},
            "given": sorted((id, sorted(counts.items())) for id, counts in self.given.items()),
            "runs": {id: [r.work, r.trigger, r.step, r.until_us, r.effect] for id, r in sorted(self.runs.items())},
            "specs": [[id, canonical(spec)] for table in self.specs() for id, spec in sorted(table.items())],
            "count": [self.count, self.run_count],
        }

    def specs(self) -> tuple[dict[str, Any], ...]:
        """The tables of specs, in the order in which they may refer to each other."""
        return (self.calendars, self.workbins, self.distributions, self.worktypes, self.sources, self.triggers)


DUMPED = tuple(s for s in WorkRecord.__slots__ if s not in ("spec", "status", "bin", "entries", "attributes", "fired"))


def dump_work(work: WorkRecord) -> list[Any]:
    return [
        *(getattr(work, name) for name in DUMPED),
        [work.spec.id, work.status.id, work.bin and work.bin.id, sorted(work.fired)],
        canonical(work.attributes),
    ]


def _dump_bin(bin: Bin) -> list[Any]:
    ranks = [[list(key), [e[2].id for e in entries]] for key, entries in sorted(bin.ranks.items())]
    return [[e[2].id for e in bin.by_due], ranks]


def _nothing() -> None:
    """Nothing is listened to yet."""
