"""Explanations say what the engine does: of waiting work, and of every past decision."""

from __future__ import annotations

import json
from typing import Any

import pytest

from driver import Driver, run_script
from switchroom import Agent, ContactCenter, ManualClock, Membership, Queue, WorkItem
from switchroom.errors import InvalidInput, NotAllowed, UnknownId
from switchroom.routing import explain
from switchroom.routing.escalation_model import AddPriority, Escalation
from switchroom.routing.events import OfferMade
from switchroom.routing.explain_conditions import demand_for
from switchroom.routing.model import Expiring, Preferred, Step
from switchroom.routing.queue_model import Ring, ServiceLevel
from switchroom.routing.records import ItemRecord
from switchroom.routing.state import Routing
from switchroom.routing.utilization import MediumLimit, Utilization
from switchroom.storage.memory import MemoryStorage

SEEDS = range(5)
STEPS = 40


def new_center(**options: Any) -> ContactCenter:
    return ContactCenter(clock=ManualClock("2026-01-05T12:00:00Z"), seed=1, **options)


def sales(*agents: Agent, queue: Queue | None = None) -> ContactCenter:
    """A center with one queue, ``sales``, and these agents signed in five seconds apart."""
    center = new_center()
    center.queues.add(queue or Queue("sales"))
    for agent in agents:
        center.agents.add(agent)
        center.agents.sign_in(agent.id)
        center.advance("5s")
    return center


def failed(center: ContactCenter, item: str, agent: str) -> list[str]:
    return [condition.name for condition in center.insight.why_not(item, agent).failed]


# -- against the engine, over random scripts


def waiting(routing: Routing) -> list[ItemRecord]:
    return [item for item in routing.items.values() if item.queue is not None and item.state in ("waiting", "offered")]


def compare_with_the_engine(driver: Driver) -> None:
    center = driver.center
    routing, before = center._routing, center.dump()
    for item in waiting(routing):
        assert item.queue is not None
        found = center.insight.explain(item.id)
        demand = demand_for(item, item.queue) if item.demand is None else item.demand
        assert set(item.queue.members) <= {one.agent for one in found.candidates}
        assert all(c.passed for c in found.conditions) == (item.demand is not None), "matched exactly when all hold"
        for one in found.candidates:
            agent = routing.agents[one.agent]
            kind = (item.work.medium, item.work.cost, item.work.labels)
            cap = agent.spec.max_offers
            room = agent.presence == "on_queue" and agent.room.fits(kind) and (cap is None or len(agent.offers) < cap)
            if item.demand is not None:
                seated = agent.seat is not None and bool(agent.seat.mask >> item.demand.kind & 1)
                assert room == seated
            able = room and routing.floor.lane_of(demand, agent) is not None
            assert one.eligible == able, one
            assert all(condition.passed for condition in one.conditions) == able, str(one)
        if item.demand is not None:
            assert found.chosen is None, "somebody free sits beside waiting work"
        for agent_id in center.agents.ids():
            why = center.insight.why_not(item.id, agent_id)
            assert bool(why.failed) or why.eligible
        json.dumps(found.to_dict())
    assert center.dump() == before, "a question changed the state"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_verdict_and_condition_is_that_of_the_engine(seed: int) -> None:
    """Whatever has happened, each candidate is explained as eligible if and only if the floor and the room say so, its
    conditions all hold if and only if it is eligible, and asking changes nothing."""
    run_script(seed, STEPS, compare_with_the_engine)


def explained_offers(seed: int) -> int:
    """Explains every offer of a script from the state before it; returns how many there were."""
    center = run_script(seed, STEPS).center
    kernel, routing = center.fresh()
    made = 0
    for record in center.events():
        event = record.event
        if isinstance(event, OfferMade) and routing.items[event.item].queue is not None:
            found = explain.explain_past(routing, record.at, event)
            assert found.chosen == event.agent
            if event.transfer is None:
                assert found.eligible[0] == event.agent
                assert all(condition.passed for condition in found.conditions)
            made += 1
            if made in (2, 9):
                assert center.insight.explain_offer(event.offer) == found
                assert center.insight.explain_decision(record.position) == found
        kernel.replay([(record.at, event)])
    return made


def test_every_past_offer_went_to_the_agent_explained_as_first() -> None:
    """Rebuilt from the log, the state before each offer has its agent as the first of the eligible."""
    assert sum(explained_offers(seed) for seed in SEEDS) > 10


# -- conditions


