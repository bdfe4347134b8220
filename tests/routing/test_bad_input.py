"""Bad values, ids and functions: a clear error of the library's own tree, and nothing has changed."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from desk import Desk, after, agents
from switchroom import Agent, ContactCenter, ManualClock, Membership, Queue, WorkItem
from switchroom.errors import (
    DuplicateId,
    IdempotencyMismatch,
    InvalidInput,
    LimitReached,
    SwitchroomError,
    UnknownId,
    VersionMismatch,
)
from switchroom.routing import floor
from switchroom.routing.escalation_model import AddPriority, Escalation
from switchroom.routing.model import Expiring, Preferred, Step
from switchroom.routing.queue_model import AfterCallWork, Ring, ServiceLevel
from switchroom.routing.utilization import MediumLimit, Utilization

NAN, INF, HUGE = float("nan"), float("inf"), 10**400
BAD_IDS: list[Any] = [
    "",
    "x" * 300,
    "../x",
    "..",
    ".",
    "a/b",
    "a b",
    " a",
    "a\n",
    "ä",
    "٣",
    "a\x00",
    "#",
    5,
    None,
    ["a"],
    b"a",
]
BAD_NUMBERS: list[Any] = [NAN, INF, -INF, HUGE, "5", None, True, 1.5, [1], 10**7, -(10**7)]
BAD_SPANS: list[Any] = [-1, NAN, INF, HUGE, "soon", "-1s", "", True, [], timedelta(seconds=-1), timedelta(days=99_999)]
BAD_INSTANTS: list[Any] = [datetime(2026, 1, 1), datetime(1, 1, 1), "soon", 5, "2026-01-01", after(10**11 // 10)]  # noqa: DTZ001


def refused(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make()
    assert isinstance(refusal.value, ValueError)
    assert len(str(refusal.value)) < 400
    assert str(pickle.loads(pickle.dumps(refusal.value))) == str(refusal.value)


@pytest.mark.parametrize("bad", BAD_IDS, ids=repr)
def test_ids_are_short_ascii_without_separators(bad: Any) -> None:
    """Everywhere an id is made, whatever the thing."""
    for make in (Queue, Agent, Membership):
        refused(lambda make=make: make(bad))
    refused(lambda: WorkItem("x", queue="q", medium=bad))
    refused(lambda: Agent("a", queues=[bad] if bad is not None else [None]))
    refused(lambda: WorkItem("x", queue="q", labels=[bad]))
    refused(lambda: WorkItem("x", queue="q", exclude=[bad]))
    refused(lambda: Preferred([bad]))
    if bad is not None:
        refused(lambda: WorkItem(bad, queue="q"))
        refused(lambda: WorkItem("x", channel=bad))
        refused(lambda: WorkItem("x", contact=bad))
        refused(lambda: WorkItem("x", division=bad))
        refused(lambda: Queue("q", overflow=bad))


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=repr)
def test_numbers_are_finite_whole_and_within_bounds(bad: Any) -> None:
    """Priorities, counts, costs and limits; a boolean is no number."""
    refused(lambda: WorkItem("x", queue="q", priority=bad))
    refused(lambda: AddPriority(bad))
    refused(lambda: Membership("q", rank=bad))
    refused(lambda: Utilization(capacity=bad))
    refused(lambda: MediumLimit(cost=bad))
    refused(lambda: Queue("q", offers_per_item=bad))
    if bad is not None:
        for field in ("cost", "position", "when_quiet"):
            refused(lambda field=field: WorkItem("x", queue="q", **{field: bad}))
        refused(lambda: Queue("q", limit=bad))
        refused(lambda: Agent("a", max_offers=bad))


@pytest.mark.parametrize("bad", [NAN, INF, -1, 101, HUGE, "5", True], ids=repr)
def test_scores_and_levels_are_numbers_within_bounds(bad: Any) -> None:
    """Scores from 0 to 100, levels not negative, shares from 0 to 1."""
    refused(lambda: WorkItem("x", queue="q", scores={"a": bad}))
    refused(lambda: Queue("q", score_threshold=bad))
    refused(lambda: AfterCallWork(hold=bad))
    refused(lambda: ServiceLevel(share=bad))
    if bad != 101:
        refused(lambda: Agent("a", skills={"s": bad}))
        refused(lambda: Queue("q", skill_weights={"s": bad}))


@pytest.mark.parametrize("bad", BAD_SPANS, ids=repr)
def test_durations_are_finite_and_not_negative(bad: Any) -> None:
    """Wherever a duration is taken."""
    for make in (
        lambda: Queue("q", alert_timeout=bad),
        lambda: Queue("q", max_wait=bad),
        lambda: Queue("q", retry_delay=bad),
        lambda: Queue("q", priority_weight=bad),
        lambda: Membership("q", delay=bad),
        lambda: Step("x", bad),
        lambda: Expiring("x", bad),
        lambda: Ring(bad),
        lambda: Preferred(["a"], wait=bad),
        lambda: WorkItem("x", queue="q", max_wait=bad),
        lambda: Escalation("r", after_wait=bad, actions=[]),
    ):
        refused(make)


@pytest.mark.parametrize("bad", BAD_INSTANTS, ids=repr)
def test_instants_have_a_zone_and_lie_in_this_century(bad: Any) -> None:
    """Naive and absurd ones are refused where the item is made, and where it is changed."""
    for field in ("due", "entered", "at"):
        refused(lambda field=field: WorkItem("x", queue="q", **{field: bad}))
    desk = Desk(Queue("q"))
    desk.submit("x")
    end = desk.end()
    for act in (
        lambda: desk.work.change("x", due=bad),
        lambda: desk.work.change("x", entered=bad),
        lambda: desk.work.schedule("x", at=bad),
    ):
        refused(act)
    assert desk.end() == end


@pytest.mark.parametrize(
    "make",
    [
        lambda: Agent("a", queues=["q", Membership("q")]),
        lambda: Agent("a", queues="q"),
        lambda: Agent("a", role="king"),
        lambda: Agent("a", skills={f"s{n}": 1 for n in range(257)}),
        lambda: Agent("a", attributes={"x": "y" * 1001}),
        lambda: Agent("a", attributes={"x": "\ud800"}),
        lambda: Agent("a", attributes={"x": NAN}),
        lambda: Agent("a", attributes={"x": object()}),
        lambda: Agent("a", attributes={"": 1}),
        lambda: Agent("a", name="\x00"),
        lambda: Queue("q", overflow="q"),
        lambda: Queue("q", ordering="best"),
        lambda: Queue("q", selection="best"),
        lambda: Queue("q", on_close="overflow"),
        lambda: Queue("q", on_close="burn"),
        lambda: Queue("q", on_leave="burn"),
        lambda: Queue("q", outside_hours="burn"),
        lambda: Queue("q", wrap_up_required=True),
        lambda: Queue("q", alert_timeout="1us"),
        lambda: Queue("q", requirement="spanish >="),
        lambda: AfterCallWork(mode="timed"),
        lambda: AfterCallWork(mode="sometimes"),
        lambda: WorkItem("x", queue="q", steps=[Step("a"), Step("b", "1s")]),
        lambda: WorkItem("x", queue="q", after_steps="burn", steps=["a"]),
        lambda: WorkItem("x", queue="q", requirement="(" * 5000),
        lambda: WorkItem("x", queue="q", attributes={"x": [NAN]}),
        lambda: WorkItem("x", queue="q", labels="gold"),
        lambda: ContactCenter(zone="../../etc/passwd"),
        lambda: ContactCenter(zone="Mars/Base"),
    ],
)
def test_specs_that_make_no_sense_are_refused_where_they_are_made(make: Callable[[], object]) -> None:
    """The error names the place, and nothing is made."""
    refused(make)


@pytest.mark.parametrize(
    "act",
    [
        lambda d: d.work.move("x", "other", position=0),
        lambda d: d.work.move("x", "other", position="1"),
        lambda d: d.work.move("x", "q", position=-5),
        lambda d: d.work.change("x", priority=NAN),
        lambda d: d.work.change("x", priority=HUGE),
        lambda d: d.work.change("x", attributes={"x": NAN}),
        lambda d: d.work.change("x", requirement="and"),
        lambda d: d.work.schedule("x"),
        lambda d: d.work.schedule("x", when_quiet=-1),
        lambda d: d.work.schedule("x", when_quiet="few"),
        lambda d: d.work.schedule("x", at=after(0)),
        lambda d: d.work.reprioritise_many(["x"], NAN),
        lambda d: d.work.resume(d.submit("p", parked=True), priority="high"),
        lambda d: d.agents.set_presence("ana", "on a boat"),
        lambda d: d.agents.sign_out("ana", sequence="5"),
        lambda d: d.agents.sign_out("ana", sequence=True),
        lambda d: d.agents.heartbeat("ana", lease=0),
        lambda d: d.agents.heartbeat("ana", lease="-5s"),
        lambda d: d.agents.heartbeat("ana", lease="25h"),
        lambda d: d.agents.set_skills("ana", {"s": NAN}),
        lambda d: d.agents.join("ana", "../x"),
        lambda d: d.assignments.hold(d.accept("x"), 1.5),
        lambda d: d.assignments.hold(d.accept("x"), NAN),
        lambda d: d.offers.decline(d.offer("x"), retry_after=-1),
        lambda d: d.center.advance("later"),
    ],
)
def test_operations_refuse_bad_values_and_change_nothing(act: Callable[[Desk], object]) -> None:
    """Everything is checked before the first event, so that no value can poison the state."""
    desk = Desk(Queue("q"), Queue("other"), *agents("ana"))
    desk.submit("x")
    settled = desk.center.dump()["routing"]["items"]["x"]
    with pytest.raises(InvalidInput):
        act(desk)
    assert desk.center._kernel.poisoned is None
    assert desk.center.dump()["routing"]["items"]["x"] == settled or desk.state("x") == "assigned"
    desk.center.check()


@pytest.mark.parametrize(
    "act",
    [
        lambda d: d.work.get("none"),
        lambda d: d.work.cancel("none"),
        lambda d: d.work.cancel(None),
        lambda d: d.work.cancel(["x"]),
        lambda d: d.submit("y", ["q"]),
        lambda d: d.submit("y", "../q"),
        lambda d: d.offers.decline({}),
        lambda d: d.assignments.hold(5, 1),
        lambda d: d.agents.sign_in(["ana"]),
        lambda d: d.work.move("x", "none"),
        lambda d: d.work.assign("x", "none"),
        lambda d: d.work.resume(d.submit("p", parked=True), queue="none"),
        lambda d: d.work.park_in("x", "bin:none"),
        lambda d: d.work.cancel_many(["x", "none"]),
        lambda d: d.work.move_many(["none"], "q"),
        lambda d: d.offers.get("x#9"),
        lambda d: d.offers.accept("x#9"),
        lambda d: d.offers.accept("#"),
        lambda d: d.offers.of_agent("none"),
        lambda d: d.assignments.complete("x#1"),
        lambda d: d.assignments.get("none"),
        lambda d: d.agents.get("none"),
        lambda d: d.agents.sign_in("none"),
        lambda d: d.agents.remove("none"),
        lambda d: d.queues.get("none"),
        lambda d: d.queues.waiting("none"),
        lambda d: d.work.submit(WorkItem("y"), intake="none"),
    ],
)
def test_unknown_ids_are_told_apart(act: Callable[[Desk], object]) -> None:
    """A lookup error that names what was looked for; several at once are all or none."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("x")
    with pytest.raises(UnknownId) as refusal:
        act(desk)
    assert isinstance(refusal.value, LookupError)
    assert desk.state("x") == "offered"
    desk.center.check()


