"""Snapshots of a whole center as bytes: what a store keeps so that opening need not replay years."""

from __future__ import annotations

import gc
import json
from collections.abc import Generator
from contextlib import contextmanager
from random import Random
from typing import Any
from zlib import crc32

from switchroom.kernel.kernel import Kernel
from switchroom.kernel.snapshot import load_kernel, load_random, save_kernel, save_random
from switchroom.logs import logger
from switchroom.storage.codec import from_json
from switchroom.storage.forms import forms
from switchroom.storage.protocol import Snapshot

FORMAT = 1
"""Raised when a snapshot must not be read any more although its records look the same: when events of old come to mean
something else. The log is then replayed once."""


def version(kernel: Kernel) -> int:
    """Of the format and of what the records of each vertical hold: a snapshot of another version is not read."""
    layouts = [(vertical.name, vertical.layout) for vertical in kernel.verticals.values() if vertical.save is not None]
    return crc32(repr((FORMAT, layouts)).encode()) & 0x7FFFFFFF


def possible(kernel: Kernel) -> bool:
    """Whether every vertical that is in use can be kept."""
    return all(vertical.save is not None or not vertical.used() for vertical in kernel.verticals.values())


def take(kernel: Kernel, seeded: bool) -> bytes:
    """The state between two operations. Randomness is kept of a seeded center only. Linear in the state."""
    converter = forms()
    state = {
        "kernel": save_kernel(kernel, converter),
        "random": save_random(kernel.random) if seeded else None,
        "verticals": {v.name: v.save(converter) for v in kernel.verticals.values() if v.save is not None},
    }
    return json.dumps(state, allow_nan=False, separators=(",", ":")).encode()


def restore(kernel: Kernel, snapshot: Snapshot) -> bool:
    """Fill a fresh kernel and its verticals; False if the snapshot cannot be read, and they are then of no use."""
    if snapshot.version != version(kernel):
        logger.warning("snapshot at %d has another version: replaying the log instead", snapshot.position)
        return False
    try:
        with _no_collections():
            _fill(kernel, from_json(snapshot.payload), kernel.random)
    except Exception:
        logger.warning("snapshot at %d cannot be read: replaying the log instead", snapshot.position, exc_info=True)
        return False
    return True


@contextmanager
def _no_collections() -> Generator[None, None, None]:
    """Everything that is made here is kept: looking through it for garbage again and again doubles the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _fill(kernel: Kernel, state: dict[str, Any], random: Random) -> None:
    converter = forms()
    load_kernel(kernel, state["kernel"], converter)
    for vertical in kernel.verticals.values():
        if vertical.load is not None:
            vertical.load(state["verticals"][vertical.name], converter)
    if state["random"] is not None:
        load_random(random, state["random"])