def test_each_reason_is_named() -> None:
    """Skill, presence, capacity, maximum, interruption, label, offers cap, exclusion, ring and membership each show as
    the condition that fails, alone."""
    voice = Utilization(media={"voice": MediumLimit(cost=0), "email": MediumLimit(cost=0, interruptible_by=["chat"])})
    single = Utilization(media={"voice": MediumLimit(cost=1, maximum=1)})
    center = sales(queue=Queue("sales", rings=[Ring("1m")]))
    for agent in (
        Agent("skill", queues=["sales"]),
        Agent("presence", skills={"es": 2}, queues=["sales"]),
        Agent("capacity", skills={"es": 2}, queues=["sales"], utilization=Utilization(capacity=50)),
        Agent("maximum", skills={"es": 2}, queues=["sales"], utilization=single),
        Agent("interrupt", skills={"es": 2}, queues=["sales"], utilization=voice),
        Agent("label", skills={"es": 2}, queues=["sales"], utilization=Utilization(labels={"gold": 0})),
        Agent("excluded", skills={"es": 2}, queues=["sales"]),
        Agent("ring", skills={"es": 2}, queues=[Membership("sales", ring=2)]),
        Agent("stranger", skills={"es": 2}),
    ):  # fmt: skip
        center.agents.add(agent)
        if agent.id != "presence":
            center.agents.sign_in(agent.id)
    for agent_id, medium in (("maximum", "voice"), ("interrupt", "email")):
        held = center.work.submit(WorkItem(queue="sales", medium=medium, parked=True))
        center.work.assign(held, agent_id)
    item = center.work.submit(
        WorkItem(queue="sales", medium="voice", requirement="es >= 2", labels=["gold"], exclude=["excluded"])
    )
    assert {name: failed(center, item, name) for name in center.agents.ids()} == {
        "skill": ["requirement"],
        "presence": ["on queue"],
        "capacity": ["capacity"],
        "maximum": ["maximum of voice"],
        "interrupt": ["voice beside what is in hand"],
        "label": ["label gold"],
        "excluded": ["is not excluded"],
        "ring": ["ring"],
        "stranger": ["member of sales"],
    }


def test_a_decline_is_remembered_until_its_retry_time() -> None:
    """Who declined is left out, and the explanation says until when."""
    center = sales(Agent("ana", queues=["sales"]))
    item = center.work.submit(WorkItem(queue="sales"))
    center.offers.decline(f"{item}#1", retry_after="30s")
    why = center.insight.why_not(item, "ana")
    assert [(c.name, str(c.until)) for c in why.failed] == [("has not declined it", "2026-01-05 12:00:35+00:00")]
    center.advance("30s")
    assert center.offers.of_item(item)[0].agent == "ana"


def test_an_expired_offer_and_an_offer_out_are_told_apart() -> None:
    """Who let it expire is named so, and whoever has the offer now is told that it is out."""
    queue = Queue("sales", alert_timeout="10s", on_expiry="stay", retry_delay="1m")
    center = sales(Agent("ana", queues=["sales"]), Agent("bob", queues=["sales"]), queue=queue)
    item = center.work.submit(WorkItem(queue="sales"))
    center.advance("10s")
    assert failed(center, item, "ana") == ["has not let it expire"]
    assert failed(center, item, "bob") == ["is not offered it already", "capacity"]
    assert center.insight.explain(item).offered_to == ("bob",)


def test_a_membership_delay_and_a_preference_say_when_they_end() -> None:
    """Waiting fulfils them; the explanation has the instant, and at that instant it is so."""
    center = sales(
        Agent("ana", queues=["sales"]),
        Agent("bob", queues=[Membership("sales", delay="40s")]),
        Agent("cy", queues=["sales"]),
    )
    center.agents.set_presence("ana", "break")
    center.agents.set_presence("cy", "break")
    item = center.work.submit(WorkItem(queue="sales", preferred=Preferred(["ana"], wait="30s")))
    ends = {c.name: str(c.until)[11:19] for c in center.insight.why_not(item, "bob").failed}
    assert ends == {"membership delay": "12:00:55", "preferred": "12:00:45"}
    center.advance("39.9s")
    assert not center.offers.of_item(item)
    center.advance("0.1s")
    assert center.offers.of_item(item)[0].agent == "bob"


# -- the choice


def tie_break(queue: Queue, *agents: Agent, item: WorkItem | None = None) -> tuple[tuple[str, ...], str]:
    """The order of the agents for one item, and what decided between the first two."""
    center = sales(*agents, queue=queue)
    found = center.insight.explain_offer(center.work.submit(item or WorkItem(queue="sales")) + "#1")
    return found.eligible, found.tie_break


