"""An input that breaks the kernel is tried twice; then it is refused and listed, and everything else goes on."""

from __future__ import annotations

from typing import Any

import pytest

from switchroom import ContactCenter, ManualClock, Queue, WorkItem
from switchroom.dead_inputs import MAX_LISTED
from switchroom.errors import InputDead, InvalidInput, StorageError, UnknownId
from switchroom.kernel.transaction import Transaction
from switchroom.routing.events import QueueRemoved


def break_half_way(tx: Transaction, state: Any, word: str) -> None:
    """An operation with a bug that one input meets after its first event."""
    tx.emit(QueueRemoved("spare"))
    if word == "poison":
        raise ZeroDivisionError("secret words")


def center_with(*queues: str) -> Any:
    center = ContactCenter(clock=ManualClock(), seed=1)
    for queue in queues:
        center.queues.add(Queue(queue))
    return center


def test_an_input_that_poisons_twice_is_refused_and_listed() -> None:
    """Two callers see the error and nothing is half done; the third is refused, and others go on all the time."""
    center = center_with("sales", "spare")
    end = center.storage.end()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            center.run(break_half_way, "poison")
        center.check()
    assert center.storage.end() == end
    with pytest.raises(InputDead, match="break_half_way") as caught:
        center.run(break_half_way, "poison")
    dead = center.dead_inputs.listed()
    assert [(d.id, d.problem, d.failures) for d in dead] == [(caught.value.input, "ZeroDivisionError", 2)]
    assert "poison" not in repr(dead)
    assert "secret" not in repr(dead)
    center.work.submit(WorkItem(queue="sales"))
    center.run(break_half_way, "harmless")
    assert center.queues.ids() == ("sales",)


def test_a_command_is_recognised_by_its_contents() -> None:
    """Whatever command id it comes under."""
    center = center_with("spare")
    for n in range(2):
        with pytest.raises(ZeroDivisionError):
            center.run(break_half_way, "poison", command_id=f"c{n}")
    with pytest.raises(InputDead):
        center.run(break_half_way, "poison", command_id="c9")


def test_a_dead_input_can_be_tried_again_by_hand() -> None:
    """Once its cause is repaired; an id that is not listed is an error."""
    center = center_with("spare")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            center.run(break_half_way, "poison")
    center.dead_inputs.retry(center.dead_inputs.listed()[0].id)
    with pytest.raises(ZeroDivisionError):
        center.run(break_half_way, "poison")
    with pytest.raises(UnknownId):
        center.dead_inputs.retry("nothing")


def test_refusals_and_faults_of_the_store_are_not_the_inputs() -> None:
    """Nobody is refused for having met a full disk, or for a mistake of the usual kind."""
    center = center_with("sales")
    append = center.storage.append

    def full(*args: Any) -> int:
        raise StorageError("no room", reason="full", retryable=True)

    for _ in range(3):
        with pytest.raises(InvalidInput):
            center.work.submit(WorkItem(queue="sales", priority=10**30))
        center.storage.append = full
        with pytest.raises(StorageError):
            center.work.submit(WorkItem(queue="sales"))
        center.storage.append = append
    assert center.dead_inputs.listed() == ()
    center.work.submit(WorkItem(queue="sales"))


def test_the_list_is_bounded() -> None:
    """The oldest are forgotten."""
    center = center_with("spare")

    def broken(tx: Transaction, state: Any, number: int) -> None:
        raise ZeroDivisionError

    for number in range(MAX_LISTED + 5):
        center.dead_inputs.note(broken, "routing", (number,), ZeroDivisionError(), center.clock.now())
    assert len(center.dead_inputs.failed) == MAX_LISTED
