"""Checks of chunks: named bytes beside the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from switchroom.storage.protocol import ChunkStorage, LogStorage
from switchroom.testing.storage_checks_base import Bench, registry
from switchroom.testing.storage_events import batch

CHECKS: dict[str, Callable[[Bench], None]] = {}
check = registry(CHECKS)


@check
def a_chunk_comes_back(b: Bench) -> None:
    store = b.chunker()
    store.put_chunks([("list:1:ab", b"\x00rows\xff"), ("list:2:cd", b"")])
    assert store.get_chunk("list:1:ab") == b"\x00rows\xff"
    assert store.get_chunk("list:2:cd") == b""


@check
def an_unknown_chunk_is_none(b: Bench) -> None:
    store = b.chunker()
    store.put_chunks([])
    assert store.get_chunk("list:1:ab") is None


@check
def a_name_keeps_its_first_content(b: Bench) -> None:
    store = b.chunker()
    store.put_chunks([("x", b"one")])
    store.put_chunks([("x", b"two"), ("y", b"three")])
    assert store.get_chunk("x") == b"one"
    assert store.get_chunk("y") == b"three"


@check
def dropped_chunks_are_gone(b: Bench) -> None:
    store = b.chunker()
    store.put_chunks([("x", b"one"), ("y", b"two")])
    store.drop_chunks(["x", "z"])
    store.drop_chunks([])
    assert store.get_chunk("x") is None
    assert store.get_chunk("y") == b"two"
    store.put_chunks([("x", b"new")])
    assert store.get_chunk("x") == b"new"


@check
def a_large_chunk_comes_back(b: Bench) -> None:
    payload = bytes(range(256)) * 8_192
    store = b.chunker()
    store.put_chunks([("big", payload)])
    assert store.get_chunk("big") == payload


@check
def chunks_and_the_log_leave_each_other_alone(b: Bench) -> None:
    store = b.chunker()
    log = cast("LogStorage", store)
    log.append(batch(1, 3), 0)
    store.put_chunks([("x", b"one")])
    assert log.end() == 3
    store.drop_chunks(["x"])
    assert len(list(log.read())) == 3


@check
def chunks_survive_closing(b: Bench) -> None:
    store = b.chunker()
    store.put_chunks([("x", b"one")])
    again = b.reopened(cast("LogStorage", store))
    assert cast("ChunkStorage", again).get_chunk("x") == b"one"
