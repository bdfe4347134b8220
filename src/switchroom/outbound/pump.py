"""The edge of campaigns: reads chunks from the store and brings them to the kernel, when an effect asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from switchroom.errors import DeliveryFailed, NotAllowed
from switchroom.kernel.records import Record
from switchroom.kernel.vertical import Access, VerticalRunner
from switchroom.outbound import stepping
from switchroom.outbound.chunks import unpacked
from switchroom.outbound.list_model import Row
from switchroom.outbound.state import Outbound
from switchroom.outbound.stepping import Wanted


class ChunkStore(Protocol):
    """Where chunks lie: a store that keeps them beside the log."""

    def put_chunks(self, chunks: Sequence[tuple[str, bytes]]) -> None: ...
    def get_chunk(self, name: str) -> bytes | None: ...
    def drop_chunks(self, names: Sequence[str]) -> None: ...


class OutboundRunner(VerticalRunner, Protocol):
    """What the fronts of outbound need of the center."""

    @property
    def storage(self) -> object: ...
    def events(self, *, after: int = 0, tag: str | None = None) -> Iterator[Record]: ...


class EffectLike(Protocol):
    """What a handler sees of an effect."""

    @property
    def id(self) -> str: ...
    @property
    def body(self) -> object: ...
    @property
    def stream(self) -> str: ...


def chunk_store(runner: OutboundRunner) -> ChunkStore:
    """The center's store, if it keeps chunks. Raises `NotAllowed`."""
    storage = runner.storage
    if not hasattr(storage, "put_chunks"):
        raise NotAllowed("keep contacts in", "store", type(storage).__name__, "without chunks")
    return storage  # type: ignore[return-value]


class Pump:
    """Does the steps of campaigns. Keeps the rows of the last chunk of each, because the next step wants them again."""

    def __init__(self, runner: OutboundRunner) -> None:
        self._runner = runner
        self._access: Access[Outbound] = Access(runner, "outbound")
        self._kept: dict[str, tuple[str, list[Row]]] = {}

    def step(self, effect: EffectLike) -> None:
        """The handler of the effect that lets a campaign go on."""
        campaign = effect.stream.removeprefix("campaign:")
        wanted = self._access.run(stepping.wanted, campaign)
        rows = [] if wanted is None else self._rows(campaign, wanted)
        chunk = None if wanted is None else wanted.chunk
        self._access.run(stepping.step, campaign, effect.id, chunk, rows)

    def _rows(self, campaign: str, wanted: Wanted) -> list[Row]:
        kept = self._kept.get(campaign)
        if kept is not None and kept[0] == wanted.name:
            return kept[1]
        payload = chunk_store(self._runner).get_chunk(wanted.name)
        if payload is None:
            raise DeliveryFailed(f"the store has no chunk {wanted.name}")
        rows = unpacked(payload)
        self._kept[campaign] = (wanted.name, rows)
        return rows
