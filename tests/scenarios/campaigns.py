"""Campaigns of a case: groups, contacts that stand somewhere before it begins, what agents do, subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs

from switchroom import Queue
from switchroom.conversations.model import Line
from switchroom.errors import NotAllowed
from switchroom.messaging.addresses import Address
from switchroom.outbound.chunks import unpacked
from switchroom.outbound.events import AttemptStatus
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign
from switchroom.outbound.stepping import chunk_name_of
from tests.scenarios import talk
from tests.scenarios.words import Args, Table, Unsupported
from tests.scenarios.world import OWN, World

ACTIONS = frozenset({"campaign_start", "campaign_move", "send_batch", "outbound_message", "inbound_message"})
EXPECTATIONS = frozenset({"campaign_counts", "campaign_contact", "todo"})
STATES = ("needs_message", "messaged", "needs_response", "conversation", "closed")
LINE = Address("sms", "+15556009000")


def serves(case: Table) -> bool:
    """Whether a case is about campaigns as the library has them: with groups, agents or counts."""
    given: Table = case.get("given") or {}
    words = {word for table in given.get("campaigns") or [] for word in table} - {"id"}
    said = {s["action"] for s in case.get("steps") or []} | {e["what"] for e in case.get("expect") or []}
    own = {"campaign_move", "send_batch", "list_add", "block"} | EXPECTATIONS
    return bool(words & {"groups", "prepared", "due_at"}) or bool(said & own)


def prepare(world: World) -> None:
    """The campaigns of a case, with their contacts in the states that are given."""
    queue = next(iter(world.queues), None)
    if queue is None:
        queue = f"{OWN}replies"
        world.center.queues.add(Queue(queue))
    world.center.conversations.save_line(Line(f"{OWN}campaigns", address=LINE, queue=queue))
    for table in world.given.get("campaigns") or []:
        _prepare(world, Args(f"campaign {table.get('id')}", table))


def _prepare(world: World, args: Args) -> None:
    id, groups, contacts = str(args.need("id")), args.get("groups"), args.get("contacts")
    prepared, due = args.get("prepared"), args.get("due_at")
    args.done()
    if groups is not None:
        lists = [_group(world, f"{id}-{group}", _members(world, group)) for group in groups]
        _save(world, id, lists, two_way=False)
        return
    addresses = _addresses(world, id, contacts, prepared)
    _group(world, id, addresses)
    _save(world, id, [id], two_way=True, due=None if due is None else world.at(due))
    world.center.campaigns.start(id)
    for agent, states in (prepared or {}).items():
        for state in STATES:
            _bring(world, id, agent, state, (states or {}).get(state, 0))


def _members(world: World, group: str) -> list[Address]:
    return [talk.address(world, id) for id, table in world.contacts.items() if group in (table.get("groups") or [])]


def _addresses(world: World, id: str, contacts: Any, prepared: Any) -> list[Address]:
    """Those who are named; or as many as are asked for, whom nobody names."""
    if isinstance(contacts, list):
        return [talk.address(world, contact) for contact in contacts]
    count = contacts or sum(sum((states or {}).values()) for states in (prepared or {}).values())
    base = 10_000 * (1 + [c["id"] for c in world.given["campaigns"]].index(id))
    return [Address("sms", f"+1556{base + n:07}") for n in range(count)]


def _group(world: World, id: str, addresses: list[Address]) -> str:
    world.center.lists.save(ContactList(id, address="phone"))
    world.center.lists.append(id, [{"phone": address.value} for address in addresses])
    return id


def _save(world: World, id: str, lists: list[str], *, two_way: bool, due: Any = None) -> None:
    spec = Campaign(id, lists=lists, senders=[f"{OWN}campaigns"], text="news", purpose="transactional", due=due)
    world.center.campaigns.save(attrs.evolve(spec, replies="agents" if two_way else "line"))


def _bring(world: World, id: str, agent: str, state: str, count: int) -> None:
    """So many contacts of an agent into a state, by what agents and contacts do."""
    if not count:
        return
    campaigns = world.center.campaigns
    places = campaigns.assign(id, agent, count=count)
    if state == "needs_message":
        return
    for place in places:
        campaigns.send_to(id, agent, place)
    world.deliver()
    if state == "messaged":
        return
    for place in places:
        _write(world, _address_at(world, id, place), "hello")
        if state in ("conversation", "closed"):
            campaigns.answer(id, agent, place, "well")
        if state == "closed":
            campaigns.close_contact(id, agent, place)
    world.deliver()


def _address_at(world: World, id: str, place: tuple[int, int]) -> Address:
    name = world.center.look_on("outbound", lambda o: chunk_name_of(o, o.campaign(id), place[0]))
    row = unpacked(world.storage.get_chunk(name) or b"[]")[place[1]]
    return Address("sms", str(row[1]))


def _write(world: World, sender: Address, text: str) -> None:
    world.talk.messages += 1
    provider_id = f"in-{world.talk.messages}"
    world.center.conversations.receive(to=LINE, sender=sender, content=text, provider_id=provider_id)


# -- actions


def _start(world: World, args: Args) -> None:
    campaign = args.need("campaign")
    args.done()
    world.center.campaigns.start(campaign)


def _move(world: World, args: Args) -> int:
    campaign, source, target = args.need("campaign"), args.get("from_agent"), args.get("to_agent")
    status, count, stale = args.need("status"), args.get("count", "all"), args.get("stale_for", 0)
    args.done()
    moved = world.center.campaigns.move(
        campaign,
        source=source,
        target=target,
        state=status,
        count=None if count == "all" else count,
        stale_for=timedelta(seconds=stale),
    )
    return len(moved)


def _send_batch(world: World, args: Args) -> list[tuple[int, int]]:
    """An agent takes so many contacts and writes to them."""
    campaign, agent, chunk = args.need("campaign"), args.need("agent"), args.need("chunk")
    args.done()
    world.center.campaigns.assign(campaign, agent, count=chunk)
    return list(world.center.campaigns.send_first(campaign, agent, count=chunk))


def _outbound(world: World, args: Args) -> str | None:
    """The agent of a campaign writes to a contact: first, or in answer."""
    campaign, contact = args.need("campaign"), args.need("contact")
    agent, text = args.need("agent"), str(args.need("text"))
    args.done()
    place, view = _place(world, campaign, contact)
    if view.talk == "needs_message":
        if view.agent is None:
            world.center.campaigns.assign(campaign, agent, count=1)
        return world.center.campaigns.send_to(campaign, agent, place, text=text)
    return world.center.campaigns.answer(campaign, agent, place, text)


def _inbound(world: World, args: Args) -> None:
    contact, text = args.need("contact"), str(args.need("text"))
    args.done()
    _write(world, talk.address(world, contact), text)


def _place(world: World, campaign: str, contact: str) -> tuple[tuple[int, int], Any]:
    wanted = talk.address(world, contact)
    for view in world.center.campaigns.contacts(campaign):
        if _address_at(world, campaign, view.place) == wanted:
            return view.place, view
    raise NotAllowed("write to", "contact", contact, "not in the campaign")


def _set_setting(world: World, args: Args) -> None:
    """Forbidding to send in bulk pauses what is sent in bulk."""
    name, value = args.need("name"), args.need("value")
    args.done()
    if name != "bulk_send":
        raise Unsupported(f"setting {name} beside campaigns")
    for campaign in world.center.campaigns.names():
        if value is False and world.center.campaigns.progress(campaign).state == "running":
            world.center.campaigns.pause(campaign, reason="bulk sending is forbidden")


# -- subscriptions: a list that people subscribe to is a category of consent


def _list_add(world: World, args: Args) -> None:
    """Confirmed, it is an agreement to the category; unconfirmed, nothing is agreed yet."""
    contact, name, confirmed = args.need("contact"), args.need("list"), args.get("preconfirm", False)
    args.done()
    if confirmed:
        world.center.consent.give(talk.address(world, contact), f"list:{name}", how="added")
    world.subscribed.add((contact, name))


def _block(world: World, args: Args) -> None:
    contact = args.need("contact")
    args.done()
    world.center.consent.opt_out(talk.address(world, contact), source="blocked")


def _membership(world: World, args: Args) -> str | None:
    contact, name, wanted = args.need("contact"), args.need("list"), args.get("status")
    args.done()
    address, consent = talk.address(world, contact), world.center.consent
    found: str | None = None
    if (contact, name) in world.subscribed:
        found = "confirmed" if consent.consented(address, f"list:{name}") else "unconfirmed"
        if {"everything", f"category:{name}"} & set(consent.opted_out(address)):
            found = "unsubscribed"
    return None if found == wanted else f"found {found}"


def _contact_status(world: World, args: Args) -> str | None:
    """Blocked is opted out of everything."""
    contact, wanted = args.need("contact"), args.need("status")
    args.done()
    scopes = world.center.consent.opted_out(talk.address(world, contact))
    found = "blocked" if "everything" in scopes else "opted_out" if scopes else "active"
    return None if found == wanted else f"found {found}"


ACTS: dict[str, Callable[[World, Args], Any]] = {
    "set_setting": _set_setting,
    "list_add": _list_add,
    "block": _block,
    "campaign_start": _start,
    "campaign_move": _move,
    "send_batch": _send_batch,
    "outbound_message": _outbound,
    "inbound_message": _inbound,
}


# -- expectations


def _counts(world: World, args: Args) -> str | None:
    campaign, agent, total = args.need("campaign"), args.get("agent"), args.get("total")
    found = world.center.campaigns.counts(campaign, agent)
    problems = [
        f"{state} {found.get(state, 0)}, not {wanted}"
        for state in STATES
        if (wanted := args.get(state)) is not None and found.get(state, 0) != wanted
    ]
    args.done()
    if total is not None and sum(found.values()) != total:
        problems.append(f"total {sum(found.values())}, not {total}")
    return "; ".join(problems) or None


def _contact(world: World, args: Args) -> str | None:
    campaign, contact, wanted = args.need("campaign"), args.need("contact"), args.need("state")
    args.done()
    talk_state = _place(world, campaign, contact)[1].talk
    return None if talk_state == wanted else f"found {talk_state}"


def _todo(world: World, args: Args) -> str | None:
    campaign, agent = args.need("campaign"), args.need("agent")
    found = world.center.campaigns.todo(campaign, agent)
    names = ("needs_message", "needs_response")
    problems = [
        f"{name} {found[name]}, not {wanted}"
        for name in names
        if (wanted := args.get(name)) is not None and found[name] != wanted
    ]
    args.done()
    return "; ".join(problems) or None


EXPECTS: dict[str, Callable[[World, Args], str | None]] = {
    "campaign_counts": _counts,
    "campaign_contact": _contact,
    "todo": _todo,
    "membership": _membership,
    "contact_status": _contact_status,
}


def sent(world: World, campaign: str | None, contact: str | None) -> int:
    """How many messages of campaigns were handed over, of one campaign, to one contact."""
    key = None
    if contact is not None:
        address = talk.address(world, contact)
        key = world.center.look_on("outbound", lambda o: o.consent.digest(address.contact_key))
    events = (r.event for r in world.storage.read(world.marker))
    landed = (e for e in events if isinstance(e, AttemptStatus) and e.effect is not None and e.status == "sent")
    return sum(1 for e in landed if campaign in (None, e.campaign) and key in (None, e.key))
