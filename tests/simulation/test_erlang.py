"""The waiting formulas against queues solved in other ways."""

from __future__ import annotations

import csv
import itertools
import math
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.simulation import erlang
from switchroom.simulation.erlang import ErlangA, erlang_a, erlang_b, erlang_c, mmc_priority
from switchroom.simulation.virtualwait import VirtualWait

SOLVED = [
    {name: float(value) for name, value in row.items()}
    for row in csv.DictReader((Path(__file__).parent / "data" / "waiting.csv").read_text().splitlines())
]
"""Birth-death chains solved with 60 digits; see data/make_waiting.py."""

servers_ = st.integers(1, 300)
ratios = st.floats(0.01, 5)
thetas = st.floats(0.01, 50)


def near(expected: float) -> object:
    # The shares below 1e-200 are solved, but nobody staffs by them; floats reach 1e-308.
    return pytest.approx(expected, rel=1e-10, abs=1e-200)


def test_the_solved_queues_cover_every_region() -> None:
    """The reference holds calm, critical and overloaded queues, patient and impatient."""
    assert len(SOLVED) == 259
    assert {row["theta"] for row in SOLVED} == {0, 0.004, 0.3, 1, 7}
    assert any(row["load"] == 4 * row["servers"] == 2800 for row in SOLVED)


def test_erlang_b_agrees_with_the_solved_queues() -> None:
    """The share lost is that of the chain without waiting places, to ten digits."""
    for row in SOLVED:
        assert erlang_b(int(row["servers"]), row["load"]) == near(row["lost"]), row


def test_erlang_c_agrees_with_the_solved_queues() -> None:
    """Every figure of the patient queue is that of its chain, to ten digits."""
    for row in (row for row in SOLVED if row["theta"] == 0):
        found = erlang_c(int(row["servers"]), row["load"])
        assert found.p_wait == near(row["waits"]), row
        assert found.occupancy == near(row["busy"]), row
        assert found.mean_wait == near(row["mean_wait"]), row
        assert found.queue_length == near(row["queue"]), row


def test_erlang_a_agrees_with_the_solved_queues() -> None:
    """Every figure of the impatient queue is that of its chain, to ten digits, overloaded or not."""
    for row in SOLVED:
        found = erlang_a(int(row["servers"]), row["load"], theta_over_mu=row["theta"])
        assert found.p_wait == near(row["waits"]), row
        assert found.p_abandon == pytest.approx(row["leaves"], rel=1e-10, abs=1e-40), row
        assert found.occupancy == near(row["busy"]), row
        assert found.mean_wait == near(row["mean_wait"]), row
        assert found.queue_length == near(row["queue"]), row


@given(servers=st.integers(1, 12), load=st.fractions(Fraction(1, 10), 30, max_denominator=50))
def test_erlang_b_is_the_textbook_fraction(servers: int, load: Fraction) -> None:
    """The recursion gives the quotient of powers and factorials."""
    terms = [load**k / math.factorial(k) for k in range(servers + 1)]
    assert erlang_b(servers, float(load)) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-12)


@pytest.mark.parametrize("servers", [5_000, 20_000, 100_000])
def test_thousands_of_servers_are_no_trouble(servers: int) -> None:
    """At a load of exactly the servers, the share lost is near sqrt(2 / (pi servers)), its known limit."""
    assert erlang_b(servers, float(servers)) == pytest.approx(math.sqrt(2 / math.pi / servers), rel=0.02)


def test_a_great_overload_loses_what_cannot_be_served() -> None:
    """With ten times the load, nine in ten leave, however patient they are, and everybody is busy."""
    for theta in (1e-5, 0.01, 1.0, 100.0):
        found = erlang_a(5_000, 50_000, theta_over_mu=theta)
        assert found.p_abandon == pytest.approx(0.9, rel=1e-3)
        assert found.occupancy == pytest.approx(1.0, abs=0.02)


# The service level of the impatient queue.


