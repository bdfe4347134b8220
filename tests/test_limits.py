"""Every limit of the page on limits is what the page says, and is reached here; what is always let in is let in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from switchroom import Agent, AsyncContactCenter, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.conversations.flow_model import CloseConversation, Flow
from switchroom.conversations.model import Contact, Line
from switchroom.errors import BusyError, InvalidInput, LimitReached
from switchroom.kernel import outbox
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Text
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Team
from switchroom.routing.requirements import Requirement
from switchroom.storage.sqlite import SqliteStorage
from switchroom.transport.mail_in import parse_mail
from switchroom.transport.open_wire import events_of
from switchroom.transport.strict_json import read_json

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "limits.md"
ROW = re.compile(r"^\| (?P<what>.+?) \| (?P<most>.+?) \| .+? \| `(?P<constant>[\w.]+)` \|$", re.MULTILINE)
OURS, THEIRS = Address("sms", "+15550001111"), Address("sms", "+15557650001")


def rows() -> dict[str, str]:
    """Constant -> what the page says of it."""
    return {row["constant"]: row["most"] for row in ROW.finditer(PAGE.read_text())}


def constant(path: str) -> tuple[Any, str]:
    module, _, name = path.rpartition(".")
    return import_module(f"switchroom.{module}"), name


NUMBERED = {path: most for path, most in rows().items() if most[0].isdigit()}


@pytest.mark.parametrize("path", NUMBERED)
def test_the_page_says_what_the_code_says(path: str) -> None:
    """A limit that is changed is changed there, too."""
    module, name = constant(path)
    assert getattr(module, name) == int(re.match(r"[\d,]+", NUMBERED[path])[0].replace(",", ""))  # type: ignore[index]


# -- reaching each


def center() -> ContactCenter:
    made = ContactCenter(clock=ManualClock(), seed=1)
    made.queues.add(Queue("q"))
    made.agents.add(Agent("ana", queues=["q"]))
    made.conversations.save_line(Line("l", address=OURS, queue="q"))
    return made


def grow(act: Callable[[ContactCenter, int], Any]) -> Callable[[], None]:
    """Do it with one number after the other until it is refused."""

    def run() -> None:
        made = center()
        for number in range(6):
            end = made.storage.end()
            try:
                act(made, number)
            except LimitReached:
                assert made.storage.end() == end, "refused, and in the log"
                made.check()
                raise

    return run


def receive(made: ContactCenter, number: int, text: str = "hello") -> Any:
    sender = Address("sms", f"+1555765{number:04}")
    return made.conversations.receive(to=OURS, sender=sender, content=text, provider_id=f"in-{number}")


def request(made: Any, number: int) -> None:
    made.run_on("kernel", _request, number)


def _request(tx: Transaction, kernel: Any, number: int) -> None:
    outbox.request(tx, kernel.outbox, "call", f"s{number}", {})


def mail_of(size: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "a@example.com", "b@example.com", "<1@example.com>"
    mail.set_content("x" * size)
    return mail.as_bytes()


def deep_flow(steps: int) -> Flow:
    return Flow("f", start="s0", steps={f"s{n}": CloseConversation("x") for n in range(steps)})


REACHED: dict[str, tuple[int, Callable[[], Any]]] = {
    "routing.work.MAX_ITEMS": (3, grow(lambda c, n: c.work.submit(WorkItem(queue="q")))),
    "routing.agents.MAX_AGENTS": (3, grow(lambda c, n: c.agents.add(Agent(f"a{n}")))),
    "routing.agents.MAX_TEAMS": (3, grow(lambda c, n: c.agents.save_team(Team(f"t{n}")))),
    "routing.queues.MAX_QUEUES": (3, grow(lambda c, n: c.queues.add(Queue(f"q{n}")))),
    "routing.intake.MAX_INTAKES": (3, grow(lambda c, n: c.queues.save_intake(Intake(f"i{n}", fallback="q")))),
    "routing.floor.MAX_KINDS": (3, grow(lambda c, n: c.work.submit(WorkItem(queue="q", labels=[f"l{n}"])))),
    "conversations.desk.MAX_LINES": (
        3,
        grow(lambda c, n: c.conversations.save_line(Line(f"l{n}", address=Address("web", f"w{n}"), queue="q"))),
    ),
    "conversations.desk.MAX_CONTACTS": (3, grow(lambda c, n: c.conversations.save_contact(Contact(f"c{n}")))),
    "conversations.threading.MAX_CONVERSATIONS": (3, grow(receive)),
    "conversations.flows.MAX_FLOWS": (
        3,
        grow(lambda c, n: c.flows.save(Flow(f"f{n}", start="s", steps={"s": CloseConversation("x")}))),
    ),
    "kernel.answers.MAX_ANSWERS": (3, grow(lambda c, n: c.work.submit(WorkItem(queue="q"), command_id=f"c{n}"))),
    "kernel.outbox.MAX_PENDING": (3, grow(request)),
    "ids.MAX_ID_LENGTH": (128, lambda: Queue("x" * 129)),
    "messaging.content.MAX_BODY": (100_000, lambda: Text("x" * 100_001)),
    "routing.fields.MAX_TEXT": (1_000, lambda: Queue("q", name="x" * 1_001)),
    "routing.fields.MAX_SKILLS": (256, lambda: Agent("a", skills={f"s{n}": 1 for n in range(257)})),
    "routing.requirement_base.MAX_TEXT": (4_096, lambda: Requirement.parse("a" * 4_097)),
    "routing.requirement_base.MAX_TERMS": (256, lambda: Requirement.parse(" or ".join(f"s{n}" for n in range(300)))),
    "routing.steps.MAX_STEPS": (500, lambda: deep_flow(501)),
    "transport.strict_json.MAX_BYTES": (1 << 20, lambda: read_json(b'"' + b"x" * (1 << 20) + b'"')),
    "transport.strict_json.MAX_DEPTH": (32, lambda: read_json(b"[" * 33 + b"]" * 33)),
    "transport.open_wire.MAX_EVENTS": (100, lambda: events_of({"events": [{}] * 101})),
}


@pytest.mark.parametrize("path", REACHED)
def test_one_more_is_refused(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the limit everything is taken, and what is refused leaves no trace."""
    most, reach = REACHED[path]
    module, name = constant(path)
    monkeypatch.setattr(module, name, most)
    with pytest.raises((LimitReached, InvalidInput)):
        reach()


