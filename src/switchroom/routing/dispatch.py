"""Settling: as long as a free agent and waiting work that fit exist, make the next offer.

Whatever changed has put items and agents among the unsettled while it was applied. Every possible match involves one of
them, because before the change there was none; so settling looks at these only, never at the whole floor.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

from switchroom.kernel.transaction import Transaction
from switchroom.matching import Lane
from switchroom.routing import choice, placing
from switchroom.routing.events import ItemRequeued, OfferAccepted, OfferMade, OfferRevoked, RetryScheduled
from switchroom.routing.floor import QUIET
from switchroom.routing.lifecycle import WAITING
from switchroom.routing.records import TOKEN, AgentRecord, ItemRecord, OfferRecord
from switchroom.routing.state import Routing

Pair = tuple[Any, Any, str, str]
"""(item key, selection stamp, agent id, item id): the order among the matches of one family."""


def settle(r: Routing, tx: Transaction) -> None:
    """Match until nothing more fits; then let in what was held until its queue is quiet, which is for the next round.

    The usual input has unsettled one item or one agent.
    """
    unsettled = r.floor.unsettled
    while unsettled:
        if len(unsettled) > 1:
            _settle_many(tx, r)
            continue
        record: Any = unsettled.popitem()[0]
        if record.__class__ is AgentRecord:
            _fill(tx, r, record)
        elif record is not QUIET:
            _serve(tx, r, record)
        else:
            _release_quiet(tx, r)
            return


def _fill(tx: Transaction, r: Routing, agent: AgentRecord) -> None:
    """Offer work to one agent while there is room; then the agent stands among the free."""
    index = r.floor.index
    while agent.seat is not None:
        item = index.next_item(agent.seat)
        if item is None:
            r.floor.stand(agent)
            return
        make_offer(tx, r, r.items[item], agent)


def _serve(tx: Transaction, r: Routing, item: ItemRecord) -> None:
    """Offer one item to as many agents as its queue says."""
    while item.demand is not None:
        found = choice.best_agent(tx, r, item, item.demand)
        if found is None:
            _plan_retry(tx, r, item)
            return
        make_offer(tx, r, item, r.agents[found[1]])


def _plan_retry(tx: Transaction, r: Routing, item: ItemRecord) -> None:
    """Nobody untried is left: those who let it expire come again after the queue's delay, at least an instant later."""
    if item.expired and not item.offers and not item.retrying and item.state == WAITING and item.queue is not None:
        tx.emit(RetryScheduled(item.id, tx.now + max(item.queue.retry_us, 1)))


def _release_quiet(tx: Transaction, r: Routing) -> None:
    """Let in what was held until its queue is quiet, oldest first, each as long as the queue is quiet enough for it."""
    for queue in list(r.quiet.values()):
        for item in list(queue.quiet.values()):
            assert item.schedule is not None
            assert item.schedule[1] is not None
            if len(queue.items) > item.schedule[1]:
                continue
            placing.enter(tx, r, item, queue, "quiet", item.entered_us if item.schedule[3] else None)


def make_offer(
    tx: Transaction,
    r: Routing,
    item: ItemRecord,
    agent: AgentRecord,
    transfer: str | None = None,
    sender: str | None = None,
) -> str:
    """Offer an item to an agent, and accept at once where that is the rule. Returns the id of the offer."""
    queue = item.queue
    expires = None if queue is None or queue.alert_us is None else tx.now + max(queue.alert_us, 1)
    offer = f"{item.id}{TOKEN}{item.attempt + 1}"
    tx.emit(OfferMade(offer, item.id, agent.id, expires, transfer, sender))
    automatic = agent.spec.auto_answer
    if automatic is None:
        automatic = queue is not None and queue.spec.auto_answer
    if automatic and transfer is None:
        take(tx, r.offers[offer])
    return offer


def take(tx: Transaction, offer: OfferRecord) -> None:
    """Accept an offer that is out, and revoke the other offers of its item in the same step."""
    item = offer.item
    out = item.offers
    tx.emit(OfferAccepted(offer.id, item.id, offer.agent.id))
    if len(out) == 1:
        return
    for loser in out:
        if loser is not offer:
            tx.emit(OfferRevoked(loser.id, item.id, loser.agent.id, "another agent accepted"))


