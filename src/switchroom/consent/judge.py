"""What the rules found, weighed against its context: negations, questions, business words, jokes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

from switchroom.consent.english import ENGLISH
from switchroom.consent.normalize import ASK, END
from switchroom.consent.phrases import Match

_RANK: Final = {"opt_out": 3, "review": 2, "opt_in": 1, "help": 1}
EDGES: Final = (END, ASK)
"""The marks between which a sentence stands in the string of classes."""

# Which contexts a rule of the English grammar heeds; the others are heeded by all.
_STARTS_NEGATIVE: Final = frozenset(
    {"dont_contact", "dont_send", "dont_want", "no_consent", "rather_not", "no_more", "never_contact", "do_not_call"}
)
_STOPS: Final = frozenset(
    {"stop_sending", "stop_messages", "stop_category", "stop_service", "stop_this", "stop", "stop_number"}
)
_LIMITABLE: Final = frozenset({"dont_contact", "dont_send", "stop_sending"})
_BUSINESS_NEXT: Final = (
    _LIMITABLE
    | _STOPS
    | {"remove_me", "switch_off", "dont_want", "unsubscribe", "opt_out", "rather_not", "off_list", "removed"}
)
_ADDRESSES: Final = {"dont_contact": "subject", "dont_send": "subject", "no_more": "got"}
_SHORT: Final = frozenset({"stop", "stop_this", "this_stops", "please_stop"})
_ABOUT_ANYTHING: Final = frozenset({"stop", "stop_this", "please_stop", "this_stops"})
_AT_THE_WORD: Final = frozenset({"stop", "last_stop", "stop_name"})
_TALKS_ABOUT: Final = frozenset({"unsubscribe", "opt_out"})
_ABOUT_IT: Final = frozenset(["link", "button", "page", "form", "option", "email", "website", "portal"])


@frozen
class Finding:
    """The outcome of the rules: a decision, the rule's name, the words it fits on, the language."""

    decision: str
    rule: str
    words: tuple[str, ...]
    language: str
    everything: bool = False
    named: tuple[str, ...] = ()
    """The words from the match to the end of its sentence: they may name a kind of message."""


def strongest(findings: Iterable[Finding]) -> Finding | None:
    """The finding that counts: opt-out before review before the rest; among equals the first."""
    return max(findings, key=lambda finding: _RANK[finding.decision], default=None)


def english(words: Sequence[str]) -> list[Finding]:
    """What the English rules make of the words; a clear opt-out is the whole answer."""
    classes, kept = ENGLISH.encode(words)
    found: list[Finding] = []
    for match in ENGLISH.matches(classes):
        decision = _weighed(match, classes, kept)
        if decision == "opt_out":
            return [finding_of(match, decision, kept, "en")]
        if decision:
            found.append(finding_of(match, decision, kept, "en"))
    return found


def finding_of(match: Match, decision: str, kept: Sequence[str], language: str) -> Finding:
    """The finding that a match amounts to."""
    start = match.start + (kept[match.start] in EDGES)
    end = next((index for index in range(match.end, len(kept)) if kept[index] in EDGES), len(kept))
    words = tuple(word for word in kept[start : match.end] if word not in EDGES)
    return Finding(decision, match.rule.name, words, language, match.rule.everything, tuple(kept[start:end]))


def _weighed(match: Match, classes: str, kept: Sequence[str]) -> str | None:
    """What a match comes to in its context: a decision, or ``None`` if the context takes it back."""
    rule = match.rule
    start = match.start + (classes[match.start] in EDGES)
    if rule.name in _AT_THE_WORD:
        start = kept.index("stop", start) if "stop" in kept[start : match.end] else start
    before = classes[edge_before(classes, start) : start]
    if rule.decision != "opt_out":
        heeded = rule.decision != "review" or rule.name in _AT_THE_WORD
        void = heeded and (_taken_back(before) or (rule.name in _AT_THE_WORD and _seen("noun", before)))
        return None if void else rule.decision
    if rule.plain:
        return "review" if _seen("question", before) else _joking(rule.name, classes)
    end = match.end - (classes[match.end - 1] in EDGES)
    after = classes[end : edge_after(classes, end) + 1]
    if _void(rule.name, before, after):
        return None
    return "review" if _doubtful(match, before, after, classes, kept) else _joking(rule.name, classes)


def _seen(context: str, classes: str) -> bool:
    return ENGLISH.contexts[context].search(classes) is not None


def _next(context: str, classes: str) -> bool:
    return ENGLISH.contexts[context].match(classes) is not None


def _taken_back(before: str) -> bool:
    return _seen("negated", before) or _seen("negated_want", before)


def _void(name: str, before: str, after: str) -> bool:
    """Whether the context takes the request back altogether: don't stop, the bus stop, why did you stop."""
    if name in _STARTS_NEGATIVE:
        told = _ADDRESSES.get(name)
        if told is not None and _seen(told, before) and not (name == "no_more" and _seen("wished", before)):
            return True
    elif _taken_back(before):
        return True
    if name in _STOPS and _seen("noun", before):
        return True
    if name in _STOPS | _TALKS_ABOUT and _seen("asked_past", before):
        return True
    if name == "no_more" and after[-1:] == ASK:
        return True
    return name in _BUSINESS_NEXT and _next("business_next", after)


def _doubtful(match: Match, before: str, after: str, classes: str, kept: Sequence[str]) -> bool:
    """Whether a person should look: questions, third persons, limits in time, business in the same breath."""
    name = match.rule.name
    polite_request = _seen("can_you", before + classes[match.start : match.end])
    if (_seen("question", before) or after[-1:] == ASK) and not polite_request:
        return True
    if _seen("third", before) or (name == "stop_sending" and _seen("myself", before)):
        return True
    if name == "dont_contact" and (_seen("other_way", before) or _next("object_next", after)):
        return True
    if name in _LIMITABLE and _next("limited", after) and not _seen("again", classes[match.start :]):
        return True
    if name in _TALKS_ABOUT and _talks_about(match, after, kept):
        return True
    return name in _ABOUT_ANYTHING and _seen("business", classes)


def _talks_about(match: Match, after: str, kept: Sequence[str]) -> bool:
    """Whether the word is spoken about (the unsubscribe link) or means another thing (opt out of insurance)."""
    if _next("business_next", after) or not _next("unsub_ok", after):
        return True
    return not _ABOUT_IT.isdisjoint(kept[match.end : match.end + 2])


def _joking(name: str, classes: str) -> str:
    return "review" if name in _SHORT and _seen("laugh", classes) else "opt_out"


def edge_before(classes: str, position: int) -> int:
    """The index of the sentence mark before a position."""
    return max(classes.rfind(END, 0, position), classes.rfind(ASK, 0, position), 0)


def edge_after(classes: str, position: int) -> int:
    """The index of the sentence mark at or after a position."""
    edges = [edge for edge in (classes.find(END, position), classes.find(ASK, position)) if edge >= 0]
    return min(edges, default=len(classes))
