"""What becomes of work in hand when its agent leaves the queue: kept, or back to its queue, at once or after a wait."""

from __future__ import annotations

from switchroom.kernel.transaction import Transaction
from switchroom.routing import placing
from switchroom.routing.events import LeavePending
from switchroom.routing.fields import micros
from switchroom.routing.model import Presence
from switchroom.routing.records import AgentRecord, AssignmentRecord
from switchroom.routing.state import Routing
from switchroom.routing.work import detach


def leave_work(tx: Transaction, r: Routing, agent: AgentRecord) -> None:
    """The agent is not on queue any more. Who is draining has not left yet, and after-call work always stays."""
    if agent.presence in (Presence.ON_QUEUE, Presence.DRAINING):
        return
    for assignment in list(agent.assignments.values()):
        queue = assignment.queue
        if queue is None or assignment.wrapping or queue.spec.on_leave != "requeue" or assignment.id in r.leaving:
            continue
        wait = micros(queue.spec.on_leave_wait)
        if wait:
            tx.emit(LeavePending(agent.id, assignment.id, tx.now + wait))
        else:
            _give_back(tx, r, assignment)


def left_for_good(tx: Transaction, r: Routing, assignment_id: str) -> None:
    """Timer: the agent has not come back; the work goes to its queue. After-call work that began meanwhile stays."""
    assignment = r.assignments[assignment_id]
    if not assignment.wrapping:
        _give_back(tx, r, assignment)


def _give_back(tx: Transaction, r: Routing, assignment: AssignmentRecord) -> None:
    item = assignment.item
    detach(tx, r, item, "the agent left")
    placing.give_back(tx, r, item, "requeued")
