"""The text form of requirements: a parser by recursive descent, with hints where people go wrong.

::

    requirement = conjunction { "or" conjunction }
    conjunction = negation { "and" negation }
    negation    = "not" negation | primary
    primary     = "(" requirement ")" | "true" | "false" | name [ relation ]
    relation    = ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) value
                | "in" "{" value { "," value } "}"
                | "in" number ".." number
    value       = number | text | "true" | "false"
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from switchroom.errors import InvalidInput, RequirementSyntaxError
from switchroom.routing.requirement_tokens import Token, tokens
from switchroom.routing.requirement_values import AGENT, Operator, Value, to_name, write_fact, write_name
from switchroom.routing.requirements import (
    MAX_DEPTH,
    MAX_TEXT,
    And,
    Anyone,
    Between,
    Compare,
    Has,
    In,
    Named,
    Nobody,
    Not,
    Or,
    Requirement,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PARSED = 2_048
"""Parsed texts kept: work arrives with few distinct ones, again and again."""

LONGEST_SHOWN = 40
"""Characters of a name up to which a hint repeats it."""

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")

_WORDS_INSTEAD = {
    **dict.fromkeys(("is", "eq", "equals", "contains", "has", "includes"), "=="),
    "ne": "!=",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "between": "in 2..4",
}


def parse(text: str) -> Requirement:
    """The requirement that a text describes; ``RequirementSyntaxError`` points at the mistake. Linear in the text.

    >>> parse('spanish >= 3 and (billing or refunds) and not trainee')
    <And spanish >= 3 and (billing or refunds) and not trainee>
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers without a checker
        raise InvalidInput("requirement", "not_text", text, hint="a text is wanted")
    return _parsed(str.__str__(text))


