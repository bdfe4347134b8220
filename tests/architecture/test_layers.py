"""The shape of the library: imports point one way, the core is pure, and what is exported is there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import switchroom

ROOT = Path(switchroom.__file__).parent

LAYERS: list[set[str]] = [
    {"errors"},
    {"durations"},
    {"clock", "ids"},
    {"matching"},
    {"kernel"},
    {"routing"},
    {"messaging"},
    {"consent"},
    {"conversations", "workitems", "outbound"},
    {"reporting"},
    {"simulation"},
    {"config"},
    {"storage", "transport"},
    {"logs"},
    {"journeys", "security", "workscreen"},
    {"admission", "dead_inputs", "snapshots", "subscribers", "tenure", "wiring"},
    {"journal"},
    {"writing"},
    {"engine"},
    {"effects"},
    {"carrying"},
    {"center"},
    {"aio", "telemetry"},
    {"testing"},
    {"cli"},
]
"""Each layer imports those above it in this list, never its neighbours or those below."""

NARROW = {
    "matching": {"errors"},
    "kernel": {"errors", "durations"},
    "storage": {"errors", "durations", "ids", "kernel"},
    "transport": {"errors", "durations", "clock", "ids", "kernel", "routing", "messaging"},
}
"""Those who may import less than their place allows: the core knows no domain, a store no business, and a transport
only the words of messages (and of routing, how durations are given)."""

LATE = {("config", "center"), ("config", "storage"), ("simulation", "config")}
"""Imports within a function that point the other way: a configuration makes a center when it is asked to, and a model
of a center a configuration."""

CORE = {
    "errors",
    "durations",
    "ids",
    "matching",
    "kernel",
    "routing",
    "messaging",
    "consent",
    "conversations",
    "workitems",
    "outbound",
}
CORE_ABOVE = {"reporting"}
IMPURE = {
    "time",
    "random",
    "os",
    "socket",
    "threading",
    "asyncio",
    "logging",
    "secrets",
    "uuid",
    "subprocess",
    "tempfile",
}
NOW = {"now", "utcnow", "today"}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    """(unit, file, tree): a unit is a package or a module at the top."""
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts != ("__init__",):
            yield parts[0], path, ast.parse(path.read_text(encoding="utf-8"))


def only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def imports(tree: ast.AST, late: bool = False) -> Iterator[tuple[str, bool]]:
    """(module, whether within a function) of every import that runs."""
    for node in ast.iter_child_nodes(tree):
        if only_for_types(node):
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, late) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield f"{node.module}.{node.names[0].name}", late
        else:
            yield from imports(node, late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def layer_of(unit: str) -> int:
    found = [n for n, layer in enumerate(LAYERS) if unit in layer]
    assert found, f"{unit} has no place among the layers"
    return found[0]


def test_imports_point_one_way() -> None:
    """No unit imports one of its own layer or of a later one, nor more than it needs to know."""
    wrong: set[str] = set()
    for unit, path, tree in modules():
        for name, late in imports(tree):
            top, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            if top != "switchroom" or other == unit or (late and (unit, other) in LATE):
                continue
            allowed = NARROW.get(unit)
            if layer_of(other) >= layer_of(unit) or (allowed is not None and other not in allowed):
                wrong.add(f"{path.relative_to(ROOT)} imports {other}")
    assert not wrong, sorted(wrong)


def test_the_core_is_pure() -> None:
    """No clock, randomness, environment, thread or log below the edges. ``Random`` may be named as a type only."""
    wrong: set[str] = set()
    for unit, path, tree in modules():
        if unit not in CORE | CORE_ABOVE:
            continue
        place = path.relative_to(ROOT)
        for name, _ in imports(tree):
            if name.partition(".")[0] in IMPURE and name != "random.Random":
                wrong.add(f"{place} imports {name}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called == "Random" or (called.rpartition(".")[2] in NOW and called.startswith(("date", "datetime"))):
                    wrong.add(f"{place}:{node.lineno} calls {called}")
    assert not wrong, sorted(wrong)


def test_no_set_is_walked_into_an_event() -> None:
    """The order of a set is that of its hashes: kernel and routing never loop over one they have just made."""
    wrong: set[str] = set()
    for unit, path, tree in modules():
        if unit not in {"kernel", "routing"}:
            continue
        for node in ast.walk(tree):
            loops = [node.iter] if isinstance(node, ast.For) else []
            for loop in loops:
                call = isinstance(loop, ast.Call) and ast.unparse(loop.func) in {"set", "frozenset"}
                if call or isinstance(loop, ast.Set | ast.SetComp):
                    wrong.add(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong, sorted(wrong)


def exporting() -> list[str]:
    found = ["switchroom"]
    for _, path, tree in modules():
        names = [t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)]
        if "__all__" in names:
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append(".".join(("switchroom", *(p for p in parts if p != "__init__"))))
    return found


@pytest.mark.parametrize("name", exporting())
def test_exports_are_sorted_and_there(name: str) -> None:
    """Every name of ``__all__`` resolves, once, in order."""
    module = import_module(name)
    exported = list(module.__all__)
    assert len(set(exported)) == len(exported)
    assert exported == sorted(exported) or exported == sorted(exported, key=lambda n: (not n.isupper(), n.islower(), n))
    for one in exported:
        assert getattr(module, one) is not None
        assert one in dir(module)


def test_an_unknown_name_is_no_attribute() -> None:
    """What is not exported is told as Python tells it."""
    with pytest.raises(AttributeError):
        switchroom.nothing_of_this_name  # noqa: B018
