"""Expectations about figures: of queues, agents, conversations and the whole center."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from math import isclose
from typing import Any

from switchroom.conversations.events import ConversationClosed, MessageReceived, MessageRequested
from switchroom.durations import to_micros
from switchroom.reporting.ledger import Ledger
from switchroom.reporting.rows import AgentRow, QueueRow
from tests.scenarios import talk
from tests.scenarios.expect_items import ITEM_EXPECTATIONS, differs
from tests.scenarios.words import Args, Unsupported
from tests.scenarios.world import OWN, World

Check = Callable[[World, Args], str | None]
Names = Mapping[str, Callable[[World, str], Any]]


def _seconds(value: timedelta | None) -> float | None:
    return None if value is None else value.total_seconds()


# -- queues


def _rows(world: World) -> tuple[QueueRow, ...]:
    rows = Ledger.of(world.center.events()).queues()
    return tuple(row for row in rows if row.queue is None or not row.queue.startswith(OWN))


def _row(world: World, queue: str) -> QueueRow:
    return next(row for row in _rows(world) if row.queue == queue)


def _waiting(world: World, queue: str) -> list[str]:
    return [id for id in world.center.queues.waiting(queue) if not id.startswith(OWN)]


def _longest_wait(world: World, queue: str) -> float:
    now, waiting = world.center.now(), _waiting(world, queue)
    return max(((now - world.item(id).entered).total_seconds() for id in waiting), default=0.0)


def _expected_waits(world: World, queue: str) -> dict[int, float | None]:
    """Of each priority that waits: what new work of it would have to wait."""
    priorities = sorted({world.item(id).priority for id in _waiting(world, queue)})
    insight = world.center.insight
    return {p: _seconds(insight.estimate_for_queue(queue, priority=p).wait) for p in priorities}


def _ended(row: QueueRow) -> int:
    return row.answered + row.abandoned + row.timed_out


OF_QUEUES: Names = {
    **dict.fromkeys(("longest_wait", "longest_waiting", "oldest_wait"), _longest_wait),
    **dict.fromkeys(("waiting", "queue_length", "length", "calls", "queued"), lambda w, q: len(_waiting(w, q))),
    **dict.fromkeys(("expected_wait_by_priority", "estimated_wait_by_priority"), _expected_waits),
    **dict.fromkeys(
        ("expected_wait", "estimated_wait"),
        lambda w, q: _seconds(w.center.insight.estimate_for_queue(q).wait),
    ),
    **dict.fromkeys(("offered", "entered", "received", "total", "incoming"), lambda w, q: _row(w, q).offered),
    **dict.fromkeys(("answered", "assigned", "accepted", "taken"), lambda w, q: _row(w, q).answered),
    **dict.fromkeys(("completed", "handled", "resolved", "closed", "finished"), lambda w, q: _row(w, q).handled),
    **dict.fromkeys(("abandoned", "abandons", "missed"), lambda w, q: _row(w, q).abandoned),
    **dict.fromkeys(("timed_out", "expired"), lambda w, q: _row(w, q).timed_out),
    "cancelled": lambda w, q: _row(w, q).cancelled,
    **dict.fromkeys(("transferred", "transfers"), lambda w, q: _row(w, q).transferred),
    **dict.fromkeys(("overflowed",), lambda w, q: _row(w, q).overflowed),
    **dict.fromkeys(
        ("average_wait", "avg_wait", "mean_wait", "holdtime", "average_wait_time", "avg_wait_time"),
        lambda w, q: _seconds(_row(w, q).mean_wait),
    ),
    **dict.fromkeys(("max_wait", "maximum_wait"), lambda w, q: _seconds(_row(w, q).max_wait)),
    **dict.fromkeys(("talktime", "average_talk_time", "avg_talk_time"), lambda w, q: _seconds(_row(w, q).mean_talk)),
    **dict.fromkeys(("average_handle_time", "avg_handle_time"), lambda w, q: _seconds(_row(w, q).mean_handle)),
    "service_level": lambda w, q: _row(w, q).service_level,
    "service_level_perf": lambda w, q: _percent(_row(w, q).service_level),
    "abandon_rate": lambda w, q: _row(w, q).abandoned / (_ended(_row(w, q)) or 1),
}


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


# -- agents


def _agent(world: World, agent: str) -> AgentRow:
    return next(row for row in Ledger.of(world.center.events()).agents() if row.agent == agent)


OF_AGENTS: Names = {
    **dict.fromkeys(("answered", "accepted", "taken", "chats"), lambda w, a: _taken(_agent(w, a))),
    **dict.fromkeys(("handled", "completed", "resolved", "finished"), lambda w, a: _agent(w, a).handled),
    **dict.fromkeys(("declined", "rejected"), lambda w, a: _agent(w, a).declined),
    **dict.fromkeys(("missed", "no_answers", "expired"), lambda w, a: _agent(w, a).missed),
    **dict.fromkeys(("offered", "offers"), lambda w, a: _agent(w, a).offered),
    **dict.fromkeys(("in_hand", "active", "load", "open"), lambda w, a: _agent(w, a).in_hand),
    "occupancy": lambda w, a: _agent(w, a).occupancy,
    **dict.fromkeys(("busy_time", "busy"), lambda w, a: _seconds(_agent(w, a).busy)),
    **dict.fromkeys(("staffed_time", "online_time", "available_time"), lambda w, a: _seconds(_agent(w, a).staffed)),
    **dict.fromkeys(("average_handle_time", "avg_handle_time"), lambda w, a: _seconds(_agent(w, a).mean_handle)),
    **dict.fromkeys(("average_talk_time", "avg_talk_time"), lambda w, a: _seconds(_agent(w, a).mean_talk)),
}


def _taken(row: AgentRow) -> int:
    """What came into the agent's hand: accepted, claimed or assigned."""
    return row.accepted + row.assigned


