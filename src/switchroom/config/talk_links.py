"""What the part of a configuration about conversations says twice, or says of something that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from switchroom.config.place import Place
from switchroom.conversations.flow_model import Branch, Classify, CreateWork, Flow, FlowStep, Jump, RouteTo
from switchroom.errors import quote

if TYPE_CHECKING:
    from switchroom.config.model import Configuration


def check(configuration: Configuration) -> None:
    """Raise `ConfigError` for the first mistake. Linear."""
    known = _Known(configuration)
    for line in configuration.lines:
        known.need("flow", line.flow, Place(table=f"line.{line.id}", key="flow"))
    for flow in configuration.flows:
        _check_flow(flow, known)
    for response in configuration.canned:
        known.need_all("queue", response.queues, Place(table=f"canned.{response.id}", key="queues"))
    for form in configuration.forms:
        known.need_all("queue", form.queues, Place(table=f"form.{form.id}", key="queues"))


class _Known:
    """The ids of everything that conversations may name."""

    def __init__(self, configuration: Configuration) -> None:
        self._ids = {
            "queue": [spec.id for spec in configuration.queues],
            "agent": [spec.id for spec in configuration.agents],
            "team": [spec.id for spec in configuration.teams],
            "worktype": [spec.id for spec in configuration.worktypes],
            "flow": _once("flow", configuration.flows),
            "classifier": _once("classifier", configuration.classifiers),
        }
        _once("canned", configuration.canned)
        _once("form", configuration.forms)
        _once("dnc", configuration.dnc)

    def need(self, kind: str, name: str | None, place: Place) -> None:
        """Refuse a name that nothing has; None is nobody's."""
        if name is not None and name not in self._ids[kind]:
            raise place.unknown(kind, name, self._ids[kind])

    def need_all(self, kind: str, names: Iterable[str], place: Place) -> None:
        for number, name in enumerate(names):
            self.need(kind, name, place.item(number))


def _once(kind: str, specs: Sequence[Any]) -> list[str]:
    ids: list[str] = []
    for spec in specs:
        if spec.id in ids:
            raise Place(table=f"{kind}.{spec.id}").wrong(f"{kind} {quote(spec.id)} is there twice")
        ids.append(spec.id)
    return ids


def _check_flow(flow: Flow, known: _Known) -> None:
    for name, step in flow.steps.items():
        _check_step(step, known, Place(table=f"flow.{flow.id}.steps.{name}"))


def _check_step(step: FlowStep, known: _Known, place: Place) -> None:
    if isinstance(step, RouteTo):
        known.need("queue", step.queue, place.at("route"))
        known.need("agent", step.agent, place.at("agent"))
        known.need("team", step.team, place.at("team"))
    elif isinstance(step, Branch):
        known.need("queue", step.queue, place.at("queue"))
    elif isinstance(step, Jump):
        known.need("flow", step.flow, place.at("jump"))
    elif isinstance(step, Classify):
        known.need("classifier", step.classifier, place.at("classify"))
    elif isinstance(step, CreateWork):
        known.need("worktype", step.worktype, place.at("create_work"))
