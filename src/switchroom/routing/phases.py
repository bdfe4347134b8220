"""What time alone changes about a waiting item: its step, its ring, the membership delays passed, its preference.

Pure functions of a record and an instant. ``joined`` drives steps, rings, times to live and preference; ``entered``
drives membership delays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from switchroom.routing.records import NEVER, NO_COURSE, ItemRecord, Phase, QueueRecord


def phase_at(item: ItemRecord, queue: QueueRecord, at: int) -> Phase:
    """The phase of an item at an instant."""
    course, waited = item.course or NO_COURSE, at - item.joined_us
    wait = course.preferring_us
    return Phase(
        bisect_right(course.step_ends, waited),
        1 + bisect_right(queue.ring_ends, waited),
        _passed(queue.delays, at - item.entered_us),
        _passed(course.ttls, waited),
        item.phase.preferring and wait is not None and waited < wait,
    )


def _passed(marks: tuple[int, ...], age: int) -> int:
    """The largest mark that is not above the age."""
    place = bisect_right(marks, age)
    return marks[place - 1] if place else 0


def boundaries(item: ItemRecord, queue: QueueRecord) -> Iterator[int]:
    """Every instant at which the phase changes, past ones included."""
    for since, marks in _marks(item, queue):
        for mark in marks:
            yield since + mark


def soonest(item: ItemRecord, queue: QueueRecord) -> int:
    """The age at which time first changes something about an item that enters now, or NEVER."""
    course = item.course or NO_COURSE
    found = course.soonest_us
    if queue.ring_ends and queue.ring_ends[0] < found:
        found = queue.ring_ends[0]
    if queue.delays and queue.delays[0] < found:
        found = queue.delays[0]
    wait = course.preferring_us
    return wait if wait is not None and item.phase.preferring and wait < found else found


def next_boundary(item: ItemRecord, queue: QueueRecord, at: int) -> int | None:
    """The first instant after ``at`` at which the phase changes, or None. O(log n) in each kind of instants."""
    if at == item.joined_us == item.entered_us and not item.unstepped:
        first = soonest(item, queue)
        if first:
            return None if first == NEVER else at + first
    found = None
    for since, marks in _marks(item, queue):
        place = bisect_right(marks, at - since)
        if place < len(marks) and (found is None or since + marks[place] < found):
            found = since + marks[place]
    return found


def _marks(item: ItemRecord, queue: QueueRecord) -> list[tuple[int, tuple[int, ...]]]:
    """(since when, ages ascending) of each kind of instants."""
    course, joined = item.course or NO_COURSE, item.joined_us
    found = [(joined, queue.ring_ends), (item.entered_us, queue.delays), (joined, course.ttls)]
    if not item.unstepped:
        found.append((joined, course.step_ends))
    if item.phase.preferring and course.preferring_us is not None:
        found.append((joined, (course.preferring_us,)))
    return found


def is_timed(item: ItemRecord, queue: QueueRecord) -> bool:
    """Whether time alone can change anything for this item: the usual one has nothing to watch."""
    return bool(queue.timed or queue.delays or item.course is not None or item.declined)
