"""Simulations: the same people for the same seed, counts that add up, and what can be said of a model."""

from __future__ import annotations

import itertools
import math
from datetime import timedelta
from statistics import fmean, pstdev

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_queues import queue

from switchroom import Agent, Queue
from switchroom.config import Behaviour, Configuration, Shift
from switchroom.errors import InvalidInput, UnknownId
from switchroom.routing.queue_model import ServiceLevel
from switchroom.routing.utilization import Utilization
from switchroom.simulation import confidence
from switchroom.simulation.comparison import compare
from switchroom.simulation.multiskill import Access, CallType, Group, Multiskill
from switchroom.simulation.results import COUNTS, Results
from switchroom.simulation.simulation import Simulation, Staff
from switchroom.simulation.streams import Stream
from switchroom.simulation.synthetic import Traffic, WorkType
from switchroom.simulation.tally import Replication
from switchroom.simulation.times import Times

TALK = Times(180, shape="exponential")


def small(**changes: object) -> Multiskill:
    """Two types, a group for each and one for both."""
    model = Multiskill(
        types=[
            CallType("sales", rates=[80, 120], patience="2m", handle=TALK),
            CallType("support", rates=[60, 30], patience="1m", handle=TALK, target=ServiceLevel(within="30s")),
        ],
        groups=[
            Group("sales", staff=[3, 5], types=["sales"]),
            Group("support", staff=[2, 1], types=["support"]),
            Group("both", staff=[3], types=[Access("sales", rank=2, order=2), Access("support", rank=1, order=2)]),
        ],
    )
    return attrs.evolve(model, **changes)


# -- chance


@given(place=st.integers(0, 1 << 60), attempt=st.integers(0, 1000))
def test_chance_belongs_to_its_place(place: int, attempt: int) -> None:
    """The same number for the same seed, purpose and place, strictly between 0 and 1; another one for another."""
    number = Stream(1, "handle").at(place, attempt)
    assert 0 < number < 1
    assert number == Stream(1, "handle").at(place, attempt)
    assert number != Stream(2, "handle").at(place, attempt)
    assert number != Stream(1, "wait").at(place, attempt)
    assert number != Stream(1, "handle").at(place, attempt + 1)
    assert number != Stream(1, "handle").at(place + 1, attempt)


def test_numbers_are_uniform_and_independent() -> None:
    """Ten bins of consecutive places are equally full, and neighbours do not go together."""
    stream = Stream(3, "x")
    numbers = [stream.at(place) for place in range(20_000)]
    bins = [sum(n * 0.1 <= number < (n + 1) * 0.1 for number in numbers) for n in range(10)]
    assert sum((count - 2_000) ** 2 / 2_000 for count in bins) < 27.9  # chi square of 9 at 99.9 %
    pairs = fmean((a - 0.5) * (b - 0.5) for a, b in itertools.pairwise(numbers)) * 12
    assert abs(pairs) < 3.3 / math.sqrt(20_000)


@pytest.mark.parametrize(
    ("times", "spread"),
    [
        (Times("100s", shape="exponential"), 1.0),
        (Times("100s", shape="lognormal", spread=0.8), 0.8),
        (Times("100s", shape="gamma", spread=0.5), 0.5),
        (Times("100s", shape="constant"), 0.0),
        (Times(values=["50s", "100s", "150s"]), math.sqrt(1 / 6)),
        (Times("200s", shape="exponential", none=0.5), math.sqrt(3)),
    ],
)
def test_times_have_their_mean_and_spread(times: Times, spread: float) -> None:
    """Over 20,000 numbers, within four standard errors or so."""
    draw, stream = times.draw(), Stream(1, "t")
    drawn = [draw(stream.at(place)) / 1e6 for place in range(20_000)]
    assert times.average == timedelta(seconds=100)
    assert fmean(drawn) == pytest.approx(100, rel=0.04)
    assert pstdev(drawn) / fmean(drawn) == pytest.approx(spread, rel=0.06, abs=1e-6)


