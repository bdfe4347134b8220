"""The conformance kit for transports: what every one of them promises, checked against a far end that obeys orders.

Subclass `TransportContract`, say in `bench` how to set up your transport with its far end, and run the methods named
``test_...`` with any test runner (they need none)::

    class TestPagerTransport(TransportContract):
        @contextmanager
        def bench(self):
            with PagerServer() as server:
                yield Bench(PagerTransport(server.port), server, sender=..., recipient=...)

A check is passed over only where the transport's declared capabilities say that it does not apply.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import attrs

from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Content, Template, Text, plain_text
from switchroom.messaging.degrade import carried
from switchroom.transport.errors import OptedOut, PermanentFailure, TransientFailure, TransportError, UnknownOutcome
from switchroom.transport.protocol import (
    AsyncTransport,
    Capabilities,
    DeliveryUpdate,
    Envelope,
    InboundMessage,
    SendResult,
    Thread,
    Transport,
    TransportEvent,
)

TEXTS = ("hello", "Grüße, 你好 🙂", "line one\nline two", "100% <b>plain</b> & 'quoted' \"text\"", ".\n..\nFrom here")
"""Bodies that have to arrive as they are, apart from spaces and line breaks at the end."""


@attrs.frozen
class Delivered:
    """A message as the far end got it: the key that travelled with it, and its text."""

    key: str
    text: str


class FarEnd(Protocol):
    """The other side of the wire, played by the test."""

    def delivered(self) -> Sequence[Delivered]:
        """What has arrived so far, in order, repetitions that were not dropped included."""
        ...

    def fail_next(self, failure: type[TransportError]) -> None:
        """Make the next send end so: refused for now, refused for good, opted out, or cut off once handed over."""
        ...

    def write(self, text: str, *, id: str) -> Sequence[TransportEvent]:
        """A customer's message, by the far end's id for it; returns what the transport makes of it."""
        ...

    def garbage(self, data: bytes) -> Sequence[TransportEvent]:
        """Bytes that are no message, put where messages come in."""
        ...


@attrs.frozen
class Bench:
    """A transport connected to its far end, and two addresses that it may write from and to."""

    transport: Transport | AsyncTransport
    far_end: FarEnd
    sender: Address
    recipient: Address

    def envelope(self, key: str, content: Content | str = "hello") -> Envelope:
        """A message between the two addresses."""
        body = Text(content) if isinstance(content, str) else content
        return Envelope(key=key, sender=self.sender, recipient=self.recipient, content=body)


def expect(condition: bool, promise: str) -> None:
    """Fail with the promise that was broken. A statement ``assert`` would vanish under ``python -O``."""
    if not condition:
        raise AssertionError(promise)


class TransportContract(ABC):
    """The checks. Each sets up a bench of its own."""

    @abstractmethod
    def bench(self) -> AbstractContextManager[Bench]:
        """A fresh transport and far end; left when the check is over, however it ended."""

    @abstractmethod
    def send(self, bench: Bench, envelope: Envelope) -> SendResult:
        """Send by the rung under test: ``bench.transport.send(envelope)``, or ``asend`` run to its end."""

    def failure(self, bench: Bench, envelope: Envelope) -> TransportError | None:
        """The error of a send; None if there was none."""
        try:
            self.send(bench, envelope)
        except TransportError as error:
            return error
        return None

    def test_declares_the_same_capabilities_each_time(self) -> None:
        """The declaration is a value with at least one channel, and does not change by sending."""
        with self.bench() as bench:
            first = bench.transport.capabilities()
            self.send(bench, bench.envelope("k-1"))
            expect(isinstance(first, Capabilities) and bool(first.channels), "declares at least one channel")
            expect(bench.transport.capabilities() == first, "the declaration stays the same")
            expect(first.channel(bench.recipient.channel) is not None, "serves the channel of the bench")

    def test_a_message_arrives_once_with_its_key(self) -> None:
        """What is sent arrives once, as it is, with its key, and the result names it."""
        with self.bench() as bench:
            result = self.send(bench, bench.envelope("k-1", "hello"))
            expect(bench.far_end.delivered() == [Delivered("k-1", "hello")], "one message arrives, with key and text")
            expect(result.key == "k-1" and bool(result.provider_id), "the result has the key and the provider's id")
            expect(not result.duplicate and not result.status.arrived, "taken is not yet delivered, nor a duplicate")

    def test_texts_arrive_as_they_are(self) -> None:
        """Other scripts, emoji, line breaks, dots and markup are not altered on the way."""
        with self.bench() as bench:
            for number, text in enumerate(TEXTS):
                self.send(bench, bench.envelope(f"k-{number}", text))
            arrived = [message.text for message in bench.far_end.delivered()]
            expect(arrived == list(TEXTS), f"texts arrive unaltered, not as {arrived}")

    def test_different_keys_are_different_messages(self) -> None:
        """Equal bodies under two keys are two messages with two ids, in the order of the calls."""
        with self.bench() as bench:
            ids = [self.send(bench, bench.envelope(key)).provider_id for key in ("k-1", "k.2", "k:3")]
            keys = [message.key for message in bench.far_end.delivered()]
            expect(keys == ["k-1", "k.2", "k:3"], f"every key arrives as it is and in order, not as {keys}")
            expect(len(set(ids)) == 3, "each message has an id of its own")

    def test_the_same_key_again_is_the_same_message(self) -> None:
        """A second try has the first one's id, and is dropped or at least carries the key to be dropped by."""
        with self.bench() as bench:
            first, again = (self.send(bench, bench.envelope("k-1")) for _ in range(2))
            keys = [message.key for message in bench.far_end.delivered()]
            expect(first.provider_id == again.provider_id, "both tries have one id")
            expect(set(keys) == {"k-1"}, f"every try carries the key, not {keys}")
            if bench.transport.capabilities().honours_keys:
                expect(len(keys) == 1 and again.duplicate, "where keys are honoured the second try is dropped")

    def test_what_is_not_declared_is_refused_before_it_leaves(self) -> None:
        """Content that the channel does not carry, and a channel not served, are refused and nothing arrives."""
        with self.bench() as bench:
            channel = bench.transport.capabilities().channel(bench.recipient.channel)
            template = Template("welcome")
            wrong = [] if channel is None or carried(template, channel) else [bench.envelope("k-1", template)]
            unserved = Address("unserved-channel", "a")
            wrong.append(Envelope(key="k-2", sender=unserved, recipient=unserved, content=Text("hello")))
            for envelope in wrong:
                expect(self._refused(bench, envelope), f"{envelope.content!r} by {envelope.channel} is refused")
            expect(not bench.far_end.delivered(), "nothing that was refused arrives")

    def test_a_transient_failure_can_be_tried_again(self) -> None:
        """Refused for now: nothing arrived, the error says so, and the same envelope succeeds later."""
        with self.bench() as bench:
            bench.far_end.fail_next(TransientFailure)
            error = self.failure(bench, bench.envelope("k-1"))
            expect(type(error) is TransientFailure, f"the failure is transient, not {error!r}")
            expect(error is not None and error.key == "k-1" and error.retryable, "it names the key and can be retried")
            expect(not bench.far_end.delivered(), "nothing arrived")
            self.send(bench, bench.envelope("k-1"))
            expect([m.key for m in bench.far_end.delivered()] == ["k-1"], "the second try arrives")

    def test_a_permanent_failure_says_so(self) -> None:
        """Refused for good is told from refused for now, and the next message is not affected."""
        with self.bench() as bench:
            bench.far_end.fail_next(PermanentFailure)
            error = self.failure(bench, bench.envelope("k-1"))
            expect(type(error) is PermanentFailure and not error.retryable, f"permanent, not {error!r}")
            self.send(bench, bench.envelope("k-2"))
            expect([m.key for m in bench.far_end.delivered()] == ["k-2"], "only the next message arrives")

    def test_an_opt_out_held_by_the_provider_is_told(self) -> None:
        """An opt-out is neither transient nor merely permanent: our own record has to follow it."""
        with self.bench() as bench:
            bench.far_end.fail_next(OptedOut)
            error = self.failure(bench, bench.envelope("k-1"))
            expect(type(error) is OptedOut and not error.retryable, f"opted out, not {error!r}")

    def test_a_connection_lost_after_the_message_is_unknown(self) -> None:
        """Cut off once handed over: not called failed, and a second try carries the same key."""
        with self.bench() as bench:
            bench.far_end.fail_next(UnknownOutcome)
            error = self.failure(bench, bench.envelope("k-1"))
            expect(type(error) is UnknownOutcome and error.retryable, f"the outcome is unknown, not {error!r}")
            self.send(bench, bench.envelope("k-1"))
            expect({m.key for m in bench.far_end.delivered()} == {"k-1"}, "the second try arrives under the same key")

    def test_errors_repeat_neither_recipient_nor_body(self) -> None:
        """Logs may hold errors: no address of a person and no word of a message is in them."""
        with self.bench() as bench:
            for number, kind in enumerate((TransientFailure, PermanentFailure, OptedOut, UnknownOutcome)):
                bench.far_end.fail_next(kind)
                error = self.failure(bench, bench.envelope(f"k-{number}", "secret words"))
                said = f"{error} {error!r} {error.details if error else ''}"
                expect(bench.recipient.value not in said and "secret" not in said, f"{kind.__name__} says {said}")

    def test_a_customers_message_comes_in(self) -> None:
        """Text, both addresses and an id come in; the message is told from another one by its id."""
        with self.bench() as bench:
            if not bench.transport.capabilities().inbound:
                return
            first, second = self._written(bench, "Grüße 🙂", "m-1"), self._written(bench, "Grüße 🙂", "m-2")
            expect(plain_text(first.content) == "Grüße 🙂", "the text comes in as it was written")
            expect(first.sender == bench.recipient and first.recipient == bench.sender, "from customer to company")
            expect(first.provider_id != second.provider_id, "two messages have two ids")

    def test_a_message_that_comes_twice_has_one_id(self) -> None:
        """A repeated delivery is told by its id."""
        with self.bench() as bench:
            if not bench.transport.capabilities().inbound:
                return
            ids = {self._written(bench, "hello", "m-1").provider_id for _ in range(2)}
            expect(len(ids) == 1, f"one message has one id, not {ids}")

    def test_garbage_does_not_raise(self) -> None:
        """Whatever comes in where messages do is answered with values, and the transport works on."""
        with self.bench() as bench:
            for data in (
                b"",
                b"\x00\xff\xfe",
                b"{" * 5_000,
                b'{"events": 3}',
                b"From: \r\n\r\n",
                bytes(range(256)) * 9,
            ):
                for event in bench.far_end.garbage(data):
                    expect(isinstance(event, InboundMessage | DeliveryUpdate), f"garbage became {event!r}")
            self.send(bench, bench.envelope("k-1"))
            expect(len(bench.far_end.delivered()) == 1, "a send after garbage arrives")

    def test_headers_cannot_be_injected(self) -> None:
        """Line breaks in what becomes a header are refused with the value, before any transport sees them."""
        with self.bench() as bench:
            for line_break in ("\r\n", "\n", "\r", "\u2028", "\x00"):
                bad = f"a{line_break}Bcc: x@y.example"
                expect(_refuses_lines(bench.envelope("k-1"), bad), f"{bad!r} is refused")

    def _refused(self, bench: Bench, envelope: Envelope) -> bool:
        try:
            self.send(bench, envelope)
        except InvalidInput:
            return True
        return False

    def _written(self, bench: Bench, text: str, id: str) -> InboundMessage:
        messages = [e for e in bench.far_end.write(text, id=id) if isinstance(e, InboundMessage)]
        expect(len(messages) >= 1, "a message written at the far end comes in")
        return messages[0]


def _refuses_lines(envelope: Envelope, bad: str) -> bool:
    attempts = (
        lambda: attrs.evolve(envelope, subject=bad),
        lambda: attrs.evolve(envelope, metadata={"k": bad}),
        lambda: attrs.evolve(envelope, unsubscribe=f"https://x.example/{bad}"),
        lambda: attrs.evolve(envelope, thread=Thread(in_reply_to=bad)),
    )
    return all(_is_refused(attempt) for attempt in attempts)


def _is_refused(attempt: Callable[[], Envelope]) -> bool:
    try:
        attempt()
    except InvalidInput:
        return True
    return False