def requeued(tx: Transaction, item: ItemRecord) -> None:
    """After an offer failed: say that the item waits again, once its last offer is gone."""
    if not item.offers and item.state == WAITING and item.queue is not None:
        tx.emit(ItemRequeued(item.id, item.queue.id))


# -- several at once


class _Candidates:
    """The best match of each dirty item and agent, smallest first: by (rank, place), then within a family by key,
    stamp and agent; unlike families of one place by the entry of their heads."""

    def __init__(self, r: Routing) -> None:
        self._r = r
        self._heaps: dict[tuple[int, int], dict[int, list[tuple[Pair, int, str]]]] = {}

    def push(self, lane: Lane, pair: Pair, source: int, id: str) -> None:
        heap = self._heaps.setdefault(lane[:2], {}).setdefault(lane[2], [])
        heappush(heap, (pair, source, id))

    def pop(self) -> tuple[Lane, Pair, int, str] | None:
        if not self._heaps:
            return None
        level = min(self._heaps)
        families = self._heaps[level]
        family = min(families) if len(families) == 1 else min(families, key=lambda f: self._entered(families[f][0][0]))
        pair, source, id = heappop(families[family])
        if not families[family]:
            del families[family]
            if not families:
                del self._heaps[level]
        return (*level, family), pair, source, id

    def _entered(self, pair: Pair) -> tuple[int, int]:
        item = self._r.items[pair[3]]
        return item.entered_us, item.arrival


ITEM, AGENT = 0, 1

SETTLING = "settling"
"""Among the unsettled while several are matched: those not matched yet are unsettled, too."""


def _settle_many(tx: Transaction, r: Routing) -> None:
    """Several items or agents at once: always the best pair of all next.

    A match only ever takes possibilities away, so the remembered best of an item or agent is a lower bound, and is
    looked at again when its turn comes. O((items + agents) log) matches instead of all pairs.
    """
    candidates = _Candidates(r)
    unsettled = r.floor.unsettled
    items = [record for record in unsettled if isinstance(record, ItemRecord)]
    agents = [record for record in unsettled if isinstance(record, AgentRecord)]
    quiet = QUIET in unsettled
    unsettled.clear()
    unsettled[SETTLING] = None
    for agent in agents:
        r.floor.stand(agent)
    for item in items:
        _propose(tx, r, candidates, ITEM, item.id)
    for agent in agents:
        _propose(tx, r, candidates, AGENT, agent.id)
    stale = 0
    while (best := candidates.pop()) is not None:
        lane, pair, source, id = best
        now = _best_of(tx, r, source, id)
        if now is None:
            continue
        # Between two offers each remembered best is out of date at most once, unless a function of the embedder's
        # scores the same pair otherwise each time: then the answer at hand is as good as any.
        if now != (lane, pair) and stale < len(items) + len(agents):
            stale += 1
            candidates.push(*now, source, id)
            continue
        stale, pair = 0, now[1]
        make_offer(tx, r, r.items[pair[3]], r.agents[pair[2]])
        _propose(tx, r, candidates, source, id)
    for item in items:
        if item.demand is not None:
            _plan_retry(tx, r, item)
    del unsettled[SETTLING]
    if quiet:
        unsettled[QUIET] = None


def _propose(tx: Transaction, r: Routing, candidates: _Candidates, source: int, id: str) -> None:
    found = _best_of(tx, r, source, id)
    if found is not None:
        candidates.push(*found, source, id)


def _best_of(tx: Transaction, r: Routing, source: int, id: str) -> tuple[Lane, Pair] | None:
    """The best match of one item, or of one agent."""
    if source == ITEM:
        item = r.items[id]
        if item.demand is None:
            return None
        found = choice.best_agent(tx, r, item, item.demand)
        if found is None:
            return None
        stamp, chosen = found
        lane = r.floor.lane_of(item.demand, r.agents[chosen])
        assert lane is not None, f"chose {chosen} for {id}, who may not serve it"
        return lane, (r.floor.index.key_of(id), stamp, chosen, id)
    agent = r.agents[id]
    best = None if agent.seat is None else r.floor.index.best_item(agent.seat)
    if best is None:
        return None
    lane, key, item_id = best
    return lane, (key, choice.stamp_for(tx, r, r.items[item_id], agent), id, item_id)