def test_times_that_say_too_much_are_refused() -> None:
    """A mean or values, and no shape for values."""
    for wrong in (
        lambda: Times(),
        lambda: Times("1s", values=["2s"]),
        lambda: Times(values=["1s"], spread=1),
        lambda: Times("1s", shape="square"),
        lambda: Times("1s", none=2),
        lambda: Times("-1s"),
    ):
        with pytest.raises(InvalidInput):
            wrong()


# -- intervals


def test_intervals_are_those_of_student() -> None:
    """Against tables, and against a mean that is known by hand."""
    for share, freedom, t in ((0.95, 1, 12.706), (0.95, 10, 2.228), (0.99, 5, 4.032), (0.999, 30, 3.646)):
        assert confidence.t_quantile(share, freedom) == pytest.approx(t, abs=1e-3)
    found = confidence.mean([1.0, 2.0, 3.0])
    assert (found.mean, found.half_width) == (2.0, pytest.approx(4.3027 / math.sqrt(3), abs=1e-3))
    assert confidence.mean([5.0]).half_width is None


def test_ratios_weigh_by_size() -> None:
    """A ratio of sums, not a mean of ratios; pairs that differ by the same amount differ for sure."""
    parts = [(1.0, 2.0), (30.0, 40.0), (10.0, 20.0)]
    found = confidence.ratio(parts)
    assert found is not None
    assert found.mean == pytest.approx(41 / 62)
    assert confidence.ratio([(0.0, 0.0)]) is None
    shifted = confidence.difference(parts, [(over + 0.1 * under, under) for over, under in parts])
    assert shifted is not None
    assert shifted.mean == pytest.approx(0.1)
    assert shifted.half_width == pytest.approx(0, abs=1e-12)


# -- the same people


def test_results_are_the_same_on_any_number_of_cores() -> None:
    """Replications are numbered, and their number decides what happens in them."""
    simulation = small(busyness=20.0).simulation(seed=4)
    alone = simulation.run(3)
    assert simulation.run(3, processes=2) == alone
    assert small(busyness=20.0).simulation(seed=5).run(3) != alone


def test_another_configuration_meets_the_same_traffic() -> None:
    """Arrivals of each type in each period are the same, whoever is there to answer; so are those that wait longer."""
    before, after = small(), small(groups=[*small().groups, Group("more", staff=[1], types=["sales", "support"])])
    first, second = (model.simulation().run(4) for model in (before, after))
    for type in ("sales", "support"):
        assert first.count("arrived", type) == second.count("arrived", type)
    differences = {(one.name, one.figure): one for one in compare(first, second)}
    level = differences["sales", "service_level"]
    assert level.certain
    assert level.difference is not None
    assert level.after is not None
    assert level.difference.mean > 0
    # Pairs on the same traffic tell more than two simulations of their own would.
    assert (level.difference.half_width or 1) < (level.after.half_width or 0)


def test_the_rate_of_one_period_does_not_move_the_others() -> None:
    """Arrivals of a period stay where they are when another period becomes busier."""
    quiet, busy = (Traffic(types=[WorkType("q", rates=[r, 50])], period="1h") for r in (20, 90))
    hour = 3_600_000_000
    late = [[case.at for case in traffic.cases(1, 0) if case.at >= hour] for traffic in (quiet, busy)]
    assert late[0] == late[1]


# -- counts


def cells_add_up(one: Replication) -> None:
    for cells in one.types.values():
        for cell in cells:
            assert cell.arrived == cell.answered + cell.abandoned + cell.lost + cell.open
            assert cell.in_time <= cell.answered
            assert cell.left_early <= cell.abandoned
            assert cell.answer_wait <= cell.wait
    for crews in one.groups.values():
        for crew in crews:
            assert 0 <= crew.busy <= crew.staffed


