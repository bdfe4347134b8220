"""Scenarios as values: what is given, and steps of what happens and what must then be so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from switchroom.config.place import Place

if TYPE_CHECKING:
    from switchroom.testing.scenario_stage import Stage

Words = Mapping[str, Any]
"""The table of one action or check, as the file has it."""


@attrs.frozen
class Verb:
    """A word that a step may use: what it does, and which words may stand beside it, needed ones first."""

    do: Callable[[Stage, Any, Words], None]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


@attrs.frozen
class Sentence:
    """One action or check: its verb, what the verb is about, and the other words; ``place`` is where it stands."""

    name: str
    verb: Verb
    about: Any
    words: Words
    place: Place
    refused: str | bool = False


@attrs.frozen(kw_only=True)
class Step:
    """What happens and what must then be so, ``after`` some time since the step before, or ``at`` one of the scenario.

    ``number`` counts from 1, as people do.
    """

    number: int
    at: timedelta | None
    after: timedelta
    when: tuple[Sentence, ...]
    then: tuple[Sentence, ...]


@attrs.frozen(kw_only=True)
class Scenario:
    """One scenario of a file; ``given`` is the file's."""

    name: str
    file: str
    given: Words
    steps: tuple[Step, ...]


@attrs.frozen(kw_only=True)
class Outcome:
    """How a scenario ended: ``step`` and ``problem`` say where and why it failed; both are empty if it did not."""

    name: str
    file: str
    step: int | None = None
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether all of it held."""
        return self.step is None

    def to_dict(self) -> dict[str, str | int | bool | None]:
        """Plain data, ready for JSON."""
        return {"file": self.file, "name": self.name, "ok": self.ok, "step": self.step, "problem": self.problem}
