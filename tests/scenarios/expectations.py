"""What a case expects, checked against the state and the log of the center.

A check returns None if the expectation holds, else what was found instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.scenarios import campaigns, journal, probing, talk
from tests.scenarios.expect_agents import AGENT_EXPECTATIONS
from tests.scenarios.expect_hours import HOURS_EXPECTATIONS
from tests.scenarios.expect_items import ITEM_EXPECTATIONS
from tests.scenarios.expect_stats import STAT_EXPECTATIONS, STATS_OF_CONVERSATIONS
from tests.scenarios.expect_talk import OF_CONVERSATIONS, TALK_EXPECTATIONS
from tests.scenarios.reasons import reasons
from tests.scenarios.requirements import conditions
from tests.scenarios.words import Args, Unsupported
from tests.scenarios.world import OWN, Outcome, World

Check = Callable[[World, Args], str | None]

ELSEWHERE = {
    **dict.fromkeys(("contact_field", "textable"), "campaigns"),
    **dict.fromkeys(("message_state",), "inbound messages have no state"),
    **dict.fromkeys(("membership", "recipients", "reached", "todo", "tenant_paused"), "campaigns"),
    **dict.fromkeys(("list_order", "listed"), "listings"),
}


def check(world: World, what: str, args: Args) -> str | None:
    """Check one expectation."""
    if what in campaigns.EXPECTS and world.campaigning:
        return campaigns.EXPECTS[what](world, args)
    if what in ELSEWHERE or what.startswith("campaign_"):
        raise Unsupported(f"expectation {what}: {ELSEWHERE.get(what, 'campaigns')}")
    if what not in EXPECTATIONS:
        raise Unsupported(f"expectation {what}")
    of_conversations = OF_CONVERSATIONS | STATS_OF_CONVERSATIONS
    if what in of_conversations and args.get("item") in world.talk.conversations:
        return of_conversations[what](world, args)
    return EXPECTATIONS[what](world, talk.translated(world, args))


def differs(found: Any, wanted: Any) -> str | None:
    """None if they are equal, else both."""
    return None if found == wanted else f"found {found!r}, not {wanted!r}"


# -- steps


def _outcome(world: World, label: str) -> Outcome:
    if label not in world.outcomes:
        raise Unsupported(f"no step {label} so far")
    return world.outcomes[label]


def _allowed(world: World, args: Args) -> str | None:
    outcome = _outcome(world, args.need("step"))
    args.done()
    return None if outcome.allowed else f"refused: {outcome.error}"


def _rejected(world: World, args: Args) -> str | None:
    outcome, reason = _outcome(world, args.need("step")), args.get("reason")
    args.done()
    if outcome.error is None:
        return "it was allowed"
    if outcome.changed:
        return "it was refused, but changed something"
    known = reasons(outcome.error)
    return None if reason is None or reason in known else f"refused as {sorted(known)}: {outcome.error}"


def _exactly_one(world: World, args: Args) -> str | None:
    labels = args.need("steps")
    args.done()
    return differs(sum(_outcome(world, label).allowed for label in labels), 1)


def _result(*names: str) -> Check:
    """The result of a step."""

    def result(world: World, args: Args) -> str | None:
        outcome, wanted = _outcome(world, args.need("step")), args.first(*names)
        args.done()
        return differs(outcome.value, wanted)

    return result


def _returned_count(world: World, args: Args) -> str | None:
    value, wanted = _outcome(world, args.need("step")).value, args.first("value", "count")
    args.done()
    return differs(value if isinstance(value, int) else len(value or ()), wanted)


def _selected_set(world: World, args: Args) -> str | None:
    chosen = {_outcome(world, label).value for label in args.need("steps")}
    wanted = set(args.need("agents"))
    args.done()
    return differs(chosen, wanted)


def _disjoint(world: World, args: Args) -> str | None:
    seen: list[Any] = []
    for label in args.need("steps"):
        value = _outcome(world, label).value
        seen.extend(value if isinstance(value, list) else [value])
    args.done()
    return None if len(seen) == len(set(seen)) else f"found some twice: {seen!r}"


# -- queues


def _own(ids: Any) -> list[str]:
    return [id for id in ids if not id.startswith(OWN)]


def _queue_length(world: World, args: Args) -> str | None:
    length = len(_own(world.center.queues.waiting(args.need("queue"))))
    value, least, most = args.get("value"), args.get("min"), args.get("max")
    args.done()
    fits = (
        (value is None or length == value) and (least is None or length >= least) and (most is None or length <= most)
    )
    return None if fits else f"found {length}"


def _queue_order(world: World, args: Args) -> str | None:
    found, wanted = _own(world.center.queues.waiting(args.need("queue"))), args.need("items")
    args.done()
    return differs(found, wanted)


def _queue_members(world: World, args: Args) -> str | None:
    found, wanted = set(_own(world.center.queues.get(args.need("queue")).members)), set(args.need("agents"))
    args.done()
    return differs(found, wanted)


def _rank(world: World, args: Args) -> str | None:
    queue, item, asked, wanted = args.need("queue"), args.get("item"), args.get("requires"), args.need("agents")
    args.done()
    found = probing.rank(world, queue, item, conditions(asked))
    return differs(found, wanted)


def _rotation(world: World, args: Args) -> str | None:
    found, wanted = probing.rotation(world, args.need("queue")), args.need("agents")
    args.done()
    return differs(found, wanted)


# -- events


def _count(world: World, args: Args) -> int:
    name = args.need("name")
    if name == "message_sent" and world.campaigning:
        return campaigns.sent(world, args.get("campaign"), args.get("contact"))
    wanted = {field: args.get(field) for field in ("item", "agent", "queue", "contact") if args.get(field) is not None}
    found = journal.named(world, name)
    return sum(all(getattr(event, field, None) == value for field, value in wanted.items()) for event in found)


def _event(world: World, args: Args) -> str | None:
    count = _count(world, args)
    args.done()
    return None if count else "no such event"


def _event_count(world: World, args: Args) -> str | None:
    count, wanted = _count(world, args), args.need("count")
    args.done()
    return differs(count, wanted)


EXPECTATIONS: dict[str, Check] = {
    **ITEM_EXPECTATIONS,
    **AGENT_EXPECTATIONS,
    **HOURS_EXPECTATIONS,
    **TALK_EXPECTATIONS,
    **STAT_EXPECTATIONS,
    "allowed": _allowed,
    "rejected": _rejected,
    "exactly_one_allowed": _exactly_one,
    "returned": _result("value", "item", "items"),
    "returned_count": _returned_count,
    "selected": _result("agent"),
    "selected_set": _selected_set,
    "pulled": _result("item"),
    "disjoint": _disjoint,
    "queue_length": _queue_length,
    "queue_order": _queue_order,
    "queue_members": _queue_members,
    "rank": _rank,
    "rotation": _rotation,
    "event": _event,
    "event_count": _event_count,
}