@settings(max_examples=12, deadline=None)
@given(
    rates=st.lists(st.integers(0, 150), min_size=1, max_size=3),
    staff=st.lists(st.integers(0, 6), min_size=1, max_size=3),
    retry=st.sampled_from([0.0, 0.5, 1.0]),
    seed=st.integers(0, 5),
)
def test_counts_add_up_and_agree_with_the_reports(rates: list[int], staff: list[int], retry: float, seed: int) -> None:
    """Whatever happens, each arrival is counted once, and the ledger of the live reports says the same."""
    model = Multiskill(
        types=[CallType("q", rates=rates, patience="90s", retry=retry, retry_after="5m"), CallType("r", rates=[5])],
        groups=[Group("g", staff=staff, types=["q", "r"]), Group("h", staff=[1], types=[Access("q", delay="20s")])],
        period="20m",
    )
    results = model.simulation(seed=seed).run(1)
    (one,) = results.replications
    cells_add_up(one)
    for row in one.queues:
        cell = results.cells(str(row.queue))[0]
        assert (row.offered, row.answered, row.abandoned) == (cell.arrived, cell.answered, cell.abandoned)
        assert row.waiting == cell.open
        if cell.answered:
            assert row.mean_wait == timedelta(microseconds=cell.answer_wait // cell.answered)
    busy = sum((row.busy for row in one.agents if row.busy is not None), timedelta())
    assert busy.total_seconds() * 1e6 >= sum(crew.busy for crew in results.crews()) - 1


def test_periods_add_up_to_the_whole() -> None:
    """Counts of periods are parts of those of the day."""
    results = small().simulation().run(2)
    for name in COUNTS:
        parts = [results.count(name, "sales", period).mean for period in range(results.periods)]
        assert sum(parts) == pytest.approx(results.count(name, "sales").mean)
    assert results.staffed("sales", 0).mean == 3
    assert results.staffed("sales", 1).mean >= 5
    with pytest.raises(UnknownId):
        results.of_type("happiness")


def test_a_warm_up_is_not_counted() -> None:
    """Who arrives before it is over is served, and counts for nothing."""
    whole = queue(2, 1.0, calls=200, warm_up=0.001)
    later = attrs.evolve(whole, warm_up=whole.span() / 2)
    assert 60 < later.run(2).count("arrived").mean < 140 < whole.run(2).count("arrived").mean


# -- what can be said


def level(results: Results, type: str) -> float:
    found = results.of_type("service_level", type)
    assert found is not None
    return found.mean


def test_who_is_preferred_gets_the_work() -> None:
    """The order of a type among groups, and the rank of a group among types, are two things."""
    types = [CallType("a", rates=[30], handle="60s"), CallType("b", rates=[30], handle="60s")]
    first = Group("first", staff=[4], types=[Access("a", order=1), Access("b", order=2)])
    second = Group("second", staff=[4], types=[Access("a", order=2), Access("b", order=2)])
    results = Multiskill(types=types, groups=[first, second], period="5h").simulation().run(1)
    crews = {name: results.crews(name)[0].busy for name in ("first", "second")}
    assert crews["first"] > 1.5 * crews["second"]
    scarce = Group("one", staff=[1], types=[Access("a", rank=1), Access("b", rank=2)])
    results = Multiskill(types=types, groups=[scarce], period="5h").simulation().run(1)
    waits = [results.of_type("wait", type) for type in ("a", "b")]
    assert waits[0] is not None
    assert waits[1] is not None
    assert 2 * waits[0].mean < waits[1].mean


def test_preferences_change_with_the_period() -> None:
    """A group that takes a type from the second period on leaves it waiting in the first."""
    types = [CallType("a", rates=[20, 20], handle="30s", patience="10s")]
    group = Group("g", staff=[2], types=[Access("a", since=1)])
    results = Multiskill(types=types, groups=[group], period="3h").simulation().run(1)
    assert results.cells("a", 0)[0].answered == 0
    assert results.cells("a", 1)[0].abandoned <= 3


def test_a_group_may_come_later() -> None:
    """With a delay only calls that have waited so long are taken."""
    types = [CallType("a", rates=[10], handle="10s", target=ServiceLevel(within="40s"))]
    group = Group("g", staff=[5], types=[Access("a", delay="30s")])
    results = Multiskill(types=types, groups=[group], period="5h").simulation().run(1)
    found = results.of_type("wait", "a")
    assert found is not None
    assert found.mean == pytest.approx(30, abs=1)
    assert level(results, "a") == 1


def test_busy_days_are_busy_for_all() -> None:
    """One gamma variable a day: counts vary more than those of a Poisson process, and types together."""
    traffic = Traffic(types=[WorkType("a", rates=[200]), WorkType("b", rates=[200])], busyness=4.0)
    days = [[case.type for case in traffic.cases(seed, 0)] for seed in range(300)]
    a, b = ([day.count(type) for day in days] for type in "ab")
    assert fmean(a) == pytest.approx(200, rel=0.1)
    assert pstdev(a) == pytest.approx(math.sqrt(200 + 200**2 / 4), rel=0.15)
    together = fmean((x - fmean(a)) * (y - fmean(b)) for x, y in zip(a, b, strict=True)) / pstdev(a) / pstdev(b)
    assert together > 0.9


def center(behaviour: Behaviour, agents: int = 2, **agent: object) -> Configuration:
    return Configuration(
        queues=[Queue("q", auto_answer=True)],
        agents=[Agent(f"a{n}", queues=["q"], **agent) for n in range(agents)],  # type: ignore[arg-type]
        behaviours=[behaviour],
    )


def test_some_try_again() -> None:
    """Without agents everybody gives up, and comes back as long as there are tries left."""
    behaviour = Behaviour(patience="10s", retry=1.0, retry_after="1m")
    results = Simulation(center(behaviour, agents=0), Traffic(types=[WorkType("q", rates=[10])])).run(1)
    (cell,) = results.cells("q")
    assert cell.arrived == cell.abandoned == 21 * (cell.arrived - cell.tries)


def test_messages_go_back_and_forth() -> None:
    """While the customer writes the agent takes the next conversation, if the room that is held allows for it."""
    rooms = {}
    for share in (1.0, 0.0):
        behaviour = Behaviour(handle="5m", turns=6, reply="5m", waiting_share=share, spread=0)
        simulation = Simulation(center(behaviour), Traffic(types=[WorkType("q", rates=[8] * 3, medium="message")]))
        found = simulation.run(2).of_type("wait")
        assert found is not None
        rooms[share] = found.mean
    assert rooms[0.0] < 0.2 * rooms[1.0]


def test_several_at_once_are_slower() -> None:
    """Each other conversation in hand makes a turn longer."""
    busy = {}
    for slowdown in (0.0, 1.0):
        behaviour = Behaviour(handle="5m", turns=4, reply="1s", slowdown=slowdown, spread=0)
        room = Utilization(media={"message": 50})
        configuration = center(behaviour, agents=1, utilization=room)
        simulation = Simulation(configuration, Traffic(types=[WorkType("q", rates=[12], medium="message")]))
        busy[slowdown] = simulation.run(2).crews()[0].busy
    assert busy[1.0] > 1.2 * busy[0.0]


def test_shifts_staff_and_the_rest() -> None:
    """Agents of a planned group come by the plan, those with a shift by the shift, and the rest is always there."""
    configuration = Configuration(
        queues=[Queue("q", auto_answer=True)],
        agents=[Agent(name, queues=["q"]) for name in ("p1", "p2", "s", "r")],
        shifts=[Shift(agents=["s", "p1"], hours="13:00-14:00")],
    )
    simulation = Simulation(
        configuration,
        Traffic(types=[WorkType("q", rates=[0, 0, 0, 0])]),
        period="1h",
        groups={"planned": ["p1", "p2"]},
        staff=[Staff("planned", counts=[0, 1, 2])],
    )
    results = simulation.run(1)
    assert [results.staffed("planned", n).mean for n in range(4)] == [0, 1, 2, 2]
    assert [results.staffed("agents", n).mean for n in range(4)] == [1, 2, 1, 1]


def test_wrong_simulations_are_refused() -> None:
    """With the field that is wrong."""
    configuration = center(Behaviour())
    traffic = Traffic(types=[WorkType("q", rates=[1])])
    for field, changes in (
        ("groups", {"groups": {"g": ["nobody"]}}),
        ("groups", {"groups": {"g": ["a0"], "h": ["a0"]}}),
        ("staff", {"staff": [Staff("g", counts=[1])]}),
        ("warm_up", {"warm_up": "2h"}),
    ):
        with pytest.raises(InvalidInput, match=field):
            Simulation(configuration, traffic, **changes)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="replications"):
        Simulation(configuration, traffic).run(0)
    with pytest.raises(InvalidInput, match="is no type"):
        Multiskill(types=[], groups=[Group("g", staff=[1], types=["x"])])
