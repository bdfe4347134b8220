"""Scenarios played: each on a center of its own, step by step, on a clock that only the steps move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from switchroom.durations import format_duration
from switchroom.errors import SwitchroomError
from switchroom.testing.scenario_model import Outcome, Scenario, Sentence, Step
from switchroom.testing.scenario_stage import Stage

if TYPE_CHECKING:
    from switchroom.center import ContactCenter


class StepFailed(Exception):
    """A step did not go as the file says."""


def run(scenario: Scenario, *, watch: Callable[[ContactCenter], object] | None = None) -> Outcome:
    """Play a scenario to its first failure or its end. ``watch`` is shown the center, whose log it may want to keep.

    Raises `ConfigError` for what is ``given`` and wrong: no scenario of the file could be played.
    """
    stage = Stage(scenario.given, scenario.file)
    if watch is not None:
        watch(stage.center)
    start = stage.center.clock.now()
    for step in scenario.steps:
        try:
            _play(stage, step, start)
        except StepFailed as failure:
            passed = format_duration(stage.center.clock.now() - start)
            problem = f"step {step.number}, {passed} after the start: {failure}"
            return Outcome(name=scenario.name, file=scenario.file, step=step.number, problem=problem)
    return Outcome(name=scenario.name, file=scenario.file)


def _play(stage: Stage, step: Step, start: datetime) -> None:
    wait = step.after if step.at is None else start + step.at - stage.center.clock.now()
    if wait < timedelta(0):
        raise StepFailed(f"it is later than {format_duration(step.at or timedelta(0))} already")
    stage.network.advance(wait)
    for sentence in step.when:
        _do(stage, sentence)
    stage.network.settle()
    for sentence in step.then:
        _check(stage, sentence)


def _do(stage: Stage, sentence: Sentence) -> None:
    told = f"when {sentence.name} = {sentence.about!r}"
    try:
        sentence.verb.do(stage, sentence.about, sentence.words)
    except SwitchroomError as error:
        kind = type(error).__name__
        if sentence.refused is True or sentence.refused == kind:
            return
        raise StepFailed(f"{told}: {kind}: {error.message}") from error
    if sentence.refused:
        raise StepFailed(f"{told}: is not refused")


def _check(stage: Stage, sentence: Sentence) -> None:
    told = f"then {sentence.name} = {sentence.about!r}"
    try:
        sentence.verb.do(stage, sentence.about, sentence.words)
    except AssertionError as error:
        raise StepFailed(f"{told}: {error}") from error
    except SwitchroomError as error:
        raise StepFailed(f"{told}: {type(error).__name__}: {error.message}") from error