def test_a_known_item_is_refused_by_whether_it_is_the_same() -> None:
    """The same again is a duplicate; other contents under the id are a mismatch."""
    desk = Desk(Queue("q"))
    desk.submit("x")
    end = desk.end()
    with pytest.raises(DuplicateId):
        desk.submit("x")
    with pytest.raises(IdempotencyMismatch):
        desk.submit("x", priority=1)
    assert desk.end() == end


def test_a_version_that_has_passed_is_refused() -> None:
    """Whoever changes what somebody else has changed meanwhile hears of it."""
    desk = Desk(Queue("q"))
    desk.submit("x")
    version = desk.work.get("x").version
    desk.work.change("x", priority=1, expected_version=version)
    with pytest.raises(VersionMismatch):
        desk.work.change("x", priority=2, expected_version=version)
    assert desk.work.get("x").priority == 1


def test_one_kind_of_work_too_many_is_refused_before_it_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit on kinds of work is a refusal like any other."""
    monkeypatch.setattr(floor, "MAX_KINDS", 3)
    desk = Desk(Queue("q"), *agents("ana"))
    for cost in (1, 2, 3):
        desk.submit(f"x{cost}", cost=cost)
    end = desk.end()
    with pytest.raises(LimitReached):
        desk.submit("x4", cost=4)
    assert desk.end() == end
    desk.submit("x5", cost=3)


def test_a_function_registered_nowhere_is_refused() -> None:
    """Settings may only name functions that the center was given."""
    with pytest.raises(UnknownId):
        Desk(Queue("q", selection="function:none"))
    with pytest.raises(SwitchroomError):
        ContactCenter(functions={"../x": len})


def test_a_function_of_no_fixed_opinion_does_not_hang_the_center() -> None:
    """A score that is another one at each call still ends in an offer."""
    calls = [0]

    def fickle(item: Any, agent: Any) -> float:
        calls[0] += 1
        return math.sin(calls[0] * 1e6)

    desk = Desk(Queue("q", selection="function:f"), functions={"f": fickle}, here=False)
    for name in ("a", "b", "c"):
        desk.agents.add(Agent(name, queues=["q"]))
    for n in range(5):
        desk.submit(f"x{n}")
    with desk.center.batch():
        for name in ("a", "b", "c"):
            desk.agents.sign_in(name)
    assert sum(len(desk.offered(f"x{n}")) for n in range(5)) == 3
    assert calls[0] < 10_000


def test_a_real_clock_is_not_advanced_by_hand() -> None:
    """Only a manual clock moves when told to."""
    from switchroom import SystemClock

    center = ContactCenter(clock=SystemClock())
    with pytest.raises(InvalidInput):
        center.advance(1)


def test_time_that_goes_back_is_refused() -> None:
    """By the clock, and nothing has happened."""
    desk = Desk(Queue("q"))
    desk.wait(10)
    with pytest.raises(SwitchroomError):
        desk.center.advance("-1s")
    with pytest.raises(SwitchroomError):
        ManualClock().advance(-1)
    assert desk.center.now() == after(10)
