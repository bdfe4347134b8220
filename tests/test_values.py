"""Public values behave as values: they compare, pickle, print short and safely; errors have codes that stay."""

from __future__ import annotations

import copy
import inspect
import pickle
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
import pytest

import switchroom
from switchroom import (
    AddPriority,
    AddRequirement,
    Address,
    AfterCallWork,
    Agent,
    Alert,
    Automatic,
    Calendar,
    CallBack,
    CallFunction,
    Campaign,
    CancelWith,
    Category,
    CheckHours,
    Classifier,
    ConsentRules,
    Contact,
    ContactCenter,
    Curve,
    Distribution,
    Escalation,
    EvaluationForm,
    Every,
    Expiring,
    Finding,
    Flow,
    Intake,
    IntakeRule,
    Line,
    ManualClock,
    MediumLimit,
    Membership,
    MoveTo,
    Notice,
    NoticeTrigger,
    Notification,
    OpeningHours,
    ParkIn,
    Preferred,
    Presence,
    Question,
    Queue,
    QueueMessages,
    Reclassify,
    Requirement,
    Ring,
    ServiceLevel,
    SetPriority,
    SetRequirement,
    SkillMatcher,
    Status,
    Step,
    Team,
    TimeOut,
    TimeRule,
    Utilization,
    WorkItem,
    WorkTrigger,
    lint,
)
from switchroom.conversations.flow_model import CloseConversation, Say
from switchroom.errors import SwitchroomError
from switchroom.simulation.times import Times
from switchroom.workitems.trigger_model import Done

LONG = 700
"""Characters of a printed value; a decision, which is a report, prints as one and is not held to it."""

DOERS = ("Simulation",)
"""Classes with fields that do something: they are tried where that is."""

REPORTS = ("Candidate", "Condition", "Decision", "WhyNot", "EstimateError", "Preview")


