"""The rules of languages other than English, tried where a word of theirs occurs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from switchroom.consent.english import ENGLISH
from switchroom.consent.judge import EDGES, Finding, edge_after, edge_before, finding_of
from switchroom.consent.languages import Language, grammar_of, listed
from switchroom.consent.normalize import ASK, WORDS, bare, normal
from switchroom.consent.phrases import Grammar, Match
from switchroom.consent.presets import LANGUAGES

TRIED: Final = 5
"""Languages tried on one text at most, so that a text of many languages costs no more than one of a few."""

_STARTS_NEGATIVE: Final = frozenset({"dont_send", "dont_want", "no_more", "keyword_sentence"})
_FIRST_SPACELESS: Final = "\u0e00"
_ENGLISH_TOO: Final = frozenset(
    [
        "in",
        "me",
        "met",
        "mess",
        "made",
        "sake",
        "van",
        "plus",
        "rust",
        "pace",
        "rot",
        "tag",
        "fin",
        "band",
        "kite",
        "vice",
        "tire",
        "trek",
        "die",
        "am",
        "as",
        "at",
        "do",
        "so",
        "no",
        "or",
        "on",
        "is",
        "it",
        "van",
        "pub",
        "pubs",
        "paid",
        "most",
        "note",
        "die",
        "arts",
        "dart",
        "stand",
        "bad",
        "bed",
        "bar",
        "pas",
        "rate",
        "rates",
        "mere",
        "mat",
        "val",
        "rot",
        "plan",
        "wil",
        "sag",
        "sail",
        "vile",
        "hat",
        "hang",
        "fast",
        "fort",
    ]
)
"""Words of other languages that are common in English: they do not make a text worth trying there."""


@cache
def grammar(code: str) -> Grammar:
    """The compiled grammar of a language, made when first needed."""
    return grammar_of(LANGUAGES[code])


@cache
def _triggers() -> dict[str, tuple[str, ...]]:
    """Words that make a language worth trying, and the languages."""
    triggers: dict[str, list[str]] = {}
    for code, language in LANGUAGES.items():
        if code == "en" or not language.spaced:
            continue
        for word in sorted(_telling(language)):
            if len(word) > 1 and word not in _ENGLISH_TOO and not ENGLISH.knows(word):
                triggers.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in triggers.items()}


def _telling(language: Language) -> set[str]:
    words: set[str] = set()
    for name in ("stop", "send", "unsub", "remove", "msg", "more", "want", "recv"):
        words.update(language.classes.get(name, "").split())
    for phrase in (*listed(language.stop), *listed(language.idioms), *listed(language.doubts)):
        words.update(phrase.split())
    return {normal(word) for word in words if not word.endswith("*")} - {""}


def candidates(words: Iterable[str], asked: str | None) -> list[str]:
    """The languages worth trying on these words: the one asked for, and those that know most of the words."""
    triggers = _triggers()
    counts: dict[str, int] = {}
    if asked is not None and asked != "en" and LANGUAGES[asked].spaced:
        counts[asked] = WORDS
    for codes in [triggers[word] for word in words if word in triggers]:
        for code in codes:
            counts[code] = counts.get(code, 0) + 1
    return sorted(counts, key=lambda code: -counts[code])[:TRIED]


def foreign(words: Sequence[str], asked: str | None) -> list[Finding]:
    """What the rules of the other languages make of the words."""
    found: list[Finding] = []
    for code in candidates(words, asked):
        found += _in_language(code, words)
    if not "".join(words).isascii() and any(word[0] >= _FIRST_SPACELESS for word in words):
        found += spaceless(words)
    return found


def _in_language(code: str, words: Sequence[str]) -> list[Finding]:
    rules = grammar(code)
    classes, kept = rules.encode(words)
    found: list[Finding] = []
    for match in rules.matches(classes):
        decision = _weighed_abroad(match, classes, rules)
        if decision:
            found.append(finding_of(match, decision, kept, code))
    return found


def _weighed_abroad(match: Match, classes: str, rules: Grammar) -> str | None:
    if match.rule.decision != "opt_out":
        return match.rule.decision
    start = match.start + (classes[match.start] in EDGES)
    edge = edge_before(classes, start)
    before = classes[edge:start]
    stop = edge_after(classes, match.end)
    negative = match.rule.name in _STARTS_NEGATIVE or rules.contexts["negative"].match(classes[start:]) is not None
    if negative and rules.contexts["around"].search(before):  # n'arretez pas de m'écrire: the "pas" belongs to "n'"
        return None
    if (not negative and rules.contexts["negated"].search(before)) or rules.contexts["footer"].search(
        classes[edge:stop]
    ):
        return None
    if match.rule.name != "keyword_sentence" and rules.contexts["business"].match(classes[match.end : stop]):
        return None
    asked = rules.contexts["question"].match(classes[edge + 1 : stop]) or classes[stop : stop + 1] == ASK
    return "review" if asked else "opt_out"


@cache
def _parts() -> tuple[tuple[str, str, str], ...]:
    """(text, decision, language) for the phrases of scripts written without spaces."""
    parts: list[tuple[str, str, str]] = []
    for code, language in LANGUAGES.items():
        if not language.spaced:
            parts += [(_joined(text), "opt_out", code) for text in listed(language.idioms)]
            parts += [(_joined(text), "review", code) for text in listed(language.doubts)]
    return tuple(parts)


def _joined(text: str) -> str:
    return normal(text).replace(" ", "")


def spaceless(words: Sequence[str]) -> list[Finding]:
    """What the phrases of Chinese, Japanese, Korean and Thai make of the words."""
    text = "".join(bare(list(words)))
    found: list[Finding] = []
    for part, decision, code in _parts():
        at = text.find(part)
        if at >= 0:
            verdict = _weighed_spaceless(text, at, part, decision, code, ASK in words)
            if verdict:
                found.append(Finding(verdict, "idiom", (part,), code))
    return found


def _weighed_spaceless(text: str, at: int, part: str, decision: str, code: str, asked: bool) -> str | None:
    classes = LANGUAGES[code].classes
    if any(text[:at].endswith(_joined(word)) for word in classes.get("neg", "").split()):
        return None
    after = text[at + len(part) :][:6]
    if any(after.startswith(_joined(word)) for word in classes.get("biz", "").split()):
        return None
    doubtful = asked or any(_joined(word) in text for word in classes.get("ask", "").split())
    return "review" if doubtful else decision
