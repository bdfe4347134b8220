"""A content as a channel can carry it: as it is, as plain text by one stated rule, or not at all.

Text is never cut and nothing is left out silently: what does not fit after the rule is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from switchroom.errors import InvalidInput
from switchroom.messaging.channels import Channel, Limit
from switchroom.messaging.content import (
    Audio,
    Button,
    Buttons,
    Card,
    Carousel,
    Choice,
    Content,
    File,
    Image,
    Link,
    LinkButton,
    Location,
    Media,
    QuickReplies,
    Sticker,
    Template,
    Text,
    Video,
    plain_text,
)


def degrade(content: Content, channel: Channel) -> Content:
    """The content if the channel carries it, else its plain text, if the channel carries that.

    The rule: a link becomes ``title: address``; a medium its caption (or name) and address; a place its name and
    degrees; a sticker its alternative text; quick replies and buttons the text and numbered lines ``1. title``, buttons
    that open an address ``title: address``; a card title, text, picture address and buttons, line by line; a carousel
    its cards with an empty line between; a template its fallback text.

    Raises `InvalidInput` with the code ``not_carried`` where there is nothing to turn into text or the channel takes
    no text (or a medium lies in the embedder's store, which nobody outside can open), and ``too_long`` where even the
    text is over the channel's limit. Linear.
    """
    problem = obstacle(content, channel)
    if problem is None:
        return content
    if isinstance(content, Text):
        raise InvalidInput("content", "too_long", hint=f"{channel.id} {problem}")
    text = Text(_as_text(content, channel, problem))
    remaining = obstacle(text, channel)
    if remaining is not None:
        raise InvalidInput("content", "too_long", hint=f"{channel.id} {problem}; as text: {remaining}")
    return text


def carried(content: Content, channel: Channel) -> bool:
    """Whether the channel takes the content as it is."""
    return obstacle(content, channel) is None


def obstacle(content: Content, channel: Channel) -> str | None:
    """Why the channel does not take the content as it is; None if it does."""
    limit = channel.carries.get(content.kind)
    if limit is None:
        return f"carries no {content.kind}"
    if isinstance(content, Text):
        return _too_much_text((content.text,), limit)
    return _too_much_text(_shown_text(content), limit) or _too_much(content, limit)


def _shown_text(content: Content) -> Sequence[str]:
    match content:
        case Carousel(cards=cards):
            return [card.text for card in cards]
        case Card(text=text):
            return [text]
        case Link() | Location() | Template() | Sticker():
            return []
        case _:
            return [plain_text(content)]


def _too_much_text(texts: Iterable[str], limit: Limit) -> str | None:
    for text in texts:
        if limit.characters is not None and len(text) > limit.characters:
            return f"carries at most {limit.characters} characters, not {len(text)}"
        if limit.bytes_of_text is not None and len(text.encode()) > limit.bytes_of_text:
            return f"carries at most {limit.bytes_of_text} bytes of text, not {len(text.encode())}"
    return None


def _too_much(content: Content, limit: Limit) -> str | None:
    match content:
        case Image() | Video() | Audio() | File() | Sticker():
            return _bad_medium(content, limit)
        case QuickReplies(replies=replies):
            return _too_many(replies, limit)
        case Buttons(buttons=buttons):
            return _too_many(buttons, limit)
        case Card():
            return _bad_card(content, limit)
        case Carousel(cards=cards):
            many = _over(len(cards), limit.items, "cards")
            return many or next((p for p in (_bad_card(c, limit) for c in cards) if p), None)
        case _:
            return None


def _bad_medium(content: Media | Sticker, limit: Limit) -> str | None:
    if limit.media_bytes is not None and content.size is not None and content.size > limit.media_bytes:
        return f"carries at most {limit.media_bytes} bytes of {content.kind}, not {content.size}"
    if limit.media_types and content.media_type and content.media_type not in limit.media_types:
        return f"carries no {content.kind} of type {content.media_type}"
    return None


def _bad_card(card: Card, limit: Limit) -> str | None:
    long = _over(len(card.title), limit.title_characters, "characters of a title")
    # The limit's items count the cards of a carousel; its cards have the buttons of a single card: three everywhere.
    return long or _over(len(card.buttons), 3 if limit.items is not None else None, "buttons of a card")


def _too_many(buttons: Sequence[Button], limit: Limit) -> str | None:
    if not limit.links and any(isinstance(b, LinkButton) for b in buttons):
        return "carries no buttons that open an address"
    longest = max(len(b.title) for b in buttons)
    return _over(len(buttons), limit.items, "choices") or _over(
        longest, limit.title_characters, "characters of a title"
    )


def _over(number: int, limit: int | None, what: str) -> str | None:
    return None if limit is None or number <= limit else f"carries at most {limit} {what}, not {number}"


def _as_text(content: Content, channel: Channel, problem: str) -> str:
    text = _lines(_parts(content))
    if not text.strip():
        raise InvalidInput("content", "not_carried", hint=f"{channel.id} {problem}, and it has no text form")
    if "text" not in channel.carries:
        raise InvalidInput("content", "not_carried", hint=f"{channel.id} {problem} and no text")
    return text


def _parts(content: Content) -> list[str]:
    match content:
        case Link(url=url, title=title):
            return [_titled(title, url)]
        case File(url=url, caption=caption, name=name):
            return [caption, _titled(name, _public(url))]
        case Image(url=url, caption=caption) | Video(url=url, caption=caption) | Audio(url=url, caption=caption):
            return [caption, _public(url)]
        case Location(latitude=north, longitude=east, name=name):
            return [f"{name} ({north:.5f}, {east:.5f})".strip()]
        case QuickReplies(text=text, replies=replies):
            return [text, *_numbered(replies)]
        case Buttons(text=text, buttons=buttons):
            return [text, *_numbered(buttons)]
        case Card():
            return _card_parts(content)
        case Carousel(cards=cards):
            return ["\n\n".join(_lines(_card_parts(card)) for card in cards)]
        case Text() | Sticker() | Template():
            return [plain_text(content)]


def _card_parts(card: Card) -> list[str]:
    picture = _public(card.image) if card.image else ""
    return [card.title, card.text, picture, *_numbered(card.buttons)]


def _numbered(buttons: Sequence[Button]) -> list[str]:
    """Answers are numbered among themselves, so that a customer can reply with the digit; addresses are not."""
    lines: list[str] = []
    number = 0
    for button in buttons:
        if isinstance(button, Choice):
            number += 1
            lines.append(f"{number}. {button.title}")
        else:
            lines.append(_titled(button.title, _public(button.url)))
    return lines


def _titled(title: str, url: str) -> str:
    return f"{title}: {url}" if title else url


def _public(url: str) -> str:
    """The address, if people outside can open it."""
    if url.startswith("attachment:"):
        raise InvalidInput("content", "not_carried", hint="a file of the own store has no address to send as text")
    return url


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)
