"""An independent reading of the log: folds it by the rules as they are written down, and asserts them.

It knows events and specs, and nothing of the state, the floor or the matching of the library. Requirements are asked
through ``holds``, which has tests of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from judge import Item, Judge, Person
from switchroom.routing import events as e

FINAL = {"completed", "closed", "cancelled", "abandoned", "timed_out"}
LOOSE = "loose"
"""Between two events of one step: in nobody's hand and in no queue yet."""

MOVES: dict[type, set[str]] = {
    e.ItemQueued: {"created", "scheduled", "waiting", "parked", "completed", LOOSE},
    e.ItemUnrouted: {"created", "waiting", "scheduled", "parked", "completed", LOOSE},
    e.ItemParked: {"created", "waiting", "scheduled", "parked", LOOSE},
    e.ItemScheduled: {"created", "waiting", "scheduled", "parked", LOOSE},
    e.ItemEnded: {"created", "waiting", "scheduled", "parked", LOOSE},
    e.ItemAssigned: {"created", "waiting", "scheduled", "parked", LOOSE},
    e.ItemCompleted: {"assigned"},
    e.ItemClosed: {"completed"},
}
"""From which states each event may come; what is not listed is a mistake."""


class Oracle(Judge):
    """Feed records in order; ask ``settled`` after each step."""

    def feed(self, records: Iterable[Any]) -> None:
        for record in records:
            assert record.position == self.position + 1, "a hole in the log"
            assert record.at >= self.at, "the log goes back in time"
            self.position, self.at = record.position, record.at
            self.sums[type(record.event).__name__] += 1
            self.see(record.event)

    # -- the fold

    def see(self, event: Any) -> None:
        if type(event) in MOVES:
            self.leave(self.items[event.item], event)
        handler = getattr(self, f"on_{type(event).__name__}", None)
        if handler is not None:
            handler(event)

    def leave(self, item: Item, event: Any) -> None:
        kind = type(event)
        assert item.state in MOVES[kind], f"{kind.__name__} of {item.id}, which is {item.state}"
        assert not item.offers, f"{kind.__name__} of {item.id} with offers out"
        item.retrying = False

    def on_QueueSaved(self, event: e.QueueSaved) -> None:
        self.queues[event.queue] = event.spec
        self.open.setdefault(event.queue, True)

    def on_QueueRemoved(self, event: e.QueueRemoved) -> None:
        live = [i.id for i in self.items.values() if i.queue == event.queue and i.state not in FINAL | {"created"}]
        assert not live, f"queue {event.queue} was removed with {live}"
        del self.queues[event.queue], self.open[event.queue]

    def on_QueueOpened(self, event: e.QueueOpened) -> None:
        self.open[event.queue] = True

    def on_QueueShut(self, event: e.QueueShut) -> None:
        self.open[event.queue] = False

    def on_AgentSaved(self, event: e.AgentSaved) -> None:
        self.agents.setdefault(event.agent, Person(event.spec)).spec = event.spec

    def on_AgentRemoved(self, event: e.AgentRemoved) -> None:
        assert not self.agents[event.agent].held, "an agent with work was removed"
        del self.agents[event.agent]
        for item in self.items.values():
            item.declined.pop(event.agent, None)

    def on_DayStarted(self, event: e.DayStarted) -> None:
        for agent in self.agents.values():
            agent.today = 0

    def on_PresenceChanged(self, event: e.PresenceChanged) -> None:
        agent = self.agents[event.agent]
        assert event.sequence >= agent.sequence, "presence went back"
        agent.sequence = event.sequence
        if event.presence == "on_queue" and agent.presence != "on_queue":
            agent.since = self.at
            for item in self.items.values():
                if event.agent in item.declined and item.declined[event.agent] is None:
                    del item.declined[event.agent]
        agent.presence = event.presence

    def on_ItemSubmitted(self, event: e.ItemSubmitted) -> None:
        assert event.item not in self.items, f"{event.item} was submitted twice"
        self.items[event.item] = Item(event.item, event.work, self.at)

    def on_ItemQueued(self, event: e.ItemQueued) -> None:
        item = self.items[event.item]
        assert event.entered_us <= self.at, "entered in the future"
        if item.queue != event.queue:
            item.declined, item.expired = {}, set()
        item.state, item.queue, item.joined, item.entered = "waiting", event.queue, self.at, event.entered_us
        item.declined = {a: t for a, t in item.declined.items() if t is None or t > self.at}
        expected = self.expected_key(item, item.priority, item.entered, item.due)
        assert expected in (None, (event.tier, event.score)), f"key of {item.id}"
        if event.cause != "returned":
            self.arrivals += 1 << 20
        arrival = item.key[2] if event.cause == "returned" else self.arrivals + (1 << 48)
        item.key = (event.tier, event.score, arrival)
        preferred = item.work.preferred
        if preferred is not None:
            here = [self.agents[a] for a in preferred.agents if a in self.agents]
            present = any(a.presence != "offline" and self.member(a, item.queue) for a in here)
            item.preferring = present or not preferred.skip_if_absent

    def on_ItemPlaced(self, event: e.ItemPlaced) -> None:
        self.items[event.item].key = (event.tier, event.score, event.arrival)

    def on_ArrivalsOrdered(self, event: e.ArrivalsOrdered) -> None:
        items = [self.items[i] for i in event.items]
        for item, arrival in zip(items, sorted(i.key[2] for i in items), strict=True):
            item.key = (*item.key[:2], arrival)

    def on_ItemChanged(self, event: e.ItemChanged) -> None:
        item = self.items[event.item]
        assert item.state not in FINAL - {"completed"}, f"{item.id} changed after its end"
        item.priority = item.priority if event.priority is None else event.priority
        item.requirement = event.requirement or item.requirement
        item.unstepped = item.unstepped or event.drop_steps
        item.due = event.due_us or item.due
        item.entered = item.entered if event.entered_us is None else event.entered_us
        item.expedited = item.expedited if event.expedited is None else event.expedited
        if event.tier is not None and event.score is not None:
            if item.state in ("waiting", "offered"):
                expected = self.expected_key(item, item.priority, item.entered, item.due)
                assert expected in (None, (event.tier, event.score)), f"key of {item.id} after a change"
            item.key = (event.tier, event.score, item.key[2])

    def on_ItemUnrouted(self, event: e.ItemUnrouted) -> None:
        self.items[event.item].state, self.items[event.item].queue = "created", ""

    def on_ItemParked(self, event: e.ItemParked) -> None:
        self.items[event.item].state = "parked"

    def on_ItemScheduled(self, event: e.ItemScheduled) -> None:
        assert event.until_us is None or event.until_us > self.at, "scheduled into the past"
        self.items[event.item].state = "scheduled"

    def on_ItemEnded(self, event: e.ItemEnded) -> None:
        assert event.state in FINAL
        self.items[event.item].state = event.state

    def on_ItemClosed(self, event: e.ItemClosed) -> None:
        self.items[event.item].state = "closed"

    def on_ItemsEvicted(self, event: e.ItemsEvicted) -> None:
        for name in event.items:
            assert self.items.pop(name).state in FINAL, f"{name} left memory alive"
            self.sums["evicted"] += 1

    # -- offers and assignments

    def token(self, item: Item, token: str) -> None:
        item.attempt += 1
        assert token == f"{item.id}#{item.attempt}", f"token {token} is not the next of {item.id}"
        assert token not in self.used
        self.used.add(token)

    def on_OfferMade(self, event: e.OfferMade) -> None:
        item, agent = self.items[event.item], self.agents[event.agent]
        assert agent.presence == "on_queue", f"{event.agent} is offered work while {agent.presence}"
        assert agent.has_room(item.work), f"{event.agent} has no room for {event.item}"
        cap = agent.spec.max_offers
        assert cap is None or len(agent.offers) < cap, f"{event.agent} has too many offers"
        if event.transfer is None:
            assert self.takeable(item), f"{item.id} is offered while {item.state}"
            assert all(self.offers[o].agent != event.agent for o in item.offers), "the same agent twice"
            assert self.may(item, agent), f"{event.agent} may not be offered {item.id}"
            self.fair(item, agent)
            item.state = "offered"
        elif event.transfer == "blind":
            assert item.state == LOOSE, f"{item.id} is handed on while {item.state}"
            item.state, item.direct = "offered", True
        else:
            assert item.state == "assigned", f"{item.id} is consulted on while {item.state}"
            assert not item.offers, "two transfers at once"
        self.token(item, event.offer)
        self.offers[event.offer] = event
        item.offers.append(event.offer)
        agent.offers.add(event.offer)
        agent.held[event.offer] = (item.work.medium, agent.cost(item.work), item.work.labels)

    def end_offer(self, event: Any) -> tuple[Item, Person, e.OfferMade]:
        made = self.offers.pop(event.offer, None)
        assert made is not None, f"offer {event.offer} ends twice or never was"
        assert (made.item, made.agent) == (event.item, event.agent), "an offer ends for another"
        item, agent = self.items[event.item], self.agents[event.agent]
        item.offers.remove(event.offer)
        agent.offers.remove(event.offer)
        return item, agent, made

    def fail_offer(self, event: Any) -> tuple[Item, e.OfferMade]:
        item, agent, made = self.end_offer(event)
        del agent.held[event.offer]
        if item.state == "offered" and not item.offers:
            item.state, item.direct = (LOOSE if item.direct else "waiting"), False
        return item, made

    def on_OfferAccepted(self, event: e.OfferAccepted) -> None:
        item, agent, made = self.end_offer(event)
        wanted = {None: "offered", "blind": "offered", "consult": LOOSE}[made.transfer]
        assert item.state == wanted, f"{item.id} is accepted while {item.state}"
        assert item.holder is None, f"{item.id} is assigned twice"
        assert made.expires_us is None or self.at < made.expires_us or self.sums["Resumed"], "accepted too late"
        item.direct = False
        self.take(item, agent, event.offer)

    def take(self, item: Item, agent: Person, token: str) -> None:
        item.state, item.holder, item.expired, item.retrying = "assigned", token, set(), False
        agent.since = self.at
        self.hands[token] = (item.id, agent.spec.id, False)

    def on_OfferDeclined(self, event: e.OfferDeclined) -> None:
        item, made = self.fail_offer(event)
        if made.transfer != "consult":
            item.declined[event.agent] = event.retry_us

    def on_OfferExpired(self, event: e.OfferExpired) -> None:
        item, made = self.fail_offer(event)
        assert made.expires_us is not None, "expired without a time"
        assert self.at >= made.expires_us, "expired too early"
        if made.transfer != "consult":
            item.expired.add(event.agent)

    def on_OfferRevoked(self, event: e.OfferRevoked) -> None:
        self.fail_offer(event)

    def on_RetryScheduled(self, event: e.RetryScheduled) -> None:
        item = self.items[event.item]
        assert item.expired, f"a retry of {item.id}, which nobody let expire"
        assert event.due_us > self.at, "a retry in the same instant"
        item.retrying = True

    def on_TriesForgotten(self, event: e.TriesForgotten) -> None:
        item = self.items[event.item]
        item.expired -= set(event.agents)
        item.retrying = False

    def on_ItemAssigned(self, event: e.ItemAssigned) -> None:
        item, agent = self.items[event.item], self.agents[event.agent]
        assert item.holder is None, f"{item.id} is assigned twice"
        assert agent.presence != "offline", f"{event.agent} is offline"
        assert event.over_capacity == (not agent.has_room(item.work)) or self.sums["OfferRevoked"], "over capacity"
        self.token(item, event.assignment)
        agent.held[event.assignment] = (item.work.medium, agent.cost(item.work), item.work.labels)
        self.take(item, agent, event.assignment)

    def hand(self, event: Any) -> tuple[Item | None, Person]:
        """The assignment that an event is about: held, by this agent, under this token."""
        held = self.hands.get(event.assignment)
        assert held is not None, f"{type(event).__name__} of {event.assignment}, which nobody holds"
        assert held[:2] == (event.item, event.agent), f"{type(event).__name__} by another agent"
        return self.items.get(event.item), self.agents[event.agent]

    def let_go(self, event: Any, agent: Person) -> None:
        del self.hands[event.assignment]
        agent.held.pop(event.assignment, None)
        agent.since = self.at

    def wrap(self, event: Any, item: Item, agent: Person) -> None:
        assert event.limit_us is None or event.limit_us > self.at, "after-call work that ends before it begins"
        self.hands[event.assignment] = (event.item, event.agent, True)
        hold = self.queues[item.queue].after_call_work.hold if item.queue in self.queues else 1.0
        self.share(event.assignment, item, agent, hold)

    def share(self, token: str, item: Item, agent: Person, share: float) -> None:
        agent.held.pop(token, None)
        if share:
            agent.held[token] = (item.work.medium, round(agent.cost(item.work) * share), item.work.labels)

    def on_ItemCompleted(self, event: e.ItemCompleted) -> None:
        item, agent = self.hand(event)
        assert item is not None
        assert item.holder == event.assignment, f"{item.id} is completed by who does not hold it"
        agent.today += 1
        item.state = "wrapping" if event.wrapping else "completed"
        if event.wrapping:
            self.wrap(event, item, agent)
        else:
            item.holder, item.declined = None, {}
            self.let_go(event, agent)

    def on_AfterCallEnded(self, event: e.AfterCallEnded) -> None:
        item, agent = self.hand(event)
        assert self.hands[event.assignment][2], "after-call work ends that never began"
        if item is not None and item.holder == event.assignment:
            assert item.state == "wrapping"
            item.state, item.holder, item.declined = "completed", None, {}
        self.let_go(event, agent)

    def on_AssignmentReleased(self, event: e.AssignmentReleased) -> None:
        item, agent = self.hand(event)
        assert item is not None
        assert item.holder == event.assignment, f"{item.id} is released by who does not hold it"
        item.state, item.holder = LOOSE, None
        if event.wrapping:
            self.wrap(event, item, agent)
        else:
            self.let_go(event, agent)

    def on_HoldChanged(self, event: e.HoldChanged) -> None:
        item, agent = self.hand(event)
        assert item is not None
        self.share(event.assignment, item, agent, event.share)

    # -- after a step

    def settled(self, now: int) -> None:
        """What must hold when a step is over, at the instant that has been handled."""
        self.at = max(self.at, now)
        for item in self.items.values():
            self.at_rest(item)
        for item, agent in self.missed():
            raise AssertionError(f"{agent.spec.id} is free beside {item.id}")
        self.reconcile()

    def at_rest(self, item: Item) -> None:
        assert item.state != LOOSE, f"{item.id} is nowhere"
        assert (item.holder is not None) == (item.state in ("assigned", "wrapping")), f"{item.id} and its holder"
        assert bool(item.offers) or item.state != "offered"
        if item.state == "waiting" and item.expired and self.open[item.queue]:
            assert item.retrying, f"{item.id} was let expire and is never tried again"

    def missed(self) -> Iterator[tuple[Item, Person]]:
        """Free agents beside waiting work that fits them, as of now."""
        for item in self.items.values():
            if self.takeable(item):
                for agent in self.agents.values():
                    if self.free(agent, item.work) and self.suits(item, agent, self.at - item.joined):
                        yield item, agent

    def reconcile(self) -> None:
        """What came in is what went out and what is there."""
        sums = self.sums
        ended = sum(sums[f"Offer{how}"] for how in ("Accepted", "Declined", "Expired", "Revoked"))
        assert sums["OfferMade"] == ended + len(self.offers)
        assert sums["ItemSubmitted"] == sums["evicted"] + len(self.items)
        taken = sums["OfferAccepted"] + sums["ItemAssigned"]
        begun = {token for token, (_, _, wrapping) in self.hands.items() if not wrapping}
        assert taken == sums["ItemCompleted"] + sums["AssignmentReleased"] + len(begun)
        assert {t for a in self.agents.values() for t in a.held} <= set(self.offers) | set(self.hands)
