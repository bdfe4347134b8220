"""``center.insight``: the questions that a center answers. Nothing here changes anything."""

from __future__ import annotations

import attrs

from switchroom.durations import DurationLike
from switchroom.errors import InvalidInput
from switchroom.kernel.records import Record
from switchroom.routing import estimates, explain, preview
from switchroom.routing.estimate_error import EstimateError, estimate_error
from switchroom.routing.estimates import Estimate
from switchroom.routing.events import OfferMade
from switchroom.routing.explain_values import Decision, WhyNot
from switchroom.routing.history import History, offer_record, rebuild, record_at
from switchroom.routing.lint import Finding, lint
from switchroom.routing.model import WorkItem
from switchroom.routing.preview import Preview
from switchroom.routing.requirements import Requirement


class InsightFront:
    """Explanations, previews, positions, expected waits and static checks."""

    def __init__(self, runner: History) -> None:
        self._runner = runner
        self._look = runner.look

    def explain(self, item: str) -> Decision:
        """Who may take a waiting or offered item now, who comes first and why, and what time will change.

        Refuses an item that is in no queue (NotAllowed); the decision that assigned it is ``explain_offer`` with the
        id of the assignment. Linear in the members of the queue.
        """
        return self._look(lambda r, now: explain.explain_item(r, now, item))

    def why_not(self, item: str, agent: str) -> WhyNot:
        """Why an agent is not given a waiting or offered item: what fails, or who comes first and by what."""
        return self._look(lambda r, now: explain.why_not(r, now, item, agent))

    def explain_offer(self, offer: str) -> Decision:
        """Why an offer went to its agent, from the state just before it. For offers long ended, too.

        Rebuilds that state from the log: O(log). Functions of the embedder's are called again, and may say something
        else than they said then. Refuses an unknown offer, and a log whose beginning is gone.
        """
        return self._explain_record(offer_record(self._runner, offer))

    def explain_decision(self, position: int) -> Decision:
        """The same for the record at a position of the log, which must be of an offer made."""
        return self._explain_record(record_at(self._runner, position))

    def _explain_record(self, record: Record) -> Decision:
        made = record.event
        if not isinstance(made, OfferMade):
            raise InvalidInput("position", "no_decision", record.position, hint=f"a {record.type} is no offer made")
        _, before = rebuild(self._runner, record.position)
        return explain.explain_past(before, record.at, made)

    def preview(self, item: str | WorkItem, *, after: DurationLike = 0, intake: str | None = None) -> Preview:
        """Who would get an item (by id, or work not submitted) now, and ``after`` a time if nobody answers and
        nothing else arrives. On a copy, which costs O(log)."""
        return preview.preview(self._runner, item, after, intake)

    def position(self, item: str) -> int:
        """The 1-based place of an item in its queue, offered items included. O(classes x log n + offers out)."""
        return self._look(lambda r, now: estimates.position(r, item))

    def estimate(self, item: str) -> Estimate:
        """The wait that remains for an item, with its range and method. Linear in the members of the queue."""
        return self._look(lambda r, now: estimates.estimate(r, now, item))

    def estimate_for_queue(
        self, queue: str, *, priority: int = 0, requirement: Requirement | str | None = None, medium: str = "workitem"
    ) -> Estimate:
        """The wait that a new item of this priority, requirement and medium would have."""
        needed = Requirement.of(requirement)
        return self._look(lambda r, now: estimates.estimate_for_queue(r, now, queue, priority, needed, medium))

    def estimate_error(self) -> EstimateError:
        """How far off the estimates at entry were, over the whole log. O(log) and an estimate for each item."""
        return estimate_error(self._runner.events(), self._runner.fresh)

    def lint(self) -> tuple[Finding, ...]:
        """The static check of the queues, agents, intake rules and waiting work of the center."""
        return self._look(
            lambda r, now: lint(
                queues=[queue.spec for queue in r.queues.values()],
                agents=[agent.spec for agent in r.agents.values()],
                intakes=list(r.intakes.values()),
                items=[
                    attrs.evolve(item.work, id=item.id, queue=item.queue.id)
                    for item in r.items.values()
                    if item.queue is not None and item.state in ("waiting", "offered")
                ],
            )
        )
