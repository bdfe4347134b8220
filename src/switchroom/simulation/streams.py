"""Chance by place: one number for each (seed, purpose, place), whatever else was drawn before.

Two simulations that share a seed therefore meet the same traffic and the same people, also where one of them makes
more offers or has more agents: what differs between them is what was changed, not luck.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_SHIFT: Final = 16
"""Bits of a place for its attempts: 65,536 of them before they run into the next place."""
_SCALE: Final = 2.0**-53


class Stream:
    """Numbers between 0 and 1, neither included, one for each place (and attempt at it).

    A hash of the place by SplitMix64, whose output for consecutive inputs passes the usual batteries of tests.
    Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).

    >>> Stream(1, "handle").at(7) == Stream(1, "handle").at(7), Stream(1, "handle").at(7) == Stream(1, "wait").at(7)
    (True, False)
    """

    __slots__ = ("_key",)

    def __init__(self, seed: object, *purpose: object) -> None:
        text = "/".join(str(part) for part in (seed, *purpose))
        self._key = int.from_bytes(sha256(text.encode()).digest()[:8])

    def at(self, place: int, attempt: int = 0) -> float:
        """The number at a place; of a second attempt there, another one."""
        z = (self._key + ((place << _SHIFT) + attempt) * _GOLDEN) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return (((z ^ (z >> 31)) >> 11) + 0.5) * _SCALE
