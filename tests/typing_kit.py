"""Calls over configurations, carriers, telemetry and the test kit: read by mypy and pyright, strict, and never run."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from switchroom import Address, Agent, ContactCenter, Line, ManualClock, MemoryStorage, OfferView, Queue, Record
from switchroom.carrying import Carrier
from switchroom.config import Change, Configuration, diff, dump, load, parse
from switchroom.conversations.model import Received
from switchroom.errors import SwitchroomError
from switchroom.logs import log_records
from switchroom.telemetry import TracedContactCenter, observe
from switchroom.testing import assertions
from switchroom.testing.building import Builder
from switchroom.testing.network import Customer, Network
from switchroom.testing.saved_log import SavedLog, open_log, read_log, save_log
from switchroom.testing.scenario_model import Outcome
from switchroom.testing.scenario_reader import load as load_scenarios
from switchroom.testing.scenario_run import run
from switchroom.transport.memory import MemoryTransport
from switchroom.transport.protocol import Envelope, InboundMessage


def configurations(center: ContactCenter) -> None:
    line = Line("main", address=Address("sms", "+15550001111"), queue="sales")
    wanted = Configuration(queues=[Queue("sales")], agents=[Agent("ana", queues=["sales"])], lines=[line])
    assert_type(diff(Configuration.of(center), wanted), list[Change])
    wanted.apply(center, remove=True, move={"old": "sales"}, command_id="c-1")
    assert_type(parse(dump(load("center.toml"))).build(clock=ManualClock(), storage=MemoryStorage()), ContactCenter)


def carriers(center: ContactCenter, transport: MemoryTransport, message: InboundMessage) -> None:
    carrier = Carrier(center, transport)
    assert_type(carrier.take(message), Received | bool)
    assert_type(center.effects.deliver(), int)


def watching(center: ContactCenter) -> None:
    log_records(center)()
    observe(center, name="north")
    assert_type(TracedContactCenter(clock=ManualClock(), seed=1).zone, str)


def building(center: ContactCenter) -> None:
    build = Builder(center)
    assert_type(build(Queue("q"), Agent("ana", queues=["q"])), ContactCenter)
    build.config(Path("center.toml"), on_queue=False)
    network = Network(build.help_desk("ana", "bob"))
    customer = Customer(network, number=2)
    assert_type(customer.writes("hello"), Received)
    assert_type(customer.heard, tuple[str, ...])
    network.advance("45s")
    assert_type(assertions.assert_offered(center, "item-1", to="ana"), OfferView)
    assert_type(assertions.assert_sent(network.transport, "hello", to=customer.address), tuple[Envelope, ...])
    assert_type(assertions.assert_happened(center, "routing.offer_made", {"agent": "ana"}), tuple[Record, ...])


def logs(center: ContactCenter) -> None:
    assert_type(read_log(save_log(center, "a.jsonl")), SavedLog)
    assert_type(open_log("a.jsonl", clock=ManualClock()), ContactCenter)
    for scenario in load_scenarios("a.scenario.toml"):
        assert_type(run(scenario), Outcome)


def codes(error: SwitchroomError) -> str:
    return error.error_code