@lru_cache(MAX_PARSED)
def _parsed(text: str) -> Requirement:
    if len(text) > MAX_TEXT:
        raise RequirementSyntaxError(text, MAX_TEXT, f"too long: at most {MAX_TEXT} characters")
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._index = 0
        self._nested = 0

    def whole(self) -> Requirement:
        if self._ended():
            raise self._error(self._next, "nothing here; to ask for nothing write true")
        requirement = self._requirement()
        if not self._ended():
            raise self._stray()
        return requirement

    # The grammar, one function a rule.

    def _requirement(self) -> Requirement:
        return self._joined("or", self._conjunction, Or)

    def _conjunction(self) -> Requirement:
        return self._joined("and", self._negation, And)

    def _joined(self, word: str, part: Callable[[], Requirement], kind: type[And] | type[Or]) -> Requirement:
        start = self._next
        parts = [part()]
        while self._next.at(word):
            self._take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else self._made(start, lambda: kind(parts))

    def _negation(self) -> Requirement:
        if not self._next.at("not"):
            return self._primary()
        word = self._deeper()
        part = self._negation()
        self._nested -= 1
        return self._made(word, lambda: Not(part))

    def _primary(self) -> Requirement:
        if self._next.at("("):
            return self._group()
        if self._next.kind == "name":
            return self._relation(self._take())
        if self._next.at("true", "false") and not self._after_next().at("in", *COMPARISONS):
            return Anyone() if self._take().value == "true" else Nobody()
        raise self._no_primary()

    def _group(self) -> Requirement:
        opening = self._deeper()
        requirement = self._requirement()
        if self._ended():
            raise self._error(opening, "this parenthesis is not closed")
        if not self._next.at(")"):
            raise self._stray()
        self._take()
        self._nested -= 1
        return requirement

    def _relation(self, subject: Token) -> Requirement:
        name = self._name(subject)
        if self._next.at(*COMPARISONS):
            return self._comparison(subject, name)
        if not self._next.at("in"):
            return self._made(subject, lambda: Has(name))
        self._take()
        if self._next.at("{"):
            return self._set(subject, name)
        if self._next.kind == "number":
            return self._range(subject, name)
        raise self._no_set(subject)

    def _name(self, subject: Token) -> str:
        try:
            return to_name(str(subject.value))
        except InvalidInput as error:
            raise self._error(subject, error.message.partition(": ")[2]) from None

    def _comparison(self, subject: Token, name: str) -> Requirement:
        op = cast("Operator", self._take().value)
        place = self._next
        value = self._value(op)
        if name == AGENT and op == "==":
            return self._made(place, lambda: Named((_id(value),)))
        return self._made(place, lambda: Compare(name, op, value))

    def _set(self, subject: Token, name: str) -> Requirement:
        opening = self._take()
        if self._next.at("}"):
            raise self._error(opening, "empty braces: at least one value is wanted")
        values = [self._member(opening)]
        while self._next.at(","):
            self._take()
            values.append(self._member(opening))
        if not self._next.at("}"):
            raise self._no_end_of_set(opening)
        self._take()
        if name == AGENT:
            return self._made(opening, lambda: Named(map(_id, values)))
        return self._made(opening, lambda: In(name, values))

    def _range(self, subject: Token, name: str) -> Requirement:
        low = self._take()
        if not self._next.at(".."):
            raise self._no_range(subject, low)
        self._take()
        if self._next.kind != "number":
            raise self._error(self._next, "a range needs a number at both ends: in 2..4; an open one is a comparison")
        high = self._take()
        return self._made(low, lambda: Between(name, cast("float", low.value), cast("float", high.value)))

    def _value(self, op: str) -> Value:
        token = self._next
        if token.kind in {"text", "number"} or token.at("true", "false"):
            self._take()
            return token.value == "true" if token.kind == "keyword" else token.value
        raise self._error(token, _no_value(token, op))

    def _member(self, opening: Token) -> Value:
        if self._ended():
            raise self._error(opening, "this brace is not closed")
        return self._value("in")

    # What went wrong.

    def _no_primary(self) -> RequirementSyntaxError:
        token = self._next
        following = self._after_next()
        if token.kind in {"text", "number"}:
            return self._error(token, self._value_first(token))
        if token.kind == "keyword" and following.at("in", *COMPARISONS):
            return self._error(token, f"{token.value} is a keyword; as a name it goes in backticks: `{token.value}`")
        if token.kind == "operator":
            return self._error(token, f"a name is missing before {token.value}")
        return self._error(token, f"a name or a parenthesis is wanted here{self._after_what()}")

    def _value_first(self, token: Token) -> str:
        op, name, second = (self._tokens[min(self._index + i, len(self._tokens) - 1)] for i in (1, 2, 3))
        if op.at(*COMPARISONS) and name.kind == "name":
            if second.at(*COMPARISONS):
                return f"comparisons do not chain: write a range, {_shown(name)} in 2..4"
            return "a value without a name: the name stands first, the value after the operator"
        if token.kind == "text" and not op.at("in", *COMPARISONS):
            return f"a value without a name; a name has no quotes: {_shown(token)}"
        return "a value without a name: the name stands first, as in spanish >= 3"

    def _after_what(self) -> str:
        if self._index == 0:
            return ""
        return f" after {self._tokens[self._index - 1].value}"

    def _no_set(self, subject: Token) -> RequirementSyntaxError:
        token, name = self._next, _shown(subject)
        if token.kind == "text":
            return self._error(token, f"values stand in braces: {name} in {{{write_fact(token.value)}}}")
        return self._error(token, f'braces or a range are wanted after in: {name} in {{"a", "b"}}, {name} in 2..4')

    def _no_range(self, subject: Token, low: Token) -> RequirementSyntaxError:
        name, token = _shown(subject), self._next
        if token.kind == "number":
            return self._error(token, f"a range has two points between its ends: {name} in {low.value}..4")
        return self._error(low, f"one value is compared by ==: {name} == {low.value}; a range is {name} in 2..4")

    def _no_end_of_set(self, opening: Token) -> RequirementSyntaxError:
        token = self._next
        if token.kind == "end":
            return self._error(opening, "this brace is not closed")
        if token.at(".."):
            return self._error(token, "a range has no braces: in 2..4")
        return self._error(token, "a comma is missing between the values, or } after the last one")

    def _stray(self) -> RequirementSyntaxError:
        """Something follows a complete requirement."""
        token, before = self._next, self._tokens[self._index - 1]
        if token.at(")"):
            return self._error(token, "no parenthesis is open here")
        if token.at("in", *COMPARISONS):
            return self._error(token, _stray_relation(token, before))
        if token.at("not") and self._after_next().at("in"):
            return self._error(token, "write not (name in {...}), which holds without the name as well")
        if token.kind == "mark" and not token.at("("):
            return self._error(token, f"{token.value} is out of place: values and ranges follow name in")
        if token.kind == "name" and not token.quoted and str(token.value).lower() in _WORDS_INSTEAD:
            return self._error(token, f"an operator is wanted here: {_WORDS_INSTEAD[str(token.value).lower()]}")
        return self._error(token, "an operator is missing: and, or, or a comparison")

    # Small change.

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def _ended(self) -> bool:
        return self._next.kind == "end"

    def _after_next(self) -> Token:
        return self._tokens[min(self._index + 1, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._next
        self._index += 1
        return token

    def _deeper(self) -> Token:
        self._nested += 1
        if self._nested > MAX_DEPTH:
            raise self._error(self._next, f"nested too deeply: at most {MAX_DEPTH} levels")
        return self._take()

    def _error(self, token: Token, hint: str) -> RequirementSyntaxError:
        return RequirementSyntaxError(self._text, token.start, hint)

    def _made(self, place: Token, make: Callable[[], Requirement]) -> Requirement:
        """A node; what its constructor refuses is a mistake at this place of the text."""
        try:
            return make()
        except InvalidInput as error:
            raise self._error(place, error.message.partition(": ")[2]) from None


def _id(value: Value) -> str:
    # Not text: the constructor refuses it, with the reason.
    return cast("str", value)


def _shown(token: Token) -> str:
    """A name as it is written, unless it is too long to repeat."""
    name = str(token.value)
    return write_name(name) if len(name) <= LONGEST_SHOWN else "name"


def _no_value(token: Token, op: str) -> str:
    if token.kind == "end":
        return f"a value is missing after {op}"
    if token.at("{"):
        return "a list of values follows in, not a comparison" if op != "in" else "braces do not nest"
    if token.kind == "name" and not token.quoted:
        return f"a text stands in quotes: {write_fact(token.value)}"
    if token.kind == "name":
        return "a name compares with a value, not with another name"
    return f"a value is wanted here: a number, a text in quotes, true or false (after {op})"


def _stray_relation(token: Token, before: Token) -> str:
    if before.at(")"):
        return f"{token.value} follows a name, not a parenthesis"
    if before.at("true", "false"):
        return f"{before.value} is a keyword; as a name it goes in backticks: `{before.value}`"
    return "comparisons do not chain: write a range, name in 2..4, or join two comparisons with and"
