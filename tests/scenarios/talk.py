"""Conversations of a case: lines and addresses, the keyword policy, business rules, and what was said before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from switchroom.consent.decision import Decision, Scope
from switchroom.consent.keywords import KeywordPolicy
from switchroom.consent.model import MARKETING, NOTIFICATION, ConsentRules, ContactWindow
from switchroom.conversations.events import ConversationRouted
from switchroom.conversations.flow_model import CloseConversation, Consult, Flow
from switchroom.conversations.model import Contact, Line
from switchroom.effects import EffectView
from switchroom.messaging.addresses import Address
from tests.scenarios.schedules import clock_text
from tests.scenarios.words import Args, Table, Unsupported, listed
from tests.scenarios.world import HELD, OWN, World

ACTIONS = frozenset({"inbound_message", "outbound_message", "opt_out", "toggle_status", "campaign_start"})
EXPECTATIONS = frozenset({"keyword_match", "reply_sent", "contact_status", "conversation_state", "send_status"})
ASIDE = ("resolved", "snoozed")
RULES = f"{OWN}rules"

SCOPES: dict[str, Scope] = {
    "sender": "sender_pool",
    **dict.fromkeys(("account", "all", "everything", "global", "all_senders"), "everything"),
}
REPLIES = {"opt_out_reply": "opt_out", "opt_in_reply": "opt_in", "start_reply": "opt_in", "help_reply": "help"}
MATCHES = ("first_word", "only_word")


@attrs.define
class Talk:
    """Who has which address, and which item of the case is which conversation."""

    contacts: dict[str, Address] = attrs.field(factory=dict[str, Address])
    lines: dict[tuple[str, str], Line] = attrs.field(factory=dict[tuple[str, str], Line])
    conversations: dict[str, str] = attrs.field(factory=dict[str, str])
    newest: dict[str, str] = attrs.field(factory=dict[str, str])
    line_of: dict[str, Line] = attrs.field(factory=dict[str, Line])
    contact_of: dict[str, str] = attrs.field(factory=dict[str, str])
    """Of a message, or of a conversation."""
    wrote: set[str] = attrs.field(factory=set[str])
    """Contacts who have written since the case began."""
    early: set[str] = attrs.field(factory=set[str])
    """Messages from before the case."""
    started: set[str] = attrs.field(factory=set[str])
    messages: int = 0


def talks(case: Table) -> bool:
    """Whether a case speaks of messages: then items of contacts are conversations."""
    said = {s["action"] for s in case.get("steps") or []} | {e["what"] for e in case.get("expect") or []}
    return bool(said & (ACTIONS | EXPECTATIONS))


# -- what is set


def policy(given: Table) -> KeywordPolicy:
    """The keyword policy of a case: strict unless it says otherwise, with the texts that it sets."""
    settings: Table = given.get("settings") or {}
    name = given.get("keyword_policy", "strict")
    if name not in ("strict", "liberal"):
        raise Unsupported(f"keyword_policy {name}: the whole message is a keyword, or the message is read as a request")
    scope = settings.get("opt_out_scope", "sender")
    if scope not in SCOPES:
        raise Unsupported(f"opt_out_scope {scope}")
    texts = {kind: settings[word] for word, kind in REPLIES.items() if word in settings}
    if not all(isinstance(text, str) and text for text in texts.values()):
        raise Unsupported("no reply to a keyword: the library always confirms")
    mode = "single_word" if name == "strict" else "reasonable"
    replies: Any = {"en": texts} if texts else None
    # Two words, and yet one keyword: not every list of keywords has it.
    return KeywordPolicy(mode, opt_out=["STOP ALL"], scope=SCOPES[scope], replies=replies)


def prepare(world: World, case: Table) -> None:
    """Contacts with their addresses and what they have agreed to, quiet hours, rules, and all lines of the case."""
    center = world.center
    for number, (id, table) in enumerate(world.contacts.items(), 1):
        address = Address("sms", f"+1555765{number:04}")
        world.talk.contacts[id] = address
        center.conversations.save_contact(Contact(id, addresses=[address]))
        for purpose in (NOTIFICATION, MARKETING):
            center.consent.give(address, purpose, how="before the case")
        if table.get("status") == "opted_out":
            center.consent.opt_out(address, source="before the case")
    hours = world.settings.get("hours")
    if hours is not None:
        opens, closes = (clock_text(h) for h in hours)
        center.consent.set_rules(ConsentRules(windows=[ContactWindow(opens=opens, closes=closes)]))
    if world.given.get("keyword_rules"):
        _save_rules(world)
    for queue in world.queues:
        line(world, queue, None)
    named = {(step.get("args") or {}).get("sender") for step in case.get("steps") or []}
    for sender in sorted(name for name in named if name is not None):
        line(world, None, sender)
    if not world.queues:
        line(world, None, None)


def address(world: World, contact: str) -> Address:
    if contact not in world.talk.contacts:
        raise Unsupported(f"a contact that is not given: {contact}")
    return world.talk.contacts[contact]


def line(world: World, queue: str | None, sender: str | None) -> Line:
    """The line of a queue under one of our numbers. All lines of a number are one pool."""
    if queue is None and len(world.queues) > 1:
        raise Unsupported("a message that belongs to none of several queues")
    queue = queue or next(iter(world.queues), HELD)
    key = (queue, sender or "main")
    if key not in world.talk.lines:
        number = len(world.talk.lines) + 1
        ours = Address("sms", f"+1555600{number:04}")
        flow = RULES if world.given.get("keyword_rules") else None
        made = Line(f"{OWN}line-{number}", address=ours, queue=queue, pool=key[1], flow=flow)
        world.center.conversations.save_line(made)
        world.talk.lines[key] = made
    return world.talk.lines[key]


# -- business rules: a bot that is asked about everything that the keyword policy leaves alone


def _save_rules(world: World) -> None:
    if world.queues:
        raise Unsupported("keyword_rules beside queues")
    for table in world.given["keyword_rules"]:
        rule = Args(f"keyword rule {table.get('id')}", table)
        for word in ("id", "keywords"):
            rule.need(word)
        if rule.get("on", "message") != "message" or rule.get("match", "only_word") not in MATCHES:
            raise Unsupported(f"keyword rule on {rule.get('on')}, match {rule.get('match')}")
        rule.done()
    asks = Consult(RULES, then="over", failed="over")
    world.center.flows.save(Flow(RULES, start="asked", steps={"asked": asks, "over": CloseConversation()}))


def answer_by_rules(world: World, effect: EffectView) -> Mapping[str, Any]:
    """The first rule that fits the text."""
    words = str(effect.body["text"]).lower().split()
    for rule in world.given["keyword_rules"]:
        known = {str(word).lower() for word in listed(rule["keywords"])}
        if words and words[0] in known and (len(words) == 1 or rule.get("match") == "first_word"):
            return {"fields": {"rule": rule["id"]}, "done": False}
    return {"fields": {"rule": ""}, "done": False}


def rule_of(world: World, conversation: str | None) -> str | None:
    """The business rule that the last message of a conversation triggered."""
    if conversation is None or not world.given.get("keyword_rules"):
        return None
    return str(world.center.flows.variables(conversation).get("rule", "")) or None


# -- conversations


def say(world: World, item: str | None, contact: str, text: str, ours: Line, flag: str | None = None) -> Decision:
    """The contact writes; what became of it. A new conversation gets the id of the item, if the message named one."""
    talk = world.talk
    talk.messages += 1
    center = world.center
    received = center.conversations.receive(
        to=ours.address,
        sender=address(world, contact),
        content=text,
        provider_id=f"in-{talk.messages}",
        provider_flag=flag,
    )
    world.deliver()
    talk.contact_of[received.message] = contact
    if received.conversation is not None:
        talk.newest[contact] = received.conversation
        talk.contact_of[received.conversation] = contact
        talk.line_of[received.conversation] = ours
        if item is not None and item not in talk.conversations:
            talk.conversations[item] = received.conversation
    rule = rule_of(world, received.conversation)
    decision: Any = received.decision
    return Decision(decision, rule or "", (received.message,))


def begin(world: World, item: str, queue: str, contact: str) -> None:
    """A contact writes to a queue for the first time."""
    ours = line(world, queue, None)
    known = world.talk.newest.get(contact)
    if known is not None and world.talk.line_of[known] == ours:
        raise Unsupported("two conversations of one contact in one queue: they are one thread")
    said = say(world, item, contact, "good morning", ours)
    world.talk.early.update(said.matched)


def is_conversation(world: World, table: Table) -> bool:
    """Whether an item of the case is one: it is somebody's, in a queue, and nothing else is said about it."""
    plain = {"item", "id", "queue", "contact", "state", "assignee", "snoozed_until"}
    return world.talking and bool(table.get("contact")) and bool(table.get("queue")) and set(table) <= plain


