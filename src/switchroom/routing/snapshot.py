"""The state of routing as plain data and back, in full: what goes on from it does what the original would have done.

Kept is what events have written; what follows from it (rooms, demand and supply classes, the matching index, what a
queue knows of its members) is made anew. Tables keep their order, because it shows in what happens next. A field that
has the value of a new record is left out, and a field that somebody adds to a record is kept without a change here,
unless it is named as derived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from switchroom.kernel.forms import Forms
from switchroom.routing.apply_setup import reseat
from switchroom.routing.fields import Fact, micros
from switchroom.routing.floor import order_of
from switchroom.routing.intake_model import Intake
from switchroom.routing.lifecycle import IN_QUEUE
from switchroom.routing.model import Agent, Team, WorkItem
from switchroom.routing.ordering import FAMILIES, FUNCTION_PLACE
from switchroom.routing.queue_model import Queue
from switchroom.routing.records import START, AgentRecord, AssignmentRecord, ItemRecord, OfferRecord, Phase, QueueRecord
from switchroom.routing.requirements import Requirement
from switchroom.routing.state import Routing

Plain = dict[str, Any]

ITEM_DERIVED = frozenset({"id", "work", "queue", "offers", "assignment", "demand", "course"})
"""Made from other parts of the snapshot: the tables of queues, offers and assignments, and the index."""

ITEM_ALWAYS = ("state", "priority", "submitted_us", "entered_us", "joined_us", "arrival", "tier", "score", "stay",
               "version", "attempt", "watched")  # fmt: skip
ITEM_FORMED = frozenset({"requirement", "attributes", "phase", "declined", "expired", "fired", "past", "schedule"})
ITEM_PLAIN = tuple(s for s in ItemRecord.__slots__ if s not in {*ITEM_DERIVED, *ITEM_ALWAYS, *ITEM_FORMED})

QUEUE_DERIVED = frozenset({
    *("alert_us", "classes", "delays", "family", "features", "in_force", "in_turn", "lane_place", "max_wait_us"),
    *("members", "order", "plain", "ranked", "retry_us", "ring_ends", "rings_us", "sweep_at", "timed", "weight_us"),
})  # fmt: skip
QUEUE_FORMED = frozenset({"id", "spec", "items", "quiet", "recent", "handled", "answered"})
QUEUE_SAVED = tuple(s for s in QueueRecord.__slots__ if s not in {*QUEUE_DERIVED, *QUEUE_FORMED})

AGENT_DERIVED = frozenset({
    *("facts", "memberships", "orders", "plain_order", "room", "seat", "stamps", "standing", "supplies"),
})  # fmt: skip
AGENT_FORMED = frozenset({"id", "spec", "declined", "offers", "assignments"})
AGENT_SAVED = tuple(s for s in AgentRecord.__slots__ if s not in {*AGENT_DERIVED, *AGENT_FORMED})

OFFER_SAVED = tuple(s for s in OfferRecord.__slots__ if s not in {"id", "item", "agent"})
ASSIGNMENT_SAVED = tuple(s for s in AssignmentRecord.__slots__ if s not in {"id", "item", "agent", "queue"})

LAYOUT = (ItemRecord.__slots__, QUEUE_SAVED, AGENT_SAVED, OFFER_SAVED, ASSIGNMENT_SAVED)
"""What a snapshot holds: one of another layout is not read."""

NEW_ITEM = ItemRecord("new", WorkItem(), 0)
_always: Callable[[Any], tuple[Any, ...]] = attrgetter(*ITEM_ALWAYS)
_plain: Callable[[Any], tuple[Any, ...]] = attrgetter(*ITEM_PLAIN)
_NEW_PLAIN = _plain(NEW_ITEM)


# -- saving


def save_routing(r: Routing, forms: Forms) -> Plain:
    """Everything routing knows, between two operations. Linear in the state."""
    assert not r.floor.unsettled, "a state that has not settled is not kept"
    queues = _queues_of(r)
    number = {id(queue): place for place, queue in enumerate(queues)}
    places = {item: place for place, item in enumerate(r.items)}
    return {
        "kinds": [[medium, cost, list(labels)] for medium, cost, labels in r.floor.kinds],
        "families": [list(pair) for pair in r.families.items()],
        "queues": [_save_queue(r, queue, places, forms) for queue in queues],
        "agents": [_save_agent(agent, forms) for agent in r.agents.values()],
        "items": [_save_item(item, number, forms) for item in r.items.values()],
        "offers": [[o.id, o.item.id, o.agent.id, *_values(o, OFFER_SAVED)] for o in r.offers.values()],
        "assignments": [_save_assignment(a, number) for a in r.assignments.values()],
        "quiet": list(r.quiet),
        "teams": [forms.plain(team) for team in r.teams.values()],
        "intakes": [forms.plain(intake) for intake in r.intakes.values()],
        "unrouted": list(r.unrouted),
        "ended": [list(pair) for pair in r.ended],
        "leaving": [list(pair) for pair in r.leaving.items()],
        "arrivals": r.arrivals,
        "day": r.day,
    }


def _queues_of(r: Routing) -> list[QueueRecord]:
    """The queues, and those that are removed while an item still remembers them."""
    found = {id(queue): queue for queue in r.queues.values()}
    for item in r.items.values():
        if item.queue is not None:
            found.setdefault(id(item.queue), item.queue)
    for assignment in r.assignments.values():
        if assignment.queue is not None:
            found.setdefault(id(assignment.queue), assignment.queue)
    return list(found.values())


def _values(record: object, names: Iterable[str]) -> list[Any]:
    return [getattr(record, name) for name in names]


def _save_queue(r: Routing, queue: QueueRecord, places: dict[str, int], forms: Forms) -> Plain:
    return {
        "live": r.queues.get(queue.id) is queue,
        "spec": forms.plain(queue.spec),
        "values": _values(queue, QUEUE_SAVED),
        "lately": [list(values) for values in (queue.recent, queue.handled, queue.answered)],
        "items": [places[id] for id in queue.items],
        "quiet": [places[id] for id in queue.quiet],
    }


def _save_agent(agent: AgentRecord, forms: Forms) -> Plain:
    return {
        "spec": forms.plain(agent.spec),
        "values": _values(agent, AGENT_SAVED),
        "declined": list(agent.declined),
    }


def _save_assignment(assignment: AssignmentRecord, number: dict[int, int]) -> list[Any]:
    queue = None if assignment.queue is None else number[id(assignment.queue)]
    current = assignment.item.assignment is assignment
    held = _values(assignment, ASSIGNMENT_SAVED)
    return [assignment.id, assignment.item.id, assignment.agent.id, queue, current, *held]


def _save_item(item: ItemRecord, number: dict[int, int], forms: Forms) -> list[Any]:
    rare: Plain = {}
    values = _plain(item)
    if values != _NEW_PLAIN:
        rare = {name: v for name, v, new in zip(ITEM_PLAIN, values, _NEW_PLAIN, strict=True) if v != new}
    if item.requirement is not None:
        rare["requirement"] = str(item.requirement)
    if item.attributes is not item.work.attributes:
        rare["attributes"] = {k: sorted(v) if isinstance(v, frozenset) else v for k, v in item.attributes.items()}
    if item.phase is not START:
        rare["phase"] = list(item.phase)
    if item.declined is not None:
        rare["declined"] = [list(pair) for pair in item.declined.items()]
    if item.past:
        rare["past"] = [list(pair) for pair in item.past]
    if item.schedule is not None:
        rare["schedule"] = list(item.schedule)
    if item.expired:
        rare["expired"] = sorted(item.expired)
    if item.fired:
        rare["fired"] = sorted(item.fired)
    queue = None if item.queue is None else number[id(item.queue)]
    return [item.id, queue, forms.plain(item.work), _always(item), rare]


# -- loading


def load_routing(r: Routing, plain: Plain, forms: Forms) -> None:
    """Fill a fresh state. Sets no deadline: they come with the kernel's."""
    for medium, cost, labels in plain["kinds"]:
        r.floor.kinds[(medium, cost, tuple(labels))] = len(r.floor.kinds)
    r.families.update((name, place) for name, place in plain["families"])
    queues = [_load_queue(r, saved, forms) for saved in plain["queues"]]
    for saved in plain["agents"]:
        _load_agent(r, saved, forms)
    items = [_load_item(r, saved, queues, forms) for saved in plain["items"]]
    for queue, saved in zip(queues, plain["queues"], strict=True):
        _fill(queue.items, items, saved["items"])
        _fill(queue.quiet, items, saved["quiet"])
    r.quiet.update((name, r.queues[name]) for name in plain["quiet"])
    for saved in plain["offers"]:
        _load_offer(r, saved)
    for saved in plain["assignments"]:
        _load_assignment(r, saved, queues)
    for saved in plain["teams"]:
        team = forms.value(saved, Team)
        r.teams[team.id] = team
    for saved in plain["intakes"]:
        intake = forms.value(saved, Intake)
        r.intakes[intake.id] = intake
    r.unrouted.update((id, r.items[id]) for id in plain["unrouted"])
    r.ended.extend((at, id) for at, id in plain["ended"])
    r.leaving.update((token, due) for token, due in plain["leaving"])
    r.arrivals = plain["arrivals"]
    r.day = plain["day"]
    _stand(r)


