"""Tables and progress: with rich where it is installed and the output is a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from zoneinfo import ZoneInfo

from switchroom.cli.common import safe
from switchroom.simulation.day import Progress

HINT = 'for a progress bar and colours: pip install "switchroom[cli]"'

EMPTY = ("0", "-")
"""Cells that say nothing."""

WIDTH = 80
"""Characters that every terminal has; a table that is wider is set closer."""

PLAIN_STEPS = 5
"""Lines of progress where there is no bar."""


def has_rich() -> bool:
    """Whether the extra is installed."""
    return find_spec("rich") is not None


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is text, the others are numbers. Columns of nothing but zeros are left out."""
    kept = [n for n in range(len(columns)) if not n or any(row[n] not in EMPTY for row in rows)]
    table = [[safe(row[n]) for n in kept] for row in (columns, *rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    gap = "  " if sum(widths) + 2 * len(widths) <= WIDTH else " "
    header, *lines = (gap.join(_justified(row, widths)).rstrip() for row in table)
    show_heading(f"{title}\n{header}")
    for line in lines:
        print(line)


def _justified(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.rjust(width) if number else cell.ljust(width)


def show_heading(text: str) -> None:
    """Print lines that stand out on a terminal, after an empty one."""
    if has_rich() and sys.stdout.isatty():
        from rich.console import Console
        from rich.text import Text

        # Text, because ids and names may look like markup; soft_wrap, because rows below are not wrapped either.
        Console().print(Text(f"\n{safe(text)}", style="bold"), soft_wrap=True)
    else:
        print(f"\n{safe(text)}")


@contextmanager
def showing_progress(zone: str, *, quiet: bool) -> Generator[Progress | None]:
    """How to tell of progress, on standard error: a bar, lines, or not at all."""
    if quiet:
        yield None
    elif not has_rich():
        print(HINT, file=sys.stderr)
        yield _lines(ZoneInfo(zone))
    elif sys.stderr.isatty():
        with _bar(ZoneInfo(zone)) as progress:
            yield progress
    else:
        yield _lines(ZoneInfo(zone))


def _lines(zone: ZoneInfo) -> Progress:
    told = -1

    def progress(done: int, total: int, at: datetime) -> None:
        nonlocal told
        step = PLAIN_STEPS * done // total
        if step > told:
            told = step
            print(f"{at.astimezone(zone):%H:%M}  {done} of {total} arrivals", file=sys.stderr)

    return progress


@contextmanager
def _bar(zone: ZoneInfo) -> Generator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("00:00", total=None)

        def progress(done: int, total: int, at: datetime) -> None:
            bar.update(task, completed=done, total=total, description=f"{at.astimezone(zone):%H:%M}")

        yield progress


@contextmanager
def showing_count(what: str, *, quiet: bool) -> Generator[Callable[[int, int], None] | None]:
    """How to tell of (done, total), on standard error: a bar on a terminal, a line at the end otherwise."""
    if quiet:
        yield None
    elif not has_rich() or not sys.stderr.isatty():
        yield lambda done, total: print(f"{done} {what}", file=sys.stderr) if done == total else None
    else:
        from rich.console import Console
        from rich.progress import Progress as Bar

        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            yield progress
