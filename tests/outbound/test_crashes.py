"""Campaigns under crashes: whatever dies, whenever, nothing is sent twice, after STOP or outside the hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from outbound.office import LINES, number, someone
from switchroom import Agent, ContactCenter, ManualClock, Queue
from switchroom.carrying import Carrier
from switchroom.consent.model import ConsentRules, ContactWindow
from switchroom.conversations.model import Line
from switchroom.errors import Refused
from switchroom.kernel.records import Record
from switchroom.messaging.addresses import Address
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign, SendingLimits
from switchroom.storage.memory import MemoryStorage
from switchroom.transport.memory import MemoryTransport
from switchroom.transport.protocol import Envelope, SendResult

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe")
OPENS, CLOSES = 8, 21


class Died(BaseException):
    """The process is gone."""


class Fuse(MemoryStorage):
    """Dies at an append: before it has written, or after. What it holds outlives the process."""

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None
        self.after = False

    def append(self, records: Sequence[Record], after: int) -> int:
        if self.left is not None and records:
            self.left -= 1
            if self.left < 0:
                self.left = None
                if self.after:
                    super().append(records, after)
                raise Died
        return super().append(records, after)


class Witness(MemoryTransport):
    """Looks at every message at the moment at which it is handed over, by rules of its own."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.machine: Any = None
        self.problems: list[str] = []
        self.handed: list[str] = []

    def send(self, envelope: Envelope) -> SendResult:
        known = any(envelope.key == key for key in self.handed)
        if envelope.key.startswith("out-"):
            self.machine.witnessed(envelope, self.problems)
            if not known:
                self.handed.append(envelope.key)
        return super().send(envelope)


