"""The world outside of a center in a test: a transport without a network, customers who write, and time that passes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from switchroom.carrying import Carrier
from switchroom.conversations.model import Received
from switchroom.durations import DurationLike, duration
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Content, Text, plain_text
from switchroom.testing.building import HELP_LINE
from switchroom.transport.memory import MemoryTransport
from switchroom.transport.protocol import InboundMessage

if TYPE_CHECKING:
    from switchroom.center import ContactCenter

MAX_MESSAGES = 10_000
"""Messages that leave at one instant: two bots that answer each other would go on for ever."""


class Network:
    """A center on a manual clock and its transport: what leaves is carried, what comes in is taken, in due time."""

    def __init__(self, center: ContactCenter, transport: MemoryTransport | None = None) -> None:
        self.center = center
        self.transport = MemoryTransport(center.clock) if transport is None else transport
        self.carrier = Carrier(center, self.transport)
        self._written = 0

    def settle(self) -> None:
        """Carry and take in all that is there now. Raises RuntimeError if that never ends."""
        carried = 0
        while carried < MAX_MESSAGES:
            events = self.transport.due()
            for event in events:
                self.carrier.take(event)
            delivered = self.center.effects.deliver()
            if not delivered and not events:
                return
            carried += delivered
        raise RuntimeError(f"messages still leave after {MAX_MESSAGES} at one instant")

    def advance(self, by: DurationLike) -> datetime:
        """Let time pass: deadlines, deliveries and reports happen when they are due. Returns the new time."""
        until = self.center.clock.now() + duration(by, field="by")
        self.settle()
        while (due := self._next(until)) is not None:
            self.center.advance(due - self.center.clock.now())
            self.settle()
        moved = self.center.advance(until - self.center.clock.now())
        self.settle()
        return moved

    def _next(self, until: datetime) -> datetime | None:
        """The next instant at which something happens, at most ``until``."""
        coming = (self.center.next_deadline(), self.transport.next_due())
        now = self.center.clock.now()
        return min((max(due, now) for due in coming if due is not None and due <= until), default=None)

    def write(self, text: Content | str, *, sender: Address, to: Address) -> Received:
        """Let a customer's message come in now, and all that follows from it leave."""
        self._written += 1
        message = InboundMessage(
            provider_id=f"written-{self._written}",
            sender=sender,
            recipient=to,
            content=Text(text) if isinstance(text, str) else text,
        )
        received = self.carrier.take(message)
        assert isinstance(received, Received)
        self.settle()
        return received


class Customer:
    """Somebody with an address, who writes to one of the company's and hears what comes back.

    ``address``: of the numbers that are kept free for examples, unless given. ``to``: whom the messages go to.
    """

    def __init__(
        self, network: Network, address: Address | None = None, *, number: int = 1, to: Address = HELP_LINE
    ) -> None:
        self._network = network
        self._to = to
        self.address = Address(to.channel, f"+1555765{number:04}") if address is None else address

    def writes(self, text: Content | str) -> Received:
        """The customer writes; returns what became of the message."""
        return self._network.write(text, sender=self.address, to=self._to)

    @property
    def heard(self) -> tuple[str, ...]:
        """The texts that have reached the customer, oldest first."""
        self._network.settle()
        sent = self._network.transport.sent
        return tuple(plain_text(one.content) for one in sent if one.recipient == self.address)
