"""What the steps of a case do, word by word. The table ``ACTIONS`` at the end is the vocabulary that is served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom import Agent
from switchroom.errors import NotAllowed
from tests.scenarios import campaigns, items, probing, talk
from tests.scenarios.actions_agents import AGENT_ACTIONS
from tests.scenarios.actions_talk import FINISHING, TALK_ACTIONS, finish
from tests.scenarios.actions_work import WORK_ACTIONS
from tests.scenarios.agents import refresh
from tests.scenarios.queues import queue_spec
from tests.scenarios.words import Args, Table, Unsupported, listed
from tests.scenarios.world import OWN, SET_ONCE, SETTINGS, World

Action = Callable[[World, Args], Any]

ELSEWHERE = {
    **dict.fromkeys(("acknowledge",), "confirmation by key"),
    **dict.fromkeys(("mute", "unmute"), "a conversation cannot be muted"),
    **dict.fromkeys(("run_wakeups", "run_auto_resolve"), "no sweeps: what is due happens at its time"),
    **dict.fromkeys(("inbound_call", "inbound_referral"), "rules for calls and links"),
    **dict.fromkeys(("block",), "the library does not block people who write"),
    **dict.fromkeys(("list_add", "list_remove", "list_unsubscribe", "broadcast", "flow_start"), "campaigns"),
    **dict.fromkeys(("contact_import", "contact_update", "contact_delete", "request_batch", "send_batch"), "campaigns"),
    **dict.fromkeys(("lock_agent", "unlock_agent"), "locks of agents between processes"),
    **dict.fromkeys(("archive_queue",), "archives of queues"),
    **dict.fromkeys(("pause_owner", "resume_owner"), "fair share between owners"),
    **dict.fromkeys(("set_outbox", "run_throttle"), "campaigns"),
}


def act(world: World, action: str, args: Args) -> Any:
    """Do what a step says; returns its result, raises what the library refuses with."""
    if action in campaigns.ACTS and world.campaigning:
        return campaigns.ACTS[action](world, args)
    if action in TALK_ACTIONS and world.talking:
        return TALK_ACTIONS[action](world, args)
    if action in ELSEWHERE or action.startswith(("campaign_", "bulk_reopen")):
        raise Unsupported(f"action {action}: {ELSEWHERE.get(action, 'campaigns and conversations')}")
    if action not in ACTIONS:
        raise Unsupported(f"action {action}")
    if action in FINISHING and args.get("item") in world.talk.conversations:
        return finish(world, args)
    return ACTIONS[action](world, talk.translated(world, args))


# -- items enter


def _enqueue(world: World, args: Args) -> str:
    return items.enqueue(world, args)


def _enqueue_many(world: World, args: Args) -> list[str]:
    prefix, count = args.need("prefix"), args.need("count")
    table = {name: args.get(name) for name in list(args.rest())}
    args.done()
    return [items.enqueue(world, Args("enqueue", table), f"{prefix}{n}") for n in range(1, count + 1)]


def _rejoin(world: World, args: Args) -> str:
    """The same contact comes back: within the queue's window with the time of entry that the first item had."""
    queue, contact = args.need("queue"), args.get("contact")
    window = _table(world, queue).get("rejoin_window")
    entered = None
    if window:
        left = [
            r.event.item
            for r in world.storage.read(world.marker)
            if r.type == "routing.item_ended" and r.event.state == "abandoned" and world.t(r.at) >= world.now() - window
        ]
        own = [
            i for i in left if world.center.work.get(i).contact == contact and world.center.work.get(i).queue == queue
        ]
        entered = world.center.work.get(own[-1]).entered if own else None
    return items.enqueue(world, args, entered=entered)


# -- queues and settings


def _table(world: World, queue: str) -> Table:
    """What the case says about a queue; the library refuses one that does not exist."""
    world.center.queues.settings(queue)
    return world.queues[queue]


def _delete_queue(world: World, args: Args) -> None:
    queue = args.need("queue")
    args.done()
    world.center.queues.remove(queue)


def _queue_update(world: World, args: Args) -> None:
    queue = args.need("queue")
    fields = {name: args.get(name) for name in list(args.rest())}
    before = dict(_table(world, queue))
    _table(world, queue).update(fields)
    try:
        _refresh_all(world)
    except Exception:
        world.queues[queue] = before
        raise


def _refresh_all(world: World) -> None:
    """Bring queues, then agents, in line with what the case says now."""
    known = world.center.queues.ids()
    for queue in world.queues:
        if queue in known:
            spec = queue_spec(world, queue)
            if spec != world.center.queues.settings(queue):
                world.center.queues.change(spec)
    for agent in world.agents:
        refresh(world, agent)


