"""C1: what a customer's message costs: to an open conversation, and to a new one through a flow to an offer.

Everything is in memory, with events and log; the texts are usual ones, so that the keyword policy looks at each. The
agents have room, so that a new conversation is offered in the same step. The floor is a push and a pop of one heap of
10,000 items. The memory of closed conversations is measured on a log that keeps nothing: what is left is the center.
"""

from __future__ import annotations

import gc
import tracemalloc
from random import Random
from typing import TYPE_CHECKING

from figures import figure, ratio
from lifecycle import floor_block
from switchroom.center import ContactCenter
from switchroom.clock import ManualClock
from switchroom.conversations.flow_model import Ask, Branch, Flow, RouteTo, Say, SetVariables
from switchroom.conversations.model import Line
from switchroom.messaging.addresses import Address
from switchroom.routing.model import Agent
from switchroom.routing.queue_model import Queue
from switchroom.routing.utilization import MediumLimit, Utilization
from switchroom.storage.memory import MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATIONS = 500
OPEN = 2_000
"""Conversations in hand while messages come in."""

CLOSED = 1_000_000
"""Conversations that have come, were closed and have left memory."""

OURS = Address("sms", "+15550001111")
TEXT = """
hi thanks for the reminder i will be there at five tomorrow with my brother order delivery please can you move the
appointment to friday my address has changed what time do you open on sunday great see you then
"""
WORDS = TEXT.split()


FLOW = Flow(
    "greet",
    start="hello",
    steps={
        "hello": Say("Welcome. We are with you in a minute.", then="mark"),
        "mark": SetVariables({"source": "text"}, then="which"),
        "which": Branch([('channel == "sms"', "ask")], otherwise="people"),
        "ask": Ask(
            "What is it about?",
            save="topic",
            answer="choice",
            choices=["orders", "bills"],
            then="people",
            failed="people",
            timed_out="people",
        ),
        "people": RouteTo("help"),
    },
)


def customer(number: int) -> Address:
    return Address("sms", f"+1{2_000_000_000 + number}")


class Desk:
    """A center with one line and agents with room for all that comes."""

    def __init__(self, flow: Flow | None = None, storage: MemoryStorage | None = None) -> None:
        self.clock = ManualClock()
        self.center = ContactCenter(clock=self.clock, seed=1, storage=storage)
        self.random = Random(5)
        self.number = 0
        room = Utilization(capacity=10**6, media={"message": MediumLimit(cost=1)})
        self.center.queues.add(Queue("help", alert_timeout="1h"))
        for number in range(20):
            self.center.agents.add(Agent(f"a{number}", queues=["help"], utilization=room, max_offers=10**6))
            self.center.agents.sign_in(f"a{number}")
        if flow is not None:
            self.center.flows.save(flow)
        self.center.conversations.save_line(
            Line("main", address=OURS, queue="help", flow=None if flow is None else flow.id, close_after="30m")
        )

    def text(self) -> str:
        return " ".join(self.random.choices(WORDS, k=12))

    def receive(self, sender: Address, text: str) -> None:
        self.number += 1
        self.center.conversations.receive(to=OURS, sender=sender, content=text, provider_id=f"p{self.number}")

    def accept_all(self) -> None:
        for number in range(20):
            for offer in self.center.offers.of_agent(f"a{number}"):
                self.center.offers.accept(offer.id)


class Chatting(Desk):
    """Messages to conversations that agents have in hand."""

    def __init__(self) -> None:
        super().__init__()
        self.customers = [customer(n) for n in range(OPEN)]
        for one in self.customers:
            self.receive(one, self.text())
        self.accept_all()

    def block(self) -> Callable[[], int]:
        rows = [(self.random.choice(self.customers), self.text()) for _ in range(OPERATIONS)]
        self.clock.advance("1s")
        return lambda: self.run(rows)

    def run(self, rows: list[tuple[Address, str]]) -> int:
        for sender, text in rows:
            self.receive(sender, text)
        return len(rows)


class Arriving(Desk):
    """New conversations: the flow greets, branches and asks; the answer leads to a queue and an offer."""

    def __init__(self) -> None:
        super().__init__(FLOW)
        self.customers = 0

    def block(self) -> Callable[[], int]:
        self.clock.advance("1s")
        self.accept_all()
        new = [customer(self.customers + n) for n in range(OPERATIONS // 5)]
        self.customers += len(new)
        rows = [(one, self.text()) for one in new]
        return lambda: self.run(rows)

    def run(self, rows: list[tuple[Address, str]]) -> int:
        for sender, text in rows:
            self.receive(sender, text)
            self.receive(sender, "orders")
        return len(rows)


@figure("C1/open-conversation", goal=40)
def open_conversation() -> float:
    """One message to a conversation that an agent has."""
    return ratio(Chatting().block, floor_block())


@figure("C1/new-conversation", goal=150)
def new_conversation() -> float:
    """Two messages, five steps, two texts sent, one offer."""
    return ratio(Arriving().block, floor_block())


def closed_memory(conversations: int) -> float:
    """Bytes left for each closed conversation, once all have left memory."""
    desk = Desk(storage=MemoryStorage(keep=1_000))
    desk.center.effects.register("send", lambda effect: {"provider_id": effect.id})
    batch, warm_up = 1_000, 12_000
    tracemalloc.start()
    for start in range(0, warm_up, batch):
        play(desk, start, batch)  # what is remembered of the latest addresses and words is full then
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for start in range(warm_up, conversations + warm_up, batch):
        play(desk, start, batch)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return used / conversations


def play(desk: Desk, start: int, count: int) -> None:
    """So many conversations begin, are closed, and leave memory after their window; message ids are forgotten."""
    for number in range(start, start + count):
        desk.receive(customer(number), "where is my parcel")
    for conversation in desk.center.conversations.open():
        desk.center.conversations.close(conversation)
    desk.center.advance("8d")


@figure("C1/closed-conversations", goal=8, unit="bytes each")
def closed_conversations() -> float:
    """What is left in memory of each of a million closed conversations whose window is over."""
    return closed_memory(CLOSED)