ANA = Agent("ana", queues=["sales"], skills={"es": 1})
BOB = Agent("bob", queues=["sales"], skills={"es": 4}, utilization=Utilization(capacity=300))


@pytest.mark.parametrize(
    ("settings", "first", "term"),
    [
        ({"selection": "longest_idle"}, "ana", "idle since 2026-01-05T12:00:00Z of ana"),
        ({"selection": "most_available"}, "bob", "free units 300 of bob against free units 100 of ana, larger first"),
        ({"selection": "best_skilled"}, "bob", "skill 4 of bob against skill 1 of ana"),
        ({"selection": "scored"}, "bob", "below the threshold 0 of bob against below the threshold 1 of ana"),
        ({"selection": "round_robin"}, "ana", "the order of ids, as all else is equal: ana before bob"),
        ({"selection": "least_loaded"}, "ana", "idle since"),
        ({"selection": "fewest_today", "protect_scarce": True}, "ana", "idle since"),
        ({"selection": "function:longest"}, "bob", "score 4 of bob"),
    ],
)
def test_the_term_that_decided_is_named(settings: dict[str, Any], first: str, term: str) -> None:
    """For each selection rule the order is that of the stamps, and the deciding term is shown with both values."""
    center = new_center(functions={"longest": lambda item, agent: agent.skills["es"]})
    center.queues.add(Queue("sales", **settings))
    for agent in (ANA, BOB):
        center.agents.add(agent)
        center.agents.sign_in(agent.id)
        center.advance("5s")
    item = center.work.submit(WorkItem(queue="sales", requirement="es", scores={"bob": 70}))
    found = center.insight.explain_offer(f"{item}#1")
    assert found.eligible[0] == first == found.chosen
    assert found.tie_break.startswith(term)


def test_rank_comes_before_everything_else() -> None:
    """Where ranks in the queue differ, the rank is the first term and decides."""
    low = Agent("ana", queues=[Membership("sales", rank=2)])
    order, decided = tie_break(Queue("sales"), low, BOB)
    assert (order, decided) == (("bob", "ana"), "rank 1 of bob against rank 2 of ana, smaller first")


def test_why_not_says_who_comes_first() -> None:
    """An eligible agent who is not first is told who is, and by which term."""
    center = sales(ANA, BOB)
    item = center.work.submit(WorkItem(queue="sales", requirement="es"))
    now, before = state_before_the_offer(center, item)
    assert explain.why_not(before, now, item, "bob").reason == (
        "is eligible, but ana comes first: idle since 2026-01-05T12:00:00Z of ana "
        "against idle since 2026-01-05T12:00:05Z of bob, earlier first"
    )
    assert explain.why_not(before, now, item, "ana").reason == "is eligible and comes first"
    assert "offered to ana" in center.insight.why_not(item, "bob").reason


def state_before_the_offer(center: ContactCenter, item: str) -> tuple[int, Routing]:
    kernel, routing = center.fresh()
    for record in center.events():
        if isinstance(record.event, OfferMade) and record.event.item == item:
            break
        kernel.replay([(record.at, record.event)])
    return kernel.now, routing


def test_a_failing_function_is_told_and_leaves_no_trace() -> None:
    """A selection function that fails while it is asked becomes a note, and nothing in the log."""
    center = new_center(functions={"broken": lambda item, agent: 1 / 0})
    center.queues.add(Queue("sales", selection="function:broken"))
    center.agents.add(ANA)
    center.agents.sign_in("ana")
    item = center.work.submit(WorkItem(queue="sales"))
    end = center.storage.end()
    found = center.insight.explain_offer(f"{item}#1")
    assert found.notes[0] == "function broken failed: ZeroDivisionError: division by zero"
    assert center.storage.end() == end


# -- the item


def test_what_time_will_change_is_listed_and_comes_true() -> None:
    """Steps, rings, delays, expiring requirements, rules, the longest wait: each with its instant, in order; and at
    each the requirement in force is the one announced."""
    queue = Queue(
        "sales",
        rings=[Ring("50s", drop=["fr"])],
        max_wait="3m",
        service_level=ServiceLevel(within="100s"),
        escalations=[Escalation("half", sla_share=0.5, actions=[AddPriority(1)])],
    )
    center = sales(Agent("ana", queues=[Membership("sales", delay="20s")]), queue=queue)
    item = center.work.submit(
        WorkItem(queue="sales", steps=[Step("es", "10s"), Step("fr", None)], expiring=[Expiring("it", "30s")])
    )
    changes = center.insight.explain(item).changes
    assert [(str(c.at)[14:19], c.what) for c in changes] == [
        ("00:15", "step 2 of 2 begins: fr"),
        ("00:25", "members with a delay of 20s join"),
        ("00:35", "no longer asked for: it"),
        ("00:55", "escalation half"),
        ("00:55", "ring 2 opens"),
        ("03:05", "the item has waited as long as it may"),
    ]
    asked: list[str] = []
    for change in changes[:5]:
        asked.append(center.insight.explain(item).stage.requirement)
        center.advance(change.at - center.now())
    assert asked == ["es and it", "fr and it", "fr and it", "fr", "true"]


