"""What ``explain`` answers with: frozen values that print as a report and turn into plain data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from switchroom.durations import format_duration, format_instant
from switchroom.routing.requirement_explain import Explanation

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""Plain data, as JSON has it."""

TermValue = str | int | float | datetime
"""A value in an order: a count, a share, a score, an instant, an id."""


def plain(value: TermValue | timedelta | None) -> Plain:
    """Instants as ISO text, durations as text such as ``1m30s``, the rest as it is."""
    if isinstance(value, datetime):
        return format_instant(value)
    return format_duration(value) if isinstance(value, timedelta) else value


def _shown(value: TermValue) -> str:
    if isinstance(value, datetime):
        return format_instant(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


@attrs.frozen(kw_only=True)
class Condition:
    """One thing that must hold, and whether it does.

    ``until``: when a failed one ends by itself, if time alone can end it. ``requirement``: the requirement in force,
    part by part, for the condition that asks it.
    """

    name: str = attrs.field(kw_only=False)
    passed: bool = attrs.field(kw_only=False)
    detail: str = attrs.field(kw_only=False, default="")
    until: datetime | None = None
    requirement: Explanation | None = None

    def lines(self, indent: int = 0) -> Iterator[str]:
        """The report, line by line."""
        until = "" if self.until is None else f"until {format_instant(self.until)}"
        detail = ", ".join(part for part in (self.detail, until) if part)
        yield f"{'  ' * indent}{'pass' if self.passed else 'fail'}  {self.name}{f'  ({detail})' if detail else ''}"
        if self.requirement is not None:
            yield from self.requirement.lines(indent + 1)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, ready for JSON."""
        return {
            "name": self.name,
            "passed": self.passed,
            "detail": self.detail,
            "until": plain(self.until),
            "requirement": None if self.requirement is None else _tree(self.requirement),
        }


def _tree(part: Explanation) -> dict[str, Plain]:
    actual = part.actual
    texts: list[Plain] = [*sorted(actual)] if isinstance(actual, frozenset) else []
    return {
        "text": part.text,
        "passed": part.passed,
        "name": part.name,
        "actual": texts if isinstance(actual, frozenset) else actual,
        "children": [_tree(child) for child in part.children],
    }


@attrs.frozen
class Term:
    """One term of an order: candidates compare by their terms from left to right, the ``better`` value first."""

    name: str
    value: TermValue
    better: str = "smaller"

    def __str__(self) -> str:
        return f"{self.name} {_shown(self.value)}"

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, ready for JSON."""
        return {"name": self.name, "value": plain(self.value), "better": self.better}


@attrs.frozen(kw_only=True)
class Candidate:
    """One agent: every condition of eligibility, the terms by which the agent is chosen, and the place among those
    who are eligible (1 is chosen first; None: not eligible)."""

    agent: str
    conditions: tuple[Condition, ...]
    terms: tuple[Term, ...] = ()
    place: int | None = None

    @property
    def eligible(self) -> bool:
        """Whether the agent may be offered the item."""
        return self.place is not None

    @property
    def failed(self) -> tuple[Condition, ...]:
        """The conditions that do not hold."""
        return tuple(condition for condition in self.conditions if not condition.passed)

    def lines(self, indent: int = 0) -> Iterator[str]:
        """The report, line by line."""
        pad = "  " * indent
        terms = ", ".join(map(str, self.terms))
        if self.place is not None:
            yield f"{pad}{self.place}. {self.agent}: {terms}"
            return
        yield f"{pad}-  {self.agent}: not eligible"
        for condition in self.failed:
            yield from condition.lines(indent + 2)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, ready for JSON."""
        return {
            "agent": self.agent,
            "eligible": self.eligible,
            "place": self.place,
            "terms": [term.to_dict() for term in self.terms],
            "conditions": [condition.to_dict() for condition in self.conditions],
        }


@attrs.frozen
class Change:
    """Something that time alone will change."""

    at: datetime
    what: str

    def __str__(self) -> str:
        return f"{format_instant(self.at)}  {self.what}"

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, ready for JSON."""
        return {"at": plain(self.at), "what": self.what}


@attrs.frozen(kw_only=True)
class Stage:
    """How far an item has come: the step in force (1-based, of ``steps``; None: no steps, or all are over), the ring,
    whether only preferred agents are candidates, and the requirement in force."""

    step: int | None
    steps: int
    ring: int
    rings: int
    preferred_only: bool
    requirement: str

    def __str__(self) -> str:
        parts = [f"requirement {self.requirement}"]
        if self.steps:
            parts.append("every step is over" if self.step is None else f"step {self.step} of {self.steps}")
        if self.rings > 1:
            parts.append(f"ring {self.ring} of {self.rings}")
        if self.preferred_only:
            parts.append("preferred agents only")
        return ", ".join(parts)

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, ready for JSON."""
        return attrs.asdict(self)


@attrs.frozen(kw_only=True)
class Decision:
    """Why an item goes, went, or does not go to somebody, at one instant.

    ``conditions``: what must hold of the item and its queue. ``key``: the item's place in its queue, as terms.
    ``candidates``: the members of the queue, and agents named by the requirement or preferred: the eligible by place,
    then the others by id. ``chosen``: who gets the item now (in a past decision: who got it), or None. ``tie_break``:
    what decided between the first two. ``changes``: what time alone will change, earliest first. ``offer``: the offer
    that is explained, if a past one is. ``notes``: what else there is to say.
    """

    item: str
    at: datetime
    state: str
    queue: str
    medium: str
    stage: Stage
    key: tuple[Term, ...]
    conditions: tuple[Condition, ...]
    candidates: tuple[Candidate, ...]
    chosen: str | None
    tie_break: str
    changes: tuple[Change, ...] = ()
    offered_to: tuple[str, ...] = ()
    offer: str | None = None
    notes: tuple[str, ...] = ()

    def candidate(self, agent: str) -> Candidate | None:
        """What is said of one agent, or None for somebody who is not among the candidates."""
        return next((one for one in self.candidates if one.agent == agent), None)

    @property
    def eligible(self) -> tuple[str, ...]:
        """The ids of the eligible agents, first choice first."""
        return tuple(one.agent for one in self.candidates if one.eligible)

    def lines(self) -> Iterator[str]:
        """The report, line by line."""
        yield f"item {self.item} ({self.medium}, {self.state}) in queue {self.queue} at {format_instant(self.at)}"
        if self.offer is not None:
            yield f"offer {self.offer}"
        yield f"in force: {self.stage}"
        yield f"key: {', '.join(map(str, self.key))}"
        for condition in self.conditions:
            yield from condition.lines()
        if self.offered_to:
            yield f"offered to: {', '.join(self.offered_to)}"
        yield f"chosen: {self.chosen or 'nobody'}"
        if self.tie_break:
            yield f"decided by: {self.tie_break}"
        yield "candidates:"
        for candidate in self.candidates:
            yield from candidate.lines(1)
        if self.changes:
            yield "changes:"
            yield from (f"  {change}" for change in self.changes)
        yield from (f"note: {note}" for note in self.notes)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def to_dict(self) -> dict[str, Plain]:
        """The whole as plain data, ready for JSON."""
        return {
            "item": self.item,
            "at": plain(self.at),
            "state": self.state,
            "queue": self.queue,
            "medium": self.medium,
            "stage": self.stage.to_dict(),
            "key": [term.to_dict() for term in self.key],
            "conditions": [condition.to_dict() for condition in self.conditions],
            "candidates": [candidate.to_dict() for candidate in self.candidates],
            "chosen": self.chosen,
            "tie_break": self.tie_break,
            "changes": [change.to_dict() for change in self.changes],
            "offered_to": list(self.offered_to),
            "offer": self.offer,
            "notes": list(self.notes),
        }


@attrs.frozen(kw_only=True)
class WhyNot:
    """Why an agent is not given an item: the conditions that fail, of the item and of the agent, or who comes first.

    ``reason`` says it in one sentence.
    """

    item: str
    agent: str
    eligible: bool
    reason: str
    failed: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.agent} and item {self.item}: {self.reason}"]
        lines.extend(line for condition in self.failed for line in condition.lines(1))
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Plain]:
        """Plain data, ready for JSON."""
        return {
            "item": self.item,
            "agent": self.agent,
            "eligible": self.eligible,
            "reason": self.reason,
            "failed": [condition.to_dict() for condition in self.failed],
        }
