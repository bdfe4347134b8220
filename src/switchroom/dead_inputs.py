"""Inputs that break the kernel: tried a second time, because the fault may have been of the moment; then refused.

Kept by the process, not by the log: another one, with other code, may well take the same input.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs

from switchroom.errors import EnvironmentFault, InputDead, KernelPoisoned, UnknownId
from switchroom.kernel.answers import fingerprint_of
from switchroom.security.subjects import name_of

MAX_FAILURES = 2
"""An input that has broken the kernel so often is dead."""

MAX_LISTED = 1_000
"""Inputs remembered; the oldest are forgotten, and would break the kernel twice again."""


@attrs.frozen(kw_only=True)
class DeadInput:
    """An input that is refused. ``id`` tells operation and arguments from others without saying what they are;
    ``problem`` is the class of the error, because its text may hold what a person wrote."""

    id: str
    operation: str
    problem: str
    failures: int
    last: datetime


class DeadInputs:
    """``center.dead_inputs``."""

    def __init__(self) -> None:
        self.failed: OrderedDict[str, DeadInput] = OrderedDict()

    def listed(self) -> tuple[DeadInput, ...]:
        """The inputs that are refused, oldest first."""
        return tuple(input for input in self.failed.values() if input.failures >= MAX_FAILURES)

    def retry(self, id: str) -> None:
        """Let an input be tried again, once its cause is repaired."""
        if self.failed.pop(id, None) is None:
            raise UnknownId("dead input", id)

    def refuse_known(self, operation: Callable[..., Any], arguments: tuple[object, ...]) -> None:
        """Raise InputDead for an input that has broken the kernel twice."""
        known = self.failed.get(fingerprint_of(operation, arguments))
        if known is not None and known.failures >= MAX_FAILURES:
            raise InputDead(known.operation, known.id)

    def note(
        self,
        operation: Callable[..., Any],
        vertical: str,
        arguments: tuple[object, ...],
        error: BaseException,
        at: datetime,
    ) -> None:
        """An input has broken the kernel; faults of the store or of the machine are not the input's."""
        if not isinstance(error, Exception) or isinstance(error, MemoryError):
            return
        if isinstance(error, EnvironmentFault) and not isinstance(error, KernelPoisoned):
            return
        id = fingerprint_of(operation, arguments)
        before = self.failed.pop(id, None)
        self.failed[id] = DeadInput(
            id=id,
            operation=name_of(operation, vertical),
            problem=type(error).__name__,
            failures=1 if before is None else before.failures + 1,
            last=at,
        )
        if len(self.failed) > MAX_LISTED:
            self.failed.popitem(last=False)