def lived() -> Iterator[object]:
    """Values that a center gives."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("q", alert_timeout="30s"))
    for name in ("ana", "bob"):
        center.agents.add(Agent(name, skills={"spanish": 3}, queues=["q"]))
        center.agents.sign_in(name)
    items = [center.work.submit(WorkItem(queue="q", requirement="spanish >= 2")) for _ in range(3)]
    center.offers.accept(center.offers.of_agent("ana")[0].id)
    yield from (center.work.get(items[2]), center.agents.get("ana"), center.queues.get("q"))
    yield from (center.offers.of_agent("bob")[0], center.assignments.of_agent("ana")[0])
    yield from (center.insight.explain(items[2]), center.insight.why_not(items[2], "ana"))
    yield center.insight.explain(items[2]).candidates[0]
    yield center.insight.explain(items[2]).conditions[0]
    yield from (center.insight.estimate(items[2]), center.insight.estimate_error(), center.insight.preview(items[2]))
    yield from lint(queues=[Queue("q", requirement="nobody")], agents=[], items=[WorkItem("a", queue="q")])
    yield SkillMatcher().rank("spanish", [Agent("ana", skills={"spanish": 3})])[0]
    yield next(center.events())


def made() -> Iterator[object]:
    """Specs and values that callers make."""
    web = Address("web", "widget")
    yield from (AddPriority(3), AddRequirement("spanish"), Alert("ana"), CallBack("5m"), CallFunction("f"))
    yield from (CancelWith("late"), MoveTo("q"), ParkIn("workbin:a"), Reclassify({"a": 1}), SetPriority(2))
    yield from (SetRequirement("spanish"), TimeOut("late"), AfterCallWork(mode="timed", limit="10s"))
    yield from (ConsentRules(), Contact("c", addresses=[web]), Expiring("spanish", "5s"), web)
    yield from (Escalation("e", after_wait="5s", actions=[AddPriority(1)]), Line("m", address=web, queue="q"))
    yield Flow("f", start="a", steps={"a": Say("hello", then="b"), "b": CloseConversation()})
    yield from (Intake("i", rules=[IntakeRule(when="vip", queue="q")]), IntakeRule(when="vip", queue="q"))
    yield from (MediumLimit(cost=5), Membership("q", rank=2), Preferred(["ana"]), QueueMessages(), Ring("5s"))
    yield from (OpeningHours("UTC", weekly={"mon": ["09:00-17:00"]}), Requirement.parse("spanish >= 2"), ServiceLevel())
    yield from (Step("spanish", "5s"), Team("t"), Utilization(media={"voice": 60}), Agent("ana", queues=["q"]))
    yield from (Queue("q", limit=3), WorkItem("a", queue="q", attributes={"tags": {"x"}}))
    open = OpeningHours("UTC", weekly={"mon": ["09:00-17:00"]})
    yield from (Calendar("c", hours=open), TimeRule(after="1h"), Automatic(to="done", after="1h"), Curve([(0.5, 10)]))
    yield from (Distribution("d", shares={"q": 1}), Status("s", category="open"), Every("day"))
    yield from (Campaign("c", lists=["l"], senders=["m"], text="hello"), Notice(line="m", text="hello"))
    yield Times("3m")
    yield CheckHours(open, open="a", closed="b")
    yield EvaluationForm("f", questions=[Question("polite")])
    yield Classifier("mail", categories=[Category("bills", words=["invoice*"])])
    yield NoticeTrigger("t", event="booked", notice=Notice(line="m", text="hello"))
    yield Notification(notice=Notice(line="m", text="hello"), to=web)
    yield WorkTrigger("t", on=["closed"], start="a", steps={"a": Done()})
    yield Finding("code", "error", "queue.q", "message")


GUESSES: dict[object, object] = {
    str: "a",
    int: 1,
    float: 0.5,
    bool: True,
    bytes: b"a",
    datetime: datetime(2026, 1, 5, 12, tzinfo=UTC),
    timedelta: timedelta(seconds=5),
}


def guessed(hint: Any) -> object:
    """A value of a type; raises TypeError if nothing comes to mind."""
    if hint in GUESSES:
        return GUESSES[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return None if NoneType in inner else guessed(inner[0])
    if origin is tuple or origin is frozenset or origin in (Sequence, Iterable):
        return ()
    if origin in (Mapping, dict):
        return {}
    if inspect.isclass(hint) and attrs.has(hint):
        return sample(hint)
    if inspect.isclass(hint) and issubclass(hint, Enum):
        return next(iter(hint))
    raise TypeError(f"no value of {hint}")


def sample(kind: Any) -> object:
    """A value of a class, what is required being guessed."""
    hints = get_type_hints(kind)
    needed = [field for field in attrs.fields(kind) if field.init and field.default is attrs.NOTHING]
    return kind(**{field.alias: guessed(hints[field.name]) for field in needed})


def others(known: Iterable[object]) -> Iterator[object]:
    """The public classes of which there is no value yet, as far as they can be guessed."""
    kinds = {kind for value in known for kind in type(value).__mro__}
    for kind in CLASSES:
        if kind not in kinds:
            with suppress(Exception):
                yield sample(kind)


CLASSES = [
    value
    for value in (getattr(switchroom, name) for name in switchroom.__all__)
    if inspect.isclass(value) and attrs.has(value)
]
FIRST = [*made(), *lived()]
VALUES = [*FIRST, *others(FIRST)]
NAMES = [type(value).__name__ for value in VALUES]


def test_every_public_value_is_here() -> None:
    """A name that is new is tried, too; one that cannot be guessed needs a value above."""
    kinds = {kind for value in VALUES for kind in type(value).__mro__}
    missing = [kind.__name__ for kind in CLASSES if kind not in kinds and kind.__name__ not in DOERS]
    assert missing == [], "give each a value in made() or lived()"


@pytest.mark.parametrize("value", VALUES, ids=NAMES)
def test_they_compare_and_pickle(value: Any) -> None:
    """A copy and one from a pickle are equal, and hash alike where they hash; something else is not equal."""
    for other in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):
        assert other == value
        assert repr(other) == repr(value)
        try:
            expected = hash(value)
        except TypeError:
            continue
        assert hash(other) == expected
    assert value != object()


@pytest.mark.parametrize("value", VALUES, ids=NAMES)
def test_they_print_short(value: object) -> None:
    """A line in a log or in a failing test can be read: one line, of bounded length."""
    if type(value).__name__ not in REPORTS:
        assert len(repr(value)) <= LONG
        assert "\n" not in repr(value)
    assert " at 0x" not in repr(value)


@pytest.mark.parametrize("value", [*made()], ids=lambda value: type(value).__name__)
def test_specs_do_not_change(value: Any) -> None:
    """A field of a spec cannot be set. Of work items type checkers see to that: freezing every item costs too much."""
    if not isinstance(value, WorkItem):
        field = attrs.fields(type(value))[0].name
        with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
            setattr(value, field, "other")


def test_addresses_and_texts_are_not_printed() -> None:
    """What is personal stays out of logs: numbers are masked, names and fields of contacts left out."""
    contact = Contact("c-1", addresses=[Address("sms", "+15557654321")], name="Ann Example", fields={"shoe": 44})
    assert not re.search("7654321|Ann|44", repr(contact))


def test_specs_show_what_is_not_default() -> None:
    """Thirty fields are read by nobody."""
    assert repr(Queue("q", limit=3)) == "Queue('q', limit=3)"
    assert repr(WorkItem(queue="q")) == "WorkItem(queue='q')"
    assert repr(Queue("q", alert_timeout="5s")) == f"Queue('q', alert_timeout={timedelta(seconds=5)!r})"


def test_presences_are_texts() -> None:
    """A presence is a text, so that reasons of the embedder's own need no class."""
    assert Presence.ON_QUEUE == "on_queue"
    assert pickle.loads(pickle.dumps(Presence.ON_QUEUE)) == "on_queue"


