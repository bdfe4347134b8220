"""The places where input comes in, each as a function from a row's input to one word for what became of it.

The word is ``ok``, the code of an `InvalidInput`, the name of another error of the library, or what the row says.
Anything else that is raised fails the row: a stranger's input must never reach code that does not expect it.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from switchroom import Agent, ContactCenter, KeywordPolicy, ManualClock, Queue, WorkItem
from switchroom.conversations.model import Line
from switchroom.errors import InvalidInput, SwitchroomError
from switchroom.messaging import templates
from switchroom.messaging.addresses import Address
from switchroom.routing.hours import OpeningHours
from switchroom.storage import codec
from switchroom.storage.memory import MemoryStorage
from switchroom.transport.open_messaging import OpenMessagingReceiver
from switchroom.transport.signatures import HubSignature, Secret, StandardWebhooks
from switchroom.transport.strict_json import read_json

OURS, THEIRS = Address("sms", "+15550001111"), Address("sms", "+15557650001")
SIGNER = StandardWebhooks(Secret("whsec_c2VjcmV0LWZvci1pbg=="))
POLICY = KeywordPolicy()


def load() -> list[dict[str, Any]]:
    """The rows of the catalogue."""
    rows: list[dict[str, Any]] = json.loads((Path(__file__).parent / "catalogue.json").read_text())
    return rows


def made(value: Any) -> Any:
    """An input as it stands in the catalogue, with what JSON has no form for spelled out."""
    if isinstance(value, list):
        return [made(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "repeat" in value:
        return made(value["repeat"]) * value["times"]
    if "number" in value:
        return float(value["number"]) if not value["number"].lstrip("-").isdigit() else int(value["number"])
    if "hex" in value:
        return bytes.fromhex(value["hex"])
    if "naive" in value:
        return datetime.fromisoformat(value["naive"])
    if "names" in value:
        return {f"skill-{n}": 1 for n in range(value["names"])}
    return {key: made(one) for key, one in value.items()}


def outcome(entry: Callable[[Any], str], value: Any) -> str:
    try:
        return entry(value)
    except InvalidInput as error:
        return str(error.code) if len(str(error)) < 500 else "the error repeats what it was given"
    except SwitchroomError as error:
        return type(error).__name__


def center() -> ContactCenter:
    made = ContactCenter(clock=ManualClock(), seed=1)
    made.queues.add(Queue("help"))
    made.conversations.save_line(Line("main", address=OURS, queue="help"))
    made.agents.add(Agent("ana", queues=["help"]))
    return made


# -- entries


def keyword(text: str) -> str:
    """What the keyword policy makes of a message."""
    return POLICY.classify(text).decision


def message(text: Any) -> str:
    """A message of a customer's, through the center: stored as it can be read again, or refused without a trace."""
    desk = center()
    end = desk.storage.end()
    try:
        desk.conversations.receive(to=OURS, sender=THEIRS, content=text, provider_id="in-1")
    except SwitchroomError:
        assert desk.storage.end() == end, "refused, and in the log"
        raise
    for record in desk.events(after=end):
        assert codec.decode(codec.encode(record)) == record, "a store gives back something else"
    return "ok"


def item(fields: Any) -> str:
    """A piece of work by command: refused without a trace, or the same from a store."""
    desk = center()
    end = desk.storage.end()
    try:
        desk.work.submit(WorkItem(**{"queue": "help", **fields}))
    except SwitchroomError:
        assert desk.storage.end() == end, "refused, and in the log"
        raise
    for record in desk.events(after=end):
        assert codec.decode(codec.encode(record)) == record, "a store gives back something else"
    return "ok"


def agent(fields: Any) -> str:
    center().agents.add(Agent(**fields))
    return "ok"


def queue(fields: Any) -> str:
    center().queues.add(Queue(**fields))
    return "ok"