def add_aside(world: World, table: Table) -> None:
    """A conversation that was over, or set aside, before the case begins. Its queue rests meanwhile."""
    args = Args("item", table)
    id, queue, contact = str(args.need("id")), args.need("queue"), args.need("contact")
    state, assignee, until = args.need("state"), args.get("assignee"), args.get("snoozed_until")
    args.done()
    spec = world.center.queues.settings(queue)
    world.center.queues.change(attrs.evolve(spec, enabled=False))
    begin(world, id, queue, contact)
    work = item_of(world, id)
    if assignee is not None:
        world.center.work.assign(work, assignee, over_capacity=True, by="before the case")
    if state == "resolved":
        world.center.conversations.close(world.talk.conversations[id], reason="resolved")
    elif until is None:
        world.center.work.suspend(work, reason="snoozed")
    else:
        world.center.work.schedule(work, at=world.when(until), keep_entered=True)
    world.center.queues.change(spec)


def item_of(world: World, item: str) -> str:
    """The work as which a conversation waits now, or waited last; any other item is itself."""
    conversation = world.talk.conversations.get(item)
    return item if conversation is None else work_of(world, conversation) or item


def work_of(world: World, conversation: str) -> str | None:
    routed = (r.event for r in world.storage.read())
    found = [e.item for e in routed if isinstance(e, ConversationRouted) and e.conversation == conversation]
    return found[-1] if found else None


def translated(world: World, args: Args) -> Args:
    """The arguments with the ids of conversations replaced by those of their work."""
    if not world.talk.conversations:
        return args
    return args.mapped(
        {
            "item": lambda item: item_of(world, item),
            "items": lambda items: [item_of(world, item) for item in items],
        }
    )
