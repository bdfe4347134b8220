"""Tables and progress: with rich where it is installed and the output is a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from zoneinfo import ZoneInfo

from switchroom.cli.common import safe
from switchroom.simulation.day import Progress

HINT = 'for a progress bar and colours: pip install "switchroom[cli]"'

PLAIN_STEPS = 5
"""Lines of progress where there is no bar."""


def has_rich() -> bool:
    """Whether the extra is installed."""
    return find_spec("rich") is not None


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is text, the others are numbers."""
    if has_rich() and sys.stdout.isatty():
        _rich_table(title, columns, rows)
    else:
        _plain_table(title, columns, rows)


def _plain_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    print(f"\n{title}")
    for row in (columns, *rows):
        first, *rest = (safe(cell) for cell in row)
        cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip())


def _rich_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        # Text, because ids and names may look like markup.
        table.add_row(*(Text(safe(cell)) for cell in row))
    console = Console()
    console.print()
    console.print(table)


def show_heading(text: str) -> None:
    """Print a line that stands out on a terminal."""
    if has_rich() and sys.stdout.isatty():
        from rich.console import Console
        from rich.text import Text

        Console().print(Text(f"\n{safe(text)}", style="bold"))
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
