"""The only place that imports sortedcontainers, and only when a class has grown long."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sortedcontainers import SortedList


class LongRun:
    """Sorted tokens of a class too long for a run: any insertion or removal costs O(log n)."""

    __slots__ = ("_tokens",)

    def __init__(self, tokens: Iterable[int]) -> None:
        from sortedcontainers import SortedList  # not at import: most processes never need it

        self._tokens: SortedList[int] = SortedList(tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[int]:
        return iter(self._tokens)

    def first(self) -> int:
        """The smallest token. O(1)."""
        return self._tokens[0]

    def add(self, token: int) -> None:
        """Put a token in its place. O(log n)."""
        self._tokens.add(token)

    def remove(self, token: int) -> None:
        """Take a token out. O(log n)."""
        self._tokens.remove(token)

    def below(self, token: int) -> int:
        """How many are smaller. O(log n)."""
        return self._tokens.bisect_left(token)
