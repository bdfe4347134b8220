"""Every figure counted again from the raw events: slowly, in other ways, and without the code that is tested.

A log becomes plain facts first (stays, offers, assignments, presences, each with its instants). Every figure is then a
loop over all facts with a question in words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Any

from switchroom import Record

FOREVER = 1 << 62


class Fact:
    """Anything with names: a stay, an offer, an assignment."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


def skills_of(*requirements: Any) -> frozenset[str]:
    """What the texts of the normal forms ask for, read off the texts."""
    found: set[str] = set()
    for requirement in requirements:
        text = re.sub(r'"[^"]*"', "0", str(requirement.normal()))
        words = re.findall(r"not [a-z]+|[a-z]+", text)
        found.update(w for w in words if not w.startswith("not ") and w not in {"and", "or", "in", "true", "false"})
    return frozenset(found - {"agent"})


class Facts:
    """What a log says, up to an instant."""

    def __init__(self, records: Iterable[Record], until: int) -> None:
        self.until = until
        self.stays: list[Any] = []
        self.offers: dict[str, Any] = {}
        self.held: dict[str, Any] = {}
        self.presences: dict[str, list[tuple[int, str]]] = {}
        self.posts: dict[str, list[tuple[int, Any]]] = {}
        self.targets: dict[str, timedelta | None] = {}
        self.queues: dict[str, Any] = {}
        self.specs: dict[str, Any] = {}
        self.transfers: list[Any] = []
        self.escalations: list[Any] = []
        self.submitted: dict[str, Any] = {}
        self.reopened: list[Any] = []
        self.finished: list[Any] = []
        self.counts: Counter[str] = Counter()
        for record in records:
            self.read(record)
        for stay in self.stays:
            stay.end, stay.how = (FOREVER, "waiting") if stay.end is None else (stay.end, stay.how)

    def read(self, record: Record) -> None:
        e, at, what = record.event, record.at, record.type.partition(".")[2]
        self.counts[what] += 1
        if what == "queue_saved":
            self.queues[e.queue] = e.spec
            self.targets[e.queue] = None if e.spec.service_level is None else e.spec.service_level.within
            self.requirements = {
                **getattr(self, "requirements", {}),
                e.queue: e.spec.requirement,
            }
        elif what == "queue_removed":
            del self.queues[e.queue]
        elif what == "agent_saved":
            self.specs[e.agent] = e.spec
            self.posts.setdefault(e.agent, []).append((at, e.spec))
            self.presences.setdefault(e.agent, [(at, "offline")])
        elif what == "agent_removed":
            self.specs[e.agent] = None
            self.presences[e.agent].append((at, "offline"))
        elif what == "presence_changed":
            self.presences[e.agent].append((at, e.presence))
        elif what == "item_submitted":
            self.submitted[e.item] = Fact(
                work=e.work,
                at=at,
                place=record.position,
                contact=e.contact,
                own=None,
                queue="",
                skills=None,
            )
            item = self.submitted[e.item]
            item.skills = self.asked(item, None)
            item.done, item.stays = False, 0
        elif what == "item_changed" and e.requirement is not None:
            self.submitted[e.item].own = e.requirement
        elif what == "item_queued":
            item = self.submitted[e.item]
            self.leave(e.item, at, "moved")
            if e.cause == "transferred":
                self.transferred(e.item, "queue", at)
            if item.queue != e.queue or item.own is not None:
                item.queue, item.skills = e.queue, self.asked(item, e.queue)
            item.stays += 1
            over = e.cause == "submitted" and item.work.queue not in (None, e.queue)
            self.stays.append(
                self.about(
                    e.item,
                    start=at,
                    end=None,
                    how=None,
                    by=None,
                    overflowed=over,
                    met=False,
                    number=item.stays,
                )
            )
            if item.done:
                self.reopened.append(self.about(e.item, at=at))
                item.done = False
        elif what in {"item_parked", "item_scheduled", "item_unrouted"}:
            self.leave(e.item, at, "moved")
            if what == "item_parked" and e.target is not None and e.reason == "transferred":
                self.transferred(e.item, "target", at)
        elif what == "item_ended":
            self.leave(e.item, at, e.state)
        elif what == "offer_made":
            self.offers[e.offer] = self.about(
                e.item,
                agent=e.agent,
                post=self.post(e.agent),
                made=at,
                end=FOREVER,
                how="out",
            )
            if e.transfer is not None:
                self.transfers.append(
                    self.about(
                        e.item,
                        kind=e.transfer,
                        at=at,
                        how="started",
                        agent=e.sender,
                        post=self.post(e.sender),
                    )
                )
        elif what in {
            "offer_accepted",
            "offer_declined",
            "offer_expired",
            "offer_revoked",
        }:
            offer = self.offers[e.offer]
            offer.end, offer.how = at, what.partition("_")[2]
            if what == "offer_accepted":
                self.hold(e.offer, e.item, e.agent, at, "accepted", record.position)
                self.held[e.offer].post = offer.post
        elif what == "item_assigned":
            self.hold(e.assignment, e.item, e.agent, at, "assigned", record.position)
        elif what in {"item_completed", "assignment_released"}:
            held = self.held[e.assignment]
            held.done, held.completed, held.place = (
                at,
                what == "item_completed",
                record.position,
            )
            if not e.wrapping:
                held.end = at
                held.code = getattr(e, "code", None)
            if held.completed:
                self.submitted[e.item].done = True
                self.finished.append(self.about(e.item, agent=e.agent, at=at, place=record.position))
        elif what == "after_call_ended":
            self.held[e.assignment].end, self.held[e.assignment].code = at, e.code
        elif what == "transfer_ended":
            self.transfers.append(
                self.about(
                    e.item,
                    kind=e.mode,
                    at=at,
                    how=e.outcome,
                    agent=e.sender,
                    post=self.post(e.sender),
                )
            )
        elif what == "escalation_fired" and e.actions:
            self.escalations.append(self.about(e.item, at=at))

    def asked(self, item: Any, queue: str | None) -> frozenset[str]:
        work = item.work
        wanted = [
            item.own if item.own is not None else work.requirement,
            *(one.requirement for one in work.expiring),
        ]
        wanted += [work.steps[0].requirement] if work.steps else []
        wanted += [] if queue is None else [self.requirements[queue]]
        return skills_of(*wanted)

    def about(self, item: str, **fields: Any) -> Any:
        """A fact about an item as it is now."""
        known = self.submitted[item]
        work = known.work
        names = {
            "medium": work.medium,
            "channel": work.channel,
            "division": work.division,
        }
        return Fact(
            item=item,
            queue=known.queue,
            skills=known.skills,
            contact=known.contact,
            **names,
            **fields,
        )

    def post(self, agent: str) -> Any:
        return self.posts[agent][-1][1]

    def leave(self, item: str, at: int, how: str) -> None:
        for stay in self.stays:
            if stay.item == item and stay.end is None:
                stay.end, stay.how = at, how
                within = self.targets.get(stay.queue)
                stay.short = within is not None and at - stay.start <= micros(within)

    def hold(self, id: str, item: str, agent: str, at: int, how: str, opened: int) -> None:
        self.held[id] = self.about(
            item,
            agent=agent,
            post=self.post(agent),
            begun=at,
            done=FOREVER,
            end=FOREVER,
            how=how,
            completed=False,
        )
        self.held[id].place, self.held[id].opened = 0, opened
        for stay in self.stays:
            if stay.item == item and stay.end is None:
                stay.end, stay.how, stay.by = at, "answered", agent
                within = self.targets.get(stay.queue)
                stay.met = within is not None and at - stay.start <= micros(within)

    def transferred(self, item: str, kind: str, at: int) -> None:
        """Handed on by who gave it up last."""
        last = max((h for h in self.held.values() if h.item == item), key=lambda h: h.place)
        for how in ("started", "completed"):
            self.transfers.append(
                Fact(
                    **{
                        **last.__dict__,
                        "kind": kind,
                        "at": at,
                        "how": how,
                        "completed": None,
                    }
                )
            )

    # -- time of agents

    def spans(self, agent: str, wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
        """When the agent was in such a presence."""
        changes = [*self.presences.get(agent, ()), (self.until, "offline")]
        return [(a, b) for (a, p), (b, _) in pairwise(changes) if wanted(p) and a < b]

    def busy(self, agent: str) -> list[tuple[int, int]]:
        return [(h.begun, min(h.end, self.until)) for h in self.held.values() if h.agent == agent]


def micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def within(spans: Iterable[tuple[int, int]], a: int, b: int) -> list[tuple[int, int]]:
    return [(max(s, a), min(e, b)) for s, e in spans if max(s, a) < min(e, b)]


def union(spans: Iterable[tuple[int, int]]) -> int:
    """The length of what is covered at least once."""
    total, reached = 0, -1
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def most(spans: Iterable[tuple[int, int]]) -> int:
    """The most at once, for any time at all."""
    edges = sorted([(s, 1) for s, e in spans if s < e] + [(e, -1) for s, e in spans if s < e])
    level = best = 0
    for _, step in edges:
        level += step
        best = max(best, level)
    return best


def mean(values: list[int]) -> timedelta | None:
    return timedelta(microseconds=sum(values) // len(values)) if values else None


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def first_contacts(f: Facts, finished: list[Any], window: int) -> float | None:
    """The share of completed contacts with one agent, none within the window before and none after."""
    contacts = [c for c in finished if c.contact is not None and c.medium not in {"workitem", "callback"}]
    return share(sum(_was_first(f, c, window) for c in contacts), len(contacts))


def _was_first(f: Facts, done: Any, window: int) -> bool:
    same = [(id, i) for id, i in f.submitted.items() if i.contact == done.contact and i.work.medium in _CONTACTS]
    before = [c for c in f.finished if c.contact == done.contact and c.medium in _CONTACTS and c.place < done.place]
    came = f.submitted[done.item]
    earlier = [c for c in before if c.place < came.place]
    if earlier and came.at - earlier[-1].at <= window and not _between(same, earlier[-1].place, came.place):
        return False
    if any(c.item == done.item for c in before):
        return False
    if len({h.agent for h in f.held.values() if h.item == done.item and h.opened < done.place}) > 1:
        return False
    after = [i for _, i in same if i.place > done.place]
    return not (after and after[0].at - done.at <= window and not _done_between(f, done, after[0].place))


_CONTACTS = {"voice", "message", "email", "chat"}


def _between(same: list[Any], low: int, high: int) -> bool:
    """Whether another contact of the customer came in between: that one was the follow-up."""
    return any(low < i.place < high for _, i in same)


def _done_between(f: Facts, done: Any, place: int) -> bool:
    """Whether something later was completed before the customer came again: that one is followed up."""
    return any(c.contact == done.contact and c.medium in _CONTACTS and done.place < c.place < place for c in f.finished)


# -- the views


def queue_row(
    f: Facts,
    wanted: Callable[[Any], bool],
    a: int,
    b: int,
    last: bool,
    window: int = FOREVER,
) -> dict[str, Any]:
    """The figures of some work between two instants; ``last``: the present belongs to it."""

    def now(at: int) -> bool:
        return a <= at < b

    stays = [s for s in f.stays if wanted(s)]
    began = [s for s in stays if now(s.start)]
    ended = {how: [s for s in stays if now(s.end) and s.how == how] for how in
             ("answered", "abandoned", "timed_out", "cancelled", "moved")}  # fmt: skip
    lost = [s for how, found in ended.items() if how != "answered" for s in found]
    open_now = [s for s in stays if s.how == "waiting"] if last else []
    waits = [s.end - s.start for found in ended.values() for s in found] + [f.until - s.start for s in open_now]
    judged = {how: [s for s in found if f.targets.get(s.queue) is not None] for how, found in ended.items()}
    asked = len(judged["answered"]) + len(judged["abandoned"]) + len(judged["timed_out"])
    met = sum(s.met for s in judged["answered"])
    short = sum(s.short for s in judged["abandoned"])
    held = [h for h in f.held.values() if wanted(h)]
    over = [h for h in held if now(h.end)]
    completed = [h for h in held if h.completed and now(h.done)]
    again = [r for r in f.reopened if wanted(r) and now(r.at)]
    return {
        "offered": len(began),
        **{how: len(found) for how, found in ended.items()},
        "waiting": sum(1 for s in stays if s.start < b <= s.end or (last and s.how == "waiting")),
        "overflowed": sum(s.overflowed for s in began),
        "mean_wait": mean([s.end - s.start for s in ended["answered"]]),
        "max_wait": timedelta(microseconds=max(waits)) if waits else None,
        "mean_lost_wait": mean([s.end - s.start for s in lost]),
        "service_level": share(met, asked),
        "service_level_without_abandoned": share(met, asked - len(judged["abandoned"])),
        "service_level_without_short": share(met, asked - short),
        "service_level_short_met": share(met + short, asked),
        "short_abandoned": sum(s.short for s in ended["abandoned"]),
        "handled": len(completed),
        "mean_handle": mean([h.end - h.begun for h in over]),
        "mean_talk": mean([h.done - h.begun for h in over]),
        "mean_after_call": mean([h.end - h.done for h in over]),
        "transferred": sum(1 for t in f.transfers if wanted(t) and now(t.at) and t.how == "completed"),
        "escalated": sum(1 for e in f.escalations if wanted(e) and now(e.at)),
        "reopened": len(again),
        "reopen_rate": share(len(again), len(completed)),
        "first_contact": first_contacts(f, [c for c in f.finished if wanted(c) and now(c.at)], window),
    }


def agent_row(
    f: Facts,
    agents: list[str],
    wanted: Callable[[Any], bool],
    a: int,
    b: int,
    timed: bool,
) -> dict[str, Any]:
    """The figures of some agents, for some of their work."""

    def now(at: int) -> bool:
        return a <= at < b

    offers = [o for o in f.offers.values() if wanted(o)]
    held = [h for h in f.held.values() if wanted(h)]
    ended = [o.how for o in offers if now(o.end)]
    over = [h for h in held if now(h.end)]
    moved = [t.kind for t in f.transfers if wanted(t) and t.how == "completed" and now(t.at)]
    busy = {agent: within(f.busy(agent), a, b) for agent in agents}
    there = {
        agent: [
            *busy[agent],
            *within(f.spans(agent, lambda p: p in {"on_queue", "draining"}), a, b),
        ]
        for agent in agents
    }
    staffed_us, busy_us = (
        sum(union(there[x]) for x in agents),
        sum(union(busy[x]) for x in agents),
    )
    load = sum(e - s for x in agents for s, e in busy[x])
    return {
        "offered": sum(1 for o in offers if now(o.made)),
        "accepted": ended.count("accepted"),
        "declined": ended.count("declined"),
        "missed": ended.count("expired"),
        "revoked": ended.count("revoked"),
        "offers_out": sum(1 for o in offers if o.made < b <= o.end),
        "assigned": sum(1 for h in held if h.how == "assigned" and now(h.begun)),
        "handled": sum(1 for h in held if h.completed and now(h.done)),
        "handed_on": sum(1 for h in held if not h.completed and now(h.done)),
        "in_hand": sum(1 for h in held if h.begun < b <= h.done),
        "mean_handle": mean([h.end - h.begun for h in over]),
        "mean_talk": mean([h.done - h.begun for h in over]),
        "mean_after_call": mean([h.end - h.done for h in over]),
        **{f"transfers_{kind}": moved.count(kind) for kind in ("blind", "consult", "queue", "target")},
        "staffed": timedelta(microseconds=staffed_us) if timed else None,
        "busy": timedelta(microseconds=busy_us) if timed else None,
        "occupancy": share(busy_us, staffed_us) if timed else None,
        "concurrency": share(load, busy_us) if timed else None,
        "most_at_once": max((most(busy[x]) for x in agents), default=0) if timed else None,
    }
