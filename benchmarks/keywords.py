"""Figures of the keyword policy: ``python benchmarks/keywords.py [--json]``.

A usual text, cost against length, many own keywords, and the worst texts known. Every text is timed once, cold, so
that no figure rests on a cache warmed by the same text; the median of the texts of a kind is given.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
from collections.abc import Iterable
from time import perf_counter_ns

from switchroom.consent.keywords import KeywordPolicy

TEXT = """
 hi thanks for the reminder i will be there at five tomorrow with my brother order delivery please can you
move appointment to friday my address has changed what time do open on sunday great see then is it still
possible no problem at all the driver was late again need an invoice stop text me list number help sale end
cancel account
"""
WORDS = TEXT.split()

Figure = tuple[str, float, str, float]


def text_of(length: int, rng: random.Random) -> str:
    """Some words, cut to a length."""
    parts: list[str] = []
    size = 0
    while size < length:
        word = rng.choice(WORDS)
        parts.append(word)
        size += len(word) + 1
    return " ".join(parts)[:length]


def median_us(policy: KeywordPolicy, texts: Iterable[str]) -> float:
    """The median time of one classification, in microseconds."""
    times: list[int] = []
    for text in texts:
        began = perf_counter_ns()
        policy.classify(text)
        times.append(perf_counter_ns() - began)
    return statistics.median(times) / 1000


def figures() -> Iterable[Figure]:
    """Name, value, unit and goal (at most) of each figure."""
    rng = random.Random(7)
    policy = KeywordPolicy()
    median_us(policy, [text_of(200, rng) for _ in range(200)])
    yield "K/usual-text", median_us(policy, [text_of(60, rng) for _ in range(3000)]), "us", 100.0
    own = KeywordPolicy(opt_out=[f"leave list {number}" for number in range(500)])
    yield "K/500-keywords-1600", median_us(own, [text_of(1600, rng) for _ in range(300)]), "us", 1000.0
    yield "K/linear", linear(policy, rng), "x", 1.5
    bombs = ("\u0316\u0300" * 50_000, "\ufdfa" * 100_000, "s " * 50_000, "> " * 50_000, "<" * 100_000, "stop" * 30_000)
    yield "K/worst-bomb", max(median_us(policy, [bomb]) for bomb in bombs) / 1000, "ms", 60.0


def linear(policy: KeywordPolicy, rng: random.Random) -> float:
    """Time per character of long texts against that of short ones, over 10,000 texts of up to 10,000 characters.

    What is looked at is capped, so that the longest texts must even be cheaper per character.
    """
    spent = {"short": 0, "long": 0}
    read = {"short": 0, "long": 0}
    for _ in range(10_000):
        length = int(10 ** rng.uniform(1.5, 4))
        text = text_of(length, rng)
        began = perf_counter_ns()
        policy.classify(text)
        kind = "short" if length < 1000 else "long"
        spent[kind] += perf_counter_ns() - began
        read[kind] += length
    return (spent["long"] / read["long"]) / (spent["short"] / read["short"])


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(arguments)
    missed = 0
    for name, value, unit, goal in figures():
        ok = value <= goal
        missed += not ok
        record = {"name": name, "value": round(value, 3), "unit": unit, "goal": goal, "ok": ok}
        line = f"{name:24} {value:9.2f} {unit:3} (at most {goal:g}) {'ok' if ok else 'MISSED'}"
        print(json.dumps(record) if options.json else line, flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
