"""Journeys: a conversation and the work that it led to, stage by stage, so that the slow stage has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import attrs

from switchroom.kernel.records import Record
from switchroom.reporting.interactions import interactions
from switchroom.reporting.rows import InteractionRow

ReadLog = Callable[[str], Iterable[Record]]
"""The records under a tag, oldest first."""


@attrs.frozen(kw_only=True)
class StageRow:
    """One stage of a journey. ``kind``: conversation or work, with its ``id``; ``stage``: ``waiting`` in the queue
    ``place``, ``in hand`` of the agent ``place``, or ``set aside`` between two stays. ``share``: of the time of all
    stages. ``ended`` None: it goes on."""

    journey: str
    kind: str
    id: str
    item: str
    stage: str
    place: str
    started: datetime
    ended: datetime | None
    time: timedelta
    share: float | None


def journey_rows(read: ReadLog, journey: str, now: datetime) -> tuple[StageRow, ...]:
    """The stages of a journey by their beginning: of the conversation of that id, and of all work with that journey.
    Linear in what the log says about them."""
    stages: list[StageRow] = []
    for kind, id, items in _parts(read, journey):
        for item in items:
            before: datetime | None = None
            for row in interactions(read(f"item:{item}")):
                if before is not None and before < row.started:
                    stages.append(_stage(journey, kind, id, item, "set aside", "", before, row.started, now))
                stages.extend(_stages(journey, kind, id, row, now))
                before = row.ended
    total = sum((stage.time for stage in stages), timedelta(0))
    if total:
        stages = [attrs.evolve(stage, share=stage.time / total) for stage in stages]
    return tuple(sorted(stages, key=lambda stage: (stage.started, stage.item)))


def _parts(read: ReadLog, journey: str) -> Iterator[tuple[str, str, list[str]]]:
    """(kind, id, items) of the conversation and of each piece of work."""
    talk = [r.event.item for r in read(f"conversation:{journey}") if r.type == "conversations.routed"]
    if talk:
        yield "conversation", journey, talk
    works = [r.event.work for r in read(f"journey:{journey}") if r.type == "workitems.submitted"]
    for work in dict.fromkeys(works):
        kinds = ("workitems.submitted", "workitems.reopened")
        yield "work", work, [r.event.item for r in read(f"work:{work}") if r.type in kinds]


def _stages(journey: str, kind: str, id: str, row: InteractionRow, now: datetime) -> Iterator[StageRow]:
    reached = row.answered or row.ended
    if row.stay:
        yield _stage(journey, kind, id, row.item, "waiting", row.queue or "", row.started, reached, now)
    if row.answered is not None:
        yield _stage(journey, kind, id, row.item, "in hand", ", ".join(row.agents), row.answered, row.ended, now)


def _stage(
    journey: str,
    kind: str,
    id: str,
    item: str,
    stage: str,
    place: str,
    started: datetime,
    ended: datetime | None,
    now: datetime,
) -> StageRow:
    return StageRow(
        journey=journey,
        kind=kind,
        id=id,
        item=item,
        stage=stage,
        place=place,
        started=started,
        ended=ended,
        time=max(timedelta(0), (ended or now) - started),
        share=None,
    )
