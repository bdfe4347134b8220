"""``center.sources``: systems that work comes from. Their tasks come in, and our changes go back to their sinks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import attrs

from switchroom.errors import DeliveryFailed, DuplicateId
from switchroom.kernel.vertical import Access, VerticalRunner
from switchroom.workitems import setup, tasks
from switchroom.workitems.files import Loaded, load_csv, load_json_lines
from switchroom.workitems.source_model import Source
from switchroom.workitems.state import WorkItems
from switchroom.workitems.sync import SYNC


class SourceSink(Protocol):
    """Where the changes of a source's work go.

    ``deliver`` is called after the change is committed, for the changes of one piece of work in their order. Returning
    means that it is taken; ``DeliveryRefused`` gives it up, anything else is tried again with growing waits. After a
    crash a change may come twice: ``key`` tells, and ``sequence`` in the change grows with each of the same work.
    """

    def deliver(self, key: str, change: Mapping[str, Any]) -> None:
        """Hand over one change."""
        ...


class MemorySink:
    """A sink for tests: keeps what it is given, once for each key, and fails as often as told."""

    def __init__(self) -> None:
        self.changes: list[Mapping[str, Any]] = []
        self.failures = 0
        """How many of the next deliveries fail."""
        self._keys: set[str] = set()

    def deliver(self, key: str, change: Mapping[str, Any]) -> None:
        """Keep a change; a repeated key changes nothing."""
        if self.failures:
            self.failures -= 1
            raise DeliveryFailed("told to fail")
        if key not in self._keys:
            self._keys.add(key)
            self.changes.append(change)


class SyncEffect(Protocol):
    """What the edge hands to a handler."""

    @property
    def id(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


class EffectHandlers(Protocol):
    """Where handlers of effects are registered."""

    def register(self, kind: str, handler: Callable[[Any], Mapping[str, Any] | None]) -> None: ...


@attrs.frozen(kw_only=True)
class SourceView:
    """A source: its settings, and whether a sink is connected in this process."""

    spec: Source
    connected: bool


class SourcesFront:
    """Sources: their settings, their tasks, their sinks."""

    def __init__(self, runner: VerticalRunner, effects: EffectHandlers) -> None:
        self._work: Access[WorkItems] = Access(runner, "workitems")
        self._effects = effects
        self._sinks: dict[str, SourceSink] = {}

    def save(self, spec: Source, *, command_id: str | None = None) -> None:
        """Add or change a source. Refuses rules that name what is not there."""
        self._work.run(setup.save_source, spec, command_id=command_id)

    def get(self, source: str) -> SourceView:
        """A source as it is now."""
        spec = self._work.look(lambda w: w.source(source))
        return SourceView(spec=spec, connected=source in self._sinks)

    def ids(self) -> tuple[str, ...]:
        """The ids of the sources, sorted."""
        return self._work.look(lambda w: tuple(sorted(w.sources)))

    def connect(self, source: str, sink: SourceSink) -> None:
        """Let changes of a source's work go to a sink. ``center.effects.deliver()`` hands over what is ready; what was
        given up is in ``center.effects.dead()``, to be retried or dropped. A source has one sink."""
        self._work.look(lambda w: w.source(source))
        if source in self._sinks:
            raise DuplicateId("sink", source)
        if not self._sinks:
            self._effects.register(SYNC, self._deliver)
        self._sinks[source] = sink

    def _deliver(self, effect: SyncEffect) -> None:
        sink = self._sinks.get(str(effect.body["source"]))
        if sink is None:
            raise DeliveryFailed("no sink is connected")
        sink.deliver(effect.id, effect.body)

    def receive(self, source: str, task: Mapping[str, Any], *, command_id: str | None = None) -> str:
        """Take in a task of a source, or what it says about one that is known; returns the id of the work.

        ``external_id`` is what the source calls it. ``operation``: submit (the default; again changes nothing), update,
        status, suspend, resume, cancel, complete, reopen, note. Fields of work: worktype, queue, workbin, priority,
        due, at, contact, journey, division, links, code, reason, note, status; all others are attributes.
        """
        return self._work.run(tasks.receive, source, dict(task), False, command_id=command_id)

    def load_csv(self, source: str, file: str | Iterable[str]) -> Loaded:
        """Take in the tasks of a CSV file (its text, or its lines; open it with ``newline=""``), a row each.

        Texts are read as the worktype says; lists are separated by ``;``. Refused rows are told, the others taken.
        """
        return load_csv(file, lambda row: self._work.run(tasks.receive, source, row, True))

    def load_json_lines(self, source: str, file: str | Iterable[str]) -> Loaded:
        """Take in the tasks of a file with one JSON table a line. Refused lines are told, the others taken."""
        return load_json_lines(file, lambda row: self.receive(source, row))
