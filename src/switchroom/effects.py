"""Effects at the edge: after the commit, handlers do what the log has requested, and the outcome goes back into it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import attrs

from switchroom.errors import DeliveryFailed, DeliveryRefused, DuplicateId, UnknownId
from switchroom.kernel import outbox
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.outbox import Effect, EffectRequested
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Access, VerticalRunner

if TYPE_CHECKING:
    from switchroom.journal import Journal

    R = TypeVar("R")

    class EffectRunner(VerticalRunner, Protocol):
        journal: Journal

        @property
        def role(self) -> str: ...

        def catch_up(self) -> None: ...


MAX_PROBLEM = 200
LONGEST_ASKED = 86_400.0
"""Seconds that a receiver may ask to wait: one that says more is not believed."""


@attrs.frozen(kw_only=True)
class EffectView:
    """A pending or dead effect. ``id`` is its idempotency key, the same at every attempt."""

    id: str
    kind: str
    stream: str
    body: Mapping[str, Any] = attrs.field(repr=False)
    attempts: int
    problem: str


Handler = Callable[[EffectView], Mapping[str, Any] | None]
"""Does one effect and returns what the receiver answered, as plain data. Raises DeliveryRefused to give up,
DeliveryFailed (or anything else) to be called again later."""


class Effects:
    """``center.effects``: handlers, delivery, dead letters."""

    def __init__(self, runner: EffectRunner) -> None:
        access: Access[Kernel] = Access(runner, "kernel")
        self._run = access.run
        self._look = access.look
        self._runner = runner
        self._catch_up = runner.catch_up
        self._journal = runner.journal
        self._handlers: dict[str, Handler] = {}
        self._busy: set[str] = set()

    def register(self, kind: str, handler: Handler) -> None:
        """Let a handler do the effects of a kind; a kind has one handler."""
        if kind in self._handlers:
            raise DuplicateId("effect handler", kind)
        self._handlers[kind] = handler

    def deliver(self, limit: int = 1000) -> int:
        """Do up to ``limit`` effects that are ready, in order; returns how many were attempted: none while another
        process is the writer.

        Handlers run outside of the center's lock, one after the other in this thread. Safe to call from several
        threads: an effect is attempted by one of them.
        """
        done = 0
        while done < limit and self._deliver_one():
            done += 1
        return done

    def deliver_this(self, effect: str) -> bool:
        """Do one effect now, if it is ready; whether it was attempted."""
        return self._deliver_one(effect)

    def _deliver_one(self, wanted: str | None = None) -> bool:
        # The gate must know of a STOP that another process has stored.
        self._catch_up()
        if self._runner.role != "writer":
            return False
        mine: list[str] = []
        try:
            effect = self._run(self._claim, mine, wanted)
            if effect is not None:
                self._attempt(effect)
        finally:
            self._busy.difference_update(mine)
        return effect is not None

    def _claim(self, tx: Transaction, kernel: Kernel, mine: list[str], wanted: str | None) -> EffectView | None:
        """The next ready effect that has a handler and passes its gate; those that do not pass are dropped.

        ``mine``: what this thread has claimed. Asked again because another process was first, the first claim is void.
        """
        self._busy.difference_update(mine)
        mine.clear()
        while (effect := self._next(kernel, wanted)) is not None:
            refusal = _refusal(tx, kernel, effect)
            if refusal is None:
                self._busy.add(effect.id)
                mine.append(effect.id)
                return view(effect)
            # The next one of its stream is ready now, and seen in the next round.
            outbox.drop(tx, kernel.outbox, effect.id, refusal)
        return None

    def _next(self, kernel: Kernel, wanted: str | None) -> Effect | None:
        # A request that a group has not stored yet may be dropped with it, and its id given to another.
        early = {event.effect for event in self._journal.unstored() if isinstance(event, EffectRequested)}
        ready = (kernel.outbox.pending[id] for id in kernel.outbox.ready if id not in self._busy and id not in early)
        return next((e for e in ready if e.kind in self._handlers and (wanted is None or e.id == wanted)), None)

    def _attempt(self, effect: EffectView) -> None:
        try:
            result = plain(self._handlers[effect.kind](effect))
        except DeliveryRefused as refusal:
            self._run(_failed, effect.id, refusal.message, True, None)
        except DeliveryFailed as failure:
            self._run(_failed, effect.id, failure.message, False, _wait_us(failure.retry_after))
        except Exception as error:
            self._run(_failed, effect.id, f"{type(error).__name__}: {error}"[:MAX_PROBLEM], False, None)
        else:
            self._run(_succeeded, effect.id, result)

    def pending(self) -> tuple[EffectView, ...]:
        """Effects not yet done, oldest first."""
        return self._look(lambda kernel: tuple(view(e) for e in kernel.outbox.pending.values()))

    def dead(self) -> tuple[EffectView, ...]:
        """Effects that were given up, oldest first: retry or drop them."""
        return self._look(lambda kernel: tuple(view(e) for e in kernel.outbox.dead.values()))

    def retry(self, effect: str) -> None:
        """Try a dead effect again."""
        self._run(_revive, effect)

    def drop(self, effect: str, *, reason: str = "dropped by hand") -> None:
        """Withdraw a pending effect or remove a dead one."""
        if effect in self._busy:
            raise UnknownId("effect that is not being done", effect)
        self._run(_drop, effect, reason)


def _refusal(tx: Transaction, kernel: Kernel, effect: Effect) -> str | None:
    """Why an effect must not be done now, or None."""
    if effect.valid_until_us is not None and tx.now >= effect.valid_until_us:
        return "its time is over"
    gate = kernel.gates.get(effect.kind)
    return None if gate is None else gate(tx, effect)


def _wait_us(seconds: float | None) -> int | None:
    """What a receiver asked to wait, at most a day; None for what is no time, which would stop every delivery."""
    if seconds is None or not seconds >= 0:
        return None
    return round(min(seconds, LONGEST_ASKED) * 1e6)


def plain(result: object) -> Mapping[str, Any]:
    """What a handler returned, if it is data that a log can hold; raises TypeError or ValueError otherwise."""
    if result is None:
        return {}
    if not isinstance(result, Mapping):
        raise TypeError(f"a handler returns a mapping or None, not {type(result).__name__}")
    made: Mapping[str, Any] = json.loads(json.dumps(dict(cast("Mapping[str, Any]", result)), allow_nan=False))
    return made


def view(effect: Effect) -> EffectView:
    return EffectView(
        id=effect.id,
        kind=effect.kind,
        stream=effect.stream,
        body=effect.body,
        attempts=effect.attempts,
        problem=effect.problem,
    )


def _failed(
    tx: Transaction, kernel: Kernel, id: str, problem: str, permanent: bool, retry_after_us: int | None
) -> None:
    outbox.failed(tx, kernel.outbox, id, problem, permanent, retry_after_us)


def _succeeded(tx: Transaction, kernel: Kernel, id: str, result: Mapping[str, Any]) -> None:
    outbox.succeeded(tx, kernel.outbox, id, result)


def _revive(tx: Transaction, kernel: Kernel, id: str) -> None:
    outbox.revive(tx, kernel.outbox, id)


def _drop(tx: Transaction, kernel: Kernel, id: str, reason: str) -> None:
    outbox.drop(tx, kernel.outbox, id, reason)
