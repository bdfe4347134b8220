"""A configuration applied to a running center, as one operation: it happens as a whole, or not at all.

What can be wrong is looked for before the first event. Should something be refused later all the same, the operation
as a whole is undone, as any operation is that fails in the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from switchroom.config import outbound_links
from switchroom.config.place import Place
from switchroom.consent import state as consent
from switchroom.conversations import canned, desk, flows, quality
from switchroom.conversations.beside import beside_of
from switchroom.conversations.state import Conversations
from switchroom.errors import NotAllowed, SwitchroomError, quote
from switchroom.kernel.transaction import Transaction
from switchroom.outbound.state import Outbound
from switchroom.routing import agents, intake, queues, work
from switchroom.routing.escalation_model import CallFunction, MoveTo
from switchroom.routing.lifecycle import IN_HAND, PARKED
from switchroom.routing.queue_model import FUNCTION, Queue
from switchroom.routing.records import ItemRecord
from switchroom.routing.state import Routing
from switchroom.workitems import setup
from switchroom.workitems.model import Worktype
from switchroom.workitems.shelving import work_of
from switchroom.workitems.state import PLAIN, WorkItems

if TYPE_CHECKING:
    from switchroom.config.model import Configuration


def apply(
    tx: Transaction,
    c: Conversations,
    configuration: Configuration,
    zone: str,
    remove: bool,
    move: Mapping[str, str],
) -> None:
    """Add and change what the configuration has; remove what it has not, if asked; see ``Configuration.apply``."""
    r = c.routing
    _check_zone(configuration, zone)
    _check_functions(r, configuration.queues)
    _check_work_functions(r, configuration.worktypes)
    _check_lines(c, configuration)
    leaving = _Leaving(c, configuration, move) if remove or move else None
    if leaving is not None:
        leaving.check()
    _save_queues(tx, r, configuration.queues)
    for agent in configuration.agents:
        agents.save(tx, r, agent, agent.id not in r.agents)
    for team in configuration.teams:
        if r.teams.get(team.id) != team:
            agents.save_team(tx, r, team)
    for rules in configuration.intakes:
        if r.intakes.get(rules.id) != rules:
            intake.save(tx, r, rules)
    for line in configuration.lines:
        if c.lines.get(line.id) != line:
            desk.save_line(tx, c, line)
    _save_work(tx, work_of(r), configuration)
    _save_talk(tx, c, configuration)
    outbound_links.save(tx, outbound_of(c), configuration)
    if leaving is not None:
        leaving.go(tx)


def parts_of(c: Conversations) -> dict[str, list[object]]:
    """The specs that a center has, by the field of a configuration that holds them; by id."""
    r = c.routing
    w, beside = work_of(r), beside_of(c)
    found: dict[str, list[object]] = {
        "queues": [r.queues[id].spec for id in sorted(r.queues)],
        "agents": [r.agents[id].spec for id in sorted(r.agents)],
        "teams": [r.teams[id] for id in sorted(r.teams)],
        "intakes": [r.intakes[id] for id in sorted(r.intakes)],
        "lines": [c.lines[id] for id in sorted(c.lines)],
        "classifiers": [beside.flows.classifiers[id] for id in sorted(beside.flows.classifiers)],
        "flows": [beside.flows.flows[id] for id in sorted(beside.flows.flows)],
        "canned": [beside.library.responses[id] for id in sorted(beside.library.responses)],
        "forms": [beside.quality.forms[id] for id in sorted(beside.quality.forms)],
        "calendars": [w.calendars[id] for id in sorted(w.calendars)],
        "workbins": [w.workbins[id] for id in sorted(w.workbins)],
        "distributions": [w.distributions[id] for id in sorted(w.distributions)],
        "worktypes": [w.worktypes[id] for id in sorted(w.worktypes) if id != PLAIN],
        "sources": [w.sources[id] for id in sorted(w.sources)],
    }
    return found | outbound_links.parts_of(outbound_of(c))


def outbound_of(c: Conversations) -> Outbound:
    """What is sent from the lines of these conversations: the center's wiring has put it there."""
    assert isinstance(c.outbound, Outbound), "conversations without a center"
    return c.outbound


