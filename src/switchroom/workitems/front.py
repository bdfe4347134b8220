"""``center.work`` for work with a worktype, ``center.worktypes`` and ``center.workbins``: each method is one operation.

Every method that changes something takes ``command_id``: the same id again gets the first answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from switchroom.clock import Clock
from switchroom.kernel.vertical import Access, VerticalRunner
from switchroom.routing import front as routing_front
from switchroom.routing.fields import Fact
from switchroom.routing.model import WorkItem
from switchroom.routing.requirements import Requirement
from switchroom.routing.runner import Runner
from switchroom.workitems import browsing, changing, closing, either, fairness, setup, shelving, statuses
from switchroom.workitems.browsing import Page
from switchroom.workitems.model import Calendar, Workbin, Worktype
from switchroom.workitems.source_model import Distribution
from switchroom.workitems.state import WorkItems
from switchroom.workitems.statuses import SOURCE
from switchroom.workitems.submitting import find, submit
from switchroom.workitems.trigger_model import WorkTrigger
from switchroom.workitems.views import WorkView, work_view

NAME = "workitems"


class WorkRunner(Runner, VerticalRunner, Protocol):
    """What these fronts need of the center."""


def _origin(from_source: bool) -> str:
    return SOURCE if from_source else ""


class WorkFront(routing_front.WorkFront):
    """Items of every kind, and what work with a worktype can do besides.

    Changes may come from either side: with ``from_source`` a change is the source's own and is not sent back to it.
    ``by``: the agent whose doing it is.
    """

    def __init__(self, runner: WorkRunner, clock: Clock) -> None:
        super().__init__(runner)
        self._work: Access[WorkItems] = Access(runner, NAME)
        self._clock = clock

    def submit(self, item: WorkItem, *, intake: str | None = None, command_id: str | None = None) -> str:
        """Take in a piece of work and return its id. Without a queue of its own, its worktype, the rules of its source
        or the intake rules choose one.

        Refuses unknown queues, a full or closed queue without overflow, a known id, attributes that the worktype does
        not take. What is known by (source, external id) already changes nothing and returns the known id. O(log n).
        """
        if item.worktype is None and item.source is None:
            return super().submit(item, intake=intake, command_id=command_id)
        return self._work.run(submit, item, intake, "", command_id=command_id)

    def view(self, work: str) -> WorkView:
        """Work with a worktype as it is now: status, clocks, place. Closed work is known for as long as its worktype
        says."""
        return self._work.look(lambda w: work_view(w, w.work(work), self._clock.micros()))

    def find(self, source: str, external_id: str) -> WorkView | None:
        """The work that a source's task became, or None."""

        def look(w: WorkItems) -> WorkView | None:
            known = find(w, source, external_id)
            return None if known is None else work_view(w, known, self._clock.micros())

        return self._work.look(look)

    def change(
        self,
        item: str,
        *,
        priority: int | None = None,
        requirement: Requirement | str | None = None,
        attributes: Mapping[str, Fact | Iterable[str] | None] | None = None,
        due: datetime | None = None,
        entered: datetime | None = None,
        expected_version: int | None = None,
        links: Iterable[str] | None = None,
        by: str = "",
        from_source: bool = False,
        command_id: str | None = None,
    ) -> None:
        """Change what is given; the place in the queue or workbin follows at once.

        A requirement replaces the item's own and ends its steps. Attributes merge, None removes one; those of a
        worktype are checked. ``entered`` may be set back, not into the future. ``expected_version`` refuses if the work
        has changed since it was read.
        """
        self._work.run(
            either.change,
            item,
            priority,
            requirement,
            attributes,
            due,
            entered,
            expected_version,
            None if links is None else tuple(links),
            by,
            _origin(from_source),
            command_id=command_id,
        )

    def set_status(
        self,
        work: str,
        status: str,
        *,
        by: str = "",
        reason: str = "",
        expected_version: int | None = None,
        from_source: bool = False,
        command_id: str | None = None,
    ) -> None:
        """Move work to a status; refused with the rule of the worktype that forbids it."""
        origin = _origin(from_source)
        self._work.run(statuses.set_status, work, status, by, reason, origin, expected_version, command_id=command_id)

    def suspend(
        self,
        item: str,
        *,
        reason: str = "",
        until: datetime | None = None,
        by: str = "",
        from_source: bool = False,
        command_id: str | None = None,
    ) -> None:
        """Set work aside until resumed, or until an instant. Out of a queue it holds no place; in an agent's hand it
        stays there and holds the room that its status says."""
        self._work.run(either.suspend, item, reason, until, by, _origin(from_source), command_id=command_id)

    def resume(
        self,
        item: str,
        *,
        queue: str | None = None,
        priority: int | None = None,
        by: str = "",
        from_source: bool = False,
        command_id: str | None = None,
    ) -> None:
        """Let parked, scheduled or suspended work go on: in its queue (or the one given), or in the hand of the agent
        who kept it."""
        self._work.run(either.resume, item, queue, priority, by, _origin(from_source), command_id=command_id)

    def cancel(
        self,
        item: str,
        *,
        reason: str = "",
        by: str = "",
        expected_version: int | None = None,
        from_source: bool = False,
        command_id: str | None = None,
    ) -> None:
        """Withdraw an item; releases everything in the same step."""
        origin = _origin(from_source)
        self._work.run(either.cancel, item, reason, by, origin, expected_version, command_id=command_id)

    def complete(
        self,
        work: str,
        *,
        agent: str | None = None,
        code: str | None = None,
        note: str = "",
        expected_version: int | None = None,
        from_source: bool = False,
        command_id: str | None = None,
    ) -> None:
        """Complete work, in hand (by that agent, if one is named) or wherever it is.

        Refused if its status does not allow it, and without a wrap-up code that the worktype requires.
        """
        origin = _origin(from_source)
        self._work.run(closing.complete, work, agent, code, note, origin, expected_version, command_id=command_id)

    def reopen(
        self,
        work: str,
        *,
        status: str | None = None,
        due: datetime | None = None,
        by: str = "",
        reason: str = "",
        from_source: bool = False,
        command_id: str | None = None,
    ) -> None:
        """Let closed work go on where it was, with a new service level; its last agent is asked first."""
        origin = _origin(from_source)
        self._work.run(closing.reopen, work, status, due, by, reason, origin, command_id=command_id)

    def note(
        self, work: str, text: str, *, by: str = "", from_source: bool = False, command_id: str | None = None
    ) -> None:
        """Add a note for those who handle the work."""
        self._work.run(changing.add_note, work, text, by, _origin(from_source), command_id=command_id)

    def link(
        self, work: str, *links: str, by: str = "", from_source: bool = False, command_id: str | None = None
    ) -> None:
        """Add addresses of documents."""
        self._work.run(changing.add_links, work, links, by, _origin(from_source), command_id=command_id)


