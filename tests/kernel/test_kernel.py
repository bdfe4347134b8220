"""The kernel: inputs, deadlines, reactions, settling, and what an error does."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from switchroom.errors import InvalidInput, KernelPoisoned, TimeWentBack
from switchroom.ids import CountedIds
from switchroom.kernel import kernel as kernel_module
from switchroom.kernel.events import event
from switchroom.kernel.kernel import Kernel


@event("test.noted", tags=("what",))
class Noted:
    what: str
    due: int | None = None


@event("test.echoed")
class Echoed:
    what: str


class Toy:
    """A kernel that keeps notes; a note may set a deadline, which notes ``fired``."""

    def __init__(self) -> None:
        self.kernel = Kernel(ids=CountedIds(), random=Random(1))
        self.notes: list[tuple[int, str]] = []
        self.out: list[Any] = []
        self.kernel.appliers[Noted] = self._apply
        self.kernel.appliers[Echoed] = lambda e, at: self.notes.append((at, f"echo {e.what}"))
        self.kernel.timers["note"] = lambda tx, subject: tx.emit(Noted(f"fired {subject}"))

    def _apply(self, e: Noted, at: int) -> None:
        self.notes.append((at, e.what))
        if e.due is not None:
            self.kernel.deadlines.set(("note", e.what), e.due)

    def note(self, now: int, what: str, due: int | None = None) -> None:
        self.kernel.handle(now, self.out, lambda tx: tx.emit(Noted(what, due)))

    def log(self) -> list[tuple[int, str]]:
        return [(record.at, record.event.what) for record in self.out]


def test_an_input_is_handled_after_every_deadline_due_by_then() -> None:
    """At its own instant, too; each deadline stamped with its own time."""
    toy = Toy()
    toy.note(10, "a", due=20)
    toy.note(11, "b", due=15)
    toy.note(20, "c")
    assert toy.log() == [(10, "a"), (11, "b"), (15, "fired b"), (20, "fired a"), (20, "c")]
    assert toy.notes == toy.log()


def test_deadlines_of_one_instant_fire_in_order_of_creation() -> None:
    """Whatever their names."""
    toy = Toy()
    for name in ("z", "a", "m"):
        toy.note(1, name, due=5)
    toy.kernel.advance(5, toy.out)
    assert [what for _, what in toy.log()[3:]] == ["fired z", "fired a", "fired m"]


def test_one_step_or_many_give_the_same_log() -> None:
    """Advancing through every instant is advancing at once."""
    logs = []
    for step in (1, 7, 100):
        toy = Toy()
        for n in range(9):
            toy.note(1, f"n{n}", due=10 + 9 * n)
        for now in range(1, 101, step):
            toy.kernel.advance(now, toy.out)
        toy.kernel.advance(100, toy.out)
        logs.append(toy.log())
    assert logs[0] == logs[1] == logs[2]


def test_time_does_not_go_back() -> None:
    """An earlier instant than the last one handled is refused; the same one is fine."""
    toy = Toy()
    toy.note(10, "a")
    for act in (lambda: toy.note(9, "b"), lambda: toy.kernel.advance(9, toy.out)):
        with pytest.raises(TimeWentBack):
            act()
    toy.note(10, "c")
    assert toy.log() == [(10, "a"), (10, "c")]
    assert toy.kernel.poisoned is None


def test_a_refusal_before_the_first_event_leaves_no_trace() -> None:
    """What was due before it holds."""
    toy = Toy()
    toy.note(1, "a", due=5)

    def refuse(tx: Any) -> None:
        raise InvalidInput("x", "bad")

    with pytest.raises(InvalidInput):
        toy.kernel.handle(7, toy.out, refuse)
    assert toy.log() == [(1, "a"), (5, "fired a")]
    toy.note(8, "b")


@pytest.mark.parametrize("error", [InvalidInput("x", "bad"), RuntimeError("bug")])
def test_an_error_after_an_event_poisons_the_kernel(error: Exception) -> None:
    """Nothing runs on a state in doubt."""
    toy = Toy()

    def fail(tx: Any) -> None:
        tx.emit(Noted("half"))
        raise error

    with pytest.raises(type(error)):
        toy.kernel.handle(1, toy.out, fail)
    with pytest.raises(KernelPoisoned):
        toy.note(2, "a")


def test_a_bug_before_the_first_event_poisons_too() -> None:
    """An exception that is none of the library's own is not a refusal."""
    toy = Toy()
    with pytest.raises(ZeroDivisionError):
        toy.kernel.handle(1, toy.out, lambda tx: 1 / 0)
    assert toy.kernel.poisoned is not None