def _save_talk(tx: Transaction, c: Conversations, configuration: Configuration) -> None:
    """What conversations go by, each after what it names; flows together, because they jump to each other."""
    beside = beside_of(c)
    for classifier in configuration.classifiers:
        if beside.flows.classifiers.get(classifier.id) != classifier:
            flows.save_classifier(tx, beside.flows, classifier)
    flows.save(tx, beside.flows, tuple(f for f in configuration.flows if beside.flows.flows.get(f.id) != f))
    for response in configuration.canned:
        if beside.library.responses.get(response.id) != response:
            canned.save(tx, beside.library, response)
    for form in configuration.forms:
        if beside.quality.forms.get(form.id) != form:
            quality.save_form(tx, beside.quality, form)
    for listed in configuration.dnc:
        for address in listed.addresses:
            keys = c.consent.digests(address.suppression_keys)
            consent.list_address(tx, c.consent, listed.id, keys, listed.reason)


def _save_work(tx: Transaction, w: WorkItems, configuration: Configuration) -> None:
    """What work goes by, each after what it names."""
    changed: list[tuple[Iterable[Any], dict[str, Any], Callable[[Transaction, WorkItems, Any], None]]] = [
        (configuration.calendars, w.calendars, setup.save_calendar),
        (configuration.workbins, w.workbins, setup.save_workbin),
        (configuration.distributions, w.distributions, setup.save_distribution),
        (configuration.worktypes, w.worktypes, setup.save_worktype),
        (configuration.sources, w.sources, setup.save_source),
    ]
    for specs, known, save in changed:
        for spec in specs:
            if known.get(spec.id) != spec:
                save(tx, w, spec)


# -- what has to fit


def _check_zone(configuration: Configuration, zone: str) -> None:
    if configuration.zone != zone:
        problem = f"the days of this center begin in {zone}: a running center keeps its zone"
        raise Place(key="zone").wrong(problem)


def _check_functions(r: Routing, specs: Iterable[Queue]) -> None:
    for spec in specs:
        place = Place(table=f"queue.{spec.id}")
        for field in ("ordering", "selection"):
            value: str = getattr(spec, field)
            if value.startswith(FUNCTION):
                _check_function(r, value.removeprefix(FUNCTION), place.at(field))
        for number, rule in enumerate(spec.escalations):
            for action in rule.actions:
                if isinstance(action, CallFunction):
                    _check_function(r, action.name, place.at("escalations").item(number))


def _check_work_functions(r: Routing, specs: Iterable[Worktype]) -> None:
    for spec in specs:
        if spec.id == PLAIN:
            raise Place(table=f"worktype.{PLAIN}").wrong("this worktype is that of items without one")
        rules = () if spec.sla is None else spec.sla.rules
        for number, rule in enumerate(rules):
            for action in rule.actions:
                if isinstance(action, CallFunction):
                    _check_function(r, action.name, Place(table=f"worktype.{spec.id}").at("sla.rules").item(number))


def _check_function(r: Routing, name: str, place: Place) -> None:
    try:
        r.functions.require(name)
    except SwitchroomError as error:
        raise place.wrong(error.message) from None


def _check_lines(c: Conversations, configuration: Configuration) -> None:
    mine = {line.id for line in configuration.lines}
    for line in configuration.lines:
        place = Place(table=f"line.{line.id}", key="address")
        try:
            c.channel(line.address.channel)
        except SwitchroomError as error:
            raise place.wrong(error.message) from None
        owner = c.by_address.get(f"{line.address.channel}:{line.address.value}")
        if owner is not None and owner not in mine:
            raise place.wrong(f"line {quote(owner)} of the center has this address")


# -- queues, which name each other


