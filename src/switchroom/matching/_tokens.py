"""One integer per waiting item: its key, the slot of its class and the handle of its id, in this order.

Comparing two such integers compares the keys, at the speed of a C loop over digits, and the low bits lead back to the
class and to the id without a second dictionary. Python's integers are unbounded and compare by size first, so a key of
tier 0 stays short and the fields above it cost nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from switchroom.errors import InvalidInput

if TYPE_CHECKING:
    from switchroom.matching.model import Key

HANDLE_BITS: Final = 32
SLOT_BITS: Final = 24
ARRIVAL_BITS: Final = 63
SCORE_BITS: Final = 64

LOW_BITS: Final = HANDLE_BITS + SLOT_BITS
KEY_SHIFT: Final = LOW_BITS + ARRIVAL_BITS
HANDLE_MASK: Final = (1 << HANDLE_BITS) - 1
SLOT_MASK: Final = (1 << SLOT_BITS) - 1
ARRIVAL_MASK: Final = (1 << ARRIVAL_BITS) - 1
SCORE_HALF: Final = 1 << (SCORE_BITS - 1)
TIER_LIMIT: Final = 1 << 62

MAX_SLOTS: Final = 1 << SLOT_BITS
"""At most this many demand classes at once: as many as the slot field can name."""

MAX_ITEMS: Final = HANDLE_MASK
"""At most this many items wait at once: as many as the handle field can name."""

EMPTY: Final = 1 << 256
"""The head of a class without items: larger than every token (they stay below 2**246)."""


def base_of(key: Key) -> int:
    """The key as one integer that orders like the tuple; refuses a key out of bounds."""
    tier, score, arrival = key
    if not (tier or score >> ARRIVAL_BITS or arrival >> ARRIVAL_BITS):
        return (score << ARRIVAL_BITS) + arrival
    if not 0 <= arrival <= ARRIVAL_MASK:
        raise InvalidInput("key.arrival", "out_of_range", arrival, hint="must be from 0 to 2**63 - 1")
    if not -SCORE_HALF <= score < SCORE_HALF:
        raise InvalidInput("key.score", "out_of_range", score, hint="must be from -2**63 to 2**63 - 1")
    if not -TIER_LIMIT <= tier <= TIER_LIMIT:
        raise InvalidInput("key.tier", "out_of_range", tier, hint="must be from -2**62 to 2**62")
    return (((tier << SCORE_BITS) + score) << ARRIVAL_BITS) | arrival


def key_of(token: int) -> Key:
    """The key inside a token."""
    high = token >> KEY_SHIFT
    arrival = token >> LOW_BITS & ARRIVAL_MASK
    if -SCORE_HALF <= high < SCORE_HALF:
        return (0, high, arrival)
    tier = (high + SCORE_HALF) >> SCORE_BITS
    return (tier, high - (tier << SCORE_BITS), arrival)
