"""A sorted sequence that stays sorted: what other parts of the library use of sortedcontainers, typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")


class Ordered(Generic[T]):
    """Values that compare, smallest first. ``add`` and ``remove`` cost O(log n), as does beginning anywhere.

    The methods are those of the sorted list itself, since a call in between would cost as much as the work.
    """

    __slots__ = ("_values", "add", "remove", "start")

    def __init__(self, values: Iterable[T] = ()) -> None:
        from sortedcontainers import SortedList  # not at import: most processes never need it

        make: Any = SortedList
        self._values: Any = make(values)
        self.add: Callable[[T], None] = self._values.add
        self.remove: Callable[[T], None] = self._values.remove
        self.start: Callable[[Any], int] = self._values.bisect_left
        """How many values lie before this one, which need not be there."""

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[T]:
        return iter(self._values)

    def walk(self, start: int, *, back: bool = False) -> Iterator[T]:
        """The values from this place on, or those before it, last first."""
        values: Iterator[T] = self._values.islice(0, start, reverse=True) if back else self._values.islice(start, None)
        return values