def _save_queues(tx: Transaction, r: Routing, specs: Sequence[Queue]) -> None:
    """Save each queue after those that it names. Where they name each other in circles, first without the names."""
    for spec in specs:
        known = r.queues.get(spec.id)
        if known is not None and known.spec.overflow not in (None, spec.overflow):
            # Old ways to overflow could close a circle with the new ones.
            cut = attrs.evolve(known.spec, overflow=None, on_close="stay", outside_hours="wait")
            queues.save(tx, r, cut, new=False)
    later: list[Queue] = []
    for spec in _overflows_first(specs):
        named = {action.queue for rule in spec.escalations for action in rule.actions if isinstance(action, MoveTo)}
        known_ids = {*r.queues, spec.id}
        if named - known_ids:
            later.append(spec)
        first = attrs.evolve(spec, escalations=()) if named - known_ids else spec
        queues.save(tx, r, first, spec.id not in r.queues)
    for spec in later:
        queues.save(tx, r, spec, new=False)


def _overflows_first(specs: Sequence[Queue]) -> list[Queue]:
    """The queues in an order in which each follows the one that it overflows to; overflow has no circles."""
    by_id = {spec.id: spec for spec in specs}
    found: dict[str, Queue] = {}
    for spec in specs:
        chain: list[Queue] = []
        following: Queue | None = spec
        while following is not None and following.id not in found:
            chain.append(following)
            following = by_id.get(following.overflow or "")
        found.update({one.id: one for one in reversed(chain)})
    return list(found.values())


# -- what goes


class _Leaving:
    """The queues and agents that the configuration does not have, and where the work of the queues goes."""

    def __init__(self, c: Conversations, configuration: Configuration, move: Mapping[str, str]) -> None:
        self._c = c
        self._r = c.routing
        self._configuration = configuration
        self._move = move
        kept = {queue.id for queue in configuration.queues}
        staff = {agent.id for agent in configuration.agents}
        self._queues = [id for id in sorted(self._r.queues) if id not in kept]
        self._agents = [id for id in sorted(self._r.agents) if id not in staff]

    def check(self) -> None:
        """Refuse what cannot go now: queues that hold work which nobody takes, or are named; agents at work."""
        kept = {queue.id for queue in self._configuration.queues}
        for source, target in self._move.items():
            if source not in self._queues:
                raise Place(key="move").wrong(f"queue {quote(source)} does not go")
            if target not in kept:
                raise Place(key="move").unknown("queue", target, kept)
        for id in self._queues:
            self._check_queue(id)
        for id in self._agents:
            held = self._r.agents[id].assignments
            if held:
                raise NotAllowed("remove", "agent", id, f"holding {len(held)} items")

    def _check_queue(self, id: str) -> None:
        waiting = len(self._r.queues[id].items)
        if waiting and id not in self._move:
            raise NotAllowed("remove", "queue", id, f"holding {waiting} items that wait: say with move where they go")
        other = sum(1 for item in self._r.items.values() if _tied(item, id))
        if other:
            raise NotAllowed("remove", "queue", id, f"holding {other} items in hand, parked or scheduled")
        users = [*self._users(id)]
        if users:
            raise NotAllowed("remove", "queue", id, f"named by {', '.join(users)}")

    def _users(self, id: str) -> Iterator[str]:
        """The intake rules and lines that stay and name a queue."""
        rewritten = {rules.id for rules in self._configuration.intakes}
        for rules in self._r.intakes.values():
            if rules.id not in rewritten and (rules.fallback == id or any(rule.queue == id for rule in rules.rules)):
                yield f"intake {rules.id}"
        replaced = {line.id for line in self._configuration.lines}
        for line in self._c.lines.values():
            if line.id not in replaced and line.queue == id:
                yield f"line {line.id}"

    def go(self, tx: Transaction) -> None:
        """Move the work that waits, then remove; a queue before the one that it overflows to."""
        r = self._r
        for id in self._queues:
            if id in self._move:
                waiting = sorted(r.queues[id].items.values(), key=lambda item: item.key)
                work.move_many(tx, r, tuple(item.id for item in waiting), self._move[id], True)
        for id in self._agents:
            agents.remove(tx, r, id)
        for spec in reversed(_overflows_first([r.queues[id].spec for id in self._queues])):
            queues.remove(tx, r, spec.id)


def _tied(item: ItemRecord, queue: str) -> bool:
    """Whether an item belongs to a queue without waiting in it."""
    if item.schedule is not None and item.schedule[2] == queue:
        return True
    return item.state in IN_HAND | {PARKED} and item.queue is not None and item.queue.id == queue
