"""Texts with places for values: ``${name}`` and nothing else.

Values are inserted literally and never expanded again, whatever they contain; there is no attribute access, no
formatting, no expression, so a hostile value can do nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from switchroom.errors import InvalidInput
from switchroom.routing.fields import Fact

_PLACE = re.compile(r"\$(?:\$|\{([A-Za-z_][A-Za-z0-9_.]{0,63})\}|)")
MAX_RENDERED = 16_384
"""Characters of a rendered text: more than any channel carries."""


def names(template: str) -> tuple[str, ...]:
    """The names that a template asks for, in order. Refuses a ``$`` that begins neither ``${name}`` nor ``$$``."""
    found: list[str] = []
    for match in _PLACE.finditer(template):
        if match.group(1) is not None:
            found.append(match.group(1))
        elif match.group(0) != "$$":
            raise InvalidInput("template", "syntax", template[match.start() :], hint="$ is written $$, a value ${name}")
    return tuple(dict.fromkeys(found))


def render(template: str, values: Mapping[str, Fact]) -> str:
    """The text with every value in its place. A missing value is refused before anything is sent.

    >>> render("Hello ${name}, that is 5 $$.", {"name": "Ana"})
    'Hello Ana, that is 5 $.'
    """
    missing = [name for name in names(template) if name not in values]
    if missing:
        raise InvalidInput("template", "missing_value", missing[0], hint=f"no value for {', '.join(missing)}")

    def place(match: re.Match[str]) -> str:
        name = match.group(1)
        return "$" if name is None else shown(values[name])

    text = _PLACE.sub(place, template)
    if len(text) > MAX_RENDERED:
        raise InvalidInput("template", "too_long", len(text), hint=f"at most {MAX_RENDERED} characters when rendered")
    return text


def shown(value: Fact) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return f"{value:g}" if isinstance(value, float) else str(value)