def _fill(table: dict[str, ItemRecord], items: list[ItemRecord], places: list[int]) -> None:
    for place in places:
        table[items[place].id] = items[place]


def _load_queue(r: Routing, saved: Plain, forms: Forms) -> QueueRecord:
    spec = forms.value(saved["spec"], Queue)
    queue = QueueRecord(spec.id)
    queue.set_spec(spec)
    known = FAMILIES.get(spec.ordering)
    queue.lane_place, queue.family = known or (FUNCTION_PLACE, r.families[spec.ordering])
    for name, value in zip(QUEUE_SAVED, saved["values"], strict=True):
        setattr(queue, name, value)
    for lately, values in zip((queue.recent, queue.handled, queue.answered), saved["lately"], strict=True):
        lately.extend(values)
    if saved["live"]:
        r.queues[queue.id] = queue
    if r.announce is not None and (spec.messages.greeting, spec.messages.away) != (None, None):
        r.announce()
        r.announce = None
    return queue


def _load_agent(r: Routing, saved: Plain, forms: Forms) -> None:
    spec = forms.value(saved["spec"], Agent)
    agent = r.agents[spec.id] = AgentRecord(spec, 0)
    for name, value in zip(AGENT_SAVED, saved["values"], strict=True):
        setattr(agent, name, value)
    agent.declined = dict.fromkeys(saved["declined"])
    agent.facts = spec.facts()
    agent.memberships = {m.queue: m for m in spec.queues}
    for name in agent.memberships:
        if name in r.queues:
            r.queues[name].members[agent.id] = agent


