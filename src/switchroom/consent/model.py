"""What consent is asked about: purposes, scopes, quiet hours, caps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs

from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.routing.fields import placed, to_count, to_id, to_span, to_text
from switchroom.routing.hours import zone_named

MARKETING, NOTIFICATION, TRANSACTIONAL, REPLY, CONFIRMATION = (
    "marketing",
    "notification",
    "transactional",
    "reply",
    "confirmation",
)
PURPOSES = (MARKETING, NOTIFICATION, TRANSACTIONAL, REPLY, CONFIRMATION)
"""``reply`` answers the customer's own message; ``confirmation`` is the one text that follows an opt-out."""

BUSINESS_INITIATED = frozenset({MARKETING, NOTIFICATION})
EVERYTHING = "everything"
ANY_ZONE_EARLIEST, ANY_ZONE_LATEST = "09:00", "20:00"


def channel_scope(channel: str) -> str:
    return f"channel:{channel}"


def pool_scope(channel: str, pool: str) -> str:
    return f"pool:{channel}:{pool}"


def campaign_scope(campaign: str) -> str:
    return f"campaign:{campaign}"


def category_scope(category: str) -> str:
    return f"category:{category}"


def _to_time(value: str | time) -> time:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise InvalidInput("time", "bad_time", value, hint="a time of day such as 08:00") from None


def _to_days(value: Iterable[int]) -> frozenset[int]:
    days = frozenset(value)
    if not days <= set(range(7)):
        raise InvalidInput("days", "range", sorted(days), hint="0 (Monday) to 6 (Sunday)")
    return days


@attrs.frozen(kw_only=True, field_transformer=placed("contact_window"))
class ContactWindow:
    """When a recipient may be written to, in the recipient's own zone: half-open, on these days (0 is Monday)."""

    opens: time = attrs.field(default=time(8), converter=_to_time)
    closes: time = attrs.field(default=time(21), converter=_to_time)
    days: frozenset[int] = attrs.field(default=frozenset(range(7)), converter=_to_days)

    def holds(self, local: datetime) -> bool:
        """Whether an instant in the recipient's zone lies within."""
        return local.weekday() in self.days and self.opens <= local.time() < self.closes


STRICT_WINDOWS = (
    ContactWindow(opens=time(9), closes=time(20), days=range(6)),
    ContactWindow(opens=time(12), closes=time(20), days=[6]),
)
"""Where the recipient's zone is not known at all: the narrow default."""


def _to_windows(value: Iterable[ContactWindow]) -> tuple[ContactWindow, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True, field_transformer=placed("consent_rules"))
class ConsentRules:
    """Quiet hours and caps for messages that the company begins.

    ``windows``: when such messages may leave (any of them holds). ``unknown_zone_windows``: for recipients whose zone
    is not known. ``cap`` messages per ``cap_period`` for each address (None: no cap). ``pepper`` is not here: the key
    of the digests is given to the center and never stored.
    """

    windows: tuple[ContactWindow, ...] = attrs.field(default=(), converter=_to_windows)
    unknown_zone_windows: tuple[ContactWindow, ...] = attrs.field(default=STRICT_WINDOWS, converter=_to_windows)
    cap: int | None = None
    cap_period: timedelta = attrs.field(default=timedelta(hours=24), converter=to_span)

    def __attrs_post_init__(self) -> None:
        if self.cap is not None:
            to_count(self.cap)

    def may_leave(self, at: datetime, zones: tuple[str, ...]) -> bool:
        """Whether it is no quiet hour for the recipient: in every zone that may be his or hers."""
        if not self.windows:
            return True
        if not zones:
            return any(w.holds(at) for w in self.unknown_zone_windows)
        return all(any(w.holds(_local(at, zone)) for w in self.windows) for zone in zones)


def _local(at: datetime, zone: str) -> datetime:
    known: ZoneInfo = zone_named(zone)
    return at.astimezone(known)


def _to_addresses(value: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True, field_transformer=placed("dnc"))
class DoNotContact:
    """Addresses that go on a do-not-contact list, which campaigns and messages may name."""

    id: str = attrs.field(kw_only=False, converter=to_id)
    addresses: tuple[Address, ...] = attrs.field(default=(), converter=_to_addresses, repr=False)
    reason: str = attrs.field(default="", converter=to_text)


def _to_zones(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise InvalidInput("zones", "not_list", value, hint="a list of zones is wanted, not one text")
    return tuple(zone_named(zone).key for zone in value)


@attrs.frozen(kw_only=True, field_transformer=placed("send_question"))
class SendQuestion:
    """What the gate is asked: may this leave for that address now?

    ``keys``: the digests of every form of the address. ``pool``: the sender's address or pool. ``lists``: the
    do-not-contact lists that apply. ``zones``: the zones the recipient may be in (empty: not known).
    ``opt_in_needed``: whether the channel asks for consent before messages that the company begins.
    """

    keys: tuple[str, ...]
    channel: str
    purpose: str
    pool: str = ""
    campaign: str = ""
    category: str = ""
    lists: tuple[str, ...] = ()
    zones: tuple[str, ...] = attrs.field(default=(), converter=_to_zones)
    opt_in_needed: bool = False

    def __attrs_post_init__(self) -> None:
        if self.purpose not in PURPOSES:
            raise InvalidInput("send_question.purpose", "unknown", self.purpose, hint=f"one of {', '.join(PURPOSES)}")
        if not self.keys:
            raise InvalidInput("send_question.keys", "missing", hint="an address is wanted")

    def scopes(self) -> tuple[str, ...]:
        """The scopes of suppression that cover this send."""
        found = [EVERYTHING, channel_scope(self.channel)]
        if self.pool:
            found.append(pool_scope(self.channel, self.pool))
        if self.campaign:
            found.append(campaign_scope(self.campaign))
        if self.category:
            found.append(category_scope(self.category))
        return tuple(found)
