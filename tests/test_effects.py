"""Effects at the edge: handlers, the gate at hand-over, threads, crashes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest

from switchroom import ContactCenter, ManualClock, Queue
from switchroom.consent.model import ConsentRules
from switchroom.conversations.model import Line
from switchroom.effects import EffectView
from switchroom.errors import ConflictError, DeliveryFailed, DeliveryRefused, DuplicateId, StorageError, UnknownId
from switchroom.kernel import outbox
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.records import Record
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.addresses import Address
from switchroom.storage.memory import MemoryStorage

OURS, ANA = Address("sms", "+15550001111"), Address("sms", "+15557654321")


class Failing(MemoryStorage):
    """A store whose next appends raise what they are told to."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[BaseException] = []

    def append(self, records: Sequence[Record], after: int) -> int:
        if records and self.errors:
            raise self.errors.pop(0)
        return super().append(records, after)


class Dies(BaseException):
    """The process ends here."""


def opened(storage: MemoryStorage | None = None, clock: ManualClock | None = None) -> ContactCenter:
    center = ContactCenter(clock=clock or ManualClock(), storage=storage, seed=1)
    if not center.queues.ids():
        center.queues.add(Queue("help"))
        center.conversations.save_line(Line("main", address=OURS, queue="help"))
        center.consent.give(ANA, "marketing", how="form")
    return center


def request(
    center: ContactCenter, stream: str = "s", kind: str = "ping", valid_us: int | None = None, n: int = 0
) -> str:
    def operation(tx: Transaction, kernel: Kernel) -> str:
        until = None if valid_us is None else tx.now + valid_us
        return outbox.request(tx, kernel.outbox, kind, stream, {"n": n}, until)

    return center.run_on("kernel", operation)


def ends(center: ContactCenter) -> Iterator[tuple[str, str]]:
    for record in center.events():
        if record.type.startswith("kernel.effect_") and not record.type.endswith("requested"):
            yield record.type.removeprefix("kernel.effect_"), record.event.effect


def test_a_stream_is_done_in_order_and_others_do_not_wait_for_it() -> None:
    """While the first of a stream fails, the second of it waits and another stream goes on."""
    center, done = opened(), list[str]()

    def handler(effect: EffectView) -> None:
        if effect.body["n"] == 1 and effect.attempts == 0:
            raise DeliveryFailed("later")
        done.append(effect.id)

    center.effects.register("ping", handler)
    first, second, other = request(center, "slow", n=1), request(center, "slow"), request(center, "fast")
    center.effects.deliver()
    assert done == [other]
    center.advance("1s")
    center.effects.deliver()
    assert done == [other, first, second]
    center.check()