def _set_sla(world: World, args: Args) -> None:
    queue = args.need("queue")
    _table(world, queue)["service_level"] = args.first("value", "seconds", "service_level", "within")
    args.done()
    _refresh_all(world)


def _set_setting(world: World, args: Args) -> None:
    name, value = args.need("name"), args.need("value")
    args.done()
    if name not in SETTINGS or name in SET_ONCE:
        raise Unsupported(f"setting {name}")
    world.settings[name] = value
    _refresh_all(world)


def _reload_members(world: World, args: Args) -> None:
    queue, wanted = args.need("queue"), args.need("agents")
    args.done()
    _table(world, queue)
    known = set(world.agents)
    missing = [a for a in wanted if a not in known]
    if missing:
        raise Unsupported(f"reload_members with unknown agents {', '.join(missing)}")
    for agent in world.agents:
        queues = [q for q in world.queue_of(agent) if q != queue]
        if agent in wanted:
            queues.append(queue)
        world.agents[agent]["queues"] = queues
    _refresh_all(world)


# -- distribution


def _select_agent(world: World, args: Args) -> str | None:
    queue, allowed = args.need("queue"), args.get("allowed")
    args.done()
    return probing.select(world, queue, world.members(queue) if allowed is None else list(allowed))


def _run_assignment(world: World, args: Args) -> int:
    queue, limit = args.get("queue"), args.get("limit")
    args.done()
    if queue is not None:
        return _sweep(world, queue, limit)
    done = 0
    for each in world.queues:
        done += _sweep(world, each, None if limit is None else limit - done)
    return done


def _sweep(world: World, queue: str, limit: int | None) -> int:
    table = _table(world, queue)
    if world.settings.get("assignment") != "sweep":
        raise Unsupported("run_assignment where work is handed out all the time")
    if table.get("enabled") is False:
        return 0
    return probing.sweep(world, queue, limit, _skipped(world, queue))


def _skipped(world: World, queue: str) -> set[str]:
    """What a sweep leaves alone: by label, and by age."""
    table = _table(world, queue)
    labels = {f"l:{label}" for label in listed(table.get("exclude_labels"))}
    oldest = table.get("exclude_older_than")
    found: set[str] = set()
    labelled = world.center.look(lambda r, now: {id: item.work.labels for id, item in r.items.items()})
    for item in world.center.queues.waiting(queue):
        own = labelled[item]
        age = world.now() - world.t(round(world.center.work.get(item).entered.timestamp() * 1e6))
        if labels.intersection(own) or (oldest is not None and age > oldest):
            found.add(item)
    return found


# -- workers who pull


def _pull(world: World, args: Args) -> str | None:
    """A worker comes, takes what is next, and asks for no more."""
    queue = args.need("queue")
    args.done()
    world.workers += 1
    worker = f"{OWN}worker-{world.workers}"
    world.center.agents.add(Agent(worker, queues=[queue], auto_answer=True))
    world.center.agents.sign_in(worker)
    held = world.center.agents.get(worker).assignments
    world.center.agents.set_presence(worker, "draining")
    if not held:
        return None
    item = world.center.assignments.get(held[0]).item
    world.pullers[item] = held[0]
    return item


def _pulled(world: World, item: str) -> str:
    if item not in world.pullers:
        raise NotAllowed("give back", "item", item, "not pulled")
    return world.pullers.pop(item)


def _release_pull(world: World, args: Args) -> None:
    item = args.need("item")
    args.done()
    world.center.assignments.requeue(_pulled(world, item))


def _finish_pull(world: World, args: Args) -> None:
    if args.has("owner"):
        raise Unsupported("finish_pull by owner: fair share between owners")
    item = args.need("item")
    args.done()
    world.center.assignments.complete(_pulled(world, item))


def _restart(world: World, args: Args) -> None:
    """Stop, and start again on the same log."""
    args.done()
    world.open()


def _bulk_assign(world: World, args: Args) -> int:
    chosen, agent = args.need("items"), args.need("agent")
    args.done()
    for item in chosen:
        world.center.work.assign(item, agent)
    return len(chosen)


ACTIONS: dict[str, Action] = {
    **WORK_ACTIONS,
    **AGENT_ACTIONS,
    "enqueue": _enqueue,
    "enqueue_many": _enqueue_many,
    "rejoin": _rejoin,
    "delete_queue": _delete_queue,
    "queue_update": _queue_update,
    "reload_members": _reload_members,
    "set_sla": _set_sla,
    "set_setting": _set_setting,
    "select_agent": _select_agent,
    "run_assignment": _run_assignment,
    "pull": _pull,
    "release_pull": _release_pull,
    "finish_pull": _finish_pull,
    "restart": _restart,
    "bulk_assign": _bulk_assign,
}
