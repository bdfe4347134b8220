"""Reports about a log: a stored one, or the center's own (``center.reports``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, Protocol, TypeAlias, TypeVar

import attrs

from switchroom.durations import InstantLike, Micros, from_micros
from switchroom.errors import InvalidInput, NotPermitted, StorageError
from switchroom.kernel.records import Record
from switchroom.messaging.addresses import Address
from switchroom.outbound.exporting import Attempt, attempts
from switchroom.reporting.interactions import interactions
from switchroom.reporting.journeys import StageRow, journey_rows
from switchroom.reporting.ledger import Ledger
from switchroom.reporting.rows import InteractionRow
from switchroom.reporting.state import State
from switchroom.reporting.views import Views
from switchroom.reporting.where import EVERYTHING, Where
from switchroom.routing.runner import Runner

R = TypeVar("R")


class ReadLog(Protocol):
    """Reads a log: the records behind a position in order, those with a tag if one is given. Stores do."""

    def __call__(self, after: int = 0, *, tag: str | None = None) -> Iterator[Record]: ...


Limit: TypeAlias = Callable[[], "tuple[str, frozenset[str]] | None"]
"""Who asks and may see some divisions only: the principal's id and these divisions; None: nobody is limited."""


class ReportsRunner(Runner, Protocol):
    """What reports need of the center."""

    def look_on(self, vertical: str, question: Callable[[Any], R]) -> R:
        """Answer a question about the present state of a vertical."""
        ...


class LogReports(Views):
    """Reports about a log that is read as they are asked for: ``LogReports(storage.read)``.

    The first question reads the log once; later ones read only what has come since. ``until``: how far time that still
    runs is counted, if that is later than the last record.
    """

    def __init__(self, read: ReadLog, *, until: InstantLike | None = None, ledger: Ledger | None = None) -> None:
        self._read = read
        self._ledger = Ledger() if ledger is None else ledger
        self._until = until

    def use(self, ledger: Ledger) -> None:
        """Count with this ledger from now on, which has other settings: ``use(Ledger(keep="400d"))``."""
        self._ledger = ledger

    def _seen(self, where: Where, *, whole: bool = False) -> Where:
        """What of it whoever asks may see; refused where that cannot be told apart (``whole``)."""
        return where

    def _ask(self, where: Where, question: Callable[[State, Micros, Where], R], *, whole: bool = False) -> R:
        where = self._seen(where, whole=whole)
        ledger = self._ledger
        for record in self._read(ledger.position):
            if record.position != ledger.position + 1:
                raise StorageError("the log does not go back to its beginning", reason="missing")
            ledger.add(record)
        if self._until is not None:
            ledger.advance(self._until)
        return ledger._ask(where, question)  # pyright: ignore[reportPrivateUsage]

    def _now(self) -> datetime:
        return self._ask(EVERYTHING, lambda state, now, where: from_micros(now))

    def _digest(self, address: Address) -> str:
        """What stands in the log for an address; only the center knows."""
        raise InvalidInput("interactions.address", "unknown", hint="addresses are known to a center only")

    # -- what the log says about single things

    def interactions(
        self,
        where: Where = EVERYTHING,
        *,
        item: str | None = None,
        conversation: str | None = None,
        contact: str | None = None,
        address: Address | None = None,
        tag: str | None = None,
        limit: int | None = None,
    ) -> tuple[InteractionRow, ...]:
        """Interactions with every step, by their beginning: those of an item, a conversation, a contact, a customer's
        address, with a tag or label, or all; at most ``limit``, the first ones.

        ``since`` and ``until`` of the filter are about their beginning, to the microsecond. By item, conversation and
        contact this is linear in what the log says about them; by address and tag, and without any of these, in the
        whole log.
        """
        where = self._seen(where)
        if where.skills is not None:
            raise InvalidInput("where.skills", "unknown", hint="interactions are not filtered by skill")
        wanted = (one for one in self._found(item, conversation, contact, address) if _fits(one, where, tag))
        return tuple(islice(sorted(wanted, key=lambda row: (row.started, row.item, row.stay)), limit))

    def _found(
        self, item: str | None, conversation: str | None, contact: str | None, address: Address | None
    ) -> Iterable[InteractionRow]:
        given = [one for one in (item, conversation, contact, address) if one is not None]
        if len(given) > 1:
            raise InvalidInput("interactions", "several", hint="one of item, conversation, contact and address")
        if item is not None:
            return self._of_items([item])
        if conversation is not None:
            return self._of_conversations([conversation])
        if contact is not None:
            events = list(self._read(tag=f"contact:{contact}"))
            return self._of_items([r.event.item for r in events if r.type == "routing.item_submitted"])
        if address is not None:
            return self._of_conversations(self._talks_of(address))
        return interactions(self._read())

    def _talks_of(self, address: Address) -> list[str]:
        """The conversations with an address; the log has its digest only."""
        key = self._digest(address)
        started = (r.event for r in self._read() if r.type == "conversations.started")
        return [event.conversation for event in started if event.key == key]

    def _of_conversations(self, ids: Iterable[str]) -> Iterable[InteractionRow]:
        for id in ids:
            routed = [r.event.item for r in self._read(tag=f"conversation:{id}") if hasattr(r.event, "item")]
            yield from self._of_items(routed)

    def _of_items(self, ids: Iterable[str]) -> Iterable[InteractionRow]:
        for id in dict.fromkeys(ids):
            records = list(self._read(tag=f"item:{id}"))
            talks = [r.event.conversation for r in records if r.type == "conversations.routed"]
            about = [self._read(tag=f"conversation:{talk}") for talk in talks]
            found = {r.position: r for r in merge(records, *about, key=lambda record: record.position)}
            yield from (row for row in interactions(found.values()) if row.item == id)

    def attempts(self, campaign: str) -> tuple[Attempt, ...]:
        """Every attempt of a campaign, in order. Linear in what the log says about it."""
        self._seen(EVERYTHING, whole=True)
        return tuple(attempts(self._read(tag=f"campaign:{campaign}"), campaign))

    def journey(self, id: str) -> tuple[StageRow, ...]:
        """A conversation and the work that it led to, stage by stage, with the time in each."""
        self._seen(EVERYTHING, whole=True)
        return journey_rows(lambda tag: self._read(tag=tag), id, self._now())


