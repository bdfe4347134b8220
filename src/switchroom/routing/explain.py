"""Explanations of one item at one instant: who may take it, who comes first and why, and what time will change.

Everything is read from the records with the engine's own functions: eligibility from the floor, stamps from the choice,
phases and due times from where the timers take them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import attrs

from switchroom.durations import format_duration, from_micros
from switchroom.errors import NotAllowed
from switchroom.routing import choice, phases
from switchroom.routing.escalations_due import due_at
from switchroom.routing.estimates import place_key
from switchroom.routing.events import OfferMade
from switchroom.routing.explain_conditions import conditions, considered, demand_for, is_able
from switchroom.routing.explain_values import Candidate, Change, Condition, Decision, Stage, Term, WhyNot
from switchroom.routing.fields import micros
from switchroom.routing.lifecycle import IN_QUEUE
from switchroom.routing.ordering import EXPEDITED
from switchroom.routing.question import Question
from switchroom.routing.queue_model import FUNCTION
from switchroom.routing.records import AgentRecord, Demand, ItemRecord, Phase, QueueRecord
from switchroom.routing.selection import Stamp
from switchroom.routing.state import Routing


def explain_item(r: Routing, now: int, item_id: str) -> Decision:
    """An item that waits or is offered, as it is now. Refuses items that are in no queue (NotAllowed).

    Linear in the members of its queue.
    """
    item = r.item(item_id)
    if item.queue is None or item.state not in IN_QUEUE:
        raise NotAllowed("explain", "item", item.id, item.state)
    return decision(r, now, item, item.queue)


def decision(
    r: Routing, now: int, item: ItemRecord, queue: QueueRecord, chosen: str | None = None, offer: str | None = None
) -> Decision:
    """The explanation of an item in its queue; ``chosen`` and ``offer`` say what a past decision was."""
    question, demand = Question(now), demand_for(item, queue)
    able, stamps = _ranked(question, r, item, queue, demand)
    found = _candidates(r, item, queue, demand, able, stamps)
    own = tuple(_own_conditions(item, queue))
    if chosen is None and able and all(condition.passed for condition in own):
        chosen = able[0].id
    failures = (f"function {r.event.function} failed: {r.event.problem}" for r in question.out)
    return Decision(
        item=item.id,
        at=from_micros(now),
        state=item.state,
        queue=queue.id,
        medium=item.work.medium,
        stage=_stage(item, queue, demand),
        key=_key_terms(item, queue),
        conditions=own,
        candidates=found,
        chosen=chosen,
        tie_break=_tie_break(found),
        changes=tuple(sorted(set(_changes(r, item, queue, now)), key=lambda change: (change.at, change.what))),
        offered_to=tuple(out.agent.id for out in item.offers),
        offer=offer,
        notes=tuple(dict.fromkeys(failures)),
    )


# -- candidates


def _ranked(
    question: Question, r: Routing, item: ItemRecord, queue: QueueRecord, demand: Demand
) -> tuple[list[AgentRecord], dict[str, Stamp]]:
    """The eligible agents, first choice first, with their stamps."""
    able = [agent for agent in considered(r, demand) if is_able(r, demand, item, agent)]
    found = sorted(choice.stamps(question, r, item, queue, able), key=lambda entry: entry[0])
    return [agent for _, agent in found], {agent.id: stamp for stamp, agent in found}


def _candidates(
    r: Routing,
    item: ItemRecord,
    queue: QueueRecord,
    demand: Demand,
    able: list[AgentRecord],
    stamps: dict[str, Stamp],
) -> tuple[Candidate, ...]:
    others = sorted((a for a in considered(r, demand) if a.id not in stamps), key=lambda a: a.id)
    eligible = [
        Candidate(
            agent=agent.id,
            conditions=conditions(r, demand, item, agent),
            terms=stamp_terms(queue, stamps[agent.id]),
            place=place,
        )
        for place, agent in enumerate(able, 1)
    ]
    return (*eligible, *(Candidate(agent=a.id, conditions=conditions(r, demand, item, a)) for a in others))


_IDLE = ("idle since", "instant")
_TERMS: dict[str, tuple[tuple[str, str], ...]] = {
    "longest_idle": (_IDLE,),
    "round_robin": (("last offered", "number"),),
    "least_loaded": (("used share", "number"), _IDLE),
    "most_available": (("free units", "negated"), _IDLE),
    "fewest_today": (("handled today", "number"), _IDLE),
    "best_skilled": (("skill", "negated"), _IDLE),
    "scored": (("below the threshold", "number"), ("score", "negated"), _IDLE),
    FUNCTION: (("score", "negated"), _IDLE),
}
"""selection -> the terms of its stamp (name, form), without rank, scarcity and the agent's id."""


