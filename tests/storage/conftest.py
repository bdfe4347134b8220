"""Fixtures of the storage tests."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
from stores import PostgresStores, postgres_problem


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresStores]:
    """Stores in a real PostgreSQL. Without one the test is skipped, but never where CI says that one must be there."""
    problem = postgres_problem()
    if problem is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(problem)
        pytest.skip(problem)
    stores = PostgresStores(f"test-{uuid.uuid4().hex[:12]}")
    yield stores
    stores.clean()
