"""What requirements compare: facts and values, when two of them are equal, and how they are written.

Two values compare only if they are of one kind (number, text, boolean); a boolean is not a number, although Python says
so. A set among the facts equals each text in it.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeAlias, get_args

from switchroom.errors import InvalidInput
from switchroom.routing.fields import Fact, to_text, valid_name

FactValue: TypeAlias = Fact
"""What an agent can have under a name: a number (a skill's level), text, a boolean, or a set of texts."""

Facts: TypeAlias = Mapping[str, FactValue]
"""An agent as requirements see it: attributes, overlaid by skills (name to level), and ``agent``, the id."""

Value: TypeAlias = int | float | str | bool
"""What a requirement can compare a fact with."""

Test: TypeAlias = Callable[[Facts], bool]
"""A requirement made ready to be asked often."""

Operator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

AGENT = "agent"
"""The fact that every agent has: its own id."""

KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})
"""Read in any case, so that no name of a skill differs from a keyword by its case alone."""

MAX_NUMBER = 1e15
"""Up to here every whole number is the same as an int and as a float, so each value has one way to be written."""

_PLAIN_NAME = re.compile(r"[^\W\d][\w.:-]*")
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


def kind_of(value: object) -> str:
    """The kind of a value; values of different kinds never compare."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "other"


def compares(actual: FactValue | None, op: str, value: Value) -> bool:
    """Whether a fact (None: missing) stands in this relation to a value; never raises.

    A set and a text: ``==`` is membership, ``!=`` its absence, everything else is false. A fact that is not a number
    though it is a float (NaN) counts as missing, else ``!=`` would hold for it.

    >>> compares(4, ">=", 3), compares(None, "!=", 3), compares(True, "==", 1), compares(frozenset({"a"}), "==", "a")
    (True, False, False, True)
    """
    if isinstance(actual, frozenset):
        return isinstance(value, str) and op in {"==", "!="} and (value in actual) is (op == "==")
    if kind_of(actual) != kind_of(value) or actual != actual:
        return False
    return OPERATORS[op](actual, value)


def truthy(actual: FactValue | None) -> bool:
    """What a bare name asks: a level above 0, True, a text or a set that is not empty."""
    if isinstance(actual, str | frozenset):
        return len(actual) > 0
    return isinstance(actual, int | float) and actual > 0


def to_name(value: str) -> str:
    """A skill or attribute name, as plain text."""
    return str.__str__(valid_name(value))


def to_operator(value: Operator) -> Operator:
    if value not in get_args(Operator):
        raise InvalidInput("op", "unknown", value, hint="one of == != < <= > >=")
    return value


def to_number(value: int | float) -> int | float:
    """A finite number, the whole ones as int: one number, one way to write it."""
    if kind_of(value) != "number" or not abs(value) <= MAX_NUMBER:
        raise InvalidInput("number", "range", value, hint="a number between -1e15 and 1e15 is wanted")
    return int(value) if value == math.floor(value) else float(value)


def to_value(value: Value) -> Value:
    if isinstance(value, bool):
        return value
    return str.__str__(to_text(value)) if isinstance(value, str) else to_number(value)


def to_values(value: Value | Iterable[Value]) -> tuple[Value, ...]:
    """Values without repetition, in one order; a single one stands for itself."""
    many: Iterable[Value] = (value,) if isinstance(value, str | bool | int | float) else value
    # True == 1 in a dictionary, hence the kind in the key.
    distinct = {(kind_of(v), v): v for v in map(to_value, many)}
    if not distinct:
        raise InvalidInput("values", "empty", hint="at least one value is wanted")
    return tuple(distinct[key] for key in sorted(distinct))


def write_name(name: str) -> str:
    """A name as the text form has it: bare where it can be, else in backticks.

    >>> write_name("en-us"), write_name("first line"), write_name("in")
    ('en-us', '`first line`', '`in`')
    """
    bare = _PLAIN_NAME.fullmatch(name) is not None and name.lower() not in KEYWORDS
    return name if bare else _quoted(name, "`")


def write_value(value: Value) -> str:
    """A value as the text form has it.

    >>> write_value(True), write_value(2.5), write_value('say "hi"')
    ('true', '2.5', '"say \\\\"hi\\\\""')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(value, '"') if isinstance(value, str) else repr(value)


def write_fact(value: FactValue) -> str:
    """Any fact, shortened, for people to read."""
    if isinstance(value, frozenset):
        return "{" + ", ".join(map(write_fact, sorted(value)[:5])) + (", ...}" if len(value) > 5 else "}")
    text = write_value(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _quoted(text: str, mark: str) -> str:
    return mark + "".join(_escaped(c, mark) for c in text) + mark


def _escaped(character: str, mark: str) -> str:
    if character == mark:
        return "\\" + mark
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