class WorktypesFront:
    """Worktypes, and what they refer to: calendars, distributions, triggers."""

    def __init__(self, runner: VerticalRunner) -> None:
        self._work: Access[WorkItems] = Access(runner, NAME)

    def save(self, spec: Worktype, *, command_id: str | None = None) -> None:
        """Add or change a worktype; work that is there follows it. Linear in that work."""
        self._work.run(setup.save_worktype, spec, command_id=command_id)

    def save_calendar(self, spec: Calendar, *, command_id: str | None = None) -> None:
        """Add or change working hours; clocks that run go by them from now on."""
        self._work.run(setup.save_calendar, spec, command_id=command_id)

    def save_distribution(self, spec: Distribution, *, command_id: str | None = None) -> None:
        """Add or change the shares by which work is spread over queues."""
        self._work.run(setup.save_distribution, spec, command_id=command_id)

    def save_trigger(self, spec: WorkTrigger, *, command_id: str | None = None) -> None:
        """Add or change a trigger. Runs that wait go on with the new steps, or end if their step is gone."""
        self._work.run(setup.save_trigger, spec, command_id=command_id)

    def get(self, worktype: str) -> Worktype:
        """The settings of a worktype."""
        return self._work.look(lambda w: w.worktype(worktype))

    def ids(self) -> tuple[str, ...]:
        """The ids of the worktypes, sorted; ``item`` is that of items without one."""
        return self._work.look(lambda w: tuple(sorted(w.worktypes)))

    def spread(self, distribution: str) -> tuple[fairness.Spread, ...]:
        """How work was spread so far: for each queue its share, and what it got."""
        return self._work.look(lambda w: fairness.spread(w, distribution))


class WorkbinsFront:
    """Workbins: browse, claim, return, hand on.

    A name is that of a workbin that was saved, ``agent:ID``, ``team:ID``, or ``supervisor:TEAM``.
    """

    def __init__(self, runner: VerticalRunner, clock: Clock) -> None:
        self._work: Access[WorkItems] = Access(runner, NAME)
        self._clock = clock

    def save(self, spec: Workbin, *, command_id: str | None = None) -> None:
        """Add or change a workbin."""
        self._work.run(setup.save_workbin, spec, command_id=command_id)

    def ids(self) -> tuple[str, ...]:
        """The workbins that were saved and those that hold work, sorted."""
        return self._work.look(lambda w: tuple(sorted({*w.workbins, *w.bins})))

    def count(self, workbin: str) -> int:
        """How many pieces of work are in a workbin."""
        return self._work.look(lambda w: browsing.count(w, workbin))

    def page(
        self,
        workbin: str,
        *,
        agent: str,
        where: Requirement | str | None = None,
        sort: str = "due",
        backwards: bool = False,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """What an agent sees in a workbin, a page at a time.

        ``where``: a condition in the words of requirements over attributes and ``worktype``, ``status``, ``category``,
        ``priority``, ``overdue``, ``source``, ``contact``, ``division``. ``sort``: due, priority (as it is now),
        submitted, or an attribute. ``after``: the ``next`` of the page before. Refuses an agent who may not look.
        """
        return self._work.look(
            lambda w: browsing.page(w, self._clock.micros(), workbin, agent, where, sort, backwards, limit, after)
        )

    def put(
        self, work: str, workbin: str, *, by: str | None = None, reason: str = "", command_id: str | None = None
    ) -> None:
        """Put work into a workbin, from wherever it is; ``by`` an agent, it is refused unless that agent may."""
        self._work.run(shelving.put, work, workbin, by, reason, command_id=command_id)

    def claim(self, work: str, *, agent: str, over_capacity: bool = False, command_id: str | None = None) -> str:
        """Take work out of its workbin; returns the id of the assignment. Of two who claim the same, one wins."""
        return self._work.run(shelving.claim, work, agent, over_capacity, command_id=command_id)

    def give_back(self, work: str, *, agent: str, reason: str = "", command_id: str | None = None) -> None:
        """Return work in hand to the workbin or queue that it came from."""
        self._work.run(shelving.give_back, work, agent, reason, command_id=command_id)
