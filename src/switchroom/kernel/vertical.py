"""A vertical as the edges see it: its state under a name, and what may be asked of every one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Generic, Protocol, TypeVar

import attrs

from switchroom.kernel.forms import Forms
from switchroom.kernel.transaction import Transaction

R = TypeVar("R")
S = TypeVar("S")


Traces = Mapping[str, frozenset[str]]
"""What is about one person: kind of thing (``conversation``, ``item``, ``effect``, ...) -> ids."""


def _always() -> bool:
    return True


@attrs.frozen(kw_only=True)
class Vertical:
    """Made once by the vertical's ``install``, and listed in the kernel in the order of installation.

    ``check``: asserts every invariant of the state. ``dump``: the state as plain data, equal for equal logs.
    ``used``: whether anything has happened in it. ``save`` and ``load``: for snapshots; a vertical that is used and
    has none makes the center replay its log instead. ``layout``: what a snapshot of it holds; one of another layout is
    not read. ``withdraw``: part of an operation that ends what is open about a person before it is erased; returns
    whether there was anything. ``forget``: called by an applier; blanks in the state what erasure blanks in the events,
    or drops it, so that replay of the redacted log gives the same. ``division``: (kind, id) -> the division of a thing,
    empty if there is no such thing, None if things of this kind are not its own. ``within``: the state as somebody sees
    it who is limited to these divisions; a vertical without it shows them nothing.
    """

    name: str
    state: Any
    check: Callable[[], None]
    dump: Callable[[], dict[str, Any]]
    used: Callable[[], bool] = _always
    save: Callable[[Forms], Any] | None = None
    load: Callable[[Any, Forms], None] | None = None
    layout: object = None
    withdraw: Callable[[Transaction, Traces], bool] | None = None
    forget: Callable[[Traces], None] | None = None
    division: Callable[[str, str], str | None] | None = None
    within: Callable[[frozenset[str]], Any] | None = None


class VerticalRunner(Protocol):
    """What the fronts of a vertical need of the center. Implemented by the edges."""

    def run_on(self, vertical: str, operation: Callable[..., R], *args: Any, command_id: str | None = None) -> R:
        """Run ``operation(tx, state, *args)``: what is due first, then it, then settling; committed on return."""
        ...

    def look_on(self, vertical: str, question: Callable[[Any], R]) -> R:
        """Answer a question about the present state of a vertical; nothing changes."""
        ...


class Access(Generic[S]):
    """One vertical of a center, typed: what a front holds."""

    __slots__ = ("_name", "_runner")

    def __init__(self, runner: VerticalRunner, name: str) -> None:
        self._runner = runner
        self._name = name

    def run(
        self,
        operation: Callable[Concatenate[Transaction, S, ...], R],
        *args: object,
        command_id: str | None = None,
    ) -> R:
        """Run an operation; the same ``command_id`` again gets the first answer."""
        return self._runner.run_on(self._name, operation, *args, command_id=command_id)

    def look(self, question: Callable[[S], R]) -> R:
        """Answer a question about the present state."""
        return self._runner.look_on(self._name, question)
