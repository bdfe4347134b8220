"""Positions are exact; expected waits are as good as the documentation says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from heapq import heappop, heappush
from random import Random

import pytest

from driver import Driver, run_script
from switchroom import Agent, ContactCenter, EstimateError, ManualClock, Membership, Queue, WorkItem
from switchroom.errors import NotAllowed, UnknownId
from switchroom.routing.estimates import place_key
from switchroom.routing.queue_model import Ring
from switchroom.routing.utilization import Utilization


def new_center(*queues: Queue) -> ContactCenter:
    center = ContactCenter(clock=ManualClock("2026-01-05T12:00:00Z"), seed=1)
    for queue in queues or (Queue("sales"),):
        center.queues.add(queue)
    return center


def staff(center: ContactCenter, *agents: Agent) -> None:
    for agent in agents:
        center.agents.add(agent)
        center.agents.sign_in(agent.id)


# -- position


def compare_with_sorting(driver: Driver) -> None:
    center = driver.center
    before = center.dump()
    for queue in center._routing.queues.values():
        standing = sorted(queue.items.values(), key=place_key)
        assert [center.insight.position(item.id) for item in standing] == list(range(1, len(standing) + 1))
        for item in standing:
            told = center.insight.estimate(item.id)
            assert told.position == center.insight.position(item.id)
            if told.wait is not None and told.low is not None and told.high is not None:
                assert timedelta(0) <= told.low <= told.wait <= told.high
            assert (told.wait is None) == bool(told.reason)
            assert str(told.position) in str(told)
        center.insight.estimate_for_queue(queue.id, priority=2)
    assert center.dump() == before, "a question changed the state"


@pytest.mark.parametrize("seed", range(20, 24))
def test_the_position_is_the_place_in_the_sorted_queue(seed: int) -> None:
    """Whatever has happened, the position counted in the index is that found by sorting, offered items included; every
    estimate is in its range or says why there is none; and asking changes nothing."""
    run_script(seed, 40, compare_with_sorting)


def test_expedited_work_stands_first_and_offered_work_counts() -> None:
    """An expedited item goes before all, and one that is offered keeps its place until somebody takes it."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"]))
    items = [center.work.submit(WorkItem(queue="sales")) for _ in range(4)]
    assert [center.insight.position(item) for item in items] == [1, 2, 3, 4]
    center.work.expedite(items[3])
    assert [center.insight.position(item) for item in items] == [2, 3, 4, 1]
    center.offers.accept(f"{items[0]}#1")
    assert [center.insight.position(item) for item in items[1:]] == [2, 3, 1]
    with pytest.raises(NotAllowed):
        center.insight.position(items[0])


def test_the_position_of_work_that_is_not_there_yet() -> None:
    """A new item of higher priority would stand before waiting ones that are not older by as much."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"]))
    for _ in range(5):
        center.work.submit(WorkItem(queue="sales"))
        center.advance("1m")
    assert center.insight.estimate_for_queue("sales").position == 6
    assert center.insight.estimate_for_queue("sales", priority=2).position == 5
    assert center.insight.estimate_for_queue("sales", priority=9).position == 1
    with pytest.raises(UnknownId):
        center.insight.estimate_for_queue("nothing")


# -- the wait, from what is known


def served(center: ContactCenter, times: int, gap: str, handle: str) -> None:
    """Work that is accepted and completed, one piece after the other."""
    for _ in range(times):
        item = center.work.submit(WorkItem(queue="sales"))
        held = center.offers.accept(f"{item}#1")
        center.advance(handle)
        center.assignments.complete(held)
        center.advance(gap)


def test_the_wait_is_turns_times_interval() -> None:
    """With handle times of 60 s one after the other and two items before it, an item waits for three turns."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"]))
    served(center, 10, "0s", "60s")
    items = [center.work.submit(WorkItem(queue="sales")) for _ in range(4)]
    center.offers.accept(f"{items[0]}#1")
    told = center.insight.estimate(items[3])
    assert (told.position, told.turns, told.wait) == (3, 3.0, timedelta(minutes=3))
    assert told.to_dict()["wait"] == "3m"
    json.dumps(told.to_dict())
    assert "position 3 in sales, wait about 3m (" in str(told)


