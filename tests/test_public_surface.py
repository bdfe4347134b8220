"""What the package exports: sorted, there, documented, listed, cheap to import."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest

import switchroom
from switchroom.storage.protocol import ChunkStorage, ErasureStorage, LeaseStorage, LogStorage, SnapshotStorage

ROOT = Path(__file__).parent.parent
INIT = ROOT / "src" / "switchroom" / "__init__.py"
REFERENCE = ROOT / "docs" / "reference" / "index.md"
RUNGS = (LogStorage, SnapshotStorage, ErasureStorage, LeaseStorage, ChunkStorage)


def test_names_are_sorted_and_given_once() -> None:
    """The list of names can be read, and two edits of it meet in one place."""
    assert switchroom.__all__ == sorted(set(switchroom.__all__))


def promised(method: str) -> bool:
    """Whether a protocol of stores says what the method does: the stores do not say it again."""
    return any(inspect.getdoc(getattr(rung, method, None)) for rung in RUNGS)


@pytest.mark.parametrize("name", switchroom.__all__)
def test_every_name_resolves_and_is_documented(name: str) -> None:
    """A name is what it says, and says what it is for."""
    value = getattr(switchroom, name)
    assert value.__name__ == name
    assert inspect.getdoc(value), f"{name} has no docstring"
    assert value.__module__.startswith("switchroom.")
    assert name in dir(switchroom)


@pytest.mark.parametrize("name", switchroom.__all__)
def test_every_public_method_is_documented(name: str) -> None:
    """Methods and properties that callers use say what they do; what the language calls need not."""
    value = getattr(switchroom, name)
    if not inspect.isclass(value):
        return
    kinds = (FunctionType, property, classmethod, staticmethod)
    members: dict[str, object] = {name: thing for name, thing in vars(value).items() if not name.startswith("_")}
    methods = [name for name, thing in members.items() if isinstance(thing, kinds)]
    assert [name for name in methods if not (inspect.getdoc(members[name]) or promised(name))] == []


def test_names_are_the_same_for_type_checkers_and_at_run_time() -> None:
    """The imports that type checkers read, the table of homes and the list of names agree."""
    tree = ast.parse(INIT.read_text(encoding="utf-8"))
    imports = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("switchroom.")
        for alias in node.names
    }
    homes = {name: f"switchroom.{home}" for name, home in switchroom._HOMES.items()}  # pyright: ignore[reportPrivateUsage]
    assert imports == homes
    assert sorted(homes) == switchroom.__all__


def test_the_reference_lists_every_name() -> None:
    """Each name has its line on the page, and no line is of a name that is gone."""
    text = REFERENCE.read_text(encoding="utf-8").partition("<!-- made: names -->")[2].partition("<!-- end -->")[0]
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == switchroom.__all__


def test_what_is_not_exported_is_an_attribute_error() -> None:
    """A mistyped name is told at once, as for any module."""
    with pytest.raises(AttributeError, match="NoSuchThing"):
        _ = getattr(switchroom, "NoSuchThing")  # noqa: B009


def test_importing_the_package_loads_nothing_else() -> None:
    """Names load their modules when they are first used."""
    code = "import sys, switchroom; print([m for m in sys.modules if m.startswith('switchroom.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_name_is_in_the_file_of_calls() -> None:
    """What type checkers see of a name is exercised by ``typing_surface.py``, which they read and nobody runs."""
    text = (ROOT / "tests" / "typing_surface.py").read_text(encoding="utf-8").partition("# -- specs")[2]
    used = set(re.findall(r"\w+", text))
    assert [name for name in switchroom.__all__ if name not in used] == []
