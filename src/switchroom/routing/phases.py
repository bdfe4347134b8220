"""What time alone changes about a waiting item: its step, its ring, the membership delays passed, its preference.

Pure functions of a record and an instant. ``joined`` drives steps, rings, times to live and preference; ``entered``
drives membership delays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from switchroom.routing.fields import micros
from switchroom.routing.records import ItemRecord, Phase, QueueRecord


def step_ends(item: ItemRecord) -> list[int]:
    """When each step ends, from joining; a last step without a duration has no end."""
    return list(accumulate(micros(step.duration) for step in item.work.steps if step.duration is not None))


def phase_at(item: ItemRecord, queue: QueueRecord, at: int) -> Phase:
    """The phase of an item at an instant."""
    work, waited = item.work, at - item.joined_us
    step = bisect_right(step_ends(item), waited) if work.steps else 0
    ring = 1 + bisect_right(list(accumulate(queue.rings_us)), waited) if queue.rings_us else 1
    delay = _passed(queue.delays, at - item.entered_us) if queue.delays else 0
    ttl = _passed(_ttls(item), waited) if work.expiring else 0
    preferring = item.phase.preferring and work.preferred is not None and waited < micros(work.preferred.wait)
    return Phase(step, ring, delay, ttl, preferring)


def _ttls(item: ItemRecord) -> tuple[int, ...]:
    return tuple(sorted(micros(e.ttl) for e in item.work.expiring))


def _passed(marks: tuple[int, ...], age: int) -> int:
    """The largest mark that is not above the age."""
    place = bisect_right(marks, age)
    return marks[place - 1] if place else 0


def boundaries(item: ItemRecord, queue: QueueRecord) -> Iterator[int]:
    """Every instant at which the phase changes, past ones included."""
    work = item.work
    if work.steps and not item.unstepped:
        yield from (item.joined_us + end for end in step_ends(item))
    if queue.rings_us:
        yield from (item.joined_us + end for end in accumulate(queue.rings_us))
    if queue.delays:
        yield from (item.entered_us + delay for delay in queue.delays)
    if work.expiring:
        yield from (item.joined_us + ttl for ttl in _ttls(item))
    if item.phase.preferring and work.preferred is not None:
        yield item.joined_us + micros(work.preferred.wait)


def is_timed(item: ItemRecord, queue: QueueRecord) -> bool:
    """Whether time alone can change anything for this item: the usual one has nothing to watch."""
    return bool(queue.timed or queue.delays or item.timed or item.declined)
