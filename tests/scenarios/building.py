"""From what is given to a center in that state."""

from __future__ import annotations

from functools import partial
from typing import Any

from attrs import evolve

from switchroom import Presence, Queue, WorkItem
from switchroom.routing.requirements import Named
from tests.scenarios import campaigns, choosing, items, policies, talk
from tests.scenarios.agents import DEFAULT_MEDIUM, EVERY_ITEM, agent_spec, presence_of
from tests.scenarios.queues import queue_spec
from tests.scenarios.words import Args, Table, Unsupported
from tests.scenarios.world import HELD, OWN, World

GIVEN = frozenset({"agents", "queues", "policies", "schedules", "settings", "items", "teams", "contacts"})
TALKED = frozenset({"keyword_policy", "keyword_rules", "campaigns"})
"""Words that are served where a case speaks of messages."""
MOST_HELD = 500


def build(case: Table, used: frozenset[str], horizon: float) -> World:
    """A center as the case describes it at t = 0."""
    given: Table = dict(case.get("given") or {})
    campaigning = campaigns.serves(case)
    talking = talk.talks(case) or campaigning
    served = GIVEN | TALKED if talking else GIVEN
    unknown = sorted(set(given) - (served | {"lists"} if campaigning else served))
    if unknown:
        raise Unsupported(f"given {', '.join(unknown)}")
    for contact in given.get("contacts") or []:
        _check_contact(Args(f"contact {contact.get('id')}", contact), campaigning)
    agents = given.get("agents") or []
    before = max([0.0, *(-_since(a) for a in agents)])
    world = World(given, used, before, horizon)
    choosing.register(world)
    _listen(world, talking)
    specs = {id: queue_spec(world, id) for id in world.queues}
    world.open()
    _add_queues(world, specs)
    for policy in world.policies:
        policies.save(world, policy)
    for id in world.agents:
        world.center.agents.add(agent_spec(world, id))
    _sign_in(world)
    for queue, table in world.queues.items():
        _turn(world, queue, table.get("rotation") or [])
    for spec in specs.values():
        world.center.queues.change(spec)
    for id in world.agents:
        if presence_of(world, id) != Presence.ON_QUEUE:
            world.center.agents.set_presence(id, presence_of(world, id))
    aside: list[Table] = []
    if talking:
        talk.prepare(world, case)
        world.campaigning = campaigning
        if campaigning:
            campaigns.prepare(world)
        aside = [t for t in given.get("items") or [] if t.get("state") in talk.ASIDE and talk.is_conversation(world, t)]
    for table in aside:
        talk.add_aside(world, table)
    world.marker = world.storage.end()
    for table in given.get("items") or []:
        if table not in aside:
            items.add_given(world, table)
    return world


def _listen(world: World, talking: bool) -> None:
    world.talking = talking
    world.talk = talk.Talk()
    world.answer = partial(talk.answer_by_rules, world)
    world.keywords = talk.policy(world.given) if talking else None


def _check_contact(args: Args, campaigning: bool) -> None:
    for name in ("id", "manager", "last_agent", "last_contact_ago", "tz", *(["groups"] if campaigning else [])):
        args.get(name)
    status = args.get("status", "active")
    if status not in ("active", "opted_out"):
        raise Unsupported(f"a contact that is {status}: the library does not block people who write")
    args.done()


def _since(agent: Table) -> float:
    """Since when an agent is idle: the later of coming on queue and the last work, as far as given; else t = 0."""
    given = [agent[name] for name in ("available_since", "last_handled") if agent.get(name) is not None]
    return min(0.0, float(max(given))) if given else 0.0


def _add_queues(world: World, specs: dict[str, Queue]) -> None:
    """Queues name each other in their rules, so all are made known first; they open for their rotation."""
    for id in specs:
        world.center.queues.add(Queue(id))
    for spec in specs.values():
        world.center.queues.change(evolve(spec, enabled=True, hours=None, join_when_empty=True))
    world.center.queues.add(Queue(HELD, enabled=False))
    world.center.queues.add(Queue(items.DIRECT, ordering="strict", on_expiry="stay"))


def _sign_in(world: World) -> None:
    """Everybody comes on queue at his or her time, with what is in hand already."""
    for id, table in sorted(world.agents.items(), key=lambda entry: _since(entry[1])):
        world.go(_since(table))
        world.center.agents.sign_in(id)
        _fill(world, id, table.get("used") or 0)
    world.go(0)


def _fill(world: World, agent: str, units: int) -> None:
    """Put so many units of work into the agent's hands: as many items of one unit each."""
    if units > MOST_HELD:
        raise Unsupported(f"agent field used above {MOST_HELD}")
    for number in range(units):
        id = f"{OWN}held-{agent}-{number}"
        work = WorkItem(id, queue=HELD, medium=DEFAULT_MEDIUM, cost=1, labels=(EVERY_ITEM,))
        world.center.work.submit(work)
        world.center.work.assign(id, agent, over_capacity=True, by="before the case")


def _turn(world: World, queue: str, rotation: list[Any]) -> None:
    """Bring the rotation of a queue into the given order: each member in turn gets an offer that is withdrawn."""
    members = world.members(queue)
    for agent in rotation:
        if agent in members:
            probe = WorkItem(
                world.new_probe(), queue=queue, medium="probe", cost=0, requirement=Named(frozenset({agent}))
            )
            world.center.work.submit(probe)
            world.center.work.cancel(str(probe.id))
