"""The static check finds what can never work, says where, and keeps quiet about what works."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from driver import run_script
from switchroom import Agent, ContactCenter, ManualClock, Membership, Queue, WorkItem, lint
from switchroom.routing.escalation_model import (
    AddPriority,
    AddRequirement,
    CancelWith,
    Escalation,
    MoveTo,
    ParkIn,
    SetRequirement,
)
from switchroom.routing.hours import OpeningHours
from switchroom.routing.intake_model import Intake, IntakeRule
from switchroom.routing.model import Expiring, Preferred, Step
from switchroom.routing.queue_model import AfterCallWork, Ring, ServiceLevel
from switchroom.routing.utilization import MediumLimit, Utilization

ANA = Agent("ana", skills={"es": 3}, queues=["sales"])


def member(id: str, **membership: Any) -> Agent:
    return Agent(id, skills={"es": 3}, queues=[Membership("sales", **membership)])


def when(text: str | None, **settings: Any) -> IntakeRule:
    return IntakeRule(when=text, **settings)


def codes(**specs: Any) -> list[str]:
    return [finding.code for finding in lint(**{"agents": [ANA], **specs})]


def queue_codes(*, agents: Any = (ANA,), **settings: Any) -> list[str]:
    return codes(queues=[Queue("sales", **settings), Queue("care")], agents=[*agents, CARE])


CARE = Agent("care", skills={"it": 1}, queues=["care"])
SOON = [AddPriority(1)]


def rule(name: str = "late", actions: Any = SOON, **trigger: Any) -> Escalation:
    return Escalation(name, actions=actions, **trigger)


def test_a_sound_configuration_gives_no_findings() -> None:
    """Queues, agents, rules and work in ordinary use are passed in silence."""
    queue = Queue(
        "sales",
        requirement="es",
        rings=[Ring("1m", drop=["fr"])],
        max_wait="10m",
        alert_timeout="20s",
        service_level=ServiceLevel(within="1m"),
        limit=50,
        overflow="care",
        escalations=[rule(sla_share=0.8), rule("later", after_wait="5m", actions=[MoveTo("care")])],
        wrap_up_codes=["sold", "lost"],
        after_call_work=AfterCallWork(mode="timed", limit="30s"),
    )
    intake = Intake("default", rules=[IntakeRule(when='kind == "order"', queue="sales")], fallback="care")
    items = [
        WorkItem(queue="sales", requirement="es >= 2", steps=[Step("es >= 3", "30s"), Step("es")]),
        WorkItem(queue="sales", preferred=Preferred(["ana"]), expiring=[Expiring("es >= 3", "1m")]),
    ]
    assert lint(queues=[queue, Queue("care")], agents=[ANA, CARE], intakes=[intake], items=items) == ()


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"requirement": "es >= 4"}, "nobody_can"),
        ({"requirement": "es >= 3 and es < 2"}, "contradiction"),
        ({"requirement": "es or spanihs"}, "unknown_name"),
        ({"agents": ()}, "queue_without_members"),
        ({"rings": [Ring("1m")]}, "ring_without_members"),
        ({"rings": [Ring("1m", drop=["fr"])], "max_wait": "1m"}, "ring_never_opens"),
        ({"agents": [member("ana", ring=2)], "rings": [Ring("1m")]}, "ring_without_members"),
        ({"agents": [ANA, member("bob", ring=2)]}, "ring_out_of_reach"),
        ({"agents": [ANA, member("bob", delay="1m")], "max_wait": "1m"}, "delay_never_passes"),
        ({"max_wait": "0s"}, "no_wait"),
        ({"max_wait": "1m", "alert_timeout": "61s"}, "alert_longer_than_wait"),
        ({"max_wait": "1m", "decline_retry": "1m"}, "retry_after_wait"),
        ({"max_wait": "1m", "service_level": ServiceLevel(within="2m")}, "service_level_beyond_wait"),
        ({"escalations": [rule(sla_share=0.5)]}, "rule_never_fires"),
        ({"escalations": [rule(after_wait="61s")], "max_wait": "1m"}, "rule_never_fires"),
        ({"escalations": [rule(nobody_for="61s")], "max_wait": "1m"}, "rule_never_fires"),
        (
            {"escalations": [rule(sla_share=2)], "max_wait": "1m", "service_level": ServiceLevel(within="31s")},
            "rule_never_fires",
        ),
        ({"escalations": [rule(queue_longer_than=5)], "limit": 5}, "rule_never_fires"),
        ({"escalations": [rule(after_wait="1s"), rule(after_wait="2s")]}, "rule_name_twice"),
        ({"escalations": [rule(after_wait="1s", actions=[])]}, "rule_without_actions"),
        (
            {"escalations": [rule("a", after_wait="9s"), rule("b", after_wait="8s", actions=[CancelWith("x")])]},
            "rule_never_fires",
        ),
        ({"escalations": [rule(after_wait="1s", actions=[ParkIn("bin:a"), AddPriority(1)])]}, "action_never_done"),
        ({"escalations": [rule(after_wait="1s", actions=[MoveTo("sales")])]}, "moves_to_itself"),
        ({"escalations": [rule(after_wait="1s", actions=[MoveTo("nowhere")])]}, "unknown_queue"),
        ({"escalations": [rule(after_wait="1s", actions=[SetRequirement("fr")])]}, "nobody_can"),
        ({"escalations": [rule(after_wait="1s", actions=[MoveTo("care"), AddRequirement("es")])]}, "nobody_can"),
        ({"overflow": "care"}, "overflow_never_used"),
        ({"overflow": "nowhere", "limit": 5}, "unknown_queue"),
        ({"skill_weights": {"es": 2.0}}, "weights_unused"),
        ({"skill_weights": {"fr": 2.0}, "selection": "best_skilled"}, "weight_of_nothing"),
        ({"score_threshold": 50}, "threshold_unused"),
        ({"after_call_work": AfterCallWork(mode="none", limit="30s")}, "limit_unused"),
        ({"wrap_up_codes": ["sold", "Sold"]}, "codes_alike"),
        ({"hours": OpeningHours.daily("09:00", "09:00", zone="UTC")}, "never_open"),
    ],
)  # fmt: skip
def test_each_mistake_of_a_queue_has_its_finding(settings: dict[str, Any], code: str) -> None:
    """One mistake, one finding of its kind, and no other error beside it."""
    if code == "never_open" and OpeningHours.daily("09:00", "09:00", zone="UTC").is_open("2026-03-02T12:00:00Z"):
        settings = {"hours": OpeningHours(zone="UTC", weekly={})}
    assert queue_codes(**settings) == [code]


def test_the_boundaries_are_those_of_the_engine() -> None:
    """A rule due at the very end of the longest wait still fires, and a ring that opens just before it is reached."""
    assert queue_codes(escalations=[rule(after_wait="1m")], max_wait="1m") == []
    assert queue_codes(rings=[Ring("59.9s", drop=["fr"])], max_wait="1m") == []
    assert queue_codes(max_wait="1m", alert_timeout="1m") == []
    assert queue_codes(escalations=[rule(queue_longer_than=4)], limit=5) == []
    late = member("ana", delay="59.9s")
    assert queue_codes(agents=[late], max_wait="1m") == []


@pytest.mark.parametrize("wait", ["1m", "59.9s"])
def test_a_rule_said_never_to_fire_does_not(wait: str) -> None:
    """What the check says of a rule against the longest wait is what a running center does."""
    queue = Queue("sales", max_wait=wait, escalations=[rule(after_wait="1m")])
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(queue)
    center.work.submit(WorkItem(queue="sales"))
    center.advance("2m")
    fired = any(record.type == "routing.escalation_fired" for record in center.events())
    assert fired == (not lint(queues=[queue]))


def test_a_queue_whose_only_member_joins_too_late() -> None:
    """A delay as long as the longest wait is found at the member, and the queue is found to be without anybody."""
    found = queue_codes(agents=[member("ana", delay="2m")], max_wait="1m")
    assert found == ["only_after_max_wait", "delay_never_passes"]


def test_overflow_that_goes_in_a_circle_or_into_closed_queues() -> None:
    """Circles and chains that are too long are errors; a target that is closed whenever the queue is, a warning."""
    a = Queue("a", limit=1, overflow="b")
    assert [f.code for f in lint(queues=[a, Queue("b", limit=1, overflow="a")])] == ["overflow_circle"] * 2
    chain = [Queue(f"q{n}", limit=1, overflow=f"q{n + 1}") for n in range(6)]
    assert [f.place for f in lint(queues=[*chain, Queue("q6")])] == ["queue q0"]
    day, short = (OpeningHours.daily(*hours, zone="UTC") for hours in (("09:00", "17:00"), ("10:00", "16:00")))
    night = OpeningHours.daily("08:00", "20:00", zone="UTC")
    for hours, outside, found in (
        (short, "refuse", ["overflow_closed_too"]),
        (night, "refuse", []),
        (short, "wait", []),
    ):
        target = Queue("b", hours=hours, outside_hours=outside)
        queue = Queue("a", hours=day, outside_hours="overflow", overflow="b")
        assert [f.code for f in lint(queues=[queue, target])] == found


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"requirement": "es >= 4"}, "nobody_can"),
        ({"requirement": "es and not es"}, "contradiction"),
        ({"queue": "nowhere"}, "unknown_queue"),
        ({"cost": 101}, "no_room"),
        ({"steps": [Step("es", "1m"), Step("es >= 2")], "max_wait": timedelta(minutes=1)}, "step_never_reached"),
        ({"steps": [Step("es", "0s"), Step("es >= 2")]}, "step_without_time"),
        ({"steps": [Step("fr", "30s"), Step("es")]}, "step_for_nobody"),
        ({"steps": [Step("es", None)], "after_steps": "cancel"}, "after_steps_never"),
        ({"steps": [Step("es", "1m")], "after_steps": "escalate"}, "nothing_to_escalate"),
        ({"preferred": Preferred(["ana", "zoe"])}, "unknown_agent"),
        ({"preferred": Preferred(["ana"], wait="2m"), "max_wait": timedelta(minutes=2)}, "preferred_only"),
        ({"exclude": ["ana"]}, "nobody_can"),
    ],
)
def test_each_mistake_of_work_has_its_finding(item: dict[str, Any], code: str) -> None:
    """One mistake, one finding of its kind."""
    assert codes(queues=[Queue("sales")], items=[WorkItem(**{"queue": "sales", **item})]) == [code]


def test_work_that_somebody_can_take_later_is_no_error() -> None:
    """A requirement that falls away, by step or by its time to live, makes work that somebody can take."""
    fading = [WorkItem(queue="sales", expiring=[Expiring("fr", "30s")])]
    assert codes(queues=[Queue("sales")], items=fading) == []
    late = [WorkItem(queue="sales", expiring=[Expiring("fr", "30s")], max_wait=timedelta(seconds=30))]
    assert codes(queues=[Queue("sales")], items=late) == ["only_after_max_wait"]
    named = [WorkItem(queue="sales", requirement='agent == "care"')]
    assert codes(queues=[Queue("sales"), Queue("care")], agents=[ANA, CARE], items=named) == []


def test_rules_that_come_after_the_end_of_the_steps() -> None:
    """Work whose steps end in cancelling never reaches a later rule."""
    queue = Queue("sales", escalations=[rule(after_wait="1m"), rule("early", after_wait="20s")])
    item = WorkItem(queue="sales", steps=[Step("es", "30s")], after_steps="cancel")
    found = lint(queues=[queue], agents=[ANA], items=[item])
    assert [(f.code, "late" in f.message) for f in found] == [("escalation_after_steps", True)]


FALLBACK = {"fallback": "sales"}


@pytest.mark.parametrize(
    ("rules", "options", "found"),
    [
        ([when(None, queue="sales"), when("a", queue="sales")], {}, ["rule_shadowed"]),
        ([when("a", queue="sales"), when("a", queue="sales", priority=1)], FALLBACK, ["rule_shadowed"]),
        ([when("a", priority=2), when("a", priority=1)], FALLBACK, ["rule_shadowed"]),
        ([when("a", queue="sales"), when("b", queue="sales")], FALLBACK, []),
        ([when("a and not a", queue="sales")], FALLBACK, ["rule_never_fits"]),
        ([when("a")], FALLBACK, ["rule_does_nothing"]),
        ([when("a", queue="nowhere")], FALLBACK, ["unknown_queue"]),
        ([when("a", queue="sales", requirement="fr")], FALLBACK, ["nobody_can"]),
        ([when("a", requirement="fr")], FALLBACK, ["nobody_can"]),
        ([when("a", requirement="es and not es")], FALLBACK, ["contradiction"]),
        ([when(None, queue="sales")], FALLBACK, ["fallback_never_used"]),
        ([when("a", queue="sales")], {}, ["no_fallback"]),
        ([when("a", queue="sales")], {"fallback": "nowhere"}, ["unknown_queue"]),
    ],
)  # fmt: skip
def test_each_mistake_of_intake_rules_has_its_finding(
    rules: list[IntakeRule], options: dict[str, Any], found: list[str]
) -> None:
    """Shadowed rules, rules that never fit, and queues that are not there."""
    assert codes(queues=[Queue("sales")], intakes=[Intake("default", rules=rules, **options)]) == found


def test_mistakes_of_agents() -> None:
    """Nobody's member, a queue that is not there, and a capacity for nothing."""
    agents = [
        ANA,
        Agent("bob"),
        Agent("cy", queues=["nowhere"]),
        Agent("dov", queues=["sales"], utilization=Utilization(capacity=10, media={"chat": MediumLimit(cost=20)})),
    ]
    found = {(f.place, f.code) for f in lint(queues=[Queue("sales")], agents=agents)}
    assert found == {
        ("agent bob", "agent_without_queue"),
        ("agent cy", "unknown_queue"),
        ("agent dov", "agent_without_room"),
    }