# -- conversations and items


def _turns(world: World, item: str) -> list[tuple[str, float]]:
    """(who, when) of the messages of a conversation: no automatic ones, nor the one with which the runner began it."""
    conversation = world.talk.conversations[item]
    turns: list[tuple[str, float]] = []
    for record in world.storage.read(tag=f"conversation:{conversation}"):
        if isinstance(record.event, MessageReceived) and record.event.message not in world.talk.early:
            turns.append(("customer", world.t(record.at)))
        elif isinstance(record.event, MessageRequested) and record.event.author == "agent":
            turns.append(("agent", world.t(record.at)))
    return turns


def _exchange(world: World, item: str) -> tuple[list[float], float | None]:
    """The time from the first unanswered message of the customer to each reply; and that of one not answered yet."""
    waits: list[float] = []
    since: float | None = None
    for who, at in _turns(world, item):
        if who == "customer":
            since = at if since is None else since
        elif since is not None:
            waits.append(at - since)
            since = None
    return waits, since


def _replies(world: World, item: str) -> list[float]:
    return _exchange(world, item)[0]


def _resolution(world: World, item: str) -> float | None:
    """From the first message to the close."""
    turns = _turns(world, item)
    tag = f"conversation:{world.talk.conversations[item]}"
    closed = [world.t(r.at) for r in world.storage.read(tag=tag) if isinstance(r.event, ConversationClosed)]
    return closed[-1] - turns[0][1] if closed and turns else None


OF_ITEMS: Names = {
    "first_response_time": lambda w, i: next(iter(_replies(w, i)), None),
    "reply_times": lambda w, i: _replies(w, i)[1:],
    **dict.fromkeys(("reply_time", "last_reply_time"), lambda w, i: (_replies(w, i)[1:] or [None])[-1]),
    "resolution_time": _resolution,
    **dict.fromkeys(("wait", "wait_time", "waited"), lambda w, i: w.item(_work(w, i)).waited.total_seconds()),
}


