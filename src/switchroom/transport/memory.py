"""A transport without a network: what it does is scripted, or drawn from a seed, on a clock that is moved by hand.

It misbehaves the ways real ones do: sends that fail or whose outcome is unknown, reports that are late, doubled, out
of order or lost, messages that come twice. The same seed and the same calls give the same events.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

import attrs

from switchroom.clock import Clock
from switchroom.durations import DurationLike, duration, duration_micros, from_micros
from switchroom.errors import InvalidInput
from switchroom.messaging.channels import CHANNELS, Channel
from switchroom.messaging.delivery import DeliveryReport, DeliveryStatus
from switchroom.transport.errors import OptedOut, PermanentFailure, TransientFailure, UnknownOutcome
from switchroom.transport.protocol import (
    Capabilities,
    DeliveryUpdate,
    Envelope,
    InboundMessage,
    SendResult,
    TransportEvent,
    refuse_uncovered,
)

MAX_KEYS = 1_000_000
"""Keys remembered, the oldest forgotten first: a long simulation must not fill the memory."""


class Outcome(StrEnum):
    """How a send ends. The unknown ones raise the same error; they differ in whether the message arrived."""

    ACCEPTED = "accepted"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    OPTED_OUT = "opted_out"
    UNKNOWN_SENT = "unknown_sent"
    UNKNOWN_LOST = "unknown_lost"


def _span(value: DurationLike) -> timedelta:
    return duration(value, field="faults")


def _share(value: float) -> float:
    if isinstance(value, bool) or not 0 <= value <= 1:
        raise InvalidInput("faults", "range", value, hint="a share between 0 and 1")
    return float(value)


@attrs.frozen(kw_only=True)
class Faults:
    """What goes wrong by chance: shares between 0 and 1, drawn one by one for each send or event.

    ``delay``: from a send to its first report, and between reports. ``late``: the most that chance adds to it, which is
    what puts reports out of order.
    """

    transient: float = attrs.field(default=0.0, converter=_share)
    permanent: float = attrs.field(default=0.0, converter=_share)
    unknown: float = attrs.field(default=0.0, converter=_share)
    lost_reports: float = attrs.field(default=0.0, converter=_share)
    duplicates: float = attrs.field(default=0.0, converter=_share)
    undelivered: float = attrs.field(default=0.0, converter=_share)
    delay: timedelta = attrs.field(default=timedelta(seconds=1), converter=_span)
    late: timedelta = attrs.field(default=timedelta(0), converter=_span)


NO_FAULTS = Faults()


class MemoryTransport:
    """The scriptable fake. Remembers what was sent, in order; not for several threads.

    ``clock``: what "now" and delays are counted by. ``channels``: what it serves (all known ones).
    """

    def __init__(
        self, clock: Clock, *, channels: Iterable[Channel] | None = None, faults: Faults = NO_FAULTS, seed: int = 0
    ) -> None:
        self._clock = clock
        self._random = Random(seed)
        self._faults = faults
        served = tuple(CHANNELS.values()) if channels is None else tuple(channels)
        self._capabilities = Capabilities(channels=served, honours_keys=True, reports=True, inbound=True, threads=True)
        self._script: deque[Outcome] = deque()
        self._results: dict[str, SendResult] = {}
        self._sent: list[Envelope] = []
        self._coming: list[tuple[int, int, TransportEvent]] = []
        self._arrivals = 0

    def capabilities(self) -> Capabilities:
        """All channels given, with reports, inbound messages and keys honoured."""
        return self._capabilities

    @property
    def sent(self) -> tuple[Envelope, ...]:
        """What reached the far end, each key once, in order."""
        return tuple(self._sent)

    def script(self, *outcomes: Outcome | str) -> None:
        """How the next sends end, one each, before chance decides again. Known keys do not use one up."""
        self._script.extend(Outcome(outcome) for outcome in outcomes)

    def send(self, envelope: Envelope) -> SendResult:
        """Take the message as the script or chance says; see `Transport.send` for the errors."""
        refuse_uncovered(envelope, self._capabilities)
        known = self._results.get(envelope.key)
        if known is not None:
            return attrs.evolve(known, duplicate=True)
        outcome = self._script.popleft() if self._script else self._drawn()
        if outcome in (Outcome.ACCEPTED, Outcome.UNKNOWN_SENT):
            self._take(envelope)
        _raise(outcome, envelope.key)
        return self._results[envelope.key]

    def receive(self, message: InboundMessage, *, after: DurationLike = 0) -> None:
        """Let a customer's message come in once ``after`` is over; chance may make it late and double it."""
        self._schedule(message, duration(after, field="after") + self._lateness())

    def report(self, key: str, status: DeliveryStatus, *, after: DurationLike = 0) -> None:
        """Let one report come in exactly after the given time, whatever chance says."""
        self._push(_update(self._results[key], status, self._clock.now()), duration(after, field="after"))

    def due(self) -> tuple[TransportEvent, ...]:
        """The events that have come in by now and were not taken yet, by the time at which they came."""
        now = self._clock.micros()
        taken: list[TransportEvent] = []
        while self._coming and self._coming[0][0] <= now:
            taken.append(heapq.heappop(self._coming)[2])
        return tuple(taken)

    def next_due(self) -> datetime | None:
        """When the next event comes in; None if nothing is on its way."""
        return from_micros(self._coming[0][0]) if self._coming else None

    def _drawn(self) -> Outcome:
        """Always the same number of draws, so that one share changed does not change the others' luck."""
        transient, permanent, unknown, arrived = (self._random.random() for _ in range(4))
        if transient < self._faults.transient:
            return Outcome.TRANSIENT
        if permanent < self._faults.permanent:
            return Outcome.PERMANENT
        if unknown < self._faults.unknown:
            return Outcome.UNKNOWN_SENT if arrived < 0.5 else Outcome.UNKNOWN_LOST
        return Outcome.ACCEPTED

    def _take(self, envelope: Envelope) -> None:
        self._sent.append(envelope)
        result = SendResult(key=envelope.key, provider_id=f"memory-{len(self._sent)}", status=DeliveryStatus.SENT)
        self._results[envelope.key] = result
        if len(self._results) > MAX_KEYS:
            del self._results[next(iter(self._results))]
        self._schedule_reports(result)

    def _schedule_reports(self, result: SendResult) -> None:
        bad = self._random.random() < self._faults.undelivered
        last = DeliveryStatus.UNDELIVERED if bad else DeliveryStatus.DELIVERED
        for step, status in enumerate((DeliveryStatus.SENT, last), start=1):
            after = self._faults.delay * step
            lost = self._random.random() < self._faults.lost_reports
            update = _update(result, status, self._clock.now() + after)
            lateness = self._lateness()
            if not lost:
                self._schedule(update, after + lateness)

    def _schedule(self, event: TransportEvent, after: timedelta) -> None:
        again = self._random.random() < self._faults.duplicates
        lateness = self._lateness()
        self._push(event, after)
        if again:
            self._push(event, after + lateness)

    def _push(self, event: TransportEvent, after: timedelta) -> None:
        self._arrivals += 1
        heapq.heappush(
            self._coming, (self._clock.micros() + duration_micros(after, field="after"), self._arrivals, event)
        )

    def _lateness(self) -> timedelta:
        return self._faults.late * self._random.random()


def _update(result: SendResult, status: DeliveryStatus, at: datetime) -> DeliveryUpdate:
    report = DeliveryReport(status=status, at=at)
    return DeliveryUpdate(key=result.key, provider_id=result.provider_id, report=report)


def _raise(outcome: Outcome, key: str) -> None:
    match outcome:
        case Outcome.TRANSIENT:
            raise TransientFailure(key, "scripted")
        case Outcome.PERMANENT:
            raise PermanentFailure(key, "scripted")
        case Outcome.OPTED_OUT:
            raise OptedOut(key, "scripted")
        case Outcome.UNKNOWN_SENT | Outcome.UNKNOWN_LOST:
            raise UnknownOutcome(key, "scripted")
        case Outcome.ACCEPTED:
            return
