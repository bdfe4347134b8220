"""Customers who write during a simulated day: they answer questions, talk to a bot and to agents, and some say STOP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import attrs

from switchroom.conversations.events import (
    ConversationClosed,
    ConversationReopened,
    ConversationRouted,
    ConversationStarted,
    ConversationTaken,
    MessageReceived,
    MessageRequested,
)
from switchroom.durations import Micros, to_micros
from switchroom.errors import SendRefused, SwitchroomError
from switchroom.kernel.outbox import EffectDropped
from switchroom.kernel.records import Record
from switchroom.messaging.addresses import Address
from switchroom.routing.fields import placed, to_amount, to_share

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.effects import EffectView

Plan = Callable[..., None]
"""(instant, what to do, arguments): as the player plans what people do."""

SECOND = 1_000_000
BOT = "bot"
"""The kind of effect by which a flow asks the bot."""

TALK: tuple[str, ...] = (
    "where is my parcel?",
    "my parcel has not arrived yet",
    "the invoice is wrong, I want my money back",
    "do you have the blue tent in stock?",
    "can I still change my order?",
    "what are your opening hours?",
)
STOPS: tuple[str, ...] = ("STOP", "stop", "please stop texting me", "unsubscribe", "take me off your list")
ANSWERS: tuple[str, ...] = ("1", "2", "parcels", "something else", "hm?")


@attrs.frozen(kw_only=True, field_transformer=placed("visitors"))
class Visitors:
    """How many customers write to a line, and how: ``number`` over the day, ``again`` (a share) write a second time
    later, ``stop`` (a share) say STOP at some point instead of going on."""

    line: Address
    number: int = attrs.field(default=150, converter=to_amount)
    again: float = attrs.field(default=0.3, converter=to_share)
    stop: float = attrs.field(default=0.12, converter=to_share)
    opens: timedelta = timedelta(hours=8)
    closes: timedelta = timedelta(hours=20)


@attrs.frozen(kw_only=True)
class TalkFigures:
    """What became of those who wrote."""

    conversations: int
    reopened: int
    messages_in: int
    messages_out: int
    by_flow_and_bot: int
    to_people: int
    answered: int
    closed: int
    stops: int
    stopped_sends: int

    def to_dict(self) -> dict[str, int]:
        """As plain data."""
        return attrs.asdict(self)


def figures(records: Iterable[Record]) -> TalkFigures:
    """The figures of the conversations in a log. Linear."""
    counts: Counter[str] = Counter()
    routed: set[str] = set()
    for record in records:
        event = record.event
        counts[type(event).__name__] += 1
        if isinstance(event, ConversationRouted):
            routed.add(event.conversation)
        elif isinstance(event, MessageReceived):
            counts["stops"] += event.decision == "opt_out"
        elif isinstance(event, EffectDropped):
            counts["stopped"] += event.kind == "send"
    started = counts[ConversationStarted.__name__]
    return TalkFigures(
        conversations=started,
        reopened=counts[ConversationReopened.__name__],
        messages_in=counts[MessageReceived.__name__],
        messages_out=counts[MessageRequested.__name__],
        by_flow_and_bot=started - len(routed),
        to_people=len(routed),
        answered=counts[ConversationTaken.__name__],
        closed=counts[ConversationClosed.__name__],
        stops=counts["stops"],
        stopped_sends=counts["stopped"],
    )


class Talk:
    """Plays visitors against a center, whose transport and bot it is as well."""

    def __init__(self, center: ContactCenter, visitors: Visitors, plan: Plan, seed: int) -> None:
        self._center = center
        self._visitors = visitors
        self._plan = plan
        self._random = Random(f"visitors {seed}")
        self._count = 0
        self._asked: dict[str, str] = {}
        center.effects.register("send", self._carry)
        center.effects.register(BOT, self._bot)

    def plan_day(self, start: datetime, until: datetime) -> None:
        """Plan who writes when; and that what is to be sent leaves within half a minute."""
        random, visitors = self._random, self._visitors
        opens, closes = (to_micros(start + span) for span in (visitors.opens, visitors.closes))
        for number in range(visitors.number):
            at = random.randrange(opens, closes)
            self._plan(at, self._write, number, random.choice(TALK))
            if random.random() < visitors.again:
                self._plan(at + random.randrange(1800, 4 * 3600) * SECOND, self._write, number, random.choice(TALK))
            if random.random() < visitors.stop:
                self._plan(at + random.randrange(5, 1200) * SECOND, self._write, number, random.choice(STOPS))
        end = to_micros(until)
        for at in range(opens, end, 30 * SECOND):
            self._plan(at, self._deliver)

    def heard(self, record: Record) -> None:
        """An agent who takes a conversation answers in it."""
        event = record.event
        if isinstance(event, ConversationTaken):
            wait = self._random.randrange(20, 90) * SECOND
            self._plan(record.at + wait, self._reply, event.conversation, event.agent)

    # -- customers

    def _address(self, number: int) -> Address:
        return Address(self._visitors.line.channel, f"+49151{23000000 + number}")

    def _write(self, number: int, text: str) -> None:
        self._count += 1
        self._center.conversations.receive(
            to=self._visitors.line, sender=self._address(number), content=text, provider_id=f"visit-{self._count}"
        )
        self._deliver()

    def _deliver(self) -> None:
        self._center.effects.deliver()

    def _carry(self, effect: EffectView) -> Mapping[str, Any]:
        """The transport: everything arrives; a question is answered after a while, mostly."""
        body = effect.body
        if "1. " in str(body["content"].get("text", "")) and self._random.random() < 0.8:
            number = int(body["to"][-8:]) - 23000000
            after = self._random.randrange(10, 120) * SECOND
            self._plan(self._now() + after, self._write, number, self._random.choice(ANSWERS))
        return {"provider_id": f"far-{effect.id}", "status": "delivered"}

    def _now(self) -> Micros:
        return to_micros(self._center.now())

    # -- the other side

    def _bot(self, effect: EffectView) -> Mapping[str, Any]:
        """Knows where most parcels are, and hands over the others."""
        if self._random.random() < 0.7:
            return {"say": ["Your parcel arrives tomorrow."], "slots": {"solved": True}}
        return {"slots": {"solved": False}}

    def _reply(self, conversation: str, agent: str) -> None:
        try:
            self._center.conversations.reply(conversation, "Thank you, I look into it.", agent=agent)
        except SendRefused:
            return  # the customer has said STOP
        except SwitchroomError:
            return  # it is somebody else's by now, or over
