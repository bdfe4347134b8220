"""Whole messages: what a word or phrase means when it is all that a person sent, in every known language."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from attrs import frozen

from switchroom.consent.languages import Language, listed
from switchroom.consent.normalize import normal
from switchroom.consent.presets import LANGUAGES

_ALIASES: Final = {
    "nb": "no", "nn": "no", "iw": "he", "fil": "tl", "in": "id", "ms": "id", "hr": "sr", "bs": "sr",
    "yue": "zh", "cmn": "zh",
}  # fmt: skip
"""Codes of languages that share another's word set, or have an older code."""


@frozen
class Entry:
    """What a whole message means, and its language.

    The kinds are ``opt_out``, ``opt_in``, ``yes``, ``help``, ``review``, and ``none`` for what is to be passed over.
    """

    kind: str
    language: str | None = None


@lru_cache(maxsize=1024)
def known(language: str | None) -> str | None:
    """The code under which a language's words are kept: ``fr-CA`` is ``fr``. ``None`` if unknown or not given."""
    if language is None:
        return None
    code = language.replace("_", "-").split("-")[0].lower()
    code = _ALIASES.get(code, code)
    return code if code in LANGUAGES else None


def _entries(language: Language, *, local: bool) -> dict[str, Entry]:
    groups = (
        ("opt_out", language.local if local else ""),
        ("opt_out", language.stop),
        ("help", language.help),
        ("opt_in", language.start),
        ("yes", language.yes),
        ("review", language.review),
    )
    entries: dict[str, Entry] = {}
    for kind, text in groups:
        for phrase in listed(text):
            entries.setdefault(normal(phrase), Entry(kind, language.code))
    return entries


@cache
def _all() -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for language in LANGUAGES.values():
        for phrase, entry in _entries(language, local=False).items():
            entries.setdefault(phrase, entry)
    return entries


@cache
def _one(code: str) -> dict[str, Entry]:
    return _entries(LANGUAGES[code], local=True)


def entry(phrase: str, language: str | None = None) -> Entry | None:
    """What a phrase in normal form means as a whole message; the words of ``language``, if given, come first."""
    found = _one(language).get(phrase) if language is not None else None
    return found or _all().get(phrase)
