"""Small mistakes, planted one at a time: which there are in a module, and its source with one of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}

NOT_THE_PRODUCT = ("check", "dump", "__repr__")
"""Functions that tests look with: a mistake in one weakens the tests and changes nothing for users."""


@attrs.frozen(order=True)
class Site:
    """One mistake: file, line, the number of the node in the walk of its tree, and what is done to it."""

    file: str
    line: int
    node: int
    kind: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.kind}"


Change = Callable[[ast.AST], None]


def walk(tree: ast.Module) -> Iterator[tuple[int, ast.AST]]:
    """The nodes of the product with their numbers: no annotations, docstrings, type-checking blocks, assertions."""
    yield from enumerate(_inside(tree))


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "keywords") and not isinstance(node, ast.Call):
            continue
        children = value if isinstance(value, list) else [value]
        for child in children:
            if isinstance(child, ast.AST) and not _skipped(child):
                yield from _inside(child)


def _skipped(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef):
        return node.name in NOT_THE_PRODUCT or "overload" in map(ast.unparse, node.decorator_list)
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Raise)


# -- what can be done to a node


def changes(node: ast.AST) -> dict[str, Change]:
    """The mistakes that fit a node, by name."""
    found: dict[str, Change] = {}
    if isinstance(node, ast.Compare):
        found["comparison flipped"] = _flip
    elif isinstance(node, ast.BoolOp):
        found["and/or swapped"] = _swap
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        found["not removed"] = _unnegate
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        found["plus one"], found["minus one"] = _shift(1), _shift(-1)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        found["boolean flipped"] = _flip_boolean
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        found["plus/minus swapped"] = _swap_sign
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        found["condition negated"] = _negate
    elif isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        found["return None"] = _return_nothing
    elif isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Delete):
        found["statement removed"] = _remove
    return found


def _flip(node: ast.AST) -> None:
    assert isinstance(node, ast.Compare)
    node.ops[0] = FLIPPED[type(node.ops[0])]()


def _swap(node: ast.AST) -> None:
    assert isinstance(node, ast.BoolOp)
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def _swap_sign(node: ast.AST) -> None:
    assert isinstance(node, ast.BinOp)
    node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()


def _unnegate(node: ast.AST) -> None:
    assert isinstance(node, ast.UnaryOp)
    # Twice not: the value as a boolean, without the negation.
    node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _negate(node: ast.AST) -> None:
    assert isinstance(node, ast.If | ast.While | ast.IfExp)
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _flip_boolean(node: ast.AST) -> None:
    assert isinstance(node, ast.Constant)
    node.value = not node.value


def _shift(by: int) -> Change:
    def shift(node: ast.AST) -> None:
        assert isinstance(node, ast.Constant)
        assert isinstance(node.value, int)
        node.value += by

    return shift


def _return_nothing(node: ast.AST) -> None:
    assert isinstance(node, ast.Return)
    node.value = None


def _remove(node: ast.AST) -> None:
    """Nothing happens any more. A name that was assigned is unknown then, which is a mistake, too."""
    assert isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Delete)
    node.__class__ = ast.Pass  # type: ignore[assignment]
    node._fields = ()  # type: ignore[misc]


# -- files


def sites(root: Path, file: Path) -> Iterator[Site]:
    """Every mistake that can be planted in a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {id(statement) for statement in tree.body if isinstance(statement, ast.Assign | ast.AnnAssign)}
    for number, node in walk(tree):
        if id(node) in names:
            continue  # without a name of the module nothing can be imported: no test is needed to notice
        for kind in changes(node):
            yield Site(str(file.relative_to(root)), getattr(node, "lineno", 0), number, kind)


def planted(source: str, site: Site) -> str:
    """The source with the mistake."""
    tree = ast.parse(source)
    node = next(node for number, node in walk(tree) if number == site.node)
    changes(node)[site.kind](node)
    return ast.unparse(ast.fix_missing_locations(tree))
