"""Scenario files as tests of pytest: one test a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from switchroom.errors import ConfigError
from switchroom.testing.plugin import watched
from switchroom.testing.scenario_model import Scenario
from switchroom.testing.scenario_reader import load
from switchroom.testing.scenario_run import run

N = TypeVar("N", bound=pytest.Item | pytest.Collector)


def _made(kind: type[N], parent: pytest.Collector, **given: object) -> N:
    """A node of pytest, whose constructors have no types."""
    make: Callable[..., N] = getattr(kind, "from_parent")  # noqa: B009
    return make(parent, **given)


class ScenarioFailed(Exception):
    """A scenario does not hold; the message says where and why."""


class ScenarioTest(pytest.Item):
    """One scenario."""

    scenario: Scenario

    def runtest(self) -> None:
        """Play it."""
        outcome = run(self.scenario, watch=self.stash.setdefault(watched, []).append)
        if not outcome.ok:
            raise ScenarioFailed(outcome.problem)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The words of the scenario, without Python's."""
        if isinstance(excinfo.value, ScenarioFailed | ConfigError):
            return f"{self.scenario.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands."""
        return self.path, None, self.scenario.name


class ScenarioFile(pytest.File):
    """A file of scenarios."""

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path) -> ScenarioFile:
        """The collector of a file."""
        return _made(cls, parent, path=path)

    def collect(self) -> Iterator[ScenarioTest]:
        """One test a scenario; a file that is not understood is an error of collection that names the place."""
        try:
            scenarios = load(self.path)
        except (ConfigError, ImportError) as error:
            raise self.CollectError(str(error)) from None
        for scenario in scenarios:
            test = _made(ScenarioTest, self, name=scenario.name)
            test.scenario = scenario
            yield test
