"""What the checks of a store are written with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from switchroom.kernel.records import Record
from switchroom.storage.protocol import ChunkStorage, ErasureStorage, LeaseStorage, LogStorage, SnapshotStorage

F = TypeVar("F", bound="Callable[[Bench], None]")


class Skip(Exception):
    """The store does not claim what the check is about."""


class Bench:
    """Opens stores for one check and closes them after it."""

    def __init__(self, factory: Any, capabilities: Any) -> None:
        self._factory = factory
        self.capabilities = capabilities
        self._open: list[LogStorage] = []

    def need(self, capability: str) -> None:
        """Go on only if the store claims this."""
        if not getattr(self.capabilities, capability):
            raise Skip(f"does not claim {capability}")

    def fresh(self, records: Iterable[Record] = ()) -> LogStorage:
        """A store of its own, with these records."""
        store: LogStorage = self._factory.fresh()
        self._open.append(store)
        filled = list(records)
        if filled:
            store.append(filled, filled[0].position - 1)
        return store

    def again(self, store: LogStorage) -> LogStorage:
        """Another handle on the same log."""
        other: LogStorage = self._factory.again(store)
        self._open.append(other)
        return other

    def reopened(self, store: LogStorage) -> LogStorage:
        """The same log, closed and opened again."""
        self.need("reopens")
        self.done(store)
        return self.again(store)

    def done(self, store: LogStorage) -> None:
        self._open = [other for other in self._open if other is not store]
        self._factory.close(store)

    def damage(self, store: LogStorage, position: int) -> None:
        """Change a stored record behind the store's back."""
        self.need("checksums")
        self._factory.damage(store, position)

    def keeper(self, records: Iterable[Record] = ()) -> SnapshotStorage:
        """A store that keeps snapshots."""
        self.need("snapshots")
        store = self.fresh(records)
        assert isinstance(store, SnapshotStorage), "claims snapshots but has no methods for them"
        return store

    def eraser(self, records: Iterable[Record] = ()) -> ErasureStorage:
        """A store that can redact."""
        self.need("erasure")
        store = self.fresh(records)
        assert isinstance(store, ErasureStorage), "claims erasure but has no method for it"
        return store

    def leaser(self) -> LeaseStorage:
        """A store that has a lease."""
        self.need("leases")
        store = self.fresh()
        assert isinstance(store, LeaseStorage), "claims leases but has no methods for them"
        return store

    def chunker(self) -> ChunkStorage:
        """A store that keeps chunks."""
        self.need("chunks")
        store = self.fresh()
        assert isinstance(store, ChunkStorage), "claims chunks but has no methods for them"
        return store

    def close(self) -> None:
        for store in self._open:
            self._factory.close(store)


def positions(records: Iterable[Record]) -> list[int]:
    return [record.position for record in records]


def refusal(error: type[Exception], call: Callable[[], object]) -> Exception:
    """The error of this kind that the call raises; anything else is a failure."""
    try:
        call()
    except error as caught:
        return caught
    raise AssertionError(f"{error.__name__} expected, nothing was raised")


def registry(table: dict[str, Callable[[Bench], None]]) -> Callable[[F], F]:
    """A decorator that files a check under its name."""

    def add(check: F) -> F:
        table[check.__name__] = check
        return check

    return add
