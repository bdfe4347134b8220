"""Reading the words of a case: strict, so that nothing is ever passed over in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Table = dict[str, Any]
"""A table of a case, as YAML gives it."""


class Unsupported(Exception):
    """The case uses a word that the library, or this runner, does not serve; the message names it."""


class Args:
    """The arguments of one step, expectation or spec. What nobody asked for makes the case unsupported."""

    def __init__(self, place: str, table: Mapping[str, Any] | None) -> None:
        self.place = place
        self._table = dict(table or {})
        self._asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """The value of an argument, or the default."""
        self._asked.add(name)
        return self._table.get(name, default)

    def need(self, name: str) -> Any:
        """The value of an argument that must be there."""
        self._asked.add(name)
        if name not in self._table:
            raise Unsupported(f"{self.place} without {name}")
        return self._table[name]

    def has(self, name: str) -> bool:
        """Whether the argument is given."""
        self._asked.add(name)
        return name in self._table

    def first(self, *names: str) -> Any:
        """The first of several spellings that is given, or None."""
        found = [self._table[name] for name in names if name in self._table]
        self._asked.update(names)
        return found[0] if found else None

    def mapped(self, change: Mapping[str, Callable[[Any], Any]]) -> Args:
        """The same arguments, some of them changed."""
        changed = {k: change[k](v) if k in change and v is not None else v for k, v in self._table.items()}
        return Args(self.place, changed)

    @property
    def table(self) -> Table:
        """Everything that is given, for a look at which words are used."""
        return dict(self._table)

    def rest(self) -> Iterator[str]:
        """The arguments that nobody asked for."""
        return (name for name in self._table if name not in self._asked)

    def done(self) -> None:
        """Refuse arguments that nobody asked for."""
        left = sorted(self.rest())
        if left:
            raise Unsupported(f"{self.place}: {', '.join(left)}")


def listed(value: Any) -> list[Any]:
    """A value as a list: None is empty, one value a list of one."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
