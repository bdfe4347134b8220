"""``python -m tests.figures``: the figures of the tree, counted from its source.

Length of functions (median, 95th percentile, the longest), the biggest modules, circles of imports, and who asks what
time it is.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

import attrs

ROOT = Path(__file__).parent.parent
CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.monotonic", "time.perf_counter", "time.time_ns", "time.monotonic_ns", "time.process_time"),
}


@attrs.frozen(order=True)
class Function:
    """A function and how many lines of code it has: signature, docstring, comments and empty lines do not count."""

    lines: int
    name: str


def trees(top: Path) -> Iterator[tuple[str, ast.Module, str]]:
    """(module, tree, source) of every module under a folder."""
    for path in sorted(top.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        yield ".".join(path.relative_to(top.parent).with_suffix("").parts), ast.parse(source), source


def functions(module: str, tree: ast.AST, source: str) -> Iterator[Function]:
    """The functions of a module, inner ones on their own, too."""
    lines = source.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            first, last = (body[0].lineno, node.end_lineno or 0) if body else (0, 0)
            code = [line.strip() for line in lines[first - 1 : last]] if body else []
            yield Function(sum(1 for line in code if line and not line.startswith("#")), f"{module}.{node.name}")


def clock_reads(module: str, tree: ast.AST) -> Iterator[str]:
    """Where a module asks the machine for the time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS:
            yield f"{module}:{node.lineno}"


# -- imports


def imported(tree: ast.Module, known: set[str]) -> set[str]:
    """The modules of the tree that are loaded when this one is; imports within functions and for types are not."""
    found: set[str] = set()
    for node in _at_load(tree):
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            below = [f"{node.module}.{name}" for name in names]
            # ``from package import module`` needs the module; that the package is loaded, too, is no circle.
            names = [name if name in known else node.module or "" for name in below]
        found.update(name for name in names if name in known)
    return found


def _at_load(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _at_load(child)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other in a circle (strongly connected ones, by Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(graph[name]):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return found


# -- all of it


def figures(top: Path) -> dict[str, object]:
    """The figures of the modules under a folder."""
    all_trees = list(trees(top))
    lengths = sorted(f for module, tree, source in all_trees for f in functions(module, tree, source))
    sizes = sorted(((source.count("\n"), module) for module, _, source in all_trees), reverse=True)
    names = {module.removesuffix(".__init__") for module, _, _ in all_trees}
    graph = {module.removesuffix(".__init__"): imported(tree, names) for module, tree, _ in all_trees}
    return {
        "modules": len(all_trees),
        "lines": sum(size for size, _ in sizes),
        "functions": len(lengths),
        "median": median(f.lines for f in lengths),
        "p95": quantiles([f.lines for f in lengths], n=20)[-1],
        "longest": [f"{f.lines} {f.name}" for f in reversed(lengths[-5:])],
        "biggest": [f"{size} {module}" for size, module in sizes[:5]],
        "circles": [" <-> ".join(group) for group in circles(graph)],
        "clock_reads": [place for module, tree, _ in all_trees for place in clock_reads(module, tree)],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.figures", description="The figures of the tree.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "src" / "switchroom")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    found = figures(chosen.folder)
    if chosen.json:
        print(json.dumps(found, indent=2))
        return 0
    for name, value in found.items():
        if isinstance(value, list):
            print(f"{name}: {len(value) if name in ('circles', 'clock_reads') else ''}".rstrip())
            print("".join(f"  {line}\n" for line in value), end="")
        else:
            print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
