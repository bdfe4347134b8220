"""The public namespaces of routing: ``center.queues``, ``center.agents``, ``center.work``, ``center.offers``,
``center.assignments``. Each method is one operation.

Every method that changes something takes ``command_id``: the same id again gets the first answer (for a day) instead
of doing it again, and the same id with other contents is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from switchroom.durations import duration
from switchroom.routing import after_call, agents, escalation, intake, offers, queues, transfers, work
from switchroom.routing.fields import Fact, Span
from switchroom.routing.floor import expedited_by_phase
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Agent, Membership, Presence, Team, WorkItem
from switchroom.routing.queue_model import Queue
from switchroom.routing.records import ItemRecord
from switchroom.routing.requirements import Requirement
from switchroom.routing.runner import Runner
from switchroom.routing.views import (
    AgentView,
    AssignmentView,
    ItemView,
    OfferView,
    QueueView,
    agent_view,
    assignment_view,
    item_view,
    offer_view,
    queue_view,
)


class QueuesFront:
    """Queues: settings, hours, what waits."""

    def __init__(self, runner: Runner) -> None:
        self._run = runner.run
        self._look = runner.look

    def add(self, queue: Queue, *, command_id: str | None = None) -> None:
        """Add a queue. Refuses a known id, unknown queues and functions that it names, circles of overflow."""
        self._run(queues.save, queue, True, command_id=command_id)

    def change(self, queue: Queue, *, command_id: str | None = None) -> None:
        """Replace the settings of a queue (``attrs.evolve`` makes the new ones); waiting work is placed anew."""
        self._run(queues.save, queue, False, command_id=command_id)

    def remove(self, queue: str, *, command_id: str | None = None) -> None:
        """Remove an empty queue."""
        self._run(queues.remove, queue, command_id=command_id)

    def switch(self, queue: str, on: bool, *, command_id: str | None = None) -> None:
        """Switch a queue on or off: switched off it hands out nothing."""
        self._run(queues.switch, queue, on, command_id=command_id)

    def save_intake(self, spec: Intake, *, command_id: str | None = None) -> None:
        """Add or replace intake rules; those called ``default`` are used where none is named."""
        self._run(intake.save, spec, command_id=command_id)

    def get(self, queue: str) -> QueueView:
        """The queue as it is now."""
        return self._look(lambda r, now: queue_view(r.queue(queue)))

    def settings(self, queue: str) -> Queue:
        """The settings of a queue."""
        return self._look(lambda r, now: r.queue(queue).spec)

    def ids(self) -> tuple[str, ...]:
        """The ids of all queues, sorted."""
        return self._look(lambda r, now: tuple(sorted(r.queues)))

    def waiting(self, queue: str) -> tuple[str, ...]:
        """The ids of waiting items (those offered included), next first. O(n log n)."""
        return self._look(lambda r, now: tuple(i.id for i in sorted(r.queue(queue).items.values(), key=_order)))


def _order(item: ItemRecord) -> tuple[bool, int, int, int]:
    return (not (item.expedited or expedited_by_phase(item)), *item.key)


class AgentsFront:
    """Agents: who they are, and whether they are there."""

    def __init__(self, runner: Runner) -> None:
        self._run = runner.run
        self._look = runner.look

    def add(self, agent: Agent, *, command_id: str | None = None) -> None:
        """Add an agent, offline. Refuses a known id and unknown queues."""
        self._run(agents.save, agent, True, command_id=command_id)

    def change(self, agent: Agent, *, command_id: str | None = None) -> None:
        """Replace what is known of an agent; work in hand stays, offers that no longer fit are revoked."""
        self._run(agents.save, agent, False, command_id=command_id)

    def remove(self, agent: str, *, command_id: str | None = None) -> None:
        """Remove an agent who holds no work."""
        self._run(agents.remove, agent, command_id=command_id)

    def set_skills(self, agent: str, skills: Mapping[str, float | None], *, command_id: str | None = None) -> None:
        """Set the levels of the skills named; None takes one away."""
        self._run(agents.set_skills, agent, skills, command_id=command_id)

    def join(self, agent: str, membership: Membership | str, *, command_id: str | None = None) -> None:
        """Make an agent a member of a queue, or change the membership."""
        self._run(agents.join, agent, membership, command_id=command_id)

    def leave(self, agent: str, queue: str, *, command_id: str | None = None) -> None:
        """End a membership."""
        self._run(agents.leave, agent, queue, command_id=command_id)

    def save_team(self, team: Team, *, command_id: str | None = None) -> None:
        """Add or change a team."""
        self._run(agents.save_team, team, command_id=command_id)

    def sign_in(self, agent: str, *, sequence: int | None = None, command_id: str | None = None) -> bool:
        """Go on queue: offers come from now on. False if ``sequence`` says that this is a late operation."""
        return self._run(agents.set_presence, agent, Presence.ON_QUEUE, sequence, command_id=command_id)

    def sign_out(self, agent: str, *, sequence: int | None = None, command_id: str | None = None) -> bool:
        """Go offline: offers are revoked, work in hand follows its queue's rule."""
        return self._run(agents.set_presence, agent, Presence.OFFLINE, sequence, command_id=command_id)

    def set_presence(
        self, agent: str, presence: str, *, sequence: int | None = None, command_id: str | None = None
    ) -> bool:
        """Change presence to one of ``Presence`` or any named reason. ``sequence`` numbers an agent's operations:
        one that is not above the last is late, changes nothing and returns False."""
        return self._run(agents.set_presence, agent, presence, sequence, command_id=command_id)

    def heartbeat(
        self, agent: str, *, lease: Span = "60s", sequence: int | None = None, command_id: str | None = None
    ) -> bool:
        """Renew the connection lease: unless renewed again in time, the agent is taken offline."""
        length = duration(lease, field="lease")
        return self._run(agents.heartbeat, agent, length, sequence, command_id=command_id)

    def get(self, agent: str) -> AgentView:
        """The agent as he or she is now."""
        return self._look(lambda r, now: agent_view(r.agent(agent)))

    def settings(self, agent: str) -> Agent:
        """What is known of an agent."""
        return self._look(lambda r, now: r.agent(agent).spec)

    def ids(self) -> tuple[str, ...]:
        """The ids of all agents, sorted."""
        return self._look(lambda r, now: tuple(sorted(r.agents)))