def test_the_shorter_of_two_methods_is_told() -> None:
    """Idle time between pieces of work makes the pace too slow: then the handle time speaks."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"]))
    served(center, 10, "90s", "60s")
    items = [center.work.submit(WorkItem(queue="sales")) for _ in range(2)]
    center.offers.accept(f"{items[0]}#1")
    told = center.insight.estimate(items[1])
    assert (told.method, told.wait, told.sample) == ("capacity", timedelta(seconds=60), 10)


def test_more_places_make_less_wait() -> None:
    """Two agents, or one with two places, serve twice as fast."""
    for agents in (
        [Agent("ana", queues=["sales"]), Agent("bob", queues=["sales"])],
        [Agent("ana", queues=["sales"], utilization=Utilization(default_cost=50))],
    ):
        center = new_center()
        staff(center, *agents)
        served(center, 3, "0s", "60s")
        items = [center.work.submit(WorkItem(queue="sales")) for _ in range(3)]
        for item in items[:2]:
            center.offers.accept(f"{item}#1")
        assert center.insight.estimate(items[2]).wait == timedelta(seconds=30)


def test_what_nobody_can_take_and_what_others_take_does_not_delay() -> None:
    """Items before this one count by the share of their agents who could take this one, too."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"], skills={"es": 1}), Agent("bob", queues=["sales"], skills={"fr": 1}))
    served(center, 4, "0s", "60s")
    for agent in ("ana", "bob"):
        center.work.assign(center.work.submit(WorkItem(queue="sales", parked=True)), agent)
    for requirement in ("nothing", "fr", "es or fr", "es"):
        center.work.submit(WorkItem(queue="sales", requirement=requirement))
    last = center.work.submit(WorkItem(queue="sales", requirement="es"))
    told = center.insight.estimate(last)
    assert (told.position, told.turns, told.agents) == (5, 1 + 0 + 0 + 0.5 + 1, 1)


def test_work_of_other_queues_counts_where_it_comes_first() -> None:
    """Waiting work of another queue delays by the agents who take it first (a smaller rank, or an earlier key), and
    what these agents have in hand of it makes room when it ends."""
    for rank, turns in ((1, 3.0), (2, 1.0), (0, 3.0)):
        center = new_center(Queue("sales"), Queue("care"))
        staff(center, Agent("ana", queues=["sales", Membership("care", rank=rank)]))
        served(center, 3, "0s", "60s")
        center.work.assign(center.work.submit(WorkItem(queue="care", parked=True)), "ana")
        for _ in range(2):
            center.work.submit(WorkItem(queue="care"))
        center.advance("1s")
        told = center.insight.estimate(center.work.submit(WorkItem(queue="sales")))
        assert (told.turns, told.position, told.wait) == (turns, 1, turns * timedelta(seconds=60))


def test_a_circle_that_widens_ends_the_wait() -> None:
    """If somebody free joins when the next ring opens, the wait is until then, unless that is late."""
    for opens, wait in (("30s", 30), ("10m", 60)):
        center = new_center(Queue("sales", rings=[Ring(opens)]))
        staff(center, Agent("ana", queues=["sales"]))
        served(center, 4, "0s", "60s")
        staff(center, Agent("bob", queues=[Membership("sales", ring=2)]))
        items = [center.work.submit(WorkItem(queue="sales")) for _ in range(2)]
        center.offers.accept(f"{items[0]}#1")
        assert center.insight.estimate(items[1]).wait == timedelta(seconds=wait)


