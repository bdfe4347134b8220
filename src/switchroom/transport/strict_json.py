"""JSON from strangers: read in bounded time and depth, and refused where readers disagree about its meaning.

The standard reader takes NaN, the last of two equal keys, halves of characters and any depth. Each of these has let
something through somewhere: two readers of one message must not see two messages.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import NoReturn, TypeAlias, cast

from switchroom.errors import InvalidInput

MAX_BYTES = 1 << 20
"""Bytes of a document: far more than a message has."""

MAX_DEPTH = 32
"""Lists and tables inside each other."""

MAX_INTEGER = 2**63 - 1
"""Whole numbers beyond it, either way, fit into no store."""

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_OUTSIDE_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
"""Texts, even one that never ends (else each quote in it would be tried as a start), and the brackets outside them."""

_HALF = re.compile("[\ud800-\udfff]")


def read_json(body: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH, place: str = "json") -> Json:
    """The document in a body of UTF-8 without byte order mark. Linear.

    Raises `InvalidInput` with the code ``too_large``, ``not_utf8``, ``bom``, ``too_deep``, ``syntax``,
    ``duplicate_key``, ``not_finite`` (NaN, infinity, 1e400), ``range`` (whole numbers beyond 64 bits) or ``surrogate``.

    >>> read_json(b'{"n": [1, 2.5, null]}')
    {'n': [1, 2.5, None]}
    """
    if len(body) > max_bytes:
        raise InvalidInput(place, "too_large", len(body), hint=f"at most {max_bytes} bytes")
    if body.startswith(b"\xef\xbb\xbf"):
        raise InvalidInput(place, "bom", hint="no byte order mark is wanted")
    _check_depth(body, max_depth, place)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(place, "not_utf8", error.start, hint="not UTF-8 from this byte on") from None
    return _parsed(text, place)


def _check_depth(body: bytes, max_depth: int, place: str) -> None:
    """Counted before parsing: the parser calls itself for each level."""
    depth = 0
    for match in _OUTSIDE_TEXT.finditer(body):
        token = match.group()
        if token in (b"[", b"{"):
            depth += 1
            if depth > max_depth:
                raise InvalidInput(place, "too_deep", depth, hint=f"at most {max_depth} levels")
        elif token in (b"]", b"}"):
            depth -= 1


def _parsed(text: str, place: str) -> Json:
    def table(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        held = dict(pairs)
        if len(held) != len(pairs):
            twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
            raise InvalidInput(place, "duplicate_key", twice, hint="a key stands there twice")
        for key in held:
            _whole_text(key, place)
        return held

    def constant(name: str) -> NoReturn:
        raise InvalidInput(place, "not_finite", name, hint="only finite numbers")

    def real(digits: str) -> float:
        value = float(digits)
        return value if math.isfinite(value) else constant(digits)

    def whole(digits: str) -> int:
        # Length first: reading thousands of digits is slow, and refused by Python with an error of its own.
        if len(digits) > 20 or not -MAX_INTEGER - 1 <= int(digits) <= MAX_INTEGER:
            raise InvalidInput(place, "range", digits, hint="whole numbers of at most 64 bits")
        return int(digits)

    try:
        document: Json = json.loads(
            text, object_pairs_hook=table, parse_constant=constant, parse_float=real, parse_int=whole
        )
    except json.JSONDecodeError as error:
        raise InvalidInput(place, "syntax", error.pos, hint=f"{error.msg} at character") from None
    _check_texts(document, place)
    return document


def _check_texts(document: Json, place: str) -> None:
    """No loop of calls: the depth is bounded, but the check should not depend on it."""
    waiting: list[Json] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            _whole_text(value, place)
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())


def _whole_text(text: str, place: str) -> None:
    if _HALF.search(text) is not None:
        raise InvalidInput(place, "surrogate", hint="a text holds half of a character")


class Table:
    """A table of a document with typed reading; every error names the path, as in ``json.events[2].from``."""

    __slots__ = ("fields", "place")

    def __init__(self, document: Json, place: str = "json") -> None:
        if not isinstance(document, dict):
            raise InvalidInput(place, "type", hint="a table of fields is wanted")
        self.fields = document
        self.place = place

    def text(self, name: str, default: str | None = None) -> str:
        """The text of a field; a missing or null one is the default, or refused without one."""
        value = self.fields.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise InvalidInput(self.at(name), "missing" if value is None else "type", hint="a text is wanted")
        return value

    def flag(self, name: str) -> bool:
        """A boolean; False if it is missing."""
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            raise InvalidInput(self.at(name), "type", hint="true or false is wanted")
        return value

    def list(self, name: str) -> list[Json]:
        """A list; empty if it is missing."""
        value = self.fields.get(name, cast("list[Json]", []))
        if not isinstance(value, list):
            raise InvalidInput(self.at(name), "type", hint="a list is wanted")
        return value

    def texts(self, name: str) -> dict[str, str]:
        """A table of texts; empty if it is missing."""
        inner = Table(self.fields.get(name, cast("dict[str, Json]", {})), self.at(name))
        return {key: inner.text(key) for key in inner.fields}

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self.place}.{name}"
