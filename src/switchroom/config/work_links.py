"""What the part of a configuration about work says twice, or says of something that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from switchroom.config.place import Place
from switchroom.errors import quote
from switchroom.routing.escalation_model import Action, MoveTo, ParkIn
from switchroom.workitems.access import AGENT, SUPERVISOR, TEAM, WORKBIN
from switchroom.workitems.model import TimeRule, Worktype
from switchroom.workitems.source_model import Source

if TYPE_CHECKING:
    from switchroom.config.model import Configuration


class _Known:
    """The ids of everything that work may name."""

    def __init__(self, configuration: Configuration) -> None:
        self._ids: dict[str, list[str]] = {
            "queue": [spec.id for spec in configuration.queues],
            AGENT: [spec.id for spec in configuration.agents],
            TEAM: [spec.id for spec in configuration.teams],
        }
        for kind, specs in (
            ("calendar", configuration.calendars),
            (WORKBIN, configuration.workbins),
            ("distribution", configuration.distributions),
            ("worktype", configuration.worktypes),
            ("source", configuration.sources),
        ):
            ids = self._ids[kind] = []
            for spec in specs:
                if spec.id in ids:
                    raise Place(table=f"{kind}.{spec.id}").wrong(f"{kind} {quote(spec.id)} is there twice")
                ids.append(spec.id)

    def need(self, kind: str, name: str | None, place: Place) -> None:
        """Refuse a name that nothing has; None is nobody's."""
        if name is not None and name not in self._ids[kind]:
            raise place.unknown(kind, name, self._ids[kind])

    def need_workbin(self, name: str | None, place: Place) -> None:
        """A workbin that is written down, or that of an agent, of a team, or of a team's supervisor."""
        kind, _, rest = (name or "").partition(":")
        if name is None or (kind == SUPERVISOR and not rest):
            return
        if kind in (AGENT, TEAM, SUPERVISOR):
            self.need(TEAM if kind == SUPERVISOR else kind, rest, place)
        else:
            self.need(WORKBIN, name, place)


def check(configuration: Configuration) -> None:
    """Raise `ConfigError` for the first mistake. Linear."""
    known = _Known(configuration)
    for spec in configuration.distributions:
        for queue in spec.shares:
            known.need("queue", queue, Place(table=f"distribution.{spec.id}", key="shares"))
    for worktype in configuration.worktypes:
        _check_worktype(worktype, known)
    for source in configuration.sources:
        _check_source(source, known)


def _check_worktype(spec: Worktype, known: _Known) -> None:
    place = Place(table=f"worktype.{spec.id}")
    known.need("queue", spec.queue, place.at("queue"))
    known.need_workbin(spec.workbin, place.at("workbin"))
    known.need("distribution", spec.distribution, place.at("distribution"))
    rules: list[tuple[str, TimeRule | None]] = [("due", spec.due), ("expires", spec.expires)]
    rules += [("statuses", rule) for status in spec.statuses for rule in status.automatic]
    for key, rule in rules:
        known.need("calendar", None if rule is None else rule.calendar, place.at(key))
    if spec.sla is not None:
        known.need("calendar", spec.sla.calendar, place.at("sla"))
        for number, sla_rule in enumerate(spec.sla.rules):
            _check_actions(sla_rule.actions, place.at("sla").at("rules").item(number), known)


def _check_actions(actions: Iterable[Action], place: Place, known: _Known) -> None:
    for action in actions:
        if isinstance(action, MoveTo):
            known.need("queue", action.queue, place)
        elif isinstance(action, ParkIn) and action.target.startswith(f"{WORKBIN}:"):
            known.need_workbin(action.target.partition(":")[2], place)


def _check_source(spec: Source, known: _Known) -> None:
    place = Place(table=f"source.{spec.id}")
    known.need("worktype", spec.worktype, place.at("worktype"))
    for number, rule in enumerate(spec.rules):
        here = place.at("rules").item(number)
        known.need("worktype", rule.worktype, here.at("worktype"))
        known.need("queue", rule.queue, here.at("queue"))
        known.need_workbin(rule.workbin, here.at("workbin"))