def test_the_time_to_answer_belongs_to_the_wait() -> None:
    """Offers that took 10 s to be answered make 10 s of wait, even while somebody is free."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"]))
    for _ in range(3):
        item = center.work.submit(WorkItem(queue="sales"))
        center.advance("10s")
        center.assignments.complete(center.offers.accept(f"{item}#1"))
    told = center.insight.estimate_for_queue("sales")
    assert (told.method, told.wait) == ("free", timedelta(seconds=10))


def test_there_is_no_wait_while_somebody_is_free() -> None:
    """A free agent who could take it makes the estimate zero, whoever else waits for others."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"]))
    center.work.submit(WorkItem(queue="sales", requirement="fr"))
    told = center.insight.estimate_for_queue("sales")
    assert (told.method, told.wait) == ("free", timedelta(0))


def test_an_agent_named_by_the_requirement_counts_without_membership() -> None:
    """Work for one named agent waits for that agent, member or not."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"]), Agent("zoe"))
    told = center.insight.estimate_for_queue("sales", requirement='agent == "zoe"')
    assert (told.method, told.agents) == ("free", 1)


def test_an_unknown_wait_says_why() -> None:
    """Nobody on queue, a closed queue and no history each give no number and the reason."""
    center = new_center()
    item = center.work.submit(WorkItem(queue="sales"))
    assert center.insight.estimate(item).reason == "nobody on queue could take it"
    staff(center, Agent("ana", queues=[Membership("sales")]))
    other = center.work.submit(WorkItem(queue="sales"))
    assert center.insight.estimate(other).reason == "nothing was accepted or completed yet"
    center.queues.switch("sales", on=False)
    assert center.insight.estimate(other).reason == "queue sales is closed"
    assert "wait unknown: queue sales is closed" in str(center.insight.estimate(other))


def test_history_of_another_hour_is_not_the_pace() -> None:
    """Acceptances of more than half an hour ago, when there were more agents, say nothing; handle times do."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"]), Agent("bob", queues=["sales"]))
    for _ in range(10):
        held = [center.offers.accept(center.work.submit(WorkItem(queue="sales")) + "#1") for _ in range(2)]
        center.advance("60s")
        for token in held:
            center.assignments.complete(token)
    center.agents.sign_out("bob")
    for hours, wait in (("0s", 600 / 19), ("2h", 60)):
        center.advance(hours)
        items = [center.work.submit(WorkItem(queue="sales")) for _ in range(2)]
        center.offers.accept(f"{items[0]}#1")
        told = center.insight.estimate(items[1]).wait
        assert told is not None
        assert told.total_seconds() == pytest.approx(wait, rel=0.1)
        center.work.cancel(items[1])
        center.work.cancel(items[0])


# -- the error, measured


def simulate(agents: list[Agent], rates: dict[str, Callable[[float], float]], needs: dict[str, float]) -> EstimateError:
    """Eight hours of random traffic: arrivals per second and queue by the hour, handle times of 300 s on average, work
    with these requirements in these shares; then the error of the estimates at entry, over its log."""
    rng = Random(7)
    center = new_center(*(Queue(name, auto_answer=True) for name in rates))
    staff(center, *agents)
    agenda: list[tuple[float, int, str, str]] = []
    for queue, rate in rates.items():
        at = 0.0
        while at < 8 * 3600:
            at += rng.expovariate(rate(at / 3600))
            heappush(agenda, (at, len(agenda), "arrival", queue))
    begun: set[str] = set()
    now, number = 0.0, len(agenda)
    while agenda:
        at, _, kind, name = heappop(agenda)
        center.advance(round(at - now, 6) if at > now else 0)
        now = max(at, now)
        if kind == "arrival":
            asked = next((need for need, share in needs.items() if rng.random() < share), None)
            center.work.submit(WorkItem(queue=name, requirement=asked) if asked else WorkItem(queue=name))
        else:
            center.assignments.complete(name)
        for held in [token for token in center._routing.assignments if token not in begun]:
            begun.add(held)
            number += 1
            heappush(agenda, (now + rng.expovariate(1 / 300), number, "end", held))
    return center.insight.estimate_error()


