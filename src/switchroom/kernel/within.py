"""A table as somebody sees it for whom a part of it does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")


class Visible(Mapping[str, V]):
    """The entries of a table that pass; made without copying. Iterating is linear in the table."""

    __slots__ = ("_passes", "_table")

    def __init__(self, table: Mapping[str, V], passes: Callable[[str, V], bool]) -> None:
        self._table = table
        self._passes = passes

    def __getitem__(self, key: str) -> V:
        value = self._table[key]
        if not self._passes(key, value):
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return (key for key, value in self._table.items() if self._passes(key, value))

    def __len__(self) -> int:
        return sum(1 for _ in self)
