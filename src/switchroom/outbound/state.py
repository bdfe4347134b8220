"""The state of outbound: lists, templates, campaigns and what is on its way. Only the appliers write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from switchroom.consent.state import Consent
from switchroom.errors import NotAllowed, UnknownId
from switchroom.kernel.outbox import Outbox
from switchroom.kernel.transaction import Applier, Transaction
from switchroom.messaging.addresses import Address
from switchroom.messaging.channels import Channel
from switchroom.outbound import apply_campaigns, apply_lists, apply_notices
from switchroom.outbound.keytable import KeyTable
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import MessageTemplate
from switchroom.outbound.notice_model import NoticeTrigger
from switchroom.outbound.notice_records import NoticeRecord
from switchroom.outbound.pacing import Pacing
from switchroom.outbound.progress import CampaignRecord, InFlight
from switchroom.outbound.provider_keys import provider_key
from switchroom.routing.fields import Fact
from switchroom.routing.state import Routing


class Sender(Protocol):
    """What outbound needs to know of a line."""

    @property
    def id(self) -> str: ...
    @property
    def address(self) -> Address: ...
    @property
    def pool(self) -> str: ...


class ListRecord:
    """A contact list: its chunks in the store, by number, in the order in which campaigns take them."""

    def __init__(self, spec: ContactList) -> None:
        self.spec = spec
        self.chunks: dict[int, tuple[str, int]] = {}
        """Number to (name in the store, rows)."""
        self.order: list[int] = []
        self.last = 0

    @property
    def count(self) -> int:
        return sum(rows for _, rows in self.chunks.values())


def _no_conversations(tx: Transaction, conversation: str, text: str, agent: str) -> str:
    raise NotAllowed("answer in", "conversation", conversation, "without conversations")


def _no_closing(tx: Transaction, conversation: str) -> None:
    """There are no conversations to close."""


class Outbound:
    """All the tables. Holds the states that it works on."""

    def __init__(
        self,
        routing: Routing,
        consent: Consent,
        outbox: Outbox,
        lines: Mapping[str, Sender],
        channel: Callable[[str], Channel],
    ) -> None:
        self.routing = routing
        self.consent = consent
        self.outbox = outbox
        self.deadlines = routing.deadlines
        self.lines = lines
        self.channel = channel
        self.answer_in: Callable[[Transaction, str, str, str], str] = _no_conversations
        """Sends a text of an agent's in a conversation; set by whoever has conversations."""
        self.close_in: Callable[[Transaction, str], None] = _no_closing
        self.lists: dict[str, ListRecord] = {}
        self.templates: dict[str, MessageTemplate] = {}
        self.campaigns: dict[str, CampaignRecord] = {}
        self.by_number: dict[int, str] = {}
        self.numbers = 0
        self.pacing = Pacing()
        self.flying: dict[str, InFlight] = {}
        """By effect: messages whose hand-over is not known yet."""
        self.links = KeyTable()
        """The key of a line and an address to the place of the contact who may answer there."""
        self.providers = KeyTable()
        """The key of a provider's id to the place of the attempt that has it."""
        self.metadata: dict[int, Mapping[str, Fact]] = {}
        """By place: what goes with a reply, for campaigns that ask for it."""
        self.taken: dict[str, KeyTable] = {}
        """By campaign over several lists: the addresses that were taken."""
        self.notices: dict[str, NoticeRecord] = {}
        self.notice_keys: dict[str, str] = {}
        self.notice_by_effect: dict[str, str] = {}
        self.notice_links: dict[int, str] = {}
        self.notice_providers: dict[int, str] = {}
        self.triggers: dict[str, NoticeTrigger] = {}

    def appliers(self) -> dict[type, Applier]:
        return {
            **apply_lists.appliers(self),
            **apply_campaigns.appliers(self),
            **apply_notices.appliers(self),
        }

    # -- finding things

    def list(self, id: str) -> ListRecord:
        try:
            return self.lists[id]
        except KeyError:
            raise UnknownId("contact list", id) from None

    def campaign(self, id: str) -> CampaignRecord:
        try:
            return self.campaigns[id]
        except KeyError:
            raise UnknownId("campaign", id) from None

    def template(self, id: str) -> MessageTemplate:
        try:
            return self.templates[id]
        except KeyError:
            raise UnknownId("template", id) from None

    def line(self, id: str) -> Sender:
        try:
            return self.lines[id]
        except KeyError:
            raise UnknownId("line", id) from None

    def provider_key(self, line: str, provider_id: str) -> int:
        """The key of the id that a line's provider gave a message: each channel counts for itself."""
        sender = self.lines.get(line)
        return provider_key("" if sender is None else sender.address.channel, provider_id)

    # -- checking

    def used(self) -> bool:
        return bool(self.lists or self.campaigns or self.templates or self.notices)

    def dump(self) -> dict[str, Any]:
        from switchroom.outbound.dumping import dump

        return dump(self)

    def check(self) -> None:
        from switchroom.outbound.dumping import check

        check(self)
