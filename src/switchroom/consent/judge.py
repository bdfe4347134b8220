"""What the rules found, weighed against its context: negations, questions, business words, jokes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from attrs import frozen

from switchroom.consent.english import ENGLISH
from switchroom.consent.languages import Language, grammar_of, listed
from switchroom.consent.normalize import ASK, END, PAUSE, bare, normal
from switchroom.consent.phrases import Grammar, Match
from switchroom.consent.presets import LANGUAGES

_RANK: Final = {"opt_out": 3, "review": 2, "opt_in": 1, "help": 1}
_FIRST_SPACELESS: Final = "\u0e00"

# Which contexts a rule of the English grammar heeds; the others are heeded by all.
_STARTS_NEGATIVE: Final = frozenset({"dont_contact", "dont_send", "dont_want", "no_consent", "rather_not", "no_more", "never_contact", "do_not_call"})
_STOPS: Final = frozenset({"stop_sending", "stop_messages", "stop_category", "stop_service", "stop_this", "stop", "stop_number"})
_LIMITABLE: Final = frozenset({"dont_contact", "dont_send", "stop_sending"})
_BUSINESS_NEXT: Final = _LIMITABLE | _STOPS | {"remove_me", "switch_off", "dont_want", "unsubscribe", "opt_out", "rather_not", "off_list", "removed"}
_SHORT: Final = frozenset({"stop", "stop_this", "this_stops", "please_stop"})
_TALKS_ABOUT: Final = frozenset({"unsubscribe", "opt_out"})
_ENGLISH_TOO: Final = frozenset(
    "in me met mess made sake van plus rust pace rot tag fin band kite vice tire trek die am as at do so no or on is it van pub pubs"
    " paid most note die arts dart stand bad bed bar pas rate rates mere mat val rot plan wil sag sail vile hat hang fast fort".split()
)
"""Words of other languages that are common in English: they do not make a text worth trying there."""
_ABOUT_IT: Final = frozenset("link button page form option email website portal".split())


@frozen
class Finding:
    """The outcome of the rules: a decision, the rule's name, the words it fits on, the language."""

    decision: str
    rule: str
    words: tuple[str, ...]
    language: str
    everything: bool = False
    at: int = 0


def strongest(findings: Iterable[Finding]) -> Finding | None:
    """The finding that counts: opt-out before review before the rest; among equals the first."""
    return max(findings, key=lambda finding: _RANK[finding.decision], default=None)


def english(words: Sequence[str]) -> list[Finding]:
    """What the English rules make of the words."""
    classes, kept = ENGLISH.encode(words)
    found: list[Finding] = []
    for match in ENGLISH.matches(classes):
        decision = _weighed(match, classes, kept)
        if decision:
            found.append(_finding(match, decision, kept, "en"))
    return found


def _finding(match: Match, decision: str, kept: Sequence[str], language: str) -> Finding:
    words = tuple(word for word in kept[match.start : match.end] if word not in (END, ASK, PAUSE))
    return Finding(decision, match.rule.name, words, language, match.rule.everything, match.start)


def _weighed(match: Match, classes: str, kept: Sequence[str]) -> str | None:
    rule = match.rule
    start = match.start + (classes[match.start] in (END, ASK))
    if rule.name == "stop":
        start = kept.index("stop", start) if "stop" in kept[start : match.end] else start
    before = classes[_edge_before(classes, start) : start]
    if rule.decision != "opt_out":
        return None if _taken_back(before) and rule.decision != "review" else rule.decision
    if rule.plain:
        return _joking(rule.name, classes)
    after = classes[match.end : _edge_after(classes, match.end) + 1]
    return None if _void(match, before, after) else _doubt(match, before, after, classes, kept)


def _void(match: Match, before: str, after: str) -> bool:
    """Whether the context takes the request back altogether."""
    name, contexts = match.rule.name, ENGLISH.contexts
    if name in _STARTS_NEGATIVE:
        refused = contexts["subject"].search(before) if name in ("dont_contact", "dont_send") else None
        refused = refused or (name == "no_more" and contexts["got"].search(before))
    else:
        refused = _taken_back(before)
    if not refused and name in _STOPS:
        refused = contexts["noun"].search(before) or _past(before)
    if not refused and name in _TALKS_ABOUT:
        refused = _past(before)
    if not refused and name in _BUSINESS_NEXT and name not in _TALKS_ABOUT:
        refused = contexts["business_next"].match(after)
    return bool(refused)


