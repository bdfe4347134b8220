"""What every store must do, as checks that anybody can run against a store of their own.

::

    class Mine:                                     # how to get at your store
        def fresh(self): ...                        # an empty log of its own
        def again(self, store): ...                 # another handle on the same log
        def close(self, store): ...                 # done with this handle

    report = run(StorageContract(Mine(), Capabilities(reopens=True)))
    assert report.ok, report

A check is left out only for a capability that the store does not claim. Nothing here needs a test framework; with
pytest, ``@pytest.mark.parametrize("name", contract.names())`` and ``contract.check(name)`` show each on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import attrs

from switchroom.storage.protocol import LogStorage
from switchroom.testing import (
    storage_checks_chunks,
    storage_checks_data,
    storage_checks_lease,
    storage_checks_log,
    storage_checks_rungs,
)
from switchroom.testing.storage_checks_base import Bench, Skip


class StoreFactory(Protocol):
    """How the contract gets at stores."""

    def fresh(self) -> LogStorage:
        """A store with an empty log that nobody else uses."""
        ...

    def again(self, store: LogStorage) -> LogStorage:
        """Another handle on the same log; the first one stays open unless it was closed."""
        ...

    def close(self, store: LogStorage) -> None:
        """Done with a handle."""
        ...


@attrs.frozen(kw_only=True)
class Capabilities:
    """What a store claims, apart from the log itself.

    ``reopens``: a closed log can be opened again. ``shared``: several handles may be open on one log. ``snapshots``,
    ``erasure``, ``leases``, ``chunks``: the further rungs. ``checksums``: damage to a stored record is noticed;
    then the factory has a method ``damage(store, position)``. ``durability``: what an acknowledged append survives:
    ``none``, the death of the ``process``, or the loss of ``power``; the commands for that are in the soak tests.
    """

    reopens: bool = False
    shared: bool = False
    snapshots: bool = False
    erasure: bool = False
    leases: bool = False
    chunks: bool = False
    checksums: bool = False
    durability: str = "none"


@attrs.frozen
class Report:
    """The outcome: names of the checks that passed, problems by name, and those left out with the reason."""

    passed: tuple[str, ...]
    failed: dict[str, str]
    left_out: dict[str, str]

    @property
    def ok(self) -> bool:
        return not self.failed

    def __str__(self) -> str:
        lines = [f"{len(self.passed)} passed, {len(self.failed)} failed, {len(self.left_out)} left out"]
        lines += [f"  {name}: {problem}" for name, problem in self.failed.items()]
        return "\n".join(lines)


Check = Callable[[Bench], None]

MODULES = (
    storage_checks_log,
    storage_checks_data,
    storage_checks_rungs,
    storage_checks_lease,
    storage_checks_chunks,
)


def _all_checks() -> dict[str, Check]:
    """The checks by name, in the order in which they are written."""
    found: dict[str, Check] = {}
    for module in MODULES:
        found.update(module.CHECKS)
    return found


class StorageContract:
    """The checks for one kind of store."""

    def __init__(self, factory: StoreFactory, capabilities: Capabilities | None = None) -> None:
        self.factory = factory
        self.capabilities = Capabilities() if capabilities is None else capabilities
        self._checks = _all_checks()

    def names(self) -> tuple[str, ...]:
        """The names of all checks."""
        return tuple(self._checks)

    def check(self, name: str) -> str | None:
        """Run one check. Returns None, or why it was left out; raises AssertionError (or worse) if it fails."""
        bench = Bench(self.factory, self.capabilities)
        try:
            self._checks[name](bench)
        except Skip as skip:
            return str(skip)
        finally:
            bench.close()
        return None


def run(contract: StorageContract) -> Report:
    """Run every check."""
    passed: list[str] = []
    failed: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for name in contract.names():
        try:
            reason = contract.check(name)
        except Exception as error:
            failed[name] = f"{type(error).__name__}: {error}"
            continue
        if reason is None:
            passed.append(name)
        else:
            left_out[name] = reason
    return Report(tuple(passed), failed, left_out)
