"""How far a campaign is: a byte or two for each contact, by chunk. Private and mutable; only appliers write."""

from __future__ import annotations

from array import array
from collections import Counter, deque
from enum import IntEnum
from heapq import heappop, heappush

from switchroom.kernel.deadlines import NEVER
from switchroom.outbound.model import Campaign, CampaignState, Outcome

REPLIED, OPTED_OUT, CLOSED = 1, 2, 4
"""Marks of a contact."""

WAITING, SENDING = Outcome.WAITING, Outcome.SENDING


class Talk(IntEnum):
    """Where a contact of a two-way campaign stands."""

    NEEDS_MESSAGE = 0
    MESSAGED = 1
    NEEDS_RESPONSE = 2
    CONVERSATION = 3
    CLOSED = 4


class Chunk:
    """The contacts of one chunk as a campaign sees them.

    ``source``: (list, number of the chunk in it); an empty list means a chunk of the campaign's own. ``seconds``: for
    contacts that wait, since 1970, when they are due (0: at once); for those written to, when that was. ``due``: not
    later than the earliest of those who wait.
    """

    __slots__ = ("agents", "codes", "cursor", "due", "marks", "rows", "seconds", "source", "talk", "tries", "waiting")

    def __init__(self, source: tuple[str, int], rows: int) -> None:
        self.source = source
        self.rows = rows
        self.cursor = 0
        self.codes = bytearray(rows)
        self.tries = bytearray(rows)
        self.marks = bytearray(rows)
        self.seconds = array("I", bytes(4 * rows))
        self.waiting = 0
        self.due = NEVER
        self.agents: list[str | None] | None = None
        self.talk: bytearray | None = None

    def ready(self, now_s: int) -> list[int]:
        """The rows that wait and are due."""
        codes, seconds = self.codes, self.seconds
        return [row for row in range(self.rows) if codes[row] == WAITING and seconds[row] <= now_s]

    def earliest(self) -> int:
        """When the next of those who wait is due."""
        codes, seconds = self.codes, self.seconds
        return min((seconds[row] for row in range(self.rows) if codes[row] == WAITING), default=NEVER)


class InFlight:
    """A message that was requested and whose hand-over is not known yet."""

    __slots__ = ("campaign", "chunk", "key", "line", "message", "number", "row")

    def __init__(self, campaign: str, message: str, chunk: int, row: int, number: int, key: str, line: str) -> None:
        self.campaign = campaign
        self.message = message
        self.chunk = chunk
        self.row = row
        self.number = number
        self.key = key
        self.line = line


class Open:
    """Contacts written to within one minute, who may still answer: their places, and their keys in the tables."""

    __slots__ = ("keys", "last_us", "places", "providers")

    def __init__(self, at: int) -> None:
        self.last_us = at
        self.keys = array("Q")
        self.providers = array("Q")
        self.places = array("Q")


class CampaignRecord:
    """A campaign at work."""

    def __init__(self, number: int, spec: Campaign) -> None:
        self.id = spec.id
        self.number = number
        self.spec = spec
        self.state = CampaignState.DRAFT
        self.reason = ""
        self.chunks: list[Chunk] = []
        self.fresh: deque[int] = deque()
        """Chunks with contacts not looked at yet, in the order in which they are taken."""
        self.waits: list[tuple[int, int]] = []
        """Heap of (second, chunk); an entry counts if the chunk is still due then."""
        self.counts: Counter[int] = Counter()
        self.attempts = 0
        self.replied = 0
        self.opted_out = 0
        self.parts = 0
        self.in_flight = 0
        self.step: str | None = None
        self.open: deque[Open] = deque()
        self.talks: dict[tuple[int, int], str] = {}
        """Two-way: the conversation of each contact who has replied."""
        self.touched: dict[tuple[int, int], int] = {}
        """Two-way: the second at which something last happened with a contact."""
        self.sorted_names: list[str] = []
        """The chunks of its own in the store, if the contacts were sorted."""
        self.sorted_to = 0
        """The last chunk of its list that they are a copy of."""
        self.started_us: int | None = None
        self.ended_us: int | None = None

    @property
    def total(self) -> int:
        return sum(chunk.rows for chunk in self.chunks)

    def add_chunk(self, source: tuple[str, int], rows: int, top: bool) -> int:
        """A chunk of contacts to be taken: next, or after all others."""
        index = len(self.chunks)
        self.chunks.append(Chunk(source, rows))
        self.counts[0] += rows
        if self.spec.two_way:
            self.chunks[index].talk = bytearray(rows)  # agents take them, one by one
        elif top:
            self.fresh.appendleft(index)
        else:
            self.fresh.append(index)
        return index

    def set_code(self, index: int, row: int, code: int, second: int | None) -> None:
        """Move a contact to another code; the one place where counts change."""
        chunk = self.chunks[index]
        old = chunk.codes[row]
        self.counts[old] -= 1
        self.counts[code] += 1
        chunk.codes[row] = code
        chunk.waiting += (code == WAITING) - (old == WAITING)
        if second is None:
            return
        chunk.seconds[row] = second
        if code == WAITING and second < chunk.due:
            chunk.due = second
            heappush(self.waits, (second, index))

    def seen(self, index: int, cursor: int) -> None:
        """Rows before the cursor were looked at, and those who wait here may have a later time now."""
        chunk = self.chunks[index]
        chunk.cursor = max(chunk.cursor, cursor)
        if chunk.cursor >= chunk.rows and self.fresh and self.fresh[0] == index:
            self.fresh.popleft()
        due = chunk.earliest() if chunk.waiting else NEVER
        if due != chunk.due:
            chunk.due = due
            if due < NEVER:
                heappush(self.waits, (due, index))

    def next_wait(self) -> tuple[int, int] | None:
        """The earliest (second, chunk) at which somebody is due. Drops entries that count no more."""
        while self.waits:
            due, index = self.waits[0]
            if self.chunks[index].due == due and self.chunks[index].waiting:
                return due, index
            heappop(self.waits)
        return None

    def check(self) -> None:
        """Counts agree with the bytes; processed is the sum of the outcomes; cursors, queues and times agree."""
        found: Counter[int] = Counter()
        for index, chunk in enumerate(self.chunks):
            found.update(chunk.codes)
            assert chunk.waiting == chunk.codes.count(WAITING), f"chunk {index}: who waits"
            assert 0 <= chunk.cursor <= chunk.rows
            assert chunk.earliest() >= chunk.due, f"chunk {index}: somebody is due earlier"
            if not self.spec.two_way:
                assert 0 not in chunk.codes[: chunk.cursor], f"chunk {index}: passed over"
                assert (chunk.cursor < chunk.rows) == (index in self.fresh), f"chunk {index}: fresh"
            assert not chunk.waiting or (chunk.due, index) in self.waits, f"chunk {index}: nobody wakes it"
        assert +found == +self.counts, f"campaign {self.id}: counts {self.counts} are not those of the bytes {found}"
        assert self.counts[SENDING] <= self.in_flight, f"campaign {self.id}: in flight"
        processed = sum(n for code, n in found.items() if Outcome(code).final)
        assert processed + sum(found[c] for c in (0, WAITING, SENDING)) == self.total
