"""Those who are shown every record after its commit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from switchroom.kernel.records import Record
from switchroom.security.principals import ACTING

Subscriber = Callable[[Record], None]


class Subscribers:
    """Calls each subscriber for each record, in order. What one raises is logged: it cannot undo what is committed.

    A subscriber may use the center; what that causes is delivered after the present record.
    """

    def __init__(self) -> None:
        self.all: list[Subscriber] = []
        self._undelivered: deque[Record] = deque()
        self._delivering = False

    def add(self, subscriber: Subscriber) -> Callable[[], None]:
        """Returns how to stop."""
        self.all.append(subscriber)
        return lambda: self.all.remove(subscriber)

    def publish(self, records: Iterable[Record]) -> None:
        """Show stored records, in order."""
        self._undelivered.extend(records)
        if self._delivering:
            return
        self._delivering = True
        token = ACTING.set(None)  # what a subscriber does is not done by whoever caused the record
        try:
            while self._undelivered:
                self._show(self._undelivered.popleft())
        finally:
            ACTING.reset(token)
            self._delivering = False

    def _show(self, record: Record) -> None:
        for subscriber in tuple(self.all):
            try:
                subscriber(record)
            except Exception:
                _log_failure(subscriber)


def _log_failure(subscriber: Subscriber) -> None:
    from switchroom.logs import logger

    logger.exception("a subscriber failed: %r", subscriber)