# -- errors


def errors() -> list[type[SwitchroomError]]:
    """Every class of error in the package."""
    for info in pkgutil.walk_packages(switchroom.__path__, "switchroom."):
        if info.name.endswith("errors"):
            import_module(info.name)
    found = [SwitchroomError]
    for kind in found:
        found.extend(sub for sub in kind.__subclasses__() if sub.__module__.startswith("switchroom."))
    return list(dict.fromkeys(found))


STABLE = {
    "assignment_gone",
    "busy_error",
    "config_error",
    "conflict_error",
    "damaged_record",
    "delivery_failed",
    "delivery_refused",
    "duplicate_id",
    "environment_fault",
    "idempotency_mismatch",
    "input_dead",
    "invalid_input",
    "kernel_poisoned",
    "limit_reached",
    "newer_record",
    "not_allowed",
    "not_permitted",
    "not_yours",
    "offer_gone",
    "opted_out",
    "over_capacity",
    "permanent_failure",
    "queue_closed",
    "queue_full",
    "refused",
    "requirement_syntax_error",
    "send_refused",
    "storage_error",
    "switchroom_error",
    "target_unavailable",
    "time_went_back",
    "transient_failure",
    "transport_error",
    "unknown_id",
    "unknown_outcome",
    "unknown_record_type",
    "usage_error",
    "version_mismatch",
}
"""Codes that were given out: they are never taken away, nor given to another class."""


def test_every_error_has_a_code_of_its_own() -> None:
    """Two classes never share a code, and a class does not borrow that of its base."""
    codes = {kind.__name__: vars(kind).get("error_code") for kind in errors()}
    assert [name for name, code in codes.items() if not code] == []
    assert len(set(codes.values())) == len(codes)


def test_codes_stay() -> None:
    """Whoever looks for a code in a log finds it after every release."""
    assert STABLE - {kind.error_code for kind in errors()} == set()


def test_errors_pickle_with_what_they_say() -> None:
    """A refusal crosses a process: message, attributes and class arrive."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("q"))
    for wrong in (
        lambda: center.offers.accept("item-1#1"),
        lambda: center.work.get("ghost"),
        lambda: Queue("q", limit=-1),
        lambda: Requirement.parse("spanish >="),
    ):
        with pytest.raises(SwitchroomError) as raised:
            wrong()
        again = pickle.loads(pickle.dumps(raised.value))
        assert (type(again), str(again), again.details) == (type(raised.value), str(raised.value), raised.value.details)
        assert again.error_code == raised.value.error_code
