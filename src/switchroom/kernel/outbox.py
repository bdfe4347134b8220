"""The outbox: what is to happen outside, requested as an event, done after the commit, its outcome an event again.

After a crash the pending ones are done again with the same key: at least once, and once for a receiver that honours
the key. Effects of one stream (a conversation, an item of a source system) are done in the order of their requests: the
next one begins when the one before has succeeded or was given up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from switchroom.errors import LimitReached, NotAllowed, UnknownId
from switchroom.kernel.deadlines import Deadlines
from switchroom.kernel.events import event
from switchroom.kernel.transaction import Applier, Transaction

MAX_PENDING = 1_000_000
"""Effects that may be pending; a request above it is refused, so that a dead receiver cannot fill the memory."""

MAX_DEAD = 10_000
"""Dead effects that are listed; the oldest leave the list (never the log) when there are more."""

FIRST_RETRY_US = 1_000_000
LONGEST_RETRY_US = 3_600_000_000
MAX_ATTEMPTS = 15
"""Fifteen attempts, with waits that double up to an hour and are cut by up to a half, span one and a half to three
hours: a receiver that is down over lunch loses nothing."""


@event("kernel.effect_requested", tags=("effect", "stream"), personal=("body",))
class EffectRequested:
    """Something is to be done outside: ``body`` is plain data for the handler of this ``kind``."""

    effect: str
    kind: str
    stream: str
    body: Mapping[str, Any]
    valid_until_us: int | None = None


@event("kernel.effect_done", tags=("effect", "stream"), personal=("result",))
class EffectDone:
    """The receiver has taken it; ``result`` is what it answered."""

    effect: str
    kind: str
    stream: str
    result: Mapping[str, Any]


@event("kernel.effect_failed", tags=("effect", "stream"), personal=("problem",))
class EffectFailed:
    """An attempt failed; it is tried again at ``retry_us``."""

    effect: str
    kind: str
    stream: str
    problem: str
    retry_us: int


@event("kernel.effect_dead", tags=("effect", "stream"), personal=("problem",))
class EffectDead:
    """Given up: the receiver refused for good, the attempts are used up, or its time is over."""

    effect: str
    kind: str
    stream: str
    problem: str


@event("kernel.effect_dropped", tags=("effect", "stream"))
class EffectDropped:
    """Not to be done after all: withdrawn before the hand-over, or a dead one removed by hand."""

    effect: str
    kind: str
    stream: str
    reason: str


@event("kernel.effect_revived", tags=("effect", "stream"))
class EffectRevived:
    """A dead effect is tried again, asked for by hand."""

    effect: str
    kind: str
    stream: str


class Effect:
    """A pending or dead effect. ``due_us``: not before this instant."""

    __slots__ = ("attempts", "body", "due_us", "id", "kind", "problem", "stream", "valid_until_us")

    def __init__(self, request: EffectRequested, at: int) -> None:
        self.id = request.effect
        self.kind = request.kind
        self.stream = request.stream
        self.body = request.body
        self.valid_until_us = request.valid_until_us
        self.attempts = 0
        self.due_us = at
        self.problem = ""


class Outbox:
    """Pending effects by stream, and the dead ones. Only the appliers write."""

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self.pending: dict[str, Effect] = {}
        self.streams: dict[str, deque[str]] = {}
        self.dead: dict[str, Effect] = {}
        self.ready: dict[str, None] = {}
        """Heads of streams whose time has come, in the order in which they became ready."""
        self.count = 0

    def appliers(self) -> dict[type, Applier]:
        return {
            EffectRequested: self._requested,
            EffectDone: self._ended,
            EffectFailed: self._failed,
            EffectDead: self._died,
            EffectDropped: self._ended,
            EffectRevived: self._revived,
        }

    def find(self, id: str) -> Effect:
        """A pending effect."""
        try:
            return self.pending[id]
        except KeyError:
            raise UnknownId("pending effect", id) from None

    def _requested(self, e: EffectRequested, at: int) -> None:
        self.count += 1
        self._enqueue(Effect(e, at))

    def _enqueue(self, effect: Effect) -> None:
        self.pending[effect.id] = effect
        stream = self.streams.setdefault(effect.stream, deque())
        stream.append(effect.id)
        if len(stream) == 1:
            self.ready[effect.id] = None

    def _ended(self, e: EffectDone | EffectDropped, at: int) -> None:
        if e.effect in self.dead:
            del self.dead[e.effect]
            return
        self._leave(self.pending[e.effect])

    def _leave(self, effect: Effect) -> None:
        """The effect is pending no more; the next one of its stream gets its turn."""
        del self.pending[effect.id]
        self.ready.pop(effect.id, None)
        self._deadlines.cancel(("effect", effect.id))
        stream = self.streams[effect.stream]
        if stream[0] == effect.id:
            stream.popleft()
            if stream:
                self.ready[stream[0]] = None
            else:
                del self.streams[effect.stream]
        else:
            stream.remove(effect.id)

    def _failed(self, e: EffectFailed, at: int) -> None:
        effect = self.pending[e.effect]
        effect.attempts += 1
        effect.problem = e.problem
        effect.due_us = e.retry_us
        self.ready.pop(e.effect, None)
        self._deadlines.set(("effect", e.effect), e.retry_us)

    def _died(self, e: EffectDead, at: int) -> None:
        effect = self.pending[e.effect]
        effect.problem = e.problem
        self._leave(effect)
        self.dead[effect.id] = effect
        while len(self.dead) > MAX_DEAD:
            del self.dead[next(iter(self.dead))]

    def _revived(self, e: EffectRevived, at: int) -> None:
        effect = self.dead.pop(e.effect)
        effect.attempts = 0
        effect.due_us = at
        self._enqueue(effect)

    def wake(self, id: str) -> None:
        """Timer without an event: the wait before the next attempt is over."""
        effect = self.pending.get(id)
        if effect is not None and self.streams[effect.stream][0] == id:
            self.ready[id] = None

    def dump(self) -> dict[str, Any]:
        return {
            "pending": [[e.id, e.kind, e.stream, e.attempts, e.due_us] for e in self.pending.values()],
            "streams": {name: list(ids) for name, ids in sorted(self.streams.items())},
            "dead": list(self.dead),
            "ready": sorted(self.ready),
            "count": self.count,
        }

    def check(self) -> None:
        """Every pending effect stands in its stream once, and exactly the heads whose time has come are ready."""
        standing = [id for stream in self.streams.values() for id in stream]
        assert sorted(standing) == sorted(self.pending), "pending effects and streams differ"
        for name, stream in self.streams.items():
            assert stream, f"stream {name} is empty"
            assert all(self.pending[id].stream == name for id in stream), f"stream {name} holds another's effect"
        heads = {stream[0] for stream in self.streams.values()}
        assert set(self.ready) <= heads, "an effect is ready out of turn"
        waiting = {id for id in heads if self._deadlines.due(("effect", id)) is not None}
        assert heads - waiting == set(self.ready), "a head is neither ready nor waiting"


# -- operations


def request(
    tx: Transaction, outbox: Outbox, kind: str, stream: str, body: Mapping[str, Any], valid_until_us: int | None = None
) -> str:
    """Request an effect; returns its id, which is also its idempotency key."""
    if len(outbox.pending) >= MAX_PENDING:
        raise LimitReached("pending effects", MAX_PENDING)
    id = f"effect-{outbox.count + 1}"
    tx.emit(EffectRequested(id, kind, stream, body, valid_until_us))
    return id


def succeeded(tx: Transaction, outbox: Outbox, id: str, result: Mapping[str, Any]) -> None:
    """The receiver has taken it. An outcome for an effect that is pending no more changes nothing."""
    effect = outbox.pending.get(id)
    if effect is not None:
        tx.emit(EffectDone(id, effect.kind, effect.stream, result))


def failed(tx: Transaction, outbox: Outbox, id: str, problem: str, permanent: bool, retry_after_us: int | None) -> None:
    """An attempt failed: tried again with doubling waits and jitter, or given up."""
    effect = outbox.pending.get(id)
    if effect is None:
        return
    wait = min(FIRST_RETRY_US << effect.attempts, LONGEST_RETRY_US)
    wait = round(wait * (0.5 + tx.random.random() / 2)) if retry_after_us is None else max(1, retry_after_us)
    over = effect.valid_until_us is not None and tx.now + wait >= effect.valid_until_us
    if permanent or effect.attempts + 1 >= MAX_ATTEMPTS or over:
        tx.emit(EffectDead(id, effect.kind, effect.stream, problem if permanent else f"gave up: {problem}"))
    else:
        tx.emit(EffectFailed(id, effect.kind, effect.stream, problem, tx.now + wait))


def drop(tx: Transaction, outbox: Outbox, id: str, reason: str) -> None:
    """Withdraw a pending effect, or remove a dead one from the list."""
    effect = outbox.pending.get(id) or outbox.dead.get(id)
    if effect is None:
        raise UnknownId("effect", id)
    tx.emit(EffectDropped(id, effect.kind, effect.stream, reason))


def revive(tx: Transaction, outbox: Outbox, id: str) -> None:
    """Try a dead effect again."""
    effect = outbox.dead.get(id)
    if effect is None:
        if id in outbox.pending:
            raise NotAllowed("revive", "effect", id, "pending")
        raise UnknownId("dead effect", id)
    tx.emit(EffectRevived(id, effect.kind, effect.stream))
