"""Contacts with what became of them, as CSV; and the history of attempts, from the log."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import count
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import attrs

from switchroom.durations import from_micros
from switchroom.outbound import stepping
from switchroom.outbound.chunks import unpacked
from switchroom.outbound.events import AttemptRequested, AttemptStatus, Replied
from switchroom.outbound.list_csv import safe_cell
from switchroom.outbound.list_model import Cell, ContactList, Row
from switchroom.outbound.model import Outcome

if TYPE_CHECKING:
    from switchroom.kernel.vertical import Access
    from switchroom.outbound.pump import ChunkStore
    from switchroom.outbound.state import Outbound

OUTCOME_COLUMNS = ("outcome", "skipped", "attempts", "replied", "opted_out", "agent")
"""Columns that an export of a campaign has behind those of the list."""


class Slice(NamedTuple):
    """A chunk of a campaign with what became of its contacts: copies, one chunk at a time."""

    name: str
    spec: ContactList
    codes: bytes
    tries: bytes
    marks: bytes
    agents: list[str | None] | None


def slice_of(o: Outbound, campaign: str, index: int) -> Slice | None:
    """The chunk of this index; None behind the last one."""
    c = o.campaign(campaign)
    if index >= len(c.chunks):
        return None
    chunk = c.chunks[index]
    spec = o.lists[chunk.source[0] or c.spec.lists[0]].spec
    name = stepping.chunk_name_of(o, c, index)
    agents = None if chunk.agents is None else list(chunk.agents)
    return Slice(name, spec, bytes(chunk.codes), bytes(chunk.tries), bytes(chunk.marks), agents)


def slices(access: Access[Outbound], campaign: str) -> Iterator[Slice]:
    """All the chunks of a campaign, each as it is when its turn comes."""
    for index in count():
        found = access.look(partial(slice_of, campaign=campaign, index=index))
        if found is None:
            return
        yield found


def write_campaign(
    access: Access[Outbound], store: ChunkStore, campaign: str, file: IO[str], outcomes: frozenset[str] | None
) -> int:
    """Write the contacts of a campaign, all or those of some outcomes; returns how many."""
    writer = csv.writer(file)
    header: tuple[str, ...] | None = None
    written = 0
    for part in slices(access, campaign):
        if header is None:
            header = part.spec.names
            writer.writerow([*header, *OUTCOME_COLUMNS])
        rows = unpacked(store.get_chunk(part.name) or b"[]")
        found = [
            [*_written(row, part.spec, header), *_outcome(part, number)]
            for number, row in enumerate(rows)
            if row and (outcomes is None or Outcome(part.codes[number]).word in outcomes)
        ]
        writer.writerows(found)
        written += len(found)
    return written


def write_list(rows: Iterable[Row], spec: ContactList, file: IO[str]) -> int:
    """Write the contacts of a list; returns how many."""
    writer = csv.writer(file)
    writer.writerow(spec.names)
    written = 0
    for row in rows:
        if row:
            writer.writerow(_written(row, spec, spec.names))
            written += 1
    return written


def _written(row: Row, spec: ContactList, names: tuple[str, ...]) -> list[str]:
    """The values by the names of the columns, none of them a formula to a spreadsheet."""
    if names == spec.names:
        values: list[Cell] = [*row[1:], *[None] * (len(names) + 1 - len(row))]
    else:
        by_name = dict(zip(spec.names, row[1:], strict=False))
        values = [by_name.get(name) for name in names]
    return [_cell(value) for value in values]


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return safe_cell(value) if isinstance(value, str) else str(value)


def _outcome(part: Slice, row: int) -> list[str]:
    outcome, marks = Outcome(part.codes[row]), part.marks[row]
    yes = ("no", "yes")
    agent = None if part.agents is None else part.agents[row]
    told = [outcome.word, yes[outcome.skipped], str(part.tries[row])]
    return [*told, yes[bool(marks & 1)], yes[bool(marks & 2)], agent or ""]


@attrs.frozen(kw_only=True)
class Attempt:
    """One message to one contact of a campaign: when it was requested, what became of it and when.

    ``status``: the latest known, ``canceled`` for one that was withdrawn. ``accepted``: a carrier took it; None while
    that is not known.
    """

    campaign: str
    message: str
    number: int
    line: str
    agent: str | None
    parts: int
    requested: datetime
    status: str = "queued"
    code: str = ""
    changed: datetime | None = None
    accepted: bool | None = None
    replied: datetime | None = None


def attempts(records: Iterable[Any], campaign: str | None) -> Iterator[Attempt]:
    """The attempts that records of the log tell of, in order; of one campaign or of all."""
    found: dict[str, Attempt] = {}
    for record in records:
        event = record.event
        if not isinstance(event, AttemptRequested | AttemptStatus | Replied):
            continue
        if campaign is not None and event.campaign != campaign:
            continue
        at = from_micros(record.at)
        if isinstance(event, AttemptRequested):
            found[event.message] = _begun(event, at)
        elif event.message in found:
            known = found[event.message]
            found[event.message] = (
                attrs.evolve(known, replied=at) if isinstance(event, Replied) else _changed(known, event, at)
            )
    return iter(found.values())


def _begun(event: AttemptRequested, at: datetime) -> Attempt:
    return Attempt(
        campaign=event.campaign,
        message=event.message,
        number=event.number,
        line=event.line,
        agent=event.agent,
        parts=event.parts,
        requested=at,
    )


def _changed(known: Attempt, event: AttemptStatus, at: datetime) -> Attempt:
    accepted = known.accepted
    if event.effect is not None and event.status != "canceled":
        accepted = event.status != "failed"
    return attrs.evolve(known, status=event.status, code=event.code, changed=at, accepted=accepted)
