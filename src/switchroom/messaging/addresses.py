"""Where messages come from and go to: a channel and a value in the one form that the channel has for it.

``Address("sms", "+1 (555) 123-4567")`` and ``Address("sms", "0015551234567")`` are equal, hash alike and print as
``Address(sms +1…67)``: the full value is there for who asks for it by name, and in no log line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import attrs

from switchroom.errors import InvalidInput
from switchroom.ids import valid_id
from switchroom.messaging.calling_codes import country_of, language_of
from switchroom.messaging.mailboxes import mailbox_value, masked_mailbox
from switchroom.messaging.phones import WITHHELD, is_withheld, masked_phone, phone_value


class AddressForm(StrEnum):
    """How the addresses of a channel are written."""

    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    OPAQUE = "opaque"


class AddressKind(StrEnum):
    """What an address is, within its channel."""

    NUMBER = "number"
    SHORT_CODE = "short_code"
    SENDER_NAME = "sender_name"
    MAILBOX = "mailbox"
    HANDLE = "handle"
    OPAQUE = "opaque"
    WITHHELD = "withheld"


FORMS: Mapping[str, AddressForm] = MappingProxyType(
    {
        "sms": AddressForm.PHONE,
        "mms": AddressForm.PHONE,
        "rcs": AddressForm.PHONE,
        "voice": AddressForm.PHONE,
        "viber": AddressForm.PHONE,
        "whatsapp": AddressForm.PHONE,
        "email": AddressForm.EMAIL,
        "x": AddressForm.HANDLE,
    }
)
"""Channels whose addresses are not opaque. Page-scoped ids, widget ids and every other channel's ids are."""

_HANDLE = re.compile(r"[a-z0-9_][a-z0-9_.]{0,49}")
_BARE_NUMBER = re.compile(r"[1-9][0-9]{8,14}")