def test_nothing_is_said_about_people_who_are_managed_elsewhere() -> None:
    """Without agents only what is wrong for any agents is found."""
    queues = [Queue("sales", requirement="es", rings=[Ring("1m")]), Queue("care", requirement="es and not es")]
    assert [f.place for f in lint(queues=queues)] == ["queue care"]


def test_findings_come_worst_first_once_each_and_as_plain_data() -> None:
    """Errors before warnings before remarks; the same work many times is one finding; each prints and dumps."""
    items = [WorkItem(queue="sales", requirement="fr") for _ in range(3)]
    found = lint(queues=[Queue("sales", wrap_up_codes=["a", "A"])], agents=[ANA, Agent("bob")], items=items)
    assert [f.severity for f in found] == ["error", "warning", "info"]
    assert str(found[0]) == "error: item 1: no agent, signed in or not, can meet: fr [nobody_can]"
    assert json.loads(json.dumps(found[0].to_dict()))["code"] == "nobody_can"


def test_a_center_checks_itself_and_its_waiting_work() -> None:
    """``insight.lint`` looks at what is configured and at what waits, by its id."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("sales"))
    center.agents.add(ANA)
    assert center.insight.lint() == ()
    item = center.work.submit(WorkItem(queue="sales", requirement="fr"))
    assert [f.place for f in center.insight.lint()] == [f"item {item}"]


@pytest.mark.parametrize("seed", [30, 32, 35, 40, 41])
def test_work_that_waits_for_nobody_is_never_offered(seed: int) -> None:
    """Items of which a center says that nobody can take them stay without an offer while nothing is changed and time
    passes; the check never fails on whatever is configured."""
    driver = run_script(seed, 40)
    center = driver.center
    hopeless = {f.place.removeprefix("item ") for f in center.insight.lint() if f.code in ("nobody_can", "no_room")}
    doomed = {
        id
        for id in hopeless & set(center._routing.items)
        if not center._routing.items[id].offers and center._routing.items[id].requirement is None
    }
    end, homes = center.storage.end(), {id: center._routing.items[id].queue for id in doomed}
    center.advance("10s")
    offered = {r.event.item for r in center.events(after=end) if r.type == "routing.offer_made"}
    moved = {id for id in doomed if id in center._routing.items and center._routing.items[id].queue is not homes[id]}
    changed = {r.event.item for r in center.events(after=end) if r.type == "routing.item_changed"}
    assert not (offered & doomed) - moved - changed