def _fates_by_chain(servers: int, load: float, theta: float, within: float) -> tuple[float, float]:
    """The shares answered by a time and still waiting then, from the moves of those ahead, one at a time.

    Uniformisation: moves come at the ticks of one clock, fast enough for the longest queue counted.
    """
    deepest = 150
    weights = [1.0]
    for k in range(1, servers + deepest):
        weights.append(weights[-1] * load / (k if k <= servers else servers + (k - servers) * theta))
    total, queue = sum(weights), weights[servers:]
    rate = servers + deepest * theta + theta

    def tick(fate: list[float], at_the_front: float) -> list[float]:
        ahead = [at_the_front, *fate[:-1]]
        return [
            ((servers + j * theta) * ahead[j] + (rate - servers - (j + 1) * theta) * fate[j]) / rate
            for j in range(deepest)
        ]

    # For each number ahead now: the chance to have been answered, or to be waiting still, so many ticks later.
    answered, waiting = [0.0] * deepest, [1.0] * deepest
    shares = [sum(weights[:servers]), 0.0]
    chance = math.exp(-rate * within)
    for count in range(1, int(rate * within + 12 * math.sqrt(rate * within) + 30)):
        shares[0] += chance * sum(w * a for w, a in zip(queue, answered, strict=True))
        shares[1] += chance * sum(w * a for w, a in zip(queue, waiting, strict=True))
        answered, waiting = tick(answered, 1.0), tick(waiting, 0.0)
        chance *= rate * within / count
    return shares[0] / total, shares[1] / total


@pytest.mark.parametrize(
    ("servers", "load", "theta", "within"),
    [(1, 0.8, 0.5, 0.3), (3, 2.9, 0.2, 1.0), (4, 7.0, 1.0, 0.25), (10, 9.0, 2.0, 0.08), (2, 12.0, 3.0, 0.5)],
)
def test_the_share_answered_in_time_agrees_with_the_chain(
    servers: int, load: float, theta: float, within: float
) -> None:
    """The integral over the wait says what following one customer through the queue says, on every basis."""
    answered, waiting = _fates_by_chain(servers, load, theta, within)
    found = erlang_a(servers, load, theta_over_mu=theta)
    assert found.service_level(within) == pytest.approx(answered, rel=1e-9)
    assert found.service_level(within, of="answered") == pytest.approx(answered / (1 - found.p_abandon), rel=1e-9)
    left = 1 - answered - waiting
    assert found.service_level(within, of="offered_less_short") == pytest.approx(answered / (1 - left), rel=1e-9)


@pytest.mark.parametrize(
    ("drain", "load", "theta"), [(1.0, 1e4, 1e4), (3.0, 2.0, 500.0), (2.0, 9.0, 0.01), (1e3, 2e3, 5.0)]
)
def test_the_density_of_the_wait_is_integrated_over_both_flanks(drain: float, load: float, theta: float) -> None:
    """Shares agree with a plain sum over 40,000 steps that grow with the time, steep flanks included."""
    steps = [10 ** (-10 + 13 * k / 40_000) for k in range(40_001)]
    middles = [(low + high) / 2 for low, high in itertools.pairwise(steps)]
    logs = [load * -math.expm1(-theta * x) / theta - drain * x for x in middles]
    top = max(logs)
    parts = [math.exp(at - top) * (b - a) for at, (a, b) in zip(logs, itertools.pairwise(steps), strict=True)]
    wait = VirtualWait.of(drain, load, theta)
    for cut in range(16_000, 40_000, 2_000):
        share = math.fsum(parts[:cut]) / math.fsum(parts)
        assert wait.share_before(steps[cut]) == pytest.approx(share, abs=1e-6)
        assert wait.share_after(steps[cut]) == pytest.approx(1 - share, abs=1e-6)


def test_a_single_server_under_a_million_is_busy_all_the_time() -> None:
    """Nearly all leave, and the few that stay keep the server busy, to nine digits."""
    assert erlang_a(1, 1e6, theta_over_mu=1e-3).occupancy == pytest.approx(1.0, abs=1e-9)


@given(servers=servers_, ratio=ratios, theta=thetas)
def test_the_service_level_begins_and_ends_where_it_has_to(servers: int, ratio: float, theta: float) -> None:
    """Within no time, those who did not wait are answered; within any time, all who did not leave."""
    found = erlang_a(servers, servers * ratio, theta_over_mu=theta)
    assert found.service_level(0) == pytest.approx(1 - found.p_wait, abs=1e-12)
    assert found.service_level(1e6) == pytest.approx(1 - found.p_abandon, abs=1e-12)
    assert found.service_level(1e6, of="answered") == pytest.approx(1, rel=1e-9)
    assert found.service_level(1e6, of="offered_less_short") == pytest.approx(1, rel=1e-9)


@given(servers=servers_, ratio=ratios, theta=thetas, times=st.tuples(st.floats(0, 5), st.floats(0, 5)))
def test_more_time_answers_more(servers: int, ratio: float, theta: float, times: tuple[float, float]) -> None:
    """The share answered grows with the time, and the three bases stand in their order."""
    found = erlang_a(servers, servers * ratio, theta_over_mu=theta)
    early, late = sorted(times)
    assert found.service_level(early) <= found.service_level(late) + 1e-12
    offered, less = found.service_level(late), found.service_level(late, of="offered_less_short")
    assert 0 <= offered <= less + 1e-12 <= 1 + 2e-12
    assert offered <= found.service_level(late, of="answered") + 1e-12