def test_reactions_run_in_order_and_see_what_they_cause() -> None:
    """Each event is reacted to once, those that reactions emit included."""
    toy = Toy()
    toy.kernel.on(Noted, lambda tx, e: tx.emit(Echoed(f"1 {e.what}")))
    toy.kernel.on(Noted, lambda tx, e: tx.emit(Echoed(f"2 {e.what}")))
    toy.note(1, "a")
    assert [what for _, what in toy.log()] == ["a", "1 a", "2 a"]


def test_settling_goes_on_until_nothing_is_new() -> None:
    """A settler that still has something to say is asked again, and reactions hear of it."""
    toy = Toy()
    left = [3]

    def settle(tx: Any) -> None:
        if left[0]:
            left[0] -= 1
            tx.emit(Noted(f"settled {left[0]}"))
        else:
            toy.kernel.unsettled.clear()

    toy.kernel.settlers.append(settle)
    toy.kernel.unsettled["toy"] = None
    toy.kernel.on(Noted, lambda tx, e: tx.emit(Echoed(e.what)))
    toy.note(1, "a")
    assert [what for _, what in toy.log()] == [
        "a",
        "a",
        "settled 2",
        "settled 2",
        "settled 1",
        "settled 1",
        "settled 0",
        "settled 0",
    ]


def test_what_never_settles_is_a_bug_and_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two reactions that feed each other poison the kernel."""
    monkeypatch.setattr(kernel_module, "MAX_ROUNDS", 20)
    toy = Toy()
    toy.kernel.settlers.append(lambda tx: tx.emit(Noted("again")))
    toy.kernel.unsettled["toy"] = None
    with pytest.raises(KernelPoisoned):
        toy.note(1, "a")


def test_nothing_settles_where_nothing_happened() -> None:
    """A question costs no settling."""
    toy = Toy()
    toy.kernel.settlers.append(lambda tx: tx.emit(Noted("settled")))
    toy.kernel.unsettled["toy"] = None
    assert toy.kernel.handle(1, toy.out, lambda tx: 42) == 42
    assert toy.log() == []


def test_after_a_stop_what_passed_is_handled_at_the_time_of_the_start() -> None:
    """The resuming operation comes first; then what fell due, in due order, all at now."""
    toy = Toy()
    toy.note(1, "a", due=9)
    toy.note(1, "b", due=5)
    toy.kernel.resume(100, toy.out, lambda tx: tx.emit(Noted("resumed")))
    toy.kernel.advance(100, toy.out)
    assert toy.log()[2:] == [(100, "resumed"), (100, "fired b"), (100, "fired a")]


def test_a_batch_reacts_and_settles_once() -> None:
    """Several operations, then what follows from all of them."""
    toy = Toy()
    toy.kernel.on(Noted, lambda tx, e: tx.emit(Echoed(e.what)))
    toy.kernel.begin_batch(1, toy.out)
    toy.note(1, "a")
    toy.note(1, "b")
    assert [what for _, what in toy.log()] == ["a", "b"]
    toy.kernel.end_batch()
    assert [what for _, what in toy.log()] == ["a", "b", "a", "b"]


def test_an_error_within_a_batch_poisons_it() -> None:
    """A refusal does not, an operation that fails half way does."""
    toy = Toy()

    def refuse(tx: Any) -> None:
        raise InvalidInput("x", "bad")

    def fail(tx: Any) -> None:
        tx.emit(Noted("half"))
        raise InvalidInput("x", "bad")

    toy.kernel.begin_batch(1, toy.out)
    with pytest.raises(InvalidInput):
        toy.kernel.handle(1, toy.out, refuse)
    assert toy.kernel.poisoned is None
    with pytest.raises(InvalidInput):
        toy.kernel.handle(1, toy.out, fail)
    assert toy.kernel.poisoned is not None


def test_replay_drops_the_deadlines_that_had_fired() -> None:
    """A fresh kernel that reads the log has the same notes and the same deadlines, and fires nothing twice."""
    toy = Toy()
    toy.note(1, "a", due=5)
    toy.note(2, "b", due=50)
    toy.note(9, "c", due=60)
    again = Toy()
    again.kernel.replay((record.at, record.event) for record in toy.out)
    again.kernel.advance(20, again.out)
    assert again.out == []
    assert again.notes == toy.notes
    assert list(again.kernel.deadlines) == list(toy.kernel.deadlines)
