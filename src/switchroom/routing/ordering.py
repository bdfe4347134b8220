"""The order of waiting work: each ordering turns an item into ``(tier, score)``, smallest first.

Linear aging needs no re-sorting while time passes: *minutes waited + priority* compares like
*entered - priority x weight*, which stays the same as long as the item waits.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switchroom.routing.records import ItemRecord, QueueRecord

EXPEDITED = -(1 << 50)
"""Added to the tier of an expedited item: below every tier that a priority or an embedder's function can give."""

LIMIT = 1 << 48

STRICT_PLACE, DEADLINE_PLACE, TIME_PLACE, NEWEST_PLACE, FUNCTION_PLACE = range(5)
"""The place of an ordering's family among the families of one agent's queues."""

FAMILIES: dict[str, tuple[int, int]] = {
    "strict": (STRICT_PLACE, 0),
    "deadline": (DEADLINE_PLACE, 0),
    "aging": (TIME_PLACE, 0),
    "oldest": (TIME_PLACE, 1),
    "newest": (NEWEST_PLACE, 0),
}
"""ordering -> (place, family). Keys compare within a family; between families of one place, entry times do."""


def _aging(item: ItemRecord, queue: QueueRecord) -> tuple[int, int]:
    return 0, item.entered_us - item.priority * queue.weight_us


def _strict(item: ItemRecord, queue: QueueRecord) -> tuple[int, int]:
    return -item.priority, item.entered_us


def _deadline(item: ItemRecord, queue: QueueRecord) -> tuple[int, int]:
    return (1, item.entered_us) if item.due_us is None else (0, item.due_us)


def _oldest(item: ItemRecord, queue: QueueRecord) -> tuple[int, int]:
    return 0, item.entered_us


def _newest(item: ItemRecord, queue: QueueRecord) -> tuple[int, int]:
    return 0, -item.entered_us


ORDERINGS: dict[str, Callable[[ItemRecord, QueueRecord], tuple[int, int]]] = {
    "aging": _aging,
    "strict": _strict,
    "deadline": _deadline,
    "oldest": _oldest,
    "newest": _newest,
}


def as_key_part(value: object) -> int:
    """A number from an embedder's ordering as an integer that sorts the same way.

    Whole numbers stay; fractions become the ordered bits of the double. Raises ValueError for anything else, NaN and
    infinity included. Whole and fractional results of one function must not be mixed, so whole ones are turned into
    doubles too.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"an ordering returns finite numbers, not {value!r}")
    bits: int = struct.unpack(">q", struct.pack(">d", float(value) + 0.0))[0]
    return bits if bits >= 0 else -(bits & (1 << 63) - 1)