def test_a_wait_of_the_patient_queue_is_exponential() -> None:
    """One server at half load: the share that waits longer than t is 0.5 exp(-0.5 t)."""
    assert erlang_c(1, 0.5).service_level(2) == pytest.approx(1 - 0.5 * math.exp(-1), rel=1e-12)


def test_hardly_anybody_leaving_is_like_nobody_leaving() -> None:
    """Erlang A with the longest patience comes near Erlang C, and is Erlang C with none leaving."""
    patient, almost = erlang_c(10, 8), erlang_a(10, 8, patience=1e5)
    assert almost.p_wait == pytest.approx(patient.p_wait, rel=1e-3)
    assert almost.service_level(0.1) == pytest.approx(patient.service_level(0.1), rel=1e-3)
    never = erlang_a(10, 8, theta_over_mu=0)
    assert (never.p_wait, never.mean_wait, never.p_abandon) == (patient.p_wait, patient.mean_wait, 0)
    assert never.service_level(0.1) == never.service_level(0.1, of="answered") == patient.service_level(0.1)


def test_patience_is_the_inverse_of_theta() -> None:
    """Both ways to say how patient people are give the same queue."""
    assert erlang_a(7, 9, patience=4) == erlang_a(7, 9, theta_over_mu=0.25)


def test_leaving_at_the_rate_of_service_makes_a_poisson_number() -> None:
    """With theta = 1 the number in the system is Poisson, whatever the servers (a known special case)."""
    below = sum(math.exp(-6) * 6**k / math.factorial(k) for k in range(5))
    assert erlang_a(5, 6, theta_over_mu=1).p_wait == pytest.approx(1 - below, rel=1e-12)


@given(servers=servers_, ratio=ratios, theta=thetas)
def test_what_arrives_is_carried_or_leaves(servers: int, ratio: float, theta: float) -> None:
    """Arrivals less those who leave are what keeps the servers busy; the queue obeys Little's law."""
    load = servers * ratio
    found = erlang_a(servers, load, theta_over_mu=theta)
    assert found.occupancy * servers == pytest.approx(load * (1 - found.p_abandon), rel=1e-9)
    assert found.queue_length == pytest.approx(load * found.mean_wait, rel=1e-12)
    assert 0 <= found.p_abandon <= found.p_wait <= 1


@given(servers=st.integers(1, 200), ratio=ratios, theta=thetas)
def test_one_server_more_never_harms(servers: int, ratio: float, theta: float) -> None:
    """With a server more, fewer wait, fewer leave, and more are answered in time: what staffing searches by."""
    load = servers * ratio
    few, more = (erlang_a(n, load, theta_over_mu=theta) for n in (servers, servers + 1))
    assert more.p_wait <= few.p_wait + 1e-12
    assert more.p_abandon <= few.p_abandon + 1e-12
    assert more.service_level(0.1) >= few.service_level(0.1) - 1e-9
    assert more.occupancy <= few.occupancy + 1e-12


# Priorities.


def test_one_class_of_priority_is_erlang_c() -> None:
    """Without anybody to go before, priority changes nothing."""
    found, plain = mmc_priority(6, [5]), erlang_c(6, 5)
    assert found.mean_waits == pytest.approx([plain.mean_wait], rel=1e-12)
    assert found.p_wait == plain.p_wait


def test_two_classes_at_one_server_wait_as_in_the_textbook() -> None:
    """One server, loads 1/5 and 3/5: (4/5) / (4/5) = 1, and (4/5) / (4/5 x 1/5) = 5 service times."""
    assert mmc_priority(1, [0.2, 0.6]).mean_waits == pytest.approx([1.0, 5.0], rel=1e-12)


@given(
    servers=st.integers(1, 60),
    shares=st.lists(st.floats(0.01, 1), min_size=1, max_size=8),
    rho=st.floats(0.05, 0.99),
)
def test_priority_moves_waiting_about_and_makes_none(servers: int, shares: list[float], rho: float) -> None:
    """Weighted by their loads, the waits of the classes are the wait without classes, and lower classes wait longer."""
    loads = [share / sum(shares) * servers * rho for share in shares]
    found, plain = mmc_priority(servers, loads), erlang_c(servers, math.fsum(loads))
    mean = sum(load * wait for load, wait in zip(loads, found.mean_waits, strict=True)) / sum(loads)
    assert mean == pytest.approx(plain.mean_wait, rel=1e-9)
    assert all(high <= low for high, low in itertools.pairwise(found.mean_waits))


