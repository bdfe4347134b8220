"""A whole center under faults: two processes on one log, a far end that misbehaves, people who come and go.

Everything is drawn from one seed. ``World(seed).run(steps)`` raises AssertionError at the first thing that must not
be; the same seed fails at the same step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from disk import Crash, Disk, FaultyStorage
from witness import Witness

from switchroom import Agent, ContactCenter, ManualClock, Queue
from switchroom.conversations.model import Line
from switchroom.effects import EffectView
from switchroom.errors import (
    DeliveryFailed,
    DeliveryRefused,
    Refused,
    StorageError,
    SwitchroomError,
    UsageError,
)
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Text
from switchroom.messaging.content_data import content_from_data
from switchroom.routing.utilization import Utilization
from switchroom.transport.errors import PermanentFailure, TransientFailure, UnknownOutcome
from switchroom.transport.memory import Faults, MemoryTransport
from switchroom.transport.protocol import DeliveryUpdate, Envelope, InboundMessage

OURS = Address("sms", "+15550001111")
CUSTOMERS = tuple(Address("sms", f"+1555765{n:04}") for n in range(8))
MARKET = CUSTOMERS[:3]
"""Those who are written to, and who change their minds."""
AGENTS = ("ana", "bob", "cyd")


class World:
    """Two processes, one disk, one far end."""

    def __init__(self, seed: int, *, share: float = 0.03) -> None:
        self.random = Random(seed)
        self.clock = ManualClock()
        self.disk = Disk(Random(seed + 1), share)
        faults = Faults(
            transient=0.1, permanent=0.03, unknown=0.1, lost_reports=0.2, duplicates=0.3, undelivered=0.1, late="20s"
        )
        self.far_end = MemoryTransport(self.clock, faults=faults, seed=seed)
        self.witness = Witness()
        self.carried: dict[str, str] = {}
        self.acked: dict[str, Any] = {}
        self.heard: set[str] = set()
        self.blocked: set[str] = set()
        self.number = 0
        self.broken: AssertionError | None = None
        self.seen: Counter[str] = Counter()
        self.sequences: Counter[str] = Counter()
        self.centers: list[ContactCenter | None] = [None, None]
        self.set_up()
        self.disk.calm = False

    # -- processes

    def open(self, place: int) -> ContactCenter:
        self.disk.reopen()
        center = ContactCenter(clock=self.clock, storage=FaultyStorage(self.disk), seed=1)
        center.effects.register("send", lambda effect: self.carry(effect))
        self.centers[place] = center
        return center

    def some(self) -> ContactCenter:
        """One of the processes, begun again if it is dead."""
        place = 0 if self.random.random() < 0.8 else 1
        return self.centers[place] or self.open(place)

    def set_up(self) -> None:
        center = self.open(0)
        center.queues.add(Queue("help", alert_timeout="20s", on_expiry="stay"))
        for agent in AGENTS:
            center.agents.add(Agent(agent, queues=["help"], utilization=Utilization(media={"message": 50})))
        center.conversations.save_line(Line("main", address=OURS, queue="help", window="10m", last_agent_wait=0))
        for customer in MARKET:
            center.consent.give(customer, "marketing", how="form")
        self.look()

    # -- one step

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.step()
        self.settle()

    def step(self) -> None:
        name = self.random.choices(NAMES, WEIGHTS)[0]
        self.seen[name] += 1
        self.attempt(getattr(self, name))
        self.look()

    def attempt(self, act: Callable[[ContactCenter], None]) -> None:
        """What a crash interrupts is lost with the process; a store that fails is an error that callers live with."""
        try:
            act(self.some())
        except Crash:
            self.seen["crash"] += 1
            self.kill()
        except StorageError:
            self.seen["storage error"] += 1

    def kill(self) -> None:
        """The machine is gone: both processes and what was half written."""
        self.centers = [None, None]

    def command(self, center: ContactCenter, operation: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """An operation with a command id: refused, it leaves no trace; failed, the same id is asked again."""
        self.number += 1
        id = f"c{self.number}"
        try:
            answer = operation(*args, **options, command_id=id)
        except (Refused, UsageError) as refusal:
            refused = type(refusal).__name__
        except StorageError:
            again = operation.__self__.__class__
            self.look()
            if self.witness.answers.get(id, self) is not self:
                # It is stored after all: the same id gets the answer that is in the log.
                self.disk.calm = True
                front = next(f for f in vars(center).values() if type(f) is again)
                answer = getattr(front, operation.__name__)(*args, **options, command_id=id)
                self.disk.calm = False
                assert answer == self.witness.answers[id], f"{id}: another answer the second time"
            raise
        else:
            self.acked[id] = answer
            return answer
        self.seen[refused] += 1
        self.look()
        assert id not in self.witness.commands, f"refused ({refused}), and in the log"
        return None

    # -- people

    def write(self, center: ContactCenter) -> None:
        customer = self.random.choice(CUSTOMERS if self.random.random() < 0.5 else MARKET)
        text = self.random.choice(
            ["where is my parcel?", "hello?", "thanks a lot, that helps", "STOP", "START", "HELP"]
        )
        self.number += 1
        id = f"in-{self.number}"
        self.witness.words[id] = (customer.value, text)
        message = InboundMessage(provider_id=id, sender=customer, recipient=OURS, content=Text(text))
        self.far_end.receive(message)

    def pump(self, center: ContactCenter) -> None:
        """What has come in from the far end; what was not taken comes again."""
        events = list(self.far_end.due())
        while events:
            event = events.pop(0)
            try:
                self.take_in(center, event)
            except (StorageError, Crash):
                for left in (event, *events):
                    if isinstance(left, InboundMessage):
                        self.far_end.receive(left, after="1s")
                raise

    def take_in(self, center: ContactCenter, event: InboundMessage | DeliveryUpdate) -> None:
        if isinstance(event, DeliveryUpdate):
            center.conversations.report("", event.report.status.value, provider_id=event.provider_id, channel="sms")
            return
        center.conversations.receive(
            to=event.recipient, sender=event.sender, content=event.content, provider_id=event.provider_id
        )
        self.heard.add(event.provider_id)

    def presence(self, center: ContactCenter) -> None:
        """A word about presence; late ones and doubles come, too, and count for nothing."""
        agent = self.random.choice(AGENTS)
        late = self.random.random() < 0.3
        self.sequences[agent] = max(self.sequences[agent], center.journal.states["routing"].agents[agent].sequence)
        if not late:
            self.sequences[agent] += 1
        sequence = self.sequences[agent] - (self.random.randrange(4) if late else 0)
        presence = self.random.choice(["on_queue", "on_queue", "on_queue", "offline", "break"])
        center.agents.set_presence(agent, presence, sequence=sequence)

    def answer(self, center: ContactCenter) -> None:
        """An agent accepts or declines; an offer that is gone may be answered, too."""
        offers = sorted(self.witness.live) or sorted(self.witness.ended)[:1]
        if offers:
            act = center.offers.accept if self.random.random() < 0.5 else center.offers.decline
            self.command(center, act, self.random.choice(offers))

    def reply(self, center: ContactCenter) -> None:
        taken = self.in_hand(center)
        if taken:
            record = self.random.choice(taken)
            self.command(center, center.conversations.reply, record.id, "we are on it", agent=record.agent)

    def finish(self, center: ContactCenter) -> None:
        taken = self.in_hand(center)
        if taken:
            record = self.random.choice(taken)
            if self.random.random() < 0.5:
                self.command(center, center.assignments.complete, record.assignment)
            else:
                self.command(center, center.conversations.close, record.id)

    def in_hand(self, center: ContactCenter) -> list[Any]:
        return [c for c in center.journal.states["conversations"].conversations.values() if c.assignment is not None]

    def market(self, center: ContactCenter) -> None:
        options = {"category": "news"}
        customer = self.random.choice(MARKET)
        self.command(center, center.conversations.send, "main", customer, "sale!", purpose="marketing", options=options)

    def block(self, center: ContactCenter) -> None:
        """A customer has told an agent: no news. No START by text lifts that."""
        customer = self.random.choice(MARKET)
        center.consent.opt_out(customer, scope="category:news")
        self.blocked.add(customer.value)

    # -- the far end

    def deliver(self, center: ContactCenter) -> None:
        center.effects.deliver(limit=self.random.randrange(1, 6))

    def carry(self, effect: EffectView) -> dict[str, Any]:
        """Hand a message over. What is wrong with that must not look like a receiver that failed."""
        try:
            self.may_leave(effect)
        except AssertionError as error:
            self.broken = error
            raise Crash from error
        return self.send(effect, effect.body)

    def may_leave(self, effect: EffectView) -> None:
        """At this moment the log must say that the message may leave, and that it is its turn."""
        self.look()
        witness, body = self.witness, effect.body
        assert witness.outcome.get(effect.id) is None, f"{effect.id} was over, and handed over again"
        for earlier in witness.streams[witness.effects[effect.id].stream]:
            if earlier == effect.id:
                break
            assert earlier in witness.outcome, f"{effect.id} overtook {earlier}"
        if body["to"] in witness.stopped:
            assert body["purpose"] == "confirmation", f"{effect.id} was handed over after a STOP"
        if body["purpose"] == "marketing":
            assert body["to"] not in self.blocked, f"{effect.id}: news after the word that there be none"

    def send(self, effect: EffectView, body: Any) -> dict[str, Any]:
        to = Address(body["channel"], body["to"])
        content = content_from_data(body["content"])
        try:
            result = self.far_end.send(Envelope(key=effect.id, sender=OURS, recipient=to, content=content))
        except (TransientFailure, UnknownOutcome) as failure:
            self.count(effect.id, body["message"])
            raise DeliveryFailed(failure.code) from failure
        except PermanentFailure as failure:
            raise DeliveryRefused(failure.code) from failure
        self.count(effect.id, body["message"])
        if not self.disk.calm and self.random.random() < 0.03:
            raise Crash
        return {"status": result.status.value, "provider_id": result.provider_id}

    def count(self, key: str, message: str) -> None:
        """A receiver that honours keys must get each message under one key."""
        assert self.carried.setdefault(message, key) == key, f"message {message} under two keys"

    # -- time

    def wait(self, center: ContactCenter) -> None:
        """Time passes; what falls due is handled now, or only when somebody does something."""
        by = self.random.choice(["1ms", "1s", "5s", "20s"])
        if self.random.random() < 0.5:
            center.advance(by)
        else:
            self.clock.advance(by)

    def jump(self, center: ContactCenter) -> None:
        center.advance(self.random.choice(["90s", "11m", "2h", "25h"]))

    def restart(self, center: ContactCenter) -> None:
        self.centers[self.random.randrange(2)] = None

    # -- what must be true

    def look(self) -> None:
        """The log so far, and what was acknowledged."""
        if self.broken is not None:
            raise self.broken
        witness = self.witness
        assert len(self.disk.records) >= witness.position, "the log has become shorter"
        witness.feed(self.disk.records[witness.position :])
        for offer in witness.live.values():
            assert witness.presence[offer.agent] == "on_queue", f"{offer.agent} has gone and keeps {offer.offer}"
        assert witness.commands <= witness.answers.keys(), "an operation is in the log in part"
        for id, answer in self.acked.items():
            assert witness.answers.get(id, self) == answer, f"{id} was acknowledged and is not in the log"
        for id in self.heard:
            assert witness.received[id] == 1, f"message {id} was acknowledged and is not in the log"
        self.acked.clear()
        self.heard.clear()

    def compare(self, center: ContactCenter) -> None:
        """The state: sound by its own checks, the same as a replay gives, and nothing overdue in it."""
        center.catch_up()
        center.run_due()
        self.look()
        center.check()
        known = center.journal.states["conversations"].by_item
        for assignment in center.journal.states["routing"].assignments.values():
            assert assignment.item.id in known, f"{assignment.id}: its conversation is closed"
        kernel, _ = center.fresh()
        kernel.replay((record.at, record.event) for record in self.disk.records)
        out: list[Any] = []
        kernel.advance(center._kernel.now, out)
        assert not out, f"replay has still to do {out}"
        replayed, present, deadlines = kernel.dump(), center.dump(), center._kernel.deadlines
        for part in present:
            assert present[part] == replayed[part], f"{part}: live and replayed differ"
        assert list(deadlines) == sorted(deadlines, key=lambda d: d[0])
        late = self.witness.overdue(self.clock.micros())
        assert not late, f"{late} should have expired"

    def settle(self) -> None:
        """Faults over: everything is delivered, everybody works, and nothing is left over."""
        self.disk.calm = True
        center = self.centers[0] or self.open(0)
        for _ in range(40):
            center.advance("1h")
            self.attempt_calmly(center)
            center = self.centers[0] or self.open(0)
        self.compare(center)
        assert not center.effects.pending(), "effects are left over"
        assert not {*self.witness.live, *self.witness.holder, *self.witness.waiting}, "work is left over"

    def attempt_calmly(self, center: ContactCenter) -> None:
        try:
            self.pump(center)
            for agent in AGENTS:
                # Who comes anew is offered again what he or she has declined.
                center.agents.sign_out(agent)
                center.agents.sign_in(agent)
            self.look()
            while self.witness.live:
                center.assignments.complete(center.offers.accept(min(self.witness.live)))
                self.look()
            for held in list(center.journal.states["routing"].assignments):
                center.assignments.complete(held)
            center.effects.deliver()
        except Crash:
            self.kill()
        except SwitchroomError as error:
            raise AssertionError(f"refused in quiet times: {error}") from error
        self.look()


ACTS = {
    "write": 9,
    "pump": 8,
    "presence": 4,
    "answer": 8,
    "reply": 4,
    "finish": 3,
    "market": 3,
    "block": 1,
    "deliver": 8,
    "wait": 5,
    "jump": 0.5,
    "restart": 0.7,
    "compare": 1,
}
NAMES, WEIGHTS = tuple(ACTS), tuple(ACTS.values())
