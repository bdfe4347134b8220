"""Keyword policy: does an inbound text mean stop, start, help, or none of these?

Useful alone: ``KeywordPolicy().classify("stop pls").decision`` is ``"opt_out"``. Pure: no clock, no I/O, same answer
for the same text. The cost is linear in the text, of which at most the first 4,096 and the last 1,024 characters are
looked at. Keywords are literal words and phrases, never patterns.

Keyword lists come from vendors' and regulators' texts (see ``presets``). They are not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeVar, get_args
from unicodedata import combining

from attrs import frozen

from switchroom.consent import vocabulary
from switchroom.consent.decision import NONE, Decision, Kind, Scope
from switchroom.consent.normalize import normal
from switchroom.consent.presets import CATEGORY_WORDS, EVERYTHING_WORDS, PRESETS
from switchroom.consent.reading import NOTHING, read
from switchroom.consent.replies import DEFAULT_REPLIES, MAXIMUM_REPLY, Replies, ReplyKind
from switchroom.consent.vocabulary import Entry
from switchroom.errors import InvalidInput

Mode = Literal["exact", "single_word", "reasonable"]
Flag = Literal["opt_out", "opt_in", "help"]
_Name = TypeVar("_Name", bound=str)

MAXIMUM_KEYWORDS: Final = 1000
"""Own keywords a policy may carry. The largest lists seen have a few dozen."""

MAXIMUM_KEYWORD: Final = 100
"""Characters of one own keyword; a keyword fits in a message."""

_FLAGS: Final[Mapping[str, Flag]] = {
    "stop": "opt_out", "opt_out": "opt_out", "optout": "opt_out", "unsubscribe": "opt_out",
    "start": "opt_in", "opt_in": "opt_in", "optin": "opt_in", "subscribe": "opt_in", "unstop": "opt_in",
    "help": "help", "info": "help",
}  # fmt: skip
_PART_OF_WORDS: Final = " -'\u2019."
_KINDS: Final[Mapping[str, Kind]] = {
    "opt_out": "opt_out", "opt_in": "opt_in", "yes": "opt_in", "help": "help", "review": "review",
}  # fmt: skip


@frozen
class Collision:
    """A reply choice that the policy would not hand on as an answer."""

    choice: str
    decision: Kind
    rule: str


class KeywordPolicy:
    """Recognises opt-out, opt-in and help in inbound texts.

    ``mode``: ``exact`` (the whole raw message is a keyword as written, ``STOP``), ``single_word`` (the whole message
    is a keyword; case and surrounding white space ignored, nothing else) or ``reasonable`` (also clear requests in
    words, in any known language, with typing mistakes). ``presets`` name keyword sets (see ``presets.PRESETS``);
    ``opt_out``, ``opt_in`` and ``help`` add own keywords, words or phrases, taken literally. ``scope`` is what a plain
    STOP ends. ``replies`` maps a language code to the texts of ``opt_out``, ``opt_in`` and ``help``.

    Raises ``InvalidInput`` for an unknown mode, scope or preset, for an empty or too long keyword, for too many, and
    for a keyword that stands in two lists.
    """

    def __init__(
        self,
        mode: Mode = "reasonable",
        *,
        presets: Iterable[str] = ("default",),
        opt_out: Iterable[str] = (),
        opt_in: Iterable[str] = (),
        help: Iterable[str] = (),
        scope: Scope = "sender_pool",
        language: str = "en",
        replies: Mapping[str, Mapping[ReplyKind, str]] | None = None,
    ) -> None:
        self.mode: Mode = _one_of("mode", mode, get_args(Mode))
        self.scope: Scope = _one_of("scope", scope, get_args(Scope))
        self.language = language
        self._replies = _merged(replies or {})
        self._raw: dict[str, Kind] = {}
        self._words: dict[str, Entry] = {}
        for name in presets:
            self._add_preset(name)
        own: dict[Kind, tuple[str, ...]] = {
            "opt_out": _keywords("opt_out", opt_out),
            "opt_in": _keywords("opt_in", opt_in),
            "help": _keywords("help", help),
        }
        for kind, keywords in own.items():
            for keyword in keywords:
                self._add(keyword, kind)
        for texts in self._replies.values():
            for text in texts.values():
                self._words.setdefault(normal(text), Entry("none"))
        self._lowered: Mapping[str, Kind] = {raw.strip().lower(): kind for raw, kind in self._raw.items()}

    def _add_preset(self, name: str) -> None:
        preset = PRESETS.get(name)
        if preset is None:
            raise InvalidInput("presets", "unknown", name, hint=f"must be among {', '.join(PRESETS)}")
        groups: tuple[tuple[Kind, tuple[str, ...]], ...] = (
            ("opt_out", preset.opt_out),
            ("opt_in", preset.opt_in),
            ("help", preset.help),
        )
        for kind, keywords in groups:
            for keyword in keywords:
                self._add(keyword, kind)

    def _add(self, keyword: str, kind: Kind) -> None:
        form = normal(keyword)
        known = self._words.get(form)
        taken = _KINDS.get(known.kind) if known else self._raw.get(keyword)
        if taken and taken != kind:
            raise InvalidInput(kind, "in_two_lists", keyword, hint=f"the keyword is in {taken} already")
        self._raw[keyword] = kind
        # A keyword with signs in it ("(a+)+$") is compared as written only: its normal form would be another word.
        if form and all(char.isalnum() or char in _PART_OF_WORDS or combining(char) for char in keyword):
            self._words[form] = Entry("yes" if form == "yes" else kind)

    @property
    def keywords(self) -> Mapping[str, Kind]:
        """The keywords of the modes ``exact`` and ``single_word``, as written, and what they mean."""
        return dict(self._raw)

    def classify(
        self,
        text: str,
        *,
        channel: str = "sms",
        language: str | None = None,
        opted_out: bool | None = None,
        asked: bool = False,
        provider_flag: str | None = None,
    ) -> Decision:
        """Decide what an inbound text means.

        ``channel`` is where it came from; on ``email`` only what stands above the quoted text counts, and so it does
        elsewhere if a text carries quotes. ``language`` (``fr``, ``fr-CA``) is tried first; all others are tried too.
        ``opted_out`` and ``asked`` (the last message of ours asked for consent) decide about YES, which is an opt-in
        only if one of them holds; with ``opted_out=None`` (not known) it is one. ``provider_flag`` is what the
        provider found (``STOP``, ``START``, ``HELP`` or a decision's name), and is believed.

        Raises ``InvalidInput`` if the text is no string or the flag is unknown. Linear in the length of the text up to
        5,120 characters, constant beyond.
        """
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers without a type checker
            raise InvalidInput("text", "not_a_string", type(text).__name__)
        if provider_flag is not None:
            return self._decided(_flag(provider_flag), "provider", (provider_flag.lower(),), None)
        may_agree = asked or opted_out is not False
        found = self._plain(text, may_agree=may_agree)
        if found is None and self.mode == "reasonable":
            found = self._reasonable(text, vocabulary.known(language), may_agree=may_agree)
        return found or NONE

    def _reasonable(self, text: str, language: str | None, *, may_agree: bool) -> Decision:
        own = self._words

        def lookup(phrase: str) -> Entry | None:
            return own.get(phrase) or vocabulary.entry(phrase, language)

        found = read(text, lookup, language, may_agree=may_agree)
        if found is NOTHING:
            return NONE
        kind: Kind = _KINDS.get(found.decision, "none")
        return self._decided(
            kind, found.rule, found.words, found.language or None, everything=found.everything, named=found.named
        )

    def _plain(self, text: str, *, may_agree: bool) -> Decision | None:
        """The modes ``exact`` and ``single_word``: the whole message, nothing normalised but case and outer blanks."""
        rule, keyword = "exact", text
        kind = self._raw.get(text)
        if kind is None and self.mode != "exact" and len(text) <= 10 * MAXIMUM_KEYWORD:
            rule, keyword = "single_word", text.strip().lower()
            kind = self._lowered.get(keyword)
        if kind is None:
            return None
        if keyword.lower() == "yes" and not may_agree:
            return Decision("none", "yes_without_question", (keyword,))
        return self._decided(kind, rule, (keyword,), None)

    def _decided(
        self,
        kind: Kind,
        rule: str,
        matched: tuple[str, ...],
        language: str | None,
        *,
        everything: bool = False,
        named: tuple[str, ...] = (),
    ) -> Decision:
        scope: Scope | None = None
        if kind == "opt_out":
            scope = self._scope(frozenset(word.lower() for word in (*matched, *named)), everything)
        elif kind == "opt_in":
            scope = self.scope
        return Decision(kind, rule, matched, scope, language)

    def _scope(self, named: frozenset[str], everything: bool) -> Scope:
        if everything or not EVERYTHING_WORDS.isdisjoint(named):
            return "everything"
        return "category" if not CATEGORY_WORDS.isdisjoint(named) and self.scope != "campaign" else self.scope

    def reply_for(self, decision: Decision | Kind, language: str | None = None) -> str | None:
        """The text to answer with, or ``None`` where there is nothing to say (none, review).

        The language is the one asked for, the one that the decision found, the policy's, English, in this order.
        """
        kind = decision if isinstance(decision, str) else decision.decision
        if kind == "none" or kind == "review":
            return None
        spoken = None if isinstance(decision, str) else decision.language
        for code in (language, (language or "").replace("_", "-").split("-")[0], spoken, self.language, "en"):
            texts = self._replies.get(code) if code else None
            if texts and kind in texts:
                return texts[kind]
        return None

    def collisions(self, choices: Iterable[str]) -> list[Collision]:
        """The reply choices ("YES", "CANCEL", "1") that this policy would take for a keyword or hold for review."""
        found: list[Collision] = []
        for choice in choices:
            decision = self.classify(choice)
            if decision.decision != "none":
                found.append(Collision(choice, decision.decision, decision.rule))
        return found


def collisions(choices: Iterable[str]) -> list[Collision]:
    """The reply choices that collide with the keywords of the default policy."""
    return KeywordPolicy().collisions(choices)


def _flag(flag: str) -> Flag:
    found = _FLAGS.get(flag.strip().lower().replace("-", "_"))
    if found is None:
        raise InvalidInput(
            "provider_flag", "unknown", flag, hint="must be STOP, START or HELP, or opt_out, opt_in, help"
        )
    return found


def _one_of(field: str, value: _Name, allowed: tuple[_Name, ...]) -> _Name:
    if value not in allowed:
        raise InvalidInput(field, "unknown", value, hint=f"must be one of {', '.join(allowed)}")
    return value


def _keywords(field: str, given: Iterable[str]) -> tuple[str, ...]:
    if isinstance(given, str):
        raise InvalidInput(field, "not_a_list", given, hint="must be a list of keywords, not one string")
    keywords: list[str] = []
    for keyword in given:
        keywords.append(_keyword(field, keyword))
        if len(keywords) > MAXIMUM_KEYWORDS:
            raise InvalidInput(field, "too_many", hint=f"more than {MAXIMUM_KEYWORDS} keywords")
    return tuple(keywords)


def _keyword(field: str, keyword: str) -> str:
    if not keyword.strip():
        raise InvalidInput(field, "empty", keyword, hint="a keyword must not be empty")
    if len(keyword) > MAXIMUM_KEYWORD:
        raise InvalidInput(field, "too_long", keyword, hint=f"a keyword has at most {MAXIMUM_KEYWORD} characters")
    return keyword


def _merged(own: Mapping[str, Mapping[ReplyKind, str]]) -> Replies:
    merged = {language: dict(texts) for language, texts in DEFAULT_REPLIES.items()}
    for language, texts in own.items():
        for kind, text in texts.items():
            place = f"replies.{language}.{kind}"
            if kind not in get_args(ReplyKind):
                raise InvalidInput(place, "unknown", kind, hint="a reply is for opt_out, opt_in or help")
            if not text.strip() or len(text) > MAXIMUM_REPLY:
                raise InvalidInput(place, "length", hint=f"must have 1 to {MAXIMUM_REPLY} characters")
            merged.setdefault(language, {})[kind] = text
    return merged
