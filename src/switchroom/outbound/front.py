"""``center.lists`` and ``center.campaigns``: each method is one operation.

Every method that changes something takes ``command_id``: the same id again gets the first answer. Those that read files
or the store (``import_csv``, ``append``, ``export``) work in several operations, each of which holds by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from switchroom.errors import InvalidInput
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Access
from switchroom.messaging.addresses import Address
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.outbound import (
    campaigns,
    delivery,
    exporting,
    lists,
    sorting,
    stepping,
    two_way,
)
from switchroom.outbound.chunks import unpacked
from switchroom.outbound.exporting import Attempt
from switchroom.outbound.importing import Importer, ImportReport, rows_of_list
from switchroom.outbound.list_csv import CsvSource
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign, SendingLimits
from switchroom.outbound.pump import OutboundRunner, Pump, chunk_store
from switchroom.outbound.state import Outbound
from switchroom.outbound.views import (
    ContactView,
    ListView,
    Progress,
    contact_views,
    list_view,
    progress,
)
from switchroom.routing.fields import Span, micros, to_span

if TYPE_CHECKING:
    pass


class ListsFront:
    """Contact lists: who campaigns write to."""

    def __init__(self, runner: OutboundRunner) -> None:
        self._runner = runner
        self._on: Access[Outbound] = Access(runner, "outbound")
        self._importer: Importer | None = None

    def _import(self) -> Importer:
        if self._importer is None:
            self._importer = Importer(self._on, chunk_store(self._runner))
        return self._importer

    def save(self, spec: ContactList, *, command_id: str | None = None) -> None:
        """Make a list or change one; of a filled one columns may be added, never taken away."""
        self._on.run(lists.save, spec, command_id=command_id)

    def import_csv(
        self,
        list: str,
        source: CsvSource,
        *,
        top: bool = False,
        encoding: str | None = None,
        delimiter: str | None = None,
        rejects: str | Path | IO[str] | None = None,
    ) -> ImportReport:
        """Add the contacts of a CSV file, in one pass, five thousand rows in memory at a time.

        ``source``: a path, bytes, an open file, or lines. ``top``: before those that running campaigns have not taken
        yet. ``encoding``: found by a byte order mark, else UTF-8; ``"guess"`` asks the ``csv`` extra. ``delimiter``:
        found in the header. ``rejects``: where bad rows are written as they are, with line, column and problem before
        them; mended, the file can be imported as it is.

        Good rows are kept and stored as they come, so that an import that breaks off may simply be repeated: rows that
        are there already count as duplicates. Raises `InvalidInput` for a file without a usable header.
        """
        return self._import().read_csv(list, source, top=top, encoding=encoding, delimiter=delimiter, rejects=rejects)

    def append(self, list: str, contacts: Iterable[Mapping[str, object]], *, top: bool = False) -> ImportReport:
        """Add contacts given as mappings from column to value; the report names bad ones by their number, from 1."""
        return self._import().append(list, contacts, top=top)

    def export(self, list: str, file: IO[str]) -> int:
        """Write the contacts of a list as CSV that a spreadsheet takes for no formula; returns how many."""
        store = chunk_store(self._runner)
        spec = self._on.look(lambda o: o.list(list).spec)
        return exporting.write_list(rows_of_list(self._on, store, list), spec, file)

    def ids(self) -> tuple[str, ...]:
        """The ids of all lists, sorted."""
        return self._on.look(lambda o: tuple(sorted(o.lists)))

    def remove(self, list: str, addresses: Iterable[Address]) -> int:
        """Blank the contacts with these addresses, wherever they stand in the list; returns how many there were.

        Their places stay, so that campaigns keep their count. Reads and writes the chunks of the list once. A campaign
        that was sorted has a copy of its own until it is deleted.
        """
        return self._import().blank(list, frozenset(a.value for a in addresses))

    def delete(self, list: str, *, command_id: str | None = None) -> None:
        """Delete a list that no campaign uses, with all its rows."""
        names = self._on.run(lists.delete, list, command_id=command_id)
        chunk_store(self._runner).drop_chunks(names)

    def get(self, list: str) -> ListView:
        """A list: its columns, and how many contacts it has."""
        return self._on.look(lambda o: list_view(o.list(list)))

    def names(self) -> tuple[str, ...]:
        """The ids of all lists."""
        return self._on.look(lambda o: tuple(sorted(o.lists)))


class CampaignsFront:
    """Campaigns: made, run, watched."""

    def __init__(self, runner: OutboundRunner) -> None:
        self._runner = runner
        self._on: Access[Outbound] = Access(runner, "outbound")
        self.pump = Pump(runner)

    def save(self, spec: Campaign, *, command_id: str | None = None) -> None:
        """Make a campaign, or change one that is a draft or paused."""
        self._on.run(campaigns.save, spec, command_id=command_id)

    def start(self, campaign: str, *, command_id: str | None = None) -> None:
        """Start it now. What it sends leaves with ``center.effects.deliver()``, which also lets it go on.

        One with ``sort`` is put in order first, which reads its lists from the store.
        """
        self._sort(campaign)
        self._on.run(campaigns.start, campaign, command_id=command_id)

    def _sort(self, campaign: str) -> None:
        if self._on.look(lambda o: campaigns.to_be_sorted(o, campaign)):
            sorting.put_in_order(self._on, chunk_store(self._runner), campaign)

    def schedule(self, campaign: str, *, at: datetime | None = None, command_id: str | None = None) -> None:
        """Let it start by itself, at an instant or at its own ``starts``. It is put in order, if so, now."""
        self._sort(campaign)
        self._on.run(campaigns.schedule, campaign, at, command_id=command_id)

    def unschedule(self, campaign: str, *, command_id: str | None = None) -> None:
        """Make a scheduled campaign a draft again."""
        self._on.run(campaigns.unschedule, campaign, command_id=command_id)

    def pause(self, campaign: str, *, reason: str = "", command_id: str | None = None) -> None:
        """Hand over nothing more until resumed."""
        self._on.run(campaigns.pause, campaign, reason, command_id=command_id)

    def resume(self, campaign: str, *, command_id: str | None = None) -> None:
        """Go on where it was paused."""
        self._on.run(campaigns.resume, campaign, command_id=command_id)

    def stop(self, campaign: str, *, reason: str = "", command_id: str | None = None) -> None:
        """End it; contacts that were not written to stay so."""
        self._on.run(campaigns.stop, campaign, reason, command_id=command_id)

    def complete(self, campaign: str, *, command_id: str | None = None) -> None:
        """Declare a campaign complete that would go on."""
        self._on.run(campaigns.complete, campaign, command_id=command_id)

    def recycle(self, campaign: str, outcomes: Iterable[str], *, command_id: str | None = None) -> int:
        """Make an ended campaign a draft in which contacts of these outcomes are taken again; returns how many."""
        return self._on.run(campaigns.recycle, campaign, tuple(outcomes), command_id=command_id)

    def delete(self, campaign: str, *, command_id: str | None = None) -> None:
        """Forget a campaign that is not active; the log keeps it."""
        names = self._on.run(campaigns.delete, campaign, command_id=command_id)
        if names:
            chunk_store(self._runner).drop_chunks(names)

    def set_limits(self, limits: SendingLimits, *, command_id: str | None = None) -> None:
        """Set what senders may send a second and brands a day."""
        self._on.run(campaigns.set_limits, limits, command_id=command_id)

    def progress(self, campaign: str) -> Progress:
        """How far it is; live, and O(1) but for the number of outcomes."""
        return self._on.look(lambda o: progress(o.campaign(campaign), o.deadlines.due(("campaign", campaign))))

    def export(self, campaign: str, file: IO[str], *, outcomes: Iterable[str] | None = None) -> int:
        """Write its contacts with outcome, attempts and reason as CSV, all or those of some outcomes; returns how many.

        Skipped contacts have the question that kept them out as their outcome (``opted_out``, ``window``, ...).
        """
        wanted = None if outcomes is None else frozenset(outcomes)
        return exporting.write_campaign(self._on, chunk_store(self._runner), campaign, file, wanted)

    def contacts(self, campaign: str, *, outcome: str | None = None, limit: int = 1_000) -> tuple[ContactView, ...]:
        """Where contacts stand, in the order of the lists; of one outcome, or all."""
        return self._on.look(lambda o: contact_views(o.campaign(campaign), outcome, limit))

    def attempts(self, campaign: str | None = None, *, to: Address | None = None) -> Iterator[Attempt]:
        """The history of attempts from the log: of a campaign, to an address, or both; oldest first."""
        if to is not None:
            tag = f"address:{self._on.look(lambda o: o.consent.digest(to.contact_key))}"
        elif campaign is not None:
            tag = f"campaign:{campaign}"
        else:
            raise InvalidInput("attempts", "missing", hint="a campaign or an address is wanted")
        return exporting.attempts(self._runner.events(tag=tag), campaign)

    # -- two-way campaigns

    def assign(
        self, campaign: str, agent: str, *, count: int = 1, command_id: str | None = None
    ) -> tuple[tuple[int, int], ...]:
        """Two-way: give an agent up to ``count`` contacts that nobody has; returns their places."""
        return self._on.run(two_way.assign, campaign, agent, count, command_id=command_id)

    def move(
        self,
        campaign: str,
        *,
        source: str | None,
        target: str | None,
        state: str,
        count: int | None = None,
        stale_for: Span = 0,
        command_id: str | None = None,
    ) -> tuple[tuple[int, int], ...]:
        """Two-way: move contacts in a state from one agent to another (None: nobody); returns their places.

        ``stale_for``: only those with whom nothing has happened for so long.
        """
        stale = micros(to_span(stale_for))
        return self._on.run(two_way.move, campaign, source, target, state, count, stale, command_id=command_id)

    def todo(self, campaign: str, agent: str) -> Mapping[str, int]:
        """Two-way: how many first messages and replies an agent has to write now."""
        return self._on.run(_todo, campaign, agent)

    def counts(self, campaign: str, agent: str | None) -> Mapping[str, int]:
        """Two-way: how many contacts of an agent (None: nobody's) are in each state."""
        return self._on.look(lambda o: dict(two_way.counts(o.campaign(campaign), agent)))

    def send_first(
        self, campaign: str, agent: str, *, count: int = 1, text: str | None = None
    ) -> tuple[tuple[int, int], ...]:
        """Two-way: the agent sends first messages to his or her next contacts; returns those that were written to.

        Never more than wait. ``text``: the agent's own in place of the campaign's. Stops where a rule says not now.
        """
        sent: list[tuple[int, int]] = []
        for place in self._on.look(lambda o: two_way.waiting(o.campaign(campaign), agent, count)):
            message = self.send_to(campaign, agent, place, text=text)
            if message is not None:
                sent.append(place)
        return tuple(sent)

    def send_to(
        self,
        campaign: str,
        agent: str,
        contact: tuple[int, int],
        *,
        text: str | None = None,
        command_id: str | None = None,
    ) -> str | None:
        """Two-way: the agent sends one contact its first message; returns its id, or None if a rule keeps it out."""
        name = self._on.look(lambda o: stepping.chunk_name_of(o, o.campaign(campaign), contact[0]))
        rows = unpacked(chunk_store(self._runner).get_chunk(name) or b"[]")
        row = rows[contact[1]] if contact[1] < len(rows) else []
        return self._on.run(two_way.send_first, campaign, agent, contact, row, text, command_id=command_id)

    def answer(
        self, campaign: str, agent: str, contact: tuple[int, int], text: str, *, command_id: str | None = None
    ) -> str:
        """Two-way: the agent answers a contact who has replied; returns the message's id."""
        return self._on.run(two_way.answer, campaign, agent, contact, text, command_id=command_id)

    def close_contact(
        self, campaign: str, agent: str, contact: tuple[int, int], *, command_id: str | None = None
    ) -> None:
        """Two-way: the agent is done with a contact."""
        self._on.run(two_way.close, campaign, agent, contact, command_id=command_id)

    def names(self) -> tuple[str, ...]:
        """The ids of all campaigns."""
        return self._on.look(lambda o: tuple(sorted(o.campaigns)))

    def message(self, id: str, provider_id: str = "") -> str | None:
        """The message of a campaign or notification by our id, or the provider's; None if neither is known."""
        return self._on.look(lambda o: delivery.message_named(o, id, provider_id))

    def report(self, message: str, status: str, *, code: str = "", command_id: str | None = None) -> bool:
        """A delivery report about a message of a campaign or notification. Late and doubled ones change nothing."""
        return self._on.run(delivery.report, message, DeliveryStatus(status), code, command_id=command_id)


def _todo(tx: Transaction, o: Outbound, campaign: str, agent: str) -> Mapping[str, int]:
    return dict(two_way.todo(o.campaign(campaign), agent, tx.now))
