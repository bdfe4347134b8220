"""``center.lists``, ``center.campaigns`` and ``center.notify``: each method is one operation.

Every method that changes something takes ``command_id``: the same id again gets the first answer. Those that read files
or the store (``import_csv``, ``append``, ``export``) work in several operations, each of which holds by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from switchroom.kernel.vertical import Access
from switchroom.messaging.addresses import Address
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.outbound import campaigns, delivery, lists, notifying
from switchroom.outbound.importing import Importer, ImportReport
from switchroom.outbound.list_csv import CsvSource
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign, Limits
from switchroom.outbound.notice_model import Notice, Notification, Trigger
from switchroom.outbound.pump import OutboundRunner, Pump, chunk_store
from switchroom.outbound.recurrence import Every
from switchroom.outbound.state import Outbound
from switchroom.outbound.views import (
    ListView,
    NotificationView,
    Progress,
    list_view,
    notification_view,
    progress,
)
from switchroom.routing.fields import Fact


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
        """Add the contacts of a CSV file, in one pass, a thousand rows in memory at a time.

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
        """Start it now. What it sends leaves with ``center.effects.deliver()``, which also lets it go on."""
        self._on.run(campaigns.start, campaign, command_id=command_id)

    def schedule(self, campaign: str, *, at: datetime | None = None, command_id: str | None = None) -> None:
        """Let it start by itself, at an instant or at its own ``starts``."""
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
        self._on.run(campaigns.delete, campaign, command_id=command_id)

    def set_limits(self, limits: Limits, *, command_id: str | None = None) -> None:
        """Set what senders may send a second and brands a day."""
        self._on.run(campaigns.set_limits, limits, command_id=command_id)

    def progress(self, campaign: str) -> Progress:
        """How far it is; live, and O(1) but for the number of outcomes."""
        return self._on.look(lambda o: progress(o.campaign(campaign), o.deadlines.due(("campaign", campaign))))

    def names(self) -> tuple[str, ...]:
        """The ids of all campaigns."""
        return self._on.look(lambda o: tuple(sorted(o.campaigns)))

    def message(self, id: str, provider_id: str = "") -> str | None:
        """The message of a campaign or notification by our id, or the provider's; None if neither is known."""
        return self._on.look(lambda o: delivery.message_named(o, id, provider_id))

    def report(self, message: str, status: str, *, code: str = "", command_id: str | None = None) -> bool:
        """A delivery report about a message of a campaign or notification. Late and doubled ones change nothing."""
        return self._on.run(delivery.report, message, DeliveryStatus(status), code, command_id=command_id)


class NotifyFront:
    """Notifications. Called, it sends one: ``center.notify("main", to, "Your parcel is here")``."""

    def __init__(self, runner: OutboundRunner) -> None:
        self._on: Access[Outbound] = Access(runner, "outbound")

    def __call__(
        self,
        line: str,
        to: Address,
        text: str = "",
        *,
        template: str | None = None,
        values: Mapping[str, Fact] | None = None,
        subject: str = "",
        purpose: str = "notification",
        at: datetime | None = None,
        every: Every | None = None,
        zone: str | None = None,
        key: str | None = None,
        command_id: str | None = None,
    ) -> str:
        """Send a notification now, ``at`` an instant or ``every`` so often; returns its id.

        ``text`` or ``template``, filled with ``values``. ``purpose``: a ``notification`` leaves in the recipient's
        hours (``zone``) and with consent where the channel asks for it; ``transactional`` does not wait. ``key``: the
        same key with the same contents gives the first notification's id and sends nothing again.

        Raises `SendRefused` if the gate says no for good, `InvalidInput` for a missing value.
        """
        notice = Notice(line=line, text=text, template=template, subject=subject, purpose=purpose, zone=zone)
        spec = Notification(notice=notice, to=to, values=values or {}, at=at, every=every)
        return self.send(spec, key=key, command_id=command_id)

    def send(self, spec: Notification, *, key: str | None = None, command_id: str | None = None) -> str:
        """As calling it, with everything that a `Notice` can say."""
        return self._on.run(notifying.notify, spec, key, command_id=command_id)

    def cancel(self, notification: str, *, command_id: str | None = None) -> None:
        """Send nothing more for it."""
        self._on.run(notifying.cancel, notification, command_id=command_id)

    def save_trigger(self, spec: Trigger, *, command_id: str | None = None) -> None:
        """Let an event of a name send a notice."""
        self._on.run(notifying.save_trigger, spec, command_id=command_id)

    def delete_trigger(self, trigger: str, *, command_id: str | None = None) -> None:
        """Take a trigger away; what it has planned stays planned."""
        self._on.run(notifying.delete_trigger, trigger, command_id=command_id)

    def trigger(
        self,
        event: str,
        to: Address,
        values: Mapping[str, Fact] | None = None,
        *,
        key: str | None = None,
        command_id: str | None = None,
    ) -> tuple[str, ...]:
        """An event has happened; returns the notifications that follow. The same ``key`` sends nothing again."""
        return self._on.run(notifying.trigger, event, to, dict(values or {}), key, command_id=command_id)

    def get(self, notification: str) -> NotificationView:
        """A notification that is planned, or ended within the last week; the log keeps the others."""
        return self._on.look(lambda o: notification_view(notifying.find(o, notification)))
