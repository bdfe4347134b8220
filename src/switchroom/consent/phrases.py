"""A small grammar over word classes: finds requests in words, whatever the exact wording.

Every word becomes one character that stands for the set of classes that it belongs to, so that a sentence becomes a
short string, and a rule becomes an ordinary regular expression over that string. The rules are ours, never a
user's; every repetition in them is bounded, so that the time is linear in the number of words.

How a rule is written (blanks do not count)::

    <stop> <fill>{0,4} <sending>      a word of a class, with at most four words of another between
    [leave let] <me> [alone be]       words named in place
    <^biz>{0,3}                       any words but those of a class, within the sentence
    _                                 any word within the sentence
    ;                                 the edge of a sentence
    $NOT                              a macro of the grammar
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from switchroom.consent.normalize import ASK, END, PAUSE, REMEMBERED, skeleton, squeezed, stretched, unleet

_UNKNOWN = "~"
_FIRST = 0xE000
_NEVER = "(?!)"
_ITEM = re.compile(r"<(\^?)([a-z_|]+)>|\[([^\]]+)\]|\$([A-Z]+)|(\s+)|(_)|(;)")

_GROUP = re.compile(r"\(\?:")
_OPTIONAL = re.compile(r"\s*(?:\?|\{0,)")

_COMMON = "i me you u the a to it this that my of for is in on and not no please all have text message send get be want"

LONGEST = 40
"""Letters of a word at most that is compared with the dictionary; the longest word known has fewer."""

LONG = 6
"""Words of at least this many letters are recognised with one typing mistake."""


PHONE_DIGITS = 7
"""Digits in a row that are taken for a whole telephone number. A grammar names numbers as rows of zeros, this long at
most."""


@frozen
class Rule:
    """One way of asking for something: its name, what it means, and the words."""

    name: str
    pattern: str
    decision: str = "opt_out"
    everything: bool = False
    plain: bool = False
    """Whether the context (negation, question, noun) does not matter."""


@frozen
class Match:
    """Where a rule fits: words ``start`` to ``end`` (exclusive) of the grammar's own word list."""

    rule: Rule
    start: int
    end: int


