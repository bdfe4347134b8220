"""What a front needs of the center: to run an operation on routing, and to look at its state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from switchroom.kernel.transaction import Transaction
from switchroom.routing.state import Routing

P = ParamSpec("P")
R = TypeVar("R")

RoutingOperation = Callable[Concatenate[Transaction, Routing, P], R]


class Runner(Protocol):
    """Implemented by the edges."""

    def run(self, operation: RoutingOperation[..., R], *args: object, command_id: str | None = None) -> R:
        """Run an operation: what is due first, then the operation, then settling; committed when this returns."""
        ...

    def look(self, question: Callable[[Routing, int], R]) -> R:
        """Answer a question about the present state; nothing changes."""
        ...