def test_the_key_is_shown_with_what_it_is_made_of() -> None:
    """Priority, weight, entry, tier and score are there, and expediting shows in both ways of it."""
    center = sales()
    item = center.work.submit(WorkItem(queue="sales", priority=3))
    terms = {term.name: term.value for term in center.insight.explain(item).key}
    assert (terms["ordering"], terms["priority"], terms["one point of priority"]) == ("aging", 3, "1m")
    assert terms["score"] == center._routing.items[item].score
    assert terms["expedited"] is False
    center.work.expedite(item)
    assert {term.name: term.value for term in center.insight.explain(item).key}["expedited"] is True


def test_a_closed_queue_and_a_new_kind_of_work_are_explained_without_a_trace() -> None:
    """Work that came while its queue was shut has never been matched: asking about it registers nothing."""
    center = sales(ANA)
    center.queues.switch("sales", on=False)
    item = center.work.submit(WorkItem(queue="sales", medium="fax", labels=["new"]))
    before, kinds = center.dump(), dict(center._routing.floor.kinds)
    found = center.insight.explain(item)
    assert [c.name for c in found.conditions if not c.passed] == ["queue sales is open"]
    assert found.eligible == ("ana",)
    assert found.chosen is None
    assert (center.dump(), center._routing.floor.kinds) == (before, kinds)


# -- refusals


def test_questions_without_an_answer_are_refused() -> None:
    """Unknown ids, items in no queue, records that are no offers, and logs without their beginning are refused."""
    center = sales(ANA)
    parked = center.work.submit(WorkItem(queue="sales", parked=True))
    with pytest.raises(NotAllowed, match="parked"):
        center.insight.explain(parked)
    for question in (
        lambda: center.insight.explain("nothing"),
        lambda: center.insight.why_not(parked, "nobody"),
        lambda: center.insight.explain_offer("nothing#1"),
        lambda: center.insight.explain_decision(0),
        lambda: center.insight.explain_decision(10_000),
    ):
        with pytest.raises(UnknownId):
            question()
    with pytest.raises(InvalidInput, match="is no offer made"):
        center.insight.explain_decision(2)


def test_a_log_without_its_beginning_cannot_be_explained() -> None:
    """A store that has dropped records says so instead of explaining from half a state."""
    center = new_center(storage=MemoryStorage(keep=5))
    center.queues.add(Queue("sales"))
    center.agents.add(ANA)
    center.agents.sign_in("ana")
    for _ in range(30):
        item = center.work.submit(WorkItem(queue="sales"))
        center.assignments.complete(center.offers.accept(f"{item}#1"))
    position = next(r.position for r in center.events() if isinstance(r.event, OfferMade))
    with pytest.raises(NotAllowed, match="without its records 1 to"):
        center.insight.explain_decision(position)


def test_a_transfer_says_that_a_person_chose() -> None:
    """An offer made by a transfer is explained as somebody's wish, with who was eligible all the same."""
    center = sales(ANA, BOB)
    item = center.work.submit(WorkItem(queue="sales"))
    held = center.offers.accept(f"{item}#1")
    center.assignments.transfer(held, "bob")
    found = center.insight.explain_offer(f"{item}#2")
    assert (found.chosen, found.notes[0]) == ("bob", "a blind transfer by ana: a person chose bob")


def test_reports_read_like_text_and_turn_into_json() -> None:
    """Every value prints as a report that names item, queue, agent and reason, and dumps as JSON."""
    center = sales(ANA)
    item = center.work.submit(WorkItem(queue="sales", requirement="fr"))
    found, why = center.insight.explain(item), center.insight.why_not(item, "ana")
    for text in (str(found), str(why)):
        assert item in text
        assert "fail  fr  (fr is missing)" in text
    assert json.loads(json.dumps(found.to_dict()))["candidates"][0]["conditions"][0]["name"] == "member of sales"
    assert json.loads(json.dumps(why.to_dict()))["failed"][0]["requirement"]["text"] == "fr"