class Grammar:
    """Word classes and rules of one language, compiled."""

    def __init__(
        self,
        classes: Mapping[str, str],
        rules: Sequence[Rule],
        *,
        macros: Mapping[str, str] | None = None,
        contexts: Mapping[str, str] | None = None,
        exact: str = "",
        repairs: bool = True,
    ) -> None:
        self._macros = dict(macros or {})
        self._exact = frozenset(exact.split())
        self._profiles = self._collect(classes, [rule.pattern for rule in rules], list((contexts or {}).values()))
        self._letters = self._assign()
        self._prefixes = {word[:-1]: letter for word, letter in self._letters.items() if word.endswith("*")}
        self._shortest = min(map(len, self._prefixes), default=0)
        long = (word for word in self._letters if len(word) >= LONG and word.isalpha())
        self._near = _neighbours(long) if repairs else {}
        self._shortest_repaired = LONG - 1 if repairs else 1000
        by_length = sorted(self._letters, key=lambda word: (-len(word), word))
        self._stretched = {squeezed(word): word for word in by_length} | {word: word for word in by_length}
        self._rules = [(rule, re.compile(self._regex(rule.pattern))) for rule in rules]
        self._common = frozenset(self._letters[word] for word in _COMMON.split() if word in self._letters)
        needs = [self._needs(rule.pattern) for rule in rules]
        self._needed = [tuple(map(_bits, sets)) for sets in needs]
        self._starters = self._index(needs)
        self._always = self._starters.pop("", 0)
        self._encoded = {**self._letters, END: END, ASK: ASK}
        """The character of each word of the dictionary, and of so many others that were met."""
        self._most_encoded = len(self._encoded) + REMEMBERED
        self.contexts = {name: re.compile(self._regex(pattern)) for name, pattern in (contexts or {}).items()}

    def _collect(self, classes: Mapping[str, str], *patterns: Iterable[str]) -> dict[str, set[str]]:
        profiles: dict[str, set[str]] = {}
        self._names = dict(classes)
        texts = [*self._macros.values(), *(pattern for group in patterns for pattern in group)]
        for text in texts:
            for item in _ITEM.finditer(text):
                if item[3]:
                    self._names[item[0]] = item[3]
        for name, members in self._names.items():
            for word in members.split():
                profiles.setdefault(word, set()).add(name)
        return profiles

    def _assign(self) -> dict[str, str]:
        # A word also belongs to the classes of every stem ("sms*") that it begins with.
        stems = [word for word in self._profiles if word.endswith("*")]
        for word, names in self._profiles.items():
            for stem in stems:
                if word != stem and word.startswith(stem[:-1]):
                    names |= self._profiles[stem]
        kinds: dict[frozenset[str], str] = {}
        self._members: dict[str, list[str]] = {name: [] for name in self._names}
        letters: dict[str, str] = {}
        for word, names in self._profiles.items():
            kind = frozenset(names)
            if kind not in kinds:
                kinds[kind] = chr(_FIRST + len(kinds))
                for name in kind:
                    self._members[name].append(kinds[kind])
            letters[word] = kinds[kind]
        return letters

    def _regex(self, pattern: str) -> str:
        return _ITEM.sub(self._item, pattern)

    def _item(self, item: re.Match[str]) -> str:
        if item[2]:
            letters = "".join(sorted({char for name in item[2].split("|") for char in self._members[name]}))
            return f"[^.?{letters}]" if item[1] else f"[{letters}]" if letters else _NEVER
        if item[3]:
            return f"[{''.join(self._members[item[0]])}]"
        if item[4]:
            return f"(?:{self._regex(self._macros[item[4]])})"
        if item[5]:
            return ""
        return "[^.?]" if item[6] else "[.?]"

    def _index(self, needed: Iterable[tuple[frozenset[str], ...]]) -> dict[str, int]:
        """For each letter, the rules that are worth trying where it occurs, as the bits of a number; under "" those
        that always are."""
        starters: dict[str, int] = {}
        for number, needs in enumerate(needed):
            rarest = min(needs, key=self._weight, default=frozenset({""}))
            for letter in sorted(rarest):
                starters[letter] = starters.get(letter, 0) | 1 << number
        return starters

    def _needs(self, pattern: str) -> tuple[frozenset[str], ...]:
        """What a rule cannot do without: of each of these sets of letters one must occur. For skipping rules fast."""
        needs, _ = self._needs_of(pattern, 0)
        return tuple(needs)

    def _needs_of(self, pattern: str, position: int) -> tuple[list[frozenset[str]], int]:
        """The needs of a group, and where it ends: those of its only alternative, or one for the rarest of each."""
        alternatives: list[list[frozenset[str]]] = [[]]
        while position < len(pattern) and pattern[position] != ")":
            item = _ITEM.match(pattern, position)
            if item is not None:
                position, found = item.end(), self._needs_of_item(item)
            elif pattern[position] == "(":
                opened = _GROUP.match(pattern, position)
                inner, position = self._needs_of(pattern, opened.end() if opened else position + 1)
                position, found = position + 1, inner if opened else []
            else:
                if pattern[position] == "|":
                    alternatives.append([])
                position, found = position + 1, []
                continue
            if not _OPTIONAL.match(pattern, position):
                alternatives[-1] += found
        if len(alternatives) == 1:
            return alternatives[0], position
        if not all(alternatives):
            return [], position
        return [frozenset[str]().union(*(min(needs, key=self._weight) for needs in alternatives))], position

    def _needs_of_item(self, item: re.Match[str]) -> list[frozenset[str]]:
        if item[4]:
            return self._needs_of(self._macros[item[4]], 0)[0]
        letters = self._letters_of(item)
        return [frozenset(letters)] if letters else []

    def _weight(self, letters: frozenset[str]) -> int:
        """How often one of these is likely to occur in any text."""
        return len(letters) + 50 * len(letters & self._common)

    def _letters_of(self, item: re.Match[str]) -> list[str]:
        if item[2] and not item[1]:
            return sorted({letter for name in item[2].split("|") for letter in self._members[name]})
        return self._members[item[0]] if item[3] else []

    def knows(self, word: str) -> bool:
        """Whether the word is in the grammar's dictionary as it stands."""
        return word in self._letters

    def letter(self, word: str) -> str:
        """The character of a word's classes; a word with a typing mistake counts as the word meant."""
        found = self._encoded.get(word)
        if found is None:
            found = self._guessed(word)
            if len(self._encoded) < self._most_encoded and len(word) <= LONGEST:
                self._encoded[word] = found
        return found

    def _guessed(self, word: str) -> str:
        if word.isdigit():
            return self._letters.get("0" * min(len(word), PHONE_DIGITS), _UNKNOWN)
        for length in range(min(len(word), LONGEST), self._shortest - 1, -1) if self._prefixes else ():
            if word[:length] in self._prefixes:
                return self._prefixes[word[:length]]
        return self._letters.get(self.repaired(word), _UNKNOWN)

    def exact_letter(self, word: str) -> str:
        """The character of a word's classes, without looking for typing mistakes."""
        return self._letters.get(word, _UNKNOWN)

    def repaired(self, word: str) -> str:
        """The word of the dictionary that is meant, or the word itself."""
        if word in self._letters or word in self._exact or not 3 <= len(word) <= LONGEST:
            return word
        for form in (skeleton(word), unleet(word) if not word.isalpha() and not word.isdigit() else word):
            if form in self._letters:
                return form
        if stretched(word):
            short = squeezed(word)
            if short in self._stretched:
                return self._stretched[short]
        return self._near_word(word) if len(word) >= self._shortest_repaired else word

    def _near_word(self, word: str) -> str:
        if word in self._near:
            return self._near[word]
        for index in range(len(word)):
            shorter = word[:index] + word[index + 1 :]
            if shorter in self._near:
                return self._near[shorter]
            if shorter in self._letters and len(shorter) >= LONG:
                return shorter
        return word

    def encode(self, words: Iterable[str]) -> tuple[str, list[str]]:
        """The string of classes and the words it stands for, one character each; pauses left out, edges marked."""
        kept = [END]
        kept += [word for word in words if word != PAUSE]
        kept.append(END)
        letter, known = self.letter, self._encoded
        return "".join([known.get(word) or letter(word) for word in kept]), kept

    def matches(self, classes: str) -> Iterable[Match]:
        """Every place where a rule fits, rule by rule in their order."""
        starters, worth_trying = self._starters, self._always
        letters = set(classes)
        for letter in letters:
            if letter in starters:
                worth_trying |= starters[letter]
        present = sum([_BIT[letter] for letter in letters]) if worth_trying else 0
        while worth_trying:
            number = (worth_trying & -worth_trying).bit_length() - 1
            worth_trying &= worth_trying - 1
            for need in self._needed[number]:
                if not need & present:
                    break
            else:
                rule, pattern = self._rules[number]
                for found in pattern.finditer(classes):
                    yield Match(rule, found.start(), found.end())


class _Bits(dict[str, int]):
    """Each letter that a rule can need as one bit, given when it is first asked for."""

    def __missing__(self, letter: str) -> int:
        bit = self[letter] = 1 << len(self)
        return bit


_BIT = _Bits()


def _bits(letters: Iterable[str]) -> int:
    """A set of letters as the bits of a number: two sets are compared in one step."""
    return sum(_BIT[letter] for letter in letters)


def _neighbours(words: Iterable[str]) -> dict[str, str]:
    """Each word with one letter left out or two swapped, and the word."""
    near: dict[str, str] = {}
    for word in words:
        for index in range(1, len(word)):
            near.setdefault(word[:index] + word[index + 1 :], word)
            near.setdefault(word[: index - 1] + word[index] + word[index - 1] + word[index + 1 :], word)
    return near
