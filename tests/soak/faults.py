"""The simulation of a center under faults, at length.

``python -m tests.soak.faults --steps 1000000 --seed 1``: worlds of a few hundred steps, one seed each, until so many
steps are done. The first thing that must not be ends it with the seed that shows it again.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "simulation"))

from faulty import World

EACH = 300
"""Steps of one world: long enough for restarts to meet history, short enough that replaying it stays cheap."""


def soak(steps: int, seed: int, share: float) -> int:
    met: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for number in range(seed, seed + max(1, steps // EACH)):
        world = World(number, share=share)
        try:
            world.run(EACH)
        except BaseException:
            print(f"seed {number}, step {sum(world.seen.values())}, share {share}: World({number}, share={share})")
            raise
        met += world.disk.met
        seen += world.seen
    print("met:", dict(met.most_common()))
    print("seen:", dict(seen.most_common()))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=0.05, help="share of appends that meet a fault")
    options = parser.parse_args()
    return soak(options.steps, options.seed, options.share)


if __name__ == "__main__":
    raise SystemExit(main())