def stamp_terms(queue: QueueRecord, stamp: Stamp) -> tuple[Term, ...]:
    """The terms of a stamp by name; negated ones (where more is better) the right way round."""
    rule = FUNCTION if queue.spec.selection.startswith(FUNCTION) else queue.spec.selection
    names = [("rank", "number")] if queue.ranked else []
    names += _TERMS[rule]
    names += [("needed by waiting work", "number")] if queue.spec.protect_scarce else []
    names.append(("agent", "id"))
    return tuple(_term(name, form, value) for (name, form), value in zip(names, stamp, strict=True))


def _term(name: str, form: str, value: Any) -> Term:
    if form == "instant":
        return Term(name, from_micros(value), "earlier")
    if form == "negated":
        return Term(name, 0 - value, "larger")  # 0 - 0.0 is 0.0, and not -0.0
    return Term(name, value)


def _tie_break(candidates: tuple[Candidate, ...]) -> str:
    """What put the first of the eligible before the second."""
    eligible = [candidate for candidate in candidates if candidate.place is not None]
    if not eligible:
        return ""
    if len(eligible) == 1:
        return f"{eligible[0].agent} is the only one eligible"
    return _difference(*eligible[:2])


def _difference(first: Candidate, second: Candidate) -> str:
    """The first term in which two eligible candidates differ."""
    pair = next((a, b) for a, b in zip(first.terms, second.terms, strict=True) if a.value != b.value)
    if pair[0] is first.terms[-1]:
        return f"the order of ids, as all else is equal: {first.agent} before {second.agent}"
    return f"{pair[0]} of {first.agent} against {pair[1]} of {second.agent}, {pair[0].better} first"


# -- the item


def _own_conditions(item: ItemRecord, queue: QueueRecord) -> Iterator[Condition]:
    """What must hold of the item and its queue; the floor keeps the item for matching exactly when all do."""
    yield Condition(f"queue {queue.id} is open", queue.open, "" if queue.open else "nothing is handed out")
    yield Condition("not handed to one agent directly", not item.direct)
    yield Condition("no pause after an offer", not item.paused)
    most = queue.spec.offers_per_item
    yield Condition("offers of the item", len(item.offers) < most, f"{len(item.offers)} of at most {most} out")


def _stage(item: ItemRecord, queue: QueueRecord, demand: Demand) -> Stage:
    steps = 0 if item.unstepped else len(item.work.steps)
    return Stage(
        step=item.phase.step + 1 if item.phase.step < steps else None,
        steps=steps,
        ring=item.phase.ring,
        rings=len(queue.rings_us) + 1,
        preferred_only=demand.preferred is not None,
        requirement=str(demand.requirement),
    )