def test_what_is_refused_is_only_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full table can be changed."""
    made = center()
    monkeypatch.setattr("switchroom.routing.queues.MAX_QUEUES", 1)
    made.queues.change(Queue("q", priority_weight=2.0))
    with pytest.raises(LimitReached, match="queues = 1"):
        made.queues.add(Queue("other"))


def test_dead_effects_leave_the_list_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log has them."""
    monkeypatch.setattr(outbox, "MAX_DEAD", 2)
    made: Any = center()
    for number in range(4):
        request(made, number)
        made.run_on("kernel", _kill, f"effect-{number + 1}")
    assert [effect.id for effect in made.effects.dead()] == ["effect-3", "effect-4"]
    made.check()


def _kill(tx: Transaction, kernel: Any, id: str) -> None:
    outbox.failed(tx, kernel.outbox, id, "no", True, None)


def test_a_stop_is_heard_when_there_is_no_room_for_conversations(monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyword needs no conversation; nor does anything that ends one."""
    monkeypatch.setattr("switchroom.conversations.threading.MAX_CONVERSATIONS", 1)
    made = center()
    receive(made, 1)
    with pytest.raises(LimitReached):
        receive(made, 2)
    receive(made, 3, "STOP")
    assert made.consent.opted_out(Address("sms", "+15557650003"))


def test_what_frees_the_center_is_let_in_with_a_command_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though no more commands can be remembered: stopping, signing out, completing."""
    made = center()
    made.agents.sign_in("ana")
    item = made.work.submit(WorkItem(queue="q"))
    held = made.offers.accept(made.offers.of_item(item)[0].id)
    monkeypatch.setattr("switchroom.kernel.answers.MAX_ANSWERS", 0)
    with pytest.raises(LimitReached):
        made.work.submit(WorkItem(queue="q"), command_id="c0")
    made.assignments.complete(held, command_id="c1")
    made.agents.sign_out("ana", command_id="c2")
    made.conversations.receive(to=OURS, sender=THEIRS, content="STOP", provider_id="in-1", command_id="c3")
    assert made.consent.opted_out(THEIRS)


def test_a_slow_store_holds_up_new_work_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While too much waits to be stored; afterwards everything is taken again."""
    monkeypatch.setattr("switchroom.aio.MAX_UNSTORED", 5)

    async def flood() -> None:
        made = ContactCenter(clock=ManualClock(), storage=SqliteStorage(tmp_path / "log.db", synchronous="normal"))
        made.queues.add(Queue("q"))
        made.agents.add(Agent("ana", queues=["q"]))
        made.conversations.save_line(Line("l", address=OURS, queue="q"))
        async with AsyncContactCenter(made) as desk:
            calls = [asyncio.ensure_future(desk.call(made.work.submit, WorkItem(queue="q"))) for _ in range(20)]
            stop = asyncio.ensure_future(
                desk.call(made.conversations.receive, to=OURS, sender=THEIRS, content="STOP", provider_id="in-1")
            )
            out = asyncio.ensure_future(desk.call(made.agents.sign_out, "ana"))
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            refused = [outcome for outcome in outcomes if isinstance(outcome, BusyError)]
            assert 0 < len(refused) < 20
            await stop
            await out
            assert made.consent.opted_out(THEIRS)
            await desk.call(made.work.submit, WorkItem(queue="q"))
        made.close()

    asyncio.run(flood())


def test_a_mail_that_is_too_large_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes behind the limit is cut off, and told."""
    monkeypatch.setattr("switchroom.transport.mail_in.MAX_MAIL_BYTES", 1_000)
    assert parse_mail(mail_of(500)).text.count("x") == 500
    assert parse_mail(mail_of(2_000)).text.count("x") < 1_000
