"""Steps on items: answers to offers, finishing, handing on, changing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.errors import UnknownId
from tests.scenarios import items, journal
from tests.scenarios.requirements import requirements
from tests.scenarios.words import Args, Unsupported
from tests.scenarios.world import Handover, World

# -- answers to offers


def _offer(world: World, item: str, agent: str) -> str:
    """The offer that is out, else the last one, else an id that no offer has: the library then says what is wrong."""
    out = [o.id for o in world.center.offers.of_agent(agent) if o.item == item]
    past = [o.id for o in journal.offers(world, item, agent)]
    return (out or past[-1:] or [f"{item}#0"])[0]


def _accept(world: World, args: Args) -> None:
    item, agent = args.need("item"), args.need("agent")
    args.done()
    world.center.offers.accept(_offer(world, item, agent), agent=agent)


def _accept_any(world: World, args: Args) -> str:
    item = args.need("item")
    args.done()
    out = sorted(world.center.offers.of_item(item), key=lambda o: o.agent)
    world.center.offers.accept(out[0].id if out else f"{item}#0")
    return out[0].agent


def _decline(world: World, args: Args) -> None:
    item, agent, retry, reason = args.need("item"), args.need("agent"), args.get("retry_after"), args.get("reason", "")
    args.done()
    world.center.offers.decline(_offer(world, item, agent), agent=agent, retry_after=retry, reason=reason)


def _take(world: World, args: Args) -> None:
    item, agent = args.need("item"), args.need("agent")
    args.done()
    world.center.work.claim(item, agent)


# -- finishing


def assignment(world: World, item: str, agent: str | None) -> str:
    """The work in hand on an item; else the last assignment of this agent, which the library then refuses."""
    view = world.center.work.get(item)
    own = [] if agent is None else [a.id for a in world.center.assignments.of_agent(agent) if a.item == item]
    past = [a.id for a in journal.assignments(world, item) if agent in (None, a.agent)]
    found = own or ([view.assignment] if view.assignment else []) or past[-1:]
    if not found:
        raise UnknownId("assignment", item)
    return found[0]


def _complete(world: World, args: Args) -> None:
    """Final: no step follows. Otherwise the agent stays occupied until the step that closes."""
    item, agent, final, note = args.need("item"), args.get("agent"), args.get("final", False), args.get("note", "")
    code = args.first("code", "disposition")
    args.done()
    id = assignment(world, item, agent)
    if id in world.wrapped_up:
        world.center.assignments.end_after_call_work(id, agent=agent, code=code, note=note)
    else:
        world.center.assignments.complete(id, agent=agent, note=note, code=code, after_call_work=not final)
        world.completed.add(id)
    if final:
        world.final_items.add(item)


def _wrap_up(world: World, args: Args) -> None:
    item, agent = args.need("item"), args.get("agent")
    args.done()
    id = assignment(world, item, agent)
    world.center.assignments.complete(id, agent=agent, after_call_work=True)
    world.wrapped_up.add(id)


def _close(world: World, args: Args) -> None:
    """The last step: after-call work ends, the agent is free, the item is closed for good."""
    item, agent, note, code = (
        args.need("item"),
        args.get("agent"),
        args.get("note", ""),
        args.first("code", "disposition"),
    )
    args.done()
    held = _held(world, item, agent)
    if held is not None:
        world.center.assignments.end_after_call_work(held, agent=agent, code=code, note=note)
    if held is None or world.center.work.get(item).state == "completed":
        world.center.work.close(item)


def _held(world: World, item: str, agent: str | None) -> str | None:
    """The work in hand on an item, be it the after-call work of somebody who handed it on."""
    view = world.center.work.get(item)
    own = [] if agent is None else [a.id for a in world.center.assignments.of_agent(agent) if a.item == item]
    return own[0] if own else view.assignment


def _resolve(world: World, args: Args) -> None:
    item, agent = args.need("item"), args.get("agent")
    args.done()
    world.center.assignments.complete(assignment(world, item, agent), agent=agent)


def _cancel(world: World, args: Args) -> None:
    item, reason = args.need("item"), args.first("code", "reason", "note")
    args.done()
    world.center.work.cancel(item, reason=reason or "")


def _abandon(world: World, args: Args) -> None:
    item = args.need("item")
    args.done()
    world.center.work.abandon(item)


def _delete(world: World, args: Args) -> None:
    """Work in hand is ended as done, waiting work is withdrawn."""
    item = args.need("item")
    args.done()
    view = world.center.work.get(item)
    if view.assignment is not None and view.state == "assigned":
        world.center.assignments.complete(view.assignment)
    elif view.assignment is not None:
        world.center.assignments.end_after_call_work(view.assignment)
    elif view.state not in ("completed", "closed", "cancelled", "abandoned", "timed_out"):
        world.center.work.cancel(item, reason="deleted")


# -- handing on


def _unassign(world: World, args: Args) -> None:
    item, suspend = args.need("item"), args.get("suspend", False)
    args.done()
    id = assignment(world, item, None)
    if suspend:
        world.center.work.suspend(item, reason="requeued")
    else:
        world.center.assignments.requeue(id)


def _activate(world: World, args: Args) -> None:
    item, priority = args.need("item"), args.get("priority")
    args.done()
    world.center.work.resume(item, priority=priority)


def _transfer(world: World, args: Args) -> None:
    item, sender, label = args.need("item"), args.get("from_agent"), args.get("label")
    target, queue = args.get("to_agent"), args.first("to_queue", "queue")
    direct = world.settings.get("assignment") == "direct"
    mode = args.get("mode") or ("direct" if direct else "blind")
    args.done()
    if mode not in ("warm", "cold", "blind", "direct"):
        raise Unsupported(f"transfer mode {mode}")
    id = assignment(world, item, sender)
    if queue is not None:
        world.center.assignments.transfer_to_queue(id, queue, by=sender, after_call_work=mode == "cold")
        world.transfers[label] = Handover(item, None)
        return
    if mode == "warm":
        offer = world.center.assignments.consult(id, target, by=sender)
    else:
        offer = world.center.assignments.transfer(id, target, by=sender, after_call_work=mode == "cold")
    world.transfers[label] = Handover(item, offer)
    if mode == "direct":
        world.center.offers.accept(offer)


def _transfer_cancel(world: World, args: Args) -> None:
    name = args.need("transfer")
    args.done()
    asked = world.transfers.get(name)
    if asked is None or asked.offer is None:
        raise UnknownId("transfer", name)
    world.center.assignments.cancel_transfer(asked.offer)


def _hold(share: float) -> Callable[[World, Args], None]:
    """On hold the item takes no room; afterwards all of it again."""

    def hold(world: World, args: Args) -> None:
        item, agent = args.need("item"), args.get("agent")
        args.done()
        world.center.assignments.hold(assignment(world, item, agent), share, by=agent)

    return hold


# -- changing


def _update(world: World, args: Args) -> None:
    item = args.need("item")
    if args.get("team") is not None:
        raise Unsupported("update_item team: the assignee follows the team")
    version = args.get("if_version")
    expected = world.first_versions.get(item) if version == "initial" else version
    attributes, queue, again = args.get("attributes"), args.get("queue"), args.get("reclassify", False)
    entered, requires, position = args.get("entered_at"), args.get("requires"), args.get("position")
    priority = args.get("priority")
    if args.has("priority") and priority is None:
        priority = items.DEFAULT_PRIORITY
    args.done()
    always, expiring = (None, ()) if requires is None else requirements(requires)
    if expiring:
        raise Unsupported("update_item with expires_after")
    changes = None if attributes is None else _attributes(attributes)
    work = world.center.work
    if (
        changes is not None
        or priority is not None
        or entered is not None
        or requires is not None
        or expected is not None
    ):
        work.change(
            item,
            priority=priority,
            attributes=changes,
            requirement=always,
            entered=None if entered is None else world.when(entered),
            expected_version=expected,
        )
    if queue is not None or position is not None:
        work.move(item, queue or str(work.get(item).queue), position=position)
    if again:
        work.reclassify(item)
    work.get(item)


def _attributes(table: dict[str, Any]) -> dict[str, Any]:
    return {k: frozenset(v) if isinstance(v, list) else v for k, v in table.items()}


WORK_ACTIONS: dict[str, Callable[[World, Args], Any]] = {
    "accept": _accept,
    "accept_any": _accept_any,
    "decline": _decline,
    "take": _take,
    "complete": _complete,
    "wrap_up": _wrap_up,
    "close": _close,
    "resolve": _resolve,
    "cancel": _cancel,
    "abandon": _abandon,
    "delete_item": _delete,
    "unassign": _unassign,
    "activate": _activate,
    "transfer": _transfer,
    "transfer_cancel": _transfer_cancel,
    "hold": _hold(0.0),
    "resume_hold": _hold(1.0),
    "update_item": _update,
}
