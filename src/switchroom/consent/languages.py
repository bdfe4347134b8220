"""Languages other than English: what a language is, the rules they share, and the set of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from switchroom.consent.normalize import normal
from switchroom.consent.phrases import Grammar, Rule


@frozen
class Language:
    """The words of one language, in normal form (lower case, no accents); alternatives are divided by commas.

    ``stop``, ``help``, ``start``, ``yes`` and ``review`` are whole messages; ``local`` are opt-out words that mean
    something else elsewhere (Turkish "red", Finnish "peru"), and count only if the language is known. ``polite`` may
    surround them. ``classes`` feed the shared rules. ``idioms`` (opt-out) and ``doubts`` (review) count anywhere in a
    sentence; for scripts written without spaces (``spaced=False``) they are looked for as parts of the text.
    """

    code: str
    stop: str
    local: str = ""
    help: str = ""
    start: str = ""
    yes: str = ""
    review: str = ""
    polite: str = ""
    classes: Mapping[str, str] = field(factory=dict[str, str])
    idioms: str = ""
    doubts: str = ""
    spaced: bool = True


def listed(text: str) -> list[str]:
    """The comma-separated entries of a data string, without blanks around them."""
    return [entry for entry in (" ".join(part.split()) for part in text.split(",")) if entry]


CLASS_NAMES: Final = (
    "neg", "more", "want", "recv", "send", "msg", "stop", "unsub", "remove", "me", "mine", "reply", "biz", "ask",
    "polite", "keyword",
)  # fmt: skip

SHARED_RULES: Final = (
    Rule("unsubscribe", "<unsub>"),
    Rule("stop_sending", "<stop> <^biz|neg>{0,5} <send|msg>"),
    Rule("stop_sending", "<msg> <^biz|neg>{0,2} <stop>"),
    Rule("dont_send", "<neg> <^biz|stop>{0,4} <send>"),
    Rule("dont_send", "<send> <^biz>{0,4} <neg> (?:<more> | <^biz>{0,3} <msg> | ;)"),
    Rule("dont_want", "<neg> <^biz|stop>{0,2} <want> <^biz|stop>{0,4} <recv|msg|send>"),
    Rule("dont_want", "<want> <^biz|stop>{0,4} <neg> <^biz|stop>{0,4} <msg|recv|send>"),
    Rule("no_more", "<neg> <more> <^biz>{0,3} <msg>"),
    Rule("no_more", "<neg> <^biz>{0,2} <msg> <^biz>{0,2} <more>"),
    Rule("no_more", "<more> <^biz>{0,2} <neg> <^biz>{0,3} <send|want|msg>"),
    Rule("no_more", "; <polite>{0,3} <neg> <more>? <msg> <more|me|polite>{0,5} ;"),
    Rule("dont_want", "<want> <^biz>{0,2} <neg> <more> ;", "review"),
    Rule("remove_me", "<remove> <^biz|neg>{0,4} <mine>"),
    Rule("remove_me", "<mine> <^biz|neg>{0,4} <remove>"),
    Rule("keyword_sentence", "; <polite>{0,6} <keyword> <keyword|polite>{0,6} ;"),
)

SHARED_CONTEXTS: Final = {
    "negated": "<neg> <me|more>? $",
    "negative": "<neg>",
    "around": "<neg> <me>? <stop> $",
    "question": "_{0,3}? <ask>",
    "business": "_{0,3}? <biz>",
    "footer": "<reply> _{0,2} <keyword>",
}


def grammar_of(language: Language) -> Grammar:
    """The compiled rules of a language."""
    classes = {name: _spelled(language.classes.get(name, "")) for name in CLASS_NAMES}
    classes["polite"] = f"{_spelled(language.polite)} please pls thanks ok"
    classes["keyword"] = " ".join(word for word in map(normal, listed(language.stop)) if " " not in word)
    rules = [Rule("idiom", _sequence(idiom)) for idiom in listed(language.idioms)]
    rules += [Rule("doubt", _sequence(doubt), "review") for doubt in listed(language.doubts)]
    return Grammar(classes, (*SHARED_RULES, *rules), contexts=SHARED_CONTEXTS, repairs=False)


def _spelled(words: str) -> str:
    """Words in normal form; a star that marks a stem stays."""
    return " ".join(f"{normal(word)}*" if word.endswith("*") else normal(word) for word in words.split())


def _sequence(idiom: str) -> str:
    return " ".join(f"[{word}]" for word in normal(idiom).split())
