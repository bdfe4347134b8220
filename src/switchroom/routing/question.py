"""The transaction of a question: something to hand to functions that want one, and that changes nothing."""

from __future__ import annotations

from typing import Any

from switchroom.kernel.records import Record
from switchroom.kernel.transaction import Transaction


class Question(Transaction):
    """Applies nothing, and draws no ids and no random numbers: a question that tried would fail.

    What the embedder's functions do wrong while it is asked is found in ``out``.
    """

    __slots__ = ()

    def __init__(self, now: int) -> None:
        nothing: Any = None
        super().__init__({}, (), nothing, nothing)
        self.now = now

    def emit(self, event: object) -> None:
        self.out.append(Record(0, self.now, event))
