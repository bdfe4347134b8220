"""Work in hand: agents begin with it, go back and forth with the customer, hand it on or finish it, and wrap up."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from switchroom.errors import Refused
from switchroom.simulation.attendance import Attendance
from switchroom.simulation.behaviours import MAX_TURNS, Manner
from switchroom.simulation.case import Case
from switchroom.simulation.stage import Stage, nth

if TYPE_CHECKING:
    from switchroom.durations import Micros
    from switchroom.routing.events import AfterCallEnded, AssignmentReleased, ItemCompleted


class Hands:
    """What agents do with their work."""

    def __init__(self, stage: Stage, attendance: Attendance, listen: Callable[[], None]) -> None:
        self._stage = stage
        self._attendance = attendance
        self._listen = listen
        self._held: dict[str, Case] = {}
        self._count: dict[str, int] = {}
        self._codes: dict[str, tuple[str, ...]] = {}
        self._timed: dict[str, bool] = {}

    def begin(self, at: Micros, assignment: str, case: Case, agent: str) -> None:
        """The agent starts on the item; when it is done, or handed on, is drawn now."""
        first = case.agent is None
        case.agent, case.assignment = agent, assignment
        self._held[assignment] = case
        self._count[agent] = self._count.get(agent, 0) + 1
        if first:
            self._stage.watch.answered(case, at, agent)
        self._stage.watch.begun(at, agent)
        case.manner = manner = self._stage.behaviours.of(case.work.medium, case.queue, agent)
        case.starts += 1
        attempt = nth(case, case.starts)
        length = case.handle
        if length is None:
            length = manner.handle(self._stage.luck.handle.at(case.place, attempt))
        behaviour = manner.behaviour
        if (
            behaviour.transfer
            and not case.transferred
            and self._stage.luck.transfer.at(case.place, attempt) < behaviour.transfer
        ):
            case.transferred = True
            # Whom a customer needs instead turns out early.
            self._stage.plan(at + length // 4, self._hand_on, assignment, behaviour.transfer_to)
            return
        if behaviour.turns > 1:
            self._converse(at, assignment, case, manner, length)
        else:
            self._stage.plan(at + length, self._finish, assignment)

    def _converse(self, at: Micros, assignment: str, case: Case, manner: Manner, length: Micros) -> None:
        """Spread the work over turns; work that comes back from a queue goes on where it was."""
        if not case.turns:
            chance = self._stage.luck.turns.at(case.place, case.tries)
            more = int(math.log(chance) / math.log(1 - 1 / manner.behaviour.turns))
            case.turns = min(1 + more, MAX_TURNS)
            case.turn_us = length // case.turns
        self._turn(at, assignment, case, manner)

    def _turn(self, at: Micros, assignment: str, case: Case, manner: Manner) -> None:
        others = self._count.get(str(case.agent), 1) - 1
        length = case.turn_us + int(case.turn_us * manner.behaviour.slowdown * others)
        self._stage.plan(at + length, self._end_turn, assignment)

    def _end_turn(self, assignment: str) -> None:
        case = self._held.get(assignment)
        if case is None or case.manner is None:
            return
        case.turns -= 1
        if not case.turns:
            self._finish(assignment)
            return
        now, manner = self._stage.clock.micros(), case.manner
        if manner.behaviour.waiting_share < 1:
            self._stage.center.assignments.hold(assignment, manner.behaviour.waiting_share)
        reply = manner.reply(self._stage.luck.reply.at(case.place, nth(case, case.turns)))
        self._stage.plan(now + reply, self._replied, assignment)

    def _replied(self, assignment: str) -> None:
        case = self._held.get(assignment)
        if case is None or case.manner is None:
            return
        if case.manner.behaviour.waiting_share < 1:
            self._stage.center.assignments.hold(assignment, 1.0)
            self._listen()
            if assignment not in self._held:
                return  # the agent was full, and the work is back in its queue
        self._turn(self._stage.clock.micros(), assignment, case, case.manner)

    def _hand_on(self, assignment: str, queue: str) -> None:
        if assignment not in self._held:
            return
        try:
            self._stage.center.assignments.transfer_to_queue(assignment, queue)
        except Refused:
            # The other queue is full or closed: the agent does it after all.
            self._finish(assignment)

    def _finish(self, assignment: str) -> None:
        case = self._held.get(assignment)
        if case is not None:
            self._stage.center.assignments.complete(assignment, code=self._code(case))

    def _code(self, case: Case) -> str | None:
        queue = case.queue
        if queue is None:
            return None
        codes = self._codes.get(queue)
        if codes is None:
            codes = self._codes[queue] = self._stage.center.queues.settings(queue).wrap_up_codes
        return codes[int(self._stage.luck.code.at(case.place) * len(codes))] if codes else None

    def over(self, at: Micros, event: ItemCompleted | AssignmentReleased) -> None:
        """The work itself is over; after-call work may have begun."""
        if not event.wrapping:
            self.release(at, event.assignment, event.agent)
        else:
            self._wrap_up(at, event.assignment, event.agent)

    def _wrap_up(self, at: Micros, assignment: str, agent: str) -> None:
        case = self._held.get(assignment)
        if case is None or case.queue is None:
            return
        timed = self._timed.get(case.queue)
        if timed is None:
            mode = self._stage.center.queues.settings(case.queue).after_call_work.mode
            timed = self._timed[case.queue] = mode == "timed"
        if timed:
            return
        manner = self._stage.behaviours.of(case.work.medium, case.queue, agent)
        length = manner.wrap_up(self._stage.luck.wrap_up.at(case.place, nth(case, case.starts)))
        self._stage.plan(at + length, self._end_wrap_up, assignment)

    def _end_wrap_up(self, assignment: str) -> None:
        if assignment in self._held:
            self._stage.center.assignments.end_after_call_work(assignment)

    def wrapped_up(self, at: Micros, event: AfterCallEnded) -> None:
        """After-call work is over."""
        self.release(at, event.assignment, event.agent)

    def release(self, at: Micros, assignment: str, agent: str) -> None:
        """The agent has it in hand no longer."""
        if self._held.pop(assignment, None) is not None:
            self._count[agent] -= 1
            self._stage.watch.freed(at, agent)
            self._attendance.freed(agent)