class WorkFront:
    """Items: submit, change, set aside, end."""

    def __init__(self, runner: Runner) -> None:
        self._run = runner.run
        self._look = runner.look

    def submit(self, item: WorkItem, *, intake: str | None = None, command_id: str | None = None) -> str:
        """Take in a piece of work and return its id. Without a queue of its own, the intake rules choose one.

        Refuses unknown queues, a full or closed queue without overflow, a known id. O(log n).
        """
        return self._run(work.submit, item, intake, command_id=command_id)

    def change(
        self,
        item: str,
        *,
        priority: int | None = None,
        requirement: Requirement | str | None = None,
        attributes: Mapping[str, Fact | None] | None = None,
        due: datetime | None = None,
        entered: datetime | None = None,
        expected_version: int | None = None,
        command_id: str | None = None,
    ) -> None:
        """Change what is given; the place in the queue follows at once.

        A requirement replaces the item's own and ends its steps. Attributes merge, None removes one. ``entered`` may
        be set back, not into the future. ``expected_version`` refuses if the item has changed since it was read.
        """
        self._run(
            work.change,
            item,
            priority,
            requirement,
            attributes,
            due,
            entered,
            expected_version,
            command_id=command_id,
        )

    def expedite(self, item: str, *, on: bool = True, command_id: str | None = None) -> None:
        """Put an item before everything of its queue, or withdraw that."""
        self._run(work.expedite, item, on, command_id=command_id)

    def move(
        self,
        item: str,
        queue: str,
        *,
        keep_entered: bool = False,
        position: int | None = None,
        command_id: str | None = None,
    ) -> None:
        """Send an item to a queue, at a requested position within its own priority if given.

        It waits there as if it had just come, unless ``keep_entered``.
        """
        self._run(work.move, item, queue, keep_entered, position, command_id=command_id)

    def reclassify(
        self, item: str, attributes: Mapping[str, Fact] | None = None, *, command_id: str | None = None
    ) -> None:
        """Send an item through its intake rules again, with these attributes set before."""
        given = dict(attributes or {})
        self._run(escalation.send_through_intake, item, given, command_id=command_id)

    def suspend(self, item: str, *, reason: str = "", command_id: str | None = None) -> None:
        """Park an item: it holds no place until resumed."""
        self._run(work.suspend, item, reason, command_id=command_id)

    def resume(
        self, item: str, *, queue: str | None = None, priority: int | None = None, command_id: str | None = None
    ) -> None:
        """Let a parked or scheduled item into its queue (or the one given) now."""
        self._run(work.resume, item, queue, priority, command_id=command_id)

    def schedule(
        self,
        item: str,
        *,
        at: datetime | None = None,
        when_quiet: int | None = None,
        queue: str | None = None,
        keep_entered: bool = False,
        command_id: str | None = None,
    ) -> None:
        """Hold an item until an instant, or until its queue has at most so many items waiting."""
        self._run(work.schedule, item, at, when_quiet, queue, keep_entered, command_id=command_id)

    def park_in(self, item: str, target: str, *, reason: str = "", command_id: str | None = None) -> None:
        """Put an item into a registered target, such as ``workbin:claims``."""
        self._run(work.park_in, item, target, reason, command_id=command_id)

    def cancel(self, item: str, *, reason: str = "", command_id: str | None = None) -> None:
        """Withdraw an item; releases everything in the same step."""
        self._run(work.cancel, item, reason, command_id=command_id)

    def abandon(self, item: str, *, reason: str = "", command_id: str | None = None) -> None:
        """The customer went away."""
        self._run(work.abandon, item, reason, command_id=command_id)

    def close(self, item: str, *, command_id: str | None = None) -> None:
        """Close a completed item for good."""
        self._run(work.close, item, command_id=command_id)

    def cancel_many(self, items: Iterable[str], *, reason: str = "", command_id: str | None = None) -> int:
        """Cancel several in one step: all or, if one cannot be, none. Returns how many."""
        ids = tuple(items)
        return self._run(work.cancel_many, ids, reason, command_id=command_id)

    def move_many(
        self, items: Iterable[str], queue: str, *, keep_entered: bool = False, command_id: str | None = None
    ) -> int:
        """Move several to a queue in one step, each as ``move`` does: all or none. Returns how many."""
        return self._run(work.move_many, tuple(items), queue, keep_entered, command_id=command_id)

    def reprioritise_many(self, items: Iterable[str], priority: int, *, command_id: str | None = None) -> int:
        """Set the priority of several in one step: all or none. Returns how many."""
        return self._run(work.reprioritise_many, tuple(items), priority, command_id=command_id)

    def assign(
        self, item: str, agent: str, *, over_capacity: bool = False, by: str = "", command_id: str | None = None
    ) -> str:
        """Assign an item by hand, whatever its requirement; returns the id of the assignment.

        The only way above capacity, and only with ``over_capacity``; the event says so.
        """
        return self._run(transfers.assign, item, agent, over_capacity, by, command_id=command_id)

    def claim(self, item: str, agent: str, *, command_id: str | None = None) -> str:
        """An agent takes a waiting item by hand; returns the id of the assignment.

        Of two who claim the same item one wins: it is refused once somebody has it. Offers to others are revoked.
        """
        return self._run(transfers.claim, item, agent, command_id=command_id)

    def get(self, item: str) -> ItemView:
        """The item as it is now. Ended items are known for an hour; the log keeps them."""
        return self._look(lambda r, now: item_view(r.item(item), now))

    def unrouted(self) -> tuple[str, ...]:
        """Items that no intake rule fits and that wait for a person, in order of arrival."""
        return self._look(lambda r, now: tuple(r.unrouted))