# What is refused.


@pytest.mark.parametrize("servers", [0, -1, 2.0, True, "3", None, erlang.MAX_SERVERS + 1, 10**400, math.nan])
def test_a_number_of_servers_is_whole_and_bounded(servers: object) -> None:
    """Anything but a whole number in the range is refused by name, by every formula."""
    for call in (erlang_b, erlang_c, lambda n, a: erlang_a(n, a, patience=1), lambda n, a: mmc_priority(n, [a])):
        with pytest.raises(InvalidInput, match=r"^servers: ") as caught:
            call(servers, 0.5)  # type: ignore[operator]
        assert caught.value.field == "servers"


@pytest.mark.parametrize("load", [0, 0.0, -0.1, math.nan, math.inf, -math.inf, True, "1", None, 1e9, 10**400])
def test_a_load_is_a_positive_finite_number(load: object) -> None:
    """Anything but a number in the range is refused by name, by every formula."""
    for call in (erlang_b, erlang_c, lambda n, a: erlang_a(n, a, patience=1)):
        with pytest.raises(InvalidInput, match=r"^offered_load: "):
            call(3, load)  # type: ignore[operator]
    with pytest.raises(InvalidInput, match=r"^loads\[1\]: "):
        mmc_priority(3, [0.5, load])  # type: ignore[list-item]


@pytest.mark.parametrize("load", [3, 3.0000001, 50])
def test_a_patient_queue_cannot_carry_more_than_its_servers(load: float) -> None:
    """Where everybody waits, a load of the servers or more is refused as unstable."""
    for call in (erlang_c, lambda n, a: erlang_a(n, a, theta_over_mu=0), lambda n, a: mmc_priority(n, [1, a - 1])):
        with pytest.raises(InvalidInput) as caught:
            call(3, load)
        assert caught.value.code == "unstable"


@pytest.mark.parametrize("theta", [-1, math.nan, math.inf, True, "1", 1e-6, 1e7])
def test_the_rate_of_leaving_is_bounded(theta: object) -> None:
    """theta_over_mu is 0 or lies in its range; so does its inverse."""
    with pytest.raises(InvalidInput, match=r"^theta_over_mu: "):
        erlang_a(3, 2, theta_over_mu=theta)  # type: ignore[arg-type]


def test_patience_is_given_once() -> None:
    """Neither or both of theta_over_mu and patience, or no time at all, are refused."""
    with pytest.raises(InvalidInput, match="not both"):
        erlang_a(3, 2)
    with pytest.raises(InvalidInput, match="not both"):
        erlang_a(3, 2, patience=1, theta_over_mu=1)
    for patience in (0, -1, math.inf, math.nan, 1e6):
        with pytest.raises(InvalidInput, match=r"^patience: "):
            erlang_a(3, 2, patience=patience)


def test_a_basis_and_a_time_are_checked() -> None:
    """A service level of something unknown, or within a time that is none, is refused."""
    found: ErlangA = erlang_a(3, 2, patience=1)
    with pytest.raises(InvalidInput, match=r"^of: "):
        found.service_level(1, of="all")  # type: ignore[arg-type]
    for within in (-1, math.nan, math.inf, True):
        with pytest.raises(InvalidInput, match=r"^within: "):
            found.service_level(within)
        with pytest.raises(InvalidInput, match=r"^within: "):
            erlang_c(3, 2).service_level(within)


@pytest.mark.parametrize("loads", [[], "12", 3, [0.1] * (erlang.MAX_CLASSES + 1), None])
def test_priorities_need_a_list_of_loads(loads: object) -> None:
    """Something that is not a list of loads, or is empty or too long, is refused."""
    with pytest.raises(InvalidInput, match=r"^loads: "):
        mmc_priority(500, loads)  # type: ignore[arg-type]


def test_a_mean_wait_takes_the_unit_of_the_handle_time() -> None:
    """A wait of half a service is two minutes where a service takes four; a wait beyond all dates is refused."""
    assert erlang_c(2, 2 * math.sqrt(1 / 3)).mean_wait_for("4m") == timedelta(minutes=2)
    with pytest.raises(InvalidInput, match=r"^handle: "):
        erlang_c(1, 1 - 1e-15).mean_wait_for(timedelta(days=30_000))
