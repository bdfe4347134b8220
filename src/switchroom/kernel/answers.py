"""Command ids: the same command again gets the first answer."""

from __future__ import annotations

from typing import Any

from switchroom.errors import IdempotencyMismatch
from switchroom.kernel.deadlines import Deadlines
from switchroom.kernel.events import event

ANSWER_RETENTION = 24 * 3600 * 1_000_000
"""How long an answer is kept, in microseconds: longer than any client goes on retrying."""


@event("kernel.answered", tags=("command",))
class Answered:
    """An operation with a command id succeeded; ``fingerprint`` tells its contents, ``answer`` what it returned."""

    command: str
    fingerprint: str
    answer: Any


class Answers:
    """Answers by command id, each forgotten after the retention."""

    def __init__(self, deadlines: Deadlines) -> None:
        self._answers: dict[str, Answered] = {}
        self._deadlines = deadlines

    def find(self, command: str, fingerprint: str) -> Answered | None:
        """The first answer to this command, or None; other contents under the same id are refused."""
        known = self._answers.get(command)
        if known is not None and known.fingerprint != fingerprint:
            raise IdempotencyMismatch(f"command id {command!r} was used for another operation", command=command)
        return known

    def apply(self, event: Answered, at: int) -> None:
        self._answers[event.command] = event
        self._deadlines.set(("answer", event.command), at + ANSWER_RETENTION)

    def forget(self, command: str) -> None:
        """Its time is over. No event tells it: replay sets the same deadline and forgets at the same instant."""
        self._answers.pop(command, None)

    def dump(self) -> list[list[Any]]:
        return [[a.command, a.fingerprint, a.answer] for a in self._answers.values()]