class OffersFront:
    """Offers: answers to them, and what is out."""

    def __init__(self, runner: Runner) -> None:
        self._run = runner.run
        self._look = runner.look

    def accept(self, offer: str, *, agent: str | None = None, command_id: str | None = None) -> str:
        """Take the work; returns the id of the assignment. ``agent``, if given, must be the one it was offered to.

        Refuses an ended offer (OfferGone says how it ended), another agent's, an unknown one.
        """
        return self._run(offers.accept, offer, agent, command_id=command_id)

    def decline(
        self,
        offer: str,
        *,
        agent: str | None = None,
        reason: str = "",
        retry_after: Span | None = None,
        command_id: str | None = None,
    ) -> None:
        """Refuse the work: not offered to this agent again before ``retry_after``, or as the queue says."""
        wait = None if retry_after is None else duration(retry_after, field="retry_after")
        self._run(offers.decline, offer, agent, reason, wait, command_id=command_id)

    def get(self, offer: str) -> OfferView:
        """An offer that is out."""
        return self._look(lambda r, now: offer_view(r.offer(offer)))

    def of_agent(self, agent: str) -> tuple[OfferView, ...]:
        """The offers that are out to an agent, oldest first."""
        return self._look(lambda r, now: tuple(offer_view(o) for o in r.agent(agent).offers.values()))

    def of_item(self, item: str) -> tuple[OfferView, ...]:
        """The offers that are out for an item, oldest first."""
        return self._look(lambda r, now: tuple(offer_view(o) for o in r.item(item).offers))


