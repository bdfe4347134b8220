from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import switchroom.clock
from switchroom.clock import Clock, ManualClock, SystemClock
from switchroom.errors import InvalidInput, TimeWentBack

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Machine(datetime):
    """Stands in for the datetime class of the clock module; its readings are given."""

    readings: list[datetime]

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        assert tz is UTC
        return cls.readings.pop(0)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> type[Machine]:
    monkeypatch.setattr(switchroom.clock, "datetime", Machine)
    return Machine


def test_system_clock_never_goes_back(machine: type[Machine]) -> None:
    """When the machine's clock is set back an hour, the system clock stands until time has caught up."""
    machine.readings = [START + timedelta(minutes=minute) for minute in (0, 1, -59, 0, 1, 2)]
    clock = SystemClock()
    assert [clock.now() for _ in range(6)] == [START + timedelta(minutes=minute) for minute in (0, 1, 1, 1, 1, 2)]


def test_system_clocks_share_nothing(machine: type[Machine]) -> None:
    """One clock does not hold another back."""
    machine.readings = [START, START - timedelta(hours=1)]
    assert SystemClock().now() == START
    assert SystemClock().now() == START - timedelta(hours=1)


@pytest.mark.parametrize("make", [SystemClock, ManualClock])
def test_clocks_tell_utc(make: Callable[[], Clock], machine: type[Machine]) -> None:
    """Every clock tells aware instants in UTC."""
    machine.readings = [START]
    assert make().now() == START
    machine.readings = [START]
    assert make().now().tzinfo is UTC


def test_manual_clock_moves_only_when_told() -> None:
    """A manual clock stands still, and goes forward by durations and to instants."""
    clock = ManualClock("2026-01-05T07:00:00-05:00")
    assert clock.now() == clock.now() == START
    assert clock.advance("1h30m") == clock.now() == START + timedelta(minutes=90)
    assert clock.advance(0.5) == START + timedelta(minutes=90, milliseconds=500)
    assert clock.advance(timedelta(0)) == clock.now()
    assert clock.set("2026-01-06T00:00:00Z") == clock.now() == datetime(2026, 1, 6, tzinfo=UTC)
    assert clock.set(clock.now()) == clock.now()


@pytest.mark.parametrize(
    "move",
    [
        lambda clock: clock.advance("-1s"),
        lambda clock: clock.advance(timedelta(microseconds=-1)),
        lambda clock: clock.set("2026-01-05T11:59:59.999999Z"),
    ],
)
def test_manual_clock_refuses_to_go_back(move: Callable[[ManualClock], object]) -> None:
    """Going back is refused, and the clock has not moved."""
    clock = ManualClock(START)
    with pytest.raises(TimeWentBack, match="2026-01-05T12:00:00Z"):
        move(clock)
    assert clock.now() == START


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (lambda clock: clock.advance(float("nan")), "not_finite"),
        (lambda clock: clock.advance("soon"), "syntax"),
        (lambda clock: clock.advance("36000d"), "range"),
        (lambda clock: clock.set("2026-01-05T13:00:00"), "naive"),
        (lambda clock: clock.set("2101-01-01T00:00:00Z"), "range"),
        (lambda clock: ManualClock("2026-01-05"), "syntax"),
    ],
)
def test_manual_clock_refuses_bad_values(move: Callable[[ManualClock], object], code: str) -> None:
    """What is no duration or instant, or leaves the range of instants, is refused, and the clock has not moved."""
    clock = ManualClock(START)
    with pytest.raises(InvalidInput) as error:
        move(clock)
    assert error.value.code == code
    assert clock.now() == START


def test_reprs_are_short() -> None:
    """A clock prints what it is, and a manual one where it stands."""
    assert repr(ManualClock(START)) == "ManualClock('2026-01-05T12:00:00Z')"
    assert repr(SystemClock()) == "SystemClock()"


def test_clock_is_cheap_to_import() -> None:
    """Importing the clocks loads no time zones, no attrs, no asyncio and no logging."""
    heavy = "{'zoneinfo', 'attr', 'attrs', 'asyncio', 'logging'}"
    script = f"import sys, switchroom.clock; print(sorted({heavy} & sys.modules.keys()))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
