"""Several processes on one log at once.

``python -m tests.soak.race --store postgres --processes 6 --steps 300``: all submit, accept and complete; each
position must belong to one of them, no item to two agents, and everything acknowledged must be there.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.soak.kill import Child
from tests.soak.verdict import judge_lines, judge_log, judge_state
from tests.soak.worker import open_store


def race(kind: str, target: str, processes: int, steps: int, seed: int) -> dict[str, int]:
    """So many processes, each with so many operations; judged when all have ended by themselves."""
    children = [Child(kind, target, f"p{n}", seed + n, steps) for n in range(processes)]
    codes = [child.finish() for child in children]
    assert codes == [0] * processes, f"a process failed: {codes}"
    storage = open_store(kind, target)
    records = list(storage.read())
    figures = judge_log(records)
    acknowledged = judge_lines([line for child in children for line in child.lines], records)
    judge_state(storage)
    accepted = [line.split()[1] for child in children for line in child.lines if line.startswith("accept")]
    assert len(accepted) == len(set(accepted)), "two processes were told that they have the same offer"
    return {"processes": processes, "acknowledged": acknowledged, **figures}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--processes", type=int, default=6)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "log.db") if options.store == "sqlite" else f"race-{time.time_ns()}"
        started = time.monotonic()
        figures = race(options.store, target, options.processes, options.steps, options.seed)
    print(f"{options.store}: {figures}, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
