"""First contacts: which completed work was followed by another contact of the same customer, and which was not."""

from __future__ import annotations

from collections import deque

from switchroom.durations import Micros
from switchroom.reporting.cells import HandCell

NO_CONTACT = frozenset({"workitem", "callback"})
"""Media in which the center works for a customer who has not come by them: no contact of theirs, and none that could
follow one."""


class Contacts:
    """The latest completed contact of each customer, for as long as another one counts as its follow-up."""

    def __init__(self, window_us: Micros) -> None:
        self._window_us = window_us
        self._latest: dict[str, tuple[Micros, HandCell | None]] = {}
        self._order: deque[tuple[Micros, str]] = deque()

    def arrives(self, party: str, at: Micros) -> bool:
        """A customer makes contact; whether that follows up an earlier one, which then resolved nothing at first."""
        latest = self._latest.pop(party, None)
        if latest is None or at - latest[0] > self._window_us:
            return False
        if latest[1] is not None:
            latest[1].first -= 1
        return True

    def completed(self, party: str, at: Micros, cell: HandCell, once: bool) -> None:
        """A contact is done with; ``once``: it took one agent, and followed up none."""
        cell.contacts += 1
        cell.first += once
        self._latest[party] = (at, cell if once else None)
        self._order.append((at, party))

    def forget(self, now: Micros) -> None:
        """Drop those that nothing can follow up any more."""
        order, latest = self._order, self._latest
        while order and now - order[0][0] > self._window_us:
            at, party = order.popleft()
            if party in latest and latest[party][0] == at:
                del latest[party]

    def dump(self) -> dict[str, tuple[Micros, bool]]:
        """Who made contact last, when, and whether it counts as resolved at first."""
        return {party: (at, cell is not None) for party, (at, cell) in self._latest.items()}
