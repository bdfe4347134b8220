"""Looking into a workbin: filter, sort, page. Nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import attrs

from switchroom.errors import InvalidInput
from switchroom.matching.ordered import Ordered
from switchroom.routing.fields import Fact, to_count
from switchroom.routing.model import ANYONE, to_requirement
from switchroom.routing.requirements import And, Compare, Requirement
from switchroom.workitems import access
from switchroom.workitems.bins import Bin
from switchroom.workitems.model import OWN_FIELDS
from switchroom.workitems.records import Entry, WorkRecord
from switchroom.workitems.state import WorkItems
from switchroom.workitems.views import WorkView, facts_of, work_view

MAX_PAGE = 500
"""Entries of a page: what nobody reads to the end."""

DUE, PRIORITY, SUBMITTED = "due", "priority", "submitted"


@attrs.frozen
class Page:
    """Part of a workbin, in order; ``next``: hand it back as ``after`` for what follows, None at the end."""

    works: tuple[WorkView, ...]
    next: str | None


def page(
    w: WorkItems,
    now: int,
    name: str,
    agent: str,
    where: Requirement | str | None,
    sort: str,
    backwards: bool,
    limit: int,
    after: str | None,
) -> Page:
    """A page of what is in a workbin. Refuses an agent who may not look into it, and a page of another order.

    By due date it costs what it passes over; with an indexed attribute compared by ``==`` in ``where``, only what has
    that value is passed over. By priority likewise, with one step for each class of a worktype and priority more. By
    any other key everything that fits is sorted.
    """
    if not 1 <= to_count(limit) <= MAX_PAGE:
        raise InvalidInput("limit", "range", limit, hint=f"1 to {MAX_PAGE}")
    bin = w.bins.get(access.resolve(w, name))
    access.require_sight(w, access.resolve(w, name), agent)
    wanted = ANYONE if where is None else to_requirement(where)
    if bin is None:
        return Page((), None)
    if sort == DUE:
        return _by_due(w, now, bin, wanted, backwards, limit, after)
    skip = _offset(after, sort)
    found = _sorted(w, now, bin, wanted, sort, backwards)
    works = list(islice(found, skip, skip + limit + 1))
    following = f"{sort}:{skip + limit}" if len(works) > limit else None
    return Page(tuple(work_view(w, work, now) for work in works[:limit]), following)


def count(w: WorkItems, name: str) -> int:
    """How many pieces of work are in a workbin."""
    bin = w.bins.get(access.resolve(w, name))
    return 0 if bin is None else len(bin.works)


def _offset(after: str | None, sort: str) -> int:
    if after is None:
        return 0
    kind, _, number = after.rpartition(":")
    if kind != sort or not number.isdigit() or len(number) > 9:
        raise InvalidInput("after", "other_order", after, hint=f"a page of the order by {sort} is wanted")
    return int(number)


def _by_due(
    w: WorkItems, now: int, bin: Bin, where: Requirement, backwards: bool, limit: int, after: str | None
) -> Page:
    """In the order that the lists have anyhow; a page begins behind the last entry of the one before, so that what is
    claimed meanwhile shifts nothing."""
    entries, left = _candidates(w, bin, where)
    start = len(entries) if backwards else 0
    if after is not None:
        kind, _, place = after.partition(":")
        due, _, number = place.partition(":")
        if kind != DUE or not due.lstrip("-").isdigit() or not number.isdigit():
            raise InvalidInput("after", "other_order", after, hint="a page of the order by due is wanted")
        start = entries.start((int(due), int(number) + (0 if backwards else 1)))
    walked = entries.walk(start, back=backwards)
    fitting = _fitting(w, now, left)
    chosen: list[Entry] = list(islice((e for e in walked if fitting(e[2])), limit + 1))
    last = chosen[limit - 1] if len(chosen) > limit else None
    following = None if last is None else f"{DUE}:{last[0]}:{last[1]}"
    return Page(tuple(work_view(w, e[2], now) for e in chosen[:limit]), following)


def _fitting(w: WorkItems, now: int, where: Requirement) -> Callable[[WorkRecord], bool]:
    if where == ANYONE:
        return lambda work: True
    test = where.compile()
    return lambda work: test(facts_of(w, work, now))


def _candidates(w: WorkItems, bin: Bin, where: Requirement) -> tuple[Ordered[Entry], Requirement]:
    """The shortest list that holds everything that can fit (the whole bin, or one value of an indexed attribute), and
    what is still to be asked of what stands in it."""
    parts = list(where.parts) if isinstance(where, And) else [where]
    found, answered = bin.by_due, None
    for part in parts:
        if isinstance(part, Compare) and part.op == "==" and _is_indexed(w, bin, part.name):
            entries = bin.valued(part.name, part.value)
            if len(entries) <= len(found):
                found, answered = entries, part
    left = [part for part in parts if part is not answered]
    return found, ANYONE if not left else left[0] if len(left) == 1 else And(left)


def _is_indexed(w: WorkItems, bin: Bin, name: str) -> bool:
    """Whether the index knows everything in this bin that has the attribute."""
    for kind in bin.kinds:
        spec = w.worktypes[kind]
        attribute = spec.attribute(name)
        if spec.extras if attribute is None else not attribute.indexed:
            return False
    return name not in OWN_FIELDS


def _sorted(w: WorkItems, now: int, bin: Bin, where: Requirement, sort: str, backwards: bool) -> Iterator[WorkRecord]:
    entries, left = _candidates(w, bin, where)
    fitting = _fitting(w, now, left)
    if sort == PRIORITY and entries is bin.by_due and not backwards:
        return (work for work in bin.by_priority(lambda work: w.priority(work, now)) if fitting(work))
    works = [entry[2] for entry in entries if fitting(entry[2])]
    if sort == PRIORITY:
        works.sort(key=lambda work: (-w.priority(work, now), work.entries[-1][0], work.number))
    elif sort == SUBMITTED:
        works.sort(key=lambda work: work.number)
    else:
        works.sort(key=lambda work: (*_place_of(work.attributes.get(sort)), work.number))
    return iter(works[::-1] if backwards else works)


def _place_of(value: Fact | None) -> tuple[int, float, str]:
    """Where a value stands among values of any kind: numbers, then texts; what is missing comes last."""
    if isinstance(value, int | float):
        return 0, value, ""
    if value is None:
        return 2, 0, ""
    return 1, 0, ",".join(sorted(value)) if isinstance(value, frozenset) else value
