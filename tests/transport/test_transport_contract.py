"""The conformance kit: every transport of the library passes it, and every rule of it can be broken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import attrs
import pytest
from transport_servers import ANN, DOMAIN, OUT, SHOP, MailServer, WebServer

from switchroom.clock import ManualClock
from switchroom.messaging.addresses import Address
from switchroom.messaging.channels import CHANNELS
from switchroom.messaging.content import Text, plain_text
from switchroom.testing.transport_contract import Bench, Delivered, TransportContract
from switchroom.transport.errors import (
    OptedOut,
    PermanentFailure,
    TransientFailure,
    TransportError,
    UnknownOutcome,
)
from switchroom.transport.memory import MemoryTransport, Outcome
from switchroom.transport.open_messaging import OpenMessagingTransport
from switchroom.transport.protocol import Capabilities, Envelope, InboundMessage, SendResult, TransportEvent
from switchroom.transport.signatures import StandardWebhooks
from switchroom.transport.smtp import SmtpTransport

WIDGET, DESK = Address("web", "widget-7"), Address("web", "shop")
OUTCOMES = {
    TransientFailure: Outcome.TRANSIENT,
    PermanentFailure: Outcome.PERMANENT,
    OptedOut: Outcome.OPTED_OUT,
    UnknownOutcome: Outcome.UNKNOWN_SENT,
}


class MemoryFarEnd:
    def __init__(self, transport: MemoryTransport) -> None:
        self.transport = transport

    def delivered(self) -> list[Delivered]:
        return [Delivered(e.key, plain_text(e.content)) for e in self.transport.sent]

    def fail_next(self, failure: type[TransportError]) -> None:
        self.transport.script(OUTCOMES[failure])

    def write(self, text: str, *, id: str) -> Sequence[TransportEvent]:
        self.transport.receive(InboundMessage(provider_id=id, sender=WIDGET, recipient=DESK, content=Text(text)))
        return self.transport.due()

    def garbage(self, data: bytes) -> Sequence[TransportEvent]:
        return ()


class Blocking(TransportContract):
    def send(self, bench: Bench, envelope: Envelope) -> SendResult:
        assert hasattr(bench.transport, "send")
        result = bench.transport.send(envelope)
        assert isinstance(result, SendResult)
        return result


class Awaiting(TransportContract):
    runner: asyncio.Runner

    def send(self, bench: Bench, envelope: Envelope) -> SendResult:
        assert hasattr(bench.transport, "asend")
        result = self.runner.run(bench.transport.asend(envelope))
        assert isinstance(result, SendResult)
        return result


class TestMemory(Blocking):
    @contextmanager
    def bench(self) -> Iterator[Bench]:
        template_less = attrs.evolve(CHANNELS["web"], id="web")
        transport = MemoryTransport(ManualClock(), channels=[template_less])
        yield Bench(transport, MemoryFarEnd(transport), DESK, WIDGET)


def smtp_bench(server: MailServer) -> Bench:
    server.transport = SmtpTransport(
        "127.0.0.1",
        port=server.port,
        domain=DOMAIN,
        tls="none",
        timeout="10s",
        clock=ManualClock(),
        opt_out_codes=frozenset({"550 5.7.509"}),
    )
    return Bench(server.transport, server, SHOP, ANN)


class TestSmtp(Blocking):
    @contextmanager
    def bench(self) -> Iterator[Bench]:
        with MailServer() as server:
            yield smtp_bench(server)


class TestSmtpAsync(Awaiting):
    @contextmanager
    def bench(self) -> Iterator[Bench]:
        with MailServer() as server, asyncio.Runner() as self.runner:
            yield smtp_bench(server)


def web_transport(server: WebServer) -> OpenMessagingTransport:
    channel = attrs.evolve(CHANNELS["web"], carries={"text": CHANNELS["web"].carries["text"]})
    signer = StandardWebhooks(OUT)
    return OpenMessagingTransport(server.url, signer=signer, channels=(channel,), timeout="10s", clock=server.clock)


class TestOpenMessaging(Blocking):
    @contextmanager
    def bench(self) -> Iterator[Bench]:
        with WebServer(ManualClock()) as server, web_transport(server) as transport:
            yield Bench(transport, server, DESK, WIDGET)


class TestOpenMessagingAsync(Awaiting):
    @contextmanager
    def bench(self) -> Iterator[Bench]:
        with WebServer(ManualClock()) as server, asyncio.Runner() as self.runner:
            transport = web_transport(server)
            yield Bench(transport, server, DESK, WIDGET)
            self.runner.run(transport.aclose())


# What follows are transports that each break one promise; the kit has to name them.


class Broken(MemoryTransport):
    """The memory transport, to be overridden in one point; the far end below sees what really left."""

    far_end: MemoryFarEnd


class ForgetsKeys(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        fresh = attrs.evolve(envelope, key=f"{envelope.key}-{len(self.sent)}")
        return attrs.evolve(super().send(fresh), key=envelope.key)


class SendsTwice(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        self._results.pop(envelope.key, None)
        return super().send(envelope)


class Swallows(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        try:
            return super().send(envelope)
        except TransportError:
            return SendResult(key=envelope.key, provider_id="x")


class CallsAllTransient(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        try:
            return super().send(envelope)
        except TransportError as error:
            raise TransientFailure(envelope.key, str(error.code)) from None


class CallsAllPermanent(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        try:
            return super().send(envelope)
        except TransportError as error:
            raise PermanentFailure(envelope.key, str(error.code)) from None


class TellsRecipient(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        try:
            return super().send(envelope)
        except TransportError as error:
            raise type(error)(envelope.key, envelope.recipient.value) from None


class Mangles(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        text = plain_text(envelope.content).encode("ascii", "replace").decode()
        return super().send(attrs.evolve(envelope, content=Text(text)))


class TakesEverything(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        self._capabilities = attrs.evolve(
            self._capabilities, channels=(*CHANNELS.values(), attrs.evolve(CHANNELS["open"], id=envelope.channel))
        )
        return super().send(envelope)


class OneId(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        return attrs.evolve(super().send(envelope), provider_id="same")


class ChangesItsMind(Broken):
    def capabilities(self) -> Capabilities:
        return attrs.evolve(super().capabilities(), reports=not self.sent)


class SendsLast(Broken):
    def send(self, envelope: Envelope) -> SendResult:
        result = super().send(envelope)
        self._sent.sort(key=lambda e: e.key, reverse=True)
        return result


class FreshInboundIds(Broken):
    def due(self) -> tuple[TransportEvent, ...]:
        self._arrivals += 1
        return tuple(
            attrs.evolve(e, provider_id=f"{e.provider_id}-{self._arrivals}") if isinstance(e, InboundMessage) else e
            for e in super().due()
        )


class OneInboundId(Broken):
    def due(self) -> tuple[TransportEvent, ...]:
        return tuple(attrs.evolve(e, provider_id="1") if isinstance(e, InboundMessage) else e for e in super().due())


class SwapsAddresses(Broken):
    def due(self) -> tuple[TransportEvent, ...]:
        return tuple(
            attrs.evolve(e, sender=e.recipient, recipient=e.sender) if isinstance(e, InboundMessage) else e
            for e in super().due()
        )


BROKEN: list[tuple[type[Broken], str]] = [
    (ForgetsKeys, "test_a_message_arrives_once_with_its_key"),
    (SendsTwice, "test_the_same_key_again_is_the_same_message"),
    (Swallows, "test_a_transient_failure_can_be_tried_again"),
    (Swallows, "test_a_connection_lost_after_the_message_is_unknown"),
    (CallsAllTransient, "test_a_permanent_failure_says_so"),
    (CallsAllTransient, "test_an_opt_out_held_by_the_provider_is_told"),
    (CallsAllPermanent, "test_a_transient_failure_can_be_tried_again"),
    (CallsAllPermanent, "test_a_connection_lost_after_the_message_is_unknown"),
    (TellsRecipient, "test_errors_repeat_neither_recipient_nor_body"),
    (Mangles, "test_texts_arrive_as_they_are"),
    (TakesEverything, "test_what_is_not_declared_is_refused_before_it_leaves"),
    (OneId, "test_different_keys_are_different_messages"),
    (SendsLast, "test_different_keys_are_different_messages"),
    (ChangesItsMind, "test_declares_the_same_capabilities_each_time"),
    (FreshInboundIds, "test_a_message_that_comes_twice_has_one_id"),
    (OneInboundId, "test_a_customers_message_comes_in"),
    (SwapsAddresses, "test_a_customers_message_comes_in"),
]


@pytest.mark.parametrize(("kind", "check"), BROKEN, ids=lambda v: v if isinstance(v, str) else v.__name__)
def test_the_kit_finds_a_broken_transport(kind: type[Broken], check: str) -> None:
    """A transport that breaks one promise fails the check that is about it."""

    class Kit(Blocking):
        @contextmanager
        def bench(self) -> Iterator[Bench]:
            transport = kind(ManualClock(), channels=[CHANNELS["web"]])
            yield Bench(transport, MemoryFarEnd(transport), DESK, WIDGET)

    run: Callable[[], None] = getattr(Kit(), check)
    with pytest.raises(AssertionError):
        run()


def test_garbage_that_raises_is_found() -> None:
    """A parser that raises on garbage fails the kit."""

    class Fragile(MemoryFarEnd):
        def garbage(self, data: bytes) -> Sequence[TransportEvent]:
            raise OverflowError

    class Kit(Blocking):
        @contextmanager
        def bench(self) -> Iterator[Bench]:
            transport = MemoryTransport(ManualClock(), channels=[CHANNELS["web"]])
            yield Bench(transport, Fragile(transport), DESK, WIDGET)

    with pytest.raises(OverflowError):
        Kit().test_garbage_does_not_raise()