def _work(world: World, item: str) -> str:
    return str(talk.translated(world, Args("item", {"item": item})).get("item"))


# -- the whole center


def _ranking(world: World) -> list[list[Any]]:
    """Agents by what they have taken, most first."""
    rows = [row for row in Ledger.of(world.center.events()).agents() if row.agent in world.agents]
    taken = [[row.agent, _taken(row)] for row in rows if _taken(row)]
    return sorted(taken, key=lambda entry: (-entry[1], entry[0]))


def _total(name: str) -> Callable[[World, str], Any]:
    return lambda world, _: sum(OF_QUEUES[name](world, queue) for queue in world.queues)


TOTALS: Names = {
    "handled_ranking": lambda world, _: _ranking(world),
    **{
        name: _total(name)
        for name in (
            *("waiting", "queued", "offered", "received", "total", "answered", "assigned", "completed", "handled"),
            *("resolved", "closed", "abandoned", "timed_out", "cancelled", "transferred"),
        )
    },
    "longest_wait": lambda world, _: max((_longest_wait(world, q) for q in world.queues), default=0.0),
}
SUBJECTS: tuple[tuple[str, Names], ...] = (("item", OF_ITEMS), ("agent", OF_AGENTS), ("queue", OF_QUEUES))


def _figure(world: World, name: str, args: Args) -> Any:
    for word, names in SUBJECTS:
        if args.has(word):
            return _named(names, name)(world, args.need(word))
    return _named(TOTALS, name)(world, "")


def _named(names: Names, name: str) -> Callable[[World, str], Any]:
    if name not in names:
        raise Unsupported(f"figure {name}")
    return names[name]


def _stat(world: World, args: Args) -> str | None:
    """A figure equals the value, within the tolerance, or is at least or at most so much."""
    found = _figure(world, args.need("name"), args)
    tolerance, least, most = args.get("tolerance", 1e-3), args.get("min"), args.get("max")
    given, wanted = args.has("value"), args.get("value")
    args.done()
    if given and not _near(found, wanted, tolerance):
        return f"found {found!r}, not {wanted!r}"
    inside = (least is None or found >= least) and (most is None or found <= most)
    return None if inside else f"found {found!r}"


def _near(found: Any, wanted: Any, tolerance: float) -> bool:
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_near, found, wanted, [tolerance] * len(found)))
    numbers = isinstance(found, int | float) and isinstance(wanted, int | float)
    return isclose(found, wanted, abs_tol=tolerance, rel_tol=0) if numbers else found == wanted


def _stat_keys(world: World, args: Args) -> str | None:
    found = _figure(world, args.need("name"), args)
    wanted = args.need("keys")
    args.done()
    return differs(sorted(found), sorted(wanted))


def _stat_sum(world: World, args: Args) -> str | None:
    """The total equals the sum of its parts."""
    total = _figure(world, args.first("total", "name"), args)
    parts = [_figure(world, name, args) for name in args.need("parts")]
    args.done()
    return differs(sum(parts), total)


# -- since when a conversation waits for an answer


def waiting_since(world: World, args: Args) -> str | None:
    """The first message of the customer that nobody has answered; other fields as of any item."""
    if args.need("field") != "waiting_since":
        return ITEM_EXPECTATIONS["item_field"](world, talk.translated(world, args))
    item, wanted = args.need("item"), args.need("value")
    args.done()
    told = world.center.conversations.get(world.talk.conversations[item]).waiting_for_reply_since
    since = None if told is None else world.t(to_micros(told))
    # Until the first reply that is the message with which the runner began the conversation: it is none of the case's.
    answered = bool(_replies(world, item))
    return differs(since if answered else _exchange(world, item)[1], wanted)


STAT_EXPECTATIONS: dict[str, Check] = {"stat": _stat, "stat_keys": _stat_keys, "stat_sum": _stat_sum}
STATS_OF_CONVERSATIONS: dict[str, Check] = {**STAT_EXPECTATIONS, "item_field": waiting_since}
