"""Measure the published figures: ``python benchmarks/run.py [NAME ...] [--json]``.

Names are prefixes: ``B1`` runs all of B1, no name runs everything. ``--json`` prints one object a line, as soon as it
is known. ``--list`` prints the names only. The exit code is 1 if a figure misses its goal. Another module of figures
is added by one line in ``MODULES``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from figures import FIGURES, Figure

MODULES = (
    "matching",
    "placing",
    "operations",
    "memory",
    "lifecycle",
    "conversations",
    "workitems",
    "outbound",
    "durability",
    "peers",
    "simulation",
)
"""Modules of figures in this folder, in the order of the table; one that is not there is left out."""


def load() -> None:
    """Import every module of figures; importing registers, and measures nothing."""
    folder = Path(__file__).resolve().parent
    for name in MODULES:
        if (folder / f"{name}.py").exists():
            importlib.import_module(name)


def chosen(prefixes: list[str]) -> list[Figure]:
    """The figures whose name begins with one of the prefixes; all if there is none."""
    return [figure for name, figure in FIGURES.items() if not prefixes or name.startswith(tuple(prefixes))]


def row(figure: Figure, value: float) -> str:
    """A line of the table."""
    aim = "" if figure.aim is None else f"{figure.aim:g}"
    verdict = (
        "aim met" if figure.aim is not None and value <= figure.aim else "ok" if value <= figure.goal else "MISSED"
    )
    return f"{figure.name:<42} {value:>9.2f} {figure.unit:<12} {figure.goal:>7g} {aim:>7}  {verdict}"


def record(figure: Figure, value: float) -> str:
    """A line of JSON."""
    ok = value <= figure.goal
    fields = {"name": figure.name, "value": round(value, 3), "unit": figure.unit, "goal": figure.goal, "ok": ok}
    return json.dumps(fields if figure.aim is None else {**fields, "aim": figure.aim})


def main(arguments: list[str]) -> int:
    """Run the chosen figures and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="prefix of the names to run")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--list", action="store_true", help="only list the names")
    options = parser.parse_args(arguments)
    load()
    figures = chosen(options.names)
    if options.list:
        print("\n".join(figure.name for figure in figures))
        return 0
    if not options.json:
        print(f"{'figure':<42} {'value':>9} {'unit':<12} {'goal':>7} {'aim':>7}")
    missed = not figures
    for figure in figures:
        value = figure.measure()
        missed = missed or value > figure.goal
        print(record(figure, value) if options.json else row(figure, value), flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
