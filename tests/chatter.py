"""A help desk at random but repeatable: messages, a flow that asks, consent, agents, sends that fail."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from typing import Any

from switchroom import Agent, ContactCenter, ManualClock, Queue
from switchroom.conversations.flow_model import Ask, CloseConversation, Consult, Flow, RouteTo, SetVariables, Tag
from switchroom.conversations.model import Contact, Line
from switchroom.effects import EffectView
from switchroom.errors import DeliveryFailed, DeliveryRefused, Refused, UsageError
from switchroom.messaging.addresses import Address
from switchroom.routing.queue_model import QueueMessages
from switchroom.routing.utilization import Utilization

SMS, MAIL = Address("sms", "+15550001111"), Address("email", "help@example.com")
WORDS = ("where is my parcel?", "Sales", "sales please", "2", "STOP", "START", "HELP", "no", "thanks", "hello")
AGENTS = ("ana", "bob")


def customer(number: int) -> Address:
    return Address("sms", f"+1555765{number:04}") if number % 3 else Address("email", f"person{number}@example.org")


def mark(address: str) -> str:
    """What the words of somebody at this address carry."""
    return f" (canary{zlib.crc32(address.encode())})"


def intake() -> Flow:
    steps: dict[str, Any] = {
        "ask": Ask(
            "Sales or support?", save="topic", answer="choice", choices=["Sales", "Support"], retries=1,
            timeout="5m", then="known", failed="people", timed_out="late",
        ),
        "known": SetVariables({"asked": True}, then="robot"),
        "robot": Consult("bot", then="mark", failed="people", timeout="30s"),
        "mark": Tag(["sales"], then="people"),
        "people": RouteTo("help", priority=3),
        "late": CloseConversation("no answer"),
    }  # fmt: skip
    return Flow("intake", start="ask", steps=steps)


class Chatter:
    """``Chatter(seed).run(steps, after_each)``; ``center`` is the center that was worked on."""

    def __init__(self, seed: int, storage: Any = None, *, marked: bool = False, **options: Any) -> None:
        self.marked = marked
        self.random = Random(seed)
        self.clock = ManualClock()
        self.number = 0
        self.center = ContactCenter(clock=self.clock, storage=storage, seed=seed, **options)
        self.listen()
        self.set_up()

    def set_up(self) -> None:
        center = self.center
        center.queues.add(
            Queue("help", alert_timeout="20s", on_expiry="stay", messages=QueueMessages(greeting="hello"))
        )
        for agent in AGENTS:
            center.agents.add(Agent(agent, queues=["help"], utilization=Utilization(media={"message": 50})))
            center.agents.sign_in(agent)
        center.flows.save(intake())
        told = {"close_after": "20m", "warning": "Still there?", "warn_before": "5m", "greeting": "Hi"}
        center.conversations.save_line(Line("text", address=SMS, flow="intake", window="30m", **told))
        center.conversations.save_line(Line("mail", address=MAIL, queue="help"))

    def listen(self) -> None:
        self.center.effects.register("send", self.carry)
        self.center.effects.register("bot", lambda effect: {"done": True, "slots": {"mood": "good"}})

    def carry(self, effect: EffectView) -> Mapping[str, Any]:
        chance = self.random.random()
        if chance < 0.1:
            raise DeliveryFailed("try later", retry_after=20)
        if chance < 0.15:
            raise DeliveryRefused("no such address")
        return {"provider_id": f"p-{effect.id}", "status": "sent"}

    def run(self, steps: int, after_each: Callable[[Chatter], None] | None = None) -> Chatter:
        for _ in range(steps):
            act = self.random.choice(ACTS)
            with suppress(Refused, UsageError):
                act(self)
            self.center.check()
            if after_each is not None:
                after_each(self)
        return self

    # -- what people do

    def write(self) -> None:
        sender = customer(self.random.randrange(6))
        self.number += 1
        old = [f"in-{self.random.randrange(1, self.number + 1)}"] if self.random.random() < 0.3 else []
        self.center.conversations.receive(
            to=SMS if sender.channel == "sms" else MAIL,
            sender=sender,
            content=self.said(sender),
            provider_id=f"in-{self.number - (self.random.random() < 0.1)}",
            references=old if sender.channel == "email" else (),
            details={"subject": f"about {self.number}"} if sender.channel == "email" else None,
        )

    def said(self, sender: Address) -> str:
        """What a customer writes; marked, so that it can be told whose words they are."""
        word = self.random.choice(WORDS)
        return f"{word}{mark(sender.value)}" if self.marked and word.islower() else word

    def know(self, number: int | None = None) -> None:
        number = self.random.randrange(6) if number is None else number
        address = customer(number)
        told = mark(address.value) if self.marked else ""
        spec = Contact(f"person-{number}", addresses=[address], name=f"Person{told}", fields={"told": told or "-"})
        self.center.conversations.save_contact(spec)

    def agree(self) -> None:
        address = customer(self.random.randrange(6))
        told = mark(address.value) if self.marked else ""
        self.center.consent.give(address, "marketing", how="form", words=f"yes please{told}")

    def sell(self) -> None:
        purpose = self.random.choice(["marketing", "notification"])
        to = customer(self.random.choice([1, 2, 4]))
        self.center.conversations.send("text", to, f"a deal for{mark(to.value)}", purpose=purpose)

    def answer(self) -> None:
        for agent in AGENTS:
            for offer in self.center.offers.of_agent(agent):
                act = self.center.offers.decline if self.random.random() < 0.2 else self.center.offers.accept
                act(offer.id)

    def reply(self) -> None:
        for id in self.center.conversations.open():
            agent = self.center.conversations.get(id).agent
            if agent is not None:
                center: Any = self.center
                told = mark(center.journal.states["conversations"].conversations[id].theirs) if self.marked else ""
                self.center.conversations.reply(id, f"one moment, I look{told}", agent=agent)
                self.center.conversations.note(id, f"sounds annoyed{told}", agent=agent)

    def close(self) -> None:
        ids = self.center.conversations.open()
        if ids:
            id = self.random.choice(ids)
            self.center.conversations.close(id, agent=self.center.conversations.get(id).agent)

    def report(self) -> None:
        status = self.random.choice(["delivered", "read", "failed"])
        self.center.conversations.report("", status, provider_id=f"p-effect-{self.random.randrange(40)}", channel="sms")

    def deliver(self) -> None:
        self.center.effects.deliver()

    def pass_time(self) -> None:
        self.center.advance(self.random.choice(["5s", "45s", "6m", "25m", "2h"]))


ACTS: tuple[Callable[[Chatter], None], ...] = (
    *(Chatter.write,) * 5, *(Chatter.deliver,) * 3, *(Chatter.answer,) * 3, *(Chatter.pass_time,) * 2,
    Chatter.know, Chatter.agree, Chatter.sell, Chatter.reply, Chatter.close, Chatter.report,
)  # fmt: skip