def _load_item(r: Routing, saved: list[Any], queues: list[QueueRecord], forms: Forms) -> ItemRecord:
    id, queue, work, always, rare = saved
    item = r.items[id] = ItemRecord(id, forms.value(work, WorkItem), 0)
    item.queue = None if queue is None else queues[queue]
    (
        item.state,
        item.priority,
        item.submitted_us,
        item.entered_us,
        item.joined_us,
        item.arrival,
        item.tier,
        item.score,
        item.stay,
        item.version,
        item.attempt,
        item.watched,
    ) = always
    for name, value in rare.items():
        form = _RARE.get(name)
        setattr(item, name, value if form is None else form(value))
    return item


def _facts(saved: dict[str, str | int | float | bool | list[str]]) -> dict[str, Fact]:
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in saved.items()}


_RARE: dict[str, Callable[[Any], Any]] = {
    "requirement": Requirement.parse,
    "attributes": _facts,
    "phase": lambda saved: Phase(*saved),  # never START, even if equal: that one says that nothing is timed
    "declined": dict,
    "expired": frozenset,
    "fired": frozenset,
    "past": lambda saved: tuple([(token, outcome) for token, outcome in saved]),
    "schedule": tuple,
}


def _load_offer(r: Routing, saved: list[Any]) -> None:
    id, item_id, agent_id, *values = saved
    item, agent = r.items[item_id], r.agents[agent_id]
    offer = OfferRecord(id, item, agent, 0, None, 0, None, None)
    for name, value in zip(OFFER_SAVED, values, strict=True):
        setattr(offer, name, value)
    r.offers[id] = agent.offers[id] = offer
    item.offers = (*item.offers, offer)
    agent.room.add(item.work.medium, offer.units, item.work.labels)


def _load_assignment(r: Routing, saved: list[Any], queues: list[QueueRecord]) -> None:
    id, item_id, agent_id, queue, current, *values = saved
    item, agent = r.items[item_id], r.agents[agent_id]
    assignment = AssignmentRecord(id, item, agent, 0, 0)
    assignment.queue = None if queue is None else queues[queue]
    for name, value in zip(ASSIGNMENT_SAVED, values, strict=True):
        setattr(assignment, name, value)
    r.assignments[id] = agent.assignments[id] = assignment
    if current:
        item.assignment = assignment
    if assignment.share:
        agent.room.add(item.work.medium, assignment.units, item.work.labels)


def _stand(r: Routing) -> None:
    """Derive what queues know of their members; put agents and items where matching finds them."""
    for queue in r.queues.values():
        memberships = [agent.memberships[queue.id] for agent in queue.members.values()]
        queue.delays = tuple(sorted({micros(m.delay) for m in memberships} - {0}))
        queue.ranked = len({m.place for m in memberships}) > 1
        queue.order = order_of(queue)
    reseat(r, r.agents.values())
    for item in r.items.values():
        if item.state in IN_QUEUE:
            r.floor.place(item)
    for agent in r.agents.values():
        r.floor.stand(agent)
    r.floor.unsettled.clear()
