"""The tree keeps its shape: short functions, small modules, no circle of imports, one clock."""

from __future__ import annotations

from pathlib import Path

from tests.figures import ROOT, circles, figures

SOURCE = '''
from time import time
import m.b

def short():
    """Docstring."""
    # a comment
    return 1

def long(
    a,
):

    x = 1

    y = 2
    return time.time()
'''


def test_the_shape_of_the_tree() -> None:
    """Half of the functions are a few lines long, hardly one is long, and only the clock (and a wait for a server)
    reads the time."""
    found = figures(ROOT / "src" / "switchroom")
    assert isinstance(found["median"], int | float)
    assert isinstance(found["p95"], int | float)
    assert found["median"] <= 7
    assert found["p95"] <= 35
    longest, biggest = found["longest"], found["biggest"]
    assert isinstance(longest, list)
    assert isinstance(biggest, list)
    assert int(longest[0].split()[0]) <= 70, longest[0]
    assert int(biggest[0].split()[0]) <= 600, biggest[0]
    assert found["circles"] == []
    reads = found["clock_reads"]
    assert isinstance(reads, list)
    assert {place.partition(":")[0] for place in reads} <= {"switchroom.clock", "switchroom.storage.postgres_link"}


def test_the_counting(tmp_path: Path) -> None:
    """Lines of code alone count; a circle is found however long it is; a read of the clock is named."""
    package = tmp_path / "m"
    package.mkdir()
    (package / "a.py").write_text(SOURCE)
    (package / "b.py").write_text("from m import c\n")
    (package / "c.py").write_text("def f():\n    import m.d\nimport m.a\n")
    (package / "d.py").write_text("import m.a\n")
    found = figures(package)
    assert found["longest"] == ["3 m.a.long", "1 m.c.f", "1 m.a.short"]
    assert found["circles"] == ["m.a <-> m.b <-> m.c"]
    assert found["clock_reads"] == ["m.a:17"]


def test_circles() -> None:
    """Every group of modules that reach each other, and none that do not."""
    graph = {"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"e"}, "e": {"c"}, "f": {"a"}}
    assert sorted(circles(graph)) == [["a", "b"], ["c", "d", "e"]]
