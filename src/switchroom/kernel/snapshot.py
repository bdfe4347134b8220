"""The kernel's own state as plain data and back: time, deadlines, answers, outbox, ids and randomness."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import Any, Protocol, runtime_checkable

from switchroom.kernel.answers import Answered
from switchroom.kernel.forms import Forms
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.outbox import Effect, EffectRequested, Outbox


@runtime_checkable
class Counting(Protocol):
    """A source of ids whose state can be kept."""

    def counts(self) -> list[Any]: ...

    def go_on(self, counts: list[Any]) -> None: ...


def save_kernel(kernel: Kernel, forms: Forms) -> dict[str, Any]:
    """Everything the kernel knows, between two operations. Linear in deadlines, answers and effects."""
    assert kernel.poisoned is None, "a state in doubt is not kept"
    return {
        "now": kernel.now,
        "deadlines": [[due, *key] for due, key in kernel.deadlines],
        "answers": [forms.plain(answer) for answer in kernel.answers.all()],
        "outbox": _save_outbox(kernel.outbox, forms),
        "ids": kernel.ids.counts() if isinstance(kernel.ids, Counting) else None,
    }


def load_kernel(kernel: Kernel, plain: dict[str, Any], forms: Forms) -> None:
    """Fill a fresh kernel. Deadlines of one instant keep their order."""
    kernel.now = plain["now"]
    for due, kind, subject in plain["deadlines"]:
        kernel.deadlines.set((kind, subject), due)
    for answer in plain["answers"]:
        kernel.answers.remember(forms.value(answer, Answered))
    _load_outbox(kernel.outbox, plain["outbox"], forms)
    if plain["ids"] is not None and isinstance(kernel.ids, Counting):
        kernel.ids.go_on(plain["ids"])


def save_random(random: Random) -> list[Any]:
    """The state of a source of randomness. Only that of a seeded center is kept: two processes that go on from one
    snapshot must not make the same ids."""
    version, words, spare = random.getstate()
    return [version, list(words), spare]


def load_random(random: Random, plain: list[Any]) -> None:
    """Go on where the other left off."""
    random.setstate((plain[0], tuple(plain[1]), plain[2]))


def _save_outbox(outbox: Outbox, forms: Forms) -> dict[str, Any]:
    return {
        "pending": [_save_effect(effect, forms) for effect in outbox.pending.values()],
        "dead": [_save_effect(effect, forms) for effect in outbox.dead.values()],
        "streams": [[name, list(ids)] for name, ids in outbox.streams.items()],
        "ready": list(outbox.ready),
        "count": outbox.count,
    }


def _save_effect(effect: Effect, forms: Forms) -> list[Any]:
    request = EffectRequested(effect.id, effect.kind, effect.stream, effect.body, effect.valid_until_us)
    return [forms.plain(request), effect.attempts, effect.due_us, effect.problem]


def _load_effect(plain: list[Any], forms: Forms) -> Effect:
    request, attempts, due_us, problem = plain
    effect = Effect(forms.value(request, EffectRequested), due_us)
    effect.attempts = attempts
    effect.problem = problem
    return effect


def _load_outbox(outbox: Outbox, plain: dict[str, Any], forms: Forms) -> None:
    for table, saved in ((outbox.pending, plain["pending"]), (outbox.dead, plain["dead"])):
        for one in saved:
            effect = _load_effect(one, forms)
            table[effect.id] = effect
    outbox.streams.update((name, deque(ids)) for name, ids in plain["streams"])
    outbox.ready.update(dict.fromkeys(plain["ready"]))
    outbox.count = plain["count"]
