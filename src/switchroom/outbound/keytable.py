"""A mapping of 64-bit keys to 64-bit numbers in two flat arrays: some 30 bytes an entry, a fifth of a dict's.

A campaign over a million contacts holds one entry for each contact that may still answer, so this is what bounds its
memory. Keys are digests cut to 64 bits: among a million of them two are equal with a chance of one in 40 million.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

_MASK64 = (1 << 64) - 1
_SPREAD = 0x9E3779B97F4A7C15
"""Multiplicative hashing: neighbours (telephone numbers in a row) do not stand in a row."""

SMALLEST = 16


class KeyTable:
    """Open addressing with linear steps; removing closes the gap, so nothing is ever stale. O(1) on average.

    >>> table = KeyTable()
    >>> table[7] = 42
    >>> table.get(7), table.pop(7), len(table)
    (42, 42, 0)
    """

    __slots__ = ("_count", "_keys", "_shift", "_values")

    def __init__(self) -> None:
        self._resize(SMALLEST)

    def _resize(self, size: int) -> None:
        self._count = 0
        self._shift = 64 - size.bit_length() + 1
        self._keys = array("Q", bytes(8 * size))
        self._values = array("Q", bytes(8 * size))

    def _slot(self, key: int) -> int:
        """Where the key is, or the free place where it belongs. Zero marks a free place."""
        keys = self._keys
        mask = len(keys) - 1
        slot = (key * _SPREAD & _MASK64) >> self._shift
        while (found := keys[slot]) != key and found:
            slot = (slot + 1) & mask
        return slot

    def reserve(self, more: int) -> None:
        """Make room for so many more keys at once, which is cheaper than growing by and by."""
        while 2 * len(self._keys) < 3 * (self._count + more):
            self._grow()

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: int) -> bool:
        return self._keys[self._slot(key or 1)] != 0

    def get(self, key: int) -> int | None:
        slot = self._slot(key or 1)
        return self._values[slot] if self._keys[slot] else None

    def __setitem__(self, key: int, value: int) -> None:
        key = key or 1
        slot = self._slot(key)
        if not self._keys[slot]:
            if 3 * self._count >= 2 * len(self._keys):
                self._grow()
                slot = self._slot(key)
            self._keys[slot] = key
            self._count += 1
        self._values[slot] = value

    def add(self, key: int) -> bool:
        """Remember a key; False if it was there already."""
        key = key or 1
        keys = self._keys
        mask = len(keys) - 1
        slot = (key * _SPREAD & _MASK64) >> self._shift
        while found := keys[slot]:
            if found == key:
                return False
            slot = (slot + 1) & mask
        keys[slot] = key
        self._count += 1
        if 3 * self._count >= 2 * len(keys):
            self._grow()
        return True

    def _grow(self) -> None:
        count, old = self._count, (self._keys, self._values)
        self._resize(2 * len(self._keys))
        self._count = count
        keys, values, shift = self._keys, self._values, self._shift
        mask = len(keys) - 1
        for key, value in zip(*old, strict=True):
            if key:
                slot = (key * _SPREAD & _MASK64) >> shift
                while keys[slot]:
                    slot = (slot + 1) & mask
                keys[slot], values[slot] = key, value

    def pop(self, key: int) -> int | None:
        """Forget a key; its number, or None if it was not there."""
        slot = self._slot(key or 1)
        if not self._keys[slot]:
            return None
        value = self._values[slot]
        self._count -= 1
        self._close(slot)
        return value

    def _close(self, gap: int) -> None:
        """Move back what stands behind a gap and would not be found across it."""
        keys, values, mask = self._keys, self._values, len(self._keys) - 1
        slot = gap
        while keys[slot := (slot + 1) & mask]:
            home = (keys[slot] * _SPREAD & _MASK64) >> self._shift
            if (slot - home) & mask >= (slot - gap) & mask:
                keys[gap], values[gap] = keys[slot], values[slot]
                gap = slot
        keys[gap] = values[gap] = 0

    def items(self) -> Iterator[tuple[int, int]]:
        """All entries, in no order that means anything."""
        return ((key, value) for key, value in zip(self._keys, self._values, strict=True) if key)

    def check(self) -> None:
        """Every entry is found from its home, and the count is right."""
        found = sum(1 for _ in self.items())
        assert found == self._count, "entries and count differ"
        for slot, key in enumerate(self._keys):
            assert not key or self._slot(key) == slot, f"key {key} is not found"


def short_key(digest: str) -> int:
    """The first 64 bits of a hexadecimal digest."""
    return int(digest[:16], 16)
