"""A help desk on one SMS line, with a transport that keeps what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from switchroom import Agent, ContactCenter, ManualClock, Queue
from switchroom.conversations.model import Line, Received
from switchroom.effects import EffectView
from switchroom.messaging.addresses import Address

OURS = Address("sms", "+15550001111")


def customer(number: int = 1) -> Address:
    return Address("sms", f"+1555765{number:04}")


class HelpDesk:
    """Two agents, a queue, a line; every step is followed by ``check()``."""

    def __init__(self, **line: Any) -> None:
        self.center = ContactCenter(clock=ManualClock(), seed=1)
        self.center.queues.add(Queue("help"))
        for agent in ("ana", "bob"):
            self.center.agents.add(Agent(agent, queues=["help"]))
        self.center.conversations.save_line(Line("main", address=OURS, queue="help", **line))
        self.sent: list[Mapping[str, Any]] = []
        self.center.effects.register("send", self.carry)
        self.number = 0

    def carry(self, effect: EffectView) -> Mapping[str, Any]:
        self.sent.append(effect.body)
        return {"provider_id": f"p-{effect.id}", "status": "sent"}

    def texts(self) -> list[str]:
        """What has left so far."""
        self.center.effects.deliver()
        return [body["content"]["text"] for body in self.sent]

    def say(self, text: str, sender: Address | None = None, **options: Any) -> Received:
        self.number += 1
        given = {"provider_id": f"in-{self.number}", **options}
        received = self.center.conversations.receive(to=OURS, sender=sender or customer(), content=text, **given)
        self.center.check()
        return received

    def start(self, text: str = "my parcel is late") -> str:
        """A new conversation, taken by ana."""
        self.center.agents.sign_in("ana")
        conversation = self.say(text).conversation
        assert conversation is not None
        self.center.offers.accept(self.center.offers.of_agent("ana")[0].id)
        self.center.check()
        return conversation

    def replayed(self) -> dict[str, Any]:
        """The state that the log alone gives."""
        kernel, _ = self.center.fresh()
        kernel.replay((record.at, record.event) for record in self.center.events())
        out: list[Any] = []
        kernel.advance(self.center._kernel.now, out)
        assert out == []
        return {name: vertical.dump() for name, vertical in kernel.verticals.items()}

    def live(self) -> dict[str, Any]:
        return {name: vertical.dump() for name, vertical in self.center._kernel.verticals.items()}
