"""Conversations as a state machine: whatever happens in whatever order, the promises hold after every step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from switchroom import Agent, ContactCenter, ManualClock, MemoryStorage, Queue
from switchroom.conversations.flow_model import Ask, Branch, CloseConversation, Consult, Flow, RouteTo, Say, Wait
from switchroom.conversations.model import Line
from switchroom.effects import EffectView
from switchroom.errors import DeliveryFailed, DeliveryRefused, SendRefused
from switchroom.messaging.addresses import Address

TEXT, CHAT = Address("sms", "+15550001111"), Address("web", "shop")
AGENTS = ("ana", "bob")
CUSTOMERS = tuple(range(3))
KEPT = ("conversations", "consent", "flows", "outbox")
TEXTS = ("where is my parcel?", "1", "2", "no", "thanks", "STOP", "START", "HELP", "stop texting me please", "")

FLOW = Flow(
    "front",
    start="hello",
    steps={
        "hello": Say("Welcome.", then="which", failed="people"),
        "which": Ask(
            "Parcels or bills?",
            save="topic",
            answer="choice",
            choices=["parcels", "bills"],
            retries=1,
            timeout="10m",
            then="branch",
            failed="people",
            timed_out="bye",
        ),
        "branch": Branch([('topic == "bills"', "bot")], otherwise="pause"),
        "pause": Wait("5m", then="people"),
        "bot": Consult("bot", then="people", failed="people", timeout="2m"),
        "people": RouteTo("help"),
        "bye": CloseConversation("no answer"),
    },
)
SHORT = Flow("front", start="hello", steps={"hello": Say("Hi.", then="people"), "people": RouteTo("help")})


def address(line: Address, number: int) -> Address:
    return Address("sms", f"+1555765000{number}") if line is TEXT else Address("web", f"visitor-{number}")


class Talk(RuleBasedStateMachine):
    """Two lines, one with a flow; three customers, two agents, a bot and a transport that fail now and then."""

    @initialize()
    def open(self) -> None:
        self.clock = ManualClock()
        self.storage = MemoryStorage()
        self.start()
        self.center.queues.add(Queue("help", alert_timeout="1m", wrap_up_codes=["done"]))
        for agent in AGENTS:
            self.center.agents.add(Agent(agent, queues=["help"]))
        self.center.flows.save(FLOW)
        self.center.conversations.save_line(Line("text", address=TEXT, flow="front", queue="help", window="2h"))
        self.center.conversations.save_line(
            Line(
                "chat",
                address=CHAT,
                queue="help",
                window="1h",
                close_after="20m",
                warning="Still there?",
                warn_before="5m",
                last_agent_wait="1m",
            )
        )
        self.number = 0
        self.delivered: list[tuple[Address, str, int]] = []
        self.told: dict[str, Any] = {}

    def start(self) -> None:
        self.center = ContactCenter(clock=self.clock, storage=self.storage, seed=3)
        self.center.effects.register("send", self.carry)
        self.center.effects.register("bot", self.bot)
        self.luck = iter(())

    # -- the outside

    def carry(self, effect: EffectView) -> Mapping[str, Any]:
        """The promise of the gate: nothing is handed over to who has opted out, but for the one confirmation."""
        body = effect.body
        to = Address(body["channel"], body["to"])
        assert body["purpose"] == "confirmation" or not self.center.consent.opted_out(to), "sent after a STOP"
        fate = next(self.luck, "sent")
        if fate == "fails":
            raise DeliveryFailed("later")
        if fate == "refused":
            raise DeliveryRefused("never")
        self.told.setdefault(effect.id, body["content"])
        assert self.told[effect.id] == body["content"], "another text under the same key"
        return {"provider_id": f"p-{effect.id}", "status": "sent"}

    def bot(self, effect: EffectView) -> Mapping[str, Any]:
        fate = next(self.luck, "sent")
        if fate == "fails":
            raise DeliveryFailed("later")
        if fate == "refused":
            return {"say": ["One moment"], "done": False}
        return {"say": ["I know"], "slots": {"account": 7}}

    # -- what people do

    @rule(line=st.sampled_from([TEXT, CHAT]), who=st.sampled_from(CUSTOMERS), text=st.sampled_from(TEXTS))
    def write(self, line: Address, who: int, text: str) -> None:
        self.number += 1
        self.receive(line, who, text, f"m{self.number}")

    @rule(line=st.sampled_from([TEXT, CHAT]), who=st.sampled_from(CUSTOMERS), again=st.integers(0, 5))
    def repeat(self, line: Address, who: int, again: int) -> None:
        """A provider delivers once more, or late: a known id changes nothing, an old one that is new counts."""
        self.receive(line, who, "once more", f"m{max(1, self.number - again)}")

    def receive(self, line: Address, who: int, text: str, id: str) -> None:
        before = self.storage.end()
        found = self.center.conversations.receive(
            to=line, sender=address(line, who), content=text, provider_id=f"{line.channel}-{id}"
        )
        if found.duplicate:
            assert self.storage.end() == before or self.center.next_deadline() is not None
        elif found.decision == "opt_out":
            assert self.center.consent.opted_out(address(line, who))
        else:
            assert found.conversation is not None or found.decision in ("opt_in", "help")

    @rule(agent=st.sampled_from(AGENTS), presence=st.sampled_from(["on_queue", "break", "offline"]))
    def move(self, agent: str, presence: str) -> None:
        self.center.agents.set_presence(agent, presence)

    @rule(agent=st.sampled_from(AGENTS), accept=st.booleans())
    def answer_offers(self, agent: str, accept: bool) -> None:
        for offer in self.center.offers.of_agent(agent):
            if accept:
                pop = self.center.conversations.screen_pop(offer.id)
                assert pop.messages
                self.center.offers.accept(offer.id)
            else:
                self.center.offers.decline(offer.id)

    def held(self) -> list[tuple[str, str]]:
        views = (self.center.conversations.get(id) for id in self.center.conversations.open())
        return [(view.id, view.agent) for view in views if view.agent is not None]

    @precondition(lambda self: self.held())
    @rule(pick=st.integers(0, 9), text=st.sampled_from(["we look into it", "done"]))
    def reply(self, pick: int, text: str) -> None:
        conversation, agent = self.held()[pick % len(self.held())]
        customer = self.customer_of(conversation)
        if self.center.consent.opted_out(customer):
            with pytest.raises(SendRefused):
                self.center.conversations.reply(conversation, text, agent=agent)
        else:
            self.center.conversations.reply(conversation, text, agent=agent)

    def customer_of(self, conversation: str) -> Address:
        record = self.center.look_on("conversations", lambda c: c.conversations[conversation])
        return Address(record.channel, record.theirs)

    @precondition(lambda self: self.held())
    @rule(pick=st.integers(0, 9), what=st.sampled_from(["close", "complete", "requeue", "hold", "let go", "note"]))
    def handle(self, pick: int, what: str) -> None:
        conversation, agent = self.held()[pick % len(self.held())]
        center = self.center
        (assignment,) = (a for a in center.agents.get(agent).assignments if self.item(a) == self.item_of(conversation))
        if what == "close":
            center.conversations.close(conversation, code="done", agent=agent)
        elif what == "complete":
            center.assignments.complete(assignment, code="done")
        elif what == "requeue":
            center.assignments.requeue(assignment)
        elif what == "note":
            center.conversations.note(conversation, "hm", agent=agent)
        else:
            center.conversations.hold_open(conversation, on=what == "hold", agent=agent)

    def item(self, assignment: str) -> str:
        return self.center.assignments.get(assignment).item

    def item_of(self, conversation: str) -> str | None:
        return self.center.conversations.get(conversation).item

    @precondition(lambda self: self.center.conversations.open())
    @rule(pick=st.integers(0, 9))
    def close_one(self, pick: int) -> None:
        ids = self.center.conversations.open()
        self.center.conversations.close(ids[pick % len(ids)], reason="by hand", code="done")

    @rule(flow=st.sampled_from([FLOW, SHORT]))
    def change_flow(self, flow: Flow) -> None:
        """Conversations in it are not stranded: `check` wants each at a step that is there, with a deadline."""
        self.center.flows.save(flow)

    # -- time, transport, restart

    @rule(fates=st.lists(st.sampled_from(["sent", "fails", "refused"]), max_size=4), limit=st.integers(1, 5))
    def deliver(self, fates: list[str], limit: int) -> None:
        self.luck = iter(fates)
        self.center.effects.deliver(limit)

    @rule(message=st.integers(1, 40), status=st.sampled_from(["delivered", "failed", "sent", "read"]))
    def report(self, message: int, status: str) -> None:
        self.center.conversations.report(f"message-{message}", status)

    @rule(by=st.sampled_from(["30s", "1m", "5m", "15m", "59m59s", "1h", "2h", "8d"]))
    def wait(self, by: str) -> None:
        self.center.advance(by)

    @rule()
    def restart(self) -> None:
        """A second center goes on with the log, in the middle of whatever it is."""
        before = self.center.dump()
        self.start()
        self.center.run_due()
        after = self.center.dump()
        assert {name: before[name] for name in KEPT} == {name: after[name] for name in KEPT}

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "center"):
            self.center.check()

    @rule()
    def replay(self) -> None:
        """The log alone gives the same state, whenever one looks."""
        kernel, _ = self.center.fresh()
        kernel.replay((record.at, record.event) for record in self.center.events())
        out: list[Any] = []
        kernel.advance(self.clock.micros(), out)
        assert out == [], "a deadline that the live center did not have"
        assert kernel.dump() == self.center.dump()

    def teardown(self) -> None:
        if hasattr(self, "center"):
            self.replay()


TestTalk = Talk.TestCase
if settings.get_current_profile_name() != "soak":
    TestTalk.settings = settings(
        max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
