"""Visitors of a simulated day: the same seed gives the same log, and nobody hears anything after a STOP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from switchroom.cli.demo import bundled_configuration
from switchroom.clock import ManualClock
from switchroom.consent.events import OptedOut
from switchroom.consent.state import Consent
from switchroom.kernel.outbox import EffectDone, EffectRequested
from switchroom.simulation.day import play
from switchroom.simulation.visitors import TalkFigures, Visitors, figures


def a_day(seed: int) -> tuple[list[tuple[int, Any]], TalkFigures]:
    configuration = bundled_configuration()
    clock = ManualClock("2026-03-10T00:00:00+01:00")
    center = configuration.build(clock=clock, seed=seed)
    until = center.now() + timedelta(hours=22)
    visitors = Visitors(line=configuration.lines[0].address, number=40, stop=0.5)
    shifts, behaviours = configuration.shifts, configuration.behaviours
    play(
        center,
        [],
        until=until,
        zone=configuration.zone,
        shifts=shifts,
        behaviours=behaviours,
        seed=seed,
        visitors=visitors,
    )
    center.check()
    return [(record.at, record.event) for record in center.events()], figures(center.events())


def test_the_same_seed_gives_the_same_day() -> None:
    """Another one another day."""
    log, found = a_day(1)
    again, _ = a_day(1)
    assert [repr(entry) for entry in log] == [repr(entry) for entry in again]
    assert found.conversations >= 40
    assert found.stops > 5
    assert found.by_flow_and_bot > 5
    assert found.to_people > 5
    assert found.answered > 0
    assert a_day(2)[1] != found


def test_nothing_but_the_confirmation_leaves_after_a_stop() -> None:
    """By the log of a whole day: after an opt-out, only confirmations are handed over to its address."""
    log, _ = a_day(3)
    bodies = {event.effect: event.body for _, event in log if isinstance(event, EffectRequested)}
    digest = Consent().digest
    silent: set[str] = set()
    for _, event in log:
        if isinstance(event, OptedOut):
            silent.add(event.key)
        elif isinstance(event, EffectDone) and event.kind == "send":
            body = bodies[event.effect]
            assert body["purpose"] == "confirmation" or digest(f"sms:{body['to']}") not in silent
    assert len(silent) > 5
