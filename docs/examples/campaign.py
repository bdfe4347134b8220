"""A campaign: ``python campaign.py``, or ``python campaign.py contacts.csv --text "Hello ${name}"``.

Sends a text message to those in a CSV file (columns ``name``, ``phone``, ``zone``, ``agreed``) who may be sent one now:
who have agreed, have not said STOP, and have not gone to bed. Nothing leaves your machine: the messages go to a
transport without a network, on a clock that runs through the day in a moment. With a real transport, and without the
clock, the same program is a campaign. Needs ``pip install switchroom``.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from datetime import time
from io import StringIO
from pathlib import Path

from switchroom import (
    Address,
    Campaign,
    ConsentRules,
    ContactCenter,
    ContactList,
    ContactWindow,
    Line,
    ManualClock,
    Queue,
)
from switchroom.carrying import Carrier
from switchroom.consent.model import MARKETING
from switchroom.transport.memory import MemoryTransport

START = "2026-01-05T14:00:00Z"
"""Nine in the morning in New York, six in Los Angeles."""

SAMPLE = """name,phone,zone,agreed
Ann,+15557650001,America/New_York,yes
Ben,+15557650002,America/Los_Angeles,yes
Cho,+15557650003,America/New_York,yes
Dia,not a number,America/New_York,yes
Eve,+15557650005,America/Chicago,no
Ann,+15557650001,America/New_York,yes
"""
OURS = Address("sms", "+15550001111")


class Outreach:
    """A center that sends to a list, in the hours of each recipient, so many a minute."""

    def __init__(self, contacts: str, text: str, *, per_minute: int = 60) -> None:
        self.clock = ManualClock(START)
        self.center = ContactCenter(clock=self.clock, seed=1)
        self.center.queues.add(Queue("replies"))
        self.center.conversations.save_line(Line("shop", address=OURS, queue="replies"))
        self.transport = MemoryTransport(self.clock)
        self.carrier = Carrier(self.center, self.transport)
        daytime = [ContactWindow(opens=time(9), closes=time(20))]
        self.center.consent.set_rules(ConsentRules(windows=daytime))
        self.center.lists.save(ContactList("customers", address="phone", zone_column="zone"))
        self.rejects = StringIO()
        self.loaded = self.center.lists.import_csv("customers", contacts.encode(), rejects=self.rejects)
        self._record_consent(contacts)
        self.center.campaigns.save(
            Campaign(
                "spring",
                lists=["customers"],
                senders=["shop"],
                text=text,
                purpose=MARKETING,
                per_minute=per_minute,
                attempts=2,
                retry={"failed": "30m"},
                metadata=["name"],
            )
        )

    def _record_consent(self, contacts: str) -> None:
        """Who agreed, how, and in which words: the ledger that you may be asked for."""
        for row in csv.DictReader(contacts.splitlines()):
            if row["agreed"] == "yes" and row["phone"].startswith("+"):
                address = Address("sms", row["phone"])
                self.center.consent.give(address, MARKETING, how="web form", words="Tell me about sales by text")

    def hear(self, phone: str, text: str, number: int) -> None:
        """Somebody writes to us."""
        self.center.conversations.receive(
            to=OURS, sender=Address("sms", phone), content=text, provider_id=f"in-{number}"
        )
        self.center.effects.deliver()

    def run(self, hours: int = 8) -> None:
        """Start, and let some hours pass."""
        self.center.campaigns.start("spring")
        self.run_on(hours)

    def run_on(self, hours: int) -> None:
        """A minute at a time: what is ready leaves, and what is reported is taken in."""
        for _ in range(hours * 60):
            self.center.effects.deliver()
            for event in self.transport.due():
                self.carrier.take(event)
            self.center.advance("1m")

    def outcomes(self) -> Counter[str]:
        """How many contacts ended how."""
        return Counter(self.center.campaigns.progress("spring").outcomes)


def main() -> None:
    """Run the campaign and print what became of each contact."""
    parser = argparse.ArgumentParser(description="A campaign.")
    parser.add_argument("contacts", nargs="?", type=Path, help="CSV: name, phone, zone, agreed")
    parser.add_argument("--text", default="Hello ${name}, our spring sale has begun. Reply STOP to hear no more.")
    parser.add_argument("--per-minute", type=int, default=60)
    chosen = parser.parse_args()
    contacts = SAMPLE if chosen.contacts is None else chosen.contacts.read_text(encoding="utf-8")
    outreach = Outreach(contacts, chosen.text, per_minute=chosen.per_minute)
    if outreach.rejects.getvalue():
        print("not taken:", outreach.rejects.getvalue().strip(), sep="\n", file=sys.stderr)
    # Cho has said STOP before.
    outreach.hear("+15557650003", "STOP", 1)
    outreach.run()
    outreach.center.campaigns.export("spring", sys.stdout)
    print(dict(outreach.outcomes()))


if __name__ == "__main__":
    main()
