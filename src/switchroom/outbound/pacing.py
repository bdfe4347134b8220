"""How fast messages may leave: rooms in parts for each window of the clock, at three levels at once.

A room begins anew with each second (of a sender), minute (of a campaign) or day (of a brand). Counting by the windows
of the clock is exact, costs one division, and is how carriers count; the price is that a window's room may be used at
its beginning.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from switchroom.durations import from_micros
from switchroom.outbound.model import SendingLimits

SECOND, MINUTE = 1_000_000, 60_000_000


class Room:
    """What is used of the present window."""

    __slots__ = ("used", "window")

    def __init__(self) -> None:
        self.window = 0
        self.used = 0

    def left(self, window: int, limit: int) -> int:
        """Parts that still fit. What a long message took beyond the limit is paid by the windows after it."""
        return limit - max(0, self.used - limit * (window - self.window))

    def take(self, window: int, limit: int, parts: int) -> None:
        self.used = max(0, self.used - limit * (window - self.window)) + parts
        self.window = window

    def wait(self, window: int, limit: int) -> int:
        """Windows until something fits again: at least 1."""
        used = max(0, self.used - limit * (window - self.window))
        return max(1, used // limit)


class Pacing:
    """The rooms of senders, campaigns and brands."""

    def __init__(self) -> None:
        self.limits = SendingLimits()
        self.senders: dict[str, Room] = {}
        self.campaigns: dict[str, Room] = {}
        self.brands: dict[str, Room] = {}

    def sender_room(self, line: str, now: int) -> bool:
        limit = self.limits.per_sender_second.get(line)
        room = self.senders.get(line)
        return limit is None or room is None or room.left(now // SECOND, limit) > 0

    def wait_us(self, campaign: str, per_minute: int | None, brand: str | None, now: int) -> int | None:
        """When the campaign and its brand have room again; None if they have it now."""
        waits: list[int] = []
        room = self.campaigns.get(campaign)
        minute = now // MINUTE
        if per_minute is not None and room is not None and room.left(minute, per_minute) <= 0:
            waits.append((minute + room.wait(minute, per_minute)) * MINUTE)
        limit = self.limits.per_brand_day.get(brand or "")
        room = self.brands.get(brand or "")
        if limit is not None and room is not None:
            day = self._day(now)
            if room.left(day, limit) <= 0:
                waits.append(self._midnight(day + room.wait(day, limit)))
        return max(waits, default=None)

    def sender_wait_us(self, lines: tuple[str, ...], now: int) -> int:
        """When the first of these senders has room again."""
        second = now // SECOND
        waits: list[int] = []
        for line in lines:
            limit, room = self.limits.per_sender_second.get(line), self.senders.get(line)
            if limit is not None and room is not None:
                waits.append(room.wait(second, limit))
        return (second + min(waits, default=1)) * SECOND

    def take(self, line: str, campaign: str, per_minute: int | None, brand: str | None, parts: int, now: int) -> None:
        """Count a message of so many parts."""
        limit = self.limits.per_sender_second.get(line)
        if limit is not None:
            self.senders.setdefault(line, Room()).take(now // SECOND, limit, parts)
        if per_minute is not None:
            self.campaigns.setdefault(campaign, Room()).take(now // MINUTE, per_minute, parts)
        limit = self.limits.per_brand_day.get(brand or "")
        if brand is not None and limit is not None:
            self.brands.setdefault(brand, Room()).take(self._day(now), limit, parts)

    def _day(self, now: int) -> int:
        return from_micros(now).astimezone(ZoneInfo(self.limits.zone)).toordinal()

    def _midnight(self, day: int) -> int:
        """The first instant of a day, by its ordinal."""
        zone = ZoneInfo(self.limits.zone)
        start = datetime.fromordinal(day).replace(tzinfo=zone)
        found = round(start.timestamp() * 1_000_000)
        # Where midnight does not exist the day begins later: by the clock's jump, an hour at most.
        while self._day(found) < day:
            found += 15 * MINUTE
        return found

    def dump(self) -> dict[str, object]:
        def rooms(table: dict[str, Room]) -> dict[str, list[int]]:
            return {name: [room.window, room.used] for name, room in sorted(table.items())}

        return {
            "limits": repr(self.limits),
            "senders": rooms(self.senders),
            "campaigns": rooms(self.campaigns),
            "brands": rooms(self.brands),
        }
