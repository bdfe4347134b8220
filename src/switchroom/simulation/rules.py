"""Which rule explains what was decided: each recorded decision beside what the rules of queues would have done.

Two decisions are looked at. *Who is next*: an agent takes one of several interactions that wait. *Who gets it*: an
interaction that need not wait goes to one of several idle agents. A rule explains a decision if the one that was taken
stands first under it. A decision among n is explained by chance once in n times: ``by_chance`` says how often that is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final, TypeAlias

import attrs

from switchroom.durations import Micros, span_micros, to_micros
from switchroom.routing.ordering import ORDERINGS
from switchroom.routing.selection import STAMPS
from switchroom.simulation.confidence import CONFIDENCE, share_interval
from switchroom.simulation.interactions import Interaction, in_order
from switchroom.simulation.recording import BREAK, seen_presences

NEXT: Final = "who is next"
WHO: Final = "who gets it"
AT_ONCE: Final = timedelta(seconds=3)
"""Interactions answered within this time are taken not to have waited: switches need a moment to connect."""
_POINT: Final = 60_000_000
"""A point of priority under aging is worth a minute."""


@attrs.frozen(kw_only=True)
class RuleFit:
    """How many of the decisions of one kind a rule explains; ``share`` of them, within ``low`` and ``high``."""

    decision: str
    rule: str
    decisions: int
    explained: int
    share: float
    low: float
    high: float
    by_chance: float


@attrs.frozen
class _Waiting:
    """What an ordering looks at."""

    entered_us: Micros
    priority: int
    left_us: Micros
    type: str
    due_us: None = None


@attrs.frozen
class _Aging:
    weight_us: Micros = _POINT


@attrs.define
class _Idle:
    """What a selection looks at."""

    id: str
    since_us: Micros
    handled_today: int
    last_offered: dict[str, int]
    busy_us: Micros

    def noted(self) -> _Idle:
        """As it is now."""
        return attrs.evolve(self, last_offered=dict(self.last_offered))


Key: TypeAlias = Callable[[Any], Any]


def _order(name: str) -> Key:
    order: Callable[[Any, Any], Any] = ORDERINGS[name]
    queue = _Aging()
    return lambda waiting: order(waiting, queue)


def _choice(name: str) -> Key:
    """A selection without the agent's id, which decides among equals."""
    stamp: Callable[[Any, str], Any] = STAMPS[name]
    return lambda idle: stamp(idle, "")[:-1]


_ORDERS: Final[dict[str, Key]] = {name: _order(name) for name in ("aging", "strict", "oldest", "newest")}
"""The orderings of queues, of one queue that has all interactions."""

_CHOICES: Final[dict[str, Key]] = {
    **{name: _choice(name) for name in ("longest_idle", "round_robin", "fewest_today")},
    "shortest_idle": lambda idle: -idle.since_us,
    "least_busy_today": lambda idle: idle.busy_us,
}
"""The selections of queues that a record without skills can tell apart, and two that people follow by themselves."""


def rules_of(
    interactions: Iterable[Interaction],
    *,
    at_once: timedelta = AT_ONCE,
    away_after: timedelta = BREAK,
    confidence: float = CONFIDENCE,
) -> tuple[RuleFit, ...]:
    """How far each rule explains a record, best first within each kind of decision.

    An agent can take what he or she has ever taken, by type; who has done nothing for ``away_after`` is taken to be
    away. About O(n m) for m waiting or idle at once.
    """
    seen = in_order(interactions)
    found: list[RuleFit] = []
    for kind, sets, rules in ((NEXT, _next(seen, at_once), _ORDERS), (WHO, _who(seen, at_once, away_after), _CHOICES)):
        found += _fits(kind, list(sets), rules, confidence)
    return tuple(found)


