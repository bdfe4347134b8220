"""Crashes and races, small; the long ones are ``python -m tests.soak.kill`` and ``python -m tests.soak.race``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.soak.kill import soak
from tests.soak.race import race
from tests.soak.takeover import take_over


def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    """A center on SQLite killed at random moments: all it acknowledged is there, and the log opens and fits."""
    figures = soak("sqlite", str(tmp_path / "log.db"), rounds=6, seed=11)
    assert figures["acknowledged"] > 20


def test_processes_that_race_never_assign_twice(tmp_path: Path) -> None:
    """Three centers on one SQLite log: one appends at each position, no item is in two hands."""
    figures = race("sqlite", str(tmp_path / "log.db"), processes=3, steps=25, seed=5)
    assert figures["acknowledged"] > 30


@pytest.mark.usefixtures("postgres")
def test_nothing_acknowledged_is_lost_on_postgres(postgres: object) -> None:
    """The client killed, and every second time its connections terminated before."""
    prefix = postgres.prefix  # type: ignore[attr-defined]
    figures = soak("postgres", f"{prefix}-kill", rounds=2, seed=3)
    assert figures["acknowledged"] > 5


def test_a_standby_takes_over_from_a_writer_that_was_killed(tmp_path: Path) -> None:
    """Three processes: the writer is killed twice, and each time another goes on with all that was acknowledged."""
    figures = take_over("sqlite", str(tmp_path / "log.db"), processes=3, rounds=2, seed=7)
    assert figures["acknowledged"] > 30


@pytest.mark.usefixtures("postgres")
def test_a_standby_takes_over_on_postgres(postgres: object) -> None:
    """The same with two processes on a database."""
    prefix = postgres.prefix  # type: ignore[attr-defined]
    figures = take_over("postgres", f"{prefix}-takeover", processes=2, rounds=1, seed=9)
    assert figures["acknowledged"] > 15