def _past(before: str) -> bool:
    return ENGLISH.contexts["asked_past"].search(before) is not None


def _taken_back(before: str) -> bool:
    contexts = ENGLISH.contexts
    return bool(contexts["negated"].search(before) or contexts["negated_want"].search(before))


def _doubt(match: Match, before: str, after: str, classes: str, kept: Sequence[str]) -> str:
    """Review if the context leaves a doubt, else opt-out."""
    name, contexts = match.rule.name, ENGLISH.contexts
    doubtful = contexts["question"].search(before) and not contexts["can_you"].search(before)
    doubtful = doubtful or (_asked_only(match.end, classes) and not contexts["can_you"].search(before + classes[match.start : match.end]))
    doubtful = doubtful or contexts["third"].search(before)
    if name == "stop_sending":
        doubtful = doubtful or contexts["myself"].search(before)
    if name in _LIMITABLE and contexts["limited"].match(after) and not contexts["again"].search(classes[match.start :]):
        doubtful = True
    if name in _TALKS_ABOUT:
        doubtful = doubtful or contexts["business_next"].match(after) or _about(kept, match.end)
    if name in _TALKS_ABOUT and not contexts["unsub_ok"].match(classes[match.end :]):
        doubtful = True
    if name in ("stop_this", "stop", "please_stop", "this_stops") and contexts["business"].search(classes):
        doubtful = True
    return "review" if doubtful else _joking(name, classes)


def _asked_only(position: int, classes: str) -> bool:
    """Whether the sentence is a question and the text goes on after it."""
    edge = _edge_after(classes, position)
    return classes[edge : edge + 1] == ASK and len(classes) > edge + 3


def _about(kept: Sequence[str], position: int) -> bool:
    return any(word in _ABOUT_IT for word in kept[position : position + 2])


def _joking(name: str, classes: str) -> str:
    return "review" if name in _SHORT and ENGLISH.contexts["laugh"].search(classes) else "opt_out"


def _edge_before(classes: str, position: int) -> int:
    return max(classes.rfind(END, 0, position), classes.rfind(ASK, 0, position), 0)


def _edge_after(classes: str, position: int) -> int:
    edges = [edge for edge in (classes.find(END, position), classes.find(ASK, position)) if edge >= 0]
    return min(edges, default=len(classes))


# --- other languages ------------------------------------------------------------------------------------------------


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
    """The languages worth trying on these words, the one asked for first."""
    triggers = _triggers()
    codes: dict[str, None] = {}
    if asked is not None and asked != "en" and asked in LANGUAGES and LANGUAGES[asked].spaced:
        codes[asked] = None
    for word in words:
        for code in triggers.get(word, ()):
            codes[code] = None
    return list(codes)


def foreign(words: Sequence[str], asked: str | None) -> list[Finding]:
    """What the rules of the other languages make of the words."""
    found: list[Finding] = []
    for code in candidates(words, asked):
        found += _in_language(code, words)
    if any(word[0] >= _FIRST_SPACELESS for word in words):
        found += spaceless(words)
    return found


def _in_language(code: str, words: Sequence[str]) -> list[Finding]:
    rules = grammar(code)
    classes, kept = rules.encode(words)
    found: list[Finding] = []
    for match in rules.matches(classes):
        decision = _weighed_abroad(match, classes, rules)
        if decision:
            found.append(_finding(match, decision, kept, code))
    return found


def _weighed_abroad(match: Match, classes: str, rules: Grammar) -> str | None:
    if match.rule.decision != "opt_out":
        return match.rule.decision
    start = match.start + (classes[match.start] in (END, ASK))
    edge = _edge_before(classes, start)
    before = classes[edge:start]
    stop = _edge_after(classes, match.end)
    negative = match.rule.name in ("dont_send", "dont_want", "no_more", "idiom", "keyword_sentence")
    if (not negative and rules.contexts["negated"].search(before)) or rules.contexts["footer"].search(classes[edge:stop]):
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
