"""The mutator: each kind of mistake changes what the code does, the same seed draws the same ones."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.soak.mutants import drawn
from tests.soak.mutations import planted, sites

SOURCE = '''
"""Docstring."""
from typing import TYPE_CHECKING

LIMIT = 3
if TYPE_CHECKING:
    import os

def f(x: int, y: bool = False) -> int:
    """Docstring."""
    total = 0
    if x < LIMIT and not y:
        total = x + 1
    return total

def check(x):
    return x > 1
'''


def behaviour(source: str) -> object:
    names: dict[str, object] = {}
    exec(source, names)
    f = names["f"]
    assert callable(f)
    results: list[object] = []
    for x in range(6):
        for arguments in ((x,), (x, False), (x, True)):
            try:
                results.append(f(*arguments))
            except Exception as error:
                results.append(type(error).__name__)
    return results


def test_every_mistake_is_one(tmp_path: Path) -> None:
    """Each change compiles and changes an answer; docstrings, annotations, types and checks are left alone."""
    file = tmp_path / "m.py"
    file.write_text(SOURCE)
    found = list(sites(tmp_path, file))
    assert {site.kind for site in found} == {
        *("comparison flipped", "and/or swapped", "not removed", "plus one", "minus one", "boolean flipped"),
        *("plus/minus swapped", "condition negated", "return None", "statement removed"),
    }
    right = behaviour(SOURCE)
    same = [site for site in found if behaviour(planted(SOURCE, site)) == right]
    assert same == []
    assert max(site.line for site in found) == 14


@pytest.mark.parametrize("package", ["kernel", "matching"])
def test_the_same_seed_draws_the_same(package: str) -> None:
    """A run can be repeated; every drawn mistake gives a module that still parses, and another text."""
    first, again, other = (drawn([package], 40, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) == 40
    root = Path(__file__).parent.parent
    for site in first:
        source = (root / site.file).read_text(encoding="utf-8")
        assert ast.unparse(ast.parse(source)) != ast.unparse(ast.parse(planted(source, site)))