class AssignmentsFront:
    """Work in hand: completing it, handing it on."""

    def __init__(self, runner: Runner) -> None:
        self._run = runner.run
        self._look = runner.look

    def complete(
        self,
        assignment: str,
        *,
        agent: str | None = None,
        code: str | None = None,
        note: str = "",
        after_call_work: bool = False,
        command_id: str | None = None,
    ) -> None:
        """The work is done; after-call work begins if the queue says so, or, where it is optional, if asked for."""
        self._run(after_call.complete, assignment, agent, code, note, after_call_work, command_id=command_id)

    def end_after_call_work(
        self,
        assignment: str,
        *,
        agent: str | None = None,
        code: str | None = None,
        note: str = "",
        command_id: str | None = None,
    ) -> None:
        """The agent ends after-call work, with a wrap-up code if one is required and was not given before."""
        self._run(after_call.finish, assignment, agent, code, note, command_id=command_id)

    def transfer(
        self,
        assignment: str,
        agent: str,
        *,
        by: str | None = None,
        after_call_work: bool = False,
        command_id: str | None = None,
    ) -> str:
        """Blind transfer to an agent: the sender is released at once, to after-call work if the queue says so or,
        where it is optional, if asked for. Returns the id of the offer."""
        return self._run(transfers.to_agent, assignment, agent, False, by, after_call_work, command_id=command_id)

    def consult(self, assignment: str, agent: str, *, by: str | None = None, command_id: str | None = None) -> str:
        """Consult transfer: the sender keeps the item until the target accepts. Returns the id of the offer."""
        return self._run(transfers.to_agent, assignment, agent, True, by, command_id=command_id)

    def cancel_transfer(self, offer: str, *, command_id: str | None = None) -> None:
        """Withdraw a transfer that is out."""
        self._run(transfers.cancel_transfer, offer, command_id=command_id)

    def transfer_to_queue(
        self,
        assignment: str,
        queue: str,
        *,
        keep_entered: bool | None = None,
        by: str | None = None,
        after_call_work: bool = False,
        command_id: str | None = None,
    ) -> None:
        """Send work in hand to a queue; its clock starts anew unless kept. After-call work as in ``transfer``."""
        self._run(transfers.to_queue, assignment, queue, keep_entered, by, after_call_work, command_id=command_id)

    def transfer_to(
        self, assignment: str, target: str, *, by: str | None = None, command_id: str | None = None
    ) -> None:
        """Send work in hand to a registered target, such as a flow or a workbin."""
        self._run(transfers.to_target, assignment, target, by, command_id=command_id)

    def requeue(
        self,
        assignment: str,
        *,
        reason: str = "requeued",
        by: str | None = None,
        command_id: str | None = None,
    ) -> None:
        """Put work in hand (one's own or, for a supervisor, anybody's) back into its queue, with its clock."""
        self._run(transfers.requeue, assignment, reason, by, command_id=command_id)

    def hold(self, assignment: str, share: float, *, by: str | None = None, command_id: str | None = None) -> None:
        """Set the share of its room that work in hand takes, 0 to 1: none while it waits for its customer, say."""
        self._run(transfers.hold, assignment, share, by, command_id=command_id)

    def get(self, assignment: str) -> AssignmentView:
        """Work in hand."""
        return self._look(lambda r, now: assignment_view(r.assignment(assignment)))

    def of_agent(self, agent: str) -> tuple[AssignmentView, ...]:
        """The work that an agent has in hand, after-call work included, oldest first."""
        return self._look(lambda r, now: tuple(assignment_view(a) for a in r.agent(agent).assignments.values()))
