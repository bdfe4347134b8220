"""A short look at what the soak of validity measures at length: simulated queues beside theory.

The seeds are fixed, so that nothing here is left to chance; the intervals are of 99.9 %.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from known_queues import SERVICE, priorities, queue

from switchroom.simulation.confidence import Interval
from switchroom.simulation.results import Results

DATA = Path(__file__).parent / "data"
CONFIDENCE = 0.999


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def holds(found: Interval | None, truth: float, widest: float) -> None:
    """The interval has the truth, and is narrow enough to say something."""
    assert found is not None
    assert found.half_width is not None
    assert found.half_width < widest
    assert found.holds(truth), f"{found.mean:.4f} +- {found.half_width:.4f}, and it is {truth:.4f}"


def simulated(row: dict[str, str], *, loss: bool = False, calls: int = 1_200) -> Results:
    found = queue(
        int(row["servers"]), float(row["offered_load"]), theta=float(row["theta_over_mu"]), loss=loss, calls=calls
    )
    return found.run(10, confidence=CONFIDENCE)


@pytest.mark.parametrize("row", rows("erlang.csv"), ids=lambda row: f"{row['servers']}-{row['theta_over_mu']}")
def test_waiting_and_impatience(row: dict[str, str]) -> None:
    """Erlang C and A: who waits, who leaves, how long, and how busy the agents are."""
    results = simulated(row)
    holds(results.of_type("delayed"), float(row["P_wait"]), 0.08)
    holds(results.occupancy(), float(row["occupancy"]), 0.06)
    waits = float(row["mean_wait_in_service_times"]) * SERVICE
    holds(results.of_type("wait"), waits, 0.5 * waits)
    if float(row["theta_over_mu"]):
        holds(results.of_type("abandoned"), float(row["P_abandon"]), 0.06)


@pytest.mark.parametrize("row", rows("erlang.csv")[:1], ids=lambda row: row["servers"])
def test_loss(row: dict[str, str]) -> None:
    """Erlang B: who finds everybody busy is lost."""
    results = simulated(row, loss=True)
    holds(results.of_type("abandoned"), float(row["erlangB"]), 0.06)


@pytest.mark.parametrize("row", rows("priority.csv"), ids=lambda row: row["servers"])
def test_priorities(row: dict[str, str]) -> None:
    """Each class waits as long as Cobham says; the last one is too seldom served for a short test."""
    loads = [float(load) for load in row["loads_per_class_high_to_low"].split()]
    waits = [float(wait) for wait in row["mean_wait_per_class_in_service_times"].split()]
    results = priorities(int(row["servers"]), loads, calls=2_000).run(10, confidence=CONFIDENCE)
    for number, truth in enumerate(waits[:2]):
        holds(results.of_type("wait", f"class-{number}"), truth * SERVICE, 0.5 * truth * SERVICE)
