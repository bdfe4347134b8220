"""``python -m tests.soak.mutants --count 500 --seed 1``: how many small mistakes the tests notice.

Draws mistakes by a fixed seed, plants one at a time in a copy of the tree, and runs the tests of its package until one
fails. With ``--whole``, those that survive are tried with the whole test run. Prints a line a mutant, the share that
was killed, and the survivors, to be looked at.

Exit code 0: at least ``--goal`` of them were killed; 1: fewer; 2: the tests fail without any mistake.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from tests.soak.mutations import Site, planted, sites

ROOT = Path(__file__).parent.parent.parent
TESTS = {
    "matching": ("tests/matching", "tests/routing"),
    "kernel": ("tests/kernel", "tests/test_effects.py", "tests/routing", "tests/storage"),
    "routing": ("tests/routing", "tests/test_scenarios.py", "tests/storage/test_snapshots.py", "tests/config"),
    "consent": ("tests/consent", "tests/conversations", "tests/test_scenarios.py"),
}
"""Which tests are about a package, the ones that notice most first."""

WHOLE = ("tests",)
COPIED = ("src", "tests", "docs", "benchmarks", "pyproject.toml", "README.md", "CHANGELOG.md")


def drawn(packages: Sequence[str], count: int, seed: int) -> list[Site]:
    """So many different mistakes, in an order that depends on the seed alone."""
    files = [f for package in packages for f in sorted((ROOT / "src" / "switchroom" / package).rglob("*.py"))]
    known = sorted(site for file in files for site in sites(ROOT, file))
    return Random(seed).sample(known, min(count, len(known)))


def package_of(site: Site) -> str:
    return Path(site.file).parts[2]


class Copy:
    """A copy of the tree, in which mistakes are planted."""

    def __init__(self, folder: Path, timeout: float, left_out: Sequence[str] = ()) -> None:
        self._folder = folder
        self._timeout = timeout
        self._left_out = [f"--deselect={test}" for test in left_out]
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / name)

    def killed(self, site: Site, tests: Sequence[str]) -> bool:
        """Whether a test notices the mistake: by failing, or by never coming to an end."""
        target = self._folder / site.file
        source = target.read_text(encoding="utf-8")
        target.write_text(planted(source, site), encoding="utf-8")
        try:
            return not self.pass_(tests)
        finally:
            target.write_text(source, encoding="utf-8")

    def pass_(self, tests: Sequence[str]) -> bool:
        """Whether these tests pass in time."""
        # No compiled files: two mistakes within one second would be taken for one.
        paths = f"{self._folder / 'src'}{os.pathsep}{self._folder}"
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "CI": "1"}
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header"]
        command += [*self._left_out, *tests]
        with subprocess.Popen(
            command,
            cwd=self._folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as run:
            try:
                return run.wait(self._timeout) == 0
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, 9)
                return False


def tried(copy: Copy, drawn: Sequence[Site], whole: bool) -> Iterator[tuple[Site, bool]]:
    """Each mistake with whether it was killed."""
    for number, site in enumerate(drawn, 1):
        killed = copy.killed(site, TESTS[package_of(site)]) or (whole and copy.killed(site, WHOLE))
        print(f"{number:>4}  {'killed  ' if killed else 'SURVIVED'}  {site}", flush=True)
        yield site, killed


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.mutants", description="Plant mistakes, run tests.")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--package", nargs="+", choices=sorted(TESTS), default=sorted(TESTS))
    parser.add_argument("--timeout", type=float, default=600, help="seconds for the tests of one mutant")
    parser.add_argument("--deselect", action="append", default=[], help="a test that fails already")
    parser.add_argument("--whole", action="store_true", help="try survivors with the whole test run")
    parser.add_argument("--goal", type=float, default=0.85, help="share that is to be killed")
    chosen = parser.parse_args(arguments)
    mutants = drawn(chosen.package, chosen.count, chosen.seed)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder), chosen.timeout, chosen.deselect)
        for package in chosen.package:
            if not copy.pass_(TESTS[package]):
                print(f"the tests of {package} fail without any mistake", file=sys.stderr)
                return 2
        results = list(tried(copy, mutants, chosen.whole))
    return 0 if summed_up(results) >= chosen.goal else 1


def summed_up(results: Sequence[tuple[Site, bool]]) -> float:
    """Print the shares and the survivors; returns the share of all that was killed."""
    counts = Counter((package_of(site), killed) for site, killed in results)
    for package in sorted({package_of(site) for site, _ in results}):
        killed, all_of_it = counts[package, True], counts[package, True] + counts[package, False]
        print(f"{package}: {killed} of {all_of_it} killed, {killed / all_of_it:.1%}")
    share = sum(killed for _, killed in results) / max(len(results), 1)
    print(f"all: {share:.1%} of {len(results)}")
    for site, killed in results:
        if not killed:
            print(f"survived: {site}")
    return share


if __name__ == "__main__":
    sys.exit(main())
