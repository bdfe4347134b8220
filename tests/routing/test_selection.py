"""Who is chosen among several, and what comes first when several items and agents are free at once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from desk import Desk, agents
from switchroom import Agent, Membership, Queue
from switchroom.routing.utilization import Utilization


def turn(desk: Desk, name: str, **fields: Any) -> str:
    """Submit an item, accept and complete it; who had it."""
    desk.submit(name, **fields)
    agent = desk.offered(name)[0]
    desk.assignments.complete(desk.accept(name))
    return agent


def test_longest_idle_counts_from_coming_on_queue_and_from_release() -> None:
    """The later of the two counts, whatever was declined or expired meanwhile."""
    desk = Desk(Queue("q", alert_timeout="10s", on_expiry="stay"), *agents("bob", "ana"), here=False)
    desk.agents.sign_in("bob")
    desk.wait(1)
    desk.agents.sign_in("ana")
    desk.submit("x")
    desk.decline("x")
    desk.wait(10)
    desk.wait(10)
    desk.work.cancel("x")
    assert turn(desk, "y") == "bob"
    assert turn(desk, "z") == "ana"


def test_an_agent_with_work_in_hand_counts_from_the_last_assignment() -> None:
    """Between two who have room, the one whose last assignment lies longer back is chosen."""
    two = Utilization(media={"chat": 50})
    desk = Desk(Queue("q"), *agents("ana", "bob", utilization=two))
    desk.wait(1)
    desk.accept(desk.submit("a", medium="chat"))
    desk.wait(1)
    desk.accept(desk.submit("b", medium="chat"))
    desk.wait(1)
    assert desk.offered(desk.submit("c", medium="chat")) == ["ana"]


def test_idle_time_begins_with_the_release() -> None:
    """Not with the assignment: who was assigned first and released last has been idle for the shorter time."""
    desk = Desk(Queue("q"), *agents("ana", "bob"))
    first = desk.accept(desk.submit("x"))
    desk.wait(1)
    second = desk.accept(desk.submit("y"))
    desk.wait(1)
    desk.assignments.complete(second)
    desk.wait(1)
    desk.assignments.complete(first)
    assert desk.offered(desk.submit("z")) == ["bob"]


def test_ties_go_by_id() -> None:
    """Among agents equal in everything the id decides, in plain string order."""
    desk = Desk(Queue("q"), *agents("b", "a10", "a9"))
    assert [turn(desk, f"x{n}") for n in range(1)] == ["a10"]


def test_round_robin_goes_round_per_queue() -> None:
    """Last offered longest ago, and never offered first."""
    desk = Desk(Queue("q", selection="round_robin"), *agents("a", "b", "c"))
    assert [turn(desk, f"x{n}") for n in range(7)] == ["a", "b", "c", "a", "b", "c", "a"]


def test_most_available_counts_free_places() -> None:
    """The agent with the most free units."""
    small = Agent("a", queues=["q"], utilization=Utilization(capacity=100, media={"chat": 10}))
    large = Agent("b", queues=["q"], utilization=Utilization(capacity=300, media={"chat": 10}))
    desk = Desk(Queue("q", selection="most_available"), small, large)
    assert desk.offered(desk.submit("x", medium="chat")) == ["b"]


def test_fewest_today_starts_anew_at_midnight() -> None:
    """Counts of the day decide, then idle time; midnight resets them."""
    desk = Desk(Queue("q", selection="fewest_today"), *agents("a", "b"))
    assert [turn(desk, f"x{n}") for n in range(3)] == ["a", "b", "a"]
    desk.wait(86_400)
    desk.agents.sign_out("a")
    assert turn(desk, "y") == "b"
    desk.agents.sign_in("a")
    assert turn(desk, "z") == "a"


def test_best_skilled_sums_the_skills_asked_for() -> None:
    """Levels times weights over the distinct skills named without NOT; of an OR the best true branch."""
    team = [
        Agent("a", queues=["q"], skills={"x": 5, "y": 1, "z": 9}),
        Agent("b", queues=["q"], skills={"x": 2, "y": 3}),
    ]

    def best(requirement: str, **settings: Any) -> str:
        desk = Desk(Queue("q", selection="best_skilled", **settings), *team)
        return desk.offered(desk.submit("i", requirement=requirement))[0]

    assert best("x and y") == "a"
    assert best("x and y", skill_weights={"y": 3.0}) == "b"
    assert best("y and not (w > 1)") == "b"
    assert best("x or y") == "a"
    assert best("x and x and y", skill_weights={"x": 0.1}) == "b"


def test_scored_takes_scores_above_the_threshold_first() -> None:
    """The score given for the agent counts if it reaches the threshold; the rest follow by idle time."""
    desk = Desk(Queue("q", selection="scored", score_threshold=50), *agents("a", "b", "c"))
    scores = {"b": 50, "c": 49.9}
    assert desk.offered(desk.submit("x", scores=scores)) == ["b"]
    assert desk.offered(desk.submit("y", scores=scores)) == ["a"]
    desk = Desk(Queue("q", selection="scored"), *agents("a", "b"))
    assert desk.offered(desk.submit("x", scores={"b": 0})) == ["b"], "a score of nothing is a score"


def test_a_function_may_choose() -> None:
    """Higher is better; whoever the function fails for comes last, and an event says so."""

    def length(item: Any, agent: Any) -> float:
        if agent.id == "aaaa":
            raise RuntimeError("no opinion")
        return float("nan") if agent.id == "bbbb" else float(len(agent.id))

    desk = Desk(Queue("q", selection="function:f"), *agents("aaaa", "bbbb", "c", "dd"), functions={"f": length})
    assert desk.offered(desk.submit("x")) == ["dd"]
    assert "function_failed" in desk.types()


@pytest.mark.parametrize("answer", [None, "5", True, object()])
def test_a_score_that_is_no_number_puts_the_agent_last(answer: object) -> None:
    """Wrong types are treated as errors are."""
    functions: dict[str, Callable[..., Any]] = {"f": lambda item, agent: answer if agent.id == "a" else 0.0}
    desk = Desk(Queue("q", selection="function:f"), *agents("a", "b"), functions=functions)
    assert desk.offered(desk.submit("x")) == ["b"]


def test_scarce_skills_are_kept_for_those_who_ask() -> None:
    """Among otherwise equal agents the one whose skills waiting work needs least is chosen."""
    team = [Agent("a", queues=["q"], skills={"rare": 1}), Agent("b", queues=["q"])]
    desk = Desk(Queue("q", protect_scarce=True), Queue("other"), *team)
    desk.submit("waiting", "other", requirement="rare")
    assert desk.offered(desk.submit("x")) == ["b"]


def test_agents_of_a_smaller_rank_in_the_queue_go_first() -> None:
    """The rank of a membership orders the agents of a queue before its selection does."""
    desk = Desk(Queue("q"), Agent("a", queues=[Membership("q", rank=2)]), Agent("b", queues=["q"]))
    assert desk.offered(desk.submit("x")) == ["b"]
    assert desk.offered(desk.submit("y")) == ["a"]


def outcome(desk: Desk) -> list[tuple[str, list[str]]]:
    return sorted((i, desk.offered(i)) for i in ("w", "x", "y", "z"))


def test_the_best_pair_of_all_comes_first() -> None:
    """Several items and agents free at once: the pair with the smallest key, then stamp, then agent, and again."""
    team = [Agent("gen", queues=["q"], skills={"s": 1}), Agent("spec", queues=["q"], skills={"s": 1, "t": 1})]
    desk = Desk(Queue("q"), *team, here=False)
    desk.submit("w", requirement="t")
    desk.submit("x", requirement="s")
    desk.submit("y", requirement="t")
    desk.submit("z")
    with desk.center.batch():
        desk.agents.sign_in("spec")
        desk.agents.sign_in("gen")
    assert outcome(desk) == [("w", ["spec"]), ("x", ["gen"]), ("y", []), ("z", [])]


def test_a_batch_does_not_depend_on_the_order_of_its_inputs() -> None:
    """All orders of five inputs give the same offers, and the same order of what waits."""
    results = set()
    for order in permutations(range(5)):
        desk = Desk(Queue("q"), Queue("r", ordering="strict"), Agent("a", queues=["q", "r"]), here=False)
        desk.agents.add(Agent("b", queues=["q"]))
        inputs: list[Callable[[], object]] = [
            lambda desk=desk: desk.submit("w"),
            lambda desk=desk: desk.submit("x", "r", priority=2),
            lambda desk=desk: desk.agents.sign_in("a"),
            lambda desk=desk: desk.agents.sign_in("b"),
            lambda desk=desk: [desk.submit("y"), desk.submit("z", "r", priority=2)],
        ]
        with desk.center.batch():
            for n in order:
                inputs[n]()
        desk.center.check()
        results.add(str((outcome(desk), desk.queues.waiting("q"), desk.queues.waiting("r"))))
    assert len(results) == 1


def test_separate_inputs_of_one_instant_settle_one_after_the_other() -> None:
    """Without a batch the first input is served before the second is looked at."""
    desk = Desk(Queue("q"), *agents("ana"))
    desk.submit("low")
    desk.submit("high", priority=9)
    assert desk.offered("low") == ["ana"]


def test_work_given_back_in_a_batch_keeps_its_arrival() -> None:
    """What only returns is not reordered with what enters."""
    desk = Desk(Queue("q", ordering="newest", alert_timeout="60s"), *agents("ana", "bob"))
    token = desk.accept(desk.submit("zz", entered=None))
    desk.agents.sign_out("bob") if desk.offered("zz") == ["bob"] else None
    desk.agents.sign_in("bob")
    offer = desk.assignments.transfer(token, "bob")
    desk.agents.set_presence("ana", "break")
    with desk.center.batch():
        desk.submit("aa")
        desk.agents.set_presence("bob", "break")
    assert desk.queues.waiting("q") == ("zz", "aa")
    assert offer
