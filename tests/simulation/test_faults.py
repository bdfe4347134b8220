"""A center under faults keeps its promises, and the simulation that says so finds every bug that is planted."""

from __future__ import annotations

import pytest
from faulty import Crash, World
from planted import BUGS

STEPS = 150
MOST_SEEDS = 80


@pytest.mark.parametrize("seed", range(12))
def test_a_center_under_faults_keeps_its_promises(seed: int) -> None:
    """Crashes, torn writes, stale processes, a far end that misbehaves: nothing lost, doubled, or sent after a STOP."""
    World(seed).run(STEPS)


def test_the_same_seed_gives_the_same_run() -> None:
    """A failure can be looked at again: log and counts are equal, record by record."""
    one, other = World(7), World(7)
    for world in (one, other):
        world.run(STEPS)
    assert one.disk.records == other.disk.records
    assert one.seen == other.seen
    assert one.disk.met == other.disk.met


def test_every_kind_of_fault_and_of_act_happens() -> None:
    """What never happens tests nothing."""
    worlds = [World(seed, share=0.15) for seed in range(4)]
    for world in worlds:
        world.run(STEPS)
    met = sum((world.disk.met for world in worlds), start=worlds[0].disk.met.__class__())
    seen = sum((world.seen for world in worlds), start=met.__class__())
    for fault in ("fail_before", "fail_after", "crash_before", "crash_during", "crash_after", "conflict"):
        assert met[fault], f"no {fault}"
    for act in ("crash", "storage error", "OfferGone", "SendRefused", "restart", "block", "jump"):
        assert seen[act], f"no {act}"


@pytest.mark.parametrize("name", sorted(BUGS))
def test_a_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a bounded number of steps something that must be true is not."""
    BUGS[name](monkeypatch)
    for seed in range(MOST_SEEDS):
        try:
            World(seed, share=0.1).run(STEPS)
        except (Exception, Crash):
            return
    pytest.fail(f"{name} was not found in {MOST_SEEDS} runs of {STEPS} steps")
