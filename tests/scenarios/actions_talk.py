"""Steps of messages: the contact writes, we write, consent is withdrawn by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.consent.decision import Decision
from switchroom.consent.keywords import KeywordPolicy
from switchroom.consent.model import MARKETING, NOTIFICATION, REPLY
from switchroom.conversations.model import Line
from switchroom.errors import NotAllowed, SendRefused
from tests.scenarios import talk
from tests.scenarios.words import Args, Table, Unsupported
from tests.scenarios.world import World

PROVIDER = KeywordPolicy("single_word")
"""What a provider who sees to keywords makes of a text."""


def _inbound(world: World, args: Args) -> Decision:
    """The contact writes: in the conversation that is named, or on the line of our number."""
    text, item, contact = str(args.need("text")), args.get("item"), args.get("contact")
    channel, sender, handled = args.get("channel", "sms"), args.get("sender"), args.get("carrier_handles_stop", False)
    args.done()
    _only_sms(channel)
    conversation = _conversation(world, item) if item is not None else None
    if contact is None:
        contact = world.talk.contact_of.get(conversation or "")
    if contact is None:
        raise Unsupported("inbound_message without contact")
    found = PROVIDER.classify(text).decision if handled else "none"
    world.talk.wrote.add(contact)
    return talk.say(world, item, contact, text, _line(world, conversation, contact, sender), _flag(found))


def _only_sms(channel: str) -> None:
    if channel != "sms":
        raise Unsupported(f"channel {channel}: the addresses of contacts here are telephones")


def _flag(found: str) -> str | None:
    return found if found in ("opt_out", "opt_in", "help") else None


def _conversation(world: World, item: str) -> str | None:
    """The conversation that an item is; None for an id that is new."""
    known = world.talk.conversations.get(item)
    if known is None and world.center.look(lambda r, now: item in r.items):
        raise Unsupported("a message in an item that is no conversation")
    return known


def _line(world: World, conversation: str | None, contact: str, sender: str | None) -> Line:
    if sender is not None:
        return talk.line(world, None, sender)
    newest = conversation or world.talk.newest.get(contact)
    return world.talk.line_of[newest] if newest is not None else talk.line(world, None, None)


def _outbound(world: World, args: Args) -> str | None:
    """We write: a note, an answer of the agent's, or a message that we begin."""
    text, item, contact = str(args.need("text")), args.get("item"), args.get("contact")
    agent, sender, channel = args.get("agent"), args.get("sender"), args.get("channel", "sms")
    private, automated = args.get("private", False), args.get("automated", False)
    if args.get("campaign") is not None:
        raise Unsupported("outbound_message campaign: campaigns")
    args.done()
    _only_sms(channel)
    conversation = None if item is None else _conversation(world, item)
    if item is not None and conversation is None:
        raise Unsupported("a message in an item that is no conversation")
    if private:
        world.center.conversations.note(str(conversation), text, agent=agent or "nobody")
        return None
    contact = contact or world.talk.contact_of.get(conversation or "")
    if contact is None:
        raise Unsupported("outbound_message to nobody")
    if conversation is not None and agent is not None and not automated and not _begins(world, contact):
        return world.center.conversations.reply(conversation, text, agent=agent)
    purpose = NOTIFICATION if _begins(world, contact) else REPLY
    return _send(world, _line(world, conversation, contact, sender), contact, text, purpose)


def _begins(world: World, contact: str) -> bool:
    """Whether we begin. Where hours are set, that is so until the contact has written in the case; where they are
    not, a contact with a conversation has written before."""
    if contact in world.talk.wrote:
        return False
    return "hours" in world.settings or contact not in world.talk.newest


def _send(world: World, line: Line, contact: str, text: str, purpose: str, **more: str) -> str:
    to = talk.address(world, contact)
    zone = world.contacts[contact].get("tz") or world.settings.get("tz")
    options: dict[str, Any] = {"zones": [zone] if zone else [], **more}
    return world.center.conversations.send(line.id, to, text, purpose=purpose, options=options)


def _opt_out(world: World, args: Args) -> None:
    contact, by = args.need("contact"), args.get("by")
    args.done()
    world.center.consent.opt_out(talk.address(world, contact), source="agent" if by is None else f"agent {by}")


def _campaign_start(world: World, args: Args) -> int:
    """A campaign that is no more than a list of contacts: one send to each, but to those whom the gate refuses."""
    name = args.need("campaign")
    args.done()
    table: Table = next((c for c in world.given.get("campaigns") or [] if c.get("id") == name), {})
    chosen = table.get("contacts")
    if set(table) != {"id", "contacts"} or not isinstance(chosen, list) or len(set(chosen)) < len(chosen):
        raise Unsupported("campaigns: more than a list of contacts")
    if name in world.talk.started:
        raise Unsupported("campaigns: a second start")
    world.talk.started.add(name)
    sent = 0
    for contact in chosen:
        try:
            _send(world, talk.line(world, None, None), contact, "news", MARKETING, campaign=name)
            sent += 1
        except SendRefused:
            continue
    return sent


def _toggle(world: World, args: Args) -> None:
    """From open to resolved; only a message of the contact's leads back."""
    item, agent = args.need("item"), args.get("agent")
    args.done()
    conversation = world.talk.conversations.get(item)
    if conversation is None:
        raise Unsupported("toggle_status of an item that is no conversation")
    if world.center.conversations.get(conversation).state == "closed":
        raise Unsupported("toggle_status of a resolved conversation: only the contact reopens")
    world.center.conversations.close(conversation, reason="resolved", agent=agent)


def finish(world: World, args: Args) -> None:
    """``resolve`` and ``close`` of a conversation, in hand or not."""
    conversation = world.talk.conversations[str(args.need("item"))]
    agent = args.get("agent")
    args.done()
    if world.center.conversations.get(conversation).state == "closed":
        raise NotAllowed("close", "conversation", conversation, "closed")
    world.center.conversations.close(conversation, reason="resolved", agent=agent)


TALK_ACTIONS: dict[str, Callable[[World, Args], Any]] = {
    "inbound_message": _inbound,
    "outbound_message": _outbound,
    "opt_out": _opt_out,
    "campaign_start": _campaign_start,
    "toggle_status": _toggle,
}
FINISHING = ("resolve", "close")