class ReportsFront(LogReports):
    """Reports, live and historical, from the center's own log.

    A center that is never asked pays nothing, and one that is asked every second little. What is stored is counted, up
    to the instant at which the center stands. Whoever is limited to divisions sees what was counted in
    these, and no views that know no divisions.
    """

    def __init__(self, runner: ReportsRunner, read: ReadLog, limit: Limit) -> None:
        def locked(after: int = 0, *, tag: str | None = None) -> Iterator[Record]:
            return runner.look(lambda routing, now: read(after, tag=tag))

        super().__init__(locked)
        self._runner = runner
        self._limit = limit

    def _seen(self, where: Where, *, whole: bool = False) -> Where:
        limit = self._limit()
        if limit is None:
            return where
        principal, divisions = limit
        if whole:
            raise NotPermitted(principal, "see a report that knows no divisions")
        return attrs.evolve(where, divisions=divisions if where.divisions is None else divisions & where.divisions)

    def _ask(self, where: Where, question: Callable[[State, Micros, Where], R], *, whole: bool = False) -> R:
        """Within the center's lock, so that what is asked is counted whole."""
        ask = super()._ask

        def look(routing: object, now: Micros) -> R:
            self._until = from_micros(now)
            return ask(where, question, whole=whole)

        return self._runner.look(look)

    def _digest(self, address: Address) -> str:
        digest: str = self._runner.look_on("consent", lambda consent: consent.digest(address.suppression_keys[0]))
        return digest


def _fits(row: InteractionRow, where: Where, tag: str | None) -> bool:
    return (
        (where.queues is None or row.queue in where.queues)
        and (where.media is None or row.medium in where.media)
        and (where.channels is None or row.channel in where.channels)
        and (where.divisions is None or row.division in where.divisions)
        and (where.agents is None or not where.agents.isdisjoint(row.agents))
        and (where.since is None or row.started >= where.since)
        and (where.until is None or row.started < where.until)
        and (tag is None or tag in row.tags)
    )
