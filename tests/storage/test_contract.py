"""Every store keeps the contract; stores that do not are found out."""

from __future__ import annotations

from pathlib import Path

import pytest
from stores import MemoryStores, PostgresStores, SqliteStores
from wrong_stores import WRONG, WrongStores

from switchroom.testing.storage_contract import StorageContract, run

NAMES = StorageContract(MemoryStores()).names()


@pytest.mark.parametrize("name", NAMES)
def test_memory(name: str) -> None:
    """The reference keeps the contract."""
    StorageContract(MemoryStores(), MemoryStores.capabilities).check(name)


@pytest.mark.parametrize("name", NAMES)
def test_sqlite(name: str, tmp_path: Path) -> None:
    """SQLite keeps the contract, and claims everything."""
    assert StorageContract(SqliteStores(tmp_path), SqliteStores.capabilities).check(name) is None


@pytest.mark.parametrize("name", NAMES)
def test_postgres(name: str, postgres: PostgresStores) -> None:
    """PostgreSQL keeps the contract, and claims everything."""
    assert StorageContract(postgres, postgres.capabilities).check(name) is None


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_wrong_stores_are_found_out(wrong: type) -> None:
    """A store with one planted mistake fails a check, and the right one with the same claims passes all."""
    report = run(StorageContract(WrongStores(wrong), WrongStores.capabilities))
    assert not report.ok, "nobody noticed"


def test_the_store_that_the_wrong_ones_are_made_of_is_right() -> None:
    """Otherwise the test above would prove nothing."""
    from wrong_stores import Kept

    report = run(StorageContract(WrongStores(Kept), WrongStores.capabilities))
    assert report.ok, report
    assert not report.left_out


def test_every_check_has_a_name_of_its_own() -> None:
    """There are many checks, and a report names those that fail."""
    assert len(NAMES) == len(set(NAMES)) > 100
    report = run(StorageContract(MemoryStores(), MemoryStores.capabilities))
    assert report.ok, report
    assert str(report).startswith(f"{len(report.passed)} passed, 0 failed")
