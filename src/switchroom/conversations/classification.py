"""What a text is about: weighted words and phrases to categories that carry a requirement, a language and a priority.

Words are literal: a text is cut to a number of characters, brought to one normal form, and looked up word by word. No
pattern of a user's is ever run, so that the time is linear in the text, whatever the words and the text are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeAlias, cast

import attrs

from switchroom.consent.normalize import bare, capped, fold, words
from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_id, to_optional_id, to_span, to_whole
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement

MAX_CATEGORIES = 500
MAX_PHRASES = 2_000
MAX_PHRASE_WORDS = 8
"""Words of one phrase: at each word of a text, so many are looked at."""

_Node: TypeAlias = dict[str, Any]
"""A word to the node of the words that follow it; under `END`, the phrases that end here."""

STEM = "*"
END = ""
"""In the tree of words: where a phrase ends."""


def _to_weights(value: Mapping[str, float] | Iterable[str]) -> Mapping[str, float]:
    given = cast("Mapping[str, float]", value if isinstance(value, Mapping) else dict.fromkeys(value, 1.0))
    if len(given) > MAX_PHRASES:
        raise InvalidInput("words", "too_many", len(given), hint=f"at most {MAX_PHRASES} words and phrases")
    return {_checked(phrase): _weight(weight) for phrase, weight in given.items()}


def _checked(phrase: str) -> str:
    count = len(_forms(phrase))
    if not 0 < count <= MAX_PHRASE_WORDS:
        raise InvalidInput("words", "count", phrase, hint=f"a phrase has 1 to {MAX_PHRASE_WORDS} words")
    return phrase


def _weight(weight: float) -> float:
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not -1_000 <= weight <= 1_000:
        raise InvalidInput("words", "weight", weight, hint="a weight between -1000 and 1000")
    return float(weight)


def _forms(phrase: str) -> list[str]:
    """The words of a phrase in normal form; a star that marks a stem stays."""
    found: list[str] = []
    for word in phrase.split():
        form = bare(words(fold(word.removesuffix(STEM))))
        stem = word.endswith(STEM) and len(form) == 1
        found += [f"{form[0]}{STEM}"] if stem else form
    return found


@attrs.frozen(kw_only=True, field_transformer=placed("category"))
class Category:
    """One thing that a text may be about.

    ``words``: words and phrases with their weights (a list: each weighs 1); ``refund*`` stands for every word that
    begins so. Each counts once, however often it is there; weights below zero speak against the category.
    ``threshold``: the sum from which on the text is about this. ``requirement`` is added to the one by which the
    conversation is routed, ``priority`` to its priority; ``language`` becomes the conversation's.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    words: Mapping[str, float] = attrs.field(converter=_to_weights)
    threshold: float = attrs.field(default=1.0, converter=_weight)
    requirement: Requirement = attrs.field(default=None, converter=to_requirement)
    language: str | None = None
    priority: int = attrs.field(default=0, converter=to_whole)


def _to_categories(value: Iterable[Category]) -> tuple[Category, ...]:
    found = tuple(value)
    if len({category.id for category in found}) < len(found):
        raise InvalidInput("categories", "twice", hint="each category has an id of its own")
    if not 0 < len(found) <= MAX_CATEGORIES:
        raise InvalidInput("categories", "count", len(found), hint=f"1 to {MAX_CATEGORIES} categories")
    return found


@attrs.frozen(kw_only=True)
class Classification:
    """The category of a text (None: none reached its threshold), its score, and the words that made it."""

    category: str | None
    score: float = 0.0
    matched: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, slots=False, field_transformer=placed("classifier"))
class Classifier:
    """Categories to choose from; the greatest score wins, of equal ones the category that stands first.

    ``external``: the kind of effect that a classifier of yours is registered for; it gets the text and the ids of the
    categories, and returns ``{"category": ID}``. If it fails, names no category, or takes longer than ``timeout``, the
    words decide.

    >>> about = Classifier("mail", categories=[Category("bills", words=["invoice*", "money back"])])
    >>> about.classify("I want my MONEY   back!").category
    'bills'
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    categories: tuple[Category, ...] = attrs.field(converter=_to_categories)
    external: str | None = attrs.field(default=None, converter=to_optional_id)
    timeout: timedelta = attrs.field(default=timedelta(seconds=5), converter=to_span)

    def category(self, id: str) -> Category | None:
        """The category of an id; None if there is none."""
        return next((category for category in self.categories if category.id == id), None)

    def classify(self, text: str) -> Classification:
        """What a text is about by its words. Linear in the text up to 5,120 characters, constant beyond."""
        return self._words.classify(text)

    @cached_property
    def _words(self) -> _Words:
        return _Words(self.categories)


class _Words:
    """The words of all categories as one tree: word -> word -> ... -> (category, weight) of each phrase that ends."""

    def __init__(self, categories: tuple[Category, ...]) -> None:
        self._categories = categories
        self._tree: _Node = {}
        self._stems: set[int] = set()
        for number, category in enumerate(categories):
            for phrase, weight in category.words.items():
                self._add(_forms(phrase), (number, phrase, weight))

    def _add(self, forms: list[str], entry: tuple[int, str, float]) -> None:
        node = self._tree
        for form in forms:
            if form.endswith(STEM):
                self._stems.add(len(form) - 1)
            node = node.setdefault(form, {})
        node.setdefault(END, {})[entry[:2]] = entry[2]

    def classify(self, text: str) -> Classification:
        found: dict[tuple[int, str], float] = {}
        said = bare(words(fold(capped(text))))
        for start in range(len(said)):
            self._walk(said, start, found)
        scores: dict[int, float] = {}
        for (number, _), weight in found.items():
            scores[number] = scores.get(number, 0.0) + weight
        fit = [(-score, number) for number, score in scores.items() if score >= self._categories[number].threshold]
        if not fit:
            return Classification(category=None)
        score, best = min(fit)
        matched = tuple(sorted(phrase for number, phrase in found if number == best))
        return Classification(category=self._categories[best].id, score=-score, matched=matched)

    def _walk(self, said: list[str], start: int, found: dict[tuple[int, str], float]) -> None:
        """Add every phrase that begins at a word."""
        nodes = [self._tree]
        for position in range(start, min(start + MAX_PHRASE_WORDS, len(said))):
            nodes = [below for node in nodes for below in self._following(node, said[position])]
            if not nodes:
                return
            for node in nodes:
                found.update(node.get(END, {}))

    def _following(self, node: _Node, word: str) -> list[_Node]:
        """Where a word leads: as it is, and as the beginning that a stem asks for."""
        keys = [word, *(f"{word[:length]}{STEM}" for length in self._stems if length <= len(word))]
        return [node[key] for key in keys if key in node]