def _key_terms(item: ItemRecord, queue: QueueRecord) -> tuple[Term, ...]:
    """The place of an item in its queue: the key itself, and before it what it was made of."""
    tier, score, arrival = place_key(item)
    ordering, spec = queue.spec.ordering, queue.spec
    terms = [Term("ordering", ordering, ""), Term("entered", from_micros(item.entered_us), "earlier")]
    if ordering in ("aging", "strict"):
        terms.append(Term("priority", item.priority, "larger"))
    if ordering == "aging":
        terms.append(Term("one point of priority", format_duration(spec.priority_weight), ""))
    if item.due_us is not None:
        terms.append(Term("due", from_micros(item.due_us), "earlier"))
    terms.append(Term("expedited", tier < EXPEDITED // 2, ""))
    return (*terms, Term("tier", tier), Term("score", score), Term("arrival", arrival))


# -- what time changes


def _changes(r: Routing, item: ItemRecord, queue: QueueRecord, now: int) -> Iterator[Change]:
    for at in phases.boundaries(item, queue):
        if at > now:
            yield from _phase_changes(item, queue, at)
    yield from _deadlines(r, item, queue, now)


def _phase_changes(item: ItemRecord, queue: QueueRecord, at: int) -> Iterator[Change]:
    """What is different from this instant on."""
    before, after = (phases.phase_at(item, queue, t) for t in (at - 1, at))
    yield from (Change(from_micros(at), what) for what in _differences(item, before, after))


def _differences(item: ItemRecord, before: Phase, after: Phase) -> Iterator[str]:
    steps = item.work.steps
    if after.step != before.step and not item.unstepped:
        if after.step < len(steps):
            yield f"step {after.step + 1} of {len(steps)} begins: {steps[after.step].requirement}"
        else:
            yield f"the last step is over: {item.work.after_steps}"
    if after.ring != before.ring:
        yield f"ring {after.ring} opens"
    if after.delay_us != before.delay_us:
        yield f"members with a delay of {format_duration(timedelta(microseconds=after.delay_us))} join"
    for expiring in item.work.expiring:
        if before.ttl_us < micros(expiring.ttl) <= after.ttl_us:
            yield f"no longer asked for: {expiring.requirement}"
    if before.preferring and not after.preferring:
        yield "the wait for preferred agents is over"


def _deadlines(r: Routing, item: ItemRecord, queue: QueueRecord, now: int) -> Iterator[Change]:
    """Escalations, the end of the wait, memories that end, offers that expire, and the queue's hours."""
    found: list[tuple[int | None, str]] = [
        (due_at(rule, item, queue), f"escalation {rule.name}")
        for rule in queue.spec.escalations
        if rule.name not in item.fired
    ]
    found.append((r.wait_limit(item, queue), "the item has waited as long as it may"))
    found += [(retry, f"{agent}, who declined, may be asked again") for agent, retry in (item.declined or {}).items()]
    if item.retrying:
        found.append((r.deadlines.due(("retry", item.id)), "those who let it expire may be asked again"))
    found += [(offer.expires_us, f"the offer to {offer.agent.id} expires") for offer in item.offers]
    hours = f"the hours of queue {queue.id} change"
    found.append((r.deadlines.due(("hours", queue.id)), hours))
    yield from (Change(from_micros(at), what) for at, what in found if at is not None and at > now)


# -- why not


def why_not(r: Routing, now: int, item_id: str, agent_id: str) -> WhyNot:
    """Why an agent is not given an item that waits or is offered."""
    agent = r.agent(agent_id)
    whole = explain_item(r, now, item_id)
    known = whole.candidate(agent_id)
    if known is None:
        item = r.item(item_id)
        assert item.queue is not None
        asked = conditions(r, demand_for(item, item.queue), item, agent)
        known = Candidate(agent=agent_id, conditions=asked)
    own = tuple(condition for condition in whole.conditions if not condition.passed)
    return WhyNot(
        item=item_id,
        agent=agent_id,
        eligible=known.eligible,
        reason=_reason(whole, known, own),
        failed=known.failed or own,
    )


def _reason(whole: Decision, asked: Candidate, own: Iterable[Condition]) -> str:
    if not asked.eligible:
        return "is not eligible"
    blocked = [condition.name for condition in own]
    if blocked:
        out = f", which is offered to {', '.join(whole.offered_to)}" if whole.offered_to else ""
        return f"is eligible, but not now: {blocked[0]} does not hold{out}"
    first = whole.candidates[0]
    if first.agent == asked.agent:
        return "is eligible and comes first"
    return f"is eligible, but {first.agent} comes first: {_difference(first, asked)}"


# -- past decisions


def explain_past(r: Routing, now: int, made: OfferMade) -> Decision:
    """The decision to make an offer, from the state just before it. Refuses items that were in no queue."""
    item = r.item(made.item)
    if item.queue is None:
        raise NotAllowed("explain the offer of", "item", item.id, f"{item.state} without a queue")
    found = decision(r, now, item, item.queue, made.agent, made.offer)
    return attrs.evolve(found, notes=(*found.notes, *_circumstances(r, made, found)))


def _circumstances(r: Routing, made: OfferMade, found: Decision) -> Iterator[str]:
    """What else decided: a person's wish, or that several items and agents were free at once."""
    if made.transfer is not None:
        yield f"a {made.transfer} transfer by {made.sender}: a person chose {made.agent}"
        return
    if found.eligible[:1] != (made.agent,):
        yield "several items and agents were free at once, and the best pair of all went first"
    seat = r.agents[made.agent].seat
    best = None if seat is None else r.floor.index.best_item(seat)
    if best is not None:
        first = "this item" if best[2] == made.item else f"item {best[2]}"
        yield f"of all that {made.agent} could be offered, {first} came first"
