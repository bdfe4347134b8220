"""An office that runs campaigns: lines, a transport that can be scripted, and a list of contacts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from switchroom import Agent, ContactCenter, ManualClock, Queue
from switchroom.carrying import Carrier
from switchroom.conversations.model import Line, Received
from switchroom.messaging.addresses import Address
from switchroom.outbound.importing import ImportReport
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign
from switchroom.outbound.views import Progress
from switchroom.storage.memory import MemoryStorage
from switchroom.transport.memory import Faults, MemoryTransport

NOON = "2026-01-05T17:00:00Z"
"""Noon of a Monday in New York."""

LINES = {"main": "+15550001111", "second": "+15550002222"}


def number(n: int) -> str:
    return f"+1555765{n:04}"


def someone(n: int) -> Address:
    return Address("sms", number(n))


class Office:
    """A center with two SMS lines, a transport, and helpers; every step may be followed by ``check()``."""

    def __init__(self, start: str = NOON, *, faults: Faults | None = None, **options: Any) -> None:
        self.clock = ManualClock(start)
        self.storage = MemoryStorage()
        self.transport = MemoryTransport(self.clock, faults=faults or Faults())
        self.options = options
        self.center = self._open()
        self.center.queues.add(Queue("help"))
        self.center.agents.add(Agent("ana", queues=["help"]))
        self.center.agents.add(Agent("bob", queues=["help"]))
        for id, value in LINES.items():
            self.center.conversations.save_line(Line(id, address=Address("sms", value), queue="help"))
        self.said = 0

    def _open(self) -> ContactCenter:
        center = ContactCenter(clock=self.clock, storage=self.storage, seed=1, **self.options)
        self.carrier = Carrier(center, self.transport)
        return center

    def restart(self) -> None:
        """The process dies and another one opens the log; the far end goes on as it is."""
        self.center = self._open()

    def fill(self, id: str = "people", count: int = 10, *, columns: Iterable[str] = (), **spec: Any) -> ImportReport:
        """A list of contacts 0 to count - 1, with names and what the columns say (``tz=UTC``)."""
        self.center.lists.save(ContactList(id, address="phone", **spec))
        fixed = dict(c.split("=") for c in columns)
        rows = [{"name": f"Person {n}", "phone": number(n), **fixed} for n in range(count)]
        header = ",".join(rows[0])
        text = "\n".join([header, *(",".join(row.values()) for row in rows)])
        return self.center.lists.import_csv(id, text.encode())

    def campaign(self, id: str = "spring", **spec: Any) -> None:
        given = {"lists": ["people"], "senders": ["main"], "text": "Hello ${name}", "purpose": "transactional", **spec}
        self.center.campaigns.save(Campaign(id, **given))

    def run(self, id: str = "spring", **spec: Any) -> Progress:
        """Make a campaign, start it, and hand over what it sends now."""
        self.campaign(id, **spec)
        self.center.campaigns.start(id)
        return self.work(id)

    def work(self, id: str = "spring") -> Progress:
        self.center.effects.deliver(1_000_000)
        self.center.check()
        return self.center.campaigns.progress(id)

    def wait(self, span: str, id: str = "spring") -> Progress:
        """Let time pass, second by second where that matters little: once, then hand over what is due."""
        self.center.advance(span)
        return self.work(id)

    def texts(self) -> list[str]:
        """What reached the far end."""
        return [getattr(e.content, "text", "") for e in self.transport.sent]

    def reached(self) -> list[str]:
        return [e.recipient.value for e in self.transport.sent]

    def say(self, n: int, text: str, line: str = "main") -> Received:
        """A contact writes."""
        self.said += 1
        received = self.center.conversations.receive(
            to=Address("sms", LINES[line]), sender=someone(n), content=text, provider_id=f"in-{self.said}"
        )
        self.center.check()
        return received

    def take(self) -> None:
        """The center hears the reports that have come in."""
        for event in self.transport.due():
            self.carrier.take(event)
        self.center.check()

    def replayed(self) -> dict[str, Any]:
        """The state that the log alone gives."""
        kernel, _ = self.center.fresh()
        kernel.replay((record.at, record.event) for record in self.center.events())
        out: list[Any] = []
        kernel.advance(self.center.journal.kernel.now, out)
        assert out == []
        return {name: kernel.verticals[name].dump() for name in ("outbound", "consent", "conversations")}

    def live(self) -> dict[str, Any]:
        verticals = self.center.journal.kernel.verticals
        return {name: verticals[name].dump() for name in ("outbound", "consent", "conversations")}

    def settle(self) -> None:
        """Checks, and replay equals live."""
        self.center.check()
        assert self.replayed() == self.live()
