"""What each channel carries and allows, as dated data.

The figures come from the vendors' published limits, read in November 2026; they differ by country, account and day.
Take a row, ``attrs.evolve`` it, and put it into your own table where yours differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

import attrs

from switchroom.errors import InvalidInput
from switchroom.ids import valid_id
from switchroom.messaging import content

AS_OF = date(2026, 11, 1)
"""When the table below was read."""

MB = 1_000_000
HOURS_72 = timedelta(hours=72)
BY_ADDRESS, BY_REFERENCE = "address", "reference"


class Outside(StrEnum):
    """What may be sent when the reply window is closed."""

    TEMPLATE = "template"
    HUMAN_AGENT = "human_agent"
    FORBIDDEN = "forbidden"


class Permission(StrEnum):
    """What may be sent to a customer now."""

    FREE = "free"
    TEMPLATE = "template"
    HUMAN_AGENT = "human_agent"
    FORBIDDEN = "forbidden"


@attrs.frozen(kw_only=True)
class ReplyWindow:
    """How long a company may answer freely, counted from the customer's last act.

    ``opened_by`` and ``resets_on``: acts of the customer, ``message`` or ``call``, that open it and that start it
    anew. ``outside``: what may be sent once it is over; ``human_agent`` is allowed for ``human_duration`` only, and by
    people, not by bots or campaigns. Windows are half-open: at exactly ``duration`` it is over.
    """

    opened_by: frozenset[str] = frozenset({"message"})
    duration: timedelta
    resets_on: frozenset[str] = frozenset({"message"})
    outside: Outside
    human_duration: timedelta = timedelta(0)

    def permits(self, last_act: datetime | None, now: datetime) -> Permission:
        """What may be sent at ``now``, given the customer's last act that opens or resets; None if there was none.

        >>> window = ReplyWindow(duration=timedelta(hours=24), outside=Outside.TEMPLATE)
        >>> window.permits(None, datetime(2026, 1, 5, 12)).value
        'template'
        """
        if last_act is not None and now - last_act < self.duration:
            return Permission.FREE
        if self.outside is Outside.HUMAN_AGENT:
            human = last_act is not None and now - last_act < self.human_duration
            return Permission.HUMAN_AGENT if human else Permission.FORBIDDEN
        return Permission(self.outside.value)


def _types(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


@attrs.frozen(kw_only=True)
class Limit:
    """How much of one kind of content a channel carries; None and empty mean without a limit of the channel's own.

    ``characters`` and ``bytes_of_text`` (UTF-8) bound the text or caption; ``media_bytes`` and ``media_types`` the
    medium (a size that is not known passes); ``items`` the replies, buttons or cards; ``title_characters`` each title.
    ``links``: whether buttons may open addresses.
    """

    characters: int | None = None
    bytes_of_text: int | None = None
    media_bytes: int | None = None
    media_types: frozenset[str] = attrs.field(default=frozenset[str](), converter=_types)
    items: int | None = None
    title_characters: int | None = None
    links: bool = True


def _carries(values: Mapping[str, Limit]) -> Mapping[str, Limit]:
    unknown = sorted(set(values) - set(content.KINDS))
    if unknown:
        raise InvalidInput("channel.carries", "unknown_kind", unknown[0], hint=f"one of {', '.join(content.KINDS)}")
    return MappingProxyType(dict(values))


@attrs.frozen(kw_only=True)
class Channel:
    """One channel: what it carries, when it may be answered, and how long its conversations last.

    ``carries``: kind of content to its limit; a kind that is missing is not carried. ``reply_window``: None where
    replies are free at any time. ``threading_window``: inactivity after which a message starts a new conversation.
    ``opt_in_needed``: messages that the company begins need a recorded consent. ``threads_by``: what tells which
    conversation a message continues: the customer's ``address``, or the ids of earlier messages that it names, its
    ``reference``.
    """

    id: str = attrs.field(kw_only=False)
    carries: Mapping[str, Limit] = attrs.field(converter=_carries, hash=False)
    reply_window: ReplyWindow | None = None
    threading_window: timedelta = HOURS_72
    opt_in_needed: bool = True
    threads_by: str = attrs.field(default=BY_ADDRESS, validator=attrs.validators.in_((BY_ADDRESS, BY_REFERENCE)))
    as_of: date = AS_OF

    def __attrs_post_init__(self) -> None:
        valid_id(self.id, "channel.id")

    def __reduce__(self) -> tuple[object, ...]:
        # A read-only view of a mapping does not pickle.
        return _channel, (
            self.id,
            dict(self.carries),
            self.reply_window,
            self.threading_window,
            self.opt_in_needed,
            self.threads_by,
            self.as_of,
        )


def _channel(
    id: str,
    carries: Mapping[str, Limit],
    reply_window: ReplyWindow | None,
    threading_window: timedelta,
    opt_in_needed: bool,
    threads_by: str,
    as_of: date,
) -> Channel:
    return Channel(
        id,
        carries=carries,
        reply_window=reply_window,
        threading_window=threading_window,
        opt_in_needed=opt_in_needed,
        threads_by=threads_by,
        as_of=as_of,
    )


ANYTHING = Limit()
_PICTURES = ("image/jpeg", "image/png", "image/gif")

_META_24H = ReplyWindow(duration=timedelta(hours=24), outside=Outside.HUMAN_AGENT, human_duration=timedelta(days=7))

_SMS = Channel("sms", carries={"text": Limit(characters=1600)})
_MMS = Channel(
    "mms",
    carries={
        "text": Limit(characters=1600),
        "image": Limit(characters=1600, media_bytes=5 * MB, media_types=_PICTURES),
        "video": Limit(characters=1600, media_bytes=5 * MB),
        "audio": Limit(characters=1600, media_bytes=5 * MB),
        "file": Limit(characters=1600, media_bytes=5 * MB),
    },
)
_WHATSAPP = Channel(
    "whatsapp",
    carries={
        "text": Limit(characters=4096),
        "image": Limit(characters=1024, media_bytes=5 * MB, media_types=("image/jpeg", "image/png")),
        "video": Limit(characters=1024, media_bytes=16 * MB, media_types=("video/mp4", "video/3gpp")),
        "audio": Limit(characters=0, media_bytes=16 * MB),
        "file": Limit(characters=1024, media_bytes=100 * MB),
        "sticker": Limit(media_bytes=500_000, media_types=("image/webp",)),
        "location": ANYTHING,
        "quick_replies": Limit(characters=1024, items=3, title_characters=20),
        "buttons": Limit(characters=1024, items=3, title_characters=20, links=False),
        "template": ANYTHING,
    },
    reply_window=ReplyWindow(
        opened_by=frozenset({"message", "call"}),
        duration=timedelta(hours=24),
        resets_on=frozenset({"message", "call"}),
        outside=Outside.TEMPLATE,
    ),
)
_MESSENGER = Channel(
    "messenger",
    carries={
        "text": Limit(characters=2000),
        "image": Limit(characters=0, media_bytes=8 * MB),
        "video": Limit(characters=0, media_bytes=25 * MB),
        "audio": Limit(characters=0, media_bytes=25 * MB),
        "file": Limit(characters=0, media_bytes=25 * MB),
        "quick_replies": Limit(characters=2000, items=13, title_characters=20),
        "buttons": Limit(characters=640, items=3, title_characters=20),
        "card": Limit(characters=80, items=3, title_characters=80),
        "carousel": Limit(characters=80, items=10, title_characters=80),
    },
    reply_window=_META_24H,
)
_INSTAGRAM = Channel(
    "instagram",
    carries={
        "text": Limit(bytes_of_text=1000),
        "image": Limit(characters=0, media_bytes=8 * MB, media_types=_PICTURES),
        "video": Limit(characters=0, media_bytes=25 * MB),
        "audio": Limit(characters=0, media_bytes=25 * MB),
        "quick_replies": Limit(bytes_of_text=1000, items=13, title_characters=20),
        "card": Limit(characters=80, items=3, title_characters=80),
        "carousel": Limit(characters=80, items=10, title_characters=80),
    },
    reply_window=_META_24H,
)
_X = Channel(
    "x",
    carries={
        "text": Limit(characters=10_000),
        "image": Limit(characters=10_000, media_bytes=5 * MB),
        "video": Limit(characters=10_000, media_bytes=15 * MB, media_types=("video/mp4",)),
        "quick_replies": Limit(characters=10_000, items=20, title_characters=36),
        "buttons": Limit(characters=10_000, items=3, title_characters=36),
    },
)
# Servers commonly take 25 MB of mail; base64 makes three bytes four.
_EMAIL = Channel(
    "email",
    carries={
        "text": ANYTHING,
        "image": Limit(media_bytes=18 * MB),
        "video": Limit(media_bytes=18 * MB),
        "audio": Limit(media_bytes=18 * MB),
        "file": Limit(media_bytes=18 * MB),
    },
    threading_window=timedelta(days=30),
    threads_by=BY_REFERENCE,
)
_WEB = Channel("web", carries={kind: ANYTHING for kind in content.KINDS if kind != "template"}, opt_in_needed=False)
_OPEN = Channel("open", carries=dict.fromkeys(content.KINDS, ANYTHING), opt_in_needed=False)
_VOICE = Channel("voice", carries={})

CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {c.id: c for c in (_SMS, _MMS, _WHATSAPP, _MESSENGER, _INSTAGRAM, _X, _EMAIL, _WEB, _OPEN, _VOICE)}
)
"""The channels known out of the box, by id. Your own are made the same way."""


def channel_named(id: str, table: Mapping[str, Channel] = CHANNELS) -> Channel:
    """The channel of an id; one that the table does not know carries plain text and nothing else.

    >>> channel_named("pager").carries.keys()
    dict_keys(['text'])
    """
    known = table.get(id)
    return Channel(id, carries={"text": ANYTHING}) if known is None else known