def document(body: Any) -> str:
    """JSON from a stranger."""
    read_json(body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass"))
    return "ok"


def signed(fields: dict[str, Any]) -> tuple[dict[str, str], bytes, ManualClock]:
    """A genuine request, then whatever the row changes about it."""
    clock = ManualClock("2026-01-05T12:00:00Z")
    raw = fields.get("body", {"from": "widget-7", "to": "shop", "id": "m-1", "text": "hello", "channel": "web"})
    body = raw if isinstance(raw, bytes) else raw.encode() if isinstance(raw, str) else json.dumps(raw).encode()
    headers = SIGNER.sign("msg-1", body, now=clock.now() + timedelta(seconds=fields.get("skew", 0)))
    for name, value in fields.get("headers", {}).items():
        headers[name] = value.replace("GOOD", headers.get(name, "")) if isinstance(value, str) else value
    return headers, fields.get("tampered", body), clock


def webhook(fields: Any) -> str:
    """The webhook's answer: status, and that nothing came of it unless it is 200."""
    headers, body, clock = signed(fields)
    tampered = body if isinstance(body, bytes) else body.encode()
    response = OpenMessagingReceiver(SIGNER, clock=clock).handle(headers, tampered)
    assert (response.status == 200) == bool(response.events)
    return str(response.status)


def delivered_twice(fields: Any) -> str:
    """A genuine request replayed: what the center makes of the second."""
    headers, body, clock = signed({"body": {"from": "+15557650001", "to": "+15550001111", "id": "m-1", "text": "hi",
                                            "channel": "sms"}})  # fmt: skip
    desk, answers = center(), list[bool]()
    for _ in range(2):
        response = OpenMessagingReceiver(SIGNER, clock=clock).handle(headers, body)
        for event in response.events:
            came: Any = event
            received = desk.conversations.receive(
                to=came.recipient, sender=came.sender, content=came.content, provider_id=came.provider_id
            )
            answers.append(received.duplicate)
    return "duplicate" if answers == [False, True] else "twice"


def hub(fields: Any) -> str:
    """A signature header of GitHub's form, against a body signed with ``key``."""
    body = b'{"a": 1}'
    good = HubSignature(Secret(fields.get("key", "key"))).sign(body)["x-hub-signature-256"]
    value = fields["value"].replace("GOOD", good) if isinstance(fields["value"], str) else fields["value"]
    verdict = HubSignature(Secret("key")).verify({"x-hub-signature-256": value}, body, now=ManualClock().now())
    return "genuine" if verdict else "refused"


def address(fields: Any) -> str:
    """The normal form of an address: one key for all its spellings."""
    return Address(*fields).value


def template(fields: Any) -> str:
    """A template rendered with one value."""
    text, value = fields
    return templates.render(text, {"name": value})


def zone(name: Any) -> str:
    OpeningHours.weekdays("09:00", "17:00", zone=name)
    return "ok"


def instant(value: Any) -> str:
    ManualClock(value)
    return "ok"


def stored(value: Any) -> str:
    """A record of a type or version that nobody here knows: the reader stops."""
    store = MemoryStorage()
    row = codec.encode(next(iter(center().events())))
    store.append([codec.decode(row._replace(**value, checksum=_checksum(row._replace(**value))))], 0)
    return "ok"


def _checksum(row: Any) -> int:
    found: Any = vars(codec)["_checksum"]
    sum: int = found(row.at, row.type, row.version, row.command_id, row.payload)
    return sum


def printable(text: str) -> str:
    """What an error shows of a bad id: nothing that a terminal obeys."""
    try:
        WorkItem(text)
    except InvalidInput as error:
        return "plain" if set(str(error)) <= set(string.printable) - set("\x0b\x0c\r\x1b") else "raw"
    return "taken"


def opening(fields: Any) -> str:
    """The open stretches of a local day, as instants: ``HH:MM`` in UTC."""
    name, day, start, end = fields
    hours = OpeningHours.daily(start, end, zone=name)
    first = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    found = hours.intervals(first - timedelta(hours=14), first + timedelta(hours=38))
    local = [(a, b) for a, b in found if a.astimezone(ZoneInfo(name)).date().isoformat() == day]
    return " ".join(f"{a.astimezone(UTC):%H:%M}-{b.astimezone(UTC):%H:%M}" for a, b in local) or "closed"


def misuse(name: str) -> str:
    """One of the scenes below; its name says what is done that should not be."""
    return SCENES[name](Scene())


class Scene:
    """A desk with ana, bob and one piece of work that ana is offered."""

    def __init__(self) -> None:
        self.center = ContactCenter(clock=ManualClock(), seed=1)
        self.center.queues.add(Queue("help", alert_timeout="20s"))
        for name in ("ana", "bob"):
            self.center.agents.add(Agent(name, queues=["help"]))
        self.center.agents.sign_in("ana")
        self.item = self.center.work.submit(WorkItem("w", queue="help"))
        self.offer = self.center.offers.of_item(self.item)[0].id

    def accept(self, **options: Any) -> str:
        return self.center.offers.accept(self.offer, **options)

    def twice(self, call: Callable[[], Any]) -> str:
        call()
        call()
        return "ok"

    def late(self) -> str:
        self.center.advance("21s")
        self.accept()
        return "ok"

    def again(self) -> str:
        same = {self.accept(command_id="c-1"), self.accept(command_id="c-1")}
        return "the first answer" if len(same) == 1 else "two answers"

    def known_id(self) -> str:
        self.center.work.submit(WorkItem("w", queue="help", priority=5))
        return "ok"

    def skill_gone(self) -> str:
        held = self.accept()
        self.center.agents.set_skills("ana", {"spanish": None})
        return "the work stays" if self.center.assignments.get(held).agent == "ana" else "taken away"

    def late_word(self) -> str:
        self.center.agents.set_presence("bob", "break", sequence=5)
        took = self.center.agents.set_presence("bob", "on_queue", sequence=4)
        return "counts" if took else "counts for nothing"

    def queue_in_use(self) -> str:
        self.center.queues.remove("help")
        return "ok"

    def never_seen(self) -> str:
        news = self.center.consent.opt_out(THEIRS), self.center.consent.opt_in(THEIRS)
        return "recorded" if news == (True, True) else "ignored"

    def to_oneself(self) -> str:
        self.center.assignments.transfer(self.accept(), "ana")
        return "ok"

    def to_nobody(self) -> str:
        self.center.assignments.transfer(self.accept(), "zoe")
        return "ok"

    def subscriber_raises(self) -> str:
        def broken(record: object) -> None:
            raise RuntimeError("a bug of the embedder's")

        self.center.subscribe(broken)
        self.accept()
        self.center.check()
        return "isolated"

    def subscriber_reenters(self) -> str:
        seen: list[str] = []

        def again(record: Any) -> None:
            seen.append(record.type)
            if record.type == "routing.offer_accepted":
                self.center.agents.sign_in("bob")

        self.center.subscribe(again)
        self.accept()
        return "in order" if seen == [r.type for r in self.center.events()][-len(seen) :] else "torn"


SCENES: dict[str, Callable[[Scene], str]] = {
    "accept twice": lambda s: s.twice(s.accept),
    "accept after expiry": Scene.late,
    "accept another's offer": lambda s: s.accept(agent="bob"),
    "accept an unknown offer": lambda s: s.center.offers.accept("nothing"),
    "the same command again": Scene.again,
    "complete before accepting": lambda s: str(s.center.assignments.complete(s.offer)),
    "complete twice": lambda s: [h := s.accept(), s.twice(lambda: s.center.assignments.complete(h))][1],
    "submit a known id with other contents": Scene.known_id,
    "take a skill from an agent at work": Scene.skill_gone,
    "a word about presence that comes late": Scene.late_word,
    "remove a queue with waiting work": Scene.queue_in_use,
    "opt out and in of an address never seen": Scene.never_seen,
    "transfer to oneself": Scene.to_oneself,
    "transfer to a missing agent": Scene.to_nobody,
    "a subscriber that raises": Scene.subscriber_raises,
    "a subscriber that uses the center": Scene.subscriber_reenters,
}

ENTRIES: dict[str, Callable[[Any], str]] = {
    "keyword": keyword, "message": message, "item": item, "agent": agent, "queue": queue, "json": document,
    "webhook": webhook, "replay": delivered_twice, "hub signature": hub, "address": address, "template": template,
    "zone": zone, "instant": instant, "stored": stored, "printed": printable,
    "opening": opening, "misuse": misuse,
}  # fmt: skip
