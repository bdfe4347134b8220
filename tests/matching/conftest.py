"""Thresholds so low that a few dozen classes, members and items cross every one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from switchroom.matching import _kinship, _lines, _nodes, _pools, index

if TYPE_CHECKING:
    from collections.abc import Iterator

LOW: list[tuple[Any, str, int]] = [
    (_nodes, "SHIFT_LIMIT", 6),
    (_nodes, "SHORT_AGAIN", 4),
    (_nodes, "CUT_FROM", 2),
    (_nodes, "SPARE_DEAD", 3),
    (_nodes, "MANY_DEAD", 5),
    (index, "CUT_FROM", 2),
    (index, "WIDE", 5),
    (index, "SPARE_LINES", 1),
    (_pools, "WIDE", 5),
    (_pools, "BLOCK", 2),
    (_pools, "LOG_LIMIT", 6),
    (_lines, "SPARE_HEAP", 1),
    (_kinship, "SPARE_AWAKE", 3),
    (_kinship, "SPARE_WEIGHT", 24),
    (_kinship, "CLASS_WEIGHT", 4),
    (_kinship, "CHORES", 2),
]


@pytest.fixture(scope="module")
def low_thresholds() -> Iterator[None]:
    """Run the module with every threshold lowered."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in LOW:
            assert getattr(module, name) > value, name
            patch.setattr(module, name, value)
        yield
