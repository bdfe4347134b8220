"""Expectations about messages, contacts and conversations."""

from __future__ import annotations

from collections.abc import Callable

from switchroom.consent.decision import Decision
from switchroom.conversations.events import MessageRequested
from switchroom.errors import UnknownId
from tests.scenarios import expect_items, talk
from tests.scenarios.expect_items import differs
from tests.scenarios.reasons import reasons
from tests.scenarios.words import Args, Unsupported
from tests.scenarios.world import Outcome, World

Check = Callable[[World, Args], str | None]

KEYWORDS = {"opt_out": "stop", "opt_in": "start", "help": "help"}
UNSERVED = ("pending", "blocked", "archived", "deleted")


def _outcome(world: World, args: Args) -> Outcome:
    label = args.need("step")
    if label not in world.outcomes:
        raise Unsupported(f"no step {label} so far")
    return world.outcomes[label]


def _keyword_match(world: World, args: Args) -> str | None:
    """The keyword's action, else the business rule."""
    outcome, wanted = _outcome(world, args), args.need("action")
    args.done()
    said = outcome.value
    if not isinstance(said, Decision):
        return f"no message came in: {outcome.error}"
    return differs(KEYWORDS.get(said.decision, said.rule or None), wanted)


def _reply_sent(world: World, args: Args) -> str | None:
    """The automatic text that was requested during the step."""
    outcome, any_text = _outcome(world, args), not args.has("text")
    wanted = args.get("text")
    args.done()
    first, last = outcome.span
    log = (r.event for r in world.storage.read(first) if r.position < last)
    found = [e.content["text"] for e in log if isinstance(e, MessageRequested) and e.author == "automatic"]
    if any_text:
        return None if found else "no reply"
    return differs(found, [] if wanted is None else [wanted])


def _contact_status(world: World, args: Args) -> str | None:
    """Opted out as soon as one number of ours may not write to the contact any more."""
    contact, wanted = args.need("contact"), args.need("status")
    args.done()
    if wanted in UNSERVED:
        raise Unsupported(f"contact_status {wanted}: contacts are opted out, or not")
    scopes = world.center.consent.opted_out(talk.address(world, contact))
    return differs("opted_out" if scopes else "active", wanted)


def _send_status(world: World, args: Args) -> str | None:
    """What was asked to be sent is queued, then sent; what the gate refuses has failed."""
    outcome, wanted, reason = _outcome(world, args), args.need("status"), args.get("reason")
    args.done()
    if outcome.error is not None:
        known = reasons(outcome.error)
        wrong = wanted != "failed" or (reason is not None and reason not in known)
        return f"refused as {sorted(known)}" if wrong else None
    return differs(wanted in ("queued", "sent"), True)


def states(world: World, conversation: str) -> set[str]:
    """The words for the state of a conversation; one that has left memory was closed."""
    try:
        view = world.center.conversations.get(conversation)
    except UnknownId:
        return {"resolved", "closed"}
    if view.state == "closed":
        return {"resolved", "closed"}
    if view.item is None:
        return {"open"}
    aside = world.item(view.item).state in ("parked", "scheduled")
    return {"snoozed", "suspended"} if aside else expect_items.states(world, view.item)


def _conversation_state(world: World, args: Args) -> str | None:
    contact, wanted = args.need("contact"), args.need("state")
    args.done()
    _served(wanted)
    newest = world.talk.newest.get(contact)
    found = set[str]() if newest is None else states(world, newest)
    return None if wanted in found else f"found {sorted(found)}"


def _served(state: str) -> None:
    if state in UNSERVED:
        raise Unsupported(f"conversation state {state}: bots hold open conversations")


def item_state(world: World, args: Args) -> str | None:
    """Of an item that is a conversation."""
    found, wanted = states(world, world.talk.conversations[args.need("item")]), args.need("state")
    args.done()
    _served(wanted)
    return None if wanted in found else f"found {sorted(found)}"


def item_not_state(world: World, args: Args) -> str | None:
    """Of an item that is a conversation."""
    found = states(world, world.talk.conversations[args.need("item")]).intersection(args.need("states"))
    args.done()
    return f"found {sorted(found)}" if found else None


TALK_EXPECTATIONS: dict[str, Check] = {
    "keyword_match": _keyword_match,
    "reply_sent": _reply_sent,
    "contact_status": _contact_status,
    "send_status": _send_status,
    "conversation_state": _conversation_state,
}
OF_CONVERSATIONS: dict[str, Check] = {"item_state": item_state, "item_not_state": item_not_state}
