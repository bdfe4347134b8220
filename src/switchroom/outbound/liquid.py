"""Liquid templates, for texts that need conditions and loops. Needs the ``liquid`` extra.

Values are plain data and are inserted as they are; loops, output, nesting and local names are limited, and there is
nothing to include, so that a template written by somebody else costs milliseconds at worst.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from switchroom.errors import InvalidInput
from switchroom.messaging.templates import MAX_RENDERED
from switchroom.routing.fields import Fact

MAX_LOOPS = 1_000
MAX_NAMESPACE = 10_000


class Render(Protocol):
    """Fills a text."""

    def __call__(self, facts: Mapping[str, Fact], /) -> str: ...


@cache
def _environment() -> Any:
    try:
        import liquid
    except ImportError:
        raise ImportError('Liquid templates need the extra: pip install "switchroom[liquid]"') from None

    class Limited(liquid.Environment):
        loop_iteration_limit = MAX_LOOPS
        output_stream_limit = MAX_RENDERED
        local_namespace_limit = MAX_NAMESPACE
        context_depth_limit = 10

    return Limited(undefined=liquid.StrictUndefined)


def compiled(text: str) -> Render:
    """The function that fills this text. Raises `InvalidInput` for a text that is no Liquid, or a missing value."""
    environment = _environment()
    from liquid.exceptions import LiquidError

    try:
        template: Any = environment.from_string(text)
    except LiquidError as error:
        raise InvalidInput("template", "syntax", hint=_told(error)) from None

    def fill(facts: Mapping[str, Fact], /) -> str:
        try:
            rendered: str = template.render(**{name: _plain(value) for name, value in facts.items()})
        except LiquidError as error:
            raise InvalidInput("template", "liquid", hint=_told(error)) from None
        if len(rendered) > MAX_RENDERED:
            raise InvalidInput("template", "too_long", len(rendered), hint=f"at most {MAX_RENDERED} characters")
        return rendered

    return fill


def _plain(value: Fact) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _told(error: Exception) -> str:
    return str(error).splitlines()[0][:120]
