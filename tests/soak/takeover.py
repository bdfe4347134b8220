"""Kills the writer again and again: a standby takes over, and another is started in its place.

``python -m tests.soak.takeover --store sqlite --processes 3 --rounds 50``: nothing acknowledged may be lost, and no
item be in two hands.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.soak.kill import Child
from tests.soak.verdict import judge_lines, judge_log, judge_state
from tests.soak.worker import open_store


def writer_of(children: list[Child], seconds: float = 30) -> Child:
    """The first one that says that it writes."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for child in children:
            if "writes\n" in child.lines:
                return child
        time.sleep(0.01)
    raise AssertionError("nobody took over")


def take_over(kind: str, target: str, processes: int, rounds: int, seed: int) -> dict[str, float]:
    """So many deaths of a writer; the log is judged at the end."""
    children = [Child(kind, target, f"s{n}", seed + n, role="standby") for n in range(processes)]
    lines: list[str] = []
    waits: list[float] = []
    try:
        for round in range(rounds):
            writer = writer_of(children)
            writer.wait_for(len(writer.lines) + 20)
            died = time.monotonic()
            writer.kill()
            lines += writer.lines
            children.remove(writer)
            writer_of(children)
            waits.append(time.monotonic() - died)
            children.append(Child(kind, target, f"s{processes + round}", seed + processes + round, role="standby"))
    finally:
        for child in children:
            child.kill()
            lines += child.lines
    storage = open_store(kind, target)
    records = list(storage.read())
    figures = judge_log(records)
    acknowledged = judge_lines(lines, records)
    judge_state(storage)
    return {"rounds": rounds, "acknowledged": acknowledged, **figures, "longest without a writer": round_up(waits)}


def round_up(waits: list[float]) -> float:
    return round(max(waits), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "log.db") if options.store == "sqlite" else f"takeover-{time.time_ns()}"
        started = time.monotonic()
        figures = take_over(options.store, target, options.processes, options.rounds, options.seed)
    print(f"{options.store}: {figures}, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
