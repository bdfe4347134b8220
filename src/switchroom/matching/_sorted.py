"""The only place that imports sortedcontainers, and only when a class has grown long."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sortedcontainers import SortedList


class LongRun:
    """Sorted tokens of a class too long for a run.

    ``add`` puts a token in, ``remove`` takes one out, ``below`` counts those smaller: each in O(log n). They are the
    bound methods of the sorted list itself, since a call in between would cost a tenth of the whole.
    """

    __slots__ = ("_tokens", "add", "below", "remove")

    def __init__(self, tokens: Iterable[int]) -> None:
        from sortedcontainers import SortedList  # not at import: most processes never need it

        self._tokens: SortedList[int] = SortedList(tokens)
        self.add: Callable[[int], None] = self._tokens.add
        self.remove: Callable[[int], None] = self._tokens.remove
        self.below: Callable[[int], int] = self._tokens.bisect_left

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[int]:
        return iter(self._tokens)

    def first(self) -> int:
        """The smallest token. O(1)."""
        return self._tokens[0]