def crew(count: int, *queues: str) -> list[Agent]:
    return [Agent(f"agent-{n:02}", queues=queues, skills={"es": 1} if n % 4 == 0 else {}) for n in range(count)]


def steady(load: float, agents: int = 20) -> Callable[[float], float]:
    return lambda hour: load * agents / 300


def test_estimates_hold_under_steady_load() -> None:
    """At a load of 95 % the mean error is a third of the mean wait, without bias, and the range holds what it says."""
    found = simulate(crew(20, "sales"), {"sales": steady(0.95)}, {})
    assert found.measured == found.entered
    assert found.waited > 1000
    assert found.waited_absolute_error < 0.35 * found.waited_mean
    assert abs(found.bias) < 0.05 * found.mean_wait
    assert found.waited_within_factor_two > 0.8
    assert 0.75 < found.within_range < 0.92
    assert found.mean_absolute_error < 0.5 * found.baseline


def test_estimates_hold_where_agents_are_shared_and_load_swings() -> None:
    """Two queues that share their agents, one of which swells by half: the error stays below a third of the wait."""
    swell: Callable[[float], float] = lambda hour: 0.6 * 20 / 300 * (1 + 0.5 * (2 < hour < 5))  # noqa: E731
    found = simulate(crew(20, "sales", "care"), {"sales": swell, "care": steady(0.3)}, {})
    assert found.waited > 400
    assert found.waited_absolute_error < 0.35 * found.waited_mean
    assert found.mean_absolute_error < 0.5 * found.baseline


def test_estimates_know_a_scarce_skill() -> None:
    """Where a fifth of the work needs a quarter of the agents, who take other work too, the estimates beat any constant
    and lie within a factor of two for most."""
    found = simulate(crew(20, "sales"), {"sales": steady(0.9)}, {"es": 0.2})
    assert found.waited > 200
    assert found.mean_absolute_error < 0.6 * found.baseline
    assert found.waited_within_factor_two > 0.6


def test_the_bias_is_positive_where_too_much_was_told() -> None:
    """One minute told and ten seconds waited is an error and a bias of fifty seconds, too long."""
    center = new_center()
    staff(center, Agent("ana", queues=["sales"]))
    served(center, 10, "1h", "60s")
    first, second = (center.work.submit(WorkItem(queue="sales")) for _ in range(2))
    held = center.offers.accept(f"{first}#1")
    center.advance("10s")
    center.assignments.complete(held)
    center.offers.accept(f"{second}#1")
    found = center.insight.estimate_error()
    assert (found.waited, found.waited_mean, found.waited_absolute_error) == (
        1,
        timedelta(seconds=10),
        timedelta(seconds=50),
    )
    assert found.bias == timedelta(seconds=50) / found.measured
    assert (found.waited_within_factor_two, "too long" in str(found)) == (0.0, True)


def test_the_error_counts_what_it_cannot_measure() -> None:
    """Items without an estimate and items that nobody took are counted, and are in no mean."""
    center = new_center()
    unknown = center.work.submit(WorkItem(queue="sales"))
    staff(center, Agent("ana", queues=["sales"]))
    served_after = center.offers.accept(f"{unknown}#1")
    center.advance("30s")
    center.assignments.complete(served_after)
    center.work.assign(center.work.submit(WorkItem(queue="sales", parked=True)), "ana")
    gone = center.work.submit(WorkItem(queue="sales"))
    center.advance("10s")
    center.work.abandon(gone)
    found = center.insight.estimate_error()
    assert (found.entered, found.unknown, found.untaken, found.measured) == (2, 1, 1, 0)
    assert found.mean_absolute_error == timedelta(0)
    assert "2 entered, 0 measured" in str(found)
    json.dumps(found.to_dict())