class CampaignMachine(RuleBasedStateMachine):
    """One campaign with marketing in three zones, people who write back, and a process that dies."""

    @initialize(
        start=st.sampled_from(
            ["2026-01-05T17:00:00Z", "2026-03-08T05:00:00Z", "2026-11-01T04:30:00Z", "2026-10-03T12:00:00Z"]
        ),
        attempts=st.integers(1, 2),
        minute=st.sampled_from([None, 2, 5]),
    )
    def begin(self, start: str, attempts: int, minute: int | None) -> None:
        self.clock = ManualClock(start)
        self.storage = Fuse()
        self.transport = Witness(self.clock)
        self.transport.machine = self
        self.stopped: set[int] = set()
        self.added = 0
        self.said = 0
        self.open()
        self.center.queues.add(Queue("help"))
        self.center.agents.add(Agent("ana", queues=["help"]))
        for id, value in LINES.items():
            self.center.conversations.save_line(Line(id, address=Address("sms", value), queue="help", pool="brand"))
        self.center.consent.set_rules(ConsentRules(windows=[ContactWindow(opens="08:00", closes="21:00")]))
        self.center.lists.save(ContactList("people", address="phone", zone_column="tz"))
        self.center.campaigns.set_limits(SendingLimits(per_sender_second={"main": 3}))
        spec = Campaign(
            "spring",
            lists=["people"],
            senders=["main", "second"],
            text="Hello",
            attempts=attempts,
            retry={"failed": "5m", "no_reply": "1h"},
            reply_within="30m",
            per_minute=minute,
            always_running=True,
        )
        self.center.campaigns.save(spec)
        self.grow(4, False)
        self.attempt(lambda: self.center.campaigns.start("spring"))

    def open(self) -> None:
        self.center = ContactCenter(clock=self.clock, storage=self.storage, seed=1)
        self.carrier = Carrier(self.center, self.transport)

    def witnessed(self, envelope: Envelope, problems: list[str]) -> None:
        n = int(envelope.recipient.value[-4:])
        if n in self.stopped:
            problems.append(f"{envelope.key} to {n}, who has said STOP")
        local = self.clock.now().astimezone(ZoneInfo(ZONES[n % 3]))
        if not OPENS <= local.hour < CLOSES:
            problems.append(f"{envelope.key} to {n} at {local}")
        state = self.center.campaigns.progress("spring").state
        if state != "running":
            problems.append(f"{envelope.key} while {state}")

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do something; the process may die of it."""
        try:
            act()
        except Refused:
            pass
        except Died:
            self.open()

    @rule(count=st.integers(1, 4), top=st.booleans())
    def grow(self, count: int, top: bool) -> None:
        if self.added + count > 24:
            return
        first, self.added = self.added, self.added + count
        for n in range(first, self.added):
            self.attempt(lambda n=n: self.center.consent.give(someone(n), "marketing", how="form"))
        rows = [{"phone": number(n), "tz": ZONES[n % 3]} for n in range(first, self.added)]
        self.attempt(lambda: self.center.lists.append("people", rows, top=top))

    @rule(limit=st.integers(1, 12))
    def deliver(self, limit: int) -> None:
        self.attempt(lambda: self.center.effects.deliver(limit))

    @rule(span=st.sampled_from(["1s", "20s", "1m", "7m", "1h", "9h"]))
    def wait(self, span: str) -> None:
        self.attempt(lambda: self.center.advance(span))
        self.attempt(self.center.run_due)

    @rule(what=st.sampled_from(["pause", "resume", "stop", "start", "complete"]))
    def command(self, what: str) -> None:
        self.attempt(lambda: getattr(self.center.campaigns, what)("spring"))

    @rule(outcomes=st.sets(st.sampled_from(["sent", "failed", "opted_out", "unconfirmed"]), min_size=1))
    def recycle(self, outcomes: set[str]) -> None:
        self.attempt(lambda: self.center.campaigns.recycle("spring", sorted(outcomes)))

    @rule(n=st.integers(0, 23), text=st.sampled_from(["STOP", "START", "hello", "who is this?"]))
    def say(self, n: int, text: str) -> None:
        self.said += 1
        id = f"in-{self.said}"

        def receive() -> None:
            self.center.conversations.receive(
                to=Address("sms", LINES["main"]), sender=someone(n), content=text, provider_id=id
            )

        for _ in range(2):  # a provider that hears nothing delivers again
            self.attempt(receive)
        if text == "STOP":
            self.stopped.add(n)
        elif text == "START":
            self.stopped.discard(n)

    @rule(which=st.integers(0, 40), status=st.sampled_from(["delivered", "undelivered", "failed", "read"]))
    def report(self, which: int, status: str) -> None:
        if self.transport.handed:
            message = self.transport.handed[which % len(self.transport.handed)]
            self.attempt(lambda: self.center.campaigns.report(message, status))

    @rule(outcome=st.sampled_from(["transient", "permanent", "unknown_sent", "unknown_lost"]))
    def trouble(self, outcome: str) -> None:
        self.transport.script(outcome)

    @rule(left=st.integers(0, 12), after=st.booleans())
    def arm(self, left: int, after: bool) -> None:
        self.storage.left, self.storage.after = left, after

    @rule()
    def restart(self) -> None:
        self.storage.left = None
        self.open()

    @precondition(lambda self: hasattr(self, "center"))
    @invariant()
    def holds(self) -> None:
        self.storage.left = None if self.storage.left is None else self.storage.left
        assert self.transport.problems == []
        self.center.check()
        progress = self.center.campaigns.progress("spring")
        parts = progress.pending + progress.waiting + progress.sending + progress.processed
        assert parts == progress.total
        assert progress.processed == sum(progress.outcomes.values())
        arrived = [e.key for e in self.transport.sent if e.key.startswith("out-")]
        assert len(arrived) == len(set(arrived)), "an attempt arrived twice"

    def teardown(self) -> None:
        if not hasattr(self, "center"):
            return
        self.storage.left = None
        self.open()
        kernel, _ = self.center.fresh()
        kernel.replay((r.at, r.event) for r in self.center.events())
        kernel.advance(self.center.journal.kernel.now, [])
        for name in ("outbound", "consent", "conversations"):
            assert kernel.verticals[name].dump() == self.center.journal.kernel.verticals[name].dump()


CampaignMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestCampaignMachine = CampaignMachine.TestCase


def test_a_crash_at_every_append_of_one_run() -> None:
    """The whole of a campaign, dying before and after each of its appends in turn: everybody gets one message."""
    total = _appends(None, after=False)
    assert total > 15
    for after in (False, True):
        for fuse in range(total):
            _appends(fuse, after=after)


def _appends(fuse: int | None, *, after: bool) -> int:
    """Run a campaign over six contacts to its end, with one crash; returns how many appends a run without one has."""
    storage, clock = _Counting(), ManualClock(datetime(2026, 1, 5, 17, tzinfo=UTC))
    transport = MemoryTransport(clock)
    center = ContactCenter(clock=clock, storage=storage, seed=1)
    Carrier(center, transport)
    center.queues.add(Queue("help"))
    center.conversations.save_line(Line("main", address=Address("sms", LINES["main"]), queue="help"))
    center.lists.save(ContactList("people", address="phone"))
    center.campaigns.save(
        Campaign("spring", lists=["people"], senders=["main"], text="Hi", purpose="transactional", per_minute=2)
    )
    storage.count, storage.left, storage.after = 0, fuse, after
    done = 0
    while center is not None:
        try:
            if done == 0:
                center.lists.append("people", [{"phone": number(n)} for n in range(6)])
                done = 1
            if center.campaigns.progress("spring").state == "draft":
                center.campaigns.start("spring")
            while center.campaigns.progress("spring").state != "complete":
                center.effects.deliver()
                center.check()
                center.advance("1m")
            break
        except Died:
            center = ContactCenter(clock=clock, storage=storage, seed=1)
            Carrier(center, transport)
    assert center.campaigns.progress("spring").outcomes == {"sent": 6}, (fuse, after)
    assert sorted(e.recipient.value for e in transport.sent) == [number(n) for n in range(6)]
    return storage.count


class _Counting(Fuse):
    """Counts the appends."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def append(self, records: Sequence[Record], after: int) -> int:
        self.count += bool(records)
        return super().append(records, after)
