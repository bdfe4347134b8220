"""What a snapshot needs to turn values into plain data and back."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Forms(Protocol):
    """Turns specs and events into what JSON can hold, and back. Brought by the edge."""

    def plain(self, value: object) -> Any:
        """The value as plain data."""
        ...

    def value(self, plain: object, form: type[T]) -> T:
        """The value of this class that the plain data describes."""
        ...