@attrs.frozen(repr=False)
class Address:
    """An address of a channel, in the channel's one written form. Compares, hashes and pickles by that form.

    ``channel``: an id such as ``sms``, ``whatsapp``, ``email``, ``messenger``, ``web``. ``value``: text; see
    `phone_value` for telephones and `mailbox_value` for e-mail; a handle of ``x`` loses its at sign and its case;
    any other channel's value is an opaque id of 1 to 128 of ``A-Z a-z 0-9 _ . : -``.

    A caller who hides the number is an address, too (kind ``withheld``), but one that nobody can be told apart by:
    it is not `contactable` and `contact_key` refuses it. The same holds for short codes and sender names.

    Raises `InvalidInput` that names the rule. Cost: linear in the length of the value, which is capped.
    """

    channel: str
    value: str

    def __attrs_post_init__(self) -> None:
        valid_id(self.channel, "address.channel")
        if not isinstance(self.value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - the border is not typed
            raise InvalidInput("address", "not_text", self.value, hint="an address is text")
        object.__setattr__(self, "value", _normalised(self.channel, self.value))

    @classmethod
    def national(cls, channel: str, value: str, country: str) -> Address:
        """A telephone written as in its own country, ``national("sms", "(555) 123-4567", "US")``.

        Numbers of the United States and Canada need nothing more; for other countries the ``phone`` extra is used,
        and its absence raises ImportError.
        """
        if FORMS.get(channel) is not AddressForm.PHONE:
            raise InvalidInput("address", "not_a_phone", channel, hint="only telephones have a national form")
        return cls(channel, phone_value(value, country=country))

    @classmethod
    def stored(cls, channel: str, value: str) -> Address:
        """An address by a value that was one's before: it is not checked again, which is most of the cost."""
        made = cls.__new__(cls)
        object.__setattr__(made, "channel", channel)
        object.__setattr__(made, "value", value)
        return made

    @property
    def kind(self) -> AddressKind:
        """What it is: the shapes of the forms do not overlap within a channel."""
        form = FORMS.get(self.channel, AddressForm.OPAQUE)
        if form is AddressForm.PHONE and self.value[0] == "+":
            return AddressKind.NUMBER  # by far the most frequent
        if form in (AddressForm.PHONE, AddressForm.EMAIL) and self.value == WITHHELD:
            return AddressKind.WITHHELD
        if form is AddressForm.PHONE:
            return AddressKind.SHORT_CODE if self.value.isdigit() else AddressKind.SENDER_NAME
        return _KINDS[form]

    @property
    def contactable(self) -> bool:
        """Whether messages can be sent there and a person told apart by it."""
        return self.kind in _CONTACTABLE

    @property
    def contact_key(self) -> str:
        """``channel:value``, to index contacts, consent and campaign rows by.

        Raises `InvalidInput` with the code ``not_contactable`` for a withheld caller id, a short code, a sender name.
        """
        if not self.contactable:
            raise InvalidInput("address", "not_contactable", hint=f"a {self.kind} is no address of a person")
        return f"{self.channel}:{self.value}"

    @property
    def suppression_keys(self) -> tuple[str, ...]:
        """All the forms under which an opt-out counts: the key and, for e-mail, the key without case.

        Servers may tell ``Ann@`` from ``ann@``; whoever opts out as one of them means both.
        """
        key = f"{self.channel}:{self.value}"
        return tuple(dict.fromkeys((key, key.casefold()))) if self.kind is AddressKind.MAILBOX else (key,)

    @property
    def country(self) -> str | None:
        """ISO 3166 code by the number's prefix; None for everything that is no number or belongs to no country."""
        return country_of(self.value) if self.kind is AddressKind.NUMBER else None

    @property
    def language(self) -> str | None:
        """ISO 639 code of the language to start with, by the number's prefix."""
        return language_of(self.value) if self.kind is AddressKind.NUMBER else None

    @property
    def masked(self) -> str:
        """The value cut down to what may be shown: never a full number, mailbox or id of a person."""
        return _masked(self.kind, self.value)

    def blanked(self) -> Address:
        """An address of the same channel that says nothing: what erasure leaves."""
        return Address(self.channel, WITHHELD)

    def __repr__(self) -> str:
        return f"Address({self.channel} {self.masked})"

    def __str__(self) -> str:
        return f"{self.channel} {self.masked}"


_KINDS = {
    AddressForm.EMAIL: AddressKind.MAILBOX,
    AddressForm.HANDLE: AddressKind.HANDLE,
    AddressForm.OPAQUE: AddressKind.OPAQUE,
}
_CONTACTABLE = frozenset({AddressKind.NUMBER, AddressKind.MAILBOX, AddressKind.HANDLE, AddressKind.OPAQUE})


def _normalised(channel: str, value: str) -> str:
    form = FORMS.get(channel, AddressForm.OPAQUE)
    if form is AddressForm.PHONE:
        return phone_value(_with_plus(channel, value))
    if form is AddressForm.EMAIL:
        return WITHHELD if is_withheld(value) else mailbox_value(value)
    return _handle(value) if form is AddressForm.HANDLE else valid_id(value, "address")


def _with_plus(channel: str, value: str) -> str:
    """WhatsApp writes numbers with country code and without plus, and has no short codes."""
    return f"+{value}" if channel == "whatsapp" and _BARE_NUMBER.fullmatch(value) else value


def _handle(value: str) -> str:
    handle = value.strip().removeprefix("@").lower()
    if _HANDLE.fullmatch(handle) is None:
        raise InvalidInput("address", "handle", value, hint="a handle is 1 to 50 of a-z 0-9 _ .")
    return handle


def _masked(kind: AddressKind, value: str) -> str:
    if kind in (AddressKind.NUMBER, AddressKind.SHORT_CODE, AddressKind.SENDER_NAME, AddressKind.WITHHELD):
        return masked_phone(value)
    return masked_mailbox(value) if kind is AddressKind.MAILBOX else f"{value[:2] if len(value) > 4 else ''}…"
