"""Items of a case as work of the library."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs

from switchroom import WorkItem
from switchroom.routing.model import Expiring, Preferred, Step
from switchroom.routing.requirements import Anyone, Between, Compare, Named, Nobody, Requirement
from tests.scenarios import activation, chains, talk
from tests.scenarios.agents import DEFAULT_MEDIUM, EVERY_ITEM, queue_label
from tests.scenarios.requirements import conjunction, requirements
from tests.scenarios.words import Args, Table, Unsupported
from tests.scenarios.world import OWN, World

DEFAULT_PRIORITY = 1
DEFAULT_PREFERENCE = 30
DIRECT = f"{OWN}direct"
"""The queue of work for one named agent that names no queue."""

UNSERVED = {
    "owner": "fair share between owners",
    "urgent": "fair share between owners",
    "sender": "conversations",
    "text": "conversations",
}


@attrs.define
class Wishes:
    """What an item asks for, collected word by word."""

    always: list[Requirement]
    expiring: tuple[Expiring, ...]
    steps: tuple[Step, ...] = ()
    preferred: Preferred | None = None
    scores: dict[str, float] | None = None


def enqueue(world: World, args: Args, id: str | None = None, entered: datetime | None = None) -> str:
    """Take in an item with everything that the step says about it."""
    id = str(args.need("item")) if id is None else id
    if talk.is_conversation(world, args.table):
        talk.begin(world, id, args.need("queue"), args.need("contact"))
        return id
    for name, meaning in UNSERVED.items():
        if args.get(name) is not None:
            raise Unsupported(f"enqueue {name}: {meaning}")
    queue, policy = args.get("queue"), args.get("policy")
    wishes = _wishes(world, args, queue)
    link = _first_link(world, policy, queue)
    if link is not None:
        place = chains.Place(policy, 0, conjunction(wishes.always))
        wishes.always = [chains.wanted(place, link)]
        queue, policy = link.queue, None
    if queue is None and args.has("direct_agent"):
        queue = DIRECT
    worktype = activation.worktype(world, id, args.get("scheduled_at"))
    work = WorkItem(
        id,
        queue=queue,
        worktype=worktype,
        medium=args.get("channel") or DEFAULT_MEDIUM,
        channel=args.get("channel"),
        requirement=conjunction([w for w in wishes.always if w != Anyone()]),
        priority=_priority(world, args, queue, link),
        attributes=facts(args.get("attributes") or {}),
        contact=args.get("contact"),
        steps=wishes.steps,
        expiring=wishes.expiring,
        preferred=wishes.preferred,
        scores=wishes.scores,
        entered=entered or _entered(world, args, queue),
        at=_later(world, args) if worktype is None else None,
        cost=args.get("cost"),
        labels=labels(world, args, queue),
        position=args.get("position"),
        parked=bool(args.get("suspended", False)) or worktype is not None,
        exclude=tuple(args.get("exclude_agents") or ()),
    )
    args.done()
    if link is not None:
        world.chains[id] = place
    world.center.work.submit(work, intake=policy if queue is None else None)
    _give_to_manager(world, id, work.contact)
    _refuse_unserved(world, id, work)
    world.first_versions[id] = world.center.work.get(id).version
    return id


def labels(world: World, args: Args, queue: str | None) -> tuple[str, ...]:
    own = tuple(f"l:{label}" for label in args.get("labels") or ())
    return (EVERY_ITEM, *own) if queue is None else (EVERY_ITEM, queue_label(queue), *own)


def facts(table: Table) -> dict[str, Any]:
    """Attributes as the library takes them: lists are sets of texts, what is empty is absent."""
    return {k: frozenset(v) if isinstance(v, list) else v for k, v in table.items() if v is not None}


def _first_link(world: World, policy: str | None, queue: str | None) -> chains.Target | None:
    if policy is None or queue is not None or world.policies.get(policy, {}).get("kind") != "target_chain":
        return None
    return chains.targets_of(world, policy)[0]


def _priority(world: World, args: Args, queue: str | None, link: chains.Target | None) -> int:
    base = args.get("base_score")
    if base is not None:
        if world.queues.get(queue or "", {}).get("scoring") != "seconds_waited_plus_base":
            raise Unsupported("enqueue base_score, where the queue does not count it")
        args.get("priority")
        return int(base)
    given = args.get("priority")
    if given is None and link is not None and link.priority is not None:
        return link.priority
    return DEFAULT_PRIORITY if given is None else given


def _entered(world: World, args: Args, queue: str | None) -> datetime | None:
    """Time already spent before queueing, where the queue counts it."""
    age = args.get("contact_age")
    if age is None or not world.queues.get(queue or "", {}).get("count_time_before_queue"):
        return None
    return world.at(world.now() - age)


def _later(world: World, args: Args) -> datetime | None:
    at = args.get("scheduled_at")
    return None if at is None else world.when(at)


# -- who may or should take it


def _wishes(world: World, args: Args, queue: str | None) -> Wishes:
    always, expiring = requirements(args.get("requires"))
    found = Wishes([always], expiring)
    direct, team = args.get("direct_agent"), args.get("team")
    least, most = args.get("penalty_min"), args.get("penalty_max")
    if team is not None:
        found.always.append(_team(world, team))
    if least is not None or most is not None:
        low, high = 0 if least is None else least, 1_000_000 if most is None else most
        found.always.append(Between(f"x_penalty_{queue}", low, high))
    if "assign_new_to_bot" in world.settings:
        kind = "bot" if world.settings["assign_new_to_bot"] and _has_bot(world, queue) else "human"
        found.always.append(Compare("x_kind", "==", kind))
    timeout = args.get("preferred_timeout")
    preferred = args.get("preferred") or []
    if direct is not None and timeout is not None:
        found.expiring = (*found.expiring, Expiring(Named(frozenset({direct})), timeout))
    elif direct is not None:
        found.always.append(Named(frozenset({direct})))
    _prefer(world, found, preferred, timeout, queue)
    _prefer_last_agent(world, args, found, queue)
    return found


def _team(world: World, team: str) -> Requirement:
    """Members of the team only; nobody by itself where the team does not assign by itself."""
    known = world.teams.get(team)
    if known is None:
        raise Unsupported(f"a team that is not given: {team}")
    return Compare("x_teams", "==", team) if known.get("auto_assign", True) else Nobody()


def _has_bot(world: World, queue: str | None) -> bool:
    members = world.members(queue) if queue is not None else list(world.agents)
    return any(world.agents[a].get("kind") == "bot" for a in members)


def _prefer(world: World, found: Wishes, preferred: list[Any], timeout: float | None, queue: str | None) -> None:
    """Preferred agents with scores: they alone for the time, then anybody; or ring by ring, the best first."""
    if not preferred:
        return
    tables = [one if isinstance(one, dict) else {"agent": one} for one in preferred]
    scores = {str(table["agent"]): float(table.get("score", 100)) for table in tables}
    best_first = sorted(scores, key=lambda agent: -scores[agent])
    found.scores = scores
    rings = world.queues.get(queue or "", {}).get("preferred_rings")
    if rings:
        found.steps = tuple(_preferred_rings(rings, best_first))
        return
    wait = DEFAULT_PREFERENCE if timeout is None else timeout
    found.preferred = Preferred(best_first, wait=wait)


def _preferred_rings(rings: list[Table], best_first: list[str]) -> list[Step]:
    found: list[Step] = []
    for table in rings:
        ring = Args("preferred ring", table)
        top = best_first[: ring.first("top", "count", "n")]
        found.append(Step(Named(frozenset(top)), ring.first("seconds", "wait", "timeout")))
        ring.done()
    return [*found, Step(Anyone())]


def _prefer_last_agent(world: World, args: Args, found: Wishes, queue: str | None) -> None:
    """The last agent of the contact, alone for a while: as a member of the queue, or wherever he or she works."""
    rule, contact = world.settings.get("last_agent"), args.get("contact")
    threaded = args.get("thread", False)
    if rule in (None, False) or contact is None:
        return
    if rule not in ("conversation_queue", "any_queue", "any", True):
        raise Unsupported(f"setting last_agent: {rule}")
    agent = world.contacts.get(contact, {}).get("last_agent")
    if agent is None or not (threaded or rule is True) or found.preferred is not None:
        return
    wait = world.settings.get("last_agent_timeout", DEFAULT_PREFERENCE)
    if rule in ("any_queue", "any"):
        found.expiring = (*found.expiring, Expiring(Named(frozenset({agent})), wait))
    else:
        found.preferred = Preferred([agent], wait=wait)


# -- after submission


def _give_to_manager(world: World, id: str, contact: str | None) -> None:
    """The manager of a contact gets its work by hand, where that is set and the manager is there and has room."""
    manager = world.contacts.get(contact or "", {}).get("manager")
    if manager is None or not world.settings.get("prefer_contact_manager"):
        return
    view = world.center.agents.get(manager)
    item = world.center.work.get(id)
    if view.presence == "on_queue" and view.used < view.capacity and item.assignment is None:
        world.center.work.assign(id, manager, by="contact manager")


def _refuse_unserved(world: World, id: str, work: WorkItem) -> None:
    """Where work is not to wait for capacity, the library has no counterpart."""
    table = world.queues.get(work.queue or "", {})
    waits = table.get("waiting_queue", world.settings.get("waiting_queue"))
    if waits is False and world.center.work.get(id).state == "waiting" and table.get("mode") != "manual":
        raise Unsupported("queue field waiting_queue: false, with nobody who has room")


def add_given(world: World, table: Table) -> None:
    """An item that is there when the case begins."""
    args = Args("item", table)
    id, assignee = str(args.need("id")), args.get("assignee")
    state = args.get("state", "open")
    if state not in ("open", "queued", "assigned", "waiting"):
        raise Unsupported(f"an item that is {state} from the start")
    created, active = args.get("created_ago", 0), args.get("last_activity_ago")
    queue = args.get("queue")
    by_activity = world.queues.get(queue or "", {}).get("order") == "longest_inactive"
    ago = active if by_activity and active is not None else created
    enqueue(world, args, id, world.at(-ago) if ago else None)
    if assignee is not None:
        world.center.work.assign(talk.item_of(world, id), assignee, over_capacity=True, by="before the case")