def _fits(kind: str, sets: Sequence[tuple[Any, list[Any]]], rules: dict[str, Key], confidence: float) -> list[RuleFit]:
    if not sets:
        return []
    chance = sum(1 / len(candidates) for _, candidates in sets) / len(sets)
    fits: list[RuleFit] = []
    for rule, key in rules.items():
        explained = sum(key(taken) <= min(map(key, candidates)) for taken, candidates in sets)
        low, high = share_interval(explained, len(sets), confidence)
        share = explained / len(sets)
        fits.append(
            RuleFit(
                decision=kind,
                rule=rule,
                decisions=len(sets),
                explained=explained,
                share=share,
                low=low,
                high=high,
                by_chance=chance,
            )
        )
    return sorted(fits, key=lambda fit: (-fit.explained, fit.rule))


# -- who is next


def _next(seen: Sequence[Interaction], at_once: timedelta) -> Iterator[tuple[_Waiting, list[_Waiting]]]:
    """Each answer to one that waited while others did that the agent could take: (taken, all that could be)."""
    skills: defaultdict[str, set[str]] = defaultdict(set)
    for one in seen:
        if one.agent is not None:
            skills[one.agent].add(one.type)
    answers = sorted((one for one in seen if one.agent is not None and one.wait > at_once), key=lambda one: one.left)
    waiting: list[_Waiting] = []
    coming = iter(seen)
    following = next(coming, None)
    for answer in answers:
        at = answer.left_us
        while following is not None and following.queued_us < at:
            left = following.left_us
            waiting.append(_Waiting(following.queued_us, following.priority, left, following.type))
            following = next(coming, None)
        waiting = [one for one in waiting if one.left_us >= at]
        taken = _Waiting(answer.queued_us, answer.priority, at, answer.type)
        able = [one for one in waiting if one.type in skills[answer.agent or ""] and (one.left_us > at or one == taken)]
        if len(able) > 1:
            yield taken, able


# -- who gets it


def _who(seen: Sequence[Interaction], at_once: timedelta, away_after: timedelta) -> Iterator[tuple[_Idle, list[_Idle]]]:
    """Each answer at once while several agents were idle: (taken, all who were idle), as they stood before it."""
    skills: defaultdict[str, set[str]] = defaultdict(set)
    for one in seen:
        if one.agent is not None:
            skills[one.agent].add(one.type)
    floor = _Floor(seen, away_after)
    answers = sorted((one for one in seen if one.agent is not None), key=lambda one: one.left)
    for number, one in enumerate(answers, 1):
        agent, at = one.agent or "", one.left_us
        floor.pass_to(at, one.left.toordinal())
        if one.wait <= at_once:
            idle = [each for each in floor.idle(at) if one.type in skills[each.id]]
            taken = next((each for each in idle if each.id == agent), None)
            if taken is not None and len(idle) > 1:
                yield taken.noted(), [each.noted() for each in idle]
        floor.begin(agent, at, one.ended or one.left, number)


class _Floor:
    """Who is there, and who is idle since when."""

    def __init__(self, seen: Sequence[Interaction], away_after: timedelta) -> None:
        self._moves = iter(seen_presences(seen, away_after))
        self._move = next(self._moves, None)
        self._away = span_micros(away_after)
        self._there: dict[str, _Idle] = {}
        self._known: dict[str, _Idle] = {}
        self._until: dict[str, Micros] = {}
        self._day = 0

    def pass_to(self, at: Micros, day: int) -> None:
        """Who comes and goes by then; a new day begins the counts anew."""
        if day != self._day:
            self._day = day
            for one in self._known.values():
                one.handled_today = one.busy_us = 0
        while self._move is not None and self._move[0] < at:
            moved, agent, presence = self._move
            if presence == "offline":
                self._there.pop(agent, None)
            else:
                one = self._known.setdefault(agent, _Idle(agent, moved, 0, {}, 0))
                one.since_us = max(one.since_us, moved)
                self._there[agent] = one
            self._move = next(self._moves, None)

    def idle(self, at: Micros) -> list[_Idle]:
        return [one for id, one in self._there.items() if self._until.get(id, 0) <= at]

    def begin(self, agent: str, at: Micros, ended: Any, number: int) -> None:
        until = to_micros(ended)
        one = self._known.setdefault(agent, _Idle(agent, at, 0, {}, 0))
        self._until[agent] = until
        one.since_us = until
        one.handled_today += 1
        one.busy_us += until - at
        one.last_offered[""] = number
