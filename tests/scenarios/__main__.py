"""``python -m tests.scenarios FILE [--area A] [--json]``: run the cases of a file.

Exit code 0 if nothing failed, 1 if something failed, 2 if the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import attrs

from tests.scenarios.loading import Unreadable, load
from tests.scenarios.running import FAIL, Result, run


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.scenarios", description="Run the cases of a file.")
    parser.add_argument("file", type=Path, help="YAML: a list of cases, or a table with 'scenarios'")
    parser.add_argument("--area", help="only the cases of this area")
    parser.add_argument("--json", action="store_true", help="one JSON object a case")
    chosen = parser.parse_args(arguments)
    try:
        cases = load(chosen.file)
    except Unreadable as problem:
        print(f"{chosen.file}: {problem}", file=sys.stderr)
        return 2
    results = [run(case) for case in cases if chosen.area in (None, case.get("area"))]
    for result in results:
        print(json.dumps(attrs.asdict(result)) if chosen.json else line(result))
    if not chosen.json:
        print(summary(results))
    return 1 if any(result.result == FAIL for result in results) else 0


def line(result: Result) -> str:
    """One line for one case."""
    told = f"{result.result:<12}{result.id:<10}{result.area:<16}{result.agreement:<10}"
    return f"{told} {result.reason}".rstrip()


def summary(results: Sequence[Result]) -> str:
    """How many of each agreement passed, failed, or are unsupported."""
    counts = Counter((r.agreement, r.result) for r in results)
    return "\n".join(f"{agreement} {result}: {count}" for (agreement, result), count in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main())
