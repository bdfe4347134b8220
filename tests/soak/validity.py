"""Simulation against theory: ``python -m tests.soak.validity [--long] [--seeds N] [--processes N] [--json FILE]``.

Queues whose figures are known exactly are simulated by the real center, for seeds 0 to 19, each with so many calls that
the 99 % interval is at most 2 % of the true value to each side (0.005 for probabilities). An interval of 99 % misses
the truth once in a hundred times; more misses in all than the 99.9 % bound of the binomial distribution allows, or an
interval that is too wide, is a failure. The table goes into docs/explanation/simulations.md. Some 20 minutes of one
core; ``--long`` adds the rows that take hours: mean waits without impatience, and priorities.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "simulation"))

from known_queues import SERVICE, priorities, queue

from switchroom.simulation.confidence import Interval
from switchroom.simulation.erlang import erlang_a, erlang_b, erlang_c, mmc_priority
from switchroom.simulation.results import Results
from switchroom.simulation.simulation import Simulation
from switchroom.simulation.tally import Replication

CONFIDENCE = 0.99
REPLICATIONS, STEP, MOST = 40, 10, 400
"""A run begins with so many replications, and goes on until its intervals are narrow enough."""
RELATIVE, ABSOLUTE = 0.02, 0.005
"""The widest half-width: of mean waits, relative to the truth; of probabilities."""


class Figure(NamedTuple):
    """A figure of a row: its true value, how the results have it, and how wide its interval may be."""

    name: str
    truth: float
    read: Callable[[Results], Interval | None]
    limit: float


class Row(NamedTuple):
    """A queue: how to simulate it with a seed, and what is known of it."""

    name: str
    simulation: Callable[[int], Simulation]
    figures: tuple[Figure, ...]
    long: bool = False


def share(name: str, truth: float, figure: str, type: str = "q") -> Figure:
    return Figure(name, truth, lambda results: results.of_type(figure, type), ABSOLUTE)


def occupancy(truth: float) -> Figure:
    return Figure("occupancy", truth, lambda results: results.occupancy(), ABSOLUTE)


def wait(truth: float, name: str = "mean wait", type: str = "q") -> Figure:
    """A mean wait in services."""
    scaled = truth * SERVICE
    return Figure(
        f"{name}, services",
        truth,
        lambda results: _in_services(results, type),
        RELATIVE * scaled / SERVICE,
    )


def _in_services(results: Results, type: str) -> Interval | None:
    found = results.of_type("wait", type)
    if found is None or found.half_width is None:
        return None
    return Interval(
        found.mean / SERVICE,
        found.half_width / SERVICE,
        found.confidence,
        found.replications,
    )


def loss(servers: int, load: float, calls: int) -> Row:
    blocked = erlang_b(servers, load)
    return Row(
        f"Erlang B, {servers} servers, load {load:g}",
        lambda seed: queue(servers, load, loss=True, calls=calls // REPLICATIONS, seed=seed),
        (
            share("P(lost)", blocked, "abandoned"),
            occupancy(load * (1 - blocked) / servers),
        ),
    )


def waiting(servers: int, load: float, calls: int, *, waits: bool = False) -> Row:
    true = erlang_c(servers, load)
    figures = (share("P(wait)", true.p_wait, "delayed"), occupancy(true.occupancy))
    return Row(
        f"Erlang C, {servers} servers, load {load:g}",
        lambda seed: queue(servers, load, calls=calls // REPLICATIONS, warm_up=300, seed=seed),
        (*figures, wait(true.mean_wait)) if waits else figures,
        long=waits,
    )


def impatient(servers: int, load: float, theta: float, calls: int, *, long: bool = False) -> Row:
    true = erlang_a(servers, load, theta_over_mu=theta)
    return Row(
        f"Erlang A, {servers} servers, load {load:g}, theta {theta:g}",
        lambda seed: queue(servers, load, theta=theta, calls=calls // REPLICATIONS, seed=seed),
        (
            share("P(wait)", true.p_wait, "delayed"),
            share("P(abandon)", true.p_abandon, "abandoned"),
            occupancy(true.occupancy),
            wait(true.mean_wait),
        ),
        long=long,
    )


def ranked(servers: int, loads: Sequence[float], calls: int, classes: int) -> Row:
    true = mmc_priority(servers, loads)
    figures = tuple(wait(true.mean_waits[n], f"wait of class {n + 1}", f"class-{n}") for n in range(classes))
    return Row(
        f"priorities, {servers} servers, loads {', '.join(f'{load:g}' for load in loads)}",
        lambda seed: priorities(servers, loads, calls=calls // REPLICATIONS, warm_up=300, seed=seed),
        figures,
        long=True,
    )


ROWS = (
    loss(1, 0.7, 85_000),
    impatient(1, 0.95, 1.0, 140_000),
    loss(5, 3.5, 85_000),
    waiting(1, 0.7, 250_000),
    impatient(5, 4.95, 1.0, 250_000),
    impatient(5, 3.5, 2.0, 420_000, long=True),
    impatient(10, 9.5, 2.0, 700_000, long=True),
    waiting(1, 0.7, 1_400_000, waits=True),
    ranked(1, (0.3, 0.3, 0.3), 1_600_000, 2),
    ranked(5, (1.0, 1.5, 2.0), 1_600_000, 2),
)


def bound(checks: int, probability: float = 1 - CONFIDENCE, certainty: float = 0.999) -> int:
    """So many misses among so many checks are not exceeded with this certainty."""
    below, total = 0.0, 0
    while True:
        below += math.comb(checks, total) * probability**total * (1 - probability) ** (checks - total)
        if below >= certainty:
            return total
        total += 1


def narrowed(row: Row, seed: int, processes: int) -> Results:
    """Replications of a row until all its intervals are narrow enough."""
    simulation = row.simulation(seed)
    with ProcessPoolExecutor(processes) as pool:
        found: list[Replication] = []
        while True:
            more = STEP if found else REPLICATIONS
            found += pool.map(simulation.replicate, range(len(found), len(found) + more))
            results = Results(tuple(found), simulation.edges(), CONFIDENCE)
            wide = [f for f in row.figures if (e := f.read(results)) is None or (e.half_width or math.inf) > f.limit]
            if not wide or len(found) >= MOST:
                return results


def measured(row: Row, seeds: int, processes: int) -> Iterator[dict[str, Any]]:
    """One line for each figure of a row."""
    runs = [narrowed(row, seed, processes) for seed in range(seeds)]
    for figure in row.figures:
        found = [estimate for run in runs if (estimate := figure.read(run)) is not None]
        widest = max(estimate.half_width or math.inf for estimate in found)
        yield {
            "row": row.name,
            "figure": figure.name,
            "truth": figure.truth,
            "mean": sum(estimate.mean for estimate in found) / seeds,
            "widest": widest,
            "limit": figure.limit,
            "replications": sum(len(run.replications) for run in runs) / seeds,
            "calls": sum(run.count("arrived").mean * len(run.replications) for run in runs) / seeds,
            "misses": sum(not estimate.holds(figure.truth) for estimate in found) + seeds - len(found),
            "seeds": seeds,
        }


def show(line: dict[str, Any]) -> str:
    """A row of the table."""
    calls = f"{line['calls'] / 1000:.0f}k"
    numbers = " | ".join(f"{line[name]:.4g}" for name in ("truth", "mean", "widest", "limit"))
    return f"| {line['row']} | {line['figure']} | {numbers} | {calls} | {line['misses']} of {line['seeds']} |"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="the rows that take hours, too")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write each line to this file, too")
    options = parser.parse_args(arguments)
    print("| Queue | Figure | Truth | Mean of all | Widest interval, half | Allowed | Calls | Missed |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    lines: list[dict[str, Any]] = []
    begun = time.monotonic()
    for row in ROWS:
        if row.long and not options.long:
            continue
        for line in measured(row, options.seeds, options.processes):
            lines.append(line)
            print(show(line), flush=True)
            if options.json is not None:
                with options.json.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
    checks, misses = sum(line["seeds"] for line in lines), sum(line["misses"] for line in lines)
    wide = [line for line in lines if line["widest"] > line["limit"]]
    print(f"\n{misses} of {checks} intervals miss the truth; at most {bound(checks)} may. Too wide: {len(wide)}.")
    print(f"{(time.monotonic() - begun) / 60:.0f} minutes with {options.processes} processes.")
    return int(misses > bound(checks) or bool(wide))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