def test_waits_grow_and_end_in_a_dead_letter() -> None:
    """Each wait is a half to the whole of the next power of two seconds, an hour at most; the last attempt gives up."""
    center = opened()

    def broken(effect: EffectView) -> None:
        raise ValueError("down")

    center.effects.register("ping", broken)
    id = request(center)
    for _ in range(outbox.MAX_ATTEMPTS):
        assert center.effects.deliver() == 1
        assert center.effects.deliver() == 0, "it is tried again before its time"
        center.advance("3h")
    failed = [r for r in center.events() if r.type == "kernel.effect_failed"]
    waits = [r.event.retry_us - r.at for r in failed]
    assert len(waits) == outbox.MAX_ATTEMPTS - 1
    whole = [min(2**n * 1_000_000, outbox.LONGEST_RETRY_US) for n in range(len(waits))]
    assert all(most // 2 <= wait <= most for wait, most in zip(waits, whole, strict=True))
    assert len({wait / most for wait, most in zip(waits, whole, strict=True)}) > 1, "no jitter"
    assert 5_400e6 < sum(waits) < 10_800e6, "not what is promised of the span of all attempts"
    assert [e.id for e in center.effects.dead()] == [id]
    assert "down" in center.effects.dead()[0].problem


def test_dead_letters_are_retried_and_dropped_by_hand() -> None:
    """Retried, it keeps its id and begins its attempts anew; dropped, it is gone; neither can be done to another."""
    center, seen = opened(), list[tuple[str, int]]()
    fate: list[Exception | None] = [DeliveryRefused("no"), None, DeliveryRefused("no")]

    def handler(effect: EffectView) -> None:
        seen.append((effect.id, effect.attempts))
        error = fate.pop(0)
        if error is not None:
            raise error

    center.effects.register("ping", handler)
    first = request(center)
    center.effects.deliver()
    center.effects.retry(first)
    center.effects.deliver()
    second = request(center)
    center.effects.deliver()
    center.effects.drop(second)
    assert seen == [(first, 0), (first, 0), (second, 0)]
    assert center.effects.dead() == center.effects.pending() == ()
    for act in (center.effects.retry, center.effects.drop):
        with pytest.raises(UnknownId):
            act(second)
    with pytest.raises(DuplicateId):
        center.effects.register("ping", handler)
    center.check()


@pytest.mark.parametrize(("late", "expected"), [("9s", "done"), ("10s", "dropped")])
def test_nothing_is_handed_over_when_its_time_is_over(late: str, expected: str) -> None:
    """Half-open: in time up to the last instant before, dropped with its reason from then on."""
    center, done = opened(), list[str]()
    center.effects.register("ping", lambda effect: done.append(effect.id))
    request(center, valid_us=10_000_000)
    center.advance(late)
    center.effects.deliver()
    assert [end for end, _ in ends(center)] == [expected]
    assert bool(done) == (expected == "done")


@pytest.mark.parametrize("wait", [-1.0, float("nan"), float("inf"), 1e300])
def test_a_nonsensical_wait_of_a_receiver_stops_nothing(wait: float) -> None:
    """Other effects go on, and it is tried again within a day."""
    center, done = opened(), list[str]()

    def handler(effect: EffectView) -> None:
        if effect.stream == "odd" and not effect.attempts:
            raise DeliveryFailed("busy", retry_after=wait)
        done.append(effect.id)

    center.effects.register("ping", handler)
    odd, other = request(center, "odd"), request(center, "other")
    center.effects.deliver()
    center.advance("24h")
    center.effects.deliver()
    assert done == [other, odd]


def test_a_stop_between_request_and_hand_over_wins() -> None:
    """The gate is asked at hand-over: dropped with its reason, and the message says so."""
    center, sent = opened(), list[str]()
    center.effects.register("send", lambda effect: sent.append(effect.body["purpose"]))
    message = center.conversations.send("main", ANA, "sale!", purpose="marketing")
    center.consent.opt_out(ANA)
    center.effects.deliver()
    assert sent == []
    assert [end for end, _ in ends(center)] == ["dropped"]
    assert center.conversations.message_status(message) == "canceled"


def test_a_stop_that_another_process_has_stored_wins_too() -> None:
    """The gate reads the log to its end, not the memory of a process that has not heard of it."""
    storage, clock, sent = MemoryStorage(), ManualClock(), list[str]()
    first = opened(storage, clock)
    first.conversations.send("main", ANA, "sale!", purpose="marketing")
    second = opened(storage, clock)
    first.catch_up()
    second.consent.opt_out(ANA)
    first.effects.register("send", lambda effect: sent.append(effect.id))
    first.effects.deliver()
    assert sent == []


def test_a_failed_try_does_not_use_up_the_cap() -> None:
    """One message a day is allowed, and the second try of it is no second message."""
    center, tries = opened(), list[str]()
    center.consent.set_rules(ConsentRules(cap=1, cap_period="24h"))

    def flaky(effect: EffectView) -> None:
        tries.append(effect.id)
        if len(tries) == 1:
            raise DeliveryFailed("later")

    center.effects.register("send", flaky)
    center.conversations.send("main", ANA, "sale!", purpose="marketing")
    for _ in range(2):
        center.conversations.send("main", ANA, "more!", purpose="marketing")
    center.effects.deliver()
    center.advance("2s")
    center.effects.deliver()
    assert [end for end, _ in ends(center)] == ["failed", "done", "dropped", "dropped"]


@pytest.mark.parametrize("error", [ConflictError(1, 2), StorageError("no room", retryable=True), Dies()])
def test_a_claim_whose_commit_fails_is_given_back(error: BaseException) -> None:
    """What was claimed when the store failed is delivered later by the same process."""
    storage, done = Failing(), list[str]()
    center = opened(storage)
    center.effects.register("send", lambda effect: done.append(effect.id))
    center.conversations.send("main", ANA, "first", purpose="marketing")
    center.consent.opt_out(ANA)
    center.consent.opt_in(ANA)
    # Claiming stores something: the first of these is dropped in the same step.
    center.consent.opt_out(ANA, scope="campaign:a")
    drop = center.effects.pending()[0].id
    center.conversations.send("main", Address("sms", "+15557650000"), "second", purpose="reply")
    center.consent.opt_out(ANA)
    storage.errors.append(error)
    for _ in range(2):
        try:
            center.effects.deliver()
        except (StorageError, Dies):
            continue
    assert drop not in done
    assert len(done) == 1
    assert center.effects.pending() == ()


def test_two_threads_deliver_without_doubling() -> None:
    """Each effect is handed over by one of them, and each stream in its order, however they interleave."""
    center = opened()
    handed: list[tuple[str, str]] = []
    meeting = threading.Barrier(2, timeout=10)
    met: list[None] = []

    def handler(effect: EffectView) -> None:
        handed.append((effect.stream, effect.id))
        if not met:
            meeting.wait()
            met.append(None)

    center.effects.register("ping", handler)
    ids = [request(center, f"s{n % 4}") for n in range(40)]
    threads = [threading.Thread(target=center.effects.deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    center.effects.deliver()
    assert sorted(id for _, id in handed) == sorted(ids)
    for stream in range(4):
        numbers = [int(id.partition("-")[2]) for name, id in handed if name == f"s{stream}"]
        assert all(one < other for one, other in pairwise(numbers))
    center.check()


def test_after_a_crash_between_hand_over_and_outcome_the_same_id_comes_again() -> None:
    """The receiver that honours keys sees one message."""
    storage, clock, seen = MemoryStorage(), ManualClock(), list[str]()

    def dies(effect: EffectView) -> None:
        seen.append(effect.id)
        raise Dies

    center = opened(storage, clock)
    center.effects.register("ping", dies)
    id = request(center)
    with pytest.raises(Dies):
        center.effects.deliver()
    again = opened(storage, clock)
    again.effects.register("ping", lambda effect: seen.append(effect.id))
    again.effects.deliver()
    assert seen == [id, id]
    assert list(ends(again)) == [("done", id)]
    assert again.effects.deliver() == 0


def test_an_outcome_that_cannot_be_stored_is_delivered_again() -> None:
    """The store fails after the hand-over: pending still, and done again under the same id."""
    storage, seen = Failing(), list[str]()
    center = opened(storage)
    id = request(center)
    center.effects.register("ping", lambda effect: seen.append(effect.id))
    storage.errors.append(StorageError("no room", retryable=True))
    with pytest.raises(StorageError):
        center.effects.deliver()
    assert [e.id for e in center.effects.pending()] == [id]
    center.effects.deliver()
    assert seen == [id, id]
    center.check()


def test_effects_without_a_handler_wait() -> None:
    """Nobody does them, nobody drops them."""
    center = opened()
    id = request(center, kind="unheard")
    assert center.effects.deliver() == 0
    assert [e.id for e in center.effects.pending()] == [id]


def test_what_a_handler_returns_must_be_plain_data() -> None:
    """Anything else is a failed attempt like any other: told, tried again, and never in the way of the rest."""
    for result in ([1], {"a": object()}, {"a": float("nan")}):
        center = opened()
        center.effects.register("odd", lambda effect, result=result: result)
        center.run_on("kernel", lambda tx, kernel: outbox.request(tx, kernel.outbox, "odd", "s", {}))
        assert center.effects.deliver() == 1
        (waiting,) = center.effects.pending()
        assert waiting.problem.startswith(("TypeError", "ValueError"))
        center.check()
