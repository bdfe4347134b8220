"""The embedder's functions, by name, called through one guard.

Specs name functions, so that a log and a configuration file stay plain data. What a function returned travels in the
event, so replay never calls one; what it did wrong becomes an event, and the stated fallback is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from switchroom.errors import DuplicateId, UnknownId
from switchroom.ids import valid_id
from switchroom.kernel.transaction import Transaction
from switchroom.routing.events import FunctionFailed

R = TypeVar("R")

MAX_PROBLEM = 200
"""Characters of a function's error that go into the log: the type and the start of its message."""


class Functions:
    """Registered functions. Registration is wiring, not state: it is done before the center is used."""

    def __init__(self) -> None:
        self._known: dict[str, Callable[..., Any]] = {}

    def register(self, name: str, function: Callable[..., Any]) -> None:
        """Make a function known under a name; a name is given once."""
        valid_id(name, "function")
        if name in self._known:
            raise DuplicateId("function", name)
        self._known[name] = function

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def require(self, name: str) -> None:
        """Refuse a spec that names a function which nobody registered."""
        if name not in self._known:
            raise UnknownId("function", name)

    def call(
        self, tx: Transaction, item: str, name: str, valid: Callable[[Any], R], fallback: R, *arguments: object
    ) -> R:
        """Call a function; ``valid`` checks and converts its answer, raising ValueError or TypeError.

        Anything raised gives the fallback and an event.
        """
        function = self._known.get(name)
        try:
            if function is None:
                raise LookupError("not registered in this process")
            return valid(function(*arguments))
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"[:MAX_PROBLEM]
            tx.emit(FunctionFailed(item, name, problem))
            return fallback
