"""Text that a person sent without writing it: quoted mail, reactions, automatic replies, our own footer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_REACTIONS: Final = (
    "liked",
    "loved",
    "disliked",
    "laughed at",
    "emphasized",
    "emphasised",
    "questioned",
    "reacted",
    "removed a like from",
    "removed a heart from",
    "removed a laugh from",
    "removed an exclamation from",
    "removed a dislike from",
    "removed a question mark from",
    "removed an emoji from",
    "removed a reaction from",
    "a aime",
    "a adore",
    "n a pas aime",
    "a ri de",
    "le gusto",
    "le encanto",
    "no le gusto",
    "se rio de",
    "me gusto",
    "hat geliked",
    "hat",
    "gefallt",
    "ha messo mi piace",
    "piaciuto",
    "gostou de",
    "adorou",
    "curtiu",
    "vond",
    "gillade",
    "alskade",
    "likte",
    "kunne lide",
)
"""How telephones that cannot show a reaction announce one; followed by the message in quotation marks."""

_OBJECTS: Final = (
    *(f"a {thing}" for thing in ("photo", "link", "video", "movie", "sticker", "message")),
    *(f"an {thing}" for thing in ("image", "attachment", "audio")),
    "your message",
)
_QUOTES: Final = "\"\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019\u300c'"
_QUOTED_LINE = re.compile(r"^[ \t]{0,8}(?:>|&gt;|\|[ \t])")
_WROTE = "wrote|schrieb|\u00e9crit|escribi\u00f3|scritto|escreveu|schreef|skrev|napisa\u0142"
_ORIGINAL = (
    "original|forwarded message|urspr\u00fcngliche nachricht|message d'origine|mensaje original|messaggio originale"
)
_QUOTE_HEADERS: Final = (
    re.compile(
        rf"^[ \t*_]{{0,8}}(?:on|am|le|el|il|em|op|den|dnia)\b.{{0,200}}(?:{_WROTE}).{{0,60}}:\s*$", re.IGNORECASE
    ),
    re.compile(rf"^[ \t]{{0,8}}-{{2,}}[ \t]{{0,3}}(?:{_ORIGINAL})", re.IGNORECASE),
    re.compile(r"^[ \t*_]{0,8}(?:begin forwarded message|from|von|de|da|van)[ \t*_]{0,3}:.{0,120}@", re.IGNORECASE),
    re.compile(r"^_{10,}\s*$"),
)
"""The lines with which mail programs begin what they quote. Repetitions are bounded, and so is what they look at."""

_SIGNATURE = re.compile(
    r"^(?:-- ?|sent from my .{1,60}|get outlook for .{1,40}|von meinem .{1,40}"
    r" gesendet|envoy\u00e9 de mon .{1,40}|enviado desde mi .{1,40})$",
    re.IGNORECASE,
)
_AUTOMATIC: Final = (
    "out of office",
    "out of the office",
    "automatic reply",
    "auto reply",
    "autoreply",
    "auto response",
    "automated response",
    "automated reply",
    "automated message",
    "automatic response",
    "do not disturb while driving",
    "driving with focus turned on",
    "with focus turned on",
    "i am not receiving notifications",
    "im not receiving notifications",
    "notifications silenced",
    "this mailbox is not monitored",
    "not monitored",
    "currently on vacation",
    "on annual leave",
    "on maternity leave",
    "on parental leave",
    "away from my desk",
    "limited access to email",
    "will respond when i return",
    "will get back to you when i",
    "delivery status notification",
    "undeliverable",
    "mail delivery failed",
    "message not delivered",
    "abwesenheitsnotiz",
    "automatische antwort",
    "absence du bureau",
    "reponse automatique",
    "respuesta automatica",
    "fuera de la oficina",
    "risposta automatica",
    "resposta automatica",
    "automatisch antwoord",
    "im driving right now",
    "i am driving right now",
    "i cant talk right now im driving",
    "sent while driving",
    "this is an automatic",
    "this is an automated",
    "vacation responder",
    "on holiday until",
    "i no longer work",
    "is no longer with the company",
    "im driving and will",
    "i am driving and will",
    "im currently driving",
    "i am currently driving",
    "im driving i will",
    "i am driving i will",
)


_AUTOMATIC_BY_FIRST: Final = {
    first: tuple(sign for sign in _AUTOMATIC if sign.split()[0] == first)
    for first in dict.fromkeys(sign.split()[0] for sign in _AUTOMATIC)
}

_AUTOMATIC_FIRSTS: Final = frozenset(_AUTOMATIC_BY_FIRST)


def written(text: str) -> str:
    """The part that the person wrote: no quoted lines, nothing below "On ... wrote:", no signature. Linear."""
    if "\n" not in text and "\r" not in text and not text.lstrip().startswith((">", "&gt;", "|")):
        return text
    kept: list[str] = []
    lines = text.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if _is_header(line) or _is_header(f"{line[:200]} {following[:90]}") or _SIGNATURE.match(line.strip()[:100]):
            break
        if not _QUOTED_LINE.match(line):
            kept.append(line)
    return "\n".join(kept)


def _is_header(line: str) -> bool:
    start = line[:300]
    return any(header.match(start) for header in _QUOTE_HEADERS)


def is_reaction(folded: str) -> bool:
    """Whether a folded text announces a reaction to a message, such as ``Liked "See you"``."""
    start = folded.lstrip()[:60]
    if not start.startswith(_REACTIONS):
        return " to " in start and _is_emoji_reaction(start)
    return any(start.startswith(word) and _is_quoted(word, start[len(word) :].lstrip()) for word in _REACTIONS)


def _is_quoted(word: str, rest: str) -> bool:
    if word == "reacted":
        return " to " in rest[:20] or rest.startswith("to ")
    return rest.startswith(_OBJECTS) or (rest != "" and rest[0] in _QUOTES)


def _is_emoji_reaction(start: str) -> bool:
    """``<emoji> to "text"``, as Android telephones write it (with hair spaces and joiners around)."""
    head, found, rest = start.partition(" to ")
    return (
        bool(found) and not any(char.isalnum() for char in head) and head.strip() != "" and rest.lstrip()[:1] in _QUOTES
    )


def is_automatic(bare_words: Sequence[str]) -> bool:
    """Whether a text in normal form is an automatic reply."""
    if _AUTOMATIC_FIRSTS.isdisjoint(bare_words):
        return False
    padded = f" {' '.join(bare_words)} "
    firsts = _AUTOMATIC_BY_FIRST.keys() & bare_words
    return any(f" {sign} " in padded for first in firsts for sign in _AUTOMATIC_BY_FIRST[first])
