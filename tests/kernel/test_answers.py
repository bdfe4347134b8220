"""Command ids: the same command again gets the first answer, for a day."""

from __future__ import annotations

import pytest

from desk import INSTANT, Desk, after, agents
from switchroom import Queue, WorkItem
from switchroom.errors import IdempotencyMismatch, NotAllowed, SwitchroomError

DAY = 86_400


def test_other_contents_under_a_command_id_are_refused() -> None:
    """Another operation, and the same with other arguments; also where the operation is one of several of its name."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.work.submit(WorkItem("x", queue="q"), command_id="c")
    end = desk.end()
    for act in (
        lambda: desk.work.submit(WorkItem("y", queue="q"), command_id="c"),
        lambda: desk.work.cancel("x", command_id="c"),
    ):
        with pytest.raises(IdempotencyMismatch):
            act()
    assert desk.end() == end
    desk.submit("u", None)
    desk.work.reclassify("u", command_id="d")
    with pytest.raises(IdempotencyMismatch):
        desk.work.reclassify("x", command_id="d")


def test_a_refused_command_may_be_tried_again() -> None:
    """Only what succeeded has an answer."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("x")
    with pytest.raises(NotAllowed):
        desk.work.close("x", command_id="c")
    desk.assignments.complete(desk.accept("x"))
    desk.work.close("x", command_id="c")
    assert desk.state("x") == "closed"


def test_answers_are_forgotten_after_a_day() -> None:
    """Until the last instant the first answer comes; from then on the command is a new one."""
    desk = Desk(Queue("q"))
    desk.work.submit(WorkItem("x", queue="q"), command_id="c")
    desk.wait_until(after(DAY) - INSTANT)
    assert desk.work.submit(WorkItem("x", queue="q"), command_id="c") == "x"
    desk.wait_until(after(DAY))
    with pytest.raises(SwitchroomError):
        desk.work.submit(WorkItem("x", queue="q"), command_id="c")


def test_an_answer_of_nothing_is_an_answer() -> None:
    """Operations that return nothing are not done twice either."""
    desk = Desk(Queue("q"))
    desk.submit("x")
    desk.work.change("x", priority=1, command_id="c")
    desk.work.change("x", priority=2)
    desk.work.change("x", priority=1, command_id="c")
    assert desk.work.get("x").priority == 2


def test_the_record_carries_the_command_id() -> None:
    """What a command caused can be found by it."""
    desk = Desk(Queue("q"))
    end = desk.end()
    desk.work.submit(WorkItem("x", queue="q"), command_id="c")
    assert {record.command_id for record in desk.center.events(after=end)} == {"c"}


def test_what_fell_due_before_a_command_is_not_of_it() -> None:
    """Deadlines that are handled first were caused by nobody's command, whether it is refused or not."""
    desk = Desk(Queue("q", alert_timeout="10s"), *agents("ana"))
    desk.submit("x")
    end = desk.end()
    desk.center.clock.advance("10s")  # type: ignore[attr-defined]
    with pytest.raises(SwitchroomError):
        desk.work.submit(WorkItem("x", queue="q"), command_id="c")
    fallen_due = list(desk.center.events(after=end))
    assert fallen_due
    assert {record.command_id for record in fallen_due} == {None}
    desk.center.agents.sign_in("ana")
    end = desk.end()
    desk.center.clock.advance("11s")  # type: ignore[attr-defined]
    desk.work.submit(WorkItem("y", queue="q"), command_id="d")
    causes = {record.type: record.command_id for record in desk.center.events(after=end)}
    assert causes["routing.offer_expired"] is None
    assert causes["routing.item_submitted"] == causes["kernel.answered"] == "d"
