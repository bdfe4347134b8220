"""What a message carries: text, media, a place, choices, cards. Values: frozen, checked once, printed short.

A medium is held by reference: an ``https:`` (or ``http:``) address, or ``attachment:`` and an id in the embedder's own
store. Bytes never travel in a value. The limits here are the widest of any channel; what a single channel carries is
in ``channels``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar, TypeAlias

import attrs

from switchroom.errors import InvalidInput

MAX_BODY = 100_000
"""Characters of a text: a long e-mail. Everything downstream that reads texts is linear in this."""

MAX_LABEL = 256
"""Characters of a title, a name or a payload."""

MAX_URL = 2048
"""Characters of an address; longer ones fail in some client or other."""

MAX_CHOICES = 25
"""Quick replies or buttons of a message: more than any channel shows."""

MAX_CARDS = 25
"""Cards of a carousel."""

MAX_PARAMETERS = 64
"""Parameters of a template."""

MAX_MEDIA_BYTES = 2_000_000_000
"""Bytes of a medium that a channel could carry by reference."""

_URL = re.compile(r"https?://[^\s/?#]+[^\s]*|attachment:[A-Za-z0-9_.:-]{1,128}")
_HALVES = re.compile("[\ud800-\udfff]")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")


def clean_text(text: str, limit: int = MAX_BODY) -> str:
    """Text from outside as a body can hold it: control characters dropped, halves of characters replaced, cut.

    Tabs and line breaks stay. For edges, which must not lose a message because of a NUL in it.

    >>> clean_text("a\\x00b\\nc")
    'ab\\nc'
    """
    kept = "".join(c for c in text[:limit] if c >= " " or c in "\t\n\r")
    return kept.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _body(value: str) -> str:
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - the border is not typed
        raise InvalidInput("content.text", "not_text", value, hint="text is wanted")
    if len(value) > MAX_BODY:
        raise InvalidInput("content.text", "too_long", len(value), hint=f"at most {MAX_BODY} characters")
    if "\x00" in value or (not value.isascii() and _HALVES.search(value)):
        raise InvalidInput("content.text", "bad_text", hint="text without NUL and halves of characters")
    return value


def _label(value: str) -> str:
    if len(_body(value)) > MAX_LABEL:
        raise InvalidInput("content.label", "too_long", len(value), hint=f"at most {MAX_LABEL} characters")
    return value


def _needed_label(value: str) -> str:
    if not _label(value).strip():
        raise InvalidInput("content.label", "empty", value, hint="a title is wanted")
    return value


def _url(value: str) -> str:
    if len(_body(value)) > MAX_URL or _URL.fullmatch(value) is None:
        # The value is not repeated: addresses of media often carry a token.
        raise InvalidInput("content.url", "bad_url", hint=f"https, http or attachment, up to {MAX_URL} long")
    return value


def _optional_url(value: str) -> str:
    return value and _url(value)


def _media_type(value: str) -> str:
    lower = _label(value).lower()
    if lower and _MEDIA_TYPE.fullmatch(lower) is None:
        raise InvalidInput("content.media_type", "bad_media_type", value, hint="as in image/jpeg, without parameters")
    return lower


def _size(value: int | None) -> int | None:
    if value is not None and (isinstance(value, bool) or not 0 <= value <= MAX_MEDIA_BYTES):
        raise InvalidInput("content.size", "range", value, hint=f"0 to {MAX_MEDIA_BYTES} bytes")
    return value


@attrs.frozen(repr=False)
class Text:
    """Plain text, emoji included."""

    kind: ClassVar[str] = "text"
    text: str = attrs.field(converter=_body)

    def __repr__(self) -> str:
        return f"Text({len(self.text)} characters)"


@attrs.frozen(repr=False)
class Link:
    """An address to open, with a title."""

    kind: ClassVar[str] = "link"
    url: str = attrs.field(converter=_url)
    title: str = attrs.field(default="", converter=_label)

    def __repr__(self) -> str:
        return "Link()"


@attrs.frozen(repr=False)
class _Media:
    """A medium by reference; ``size`` in bytes, None if not known; ``caption``: shown with it."""

    kind: ClassVar[str] = ""
    url: str = attrs.field(converter=_url)
    media_type: str = attrs.field(default="", converter=_media_type)
    size: int | None = attrs.field(default=None, converter=_size)
    caption: str = attrs.field(default="", converter=_body)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.media_type or 'unknown type'})"


@attrs.frozen(repr=False)
class Image(_Media):
    """A picture."""

    kind: ClassVar[str] = "image"


@attrs.frozen(repr=False)
class Video(_Media):
    """A film."""

    kind: ClassVar[str] = "video"


@attrs.frozen(repr=False)
class Audio(_Media):
    """A sound or voice message."""

    kind: ClassVar[str] = "audio"


@attrs.frozen(repr=False)
class File(_Media):
    """Any other file; ``name`` is what to show and to save it as."""

    kind: ClassVar[str] = "file"
    name: str = attrs.field(default="", converter=_label)


@attrs.frozen(repr=False)
class Sticker:
    """A sticker; ``alt`` is the emoji or text that says the same."""

    kind: ClassVar[str] = "sticker"
    url: str = attrs.field(converter=_url)
    alt: str = attrs.field(default="", converter=_label)
    media_type: str = attrs.field(default="", converter=_media_type)
    size: int | None = attrs.field(default=None, converter=_size)

    def __repr__(self) -> str:
        return "Sticker()"


@attrs.frozen(repr=False)
class Location:
    """A place: degrees north and east (WGS 84)."""

    kind: ClassVar[str] = "location"
    latitude: float
    longitude: float
    name: str = attrs.field(default="", converter=_label)

    def __attrs_post_init__(self) -> None:
        _degrees("latitude", self.latitude, 90)
        _degrees("longitude", self.longitude, 180)

    def __repr__(self) -> str:
        return "Location()"


def _degrees(name: str, value: float, limit: int) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not -limit <= value <= limit:  # NaN compares false, too
        raise InvalidInput(f"content.{name}", "range", value, hint=f"-{limit} to {limit} degrees")


@attrs.frozen
class Choice:
    """A quick reply or button that answers with ``payload`` (the title, unless given)."""

    title: str = attrs.field(converter=_needed_label)
    payload: str = attrs.field(default="", converter=_label)

    @property
    def answer(self) -> str:
        """What comes back when it is chosen."""
        return self.payload or self.title


@attrs.frozen
class LinkButton:
    """A button that opens an address."""

    title: str = attrs.field(converter=_needed_label)
    url: str = attrs.field(converter=_url)


Button: TypeAlias = Choice | LinkButton


def _choices(values: Iterable[Choice]) -> tuple[Choice, ...]:
    return _some(tuple(values), MAX_CHOICES, "replies")


def _some(values: tuple[Choice, ...], limit: int, name: str) -> tuple[Choice, ...]:
    _counted(len(values), limit, name)
    _distinct([v.answer for v in values])
    return values


def _buttons(values: Iterable[Button]) -> tuple[Button, ...]:
    buttons = tuple(values)
    _counted(len(buttons), MAX_CHOICES, "buttons", least=0)
    _distinct([b.answer for b in buttons if isinstance(b, Choice)])
    return buttons


def _needed_buttons(values: Iterable[Button]) -> tuple[Button, ...]:
    buttons = _buttons(values)
    _counted(len(buttons), MAX_CHOICES, "buttons")
    return buttons


def _counted(number: int, limit: int, name: str, least: int = 1) -> None:
    if not least <= number <= limit:
        raise InvalidInput(f"content.{name}", "count", number, hint=f"{least} to {limit} of them")


def _distinct(answers: list[str]) -> None:
    """Two choices with one answer could not be told apart when it comes back."""
    if len(set(answers)) != len(answers):
        raise InvalidInput("content.choices", "duplicate", hint="two choices have the same answer")


@attrs.frozen(repr=False)
class QuickReplies:
    """A text with answers to tap, which vanish once one is chosen."""

    kind: ClassVar[str] = "quick_replies"
    text: str = attrs.field(converter=_body)
    replies: tuple[Choice, ...] = attrs.field(converter=_choices)

    def __repr__(self) -> str:
        return f"QuickReplies({len(self.replies)} replies)"


@attrs.frozen(repr=False)
class Buttons:
    """A text with buttons that stay."""

    kind: ClassVar[str] = "buttons"
    text: str = attrs.field(converter=_body)
    buttons: tuple[Button, ...] = attrs.field(converter=_needed_buttons)

    def __repr__(self) -> str:
        return f"Buttons({len(self.buttons)} buttons)"


@attrs.frozen(repr=False)
class Card:
    """A title with text, picture and buttons, each optional."""

    kind: ClassVar[str] = "card"
    title: str = attrs.field(converter=_needed_label)
    text: str = attrs.field(default="", converter=_body)
    image: str = attrs.field(default="", converter=_optional_url)
    buttons: tuple[Button, ...] = attrs.field(default=(), converter=_buttons)

    def __repr__(self) -> str:
        return f"Card({len(self.buttons)} buttons)"


def _cards(values: Iterable[Card]) -> tuple[Card, ...]:
    cards = tuple(values)
    _counted(len(cards), MAX_CARDS, "cards")
    return cards


@attrs.frozen(repr=False)
class Carousel:
    """Cards side by side."""

    kind: ClassVar[str] = "carousel"
    cards: tuple[Card, ...] = attrs.field(converter=_cards)

    def __repr__(self) -> str:
        return f"Carousel({len(self.cards)} cards)"


def _parameters(values: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    held = dict(values)
    _counted(len(held), MAX_PARAMETERS, "parameters", least=0)
    return tuple(sorted((_needed_label(name), _body(value)) for name, value in held.items()))


@attrs.frozen(repr=False)
class Template:
    """A message approved by the channel in advance: its name and language there, and values for its variables.

    ``parameters`` takes a mapping and is held as sorted pairs, so that the value hashes. ``fallback``: the same in
    plain text, for channels without templates.
    """

    kind: ClassVar[str] = "template"
    name: str = attrs.field(converter=_needed_label)
    language: str = attrs.field(default="en", converter=_needed_label)
    parameters: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_parameters)
    fallback: str = attrs.field(default="", converter=_body)

    def __repr__(self) -> str:
        return f"Template({self.name})"


Media: TypeAlias = Image | Video | Audio | File
Content: TypeAlias = (
    Text
    | Link
    | Image
    | Video
    | Audio
    | File
    | Sticker
    | Location
    | QuickReplies
    | Buttons
    | Card
    | Carousel
    | Template
)

CONTENT_TYPES = (
    Text,
    Link,
    Image,
    Video,
    Audio,
    File,
    Sticker,
    Location,
    QuickReplies,
    Buttons,
    Card,
    Carousel,
    Template,
)
"""The types of content, each with its ``kind`` as it is written in data."""

KINDS: tuple[str, ...] = tuple(t.kind for t in CONTENT_TYPES)


def plain_text(content: Content) -> str:
    """The words of a content that a person sent: what keywords, classification and flows read. No titles of media.

    >>> plain_text(Text("stop"))
    'stop'
    """
    match content:
        case Text(text=text) | QuickReplies(text=text) | Buttons(text=text):
            return text
        case Image(caption=caption) | Video(caption=caption) | Audio(caption=caption) | File(caption=caption):
            return caption
        case Sticker(alt=alt):
            return alt
        case Card(title=title, text=text):
            return f"{title}\n{text}" if text else title
        case Link(title=title):
            return title
        case Location(name=name):
            return name
        case Carousel(cards=cards):
            return "\n".join(plain_text(card) for card in cards)
        case Template(fallback=fallback):
            return fallback
