"""B7: bytes for each waiting item, and the time that importing the package takes."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from random import Random
from statistics import median
from time import perf_counter_ns

from figures import figure
from world import Stream, world

DEPTH = 1_000_000


@figure("B7/core-bytes-an-item", goal=150, aim=95, unit="bytes")
def core_bytes() -> float:
    """The core's own memory with a million items waiting in 200 classes: without ids, keys and records.

    After filling, a fifth of the items have left at random and others have come, so that what growth and shrinkage
    leave behind is counted too.
    """
    here, random, stream = world(1_000, 200), Random(9), Stream(1_000)
    index = here.index()
    drawn = random.choices(here.demands, cum_weights=here.weights, k=DEPTH + DEPTH // 5)
    ids = [f"item{i:09}" for i in range(1, len(drawn) + 1)]
    gone = random.sample(range(DEPTH), DEPTH // 5)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for at, item in enumerate(ids):
            index.enter(item, drawn[at], stream.key())
            if at >= DEPTH:
                index.leave(ids[gone[at - DEPTH]])
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(index) == DEPTH
    return (after - before) / DEPTH


RUNS = 21


def _start(code: str) -> float:
    start = perf_counter_ns()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (perf_counter_ns() - start) / 1e6


@figure("B7/import", goal=60, unit="ms")
def importing() -> float:
    """``import switchroom`` over a bare interpreter, in turn."""
    _start("import switchroom")  # the first writes the compiled files
    return median(_start("import switchroom") - _start("pass") for _ in range(RUNS))
