"""The reasonable reading of a text: step by step from the whole message to its sentences and phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from switchroom.consent import echoes
from switchroom.consent.abroad import foreign
from switchroom.consent.english import ENGLISH
from switchroom.consent.english_words import CLASSES
from switchroom.consent.footers import without_footers
from switchroom.consent.judge import Finding, english, strongest
from switchroom.consent.normalize import (
    ASK,
    END,
    PAUSE,
    bare,
    capped,
    fold,
    skeleton,
    squeezed,
    stretched,
    unleet,
    without_markup,
    words,
)
from switchroom.consent.presets import AMBIGUOUS, DOUBTFUL_SIGNS, STRICTLY_POLITE
from switchroom.consent.vocabulary import Entry

Lookup = Callable[[str], "Entry | None"]

_LONGEST_PHRASE: Final = 12
_LONGEST_JOINED: Final = 14
_REFUSALS: Final = frozenset(
    ["no", "nope", "nah", "bye", "goodbye", "never", "dont", "nein", "non", "nao", "nee", "nej", "nei", "нет"]
)
_AROUND_STOP: Final = frozenset(
    [
        "now",
        "please",
        "pls",
        "plz",
        "it",
        "this",
        "all",
        "texting",
        "me",
        "2end",
        "2stop",
        "2quit",
        "2cancel",
        "thanks",
        "sms",
        "txt",
    ]
)
_STOP_SIGN: Final = "\U0001f6d1"
_SHOUTED = re.compile(
    r"(?:([^\W_]{1,30})[^\w?]{1,5})?\bSTOP\b(?![^\w.!]{1,3}(?:by|at|in|sign|light|to|for|pour|para|um|per|om|att|mean|means)\b)"
)
_QUIET_BEFORE: Final = frozenset(
    f"{CLASSES['rest']} {CLASSES['neg']} reply text txt send type respond msg to of word".split()
)


def read(text: str, lookup: Lookup, language: str | None, *, may_agree: bool) -> Finding:
    """What a text asks for; decision ``none`` with the reason where it asks for nothing. Linear, input capped."""
    body = echoes.written(capped(text))
    folded = fold(without_markup(body))
    if not folded.strip():
        return _nothing("quoted" if text.strip() else "empty")
    if echoes.is_reaction(folded):
        return _nothing("reaction")
    found = words(folded)
    if not bare(found):
        return _sign(body)
    if _STOP_SIGN in body:
        found = words(folded.replace(_STOP_SIGN, " stop "))
    plain = bare(found)
    return (
        _whole(plain, lookup, may_agree)
        or _echo(plain)
        or _inside(without_footers(found), found, lookup, language, may_agree=may_agree)
        or _shouted(body)
        or NOTHING
    )


NOTHING: Final = Finding("none", "none", (), "")
"""The usual text asks for nothing."""


def _nothing(rule: str, matched: tuple[str, ...] = ()) -> Finding:
    return Finding("none", rule, matched, "")


def _sign(body: str) -> Finding:
    signs = tuple(char for char in body[:50] if char in DOUBTFUL_SIGNS)
    return Finding("review", "sign", signs[:1], "") if signs else _nothing("empty")


def _meant(entry: Entry, phrase: str, rule: str, *, may_agree: bool) -> Finding:
    matched = tuple(phrase.split())
    if entry.kind == "none":
        return _nothing("own_reply")
    if entry.kind == "yes":
        if not may_agree:
            return _nothing("yes_without_question", matched)
        return Finding("opt_in", rule, matched, entry.language or "")
    return Finding(entry.kind, rule, matched, entry.language or "")


def _whole(plain: Sequence[str], lookup: Lookup, may_agree: bool) -> Finding | None:
    """The whole message as one keyword or phrase, also misspelled by held keys, digits or lookalike letters."""
    if len(plain) > _LONGEST_PHRASE:
        entry = lookup(" ".join(plain))
        return _meant(entry, "", "normalised", may_agree=may_agree) if entry is not None else None
    for phrase, strict in _forms(plain):
        entry = lookup(phrase)
        if entry is not None and not (strict and entry.kind in ("review", "yes")):
            return _meant(entry, phrase, "normalised", may_agree=may_agree)
    return _polite(plain, lookup, may_agree)


def _forms(plain: Sequence[str]) -> list[tuple[str, bool]]:
    """The phrase and its repaired spellings; the flag says that a form is a guess."""
    forms = [(" ".join(plain), False)]
    if len(plain) > 1:
        joined = "".join(plain)
        return [*forms, (joined, True)] if 4 <= len(joined) <= _LONGEST_JOINED else forms
    word = plain[0]
    if word.startswith("stop") and _around_stop(word):
        return [*forms, ("stop", True)]
    guesses = [skeleton(word), unleet(word) if not word.isdigit() else word]
    if stretched(word):
        guesses += [squeezed(word), re.sub(r"(.)\1{2,}", r"\1\1", word[:60])]
    return forms + [(guess, True) for guess in guesses if guess != word]


def _around_stop(word: str) -> bool:
    """Whether a word is nothing but "stop", run together with itself or with a word that changes nothing."""
    rest = word[:60].replace("stop", "")
    return rest in _AROUND_STOP or (rest.isdigit() and len(rest) < 3) or (not rest and word != "stop")


def _polite(plain: Sequence[str], lookup: Lookup, may_agree: bool) -> Finding | None:
    """A keyword among polite words, or several keywords, of which the last clear one counts."""
    kept = _stripped(plain)
    if not kept:
        return None
    phrase = " ".join(kept)
    entry = lookup(phrase)
    if entry is not None and (entry.kind != "review" or len(kept) > 1 or kept[0] in _REFUSALS):
        return _meant(entry, phrase, "polite", may_agree=may_agree)
    clear: list[tuple[str, Entry]] = []
    for word in kept:
        entry = lookup(word)
        if entry is not None and entry.kind in ("opt_out", "opt_in", "help"):
            clear.append((word, entry))
        elif word not in STRICTLY_POLITE:
            return None
    if not clear:
        return None
    deciding = [pair for pair in clear if pair[1].kind != "help"] or clear
    return _meant(deciding[-1][1], deciding[-1][0], "last_word", may_agree=may_agree)


def _stripped(plain: Sequence[str]) -> list[str]:
    first, last = 0, len(plain)
    while first < last and plain[first] in STRICTLY_POLITE:
        first += 1
    while last > first and plain[last - 1] in STRICTLY_POLITE:
        last -= 1
    return list(plain[first:last])


def _echo(plain: Sequence[str]) -> Finding | None:
    return _nothing("auto_reply") if echoes.is_automatic(plain) else None


def _inside(
    rest: list[str], found: Sequence[str], lookup: Lookup, language: str | None, *, may_agree: bool
) -> Finding | None:
    """Sentences alone, then phrases, in what is left when our own footers are taken out."""
    if len(rest) != len(found) or rest != list(found):
        remaining = bare(rest)
        if not remaining:
            return _nothing("footer")
        whole = _whole(remaining, lookup, may_agree)
        if whole is not None:
            return whole
    findings = [finding for finding in (_sentence(rest, lookup), _last_clause(rest, lookup)) if finding is not None]
    findings += english(rest)
    best = strongest(findings) if findings else None
    if best is not None and best.decision == "opt_out":
        return best
    abroad = foreign(rest, language)
    return strongest([*([best] if best else []), *abroad]) if abroad else best


def _sentences(found: Sequence[str]) -> list[list[str]]:
    sentences: list[list[str]] = [[]]
    for word in found:
        if word == ASK:
            sentences[-1].append(word)
        if word in (END, ASK):
            sentences.append([])
        elif word != PAUSE:
            sentences[-1].append(word)
    return [sentence for sentence in sentences if sentence]


def _sentence(found: Sequence[str], lookup: Lookup) -> Finding | None:
    """The first or the last sentence, if it is a keyword by itself. An answer to a question of ours needs to be all."""
    if END not in found and ASK not in found:
        return None
    sentences = _sentences(found)
    if len(sentences) < 2:
        return None
    for sentence in (sentences[-1], sentences[0]):
        if len(sentence) <= _LONGEST_PHRASE:
            kept = " ".join(_stripped(sentence) or sentence)
            entry = lookup(kept)
            if entry is not None and entry.kind in ("opt_out", "help"):
                return _alone(entry, kept, found)
    return None


def _last_clause(found: Sequence[str], lookup: Lookup) -> Finding | None:
    """What stands after the last comma, if it is an opt-out word: ``I moved away, please stop``."""
    if PAUSE not in found:
        return None
    marks = [index for index, word in enumerate(found) if word == PAUSE]
    if not marks or marks[-1] == 0:
        return None
    clause = bare(list(found[marks[-1] + 1 :]))
    kept = " ".join(_stripped(clause))
    entry = lookup(kept) if clause else None
    if entry is None or entry.kind != "opt_out" or kept in AMBIGUOUS:
        return None
    sure = len(clause) > len(kept.split())
    return Finding("opt_out" if sure else "review", "last_clause", tuple(kept.split()), entry.language or "")


def _alone(entry: Entry, phrase: str, found: Sequence[str]) -> Finding | None:
    classes, _ = ENGLISH.encode(found)
    joking = ENGLISH.contexts["laugh"].search(classes) is not None
    if entry.kind == "opt_out" and phrase in AMBIGUOUS:
        if ENGLISH.contexts["business"].search(classes):
            return None
        joking = True
    decision = "review" if joking and entry.kind == "opt_out" else entry.kind
    return Finding(decision, "sentence", tuple(phrase.split()), entry.language or "")


def _shouted(body: str) -> Finding | None:
    """STOP in capitals inside a text that is not all capitals: likely our keyword, so a person looks at it."""
    if "STOP" not in body or not any(char.islower() for char in body):
        return None
    for match in _SHOUTED.finditer(body):
        if (match[1] or "").lower() not in _QUIET_BEFORE:
            return Finding("review", "shouted", ("stop",), "en")
    return None
