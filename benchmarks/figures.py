"""What a figure is, how it is registered, and how two pieces of code are timed against each other.

A module of figures registers one with one line above the function that measures it::

    @figure("B1/1k-agents/100k", goal=3.5, aim=2.0)
    def deep_queue() -> float:
        return ratio(core_block, floor_block)

**Timing.** A figure is the median of at least 40 blocks of some 2,000 operations. The two sides run in turn, block by
block, so that a slow spell of the machine meets both. The inputs of a block are made before its clock starts. The clock
counts the processor time of the thread: nothing here waits, and what other processes take is not ours to report (that
they empty the caches remains, so a quiet machine gives better figures, above all for large worlds).

**Garbage collection.** Before the first block everything alive is frozen (``gc.freeze``), so that no collection walks a
million items, and collection is off while a block is timed, for both sides alike. Between blocks it is on. A process
with a million waiting items should freeze or raise the thresholds too: a full collection then costs some 180 ms.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import thread_time_ns
from typing import TypeAlias

BLOCKS = 41
"""Blocks of each side; odd, so that the median is one of them."""

OPERATIONS = 2_000
"""Operations in a block, unless a figure says otherwise."""

WARM_UP = 3
"""Blocks of each side run before the first that counts."""

Block: TypeAlias = Callable[[], Callable[[], int]]
"""Makes the inputs of one block, untimed, and returns what is to be timed; that returns its number of operations."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number: its name, what it may be at most, what is aimed at, and how it is measured."""

    name: str
    goal: float
    aim: float | None
    unit: str
    measure: Callable[[], float]


FIGURES: dict[str, Figure] = {}
"""Every registered figure by name, in order of registration."""


def figure(
    name: str, *, goal: float, aim: float | None = None, unit: str = "x floor"
) -> Callable[[Callable[[], float]], Callable[[], float]]:
    """Register the decorated function as the measurement of a figure; smaller is better."""

    def register(measure: Callable[[], float]) -> Callable[[], float]:
        assert name not in FIGURES, name
        FIGURES[name] = Figure(name, goal, aim, unit, measure)
        return measure

    return register


def timed(block: Block) -> float:
    """Nanoseconds an operation of one block."""
    run = block()
    gc.disable()
    try:
        start = thread_time_ns()
        operations = run()
        return (thread_time_ns() - start) / operations
    finally:
        gc.enable()


def pairs(one: Block, other: Block, blocks: int = BLOCKS) -> list[tuple[float, float]]:
    """Nanoseconds an operation of both, run in turn, block by block."""
    gc.collect()
    gc.freeze()
    try:
        for _ in range(WARM_UP):
            timed(one)
            timed(other)
        return [(timed(one), timed(other)) for _ in range(blocks)]
    finally:
        gc.unfreeze()


def ratio(one: Block, other: Block, blocks: int = BLOCKS) -> float:
    """How many times as long an operation of the first takes as one of the second: the median over pairs of blocks."""
    return median(first / second for first, second in pairs(one, other, blocks))


def cost(block: Block, blocks: int = BLOCKS) -> float:
    """Median nanoseconds an operation."""
    return median(first for first, _ in pairs(block, _nothing, blocks))


def _nothing() -> Callable[[], int]:
    return lambda: 1
