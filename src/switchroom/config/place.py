"""Where in a configuration something stands, for errors that name it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import attrs

from switchroom.errors import ConfigError, quote


@attrs.frozen
class Place:
    """A file, a table in it, and the path of a key in that table."""

    file: str = ""
    table: str = ""
    key: str = ""

    def at(self, key: str) -> Place:
        """A key of the table or value here."""
        if not key:
            return self
        return attrs.evolve(self, key=f"{self.key}.{key}" if self.key else key)

    def item(self, number: int) -> Place:
        """An element of the list here, counted from 0 as in every message."""
        return attrs.evolve(self, key=f"{self.key}[{number}]")

    def wrong(self, problem: str) -> ConfigError:
        """The error for what is wrong here."""
        return ConfigError(problem, file=self.file, table=self.table, key=self.key)

    def unknown(self, kind: str, name: str, known: Iterable[str]) -> ConfigError:
        """The error for a name that is not known, with the nearest that is."""
        return self.wrong(f"unknown {kind} {quote(name)}{nearest(name, known)}")


def nearest(name: str, known: Iterable[str]) -> str:
    """``, did you mean 'sales'?`` if a known name is near, otherwise which there are."""
    names = sorted(known)
    close = get_close_matches(name[:100], names, n=1)
    if close:
        return f", did you mean {close[0]!r}?"
    return f"; known: {', '.join(names)}" if 0 < len(names) <= MAX_LISTED else ""


MAX_LISTED = 45
"""More names than that help nobody; all fields of the largest table are listed."""
